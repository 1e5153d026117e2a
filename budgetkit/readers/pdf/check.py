"""The page check: what in a reading shows that its cells are not those of the page.

Pure tests on a `Page`; each fault is a sentence for the reader of the result, so that an unmended one becomes a doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from budgetkit.model import Cell, Grid, Line, Page

_AMOUNT = r"[-−－(（]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?[)）]?%?"
_IS_AMOUNT = re.compile(_AMOUNT)
#: an amount that needs no more than its separators taken out
_PLAIN = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+")
#: several amounts side by side in one line and nothing else
_SEVERAL = re.compile(rf"{_AMOUNT}(?:[\t ]+{_AMOUNT})+")
#: an amount with two decimals that goes on as another amount with two decimals; dates have none
_GLUED = re.compile(r"(?<![\d.])\d[\d,]*\.\d\d\d[\d,]*\.\d\d(?![\d.])")
#: so many rows of several numbers in cells of one column show that a ruling is missing
ROWS = 3
#: so many numbers parted by wide gaps make a line a row of a table
NUMBERS = 3
#: text of several lines this many times as high as its cell stands in more than one
TALL = 1.6


def faults(page: Page) -> tuple[str, ...]:
    """All that is wrong with a reading of a page.

    `page`: as read by any engine; what the engine itself found is in the doubts of its grids. Returns: empty for a
    sound reading.
    """
    found = [doubt for grid in page.grids for doubt in (*grid.doubts, *grid_faults(grid))]
    if page.strays:
        found.append(f"{len(page.strays)} texts in the box of a table stand outside its cells")
    if unruled(page):
        found.append("rows of numbers stand outside rulings")
    return tuple(found)


def grid_faults(grid: Grid) -> tuple[str, ...]:
    """Shapes of text that no cell of a table has."""
    texts = ((cell, cell.text) for cell in grid.cells if cell.text)
    # what is in one piece on one line is in order
    cells = [cell for cell, text in texts if text.count(".") > 1 or " " in text or "\t" in text or "\n" in text]
    return (*_glued(cells), *_crowded_columns(cells), *_crowded_rows(cells))


def doubtful(page: Page) -> Page:
    """The page with its faults written into the doubts of its grids."""
    blocks: list[Line | Grid] = [
        replace(block, doubts=(*block.doubts, *grid_faults(block))) if isinstance(block, Grid) else block
        for block in page.blocks
    ]
    problem = page.problem
    if problem is None and unruled(page):
        problem = "a table without rulings that no engine could read"
    return replace(page, blocks=tuple(blocks), problem=problem)


def overfull(cell: Cell, boxes: Sequence[Sequence[float]]) -> bool:
    """Whether the lines of a cell take far more height than it has: some of them are of other cells."""
    if len(boxes) < 2 or cell.box is None:
        return False
    height = max(bottom for _, _, _, bottom in boxes) - min(top for _, top, _, _ in boxes)
    return height > TALL * (cell.box.y1 - cell.box.y0)


def unruled(page: Page) -> bool:
    """Whether lines look like rows of a table on a page without any grid."""
    if page.grids:
        return False
    rows = sum(
        1 for line in page.lines if sum(1 for part in line.text.split("\t") if _is_amount(part.strip())) >= NUMBERS
    )
    return rows >= ROWS


def closing(page: Page) -> int:
    """How many rows of a page add up: the first of three or more amounts is the sum of the others.

    A reading in which fewer rows add up than in another is no better for having fewer faults.
    """
    return sum(_adds_up(row) for grid in page.grids for row in grid.matrix)


def _adds_up(cells: Sequence[Cell | None]) -> bool:
    texts = [cell.text.strip() for cell in dict.fromkeys(cells) if cell is not None]
    values = [Decimal(text.replace(",", "")) for text in texts if _PLAIN.fullmatch(text)]
    return len(values) > 2 and values[0] == sum(values[1:])


def _is_amount(text: str) -> bool:
    return _IS_AMOUNT.fullmatch(text) is not None


def _glued(cells: Sequence[Cell]) -> Iterator[str]:
    for cell in cells:
        if _GLUED.search(cell.text):
            yield f"two numbers in one cell: {cell.text.strip()[:30]}"


def _crowded_columns(cells: Sequence[Cell]) -> Iterator[str]:
    """Several numbers side by side in the cells of a column: a vertical ruling was missed."""
    crowded = Counter(cell.col for cell in cells if any(map(_is_several, _lines(cell))))
    for col, count in sorted(crowded.items()):
        if count >= ROWS:
            yield f"{count} cells of column {col + 1} hold several numbers"


def _is_several(line: str) -> bool:
    """Whether a line is several numbers; digits set apart one by one are a single one."""
    return _SEVERAL.fullmatch(line) is not None and any(len(part) > 1 for part in line.split())


def _crowded_rows(cells: Sequence[Cell]) -> Iterator[str]:
    """Columns of numbers within the cells of one row: horizontal rulings were missed."""
    tall = ((cell, lines) for cell in cells if len(lines := _lines(cell)) >= ROWS)
    crowded = Counter(cell.row for cell, lines in tall if all(map(_is_amount, lines)))
    for row, count in sorted(crowded.items()):
        if count >= 2:
            yield f"{count} cells of row {row + 1} hold columns of numbers"


def _lines(cell: Cell) -> list[str]:
    return [line.strip() for line in cell.text.split("\n") if line.strip()]
