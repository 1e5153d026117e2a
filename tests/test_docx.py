"""Word documents: body order, merged cells, frames around prose, nested tables, and damaged input."""

from __future__ import annotations

import io

import pytest

from budgetkit.errors import UnreadableDocument
from budgetkit.model import Cell, Line
from budgetkit.readers.office.documents import read_word


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def shown(data: bytes):
    (page,) = read_word(data, "a.docx").pages
    return [
        block.text if isinstance(block, Line) else [[c.text for c in row] for row in block.matrix]
        for block in page.blocks
    ]


def fill(table, rows):
    for row, values in enumerate(rows):
        for col, value in enumerate(values):
            table.cell(row, col).text = value


@pytest.fixture
def document():
    import docx

    return docx.Document()


def test_body_order_and_spans(document):
    document.add_heading("收支总表", 1)
    document.add_paragraph("部门：某局\t单位：万元")
    table = document.add_table(3, 3)
    fill(table, [["项目", "支出", ""], ["", "基本", "项目"], ["合计", "1,234.50", "0.00"]])
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    document.add_paragraph("注：完")
    second = document.add_table(2, 2)
    fill(second, [["a", "1"], ["b", "2"]])
    source = read_word(saved(document), "a.docx")
    first, later = source.pages[0].grids
    assert [line.text for line in source.pages[0].lines] == ["收支总表", "部门：某局\t单位：万元", "注：完"]
    assert first.cells == (
        Cell(0, 0, "项目", 2, 1),
        Cell(0, 1, "支出", 1, 2),
        Cell(1, 1, "基本"),
        Cell(1, 2, "项目"),
        Cell(2, 0, "合计"),
        Cell(2, 1, "1,234.50"),
        Cell(2, 2, "0.00"),
    )
    assert (first.first_row, later.first_row, first.read_by) == (0, 3, "docx")


def test_lines_of_a_cell(document):
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "一般\n公共"
    table.cell(0, 0).add_paragraph("预算")
    table.cell(0, 1).text = "5.00"
    assert shown(saved(document)) == [[["一般\n公共\n预算", "5.00"]]]


def test_frame_around_a_table_gives_lines_and_the_table(document):
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "绩效目标"
    fill(frame.add_table(2, 2), [["名称", "值"], ["数量", "15"]])
    assert shown(saved(document)) == ["绩效目标", [["名称", "值"], ["数量", "15"]]]


def test_table_within_a_data_cell_stays_its_text(document):
    table = document.add_table(3, 2)
    fill(table, [["项目", "内容"], ["目标", "如下"], ["合计", "3"]])
    fill(table.cell(1, 1).add_table(1, 2), [["数量", "15"]])
    assert shown(saved(document)) == [[["项目", "内容"], ["目标", "如下\n数量 15"], ["合计", "3"]]]


def test_hidden_text_and_blank_paragraphs(document):
    paragraph = document.add_paragraph("看")
    paragraph.add_run("不见").font.hidden = True
    document.add_paragraph("\u3000")
    assert shown(saved(document)) == ["看"]


def test_unreadable(document):
    document.add_paragraph("x" * 300)
    whole = saved(document)
    with pytest.raises(UnreadableDocument) as caught:
        read_word(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument\x00".encode("utf-16-le"), "a.doc")
    assert str(caught.value).startswith("a.doc: ")
    assert "save it as DOCX" in str(caught.value)
    import docx

    with pytest.raises(UnreadableDocument, match=r"^a: a DOCX document without text$"):
        read_word(saved(docx.Document()), "a")
    for cut in range(0, len(whole), 3001):
        with pytest.raises(UnreadableDocument, match=r"^a: "):
            read_word(whole[:cut], "a")
