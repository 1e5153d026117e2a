"""Sums down tables without codes: lists of projects, purchases and units (项目、采购、单位清单)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from budgetkit.audit.hierarchy import is_rate
from budgetkit.audit.model import Equation, Term
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.sheets import Row, Sheet, Slot


def list_sums(sheet: Sheet, book: RuleBook) -> Iterator[Equation]:
    """合计 = Σ rows of a table without codes.

    Which rows are parts and which are subtotals is not printed; so a table is only held to the sum when some column
    of it proves how its rows add up.
    """
    if sheet.form.endswith("_summary") or sheet.form == "three_public" or any(row.code for row in sheet.rows):
        return
    grand = re.compile(book.words["rows"]["grand_total"])
    totals = [row for row in sheet.rows if row.is_total and grand.fullmatch(row.name)]
    if len(totals) != 1 or not book.rules["list.total"].enabled:
        return
    rest = [row for row in sheet.rows if row is not totals[0]]
    slots = [slot for slot in sheet.slots if slot in totals[0].cells and not is_rate(sheet, slot, book)]
    parts = next((rows for rows in _readings(rest) if _proves(totals[0], rows, slots)), None)
    for slot in slots:
        listed = rest if parts is None else parts
        terms = tuple(Term(1, row.cells[slot]) for row in listed if slot in row.cells)
        doubt = (
            "各行的从属关系不明" if parts is None else "" if slot.measure else f"列“{sheet.columns[slot]}”含义未识别"
        )
        if terms:
            yield Equation(
                "list.total",
                totals[0].cells[slot],
                terms,
                sheet.form,
                None,
                totals[0].name,
                slot.measure or None,
                doubt,
            )


def _readings(rest: Sequence[Row]) -> Iterator[list[Row]]:
    """Ways to tell parts from subtotals: all rows are parts; rows of units are not; only rows of units are."""
    yield list(rest)
    units = [row for row in rest if row.label == row.entity]
    if units and len(units) < len(rest):
        yield [row for row in rest if row.label != row.entity]
        yield units


def _proves(total: Row, rows: Sequence[Row], slots: Sequence[Slot]) -> bool:
    """Whether a column with two parts or more adds up."""
    for slot in slots:
        figures = [row.cells[slot] for row in rows if slot in row.cells and row.cells[slot].value]
        whole = total.cells[slot]
        off = whole.value - sum(figure.value for figure in figures)
        if len(figures) > 1 and 2 * abs(off) <= whole.quantum + sum(figure.quantum for figure in figures):
            return True
    return False
