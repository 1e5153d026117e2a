"""HTML pages: spans, layout tables, lines, encodings, placed pages, and damaged input."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetkit.errors import UnreadableDocument
from budgetkit.model import Cell, Line
from budgetkit.readers.web.html import decode_html, read_html

SHARED = Path(__file__).resolve().parents[2] / "shared"
corpus = pytest.mark.skipif(not SHARED.exists(), reason="the folder of real documents is not here")


def page_of(text: str):
    (page,) = read_html(text.encode(), "a.html").pages
    return page


def texts(grid):
    return [[cell.text for cell in row] for row in grid.matrix]


def test_spans_tile_the_grid():
    page = page_of(
        "<table><thead><tr><th rowspan=2>项目</th><th colspan=2>支出</th></tr><tr>"
        "<th>基本</th><th>项目</th></tr></thead><tbody><tr><td>合计</td><td>1.00</td></tr></tbody></table>"
    )
    (grid,) = page.grids
    assert (grid.rows, grid.cols, grid.read_by, grid.first_row) == (3, 3, "html", 0)
    assert grid.cells == (
        Cell(0, 0, "项目", 2, 1),
        Cell(0, 1, "支出", 1, 2),
        Cell(1, 1, "基本"),
        Cell(1, 2, "项目"),
        Cell(2, 0, "合计"),
        Cell(2, 1, "1.00"),
        Cell(2, 2, ""),
    )


def test_reading_order_and_first_row():
    page = page_of(
        "<h1>收支总表</h1><p>部门：某局&nbsp;&nbsp;&nbsp;&nbsp;单位：万元</p><table><tr><td>a<td>1<tr><td>b<td>2</table>"
        "之间<br>两行<table><tr><td>c<td>3<tr><td>d<td>4</table>注：完"
    )
    assert [block.text if isinstance(block, Line) else block.first_row for block in page.blocks] == [
        "收支总表",
        "部门：某局\t单位：万元",
        0,
        "之间",
        "两行",
        2,
        "注：完",
    ]


def test_lines_of_a_cell():
    (grid,) = page_of(
        "<table><tr><td><p>一般公共<br>预算</p><p>\n&nbsp;</p></td><td>1\n 2</td></tr><tr><td>x<td>y</table>"
    ).grids
    assert texts(grid) == [["一般公共\n预算", "1 2"], ["x", "y"]]


def test_layout_tables_are_lines():
    page = page_of(
        "<table><tr><td>首页</td><td>预算</td></tr><tr><td>菜单</td><td><table><tr><td>合计</td><td>5.00</td></tr>"
        "<tr><td>基本</td><td>3.00</td></tr></table></td></tr></table><table><tr><td>一段话</td></tr></table>"
    )
    assert [line.text for line in page.lines] == ["首页\t预算", "菜单", "一段话"]
    assert [texts(grid) for grid in page.grids] == [[["合计", "5.00"], ["基本", "3.00"]]]


def test_table_within_a_data_cell_stays_its_text():
    (grid,) = page_of(
        "<table><tr><td>合计</td><td>5.00</td></tr><tr><td>基本</td><td><table><tr><td>说明</td></tr></table></td></tr></table>"
    ).grids
    assert texts(grid) == [["合计", "5.00"], ["基本", "说明"]]


def test_what_is_not_shown_is_not_read():
    page = page_of(
        "<head><title>某局</title><style>p{}</style></head><body><script>var a=1</script><p>正文</p>"
        "<div style='color:red; DISPLAY : none'>藏</div><!-- 注 --><p hidden>藏</p>"
        "<table><tr><td>a<td style='display:none'>9<td>1<tr style='display:none'><td>x<td>7"
        "<tr><td>b<td>2</table></body>"
    )
    assert [line.text for line in page.lines] == ["正文"]
    assert texts(page.grids[0]) == [["a", "1"], ["b", "2"]]


def test_notes_name_images_and_files():
    source = read_html(
        '<title>某局预算</title><p>见附件<img src="data:image/png;base64,AAAA"><img src="/x/表1.png?v=1">'
        '<a href="/f/4174.xlsx">附表</a>'.encode(),
        "a",
    )
    assert source.unread == (
        "2 images not read, tables or text in them are missing: embedded, 表1.png",
        "linked file not read: 4174.xlsx (附表)",
    )


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("gb18030", "gb2312"),
        ("gb18030", None),
        ("utf-8", None),
        ("utf-8", "gbk"),
        ("utf-16", None),
        ("utf-8-sig", "gbk"),
    ],
)
def test_encodings(encoding, declared):
    text = (f'<meta charset="{declared}">' if declared else "") + "<p>〇三公经费㎡镕</p>"
    if (encoding, declared) == ("utf-8", "gbk"):
        # a wrong declaration is noticed only when the bytes do not fit it
        text += "三"
    assert decode_html(text.encode(encoding)) == text


def test_absurd_spans_are_cut():
    (grid,) = page_of("<table><tr><td rowspan=99999 colspan=0>a<td>1<tr><td>2</table>").grids
    assert grid.cells == (Cell(0, 0, "a", 2, 1), Cell(0, 1, "1"), Cell(1, 1, "2"))


def test_placed_page_is_read_by_place():
    texts_at = [(10, 10, "收支总表"), (12, 42, "项目"), (112, 42, "预算数"), (12, 62, "合计"), (112, 62, "1,234.50")]
    words = "".join(
        f'<div style="position:absolute;left:{x}pt;top:{y}pt;font-size:10pt;line-height:10pt">{text}</div>'
        for x, y, text in texts_at
    )
    across = "".join(
        f'<div style="position:absolute;left:5pt;top:{y}pt;width:200pt;height:0pt;border-bottom:0.5pt solid red"></div>'
        for y in (38, 58, 78)
    )
    down = "".join(
        f'<div style="position:absolute;left:{x}pt;top:38pt;width:0pt;height:40pt;border-right:0.5pt solid red"></div>'
        for x in (5, 105, 205)
    )
    sheet = f'<div style="width:595pt;height:842pt;position:relative">{words}{across}{down}</div>'
    source = read_html(f"<html><body><p>网站</p>{sheet * 5}</body></html>".encode(), "a")
    assert [page.number for page in source.pages] == [1, 2, 3, 4, 5]
    assert [line.text for line in source.pages[0].lines] == ["网站", "收支总表"]
    (grid,) = source.pages[4].grids
    assert (texts(grid), grid.page, grid.read_by) == ([["项目", "预算数"], ["合计", "1,234.50"]], 5, "html")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4", "a.html: not an HTML page but pdf"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "a.html: not an HTML page but mhtml"),
        (b"", "a.html: not an HTML page but empty"),
        (b"<html><head></head></html>", "a.html: an HTML page without a body, its text is in other files"),
        (
            b"<html><frameset><frame src=a></frameset></html>",
            "a.html: an HTML page of frames, its text is in other files: a; open those",
        ),
        (
            b"<html><body><img src=scan.jpg></body></html>",
            "a.html: an HTML page without text (1 images not read, tables or text in them are missing: scan.jpg)",
        ),
    ],
)
def test_unreadable(data, reason):
    with pytest.raises(UnreadableDocument) as caught:
        read_html(data, "a.html")
    assert str(caught.value) == reason


@corpus
def test_real_page_with_a_linked_workbook():
    source = read_html((SHARED / "corpus" / "kunming_2b25c88.html").read_bytes(), "kunming")
    assert len(source.pages) == 1
    assert source.pages[0].grids == ()
    assert any("4174854.xlsx" in note for note in source.unread)
    assert any("10,690,192.36元" in line.text for line in source.pages[0].lines)


@corpus
def test_real_page_made_from_pdf():
    source = read_html((SHARED / "corpus" / "yantai_423af5a.html").read_bytes(), "yantai")
    assert (len(source.pages), sum(len(page.grids) for page in source.pages)) == (53, 39)
    assert texts(source.pages[7].grids[0])[2][:8] == [
        "",
        "",
        "",
        "合 计",
        "35,874.49",
        "28,685.65",
        "28,467.65",
        "218.00",
    ]
