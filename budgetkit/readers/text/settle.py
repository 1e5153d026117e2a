"""Which column a number belongs to when blank cells were lost: an exact search over a table's own sums.

A row prints k numbers, from left to right, for m columns. The number of ways to place them is cut down by

- the row: a total column is the sum of others;
- the column: a row is the sum of its children (合计 = Σ类, 类 = Σ款, 款 = Σ项), in every column;
- the document: what summaries and prose state for the columns of the 合计 row.

The rows form a tree, so the ways of every row that take part in some reading of the whole table are found exactly by
going up the tree and down again. A number is settled when it stands in the same column in all of these readings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from graphlib import TopologicalSorter
from itertools import combinations

from budgetkit.printed.numbers import parse_number

#: partial sums kept while the children of one row are added up; a table that needs more is left unsettled
_LIMIT = 20_000

#: amounts in hundredths by column; blank is 0
Vector = tuple[int, ...]


@dataclass(frozen=True)
class Way:
    """One placing of a row's numbers: the columns they stand in, and the row's amounts by column."""

    columns: tuple[int, ...]
    amounts: Vector


@dataclass(frozen=True)
class Settled:
    """What the search found: per row the column of each number (None: not settled), and why not."""

    columns: tuple[tuple[int | None, ...], ...]
    doubts: tuple[str, ...]


def settle(
    numbers: Sequence[Sequence[str]],
    parents: Sequence[int | None],
    cols: int,
    sums: Sequence[tuple[int, tuple[int, ...]]],
    stated: Mapping[int, frozenset[Decimal]],
) -> Settled:
    """Find the column of every number.

    Parameters
    ----------
    numbers : sequence of sequences of str
        The printed numbers of each row.
    parents : sequence of int or None
        For each row the row it adds up to.
    cols : int
        Number columns.
    sums : sequence of (int, tuple of int)
        What holds in every row: a column and the columns it is the sum of.
    stated : mapping
        Column -> amounts the document states for it in the total row (0 where it is printed blank).

    >>> settle([["30", "10", "20"], ["10", "10"], ["20", "20"]], [None, 0, 0], 3, [(0, (1, 2))], {}).columns
    ((0, 1, 2), (0, 1), (0, 2))
    """
    scale = max((len(text.partition(".")[2]) for row in numbers for text in row), default=0)
    ways = [_ways(row, cols, sums, scale) for row in numbers]
    doubts = [f"numbers of row {r + 1} fit no columns" for r, row in enumerate(numbers) if row and not ways[r]]
    children: dict[int, list[int]] = {}
    for row, parent in enumerate(parents):
        if parent is not None and numbers[row]:
            children.setdefault(parent, []).append(row)
    narrowed, broken = _up_and_down(ways, children, 0)
    loose = bool(broken)
    if loose:
        narrowed, broken = _up_and_down(ways, children, 1)
    ways = narrowed
    doubts += [f"row {row + 1} is not the sum of the rows below it" for row in broken]
    for root in [row for row, parent in enumerate(parents) if parent is None]:
        wanted = [way for way in ways[root] if _agrees(way, stated, scale)]
        if wanted and len(wanted) < len(ways[root]):
            ways[root] = wanted
    if stated:
        ways, _ = _up_and_down(ways, {row: below for row, below in children.items() if row not in broken}, loose)
    return Settled(tuple(_common(row, own) for row, own in zip(numbers, ways, strict=True)), tuple(doubts))


def _ways(row: Sequence[str], cols: int, sums: Sequence[tuple[int, tuple[int, ...]]], scale: int) -> list[Way]:
    """All placings of a row that keep its numbers in order and add up."""
    values = [number.value for number in map(parse_number, row) if number is not None]
    amounts = [int(value.scaleb(scale)) for value in values]
    found = []
    for columns in combinations(range(cols), len(amounts)):
        vector = [0] * cols
        for column, amount in zip(columns, amounts, strict=True):
            vector[column] = amount
        slack = len(amounts) // 2
        if all(abs(vector[total] - sum(vector[part] for part in parts)) <= slack for total, parts in sums):
            found.append(Way(columns, tuple(vector)))
    if not found and len(amounts) == cols:
        found = [Way(tuple(range(cols)), tuple(amounts))]
    return found


def _up_and_down(
    ways: list[list[Way]], children: Mapping[int, list[int]], loose: int
) -> tuple[list[list[Way]], list[int]]:
    """Keep the ways that take part in some reading of the tree; rows whose sums never hold are left as they are.

    `loose` 0: sums hold exactly; 1: within what rounding of the printed digits allows.
    """
    kept = [list(own) for own in ways]
    broken = []
    order = [row for row in TopologicalSorter(children).static_order() if row in children]
    for parent in order:
        supported = [
            way for way in kept[parent] if _supports(way, [kept[row] for row in children[parent]], loose) is not None
        ]
        if supported:
            kept[parent] = supported
        elif kept[parent]:
            broken.append(parent)
    for parent in reversed(order):
        if parent in broken:
            continue
        rows = children[parent]
        used: list[set[Way]] = [set() for _ in rows]
        for way in kept[parent]:
            for seen, more in zip(used, _supports(way, [kept[row] for row in rows], loose) or [], strict=False):
                seen |= more
        for row, seen in zip(rows, used, strict=True):
            kept[row] = [way for way in kept[row] if way in seen] if seen else kept[row]
    return kept, broken


def _supports(way: Way, ways: Sequence[Sequence[Way]], loose: int) -> list[set[Way]] | None:
    """The ways of the children that add up to a way of their parent; None where none do.

    A blank of the parent is no rounded amount: nothing but zero stands below it.
    """
    cols = range(len(way.amounts))
    slack = [loose * ((len(ways) + 1) // 2) * (col in way.columns) for col in cols]
    sound = all(amount >= 0 for own in (*ways, [way]) for one in own for amount in one.amounts)
    layers: list[dict[Vector, list[tuple[Vector, Way]]]] = []
    reached: set[Vector] = {tuple(0 for _ in cols)}
    for own in ways:
        layer: dict[Vector, list[tuple[Vector, Way]]] = {}
        for before in reached:
            for one in own:
                after = tuple(before[col] + one.amounts[col] for col in cols)
                if not sound or all(after[col] <= way.amounts[col] + slack[col] for col in cols):
                    layer.setdefault(after, []).append((before, one))
        if len(layer) > _LIMIT:
            return [set(own) for own in ways]
        layers.append(layer)
        reached = set(layer)
    ends = {vector for vector in reached if all(abs(vector[col] - way.amounts[col]) <= slack[col] for col in cols)}
    if not ends:
        return None
    used: list[set[Way]] = []
    for layer in reversed(layers):
        steps = [step for vector in ends for step in layer[vector]]
        used.append({one for _, one in steps})
        ends = {before for before, _ in steps}
    return used[::-1]


def _agrees(way: Way, stated: Mapping[int, frozenset[Decimal]], scale: int) -> bool:
    return all(
        any(int(amount.scaleb(scale)) == way.amounts[column] for amount in amounts)
        for column, amounts in stated.items()
        if amounts
    )


def _common(row: Sequence[str], ways: Sequence[Way]) -> tuple[int | None, ...]:
    """The column of each number of a row where all its ways agree."""
    seen = [{way.columns[at] for way in ways} for at in range(len(row))]
    return tuple(next(iter(columns)) if len(columns) == 1 else None for columns in seen)
