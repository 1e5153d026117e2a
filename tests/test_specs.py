"""A typo in a spec is refused, with file and key: every key of every file, misspelt and of another type."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from typing import Any

import pytest

from budgetkit import codes, lexicon, places, specs, trees
from budgetkit.analysis import cofog, credibility, evaluation
from budgetkit.analysis import vocabulary as analysis
from budgetkit.audit import rules
from budgetkit.audit import vocabulary as audit
from budgetkit.display import words
from budgetkit.document import cover
from budgetkit.errors import SpecError
from budgetkit.frames import columns as frame_columns
from budgetkit.frames import shapes
from budgetkit.performance import vocabulary as performance
from budgetkit.printed import names, persons
from budgetkit.prose import grammar
from budgetkit.readers.office import blocks
from budgetkit.readers.text import vocabulary as text_words
from budgetkit.tables import captions, columns, joining

#: what reads each file, without what was read before
LOADERS: dict[str, Callable[[], Any]] = {
    "lexicon.toml": lexicon.terms.__wrapped__,
    "trees.toml": trees.nodes.__wrapped__,
    "forms.toml": captions.forms.__wrapped__,
    "titles.toml": captions.title_spec.__wrapped__,
    "columns.toml": columns.vocabulary.__wrapped__,
    "organisations.toml": names.endings.__wrapped__,
    "persons.toml": persons.words.__wrapped__,
    "frames.toml": lambda: (frame_columns._file.cache_clear(), frame_columns._frames.__wrapped__()),
    "joining.toml": joining._words.__wrapped__,
    "excel.toml": blocks._rules.__wrapped__,
    "text_headers.toml": text_words.words.__wrapped__,
    "identity.toml": cover.front_spec.__wrapped__,
    "entities.toml": places.words.__wrapped__,
    "labels.toml": words._labels.__wrapped__,
    "performance.toml": performance.vocabulary.__wrapped__,
    "prose.toml": grammar.load.__wrapped__,
    "codes/names.toml": codes._names.__wrapped__,
    "audit/rules.toml": rules.standard.__wrapped__,
    "audit/texts.toml": audit.texts.__wrapped__,
    "audit/prose.toml": audit.stated.__wrapped__,
    "audit/performance.toml": audit.performance.__wrapped__,
    "audit/words.toml": audit.missing.__wrapped__,
    "analysis/frames.toml": shapes.shapes.__wrapped__,
    "analysis/labels.toml": words._analysis_labels.__wrapped__,
    "analysis/subjects.toml": analysis.subjects.__wrapped__,
    "analysis/evaluation.toml": evaluation.evaluation.__wrapped__,
    "analysis/pefa.toml": credibility.pefa.__wrapped__,
    "analysis/crosswalk.toml": lambda: cofog.crosswalks.__wrapped__(),
}
TABLES: dict[str, Callable[[], Any]] = {
    "places.csv": places._places.__wrapped__,
    "codes/function.csv": lambda: codes._book.__wrapped__("function"),
    "codes/economic_department.csv": lambda: codes._book.__wrapped__("economic_department"),
    "codes/economic_government.csv": lambda: codes._book.__wrapped__("economic_government"),
    "codes/changes.csv": codes.changes.__wrapped__,
    "codes/economic_pairs_observed.csv": codes.economic_pairs.__wrapped__,
    "analysis/cofog.csv": lambda: cofog.pairs.__wrapped__("cofog"),
}
#: tables whose keys are words as printed, or names that the file itself introduces
FREE = {
    ("frames.toml", "frames"),
    ("frames.toml", "categories"),
    ("columns.toml", "item_names"),
    ("entities.toml", "own"),
    ("entities.toml", "same"),
    ("entities.toml", "optional"),
    ("labels.toml", "columns"),
    ("labels.toml", "reasons"),
    ("performance.toml", "funds", "lines"),
    ("prose.toml", "units", "money"),
    ("prose.toml", "words", "folds"),
    ("prose.toml", "subjects", 0, "aliases"),
    ("text_headers.toml", "stated"),
    ("text_headers.toml", "form", "levels"),
    ("codes/names.toml", "aliases"),
    ("analysis/subjects.toml", "awarded"),
    ("analysis/evaluation.toml", "units"),
    ("analysis/frames.toml", "frames"),
    ("analysis/labels.toml", "values"),
    ("analysis/pefa.toml", "indicators"),
}
Path = tuple[Any, ...]


@cache
def contents(file: str) -> dict[str, Any]:
    """A TOML file as it is, read once."""
    return specs.read_toml(file)


def tables(data: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every table of a file and the way to it; of lists of tables the first and the last."""
    if isinstance(data, dict):
        yield path, data
        for key, value in data.items():
            yield from tables(value, (*path, key))
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        for place in {0, len(data) - 1}:
            yield from tables(data[place], (*path, place))


def is_free(file: str, path: Path) -> bool:
    """Whether the keys of a table are no fields."""
    alike = (file, *(0 if isinstance(step, int) else step for step in path))
    return alike in FREE or alike[:-1] == ("analysis/labels.toml", "values")


def keys() -> Iterator[tuple[str, Path, str]]:
    for file in LOADERS:
        for path, table in tables(contents(file)):
            yield from ((file, path, key) for key in table)


