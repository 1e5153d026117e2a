"""What the identities of a document say of each of its amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from budgetkit.identities.amounts import LINE, Amount, Amounts, Key, Point, When, agree, amounts_of
from budgetkit.identities.apart import Sheet, told_apart, with_total
from budgetkit.identities.model import Doubt, Identity
from budgetkit.identities.prose import stated_changes, stated_directions, stated_sums
from budgetkit.identities.same import same_money
from budgetkit.identities.sums import made, table_sums

#: what prose calls income or expenditure, with and without balances
_SIDES = {"sources": "sources", "income": "sources", "uses": "uses", "expenditure": "uses"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many identities hold and fail for every fact and statement, in their order."""

    confirmed: tuple[int, ...]
    contradicted: tuple[int, ...]
    confirmed_statements: tuple[int, ...]
    contradicted_statements: tuple[int, ...]


def evidence(facts: Any, statements: Any = (), entity: str | None = None) -> Evidence:
    """Count for every amount of a document the identities that hold and that fail.

    `facts`, `statements`: the frames of one document, or the rows they are made of; `entity`: whose document it is.

    >>> row = {"table": 1, "page": 1, "row": 1, "flow": "expenditure", "fund": "all", "aspect": "amount", "quantum": 1}
    >>> facts = [{**row, "nature": "all", "amount": 3.0}, {**row, "nature": "basic", "amount": 3.0}]
    >>> evidence(facts).confirmed
    (1, 1)
    """
    amounts = amounts_of(facts, statements, entity)
    total = amounts.facts + len(statements)
    confirmed, contradicted = [0] * total, [0] * total
    for one in identities(amounts):
        if one.holds or one.fails:
            counts = confirmed if one.holds else contradicted
            for index in one.members:
                counts[index] += 1
    cuts = (slice(amounts.facts), slice(amounts.facts, None))
    return Evidence(*(tuple(counts[cut]) for cut in cuts for counts in (confirmed, contradicted)))


def identities(amounts: Amounts) -> list[Identity]:
    """All identities of a document, those that hold and those that do not."""
    tables: dict[int, list[Amount]] = defaultdict(list)
    for one in amounts.listed:
        tables[one.table].append(one)
    prose = tables.pop(0, [])
    found: list[Identity] = []
    sheets: list[tuple[When, Sheet]] = []
    for listed in tables.values():
        own = [(when, _settled(told_apart(some), amounts)) for when, some in _by_when(listed).items()]
        for _, sheet in own:
            found += table_sums(sheet, amounts)
            found += (_equal(one, other) for one, other in sheet.repeats)
        found += _changes(listed)
        sheets += own
    same = same_money(sheets)
    found += _equals(sheets, [one for one in prose if one.aspect == "amount"], same)
    printed = [one for _, sheet in sheets for cells in sheet.rows.values() for one in cells.values()]
    return [
        *found,
        *stated_changes(prose, printed),
        *stated_directions(prose, same),
        *stated_sums(prose, amounts.exact),
    ]


def _settled(sheet: Sheet, amounts: Amounts) -> Sheet:
    """A table whose contested totals are settled by its sums: the one that some sum holds for is right."""
    for listed in sheet.contested:
        tries = [(_held(with_total(sheet, one), one, amounts), one) for one in listed]
        best = max(count for count, _ in tries)
        right = [one for count, one in tries if count == best]
        if best and len({one.fen for one in right}) == 1:
            sheet = with_total(sheet, right[0])._replace(contested=sheet.contested)
    return sheet


def _held(sheet: Sheet, total: Amount, amounts: Amounts) -> int:
    return sum(one.holds and total.number in one.members for one in table_sums(sheet, amounts))


def _by_when(amounts: Iterable[Amount]) -> Mapping[When, list[Amount]]:
    found: dict[When, list[Amount]] = defaultdict(list)
    for one in amounts:
        if one.aspect == "amount":
            found[one.when].append(one)
    return found


def _changes(amounts: Sequence[Amount]) -> Iterator[Identity]:
    """增减额 = 本年 - 上年 of the same coordinates."""
    changes = [one for one in amounts if one.aspect == "change"]
    if not changes:
        return
    printed: dict[tuple[object, ...], list[Amount]] = defaultdict(list)
    for one in amounts:
        if one.aspect == "amount":
            printed[one.key, one.point, one.when.year].append(one)
    for change in changes:
        now, then = (printed[change.key, change.point, change.when.year - back] for back in (0, 1))
        now = [one for one in now if one.when.phase == change.when.phase] or now
        if len(now) < 2 and len(then) < 2 and (now or then):
            yield made("change", "year", change, now, less=then)


def _equals(
    sheets: Iterable[tuple[When, Sheet]], prose: Iterable[Amount], same: Mapping[tuple[When, Point], Point]
) -> Iterator[Identity]:
    """The same coordinates in different tables and in prose."""
    groups: dict[tuple[When, Key, Point], dict[tuple[int, int], Amount]] = defaultdict(dict)
    for when, sheet in sheets:
        for key, cells in sheet.rows.items():
            for point, one in cells.items() if LINE not in key.project else ():
                groups[when, key, same.get((when, point), point)].setdefault((one.table, 0), one)
    loose: dict[tuple[When, Key, Point], dict[int, Amount]] = defaultdict(dict)
    for (when, key, point), found in groups.items():
        for one in found.values():
            loose[when, key, _loosened(point)].setdefault(one.fen, one)
    for one in prose:
        groups[one.when, one.key, same.get((one.when, one.point), one.point)][0, one.number] = one
    for (when, key, point), found in groups.items():
        if not any(one.table for one in found.values()):
            yield from _loosely(found.values(), loose.get((when, key, _loosened(point)), {}))
        places = list(found.values())
        if len(places) > 1 and not _is_list(places):
            centre = max(places, key=lambda one: (sum(agree(one, other) for other in places), -one.step, -one.number))
            yield from (_equal(centre, other) for other in places if other is not centre)


def _loosened(point: Point) -> Point:
    """A point whatever is carried over into it or left of it, which prose may not say; 机关运行经费 of any fund."""
    if point.item == "agency_operation":
        point = point._replace(fund="all")
    if point.origin == "carried_forward" or point.flow not in _SIDES:
        return point
    return Point(_SIDES[point.flow], point.fund, "all", point.nature, point.item)


def _loosely(prose: Iterable[Amount], printed: Mapping[int, Amount]) -> Iterator[Identity]:
    """Amounts that no table prints under the very coordinates: they are one of those with or without carry-over."""
    for one in prose if printed else ():
        near = min(printed.values(), key=lambda other: abs(other.fen - one.fen))
        equal = _equal(near, one)
        yield equal if equal.holds or len(printed) == 1 else equal._replace(doubt=Doubt.READING)


def _is_list(places: Sequence[Amount]) -> bool:
    """Whether sentences alone give several amounts of a code: parts of it, of which no table tells the whole."""
    return not any(one.table for one in places) and bool(places[0].key.code) and len({one.fen for one in places}) > 1


def _equal(one: Amount, other: Amount) -> Identity:
    """An equality; prose that cuts digits off instead of rounding is allowed a whole last one."""
    difference, coarse = one.fen - other.fen, max(one.step, other.step)
    cut_off = 0 in (one.table, other.table) and abs(difference) < coarse
    steps = other.step + (2 * coarse if cut_off else one.step)
    return Identity("equal", "", one.number, (other.number,), (), difference, steps)
