"""Tables of a page: which of them hold data, and their cells in places, by the rules of the HTML standard."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from budgetkit.limits import Budget
from budgetkit.model import Cell, Grid
from budgetkit.printed.numbers import parse_number
from budgetkit.readers.rasters import make_grid

Element = Any

#: spans beyond these are typing errors (the HTML standard's own limits)
_MOST_COLS, _MOST_ROWS = 1000, 65534
_CELLS = ("td", "th")
#: places of a raster that may be looked at for each cell that may stand in it: wide cells need no places of their own
_STEPS = 10
#: elements of a table that are neither rows nor around them
_NOT_ROWS = frozenset({"td", "th", "table", "caption", "colgroup", "col"})
#: a title of a document or a table
_TITLE = re.compile(r"20\d\d\s*年|[预决]\s*算|表\s*$|表\s*[\d一二三四五六七八九十]|^附件|单位\s*[:：]|部门\s*[:：]")
_LABELLED = re.compile(r"^\S{1,12}\s*[:：]|^公开\d+表$|^20\d\d年")
_YEAR = re.compile(r"20\d\d年")
_ORDER = {"thead": 0, "tfoot": 2}


class Slot(NamedTuple):
    """A td or th and the place where it stands."""

    row: int
    col: int
    rowspan: int
    colspan: int
    element: Element


def slots(table: Element, budget: Budget) -> list[Slot]:
    """The cells of a table with their places; `colspan` is cut at the standard's limit, `rowspan` at the last row."""
    found: list[Slot] = []
    rows = list(_rows(table))
    #: for each column the first row that no cell from above covers
    free: list[int] = []
    steps = 0
    for row, tr in enumerate(rows):
        col = 0
        steps += len(free)
        budget.hold("cells", steps / _STEPS)
        for element in _within(tr, _CELLS):
            while col < len(free) and free[col] > row:
                col += 1
            colspan = max(_span(element, "colspan", _MOST_COLS), 1)
            rowspan = min(_span(element, "rowspan", _MOST_ROWS) or len(rows), len(rows) - row)
            free.extend([0] * (col + colspan - len(free)))
            free[col : col + colspan] = [row + rowspan] * colspan
            found.append(Slot(row, col, rowspan, colspan, element))
            col += colspan
    return found


def _rows(table: Element) -> Iterator[Element]:
    """The rows of this table, not of tables within it: heads first and feet last, as they are shown."""
    parts = sorted(_within(table, ("tr", "thead", "tbody", "tfoot")), key=lambda part: _ORDER.get(part.tag, 1))
    for part in parts:
        yield from [part] if part.tag == "tr" else _within(part, ("tr",))


def _within(parent: Element, tags: tuple[str, ...]) -> Iterator[Element]:
    """Children of these tags, also those that a form or another element without right stands around."""
    pending = list(reversed(parent))
    while pending:
        child = pending.pop()
        if child.tag in tags:
            yield child
        elif child.tag not in _NOT_ROWS:
            pending.extend(reversed(child))


def _span(element: Element, attribute: str, most: int) -> int:
    match = re.match(r"\s*(\d{1,9})", element.get(attribute) or "")
    return min(int(match[1]), most) if match else 1


def take_titles(table: Element, text_of: Callable[[Element], str], budget: Budget) -> list[str]:
    """Take the leading rows out that are titles, as spreadsheets save them: one text each, or 部门：… and 单位：…."""
    rows = [list(own) for _, own in groupby(slots(table, budget), key=lambda slot: slot.row)]
    titles: list[str] = []
    for own in rows[:-2]:
        filled = [slot for slot in own if text_of(slot.element)]
        texts = [text_of(slot.element) for slot in filled]
        # 2025年预算数 | 2026年预算数 are heads
        labelled = all(map(_LABELLED.search, texts)) and sum(map(bool, map(_YEAR.match, texts))) < 2
        if any(slot.rowspan > 1 for slot in own) or not all(map(_TITLE.search, texts)):
            break
        if len(filled) > 1 and not labelled:
            break
        titles.append("\t".join(texts))
        for slot in own:
            slot.element.getparent().remove(slot.element)
    return titles


@dataclass
class _Count:
    """What is known of one table, filled from the inside to the outside."""

    #: rows and columns in which cells begin
    rows: int = 0
    cols: int = 0
    #: texts, and among them numbers, in cells that hold no table
    texts: int = 0
    numbers: int = 0
    #: numbers in cells of the tables within it
    inner: int = 0
    nested: bool = False


def data_tables(body: Element, text_of: Callable[[Element], str], budget: Budget) -> frozenset[Element]:
    """The tables that hold data, and do not merely lay out prose, navigation or other tables."""
    counts: dict[Element, _Count] = {}
    holding: set[Element] = set()
    for table in reversed(list(body.iter("table"))):
        own = counts.setdefault(table, _Count())
        outer = next(table.iterancestors("table"), None)
        cell = next(table.iterancestors(*_CELLS), None)
        if cell is not None:
            holding.add(cell)
        places = slots(table, budget)
        own.rows, own.cols = len({slot.row for slot in places}), len({slot.col for slot in places})
        for slot in places:
            if slot.element not in holding:
                text = text_of(slot.element)
                own.texts += bool(text)
                own.numbers += parse_number(text) is not None
        if outer is not None:
            above = counts.setdefault(outer, _Count())
            above.inner += own.numbers + own.inner
            above.nested = True
    return frozenset(table for table, own in counts.items() if _holds_data(own))


def _holds_data(own: _Count) -> bool:
    if own.cols < 2 or not own.texts:
        return False
    if own.rows < 2:
        # a single row: the last row of a table that was cut, or navigation
        return own.numbers >= 2
    return not own.nested or own.numbers > own.inner


def read_table(table: Element, text_of: Callable[[Element], str], first_row: int, budget: Budget) -> Grid | None:
    """The grid of a data table, without the rows and columns in which no cell begins."""
    places = slots(table, budget)
    rows = _ranks(slot.row for slot in places)
    cols = _ranks(slot.col for slot in places)
    budget.hold("cells", len(rows) * len(cols))
    row_after, col_after = _after(rows), _after(cols)
    cells = [
        Cell(
            rows[slot.row],
            cols[slot.col],
            text_of(slot.element),
            row_after(slot.row + slot.rowspan) - rows[slot.row],
            col_after(slot.col + slot.colspan) - cols[slot.col],
        )
        for slot in places
    ]
    return make_grid(1, cells, "html", first_row)


def _ranks(values: Iterable[int]) -> dict[int, int]:
    return {value: rank for rank, value in enumerate(sorted(set(values)))}


def _after(ranks: dict[int, int]) -> Callable[[int], int]:
    """How many of the ranked values lie before a value."""
    ordered = list(ranks)
    return lambda value: bisect_left(ordered, value)
