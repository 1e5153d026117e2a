"""Read an HTML page: tables with spans as grids, the text around them as lines."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import DEFAULT, Budget, Limits
from budgetkit.model import Grid, Line, Page, Source
from budgetkit.printed.widths import ideographs, squeeze
from budgetkit.readers.encodings import decode
from budgetkit.readers.loose import has_loose, part_loose
from budgetkit.readers.rasters import tidy_line
from budgetkit.readers.sniff import sniff
from budgetkit.readers.text.reading import part_text
from budgetkit.readers.web.placed import read_sheet, sheets
from budgetkit.readers.web.seen import keep_seen
from budgetkit.readers.web.tables import data_tables, read_table, take_titles

#: lxml has no types, and is imported by the functions that need it
Element = Any


class Stray(NamedTuple):
    """A number of a table whose place in it is not known."""

    line: Line


Block = Line | Grid | Stray

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.I)
#: embedded images: megabytes that no reader needs
_DATA_URI = re.compile(r"data:[\w.+-]+/[\w.+-]+(?:;[\w=.-]+)*;base64,[A-Za-z0-9+/=%]*")
# fmt: off
_SILENT = frozenset({"head", "script", "style", "noscript", "template", "title", "button", "svg", "object", "iframe",
    "map", "option", "datalist"})
_BREAKS = frozenset({"address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div",
    "dl", "dt", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul"})
# fmt: on
#: elements without an end that libxml2 does not know: it would put all that follows in them
_NEVER_CLOSED = re.compile(r"</?(?:wbr|source|track)\b[^<>]{0,500}>", re.I)
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}>")
_ATTRIBUTES = 5000
_ENTERED = frozenset({"", "text", "number", "tel", "search", "date", "month", "url"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_ATTACHED = re.compile(r"\.(?:pdf|xlsx?|xlsm|docx?|csv|et|wps|ofd|rtf|zip|rar|7z)\b", re.I)
_ATTACHMENT = re.compile(r"附件|下载|附表|附:")
#: pages with more words than this are no mere doors to a file
_FEW_WORDS = 4000
_FIGURE = re.compile(r"\d[.,]\d|\d{3}")
_TABS = re.compile(r" *\t[ \t]*")


def read_html(data: bytes, name: str, limits: Limits = DEFAULT) -> Source:
    """Read one HTML page (网页), also a table that Excel saved as a single HTML page.

    What a browser does not show is left out, and said where it holds figures: elements that the page's own style
    sheets or attributes hide, text of no size, of the colour behind it, off the screen, struck through. A table that
    only lays out others, has a single cell, row or column gives lines; every other gives a grid. Tables in text
    (``<pre>``) are read as those of text files. A page made of absolutely placed texts, as converters from PDF write
    it, is read by place.

    Returns: one page, or one a printed page where the texts are placed; a note has the title; `unread` names what is
    hidden, images and linked files. Raises UnreadableDocument when it is no HTML page, one without text, or more than
    the limits allow.

    >>> read_html(b"<p>A<table><tr><td>1<td>2<tr><td colspan=2>3</table>", "a.html").pages[0].grids[0].cells[2]
    Cell(row=1, col=0, text='3', rowspan=1, colspan=2, box=None)
    """
    kind = sniff(data)
    if kind not in ("html", "xml", "text"):
        raise UnreadableDocument(f"{name}: not an HTML page but {kind}")
    return read_markup(decode_html(data), Budget(name, limits))


def read_markup(text: str, budget: Budget) -> Source:
    """Read the text of a page, as `read_html`."""
    name = budget.name
    budget.hold("unpacked_bytes", len(text))
    root = _parse(text, name)
    budget.hold("objects", sum(1 for _ in root.iter()))
    budget.hold("characters", sum(len(element.text or "") + len(element.tail or "") for element in root.iter()))
    body = root if root.tag == "body" else root.find(".//body")
    if body is None:
        raise UnreadableDocument(f"{name}: {_bodiless(root)}")
    hidden = keep_seen(root, budget)
    unread = (*_unread(body), *hidden)
    printed = sheets(body)
    pages = [read_sheet(sheet, number, _cell_text) for number, sheet in enumerate(printed, start=1)]
    for sheet in printed:
        sheet.getparent().remove(sheet)
    found = list(_blocks(body, budget))
    around = tuple(block for block in found if not isinstance(block, Stray))
    strays = tuple(block.line for block in found if isinstance(block, Stray))
    if pages:
        # what the site prints around the document stands on its first page, above it
        pages[0] = _with_lines(pages[0], around)
    elif found:
        pages = [Page(1, around, strays=strays)]
    else:
        raise UnreadableDocument(f"{name}: an HTML page without text ({'; '.join(unread) or 'no images either'})")
    parted, loose = part_loose(pages)
    if loose:
        unread = (*unread, f"{loose} lines of figures that make no table not read")
    return Source("html", parted, unread)


def has_frames(text: str) -> bool:
    """Whether a page shows others in frames and nothing of its own."""
    return re.search(r"<frameset[\s>]", text, re.I) is not None


def _bodiless(root: Element) -> str:
    frames = [frame.get("src") or "" for frame in root.iter("frame")]
    if frames or root.find(".//frameset") is not None:
        return f"an HTML page of frames, its text is in other files: {', '.join(frames[:5])}; open those"
    return "an HTML page without a body, its text is in other files"


def _with_lines(page: Page, around: tuple[Line | Grid, ...]) -> Page:
    lines = tuple(block for block in around if isinstance(block, Line))
    return replace(page, blocks=(*lines, *page.blocks))


def decode_html(data: bytes) -> str:
    """The text of a page; what it declares counts only where its bytes leave a choice."""
    declared = _CHARSET.search(data[:4096])
    return decode(data, declared[1].decode("ascii") if declared else None)


def _parse(text: str, name: str) -> Element:
    from lxml import etree

    # an XML declaration in a str makes lxml refuse it, NUL ends the text for libxml2
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")
    text = _DATA_URI.sub("data:", text)
    text = _NEVER_CLOSED.sub("", text)
    # libxml2 compares every attribute of an element with all others
    most = max((match[0].count("=") for match in _LONG_TAG.finditer(text)), default=0)
    if most > _ATTRIBUTES:
        raise UnreadableDocument(f"{name}: too large: an element with {most:,} attributes")
    # the encoding is given as UTF-8, since libxml2 would follow a wrong declaration in the page
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument(f"{name}: damaged HTML: {error}") from error
    if any("depth" in error.message for error in parser.error_log.filter_from_fatals()):
        raise UnreadableDocument(f"{name}: HTML with elements nested too deeply to be read")
    if root is None:
        raise UnreadableDocument(f"{name}: an HTML page without elements")
    return root


def _blocks(body: Element, budget: Budget) -> Iterator[Block]:
    """Lines and grids of the page in reading order."""
    tables = data_tables(body, _cell_text, budget)
    first_row = 0
    parts: list[str] = []
    for piece in _pieces(body, lambda item: item in tables or item.tag == "pre"):
        if isinstance(piece, str):
            parts.append(piece)
            continue
        budget.hold_time()
        for block in _prose(parts, first_row):
            yield block
            first_row += block.rows if isinstance(block, Grid) else 0
        parts = []
        is_text = piece.tag == "pre"
        blocks = _set_lines("".join(_texts(piece)), first_row) if is_text else _set_table(piece, first_row, budget)
        for block in blocks:
            yield block
            first_row += block.rows if isinstance(block, Grid) else 0
    yield from _prose(parts, first_row)


def _prose(parts: Iterable[str], first_row: int) -> Iterator[Block]:
    """The lines of text outside tables; where they hold a table row by row, it is read as in a text file."""
    lines = _lines(parts)
    if has_loose(lines):
        yield from _set_lines("\n".join(lines), first_row)
    else:
        yield from map(Line, lines)


def _set_table(table: Element, first_row: int, budget: Budget) -> Iterator[Line | Grid]:
    """A data table with its caption above it."""
    for caption in table.iterchildren("caption"):
        yield from map(Line, _lines(_texts(caption)))
    yield from map(Line, _lines(f"{title}\n" for title in take_titles(table, _cell_text, budget)))
    grid = read_table(table, _cell_text, first_row, budget)
    if grid is not None:
        yield grid


def _set_lines(text: str, first_row: int) -> Iterator[Block]:
    page = part_text(text)
    yield from map(Stray, page.strays)
    for block in page.blocks:
        if isinstance(block, Grid):
            yield replace(block, first_row=first_row)
            first_row += block.rows
        else:
            yield block


def _texts(element: Element) -> Iterator[str]:
    return (piece for piece in _pieces(element) if isinstance(piece, str))


def _pieces(element: Element, stop_at: Callable[[Element], bool] | None = None) -> Iterator[str | Element]:
    """Text in reading order, "\\n" where a line ends, and the elements that `stop_at` picks instead of their text."""
    from lxml import etree

    walk = etree.iterwalk(element, events=("start", "end"))
    kept = [element] if element.tag == "pre" else []
    for event, item in walk:
        tag = item.tag
        if event == "start":
            if item is not element and tag in _SILENT:
                walk.skip_subtree()
            elif item is not element and stop_at is not None and stop_at(item):
                yield item
                walk.skip_subtree()
            else:
                kept += [item] if tag == "pre" and item is not element else []
                yield from _opening(item, bool(kept))
        else:
            if kept and kept[-1] is item:
                kept.pop()
            # a row of a table that is mere layout stays one line, its cells parted by tabs
            if tag in ("td", "th") and item is not element:
                yield "\t"
            elif tag in _BREAKS:
                yield "\n"
            if item.tail and item is not element:
                yield ideographs(item.tail if kept else _BLANKS.sub(" ", item.tail))


def _opening(item: Element, kept: bool) -> Iterator[str]:
    if item.tag in _BREAKS and item.tag not in ("td", "th", "br"):
        yield "\n"
    if item.tag == "input":
        yield item.get("value") or "" if (item.get("type") or "").lower() in _ENTERED else ""
    elif item.tag == "select":
        options = list(item.iter("option"))
        chosen = next((option for option in options if option.get("selected") is not None), (options or [None])[0])
        yield "" if chosen is None else "".join(chosen.itertext())
    elif item.text:
        yield ideographs(item.text if kept or item.tag == "textarea" else _BLANKS.sub(" ", item.text))


def _lines(parts: Iterable[str]) -> list[str]:
    """The lines of text parts, without empty ones."""
    lines = (tidy_line(_TABS.sub("\t", line)) for line in "".join(parts).split("\n"))
    return [line for line in lines if squeeze(line)]


def _cell_text(element: Element) -> str:
    lines = "".join(_texts(element)).split("\n")
    stripped = (_BLANKS.sub(" ", line).strip(" \xa0\u3000\ufeff") for line in lines)
    return "\n".join(line for line in stripped if squeeze(line))


def _unread(body: Element) -> Iterator[str]:
    """What of a page is not in its text: images, embedded pages, drawings, linked files."""
    images = [item.get("src") or "" for item in body.iter("img")]
    if images:
        names = dict.fromkeys("embedded" if src.startswith("data:") else _file_name(src) for src in images)
        shown = ", ".join(list(names)[:5]) + (", …" if len(names) > 5 else "")
        yield f"{len(images)} images not read, tables or text in them are missing: {shown}"
    for item in body.iter("iframe", "object", "embed"):
        source = item.get("src") or item.get("data") or ""
        if source or item.get("srcdoc"):
            yield f"embedded page or file not read: {_file_name(source) or 'srcdoc'}"
    drawings = [text for item in body.iter("svg") if _FIGURE.search(text := "".join(item.itertext()))]
    if drawings:
        yield f"{len(drawings)} drawings not read, text in them is missing: {squeeze(drawings[0])[:40]}"
    yield from dict.fromkeys(_links(body))


def _links(body: Element) -> Iterator[str]:
    """The files that the page links to, and on a page of few words whatever it offers for download."""
    door = len(squeeze("".join(_texts(body)))) < _FEW_WORDS
    for link in body.iter("a"):
        url = link.get("href") or ""
        text = link.get("title") or link.get("download") or squeeze(_cell_text(link))
        offered = link.get("download") is not None or (door and _ATTACHMENT.search(text))
        if _ATTACHED.search(_place(url)) or _ATTACHED.search(text) or (url and offered):
            yield f"linked file not read: {_file_name(url) or url[:60]} ({text})"


def _place(url: str) -> str:
    """The part of an address that can name a file."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return unquote(f"{parts.path}?{parts.query}")


def _file_name(url: str) -> str:
    try:
        return posixpath.basename(unquote(urlsplit(url).path)) or url[:60]
    except ValueError:
        return url[:60]
