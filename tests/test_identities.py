"""Identities from coordinates alone: sums along every tree, equal coordinates, and what makes them prove nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetkit import frames
from budgetkit.identities import Identity, amounts_of, evidence, identities

NATURES = ("all", "basic", "personnel", "public_use", "project")


def fact(table: int, row: int, col: int, amount: float, **coordinates: Any) -> dict[str, Any]:
    """One fact of a document, an expenditure of 2024 unless told otherwise."""
    usual = {
        "document": "d", "form": "other", "table": table, "page": 1, "row": row, "col": col, "amount": amount,
        "quantum": 0.01, "year": 2024, "phase": "executed", "flow": "expenditure", "fund": "all", "origin": "all",
        "nature": "all", "aspect": "amount", "is_total": False,
    }  # fmt: skip
    return {**usual, **coordinates}


def coded(table: int, amounts: dict[str, dict[str, int]], **coordinates: Any) -> list[dict[str, Any]]:
    """A table of codes by natures that adds up, from the amounts in fen of its 项."""
    sums: dict[str, dict[str, int]] = {}
    for code, cells in amounts.items():
        for above in ("", code[:3], code[:5], code):
            own = sums.setdefault(above, dict.fromkeys(cells, 0))
            for leaf, fen in cells.items():
                own[leaf] += fen
    return [
        fact(
            table, row, col, _nature(cells, nature) / 100, nature=nature, code=code or None,
            scheme="function" if code else None, is_total=not code, **coordinates,
        )
        for row, (code, cells) in enumerate(sorted(sums.items()), 1)
        for col, nature in enumerate(NATURES, 1)
    ]  # fmt: skip


def _nature(cells: dict[str, int], nature: str) -> int:
    leaves = {"all": ("personnel", "public_use", "project"), "basic": ("personnel", "public_use")}
    return sum(cells[leaf] for leaf in leaves.get(nature, (nature,)))


def found(facts: list[dict[str, Any]], entity: str | None = None) -> list[Identity]:
    """The identities of facts, through the frame."""
    return identities(amounts_of(frames.make("facts", facts), entity=entity))


def kinds(listed: list[Identity]) -> set[tuple[str, str]]:
    """What kinds of identities there are."""
    return {(one.kind, one.along) for one in listed}


CODES = st.lists(
    st.tuples(*(st.sampled_from(part) for part in (["201", "205", "208"], ["01", "03", "05"], ["01", "99"]))),
    min_size=2, max_size=9, unique=True,
)  # fmt: skip
FEN = st.integers(100, 9_999_999)


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Two tables that print the same money by codes and natures."""
    codes = ["".join(code) for code in draw(CODES)]
    amounts = {code: {leaf: draw(FEN) for leaf in ("personnel", "public_use", "project")} for code in codes}
    return [*coded(1, amounts), *coded(2, amounts)]


@given(tables())
def test_what_adds_up_is_confirmed(facts: list[dict[str, Any]]) -> None:
    told = evidence(facts)
    assert min(told.confirmed) >= 3
    assert sum(told.contradicted) == 0


@given(tables(), st.data())
def test_one_changed_digit_makes_exactly_its_identities_fail(facts: list[dict[str, Any]], data: st.DataObject) -> None:
    before = found(facts)
    assert all(one.holds for one in before)
    wrong = data.draw(st.integers(0, len(facts) - 1))
    facts[wrong] = {**facts[wrong], "amount": facts[wrong]["amount"] + 1000}
    after = found(facts)
    failing = {(one.kind, one.along, frozenset(one.members)) for one in after if not one.holds}
    assert failing == {(one.kind, one.along, frozenset(one.members)) for one in before if wrong in one.members}
    assert all(one.doubt is None for one in after if not one.holds)


@given(tables(), st.randoms())
def test_order_of_facts_does_not_matter(facts: list[dict[str, Any]], random: Any) -> None:
    mixed = facts.copy()
    random.shuffle(mixed)
    assert sorted(evidence(mixed).confirmed) == sorted(evidence(facts).confirmed)


