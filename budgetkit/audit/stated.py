"""Figures that prose states, and those that it derives from others: changes and rates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from budgetkit.audit.model import MONEY, POINTS, RATE, Equation, Figure, Place, Term
from budgetkit.identities.amounts import HUGE
from budgetkit.printed.names import ending
from budgetkit.printed.widths import fold

#: words for the document's own; what begins anew
_OWN = re.compile("[本我全各该]")
_ABOUT = re.compile(r"(?<!节)约(?!束)|近\d|[余多]万")
_ANEW = re.compile(r"[（(]?[一二三四五六七八九十\d]+[)）、.．年]|[本我全]")
#: what is told of a whole place and not of the publisher; what a sentence corrects further on
_OF_PLACE = re.compile(
    "生产总值|固定资产投资|社会消费品|可支配收入|(?:全[省市县区州旗镇乡]|地方)(?:实现|完成|财政|一般公共预算)"
)
_CORRECTED = re.compile("结[转余][^。；]*调[增减整][^。；]*调整后")
#: words that may stand before 收入 and 支出 when these are all that is said: 住院收入 is of something else
_OF_ALL = re.compile(r"(?:^|[^一-龥]|[年度总门位中计为的])(?:收入|支出)")

#: prose that leaves zeros out prints hundreds of yuan (0.01万元); finer figures beside tell nothing of it
_FINEST = 100.0
#: how far before its change an amount may stand, in figures
_BACK = 8

#: the rule by which an amount cannot have grown by more than it is
INCREASE = "prose.increase"
#: measures in yuan, and what those are called that are no amounts
_MONEY = ("amount", "change", "difference")
_ASPECTS = {"change": "增减额", "difference": "与预算的差额"}


@dataclass(frozen=True, slots=True)
class Stated:
    """One figure stated in prose."""

    index: int
    section: str
    subject: str
    code: str
    measure: str
    #: of the amount; 0 where the print does not say
    year: int
    #: whether it is of a year before the document's
    prior: bool
    phase: str
    sentence: str
    page: int
    figure: Figure
    #: whether its sentence may speak of another publisher (所属单位) or of another extent
    foreign: bool = False


def read_stated(
    statements: Sequence[Mapping[str, Any]], causes: Mapping[int, tuple[object, ...]], first: int, entity: str = ""
) -> list[Stated]:
    """The statements of a document as figures; those without a number are left out.

    `causes` says by index from `first` on what makes a figure wrong together with others; `entity` is the publisher.
    """
    found: list[Stated] = []
    foreign = False
    steps: dict[str, float] = {}
    for row in statements:
        if row["measure"] in _MONEY and row["quantum"] and row["value"]:
            steps[row["sentence"]] = min(row["quantum"], steps.get(row["sentence"], row["quantum"]))
    for index, row in enumerate(statements):
        if row["value"] is None or not abs(row["value"]) < HUGE:
            continue
        measure = row["measure"] or ""
        money = measure in _MONEY
        scale = MONEY if money else POINTS if measure == "count" else RATE
        year = int(row["year"] or row["fiscal_year"] or 0)
        prior = bool(row["fiscal_year"]) and year < int(row["fiscal_year"] or 0)
        if not found or row["sentence"] != found[-1].sentence:
            same = bool(found) and (row["section"] or "") == found[-1].section
            foreign = _foreign(row["sentence"] or "", entity, foreign and same)
        figure = Figure(
            ("statements", index),
            round(row["value"] * scale),
            round(_step(row, steps) * scale),
            row["printed"] or "",
            Place(row["page"] or 0),
            f"文字说明“{row['subject'] or ''}”{_ASPECTS.get(measure, '')}",
            scale,
            sentence=row["sentence"] or "",
            cause=causes.get(first + index, ()),
        )
        found.append(
            Stated(
                index, row["section"] or "", row["subject"] or "", row["code"] or "", measure, year, prior,
                row["phase"] or "", row["sentence"] or "", row["page"] or 0, figure, foreign or _elsewhere(row),
            )
        )  # fmt: skip
    return found


def as_exact(stated: Sequence[Stated], cells: Sequence[Figure]) -> list[Stated]:
    """Figures as exact as a table prints an amount of their sentence: 18万元 beside a cell 18.00 leaves zeros out."""
    steps: dict[tuple[object, ...], int] = {}
    for figure in cells:
        steps[figure.cause] = min(figure.quantum, steps.get(figure.cause, figure.quantum)) if figure.cause else 0
    finest: dict[str, int] = {}
    for one in stated:
        known = steps.get(one.figure.cause, 0) if one.figure.cause and one.measure in _MONEY else 0
        if known and not _ABOUT.search(one.sentence):
            finest[one.sentence] = max(min(known, finest.get(one.sentence, known)), round(_FINEST * MONEY))
    return [
        replace(one, figure=replace(one.figure, quantum=min(one.figure.quantum, finest[one.sentence])))
        if one.sentence in finest and one.measure in _MONEY
        else one
        for one in stated
    ]


@cache
def _named() -> re.Pattern[str]:
    """A publisher at the beginning of a sentence."""
    return re.compile(
        rf"[（(]?[一二三四五六七八九十\d]*[)）、.．]*(?P<name>[一-龥]{{2,28}}{ending('sentences')})"
        r"(?:[(（][^)）]{1,12}[)）])?(?=[:,]|20\d\d|本年|全年|收入|支出|[“\"]?三公|基本|项目|预算|决算)"
    )


def _foreign(sentence: str, entity: str, before: bool) -> bool:
    """Whether a sentence names another publisher at its beginning, or goes on with one that did."""
    named = _named().match(fold(sentence))
    if named and entity:
        name = named["name"]
        return not _OWN.match(name) and name not in entity and not name.endswith(entity)
    return before and not _ANEW.match(sentence)


def _elsewhere(row: Mapping[str, Any]) -> bool:
    """Whether a sentence speaks of a place's economy, of a part that the subject does not name, or corrects itself."""
    said, subject = fold(row["sentence"] or ""), row["subject"] or ""
    bare = subject in ("收入", "支出") and not _OF_ALL.search(said)
    return bare or bool(_OF_PLACE.search(said)) or ("结转" in subject and bool(_CORRECTED.search(said)))


