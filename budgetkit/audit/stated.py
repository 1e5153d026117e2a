"""Prose against tables: every stated amount against its cell, and figures that prose derives from others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from budgetkit import specs
from budgetkit.audit.across import Amounts, main_phase
from budgetkit.audit.model import MONEY, POINTS, RATE, Equation, Figure, Place, Term
from budgetkit.audit.sheets import Sheet

_TABLES = (
    "general_budget_expenditure", "expenditure", "government_fund", "state_capital", "income",
    "fiscal_appropriation_summary", "income_expenditure_summary", "general_budget_basic_expenditure",
    "general_budget_project_expenditure", "other", "carryover",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """One figure stated in prose."""

    index: int
    section: str
    subject: str
    code: str
    measure: str
    phase: str
    sentence: str
    page: int
    figure: Figure


def read_stated(statements: Sequence[Mapping[str, Any]]) -> list[Stated]:
    """The statements of a document as figures; those without a number are left out."""
    found = []
    steps: dict[str, float] = {}
    for row in statements:
        if row["measure"] in ("amount", "change") and row["quantum"] and row["value"]:
            steps[row["sentence"]] = min(row["quantum"], steps.get(row["sentence"], row["quantum"]))
    for index, row in enumerate(statements):
        if row["value"] is None:
            continue
        measure = row["measure"] or ""
        money = measure in ("amount", "change")
        scale = MONEY if money else POINTS if measure == "count" else RATE
        figure = Figure(
            ("statements", index),
            round(row["value"] * scale),
            round(_step(row, steps) * scale),
            row["printed"] or "",
            Place(row["page"] or 0),
            f"文字说明“{row['subject'] or ''}”",
            scale,
        )
        found.append(
            Stated(
                index, row["section"] or "", row["subject"] or "", row["code"] or "", measure, row["phase"] or "",
                row["sentence"] or "", row["page"] or 0, figure,
            )
        )  # fmt: skip
    return found


def _step(row: Mapping[str, Any], steps: Mapping[str, float]) -> float:
    """The worth of a last digit: heads and things are counted, and a plain 0 is as exact as the figures beside it."""
    step: float = row["quantum"] or 0.0
    if row["measure"] == "count":
        return 0.0 if step == 1 and not re.search("平方米|公里|万", row["unit"] or "") else step
    if row["measure"] in ("amount", "change") and not row["value"]:
        return min(step, steps.get(row["sentence"], step))
    return step


def cell_sums(
    stated: Sequence[Stated], sheets: Sequence[Sheet], known: Amounts, kind: str | None
) -> Iterator[Equation]:
    """Every stated amount of the document's own phase against its cell."""
    words = specs.read_toml("audit/prose.toml")
    phase = main_phase(kind)
    cells = _cells(sheets)
    coded: dict[tuple[str, str, int], list[Equation]] = defaultdict(list)
    named: list[Equation] = []
    whole = ""
    for one in stated:
        if one.measure != "amount":
            continue
        if not one.code:
            if one.phase == phase or one.subject in _ITEMS:
                named += _named(one, whole, words["stated"], known, cells, kind)
            whole = whole if one.subject in _PARTS or _ITEM in one.sentence else one.subject
        elif one.code.startswith("2") or re.search(words["lists"]["economic"], whole):
            coded[one.section, whole, len(one.code)].extend(_coded(one, cells, phase))
    yield from _settled(named, words["lists"]["ambiguous"])
    for equations in coded.values():
        yield from _trusted(equations)


def _settled(named: Sequence[Equation], ambiguous: str) -> Iterator[Equation]:
    """Names that prose also uses of parts: where one place agrees with the tables, another may mean something else."""
    agreed = {one.name for one in named if one.status != "fail"}
    for one in named:
        if one.name in agreed and one.status == "fail" and re.fullmatch(ambiguous, one.name or ""):
            yield replace(one, doubt="同名事项他处与表一致，此处口径可能不同")
        else:
            yield one


def _trusted(equations: Sequence[Equation]) -> Iterator[Equation]:
    """Codes that prose does not print were resolved by name; a project may bear the name of a code.

    So a passage is held against the tables only when most of its amounts are found in them.
    """
    held = sum(one.status != "fail" for one in equations)
    trusted = held and 4 * held >= 3 * len(equations) - 1
    doubt = "" if trusted else "文字中的科目由名称推定，同段多数金额与表中科目不对应"
    yield from (replace(one, doubt=one.doubt or doubt) for one in equations)


