"""Word documents as they are seen: hidden, struck, deleted and raised text, symbols, heads, notes, files within."""

from __future__ import annotations

import io
import zipfile

import pytest
from hostile_office import WORD, relations, zipped

from budgetkit.model import Line
from budgetkit.readers.office.documents import read_word
from budgetkit.readers.office.word_runs import UNKNOWN, symbol

STYLES = f"""<w:styles xmlns:w="{WORD}"><w:style w:type="paragraph" w:default="1" w:styleId="N"/>
<w:style w:type="character" w:styleId="Hid"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Son"><w:basedOn w:val="Hid"/></w:style>
<w:style w:type="paragraph" w:styleId="HidP"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"""


def document(body: str, parts: dict[str, str] | None = None, *targets: tuple[str, str]) -> bytes:
    spaces = f'xmlns:w="{WORD}" xmlns:r="{OFFICE}"'
    members = {
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>".encode(),
        "word/_rels/document.xml.rels": relations(("styles", "styles.xml"), *targets),
        "word/styles.xml": STYLES.encode(),
    }
    return zipped(members | {name: text.encode() for name, text in (parts or {}).items()})


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def cell(*content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content) or '<w:p/>'}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def texts(*values: str) -> str:
    return row(*(cell(paragraph(run(value))) for value in values))


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def shown(data: bytes):
    source = read_word(data, "a.docx")
    return [
        b.text if isinstance(b, Line) else [[c.text for c in row] for row in b.matrix] for b in source.pages[0].blocks
    ]


