"""What must not change results: order of rows, unit of a table, splitting a corpus; and no double counting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import budgetkit as bk
from budgetkit import analysis, frames
from budgetkit.analysis.credibility import composition_variance
from budgetkit.analysis.tree import rolled

KEYS = ["document"]


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, int]]:
    """Leaves of a tree of codes with amounts in fen, and the codes printed: all leaves and some of those above."""
    leaves: dict[str, int] = {}
    for top in draw(st.lists(st.sampled_from(["201", "205", "208"]), min_size=1, unique=True)):
        for middle in draw(st.lists(st.sampled_from(["01", "03", "99"]), max_size=3, unique=True)) or [""]:
            lows = draw(st.lists(st.sampled_from(["01", "50", "99"]), max_size=3, unique=True)) if middle else []
            for low in lows or [""]:
                leaves[top + middle + low] = draw(st.integers(-(10**6), 10**9))
    above = {code[:end] for code in leaves for end in (3, 5) if end < len(code)}
    printed = dict(leaves)
    for code in draw(st.sets(st.sampled_from(sorted(above)))) if above else ():
        printed[code] = sum(amount for leaf, amount in leaves.items() if leaf.startswith(code))
    return leaves, printed


def facts_of(printed: dict[str, int], **other: Any) -> pd.DataFrame:
    """Facts of one table that prints amounts (fen) by code."""
    row = {
        "document": "a", "entity": "某局", "fiscal_year": 2022, "kind": "final_account",
        "form": "general_budget_expenditure", "phase": "executed", "scheme": "function", "year": 2022,
        "flow": "expenditure", "fund": "general_public_budget", "origin": "all", "nature": "all", "aspect": "amount",
        "is_total": False, "quantum": 0.01, "table": 1, "page": 1, "col": 4, **other,
    }  # fmt: skip
    return frames.make(
        "facts",
        [
            {**row, "code": code, "level": (len(code) - 1) // 2, "name": code, "amount": amount / 100, "row": number}
            for number, (code, amount) in enumerate(printed.items())
        ],
    )


@given(trees())
@settings(max_examples=60, deadline=None)
def test_no_level_counts_a_yuan_twice(tree: tuple[dict[str, int], dict[str, int]]) -> None:
    leaves, printed = tree
    total = sum(leaves.values()) / 100
    facts = facts_of(printed)
    for level in (1, 2, 3):
        rows = analysis.rollup(facts, level)
        assert round(rows["amount"].sum(), 2) == total
        assert rows["code"].is_unique
        length = 1 + 2 * level
        expected = {code[:length] for code in leaves}
        assert set(rows["code"]) == expected


@given(trees(), st.randoms())
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_does_not_matter(tree: tuple[dict[str, int], dict[str, int]], random: Any) -> None:
    facts = facts_of(tree[1])
    order = list(range(len(facts)))
    random.shuffle(order)
    for level in (1, 2, 3):
        pd.testing.assert_frame_equal(analysis.rollup(facts.iloc[order], level), analysis.rollup(facts, level))


def test_parts_that_do_not_add_up_show() -> None:
    facts = facts_of({"208": 10000, "20805": 6000, "20899": 3000})
    rows = analysis.rollup(facts, 1)
    assert rows[["amount", "below"]].to_numpy().tolist() == [[100.0, 90.0]]


def test_columns_that_claim_one_measure_count_once() -> None:
    both = pd.concat([facts_of({"201": 500}), facts_of({"201": 700}, col=5)], ignore_index=True)
    assert analysis.rollup(both, 1)["amount"].tolist() == [5.0]


def test_repeated_codes_of_one_column_are_summed() -> None:
    both = pd.concat([facts_of({"2010301": 500}), facts_of({"2010301": 700}, page=2)], ignore_index=True)
    assert analysis.rollup(both, 3)["amount"].tolist() == [12.0]


FUNCTIONS: dict[str, Callable[[dict[str, pd.DataFrame]], pd.DataFrame]] = {
    "rollup": lambda f: analysis.rollup(f["facts"], 2),
    "spending": lambda f: analysis.spending(f["facts"], statements=f["statements"]),
    "execution_rate": lambda f: analysis.execution_rate(f["facts"], statements=f["statements"], projects=f["projects"]),
    "cost_structure": lambda f: analysis.cost_structure(f["facts"], statements=f["statements"]),
    "economic_items": lambda f: analysis.economic_items(f["facts"]),
    "three_public": lambda f: analysis.three_public(f["facts"], statements=f["statements"]),
    "procurement": lambda f: analysis.procurement(f["facts"], statements=f["statements"]),
    "outturn": lambda f: analysis.outturn(f["facts"], statements=f["statements"]),
    "compare": lambda f: analysis.compare(f["facts"], statements=f["statements"]),
    "self_evaluation": lambda f: analysis.self_evaluation(f["projects"], indicators=f["indicators"]),
    "points_lost": lambda f: analysis.points_lost(f["indicators"], projects=f["projects"]),
}
NAMES = ("facts", "statements", "projects", "indicators")


def taken(corpus: bk.Corpus) -> dict[str, pd.DataFrame]:
    return {name: getattr(corpus, name) for name in NAMES}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_shuffled_frames_give_the_same(name: str, corpus: bk.Corpus) -> None:
    shuffled = {key: frame.sample(frac=1, random_state=7) for key, frame in taken(corpus).items()}
    pd.testing.assert_frame_equal(FUNCTIONS[name](shuffled), FUNCTIONS[name](taken(corpus)))


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in ("points_lost",)])
def test_a_split_corpus_gives_the_same(name: str, corpus: bk.Corpus) -> None:
    whole = FUNCTIONS[name](taken(corpus))
    parts = []
    for document in sorted(corpus.documents["document"]):
        own = {key: frame[frame["document"] == document] for key, frame in taken(corpus).items()}
        parts.append(FUNCTIONS[name](own))
    joined = pd.concat([part for part in parts if len(part)], ignore_index=True)
    keys = [column for column in ("entity", "document", "phase", "code") if column in whole.columns]
    # codes that only other documents name count 0 in comparisons
    assert len(joined) == len(whole)
    left, right = (frame.sort_values(keys, kind="stable").reset_index(drop=True) for frame in (joined, whole))
    names = [column for column in whole.columns if column != "name"]
    pd.testing.assert_frame_equal(left[names], right[names], check_dtype=False)


def test_a_corpus_and_its_frames_give_the_same(corpus: bk.Corpus) -> None:
    whole, parts = analysis.execution_rate(corpus), FUNCTIONS["execution_rate"](taken(corpus))
    # the ids of documents without tables stand in documents only
    pd.testing.assert_frame_equal(whole.drop(columns="entity_id"), parts.drop(columns="entity_id"))


def test_the_unit_of_a_table_does_not_matter() -> None:
    """Amounts are in yuan already; a table in 万元 differs in printed text, unit and quantum only."""
    amounts = {"201": 1528300, "2010301": 1070200, "2010399": 458100, "208": 174600}
    yuan = facts_of({code: amount * 100 for code, amount in amounts.items()}, unit="元")
    wan = facts_of({code: amount * 100 for code, amount in amounts.items()}, unit="万元", quantum=100.0)
    for level in (1, 2, 3):
        pd.testing.assert_frame_equal(analysis.rollup(wan, level), analysis.rollup(yuan, level))
        pd.testing.assert_frame_equal(analysis.spending(wan, level=level), analysis.spending(yuan, level=level))


def pair() -> pd.DataFrame:
    """A budget and a final account of one office, with totals."""
    before = {"201": 60000, "20103": 60000, "2010301": 60000, "208": 40000}
    after = {"201": 50000, "20103": 50000, "2010301": 45000, "2010302": 5000, "208": 45000, "221": 5000}
    parts = []
    for document, kind, phase, printed in [
        ("budget", "budget", "approved", before),
        ("final", "final_account", "executed", after),
    ]:
        own = facts_of(printed, document=document, kind=kind, phase=phase)
        total = own.iloc[[0]].assign(
            code=pd.NA, scheme=pd.NA, level=pd.NA, name="合计", is_total=True, amount=1000.0, row=99
        )
        parts.append(frames.conform("facts", pd.concat([own, total], ignore_index=True)))
    return frames.concat("facts", parts)


def test_a_budget_is_joined_to_its_final_account() -> None:
    rows = analysis.execution_rate(pair(), level=1)
    # what a budget does not list is NA there, never 0
    assert rows.fillna({"approved": -1.0, "absent": ""})[
        ["code", "approved", "executed", "absent"]
    ].to_numpy().tolist() == [
        ["201", 600.0, 500.0, ""],
        ["208", 400.0, 450.0, ""],
        ["221", -1.0, 50.0, "approved"],
    ]
    assert set(rows["source"]) == {"budget_and_final"}
    assert rows["status"].fillna("").tolist() == ["under", "over", ""]
    assert set(rows["budget_document"]) == {"budget"}
    for level in (1, 2, 3):
        sums = analysis.execution_rate(pair(), level=level, by="entity")
        assert sums[["authorised", "executed"]].to_numpy().tolist() == [[1000.0, 1000.0]]


def test_pefa_of_a_pair_as_reckoned_by_hand() -> None:
    rows = analysis.outturn(pair()).set_index("indicator")
    assert rows.loc["PI-1", ["ratio", "value", "band"]].tolist() == [1.0, 0.0, "A"]
    # (100 + 50 + 50) / 1000
    assert rows.loc["PI-2.1", "value"] == pytest.approx(0.2)
    assert rows.loc["PI-2.1", "band"] == "D"


def test_pefa_by_economic_type_of_a_pair() -> None:
    """Basic tables of final accounts print 人员经费合计 and 公用经费合计, and no total of both."""
    before, after = {"301": 80000, "302": 20000}, {"301": 60000, "30101": 60000, "302": 30000, "310": 10000}
    parts = []
    for document, kind, phase, printed in [
        ("budget", "budget", "approved", before),
        ("final", "final_account", "executed", after),
    ]:
        other = {"document": document, "kind": kind, "phase": phase, "form": "general_budget_basic_expenditure"}
        other["nature"] = "basic"
        own = facts_of(printed, scheme="economic_department", **other)
        sums = [("人员经费合计", ["301"]), ("公用经费合计", ["302", "310"])]
        totals = [
            own.iloc[[0]].assign(
                code=pd.NA, scheme=pd.NA, level=pd.NA, name=name, is_total=True, row=90 + place,
                amount=sum(printed.get(code, 0) for code in codes) / 100,
            )
            for place, (name, codes) in enumerate(sums)
        ]  # fmt: skip
        parts.append(frames.conform("facts", pd.concat([own, *totals], ignore_index=True)))
    facts = frames.concat("facts", parts)
    row = analysis.outturn(facts).set_index("indicator").loc["PI-2.2"]
    # (200 + 100 + 100) / 1000
    assert row["value"] == pytest.approx(0.4)
    assert row["items"] == 3
    cut = facts[~facts["code"].eq("310").fillna(False)]
    assert pd.isna(analysis.outturn(cut).set_index("indicator").loc["PI-2.2", "value"])


def test_an_incomplete_level_gives_no_variance() -> None:
    facts = pair()
    cut = facts[~((facts["document"] == "final") & facts["code"].eq("221").fillna(False))]
    rows = analysis.outturn(cut).set_index("indicator")
    assert pd.isna(rows.loc["PI-2.1", "value"])
    assert rows.loc["PI-2.1", "reason"] == "the codes do not add up to a printed total"
    assert rows.loc["PI-1", "value"] == 0.0


def test_two_budgets_of_one_year_are_not_added() -> None:
    facts = pair()
    again = facts[facts["document"] == "budget"].assign(document="budget_again")
    both = frames.concat("facts", [facts, frames.conform("facts", again)])
    sums = analysis.execution_rate(both, by="entity")
    assert sums[["authorised", "executed"]].to_numpy().tolist() == [[1000.0, 1000.0]]


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=1, max_size=6), st.integers(2, 9))
@settings(max_examples=50, deadline=None)
def test_variance_is_a_share_that_scaling_leaves_alone(pairs: list[tuple[int, int]], factor: int) -> None:
    approved, executed = (pd.Series(values, dtype="float64") for values in zip(*pairs, strict=True))
    variance = composition_variance(approved, executed)
    if executed.sum() == 0:
        assert variance != variance
        return
    assert 0 <= variance <= 2
    assert composition_variance(approved * factor, executed) == pytest.approx(variance, abs=1e-9)


def test_no_rows_roll_up_to_no_rows() -> None:
    rows = pd.DataFrame(columns=["document", "code", "name", "amount"])
    assert rolled(rows, KEYS, ["amount"], 1).empty


def joined(*parts: pd.DataFrame) -> pd.DataFrame:
    return frames.concat("facts", [frames.conform("facts", part) for part in parts])


def test_what_was_executed_last_year_is_no_budget_of_this_year() -> None:
    budget = {"document": "budget", "kind": "budget", "fiscal_year": 2022}
    facts = joined(
        facts_of({"201": 50000}, **budget, phase="approved"),
        facts_of({"201": 90000}, **{**budget, "col": 5, "phase": "executed", "year": 2021}),
        facts_of({"201": 40000}, document="final"),
    )
    rows = analysis.execution_rate(facts, sources=["table", "budget_and_final"], level=1)
    assert rows[["fiscal_year", "approved", "executed"]].to_numpy().tolist() == [[2022, 500.0, 400.0]]


def test_amounts_that_are_not_understood_are_left_out_and_counted() -> None:
    facts = joined(facts_of({"201": 500}), facts_of({"208": 700}, unread="扣除基建", row=9))
    rows = analysis.spending(facts)
    assert (rows["code"].tolist(), rows["note"].tolist()) == (["201"], ["1个数的文字未全识别，未计入"])


def test_a_unit_within_a_table_of_the_department_is_not_added() -> None:
    facts = joined(facts_of({"201": 500, "208": 300}), facts_of({"201": 200}, entity="某中心", row=9))
    rows = analysis.spending(facts)
    assert rows["amount"].tolist() == [5.0, 3.0]
    assert rows["note"].tolist() == ["另列1个所属单位，未重复计入"] * 2


def test_a_disclosure_in_two_files_counts_once_and_is_named() -> None:
    facts = joined(facts_of({"201": 500}), facts_of({"201": 500}, document="b"))
    rows = analysis.spending(facts)
    assert (rows["amount"].tolist(), rows["note"].tolist()) == ([5.0], ["同单位同年另见b，未重复计入"])


def test_units_without_a_name_are_no_peers() -> None:
    facts = joined(facts_of({"201": 500}, entity=None), facts_of({"201": 700}, document="b", entity=None))
    assert analysis.compare(facts, across="entity").empty
    assert len(analysis.spending(facts)) == 2


def test_costs_are_of_the_narrowest_fund_that_a_document_prints() -> None:
    parts = {"personnel": 60_00, "public_use": 40_00}
    tables = [
        facts_of(
            {"": amount * times}, document="a", form="general_budget_basic_expenditure", scheme=None, nature=nature,
            fund=fund, is_total=True, table=table, col=col,
        )
        for table, (fund, times) in enumerate((("all", 2), ("general_public_budget", 1)), 1)
        for col, (nature, amount) in enumerate(parts.items(), 3)
    ]  # fmt: skip
    facts = joined(*(rows.assign(code=None) for rows in tables))
    rows = analysis.cost_structure(facts)
    assert rows[["fund", "personnel", "public_use", "source"]].values.tolist() == [
        ["general_public_budget", 60.0, 40.0, "table_total"]
    ]


def test_rows_of_sums_are_parts_where_the_total_row_has_the_columns() -> None:
    basic = {"form": "general_budget_basic_expenditure", "scheme": None, "table": 1}
    sums = facts_of({"": 50_00}, **basic, nature="personnel", col=4).assign(name="人员经费合计", row=2)
    totals = [
        facts_of({"": amount}, **basic, nature=nature, is_total=True, col=col).assign(row=9)
        for col, (nature, amount) in enumerate({"personnel": 60_00, "public_use": 40_00}.items(), 4)
    ]
    rows = analysis.cost_structure(joined(*(part.assign(code=None) for part in (sums, *totals))))
    assert rows[["personnel", "public_use"]].values.tolist() == [[60.0, 40.0]]


def bought(total: int, goods: int, services: int) -> pd.DataFrame:
    """A table of procurement (fen): its total, and rows of goods and services."""
    amounts = {"procurement": total, "goods": goods, "services": services}
    rows = facts_of(amounts, form="procurement", scheme=None, kind="budget", phase="approved")
    return frames.conform("facts", rows.assign(code=None, item=list(amounts), is_total=[True, False, False]))


def test_kinds_of_procurement_are_known_where_they_add_up() -> None:
    columns = ["procurement", "goods", "works", "services", "source"]
    (whole,) = analysis.procurement(bought(100_00, 60_00, 40_00))[columns].values.tolist()
    assert whole == [100.0, 60.0, 0.0, 40.0, "table"]
    part = analysis.procurement(bought(100_00, 60_00, 30_00))[columns]
    assert part[["goods", "works", "services"]].isna().all(axis=None)
    assert part["procurement"].tolist() == [100.0]


def test_procurement_of_the_prose_counts_before_the_table() -> None:
    said = {
        "document": "a", "entity": "某局", "fiscal_year": 2022, "year": 2022, "kind": "budget", "phase": "approved",
        "measure": "amount", "flow": "expenditure", "item": "procurement", "subject": "政府采购预算", "value": 90.0,
        "page": 1, "sentence": "政府采购预算90元",
    }  # fmt: skip
    rows = analysis.procurement(bought(100_00, 60_00, 40_00), statements=frames.make("statements", [said]))
    assert rows[["procurement", "goods", "source"]].values.tolist() == [[90.0, 60.0, "prose"]]
