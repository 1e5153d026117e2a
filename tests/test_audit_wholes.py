"""Wholes, parts, changes and rates that prose states, and what a wrong one of them does."""

from __future__ import annotations

from typing import Any

import pytest
from test_audit_rules import check, fails, stated


def sentence(text: str, *rows: dict[str, Any], **values: Any) -> list[dict[str, Any]]:
    return [row | {"sentence": text} | values for row in rows]


def people(staff: float, retired: float) -> list[dict[str, Any]]:
    text = f"实有人数21人，其中：在职{staff:g}人，增加10人；退休{retired:g}人，离休0人。"
    counts = (("实有人数", 21), ("在职人员", staff), ("退休人员", retired), ("离休人员", 0))
    return sentence(text, *(stated(name, value, "count", printed=f"{value:g}人", unit="人") for name, value in counts))


def test_heads_are_counted_not_rounded() -> None:
    assert fails(check(statements=people(17, 4))) == []
    assert fails(check(statements=people(16, 4))) == [("prose.parts", 1.0)]


@pytest.mark.parametrize(("goods", "expected"), [(1.68, []), (1.67, []), (1.60, [("prose.parts", 800.0)])])
def test_a_plain_zero_is_exact(goods: float, expected: list[Any]) -> None:
    parts = f"政府采购货物支出{goods:.2f}万元、政府采购工程支出0万元、政府采购服务支出0万元。"
    text = f"政府采购支出总额1.68万元，其中：{parts}"
    zero = {"quantum": 10_000.0, "printed": "0万元"}
    rows = sentence(
        text, stated("政府采购支出总额", 1.68), stated("政府采购货物支出", goods),
        stated("政府采购工程支出", 0, **zero), stated("政府采购服务支出", 0, **zero),
    )  # fmt: skip
    assert fails(check(statements=rows)) == expected


def test_parts_in_sentences_of_their_own() -> None:
    def rows(second: float, end: str = "其中：") -> list[dict[str, Any]]:
        return [
            *sentence(f"一般公共预算基本支出30.00万元，{end}", stated("一般公共预算基本支出", 30)),
            stated("人员经费", 20), stated("公用经费", second),
        ]  # fmt: skip

    assert fails(check(statements=rows(10))) == []
    assert fails(check(statements=rows(11))) == [("prose.parts", -10_000.0)]
    # a whole that announces nothing has no parts
    assert fails(check(statements=rows(11, "不含结转。"))) == []


def test_a_list_of_codes_adds_up_to_what_announces_it() -> None:
    def rows(last: float) -> list[dict[str, Any]]:
        items = (("2010301", "行政运行", 20.0, "；"), ("2010302", "一般行政管理事务", last, "。"))
        return [
            stated("财政拨款支出", 30.0),
            *(
                stated(name, value, code=code, code_source="printed", sentence=f"{code}{name}{value:.2f}万元{end}")
                for code, name, value, end in items
            ),
        ]

    assert fails(check(statements=rows(10))) == []
    assert fails(check(statements=rows(9))) == [("prose.parts", 10_000.0)]


def test_an_unknown_part_keeps_a_whole_from_failing() -> None:
    text = "本年支出30.00万元，其中：基本支出10.00万元，项目支出10.00万元，其他10.00万元。"
    rows = sentence(text, stated("本年支出", 30), stated("基本支出", 10), stated("项目支出", 10))
    assert fails(check(statements=rows)) == []


@pytest.mark.parametrize(("rate", "expected"), [(0.0553, []), (0.0593, ["prose.change_rate"])])
def test_a_change_in_a_sentence_of_its_own(rate: float, expected: list[str]) -> None:
    own = "收入总计与上年相比，增加9.72万元，增长5.53%。"
    rows = [
        stated("收入总计", 185.62),
        stated("本年收入", 185.62),
        *sentence(own, stated("收入总计", 9.72, "change"), stated("收入总计", rate, "change_rate", printed="5.53%")),
    ]
    assert [rule for rule, _ in fails(check(statements=rows))] == expected


def test_the_prior_amount_of_a_sentence_is_kept() -> None:
    def rows(prior: float) -> list[dict[str, Any]]:
        text = f"上年执行数为{prior:.2f}万元，本年预算安排120.00万元，增加20.00%。"
        second = sentence(
            text, stated("城管执法", prior, year=2023, phase=None), stated("城管执法", 120),
            stated("城管执法", 0.2, "change_rate", printed="20.00%"),
        )  # fmt: skip
        return [stated("城管执法", 120), *second]

    assert fails(check(statements=rows(100))) == []
    assert [rule for rule, _ in fails(check(statements=rows(110)))] == ["prose.change_rate"]


def test_budgets_of_all_items_add_up_once_their_accounts_do() -> None:
    def rows(budget: float, account: float = 9.0) -> list[dict[str, Any]]:
        whole = "一般公共预算财政拨款支出"
        items = (("2010301", "行政运行", budget, account), ("2080505", "养老保险缴费", 20.0, 18.0))
        listed = [stated(whole, 30.0), stated(whole, 27.0, phase="executed")]
        for code, name, approved, executed in items:
            text = f"年初预算为{approved:.2f}万元，支出决算为{executed:.2f}万元。"
            listed += sentence(
                text, stated(name, approved, code=code), stated(name, executed, code=code, phase="executed")
            )
        return listed

    final = {"kind": "final_account"}
    assert fails(check(final, statements=rows(10))) == []
    assert fails(check(final, statements=rows(11))) == [("prose.parts", -10_000.0)]
    assert fails(check(final, statements=rows(11, 5))) == []


def test_what_is_allotted_adds_up() -> None:
    def rows(last: float) -> list[dict[str, Any]]:
        text = f"资金分配情况：办公费4万元，邮电费15万元，其他{last:.2f}万元。"
        whole = {"quantum": 10_000.0}
        return [
            stated("某项目", 24.57, sentence="预算安排规模：24.57万元"),
            *sentence(text, stated("办公费", 4, **whole), stated("邮电费", 15, **whole), stated("其他", last)),
        ]

    assert fails(check(statements=rows(5.57))) == []
    assert fails(check(statements=rows(5.67))) == [("prose.parts", -1_000.0)]
