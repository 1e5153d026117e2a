"""Heads of tables: columns, measures, phases, blocks; header or body is decided per cell."""

from __future__ import annotations

import pytest
from grids import grid, page

from budgetkit.tables import columns
from budgetkit.tables.joining import assemble
from budgetkit.tables.layout import Layout, layout


def plan(drawing: str, form: str | None = None, kind: str = "final_account", two_sided: bool = False) -> Layout:
    (table,) = assemble([page("单位：万元", grid(drawing))])
    return layout(table, form, kind, 2031, two_sided)


def test_header_and_total_row_at_once() -> None:
    found = plan(
        """
        科目编码 | < | < | 科目名称 | 本年支出合计 | 基本支出
        类 | 款 | 项 | 合计 | 2,946.25 | 12.00
        201 |  |  | 一般公共服务支出 | 2,946.25 | 12.00
        """
    )
    assert found.body == 1
    assert [column.path for column in found.columns[:4]] == [
        ("科目编码", "类"),
        ("科目编码", "款"),
        ("科目编码", "项"),
        ("科目名称",),
    ]
    assert [column.role for column in found.columns] == ["code", "code", "code", "name", "amount", "amount"]
    assert [column.measure for column in found.columns[4:]] == ["total", "basic"]


def test_index_rows_are_no_header_text() -> None:
    found = plan(
        """
        项目 | < | 本年收入合计 | 财政拨款收入 | 事业收入 | <
        科目编码 | 科目名称 | ^ | ^ | 小计 | 其中：教育收费
        栏次 | < | 1 | 2 | 3 | 4
        合计 | < | 5.00 | 4.00 | 1.00 | 0.50
        """,
        "income",
    )
    assert found.body == 3
    assert [column.path for column in found.columns[2:]] == [
        ("本年收入合计",),
        ("财政拨款收入",),
        ("事业收入", "小计"),
        ("事业收入", "其中：教育收费"),
    ]
    assert [column.measure for column in found.columns[2:]] == [
        "total",
        "fiscal_appropriation",
        "institutional_income",
        "education_fees",
    ]


def test_two_sided_summary() -> None:
    found = plan(
        """
        收入 | < | < | 支出 | < | <
        项目 | 行次 | 决算数 | 项目 | 行次 | 决算数
        栏次 |  | 1 | 栏次 |  | 2
        一、一般公共预算财政拨款收入 | 1 | 5.00 | 一、一般公共服务支出 | 31 | 5.00
        """,
        "income_expenditure_summary",
        two_sided=True,
    )
    assert [
        (block.side, [c.index for c in block.labels], [c.index for c in block.amounts]) for block in found.blocks
    ] == [
        ("income", [0, 1], [2]),
        ("expenditure", [3, 4], [5]),
    ]


def test_block_headings_are_no_measure() -> None:
    found = plan(
        """
        人员经费 | < | < | 公用经费 | < | <
        科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
        301 | 工资福利支出 | 1.00 | 302 | 商品和服务支出 | 2.00
        """,
        "general_budget_basic_expenditure",
    )
    assert [column.measure for column in found.columns if column.role == "amount"] == ["total", "total"]


def test_two_columns_that_claim_one_measure_are_shown() -> None:
    found = plan(
        """
        科目编码 | 科目名称 | 基本支出 | 基本支出
        201 | 一般公共服务支出 | 1.00 | 2.00
        """
    )
    assert found.conflicts == ("column 3 (基本支出) and column 4 (基本支出) both claim basic",)
    assert [column.measure for column in found.columns[2:]] == [None, None]


def test_the_higher_total_is_the_total() -> None:
    found = plan(
        """
        合计 | 本年收入 | < | 上年结转结余 | <
        ^ | 小计 | 其他收入 | 小计 | 一般公共预算资金
        9.00 | 8.00 | 8.00 | 1.00 | 1.00
        """,
        "income",
        "budget",
    )
    assert [column.measure for column in found.columns] == ["total", None, "other_income", "carryover", None]
    assert found.conflicts == ()


@pytest.mark.parametrize(
    ("path", "kind", "phase"),
    [
        (("年初预算数",), "final_account", "approved"),
        (("全年预算数", "合计"), "final_account", "revised"),
        (("决算数", "合计"), "final_account", "executed"),
        (("上年决算数",), "final_account", "prior_year"),
        (("2030年执行数", "小计"), "budget", "prior_year"),
        (("2031年预算数", "基本支出"), "budget", "approved"),
        (("2031年预算数比2030年执行数", "增减额"), "budget", "approved"),
        (("合计",), "budget", "approved"),
        (("合计",), "final_account", "executed"),
    ],
)
def test_phases(path: tuple[str, ...], kind: str, phase: str) -> None:
    assert columns.phase_of(path, kind, 2031) == phase


@pytest.mark.parametrize(
    ("path", "measure"),
    [
        (("预算数", "基本支出", "小计"), "basic"),
        (("预算数", "基本支出", "人员经费"), "personnel"),
        (("预算数", "基本支出", "日常公用支出"), "public_use"),
        (("预算数", "项目支出", "项目支出总数"), "project"),
        (("预算数", "项目支出", "扣除基建项目后预算数"), None),
        (("本年收入", "一般公共预算资金"), "general_public_budget"),
        (("财政专户管理资金",), "special_account"),
        (("单位资金", "事业收入"), "institutional_income"),
        (("上年结余、结转",), "carryover"),
        (("上年结转", "一般公共预算"), None),
        (("2031年预算数比2030年执行数", "增减(%)"), "change_rate"),
        (("2031年预算数比2030年执行数（扣除基建）", "增减额"), None),
        (("资本性支出（基本建设）",), "econ_309"),
        (("资本性支出",), "econ_310"),
        (("采购数量",), None),
    ],
)
def test_measures(path: tuple[str, ...], measure: str | None) -> None:
    assert columns.measure_of(path, None) == measure


def test_income_of_the_year_is_income_only_in_fund_tables() -> None:
    assert columns.measure_of(("本年收入",), "government_fund") == "income"
    assert columns.measure_of(("本年收入",), "income") == "total"


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("因公出国（境）费用", "因公出国（境）费"),
        ("公务用车购置及运行维护费（小计）", "公务用车购置及运行费"),
        ("其中：公务用车购置费", "公务用车购置费"),
        ("公务用车运行维护费", "公务用车运行费"),
        ("3.公务接待费支出", "公务接待费"),
        ("机关运行经费预算数", "机关运行经费"),
        ("合 计", "合计"),
        ("小计", None),
        ("一般公共预算", None),
    ],
)
def test_three_public_names(cell: str, name: str | None) -> None:
    assert columns.three_public_name(cell) == name