def changed(file: str, path: Path, key: str, change: Callable[[dict[str, Any], str], None]) -> dict[str, Any]:
    """A file's contents with one table changed."""
    data = copy.deepcopy(contents(file))
    table: Any = data
    for step in path:
        table = table[step]
    change(table, key)
    return data


def refused(monkeypatch: pytest.MonkeyPatch, file: str, data: Any, key: str) -> None:
    """The file with these contents is refused, in a message that names it and the key."""
    reader = "read_csv" if file.endswith(".csv") else "read_toml"
    read = getattr(specs, reader)
    monkeypatch.setattr(specs, reader, lambda name: data if name == file else read(name))
    with pytest.raises(SpecError) as error:
        LOADERS.get(file, TABLES.get(file))()
    assert file in str(error.value)
    assert key in str(error.value)


def misspell(table: dict[str, Any], key: str) -> None:
    table[key + "x"] = table.pop(key)


def retype(table: dict[str, Any], key: str) -> None:
    """Put what no field may hold in the place of a value: a table, or where one stood, a date's stand-in."""
    table[key] = 3.5j if isinstance(table[key], dict) else {"no such": 3.5j}


def test_every_file_is_read_by_a_loader() -> None:
    folder = resources.files("budgetkit.specs")
    found = {
        f"{prefix}{one.name}"
        for prefix, part in (("", folder), *((f"{name}/", folder / name) for name in ("audit", "analysis", "codes")))
        for one in part.iterdir()
        if one.name.endswith((".toml", ".csv"))
    }
    assert found == {*LOADERS, *TABLES}


@pytest.mark.parametrize(("file", "path", "key"), [one for one in keys() if not is_free(*one[:2])], ids=str)
def test_a_misspelt_key_is_refused(file: str, path: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(monkeypatch, file, changed(file, path, key, misspell), key)


@pytest.mark.parametrize(("file", "path", "key"), list(keys()), ids=str)
def test_a_value_of_another_type_is_refused(file: str, path: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(monkeypatch, file, changed(file, path, key, retype), key)


@pytest.mark.parametrize(("file", "key"), [(file, key) for file in TABLES for key in specs.read_csv(file)[0]])
def test_a_misspelt_head_of_a_column_is_refused(file: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [dict(row) for row in specs.read_csv(file)]
    for row in rows:
        misspell(row, key)
    refused(monkeypatch, file, rows, key)


@pytest.mark.parametrize("file", TABLES)
def test_a_short_or_long_row_is_refused(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[Any, Any]] = [dict(row) for row in specs.read_csv(file)]
    key = list(rows[0])[-1]
    refused(monkeypatch, file, [*rows[:-1], {**rows[-1], key: None}], key)
    refused(monkeypatch, file, [{**rows[0], None: ["more"]}, *rows[1:]], "None")


@pytest.mark.parametrize(
    ("file", "path", "value"),
    [
        ("lexicon.toml", ("term", 0, "words"), "收入支出"),
        ("lexicon.toml", ("term", 1, "flow"), "incomes"),
        ("lexicon.toml", ("term", 8, "fund"), "general_budget"),
        ("lexicon.toml", ("term", 0, "two_sided"), "yes"),
        ("trees.toml", ("node", 0, "partition"), ["income", 3]),
        ("trees.toml", ("node", 0, "dimension"), "flows"),
        ("forms.toml", ("form", 0, "since"), "2020"),
        ("columns.toml", ("labels", "total"), ["合计"]),
        ("titles.toml", ("suffixes",), "续表"),
        ("frames.toml", ("frames", "facts", "columns", 0, "required"), "true"),
        ("audit/texts.toml", ("sum", 0, "pattern"), "(?P<whole>"),
        ("audit/texts.toml", ("year", 0, "allowed"), ["0"]),
        ("audit/words.toml", ("missing",), {"three_publics": {"words": "三公"}}),
        ("audit/rules.toml", ("rule", 0, "severity"), "fatal"),
        ("audit/rules.toml", ("rule", 0, "message"), "{whom}"),
        ("codes/names.toml", ("scheme",), {"functions": {"chinese": "", "leading": ""}}),
        ("labels.toml", ("categories", "phase"), {"approve": "年初预算"}),
        ("performance.toml", ("start",), ["projects"]),
        ("analysis/subjects.toml", ("three_public", "names"), {"reception_": "公务接待费"}),
        ("analysis/evaluation.toml", ("bands", "full"), "100"),
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_refused(file: str, path: Path, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data = changed(file, path[:-1], path[-1], lambda table, key: table.update({key: value}))
    refused(monkeypatch, file, data, "")


def test_the_values_of_the_trees_are_those_of_the_frames() -> None:
    categories = specs.read_toml("frames.toml")["categories"]
    for dimension in trees.DIMENSIONS:
        assert trees.values(dimension) == set(categories[dimension]), dimension


def test_the_forms_are_those_of_the_frames() -> None:
    performance_forms = {
        *("project_self_evaluation", "project_targets", "department_self_evaluation", "department_targets")
    }
    listed = set(specs.read_toml("frames.toml")["categories"]["form"])
    assert {form.id for form in captions.forms()} | performance_forms | {"other"} == listed
