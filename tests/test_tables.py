"""Tables that go on over pages, captions inside tables, rows cut by a page break."""

from __future__ import annotations

from dataclasses import replace

from grids import grid, page

from budgetkit.model import Box, Cell, Grid, Line, Page
from budgetkit.printed.widths import squeeze
from budgetkit.tables.joining import assemble


def ruled(drawing: str, xs: list[float], number: int) -> Grid:
    """A grid with geometry: borders at xs, rows of 20 points from y 100."""
    plain = grid(drawing, number)

    def box(cell: Cell) -> Box:
        top = 100.0 + 20 * cell.row
        return Box(xs[cell.col], top, xs[cell.col + cell.colspan], top + 20.0 * cell.rowspan)

    cells = tuple(replace(cell, box=box(cell)) for cell in plain.cells)
    return replace(
        plain, cells=cells, xs=tuple(xs), box=Box(xs[0], 100, xs[-1], 100 + 20 * plain.rows), read_by="ruling"
    )


def placed(number: int, *blocks: str | Grid) -> Page:
    lines = [
        Line(block, Box(0, 10 + 10 * k, 50, 20 + 10 * k)) if isinstance(block, str) else block
        for k, block in enumerate(blocks)
    ]
    return Page(number, tuple(lines), 600, 800)


HEAD = """
科目编码 | 科目名称 | 合计 | 基本支出
"""
XS = [50.0, 100.0, 300.0, 400.0, 500.0]


def texts(rows: object) -> list[list[str]]:
    return [[squeeze(cell.text) if cell else "" for cell in row.cells] for row in rows]  # type: ignore[attr-defined]


def test_goes_on_without_header_at_the_same_columns() -> None:
    first = ruled(HEAD + "201 | 一般公共服务支出 | 3.00 | 1.00", XS, 1)
    second = ruled("205 | 教育支出 | 2.00 | 2.00", XS, 2)
    (table,) = assemble([placed(1, "支出决算表", "单位：万元", first), placed(2, second)])
    assert table.caption.form == "expenditure"
    assert texts(table.rows)[1:] == [["201", "一般公共服务支出", "3.00", "1.00"], ["205", "教育支出", "2.00", "2.00"]]
    assert table.grids == ((1, 0), (2, 0))


def test_a_page_shifted_as_a_whole_goes_on() -> None:
    first = ruled(HEAD + "201 | 一般公共服务支出 | 3.00 | 1.00", XS, 1)
    second = ruled("205 | 教育支出 | 2.00 | 2.00", [x + 7 for x in XS], 2)
    assert len(assemble([placed(1, "支出决算表", "单位：万元", first), placed(2, second)])) == 1


def test_equal_width_alone_joins_nothing() -> None:
    first = ruled(HEAD + "201 | 一般公共服务支出 | 3.00 | 1.00", XS, 1)
    second = ruled("甲 | 乙 | 2.00 | 2.00", [50.0, 200.0, 250.0, 380.0, 500.0], 2)
    assert len(assemble([placed(1, "支出决算表", "单位：万元", first), placed(2, second)])) == 2


def test_own_title_begins_a_table() -> None:
    first = ruled(HEAD + "201 | 一般公共服务支出 | 3.00 | 1.00", XS, 1)
    second = ruled("205 | 教育支出 | 2.00 | 2.00", XS, 2)
    found = assemble([placed(1, "支出决算表", "单位：万元", first), placed(2, "收入决算表", "单位：万元", second)])
    assert [table.caption.form for table in found] == ["expenditure", "income"]


def test_repeated_title_and_header_are_joined_and_the_head_is_left_out() -> None:
    first = ruled(HEAD + "201 | 一般公共服务支出 | 3.00 | 1.00", XS, 1)
    second = ruled(HEAD + "205 | 教育支出 | 2.00 | 2.00", XS, 2)
    caption = ("支出决算表", "单位：万元")
    (table,) = assemble([placed(1, *caption, first), placed(2, *caption, second)])
    assert [row[0] for row in texts(table.rows)] == ["科目编码", "201", "205"]
    assert texts(table.repeated) == [["科目编码", "科目名称", "合计", "基本支出"]]


def test_a_last_page_with_only_the_total_is_mapped_by_x() -> None:
    first = ruled(HEAD + "201 | 一般公共服务支出 | 3.00 | 1.00", XS, 1)
    second = ruled("合计 | 3.00 | 1.00", [50.0, 300.0, 400.0, 500.0], 2)
    (table,) = assemble([placed(1, "支出决算表", "单位：万元", first), placed(2, second)])
    assert texts(table.rows)[-1] == ["合计", "合计", "3.00", "1.00"]


def test_a_row_cut_by_the_page_break_is_rejoined() -> None:
    first = ruled(HEAD + "2010399 | 其他政府办公厅（室）及相 | 3.00 | 1.00", XS, 1)
    second = ruled(" | 关机构事务支出 |  | \n205 | 教育支出 | 2.00 | 2.00", XS, 2)
    (table,) = assemble([placed(1, "支出决算表", "单位：万元", first), placed(2, second)])
    assert texts(table.rows)[1:] == [
        ["2010399", "其他政府办公厅（室）及相关机构事务支出", "3.00", "1.00"],
        ["205", "教育支出", "2.00", "2.00"],
    ]


def test_text_after_a_table_ends_it() -> None:
    first = ruled(HEAD + "201 | 一般公共服务支出 | 3.00 | 1.00", XS, 1)
    low = Line("注：本表反映部门本年度各项支出情况。", Box(0, 700, 50, 710))
    second = ruled("205 | 教育支出 | 2.00 | 2.00", XS, 2)
    found = assemble([Page(1, (*placed(1, "支出决算表", "单位：万元", first).blocks, low)), placed(2, second)])
    assert len(found) == 2
    assert found[0].notes == ("注：本表反映部门本年度各项支出情况。",)


def test_caption_in_the_first_merged_rows() -> None:
    drawn = grid(
        """
        支出决算表 | < | <
        编制单位：某市某局 | < | 单位：元
        科目编码 | 科目名称 | 合计
        201 | 一般公共服务支出 | 3.00
        """
    )
    (table,) = assemble([page(drawn)])
    assert (table.caption.form, table.caption.unit, table.caption.entity) == ("expenditure", "元", "某市某局")
    assert texts(table.rows)[0] == ["科目编码", "科目名称", "合计"]


def test_title_in_one_cell_of_a_table_without_rulings() -> None:
    drawn = grid(
        """
         | 支出决算表 |
        编制单位：某市某局 |  | 单位：元
        科目编码 | 科目名称 | 合计
        201 | 一般公共服务支出 | 3.00
        """
    )
    (table,) = assemble([page(drawn)])
    assert (table.caption.form, table.caption.unit, table.caption.entity) == ("expenditure", "元", "某市某局")
