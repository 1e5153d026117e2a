"""Which points of a table add up to which: the trees of coordinates, cut to what is printed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from budgetkit import trees
from budgetkit.identities.amounts import Point

_DIMENSIONS = trees.DIMENSIONS


class Family(NamedTuple):
    """A point and printed points that may make it up."""

    parent: Point
    #: pairwise disjoint
    children: tuple[Point, ...]
    #: coordinates in which the children differ from the parent, joined by "+"
    along: str
    #: points that are part of the parent and of no child by the trees: addends only where the arithmetic says so
    beside: tuple[Point, ...]


@cache
def _addend(dimension: str, value: str, whole: str) -> bool:
    """Whether a value is another or reached from it by partitions only."""
    return value == whole or any(_addend(dimension, value, child) for child in trees.partition(dimension, whole))


def is_addend(point: Point, whole: Point) -> bool:
    """Whether a point is part of another along partitions only."""
    return all(map(_addend, _DIMENSIONS, point, whole))


def is_within(point: Point, whole: Point) -> bool:
    """Whether a point is another or part of it."""
    return all(map(trees.within, _DIMENSIONS, point, whole))


def disjoint(one: Point, two: Point) -> bool:
    """Whether no money can be in both."""
    return any(
        not trees.within(dimension, left, right) and not trees.within(dimension, right, left)
        for dimension, left, right in zip(_DIMENSIONS, one, two, strict=True)
    )


def differs(point: Point, whole: Point) -> frozenset[str]:
    """The coordinates in which two points differ."""
    return frozenset(dimension for dimension, own, other in zip(_DIMENSIONS, point, whole, strict=True) if own != other)


def families(points: Collection[Point]) -> list[Family]:
    """The sums that the trees allow between the points that a table prints."""
    return [family for parent in sorted(points) for family in _of(parent, points)]


def _of(parent: Point, points: Collection[Point]) -> list[Family]:
    below = [point for point in points if point != parent and is_within(point, parent)]
    whole = [point for point in below if is_addend(point, parent)]
    parts = [point for point in below if not is_addend(point, parent)]
    top = maximal(whole)
    ways = {point: differs(point, parent) for point in top}
    found = []
    for way in sorted(set(ways.values()), key=sorted):
        if any(way < other for other in ways.values()):
            continue
        children = tuple(sorted(point for point in top if ways[point] <= way))
        if all(disjoint(one, two) for k, one in enumerate(children) for two in children[k + 1 :]):
            beside = tuple(
                point
                for point in maximal(parts)
                if differs(point, parent) <= way and not any(is_within(point, child) for child in children)
            )
            found.append(Family(parent, children, "+".join(sorted(way)), beside))
    return found


def maximal(points: Sequence[Point]) -> list[Point]:
    """The points that are part of no other."""
    return [point for point in points if not any(other != point and is_within(point, other) for other in points)]


def readings(family: Family) -> list[tuple[Point, ...]]:
    """What may be the addends, the likeliest first: the partition, with what the trees call a 其中, without one."""
    found = [family.children]
    if family.beside:
        found.append((*family.children, *family.beside))
    if len(family.children) > 1:
        found += [tuple(other for other in family.children if other != child) for child in family.children]
    return found
