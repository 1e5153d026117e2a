"""What a browser shows of a page is read, what it does not show is no fact and is said; tables in every dress."""

from __future__ import annotations

import contextlib
import time

import pytest

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Limits
from budgetkit.model import Line
from budgetkit.readers.opening import open_source
from budgetkit.readers.web.html import read_html


def rows_of(markup: str) -> list[list[str]]:
    (grid,) = read_html(markup.encode(), "a.html").pages[0].grids
    return [[cell.text if cell else "" for cell in row] for row in grid.matrix]


def table(cell: str, head: str = "") -> str:
    return f"<head>{head}</head><table><tr><td>合计<td>{cell}<tr><td>基本<td>3.00</table>"


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("", "<span style='display:none'>9</span>900.00"),
        ("", "<span style='DISPLAY : none !important'>9</span>900.00"),
        ("<style>.x{display:none}</style>", "<span class='a x'>9</span>900.00"),
        ("<style><!-- td > .x{visibility:hidden} --></style>", "<b class=x>9</b>900.00"),
        ("<style>#n{font-size:0}</style>", "<span id=n>9</span>900.00"),
        ("<style>@media screen{.x{opacity:0}}</style>", "<i class=x>9</i>900.00"),
        ("", "<font color=white>9</font>900.00"),
        ("", "<span style='color:rgb(254,255,255)'>9</span>900.00"),
        ("", "<span style='color:transparent'>9</span>900.00"),
        ("", "<span style='font-size:1px'>9</span>900.00"),
        ("", "<span style='position:absolute;left:-9999px'>9</span>900.00"),
        ("", "<span style='position:absolute;clip:rect(0,0,0,0)'>9</span>900.00"),
        ("", "<span style='position:absolute;width:1px;height:1px;overflow:hidden'>9</span>900.00"),
        ("", "<span style='mso-hide:all'>9</span>900.00"),
        ("", "<span hidden>9</span>900.00"),
        ("", "<del>1</del>900.00"),
        ("<style>.old{text-decoration:line-through red}</style>", "<span class=old><b>55.00</b></span> 900.00"),
    ],
)
def test_what_is_not_seen_is_no_figure_and_is_said(head: str, cell: str) -> None:
    markup = table(cell, head)
    assert rows_of(markup)[0] == ["合计", "900.00"]
    assert any("text not read" in note for note in read_html(markup.encode(), "a").unread)


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("<style>@media print{.x{display:none}}</style>", "<span class=x>900.00</span>"),
        ("<style>@media (max-width:600px){.x{display:none}}</style>", "<span class=x>900.00</span>"),
        ("<style>.x{display:none} td .x{display:inline}</style>", "<span class=x>900.00</span>"),
        ("<style>.x{visibility:hidden}.y{visibility:visible}</style>", "<p class=x><b class=y>900.00</b></p>"),
        ("<style>.x{font-size:0}.y{font-size:12px}</style>", "<p class=x><b class=y>900.00</b></p>"),
        ("", "<span style='color:#fff;background:#036'>900.00</span>"),
        ("", "<span style='color:#fff;background:url(a.png)'>900.00</span>"),
        ("", "900.00<sup>1</sup>"),
        ("<style>.n{vertical-align:super}</style>", "900.00<span class=n>[2]</span>"),
        ("", "<ruby>900.00<rt>1</rt></ruby>"),
        ("", "<input value='900.00'>"),
        ("", "<textarea>900.00</textarea>"),
        ("", "<select><option>1.00<option selected>900.00</select>"),
        ("", "9<wbr>00<b>.00</b>"),
    ],
)
def test_what_is_seen_is_read(head: str, cell: str) -> None:
    markup = table(cell, head)
    assert rows_of(markup)[0] == ["合计", "900.00"]
    assert not any("text not read" in note for note in read_html(markup.encode(), "a").unread)


def test_square_metres_keep_their_power() -> None:
    assert rows_of("<table><tr><td>面积<td>12 m<sup>2</sup><tr><td>甲<td>3</table>")[0][1] == "12 m²"


def test_hidden_rows_and_columns() -> None:
    head = "<col><col style='visibility:collapse'><col><tr><td>a<td>1<td>2"
    assert rows_of(f"<table>{head}<tr style='visibility:collapse'><td>x<td>8<td>9<tr><td>b<td>3<td>4</table>") == [
        ["a", "", "2"],
        ["b", "", "4"],
    ]


def test_head_and_foot_stand_where_they_are_shown() -> None:
    markup = "<table><tfoot><tr><td>z<td>3</tfoot><tbody><tr><td>b<td>2</tbody><thead><tr><td>a<td>1</thead></table>"
    assert [row[0] for row in rows_of(markup)] == ["a", "b", "z"]


