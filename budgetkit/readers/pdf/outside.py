"""Rows of a ruled table that stand outside its frame: a total under the closing ruling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from budgetkit.model import Box, Cell, Grid, Line
from budgetkit.readers.pdf.glyphs import Glyphs, lines
from budgetkit.readers.pdf.pieces import Band, Piece, bands, cut, is_money

Ints = npt.NDArray[np.int64]

#: rows outside stand no further from the frame than this many times the height of its last row
NEAR = 1.5
#: part of the glyph height by which a text may reach over the border of its column
OVER = 0.3


def candidates(grid: Grid, prose: Sequence[Line]) -> bool:
    """Whether a line under a table may be a row of it: a cheap look before the thorough one."""
    if grid.box is None or grid.cols < 2:
        return False
    low, high = grid.box.y1, grid.box.y1 + NEAR * _height(grid)
    return any(
        line.box is not None and low - 1 <= line.box.y0 <= high and any(map(is_money, line.text.split()))
        for line in prose
    )


def _height(grid: Grid) -> float:
    """The height of the last row."""
    boxes = [cell.box for cell in grid.cells if cell.row == grid.rows - 1 and cell.box is not None]
    return max((box.y1 - box.y0 for box in boxes), default=0.0)


def extended(grid: Grid, glyphs: Glyphs, free: Ints) -> tuple[Grid, Ints]:
    """A table with the rows that stand under its frame, and the glyphs that they are made of.

    `grid`: with a box and column borders; `free`: places of those that stand outside tables.
    """
    none = np.empty(0, dtype=np.int64)
    if grid.box is None:
        return grid, none
    base = glyphs.base[free]
    inside = free[(base > grid.box.y1) & (glyphs.box[free, 0] < grid.box.x1) & (glyphs.box[free, 2] > grid.box.x0)]
    group, pieces = cut(glyphs, inside)
    rows: list[tuple[Band, list[int]]] = []
    bottom, step = grid.box.y1, _height(grid)
    for band in bands(pieces, glyphs.em):
        places = [_column(piece, grid.xs, OVER * glyphs.em) for piece in band.pieces]
        if band.top > bottom + NEAR * step - glyphs.em or not _is_row(band, places, grid):
            break
        rows.append((band, [place for place in places if place is not None]))
        bottom = band.bottom
    if not rows:
        return grid, none
    return _with_rows(grid, rows, glyphs, group)


def _column(piece: Piece, xs: Sequence[float], over: float) -> int | None:
    """The column that a piece stands in; None when it stands in more than one or in none."""
    middle = (piece.box.x0 + piece.box.x1) / 2
    for col, (left, right) in enumerate(pairwise(xs)):
        if left <= middle <= right:
            return col if piece.box.x0 >= left - over and piece.box.x1 <= right + over else None
    return None


def _is_row(band: Band, places: Sequence[int | None], grid: Grid) -> bool:
    """Whether texts are a row of a table: each in a column of its own, amounts where the table has amounts."""
    if band.sentence or None in places or len(set(places)) < max(2, len(places)):
        return False
    amounts = {cell.col for cell in grid.cells if is_money(cell.text)}
    own = {place for piece, place in zip(band.pieces, places, strict=True) if piece in band.amounts}
    return bool(own) and own <= amounts


def _with_rows(grid: Grid, rows: Sequence[tuple[Band, list[int]]], glyphs: Glyphs, group: Ints) -> tuple[Grid, Ints]:
    owner = {
        piece.id: row * grid.cols + place
        for row, (band, places) in enumerate(rows)
        for piece, place in zip(band.pieces, places, strict=True)
    }
    lookup = np.full(int(group.max()) + 2, -2)
    lookup[list(owner)] = list(owner.values())
    own = np.where(group >= 0, lookup[group], -2)
    texts = {cell: line.text for cell, line in lines(glyphs, own)}
    cells, top = list(grid.cells), grid.box.y1 if grid.box else 0.0
    for row, (band, _) in enumerate(rows):
        for col in range(grid.cols):
            box = Box(grid.xs[col], top, grid.xs[col + 1], band.bottom)
            cells.append(Cell(grid.rows + row, col, texts.get(row * grid.cols + col, ""), box=box))
        top = band.bottom
    whole = grid.box._replace(y1=top) if grid.box else None
    return replace(grid, rows=grid.rows + len(rows), cells=tuple(cells), box=whole), np.flatnonzero(own >= 0)
