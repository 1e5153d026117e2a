"""Identities of prose: changes against the amounts of both years, and wholes whose parts are all stated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from budgetkit import trees
from budgetkit.identities.amounts import Amount, Key, Point, When
from budgetkit.identities.model import Identity
from budgetkit.identities.sums import made

#: parts of a whole that stand for all of them where one sentence names both
_USUAL = {("nature", "all"): ("basic", "project")}


def stated_changes(prose: Sequence[Amount], printed: Iterable[Amount]) -> Iterator[Identity]:
    """A stated change is this year's amount less last year's, wherever these are printed, once each."""
    changes = [one for one in prose if one.aspect == "change"]
    wanted = {(one.key, one.point) for one in changes}
    known: dict[tuple[Key, Point, int], dict[str, list[Amount]]] = defaultdict(lambda: defaultdict(list))
    for one in (*printed, *prose):
        if one.aspect == "amount" and (one.key, one.point) in wanted:
            known[one.key, one.point, one.when.year][one.when.phase].append(one)
    for change in changes:
        now = known[change.key, change.point, change.when.year].get(change.when.phase, [])
        then = known[change.key, change.point, change.when.year - 1]
        before = then.get(change.when.phase) or then.get("") or []
        if _same(now) and _same(before) and len(then) == 1:
            yield made("change", "year", change, [now[0]], less=[before[0]])


def _same(listed: Sequence[Amount]) -> bool:
    return len({one.fen for one in listed}) == 1


def stated_directions(prose: Sequence[Amount], same: Mapping[tuple[When, Point], Point]) -> Iterator[Identity]:
    """Changes of what is the same money this year and by as much go the same way; 收入 and 支出 as wholes too."""
    groups: dict[tuple[object, ...], list[Amount]] = defaultdict(list)
    for one in prose:
        if one.aspect == "change" and one.fen:
            point = same.get((one.when, one.point), one.point)
            whole = point.nature == "all" and not point.item and one.key == Key()
            point = point._replace(flow="", origin="all") if whole else point
            groups[one.when, one.key, point, abs(one.fen)].append(one)
    for listed in groups.values():
        ups = sum(one.fen > 0 for one in listed)
        centre = next(one for one in listed if (one.fen > 0) == (2 * ups >= len(listed)))
        yield from (made("equal", "", centre, [one]) for one in listed if one is not centre)


def stated_sums(prose: Sequence[Amount]) -> Iterator[Identity]:
    """A whole and its parts, where a section states all of them, each once."""
    groups: dict[tuple[object, ...], dict[Point, list[Amount]]] = defaultdict(lambda: defaultdict(list))
    for one in prose:
        groups[one.row, one.when, one.key, one.aspect][one.point].append(one)
    for cells in groups.values():
        for point, listed in cells.items():
            for node in trees.nodes():
                if node.partition and getattr(point, node.dimension) == node.parent and _same(listed):
                    yield from _sum(listed[0], node, point, cells)


def _sum(whole: Amount, node: trees.Node, point: Point, cells: Mapping[Point, Sequence[Amount]]) -> Iterator[Identity]:
    usual = _USUAL.get((node.dimension, node.parent), node.partition)
    parts = [cells.get(point._replace(**{node.dimension: child}), ()) for child in node.partition]
    found = [part for part in parts if part]
    complete = all(point._replace(**{node.dimension: child}) in cells for child in usual)
    near = usual == node.partition or {one.col for part in found for one in part} == {whole.col}
    if complete and near and all(map(_same, found)):
        yield made("sum", node.dimension, whole, [part[0] for part in found])
