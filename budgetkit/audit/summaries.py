"""Two-sided summaries (收支总表), “三公”经费 and the parts of basic expenditure: sums by the label of a row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from budgetkit.audit.model import Equation, Figure, Term
from budgetkit.audit.rules import Identity, RuleBook
from budgetkit.audit.sheets import Row, Sheet, Slot

_ORDINAL = re.compile(r"^[一二三四五六七八九十]+[、.．]")
_DETAIL = re.compile(r"^(其中|[（(]?\d+[)）、.．]|[（(][一二三四五六七八九十]+[)）]|[①-⑳])")


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a summary in one column."""

    side: str
    slot: Slot
    #: rows by role, current, total, opening ...
    roles: Mapping[str, Row]
    rows: tuple[Row, ...]
    items: tuple[Row, ...]
    #: why the items may not be the parts of the total
    doubt: str


def halves(sheet: Sheet, book: RuleBook) -> list[Half]:
    """The sides of a two-sided summary, one for each column with money."""
    found = []
    for side in ("income", "expenditure"):
        rows = [row for row in sheet.rows if row.side == side]
        for slot in dict.fromkeys(slot for row in rows for slot in row.cells):
            for own in _blocks([row for row in rows if slot in row.cells], slot):
                found.append(_half(side, slot, own, rows, book))
    return found


def _blocks(rows: Sequence[Row], slot: Slot) -> list[list[Row]]:
    """The rows of each block, where blocks under one heading stand side by side (功能 | 用途)."""
    columns = {(row.page, row.cells[slot].place.col) for row in rows}
    if len(columns) == len({page for page, _ in columns}):
        return [list(rows)]
    by_column: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_column[row.cells[slot].place.col].append(row)
    return list(by_column.values())


def _half(side: str, slot: Slot, rows: Sequence[Row], every: Sequence[Row], book: RuleBook) -> Half:
    roles: dict[str, Row] = {}
    twice = ""
    for row in rows:
        role = role_of(row, side, book)
        if role and role in roles:
            twice = f"“{row.label}”与“{roles[role].label}”含义相同"
        elif role:
            roles[role] = row
    last = roles.get("current") or roles.get("total")
    free = [row for row in rows if role_of(row, side, book) is None and not row.is_total]
    if last is not None:
        free = [row for row in free if (row.page, row.row) < (last.page, last.row)]
    items = [row for row in free if _ORDINAL.match(row.label)]
    strange = [row for row in free if not _ORDINAL.match(row.label) and not _DETAIL.match(row.label)]
    ordered = any(_ORDINAL.match(row.label) for row in every)
    if not ordered:
        items, strange = free, []
    doubt = twice or (f"“{strange[0].label}”与合计的关系不明" if strange else "")
    if not ordered and not doubt:
        nested = len({row.level for row in free if row.code}) > 1 or any(_DETAIL.match(row.label) for row in free)
        doubt = "各行的从属关系不明" if nested or any(not row.code for row in free) else ""
    return Half(side, slot, roles, tuple(rows), tuple(items), doubt)


def role_of(row: Row, side: str, book: RuleBook) -> str | None:
    """What a row of a summary is: current, total, opening, reserve, allocated, closing; None for an item."""
    for word in book.words["summary"]:
        if word["side"] == side and re.fullmatch(word["pattern"], row.name):
            return str(word["role"])
    return None


def summary_sums(sheet: Sheet, book: RuleBook) -> Iterator[Equation]:
    """The equations within one two-sided summary."""
    if not sheet.form.endswith("_summary"):
        return
    listed = halves(sheet, book)
    for half in listed:
        yield from _items(sheet, half, book)
        yield from _side_total(sheet, half, book)
    yield from _balance(sheet, listed, book)


def _items(sheet: Sheet, half: Half, book: RuleBook) -> Iterator[Equation]:
    """本年收入合计 = Σ items; where there is no such row, 总计 = Σ items."""
    target = half.roles.get("current")
    extra = (
        []
        if target
        else [half.roles[role] for role in ("opening", "reserve", "allocated", "closing") if role in half.roles]
    )
    target = target or half.roles.get("total")
    terms = tuple(Term(1, row.cells[half.slot]) for row in (*half.items, *extra))
    rule = f"summary.{half.side}.items"
    if target is not None and half.items and book.rules[rule].enabled:
        yield _equation(rule, sheet, target, half.slot, terms, half.doubt)


def _side_total(sheet: Sheet, half: Half, book: RuleBook) -> Iterator[Equation]:
    for identity in book.on("role"):
        side, _, parent = identity.parent.partition("/")
        if side != half.side or parent not in half.roles or identity.rule == "summary.balance":
            continue
        parts = [(child.partition("/")[2], weight) for child, weight in identity.children]
        if not any(role == "current" and role in half.roles for role, _ in parts):
            continue
        terms = tuple(Term(weight, half.roles[role].cells[half.slot]) for role, weight in parts if role in half.roles)
        rows = half.rows
        total, current = half.roles[parent], half.roles["current"]
        used = {id(row) for row in half.roles.values()}
        between = [
            row
            for row in rows
            if (current.page, current.row) < (row.page, row.row) < (total.page, total.row) and id(row) not in used
        ]
        strange = [row for row in between if not _is_fund(row)]
        doubt = f"“{strange[0].label}”与总计的关系不明" if strange else ""
        made = _equation(identity.rule, sheet, total, half.slot, terms, doubt)
        yield replace(made, doubt=doubt or _carried(sheet, made, book))


