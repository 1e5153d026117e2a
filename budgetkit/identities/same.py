"""Money that is the same although it is called otherwise: where a part is all there is, its parts are too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from budgetkit import trees
from budgetkit.identities.amounts import Key, Point, When
from budgetkit.identities.apart import Sheet

#: coordinates along which a part may be the whole; income of this year's money is all sources together
_ALONG = (("fund",), ("origin",), ("flow",), ("flow", "origin"))
#: what else must be as wide in the totals as in what follows from them
_WIDE = ("flow", "fund", "origin", "nature")


def same_money(sheets: Iterable[tuple[When, Sheet]]) -> Mapping[tuple[When, Point], Point]:
    """Points by the narrowest point that is the same money.

    Where the document's total of 财政拨款 is its total of 一般公共预算, each amount of the one is that of the other.
    """
    totals: dict[When, dict[Point, set[int]]] = {}
    points: dict[When, set[Point]] = {}
    for when, sheet in sheets:
        for key, cells in sheet.rows.items():
            points.setdefault(when, set()).update(cells)
            if key == Key():
                for point, one in cells.items():
                    totals.setdefault(when, {}).setdefault(point, set()).add(one.fen)
    found: dict[tuple[When, Point], Point] = {}
    for when, known in totals.items():
        certain = {point: next(iter(fen)) for point, fen in known.items() if len(fen) == 1 and 0 not in fen}
        wholes = [pair for pair in _wholes(tuple(certain)) if certain[pair[0]] == certain[pair[1]]]
        # prose may name money that no table calls so
        named = points[when] | {point._replace(flow=flow) for point in points[when] for flow in ("income", "sources")}
        found |= {(when, point): _narrowed(point, wholes) for point in named} if wholes else {}
    return found


def _wholes(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point, tuple[str, ...]]]:
    """Totals of which one is part of the other by some coordinates and like it in all others."""
    for whole in points:
        if whole.nature == "all" and not whole.item:
            for part in points:
                names = tuple(name for name in Point._fields if getattr(whole, name) != getattr(part, name))
                if names in _ALONG and all(_within(name, getattr(part, name), getattr(whole, name)) for name in names):
                    yield whole, part, names


@cache
def _within(dimension: str, value: str, whole: str) -> bool:
    return trees.within(dimension, value, whole)


def _narrowed(point: Point, wholes: Iterable[tuple[Point, Point, tuple[str, ...]]]) -> Point:
    """A point after all steps that lead to the same money."""
    for whole, part, names in wholes:
        same = all(getattr(point, name) == getattr(whole, name) for name in names)
        if same and all(_within(name, getattr(point, name), getattr(whole, name)) for name in _WIDE):
            return _narrowed(point._replace(**{name: getattr(part, name) for name in names}), wholes)
    return point
