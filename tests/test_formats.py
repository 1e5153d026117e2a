"""The same document as PDF, HTML, Word and Excel gives the same facts."""

from __future__ import annotations

import html
import io
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pytest
from places import RAW

import budgetkit as bk
from budgetkit.model import Grid, Line, Page
from budgetkit.printed.numbers import parse_number
from budgetkit.readers.opening import open_source

KEY = ["form", "flow", "fund", "nature", "item", "aspect", "code", "name", "phase", "unread"]
NAMES = ["korla_service_center_final_2022", "urumqi_service_bureau_budget_2024", "urumqi_hightech_bureau_budget_2020"]


def as_html(pages: Sequence[Page]) -> bytes:
    parts = ["<html><head><meta charset='utf-8'></head><body>"]
    for page in pages:
        for block in page.blocks:
            if isinstance(block, Line):
                parts.append(f"<p>{html.escape(block.text)}</p>")
                continue
            parts.append("<table>")
            for row in range(block.rows):
                cells = [cell for cell in block.cells if cell.row == row]
                inner = "".join(
                    f"<td rowspan={cell.rowspan} colspan={cell.colspan}>{html.escape(cell.text)}</td>" for cell in cells
                )
                parts.append(f"<tr>{inner}</tr>")
            parts.append("</table>")
    return "".join([*parts, "</body></html>"]).encode()


def as_docx(pages: Sequence[Page]) -> bytes:
    import docx

    document = docx.Document()
    for page in pages:
        for block in page.blocks:
            if isinstance(block, Line):
                document.add_paragraph(block.text)
                continue
            table = document.add_table(block.rows, block.cols)
            # looking up one cell lists all cells of the table
            places = list(table._cells)
            for cell in block.cells:
                first = places[cell.row * block.cols + cell.col]
                last = places[(cell.row + cell.rowspan - 1) * block.cols + cell.col + cell.colspan - 1]
                (first.merge(last) if last._tc is not first._tc else first).text = cell.text
            document.add_paragraph("")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_xlsx(pages: Sequence[Page]) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for page in pages:
            if not page.grids and not page.lines:
                continue
            sheet = book.add_worksheet(f"{page.number}")
            row = 0
            for block in page.blocks:
                if isinstance(block, Line):
                    for col, part in enumerate(block.text.split("\t")):
                        sheet.write_string(row, 3 * col, part)
                    row += 1
                    continue
                write(sheet, block, row)
                row += block.rows + 1
    return stream.getvalue()


def write(sheet: Any, grid: Grid, top: int) -> None:
    for cell in grid.cells:
        value: str | float = cell.text
        number = parse_number(cell.text)
        if number is not None and number.quantum < 1 and not number.percent:
            value = float(number.value)
        if cell.rowspan * cell.colspan > 1:
            bottom, right = top + cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1
            sheet.merge_range(top + cell.row, cell.col, bottom, right, value)
        elif isinstance(value, float):
            sheet.write_number(top + cell.row, cell.col, value)
        else:
            sheet.write_string(top + cell.row, cell.col, value)


def facts(document: bk.Disclosure) -> Counter[tuple[Any, ...]]:
    keys = document.facts[KEY].astype("object").fillna("")
    amounts = document.facts["amount"].round(2)
    return Counter((*key, amount) for key, amount in zip(keys.itertuples(index=False), amounts, strict=True))


@cache
def sample(name: str) -> tuple[bk.Disclosure, Sequence[Page]]:
    """A sample as it is read, and its pages."""
    path = RAW / f"{name}.pdf"
    return bk.read(path), open_source(path.read_bytes(), name).pages


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", [as_html, as_docx, as_xlsx])
def test_formats_agree(name: str, written: Callable[[Sequence[Page]], bytes]) -> None:
    expected, pages = sample(name)
    found = bk.read(written(pages))
    assert facts(found) == facts(expected)
    assert (found.kind, found.fiscal_year, found.entity) == (expected.kind, expected.fiscal_year, expected.entity)
    assert (len(found.projects), len(found.indicators)) == (len(expected.projects), len(expected.indicators))
