"""Random tables in random dresses of Excel and Word read back as they are shown."""

from __future__ import annotations

import io
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from test_word_seen import cell, document, paragraph, row, run, table

from budgetkit.readers.office.documents import read_word
from budgetkit.readers.office.excel import read_excel

#: formats, and the power of ten by which what they show is less than what is stored
FORMATS = {
    "0.00": 0, "#,##0.00": 0, "#,##0.00,": 3, "#,##0.00,,": 6, "0!.0000": 4, "0.00%": -2, "[红色]0.00": 0,
    '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ': 0, "#,##0.00_);(#,##0.00)": 0, "0.00;[Red]0.00": 0,
}  # fmt: skip
amounts = st.integers(-(10**9), 10**9).map(lambda fen: Decimal(fen) / 100)
names = st.text(st.sampled_from("一般公共服务支出行政运行外交国防"), min_size=1, max_size=8)
tables = st.lists(st.tuples(names, st.lists(amounts, min_size=2, max_size=2)), min_size=2, max_size=6)


def value(text: str) -> Decimal:
    plain = text.replace(",", "").rstrip("%")
    if plain == "-":
        return Decimal(0)
    return -Decimal(plain.strip("()")) if plain.startswith("(") else Decimal(plain)


@settings(max_examples=40, deadline=None)
@given(tables, st.data())
def test_a_table_in_the_dress_of_excel(rows, data):
    import openpyxl
    from openpyxl.styles import Font

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for line in (["支出表"], ["单位：元"], ["名称", "基本支出", "项目支出"]):
        sheet.append(line)
    code = data.draw(st.sampled_from(sorted(FORMATS)))
    shift, expected = FORMATS[code], []
    for at, (name, figures) in enumerate(rows):
        dress = data.draw(st.sampled_from(["plain", "hidden", "white", "text"])) if at else "plain"
        for col, figure in enumerate([name, *figures], 1):
            stored = figure if col == 1 else f"{figure:,.2f}" if dress == "text" else float(figure.scaleb(shift))
            place = sheet.cell(sheet.max_row + (col == 1), col, stored)
            place.number_format = code if col > 1 else "General"
            if dress == "white":
                place.font = Font(color="FFFFFFFF")
        if dress == "hidden":
            sheet.row_dimensions[sheet.max_row].hidden = True
        if dress in ("plain", "text"):
            expected.append([name, *figures])
    stream = io.BytesIO()
    workbook.save(stream)
    source = read_excel(stream.getvalue(), "a")
    (grid,) = source.pages[0].grids
    found = [[c.text for c in line] for line in grid.matrix[1:] if any(c.text for c in line)]
    assert [[name, *map(value, figures)] for name, *figures in found] == expected
    hidden = len(rows) - len(expected)
    assert bool(source.unread) == bool(hidden)


UNSEEN = ("<w:vanish/>", "<w:strike/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>', '<w:rStyle w:val="Hid"/>')


@settings(max_examples=40, deadline=None)
@given(tables, st.data())
def test_a_table_in_the_dress_of_word(rows, data):
    lines, expected = [row(*(cell(paragraph(run(text))) for text in ("名称", "基本支出", "项目支出")))], []
    for at, (name, figures) in enumerate(rows):
        gone = data.draw(st.sampled_from(["", "<w:hidden/>", "<w:del/>"])) if at else ""
        cells = [cell(paragraph(run(name)))]
        for figure in figures:
            text = f"{figure:,.2f}"
            cut = data.draw(st.integers(1, len(text) - 1))
            more = data.draw(st.sampled_from(["unseen", "deleted", "inserted", "mark", "control"]))
            unseen = run("9", data.draw(st.sampled_from(UNSEEN)))
            runs = {
                "unseen": unseen + run(text[:cut]) + unseen + run(text[cut:]),
                "deleted": run(text[:cut]) + "<w:del><w:r><w:delText>7</w:delText></w:r></w:del>" + run(text[cut:]),
                "inserted": run(text[:cut]) + f"<w:ins>{run(text[cut:])}</w:ins>",
                "mark": run(text) + '<w:r><w:footnoteReference w:id="2"/></w:r>',
                "control": f"<w:sdt><w:sdtContent>{run(text)}</w:sdtContent></w:sdt>",
            }
            cells.append(cell(paragraph(runs[more])))
        lines.append(row(*cells, properties=gone))
        if not gone:
            expected.append([name, *(f"{figure:,.2f}" for figure in figures)])
    source = read_word(document(table(*lines)), "a")
    (grid,) = source.pages[0].grids
    assert [[c.text for c in line] for line in grid.matrix[1:]] == expected
