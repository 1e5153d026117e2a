"""Where two readings fit, nothing fails; where no reading fits, something does."""

from __future__ import annotations

from typing import Any

import pytest
from test_audit_rules import LADDER, check, coded, fact, fails, stated, total
from test_audit_wording import check as check_text
from test_audit_wording import told


def share(subject: str, value: float, sentence: str, **values: Any) -> dict[str, Any]:
    own = {"measure": "share", "value": value, "quantum": 0.0001, "printed": f"{value:.2%}", "sentence": sentence}
    return stated(subject, 0.0) | own | values


def parts(whole: str, rates: tuple[float, float], head: bool = True) -> list[dict[str, Any]]:
    sentence = f"{whole}，基本支出60.00万元，占{rates[0]:.2%}；项目支出40.00万元，占{rates[1]:.2%}。"
    rows = [stated("本年支出", 100.0, sentence=sentence)] if head else []
    for subject, value, rate in (("基本支出", 60.0, rates[0]), ("项目支出", 40.0, rates[1])):
        rows += [stated(subject, value, sentence=sentence), share(subject, rate, sentence)]
    return rows


def test_a_share_is_held_against_the_whole_that_the_others_have() -> None:
    assert fails(check(statements=parts("本年支出100.00万元", (0.6, 0.4)))) == []
    assert [rule for rule, _ in fails(check(statements=parts("本年支出100.00万元", (0.6, 0.45))))] == ["prose.share"]


def test_a_share_of_a_whole_that_was_not_read_is_not_held_against_another() -> None:
    assert fails(check(statements=parts("共用去120.00万元", (0.5, 0.3333), head=False))) == []
    sentence = "基本支出60.00万元，占全部支出的50.00%。"
    alone = [stated("基本支出", 60.0, sentence=sentence), share("基本支出", 0.5, sentence)]
    again = [stated("财政拨款收入", 90.0, section="一"), *alone]
    assert fails(check(statements=again)) == []


def test_totals_that_differ_by_another_total_may_be_defined_otherwise() -> None:
    income = {"flow": "income", "origin": "current", "nature": None, "form": "income", "column": "合计"}
    one = [total(1, 130.0, **income), total(1, 30.0, col=3, **income | {"fund": "superior_subsidy"})]
    other = {**income, "table": 2, "form": "income_expenditure_summary"}
    assert fails(check(facts=[*one, total(1, 100.0, **other)])) == []
    assert fails(check(facts=[*one, total(1, 101.0, **other)])) != []


def test_codes_of_a_unit_are_not_lacking_in_the_department() -> None:
    unit = {"entity": "某局某中心"}
    rows = [total(1, 30.0), coded(2, "2010301", 10.0), coded(3, "2010302", 20.0, **unit)]
    assert fails(check(facts=rows)) == []
    assert fails(check(facts=[total(1, 30.0), coded(2, "2010301", 10.0), coded(3, "2010302", 21.0)])) != []


def test_one_column_that_lacks_something_is_no_fault() -> None:
    columns = {1: "all", 2: "basic"}
    rows = [
        fact(row, amount, col=col, nature=columns[col], **{"name": name, "label": name, "is_total": row == 1})
        for row, name, amount in ((1, "合计", 30.0),)
        for col in columns
    ]
    lone = [*rows, coded(2, "201", 10.0, col=1)]
    assert not {rule for rule, _ in fails(check(facts=lone))} & {"codes.lacking"}


@pytest.mark.parametrize(("value", "status"), [(30.0, []), (31.0, ["prose.cell"])])
def test_prose_that_does_not_say_whether_with_carry_over(value: float, status: list[str]) -> None:
    said = stated("支出预算", value) | {"flow": "uses", "fund": "all", "origin": "current", "nature": "all"}
    assert [rule for rule, _ in fails(check(facts=LADDER, statements=[said]))] == status


def change(subject: str, value: float, flow: str, sentence: str) -> list[dict[str, Any]]:
    where = {"flow": flow, "fund": "all", "origin": "all", "nature": None if flow == "income" else "all"}
    rows = [stated(subject, 100.0, sentence=sentence), stated(subject, value, "change", sentence=sentence)]
    return [row | where for row in rows]


def test_both_sides_of_a_budget_change_by_as_much() -> None:
    income = change("收入预算", 7.0, "income", "收入预算100.00万元，比上年预算增加7.00万元。")
    same = change("支出预算", 7.0, "expenditure", "支出预算100.00万元，比上年预算增加7.00万元。")
    other = change("支出预算", 9.0, "expenditure", "支出预算100.00万元，比上年预算增加9.00万元。")
    base = change("支出预算", 9.0, "expenditure", "支出预算100.00万元，比上年决算增加9.00万元。")
    assert fails(check(statements=[*income, *same])) == []
    assert [rule for rule, _ in fails(check(statements=[*income, *other]))] == ["prose.twice"]
    assert fails(check(statements=[*income, *base])) == []


def test_changes_add_up_as_their_amounts_do() -> None:
    items = (("“三公”经费", "three_public", 9.0, -3.0), ("公务接待费", "reception", 4.0, -1.0))
    items = (*items, ("公务用车运行费", "vehicle_operation", 5.0, -2.0))

    def rows(last: float) -> list[dict[str, Any]]:
        found = []
        for subject, item, amount, gap in items:
            where = {"flow": "expenditure", "fund": "all", "origin": "all", "nature": "all", "item": item}
            gap = last if item == "vehicle_operation" else gap
            found += [stated(subject, amount) | where, stated(subject, gap, "change") | where]
        return found

    assert fails(check(statements=rows(-2.0))) == []
    assert [rule for rule, _ in fails(check(statements=rows(-2.5)))] == ["prose.parts"]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("2024年部门收支表。2024年部门收入表。2025年部门支出表。", "budget", ["fail"]),
        ("2024年部门收支表。2024年部门收入表。2024年部门支出表。", "budget", []),
        ("2024年部门收支表。2024年部门收入表。2023年部门预算执行情况说明。", "budget", []),
        ("2024年收入预算5.00万元。2024年支出预算5.00万元。2023年机关运行经费3.00万元。", "budget", ["fail"]),
        ("2024年收入预算5.00万元。2024年支出预算5.00万元。2023年三公经费决算3.00万元。", "budget", []),
        ("三公经费2.00万元，比2024年增加1.00万元。", "budget", ["fail"]),
        ("三公经费2.00万元，比2022年增加1.00万元。", "budget", ["not_run"]),
    ],
)
def test_years_that_are_not_the_documents(text: str, kind: str, found: list[str]) -> None:
    assert [status for status, _ in told(check_text(text, kind=kind), "text.year")] == found
