"""Sums along a row: a column is the sum of others (合计 = 基本支出 + 项目支出)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
        settled: set[Slot] = set()
        for identity, parts in sorted(chosen, key=lambda plan: plan[0].parent != "total"):
            strange = [one for one in _strange(sheet, phase, identity, parts, by_parent, book) if one not in settled]
            if identity.parent == "total" and _proven(sheet, slots["total"], parts, strange):
                settled |= set(strange)
                parts, strange = [*parts, *((1, slot) for slot in strange)], []
            doubt = repeated or _doubt(sheet, strange)
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


def _strange(
    sheet: Sheet,
    phase: str,
    identity: Identity,
    parts: list[tuple[int, Slot]],
    by_parent: Mapping[str, list[Identity]],
    book: RuleBook,
) -> list[Slot]:
    """Columns that may belong to the sum and of which it is not known."""
    taken = {slot.measure for _, slot in parts} | {identity.parent}
    explained = set(taken) | {"change", "change_rate"}
    for measure in taken - {identity.parent}:
        explained |= _below(measure, by_parent)
    detail = re.compile(book.words["columns"]["detail"])
    rate = re.compile(book.words["columns"]["rate"])
    found = []
    for slot in sheet.slots:
        path = sheet.columns[slot]
        if slot.phase not in (phase, "") or slot.measure in explained or detail.search(path):
            continue
        unknown = not slot.measure and not _nested(path, sheet, phase) and not rate.search(path)
        if unknown or (slot.measure and identity.parent == "total"):
            found.append(slot)
    return found


def _doubt(sheet: Sheet, strange: Sequence[Slot]) -> str:
    if not strange:
        return ""
    path = sheet.columns[strange[0]]
    return f"列“{path}”与合计的关系不明" if strange[0].measure else f"列“{path}”含义未识别"


def _proven(sheet: Sheet, parent: Slot, parts: Sequence[tuple[int, Slot]], strange: Sequence[Slot]) -> bool:
    """Whether most rows with amounts in unknown columns show that these belong to the sum."""
    every = [*parts, *((1, slot) for slot in strange)]
    held = [
        2 * abs(total.value - sum(weight * row.cells[slot].value for weight, slot in every if slot in row.cells))
        <= total.quantum * (len(every) + 1)
        for row, total in sheet.cells(parent)
        if any(slot in row.cells and row.cells[slot].value for slot in strange)
    ]
    return bool(held) and sum(held) * 5 >= len(held) * 4


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
