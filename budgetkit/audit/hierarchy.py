"""Sums down a table: 类 = Σ款 = Σ项, and the total row = Σ of the highest codes printed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from budgetkit.audit.columns import Plan, plans
from budgetkit.audit.model import Equation, Figure, Place, Term
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.sheets import Row, Sheet, Slot

#: a difference that is this many times what does not add up counts as adding up
_PART = 4
LEFT_OUT = "下级科目之和小于本级，各列差额自洽，可能有未列出的下级科目"


def code_sums(sheet: Sheet, book: RuleBook) -> Iterator[Equation]:
    """The equations between coded rows of one table, and of its total rows."""
    coded = [row for row in sheet.rows if row.code and row.scheme]
    if not coded or sheet.form == "three_public":
        return
    along = list(plans(sheet, book))
    tops: dict[str, list[Row]] = {}
    doubt = ""
    for (_, entity), rows in _groups(coded).items():
        tree, own = _tree(rows)
        doubt = doubt or own
        for parent, children in tree:
            yield from _left_out(list(_sums("codes.hierarchy", sheet, parent, children, own, book)), along)
        below = {id(child) for _, children in tree for child in children}
        tops.setdefault(entity, []).extend(row for row in rows if id(row) not in below)
    if not sheet.form.endswith("_summary"):
        yield from _totals(sheet, tops, doubt, along, book)


def _groups(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.side, row.entity].append(row)
    return found


def _tree(rows: Sequence[Row]) -> tuple[list[tuple[Row, list[Row]]], str]:
    """Each row with the rows directly below it; by code where codes are unique, else by order."""
    counts = Counter(row.code for row in rows)
    longest = max(len(row.code) for row in rows)
    repeated = {code for code, count in counts.items() if count > 1}
    if all(len(code) == longest for code in repeated) and not _nested_leaves(rows, longest):
        return _by_code(rows), ""
    if all(row.beside or row.code not in repeated for row in rows) or repeated:
        tree = _by_order(rows)
        pairs = Counter((row.code, row.beside) for row in rows)
        told_apart = all(count == 1 for count in pairs.values())
        return tree, "" if told_apart and _in_order(
            rows
        ) else f"科目编码重复（{'、'.join(sorted(repeated)[:3])}），从属关系不明"
    return _by_code(rows), ""


def _nested_leaves(rows: Sequence[Row], longest: int) -> bool:
    """Whether repeated leaves are subtotals of one another, as in lists of purchases under a code."""
    leaves = [row for row in rows if len(row.code) == longest]
    keys = Counter((row.code, row.beside, row.project) for row in leaves)
    return any(count > 1 for count in keys.values())


def _by_code(rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    known = {row.code: row for row in rows}
    children: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        above = next((row.code[:end] for end in range(len(row.code) - 2, 2, -2) if row.code[:end] in known), None)
        if above:
            children[above].append(row)
    return [(known[code], listed) for code, listed in children.items()]


def _by_order(rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    stack: list[tuple[Row, list[Row]]] = []
    done: list[tuple[Row, list[Row]]] = []
    for row in rows:
        while stack and not (row.code.startswith(stack[-1][0].code) and row.level > stack[-1][0].level):
            stack.pop()
        if stack:
            stack[-1][1].append(row)
        stack.append((row, []))
        done.append(stack[-1])
    return [(row, children) for row, children in done if children]


def _in_order(rows: Sequence[Row]) -> bool:
    """Whether every row follows its parent directly: no row of a lower level before its own parent."""
    return all(row.level == 1 or row.code[:-2] in {other.code for other in rows[:k]} for k, row in enumerate(rows))


def blank(row: Row, slot: Slot, sheet: Sheet) -> Figure:
    """The zero of a blank cell."""
    what = f"{sheet.title or sheet.form}“{row.label}”{sheet.columns[slot]}"
    place = Place(row.page, row.row, 0)
    number = (row.page * 1000 + row.row) * 1000 + sheet.slots.index(slot)
    return Figure(("blank", number), 0, 0, "空白", place, what)


def is_rate(sheet: Sheet, slot: Slot, book: RuleBook) -> bool:
    """Whether a column is none of amounts that add up."""
    return slot.measure == "change_rate" or (
        not slot.measure and bool(re.search(book.words["columns"]["rate"], sheet.columns[slot]))
    )


def _sums(
    rule: str, sheet: Sheet, parent: Row, children: Sequence[Row], doubt: str, book: RuleBook
) -> Iterator[Equation]:
    for slot in sheet.slots:
        if is_rate(sheet, slot, book):
            continue
        terms = tuple(Term(1, child.cells[slot]) for child in children if slot in child.cells)
        own = parent.cells.get(slot)
        if own is None and not any(term.figure.value for term in terms):
            continue
        figure = own or blank(parent, slot, sheet)
        why = doubt or ("" if slot.measure else f"列“{sheet.columns[slot]}”含义未识别")
        if own is None:
            why = why or "上级行的单元格空白"
        yield Equation(
            rule, figure, terms, sheet.form, parent.code or None, parent.name, slot.measure or slot.column, why
        )


def _left_out(equations: list[Equation], along: Sequence[Plan]) -> Iterator[Equation]:
    """Mark differences that a row left out explains (some documents do not print every 项).

    What the parent has more than its children then is itself a row: nowhere negative, and its columns add up. A single
    wrong figure does not do so.
    """
    rest = {(one.measure, one.actual.source): one for one in equations if one.status == "fail"}
    lacking = {one.measure: one for one in rest.values()}
    consistent = all(one.difference > 0 for one in lacking.values()) and _adds_up(lacking, along)
    for one in equations:
        if consistent and one.status == "fail" and not one.doubt:
            yield replace(one, doubt=LEFT_OUT)
        else:
            yield one


def _adds_up(lacking: Mapping[str | None, Equation], along: Sequence[Plan]) -> bool:
    """Whether the differences of the columns make a row of the table."""
    checked = 0
    for plan in along:
        parts = [(weight, lacking.get(slot.measure or slot.column)) for weight, slot in plan.parts]
        whole = lacking.get(plan.parent.measure)
        if whole is None and all(part is None for _, part in parts):
            continue
        involved = [one for one in (whole, *(part for _, part in parts)) if one is not None]
        total = sum(weight * part.difference for weight, part in parts if part is not None)
        off = (whole.difference if whole else 0) - total
        # a row left out beside a wrong figure is still a row left out
        size = abs(whole.difference) if whole else 0
        if 2 * abs(off) > sum(one.tolerance2 for one in involved) and _PART * abs(off) > size:
            return False
        checked += whole is not None
    return checked > 0


def _totals(
    sheet: Sheet, tops: Mapping[str, list[Row]], doubt: str, along: Sequence[Plan], book: RuleBook
) -> Iterator[Equation]:
    grand = re.compile(book.words["rows"]["grand_total"])
    every = [row for rows in tops.values() for row in rows]
    sides = {row.side for row in every}
    for row in sheet.rows:
        if row.code:
            continue
        if row.is_total and grand.fullmatch(row.name):
            below = [top for top in every if top.side == row.side or row.side not in sides]
        elif row.label and row.label == row.entity and row.entity in tops:
            below = tops[row.entity]
        else:
            continue
        yield from _left_out(list(_sums("codes.total", sheet, row, below, doubt, book)), along)
