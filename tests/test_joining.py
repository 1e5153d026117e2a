"""Tables over pages: 续表, borders that move, rows cut in two, columns on a later page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetkit.model import Box, Cell, Grid, Line, Page
from budgetkit.printed.widths import squeeze
from budgetkit.tables.joining import Table, assemble

HEAD = ("科目编码", "科目名称", "合计")
XS = (50.0, 120.0, 300.0, 400.0)
HIGH = 20.0


def ruled(page: int, rows: Sequence[Sequence[str]], xs: Sequence[float] = XS, top: float = 100.0) -> Grid:
    cells = tuple(
        Cell(r, c, text, box=Box(xs[c], top + HIGH * r, xs[c + 1], top + HIGH * (r + 1)))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    box = Box(xs[0], top, xs[-1], top + HIGH * len(rows))
    return Grid(page, len(rows), len(xs) - 1, cells, "ruling", 0, box, tuple(xs))


def placed(number: int, *blocks: str | Grid) -> Page:
    lines = [
        Line(b, Box(50, 20 + 15 * k, 400, 30 + 15 * k), 10) if isinstance(b, str) else b for k, b in enumerate(blocks)
    ]
    return Page(number, tuple(lines), 595.0, 842.0)


def texts(table: Table) -> list[list[str]]:
    return [[squeeze(cell.text) if cell else "" for cell in row.cells] for row in table.rows]


FIRST = (HEAD, ("201", "一般公共服务支出", "3.00"), ("20103", "办公厅及相关机构事务", "3.00"))
REST = (("208", "社会保障和就业支出", "2.00"), ("20805", "行政事业单位养老支出", "2.00"))


@pytest.mark.parametrize("mark", ["续表", "续表1", "（续）", "续上表", "接上页", "支出决算表（续）", "支出决算表续"])
@pytest.mark.parametrize("head", [(), (HEAD,)])
def test_a_table_that_is_said_to_go_on(mark: str, head: tuple[tuple[str, ...], ...]) -> None:
    pages = [
        placed(1, "支出决算表", "单位：元", ruled(1, FIRST)),
        placed(2, mark, "单位：元", ruled(2, (*head, *REST))),
    ]
    (table,) = assemble(pages)
    assert texts(table) == [list(row) for row in (*FIRST, *REST)]


@given(st.lists(st.floats(-9, 9), min_size=4, max_size=4))
def test_borders_may_move_where_the_columns_hold_the_same(moves: list[float]) -> None:
    moved = tuple(x + move for x, move in zip(XS, moves, strict=True))
    (table,) = assemble([placed(1, "支出决算表", "单位：元", ruled(1, FIRST)), placed(2, ruled(2, REST, moved))])
    assert texts(table) == [list(row) for row in (*FIRST, *REST)]


def test_columns_that_hold_something_else_are_another_table() -> None:
    other = (("1.00", "甲", "乙"), ("2.00", "丙", "丁"))
    pages = [
        placed(1, "支出决算表", "单位：元", ruled(1, FIRST)),
        placed(2, ruled(2, other, (50.0, 124.6, 306.0, 400.0))),
    ]
    assert len(assemble(pages)) == 2


def test_a_total_that_is_repeated_on_every_page_is_a_row_of_each() -> None:
    total = ("", "合计", "5.00")
    pages = [
        placed(1, "支出决算表", "单位：元", ruled(1, (HEAD, total, *FIRST[1:]))),
        placed(2, ruled(2, (HEAD, total, *REST))),
    ]
    (table,) = assemble(pages)
    assert [row[2] for row in texts(table)] == ["合计", "5.00", "3.00", "3.00", "5.00", "2.00", "2.00"]
    assert len(table.repeated) == 1


def test_amounts_without_a_label_complete_the_row_that_the_page_cut() -> None:
    first = (*FIRST, ("20104", "发展与改革事务", ""))
    (table,) = assemble(
        [placed(1, "支出决算表", "单位：元", ruled(1, first)), placed(2, ruled(2, (("", "", "1.00"), *REST)))]
    )
    row = table.rows[3]
    assert texts(table)[3] == ["20104", "发展与改革事务", "1.00"]
    assert [row.place(cell) for cell in row.cells if cell] == [(1, 4, 1), (1, 4, 2), (2, 1, 3)]


def test_a_name_with_an_open_bracket_goes_on() -> None:
    first = (HEAD, ("甲", "项目（一期", "3.00"))
    (table,) = assemble(
        [
            placed(1, "支出决算表", "单位：元", ruled(1, first)),
            placed(2, ruled(2, (("", "工程）", ""), ("乙", "丙", "1.00")))),
        ]
    )
    assert texts(table)[1:] == [["甲", "项目（一期工程）", "3.00"], ["乙", "丙", "1.00"]]


def test_columns_on_later_pages_stand_beside_their_rows() -> None:
    right = (50.0, 100.0, 150.0)
    pages = [
        placed(1, "支出决算表", ruled(1, FIRST)),
        placed(2, ruled(2, REST)),
        placed(3, "单位：元", ruled(3, (("基本支出", "项目支出"), ("1.00", "2.00"), ("3.00", "")), right)),
        placed(4, ruled(4, (("2.00", ""), ("1.00", "1.00")), right)),
    ]
    (table,) = assemble(pages)
    assert table.caption.unit == "元"
    assert [row[2:] for row in texts(table)] == [
        ["合计", "基本支出", "项目支出"], ["3.00", "1.00", "2.00"], ["3.00", "3.00", ""],
        ["2.00", "2.00", ""], ["2.00", "1.00", "1.00"],
    ]  # fmt: skip
    last = table.rows[-1]
    assert [last.place(cell) for cell in last.cells if cell][2:] == [(2, 2, 3), (4, 2, 1), (4, 2, 2)]


@pytest.mark.parametrize(("lower", "tables"), [(1.5, 1), (2.5, 2)])
def test_rows_of_a_wide_sheet_stand_at_one_height_on_both_pages(lower: float, tables: int) -> None:
    beside = ruled(2, (("基本支出", "项目支出"), ("1.00", "2.00"), ("3.00", "")), (50.0, 100.0, 150.0), 100.0 + lower)
    assert len(assemble([placed(1, "支出决算表", ruled(1, FIRST)), placed(2, "单位：元", beside)])) == tables


def test_a_title_over_a_unit_row_within_the_table_is_a_caption() -> None:
    drawn = (("某市某局收支情况", "", ""), ("编制单位：某市某局", "", "单位：元"), *FIRST)
    (table,) = assemble([placed(1, ruled(1, drawn))])
    assert (table.caption.unit, table.caption.entity) == ("元", "某市某局")
    assert texts(table) == [list(row) for row in FIRST]


def test_columns_that_are_merged_on_the_next_page_have_its_borders_a_point_off() -> None:
    rest = (("2080501", "2.00"), ("2080505", "1.00"))
    pages = [placed(1, "支出决算表", "单位：元", ruled(1, FIRST)), placed(2, ruled(2, rest, (50.0, 301.0, 400.0)))]
    assert len(assemble(pages)) == 1
    pages = [placed(1, "支出决算表", "单位：元", ruled(1, FIRST)), placed(2, ruled(2, rest, (50.0, 303.0, 400.0)))]
    assert len(assemble(pages)) == 2


def test_borders_that_move_by_most_of_a_column_are_those_of_another_table() -> None:
    moved = (50.0, 160.0, 300.0, 400.0)
    pages = [placed(1, "支出决算表", "单位：元", ruled(1, FIRST)), placed(2, ruled(2, REST, moved))]
    assert len(assemble(pages)) == 2


@pytest.mark.parametrize(("above", "taken"), [(3, True), (4, False)])
def test_single_texts_over_unit_and_name_are_captions_in_the_first_rows(above: int, taken: bool) -> None:
    lines = [(f"第{k}行说明本表所列各项资金的来源", "", "") for k in range(above)]
    rows = (*lines, ("编制单位：某局", "", "单位：元"), *FIRST)
    whole = [replace(cell, colspan=3) if cell.text.endswith("来源") else cell for cell in ruled(1, rows).cells]
    kept = [cell for cell in whole if cell.row >= above or cell.col == 0]
    (table,) = assemble([placed(1, replace(ruled(1, rows), cells=tuple(kept)))])
    assert (texts(table)[0] == list(HEAD)) is taken
