"""Rows that no coordinate tells apart: lines of a list, subtotals over them, and totals that are printed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from budgetkit.identities.amounts import LINE, Amount, Key, Point

#: amounts of one row by point
Cells = Mapping[Point, Amount]
#: all amounts with one key by point
Listed = Mapping[Point, Sequence[Amount]]


class Sheet(NamedTuple):
    """What one table prints of one year and phase."""

    #: one amount at each point; lines that share a key have one of their own each
    rows: Mapping[Key, Cells]
    #: amounts that are printed again as they were, or should have been
    repeats: tuple[tuple[Amount, Amount], ...]
    #: totals that are printed twice and differ, of which it is not known which is right
    contested: tuple[tuple[Amount, ...], ...] = ()


def told_apart(amounts: Iterable[Amount]) -> Sheet:
    """The amounts of one table in one year and phase by what keys them."""
    listed: dict[Key, dict[Point, list[Amount]]] = {}
    for one in amounts:
        listed.setdefault(one.key, {}).setdefault(one.point, []).append(one)
    rows: dict[Key, dict[Point, Amount]] = {}
    repeats: list[tuple[Amount, Amount]] = []
    contested: list[tuple[Amount, ...]] = []
    for key, cells in listed.items():
        if all(len(own) == 1 for own in cells.values()):
            rows[key] = {point: own[0] for point, own in cells.items()}
        elif key.code or key.project:
            rows.update(_lines(key, cells))
        else:
            rows.update(_totals(key, cells, repeats, contested))
    return Sheet(rows, tuple(repeats), tuple(contested))


def _line(key: Key, one: Amount) -> Key:
    return key._replace(project=f"{key.project}{LINE}{one.page}.{one.row}")


def _lines(key: Key, cells: Listed) -> dict[Key, dict[Point, Amount]]:
    """Rows that share a key: lines; where the first is the sum of the others, but for one column, it is above them."""
    places: dict[tuple[int, int], dict[Point, Amount]] = defaultdict(dict)
    for point, own in cells.items():
        for one in own:
            places[one.page, one.row][point] = one
    first, *rest = (places[place] for place in sorted(places))
    found = {_line(key, next(iter(row.values()))): row for row in rest}
    held = [
        2 * abs(one.fen - sum(row[point].fen for row in rest if point in row)) <= one.step * (len(rest) + 1)
        for point, one in first.items()
    ]
    filled = sum(holds and bool(one.fen) for holds, one in zip(held, first.values(), strict=True))
    nested = all(held) or (held.count(False) == 1 and filled > 1)
    found[key if nested else _line(key, next(iter(first.values())))] = first
    return found


def with_total(sheet: Sheet, total: Amount) -> Sheet:
    """The table with one of the contested totals as the right one."""
    rows = {key: dict(cells) for key, cells in sheet.rows.items()}
    rows.setdefault(total.key, {})[total.point] = total
    others = next(listed for listed in sheet.contested if total in listed)
    return Sheet(rows, (*sheet.repeats, *((total, one) for one in others if one is not total)))


def _totals(
    key: Key, cells: Listed, repeats: list[tuple[Amount, Amount]], contested: list[tuple[Amount, ...]]
) -> dict[Key, dict[Point, Amount]]:
    """Rows that nothing keys: the total at each point, what repeats it, and the lines of a list."""
    found: dict[Key, dict[Point, Amount]] = defaultdict(dict)
    again = _again(cells)
    for point, own in cells.items():
        totals = own if len(own) == 1 else [one for one in own if one.is_total]
        head = totals[0] if len({one.fen for one in totals}) == 1 else None
        if head is not None:
            found[key][point] = head
        if head is None and len(totals) > 1 and not point.item:
            contested.append(tuple(totals))
        for one in own:
            if head is not None and one is not head and (one.fen == head.fen or (one.page, one.row) in again):
                repeats.append((head, one))
            elif one is not head and not (head is None and one in totals):
                found[_line(key, one)][point] = one
    return found


def _again(cells: Listed) -> set[tuple[int, int]]:
    """Page and row of lines that are the only one below a total and repeat it, but for one amount at most."""
    same: dict[tuple[int, int], list[bool]] = defaultdict(list)
    for own in cells.values():
        totals = [one for one in own if one.is_total]
        lines = [one for one in own if not one.is_total]
        if len(totals) == 1 and len(lines) == 1 and (totals[0].fen or lines[0].fen):
            same[lines[0].page, lines[0].row].append(totals[0].fen == lines[0].fen)
    return {place for place, held in same.items() if held.count(False) == 1 and any(held)} if len(same) == 1 else set()
