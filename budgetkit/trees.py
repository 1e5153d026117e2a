"""The trees of an amount's coordinates (specs/trees.toml): what is part of what, and which children add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from budgetkit import specs
from budgetkit.errors import SpecError

#: coordinates whose values form a tree
DIMENSIONS = ("flow", "fund", "origin", "nature", "item")
#: values that are part of nothing and have no parts
_SINGLE = {"item": ("agency_operation", "purchased_services")}


@dataclass(frozen=True)
class Node:
    """A value of a coordinate and its children."""

    dimension: str
    parent: str
    #: children that add up to the parent where all are printed
    partition: tuple[str, ...] = ()
    #: children that are a 其中 and no addend
    part_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trees:
    """All of specs/trees.toml."""

    node: tuple[Node, ...]


@cache
def nodes() -> tuple[Node, ...]:
    """All values that have children."""
    found = specs.load(Trees, "trees.toml").node
    for node in found:
        if node.dimension not in DIMENSIONS:
            raise SpecError(f"trees.toml: unknown dimension {node.dimension!r}; known are {', '.join(DIMENSIONS)}")
    return found


@cache
def values(dimension: str) -> frozenset[str]:
    """All values of a dimension that the trees know."""
    own = [node for node in nodes() if node.dimension == dimension]
    single = _SINGLE.get(dimension, ())
    return frozenset({*single, *(value for node in own for value in (node.parent, *node.partition, *node.part_of))})


@cache
def _parents(dimension: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for node in nodes():
        if node.dimension == dimension:
            for child in (*node.partition, *node.part_of):
                found[child] = (*found.get(child, ()), node.parent)
    return found


@cache
def partition(dimension: str, whole: str) -> tuple[str, ...]:
    """The children of a value that add up to it; none where it has none.

    >>> partition("nature", "basic")
    ('personnel', 'public_use')
    """
    return next((node.partition for node in nodes() if (node.dimension, node.parent) == (dimension, whole)), ())


def ancestors(dimension: str, value: str) -> Iterator[str]:
    """What a value is part of, nearest first.

    >>> list(ancestors("fund", "government_fund"))
    ['fiscal_appropriation', 'all']
    """
    parents = _parents(dimension).get(value, ())
    yield from parents
    for parent in parents:
        yield from ancestors(dimension, parent)


@cache
def within(dimension: str, value: str, whole: str) -> bool:
    """Whether a value is another or part of it.

    >>> within("nature", "personnel", "basic"), within("nature", "project", "basic")
    (True, False)
    """
    return value == whole or whole in ancestors(dimension, value)


def common(dimension: str, values: Iterable[str]) -> str | None:
    """The nearest value that all are part of; of a chain the deepest. None where there is none.

    >>> common("fund", ["fiscal_appropriation", "general_public_budget"])
    'general_public_budget'
    >>> common("fund", ["general_public_budget", "government_fund"])
    'fiscal_appropriation'
    """
    own = tuple(values)
    if len(own) < 2:
        return own[0] if own else None
    deepest = next((one for one in own if all(within(dimension, one, other) for other in own)), None)
    above = (own[0], *ancestors(dimension, own[0]))
    return deepest or next((part for part in above if all(within(dimension, one, part) for one in own)), None)
