"""Read an HTML page: tables with spans as grids, the text around them as lines."""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from budgetkit.errors import UnreadableDocument
from budgetkit.model import Cell, Grid, Line, Page, Source
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import squeeze
from budgetkit.readers.rasters import make_grid, tidy_line
from budgetkit.readers.sniff import sniff
from budgetkit.readers.web.placed import read_sheet, sheets

#: lxml has no types, and is imported by the functions that need it
Element = Any

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.I)
#: embedded images: megabytes that no reader needs
_DATA_URI = re.compile(r"data:[\w.+-]+/[\w.+-]+(?:;[\w=.-]+)*;base64,[A-Za-z0-9+/=\s%]*")
# fmt: off
_SILENT = frozenset({"head", "script", "style", "noscript", "template", "title", "select", "option", "textarea",
    "button", "svg", "object", "iframe", "input", "map"})
_BREAKS = frozenset({"address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div",
    "dl", "dt", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"})
# fmt: on
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_ATTACHED = re.compile(r"\.(?:pdf|xlsx?|docx?|et|wps|ofd|zip|rar)$", re.I)
#: spans beyond these are typing errors (the HTML standard's own limits)
_MOST_COLS, _MOST_ROWS = 1000, 65534


class _Slot(NamedTuple):
    """A td or th and the place where it stands."""

    row: int
    col: int
    rowspan: int
    colspan: int
    element: Element


def read_html(data: bytes, name: str) -> Source:
    """Read one HTML page (网页), also a table that Excel saved as a single HTML page.

    Text that a browser would not show (scripts, styles, ``display:none`` in a style attribute, ``hidden``) is left
    out; style sheets are not evaluated. A table that only lays out others, has a single cell, row or column gives
    lines; every other gives a grid. A page made of absolutely placed texts, as converters from PDF write it, is
    read by place.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name, for messages.

    Returns
    -------
    Source
        One page, or one a printed page where the texts are placed; notes name the title, images and linked files.

    Raises
    ------
    UnreadableDocument
        When it is no HTML page, or one without text.

    Examples
    --------
    >>> read_html(b"<p>A<table><tr><td>1<td>2<tr><td colspan=2>3</table>", "a.html").pages[0].grids[0].cells[2]
    Cell(row=1, col=0, text='3', rowspan=1, colspan=2, box=None)
    """
    kind = sniff(data)
    if kind not in ("html", "xml", "text"):
        raise UnreadableDocument(f"{name}: not an HTML page but {kind}")
    root = _parse(decode_html(data), name)
    body = root if root.tag == "body" else root.find(".//body")
    if body is None:
        what = "of frames" if root.find(".//frameset") is not None else "without a body"
        raise UnreadableDocument(f"{name}: an HTML page {what}, its text is in other files")
    notes = tuple(_notes(root, body))
    printed = sheets(body)
    pages = [read_sheet(sheet, number, _cell_text) for number, sheet in enumerate(printed, start=1)]
    for sheet in printed:
        sheet.getparent().remove(sheet)
    around = tuple(_blocks(body))
    if pages:
        # what the site prints around the document stands on its first page, above it
        pages[0] = _with_lines(pages[0], around)
    elif around:
        pages = [Page(1, around)]
    else:
        raise UnreadableDocument(f"{name}: an HTML page without text ({'; '.join(notes) or 'no images either'})")
    return Source("html", tuple(pages), notes)


def _with_lines(page: Page, around: tuple[Line | Grid, ...]) -> Page:
    lines = tuple(block for block in around if isinstance(block, Line))
    return replace(page, blocks=(*lines, *page.blocks))


def decode_html(data: bytes) -> str:
    """The text of a page: by its BOM, else as it declares itself, else UTF-8, else GB18030.

    A declared gb2312 or gbk is read as GB18030, of which both are parts. Bytes that fit no encoding become U+FFFD.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    declared = _CHARSET.search(data[:4096])
    candidates = ["utf-8", "gb18030"]
    if declared:
        wanted = declared[1].decode("ascii").lower()
        candidates.insert(0, "gb18030" if wanted in ("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936") else wanted)
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    texts = [data.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")]
    return min(texts, key=lambda text: text.count("\ufffd"))


def _parse(text: str, name: str) -> Element:
    from lxml import etree

    # an XML declaration in a str makes lxml refuse it, NUL ends the text for libxml2
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")
    text = _DATA_URI.sub("data:", text)
    # the encoding is given as UTF-8, since libxml2 would follow a wrong declaration in the page
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument(f"{name}: damaged HTML: {error}") from error
    if root is None:
        raise UnreadableDocument(f"{name}: an HTML page without elements")
    return root


def _blocks(body: Element) -> Iterator[Line | Grid]:
    """Lines and grids of the page in reading order."""
    first_row = 0
    parts: list[str] = []
    for piece in _pieces(body, _is_table):
        if isinstance(piece, str):
            parts.append(piece)
            continue
        yield from (Line(text) for text in _lines(parts))
        parts = []
        grid = _grid(piece, first_row)
        if grid is not None:
            yield grid
            first_row += grid.rows
    yield from (Line(text) for text in _lines(parts))


def _pieces(element: Element, stop_at: Any = None) -> Iterator[str | Element]:
    """Text in reading order, "\\n" where a line ends, and the elements that `stop_at` picks instead of their text."""
    from lxml import etree

    walk = etree.iterwalk(element, events=("start", "end"))
    for event, item in walk:
        tag = item.tag
        if event == "start":
            if item is not element and (tag in _SILENT or _is_hidden(item)):
                walk.skip_subtree()
            elif stop_at is not None and tag == "table" and stop_at(item):
                yield item
                walk.skip_subtree()
            else:
                yield from _opening(item)
        else:
            # a row of a table that is mere layout stays one line, its cells parted by tabs
            if tag in ("td", "th") and item is not element:
                yield "\t"
            elif tag in _BREAKS:
                yield "\n"
            if item.tail and item is not element:
                yield _BLANKS.sub(" ", item.tail)


def _opening(item: Element) -> Iterator[str]:
    if item.tag in _BREAKS and item.tag not in ("td", "th", "br"):
        yield "\n"
    if item.text:
        yield _BLANKS.sub(" ", item.text) if item.tag != "pre" else item.text


def _lines(parts: Iterable[str]) -> list[str]:
    """The lines of text parts, without empty ones."""
    lines = (tidy_line(re.sub(r" *\t[ \t]*", "\t", line)) for line in "".join(parts).split("\n"))
    return [line for line in lines if squeeze(line)]


def _cell_text(element: Element) -> str:
    lines = "".join(part for part in _pieces(element) if isinstance(part, str)).split("\n")
    stripped = (_BLANKS.sub(" ", line).strip(" \xa0\u3000\ufeff") for line in lines)
    return "\n".join(line for line in stripped if squeeze(line))


def _is_hidden(item: Element) -> bool:
    return item.get("hidden") is not None or bool(_HIDDEN.search(item.get("style") or ""))


def _is_table(table: Element) -> bool:
    """Whether a table holds data, and does not merely lay out prose, navigation or other tables."""
    slots = _slots(table)
    rows = {slot.row for slot in slots}
    cols = {slot.col for slot in slots}
    texts = [_cell_text(slot.element) for slot in slots if slot.element.find(".//table") is None]
    filled = [text for text in texts if text]
    if len(cols) < 2 or not filled:
        return False
    numbers = sum(parse_number(text) is not None for text in filled)
    inner = sum(
        parse_number(_cell_text(cell)) is not None
        for table_within in table.iter("table")
        if table_within is not table
        for cell in table_within.iter("td")
        if cell.find(".//table") is None
    )
    if len(rows) < 2:
        # a single row: the last row of a table that was cut, or navigation
        return numbers >= 2
    return table.find(".//table") is None or numbers > inner


def _grid(table: Element, first_row: int) -> Grid | None:
    cells = [Cell(slot.row, slot.col, _cell_text(slot.element), slot.rowspan, slot.colspan) for slot in _slots(table)]
    return make_grid(1, cells, "html", first_row)


def _slots(table: Element) -> list[_Slot]:
    """The cells of a table with their places, by the rules of the HTML standard."""
    slots: list[_Slot] = []
    taken: set[tuple[int, int]] = set()
    rows = list(_rows(table))
    for row, tr in enumerate(rows):
        col = 0
        for element in tr.iterchildren("td", "th"):
            if _is_hidden(element):
                continue
            while (row, col) in taken:
                col += 1
            colspan = max(_span(element, "colspan", _MOST_COLS), 1)
            rowspan = min(_span(element, "rowspan", _MOST_ROWS) or len(rows), len(rows) - row)
            taken.update((row + down, col + right) for down in range(rowspan) for right in range(colspan))
            slots.append(_Slot(row, col, rowspan, colspan, element))
            col += colspan
    return slots


def _rows(table: Element) -> Iterator[Element]:
    """The rows of this table, not of tables within it."""
    for child in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if _is_hidden(child):
            continue
        if child.tag == "tr":
            yield child
        else:
            yield from (tr for tr in child.iterchildren("tr") if not _is_hidden(tr))


def _span(element: Element, attribute: str, most: int) -> int:
    match = re.match(r"\s*(\d{1,9})", element.get(attribute) or "")
    return min(int(match[1]), most) if match else 1


def _notes(root: Element, body: Element) -> Iterator[str]:
    title = root.findtext(".//title")
    if title and squeeze(title):
        yield f"title: {_BLANKS.sub(' ', title).strip()}"
    images = [item.get("src") or "" for item in body.iter("img") if not _is_hidden(item)]
    if images:
        names = dict.fromkeys("embedded" if src.startswith("data:") else _file_name(src) for src in images)
        shown = ", ".join(list(names)[:5]) + (", …" if len(names) > 5 else "")
        yield f"{len(images)} images not read, tables or text in them are missing: {shown}"
    for link in body.iter("a"):
        target = _file_name(link.get("href") or "")
        if _ATTACHED.search(target):
            yield f"linked file not read: {target} ({link.get('title') or _cell_text(link)})"


def _file_name(url: str) -> str:
    try:
        return posixpath.basename(unquote(urlsplit(url).path)) or url[:60]
    except ValueError:
        return url[:60]
