"""Documents of a corpus against each other: budget and final account, unit and department, year and year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from budgetkit.audit.cells import Cell
from budgetkit.audit.model import Equation, Figure, Term
from budgetkit.audit.stated import Stated
from budgetkit.identities import Amounts, Key, Point, When
from budgetkit.printed.widths import fold

#: what may be compared between documents: expenditure by function, of all money or of 一般公共预算
_FUNDS = ("all", "general_public_budget")
#: how a department's own office is called
_OWN = ("(本级)", "本级", "(机关)")


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


def pair_sums(own: Read, others: Sequence[Read]) -> Iterator[tuple[tuple[Read, ...], Equation]]:
    """The equations of one document with others, a term each; documents that were read in part are left out."""
    if own.document["status"] != "ok":
        return
    others = [other for other in others if other.document["status"] == "ok"]
    same = [other for other in others if publisher(other) and publisher(other) == publisher(own)]
    year, kind = own.document["fiscal_year"], own.document["kind"]
    budgets = [one for one in same if (one.document["kind"], one.document["fiscal_year"]) == ("budget", year)]
    before = [one for one in same if one.document["kind"] == kind and year and one.document["fiscal_year"] == year - 1]
    if kind == "final_account" and len(budgets) == 1:
        yield from _equal("pairs.approved", own, budgets[0])
    if len(before) == 1:
        yield from _equal("pairs.prior", own, before[0])
    departments = [other for other in others if unit(own) in below(other)]
    if len(departments) == 1:
        yield from _within(own, departments[0])
    units, listed = [other for other in others if unit(other) in below(own)], own.units - {unit(own)[-1]}
    if len(listed) > 1 and sorted(map(unit, units)) == sorted((*unit(own)[:2], "unit", name) for name in listed):
        yield from _together(own, units)


def causes(equations: Sequence[Equation]) -> list[Equation]:
    """Without those that only follow: a 类 that is off by what its 款 are off by, other money of a code by as much."""
    failing = [one for one in equations if one.status == "fail"]
    kept: list[Equation] = []
    for one in sorted(failing, key=lambda one: -len(one.code or "")):
        alike = [other for other in kept if other.rule == one.rule and (other.code or "").startswith(one.code or "")]
        made = {other.code: other.difference for other in alike if other.code != one.code}
        same = any(other.code == one.code and other.difference == one.difference for other in alike)
        if not same and not (made and 2 * abs(sum(made.values()) - one.difference) <= one.tolerance2 * (1 + len(made))):
            kept.append(one)
    return [one for one in equations if one.status != "fail" or one in kept]


def publisher(read: Read) -> tuple[str, str | None] | None:
    """Who publishes: the stable id where the corpus has one, else the folded name."""
    name = read.document.get("entity_id") or fold(read.document["entity"] or "")
    return (str(name), read.document["tier"]) if name else None


def unit(read: Read) -> tuple[object, ...]:
    """A document as one of a unit of some department."""
    return *(read.document[key] for key in ("kind", "fiscal_year", "tier")), fold(read.document["entity"] or "")


def below(read: Read) -> frozenset[tuple[object, ...]]:
    """What the documents of a department's units are: 某局（本级） by its name, others by the tables that list them."""
    kind, year, tier, whole = unit(read)
    if not whole:
        return frozenset()
    listed = read.units - {whole} if tier == "department" else frozenset()
    own = [(other, f"{whole}{word}") for other in ("unit", "department", None) for word in _OWN]
    return frozenset((kind, year, *one) for one in (*own, *(("unit", name) for name in listed)))


def _figures(read: Read, entity: str = "") -> dict[tuple[When, Key, Point], Figure]:
    """Expenditure by function code and in all that stands once, of all tables that agree; or of a listed unit."""
    found: dict[tuple[When, Key, Point], set[int]] = {}
    figures: dict[tuple[When, Key, Point], Figure] = {}
    cells = {cell.figure.source[1]: cell for cell in read.cells}
    for one in read.amounts.listed:
        key, point = one.key._replace(entity=""), one.point
        coded = key.scheme == "function" and not key.further and not key.project
        known = one.key.entity == entity and (coded or key == Key()) and bool(one.table)
        spent = point.flow == "expenditure" and point.nature == "all" and not point.item and point.fund in _FUNDS
        if known and spent and one.aspect == "amount":
            place = (one.when, key, point)
            found.setdefault(place, set()).add(one.fen)
            figures.setdefault(place, cells[one.number].figure)
    return {place: figure for place, figure in figures.items() if len(found[place]) == 1}


def named(read: Read, figure: Figure) -> Figure:
    """A figure of another document, which bears its name."""
    name = read.document["document"]
    return replace(figure, source=(f"{figure.source[0]} of {name}", figure.source[1]), what=f"{name} {figure.what}")


def _equal(rule: str, own: Read, other: Read) -> Iterator[tuple[tuple[Read, ...], Equation]]:
    """What both documents say of the same year, phase and coordinates."""
    there = _figures(other)
    for place, figure in _figures(own).items():
        if place in there and place[0].phase:
            yield (other,), _equation(rule, figure, ((other, there[place]),), place[1])


def _equation(rule: str, figure: Figure, terms: Sequence[tuple[Read, Figure]], key: Key) -> Equation:
    return Equation(rule, figure, tuple(Term(1, named(*term)) for term in terms), None, key.code or None, None)


def _within(own: Read, department: Read) -> Iterator[tuple[tuple[Read, ...], Equation]]:
    """A unit's amount is what its department lists for it, and no more than the department's."""
    whole, listed = _figures(department), _figures(department, str(unit(own)[-1]))
    for place, figure in _figures(own).items():
        if place in listed:
            yield (department,), _equation("pairs.listed", figure, ((department, listed[place]),), place[1])
        elif place in whole and figure.value > whole[place].value:
            yield (department,), _equation("pairs.unit", figure, ((department, whole[place]),), place[1])


def _together(own: Read, units: Sequence[Read]) -> Iterator[tuple[tuple[Read, ...], Equation]]:
    """A department's amount is what all its units have together, where each has a document."""
    theirs = [_figures(one) for one in units]
    for place, figure in _figures(own).items():
        terms = [(one, figures[place]) for one, figures in zip(units, theirs, strict=True) if place in figures]
        if terms and place[0].year == own.document["fiscal_year"] and place[1].code:
            yield tuple(one for one, _ in terms), _equation("pairs.units", figure, terms, place[1])
