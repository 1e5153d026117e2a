"""Documents of a corpus against each other: budget and final account, unit and department, year and year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from budgetkit.audit.cells import Cell
from budgetkit.audit.model import Equation, Figure, Term
from budgetkit.audit.stated import Stated
from budgetkit.identities import LINE, Amounts, Key, Point, When
from budgetkit.printed.widths import fold

#: what may be compared between documents: expenditure by function, of all money or of 一般公共预算
_FUNDS = ("all", "general_public_budget")


@dataclass(frozen=True)
class Read:
    """One document of the corpus as the audit sees it."""

    document: Mapping[str, Any]
    cells: Sequence[Cell]
    stated: Sequence[Stated]
    amounts: Amounts

    @cached_property
    def units(self) -> frozenset[str]:
        """The units that the tables list."""
        return frozenset(map(fold, {cell.entity for cell in self.cells} - {""}))


def pair_sums(own: Read, others: Sequence[Read]) -> Iterator[Equation]:
    """The equations of one document with the others; documents that were read in part are left out."""
    if own.document["status"] != "ok":
        return
    others = [other for other in others if other.document["status"] == "ok"]
    same = [other for other in others if _entity(other) and _entity(other) == _entity(own)]
    year, kind = own.document["fiscal_year"], own.document["kind"]
    budgets = [one for one in same if (one.document["kind"], one.document["fiscal_year"]) == ("budget", year)]
    before = [one for one in same if one.document["kind"] == kind and year and one.document["fiscal_year"] == year - 1]
    if kind == "final_account" and len(budgets) == 1:
        yield from _equal("pairs.approved", own, budgets[0])
    if len(before) == 1:
        yield from _equal("pairs.prior", own, before[0])
    departments = [other for other in others if _above(own, other)]
    if len(departments) == 1:
        yield from _within(own, departments[0])


def _entity(read: Read) -> tuple[str, str | None] | None:
    """Who publishes: the stable id where the corpus has one, else the folded name."""
    name = read.document.get("entity_id") or fold(read.document["entity"] or "")
    return (str(name), read.document["tier"]) if name else None


def _above(own: Read, other: Read) -> bool:
    """Whether `own` is a unit of the department `other`, by its name 某局（本级） or by the tables that list it."""
    name, whole = (fold(one.document["entity"] or "") for one in (own, other))
    same = all(own.document[key] == other.document[key] for key in ("kind", "fiscal_year"))
    if not same or not whole or not name or name == whole:
        return False
    listed = (own.document["tier"], other.document["tier"]) == ("unit", "department") and name in other.units
    return listed or name in (f"{whole}(本级)", f"{whole}本级", f"{whole}(机关)")


def _figures(read: Read) -> dict[tuple[When, Key, Point], Figure]:
    """Expenditure by function code, that stands once; of all its tables that agree."""
    found: dict[tuple[When, Key, Point], set[int]] = {}
    figures: dict[tuple[When, Key, Point], Figure] = {}
    cells = {cell.figure.source[1]: cell for cell in read.cells}
    for one in read.amounts.listed:
        coded = (
            one.key.scheme == "function" and not one.key.entity and not one.key.further and LINE not in one.key.project
        )
        spent = one.point.flow == "expenditure" and one.point.nature == "all" and not one.point.item
        if (
            one.table
            and coded
            and not one.key.project
            and spent
            and one.point.fund in _FUNDS
            and one.aspect == "amount"
        ):
            place = (one.when, one.key, one.point)
            found.setdefault(place, set()).add(one.fen)
            figures.setdefault(place, cells[one.number].figure)
    return {place: figure for place, figure in figures.items() if len(found[place]) == 1}


def _of(read: Read, figure: Figure) -> Figure:
    """A figure of another document, which bears its name."""
    name = read.document["document"]
    return replace(figure, source=(f"{figure.source[0]} of {name}", figure.source[1]), what=f"{name} {figure.what}")


def _equal(rule: str, own: Read, other: Read) -> Iterator[Equation]:
    """What both documents say of the same year, phase and coordinates."""
    there = _figures(other)
    for (when, key, point), figure in _figures(own).items():
        same = there.get((when, key, point))
        if same is not None and when.phase:
            yield Equation(rule, figure, (Term(1, _of(other, same)),), None, key.code, None)


def _within(own: Read, department: Read) -> Iterator[Equation]:
    """A unit's amount is no more than its department's; equal where it is, so that only an excess fails."""
    whole = _figures(department)
    for place, figure in _figures(own).items():
        if place in whole and figure.value > whole[place].value:
            yield Equation("pairs.unit", figure, (Term(1, _of(department, whole[place])),), None, place[1].code, None)