@pytest.mark.parametrize(
    "markup",
    [
        "<table><form><tr><td>a<td>1</tr><tr><td>b<td>2</tr></form></table>",
        "<style>.t{display:table}.r{display:table-row}.c{display:table-cell}</style><div class=t><div class=r>"
        "<div class=c>a</div><div class=c>1</div></div>"
        "<div class=r><div class=c>b</div><div class=c>2</div></div></div>",
        "<div role=table><div role=row><span role=cell>a</span><span role=cell>1</span></div>"
        "<div role=row><span role=cell>b</span><span role=cell>2</span></div></div>",
    ],
)
def test_tables_in_other_dress(markup: str) -> None:
    assert rows_of(markup) == [["a", "1"], ["b", "2"]]


def test_titles_set_in_a_table_are_lines() -> None:
    page = read_html(
        "<table><tr><td>某局2031年部门预算<td><td><tr><td>收支总表<td><td><tr><td>部门：某局<td><td>单位：万元"
        "<tr><td>项目<td>预算数<td>备注<tr><td>合计<td>1.00<td></table>".encode(),
        "a.html",
    ).pages[0]
    assert [line.text for line in page.lines] == ["某局2031年部门预算", "收支总表", "部门：某局\t单位：万元"]
    assert page.grids[0].rows == 2


def test_caption_is_a_line_above() -> None:
    page = read_html("<table><caption>收支总表</caption><tr><td>a<td>1<tr><td>b<td>2</table>".encode(), "a").pages[0]
    assert isinstance(page.blocks[0], Line)
    assert page.blocks[0].text == "收支总表"


def test_text_set_in_columns_is_read_as_text() -> None:
    text = "单位：万元\n科目名称\t合计\n行政运行\t1.00\n培训支出\t2.00\n"
    assert rows_of(f"<html><pre>{text}</pre></html>")[1] == ["行政运行", "1.00"]


def test_a_page_that_only_links_names_the_file() -> None:
    source = read_html(
        "<html><h1>某局预算公开</h1><a href='/download?id=7'>附件：2031年部门预算</a></html>".encode(), "a"
    )
    assert source.unread == ("linked file not read: download (附件：2031年部门预算)",)


def test_mhtml_of_a_page_and_of_a_workbook() -> None:
    part = "--X\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n"
    head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=X\n\n"
    sheet = "<table><tr><td>{}<td>1.00<tr><td>基本<td>2.00</table>"
    page = open_source((head + part.format(f"<p>文</p>{sheet.format('甲')}") + "--X--").encode(), "a.mht")
    assert (page.format, page.pages[0].grids[0].cells[0].text) == ("mhtml", "甲")
    frames = part.format("<frameset><frame src=1.htm></frameset>")
    book = open_source(
        (head + frames + part.format(sheet.format("甲")) + part.format(sheet.format("乙"))).encode(), "b"
    )
    assert [(page.number, page.grids[0].page, page.grids[0].cells[0].text) for page in book.pages] == [
        (1, 1, "甲"),
        (2, 2, "乙"),
    ]


def test_external_entities_read_nothing(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    markup = f"<!DOCTYPE html [<!ENTITY x SYSTEM 'file://{secret}'>]><html><body><p>&x;正文</p></body></html>"
    assert "机密" not in "".join(line.text for line in read_html(markup.encode(), "a").pages[0].lines)


@pytest.mark.parametrize(
    "markup",
    [
        "<table>" + "<tr>" + "<td rowspan=65534 colspan=1000>1.00" * 500 + "</tr>" + "<tr><td>2.00" * 3000 + "</table>",
        "<div>" * 100_000 + "1.00",
        "<table><tr><td>a<td>" * 3000 + "1.00",
        "<style>" + "a{" * 50_000 + "</style><p>正文",
        "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">正文",
        "<p style='color:" + "(" * 50_000 + "'>正文",
    ],
)
def test_hostile_pages_end(markup: str) -> None:
    started = time.process_time()
    with contextlib.suppress(UnreadableDocument):
        read_html(f"<html>{markup}".encode(), "a.html")
    assert time.process_time() - started < 15


def test_limits_are_held() -> None:
    markup = "<table>" + "<tr><td>1<td>2" * 20 + "</table>"
    with pytest.raises(UnreadableDocument, match=r"a\.html: too large: 40 cells, and the limit is 30"):
        read_html(markup.encode(), "a.html", Limits(cells=30))


def test_grey_print_on_white_is_seen() -> None:
    assert rows_of(table("<span style='color:#888'>9</span>00.00"))[0] == ["合计", "900.00"]
