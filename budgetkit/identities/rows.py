"""The rows of a table by what keys them: which row is directly below which."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from budgetkit.identities.amounts import LINE, Key


class Below(NamedTuple):
    """A row and the rows that may make it up."""

    parent: Key
    #: what tells the children from the parent, joined by "+"
    along: str
    children: tuple[Key, ...]


def belows(keys: Collection[Key]) -> list[Below]:
    """Each row with the rows directly below it, apart by what tells them from it."""
    known = set(keys)
    children: dict[tuple[Key, frozenset[str]], list[Key]] = {}
    for key in keys:
        for parent in parents(key, known):
            children.setdefault((parent, along(key, parent)), []).append(key)
    ways: dict[Key, list[frozenset[str]]] = {}
    for parent, way in children:
        ways.setdefault(parent, []).append(way)
    found = []
    for parent, every in ways.items():
        for way in every:
            if not any(way < other for other in every):
                listed = (child for own in every if own <= way for child in children[parent, own])
                found.append(Below(parent, "+".join(sorted(way)), tuple(listed)))
    return found


def parents(key: Key, known: Collection[Key]) -> list[Key]:
    """The printed rows directly above one."""
    found: list[Key] = []
    for above in _above(key):
        if above in known and not any(generalises(above, other) for other in found):
            found.append(above)
    return found


def _above(key: Key) -> Iterator[Key]:
    """All keys that hold one, the nearest first."""
    projects, furthers, prefixes = _projects(key.project), _furthers(key.further), _prefixes(key.code)
    entities = (key.entity, "") if key.entity else ("",)
    for project, further, code, entity in _steps(len(projects), len(furthers), len(prefixes), len(entities)):
        digits = prefixes[code]
        yield Key(entities[entity], key.scheme if digits else "", digits, furthers[further], projects[project])


@cache
def _steps(*choices: int) -> list[tuple[int, ...]]:
    """The ways up, by the place of what is taken of each of the choices."""
    steps = product(*map(range, choices))
    return sorted(steps, key=lambda step: (sum(map(bool, step)), sum(step)))[1:]


def _projects(project: str) -> tuple[str, ...]:
    """A project or line, the project that a line is of, and none."""
    return tuple(dict.fromkeys((project, project.partition(LINE)[0], ""))) if project else ("",)


def _furthers(further: str) -> tuple[str, ...]:
    """Further classifications, their 类, and none."""
    classes = "/".join(part[:3] for part in further.split("/"))
    return tuple(dict.fromkeys((further, classes, ""))) if further else ("",)


def _holds(above: str, further: str) -> bool:
    """Whether each of the further classifications is a class of the other's."""
    pairs = tuple(zip(above.split("/"), further.split("/"), strict=False))
    return above.count("/") == further.count("/") and all(part.startswith(whole) for whole, part in pairs)


@lru_cache(maxsize=1 << 12)
def _prefixes(code: str) -> tuple[str, ...]:
    """A code, the codes above it, and none."""
    return (*(code[:end] for end in range(len(code), 2, -1) if end == len(code) or end % 2), "") if code else ("",)


def generalises(above: Key, key: Key) -> bool:
    """Whether all that one row is of is part of another."""
    return (
        above.entity in ("", key.entity)
        and (above.project in ("", key.project) or key.project.startswith(above.project + LINE))
        and (above.further in ("", key.further) or _holds(above.further, key.further))
        and (not above.code or (above.scheme == key.scheme and key.code.startswith(above.code)))
    )


def along(key: Key, parent: Key) -> frozenset[str]:
    """What tells a row from one above it; codes of different schemes are different ways to cut the same money."""
    return frozenset(
        f"code:{key.scheme}" if name == "code" else name
        for name, own, other in zip(Key._fields, key, parent, strict=True)
        if own != other and name != "scheme"
    )
