"""Identities as equations: what the coordinates of amounts say must agree or add up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from budgetkit.audit.cells import Cell
from budgetkit.audit.model import Equation, Figure, Term
from budgetkit.audit.stated import Stated
from budgetkit.audit.wholes import complete
from budgetkit.identities import Amount, Amounts, Doubt, Identity, Key, Point, When, agree

_DOUBTS = {
    Doubt.UNREAD: "同表有含义未识别的金额",
    Doubt.READING: "表中各行各列未按此口径相加，无法确定组成",
    Doubt.ALONE: "只印出一个组成部分，其余可能未列",
    Doubt.REPEATED: "各行的从属关系不明",
    Doubt.LEFT_OUT: "各列均有差额，可能有未列出的下级科目",
}
#: how much of a place an amount is of
_EXTENT = re.compile("[省市县区州]直|[省市县区州镇乡]?本级|全[省市县区州镇乡]")
#: from so many amounts of one section on, most of which disagree with the tables, the section speaks of something else
_SECTION = 2


def equations(
    found: Sequence[Identity], amounts: Amounts, cells: Mapping[int, Cell], stated: Mapping[int, Stated]
) -> list[Equation]:
    """The equations of a document's identities, in their order."""
    by_index = amounts.by_index()
    elsewhere = _elsewhere(amounts)
    sections = _strange_sections(found, stated)
    totals = {abs(one.fen) for one in amounts.listed if one.table and one.key == Key()}
    figures = {index: cells[index].figure if index in cells else stated[index].figure for index in by_index}
    own = {(one.key, one.when, one.point, one.fen): one.number for one in reversed(amounts.listed) if one.table}
    crossed = crossed_sums(found, by_index)
    made = []
    for one in found:
        members = {index: by_index[index] for index in one.members}
        doubt = ""
        if not one.holds and id(one) not in crossed:
            told = _doubt(one, members, stated, elsewhere, sections)
            told = told or _other_reading(one, members, cells, totals)
            doubt = told if one.doubt is None else _DOUBTS[one.doubt]
        made.append(_equation(_as_said(one, members, own), by_index, figures, (cells, stated), doubt))
    return made


def crossed_sums(found: Sequence[Identity], by_index: Mapping[int, Amount]) -> set[int]:
    """Sums in doubt that a single amount makes fail by one error, one along its row and one down its column.

    Where an only part is printed and not its whole, prose that gives it as much as the whole settles that, too.
    """
    errors: dict[int, list[tuple[int, str, Identity]]] = defaultdict(list)
    for one in found:
        own = [by_index[k] for k in one.members]
        if one.kind == "sum" and not one.holds and one.doubt in (Doubt.ALONE, Doubt.READING, Doubt.REPEATED):
            way = "across" if len({(amount.page, amount.row) for amount in own}) == 1 else "down"
        elif one.kind == "equal" and one.fails and [bool(amount.table) for amount in own].count(True) == 1:
            way = "said"
        else:
            continue
        for amount in own:
            errors[amount.number].append((one.difference if amount is own[0] else -one.difference, way, one))
    pairs = (
        (one, other)
        for k, listed in errors.items()
        for error, way, one in listed
        for wrong, other_way, other in listed
        if ((way, other_way) == ("across", "down") or (other_way == "said" and k in _only(one)))
        and 2 * abs(error - wrong) <= min(one.tolerance2, other.tolerance2)
        and {*one.members} & {*other.members} == {k}
    )
    return {id(one) for pair in pairs for one in pair}


def _as_said(one: Identity, members: Mapping[int, Amount], own: Mapping[tuple[Key, When, Point, int], int]) -> Identity:
    """An equality with the cell whose own words are those of the prose, where one is as large as that it names."""
    told = next((amount for amount in members.values() if not amount.table), None)
    if one.kind != "equal" or told is None:
        return one
    place = told.key, told.when, told.point
    named = {k: own.get((*place, amount.fen), k) if amount.table else k for k, amount in members.items()}
    return one._replace(parent=named[one.parent], children=tuple(named[k] for k in one.children))


def _only(one: Identity) -> tuple[int, ...]:
    """The part of a sum that is printed alone."""
    return one.children if one.kind == "sum" and one.doubt is Doubt.ALONE and len(one.children) == 1 else ()


