"""Read a Word document: paragraphs as lines, tables as grids, in the order of the body."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from budgetkit.errors import UnreadableDocument
from budgetkit.model import Cell, Grid, Line, Page, Source
from budgetkit.printed.widths import squeeze
from budgetkit.readers.rasters import make_grid, tidy_line
from budgetkit.readers.sniff import sniff

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: the second writing of a drawing for old programs, and deleted text of tracked changes
_SKIPPED = frozenset(
    ("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback", f"{_W}del", f"{_W}moveFrom")
)
_MARKS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_docx(data: bytes, name: str) -> Source:
    """Read a DOCX document (Word or WPS).

    A document has no pages until a program lays it out, so that all comes as one page. A table with one cell or one
    column is a frame around prose and gives lines; a table within a cell of a data table stays text of the cell.
    Headers, footers, comments, numbers of automatic lists and hidden or deleted text are not read.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name, for messages.

    Returns
    -------
    Source
        One page; a note counts pictures, which are not read.

    Raises
    ------
    UnreadableDocument
        When it is no DOCX document, is damaged, needs a password, or has no text.
    """
    kind = sniff(data)
    if kind == "encrypted-office":
        raise UnreadableDocument(f"{name}: the document is encrypted and needs a password")
    if kind != "docx":
        hint = "; save it as DOCX" if kind in ("doc", "rtf") else ""
        raise UnreadableDocument(f"{name}: not a DOCX document but {kind}{hint}")
    body = _body(data, name)
    blocks: list[Line | Grid] = []
    first_row = 0
    for block in _blocks(body):
        if isinstance(block, Line):
            blocks.append(block)
            continue
        grid = make_grid(1, block, "docx", first_row)
        if grid is not None:
            blocks.append(grid)
            first_row += grid.rows
    pictures = sum(1 for item in body.iter() if isinstance(item.tag, str) and item.tag.endswith("}blip"))
    notes = (f"{pictures} pictures not read, tables or text in them are missing",) if pictures else ()
    if not blocks:
        raise UnreadableDocument(f"{name}: a DOCX document without text{f' ({notes[0]})' if notes else ''}")
    return Source("docx", (Page(1, tuple(blocks)),), notes)


def _body(data: bytes, name: str) -> Any:
    import docx

    try:
        body = docx.Document(io.BytesIO(data)).element.body
    # one call into python-docx: damaged packages raise BadZipFile, zlib.error, KeyError, lxml errors, its own
    # PackageNotFoundError, AttributeError and others, all of which mean the same here
    except Exception as error:
        raise UnreadableDocument(f"{name}: damaged DOCX document: {type(error).__name__}: {error}") from error
    if body is None:
        raise UnreadableDocument(f"{name}: damaged DOCX document: it has no body")
    return body


def _blocks(parent: Any) -> Iterator[Line | list[Cell]]:
    """Lines, and cells of tables, in the order of the document."""
    for item in parent.iterchildren():
        if item.tag == f"{_W}p":
            yield from (Line(text) for text in _paragraph(item))
            # text boxes are anchored in a paragraph and shown after or beside it
            for box in _text_boxes(item):
                yield from _blocks(box)
        elif item.tag == f"{_W}tbl":
            cells = _cells(item)
            if _is_data(cells):
                yield [cell for cell, _ in cells]
            else:
                for _, element in cells:
                    yield from _blocks(element)
        elif item.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"):
            yield from _blocks(item)


def _is_data(cells: list[tuple[Cell, Any]]) -> bool:
    """Whether a table is more than a frame around prose or around other tables."""
    filled = [cell for cell, element in cells if cell.text and element.find(f".//{_W}tbl") is None]
    inner = sum(1 for _, element in cells for _ in element.iter(f"{_W}tbl"))
    cols = {cell.col for cell, _ in cells}
    return len(cols) > 1 and bool(filled) and (not inner or len(filled) > 2 * inner)


def _cells(table: Any) -> list[tuple[Cell, Any]]:
    """The cells of a table with their elements; vertically merged ones once."""
    rows = list(_rows(table))
    placed: dict[tuple[int, int], tuple[int, int, Any]] = {}
    open_at: dict[int, tuple[int, int]] = {}
    for row, tr in enumerate(rows):
        col = _grid_skip(tr, "gridBefore")
        for tc in _children(tr, "tc"):
            span = max(_value(tc, "gridSpan") or 1, 1)
            merge = tc.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            above = open_at.get(col)
            if goes_on and above is not None and placed[above][1] == span:
                height, _, first = placed[above]
                placed[above] = (height + 1, span, first)
            else:
                placed[row, col] = (1, span, tc)
                open_at.pop(col, None)
                if merge is not None:
                    open_at[col] = (row, col)
            col += span
    return [
        (Cell(row, col, "\n".join(_cell_lines(tc)), height, span), tc)
        for (row, col), (height, span, tc) in placed.items()
    ]


def _rows(table: Any) -> Iterator[Any]:
    for tr in _children(table, "tr"):
        if tr.find(f"{_W}trPr/{_W}del") is None:
            yield tr


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Children with a tag, also where a content control wraps them."""
    for item in parent.iterchildren():
        if item.tag == f"{_W}{tag}":
            yield item
        elif item.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _children(item, tag)


def _grid_skip(tr: Any, tag: str) -> int:
    item = tr.find(f"{_W}trPr/{_W}{tag}")
    return _number(item)


def _value(tc: Any, tag: str) -> int:
    return _number(tc.find(f"{_W}tcPr/{_W}{tag}"))


def _number(item: Any) -> int:
    """The val attribute as a span; damaged and absurd ones count as none."""
    value = "" if item is None else item.get(f"{_W}val") or ""
    return min(int(value), 1000) if value.isascii() and value.isdigit() else 0


def _cell_lines(element: Any) -> Iterator[str]:
    """All lines of a cell, those of tables within it row by row."""
    for item in element.iterchildren():
        if item.tag == f"{_W}p":
            yield from (text.replace("\t", " ") for text in _paragraph(item))
        elif item.tag == f"{_W}tr":
            cells = ("".join(_cell_lines(tc)) for tc in _children(item, "tc"))
            yield " ".join(text for text in cells if text)
        elif item.tag not in _SKIPPED and not str(item.tag).endswith("Pr"):
            yield from _cell_lines(item)


def _paragraph(paragraph: Any) -> list[str]:
    """The lines of a paragraph, blank ones left out."""
    lines = (tidy_line(line) for line in "".join(_runs(paragraph)).split("\n"))
    return [line for line in lines if squeeze(line)]


def _runs(element: Any) -> Iterator[str]:
    for item in element.iterchildren():
        if item.tag == f"{_W}t":
            yield item.text or ""
        elif item.tag in _MARKS:
            yield _MARKS[item.tag]
        elif item.tag == f"{_W}r" and item.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        # drawings hold text boxes, which follow the paragraph; properties hold tab stops, which are no tabs
        elif item.tag not in _SKIPPED and not str(item.tag).endswith(("Pr", "}drawing", "}pict", "}AlternateContent")):
            yield from _runs(item)


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not any(above.tag in _SKIPPED or above.tag == f"{_W}txbxContent" for above in box.iterancestors()):
            yield box
