"""series, coverage and cite: one number or an error that says between which to choose."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import budgetkit as bk
from budgetkit import frames

BASE = {
    "table": 1, "form": "expenditure", "page": 2, "col": 3, "entity": "乌鲁木齐市水磨沟区财政局",
    "entity_id": "650105-财政局", "kind": "final_account", "fiscal_year": 2024, "year": 2024, "phase": "executed",
    "flow": "expenditure", "fund": "all",
    "origin": "all", "nature": "all", "scheme": "function", "code": "2010601", "aspect": "amount", "quantum": 0.01,
    "printed": "1", "unit": "元",
}  # fmt: skip


def fact(document: str, row: int, amount: float, **changes: Any) -> dict[str, Any]:
    return {**BASE, "document": document, "row": row, "amount": amount, **changes}


def corpus(*facts: dict[str, Any]) -> SimpleNamespace:
    documents = {row["document"]: row for row in facts}
    told = [
        {key: row[key] for key in ("document", "entity", "entity_id", "kind", "fiscal_year")}
        | {"sha256": "0123456789abcdef" * 4, "path": f"{name}.pdf", "status": "ok", "forms": ["expenditure"]}
        for name, row in documents.items()
    ]
    return SimpleNamespace(documents=frames.make("documents", told), facts=frames.make("facts", facts))


def test_budget_and_final_account_of_several_years() -> None:
    budget = {"kind": "budget", "phase": "approved"}
    data = corpus(
        fact("b24", 1, 90.0, **budget),
        fact("f24", 1, 100.0),
        fact("f24", 2, 100.0, fund="general_public_budget"),
        fact("b25", 1, 120.0, **budget, fiscal_year=2025, year=2025),
        fact("f25", 1, 7.0, fiscal_year=2025, year=2025, code="2010602"),
        fact("f24", 5, 5.0, entity="乌鲁木齐市水磨沟区国库支付中心", entity_id="650105-国库支付中心"),
    )
    found = bk.series(data, entity="水磨沟区财政局", code="2010601")
    assert list(zip(found["year"], found["phase"], found["amount"].fillna(-1), strict=True)) == [
        (2024, "approved", 90.0),
        (2024, "executed", 100.0),
        (2025, "approved", 120.0),
        # absent is NA, never 0
        (2025, "executed", -1),
    ]
    assert found.loc[3, "note"] == "no such amount in the documents of the year"
    assert bk.series(data, entity="650105-财政局", code="2010601", phase="executed")["amount"].to_list()[0] == 100.0
    assert bk.cite(found.iloc[1]) == "f24 (sha256 0123456789abcdef), 第2页, 表1(支出表), 第1行第3列: 1元"
    assert bk.cite(data.facts.iloc[0], data).startswith(
        "乌鲁木齐市水磨沟区财政局, b24.pdf (sha256 0123456789abcdef), 第2页"
    )


def test_what_differs_is_named() -> None:
    data = corpus(fact("a", 1, 100.0), fact("a", 2, 101.0, scheme="economic_department"))
    with pytest.raises(
        bk.AmbiguousSeries, match=r"2024 executed: 2 facts fit and differ; scheme: function \(100.00\)"
    ) as e:
        bk.series(data, code="2010601")
    assert e.value.values["scheme"] == ["function", "economic_department"]  # type: ignore[index]
    assert bk.series(data, code="2010601", scheme="function")["amount"].to_list() == [100.0]


def test_two_documents_that_differ_are_both_named() -> None:
    data = corpus(fact("a", 1, 100.0), fact("b", 1, 101.0))
    with pytest.raises(bk.AmbiguousSeries, match=r"document: a \(100.00\), b \(101.00\)"):
        bk.series(data, code="2010601")
    assert bk.series(data, code="2010601", document="b")["amount"].to_list() == [101.0]


def test_split_amounts_are_never_taken_for_the_whole() -> None:
    data = corpus(fact("a", 1, 100.0, fund="general_public_budget"), fact("a", 2, 5.0, fund="government_fund"))
    with pytest.raises(
        bk.AmbiguousSeries, match=r"which of these is meant: fund: general_public_budget \(100.00\), gov"
    ):
        bk.series(data, code="2010601")
    assert bk.series(data, code="2010601", fund="government_fund")["amount"].to_list() == [5.0]


def test_a_department_and_its_own_office() -> None:
    whole = {"code": None, "scheme": None}
    own = "乌鲁木齐市水磨沟区财政局（本级）"
    data = corpus(fact("a", 1, 100.0, **whole), fact("a", 2, 60.0, **whole, entity=own))
    with pytest.raises(
        bk.AmbiguousSeries, match=r"entity: 乌鲁木齐市水磨沟区财政局 \(100.00\), 乌鲁木齐市水磨沟区财政局（本级）"
    ):
        bk.series(data, entity="650105-财政局")
    assert bk.series(data, entity=own)["amount"].to_list() == [60.0]
    assert bk.series(data, entity="乌鲁木齐市水磨沟区财政局")["amount"].to_list() == [100.0]


def test_last_years_amounts_beside() -> None:
    data = corpus(fact("a", 1, 100.0), fact("b", 1, 101.0, fiscal_year=2025))
    with pytest.raises(bk.AmbiguousSeries, match=r"fiscal_year: 2024 \(100.00\), 2025 \(101.00\)"):
        bk.series(data, code="2010601")
    assert bk.series(data, code="2010601", comparatives=False)["amount"].to_list() == [100.0]


def test_amounts_agree_within_their_printed_digits() -> None:
    # 100元 may be 100.40元, and 100.41元 as well, but these two are not one
    rounded, exact = fact("f24", 1, 100.0, quantum=1.0), fact("b24", 1, 100.4)
    found = bk.series(corpus(rounded, exact), code="2010601")
    assert found[["amount", "facts"]].values.tolist() == [[100.4, 2]]
    with pytest.raises(bk.AmbiguousSeries):
        bk.series(corpus(rounded, exact, fact("c24", 1, 100.41)), code="2010601")


def test_wrong_questions() -> None:
    data = corpus(fact("a", 1, 100.0), fact("c", 1, 1.0, entity="库尔勒市财政局", entity_id="652801-财政局"))
    with pytest.raises(bk.SpecError, match="unknown coordinate fnd; known are year, phase"):
        bk.series(data, fnd="all")
    with pytest.raises(bk.SpecError, match="fund has no value 'whole'; there are all, fiscal_appropriation"):
        bk.series(data, entity="库尔勒市财政局", fund="whole")
    with pytest.raises(bk.SpecError, match="no entity '审计署'; there are"):
        bk.series(data, entity="审计署")
    with pytest.raises(
        bk.AmbiguousSeries, match=r"several entities fit '财政局': 650105-财政局 \(乌鲁木齐市水磨沟区财政局\), 6528"
    ):
        bk.series(data, entity="财政局", code="2010601")
    with pytest.raises(bk.AmbiguousSeries, match="several entities: "):
        bk.series(data, code="2010601")


def test_an_entity_by_a_clear_part_of_its_name() -> None:
    data = corpus(
        fact("a", 1, 100.0),
        fact("b", 1, 7.0, entity="区政府办公室", entity_id="650105-政府办公室"),
        fact("c", 1, 8.0, entity="乌鲁木齐市水磨沟区财政局国库支付中心", entity_id="650105-财政局国库支付中心"),
    )
    for asked, name, amount in (
        ("水磨沟区 国库", "乌鲁木齐市水磨沟区财政局国库支付中心", 8.0),
        ("水磨沟区财政局", "乌鲁木齐市水磨沟区财政局", 100.0),
        # the document is of that district, whatever it prints
        ("水磨沟区政府办公室", "区政府办公室", 7.0),
    ):
        found = bk.series(data, entity=asked, code="2010601")
        assert (found["entity"].to_list(), found["amount"].to_list()) == ([name], [amount])
    with pytest.raises(bk.AmbiguousSeries, match="several entities fit '水磨沟区': 650105-政府办公室") as raised:
        bk.series(data, entity="水磨沟区", code="2010601")
    assert len(raised.value.values["entity_id"]) == 3  # type: ignore[index]
    with pytest.raises(bk.SpecError, match=r"no entity '水磨沟区财证局'; did you mean 650105-财政局 \(乌鲁"):
        bk.series(data, entity="水磨沟区财证局")
    with pytest.raises(bk.SpecError, match="no entity '财政局': there are no facts"):
        bk.series(
            SimpleNamespace(documents=frames.make("documents", []), facts=frames.make("facts", [])), entity="财政局"
        )


def test_a_bare_row_is_cited_with_its_hash() -> None:
    row = corpus(fact("a", 1, 100.0, content_hash="fedcba9876543210")).facts.iloc[0]
    assert bk.cite(row) == "a (sha256 fedcba9876543210), 第2页, 表1(支出表), 第1行第3列: 1元"


FEN = st.integers(-(10**12), 10**12)


@given(FEN, st.permutations(range(4)), st.integers(0, 3))
@settings(deadline=None, max_examples=8)
def test_order_splitting_and_units_change_nothing(fen: int, order: list[int], cut: int) -> None:
    exact = fen / 100
    thousands = round(fen / 1_000_000, 2) * 10_000
    rows = [
        fact("a", 1, exact),
        fact("a", 2, thousands, quantum=100.0, unit="万元"),
        fact("b", 1, thousands, quantum=100.0),
        fact("c", 1, 3.0, entity="库尔勒市财政局", entity_id="652801-财政局"),
    ]
    shuffled = [rows[place] for place in order]
    whole = bk.series(corpus(*shuffled), entity="650105-财政局", code="2010601")
    assert whole["amount"].to_list() == [exact]
    assert whole["facts"].to_list() == [3]
    plain = bk.series(corpus(*rows), entity="650105-财政局", code="2010601")
    pd.testing.assert_frame_equal(whole, plain)
    parts = [part for part in (shuffled[:cut], shuffled[cut:]) if part]
    joined = [corpus(*part) for part in parts]
    split = SimpleNamespace(
        documents=frames.concat("documents", [one.documents for one in joined]).drop_duplicates("document"),
        facts=frames.concat("facts", [one.facts for one in joined]),
    )
    pd.testing.assert_frame_equal(bk.series(split, entity="650105-财政局", code="2010601"), plain)
    alone = corpus(*rows[:3])
    pd.testing.assert_frame_equal(bk.series(alone, entity="650105-财政局", code="2010601"), plain)


@given(FEN, st.integers(2, 10**9))
@settings(deadline=None, max_examples=8)
def test_documents_that_differ_raise_with_both(fen: int, more: int) -> None:
    data = corpus(fact("a", 1, fen / 100), fact("b", 1, (fen + more) / 100))
    with pytest.raises(bk.AmbiguousSeries) as raised:
        bk.series(data, code="2010601")
    assert raised.value.values["document"] == ["a", "b"]  # type: ignore[index]
    assert f"{fen / 100:,.2f}" in str(raised.value)
    assert f"{(fen + more) / 100:,.2f}" in str(raised.value)


def test_coverage_and_what_is_unresolved() -> None:
    data = corpus(
        fact("a", 1, 100.0, confirmed=2),
        fact("a", 2, 1.0, confirmed=0, contradicted=1),
        fact("c", 1, 1.0, entity="朝阳区财政局", entity_id=None),
    )
    found = bk.coverage(data)
    assert len(found) == 1
    row = found.frame.iloc[0]
    assert row["documents"] == ["a"]
    assert (row["facts"], row["confirmed"], row["contradicted"]) == (2, 0.5, 1)
    assert found["entity_id"].to_list() == ["650105-财政局"]
    assert found.unresolved[["document", "reason"]].to_numpy().tolist() == [
        ["c", "the name is of several places: 北京/朝阳区, 吉林/长春市/朝阳区"]
    ]
