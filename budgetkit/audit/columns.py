"""Sums along a row: a column is the sum of others (合计 = 基本支出 + 项目支出)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from budgetkit.audit.model import Equation, Term
from budgetkit.audit.rules import Identity, RuleBook
from budgetkit.audit.sheets import Sheet, Slot

_SUBTOTAL = re.compile(r"(小计|合计|总计|总数|金额)$")


class Plan(NamedTuple):
    """One sum along the rows of a table: a column and its weighted parts."""

    rule: str
    parent: Slot
    parts: tuple[tuple[int, Slot], ...]
    #: why the parts may not be all or not only those; empty when they are
    doubt: str


def column_sums(sheet: Sheet, book: RuleBook) -> Iterator[Equation]:
    """The equations between the columns of one table, one for each row that prints the sum."""
    for plan in plans(sheet, book):
        yield from _rows(sheet, plan)


def plans(sheet: Sheet, book: RuleBook) -> Iterator[Plan]:
    """The sums that hold along every row of a table."""
    if sheet.form == "three_public":
        return
    identities = [one for one in book.on("measure") if not one.forms or sheet.form in one.forms]
    by_parent: dict[str, list[Identity]] = {}
    for identity in identities:
        by_parent.setdefault(identity.parent, []).append(identity)
    for phase in dict.fromkeys(slot.phase for slot in sheet.slots):
        slots = {slot.measure: slot for slot in sheet.slots if slot.phase == phase and slot.measure}
        repeated = _repeated(sheet, phase)
        chosen = [
            (identity, parts)
            for identity in identities
            if identity.parent in slots and (parts := _parts(identity, slots, by_parent))
        ]
        rivals = [identity.parent for identity, _ in chosen if identity.rule != "columns.fund_balance"]
        for identity, parts in chosen:
            doubt = repeated or _unexplained(sheet, phase, identity, parts, by_parent, book)
            if rivals.count(identity.parent) > 1 and not doubt:
                doubt = "表中各列可按不同口径相加，无法确定合计列的组成"
            yield Plan(identity.rule, slots[identity.parent], tuple(parts), doubt)


def _repeated(sheet: Sheet, phase: str) -> str:
    seen = [slot.measure for slot in sheet.slots if slot.phase == phase and slot.measure]
    twice = sorted({measure for measure in seen if seen.count(measure) > 1})
    return f"两列同义（{'、'.join(twice)}）" if twice else ""


def _parts(
    identity: Identity, slots: Mapping[str, Slot], by_parent: Mapping[str, list[Identity]]
) -> list[tuple[int, Slot]]:
    """The columns that make up a sum; a column that the table lacks is replaced by its own parts."""
    found: list[tuple[int, Slot]] = []
    for child, weight in identity.children:
        if child.endswith("*"):
            found += [(weight, slot) for measure, slot in slots.items() if measure.startswith(child[:-1])]
        elif child in slots:
            found.append((weight, slots[child]))
        else:
            for below in by_parent.get(child, []):
                found += [(weight * sign, slot) for sign, slot in _parts(below, slots, by_parent)]
    return found


def _unexplained(
    sheet: Sheet,
    phase: str,
    identity: Identity,
    parts: list[tuple[int, Slot]],
    by_parent: Mapping[str, list[Identity]],
    book: RuleBook,
) -> str:
    """Names a column that may belong to the sum and whose meaning is not known; "" when there is none."""
    taken = {slot.measure for _, slot in parts} | {identity.parent}
    explained = set(taken)
    for measure in taken:
        explained |= _below(measure, by_parent) if measure != identity.parent else set()
    explained |= {"change", "change_rate"}
    top = identity.parent == "total"
    detail = re.compile(book.words["columns"]["detail"])
    for slot in sheet.slots:
        if slot.phase not in (phase, "") or slot.measure in explained:
            continue
        path = sheet.columns[slot]
        if detail.search(path):
            continue
        if slot.measure:
            if top:
                return f"列“{path}”与合计的关系不明"
            continue
        if not _nested(path, sheet, phase):
            return f"列“{path}”含义未识别"
    return ""


def _below(measure: str, by_parent: Mapping[str, list[Identity]]) -> set[str]:
    found: set[str] = set()
    for identity in by_parent.get(measure, []):
        for child, _ in identity.children:
            found |= {child} | _below(child, by_parent)
    return found


def _nested(path: str, sheet: Sheet, phase: str) -> bool:
    """Whether an unknown column stands under one header with known ones and one of them is their subtotal."""
    over, _, leaf = path.rpartition("/")
    if not over:
        return False
    beside = [sheet.columns[slot] for slot in sheet.slots if slot.measure and slot.phase == phase]
    family = [other for other in beside if other.rpartition("/")[0] == over]
    return bool(family) and (bool(_SUBTOTAL.search(leaf)) or any(_SUBTOTAL.search(other) for other in family))


def _rows(sheet: Sheet, plan: Plan) -> Iterator[Equation]:
    for row, total in sheet.cells(plan.parent):
        terms = tuple(Term(weight, row.cells[slot]) for weight, slot in plan.parts if slot in row.cells)
        if terms:
            yield Equation(
                plan.rule, total, terms, sheet.form, row.code or None, row.name, plan.parent.measure, plan.doubt
            )
