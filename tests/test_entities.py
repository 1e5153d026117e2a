"""Entities over the years, what is decided by hand, duplicates, and queries."""

from __future__ import annotations

from pathlib import Path

import pytest

import budgetkit as bk
from budgetkit import frames
from budgetkit.corpus.build import build_with
from budgetkit.corpus.collection import Corpus
from budgetkit.corpus.decisions import Told, duplicates
from budgetkit.corpus.entities import Mention, entity_rows
from budgetkit.corpus.parts import digest

TESTS = str(Path(__file__).parent)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.syspath_prepend(TESTS)
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, text in {"甲局_2023": "1", "甲局_2024": "2", "甲办_2024": "3", "乙局_2024": "4"}.items():
        (raw / f"{name}.pdf").write_text(text)
    return raw, tmp_path / "processed"


def built(folders: tuple[Path, Path], decisions: str = "") -> Corpus:
    raw, processed = folders
    processed.mkdir(exist_ok=True)
    (processed / "entities.toml").write_text(decisions, encoding="utf-8")
    return build_with("stub_reader:read", raw, processed, workers=1)


def test_entities_joined_and_parted_by_hand(folders: tuple[Path, Path]) -> None:
    plain = built(folders)
    assert plain.entities["entity_id"].to_list() == ["650105-乙局", "650105-甲办", "650105-甲局"]
    joined = built(folders, '[[join]]\ninto = "650105-甲局"\nids = ["650105-甲办"]\n')
    row = joined.entities.set_index("entity_id").loc["650105-甲局"]
    assert (row["aliases"], row["documents"], row["first_year"], row["last_year"]) == (["甲办", "甲局"], 3, 2023, 2024)
    assert set(joined.facts["entity_id"]) == {"650105-甲局", "650105-乙局"}
    parted = built(folders, '[[part]]\ndocuments = ["甲局_2023"]\nid = "110105-甲局"\nplace = "110105"\n')
    of_2023 = parted.documents.set_index("document").loc["甲局_2023"]
    assert (of_2023["entity_id"], of_2023["place"]) == ("110105-甲局", "110105")
    assert parted.facts.loc[parted.facts["document"] == "甲局_2023", "entity_id"].to_list() == ["110105-甲局"]
    assert parted.entities.loc[0, "place_name"] == "北京/朝阳区"
    # what was decided and is decided no more is as it was read
    again = built(folders)
    assert again.entities["entity_id"].to_list() == plain.entities["entity_id"].to_list()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[joins]]\n", r"entities\.toml: unknown key joins; known are join, part"),
        ('[[join]]\ninto = "a"\nid = ["b"]\n', r"join 1: unknown key id; known are into, ids"),
        ('[[part]]\ndocuments = ["none"]\nid = "x"\n', r"entities\.toml: no document none"),
        ('[[part]]\ndocuments = ["甲局_2023"]\nid = "x"\nplace = "999999"\n', "999999: no code of GB/T 2260"),
        ('[[join]]\ninto = "a"\nids = ["b"]\n[[join]]\ninto = "c"\nids = ["b"]\n', "b is decided twice"),
        ('[[join]]\ninto = "a"\nids = ["b"]\n[[join]]\ninto = "b"\nids = ["c"]\n', "b is joined into another id"),
        ("[join]\n", r"join is written \[\[join\]\]"),
        ("x", "entities.toml: "),
    ],
)
def test_decisions_are_read_strictly(folders: tuple[Path, Path], text: str, message: str) -> None:
    with pytest.raises(bk.SpecError, match=message):
        built(folders, text)


def test_parents_are_told_by_the_departments_that_list_units() -> None:
    rows = entity_rows(
        [
            Mention("320200-信访局", ("无锡市信访局",), "a", 2025, True, "320200", "department"),
            Mention("320200-接待中心", ("无锡市接待中心",), "a", 2025, False, None, None, "320200-信访局"),
            Mention("320200-接待中心", ("无锡接待中心",), "b", 2024, True, "320200", "unit"),
            Mention("320200-两属", ("两属",), "a", 2025, False, None, None, "320200-信访局"),
            Mention("320200-两属", ("两属",), "c", 2025, False, None, None, "320200-其他局"),
        ]
    )
    told = {row["entity_id"]: row for row in rows}
    assert told["320200-接待中心"]["parent_id"] == "320200-信访局"
    assert told["320200-接待中心"]["aliases"] == ["无锡市接待中心", "无锡接待中心"]
    assert told["320200-接待中心"]["documents"] == 1
    # two say different things: nothing is certain
    assert told["320200-两属"]["parent_id"] is None
    assert told["320200-信访局"]["place_name"] == "江苏/无锡市"
    frames.validate("entities", frames.make("entities", rows))


def test_one_disclosure_in_two_files_is_told() -> None:
    same = ("650105-甲局", 2024, "budget", "digest")
    told = [Told("a", "1", same), Told("b", "2", same), Told("c", "1"), Told("d", "3", (*same[:3], "other"))]
    assert duplicates(told) == {"b": "a", "c": "a"}


def test_digest_is_of_the_amounts_and_not_of_their_places() -> None:
    rows = [
        {"document": "a", "entity_id": "x", "row": n, "page": 1, "amount": float(n), "code": "2010301", "unit": "元"}
        for n in range(6)
    ]
    moved = [{**row, "document": "b", "page": 9, "row": 20 - row["row"]} for row in reversed(rows)]
    assert digest(frames.make("facts", rows)) == digest(frames.make("facts", moved))
    other = [*rows[:-1], {**rows[-1], "amount": 5.01}]
    assert digest(frames.make("facts", rows)) != digest(frames.make("facts", other))
    assert digest(frames.make("facts", rows[:3])) is None


def test_queries(folders: tuple[Path, Path], tmp_path: Path) -> None:
    corpus = built(folders)
    sums = "select entity_id, sum(amount) as amount from facts group by all order by 1"
    expected = [["650105-乙局", 4.0], ["650105-甲办", 3.0], ["650105-甲局", 3.0]]
    assert bk.query(corpus, sums).to_numpy().tolist() == expected
    joined = "select d.kind, count(*) as n from facts f join documents d using (document) group by all"
    assert bk.query(corpus, joined)["n"].to_list() == [4]
    assert bk.query(corpus, "select * from entities")["place_name"].nunique() == 1
    assert list(bk.query(corpus, "select * from facts limit 0").columns) == list(corpus.facts.columns)
    with pytest.raises(bk.SpecError, match=r"query: .*does not exist"):
        bk.query(corpus, "select 1 from nothing")
    for hostile in (f"copy facts to '{tmp_path}/x.csv'", f"select * from read_text('{__file__}')", "set threads = 1"):
        with pytest.raises(bk.SpecError):
            bk.query(corpus, hostile)
    assert not (tmp_path / "x.csv").exists()
