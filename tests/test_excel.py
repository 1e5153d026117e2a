"""Workbooks: captions, tables, notes, merged cells, values, sheets, and damaged input."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from budgetkit.errors import UnreadableDocument
from budgetkit.model import Cell, Line
from budgetkit.readers.office.excel import read_excel
from budgetkit.readers.office.number_formats import show_number
from budgetkit.readers.office.values import plain_number, tidy

SHARED = Path(__file__).resolve().parents[2] / "shared"
corpus = pytest.mark.skipif(not SHARED.exists(), reason="the folder of real documents is not here")


def workbook(*sheets, merges=(), hide=()) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for row, values in enumerate(rows):
            for col, value in enumerate(values):
                if value != "":
                    sheet.write(row, col, value)
        for place in merges:
            sheet.merge_range(place, "")
            first = place.split(":")[0]
            col, row = ord(first[0]) - 65, int(first[1:]) - 1
            sheet.write(row, col, rows[row][col])
        if name in hide:
            sheet.hide()
    book.close()
    return file.getvalue()


def shown(page):
    return [
        block.text if isinstance(block, Line) else [[c.text for c in row] for row in block.matrix]
        for block in page.blocks
    ]


def test_title_table_and_note():
    rows = [
        ["2024年收支总表"],
        [],
        ["部门：某局", "", "单位：万元"],
        ["项目", "支出", ""],
        ["", "基本支出", "项目支出"],
        ["一般公共服务支出", 1234.5, 0],
        [],
        ["合计", 0.1 + 0.2, 100],
        [],
        ["注：本表反映收支情况。"],
    ]
    data = workbook(("表1", rows), merges=("A1:C1", "A4:A5", "B4:C4"))
    source = read_excel(data, "a.xlsx")
    assert source.format == "xlsx"
    assert shown(source.pages[0]) == [
        "2024年收支总表",
        "部门：某局\t单位：万元",
        [
            ["项目", "支出", "支出"],
            ["项目", "基本支出", "项目支出"],
            ["一般公共服务支出", "1234.5", "0"],
            ["", "", ""],
            ["合计", "0.3", "100"],
        ],
        "注：本表反映收支情况。",
    ]
    (grid,) = source.pages[0].grids
    assert grid.cells[:2] == (Cell(0, 0, "项目", 2, 1), Cell(0, 1, "支出", 1, 2))
    assert grid.read_by == "excel"


def test_two_tables_on_a_sheet():
    table = [["项目", "金额"], ["合计", 1]]
    rows = [["收入表"], ["单位：元"], *table, [], ["支出表"], ["", "单位：元"], *table]
    (page,) = read_excel(workbook(("s", rows)), "a").pages
    assert shown(page) == [
        "收入表",
        "单位：元",
        [["项目", "金额"], ["合计", "1"]],
        "支出表",
        "单位：元",
        [["项目", "金额"], ["合计", "1"]],
    ]
    assert [grid.first_row for grid in page.grids] == [0, 2]


def test_sheet_name_stands_in_for_a_title_and_margins_are_cut():
    (page,) = read_excel(workbook(("收入表", [[], ["", "项目", "金额"], ["", "合计", 2.50]])), "a").pages
    assert shown(page) == ["收入表", [["项目", "金额"], ["合计", "2.5"]]]


def test_hidden_sheets_are_said():
    source = read_excel(workbook(("看", [["a", "b"], ["c", 1]]), ("藏", [["x"]]), ("空", [[]]), hide=("藏", "空")), "a")
    assert source.unread == ("hidden sheet '藏' not read",)
    assert len(source.pages) == 1


def test_codes_keep_their_zeros_and_prose_its_lines():
    rows = [["类", "款", "项", "科目"], [205, "02", "05", "高等教育"]]
    source = read_excel(workbook(("s", rows), ("说明", [["一、职能\n二、机构"]])), "a")
    assert shown(source.pages[0])[1][1] == ["205", "02", "05", "高等教育"]
    assert shown(source.pages[1]) == ["一、职能", "二、机构"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (208.0, "208"),
        (1234.5, "1234.5"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (-12.30, "-12.3"),
        (123456789012.34, "123456789012.34"),
        (1e15, "1000000000000000"),
        (1000 / 3, "333.3333333"),
    ],
)
def test_numbers_without_a_format(value, expected):
    assert show_number(plain_number(repr(value)), "General") == expected


def test_lines_of_a_text():
    assert tidy(" 合\r\n计 ") == "合\n计"
    assert tidy("900\n700") == "900；\n700"


def test_unreadable():
    whole = workbook(("s", [["a", 1]]))
    for data, reason in [
        (b"%PDF-1.4", "a: not a workbook but pdf"),
        (workbook(("s", [])), "a: a workbook without anything in visible sheets"),
    ]:
        with pytest.raises(UnreadableDocument) as caught:
            read_excel(data, "a")
        assert str(caught.value) == reason
    for cut in range(0, len(whole), 301):
        with pytest.raises(UnreadableDocument, match=r"^a: "):
            read_excel(whole[:cut], "a")


def test_a_stray_cell_far_away_costs_nothing():
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("a")
    sheet.write(0, 0, "项目")
    sheet.write(0, 1, "金额")
    sheet.write(999_999, 20, 1)
    book.close()
    (page,) = read_excel(file.getvalue(), "a").pages
    assert page.grids[0].rows <= 25
    assert page.grids[0].matrix[-1][-1].text == "1"


@corpus
@pytest.mark.parametrize(
    ("name", "format_"), [("shanghai_template_blank.xls", "xls"), ("shanghai_unit_template_blank.xlsx", "xlsx")]
)
def test_real_templates(name, format_):
    source = read_excel((SHARED / "corpus" / name).read_bytes(), name)
    assert (source.format, len(source.pages)) == (format_, 16)
    grids = [(page.number, grid.rows, grid.cols) for page in source.pages for grid in page.grids]
    assert grids == [
        (7, 16, 7),
        (8, 15, 9),
        (9, 15, 7),
        (10, 16, 7),
        (11, 16, 7),
        (12, 16, 7),
        (13, 16, 7),
        (14, 16, 6),
        (15, 3, 7),
    ]
    assert [line.text for line in source.pages[7].lines] == ["2026年预算单位收入预算总表", "编制单位：\t单位：元"]
    assert source.pages[7].grids[0].cells[:2] == (Cell(0, 0, "项目", 1, 4), Cell(0, 4, "收入预算", 1, 5))
