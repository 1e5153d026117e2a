"""What stands on pages: sheets, lines of text and cells with their places, in points from the top left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tools.typeset.model import Align, Cell, PageBreak, Paragraph, Style
from tools.typeset.text import width_of, wrap

A4 = (595.28, 841.89)
MARGIN = 56.0
#: free space left and right of the text of a cell
SIDE = 2.0
LEADING = 1.3


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as it is seen."""

    width: float
    height: float
    rotated: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; y is its base line."""

    page: int
    x: float
    y: float
    text: str
    size: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """One cell, or the part of it that stands on a page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    cell: Cell
    style: Style
    #: number of the table in the document
    table: int


@dataclass(frozen=True, slots=True)
class Layout:
    """All pages and what stands on them; pages count from 1."""

    sheets: tuple[Sheet, ...]
    texts: tuple[Text, ...]
    cells: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next block begins."""

    page: int
    y: float
    sheets: tuple[Sheet, ...]

    @property
    def sheet(self) -> Sheet:
        """The page in work."""
        return self.sheets[-1]

    @property
    def bottom(self) -> float:
        """How far down blocks may reach."""
        return self.sheet.height - MARGIN

    def turn(self, like: PageBreak | None = None) -> Cursor:
        """Begin a new page, like the last one unless told otherwise."""
        sheet = self.sheet if like is None else make_sheet(like)
        return Cursor(self.page + 1, MARGIN, (*self.sheets, sheet))


def make_sheet(lie: PageBreak) -> Sheet:
    """A4 as it shall lie."""
    width, height = A4[::-1] if lie.landscape or lie.rotated else A4
    return Sheet(width, height, lie.rotated)


def aligned(page: int, x0: float, x1: float, y: float, text: str, size: float, align: Align) -> Text:
    """A line of text between two borders."""
    free = x1 - x0 - width_of(text, size)
    return Text(page, x0 + {"left": 0.0, "center": free / 2, "right": free}[align], y, text, size)


def place_paragraph(cursor: Cursor, block: Paragraph, body: float) -> tuple[Cursor, list[Text]]:
    """Set prose, `body` being the size of its body style; goes on over pages."""
    size = {"title": body * 1.5, "heading": body * 1.15, "note": body * 0.8}.get(block.style, body)
    align: Align = "center" if block.style == "title" else "left"
    text = ("　　" if block.style == "body" else "") + block.text
    leading = size * 1.7
    texts = []
    x1 = cursor.sheet.width - MARGIN
    for line in wrap(text, x1 - MARGIN, size, hang=True):
        if cursor.y + leading > cursor.bottom:
            cursor = cursor.turn()
        cursor = replace(cursor, y=cursor.y + leading)
        texts.append(aligned(cursor.page, MARGIN, x1, cursor.y - leading * 0.3, line, size, align))
    return cursor, texts
