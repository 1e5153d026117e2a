"""From cells that a format places by row, column and span to cells that tile a raster, as `Grid` wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from budgetkit.model import Cell, Grid

#: a gap within a line of at least two wide or four narrow blanks
_GAP = re.compile(r"(?:[\u3000\u2003]|[ \xa0\u2002]{2}){2,}[ \xa0\u3000]*|[ \xa0]*\t[ \xa0\t\u3000]*")


def tile(rows: int, cols: int, placed: Iterable[Cell]) -> tuple[Cell, ...]:
    """Cells that cover every place of the raster exactly once, in order of (row, col).

    Spans are cut at the border of the raster and where another cell stands already (the earlier one keeps its
    place); places that no cell covers get blank cells.
    """
    taken: set[tuple[int, int]] = set()
    tiled: list[Cell] = []
    for cell in placed:
        if cell.row >= rows or cell.col >= cols or (cell.row, cell.col) in taken:
            continue
        width = 1
        while width < min(cell.colspan, cols - cell.col) and (cell.row, cell.col + width) not in taken:
            width += 1
        span = range(cell.col, cell.col + width)
        height = 1
        while height < min(cell.rowspan, rows - cell.row) and not any(
            (cell.row + height, col) in taken for col in span
        ):
            height += 1
        taken.update((row, col) for row in range(cell.row, cell.row + height) for col in span)
        tiled.append(Cell(cell.row, cell.col, cell.text, height, width, cell.box))
    blanks = (Cell(row, col, "") for row in range(rows) for col in range(cols) if (row, col) not in taken)
    return tuple(sorted([*tiled, *blanks], key=lambda cell: (cell.row, cell.col)))


def make_grid(page: int, placed: Iterable[Cell], read_by: str, first_row: int = 0) -> Grid | None:
    """A grid just large enough for the cells, without rows and columns that hold no beginning of a cell.

    None when there is no text at all.
    """
    cells = tuple(placed)
    if not any(cell.text for cell in cells):
        return None
    cols = max(cell.col for cell in cells) + 1
    rows = max(cell.row for cell in cells) + 1
    return Grid(page, rows, cols, tile(rows, cols, cells), read_by, first_row)


def tidy_line(text: str) -> str:
    """A line without blanks at its ends, and with a tab for each wide gap.

    >>> tidy_line(" 部门：某局\\u3000\\u3000单位：万元 ")
    '部门：某局\\t单位：万元'
    """
    return _GAP.sub("\t", text.strip(" \t\r\n\xa0\u3000\ufeff"))
