"""Identities of prose: changes against the amounts of both years, and wholes whose parts are all stated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from budgetkit import trees
from budgetkit.identities.amounts import Amount, Key, Point, When
from budgetkit.identities.families import disjoint, is_within, maximal
from budgetkit.identities.model import Identity
from budgetkit.identities.sums import made

#: parts of a whole that stand for all of them where one sentence names both
_USUAL = {("nature", "all"): ("basic", "project")}

#: what is as much on both sides of a document, in the year before too: all of a budget, the totals of an account
_BALANCED = {"approved": ("sources", "uses", "income", "expenditure"), "executed": ("sources", "uses")}

_TWO_SIDES = (("sources", "income"), ("uses", "expenditure"))


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
    balanced: dict[tuple[When, str], list[Amount]] = defaultdict(list)
    for one in prose:
        if one.aspect == "change" and one.fen:
            point = same.get((one.when, one.point), one.point)
            whole = point.nature == "all" and not point.item and one.key == Key()
            point = point._replace(flow="", origin="all") if whole else point
            groups[one.when, one.key, point, abs(one.fen)].append(one)
            if whole and one.point.flow in _BALANCED.get(one.when.phase, ()):
                balanced[one.when, one.point.fund].append(one)
    for listed in groups.values():
        yield from _like_most(listed, lambda one: one.fen > 0)
    for (when, fund), listed in balanced.items():
        sides = [{one.fen for one in prose if _is_total(one, when, fund, side)} for side in _TWO_SIDES]
        if all(sides) and not sides[0] & sides[1]:
            continue
        if len({one.point.flow in _TWO_SIDES[0] for one in listed}) > 1:
            fen = {one.number: abs(one.fen) for one in listed}
            alike = _like_most(listed, lambda one: abs(one.fen))
            yield from (one for one in alike if fen[one.parent] != fen[one.children[0]])


def _is_total(one: Amount, when: When, fund: str, side: Collection[str]) -> bool:
    whole = one.key == Key() and one.point.nature == "all" and not one.point.item
    return one.aspect == "amount" and whole and (one.when, one.point.fund) == (when, fund) and one.point.flow in side


def _like_most(listed: Sequence[Amount], trait: Callable[[Amount], object]) -> Iterator[Identity]:
    """Each amount is like the one that most are like."""
    counts = Counter(trait(one) for one in listed)
    centre = max(listed, key=lambda one: (counts[trait(one)], -one.number))
    yield from (made("equal", "", centre, [one]) for one in listed if one is not centre)


def stated_sums(prose: Sequence[Amount], exact: int = 0) -> Iterator[Identity]:
    """A whole and its parts, where a section states all of them, each once; figures cut short have the step `exact`."""
    groups: dict[tuple[object, ...], dict[str, dict[Point, list[Amount]]]] = defaultdict(dict)
    for one in prose:
        part = one.point.flow == "uses" and one.point.nature != "all"
        point = one.point._replace(flow="expenditure") if part else one.point
        aspects = groups[one.row, one.when, one.key]
        told = one._replace(step=min(one.step, exact)) if exact else one
        aspects.setdefault(one.aspect, {}).setdefault(point, []).append(told)
    for aspects in groups.values():
        left = {(whole, aspect) for aspect, cells in aspects.items() for whole in cells}
        for aspect, cells in aspects.items():
            for point, listed in cells.items() if len(cells) > 1 else ():
                for dimension in Point._fields if _same(listed) else ():
                    found = list(_sum(listed[0], dimension, point, cells))
                    left -= {(point, aspect)} if found else set()
                    yield from found
        yield from _proven(aspects, left)


def _proven(
    aspects: Mapping[str, Mapping[Point, Sequence[Amount]]], open_: Collection[tuple[Point, str]]
) -> Iterator[Identity]:
    """Sums of amounts by the parts that make up the changes, and of changes by those that make up the amounts."""
    for aspect, other in (("amount", "change"), ("change", "amount")):
        cells, like = aspects.get(aspect, {}), aspects.get(other, {})
        for whole in cells.keys() & like.keys():
            own, theirs = _parts(whole, cells), _parts(whole, like)
            if not own or not theirs or (whole, aspect) not in open_ or not _same(cells[whole]):
                continue
            model = made("sum", "prose", like[whole][0], [like[part][0] for part in theirs])
            if model.holds and _same(like[whole]) and set(theirs) <= set(own):
                yield made("sum", "prose", cells[whole][0], [cells[part][0] for part in own])


def _parts(whole: Point, cells: Mapping[Point, Sequence[Amount]]) -> list[Point]:
    """The stated points that a whole is made of; none where they overlap, or a figure of them is stated twice."""
    top = maximal([point for point in cells if point != whole and is_within(point, whole)])
    apart = all(disjoint(one, two) for k, one in enumerate(top) for two in top[k + 1 :])
    return top if len(top) > 1 and apart and all(_same(cells[point]) for point in top) else []


def _sum(whole: Amount, dimension: str, point: Point, cells: Mapping[Point, Sequence[Amount]]) -> Iterator[Identity]:
    value = getattr(point, dimension)
    children = trees.partition(dimension, value)
    usual = _USUAL.get((dimension, value), children)
    if not usual or not all(_told(point, dimension, child, cells) for child in usual):
        return
    found = [part for child in children for part in _told(point, dimension, child, cells)]
    near = usual == children or {one.col for part in found for one in part} == {whole.col}
    if near and all(map(_same, found)):
        yield made("sum", dimension, whole, [part[0] for part in found])


def _told(point: Point, dimension: str, child: str, cells: Mapping[Point, Sequence[Amount]]) -> list[Sequence[Amount]]:
    """What is stated of a part, or else of all its own parts."""
    own = cells.get(point._replace(**{dimension: child}))
    if own:
        return [own]
    inner = [_told(point, dimension, part, cells) for part in trees.partition(dimension, child)]
    return [part for told in inner for part in told] if all(inner) else []
