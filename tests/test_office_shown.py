"""Sheets as they are shown, of all kinds of workbooks: what is hidden is no figure, and that it is hidden is said."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import hostile_office
import pytest

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Budget
from budgetkit.model import Line, Source
from budgetkit.readers.office.excel import read_excel
from budgetkit.readers.office.sheets import as_shown
from budgetkit.readers.office.xls import read_xls

HEAD = ["编码", "名称", "合计"]


def book(change: Callable[[object], None] = lambda sheet: None, rows: list[list[object]] | None = None) -> bytes:
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "表"
    for row in rows or [["支出表"], ["单位：元"], HEAD, ["201", "一般", 900], ["202", "外交", 700]]:
        sheet.append(row)
    change(sheet)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def table(source: Source) -> list[list[str]]:
    (grid,) = source.pages[0].grids
    return [[cell.text for cell in row] for row in grid.matrix]


def set_font(place: str, **properties: object) -> Callable[[object], None]:
    from openpyxl.styles import Font

    def change(sheet):
        sheet[place].font = Font(**properties)

    return change


def set_format(code: str) -> Callable[[object], None]:
    def change(sheet):
        sheet["C4"].number_format = code

    return change


def hide_row(sheet):
    sheet.row_dimensions[4].hidden = True


def hide_column(sheet):
    sheet.column_dimensions["C"].hidden = True


@pytest.mark.parametrize(
    ("change", "expected", "said"),
    [
        (set_font("C4", color="FFFFFFFF"), ["201", "一般", ""], ("white text not read (C4)",)),
        (set_font("C4", color="00FDFDFD"), ["201", "一般", ""], ("white text not read (C4)",)),
        (set_font("C4", strike=True), ["201", "一般", ""], ("struck-through text not read (C4)",)),
        (set_font("C4", sz=1), ["201", "一般", ""], ("text too small to be seen not read (C4)",)),
        (set_font("C4", color="FFFF0000", sz=6), ["201", "一般", "900"], ()),
        (set_format(";;;"), ["201", "一般", ""], ("value hidden by its number format not read (C4)",)),
        (set_format("#,##0.00,"), ["201", "一般", "0.90"], ()),
        (set_format("yyyy-mm-dd"), ["201", "一般", "900"],
         ("numbers shown as dates of other times read as numbers (C4)",)),
        (hide_row, ["202", "外交", "700"], ("hidden row not read (A4, B4, C4)",)),
        (hide_column, ["201", "一般"], ("hidden column not read (C3, C4, C5)",)),
    ],
)  # fmt: skip
def test_what_is_not_to_be_seen(change, expected, said):
    source = read_excel(book(change), "a")
    assert table(source)[1] == expected
    assert source.unread == tuple(f"sheet '表': {sentence}" for sentence in said)


def test_white_letters_on_a_ground_are_seen():
    from openpyxl.styles import Font, PatternFill

    def change(sheet):
        sheet["C3"].font = Font(color="FFFFFFFF")
        sheet["C3"].fill = PatternFill("solid", fgColor="FF1F4E78")

    source = read_excel(book(change), "a")
    assert table(source)[0] == HEAD
    assert source.unread == ()


def test_the_same_of_several_sheets_is_said_once():
    import openpyxl
    from openpyxl.styles import Font

    workbook = openpyxl.Workbook()
    for _ in range(4):
        workbook.create_sheet().append(["名称", "合计"])
    for sheet in workbook.worksheets[1:]:
        sheet.append(["一般", 9])
        sheet["B2"].font = Font(strike=True)
    stream = io.BytesIO()
    workbook.save(stream)
    names = [repr(sheet.title) for sheet in workbook.worksheets[1:]]
    assert read_excel(stream.getvalue(), "a").unread == (
        f"sheets {', '.join(names[:3])} and 1 more: struck-through text not read (B2)",
    )


def test_formulas_errors_and_texts():
    rows = [["支出表"], ["单位：元"], HEAD, ["201", "一般", "=C5+1"], ["202", "#REF!", "'700.00"], ["203", "", "1\n2"]]
    source = read_excel(book(rows=rows), "a")
    assert table(source)[1:] == [["201", "一般", ""], ["202", "#REF!", "700.00"], ["203", "", "1；\n2"]]
    assert source.unread == (
        "sheet '表': formula without a computed value not read (C4)",
        "sheet '表': error in place of a value not read (B5)",
    )


def test_a_cell_under_a_merged_one_is_not_shown():
    cells = (["名称", "合计"], ["一般", "900"], ["外交", "700"])
    texts = ("".join(f'<c t="str"><v>{text}</v></c>' for text in row) for row in cells)
    rows = "".join(f"<row>{text}</row>" for text in texts)
    part = hostile_office.sheet(rows.encode(), '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>')
    source = read_excel(hostile_office.workbook(part), "a")
    assert table(source)[1:] == [["一般", "900"], ["外交", "900"]]
    assert source.unread == ("sheet 's0': figure under a merged cell not read (B3)",)


def test_raised_marks_are_no_digits():
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        raised = workbook.add_format({"font_script": 1})
        for row, values in enumerate([["支出表"], ["单位：元"], HEAD, ["201", "一般"]]):
            sheet.write_row(row, 0, values)
        sheet.write_rich_string(3, 2, "900.00", raised, "1")
        sheet.write_comment(3, 2, "应为 800")
        sheet.insert_textbox(0, 4, "某局公开")
        sheet.set_header('&C&"宋体"公开01表\n&P')
        chart = workbook.add_chart({"type": "bar"})
        chart.add_series({"values": "=Sheet1!$C$4:$C$4"})
        sheet.insert_chart(9, 0, chart)
    source = read_excel(stream.getvalue(), "a")
    assert table(source)[1] == ["201", "一般", "900.00¹"]
    assert [line.text for line in source.pages[0].lines][:2] == ["公开01表", "某局公开"]
    assert source.unread == ("sheet 'Sheet1': 1 chart not read", "sheet 'Sheet1': 1 comments on amounts not read")


def test_two_tables_side_by_side():
    rows = [
        ["收入表", "", "", "支出表"],
        ["单位：元", "", "", "单位：万元"],
        ["项目", "金额", "", "项目", "金额"],
        ["合计", 1, "", "合计", 2],
    ]
    (page,) = read_excel(book(rows=rows), "a").pages
    assert [b.text if isinstance(b, Line) else [[c.text for c in row] for row in b.matrix] for b in page.blocks] == [
        "收入表", "单位：元", [["项目", "金额"], ["合计", "1"]],
        "支出表", "单位：万元", [["项目", "金额"], ["合计", "2"]],
    ]  # fmt: skip


def renamed(data: bytes, rename: Callable[[str], str], change: Callable[[bytes], bytes] = lambda b: b) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(rename(name), change(old.read(name)))
    return stream.getvalue()


def strict(data: bytes) -> bytes:
    return data.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


@pytest.mark.parametrize(
    "other",
    [
        lambda data: renamed(data, str.upper),
        lambda data: renamed(data, lambda name: name.replace("/", "\\")),
        lambda data: renamed(data, str, strict),
        lambda data: renamed(data, str, lambda part: part.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")),
    ],
)
def test_packages_of_other_producers(other):
    assert table(read_excel(other(book()), "a")) == table(read_excel(book(), "a"))


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def text16(text: str, size: str = "<H") -> bytes:
    return struct.pack(size, len(text)) + b"\x01" + text.encode("utf-16-le")


def biff() -> bytes:
    """A stream of BIFF8 with one sheet: formats, a white font, a hidden row and column."""

    def font(colour: int, flags: int = 0) -> bytes:
        return record(0x31, struct.pack("<HHHHHBBBB", 220, flags, colour, 400, 0, 0, 0, 0, 0) + text16("a", "<B"))

    def xf(font: int, form: int) -> bytes:
        return record(0xE0, struct.pack("<HHHBBBBIIH", font, form, 0, 0, 0, 0, 0xFC, 0, 0, 0x20C0))

    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + font(0x7FFF) * 4 + font(9) + font(0x7FFF, 8)
    formats = record(0x41E, struct.pack("<H", 164) + text16("#,##0.00,"))
    styles = xf(0, 0) + xf(0, 164) + xf(5, 0) + xf(6, 0)
    end = record(0x0A, b"")
    at = len(start + formats + styles + end) + 4 + 8 + len("表".encode("utf-16-le"))
    sheet_name = record(0x85, struct.pack("<IH", at, 0) + text16("表", "<B"))
    cells = b"".join(
        record(0x203, struct.pack("<HHHd", row, col, style, value))
        for row, col, style, value in [
            (0, 0, 0, 5),
            (0, 1, 1, 1234560),
            (0, 2, 2, 7),
            (1, 0, 0, 8),
            (2, 3, 0, 9),
            (2, 0, 3, 6),
        ]
    )
    hidden = record(0x7D, struct.pack("<HHHHHH", 3, 3, 2000, 0, 1, 0))
    rows = record(0x208, struct.pack("<HHHHHHI", 1, 0, 4, 300, 0, 0, 0x120))
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + hidden + rows + cells + end
    return start + formats + styles + sheet_name + end + sheet


def test_xls():
    (sheet,) = read_xls(biff(), Budget("a"))
    shown = as_shown(sheet, Budget("a"))
    assert shown.rows == [["5", "1,234.56"]]
    assert shown.unread == [
        "white text not read (C1)",
        "struck-through text not read (A3)",
        "hidden row not read (A2)",
        "hidden column not read (D3)",
    ]


SPREADSHEETML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="Default"/><Style ss:ID="s1"><NumberFormat ss:Format="#,##0.00,"/></Style>
<Style ss:ID="s2" ss:Parent="s1"><Font ss:Color="#FFFFFF"/></Style>
<Style ss:ID="s3"><NumberFormat ss:Format="Fixed"/></Style>
</Styles>
<Worksheet ss:Name="表"><Table><Column ss:Index="4" ss:Hidden="1"/>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">支出表</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">单位：千元</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">名称</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">合计</Data></Cell></Row>
<Row ss:Hidden="1"><Cell><Data ss:Type="Number">1</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">一般</Data></Cell><Cell ss:StyleID="s3"><Data ss:Type="Number">2</Data></Cell>
<Cell ss:StyleID="s1"><Data ss:Type="Number">1234560</Data></Cell><Cell><Data ss:Type="Number">9</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">外交</Data></Cell><Cell ss:StyleID="s2"><Data ss:Type="Number">5</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def test_spreadsheetml():
    source = read_excel(SPREADSHEETML.encode(), "a.xls")
    assert source.format == "xls"
    assert table(source) == [["名称", "", "合计"], ["一般", "2.00", "1,234.56"], ["外交", "", ""]]
    assert source.unread == (
        "sheet '表': white text not read (B6)",
        "sheet '表': hidden row not read (A4)",
        "sheet '表': hidden column not read (D5)",
    )


def fods() -> str:
    """A flat OpenDocument workbook with a hidden sheet, a filtered row, a raised mark and a white figure."""
    oasis = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = "".join(f' xmlns:{name}="{oasis}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    styles = "".join(
        f'<style:style style:name="{name}" style:family="{family}"><style:{part}-properties {value}/></style:style>'
        for name, family, part, value in (
            ("w", "table-cell", "text", 'fo:color="#ffffff"'),
            ("u", "text", "text", 'style:text-position="super 58%"'),
            ("h", "table", "table", 'table:display="false"'),
        )
    )

    def row(*cells: str, more: str = "") -> str:
        return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"

    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    figure = cell('1,234.56<text:span text:style-name="u">1</text:span>', 'office:value-type="float" office:value="1"')
    rows = (
        row(cell("支出表")),
        row(cell("名称"), cell("合计")),
        row(cell("滤"), more='table:visibility="filter"'),
        row(cell("一般"), figure, more='table:number-rows-repeated="2"'),
        row(cell("外交"), cell("9", 'table:style-name="w"')),
        row('<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="1048000"'),
    )
    return (
        f'<?xml version="1.0"?><office:document{spaces} xmlns:fo="{oasis}:xsl-fo-compatible:1.0"'
        ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="藏" table:style-name="h">{row(cell("1"))}</table:table>'
        f'<table:table table:name="表">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document>"
    )


def packed(flat: str, mimetype: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", mimetype)
        package.writestr("content.xml", flat)
    return stream.getvalue()


@pytest.mark.parametrize("data", [fods().encode(), packed(fods(), "application/vnd.oasis.opendocument.spreadsheet")])
def test_opendocument(data):
    source = read_excel(data, "a.ods")
    assert (source.format, table(source)) == (
        "ods",
        [["名称", "合计"], ["一般", "1,234.56¹"], ["一般", "1,234.56¹"], ["外交", ""]],
    )
    assert source.unread == (
        "hidden sheet '藏' not read",
        "sheet '表': white text not read (B6)",
        "sheet '表': hidden row not read (A3)",
    )


def test_what_only_other_programs_read(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("xl/workbook.bin", b"")
    with pytest.raises(UnreadableDocument) as caught:
        read_excel(stream.getvalue(), "a.xlsb")
    assert str(caught.value) == "a.xlsb: a file of format xlsb; save it as XLSX or PDF, or install LibreOffice"
