"""A small document, whole enough to have all frames, in every format that budgetkit reads: what mutants are made of."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from test_formats import as_docx, as_html, as_xlsx
from test_office_shown import fods, packed, record, text16
from test_word_seen import odt

from budgetkit.model import Line, Page
from budgetkit.readers.opening import open_source
from tools.typeset.describe import read_sample
from tools.typeset.model import Document, Table
from tools.typeset.render import render

_FORMS = ("income_expenditure_summary", "expenditure", "three_public", "project_self_evaluation")


@cache
def small() -> Document:
    """The prose, three tables and a form of a sample."""
    whole = read_sample("korla_service_center_final_2022")
    tables = [block for block in whole.blocks if isinstance(block, Table)]
    chosen = [next(table for table in tables if table.form == form) for form in _FORMS]
    return replace(whole, blocks=(*whole.blocks[:20], *whole.blocks[29:34], *whole.blocks[43:49], *chosen))


@cache
def pdf() -> bytes:
    return render(small())


@cache
def pages() -> tuple[Page, ...]:
    return tuple(open_source(pdf(), "seed").pages)


def rows(of: Sequence[Page] | None = None) -> list[list[str]]:
    """All that is on the pages as one sheet; cells under merged ones are blank."""
    found: list[list[str]] = []
    for page in of or pages():
        for block in page.blocks:
            if isinstance(block, Line):
                found.append([block.text])
                continue
            grid = [[""] * block.cols for _ in range(block.rows)]
            for cell in block.cells:
                grid[cell.row][cell.col] = cell.text
            found += grid
    return found


def csv() -> bytes:
    import csv
    import io

    stream = io.StringIO()
    csv.writer(stream).writerows(row for row in rows() if len(row) > 1)
    return stream.getvalue().encode("gb18030")


def text() -> bytes:
    return "\n".join("\t".join(cell.replace("\n", "") for cell in row) for row in rows()).encode()


def mhtml() -> bytes:
    import base64

    body = base64.encodebytes(as_html(pages()))
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    part = 'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return (head + part).encode() + body + b"\r\n--b--\r\n"


def ods() -> bytes:
    cells = "<table:table-row>{}</table:table-row>"
    from xml.sax.saxutils import escape

    body = "".join(
        cells.format("".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row))
        for row in rows()
    )
    flat = fods()
    at = flat.index("<table:table-row >", flat.index('table:name="表"'))
    return packed(flat[:at] + body + flat[at:], "application/vnd.oasis.opendocument.spreadsheet")


def xls() -> bytes:
    """BIFF8 with one sheet in a container."""
    return biff(
        record(0x204, struct.pack("<HHH", row, col, 0) + text16(text[:2000]))
        for row, texts in enumerate(rows())
        for col, text in enumerate(texts)
        if text
    )


def biff(cells: Iterable[bytes]) -> bytes:
    """A workbook of one sheet with the records of its cells."""
    end = record(0x0A, b"")
    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    font = record(0x31, struct.pack("<HHHHHBBBB", 220, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + text16("a", "<B"))
    xf = record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0, 0, 0, 0, 0xFC, 0, 0, 0x20C0))
    at = len(start + font * 4 + xf + end) + 4 + 8 + 2
    name = record(0x85, struct.pack("<IH", at, 0) + text16("表", "<B"))
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + b"".join(cells) + end
    return ole({"Workbook": start + font * 4 + xf + name + end + sheet})


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A container with streams below its root, each in sectors of its own."""
    names = ["Root Entry", *streams]
    padded = {
        name: data.ljust(4096, b"\0") + b"\0" * (-len(data.ljust(4096, b"\0")) % 512) for name, data in streams.items()
    }
    lists = [-(-len(names) // 4), *(len(data) // 512 for data in padded.values())]
    tables = next(count for count in range(1, 110) if count * 128 >= sum(lists) + count)
    fat = [0xFFFFFFFD] * tables
    starts = []
    for count in lists:
        starts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 40, 0, tables, starts[0], 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, *range(tables), *([0xFFFFFFFF] * (109 - tables)))
    directory = bytearray(lists[0] * 512)
    for number, name in enumerate(names):
        place = number * 128
        encoded = name.encode("utf-16-le")
        directory[place : place + len(encoded)] = encoded
        struct.pack_into("<HBB", directory, place + 64, len(encoded) + 2, 2 if number else 5, 1)
        right = number + 1 if 0 < number < len(names) - 1 else 0xFFFFFFFF
        struct.pack_into("<III", directory, place + 68, 0xFFFFFFFF, right, 0xFFFFFFFF if number else 1)
        start, size = (starts[number], len(padded[name])) if number else (0xFFFFFFFE, 0)
        struct.pack_into("<IQ", directory, place + 116, start, size)
    return bytes(header) + struct.pack(f"<{len(fat)}I", *fat) + bytes(directory) + b"".join(padded.values())


def doc() -> bytes:
    """Word 97: a text in one piece, with paragraphs and nothing else."""
    words = "\r".join(" ".join(row) for row in rows()).replace("\n", " ") + "\r"
    body = words.encode("utf-16-le")
    at, length = 1024, len(words)
    fib = bytearray(at)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5EC, 0xC1, 0, 0x804, 0, 0x1200)
    struct.pack_into("<H", fib, 12, 0xBF)
    struct.pack_into("<II", fib, 24, at, at + len(body))
    struct.pack_into("<H", fib, 32, 14)
    struct.pack_into("<H", fib, 62, 22)
    struct.pack_into("<I", fib, 64, at + len(body))
    struct.pack_into("<I", fib, 76, length)
    struct.pack_into("<H", fib, 152, 93)
    pieces = struct.pack("<II", 0, length) + struct.pack("<HIH", 0, at, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    return ole({"WordDocument": bytes(fib) + body, "1Table": clx})


#: by format, how to make the document
SEEDS: Mapping[str, Callable[[], bytes]] = {
    "pdf": pdf,
    "html": lambda: as_html(pages()),
    "xlsx": lambda: as_xlsx(pages()),
    "xls": xls,
    "docx": lambda: as_docx(pages()),
    "doc": doc,
    "ods": ods,
    "odt": odt,
    "text": text,
    "csv": csv,
    "mhtml": mhtml,
}
