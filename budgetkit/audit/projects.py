"""What prose and whole-department forms say of projects and of all money, against the tables and the forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from budgetkit.audit.cells import Cell, Table
from budgetkit.audit.engine import shown
from budgetkit.audit.model import MONEY, Equation, Evidence, Finding, Place, Term
from budgetkit.audit.performance import Form
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.stated import Stated
from budgetkit.audit.texts import Prose
from budgetkit.printed.widths import fold, squeeze

#: the score of an evaluation as a whole, not of a kind of indicators, and how far before it its project may be named
_SCORE = re.compile(
    r"(?<!指标)(?<!产出)(?<!效益)(?<!满意度)(?<!类)(?:自评|评价|综合)(?:总|综合)?得分(?:为|是|：)?(?P<score>\d+(?:\.\d+)?)分"
)
_BEFORE = 150
#: a project that is named with fewer signs may be a common word
_NAMED = 4
_WHOLE = ("department_targets", "department_self_evaluation")
#: forms print whole hundreds of yuan
_STEP = 100 * MONEY


def project_sums(stated: Sequence[Stated], tables: Sequence[Table]) -> Iterator[Equation]:
    """The amount that prose states of a project against the one amount that tables print for it."""
    cells = [cell for table in tables for cell in table.cells if cell.project and cell.aspect == "amount"]
    for one in stated:
        name = fold(one.subject)
        if one.measure != "amount" or one.prior or one.code or len(name) < _NAMED or not one.figure.value:
            continue
        own = [cell for cell in cells if fold(cell.project) == name and _same_plan(cell, one) and cell.figure.value]
        made = [Equation("prose.project", one.figure, (Term(1, cell.figure),), None, None, one.subject) for cell in own]
        if made and (len({cell.figure.value for cell in own}) == 1 or any(two.status != "fail" for two in made)):
            yield min(made, key=lambda two: abs(two.difference))


def _same_plan(cell: Cell, one: Stated) -> bool:
    return cell.phase in ("", one.phase) and cell.year in (0, one.year)


def project_findings(forms: Sequence[Form], tables: Sequence[Table], prose: Prose, book: RuleBook) -> Iterator[Finding]:
    """Scores that prose states against those of the forms, and the money of whole departments against the tables."""
    scored = [form for form in forms if form.head["total_score"] is not None and form.head["project"]]
    for hit in _SCORE.finditer(prose.text) if scored else ():
        before = prose.text[max(hit.start() - _BEFORE, 0) : hit.start()].rpartition("得分")[2]
        named = [form for form in scored if len(form.name) >= _NAMED and squeeze(form.name) in before]
        if len(named) == 1:
            yield _scored(named[0], hit, prose, book)
    totals = {cell.figure.value for table in tables for cell in table.cells if not (cell.code or cell.project)}
    for form in forms if totals else ():
        amount = form.head["approved"] or form.head["revised"]
        if form.head["form"] in _WHOLE and amount:
            yield _whole(form, round(amount * MONEY), totals, book)


def _scored(form: Form, hit: re.Match[str], prose: Prose, book: RuleBook) -> Finding:
    score, expected, page = float(hit["score"]), float(form.head["total_score"]), prose.page_at(hit.start())
    wrong = abs(score - expected) > 0.005
    text = book.rules["perf.said"].message.format(name=form.name, actual=hit["score"], expected=f"{expected:g}")
    places = (Evidence(Place(page), hit[0]), Evidence(Place(form.last), f"“{form.name}”自评表总分{expected:g}"))
    return Finding(
        "perf.said", "fail" if wrong else "pass", text if wrong else f"“{form.name}”{hit[0]}，与自评表一致",
        name=form.name, expected=expected, actual=score, difference=score - expected, page=page, evidence=places,
    )  # fmt: skip


def _whole(form: Form, fen: int, totals: set[int], book: RuleBook) -> Finding:
    """All money of a department: a slip of one digit is a fault, any other figure may be of another extent."""
    near = min(totals, key=lambda total: abs(total - fen))
    slip = next((total for total in totals if _one_digit(total // _STEP, fen // _STEP)), None)
    what, fits = f"“{form.name}”资金总额", abs(near - fen) <= _STEP
    status = "pass" if fits else "not_run" if slip is None else "fail"
    expected = near if slip is None or fits else slip
    told = book.rules["perf.whole"].message.format(
        what=what, actual=shown(fen, MONEY), expected=shown(expected, MONEY), difference=shown(fen - expected, MONEY)
    )
    text = {"pass": f"{what}与各表合计相符", "not_run": f"未核对：{what}与各表合计口径可能不同"}.get(status, told)
    page = form.head["page"]
    return Finding(
        "perf.whole", status, text, form.head["form"], name=form.name, expected=expected / MONEY, actual=fen / MONEY,
        difference=(fen - expected) / MONEY, page=page, evidence=(Evidence(Place(page or 0), what, shown(fen, MONEY)),),
    )  # fmt: skip


def _one_digit(one: int, two: int) -> bool:
    """Whether two numbers of several digits differ in one digit."""
    left, right = str(one), str(two)
    return len(left) == len(right) > 2 and sum(a != b for a, b in zip(left, right, strict=True)) == 1
