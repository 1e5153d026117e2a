"""OpenDocument, separated values and archives that would cost too much, or reach out, when they are read carelessly."""

# ruff: noqa: E501
from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = "".join(f' xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "table", "text", "style", "draw"))
_CELL = "<table:table-cell><text:p>1</text:p></table:table-cell>"
_MIME = "application/vnd.oasis.opendocument."


def flat(body: str, kind: str = "spreadsheet", head: str = "") -> bytes:
    """One file of markup."""
    return (
        f'<?xml version="1.0"?>{head}<office:document{_SPACES} office:mimetype="{_MIME}{kind}"><office:body>'
        f"<office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()


def packed(body: str, kind: str = "spreadsheet", head: str = "") -> bytes:
    """The same in a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        package.writestr("mimetype", _MIME + kind, zipfile.ZIP_STORED)
        package.writestr("content.xml", flat(body, kind, head))
    return stream.getvalue()


def _sheet(rows: str) -> str:
    return f'<table:table table:name="a">{rows}</table:table>'


def _repeated(columns: int, rows: int, times: int = 1) -> str:
    cell = _CELL.replace("cell>", f'cell table:number-columns-repeated="{columns}">', 1)
    return _sheet(f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>' * times)


def _laughs(levels: int = 11) -> str:
    told = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, levels + 1))
    return f'<!DOCTYPE x [<!ENTITY a0 "lol">{told}]>'


_LAUGH = _sheet("<table:table-row><table:table-cell><text:p>&a11;</text:p></table:table-cell></table:table-row>")
_OUTSIDE = '<!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>'
_NESTED = "<table:table><table:table-row><table:table-cell>"


def _archive(depth: int) -> bytes:
    """A zip in a zip in a zip, whose innermost holds much."""
    data, name = b"0" * 50_000_000, "a.txt"
    for level in range(depth):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
            package.writestr(name, data)
        data, name = stream.getvalue(), f"{level}.zip"
    return data


#: by name, how to make each
FILES: Mapping[str, Callable[[], bytes]] = {
    "ods: one cell repeated everywhere": lambda: packed(_repeated(16_384, 1_048_576)),
    "ods: rows repeated again and again": lambda: packed(_repeated(1_000, 1_000, 1_000)),
    "ods: absurd repetition": lambda: packed(_repeated(999_999_999_999, 999_999_999_999)),
    "ods: many sheets": lambda: packed(_sheet(f"<table:table-row>{_CELL}</table:table-row>") * 20_000),
    "ods: many cells": lambda: packed(_sheet(f"<table:table-row>{_CELL * 100}</table:table-row>" * 5_000)),
    "ods: blanks repeated": lambda: packed(
        _sheet('<table:table-row><table:table-cell><text:p><text:s text:c="999999999"/></text:p></table:table-cell></table:table-row>')
    ),
    "ods: spans": lambda: packed(
        _sheet('<table:table-row><table:table-cell table:number-columns-spanned="16384" table:number-rows-spanned="1048576"><text:p>1</text:p></table:table-cell></table:table-row>')
    ),
    "ods: a zip bomb": lambda: packed(" " * 500_000_000),
    "ods: entities": lambda: packed(_LAUGH, head=_laughs()),
    "ods: an entity from outside": lambda: packed(_LAUGH, head=_OUTSIDE),
    "fods: entities": lambda: flat(_LAUGH, head=_laughs()),
    "fods: an entity from outside": lambda: flat(_LAUGH, head=_OUTSIDE),
    "fods: one cell repeated everywhere": lambda: flat(_repeated(16_384, 1_048_576)),
    "odt: deep tables": lambda: packed(_NESTED * 20_000, "text"),
    "odt: tables in tables": lambda: packed(_NESTED * 100 + "<text:p>1</text:p>" + "</table:table-cell></table:table-row></table:table>" * 100, "text"),
    "odt: many paragraphs": lambda: packed("<text:p>1</text:p>" * 2_000_000, "text"),
    "odt: paragraphs": lambda: packed("<text:p>支出决算为1.00万元。</text:p>" * 50_000, "text"),
    "odt: blanks repeated": lambda: packed('<text:p>1<text:s text:c="999999999"/>2</text:p>' * 20, "text"),
    "odt: one cell repeated everywhere": lambda: packed(_repeated(16_384, 1_048_576), "text"),
    "csv: quotes": lambda: '支出决算表\n项目,"决算数'.encode() + b'""' * 1_000_000,
    "csv: a cell of blanks": lambda: '支出决算表\n项目,决算数\n合计,"'.encode() + b" " * 4_000_000 + b'x"\n',
    "csv: a wide row": lambda: "项目,决算数\n合计,1\n".encode() + b"1," * 100_000,
    "csv: wide rows": lambda: "项目,决算数\n".encode() + (b"1," * 1_000 + b"\n") * 1_000,
    "csv: rows": lambda: "支出决算表\n单位：万元\n项目,决算数\n".encode() + "行政运行,1.00\n".encode() * 100_000,
    "archive: zips in zips": lambda: _archive(6),
    "archive: a zip of a text": lambda: _archive(1),
}  # fmt: skip