#: how far before its change an amount may stand, in figures
_BACK = 8
#: what a sentence says of a 项, which is no whole either
_ITEM = "（项）"
#: subjects that do not take the place of the whole they are part of
_PARTS = frozenset(("人员经费", "公用经费"))
_ITEMS = frozenset(
    ("“三公”经费", "因公出国（境）费", "公务用车购置及运行费", "公务用车购置费", "公务用车运行费", "公务接待费")
)


def _cells(sheets: Sequence[Sheet]) -> dict[tuple[str, str], list[tuple[str, Figure]]]:
    """Cells by code or by “三公” item, and phase, with form and measure."""
    found: dict[tuple[str, str], list[tuple[str, Figure]]] = defaultdict(list)
    for sheet in sheets:
        for row in sheet.rows:
            key = row.code or row.resolved or (f"three_public.{row.name}" if sheet.form == "three_public" else "")
            if key:
                for slot, figure in row.cells.items():
                    if slot.measure not in ("change", "change_rate"):
                        found[key, slot.phase].append((sheet.form, figure))
    return found


def _coded(
    one: Stated, cells: Mapping[tuple[str, str], Sequence[tuple[str, Figure]]], phase: str
) -> Iterator[Equation]:
    listed = cells.get((one.code, one.phase or phase), ())
    if not listed:
        return
    order = {form: rank for rank, form in enumerate(_TABLES)}
    figures = [figure for _, figure in sorted(listed, key=lambda cell: order.get(cell[0], 99))]
    yield _nearest("prose.cell", one, figures, one.code)


def _named(
    one: Stated,
    whole: str,
    words: Sequence[Mapping[str, Any]],
    known: Amounts,
    cells: Mapping[tuple[str, str], Sequence[tuple[str, Figure]]],
    kind: str | None,
) -> Iterator[Equation]:
    for word in words:
        if not re.fullmatch(word["subject"], one.subject) or (word.get("kinds") and kind not in word["kinds"]):
            continue
        before = one.sentence[: max(one.sentence.find(one.figure.printed), 0)]
        if word.get("under") and not re.search(word["under"], f"{whole} {before}"):
            continue
        figures = [figure for key in word["cells"] for figure in known.get(key, ())]
        figures += [figure for key in word["cells"] for _, figure in cells.get((key, one.phase), ())]
        if figures:
            yield _nearest("prose.cell", one, figures, None)
        return


def _nearest(rule: str, one: Stated, figures: Sequence[Figure], code: str | None) -> Equation:
    """The equation with the first figure that is equal; when none is, with the first of all."""
    made = [
        Equation(rule, _cut_off(one.figure, figure), (Term(1, figure),), None, code, one.subject, "amount")
        for figure in figures
    ]
    holding = next((equation for equation in made if equation.status != "fail"), None)
    return holding or replace(made[0], others=tuple(made[1:]))


def _cut_off(figure: Figure, other: Figure) -> Figure:
    """Prose may cut digits off instead of rounding: then a whole last digit is allowed."""
    return replace(figure, quantum=2 * figure.quantum) if other.quantum < figure.quantum else figure


def derived_sums(stated: Sequence[Stated]) -> Iterator[Equation]:
    """Differences that prose states of its own figures, and figures that it states twice."""
    for group in _groups(stated):
        base = _base(group)
        main, prior = base.get("main"), base.get("prior")
        for one in group:
            if one.measure == "change" and main and prior:
                what = "prose.direction" if _opposite(one, main, prior) else "prose.change"
                terms = (Term(1, main.figure), Term(-1, prior.figure))
                yield Equation(what, one.figure, terms, None, one.code or None, one.subject, "change")
    yield from _twice(stated)


def _twice(stated: Sequence[Stated]) -> Iterator[Equation]:
    """A figure that is stated again must be the same; only of subjects that mean one thing in a document."""
    one_thing = specs.read_toml("audit/prose.toml")["lists"]["one_thing"]
    first: dict[tuple[str, str, str], Stated] = {}
    for one in stated:
        if one.measure in ("amount", "count") and re.fullmatch(one_thing, one.subject):
            known = first.setdefault((one.subject, one.measure, one.phase), one)
            if known is not one and known.figure.scale == one.figure.scale:
                terms = (Term(1, known.figure),)
                yield Equation("prose.twice", one.figure, terms, None, None, one.subject, one.measure)


def _opposite(one: Stated, main: Stated, prior: Stated) -> bool:
    """Whether amount and size agree and only the word (增加/减少) is wrong."""
    real = main.figure.value - prior.figure.value
    return one.figure.value * real < 0 and 2 * abs(abs(one.figure.value) - abs(real)) <= (
        one.figure.quantum + main.figure.quantum + prior.figure.quantum
    )


