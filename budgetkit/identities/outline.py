"""Lists without a code: which of the rows that follow each other are subtotals of those below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: longer lists are not tried
_LONGEST = 150


class Part(NamedTuple):
    """A subtotal and the rows right below it, as numbers; -1 is the total of the list."""

    parent: int
    children: tuple[int, ...]


def outline(total: int, values: Sequence[int]) -> list[Part]:
    """The only way to read rows as subtotals and their parts, so that all of them add up to a total.

    Returns: empty where the rows do not add up.

    >>> outline(9, [5, 2, 3, 4])
    [Part(parent=-1, children=(0, 3)), Part(parent=0, children=(1, 2))]
    >>> outline(9, [5, 2, 3, 5])
    []
    """
    if not values or len(values) > _LONGEST:
        return []
    found = _fit(values, 0, total, {})
    if found is None or found[0] != len(values):
        return []
    top, parts = found[1], found[2]
    return [Part(-1, top), *sorted(parts)]


#: where the rows end, those on top, and the subtotals among them
_Fit = tuple[int, tuple[int, ...], tuple[Part, ...]]


def _fit(values: Sequence[int], start: int, need: int, known: dict[tuple[int, int], _Fit | None]) -> _Fit | None:
    """Rows from a place on that add up to what is needed; subtotals before lines."""
    key = (start, need)
    if key not in known:
        known[key] = None
        known[key] = _tried(values, start, need, known)
    return known[key]


def _tried(values: Sequence[int], start: int, need: int, known: dict[tuple[int, int], _Fit | None]) -> _Fit | None:
    if start == len(values):
        return None
    own = values[start]
    below = _fit(values, start + 1, own, known) if own else None
    for inner in (below, None) if below else (None,):
        end = inner[0] if inner else start + 1
        parts = (Part(start, inner[1]), *inner[2]) if inner else ()
        if own == need:
            return end, (start,), parts
        rest = _fit(values, end, need - own, known)
        if rest:
            return rest[0], (start, *rest[1]), (*parts, *rest[2])
    return None
