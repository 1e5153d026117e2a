"""Rules over words: empty tables, 部门 or 单位, paths of codes, obsolete and double codes, years, template text."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from test_audit_rules import DOCUMENT, coded, total

import budgetkit as bk
from budgetkit import frames

LADDER = [total(1, 10), coded(2, "201", 10), coded(3, "20103", 10), coded(4, "2010301", 10)]


def check(text: str, facts: list[dict[str, Any]] = LADDER, **document: Any) -> pd.DataFrame:
    names = ("statements", "projects", "project_funds", "indicators", "leftovers")
    made = {name: frames.make(name, []) for name in names} | {"facts": frames.make("facts", facts)}
    documents = frames.make("documents", [DOCUMENT | document])
    return bk.check(SimpleNamespace(documents=documents, passages=((1, text),), **made))


def told(findings: pd.DataFrame, rule: str) -> list[tuple[str, str]]:
    own = findings[findings["rule"] == rule]
    return list(zip(own["status"], own["message"], strict=True))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("政府性基金预算支出表。", "fail"),
        ("本单位没有使用政府性基金预算拨款安排的支出。", "pass"),
        ("政府性基金预算支出0万元。", "pass"),
        ("政府性基金预算支出12.50万元。", "not_run"),
        ("政府性基金预算支出10.00万元。", "not_run"),
    ],
)
def test_empty_tables_want_a_note(text: str, status: str) -> None:
    found = told(check(text, forms=["expenditure", "government_fund"]), "empty.unsaid")
    assert [one for one, _ in found] == [status]
    partial = check("政府性基金预算支出表。", forms=["government_fund"], status="partial")
    assert [one for one, _ in told(partial, "empty.unsaid")] == ["not_run"]


def test_headings_name_the_tier() -> None:
    heads = "第一部分某局{0}概况第二部分2024年{0}预算表第三部分2024年{0}预算说明第四部分{0}预算名词解释"
    assert told(check(heads.format("部门"), tier="department"), "text.tier") == [("pass", "标题均称“部门”")]
    [(status, message)] = told(check(heads.format("部门"), tier="unit"), "text.tier")
    assert (status, message[:22]) == ("fail", "本文件为单位公开，3处标题均称“部门”（如“")
    mixed = heads.format("部门") + heads.format("单位")
    assert told(check(mixed, tier="unit"), "text.tier") == []


def test_paths_of_prose_stand_in_the_tables() -> None:
    facts = [
        *LADDER[:3], coded(4, "2010306", 10), coded(5, "20132", 4), coded(6, "2013250", 4), coded(7, "2013202", 1),
    ]  # fmt: skip
    path = "1.一般公共服务（类）{}（款）政务公开审批（项）"
    office, party = "政府办公厅（室）及相关机构事务", "组织事务"
    assert [one for one, _ in told(check(path.format(office), facts), "names.path")] == ["pass"]
    [(status, message)] = told(check(path.format(party), facts), "names.path")
    assert (status, "2010306，不在“组织事务”（20132）之下" in message) == ("fail", True)
    # 一般行政管理事务 stands under every 款: that the tables have it under one proves nothing
    common = f"1.一般公共服务（类）{office}（款）一般行政管理事务（项）"
    assert told(check(common, facts), "names.path") == []


def test_codes_given_up_are_notes() -> None:
    def row(name: str, **values: Any) -> list[dict[str, Any]]:
        return [*LADDER[:1], coded(2, "20805", 10) | {"name": name, "label": name} | values]

    old, new = "行政事业单位离退休", "行政事业单位养老支出"
    [(status, message)] = told(check("正文", row(old)), "names.obsolete")
    assert (status, message) == (
        "fail",
        "科目20805“行政事业单位离退休”自2020年起不再使用，现为20805“行政事业单位养老支出”",
    )
    assert told(check("正文", row(new)), "names.obsolete") == []
    assert told(check("正文", row(old), fiscal_year=2019), "names.obsolete") == []
    assert told(check("正文", row(old, year=2023)), "names.obsolete") == []


def test_one_item_under_two_codes() -> None:
    name = {"name": "某专项", "label": "某专项"}
    spending = [*LADDER[:3], coded(4, "2010398", 10) | name]
    general = [
        row | {"form": "general_budget_expenditure", "table": 2}
        for row in (*LADDER[:3], coded(4, "2010397", 10) | name)
    ]
    [(status, message)] = told(check("正文", [*spending, *general]), "names.double")
    assert (status, message) == ("fail", "“某专项”（10.00）在不同表中编码不同：2010397、2010398")
    # two codes of one name in one table are two items
    both = [row | {"form": "expenditure", "table": 1, "row": row["row"] + 5} for row in general]
    assert told(check("正文", [*spending, *both]), "names.double") == []


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("关于某局2023年收入预算情况说明", "budget", "fail"),
        ("关于某局2024年收入预算情况说明", "budget", "pass"),
        ("截至2023年8月31日，某局共有车辆2辆。", "budget", "pass"),
        ("截至2020年底，某局共有车辆2辆。", "budget", "fail"),
    ],
)
def test_years_of_the_text(text: str, kind: str, status: str) -> None:
    assert [one for one, _ in told(check(text, kind=kind), "text.year")] == [status]


@pytest.mark.parametrize(
    ("years", "failing"),
    [
        ((2024, 2024, 2024, 2023), 1),
        # one against one tells nothing, and a year said twice close together is meant
        ((2024, 2023), 0),
        ((2024, 2024, 2024, 2023, 2023), 0),
    ],
)
def test_a_title_of_another_year_than_most(years: tuple[int, ...], failing: int) -> None:
    text = "".join(f"{year}年度某局部门决算公开报告。" for year in years)
    assert [one for one, _ in told(check(text, kind="final_account"), "text.year")] == ["fail"] * failing


@pytest.mark.parametrize(("years", "found"), [((2022,), ["not_run"]), ((2022, 2023), ["fail", "pass"])])
def test_a_budget_may_compare_with_an_older_one_where_no_mention_is_right(years: tuple[int, ...], found: Any) -> None:
    text = "".join(f"支出较{year}年度预算数增加1.00万元。" for year in years)
    assert [one for one, _ in told(check(text, kind="budget"), "text.year")] == found


@pytest.mark.parametrize("text", ["（若无，则写“无”。）", "编制单位：____单位", "（请填写具体原因）"])
def test_form_instructions_left_in(text: str) -> None:
    assert [one for one, _ in told(check(text), "text.template")] == ["fail"]
