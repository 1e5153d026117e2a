"""compare: codes that changed are followed, peers are of one place, tier and year, divisors are the user's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import budgetkit as bk
from budgetkit import analysis, frames

ROW = {
    "kind": "final_account", "form": "general_budget_expenditure", "phase": "executed", "scheme": "function",
    "flow": "expenditure", "fund": "general_public_budget", "origin": "all", "nature": "all", "aspect": "amount",
    "is_total": False, "quantum": 0.01, "table": 1, "page": 1, "col": 4,
}  # fmt: skip


def corpus(*documents: dict[str, Any]) -> SimpleNamespace:
    """Final accounts of entities: who, year, place, tier, and amounts by code, with their total."""
    facts, told = [], []
    for number, one in enumerate(documents):
        whose = {"document": f"d{number}", "entity": one["entity"], "entity_id": f"{one['place']}-{one['entity']}"}
        told.append({**whose, "kind": "final_account", "fiscal_year": one["year"], "status": "ok"})
        told[-1] |= {"place": one["place"], "tier": one.get("tier", "department")}
        base = {**ROW, **whose, "fiscal_year": one["year"], "year": one["year"]}
        codes = {code: amount for code, amount in one.items() if code.isdigit()}
        rows = [
            {**base, "row": row, "code": code, "level": (len(code) - 1) // 2, "name": code, "amount": amount}
            for row, (code, amount) in enumerate(codes.items())
        ]
        total = {"row": len(rows), "is_total": True, "name": "合计", "amount": sum(codes.values()), "scheme": None}
        facts += [*rows, {**base, **total}]
    return SimpleNamespace(
        documents=frames.make("documents", told),
        facts=frames.make("facts", facts),
        statements=frames.make("statements", []),
        entities=frames.make("entities", []),
    )


def of_year(year: int, **codes: float) -> dict[str, Any]:
    amounts = {code.lstrip("_"): amount for code, amount in codes.items()}
    return {"entity": "某局", "place": "310107", "year": year, **amounts}


def by_code(rows: pd.DataFrame, year: int) -> dict[str, list[Any]]:
    chosen = rows[rows["fiscal_year"] == year]
    kept = (
        chosen[["amount", "base_amount", "note"]]
        .astype(object)
        .where(chosen[["amount", "base_amount", "note"]].notna(), None)
    )
    return dict(zip(chosen["code"], kept.to_numpy().tolist(), strict=True))


def test_codes_that_moved_are_followed() -> None:
    data = corpus(
        of_year(2018, _2040404=1.0, _2040405=2.0, _2040401=5.0),
        of_year(2019, _2040410=4.0, _2040401=6.0),
    )
    rows = analysis.compare(data, level=3)
    assert by_code(rows, 2019) == {"2040401": [6.0, 5.0, ""], "2040410": [4.0, 3.0, ""]}
    back = by_code(analysis.compare(data, level=3, base=2019), 2018)
    assert back["2040410"] == [3.0, 4.0, "科目2040404自2019年改列2040410；科目2040405自2019年改列2040410"]
    assert set(back) == {"2040401", "2040410"}
    # neither year has the later code yet
    early = corpus(of_year(2017, _2040404=1.0), of_year(2018, _2040404=2.0))
    assert by_code(analysis.compare(early, level=3), 2018) == {"2040404": [2.0, 1.0, ""]}


def test_what_cannot_be_followed_is_named() -> None:
    data = corpus(of_year(2019, _2080504=1.0, _20139=0.0), of_year(2020, _2080504=0.5, _2080505=2.0))
    rows = by_code(analysis.compare(data, level=3), 2020)
    assert rows["2080504"] == [0.5, 1.0, "科目2080504自2020年停用，无确定的对应科目"]
    assert rows["2080505"] == [2.0, 0.0, ""]
    renamed = corpus(of_year(2018, _210=1.0, _224=0.0), of_year(2019, _210=2.0, _224=3.0))
    rows = by_code(analysis.compare(renamed), 2019)
    assert rows["210"] == [2.0, 1.0, "科目210自2019年由“医疗卫生与计划生育支出”更名为“卫生健康支出”"]
    assert rows["224"][2] == "科目224自2019年新设"


def peer(entity: str, place: str, amount: float, tier: str | None = "department", year: int = 2024) -> dict[str, Any]:
    return {"entity": entity, "place": place, "tier": tier, "year": year, "201": amount, "208": 1.0}


def test_ranks_among_peers_of_one_place_tier_and_year() -> None:
    data = corpus(
        peer("甲局", "310107", 10.0), peer("乙局", "310107", 30.0), peer("丙局", "310107", 30.0),
        peer("丁中心", "310107", 99.0, "unit"), peer("戊局", "310105", 99.0), peer("己局", "310107", 99.0, None),
        peer("甲局", "310107", 50.0, year=2023),
    )  # fmt: skip
    rows = analysis.compare(data, across="entity")
    rows = rows[(rows["code"] == "201") & (rows["fiscal_year"] == 2024)].set_index("entity")
    assert rows.loc[["甲局", "乙局", "丙局"], ["rank", "peers", "base_amount"]].to_numpy().tolist() == [
        [3, 3, 30.0], [1, 3, 30.0], [1, 3, 30.0],
    ]  # fmt: skip
    # alone in its group, and in none
    assert rows.loc["丁中心", ["rank", "peers"]].to_list() == [1, 1]
    assert pd.isna(rows.loc["丁中心", "base_amount"])
    assert rows.loc["己局", ["rank", "peers", "base_amount"]].isna().all()
    everyone = analysis.compare(data, across="entity", among=()).query("code == '201'")
    assert set(everyone["peers"]) == {6}
    with pytest.raises(bk.SpecError, match="among must be of 'place', 'tier', 'fiscal_year', not"):
        analysis.compare(data, across="entity", among=["town"])


def test_divisors_are_those_of_the_user() -> None:
    data = corpus(of_year(2019, _201=100.0), of_year(2020, _201=121.0))
    prices = pd.DataFrame({"fiscal_year": [2019, 2020], "divisor": [1.0, 1.1]})
    rows = analysis.compare(data, divisors=prices).query("fiscal_year == 2020")
    assert rows[["amount", "base_amount", "difference"]].round(6).to_numpy().tolist() == [[110.0, 100.0, 10.0]]
    people = pd.DataFrame({"place": ["310107"], "fiscal_year": [2019], "divisor": [50]})
    rows = analysis.compare(data, divisors=people, across="entity", among=())
    assert rows["amount"].to_list()[0] == 2.0
    # nothing is known of the year: nothing is said
    assert pd.isna(rows["amount"].to_list()[1])
    assert rows["note"].to_list()[1] == "没有除数"
    for wrong, said in (
        (pd.DataFrame({"divisor": [1.0]}), "needs divisor and one of fiscal_year, place, entity_id"),
        (pd.DataFrame({"fiscal_year": [2019, 2019], "divisor": [1.0, 2.0]}), "each fiscal_year must have one divisor"),
        (pd.DataFrame({"fiscal_year": [2019], "divisor": [0.0]}), "must have one divisor above 0"),
    ):
        with pytest.raises(bk.SpecError, match=said):
            analysis.compare(data, divisors=wrong)
