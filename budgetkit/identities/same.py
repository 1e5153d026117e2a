"""Money that is the same although it is called otherwise: where a part is all there is, its parts are too."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from budgetkit import trees
from budgetkit.identities.amounts import Key, Point, When
from budgetkit.identities.apart import Sheet

#: coordinates along which a part may be the whole; income of this year's money is all sources together
_ALONG: dict[tuple[str, ...], Callable[[Point], object]] = {
    names: attrgetter(*names) for names in (("fund",), ("origin",), ("flow",), ("flow", "origin"))
}
#: what else must be as wide in the totals as in what follows from them
_WIDE = ("flow", "fund", "origin", "nature")

#: a whole, the part that is all of it, and the coordinates in which they differ
_Pair = tuple[Point, Point, tuple[str, ...]]


def same_money(sheets: Iterable[tuple[When, Sheet]]) -> Mapping[tuple[When, Point], Point]:
    """Points by the narrowest point that is the same money.

    Where the document's total of 财政拨款 is its total of 一般公共预算, each amount of the one is that of the other.
    """
    totals: dict[When, dict[Point, set[int]]] = {}
    points: dict[When, set[Point]] = {}
    carried: dict[When, set[str]] = {}
    for when, sheet in sheets:
        for key, cells in sheet.rows.items():
            points.setdefault(when, set()).update(cells)
            carried.setdefault(when, set()).update(
                point.flow if point.origin != "carried_forward" else "opening_balance"
                for point, one in cells.items()
                if one.fen
            )
            if key == Key():
                for point, one in cells.items():
                    totals.setdefault(when, {}).setdefault(point, set()).add(one.fen)
    found: dict[tuple[When, Point], Point] = {}
    for when, known in totals.items():
        certain = {point: next(iter(fen)) for point, fen in known.items() if len(fen) == 1 and 0 not in fen}
        wholes = [pair for pair in _wholes(tuple(certain)) if certain[pair[0]] == certain[pair[1]]]
        wholes += _without_balances(carried.get(when, set()), known)
        # prose may name money that no table calls so
        named = points[when] | {
            Point(flow, point.fund, origin, point.nature, point.item)
            for point in points[when]
            for flow in ("income", "sources", "expenditure", "uses")
            for origin in ("all", "current")
        }
        found |= {(when, point): _narrowed(point, wholes) for point in named} if wholes else {}
    return found


def _without_balances(flows: Collection[str], totals: Collection[Point]) -> Iterator[_Pair]:
    """Where no table prints a balance, income is all sources and expenditure all uses, as prose may call them."""
    printed = {point.flow for point in totals}
    root = Point("sources", "all", "all", "all", "")
    if "sources" not in printed and not {"opening_balance", "use_of_reserves"} & set(flows):
        yield root, root._replace(flow="income", origin="current"), ("flow", "origin")
    if "uses" not in printed and not {"closing_balance", "surplus_distribution"} & set(flows):
        yield root._replace(flow="uses"), root._replace(flow="expenditure"), ("flow",)


def _wholes(points: tuple[Point, ...]) -> Iterator[_Pair]:
    """Totals of which one is part of the other by some coordinates and like it in all others."""
    for whole in points:
        if whole.nature == "all" and not whole.item:
            for part in points:
                names = tuple(name for name in Point._fields if getattr(whole, name) != getattr(part, name))
                if names in _ALONG and all(
                    trees.within(name, getattr(part, name), getattr(whole, name)) for name in names
                ):
                    yield whole, part, names


def _narrowed(point: Point, wholes: Sequence[_Pair]) -> Point:
    """A point after all steps that lead to the same money."""
    for whole, part, names in wholes:
        same = _ALONG[names](point) == _ALONG[names](whole)
        if same and all(trees.within(name, getattr(point, name), getattr(whole, name)) for name in _WIDE):
            return _narrowed(point._replace(**{name: getattr(part, name) for name in names}), wholes)
    return point
