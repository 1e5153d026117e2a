"""The values that flow from readers to tables: pages, lines, grids and cells, all frozen.

A reader (PDF, HTML, Excel, Word, text) turns a file into a `Source` of `Page` values; everything behind the readers
knows these values only, never a library of a format. Coordinates are PDF points with the origin at the top left of the
page as it is seen (rotation applied); formats without geometry leave boxes None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom, with y growing downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text outside the tables, as seen from left to right."""

    #: the text; a tab stands where a wide gap parts it ("部门：某局<TAB>单位：万元")
    text: str
    #: None where the format has no geometry
    box: Box | None = None
    #: height of the glyphs in points, 0.0 where unknown
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid; row and col are 0-based within the grid and name its top left corner."""

    row: int
    col: int
    #: lines of the cell joined with "\n", as seen; "" for a blank cell
    text: str
    rowspan: int = 1
    colspan: int = 1
    box: Box | None = None


@dataclass(frozen=True)
class Grid:
    """One table as ruled on one page: its cells tile the rows x cols raster, merged cells listed once."""

    #: 1-based
    page: int
    rows: int
    cols: int
    #: in order of (row, col); blank cells are listed too
    cells: tuple[Cell, ...]
    #: the engine that read it: "ruling", "camelot-lattice", "camelot-stream", "text", "html", "excel", "docx"
    read_by: str
    #: rows of the grids above it on the same page, so that page, row, col name one cell
    first_row: int = 0
    box: Box | None = None
    #: the cols + 1 column borders from left to right; empty without geometry
    xs: tuple[float, ...] = ()
    #: why the reading may be wrong; empty when the page check found nothing
    doubts: tuple[str, ...] = ()
    #: numbers that stand in more than one cell, which are a doubt too; another engine knows no better of them
    crossing: int = 0

    @cached_property
    def matrix(self) -> tuple[tuple[Cell | None, ...], ...]:
        """The raster with every cell at all the places it covers; None where nothing was read."""
        raster: list[list[Cell | None]] = [[None] * self.cols for _ in range(self.rows)]
        for cell in self.cells:
            stop = min(cell.col + cell.colspan, self.cols)
            for row in raster[cell.row : cell.row + cell.rowspan]:
                row[cell.col : stop] = [cell] * (stop - cell.col)
        return tuple(map(tuple, raster))


@dataclass(frozen=True)
class Page:
    """One page (PDF), sheet (Excel) or the whole (text, HTML, Word), in reading order."""

    #: 1-based
    number: int
    #: lines outside tables, and grids, from top to bottom
    blocks: tuple[Line | Grid, ...]
    width: float = 0.0
    height: float = 0.0
    #: text that stands in a table's box and in none of its cells
    strays: tuple[Line, ...] = ()
    #: why the page could not be read as text, e.g. "scan"; None when it could
    problem: str | None = None

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines outside tables."""
        return tuple(block for block in self.blocks if isinstance(block, Line))

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The tables."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))


@dataclass(frozen=True)
class Source:
    """A file as its reader saw it."""

    #: "pdf", "html", "xls", "xlsx", "spreadsheetml", "ods", "docx", "doc", "odt" or "text"
    format: str
    pages: tuple[Page, ...]
    #: what of the file was not read, in sentences that name it and its place; the document is partial by each
    unread: tuple[str, ...] = ()


class Reason(Enum):
    """Why a number of a table is in no frame but `leftovers`; the value is what the frame says, {} as printed."""

    NOT_PLAIN = "not a plain number"
    COUNT = "a number of things or people, not an amount"
    RATE = "a rate of another kind than changes and shares, not an amount"
    NO_UNIT = "no unit of money printed"
    TWO_UNITS = "in {} by its cell and in {} by what stands over it"
    NO_AMOUNT = "a number in a column that is no amount"
    NO_MONEY = "a table without amounts of money"
    PERFORMANCE = "stands in a performance form and is no amount, indicator or score"
    NO_CELL = "stands in a table's box and in none of its cells"
    WITHHELD = "withheld: names and numbers of contact persons enter no frame"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason with the words of the document that it names."""

    reason: Reason
    words: tuple[str | None, ...] = ()

    @property
    def text(self) -> str:
        """What `leftovers.reason` says."""
        return self.reason.value.format(*self.words)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What could not be read or settled, of the document, of pages, or of a table that begins on a page."""

    text: str
    pages: tuple[int, ...] = ()
    table: int | None = None

    @property
    def told(self) -> str:
        """The doubt as `documents.reason` says it."""
        table = f", table {self.table}" if self.table else ""
        return f"page {', '.join(map(str, self.pages))}{table}: {self.text}" if self.pages else self.text


#: where doubts are joined in `documents.reason`, which a corpus keeps as text, and what stands before one
_JOINED = "; "
_PLACE = re.compile(r"page (?P<pages>\d+(?:, \d+)*)(?:, table (?P<table>\d+))?: ")


def written(doubts: Iterable[Doubt]) -> str:
    """Doubts as `documents.reason`.

    >>> written([Doubt("damaged page", (3,)), Doubt("two heads", (4,), 2)])
    'page 3: damaged page; page 4, table 2: two heads'
    """
    return _JOINED.join(one.told for one in doubts)


def doubts_of(reason: str) -> tuple[Doubt, ...]:
    """The doubts of `documents.reason`: what `written` wrote, read back.

    >>> doubts_of("an attached file not read; page 4, table 2: two heads")[1]
    Doubt(text='two heads', pages=(4,), table=2)
    """
    return tuple(_doubt(part) for part in reason.split(_JOINED))


def _doubt(part: str) -> Doubt:
    place = _PLACE.match(part)
    if place is None:
        return Doubt(part)
    table = int(place["table"]) if place["table"] else None
    return Doubt(part[place.end() :], tuple(map(int, place["pages"].split(", "))), table)