def _step(row: Mapping[str, Any], steps: Mapping[str, float]) -> float:
    """The worth of a last digit: heads and things are counted; money is as exact as the figures beside it.

    A sentence that prints 8万元 beside 4.35万元 leaves zeros out, it does not round.
    """
    step: float = row["quantum"] or 0.0
    if row["measure"] == "count":
        return 0.0 if step == 1 and not re.search("平方米|公里|万", row["unit"] or "") else step
    if row["measure"] in _MONEY and not _ABOUT.search(row["sentence"] or ""):
        return min(step, max(steps.get(row["sentence"], step), _FINEST))
    return step


def derived_sums(stated: Sequence[Stated]) -> Iterator[Equation]:
    """Differences that prose states of its own figures."""
    for group in _groups(stated):
        base = _base(group)
        main, prior = base.get("main"), base.get("prior")
        for one in group:
            if one.measure == "change" and main and prior:
                what = "prose.direction" if _opposite(one, main, prior) else "prose.change"
                terms = (Term(1, main.figure), Term(-1, prior.figure))
                yield Equation(what, one.figure, terms, None, one.code or None, one.subject)
            elif one.measure == "change" and main and _exceeds(one, main):
                yield Equation(INCREASE, one.figure, (Term(1, main.figure),), None, one.code or None, one.subject)
            elif one.measure == "difference" and main and base.get("budget"):
                terms = (Term(1, main.figure), Term(-1, base["budget"].figure))
                yield Equation("prose.difference", one.figure, terms, None, one.code or None, one.subject)


