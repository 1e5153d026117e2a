"""Heads over columns that no ruling parts: which head stands over which columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from budgetkit.model import Box
from budgetkit.readers.pdf.pieces import Band, Piece

#: part of the glyph height by which a head may reach over what stands in the next column
OVER = 0.6
#: what it costs to leave a column without a head, and to give a head a column of its own
HEADLESS, ALONE = 2.0, 5.0
#: what it costs that a head stands on the side of its column where the figures are even
OFF = 1.0
#: baselines of lines of one head are no further apart than this part of the glyph height
WRAP = 1.7

#: pieces by column
Cells = tuple[tuple[Piece, ...], ...]
#: the last column of heads over several columns, by row and first column
Spans = dict[tuple[int, int], int]


@dataclass(frozen=True)
class Column:
    """What a column's texts fill, and on which side they are even: "left", "right" or "centre"."""

    x0: float
    x1: float
    flush: str = "centre"


@dataclass(frozen=True)
class _Head:
    """Lines that stand over each other: one head."""

    pieces: tuple[Piece, ...]

    @property
    def box(self) -> Box:
        return reduce(Box.union, (piece.box for piece in self.pieces))


def headed(above: Sequence[Band], columns: Sequence[Column], em: float) -> tuple[list[Column], list[Cells], Spans]:
    """The columns with those that only a head shows, the rows of heads, and the heads over several columns.

    `above`: the lines of the head, from top to bottom; `columns`: as the rows show them.
    """
    levels = _levels(above, em)
    found = list(columns)
    rows: list[Cells] = []
    spans: Spans = {}
    lowest = True
    for level in reversed(levels):
        if lowest:
            found, cells = _lowest(level, found, em)
            rows.insert(0, cells)
            lowest = False
            continue
        cells, wide = _over(level, found)
        rows.insert(0, cells)
        spans = {(row + 1, first): last for (row, first), last in spans.items()} | {(0, a): b for a, b in wide.items()}
    return found, rows, spans


def _levels(above: Sequence[Band], em: float) -> list[list[_Head]]:
    """Heads by level: lines that follow closely under each other, one over one, are one level."""
    levels: list[list[_Head]] = []
    before: Band | None = None
    for band in above:
        own = _stacked(band.pieces)
        if before is not None and band.base - before.base < WRAP * em and not _parts(levels[-1], own):
            levels[-1] = _stacked([piece for head in (*levels[-1], *own) for piece in head.pieces])
        else:
            levels.append(own)
        before = band
    return levels


def _parts(upper: Sequence[_Head], lower: Sequence[_Head]) -> bool:
    """Whether a head of the upper line stands over several of the lower one."""
    return any(sum(_meet(one.box, other.box) for other in lower) > 1 for one in upper) or (
        not any(_meet(one.box, other.box) for one in upper for other in lower) and len(lower) > 1 and len(upper) < 2
    )


def _meet(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1


def _stacked(pieces: Sequence[Piece]) -> list[_Head]:
    """Pieces that stand over each other as one head each, from left to right."""
    found: list[list[Piece]] = []
    reach = -1e9
    for piece in sorted(pieces, key=lambda piece: piece.box.x0):
        if piece.box.x0 >= reach:
            found.append([])
        found[-1].append(piece)
        reach = max(reach, piece.box.x1)
    return [_Head(tuple(sorted(own, key=lambda piece: piece.base))) for own in found]


def _lowest(heads: Sequence[_Head], columns: Sequence[Column], em: float) -> tuple[list[Column], Cells]:
    """Give every head of the lowest level a column: the cheapest way that keeps the order of both."""
    count, width = len(heads), len(columns)
    best: list[list[tuple[float, str]]] = [[(0.0, "")] * (width + 1) for _ in range(count + 1)]
    for i in range(count + 1):
        for j in range(width + 1):
            ways = []
            if i and j:
                ways.append((best[i - 1][j - 1][0] + _cost(heads[i - 1].box, columns, j - 1, em), "both"))
            if i:
                ways.append((best[i - 1][j][0] + ALONE, "head"))
            if j:
                ways.append((best[i][j - 1][0] + HEADLESS, "column"))
            if ways:
                best[i][j] = min(ways, key=lambda way: way[0])
    found: list[tuple[Column, tuple[Piece, ...]]] = []
    i, j = count, width
    while i or j:
        way = best[i][j][1]
        i, j = i - (way in ("both", "head")), j - (way in ("both", "column"))
        pieces = heads[i].pieces if way != "column" else ()
        column = columns[j] if way != "head" else Column(heads[i].box.x0, heads[i].box.x1)
        found.insert(0, (column, pieces))
    return [column for column, _ in found], tuple(pieces for _, pieces in found)


def _cost(head: Box, columns: Sequence[Column], place: int, em: float) -> float:
    """How ill a head stands over a column: not at all where they meet; impossible beyond the neighbours."""
    column = columns[place]
    before = columns[place - 1].x1 if place else -1e9
    after = columns[place + 1].x0 if place + 1 < len(columns) else 1e9
    middle = (head.x0 + head.x1) / 2
    if middle < before - OVER * em or middle > after + OVER * em:
        return 1e6
    away = max(column.x0 - head.x1, head.x0 - column.x1, 0.0) / em
    off = (column.flush == "right" and head.x0 > column.x1) or (column.flush == "left" and head.x1 < column.x0)
    return 0.1 * away + OFF * off * (1 + away)


def _over(heads: Sequence[_Head], columns: Sequence[Column]) -> tuple[Cells, dict[int, int]]:
    """Heads of an upper level: each over the columns between its neighbours that it is the middle of."""
    cells: list[tuple[Piece, ...]] = [()] * len(columns)
    wide: dict[int, int] = {}
    for head in heads:
        middle = (head.box.x0 + head.box.x1) / 2
        met = [k for k, column in enumerate(columns) if _meet(head.box, Box(column.x0, 0, column.x1, 0))]
        nearest = min(range(len(columns)), key=lambda k: abs((columns[k].x0 + columns[k].x1) / 2 - middle))
        first, last = (met[0], met[-1]) if met else (nearest, nearest)
        while any(cells[k] for k in range(first, last + 1)) and last + 1 < len(columns):
            first, last = first + 1, max(last, first + 1)
        cells[first] = head.pieces
        if last > first:
            wide[first] = last
    return tuple(cells), wide
