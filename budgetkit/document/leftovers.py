"""Leftovers: every number in a table that became nothing else, so that nothing disappears."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from budgetkit.model import Grid, Page, Reason, Refusal
from budgetkit.printed import persons
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import squeeze
from budgetkit.tables.facts import Place

#: a numeric token as it is printed in a table
NUMBER = re.compile(r"[-+]?\d[\d,，]*(?:\.\d+)?%?")


def leftovers(
    pages: Sequence[Page],
    used: frozenset[Place],
    reasons: Mapping[Place, Refusal],
    tables: Mapping[tuple[int, int], Reason],
    numbers: Mapping[tuple[int, int], int],
) -> Iterator[dict[str, Any]]:
    """The numbers that no row of any frame holds.

    Parameters
    ----------
    pages : sequence of Page
    used : frozenset of (page, row, col)
        Cells that are accounted for.
    reasons : mapping of place to Refusal
        Why a cell was refused.
    tables : mapping of (page, grid number) to Reason
        Why a whole grid was not read.
    numbers : mapping of (page, grid number) to int
        The ordinal of the table that a grid belongs to, as in the facts.
    """
    for page in pages:
        if page.problem:
            yield _row(page.number, "", None, page.problem)
        # without geometry a stray belongs to the one table of the page whose reading is in doubt
        doubted = [index for index, grid in enumerate(page.grids) if grid.doubts]
        own = numbers.get((page.number, doubted[0])) if len(doubted) == 1 else None
        for line in page.strays:
            if NUMBER.search(line.text):
                row = _row(page.number, squeeze(line.text), line.box, Reason.NO_CELL.value)
                yield {**row, "table": None if line.box else own}
        for index, grid in enumerate(page.grids):
            number = numbers.get((page.number, index))
            rows = _cells(grid, used, reasons, tables.get((page.number, index)))
            yield from ({**row, "table": number} for row in rows)


def _withheld(grid: Grid, row: int, col: int) -> bool:
    """Whether a cell is that of a contact person: the label to its left or over it and its like says so."""
    cells = grid.matrix
    own = cells[row][col]
    beside = (cell for cell in reversed(cells[row][:col]) if cell is not None and cell is not own)
    left = next((cell for cell in beside if squeeze(cell.text)), None)
    if left is not None and persons.is_label(left.text):
        return True
    if own is None or not persons.is_personal(own.text):
        return False
    column = [cell for above in reversed(cells[:row]) if (cell := above[col]) is not None and cell is not own]
    label = next((cell for cell in column if not persons.is_personal(cell.text)), None)
    return label is not None and persons.is_label(label.text)


def _cells(
    grid: Grid, used: frozenset[Place], reasons: Mapping[Place, Refusal], whole: Reason | None
) -> Iterator[dict[str, Any]]:
    for cell in grid.cells:
        place = (grid.page, grid.first_row + cell.row + 1, cell.col + 1)
        if place in used or not NUMBER.search(cell.text):
            continue
        text = _printed(cell.text)
        if parse_number(text) and not parse_number(cell.text):
            # two figures: they stay apart
            text = " ".join(cell.text.split())
        if _withheld(grid, cell.row, cell.col) or not NUMBER.search(persons.without(text)):
            yield _row(grid.page, "", cell.box, Reason.WITHHELD.value)
        else:
            refusal = reasons.get(place) or Refusal(whole or Reason.NO_AMOUNT)
            yield _row(grid.page, text, cell.box, refusal.text)


def _printed(text: str) -> str:
    """The text of a cell without white space, but for what parts several numbers."""
    lines = [squeeze(line) for line in text.split("\n")]
    return " ".join(filter(None, lines)) if sum(map(str.isdigit, (line[:1] for line in lines))) > 1 else squeeze(text)


def _row(page: int, text: str, box: Any, reason: str) -> dict[str, Any]:
    corners = dict(zip(("x0", "y0", "x1", "y1"), box, strict=True)) if box else {}
    return {"page": page, "text": text, "reason": reason, **corners}
