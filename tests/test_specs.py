"""A typo in a spec is refused, with file and key: every key of every table, misspelt; ids are those of the trees."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from budgetkit import frames, lexicon, specs, trees
from budgetkit.errors import SpecError
from budgetkit.tables import captions, columns

#: what reads each file, without what was read before
LOADERS: dict[str, Callable[[], Any]] = {
    "lexicon.toml": lexicon.terms.__wrapped__,
    "trees.toml": trees.nodes.__wrapped__,
    "forms.toml": captions.forms.__wrapped__,
    "titles.toml": captions.title_spec.__wrapped__,
    "columns.toml": columns.vocabulary.__wrapped__,
    "frames.toml": frames._frames.__wrapped__,
}
#: tables whose keys are free: names on the left, what they stand for on the right
FREE = {("columns.toml", "item_names"), ("frames.toml", "frames"), ("frames.toml", "categories")}


def tables(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Every table of a file and the way to it; of lists of tables the first and the last."""
    if isinstance(data, dict):
        yield path, data
        for key, value in data.items():
            yield from tables(value, (*path, key))
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        for place in {0, len(data) - 1}:
            yield from tables(data[place], (*path, place))


def replaced(monkeypatch: pytest.MonkeyPatch, file: str, data: dict[str, Any]) -> None:
    """Put other contents in the place of one file."""
    read = specs.read_toml
    monkeypatch.setattr(specs, "read_toml", lambda name: data if name == file else read(name))


def misspelt() -> Iterator[tuple[str, tuple[Any, ...], str]]:
    for file in LOADERS:
        for path, table in tables(specs.read_toml(file)):
            if (file, *path[:1]) not in FREE or len(path) > 2:
                yield from ((file, path, key) for key in table)


@pytest.mark.parametrize(("file", "path", "key"), list(misspelt()), ids=str)
def test_a_misspelt_key_is_refused(file: str, path: tuple[Any, ...], key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = copy.deepcopy(specs.read_toml(file))
    table = data
    for step in path:
        table = table[step]
    table[key + "x"] = table.pop(key)
    replaced(monkeypatch, file, data)
    with pytest.raises(SpecError, match=file.removesuffix(".toml")):
        LOADERS[file]()


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
    ],
    ids=str,
)
def test_a_value_of_another_kind_is_refused(
    file: str, path: tuple[Any, ...], value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = copy.deepcopy(specs.read_toml(file))
    table = data
    for step in path[:-1]:
        table = table[step]
    table[path[-1]] = value
    replaced(monkeypatch, file, data)
    with pytest.raises(SpecError, match=file.removesuffix(".toml")):
        LOADERS[file]()


def test_the_values_of_the_trees_are_those_of_the_frames() -> None:
    categories = specs.read_toml("frames.toml")["categories"]
    for dimension in trees.DIMENSIONS:
        assert trees.values(dimension) == set(categories[dimension]), dimension


def test_the_forms_are_those_of_the_frames() -> None:
    performance = {"project_self_evaluation", "project_targets", "department_self_evaluation", "department_targets"}
    listed = set(specs.read_toml("frames.toml")["categories"]["form"])
    assert {form.id for form in captions.forms()} | performance | {"other"} == listed
