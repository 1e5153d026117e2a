"""Every layout of tests/layouts reads the same from a PDF page, a web page, a workbook and a Word document."""

from __future__ import annotations

import html
import io

import pytest
from grids import grid
from test_layouts import CASES, Case, failures

import budgetkit as bk
from budgetkit.document.reading import Disclosure
from tools.typeset import Cell, Document, PageBreak, Paragraph, Style, Table
from tools.typeset.render import render

OWN = "云州市民政局"
LISTED = "单位名称 | 合计 | 财政拨款收入"


def kind_of(case: Case) -> str:
    return "部门预算" if case.kind == "budget" else "部门决算"


def tables(case: Case) -> list[tuple[str, str]]:
    """Titles and drawings of the tables of a case: the list of units, where it has one, and its own."""
    units = [("收入表", "\n".join([LISTED, *(f"{unit} | 1.00 | 1.00" for unit in case.units)]))] if case.units else []
    return [*units, ("" if case.title == "-" else case.title, "\n".join(case.rows))]


def as_html(case: Case) -> bytes:
    parts = [f"<h1>{OWN}{case.year}年{kind_of(case)}</h1>"]
    for title, drawing in tables(case):
        own = grid(drawing)
        lines = []
        for number in range(own.rows):
            cells = [
                f'<td rowspan="{cell.rowspan}" colspan="{cell.colspan}">{html.escape(cell.text)}</td>'
                for cell in own.cells
                if cell.row == number
            ]
            lines.append(f"<tr>{''.join(cells)}</tr>")
        over = f"<p>{title}</p><p>单位：万元</p>" if title else ""
        parts.append(f'{over}<table border="1">{"".join(lines)}</table>')
    return f'<html><meta charset="utf-8"><body>{"".join(parts)}</body></html>'.encode()


def as_workbook(case: Case) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "封面"
    book.active["A1"] = f"{OWN}{case.year}年{kind_of(case)}"
    for number, (title, drawing) in enumerate(tables(case), 1):
        sheet = book.create_sheet(f"表{number}")
        top = 1
        if title:
            sheet.cell(1, 1, title)
            sheet.cell(2, 1, "单位：万元")
            top = 3
        for cell in grid(drawing).cells:
            sheet.cell(top + cell.row, 1 + cell.col, cell.text or None)
            if cell.rowspan > 1 or cell.colspan > 1:
                sheet.merge_cells(
                    start_row=top + cell.row,
                    end_row=top + cell.row + cell.rowspan - 1,
                    start_column=1 + cell.col,
                    end_column=cell.col + cell.colspan,
                )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_word(case: Case) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(f"{OWN}{case.year}年{kind_of(case)}", 0)
    for title, drawing in tables(case):
        if title:
            document.add_paragraph(title)
            document.add_paragraph("单位：万元")
        own = grid(drawing)
        table = document.add_table(own.rows, own.cols)
        for cell in own.cells:
            first = table.cell(cell.row, cell.col)
            if cell.rowspan > 1 or cell.colspan > 1:
                first = first.merge(table.cell(cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1))
            first.text = cell.text
        document.add_paragraph("")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def as_pdf(case: Case) -> bytes:
    blocks: list[Paragraph | PageBreak | Table] = [Paragraph(f"{OWN}{case.year}年{kind_of(case)}", "title")]
    for title, drawing in tables(case):
        own = grid(drawing)
        rows = tuple(
            tuple(Cell(cell.text, cell.rowspan, cell.colspan) for cell in own.cells if cell.row == number)
            for number in range(own.rows)
        )
        blocks.append(PageBreak(landscape=True))
        style = Style(size=6.5 if own.cols > 8 else 9.0, name_width=8.0 if own.cols > 8 else 15.0)
        blocks.append(Table("other", title, rows, 0, (), "万元", ("", "", "单位：万元" if title else ""), style=style))
    return render(Document("budget", case.year, OWN, tuple(blocks), tier="department"))


WAYS = {"html": as_html, "xlsx": as_workbook, "docx": as_word, "pdf": as_pdf}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_format_reads_the_same(case: Case, way: str) -> None:
    found: Disclosure = bk.read(WAYS[way](case))
    assert list(failures(case, found)) == []
