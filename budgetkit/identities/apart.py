"""Rows that no coordinate tells apart: lines of a list, subtotals over them, and totals that are printed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from budgetkit.identities.amounts import LINE, Amount, Key, Point

#: amounts of one row by point
Cells = Mapping[Point, Amount]


class Sheet(NamedTuple):
    """What one table prints of one year and phase."""

    #: one amount at each point; lines that share a key have one of their own each
    rows: Mapping[Key, Cells]
    #: amounts that are printed again as they were
    repeats: tuple[tuple[Amount, Amount], ...]


def told_apart(amounts: Iterable[Amount]) -> Sheet:
    """The amounts of one table in one year and phase by what keys them."""
    listed: dict[Key, dict[Point, list[Amount]]] = {}
    for one in amounts:
        listed.setdefault(one.key, {}).setdefault(one.point, []).append(one)
    rows: dict[Key, dict[Point, Amount]] = defaultdict(dict)
    repeats: list[tuple[Amount, Amount]] = []
    for key, cells in listed.items():
        nested = _is_nested(cells)
        for point, own in cells.items():
            head = own[0] if nested else _head(own)
            if head is not None:
                rows[key][point] = head
            for one in own:
                again = head is not None and one.fen == head.fen and (one.is_total or not key.code)
                if again and head is not None and one is not head:
                    repeats.append((head, one))
                elif one is not head:
                    rows[key._replace(project=f"{key.project}{LINE}{one.page}.{one.row}")][point] = one
    return Sheet(rows, tuple(repeats))


def _head(own: Sequence[Amount]) -> Amount | None:
    """What stands for all amounts at one point: the only one, or the total."""
    totals = own if len(own) == 1 else [one for one in own if one.is_total]
    return totals[0] if totals and all(one.fen == totals[0].fen for one in totals) else None


def _is_nested(cells: Mapping[Point, Sequence[Amount]]) -> bool:
    """Whether the first of several rows is the sum of the others in every column."""
    several = [own for own in cells.values() if len(own) > 1 and not any(one.is_total for one in own)]
    return bool(several) and all(2 * abs(_rest(own)) <= sum(one.step for one in own) for own in several)


def _rest(own: Sequence[Amount]) -> int:
    return own[0].fen - sum(one.fen for one in own[1:])
