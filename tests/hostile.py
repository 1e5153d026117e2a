"""Files made to cost too much, to reach out or to confuse, of all formats; most are small for what they would cost."""

# ruff: noqa: E501
from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

import hostile_odf as odf
import hostile_office as office
from encrypted import encrypted
from seeds import biff, ole
from test_office_shown import record
from test_pdf_limits import empty_pages, forms, page, raw_pdf, stream

_MILLION = 1_000_000
_HEAD = "某局2023年度部门决算\n"
_FONT = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
_BOX = b"/Type /XObject /Subtype /Form /BBox [0 0 400 300]"

#: what a text is made of, and how often
_REPEATED = {
    "digits": ("7", 4 * _MILLION),
    "digits in groups": ("1,234,", _MILLION // 2),
    "digits parted by blanks": ("1 ", _MILLION),
    "digits parted by points": ("1.", _MILLION),
    "digits of full width": ("１", _MILLION),
    "numerals": ("一", _MILLION),
    "numerals of money": ("壹佰万", _MILLION // 3),
    "blanks": (" ", 4 * _MILLION),
    "ideographic blanks": ("\u3000", _MILLION),
    "tabs": ("\t", 4 * _MILLION),
    "line ends": ("\n", 4 * _MILLION),
    "form feeds": ("\f", _MILLION),
    "ordinals": ("一、", _MILLION),
    "ordinals in brackets": ("（一）", _MILLION),
    "ordinals on lines": ("（一）支出\n", _MILLION // 5),
    "ordinals with points": ("1.1.", _MILLION),
    "opening brackets": ("（", _MILLION),
    "brackets": ("（）", _MILLION),
    "quotation marks": ("“", _MILLION),
    "double quotes": ('"', _MILLION),
    "commas": (",", _MILLION),
    "pipes": ("|", _MILLION),
    "pipes and words": ("支出|1|", _MILLION // 5),
    "hyphens": ("-", _MILLION),
    "percent signs": ("1%", _MILLION),
    "units of money": ("万元", _MILLION),
    "amounts": ("1.00万元", _MILLION // 5),
    "years": ("2023年", _MILLION // 4),
    "其中": ("其中：", _MILLION // 4),
    "classes": ("（类）（款）（项）", _MILLION // 10),
    "full stops": ("。", _MILLION),
    "markup": ("<b>", _MILLION),
    "stars": ("*", _MILLION),
    "formulas": ("$\\leq 3\\%$", _MILLION // 10),
    "joiners": ("\u200b", _MILLION),
    "accents": ("\u0301", _MILLION),
    "radicals": ("⺟", _MILLION),
    "unclosed tags": ("<", _MILLION),
    "statements": ("支出决算为1.00万元，完成年初预算的100.00%。", 20_000),
    "statements on lines": ("行政运行（项）支出决算为1.00万元，比上年增加1.00万元。\n", 10_000),
    "titles": ("支出决算表\n", 100_000),
    "captions": ("表1\n单位：万元\n", 100_000),
    "rows of figures": ("行政运行\t1.00\t2.00\n", 100_000),
    "rows of codes": ("2010301\t行政运行\t1.00\n", 100_000),
    "forms": ("项目支出绩效自评表\n项目名称\t甲\n", 20_000),
    "a sentence": ("支出决算为1.00万元，", 40_000),
    "figures without words": ("1.00\t", _MILLION // 2),
    "figures on lines": ("1.00\n", _MILLION // 2),
    "words on lines": ("合计\n", _MILLION // 2),
}


def _text(part: str, times: int) -> Callable[[], bytes]:
    return lambda: (_HEAD + part * times).encode()


def _in_table(part: str, times: int) -> Callable[[], bytes]:
    """The same in a cell between others."""
    return lambda: (
        _HEAD + "支出决算表\n单位：万元\n项目\t决算数\n合计\t" + part * times + "\n行政运行\t1.00\n"
    ).encode()


def _html(body: Callable[[], str], head: Callable[[], str] = str) -> Callable[[], bytes]:
    return lambda: f"<html><head><meta charset=utf-8>{head()}</head><body>{_HEAD}{body()}</body></html>".encode()


def _drawn(content: bytes, times: int, *more: bytes) -> Callable[[], bytes]:
    return lambda: page(
        stream(content * times, b"", 1), _FONT + b"/XObject << /F 5 0 R >>", *(more or (stream(b"", _BOX),))
    )


def _grid(rows: int, cols: int) -> bytes:
    """A PDF of one page with a grid and a figure in each cell."""
    lines = [b"0 %d m 400 %d l S" % (k, k) for k in range(rows)] + [b"%d 0 m %d 300 l S" % (k, k) for k in range(cols)]
    figures = [b"BT /F 1 Tf %d %d Td (1) Tj ET" % (col, row) for row in range(rows) for col in range(cols)]
    return page(stream(b"\n".join(lines + figures), b"", 1), _FONT)


def _tree(depth: int) -> bytes:
    """Pages below each other."""
    nodes = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (3 + k) for k in range(depth)]
    leaf = b"<< /Type /Page /MediaBox [0 0 9 9] >>"
    return raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", *nodes, leaf])


def _loop() -> bytes:
    return raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])


def _image() -> bytes:
    head = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    return page(stream(b"q 400 0 0 300 0 0 cm /F Do Q"), b"/XObject << /F 5 0 R >>", stream(bytes(1000), head, 1))


def _size(width: int) -> bytes:
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << %s >> >>"
            % (width, width, _FONT),
            stream(b"BT /F 9 Tf (2023) Tj ET 0 0 m 9 9 l S"),
        ]
    )


def _mhtml(parts: int, depth: int = 0) -> bytes:
    body = "".join(f'Content-Type: multipart/related; boundary="b{k}"\r\n\r\n--b{k}\r\n' for k in range(depth))
    body += "--b\r\nContent-Type: text/html\r\n\r\n<p>1</p>\r\n" * parts
    return f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n{body}--b--\r\n'.encode()


def _spreadsheetml(cells: str) -> bytes:
    return (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>'
        f"{cells}</Table></Worksheet></Workbook>"
    ).encode()


def _laughing(root: str) -> bytes:
    levels = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{levels}]>{root}'.encode()


_TEXTS = {f"text: {name}": _text(*what) for name, what in _REPEATED.items()} | {
    f"text in a cell: {name}": _in_table(*_REPEATED[name])
    for name in ("digits", "digits in groups", "numerals", "blanks", "tabs", "ordinals", "hyphens", "opening brackets")
}
_TEXTS |= {
    f"text in long lines: {name}": _text(((part * 49_000)[:49_000] + "\n"), 40)
    for name, (part, _) in _REPEATED.items()
    if name
    in (
        "digits",
        "numerals",
        "ordinals with points",
        "percent signs",
        "units of money",
        "amounts",
        "years",
        "a sentence",
    )
}
_PAGES = {
    "html: cells": _html(lambda: "<table>" + ("<tr>" + "<td>1</td>" * 100 + "</tr>") * 1_000 + "</table>"),
    "html: many cells": _html(lambda: "<table>" + ("<tr>" + "<td>1</td>" * 100 + "</tr>") * 20_000 + "</table>"),
    "html: one row": _html(lambda: "<table><tr>" + "<td>1" * 500_000 + "</table>"),
    "html: one row within bounds": _html(lambda: "<table><tr>" + "<td>1" * 250_000 + "</table>"),
    "html: one column": _html(lambda: "<table>" + "<tr><td>1" * 250_000 + "</table>"),
    "html: tables in tables": _html(lambda: "<table><tr><td>1<td>" * 5_000),
    "html: tables side by side": _html(lambda: "<table><tr><td>1<td>2</table>" * 100_000),
    "html: wide spans": _html(
        lambda: "<table>" + "<tr><td colspan=1000>1<td colspan=1000>2</tr>" * 10_000 + "</table>"
    ),
    "html: high spans": _html(
        lambda: "<table>" + "<tr><td rowspan=65534>1<td rowspan=65534>2</tr>" * 10_000 + "</table>"
    ),
    "html: spans both ways": _html(lambda: "<table><tr><td colspan=1000 rowspan=65534>1</table>"),
    "html: absurd spans": _html(lambda: "<table><tr><td colspan=999999999999 rowspan=999999999999>1</table>"),
    "html: deep": _html(lambda: "<div>" * 200_000),
    "html: deep and styled": _html(
        lambda: "<div style='display:block'>" * 20_000 + "1", lambda: "<style>div div div div p{display:none}</style>"
    ),
    "html: rules": _html(lambda: "<p>1</p>" * 2_000, lambda: "<style>" + "p.a{color:red}" * 50_000 + "</style>"),
    "html: selectors": _html(
        lambda: "<p>1</p>" * 5_000, lambda: "<style>" + "p:not(.a) ~ p, p + p {display:none}" * 500 + "</style>"
    ),
    "html: siblings": _html(
        lambda: "<p>1</p>" * 20_000, lambda: "<style>p ~ p ~ p ~ p:nth-last-child(odd) {display:none}</style>"
    ),
    "html: braces": _html(lambda: "<p>1</p>", lambda: "<style>" + "{[(" * 300_000 + "</style>"),
    "html: placed": _html(
        lambda: "".join(
            f"<div style='position:absolute;left:{k % 500}px;top:{k // 9}px'>1</div>" for k in range(50_000)
        )
    ),
    "html: an attribute": _html(lambda: "<p title='" + "a" * 10_000_000 + "'>1</p>"),
    "html: attributes": _html(lambda: "<p " + " ".join(f"a{k}=1" for k in range(300_000)) + ">1</p>"),
    "html: comments": _html(lambda: "<!--" * _MILLION),
    "html: less than": _html(lambda: "<" * _MILLION),
    "html: references": _html(lambda: "&#999999999;&lt" * 300_000),
    "html: a script": _html(lambda: "<script>" + "1;" * 2 * _MILLION + "</script>1"),
    "html: set with blanks": _html(lambda: "<pre>" + "支出  1.00   2.00\n" * 100_000 + "</pre>"),
    "html: blanks": _html(lambda: "<pre>" + " " * 4 * _MILLION + "</pre>"),
    "html: a sentence": _html(lambda: "支出决算为1.00万元，" * 40_000),
    "html: digits": _html(lambda: "<table><tr><td>项目<td>数<tr><td>合计<td>" + "7" * 2 * _MILLION + "</table>"),
    "html: pictures and files": _html(lambda: "<img src=a.png><a href=b.xls>附件</a>" * 100_000),
    "html: unclosed": _html(lambda: "<b><i><u><font>" * 100_000),
    "html: entities": lambda: _laughing("<html><body>&a11;1</body></html>"),
    "mhtml: parts": lambda: _mhtml(50_000),
    "mhtml: parts in parts": lambda: _mhtml(1, 2_000),
    "mhtml: heads": lambda: b"MIME-Version: 1.0\r\n" + b"A: b\r\n" * 500_000 + b"Content-Type: text/html\r\n\r\n<p>1",
    "mhtml: folded heads": lambda: (
        b"MIME-Version: 1.0\r\n" + b" a\r\n" * 500_000 + b"Content-Type: text/html\r\n\r\n<p>1"
    ),
}
_OFFICE = {f"office: {name}": make for name, make in office.FILES.items()} | {
    "office: a very long column": lambda: office.workbook(
        office.sheet(b"<row><c><v>1</v></c></row>" * 4096 for _ in range(1024))
    ),
    "office: a long string in many cells": lambda: office.workbook(
        office.sheet(b'<row><c t="s"><v>0</v></c></row>' * 1000 for _ in range(100)),
        strings=f'<sst xmlns="{office.MAIN}"><si><t>{"数" * 3_000_000}</t></si></sst>'.encode(),
    ),
    "office: a larger zip bomb as sheet": lambda: office.workbook(office.sheet(b" " * (1 << 20) for _ in range(2_000))),
    "office: a larger zip bomb as document": lambda: office.document(b"<w:p/>" * (1 << 18) for _ in range(800)),
    "office: many sheets with a cell": lambda: office.workbook(
        office.sheet(b'<row r="1"><c r="A1"><v>1</v></c></row>'), sheets=4_000
    ),
    "office: rows of words": lambda: office.document(
        ["<w:p><w:r><w:t>支出决算为1.00万元。</w:t></w:r></w:p>".encode() * 10_000] * 5
    ),
    "office: runs": lambda: office.document([b"<w:p>", *([b"<w:r><w:t>7</w:t></w:r>" * 10_000] * 30), b"</w:p>"]),
    "office: rows in Word": lambda: office.document(
        [b"<w:tbl>", *([b"<w:tr>" + b"<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>" * 10 + b"</w:tr>"] * 30_000), b"</w:tbl>"]
    ),
    "office: deep markup": lambda: office.document([b"<w:sdt><w:sdtContent>" * 100_000]),
    "spreadsheetml: cells repeated": lambda: _spreadsheetml('<Row ss:Index="1048576"><Cell ss:Index="16384" ss:MergeDown="99999" ss:MergeAcross="16000"><Data ss:Type="Number">1</Data></Cell></Row>'),
    "spreadsheetml: cells": lambda: _spreadsheetml('<Row><Cell><Data ss:Type="Number">1</Data></Cell></Row>' * 300_000),
    "spreadsheetml: entities": lambda: _laughing(_spreadsheetml("<Row><Cell><Data>&a11;</Data></Cell></Row>").decode()[21:]),
    "ole: cells far right": lambda: biff(record(0x203, struct.pack("<HHHd", row, 255, 0, 1)) for row in range(60_000)),
    "ole: cells": lambda: biff(record(0x203, struct.pack("<HHHd", at // 100, at % 100, 0, 1)) for at in range(300_000)),
    "ole: long strings": lambda: biff(record(0x204, struct.pack("<HHHHB", row, 0, 0, 4000, 0) + b"7" * 4000) for row in range(1_500)),
    "ole: merged ranges over each other": lambda: biff([record(0x203, struct.pack("<HHHd", 0, 0, 0, 1)), *[record(0xE5, struct.pack("<H", 1000) + struct.pack("<HHHH", 0, 65535, 0, 255) * 1000)] * 50]),
    "ole: an empty workbook": lambda: ole({"Workbook": b""}),
    "ole: zeros as workbook": lambda: ole({"Workbook": bytes(4 << 20)}),
    "ole: zeros as document": lambda: ole({"WordDocument": bytes(4 << 20), "1Table": bytes(4096)}),
}  # fmt: skip
_PDFS = {
    "pdf: forms in forms": lambda: forms(8, 10),
    "pdf: forms in forms, encrypted": lambda: encrypted(forms(8, 10)),
    "pdf: packed twice, encrypted": lambda: encrypted(page(stream(b"0 0 m 9 9 l S\n" * 40_000_000, b"", 2))),
    "pdf: packed objects, encrypted": lambda: encrypted(
        page(stream(b""), b"", stream(b"7 0 << /A 1 0 R >>" + b" " * 1_000_000_000, b"/Type /ObjStm /N 1 /First 4", 1))
    ),
    "pdf: a stream of zeros": lambda: page(stream(bytes(500_000_000), b"", 1)),
    "pdf: packed twice": lambda: page(stream(b"0 0 m 9 9 l S\n" * 40_000_000, b"", 2)),
    "pdf: paths": _drawn(b"0 0 m 9 9 l S\n", 100_000),
    "pdf: more paths": _drawn(b"0 0 m 9 9 l S\n", 1_500_000),
    "pdf: one path": _drawn(b"9 9 l\n", 1_000_000),
    "pdf: rectangles": _drawn(b"1 1 9 9 re f\n", 100_000),
    "pdf: curves": _drawn(b"0 0 m 1 2 3 4 5 6 c S\n", 100_000),
    "pdf: clips": _drawn(b"q 0 0 9 9 re W n 1 1 m 9 9 l S Q\n", 100_000),
    "pdf: clips of clips": _drawn(b"0 0 9 9 re W n\n0 0 m 9 9 l S\n", 100_000),
    "pdf: states": _drawn(b"q ", 1_000_000),
    "pdf: forms": _drawn(b"/F Do\n", 100_000),
    "pdf: images in lines": _drawn(b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID 0 EI Q\n", 100_000),
    "pdf: an image of absurd size": _image,
    "pdf: letters": _drawn(b"BT /F 9 Tf (1) Tj ET\n", 50_000),
    "pdf: letters in one place": _drawn(b"BT /F 9 Tf 50 50 Td (1 2) Tj ET\n", 20_000),
    "pdf: a long line": lambda: page(stream(b"BT /F 9 Tf (" + b"7" * 500_000 + b") Tj ET", b"", 1), _FONT),
    "pdf: a longer line": lambda: page(stream(b"BT /F 9 Tf (" + b"7 " * 3_000_000 + b") Tj ET", b"", 1), _FONT),
    "pdf: a grid": lambda: _grid(150, 60),
    "pdf: a fine grid": lambda: _grid(300, 300),
    "pdf: empty pages": lambda: empty_pages(50_000),
    "pdf: pages below each other": lambda: _tree(20_000),
    "pdf: pages that hold themselves": _loop,
    "pdf: a large page": lambda: _size(2**31 - 1),
    "pdf: a page without size": lambda: _size(0),
    "pdf: brackets": lambda: raw_pdf([b"<< /Type /Catalog /Pages " + b"[" * 500_000 + b" >>"]),
    "pdf: dictionaries": lambda: raw_pdf([b"<< /A " * 100_000]),
    "pdf: nothing but its mark": lambda: b"%PDF-1.7\n" + b"%" * 5_000_000,
    "pdf: objects": lambda: raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", *([b"<< >>"] * 200_000)]),
}  # fmt: skip
#: by name, how to make each
FILES: Mapping[str, Callable[[], bytes]] = {**_TEXTS, **_PAGES, **_OFFICE, **odf.FILES, **_PDFS}
