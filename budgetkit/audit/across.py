"""Sums between tables: what one table repeats of another (表间勾稽)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from budgetkit.audit.model import Equation, Figure, Term
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.sheets import Row, Sheet, Slot
from budgetkit.audit.summaries import role_of
from budgetkit.codes import normalise

_TERM = re.compile(r"([+-]?)\s*([a-z_.]+)(\??)")
_PARTS = {"人员经费合计": "personnel", "公用经费合计": "public_use"}

#: figures by form.row.measure; several where a form is printed more than once
Amounts = Mapping[str, Sequence[Figure]]


def main_phase(kind: str | None) -> str:
    """The phase that a document of this kind is about."""
    return "executed" if kind == "final_account" else "approved"


def amounts(sheets: Sequence[Sheet], kind: str | None, book: RuleBook) -> dict[str, list[Figure]]:
    """The totals of all standard tables by key."""
    phase = main_phase(kind)
    grand = re.compile(book.words["rows"]["grand_total"])
    found: dict[str, list[Figure]] = defaultdict(list)
    for sheet in sheets:
        named = [row for row in sheet.rows if row.is_total and not row.code and grand.fullmatch(row.name)]
        for row in sheet.rows:
            for slot, figure in row.cells.items():
                key = _key(sheet, row, slot, named, book) if slot.phase == phase else None
                if key:
                    found[key].append(figure)
    return dict(found)


def _key(sheet: Sheet, row: Row, slot: Slot, named: Sequence[Row], book: RuleBook) -> str | None:
    if not slot.measure or sheet.form == "other":
        return None
    if sheet.form == "three_public":
        return f"three_public.{row.name}.{slot.measure}"
    if sheet.form.endswith("_summary"):
        role = role_of(row, row.side, book)
        return f"{sheet.form}.{row.side}.{role}.{slot.measure}" if role else None
    if row in named or (not named and len(sheet.rows) == 1 and not row.code):
        return f"{sheet.form}.total.{slot.measure}"
    if not row.code and row.name in _PARTS:
        return f"{sheet.form}.{_PARTS[row.name]}.{slot.measure}"
    return None


def table_sums(sheets: Sequence[Sheet], kind: str | None, book: RuleBook) -> Iterator[Equation]:
    """The equations between tables."""
    known = amounts(sheets, kind, book)
    for spec in book.words["across"]:
        if book.rules[spec["rule"]].enabled:
            yield from _across(spec, known)
    for spec in book.words["across_codes"]:
        yield from _same_codes(spec, sheets, known, main_phase(kind))
    for spec in book.words["across_sections"]:
        yield from _same_sections(spec, sheets, known, main_phase(kind))


def _terms(text: str, known: Amounts) -> tuple[list[Term], str] | None:
    """The terms of a sum; None where one that must be there is not. The text says what is ambiguous."""
    found, doubt = [], ""
    for sign, key, optional in _TERM.findall(text):
        figures = known.get(key, ())
        if not figures:
            if optional:
                continue
            return None
        if len({figure.value for figure in figures}) > 1:
            doubt = f"同类表不止一张（{key}）"
        found.append(Term(-1 if sign == "-" else 1, figures[0]))
    return found, doubt


def _across(spec: Mapping[str, Any], known: Amounts) -> Iterator[Equation]:
    left = next((found for text in spec["left"] if (found := _terms(text, known))), None)
    if left is None:
        return
    own, doubt = left
    made: list[Equation] = []
    for text in spec["right"]:
        found = _terms(text, known)
        if found is not None:
            right, other = found
            terms = (*right, *(Term(-term.weight, term.figure) for term in own[1:]))
            measure = spec["left"][0].rpartition(".")[2]
            form = spec["left"][0].partition(".")[0]
            made.append(Equation(spec["rule"], own[0].figure, terms, form, None, "合计", measure, doubt or other))
    holding = next((one for one in made if one.status != "fail"), None)
    if made:
        yield holding or replace(made[0], others=tuple(made[1:]))


def _same_codes(spec: Mapping[str, Any], sheets: Sequence[Sheet], known: Amounts, phase: str) -> Iterator[Equation]:
    for measure in spec["measures"]:
        if not _equal(f"{spec['left']}.total.total", f"{spec['right']}.total.total", known):
            continue
        left, right = (_by_code(sheets, spec[side], measure, phase) for side in ("left", "right"))
        for code, (row, figure) in left.items():
            if code in right:
                term = Term(1, right[code][1])
                yield Equation(spec["rule"], figure, (term,), spec["left"], code, row.name, measure)


def _equal(left: str, right: str, known: Amounts) -> bool:
    """Whether two totals are printed, each once, and equal within their digits."""
    figures = [*known.get(left, ()), *known.get(right, ())]
    if not known.get(left) or not known.get(right):
        return False
    values = [figure.value for figure in figures]
    return 2 * (max(values) - min(values)) <= sum(sorted(figure.quantum for figure in figures)[-2:])


def _by_code(sheets: Sequence[Sheet], form: str, measure: str, phase: str) -> dict[str, tuple[Row, Figure]]:
    """The cells of one column by code; codes that stand twice are left out."""
    found: dict[str, list[tuple[Row, Figure]]] = defaultdict(list)
    for sheet in sheets:
        if sheet.form == form:
            for row in sheet.rows:
                for slot, figure in row.cells.items():
                    if row.code and row.scheme == "function" and (slot.measure, slot.phase) == (measure, phase):
                        found[row.code].append((row, figure))
    return {code: listed[0] for code, listed in found.items() if len(listed) == 1}


def _same_sections(spec: Mapping[str, Any], sheets: Sequence[Sheet], known: Amounts, phase: str) -> Iterator[Equation]:
    coded = {
        normalise(row.name): (row, figure)
        for row, figure in _by_code(sheets, spec["right"], "total", phase).values()
        if row.level == 1
    }
    for measure in spec["measures"]:
        keys = [f"{spec['left']}.expenditure.{role}.{measure}" for role in ("current", "total")]
        if not coded or not any(_equal(key, f"{spec['right']}.total.total", known) for key in keys):
            continue
        listed = _sections(sheets, spec["left"], measure, phase)
        for name, figures in listed.items():
            if name in coded and len(figures) == 1:
                row, other = coded[name]
                yield Equation(spec["rule"], figures[0], (Term(1, other),), spec["left"], row.code, row.name, measure)
        return


def _sections(sheets: Sequence[Sheet], form: str, measure: str, phase: str) -> dict[str, list[Figure]]:
    """The 类 of a summary's expenditure by name, those with an ordinal or a code of three digits."""
    found: dict[str, list[Figure]] = defaultdict(list)
    for sheet in sheets:
        if sheet.form == form:
            for row in sheet.rows:
                top = row.level == 1 or (not row.code and row.label != row.name)
                for slot, figure in row.cells.items():
                    if row.side == "expenditure" and top and (slot.measure, slot.phase) == (measure, phase):
                        found[normalise(row.name)].append(figure)
    return found
