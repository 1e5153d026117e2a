"""Sheets printed wider than the page: columns that stand on a later page, beside rows at the same height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from budgetkit.model import Grid
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import squeeze
from budgetkit.tables.rows import Row, texts

#: points by which the rows of both pages may differ in height on the page
LEVEL = 2.0
#: sheets are printed down before they are printed across: so many pages may lie between the halves of a row
FAR = 40


@dataclass(frozen=True)
class Half:
    """A part of a table on one page, and how many columns of later pages its rows have got."""

    grid: Grid
    width: int


def kinds(grid: Grid) -> list[bool | None]:
    """Whether the texts of each column are mostly numbers; None of an empty column."""
    found: list[bool | None] = []
    for col in range(grid.cols):
        own = [squeeze(cell.text) for row in grid.matrix if (cell := row[col]) is not None and squeeze(cell.text)]
        numbers = sum(1 for text in own if parse_number(text))
        found.append(2 * numbers > len(own) if own else None)
    return found


def half_of(halves: Sequence[Half], grid: Grid) -> int | None:
    """The place of the part whose rows go on in a grid of a later page; None when there is none.

    All columns of the grid hold numbers, those of the part also labels; as many rows stand at the same heights.
    """
    tops = _tops(grid)
    if not tops:
        return None
    narrow = min((half.width for half in halves), default=0)
    for place, half in enumerate(halves):
        if half.width > narrow or not half.grid.page < grid.page <= half.grid.page + FAR:
            continue
        theirs = _tops(half.grid)
        level = len(theirs) == len(tops) and all(abs(a - b) < LEVEL for a, b in zip(theirs, tops, strict=True))
        if level and _labelled(half.grid) and _labelled(grid) is False:
            return place
    return None


def _labelled(grid: Grid) -> bool | None:
    """Whether texts stand in the rows from the first number on; None where no number stands."""
    numbers = False
    for row in grid.matrix:
        own = [parse_number(text) is not None for text in texts(row)]
        numbers = numbers or any(own)
        if numbers and not all(own):
            return True
    return False if numbers else None


def _tops(grid: Grid) -> list[float]:
    """Where the rows of a grid begin; empty without geometry or where a row has no cell of its own."""
    tops = {cell.row: cell.box.y0 for cell in grid.cells if cell.box is not None}
    return [tops[row] for row in range(grid.rows)] if len(tops) == grid.rows else []


def widened(rows: Sequence[Row], half: Grid, right: Sequence[Row], width: int) -> tuple[Row, ...]:
    """Rows of a table with those that stand beside them on a later page; `width` columns are theirs afterwards."""
    beside = {row.line: row for row in right}
    found = []
    for row in rows:
        own = (row.page, row.offset) == (half.page, half.first_row) and len(row.cells) < width
        found.append(row.beside(beside[row.line]) if own and row.line in beside else row)
    return tuple(found)


def padded(rows: Sequence[Row], width: int) -> tuple[Row, ...]:
    """Rows brought to one width: what was never found on another page stays blank."""
    return tuple(row.padded(width) for row in rows)
