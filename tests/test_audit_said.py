"""What prose says of projects, scores, items and publishers: against tables and forms, and against plain sense."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from test_audit_rules import DOCUMENT, coded, fact, form, indicator, stated, total

import budgetkit as bk
from budgetkit import frames


def told(rule: str, text: str = "", document: dict[str, Any] | None = None, **rows: list[dict[str, Any]]) -> list[str]:
    """Statuses of one rule over a document."""
    names = ("facts", "statements", "projects", "project_funds", "indicators", "leftovers")
    made = {name: frames.make(name, rows.get(name, [])) for name in names}
    documents = frames.make("documents", [DOCUMENT | (document or {})])
    found = bk.check(SimpleNamespace(documents=documents, passages=((1, text),) if text else (), **made))
    return [*found.loc[found["rule"] == rule, "status"]]


@pytest.mark.parametrize(("value", "status"), [(12.0, ["pass"]), (12.01, ["rounding"]), (21.0, ["fail"])])
def test_a_project_of_the_prose_stands_in_its_table(value: float, status: list[str]) -> None:
    facts = [total(1, 12), fact(2, 12, project="信息化运维项目", name="信息化运维项目", label="信息化运维项目")]
    said = [stated("信息化运维项目", value)]
    assert told("prose.project", facts=facts, statements=said) == status
    # two amounts of one project: nobody knows which is meant
    facts.append(fact(2, 5, col=3, project="信息化运维项目", name="信息化运维项目", label="信息化运维项目"))
    assert told("prose.project", facts=facts, statements=[stated("信息化运维项目", 21.0)]) == []


@pytest.mark.parametrize(("score", "status"), [("95", ["pass"]), ("95.0", ["pass"]), ("85", ["fail"])])
def test_a_score_of_the_prose_is_that_of_its_form(score: str, status: list[str]) -> None:
    projects = [form() | {"project": "信访专项经费", "total_score": 95.0}]
    text = (
        f"信访专项经费项目绩效自评综述：自评得分为{score}分。全部项目平均得分80分。信访专项经费产出指标自评得分为40分。"
    )
    assert told("perf.said", text, projects=projects) == status


@pytest.mark.parametrize(
    ("amount", "status"), [(120_000.0, ["pass"]), (130_000.0, ["fail"]), (90_500.0, ["not_run"]), (None, [])]
)
def test_all_money_of_a_department(amount: float | None, status: list[str]) -> None:
    whole = {"document": "a", "form": "department_targets", "project": "某局", "approved": amount, "page": 3}
    assert told("perf.whole", facts=[total(1, 12)], projects=[whole]) == status


@pytest.mark.parametrize(("reception", "status"), [(None, ["fail"]), (2.0, [])])
def test_prose_of_a_cell_that_is_blank(reception: float | None, status: list[str]) -> None:
    common = {"form": "three_public", "table": 5, "fund": "general_public_budget", "title": "“三公”经费表"}
    cells = [fact(1, 5, col=2, item="three_public", **common), fact(1, 3, col=3, item="vehicles", **common)]
    cells += [] if reception is None else [fact(1, reception, col=4, item="reception", **common)]
    place = {"flow": "expenditure", "fund": "general_public_budget", "origin": "all", "nature": "all"}
    said = [stated("公务接待费", 2.0, item="reception", **place)]
    assert told("prose.blank", facts=cells, statements=said) == status


@pytest.mark.parametrize(
    ("text", "rule", "status"),
    [
        ("支出10.00万元，增长5%，主要原因是。下一条", "text.reason", ["fail"]),
        ("支出10.00万元，增长5%，主要原因是：人员增加。", "text.reason", []),
        ("住房公积金（项）12.00万元，主要用于缴纳职工医疗保险费。", "text.described", ["fail"]),
        ("住房公积金（项）12.00万元，主要用于缴纳职工住房公积金。", "text.described", []),
        ("行政单位医疗（项）12.00万元，主要用于缴纳住房公积金。", "text.described", ["fail"]),
        ("行政单位医疗（项）12.00万元，用于职工基本医疗保险。", "text.described", []),
    ],
)
def test_reasons_and_descriptions(text: str, rule: str, status: list[str]) -> None:
    assert told(rule, text) == status


def test_a_heading_of_another_publisher() -> None:
    own = "".join(f"关于甲市财政局2024年{what}情况的说明。" for what in ("收支", "收入", "支出"))
    assert told("text.entity", own, {"entity": "甲市财政局"}) == []
    assert told("text.entity", own + "关于乙县水务局2024年三公经费情况的说明。", {"entity": "甲市财政局"}) == ["fail"]
    # where half of them name somebody else, it is the document's name that is not known
    assert told("text.entity", own.replace("甲市财政局", "乙县水务局"), {"entity": "甲市财政局"}) == []


def test_names_of_a_path_that_no_table_has() -> None:
    facts = [total(1, 10), coded(2, "201", 10), coded(3, "20103", 10), coded(4, "2010306", 10)]
    path = "1.一般公共服务（类）{}（款）{}（项）"
    office = "政府办公厅（室）及相关机构事务"
    assert told("names.path", path.format(office, "政务公开审批"), facts=facts) == ["pass"]
    assert told("names.path", path.format("水利工程建设", "政务公开审批"), facts=facts) == ["fail"]
    assert told("names.path", path.format("政府办公厅及相关机构事务", "政务公开审批"), facts=facts) == ["not_run"]
    assert told("names.path", path.format(office, "并无此项"), facts=facts) == ["not_run"]
    # a few signs in common are no other way to write it
    assert told("names.path", path.format("政府采购事务", "政务公开审批"), facts=facts) == ["fail"]


@pytest.mark.parametrize(
    ("result", "value", "status"), [(">95%", 95.0, ["pass"]), ("95%", 95.0, ["fail"]), ("<95%", 95.0, [])]
)
def test_a_result_may_be_a_bound(result: str, value: float, status: list[str]) -> None:
    goal = {"target": ">95%", "target_operator": ">", "target_value": 95.0, "target_unit": "%"}
    rows = [indicator(50, 50, **goal, actual=result, actual_value=value, actual_unit="%"), indicator(40, 40)]
    found = told("perf.missed", projects=[form()], indicators=rows)
    assert found == ([] if status == ["pass"] else status)


def test_thirds_are_rounding() -> None:
    facts = [total(1, 100.01), coded(2, "201", 66.67), coded(3, "205", 33.33)]
    assert told("codes.total", facts=facts) == ["rounding"]


@pytest.mark.parametrize(("without", "status"), [("本年支出合计", ["fail"]), ("", [])])
def test_both_sides_of_a_summary_have_the_same_totals(without: str, status: list[str]) -> None:
    names = {"income": "本年收入合计", "sources": "收入总计", "expenditure": "本年支出合计", "uses": "支出总计"}
    whole = {"table": 1, "form": "income_expenditure_summary"}
    other = {"table": 2, "form": "fiscal_appropriation_summary", "fund": "fiscal_appropriation"}
    facts = [total(k, 5, flow=flow, label=names[flow], **whole) for k, flow in enumerate(names)]
    facts = [row for row in facts if row["label"] != without]
    facts += [total(k, 4, flow=flow, label=names[flow], **other) for k, flow in enumerate(("sources", "uses"))]
    assert told("summary.one_sided", facts=facts) == status