@pytest.mark.parametrize(
    ("runs", "expected", "said"),
    [
        ([run("9", "<w:vanish/>"), run("12")], "12", "hidden text"),
        ([run("9", '<w:vanish w:val="0"/>'), run("12")], "912", None),
        ([run("9", '<w:vanish w:val="false"/>'), run("12")], "912", None),
        ([run("9", '<w:rStyle w:val="Hid"/>'), run("12")], "12", "hidden text"),
        ([run("9", '<w:rStyle w:val="Son"/>'), run("12")], "12", "hidden text"),
        ([run("9", '<w:rStyle w:val="Hid"/><w:vanish w:val="0"/>'), run("12")], "912", None),
        ([run("9", "<w:strike/>"), run("12")], "12", "struck-through text"),
        ([run("9", "<w:dstrike/>"), run("12")], "12", "struck-through text"),
        ([run("9", '<w:color w:val="FFFFFF"/>'), run("12")], "12", "white text"),
        ([run("9", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F4E78"/>'), run("12")], "912", None),
        ([run("9", '<w:color w:val="000000" w:themeColor="background1"/>'), run("12")], "12", "white text"),
        ([run("9", '<w:sz w:val="1"/>'), run("12")], "12", "text too small to be seen"),
        (["<w:del><w:r><w:delText>9</w:delText></w:r></w:del>", run("12")], "12", "text deleted by a tracked change"),
        (["<w:moveFrom>" + run("9") + "</w:moveFrom>", run("12")], "12", "text deleted by a tracked change"),
        ([run("12"), "<w:ins>" + run("3.00") + "</w:ins>"], "123.00", None),
        ([run("12"), run("1", '<w:vertAlign w:val="superscript"/>')], "12¹", None),
        ([run("12"), run("1", '<w:position w:val="8"/>')], "12¹", None),
        ([run("12", '<w:vertAlign w:val="superscript"/>')], "12", None),
        ([run("12"), '<w:r><w:footnoteReference w:id="2"/></w:r>'], "12", None),
        (['<w:r><w:sym w:font="Symbol" w:char="F02D"/></w:r>', run("12")], "-12", None),
        (["<w:r><w:noBreakHyphen/><w:t>12</w:t></w:r>"], "-12", None),
        (["<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run("填写") + "</w:sdtContent></w:sdt>",
          run("12")], "12", None),
        (["<w:sdt><w:sdtContent>" + run("12") + "</w:sdtContent></w:sdt>"], "12", None),
    ],
)  # fmt: skip
def test_runs(runs, expected, said):
    data = document(table(texts("名称", "合计"), row(cell(paragraph(run("一般"))), cell(paragraph(*runs)))))
    assert shown(data)[0][1] == ["一般", expected]
    assert read_word(data, "a").unread == ((f"{said} not read (1 place)",) if said else ())


def test_symbols():
    assert [symbol("Symbol", "F02D"), symbol("Symbol", "F0B3"), symbol("Wingdings", "F0FE")] == ["-", "≥", "☑"]
    assert symbol("Wingdings", "F031") == symbol("Webdings", "F031") == symbol("x", "zz") == UNKNOWN


def test_hidden_paragraph_style_and_toggles():
    hidden = paragraph(run("9"), properties='<w:pStyle w:val="HidP"/>')
    both = paragraph(run("8", '<w:rStyle w:val="Hid"/>'), properties='<w:pStyle w:val="HidP"/>')
    assert shown(document(hidden + both + paragraph(run("12")))) == ["8", "12"]


def test_deleted_and_hidden_rows_cells_and_marks():
    data = document(
        table(
            texts("名称", "合计"),
            row(cell(paragraph(run("删"))), cell(paragraph(run("1"))), properties="<w:del/>"),
            row(cell(paragraph(run("藏"))), cell(paragraph(run("2"))), properties="<w:hidden/>"),
            row(cell(paragraph(run("细"))), cell(paragraph(run("3"))),
                properties='<w:trHeight w:val="1" w:hRule="exact"/>'),
            row(cell(paragraph(run("去")), properties="<w:cellDel/>"), cell(paragraph(run("一般"))),
                cell(paragraph(run("9"), properties="<w:rPr><w:del/></w:rPr>"), paragraph(run("00.5")))),
        )
    )  # fmt: skip
    assert shown(data) == [[["名称", "合计"], ["一般", "900.5"]]]
    assert read_word(data, "a").unread == (
        "cell deleted by a tracked change not read (1 place)",
        "hidden row not read (2 places)",
        "row deleted by a tracked change not read (1 place)",
    )


def test_cells_merged_and_moved():
    restart, goes_on = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    data = document(
        table(
            row(cell(paragraph(run("项目")), properties=restart), cell(properties=goes_on),
                cell(paragraph(run("合计")))),
            row(cell(paragraph(run("一般")), properties='<w:vMerge w:val="restart"/>'), cell(paragraph(run("a"))),
                cell(paragraph(run("1")))),
            row(cell(properties="<w:vMerge/>"), cell(paragraph(run("b"))), cell(paragraph(run("2")))),
            row(cell(paragraph(run("3"))), properties='<w:gridBefore w:val="2"/>'),
        )
    )  # fmt: skip
    assert shown(data) == [[["项目", "项目", "合计"], ["一般", "a", "1"], ["一般", "b", "2"], ["", "", "3"]]]


def test_two_figures_in_a_cell_stay_two():
    two = cell(paragraph(run("900")), paragraph(run("700")))
    inner = cell(table(texts("5", "6")), "<w:p/>")
    data = document(
        table(texts("名称", "合计"), row(cell(paragraph(run("一般"))), two), row(cell(paragraph(run("外"))), inner))
    )
    assert shown(data) == [[["名称", "合计"], ["一般", "900；\n700"], ["外", "5； 6"]]]


def test_heads_feet_notes_and_other_files():
    head = f'<w:hdr xmlns:w="{WORD}">{paragraph(run("单位：万元"))}{table(texts("a", "1"), texts("b", "2"))}</w:hdr>'
    foot = f'<w:ftr xmlns:w="{WORD}">{paragraph(run("第 1 页"))}</w:ftr>'
    note = (
        f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:id="2">{paragraph(run("含上年结转"))}</w:footnote></w:footnotes>'
    )
    comments = f'<w:comments xmlns:w="{WORD}"><w:comment w:id="0">{paragraph(run("改为 5"))}</w:comment></w:comments>'
    body = (
        paragraph(run("正文")) + '<w:altChunk r:id="r6"/><w:altChunk r:id="r9"/>'
        '<w:sectPr><w:headerReference r:id="r1"/><w:footerReference r:id="r2"/></w:sectPr>'
    )
    data = document(
        body,
        {"word/h.xml": head, "word/f.xml": foot, "word/n.xml": note, "word/c.xml": comments, "word/x.xlsx": "-",
         "word/chunk.html": "<html><body><p>另文</p></body></html>", "word/chart.xml": "-"},
        ("header", "h.xml"), ("footer", "f.xml"), ("footnotes", "n.xml"), ("comments", "c.xml"), ("package", "x.xlsx"),
        ("aFChunk", "chunk.html"), ("chart", "chart.xml"),
    )  # fmt: skip
    assert shown(data) == ["单位：万元", [["a", "1"], ["b", "2"]], "正文", "另文", "含上年结转"]
    assert read_word(data, "a").unread == (
        "a file shown within the document is missing",
        "1 embedded file not read (x.xlsx); save it as a file of its own",
        "1 chart not read (chart.xml)",
        "1 comments on amounts not read",
    )


def test_text_boxes_in_cells_are_read():
    box = f"<w:r><w:pict><w:txbxContent>{paragraph(run('5'))}</w:txbxContent></w:pict></w:r>"
    data = document(table(texts("名称", "合计"), row(cell(paragraph(run("一般"))), cell(paragraph(box)))))
    assert shown(data) == [[["名称", "合计"], ["一般", "5"]]]


def odt(properties: str = 'text:display="none"') -> bytes:
    oasis = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = "".join(f' xmlns:{name}="{oasis}:{name}:1.0"' for name in ("office", "table", "text", "style", "fo"))
    hidden = f'<style:style style:name="h" style:family="text"><style:text-properties {properties}/></style:style>'
    cells = ('table:number-columns-spanned="2"', "项目"), ("", "合计")
    top = "".join(f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>" for more, text in cells)
    low = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in (
        "一般", '<text:span text:style-name="h">9</text:span>12', "3<text:s/>元"))  # fmt: skip
    top = top.replace(
        "</table:table-cell><table:table-cell >", "</table:table-cell><table:covered-table-cell/><table:table-cell >"
    )
    content = (
        f"<office:document-content{spaces}><office:automatic-styles>{hidden}</office:automatic-styles><office:body>"
        f"<office:text><text:h>支出表</text:h><text:p>部门：某局<text:tab/>单位：元</text:p><table:table>"
        f"<table:table-row>{top}</table:table-row><table:table-row>{low}</table:table-row></table:table>"
        "</office:text></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
    return stream.getvalue()


def test_odt():
    assert shown(odt()) == ["支出表", "部门：某局\t单位：元", [["项目", "项目", "合计"], ["一般", "12", "3 元"]]]
    assert read_word(odt(), "a").unread == ("hidden text not read (1 place)",)


@pytest.mark.parametrize(
    ("size", "amount", "unread"), [(1.5, "12", ("text too small to be seen not read (1 place)",)), (2.5, "912", ())]
)
def test_small_letters_of_odt(size: float, amount: str, unread: tuple[str, ...]) -> None:
    data = odt(f'fo:font-size="{size}pt"')
    assert (shown(data)[-1][1], read_word(data, "a").unread) == (["一般", amount, "3 元"], unread)