def rule_of(one: Identity, parent: Amount, said: bool, told_twice: bool) -> str:
    """The rule by which an identity is reported."""
    if one.kind == "equal" and parent.aspect == "change":
        return "prose.direction" if one.difference == 2 * parent.fen else "prose.twice"
    if one.kind == "equal":
        return "prose.twice" if told_twice else "prose.cell" if said else "across.equal"
    if one.kind == "change" and said:
        return "prose.direction" if parent.fen and one.difference == 2 * parent.fen else "prose.change"
    if one.kind != "sum":
        return {"balance": "summary.balance", "change": "columns.change"}[one.kind]
    if said:
        return "prose.parts"
    if "code" in one.along or "further" in one.along:
        return "codes.hierarchy" if parent.key.code else "codes.total"
    for word, rule in (("entity", "units.total"), ("project", "list.total"), ("item", "items.total")):
        if word in one.along:
            return rule
    return "summary.total" if "flow" in one.along else "columns.sum"


def _equation(
    one: Identity,
    members: Mapping[int, Amount],
    figures: Mapping[int, Figure],
    told: tuple[Mapping[int, Cell], Mapping[int, Stated]],
    doubt: str,
) -> Equation:
    cells, stated = told
    parent, children = one.parent, one.children
    said = [index for index in one.members if index in stated]
    if one.kind == "equal":
        # a sentence is held against the table, a table against the one that most agree with
        parent = said[0] if len(said) == 1 else children[0]
        children = tuple(index for index in one.members if index != parent)
    rule = rule_of(one, members[one.parent], bool(said), len(said) == len(one.members))
    terms = (*(Term(1, figures[index]) for index in children), *(Term(-1, figures[index]) for index in one.less))
    own = cells.get(parent)
    name = stated[parent].subject if own is None else own.name
    key = members[parent].key
    form = own.form if own is not None else None
    return Equation(rule, figures[parent], terms, form, key.code or None, name or None, doubt, one.tolerance2)


def _elsewhere(amounts: Amounts) -> Mapping[tuple[object, ...], set[int]]:
    """What the tables print for whom and what, whatever the money: amounts by key and year."""
    found: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for one in amounts.listed:
        if one.table and one.fen:
            found[one.key, one.when.year].add(one.fen)
    return found