def test_sums_go_along_every_tree() -> None:
    summary = [
        fact(1, 1, 2, 90.0, flow="income", fund="fiscal_appropriation", origin="current", nature=None),
        fact(1, 2, 2, 70.0, flow="income", fund="general_public_budget", origin="current", nature=None),
        fact(1, 3, 2, 20.0, flow="income", fund="government_fund", origin="current", nature=None),
        fact(1, 4, 2, 10.0, flow="opening_balance", fund="fiscal_appropriation", origin="carried_forward", nature=None),
        fact(1, 5, 2, 100.0, flow="sources", fund="fiscal_appropriation", nature=None, is_total=True),
        fact(1, 1, 4, 60.0, fund="fiscal_appropriation", scheme="function", code="201"),
        fact(1, 2, 4, 35.0, fund="fiscal_appropriation", scheme="function", code="205"),
        fact(1, 4, 4, 5.0, flow="closing_balance", fund="fiscal_appropriation", nature=None),
        fact(1, 5, 4, 100.0, flow="uses", fund="fiscal_appropriation", is_total=True),
    ]
    listed = found(summary)
    assert kinds(listed) == {("sum", "fund"), ("sum", "flow+origin"), ("sum", "flow"), ("balance", "")}
    assert all(one.holds for one in listed)
    assert min(evidence(summary).confirmed) >= 1


def test_units_projects_and_lines_add_up() -> None:
    units = [
        fact(1, 1, 1, 9.0, entity="某局", is_total=True),
        fact(1, 2, 1, 4.0, entity="某局(本级)"),
        fact(1, 3, 1, 5.0, entity="某中心"),
    ]
    projects = [
        fact(2, 1, 1, 9.0, nature="project", is_total=True),
        fact(2, 2, 1, 4.0, nature="project", project="甲"),
        fact(2, 3, 1, 5.0, nature="project", project="乙"),
    ]
    lines = [fact(3, row, 1, amount, item="goods", is_total=row == 1) for row, amount in ((1, 9.0), (2, 4.0), (3, 5.0))]
    for facts in (units, projects, lines):
        assert evidence(facts, entity="某局").confirmed == (1, 1, 1)


def test_subtotals_of_a_list_are_told_by_their_sums() -> None:
    amounts = [20.0, 12.0, 7.0, 5.0, 8.0, 8.0]
    facts = [
        fact(1, row, 1, amount, project=f"项目{row}" if row else None, is_total=not row)
        for row, amount in enumerate(amounts)
    ]
    assert min(evidence(facts).confirmed) >= 1
    assert sum(evidence(facts).contradicted) == 0


@pytest.mark.parametrize("within", [0.0, 30.0])
def test_business_may_be_part_of_basic_and_project(within: float) -> None:
    """经营支出 stands beside 基本 and 项目 and is part of them; only the rows tell."""
    facts = []
    for row, (basic, project) in enumerate([(60.0, 40.0), (50.0, 50.0), (80.0, 10.0)], 1):
        cells = {"all": basic + project, "basic": basic, "project": project, "business": within if row == 1 else 0.0}
        facts += [
            fact(1, row, col, amount, nature=nature, scheme="function", code=f"20{row}")
            for col, (nature, amount) in enumerate(cells.items(), 1)
        ]
    told = evidence(facts)
    assert sum(told.contradicted) == 0
    assert told.confirmed[:3] == (1, 1, 1)


def test_education_fees_are_part_of_institutional_income() -> None:
    facts = [
        fact(1, row, col, amount, flow="income", fund=fund, origin="current", nature=None, scheme="function", code=code)
        for row, (code, cells) in enumerate((("205", (9.0, 6.0, 3.0, 2.0)), ("206", (8.0, 4.0, 4.0, 1.0))), 1)
        for col, (fund, amount) in enumerate(
            zip(("all", "fiscal_appropriation", "institutional_income", "education_fees"), cells, strict=True), 1
        )
    ]
    assert sum(evidence(facts).contradicted) == 0


def test_unread_columns_excuse_a_sum_that_does_not_close() -> None:
    facts = [
        fact(1, 1, 1, 10.0), fact(1, 1, 2, 4.0, nature="basic"), fact(1, 1, 3, 3.0, nature="project"),
        fact(1, 1, 4, 3.0, unread="机动"),
    ]  # fmt: skip
    assert [one.doubt for one in found(facts)] == ["unread"]
    assert evidence(facts).contradicted == (0, 0, 0, 0)
    assert evidence(facts[:3]).contradicted == (1, 1, 1)


