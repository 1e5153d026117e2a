"""Titles, units and entities of captions."""

from __future__ import annotations

import pytest

from budgetkit.printed import units
from budgetkit.tables import captions


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("收入支出决算总表", "income_expenditure_summary"),
        ("部门收支总体情况表", "income_expenditure_summary"),
        ("2024年部门财务收支预算总表", "income_expenditure_summary"),
        ("预算01表收支总表", "income_expenditure_summary"),
        ("部门综合预算收支总表", "income_expenditure_summary"),
        ("收入决算表", "income"),
        ("2025年预算单位收入预算总表", "income"),
        ("支出决算表", "expenditure"),
        ("本年支出总体情况表", "expenditure"),
        ("财政拨款收入支出决算总表", "fiscal_appropriation_summary"),
        ("财政拨款收支预算总体情况表", "fiscal_appropriation_summary"),
        ("一般公共预算财政拨款支出决算表", "general_budget_expenditure"),
        ("2024年部门一般公共预算支出功能分类预算表", "general_budget_expenditure"),
        ("一般公共预算支出情况表（按功能分类科目）", "general_budget_expenditure"),
        ("一般公共预算支出表（按经济分类）", "general_budget_expenditure"),
        ("部门综合预算一般公共预算支出明细表（按支出功能分类科目-不含上年结转）", "general_budget_expenditure"),
        ("一般公共预算财政拨款基本支出决算表", "general_budget_basic_expenditure"),
        ("2024年部门一般公共预算基本支出部门预算经济分类预算表", "general_budget_basic_expenditure"),
        ("一般公共预算项目支出情况表", "general_budget_project_expenditure"),
        ("项目支出预算情况表", "project_expenditure"),
        ("政府性基金预算财政拨款收入支出决算表", "government_fund"),
        ("国有资本经营预算财政拨款支出决算表", "state_capital"),
        ("财政拨款“三公”经费支出决算表", "three_public"),
        ("部门“三公”经费和机关运行经费预算表", "three_public"),
        ("“三公”经费、会议费、培训费支出预算表", "three_public"),
        ("财政拨款安排的行政经费及“三公”经费预算表", "three_public"),
        ("上年结转结余情况明细表", "carryover"),
        ("财政拨款支出预算表", "fiscal_appropriation_expenditure"),
        ("政府采购预算明细表", "procurement"),
        ("支出决算情况说明", None),
        ("表1-1 2031年部门收支总表", "income_expenditure_summary"),
        ("附表3支出预算总表", "expenditure"),
        ("部门预算收入总表", "income"),
        ("收支预算总表（表一）", "income_expenditure_summary"),
        ("某县水利局2031年收支预算总表", "income_expenditure_summary"),
        ("财政拨款“三公”经费支出预算表（公开07表）", "three_public"),
    ],
)
def test_whole_titles_name_forms(title: str, form: str | None) -> None:
    assert captions.form_of_title(title) == form


def test_the_publisher_before_the_title_is_taken_off_known_or_not() -> None:
    assert captions.form_of_title("某市某局支出预算表", ["某市某局"]) == "expenditure"
    assert captions.form_of_title("某市某局支出预算表") == "expenditure"
    assert captions.form_of_title("某市重点支出预算表") is None


def test_caption_is_taken_apart() -> None:
    found = captions.read_caption(["公开02表", "收 入 决 算 表", "编制部门：某市某局\t金额单位：万元"])
    assert (found.title, found.form, found.unit, found.entity) == ("收入决算表", "income", "万元", "某市某局")


def test_entity_and_unit_without_a_gap() -> None:
    found = captions.read_caption(["编制部门：某市某局单位：万元"])
    assert (found.unit, found.entity) == ("万元", "某市某局")


def test_title_over_two_lines() -> None:
    found = captions.read_caption(["一般公共预算基本支出部门预算经济", "分类预算表", "单位：元"])
    assert (found.title, found.form) == (
        "一般公共预算基本支出部门预算经济分类预算表",
        "general_budget_basic_expenditure",
    )


def test_prose_is_no_title() -> None:
    found = captions.read_caption(["本单位按规定编制了支出决算表。", "具体情况见下表，"])
    assert (found.title, found.form, found.unit) == (None, None, None)


@pytest.mark.parametrize(("text", "expected"), [("- 12 -", True), ("第3页", True), ("— 5 —", True), ("2024", False)])
def test_page_numbers(text: str, expected: bool) -> None:
    assert captions.is_page_number(text) is expected


def test_units() -> None:
    assert [units.yuan_per(unit) for unit in ("元", "千元", "万元", "亿元")] == [1, 1000, 10000, 100000000]
    assert captions.read_caption(["单位：人民币万元"]).unit == "万元"
    assert captions.read_caption(["金额（元）"]).unit == "元"
    assert captions.read_caption(["万元"]).unit == "万元"
    assert captions.read_caption(["每亩万元以上"]).unit is None
    assert captions.read_caption(["编制单位：元谋县某局"]).unit is None


def test_notes() -> None:
    assert captions.is_note("备注：本表为空表。")
    assert not captions.is_note("本表反映各项支出情况。")