def _strange_sections(found: Sequence[Identity], stated: Mapping[int, Stated]) -> set[str]:
    """Sections most of whose amounts disagree with the tables."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for one in found:
        for index in one.members if one.kind == "equal" else ():
            if index in stated:
                counts[stated[index].section].append(one.holds)
    return {section for section, held in counts.items() if len(held) > _SECTION and 2 * sum(held) < len(held)}


def _doubt(
    one: Identity,
    members: Mapping[int, Amount],
    stated: Mapping[int, Stated],
    elsewhere: Mapping[tuple[object, ...], set[int]],
    sections: set[str],
) -> str:
    """Why a sentence that disagrees may speak of something else."""
    said = [index for index in one.members if index in stated]
    sentences = {stated[index].sentence for index in said}
    if any(stated[index].foreign for index in said) and (len(sentences) > 1 or len(said) < len(one.members)):
        return "文字可能另指所属单位，或另有口径"
    if one.kind == "sum" and len(said) == len(one.members) and len(sentences) == 1:
        parts = [stated[index] for index in sorted(set(one.children))]
        return "" if complete(stated[one.parent], parts) else "文字中尚有未识别的组成项"
    if one.kind == "change" and said:
        return _twice([members[index] for index in (*one.children, *one.less)])
    if one.kind != "equal" or not said:
        return ""
    if len(said) == len(one.members) and members[one.parent].aspect == "change":
        bases = {_base(stated[index]) for index in said} - {""}
        return "" if len(bases) < 2 or one.difference == 2 * members[one.parent].fen else "两处文字比较的基数不同"
    wide = {frozenset(_EXTENT.findall(sentence)) for sentence in sentences}
    if len(said) == len(one.members) and (
        len(sentences) < len(said) or len(wide) > 1 or not members[one.parent].point.item
    ):
        return "两处文字的口径可能不同"
    if any(stated[index].section in sections for index in said):
        return "同段多数金额与表不对应，文字可能另有口径"
    own = (members[index] for index in said)
    if all(
        any(2 * abs(fen - one.fen) <= one.step for fen in elsewhere.get((one.key, one.when.year), ())) for one in own
    ):
        return "与表中同一科目另一口径的金额一致"
    return ""


def said_changes(amounts: Amounts, cells: Mapping[int, Cell], stated: Mapping[int, Stated]) -> Iterator[Equation]:
    """Changes that prose states of what tables print of both years, once for each."""
    printed: dict[tuple[object, ...], dict[int, Amount]] = defaultdict(dict)
    for one in amounts.listed:
        if one.aspect == "amount" and (one.number in cells or one.number in stated):
            said = "" if one.table else stated[one.number].sentence
            printed[said, one.key, _whose(one.point), one.when.year].setdefault(one.fen, one)
    changes = [cell.figure.value for cell in cells.values() if cell.aspect == "change"]
    for one in amounts.listed:
        told, place = stated.get(one.number), (one.key, _whose(one.point))
        if told is None or one.aspect != "change" or told.foreign:
            continue
        base = {"预算": "approved", "决算": "executed"}.get(_base(told), "")
        now, then = (
            [other for other in printed["", *place, year].values() if not phase or other.when.phase == phase]
            for year, phase in ((one.when.year, one.when.phase), (one.when.year - 1, base))
        )
        beside = printed[told.sentence, *place, one.when.year].values()
        # a table may print a change from another base, 扣除中央基建投资后
        same = any(2 * abs(value - one.fen) <= one.step for value in changes)
        now = [other for other in now if all(agree(own, other) for own in beside)]
        if len(now) == len(then) == 1 and not same and (beside or now[0].point.origin == one.point.origin):
            terms = Term(1, cells[now[0].number].figure), Term(-1, cells[then[0].number].figure)
            flipped = one.fen and one.fen == then[0].fen - now[0].fen
            rule = "prose.direction" if flipped else "prose.change"
            doubt = _twice([now[0], then[0]])
            yield Equation(rule, told.figure, terms, None, one.key.code or None, told.subject, doubt)


def _twice(years: Sequence[Amount]) -> str:
    """Why a change of two equal amounts from different places says little: a wrong year makes one amount two."""
    alike = len({one.fen for one in years}) == 1 and years[0].fen != 0
    return "两年金额相同，其中一处的年度可能有误" if alike and len({one.table for one in years}) > 1 else ""


def _whose(point: Point) -> Point:
    """A point whatever is carried over into it, and of an item whatever its fund, which prose often does not say."""
    return point._replace(
        fund="all" if point.item else point.fund, origin="all" if point.origin == "current" else point.origin
    )


def _base(one: Stated) -> str:
    """What a change is counted from, as its sentence says it: 预算, or 执行 and 决算."""
    before = one.sentence[: max(one.sentence.find(one.figure.printed), 0)][-24:]
    found = re.findall("预算|执行|决算", before)
    return ("预算" if found[-1] == "预算" else "决算") if found else ""


def _other_reading(one: Identity, members: Mapping[int, Amount], cells: Mapping[int, Cell], totals: set[int]) -> str:
    """Why two tables that disagree may mean something else by a total, or a row another class than its name told."""
    own = [cells[index] for index in members if index in cells]
    if one.kind == "equal" and len(own) == len(members) and members[one.parent].key == Key():
        return "差额等于表中另一项合计，两表口径可能不同" if abs(one.difference) in totals else ""
    if any(cell.unsure for cell in own if cell.figure.value):
        return "科目由名称推断，另有同名科目"
    ranks = [rank for cell in own if cell.code == "" and (rank := _rank(cell.label))]
    if "code" in one.along and len(ranks) == len(own) > len(set(ranks)) and ranks[0] in ranks[1:]:
        return "科目由名称推断，序号却与上级并列"
    return ""


def _rank(label: str) -> str:
    """How the ordinal before a label is written, which tells its rank; "" where there is none."""
    found = re.match(r"[（(]?(\d+|[一二三四五六七八九十]+)([、．.）)])", label)
    return f"{found[1][0].isdigit()}{found[0].startswith(('（', '('))}{found[2]}" if found else ""


def lacking(found: Sequence[Identity]) -> Iterator[Identity]:
    """Sums that lack something in every column: rows may be left out."""
    return (one for one in found if one.doubt is Doubt.LEFT_OUT and not one.holds)
