"""Frames: every column and dtype at all times, no silent NA, no value lost on disk."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from budgetkit import frames
from budgetkit.errors import SpecError

FACT = {"document": "a", "form": "income", "page": 1, "row": 2, "col": 3, "amount": 1.5}


def test_facts_have_the_columns_of_the_contract_first() -> None:
    contract = [
        *(
            "document",
            "table",
            "form",
            "title",
            "page",
            "row",
            "col",
            "x0",
            "y0",
            "x1",
            "y1",
            "column",
            "label",
            "name",
        ),
        *("is_total", "printed", "unit", "amount", "quantum", "entity", "entity_id", "kind", "fiscal_year", "year"),
        *("phase", "flow", "fund", "origin", "nature", "item", "scheme", "code", "level", "code_source"),
        *("code_economic_department", "code_economic_government", "project", "aspect", "unread", "notes"),
        *("confirmed", "contradicted"),
    ]
    assert list(frames.make("facts", []).columns[: len(contract)]) == contract


@pytest.mark.parametrize("name", frames.names())
def test_empty_frame_has_all_dtypes_is_valid_and_survives_the_disk(name: str, tmp_path: Path) -> None:
    empty = frames.make(name, [])
    assert list(empty.columns) == [column.name for column in frames.spec(name).columns]
    assert not [column for column in frames.spec(name).columns if not column.meaning or not column.label]
    frames.validate(name, empty)
    frames.to_parquet(name, empty, tmp_path / "x.parquet")
    pd.testing.assert_frame_equal(frames.from_parquet(name, tmp_path / "x.parquet"), empty)


def test_columns_stand_in_the_place_of_what_rows_say() -> None:
    frame = frames.make("facts", [FACT, {**FACT, "row": 9}], {"label": ["甲", None], "document": ["b", "b"]})
    assert frame["document"].tolist() == ["b", "b"]
    assert frame["label"].dropna().tolist() == ["甲"]
    with pytest.raises(SpecError, match="facts: unknown column labels"):
        frames.make("facts", [FACT, FACT], {"labels": ["甲", "乙"]})


def test_make_keeps_values_and_fills_what_is_missing() -> None:
    frame = frames.make("facts", [{**FACT, "amount": Decimal("0.10"), "is_total": True, "level": np.int64(2)}])
    row = frame.iloc[0]
    assert (row["amount"], row["is_total"], row["level"], row["notes"]) == (0.1, True, 2, "")
    assert row[["entity", "fiscal_year", "flow", "x0"]].isna().all()
    assert [str(frame[name].dtype) for name in ("fiscal_year", "level", "is_total", "page", "x0", "amount")] == [
        "Int64",
        "Int8",
        "bool",
        "Int32",
        "float32",
        "float64",
    ]
    assert frame["code"].dtype == frames.TEXT


def test_missing_lists_are_empty_and_tuples_become_lists() -> None:
    frame = frames.make("documents", [{"document": "a", "status": "ok", "forms": ("income", "other")}])
    assert frame.loc[0, "forms"] == ["income", "other"]
    assert frame.loc[0, "missing"] == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"ammount": 1.0}, "facts, row 0: unknown column ammount"),
        ({"form": "incme"}, "facts.form: unknown value incme; known are income_expenditure_summary"),
        ({"code": 2010301}, "facts.code: 2010301 is no text"),
        ({"page": "2"}, "facts.page: '2' is text, not Int32"),
        ({"page": 1.5}, "facts.page: a value does not fit Int32"),
        ({"level": 300}, "facts.level: a value does not fit Int8"),
        ({"amount": "1.00"}, "facts.amount: '1.00' is text, not float64"),
        ({"is_total": 2}, "facts.is_total: a value does not fit bool"),
    ],
)
def test_make_refuses_what_a_column_cannot_hold(row: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        frames.make("facts", [row])


def test_concat_keeps_dtypes_and_unites_open_categories() -> None:
    fund = {"document": "a", "form": "project_targets"}
    first = frames.make("project_funds", [{**fund, "line": "市级资金"}])
    second = frames.make("project_funds", [{**fund, "line": "中央补助"}])
    both = frames.concat("project_funds", [first, frames.make("project_funds", []), second])
    assert list(both["line"]) == ["市级资金", "中央补助"]
    assert sorted(both["line"].dtype.categories[-2:]) == sorted(["市级资金", "中央补助"])
    assert both["form"].dtype == first["form"].dtype
    assert list(both.index) == [0, 1]
    pd.testing.assert_frame_equal(both, frames.concat("project_funds", [both]))


def test_concat_of_nothing_is_the_empty_frame() -> None:
    pd.testing.assert_frame_equal(frames.concat("indicators", []), frames.make("indicators", []))


def test_concat_refuses_other_columns() -> None:
    with pytest.raises(SpecError, match=r"missing columns \['notes'\], unknown columns \['extra'\]"):
        frames.concat("facts", [frames.make("facts", []).rename(columns={"notes": "extra"})])


def test_validate_lists_every_failure_at_once() -> None:
    twice = frames.make("facts", [FACT, FACT])
    wrong = twice.assign(page=twice["page"].astype("float64"), document=pd.array([pd.NA, "a"], dtype="string"))
    with pytest.raises(SpecError) as caught:
        frames.validate("facts", wrong)
    message = str(caught.value)
    assert "facts.page: dtype('Int32'): float64" in message
    assert "facts.document: not_nullable" in message
    with pytest.raises(SpecError, match="facts: key document, table, page, row, col is repeated, rows 0, 1"):
        frames.validate("facts", twice)


def test_values_survive_the_disk(tmp_path: Path) -> None:
    facts = frames.make("facts", [{**FACT, "nature": "project", "code": "0012", "x0": 1.25}, {**FACT, "row": 9}])
    documents = frames.make("documents", [{"document": "甲", "status": "partial", "forms": ["income"], "pages": 3}])
    for name, frame in {"facts": facts, "documents": documents}.items():
        frames.to_parquet(name, frame, tmp_path / name)
        pd.testing.assert_frame_equal(frames.from_parquet(name, tmp_path / name), frame)
    assert str(pd.read_parquet(tmp_path / "documents")["pages"].dtype) == "Int32"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["documents", "facts"]


def test_from_parquet_names_the_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "facts.parquet").write_bytes(b"PAR1")
    with pytest.raises(SpecError, match=r"facts\.parquet: not a table of facts"):
        frames.from_parquet("facts", tmp_path / "facts.parquet")


def test_unknown_frame_names_the_known_ones() -> None:
    with pytest.raises(SpecError, match="no frame 'fact'; there are documents, facts"):
        frames.make("fact", [])


@pytest.mark.parametrize("turned", [False, True])
def test_masks_of_all_columns_go_together_in_any_order(turned: bool) -> None:
    first = {
        **FACT,
        "label": "合计",
        "code": "201",
        "is_total": True,
        "fiscal_year": 2024,
        "year": 2024,
        "confirmed": 1,
    }
    frame = frames.make("facts", [first, {**FACT, "row": 9}])
    masks = [
        frame["is_total"], frame["code"] == "201", frame["year"] == 2024, frame["label"].str.contains("合"),
        frame["confirmed"] > 0, frame["code"].notna(), frame["form"] == first["form"],
    ]  # fmt: skip
    for left, right in itertools.combinations(reversed(masks) if turned else masks, 2):
        assert frame[left & right].index.tolist() == [0]
        assert len(frame[left | right]) >= 1
