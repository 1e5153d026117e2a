"""What of a sheet is a table: the lines above it, its grid, the notes under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from budgetkit import specs
from budgetkit.model import Cell, Grid, Line
from budgetkit.printed.widths import fold, squeeze
from budgetkit.readers.office.sheets import Merge, Rows
from budgetkit.readers.rasters import make_grid


@dataclass(frozen=True)
class SheetRules:
    """Patterns by which rows outside a table are known."""

    unit: tuple[str, ...]
    caption: tuple[str, ...]
    note: tuple[str, ...]
    long: int


def sheet_blocks(page: int, sheet_name: str, rows: Rows, merges: Sequence[Merge]) -> tuple[Line | Grid, ...]:
    """Lines and grids of a sheet from top to bottom; of tables side by side the left one first."""
    blocks: list[Line | Grid] = []
    first_row = 0
    parts = [part for start, stop in _sections(rows) for part in _strips(rows, start, stop)]
    for part in parts:
        top, bottom = _table(part.rows, part.start, part.stop)
        above = list(_lines(part.rows, part.start, top))
        if not above and top < bottom and len(parts) == 1:
            above = [Line(sheet_name.strip())]
        blocks += above
        grid = make_grid(page, _cells(part.rows, merges, top, bottom), "excel", first_row)
        if grid is not None:
            blocks.append(grid)
            first_row += grid.rows
        blocks += _lines(part.rows, bottom, part.stop)
    return tuple(blocks)


@dataclass(frozen=True)
class _Part:
    """Rows of a sheet with one table; what stands beside it is blank."""

    rows: Rows
    start: int
    stop: int


def _strips(rows: Rows, start: int, stop: int) -> list[_Part]:
    """The tables side by side in a section: parted by a blank column, each with a title or a unit of its own."""
    top, bottom = _table(rows, start, stop)
    width = max((len(row) for row in rows[start:stop]), default=0)
    filled = [any(col < len(row) and row[col] for row in rows[top:bottom]) for col in range(width)]
    begins = [col for col in range(width) if filled[col] and (not col or not filled[col - 1])]
    bounds = [0, *begins[1:], width]
    titled = [
        any(_is_title(text) for row in rows[start:top] for text in row[left:right] if text)
        for left, right in pairwise(bounds)
    ]
    if len(titled) < 2 or not all(titled):
        return [_Part(rows, start, stop)]
    return [
        _Part(
            [[*[""] * left, *row[left:right]] if start <= k < stop else row for k, row in enumerate(rows)], start, stop
        )
        for left, right in pairwise(bounds)
    ]


def _is_title(text: str) -> bool:
    rules = _rules()
    return _like(text, rules.unit) or (fold(text).endswith("表") and len(fold(text)) <= rules.long)


def _sections(rows: Rows) -> Iterator[tuple[int, int]]:
    """Row ranges with one table each: a row with the unit below a table begins the next, with the titles above it."""
    rules = _rules()
    starts = [0]
    seen_table = False
    for row, cells in enumerate(rows):
        filled = _filled(cells)
        if len(filled) <= 4 and any(_like(text, rules.unit) for text in filled):
            if seen_table:
                start = row
                while start - 1 > starts[-1] and _may_be_title(rows[start - 1]):
                    start -= 1
                starts.append(start)
            seen_table = False
        elif len(filled) > 1 and not _is_caption(filled):
            seen_table = True
    yield from zip(starts, [*starts[1:], len(rows)], strict=True)


def _table(rows: Rows, start: int, stop: int) -> tuple[int, int]:
    """First row and end of the table in a section; an empty range where there is none."""
    top = next((row for row in range(start, stop) if len(f := _filled(rows[row])) > 1 and not _is_caption(f)), stop)
    bottom = stop
    while bottom > top and (not (filled := _filled(rows[bottom - 1])) or _is_note(filled)):
        bottom -= 1
    return top, bottom


def _cells(rows: Rows, merges: Sequence[Merge], top: int, bottom: int) -> list[Cell]:
    """The cells of a table, merged ones once, counted from its own top left corner."""
    block = [list(row) for row in rows[top:bottom]]
    used = [col for row in block for col, text in enumerate(row) if text]
    if not used:
        return []
    left, right = min(used), max(used)
    spans = {
        (first, begin): (min(last, bottom - 1) - first + 1, min(end, right) - begin + 1)
        for first, begin, last, end in merges
        if top <= first < bottom and left <= begin <= right
    }
    cells: list[Cell] = []
    for row, texts in enumerate(block):
        for col in range(left, right + 1):
            rowspan, colspan = spans.get((row + top, col), (1, 1))
            text = texts[col] if col < len(texts) else ""
            # blank places are listed by the grid itself, after the cells that may span them
            if text or (rowspan, colspan) != (1, 1):
                cells.append(Cell(row, col - left, text, rowspan, colspan))
    return [*cells, Cell(bottom - top - 1, right - left, "")]


def _lines(rows: Rows, start: int, stop: int) -> Iterator[Line]:
    for row in range(start, stop):
        filled = _filled(rows[row])
        if len(filled) == 1:
            yield from (Line(text) for text in filled[0].split("\n"))
        elif filled:
            yield Line("\t".join(text.replace("\n", " ") for text in filled))


def _filled(cells: Sequence[str]) -> list[str]:
    return [text for text in cells if text]


def _is_caption(filled: list[str]) -> bool:
    """Whether a row with several filled cells belongs above a table and not to it."""
    rules = _rules()
    if any(_like(text, rules.unit) for text in filled) and len(filled) <= 4:
        return True
    return all(_like(text, rules.caption) for text in filled)


def _may_be_title(cells: Sequence[str]) -> bool:
    filled = _filled(cells)
    return not filled or _is_caption(filled)


def _is_note(filled: list[str]) -> bool:
    rules = _rules()
    return len(filled) == 1 and (_like(filled[0], rules.note) or len(squeeze(filled[0])) > rules.long)


def _like(text: str, patterns: tuple[str, ...]) -> bool:
    folded = fold(text)
    return any(re.search(pattern, folded) for pattern in patterns)


@cache
def _rules() -> SheetRules:
    return specs.load(SheetRules, "excel.toml")
