"""Money that is the same although it is called otherwise: where a part is all there is, its parts are too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from budgetkit import trees
from budgetkit.identities.amounts import Key, Point, When
from budgetkit.identities.apart import Sheet

#: coordinates along which a part may be the whole
_ALONG = ("fund", "origin")


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
        narrow = {
            (point.flow, name, getattr(point, name)): getattr(other, name)
            for point in certain
            for other in certain
            for name in _ALONG
            if _is_whole(point, other, name) and certain[point] == certain[other]
        }
        found |= {(when, point): _narrowed(point, narrow) for point in points[when]}
    return found


def _is_whole(point: Point, other: Point, name: str) -> bool:
    """Whether two totals differ in one coordinate only, in which one is part of the other."""
    own, part = getattr(point, name), getattr(other, name)
    return (
        own != part
        and point.nature == "all"
        and not point.item
        and trees.within(name, part, own)
        and other == point._replace(**{name: part})
    )


def _narrowed(point: Point, narrow: Mapping[tuple[str, str, str], str]) -> Point:
    for name in _ALONG:
        while (part := narrow.get((point.flow, name, getattr(point, name)))) is not None:
            point = point._replace(**{name: part})
    return point
