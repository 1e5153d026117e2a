"""Sums between documents of a corpus: a final account against its budget, a unit against its department."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from budgetkit.audit.model import Equation, Figure, Term
from budgetkit.audit.sheets import Sheet
from budgetkit.audit.stated import Stated
from budgetkit.printed.widths import fold

_FORM = "general_budget_expenditure"


@dataclass(frozen=True, slots=True)
class Read:
    """One document of the corpus as the audit sees it."""

    document: Mapping[str, Any]
    sheets: Sequence[Sheet]
    stated: Sequence[Stated]


def pair_sums(own: Read, others: Sequence[Read]) -> Iterator[Equation]:
    """The equations of one document with the others; documents that were read in part are left out."""
    others = [other for other in others if other.document["status"] == "ok"]
    if own.document["status"] != "ok":
        return
    if own.document["kind"] == "final_account":
        budgets = [other for other in others if _same_unit(own, other) and other.document["kind"] == "budget"]
        if len(budgets) == 1:
            yield from _approved(own, budgets[0])
    departments = [other for other in others if _above(own, other)]
    if len(departments) == 1:
        yield from _within(own, departments[0])


def _same_unit(own: Read, other: Read) -> bool:
    keys = [
        (fold(one.document["entity"] or ""), one.document["fiscal_year"], one.document["tier"]) for one in (own, other)
    ]
    return bool(keys[0][0]) and keys[0][1] is not None and keys[0] == keys[1]


def _above(own: Read, other: Read) -> bool:
    """Whether `own` is the unit 某局（本级） of the department 某局, in the same kind and year."""
    name, whole = (fold(one.document["entity"] or "") for one in (own, other))
    same = all(own.document[key] == other.document[key] for key in ("kind", "fiscal_year"))
    return same and bool(whole) and name in (f"{whole}(本级)", f"{whole}本级", f"{whole}(机关)")


def _cells(read: Read, phase: str, foreign: bool = False) -> dict[str, Figure]:
    """Totals of 一般公共预算支出表 by code, codes that stand once; those of another document bear its name."""
    name = read.document["document"]
    found: dict[str, list[Figure]] = {}
    for sheet in read.sheets:
        if sheet.form == _FORM:
            for row in sheet.rows:
                for slot, figure in row.cells.items():
                    if row.code and (slot.measure, slot.phase) == ("total", phase):
                        found.setdefault(row.code, []).append(figure)
    single = {code: listed[0] for code, listed in found.items() if len(listed) == 1}
    if not foreign:
        return single
    return {
        code: replace(figure, source=(f"{figure.source[0]} of {name}", figure.source[1]), what=f"{name} {figure.what}")
        for code, figure in single.items()
    }


def _approved(own: Read, budget: Read) -> Iterator[Equation]:
    """年初预算数 of the final account = the budget's amount, by code."""
    planned = _cells(budget, "approved", foreign=True)
    stated = {
        one.code: one.figure for one in own.stated if one.code and (one.measure, one.phase) == ("amount", "approved")
    }
    for code, figure in ({**stated, **_cells(own, "approved")}).items():
        if code in planned:
            yield Equation("pairs.approved", figure, (Term(1, planned[code]),), _FORM, code, None, "total")


def _within(own: Read, department: Read) -> Iterator[Equation]:
    """A unit's amount is no more than its department's; equal where it is, so that only an excess fails."""
    phase = "executed" if own.document["kind"] == "final_account" else "approved"
    whole = _cells(department, phase, foreign=True)
    for code, figure in _cells(own, phase).items():
        if code in whole and figure.value > whole[code].value:
            yield Equation("pairs.unit", figure, (Term(1, whole[code]),), _FORM, code, None, "total")
