"""Rows of a table on the raster of all its pages, and rows that a page break cut in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from budgetkit import codes, lexicon
from budgetkit.model import Cell
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.widths import fold, squeeze

_CODE = re.compile(r"[235]\d{2}(\d{2}){0,3}")


class Row(NamedTuple):
    """One row of a table on the raster of all its pages."""

    page: int
    #: rows of earlier grids on the page
    offset: int
    #: the cell that covers each column, a merged cell several times; None where nothing stands
    cells: tuple[Cell | None, ...]
    #: page and offset of the cells of each column where they stand on another page; empty when none does
    moved: tuple[tuple[int, int] | None, ...] = ()
    #: which row of its grid it is
    line: int = 0

    def place(self, cell: Cell) -> tuple[int, int, int]:
        """Page, row and column (1-based, rows through the page) of one of its cells."""
        col = next((k for k, own in enumerate(self.cells) if own is cell), len(self.moved)) if self.moved else 0
        page, offset = (self.moved[col] if col < len(self.moved) else None) or (self.page, self.offset)
        return page, offset + cell.row + 1, cell.col + 1

    def beside(self, other: Row) -> Row:
        """The row with the cells of another, which stands to the right on another page."""
        moved = (*(self.moved or (None,) * len(self.cells)), *((other.page, other.offset),) * len(other.cells))
        return self._replace(cells=self.cells + other.cells, moved=moved)

    def padded(self, width: int) -> Row:
        """The row with blank places up to a width."""
        lacking = width - len(self.cells)
        return self._replace(cells=self.cells + (None,) * lacking) if lacking > 0 else self


def distinct(cells: Sequence[Cell | None]) -> list[Cell]:
    """The cells of a row, merged ones once."""
    return list({id(cell): cell for cell in cells if cell is not None}.values())


def texts(cells: Sequence[Cell | None]) -> list[str]:
    """The printed texts of a row's cells without white space, blank ones left out."""
    return [text for cell in distinct(cells) if (text := squeeze(cell.text))]


def with_cut_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rejoin rows that a page break cut inside a cell: the second half completes the first and says nothing new."""
    found: list[Row] = []
    for row in rows:
        if found and row.page != found[-1].page and _completes(found[-1], row):
            found[-1] = _merged(found[-1], row)
        else:
            found.append(row)
    return tuple(found)


def _completes(upper: Row, lower: Row) -> bool:
    """Whether a page's first row is the rest of the row before.

    One text goes on where the row before has a code or an open bracket, several where it has amounts and they are
    texts only; or amounts without a label follow a label without amounts. A code, or an amount where the row before has
    one, begins a new row.
    """
    high = [squeeze(cell.text) if cell else "" for cell in upper.cells]
    low = [squeeze(cell.text) if cell else "" for cell in lower.cells]
    if not any(low) or _CODE.fullmatch(low[0]):
        return False
    both = [(above, below) for above, below in zip(high, low, strict=True) if above and below]
    if not both:
        return not any(map(parse_number, filter(None, high[1:]))) and all(map(parse_number, filter(None, low)))
    if any(parse_number(text) for pair in both for text in pair):
        return False
    if len(both) > 1:
        rest = len(both) == sum(map(bool, low)) and not any(_stands_alone(text) for text in low if text)
        return rest and any(map(parse_number, filter(None, high)))
    return any(_CODE.fullmatch(text) for text in high[:4]) or _open(both[0][0]) > 0 > _open(both[0][1])


def _stands_alone(text: str) -> bool:
    """Whether a text is a label or code by itself, and no rest of one."""
    plain = strip_ordinal(text)
    known = any(book.find(plain) for book in (codes.function, codes.economic_department, codes.economic_government))
    words = [word for word, _ in lexicon.words(plain)]
    return bool(plain != text or known or _CODE.fullmatch(text) or (words and not lexicon.read(plain).unread))


def _open(text: str) -> int:
    """Brackets that a text opens and does not close, less those that it closes and did not open."""
    folded = fold(text)
    return folded.count("(") + folded.count("《") - folded.count(")") - folded.count("》")


def _merged(upper: Row, lower: Row) -> Row:
    cells: list[Cell | None] = []
    moved: list[tuple[int, int] | None] = []
    for above, below in zip(upper.cells, lower.cells, strict=True):
        more = below is not None and bool(squeeze(below.text))
        blank = above is None or not squeeze(above.text)
        moved.append((lower.page, lower.offset) if blank and more else None)
        if blank:
            cells.append(below if more else above)
        elif above is not None and below is not None and more:
            cells.append(replace(above, text=f"{above.text}\n{below.text}"))
        else:
            cells.append(above)
    return upper._replace(cells=tuple(cells), moved=tuple(moved) if any(moved) else ())