def _exceeds(one: Stated, main: Stated) -> bool:
    """Whether an amount has grown by more than it is, as the words right behind it say."""
    near = one.index - main.index == 1 and one.sentence == main.sentence and main.figure.value >= 0
    return near and 2 * (one.figure.value - main.figure.value) > one.figure.quantum + main.figure.quantum


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
        near = near and not _of_later(one, group[-1])
        restart = (
            group
            and one.measure == "amount"
            and any((other.measure, _when(other)) == (one.measure, _when(one)) for other in group)
        )
        if group and (not same or not near or restart):
            yield group
            # 604.34万元。上年执行数676.66万元，本年安排604.34万元，减少…: the sentence keeps its own prior amount
            kept = [other for other in group if other.sentence == one.sentence and _when(other) != _when(one)]
            group = kept if same and near else []
        if not group and one.measure == "change":
            group = _announced(stated, k)
        group.append(one)
    if group:
        yield group


def _of_later(one: Stated, other: Stated) -> bool:
    """Whether a sentence speaks of a year after that of a figure of another sentence."""
    years = re.findall(r"20\d\d(?=年)", one.sentence) if one.sentence != other.sentence and other.year else ()
    return any(int(year) > other.year for year in years) and not other.prior


def _topic(one: Stated) -> tuple[str, str, str]:
    """What a figure is of; 收入、支出总计 and 收支总计 are one."""
    return one.subject.replace("收入支出", "收支"), one.code, one.section


def _when(one: Stated) -> tuple[bool, str]:
    """Which of several amounts of one subject a figure is."""
    return one.prior, "" if one.prior else one.phase


def _announced(stated: Sequence[Stated], k: int) -> list[Stated]:
    """The amount that a sentence of its own gives the change of: 收入总计…，其中：…。收入总计与上年相比，增加…"""
    one = stated[k]
    for other in reversed(stated[max(k - _BACK, 0) : k]):
        if other.section != one.section or one.page - other.page > 1 or _of_later(one, other):
            break
        if other.subject in _sides(one.subject) and other.code == one.code:
            announced = re.match(
                rf"(?:[与比较同](?:\d{{4}}年度?|上年度?)(?:相比)?，|\d{{4}}年度?)?{re.escape(one.subject)}",
                _folded(one.sentence),
            )
            opens = announced and other.measure == "amount" and _when(other) == _when(one)
            return [other] if opens else []
    return []


def _sides(subject: str) -> tuple[str, ...]:
    """A subject; 收支总计 of both sides is also that of either."""
    return (
        (subject, subject.replace("收支", "支出"), subject.replace("收支", "收入")) if "收支" in subject else (subject,)
    )


def _folded(sentence: str) -> str:
    """A sentence in which 收、支总计 is 收支总计, as its subject is."""
    return re.sub("(?<=收)、(?=支)", "", sentence)


def _base(group: Sequence[Stated]) -> dict[str, Stated]:
    """The amounts of a group by what they are: main, prior, budget."""
    amounts = {one.phase: one for one in group if one.measure == "amount" and not one.prior}
    priors = [one for one in group if one.measure == "amount" and one.prior]
    found: dict[str, Stated] = {}
    main = amounts.get("executed") or amounts.get("approved")
    budget = amounts.get("revised") or amounts.get("approved")
    if main:
        found["main"] = main
    if priors:
        found["prior"] = priors[-1]
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
            elif one.measure == "change_rate" and main and prior and not one.prior:
                top = (Term(1, main.figure), Term(-1, prior.figure))
                yield Ratio("prose.change_rate", one, top, (Term(1, prior.figure),))
            elif one.measure == "change_rate" and main and change and change.figure.quantum:
                bottom = (Term(1, main.figure), Term(-1, change.figure))
                yield Ratio("prose.change_rate", one, (Term(1, change.figure),), bottom)