def test_rows_left_out_are_no_contradiction_of_amounts() -> None:
    rows = {"208": (10.0, 6.0, 4.0), "20801": (10.0, 6.0, 4.0), "2080101": (7.0, 4.0, 3.0)}
    facts = [
        fact(1, row, col, amount, nature=nature, scheme="function", code=code)
        for row, (code, cells) in enumerate(rows.items(), 1)
        for col, (nature, amount) in enumerate(zip(("all", "basic", "project"), cells, strict=True), 1)
    ]
    assert {one.doubt for one in found(facts) if not one.holds} == {"left out"}


def test_changes_are_this_year_less_last() -> None:
    facts = [
        fact(1, 1, 1, 12.0, item="reception", phase="approved"),
        fact(1, 1, 2, 15.0, item="reception", phase="approved", year=2023),
        fact(1, 1, 3, -3.0, item="reception", phase="approved", aspect="change"),
    ]
    assert [(one.kind, one.less, one.holds) for one in found(facts)] == [("change", (1,), True)]
    facts[2]["amount"] = 3.0
    assert evidence(facts).contradicted == (1, 1, 1)


@pytest.mark.parametrize(("printed", "holds"), [(0.03, True), (0.08, False)])
def test_printed_digits_are_the_tolerance(printed: float, holds: bool) -> None:
    facts = [
        fact(1, 1, 1, 1.0 + printed, quantum=0.05), fact(1, 1, 2, 0.5, nature="basic", quantum=0.05),
        fact(1, 1, 3, 0.5, nature="project", quantum=0.05),
    ]  # fmt: skip
    assert [one.holds for one in found(facts)] == [holds]


def test_prose_confirms_and_contradicts() -> None:
    said = {
        "document": "d", "measure": "amount", "value": 120_000.0, "quantum": 100.0, "year": 2024, "phase": "executed",
        "flow": "expenditure", "fund": "all", "origin": "all", "nature": "all",
    }  # fmt: skip
    table = [fact(1, 1, 1, 120_049.0, is_total=True)]
    told = evidence(table, [said, {**said, "value": 130_000.0}])
    assert (told.confirmed, told.contradicted) == ((1,), (1,))
    assert (told.confirmed_statements, told.contradicted_statements) == ((1, 0), (0, 1))


def test_huge_and_missing_amounts_take_no_part() -> None:
    facts = [fact(1, 1, 1, 1e300), fact(1, 1, 2, 1e300, nature="basic"), fact(2, 1, 1, float("inf"))]
    assert evidence(facts).confirmed == (0, 0, 0)


@pytest.mark.parametrize(("codes", "doubts"), [(("201", "205"), {None}), (("201", "205", "208"), {"reading"})])
def test_rows_most_of_which_do_not_add_up_are_misread(codes: tuple[str, ...], doubts: set[str | None]) -> None:
    cells = (("all", 10.0), ("basic", 4.0), ("project", 3.0))
    facts = [
        fact(1, row, col, amount, nature=nature, scheme="function", code=code)
        for row, code in enumerate(codes, 1)
        for col, (nature, amount) in enumerate(cells, 1)
    ]
    assert {one.doubt for one in found(facts)} == doubts
    assert set(evidence(facts).contradicted) == ({1} if doubts == {None} else {0})


@pytest.mark.parametrize(("count", "doubts"), [(4, {None}), (5, {"reading"})])
def test_columns_most_of_which_do_not_add_up_are_misread(count: int, doubts: set[str | None]) -> None:
    listed = [
        (code, amount)
        for top in ("201", "203", "204", "205", "206")[:count]
        for code, amount in ((top, 8.0), (f"{top}01", 5.0), (f"{top}02", 4.0))
    ]
    facts = [fact(1, row, 1, amount, scheme="function", code=code) for row, (code, amount) in enumerate(listed, 1)]
    assert {one.doubt for one in found(facts) if not one.holds} == doubts
