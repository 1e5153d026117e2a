"""Sums within a table: along a row by the trees of coordinates, down it by codes, units and projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from budgetkit.identities.amounts import LINE, Amount, Amounts, Key, Point
from budgetkit.identities.apart import Cells, Sheet
from budgetkit.identities.families import Family, disjoint, families, is_addend, is_within, maximal, readings
from budgetkit.identities.model import Doubt, Identity
from budgetkit.identities.outline import outline
from budgetkit.identities.rows import Below, belows

#: from so many sums along rows, and down columns, on, most of them must hold for one of them to be a fault
_MANY, _MANY_DOWN = 3, 5


def table_sums(sheet: Sheet, whole: Amounts) -> Iterator[Identity]:
    """All sums within one table, for one year and phase."""
    below = belows(sheet.rows)
    yield from _along(sheet.rows, below, whole)
    yield from _down(sheet.rows, below, whole)
    yield from _balances(sheet.rows)


def made(
    kind: str, along: str, parent: Amount, terms: Sequence[Amount], doubt: Doubt | None = None,
    less: Sequence[Amount] = (),
) -> Identity:  # fmt: skip
    """An identity of amounts."""
    difference, steps = parent.fen, parent.step
    for one in terms:
        difference, steps = difference - one.fen, steps + one.step
    for one in less:
        difference, steps = difference + one.fen, steps + one.step
    children, taken = [one.number for one in terms], [one.number for one in less]
    return Identity(kind, along, parent.number, tuple(children), tuple(taken), difference, steps, doubt)


def _along(rows: Mapping[Key, Cells], below: Sequence[Below], whole: Amounts) -> Iterator[Identity]:
    """Sums between the points of each row."""
    under: dict[Key, list[Below]] = defaultdict(list)
    for one in below:
        under[one.parent].append(one)
    bundles = {key: (cells, _in_place(rows, under[key], cells) if key == Key() else {}) for key, cells in rows.items()}
    lines = {(key._replace(project=""), point) for key, cells in rows.items() if LINE in key.project for point in cells}
    points = {point for cells, other in bundles.values() for point in (*cells, *other)}
    by_parent: dict[Point, list[tuple[Amount, Cells, Mapping[Point, list[Amount]]]]] = defaultdict(list)
    for cells, other in bundles.values():
        for point, own in cells.items():
            by_parent[point].append((own, cells, other))
    for family in families(points):
        for identity, parent, cells in _chosen(family, by_parent[family.parent], whole):
            vague = not identity.holds and ((parent.key, parent.point) in lines or _overlaps(parent.point, cells))
            yield identity._replace(doubt=identity.doubt or Doubt.REPEATED) if vague else identity


def _overlaps(parent: Point, cells: Cells) -> bool:
    """Whether a row prints money that is partly of the parent: then it is not known what makes the parent up."""
    return any(
        one.fen and not (is_within(point, parent) or is_within(parent, point) or disjoint(point, parent))
        for point, one in cells.items()
    )


def _in_place(rows: Mapping[Key, Cells], below: Iterable[Below], cells: Cells) -> dict[Point, list[Amount]]:
    """What a row lacks and the rows below it print."""
    found: dict[Point, list[Amount]] = {}
    for one in sorted(below, key=lambda one: one.along != "code:function"):
        if _has_lines(one):
            continue
        for point in {point for child in one.children for point in rows[child]} - cells.keys() - found.keys():
            found[point] = _terms(rows, one, point)
    return found


def _has_lines(below: Below) -> bool:
    return any(LINE in child.project for child in below.children)


def _chosen(
    family: Family, bundles: Sequence[tuple[Amount, Cells, Mapping[Point, list[Amount]]]], whole: Amounts
) -> Iterator[tuple[Identity, Amount, Cells]]:
    """A family over all rows of a table, read as most of the rows add up."""
    best: tuple[int, int] | None = None
    kept: list[tuple[Amount, list[Amount], Cells, Identity]] = []
    for points in readings(family):
        terms = [
            (parent, own, cells, made("sum", family.along, parent, own))
            for parent, cells, other in bundles
            if (own := _parts(cells, other, points))
        ]
        moved = [one for parent, own, _, one in terms if parent.fen or any(term.fen for term in own)]
        held = sum(one.holds for one in moved)
        if best is None or held > best[0]:
            best, kept = (held, len(moved)), terms
        if held == len(moved):
            break
    if best is None:
        return
    alone = all(len(own) < 2 for _, own, _, _ in kept)
    doubt = Doubt.READING if best[1] >= _MANY and 2 * best[0] < best[1] else Doubt.ALONE if alone else None
    for parent, own, cells, one in kept:
        if not one.holds:
            told = doubt if any(term.fen for term in own) else Doubt.ALONE
            one = one._replace(doubt=Doubt.UNREAD if _unread(parent, own, whole) else told)
        yield one, parent, cells


def _parts(cells: Cells, other: Mapping[Point, list[Amount]], points: Iterable[Point]) -> list[Amount]:
    """The amounts of points in one row; where one is blank, those that are printed of its own parts."""
    found: dict[int, Amount] = {}
    for point in points:
        if point in cells:
            own = [cells[point]]
        elif point in other:
            own = other[point]
        else:
            own = [cells[inner] for inner in maximal([one for one in cells if is_addend(one, point)])]
        found |= {one.number: one for one in own}
    return list(found.values())


def _unread(parent: Amount, terms: Sequence[Amount], whole: Amounts) -> bool:
    """Whether an amount that is not understood stands in the row of a sum, or in its column where it goes down."""
    places = whole.unread.get(parent.table, ())
    rows = {(one.page, one.row) for one in (parent, *terms)}
    columns = {one.col for one in (parent, *terms)}
    across = len(rows) == 1
    return any((page, row) in rows if across else col in columns for page, row, col in places)


def _down(rows: Mapping[Key, Cells], below: Sequence[Below], whole: Amounts) -> Iterator[Identity]:
    """Sums of the rows below a row."""
    by_way: dict[str, list[Identity]] = defaultdict(list)
    for one in below:
        own = [(parent, terms) for point, parent in rows[one.parent].items() if (terms := _terms(rows, one, point))]
        sums = [(parent, terms) for parent, terms in own if parent.fen or any(term.fen for term in terms)]
        listed = [made("sum", one.along, parent, terms) for parent, terms in sums]
        # a single row that has as much as the total in another column is all there is
        single = sum(not identity.holds for identity in listed) == 1 < len(listed)
        alone = len(one.children) == 1 and "code" not in one.along and not single
        flows = {parent.point.flow for parent, _ in own}
        bare = len(sums) < sum(bool(cell.fen) for point, cell in rows[one.parent].items() if point.flow in flows)
        doubt = Doubt.ALONE if alone else _left_out(listed, one, bare)
        for identity, (parent, terms) in zip(listed, sums, strict=True):
            nested = [] if identity.holds or "code" in one.along else _nested(parent, terms, one.along)
            if nested:
                by_way[one.along] += nested
                continue
            if not identity.holds:
                why = Doubt.UNREAD if _unread(parent, terms, whole) else doubt or _of_others(rows, one, parent)
                identity = identity._replace(doubt=why)
            by_way[one.along].append(identity)
    for listed in by_way.values():
        rest = [one.holds for one in listed if one.doubt is not Doubt.LEFT_OUT]
        doubt = Doubt.READING if len(rest) >= _MANY_DOWN and 2 * sum(rest) < len(rest) else None
        for identity in listed:
            yield identity if identity.holds else identity._replace(doubt=identity.doubt or doubt)


def _of_others(rows: Mapping[Key, Cells], below: Below, parent: Amount) -> Doubt | None:
    """Whether codes that are not among the rows below a row are printed for some unit: they may belong to it."""
    if "entity" in below.along or "code" not in below.along:
        return None
    known = tuple(child.code for child in below.children)
    own = below.parent
    strange = any(
        key.entity
        and key.entity != own.entity
        and key.code.startswith(own.code)
        and not key.code.startswith(known)
        and key.scheme == below.children[0].scheme
        and parent.point in cells
        for key, cells in rows.items()
        if key.code
    )
    return Doubt.REPEATED if strange else None


def _nested(parent: Amount, terms: Sequence[Amount], along: str) -> list[Identity]:
    """The sums of a list with subtotals in it; none where the rows do not add up so either."""
    ordered = sorted((one for one in terms if one.fen), key=lambda one: (one.page, one.row, one.col))
    return [
        made("sum", along, parent if part.parent < 0 else ordered[part.parent], [ordered[k] for k in part.children])
        for part in outline(parent.fen, [one.fen for one in ordered])
    ]


def _left_out(sums: Sequence[Identity], below: Below, bare: bool) -> Doubt | None:
    """Whether rows are left out: all columns that are off lack something; or a list proves nothing by one column."""
    failing = [one for one in sums if not one.holds]
    if _has_lines(below) and len(failing) == len(sums):
        return Doubt.REPEATED
    if len(failing) == len(sums) >= _MANY and not all(one.difference > 0 for one in failing):
        return Doubt.READING
    lacking = len(failing) + bare > 1 and all(one.difference > 0 for one in failing)
    return Doubt.LEFT_OUT if lacking else None


def _terms(rows: Mapping[Key, Cells], below: Below, point: Point) -> list[Amount]:
    """The amounts of the rows below a row at one point."""
    return [rows[child][point] for child in below.children if point in rows[child]]


def _balances(rows: Mapping[Key, Cells]) -> Iterator[Identity]:
    """收入总计 = 支出总计, and 年末结转 = 年初结转 + 本年收入 - 本年支出 of a row."""
    for key, cells in rows.items():
        for point, parent in cells.items():
            of_all = point.flow == "uses" and not key.code and not key.project
            other = cells.get(point._replace(flow="sources")) if of_all else None
            if other is not None:
                yield made("balance", "", parent, [other])
            elif point.flow == "closing_balance" and not any(other.flow in ("sources", "uses") for other in cells):
                yield from _carried(parent, cells)


def _carried(closing: Amount, cells: Cells) -> Iterator[Identity]:
    """What is left of a row's money; only where the whole of what came in and went out is printed."""
    fund = closing.point.fund
    came = [one for point, one in cells.items() if point.flow in ("opening_balance", "income") and point.fund == fund]
    gone = [one for point, one in cells.items() if point == Point("expenditure", fund, "all", "all", "")]
    if len(gone) == 1 and {one.point.flow for one in came} == {"opening_balance", "income"} and len(came) == _CAME:
        yield made("balance", "", closing, came, less=gone)


#: the columns of what comes in: 年初结转和结余, 本年收入
_CAME = 2
