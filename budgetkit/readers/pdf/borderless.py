"""Tables without rulings: rows of numbers whose columns only gaps part.

The columns are those strips of the page that the rows leave free between them. Heads go to the columns by their order,
each to one whose neighbours it does not reach: a head that stands left over figures that stand right is still theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from budgetkit.model import Box, Cell, Grid, Line
from budgetkit.readers.pdf.glyphs import Glyphs, lines
from budgetkit.readers.pdf.headings import Column, headed
from budgetkit.readers.pdf.pieces import Band, Piece, bands, cut, is_money, pitch

Ints = npt.NDArray[np.int64]

#: the engine's name in `Grid.read_by`
ENGINE = "alignment"
#: part of the glyph height that a strip between two columns has at least
STRIP = 0.2
#: part of the glyph height by which the numbers of a column may stand unevenly
UNEVEN = 0.8
#: rows further apart than this many times their usual distance are of two tables
FAR = 3.2
#: a line nearer to a row than this part of the distance of rows is a wrapped part of it
WRAPPED = 0.8
#: this part of the glyph height may be between the baselines of lines of one cell
LEADING = 1.9
_NUMBERS = re.compile(r"(?:^|[\t ])[-−－(（△▲¥￥]*\d[\d,， ]*(?:[.． ]+[\d ]+)?[)）]?[%％元*]*$")


@dataclass(frozen=True)
class Found:
    """A table without rulings, and the glyphs that it is made of."""

    grid: Grid
    glyphs: Ints


def may_hold(prose: Sequence[Line]) -> bool:
    """Whether lines outside rulings may be rows of a table: a cheap look before the thorough one."""
    return sum(1 for line in prose if _NUMBERS.search(line.text) and not _unlike(line.text)) >= 2


def _unlike(text: str) -> bool:
    return "。" in text or "；" in text or "....." in text or "……" in text or "·····" in text


def find(glyphs: Glyphs, free: Ints, number: int) -> list[Found]:
    """The tables that stand among some glyphs of a page, from top to bottom.

    `free`: places of those that stand outside rulings.
    """
    group, pieces = cut(glyphs, free)
    rows = bands(pieces, glyphs.em)
    found = []
    for first, last in _stretches(rows, glyphs.em):
        table = _table(rows, first, last, glyphs.em)
        if table is not None:
            found.append(_found(glyphs, group, table, number))
    return found


def _is_row(band: Band) -> bool:
    return bool(band.amounts) and not band.sentence


def _stretches(rows: Sequence[Band], em: float) -> Iterator[tuple[int, int]]:
    """First and last rows of numbers of each table."""
    cores = [k for k, band in enumerate(rows) if _is_row(band)]
    step = pitch([rows[k] for k in cores])
    start = 0
    for place in range(1, len(cores) + 1):
        whole = place < len(cores) and _same(rows, cores[start:place], cores[place], max(step, em))
        if not whole:
            own = cores[start:place]
            if own and _enough([rows[k] for k in own]):
                yield own[0], own[-1]
            start = place


def _same(rows: Sequence[Band], own: Sequence[int], below: int, step: float) -> bool:
    """Whether a row of numbers is of the table above: near, and nothing but parts of rows between them."""
    above = own[-1]
    between = rows[above + 1 : below]
    if rows[below].base - rows[above].base > FAR * step * (1 + len(between)):
        return False
    if any(band.sentence or _speaks(band) or _crosses(band, (rows[above], rows[below])) for band in between):
        return False
    left, right = _reach([rows[k] for k in own]), _reach([rows[below]])
    return left[0] < right[1] and right[0] < left[1]


def _crosses(band: Band, around: Sequence[Band]) -> bool:
    """Whether a text stands over or under the numbers of the rows around: running text, not the rest of a name."""
    return any(
        piece.box.x0 < amount.box.x1 and amount.box.x0 < piece.box.x1
        for piece in band.pieces
        if not piece.figure
        for row in around
        for amount in row.amounts
    )


def _speaks(band: Band) -> bool:
    """Whether a line begins a table: texts with a colon (单位：万元), or several texts and no number (a head)."""
    texts = [piece.text for piece in band.pieces]
    return any("：" in text[:-1] or ":" in text[:-1] for text in texts) or (
        len(texts) > 2 and not any(piece.figure for piece in band.pieces)
    )


def _reach(rows: Sequence[Band]) -> tuple[float, float]:
    boxes = [piece.box for band in rows for piece in band.pieces]
    return min(box.x0 for box in boxes), max(box.x1 for box in boxes)


def _enough(rows: Sequence[Band]) -> bool:
    """Whether rows are a table: numbers in columns, among them amounts; page numbers of contents are none."""
    money = sum(1 for band in rows if any(is_money(piece.text) for piece in band.amounts))
    wide = max(len(band.amounts) for band in rows)
    if len(rows) < 2:
        return wide > 1 and money > 0 and len(rows[0].pieces) > 2
    return 3 * money >= len(rows) and money > 0 and any(len(band.pieces) > 1 for band in rows)


@dataclass(frozen=True)
class _Table:
    columns: tuple[Column, ...]
    #: pieces by row and column, heads first
    cells: tuple[tuple[tuple[Piece, ...], ...], ...]
    #: first and last column of heads over several columns, by row and first column
    spans: dict[tuple[int, int], int]


def _table(rows: Sequence[Band], first: int, last: int, em: float) -> _Table | None:
    body = [band for band in rows[first : last + 1] if _is_row(band)]
    columns = _columns(body, em)
    if len(columns) < 2 or not _aligned(body, columns, em):
        return None
    step = max(pitch(body), em)
    grouped = _body_rows(rows, first, last, columns, step, em)
    above = _above(rows, first, em, step)
    columns, heads, spans = headed(above, columns, em)
    cells = (*heads, *(_placed(row, columns) for row in grouped))
    if any(_crowded(pieces) for row in cells[len(heads) :] for pieces in row):
        return None
    return _without_halves(_Table(tuple(columns), cells, spans), len(heads))


def _without_halves(table: _Table, heads: int) -> _Table:
    """Neighbours that no row fills both, one of them without a head, are one column: its texts begin apart."""
    columns, cells = list(table.columns), [list(row) for row in table.cells]
    spans = dict(table.spans)
    k = 0
    while heads and k + 1 < len(columns):
        bare = any(not any(row[col] for row in cells[:heads]) for col in (k, k + 1))
        if bare and not any(row[k] and row[k + 1] for row in cells):
            columns[k : k + 2] = [Column(columns[k].x0, columns[k + 1].x1, columns[k + 1].flush)]
            for row in cells:
                row[k : k + 2] = [row[k] + row[k + 1]]
            spans = {(row, a - (a > k)): b - (b > k) for (row, a), b in spans.items()}
            continue
        k += 1
    return _Table(tuple(columns), tuple(map(tuple, cells)), spans)


def _columns(body: Sequence[Band], em: float) -> list[Column]:
    """The strips of the page that pieces of rows fill, and that nothing crosses between."""
    boxes = sorted((piece.box for band in body for piece in band.pieces), key=lambda box: box.x0)
    found: list[list[Box]] = []
    reach = -1e9
    for box in boxes:
        if box.x0 - reach > STRIP * em:
            found.append([])
        found[-1].append(box)
        reach = max(reach, box.x1)
    return [Column(min(b.x0 for b in own), max(b.x1 for b in own), _flush(own, em)) for own in found]


def _aligned(body: Sequence[Band], columns: Sequence[Column], em: float) -> bool:
    """Whether most numbers stand in columns that are even on a side; the labels of a chart do not."""
    even = odd = 0
    for column in columns:
        own = [p.box for band in body for p in band.amounts if column.x0 <= p.box.x0 and p.box.x1 <= column.x1]
        if len(own) > 1:
            spread = min(_spread(own).values())
            even, odd = (even + len(own), odd) if spread < UNEVEN * em else (even, odd + len(own))
    return even >= odd


def _spread(boxes: Sequence[Box]) -> dict[str, float]:
    """How far texts are from being even on either side and in the middle."""
    return {
        "right": float(np.ptp([box.x1 for box in boxes])),
        "left": float(np.ptp([box.x0 for box in boxes])),
        "centre": float(np.ptp([(box.x0 + box.x1) / 2 for box in boxes])),
    }


def _flush(boxes: Sequence[Box], em: float) -> str:
    """Where the texts of a column are even: "left", "right" or "centre"."""
    spread = _spread(boxes)
    return min(spread, key=lambda side: round(spread[side] / em, 1))


def _body_rows(
    rows: Sequence[Band], first: int, last: int, columns: Sequence[Column], step: float, em: float
) -> list[list[Band]]:
    """The bands of every row: wrapped parts go to the nearest row of numbers, others are rows without numbers."""
    cores = [k for k in range(first, last + 1) if _is_row(rows[k])]
    found: dict[int, list[Band]] = {}
    for k in range(first, _end(rows, last, columns, step, em) + 1):
        near = min(cores, key=lambda core: abs(rows[core].base - rows[k].base))
        wrapped = k == near or abs(rows[near].base - rows[k].base) < WRAPPED * step
        found.setdefault(near if wrapped else k, []).append(rows[k])
    return [found[k] for k in sorted(found)]


def _end(rows: Sequence[Band], last: int, columns: Sequence[Column], step: float, em: float) -> int:
    """The last band of a table: lines under the last numbers that go on with the text of its row."""
    while last + 1 < len(rows):
        band = rows[last + 1]
        tight = band.base - rows[last].base < min(WRAPPED * step, LEADING * em)
        inside = all(any(c.x0 - em < p.box.x0 and p.box.x1 < c.x1 + em for c in columns) for p in band.pieces)
        if not tight or not inside or band.sentence or len(band.pieces) >= len(columns):
            return last
        last += 1
    return last


def _above(rows: Sequence[Band], first: int, em: float, step: float) -> list[Band]:
    """The bands of the head, from top to bottom: lines of several texts, and near ones that go on with them."""
    found: list[Band] = []
    for k in range(first - 1, -1, -1):
        band = rows[k]
        gap = rows[k + 1].base - band.base
        caption = band.sentence or any(re.search(r"[：:].", piece.text) for piece in band.pieces)
        several = len(band.pieces) > 1 and gap < max(2.5 * em, FAR * step)
        if caption or not (several or (found and gap < LEADING * em * 0.8)):
            break
        found.insert(0, band)
    return found


def _placed(row: Sequence[Band], columns: Sequence[Column]) -> tuple[tuple[Piece, ...], ...]:
    """The pieces of a row by column: each where most of it stands."""
    cells: list[list[Piece]] = [[] for _ in columns]
    for band in row:
        for piece in band.pieces:
            shares = [min(piece.box.x1, c.x1) - max(piece.box.x0, c.x0) for c in columns]
            cells[int(np.argmax(shares))].append(piece)
    return tuple(tuple(cell) for cell in cells)


def _crowded(pieces: Sequence[Piece]) -> bool:
    """Whether numbers stand side by side in one cell: these are no columns."""
    figures = [piece for piece in pieces if piece.figure]
    return len({round(piece.base) for piece in figures}) < len(figures)


def _found(glyphs: Glyphs, group: Ints, table: _Table, number: int) -> Found:
    """The table as a grid: its cells meet in the middle of what is free between rows."""
    width, height = len(table.columns), len(table.cells)
    owner = {
        piece.id: row * width + col
        for row, cells in enumerate(table.cells)
        for col, pieces in enumerate(cells)
        for piece in pieces
    }
    lookup = np.full(int(group.max()) + 2, -2)
    lookup[list(owner)] = list(owner.values())
    own = np.where(group >= 0, lookup[group], -2)
    texts: list[list[str]] = [[] for _ in range(width * height)]
    for cell, line in lines(glyphs, own):
        texts[cell].append(line.text)
    xs, ys = _xs(table.columns), _ys(table)
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for row in range(height):
        for col in range(width):
            if (row, col) in taken:
                continue
            end = table.spans.get((row, col), col)
            taken.update((row, k) for k in range(col, end + 1))
            text = "\n".join(texts[row * width + col])
            cells.append(Cell(row, col, text, 1, end - col + 1, Box(xs[col], ys[row], xs[end + 1], ys[row + 1])))
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    grid = Grid(number, height, width, tuple(cells), ENGINE, 0, box, tuple(xs))
    return Found(grid, np.flatnonzero(own >= 0))


def _xs(columns: Sequence[Column]) -> list[float]:
    inner = [(left.x1 + right.x0) / 2 for left, right in pairwise(columns)]
    return [columns[0].x0, *inner, columns[-1].x1]


def _ys(table: _Table) -> list[float]:
    tops, bottoms = [], []
    for cells in table.cells:
        boxes = [piece.box for pieces in cells for piece in pieces]
        tops.append(min(box.y0 for box in boxes))
        bottoms.append(max(box.y1 for box in boxes))
    inner = [(bottom + top) / 2 for bottom, top in zip(bottoms[:-1], tops[1:], strict=True)]
    return [tops[0], *inner, bottoms[-1]]
