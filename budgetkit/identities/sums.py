"""Sums within a table: along a row by the trees of coordinates, down it by codes, units and projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from budgetkit.identities.amounts import Amount, Amounts, Key, Point, When
from budgetkit.identities.families import Family, families, is_addend, maximal, readings
from budgetkit.identities.model import Doubt, Identity
from budgetkit.identities.rows import Below, belows

#: amounts at one point: several where rows that no coordinate tells apart stand below each other
Cells = Mapping[Point, tuple[Amount, ...]]
Rows = Mapping[Key, Cells]
#: from so many sums on, most of them must hold for one of them to be a fault
_MANY = 3


def table_sums(amounts: Sequence[Amount], whole: Amounts) -> Iterator[Identity]:
    """All sums within one table."""
    by_when: dict[When, dict[Key, dict[Point, list[Amount]]]] = {}
    for one in amounts:
        if one.aspect == "amount":
            by_when.setdefault(one.when, {}).setdefault(one.key, {}).setdefault(one.point, []).append(one)
    for found in by_when.values():
        rows = {key: {point: tuple(own) for point, own in cells.items()} for key, cells in found.items()}
        below = belows(rows)
        yield from _along(rows, below, whole)
        yield from _down(rows, below, whole)
        yield from _balances(rows)


def single(cells: tuple[Amount, ...]) -> Amount | None:
    """The one amount at a point; of a total that is repeated as it was, the first."""
    if len(cells) == 1 or (cells and all(one.fen == cells[0].fen and one.is_total for one in cells)):
        return cells[0]
    return None


def made(
    kind: str, along: str, parent: Amount, terms: Sequence[Amount], doubt: Doubt | None = None,
    less: Sequence[Amount] = (), within: Sequence[Amount] = (),
) -> Identity:  # fmt: skip
    """An identity of amounts."""
    total = sum(one.fen for one in terms) - sum(one.fen for one in less)
    steps = parent.step + sum(one.step for one in (*terms, *less))
    numbers = (tuple(one.number for one in listed) for listed in (terms, less, within))
    children, taken, parts = numbers
    return Identity(kind, along, parent.number, children, taken, parent.fen - total, steps, doubt, parts)


def _along(rows: Rows, below: Sequence[Below], whole: Amounts) -> Iterator[Identity]:
    """Sums between the points of each row."""
    by_parent: dict[Point, list[tuple[Amount, Cells]]] = defaultdict(list)
    points: set[Point] = set()
    for key, cells in _bundles(rows, below):
        points.update(cells)
        for point, own in cells.items():
            if len(own) == 1 and own[0].key == key:
                by_parent[point].append((own[0], cells))
    for family in families(points):
        yield from _chosen(family, by_parent[family.parent], whole)


def _bundles(rows: Rows, below: Sequence[Below]) -> Iterator[tuple[Key, Cells]]:
    """The points of each row; a row that lacks one that the rows below it print has these in its place."""
    under: dict[Key, list[Below]] = defaultdict(list)
    for one in below:
        under[one.parent].append(one)
    for key, cells in rows.items():
        own: dict[Point, tuple[Amount, ...]] = {
            point: (found,) for point, listed in cells.items() if (found := single(listed)) is not None
        }
        apart = [point for point in cells if point not in own]
        if apart:
            yield from ((key, found) for found in _by_place(cells))
        if not key.code and not key.project:
            for one in sorted(under[key], key=lambda one: one.along != "code:function"):
                for child in one.children:
                    for point in rows[child]:
                        if point not in cells and point not in own:
                            own[point] = _terms(rows, one, point)
        yield key, own


def _by_place(cells: Cells) -> Iterator[Cells]:
    """Rows that no coordinate tells apart, by where they stand."""
    places: dict[tuple[int, int], dict[Point, list[Amount]]] = {}
    for point, listed in cells.items():
        for one in listed:
            places.setdefault((one.page, one.row), {}).setdefault(point, []).append(one)
    for found in places.values():
        own = {point: tuple(listed) for point, listed in found.items() if len(listed) == 1}
        if len(own) > 1:
            yield own


def _chosen(family: Family, bundles: Sequence[tuple[Amount, Cells]], whole: Amounts) -> Iterator[Identity]:
    """A family over all rows of a table, read as most of the rows add up."""
    best: tuple[tuple[int, int], list[Identity]] | None = None
    for points in readings(family):
        terms = [(parent, own, cells) for parent, cells in bundles if (own := _parts(cells, points))]
        listed = [made("sum", family.along, parent, own) for parent, own, _ in terms]
        holding = [one.holds for one, (parent, own, _) in zip(listed, terms, strict=True) if _moves(parent, own)]
        score = (sum(holding), -len(holding))
        if best is None or score > best[0]:
            best, strange = (score, listed), [_unread(own, parent, whole) for parent, own, _ in terms]
            alone = len(points) == 1 and all(len(one.children) < 2 for one in listed)
        if score[0] == len(holding):
            break
    if best is None:
        return
    (count, many), listed = best
    doubt = Doubt.READING if -many >= _MANY and 2 * count < -many else Doubt.ALONE if alone else None
    for one, unread in zip(listed, strange, strict=True):
        yield one if one.holds else replace(one, doubt=Doubt.UNREAD if unread else doubt)


def _moves(parent: Amount, terms: Sequence[Amount]) -> bool:
    """Whether a sum is of more than zeros."""
    return bool(parent.fen) or any(one.fen for one in terms)


def _parts(cells: Cells, points: Iterable[Point]) -> list[Amount]:
    """The amounts of points in one row; where one is blank, those that are printed of its own parts."""
    found: list[Amount] = []
    for point in points:
        own = cells.get(point)
        if own is None:
            inner = maximal([other for other in cells if other != point and is_addend(other, point)])
            found += [one for other in inner for one in cells[other]]
        else:
            found += own
    return list({one.number: one for one in found}.values())


def _unread(terms: Sequence[Amount], parent: Amount, whole: Amounts) -> bool:
    """Whether a row of the sum holds an amount that is not understood."""
    places = whole.unread.get(parent.table, ())
    return any((one.page, one.row) in places for one in (parent, *terms))


def _down(rows: Rows, below: Sequence[Below], whole: Amounts) -> Iterator[Identity]:
    """Sums of the rows below a row."""
    by_way: dict[str, list[tuple[Identity, bool]]] = defaultdict(list)
    for one in below:
        alone = len(one.children) == 1 and "code" not in one.along
        for point, listed in rows[one.parent].items():
            parent, terms = single(listed), _terms(rows, one, point)
            if parent is not None and terms:
                unread = parent.table in whole.unread_rows
                why = Doubt.UNREAD if unread else Doubt.ALONE if alone else None
                by_way[one.along].append((made("sum", one.along, parent, terms, why), _moves(parent, terms)))
    for found in by_way.values():
        moved = [one.holds for one, moves in found if moves]
        doubt = Doubt.READING if len(moved) >= _MANY and 2 * sum(moved) < len(moved) else None
        for identity, _ in found:
            yield replace(identity, doubt=None if identity.holds else identity.doubt or doubt)


def _terms(rows: Rows, below: Below, point: Point) -> tuple[Amount, ...]:
    """The amounts of the rows below a row at one point; rows that no coordinate tells apart all count."""
    found: list[Amount] = []
    for child in below.children:
        listed = rows[child].get(point, ())
        one = single(listed) if len(listed) > 1 and listed[0].is_total else None
        found += [one] if one is not None else listed
    return tuple(found)


def _balances(rows: Rows) -> Iterator[Identity]:
    """收入总计 = 支出总计."""
    for key, cells in rows.items():
        if key.code or key.project:
            continue
        for point, listed in cells.items():
            if point.flow == "uses":
                left, right = cells.get(point._replace(flow="sources")), listed
                parent, other = single(right), single(left or ())
                if parent is not None and other is not None:
                    yield made("balance", "", parent, (other,))