def _carried(sheet: Sheet, made: Equation, book: RuleBook) -> str:
    """Carry-over that one side counts and the other does not is no contradiction."""
    for row in sheet.rows:
        carried = role_of(row, row.side, book) in ("opening", "closing", "reserve")
        if carried and abs(made.difference) in {abs(figure.value) for figure in row.cells.values()}:
            return f"差额等于“{row.label}”，两边口径不同"
    return ""


def _is_fund(row: Row) -> bool:
    """Whether a row below the carry-over splits it by fund."""
    return bool(re.search("一般公共预算|政府性基金|国有资本", row.name)) or bool(_DETAIL.match(row.label))


def _balance(sheet: Sheet, listed: Sequence[Half], book: RuleBook) -> Iterator[Equation]:
    """收入总计 = 支出总计."""
    if not book.rules["summary.balance"].enabled:
        return
    totals: dict[str, list[Half]] = defaultdict(list)
    for half in listed:
        if half.slot.measure == "total" and "total" in half.roles:
            totals[half.side].append(half)
    for left in totals["income"]:
        for right in totals["expenditure"]:
            if left.slot.phase == right.slot.phase:
                terms = (Term(1, left.roles["total"].cells[left.slot]),)
                yield _equation("summary.balance", sheet, right.roles["total"], right.slot, terms, "")


def _equation(rule: str, sheet: Sheet, row: Row, slot: Slot, terms: tuple[Term, ...], doubt: str) -> Equation:
    return Equation(rule, row.cells[slot], terms, sheet.form, row.code or None, row.name, slot.measure or None, doubt)


def item_sums(sheet: Sheet, book: RuleBook) -> Iterator[Equation]:
    """The parts of “三公”经费, by the canonical names of its items."""
    if sheet.form != "three_public":
        return
    for cells, doubt in _three_public(sheet):
        for identity in book.on("item"):
            if identity.forms and sheet.form not in identity.forms:
                continue
            yield from _item_sum(sheet, identity, cells, doubt)


def _item_sum(sheet: Sheet, identity: Identity, cells: Mapping[str, Figure], doubt: str) -> Iterator[Equation]:
    parent = identity.parent
    if parent == "合计" and "“三公”经费" in cells:
        parent = "“三公”经费"
    names = [name for name, _ in identity.children]
    if "公务用车购置及运行费" in names and "公务用车购置及运行费" not in cells:
        children = [(name, 1) for name in (*names, "公务用车购置费", "公务用车运行费")]
    else:
        children = list(identity.children)
    terms = tuple(Term(weight, cells[name]) for name, weight in children if name in cells)
    if parent in cells and terms and (len(terms) > 1 or cells[parent].value):
        yield Equation(identity.rule, cells[parent], terms, sheet.form, None, parent, "total", doubt)


def _three_public(sheet: Sheet) -> Iterator[tuple[dict[str, Figure], str]]:
    """The items that belong together: of one grid row where the table is wide, else of one column."""
    by_row: dict[tuple[int, int, str, str], list[tuple[str, Figure]]] = defaultdict(list)
    by_column: dict[Slot, list[tuple[str, Figure]]] = defaultdict(list)
    for row in sheet.rows:
        for slot, figure in row.cells.items():
            if slot.measure == "change_rate":
                continue
            by_row[row.page, row.row, slot.measure, slot.phase].append((row.name, figure))
            by_column[slot].append((row.name, figure))
    wide = any(len({name for name, _ in listed}) > 2 for listed in by_row.values())
    for listed in (by_row if wide else by_column).values():
        names = [name for name, _ in listed]
        twice = sorted({name for name in names if names.count(name) > 1})
        yield dict(reversed(listed)), f"“{'、'.join(twice)}”不止一处，无法确定对应关系" if twice else ""


def class_sums(sheet: Sheet, book: RuleBook) -> Iterator[Equation]:
    """人员经费合计 and 公用经费合计 from the economic classes (经济分类) of a table."""
    for identity in book.on("class"):
        if identity.forms and sheet.form not in identity.forms:
            continue
        for row in sheet.rows:
            if row.code or row.name != identity.parent:
                continue
            for slot, figure in row.cells.items():
                yield from _class_sum(sheet, identity, row, slot, figure)


def _class_sum(sheet: Sheet, identity: Identity, row: Row, slot: Slot, figure: Figure) -> Iterator[Equation]:
    weights = dict(identity.children)
    found: dict[str, list[Figure]] = defaultdict(list)
    for other in sheet.rows:
        if other.code in weights:
            for own, value in other.cells.items():
                if (own.measure, own.phase) == (slot.measure, slot.phase):
                    found[other.code].append(value)
    if found:
        doubt = "科目编码重复" if any(len(values) > 1 for values in found.values()) else ""
        terms = tuple(Term(weights[code], values[0]) for code, values in found.items())
        yield Equation(identity.rule, figure, terms, sheet.form, None, row.name, slot.measure or None, doubt)
