"""Read the sheets of an OOXML workbook (XLSX, XLSM, templates, strict) as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from budgetkit.readers.office.drawn import drawn_texts
from budgetkit.readers.office.package import Package, attribute, flag, local, real, stream_xml, whole
from budgetkit.readers.office.sheets import Gathered, Merge, Sheet
from budgetkit.readers.office.styles import Style, is_raised, joined_runs, read_styles, unseen_font
from budgetkit.readers.office.values import Stored, plain_number, seen, tidy

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9a-fA-F]{4})_")
_LAST_ROW, _LAST_COL = 1 << 20, 1 << 14
#: a row or column less high or wide (points, characters) is not to be seen
_THIN = 0.6
_TAGS = (
    "row", "col", "sheetFormatPr", "sheetView", "mergeCell", "cfRule", "oddHeader", "oddFooter", "oleObject",
)  # fmt: skip
#: codes in printed heads: &L &C &R, fonts, sizes, colours, page numbers
_HEAD_CODES = re.compile(r'&(?:"[^"]*"|\d+|K[0-9A-Fa-f]{6}|[A-Za-z+\-&])')


@dataclass(frozen=True)
class Book:
    """What all sheets of a workbook share."""

    package: Package
    strings: Sequence[tuple[str, str]]
    styles: Sequence[Style]
    #: by number, whether a conditional style may hide or change a figure
    hiding: Sequence[bool]
    epoch_1904: bool
    #: formulas are to be computed when the file is opened: zeros kept for them are no results
    uncomputed: bool


def read_xlsx(package: Package, main: str) -> Iterator[Sheet]:
    """The sheets of a workbook in their order."""
    root = package.tree(main)
    book = _book(package, main, root)
    relations = package.relations(main)
    sheets = root.findall(".//{*}sheets/{*}sheet")
    package.budget.hold("pages", len(sheets))
    for item in sheets:
        relation = relations.get(attribute(item, "id") or "")
        name = item.get("name") or ""
        if relation is None or relation.external or not package.has(relation.target):
            yield Sheet(name, skipped="sheet that is missing from the file")
        elif relation.kind.lower() != "worksheet":
            yield Sheet(name, skipped="sheet without cells")
        else:
            package.budget.hold_time()
            hidden = item.get("state") in ("hidden", "veryHidden")
            yield _sheet(book, name, relation.target, hidden)


def _book(package: Package, main: str, root: Any) -> Book:
    strings: list[tuple[str, str]] = []
    for part in package.related(main, "sharedStrings")[:1]:
        length = 0
        for item in stream_xml(package.open(part), "si"):
            text, why = _rich(item)
            strings.append((tidy(text), why))
            length += len(strings[-1][0])
            package.budget.hold("characters", length)
    styles: Sequence[Style] = (Style(),)
    hiding: Sequence[bool] = ()
    for part in package.related(main, "styles")[:1]:
        styles, hiding = read_styles(package.tree(part))
    told = {local(item): item for item in root.iterchildren()}
    properties, computing = told.get("workbookPr"), told.get("calcPr")
    epoch_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    uncomputed = computing is not None and computing.get("fullCalcOnLoad") in ("1", "true")
    return Book(package, strings, styles, hiding, epoch_1904, uncomputed)


def _rich(item: Any) -> tuple[str, str]:
    """The text of a string made of runs, and why parts of it are not to be seen."""
    pieces: list[tuple[str, bool]] = []
    unseen = ""
    for child in item.iterchildren():
        if local(child) == "t":
            pieces.append((child.text or "", False))
        elif local(child) == "r":
            font = child.find("{*}rPr")
            text = "".join(part.text or "" for part in child.iterchildren("{*}t"))
            why = unseen_font(font) if text.strip() else ""
            unseen = unseen or why
            pieces.append(("" if why else text, is_raised(font)))
    text = joined_runs(pieces)
    return (_ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text), unseen


class _Gathering:
    """What is gathered of one sheet while its part streams by."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.found = Gathered()
        self.row = -1
        self.characters = 0
        self.zeros = self.rows_shown = True

    def take(self, item: Any) -> None:
        """One element of the sheet's part."""
        kind = local(item)
        if kind == "row":
            self._row(item)
        elif kind == "col":
            self._col(item)
        elif kind == "sheetFormatPr":
            self.rows_shown = not (item.get("zeroHeight") is not None and flag(item, "zeroHeight"))
        elif kind == "sheetView":
            self.zeros = item.get("showZeros") not in ("0", "false")
        elif kind == "mergeCell" and (area := _area(item.get("ref") or "")):
            self.found.merges.append(area)
        elif kind == "cfRule":
            number = item.get("dxfId") or ""
            hiding = self.book.hiding
            if number.isdigit() and int(number) < len(hiding) and hiding[int(number)]:
                self._say("conditional formats that may hide or change figures are not evaluated")
        elif kind in ("oddHeader", "oddFooter"):
            lines = _head_lines(item.text or "")
            (self.found.above if kind == "oddHeader" else self.found.below).extend(lines)
        elif kind == "oleObject":
            self._say("an embedded object is not read; save it as a file of its own")

    def _say(self, sentence: str) -> None:
        if sentence not in self.found.unread:
            self.found.unread.append(sentence)

    def _col(self, item: Any) -> None:
        first, last = (whole(item.get(name)) for name in ("min", "max"))
        thin = real(item.get("width"), 1.0) < _THIN
        if (item.get("hidden") is not None and flag(item, "hidden")) or thin:
            self.found.hidden_cols.update(range(max(first, 1) - 1, min(last, _LAST_COL)))

    def _row(self, item: Any) -> None:
        self.row = whole(item.get("r")) - 1 if item.get("r") else self.row + 1
        if not 0 <= self.row < _LAST_ROW:
            raise ValueError(f"row {self.row + 1}")
        hidden = item.get("hidden")
        thin = real(item.get("ht"), 1.0) < _THIN
        if flag(item, "hidden") if hidden is not None else (thin or not (self.rows_shown or item.get("ht"))):
            self.found.hidden_rows.add(self.row)
        col = -1
        for cell in item.iterchildren():
            if local(cell) != "c":
                continue
            col += 1
            if place := _REFERENCE.fullmatch(cell.get("r") or ""):
                col = min(_column(place[1]), _LAST_COL - 1)
            text = self._cell(cell, (self.row, col))
            if text.strip():
                self.found.cells[self.row, col] = text
                self.characters += len(text)
        self.book.package.budget.hold("cells", len(self.found.cells))
        self.book.package.budget.hold("characters", self.characters)
        if self.row % 1000 == 0:
            self.book.package.budget.hold_time()

    def _cell(self, item: Any, place: tuple[int, int]) -> str:
        """The text that a cell shows."""
        parts = {local(part): part for part in item.iterchildren()}
        kind, number = item.get("t") or "n", whole(item.get("s"))
        stored = parts["v"].text or "" if "v" in parts else ""
        style = self.book.styles[number] if number < len(self.book.styles) else Style()
        if "f" in parts and kind != "str" and (not stored or (self.book.uncomputed and stored == "0")):
            self.found.unseen["formula without a computed value"].append(place)
            return ""
        text, unseen = stored, ""
        if kind == "s":
            index = whole(stored)
            text, unseen = self.book.strings[index] if index < len(self.book.strings) else ("", "damaged text")
        elif kind == "inlineStr":
            text, unseen = _rich(parts["is"]) if "is" in parts else ("", "")
            text = tidy(text)
        elif kind == "b":
            text = "TRUE" if stored.strip() in ("1", "true") else "FALSE"
        elif kind == "str":
            text = tidy(stored)
        value = plain_number(stored) if kind == "n" else None
        return seen(Stored(text, value, unseen), style, place, self.found.unseen, self.zeros, self.book.epoch_1904)


def _sheet(book: Book, name: str, part: str, hidden: bool) -> Sheet:
    going = _Gathering(book)
    with book.package.open(part) as stream:
        for item in stream_xml(stream, *_TAGS):
            going.take(item)
    found, drawn = going.found, drawn_texts(book.package, part)
    found.unread += drawn.unread
    found.above += drawn.above
    found.below[:0] = drawn.below
    return found.sheet(name, hidden, bool(drawn.above or drawn.below or drawn.unread))


def _head_lines(text: str) -> list[str]:
    """The lines of a printed head or foot; those that hold page numbers only are none."""
    lines = (" ".join(_HEAD_CODES.sub(" ", line).split()) for line in text.split("\n"))
    return [line for line in lines if line and re.sub(r"[\d第共页/\-—\s,，.]", "", line)]


def _area(reference: str) -> Merge | None:
    first, _, last = reference.partition(":")
    begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if begin is None or end is None:
        return None
    return int(begin[2]) - 1, _column(begin[1]), int(end[2]) - 1, _column(end[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
