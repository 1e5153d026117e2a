"""Columns that compare two years: 增减额 = 本年 - 上年, and its rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from budgetkit.audit.model import Equation, Figure, Term
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.sheets import Sheet, Slot


def change_sums(sheet: Sheet, book: RuleBook) -> Iterator[Equation]:
    """The changes that a table prints beside the amounts of both years."""
    if not book.rules["columns.change"].enabled:
        return
    if sheet.form == "three_public":
        yield from _by_item(sheet)
        return
    slots = list(sheet.slots)
    for change in (slot for slot in slots if slot.measure == "change"):
        now = [slot for slot in slots if slot.measure == "total" and slot.phase in ("approved", "executed")]
        then = [slot for slot in slots if slot.measure == "total" and slot.phase == "prior_year"]
        if len(now) == len(then) == 1:
            yield from _rows(sheet, change, now[0], then[0])


def _rows(sheet: Sheet, change: Slot, now: Slot, then: Slot) -> Iterator[Equation]:
    doubt = "" if sum(slot.measure == "change" for slot in sheet.slots) == 1 else "增减额列不止一列"
    for row, figure in sheet.cells(change):
        terms = tuple(Term(weight, row.cells[slot]) for weight, slot in ((1, now), (-1, then)) if slot in row.cells)
        if terms:
            yield Equation("columns.change", figure, terms, sheet.form, row.code or None, row.name, "change", doubt)


def _by_item(sheet: Sheet) -> Iterator[Equation]:
    """“三公” tables with years beside or below each other, by unit row and item."""
    found: dict[tuple[str, int], dict[tuple[str, str, str], list[Figure]]] = defaultdict(lambda: defaultdict(list))
    phases: dict[tuple[int, int], set[str]] = defaultdict(set)
    for row in sheet.rows:
        phases[row.page, row.row] |= {slot.phase for slot in row.cells}
    beside = any({"approved", "prior_year"} <= own for own in phases.values())
    for row in sheet.rows:
        for slot, figure in row.cells.items():
            key = (row.label, row.row) if beside else ("", 0)
            found[key][row.name, slot.measure, slot.phase].append(figure)
    for items in found.values():
        yield from _changes(sheet, items)


def _changes(sheet: Sheet, items: Mapping[tuple[str, str, str], list[Figure]]) -> Iterator[Equation]:
    for (name, measure, _), figures in items.items():
        now, then = items.get((name, "total", "approved"), []), items.get((name, "total", "prior_year"), [])
        if measure == "change" and len(figures) == len(now) == len(then) == 1:
            terms = (Term(1, now[0]), Term(-1, then[0]))
            yield Equation("columns.change", figures[0], terms, sheet.form, None, name, "change")
