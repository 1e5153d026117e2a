"""Small files that would cost too much, or reach out, when they are read without care."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(members: Mapping[str, Iterable[bytes] | bytes]) -> bytes:
    """A zip whose members may be written in pieces."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in members.items():
            with package.open(name, "w", force_zip64=True) as member:
                for piece in [content] if isinstance(content, bytes) else content:
                    member.write(piece)
    return stream.getvalue()


def relations(*targets: tuple[str, str]) -> bytes:
    items = "".join(
        f'<Relationship Id="r{k}" Type="{REL}/{kind}" Target="{target}"/>' for k, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{items}</Relationships>'.encode()


def workbook(
    sheet: Iterable[bytes] | bytes, sheets: int = 1, strings: Iterable[bytes] | bytes = b"", extra: str = ""
) -> bytes:
    """A minimal workbook; with several sheets, all show the same part."""
    names = "".join(f'<sheet name="s{k}" sheetId="{k + 1}" r:id="r0"/>' for k in range(sheets))
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{extra}<sheets>{names}</sheets></workbook>'.encode()
    members: dict[str, Iterable[bytes] | bytes] = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), *([("sharedStrings", "sharedStrings.xml")] if strings else [])
        ),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped(members | ({"xl/sharedStrings.xml": strings} if strings else {}))


def document(body: Iterable[bytes] | bytes, head: bytes = b"") -> bytes:
    """A minimal Word document."""

    def pieces() -> Iterable[bytes]:
        yield head + f'<w:document xmlns:w="{WORD}"><w:body>'.encode()
        yield from [body] if isinstance(body, bytes) else body
        yield b"</w:body></w:document>"

    return zipped({"_rels/.rels": relations(("officeDocument", "word/document.xml")), "word/document.xml": pieces()})


def sheet(rows: Iterable[bytes] | bytes, after: str = "") -> Iterable[bytes]:
    """The part of a sheet."""
    yield f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    yield from [rows] if isinstance(rows, bytes) else rows
    yield f"</sheetData>{after}</worksheet>".encode()


def _long_column() -> bytes:
    return workbook(sheet(b"<row><c><v>1</v></c></row>" * 4096 for _ in range(256)))


def _spread_sheet() -> bytes:
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="XFD{0}"><v>1</v></c></row>'
    return workbook(sheet(row.format(k).encode() for k in range(1, 1_048_000, 1000)))


def _filled_rows() -> bytes:
    return workbook(sheet(b"<row>" + b"<c><v>1</v></c>" * 16384 + b"</row>" for _ in range(20)))


def _shared_string() -> bytes:
    text = f'<sst xmlns="{MAIN}"><si><t>{"数" * 3_000_000}</t></si></sst>'.encode()
    return workbook(sheet(b'<row><c t="s"><v>0</v></c></row>' for _ in range(1000)), strings=text)


def _many_strings() -> bytes:
    def pieces() -> Iterable[bytes]:
        yield f'<sst xmlns="{MAIN}">'.encode()
        for _ in range(60):
            yield b"<si><t>" + b"a" * 1_000_000 + b"</t></si>"
        yield b"</sst>"

    return workbook(sheet(b""), strings=pieces())


def _merges() -> bytes:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c><c r="Z%d"><v>1</v></c></row>' % (k, k, k) for k in (1, 9999))
    ranges = '<mergeCell ref="A1:Z9999"/>' * 20_000
    return workbook(sheet(rows, f"<mergeCells>{ranges}</mergeCells>"))


def _many_sheets() -> bytes:
    return workbook(sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), sheets=20_000)


def _external_entity() -> bytes:
    head = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return document(b"<w:p><w:r><w:t>&x;seen</w:t></w:r></w:p>", head)


def _laughs() -> bytes:
    levels = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 12))
    head = f'<!DOCTYPE w [<!ENTITY a0 "lol">{levels}]>'.encode()
    return document(b"<w:p><w:r><w:t>&a11;seen</w:t></w:r></w:p>", head)


def _wide_cells() -> bytes:
    cell = b'<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>'
    return document([b"<w:tbl>", *([b"<w:tr>" + cell * 3 + b"</w:tr>"] * 2_000), b"</w:tbl>"])


def _deep_tables() -> bytes:
    cell = b"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc>"
    return document(cell * 80 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 80)


#: by name, how to make each
FILES: Mapping[str, Callable[[], bytes]] = {
    "one long column": _long_column,
    "cells far apart": _spread_sheet,
    "every column filled": _filled_rows,
    "one long string in every cell": _shared_string,
    "long strings": _many_strings,
    "merged ranges over each other": _merges,
    "many sheets of one part": _many_sheets,
    "a zip bomb as sheet": lambda: workbook(sheet(b" " * (1 << 20) for _ in range(70))),
    "a long text of blanks": lambda: workbook(sheet(b" " * (1 << 20) for _ in range(20))),
    "a zip bomb as document": lambda: document(b"<w:p/>" * (1 << 18) for _ in range(50)),
    "many paragraphs": lambda: document(b"<w:p/>" * (1 << 18) for _ in range(8)),
    "an entity from outside": _external_entity,
    "entities of entities": _laughs,
    "cells of absurd width": _wide_cells,
    "tables in tables": _deep_tables,
}
