"""Heads of tables: columns, what they say, units, blocks; header or body is decided per cell."""

from __future__ import annotations

import pytest
from grids import grid, page

from budgetkit.tables.economic import classes_of_heads
from budgetkit.tables.joining import assemble
from budgetkit.tables.layout import Layout, layout


def plan(drawing: str, two_sided: bool = False) -> Layout:
    (table,) = assemble([page("单位：万元", grid(drawing))])
    return layout(table, two_sided)


def told(found: Layout, *names: str) -> list[tuple[object, ...]]:
    """What the heads of the amount columns say."""
    return [
        tuple(getattr(column.meaning, name) for name in names) for column in found.columns if column.role == "amount"
    ]


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
    assert told(found, "flow", "nature") == [("expenditure", None), ("expenditure", "basic")]


def test_index_rows_are_no_header_text() -> None:
    found = plan(
        """
        项目 | < | 本年收入合计 | 财政拨款收入 | 事业收入 | <
        科目编码 | 科目名称 | ^ | ^ | 小计 | 其中：教育收费
        栏次 | < | 1 | 2 | 3 | 4
        合计 | < | 5.00 | 4.00 | 1.00 | 0.50
        """
    )
    assert found.body == 3
    assert [column.path for column in found.columns[2:]] == [
        ("本年收入合计",),
        ("财政拨款收入",),
        ("事业收入", "小计"),
        ("事业收入", "其中：教育收费"),
    ]
    assert told(found, "fund") == [(None,), ("fiscal_appropriation",), ("institutional_income",), ("education_fees",)]


def test_two_sided_summary() -> None:
    found = plan(
        """
        收入 | < | < | 支出 | < | <
        项目 | 行次 | 决算数 | 项目 | 行次 | 决算数
        栏次 |  | 1 | 栏次 |  | 2
        一、一般公共预算财政拨款收入 | 1 | 5.00 | 一、一般公共服务支出 | 31 | 5.00
        """,
        two_sided=True,
    )
    assert [
        (block.side, [c.index for c in block.labels], [c.index for c in block.amounts]) for block in found.blocks
    ] == [
        ("income", [0, 1], [2]),
        ("expenditure", [3, 4], [5]),
    ]


def test_the_head_of_a_block_leaves_the_nature_to_the_title() -> None:
    found = plan(
        """
        人员经费 | < | < | 公用经费 | < | <
        科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
        301 | 工资福利支出 | 1.00 | 302 | 商品和服务支出 | 2.00
        """
    )
    assert told(found, "nature", "phase") == [(None, "executed"), (None, "executed")]


def test_two_columns_that_claim_one_meaning_are_shown() -> None:
    found = plan(
        """
        科目编码 | 科目名称 | 基本支出 | 基本支出
        201 | 一般公共服务支出 | 1.00 | 2.00
        """
    )
    assert found.conflicts == ("column 3 (基本支出) and column 4 (基本支出) claim one meaning",)
    assert told(found, "unread") == [(("基本支出",),), (("基本支出",),)]


def test_this_year_and_last_year_stand_apart() -> None:
    found = plan(
        """
        合计 | 本年收入 | < | 上年结转结余 | <
        ^ | 小计 | 其他收入 | 小计 | 一般公共预算资金
        9.00 | 8.00 | 8.00 | 1.00 | 1.00
        """
    )
    assert told(found, "origin", "fund") == [
        (None, None),
        ("current", None),
        ("current", "other_income"),
        ("carried_forward", None),
        ("carried_forward", "general_public_budget"),
    ]
    assert found.conflicts == ()


def test_the_unit_of_a_head_holds_for_its_column() -> None:
    found = plan(
        """
        科目编码 | 科目名称 | 基本支出（元） | 项目支出 | 项目支出占比
        ^ | ^ | ^ | 万元 | ^
        201 | 一般公共服务支出 | 100.00 | 2.00 | 3.00%
        """
    )
    assert [column.unit for column in found.columns if column.role == "amount"] == ["元", "万元", None]
    assert told(found, "nature", "aspect") == [("basic", None), ("project", None), ("project", "share")]


@pytest.mark.parametrize(
    ("heads", "found"),
    [
        # two heads may bear the names of classes by chance
        ({"办公费": "30201", "印刷费": "30202"}, False),
        ({"办公费": "30201", "印刷费": "30202", "差旅费": "30211"}, True),
    ],
)
def test_heads_are_economic_classes_where_several_are(heads: dict[str, str], found: bool) -> None:
    drawing = f"科目名称 | {' | '.join(heads)}\n合计 | {' | '.join('1.00' for _ in heads)}"
    (table,) = assemble([page("单位：万元", grid(drawing))])
    read = classes_of_heads(table, [(head,) for head in heads])
    assert read == ({(head,): code for head, code in heads.items()} if found else {})
