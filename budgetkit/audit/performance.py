"""Performance forms: weights, scores, execution rates and funds of the self-evaluations (绩效自评)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgetkit.audit import vocabulary
from budgetkit.audit.cells import Table
from budgetkit.audit.engine import shown
from budgetkit.audit.model import MONEY, POINTS, Equation, Evidence, Figure, Finding, Place, Term
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.stated import Stated
from budgetkit.printed.widths import fold

#: some places give full marks from this rate on
_FULL = 0.9
_SELF = ("project_self_evaluation", "department_self_evaluation")


@dataclass(frozen=True, slots=True)
class Form:
    """One performance form: its head, the lines of its funds and its indicators."""

    head: Mapping[str, Any]
    funds: tuple[Mapping[str, Any], ...]
    indicators: tuple[Mapping[str, Any], ...]

    @property
    def name(self) -> str:
        """The project, or the form where it names none."""
        return str(self.head["project"] or self.head["form"])

    @property
    def last(self) -> int:
        """The page on which it ends, where its total stands."""
        return max((row["page"] or 0 for row in (self.head, *self.indicators)), default=0)


def forms_of(
    projects: Sequence[Mapping[str, Any]], funds: Sequence[Mapping[str, Any]], indicators: Sequence[Mapping[str, Any]]
) -> list[Form]:
    """The forms of a document; forms of one project name are told apart by order and left out where that fails."""
    names: dict[tuple[Any, Any], int] = defaultdict(int)
    for head in projects:
        names[head["form"], head["project"]] += 1
    found = []
    for head in projects:
        key = (head["form"], head["project"])
        if names[key] > 1:
            continue
        own = [tuple(row for row in rows if (row["form"], row["project"]) == key) for rows in (funds, indicators)]
        found.append(Form(head, own[0], own[1]))
    return found


def performance_sums(forms: Sequence[Form], tables: Sequence[Table]) -> Iterator[Equation]:
    """The sums of every form, and the money of a project in its form against the project tables."""
    for number, form in enumerate(forms):
        if form.head["form"] in _SELF:
            yield from _weights(form, number)
            yield from _total(form, number)
        yield from _funds(form, number)
        yield from _in_tables(form, number, tables)


def _step(values: Sequence[float | None]) -> int:
    """The finest printed step of some points, in POINTS; values are printed with few decimals."""
    places = [-int(Decimal(repr(value)).as_tuple().exponent) for value in values if value is not None]
    fine = [
        place if value % 1 else 0 for place, value in zip(places, (v for v in values if v is not None), strict=True)
    ]
    return int(POINTS / 10 ** min(max(fine, default=0), 4))


def _points(value: float, step: int, what: str, form: Form, number: int, index: int) -> Figure:
    return Figure(
        ("points", number * 1000 + index), round(value * POINTS), step, f"{value:g}", Place(form.head["page"] or 0),
        what, POINTS,
    )  # fmt: skip


def _weights(form: Form, number: int) -> Iterator[Equation]:
    """分值: indicators make 100 together with the execution rate, or 90 beside it."""
    weights = [row["weight"] for row in form.indicators if row["weight"] is not None]
    if not weights:
        return
    own = form.head["execution_weight"]
    goal = form.head["total_weight"] or 100.0
    step = _step(weights) if any(weight % 1 for weight in weights) else 0
    listed = [_points(weight, step, "指标分值", form, number, k) for k, weight in enumerate(weights)]
    whole = sum(weights) + (own or 0.0)
    if own is None and abs(sum(weights) - 90) < abs(sum(weights) - 100):
        goal -= 10
    actual = Figure(
        ("points", number * 1000 + 900), round(whole * POINTS), sum(figure.quantum for figure in listed),
        f"{whole:g}", Place(form.head["page"] or 0), f"“{form.name}”分值合计", POINTS,
    )  # fmt: skip
    right = _points(goal, 0, "总分值", form, number, 901)
    missing = any(row["weight"] is None for row in form.indicators)
    doubt = "部分指标没有分值" if missing else ""
    if own is None and whole < goal:
        doubt = doubt or "未见执行率分值"
    yield Equation("perf.weights", actual, (Term(1, right),), form.head["form"], None, form.name, doubt)


def _total(form: Form, number: int) -> Iterator[Equation]:
    """总分 = 执行率得分 + Σ得分."""
    total = form.head["total_score"]
    if total is None or not form.indicators:
        return
    scores = [row["score"] for row in form.indicators if row["weight"] is not None]
    own, most = form.head["execution_score"], form.head["execution_weight"]
    step = _step([total, *scores, own])
    step = step if step < POINTS else 0
    figures = [
        _points(score, step, f"指标“{row['level3']}”得分", form, number, 100 + k)
        for k, row in enumerate(form.indicators)
        if (score := row["score"]) is not None
    ]
    if own is not None:
        figures.append(_points(own, step, "执行率得分", form, number, 902))
    doubt = "部分指标没有得分" if any(score is None for score in scores) else ""
    if own is None and total > sum(score for score in scores if score is not None):
        doubt = doubt or "未见执行率得分"
    if own is not None and most is not None and own > most:
        doubt = doubt or "执行率得分超出分值"
    actual = _points(total, step, f"“{form.name}”总分", form, number, 903)
    terms = tuple(Term(1, figure) for figure in figures)
    yield Equation("perf.total", actual, terms, form.head["form"], None, form.name, doubt)


def _funds(form: Form, number: int) -> Iterator[Equation]:
    """年度资金总额 = Σ lines, in each column of money."""
    known = vocabulary.performance()
    totals = [row for row in form.funds if row["line"] == known.whole]
    lines = [row for row in form.funds if row["line"] != known.whole]
    if len(totals) != 1 or not lines:
        return
    strange = [row["line"] for row in lines if row["line"] not in known.lines]
    repeated = len({row["line"] for row in lines}) < len(lines)
    doubt = "资金来源行次含义不明" if strange or repeated else ""
    for k, (column, label) in enumerate(
        (("approved", "年初预算数"), ("revised", "全年预算数"), ("executed", "全年执行数"), ("amount", "金额"))
    ):
        if totals[0][column] is None or all(row[column] is None for row in lines):
            continue
        figures = [
            _money(row, column, f"“{form.name}”{row['line']}{label}", number * 1000 + 200 + 20 * k + j)
            for j, row in enumerate((totals[0], *lines))
            if row[column] is not None
        ]
        terms = tuple(Term(1, figure) for figure in figures[1:])
        yield Equation("perf.funds", figures[0], terms, form.head["form"], None, form.name, doubt)


def _money(row: Mapping[str, Any], column: str, what: str, index: int) -> Figure:
    fen = round(row[column] * MONEY)
    return Figure(("funds", index), fen, 1, shown(fen, MONEY), Place(row["page"] or 0), what)


def _in_tables(form: Form, number: int, tables: Sequence[Table]) -> Iterator[Equation]:
    """The money of a project in its form against the tables that list the project."""
    amount = form.head["approved"]
    if amount is None or not form.head["project"] or form.head["form"] != "project_targets":
        return
    wanted = fold(form.head["project"])
    cells = [
        cell.figure
        for table in tables
        if not vocabulary.performance().parts.search(table.title)
        for cell in table.cells
        if wanted in (fold(cell.project), fold(cell.name)) and not cell.code
        if cell.nature in ("all", "project", "") and cell.phase in ("approved", "") and cell.aspect == "amount"
    ]
    if not cells:
        return
    own = _money(
        {"amount": amount, "page": form.head["page"]}, "amount", f"“{form.name}”绩效表资金", number * 1000 + 300
    )
    made = [Equation("perf.project", own, (Term(1, cell),), form.head["form"], None, form.name) for cell in cells]
    several = len({cell.value for cell in cells}) > 1
    holding = next((one for one in made if one.status != "fail"), None)
    if holding or not several:
        yield holding or made[0]


def stated_sums(forms: Sequence[Form], stated: Sequence[Stated]) -> Iterator[Equation]:
    """Number and money of the evaluated projects in prose against the forms, where all forms are published."""
    known = vocabulary.performance()
    yield from _money_of(forms, stated, "project_self_evaluation", known.evaluated, ("revised", "executed"))
    yield from _money_of(forms, stated, "project_targets", known.managed, ("approved",))


def _money_of(
    forms: Sequence[Form], stated: Sequence[Stated], kind: str, subject: re.Pattern[str], phases: Sequence[str]
) -> Iterator[Equation]:
    own = [form for form in forms if form.head["form"] == kind]
    counts = [one for one in stated if one.measure == "count" and subject.search(one.subject)]
    if not own or not any(one.figure.value == len(own) * POINTS for one in counts):
        return
    for one in stated:
        if one.measure != "amount" or not subject.search(one.subject) or one.phase not in phases:
            continue
        figures = [
            _money(form.head, one.phase, f"“{form.name}”资金", k * 1000 + 400 + len(one.phase))
            for k, form in enumerate(own)
            if form.head[one.phase] is not None
        ]
        if len(figures) == len(own):
            terms = tuple(Term(1, figure) for figure in figures)
            yield Equation("perf.stated", one.figure, terms, None, None, one.subject)


def performance_findings(forms: Sequence[Form], book: RuleBook) -> Iterator[Finding]:
    """Execution rates and scores, and results against targets."""
    step = _step([form.head["execution_score"] for form in forms if form.head["form"] in _SELF])
    for form in forms:
        if form.head["form"] in _SELF:
            yield from _execution(form, step, book)
            for row in form.indicators:
                yield from _indicator(form, row, book)


def _execution(form: Form, step: int, book: RuleBook) -> Iterator[Finding]:
    head = form.head
    rate, revised, executed = head["execution_rate"], head["revised"] or head["approved"], head["executed"]
    if rate is not None and revised and executed is not None:
        real = executed / revised
        if head["approved"] and abs(rate - executed / head["approved"]) < abs(rate - real):
            # some places take the budget of the beginning of the year as the base
            real, revised = executed / head["approved"], head["approved"]
        digits = max(-int(Decimal(repr(round(rate * 100, 6))).as_tuple().exponent), 0) if (rate * 100) % 1 else 0
        allowed = 1.0 / 100 / 10**digits + 100 / revised
        status = "pass" if abs(rate - real) <= allowed / 2 else "rounding" if abs(rate - real) <= allowed else "fail"
        text = book.rules["perf.execution_rate"].message.format(
            name=form.name, actual=f"{rate:.2%}", expected=f"{real:.2%}"
        )
        yield _finding("perf.execution_rate", status, text, form, form.name, real, rate, allowed, head["page"])
    weight, score = head["execution_weight"], head["execution_score"]
    if weight is None or score is None or rate is None:
        return
    real = weight * min(rate, 1.0)
    allowed = max(step / POINTS, 0.01)
    within = abs(score - real) <= allowed
    status = ("pass" if abs(score - real) < 0.005 else "rounding") if within else "fail"
    if status == "fail" and score == weight and rate >= _FULL:
        status = "not_run"
    text = f"超出分值{weight:g}" if score > weight else f"分值{weight:g}×执行率{rate:.2%}应为{real:.2f}"
    text = book.rules["perf.execution_score"].message.format(name=form.name, actual=f"{score:g}", text=text)
    yield _finding("perf.execution_score", status, text, form, form.name, real, score, allowed, head["page"])


def _indicator(form: Form, row: Mapping[str, Any], book: RuleBook) -> Iterator[Finding]:
    weight, score = row["weight"], row["score"]
    if weight is None or score is None:
        return
    name = row["level3"] or row["level2"] or form.name
    fields = {
        "name": name, "actual": f"{score:g}", "expected": f"{weight:g}",
        "target": row["target"], "result": row["actual"],
    }  # fmt: skip
    over = score > weight
    text = book.rules["perf.score"].message.format(**fields) if over else f"指标“{name}”得分{score:g}，分值{weight:g}"
    bound = weight if over else score
    yield _finding("perf.score", "fail" if over else "pass", text, form, name, bound, score, 0.0, row["page"])
    plain = f"指标“{name}”目标{row['target']}，实际{row['actual']}，得分{score:g}，分值{weight:g}"
    reached = _reached(row)
    if reached is None or weight == 0:
        return
    if not reached:
        status = "fail" if score >= weight else "pass"
        text = book.rules["perf.missed"].message.format(**fields) if score >= weight else plain
        yield _finding("perf.missed", status, text, form, name, None, score, None, row["page"])
    elif row["target_operator"] == ">=" and not row["reason"] and not vocabulary.performance().money.search(name):
        status = "fail" if score < weight else "pass"
        text = book.rules["perf.met"].message.format(**fields) if score < weight else plain
        yield _finding("perf.met", status, text, form, name, weight, score, 0.0, row["page"])


def _reached(row: Mapping[str, Any]) -> bool | None:
    """Whether the result reaches the target; None where they cannot be compared."""
    operator, target, actual = row["target_operator"], row["target_value"], row["actual_value"]
    units = {unit for unit in (row["target_unit"], row["actual_unit"]) if unit}
    if operator is None or target is None or actual is None or len(units) > 1:
        return None
    if row["target_unit"] == "%" and row["actual_unit"] is None:
        return None
    text = row["actual"] or ""
    if len(re.findall(r"\d[\d,.]*", text)) != 1:
        return None
    if operator == "=":
        of_money = vocabulary.performance().money.search(row["level3"] or "")
        return None if actual > target or of_money else bool(actual == target)
    if operator[0] in "<>" and (bound := _bound(text)):
        # a result that is itself a bound (>95% for >95%) tells nothing where it points the other way or lies short
        within = bool(actual >= target if operator[0] == ">" else actual <= target)
        return True if within and bound == operator[0] else None
    tests = {">=": actual >= target, "<=": actual <= target, ">": actual > target, "<": actual < target}
    return bool(tests[operator])


def _bound(text: str) -> str:
    """Whether a printed result is a lower (>) or an upper (<) bound; "" where it is a number."""
    known = vocabulary.performance()
    return ">" if known.lower.search(text) else "<" if known.upper.search(text) else ""


def _finding(
    rule: str, status: str, text: str, form: Form, name: str, expected: float | None, actual: float | None,
    tolerance: float | None, page: int | None,
) -> Finding:  # fmt: skip
    difference = actual - expected if actual is not None and expected is not None else None
    where = Evidence(Place(page or 0), f"绩效表“{form.name}”" + (f"：{name}" if name != form.name else ""))
    return Finding(
        rule, status, text, form.head["form"], None, name, expected, actual, difference, tolerance, page, (where,),
    )  # fmt: skip