def _groups(stated: Sequence[Stated]) -> Iterator[list[Stated]]:
    """Figures of one subject that stand together: within a sentence, or in neighbouring sentences."""
    group: list[Stated] = []
    for k, one in enumerate(stated):
        same = group and _topic(one) == _topic(group[-1])
        near = group and one.index - group[-1].index == 1 and one.page - group[-1].page <= 1
        restart = (
            group
            and one.measure == "amount"
            and any((other.measure, other.phase) == (one.measure, one.phase) for other in group)
        )
        if group and (not same or not near or restart):
            yield group
            # 604.34万元。上年执行数676.66万元，本年安排604.34万元，减少…: the sentence keeps its own prior amount
            kept = [other for other in group if other.sentence == one.sentence and other.phase != one.phase]
            group = kept if same and near else []
        if not group and one.measure == "change":
            group = _announced(stated, k)
        group.append(one)
    if group:
        yield group


def _topic(one: Stated) -> tuple[str, str, str]:
    """What a figure is of; 收入、支出总计 and 收支总计 are one."""
    return one.subject.replace("收入支出", "收支"), one.code, one.section


def _announced(stated: Sequence[Stated], k: int) -> list[Stated]:
    """The amount that a sentence of its own gives the change of: 收入总计…，其中：…。收入总计与上年相比，增加…"""
    one = stated[k]
    for other in reversed(stated[max(k - _BACK, 0) : k]):
        if other.section != one.section or one.page - other.page > 1:
            break
        if (other.subject, other.code) == (one.subject, one.code):
            opens = one.sentence.startswith(one.subject) and other.measure == "amount" and other.phase == one.phase
            return [other] if opens else []
    return []


def _base(group: Sequence[Stated]) -> dict[str, Stated]:
    """The amounts of a group by what they are: main, prior, budget."""
    amounts = {one.phase: one for one in group if one.measure == "amount"}
    found: dict[str, Stated] = {}
    main = amounts.get("executed") or amounts.get("approved")
    budget = amounts.get("revised") or amounts.get("approved")
    if main:
        found["main"] = main
    if "prior_year" in amounts:
        found["prior"] = amounts["prior_year"]
    if budget and main is not budget:
        found["budget"] = budget
    return found


@dataclass(frozen=True, slots=True)
class Ratio:
    """A stated rate and the amounts that it must be the ratio of."""

    rule: str
    one: Stated
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """All amounts."""
        return (*self.numerator, *self.denominator)

    @property
    def bounds(self) -> tuple[float, float] | None:
        """What the rate may be, given the digits of the amounts; None on a zero base."""
        top, top_half = _sum(self.numerator)
        bottom, bottom_half = _sum(self.denominator)
        if abs(bottom) <= bottom_half or bottom == 0:
            return None
        corners = [(top + x * top_half) / (bottom + y * bottom_half) for x in (-1, 1) for y in (-1, 1)]
        return min(corners), max(corners)

    @property
    def value(self) -> float:
        """The rate that the amounts make."""
        return _sum(self.numerator)[0] / _sum(self.denominator)[0]


def _sum(terms: Sequence[Term]) -> tuple[float, float]:
    total = sum(term.weight * term.figure.value for term in terms)
    return total, sum(term.figure.quantum for term in terms) / 2


def ratios(stated: Sequence[Stated]) -> Iterator[Ratio]:
    """Every stated rate with the amounts it is made of, where prose states these beside it."""
    for group in _groups(stated):
        base = _base(group)
        main, prior, budget = base.get("main"), base.get("prior"), base.get("budget")
        change = next((one for one in group if one.measure == "change"), None)
        for one in group:
            if one.measure == "execution_rate" and main and budget:
                yield Ratio("prose.execution_rate", one, (Term(1, main.figure),), (Term(1, budget.figure),))
            elif one.measure == "difference_rate" and main and budget:
                top = (Term(1, main.figure), Term(-1, budget.figure))
                yield Ratio("prose.difference_rate", one, top, (Term(1, budget.figure),))
            elif one.measure == "change_rate" and main and prior and one.phase == main.phase:
                top = (Term(1, main.figure), Term(-1, prior.figure))
                yield Ratio("prose.change_rate", one, top, (Term(1, prior.figure),))
            elif one.measure == "change_rate" and main and change and change.figure.quantum:
                bottom = (Term(1, main.figure), Term(-1, change.figure))
                yield Ratio("prose.change_rate", one, (Term(1, change.figure),), bottom)
