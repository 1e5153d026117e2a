"""Wholes and their parts as prose states them: in one sentence, in the sentences after it, or as a list of codes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from budgetkit.audit import vocabulary
from budgetkit.audit.cells import Cell
from budgetkit.audit.model import Equation, Term
from budgetkit.audit.stated import Stated

_FIGURE = r"\d[\d,.]*"
#: a figure that a change is stated by is no part
_CHANGE = re.compile(rf"(?:增加|减少|增长|下降|降低|上升|调增|调减)了?{_FIGURE}")
#: what is said of an amount behind it
_DERIVED = re.compile("^(?:，(?:占|比|较|与|同比|增加|减少|增长|下降|完成)[^，；。、]*)+")
#: what stands between a whole and its parts
_LISTED = re.compile("包括|其中|组成|构成|分别|分为")
#: what 年初预算 and 决算 are told of, 项 by 项
_WHOLE = ("一般公共预算财政拨款支出", "财政拨款支出")
#: a line of a list of codes: 2010301行政运行318.19万元；
_LINE = re.compile(rf"\d{{7}}[^\d；。]+{_FIGURE}(?:万元|元)([；。])")


def whole_sums(stated: Sequence[Stated], cells: Sequence[Cell] = ()) -> Iterator[Equation]:
    """All wholes that prose gives the parts of."""
    known = list(_known_sums(stated))
    yield from known
    told = {one.actual.source for one in known if not one.doubt}
    yield from (one for one in _enumerations(stated, cells) if one.actual.source not in told)


def _known_sums(stated: Sequence[Stated]) -> Iterator[Equation]:
    """Wholes whose parts are known by name, or told in a form of their own."""
    words = vocabulary.stated()
    for k, whole in enumerate(stated):
        for word in words.parts:
            measures = ("amount", "change") if word.all else ("amount", "count")
            if whole.measure in measures and word.whole.fullmatch(whole.subject):
                yield from _parts(stated, k, word)
    yield from _budgets(stated)
    for k, whole in enumerate(stated):
        if whole.measure == "amount":
            yield from _code_list(stated, k)
            for shared in words.allotted:
                yield from _allotted(stated, k, shared)


def _parts(stated: Sequence[Stated], k: int, word: vocabulary.Parts) -> Iterator[Equation]:
    """Parts stated after their whole in the same sentence: 采购 = 货物 + 工程 + 服务; or each in one of its own."""
    whole = stated[k]
    found = _following(stated, k, word.parts)
    if word.all and len(found) < len(word.parts):
        found = []
    doubt = "" if _complete(whole, found) else "文字中尚有未识别的组成项"
    if not found and word.spread and re.search(r"(其中|包括)?[:：]$", whole.sentence):
        found = _apart(stated, k, word.parts)
        doubt = ""
    if len(found) > 1:
        yield _equation(whole, found, doubt)


def _equation(whole: Stated, parts: Sequence[Stated], doubt: str = "") -> Equation:
    terms = tuple(Term(1, one.figure) for one in parts)
    return Equation("prose.parts", whole.figure, terms, None, None, whole.subject, doubt)


def _following(stated: Sequence[Stated], k: int, parts: Sequence[re.Pattern[str]]) -> list[Stated]:
    whole = stated[k]
    found: list[Stated] = []
    for one in stated[k + 1 :]:
        if one.sentence != whole.sentence or (one.subject == whole.subject and one.measure == whole.measure):
            break
        alike = (one.measure, one.prior, one.phase) == (whole.measure, whole.prior, whole.phase)
        listed = alike and any(part.fullmatch(one.subject) for part in parts)
        if listed and one.subject not in {other.subject for other in found}:
            found.append(one)
    return found


def _apart(stated: Sequence[Stated], k: int, parts: Sequence[re.Pattern[str]]) -> list[Stated]:
    """The parts in the sentences right after a whole that announces them, each once; none when one is missing."""
    found = list(stated[k + 1 : k + 1 + len(parts)])
    fits = len(found) == len(parts) and all(
        part.fullmatch(one.subject) and one.measure == "amount" and one.section == stated[k].section
        for part, one in zip(parts, found, strict=True)
    )
    return found if fits else []


def _complete(whole: Stated, parts: Sequence[Stated]) -> bool:
    """Whether every figure of that unit between the whole and the last part is one of the parts."""
    if not parts:
        return False
    unit = re.sub(r"[-\d.,，]", "", whole.figure.printed)
    start, end = _span(whole, whole.figure.printed, 0)
    for one in parts:
        end = _span(whole, one.figure.printed, end)[1]
    figure = rf"{_FIGURE}{re.escape(unit)}"
    said = whole.sentence[max(start, 0) : end]
    said = said if whole.measure == "change" else _CHANGE.sub("", said)
    # a part that was not recognised may be the last of the list
    signs = "、，和及；" if "；" in said else "、，和及"
    more = re.match(rf"[{signs}][^。；，、\d]{{2,16}}(?:{figure}|$)", _DERIVED.sub("", whole.sentence[end:]))
    return start >= 0 and bool(unit) and len(re.findall(figure, said)) == len(parts) + 1 and not more


def _span(whole: Stated, printed: str, after: int) -> tuple[int, int]:
    """Where a figure stands in a sentence, not cut out of another; where the search began when it does not."""
    match = re.compile(rf"(?<![\d.,]){re.escape(printed)}").search(whole.sentence, after)
    return match.span() if match else (-1, after)


def _code_list(stated: Sequence[Stated], k: int) -> Iterator[Equation]:
    """A whole and the 项 that follow it, a line each, up to the line that ends with a full stop."""
    whole = stated[k]
    if whole.code:
        return
    lines = list(takewhile(lambda one: one.measure == "amount" and _LINE.fullmatch(one.sentence), stated[k + 1 :]))
    ends = [n for n, one in enumerate(lines) if one.sentence.endswith("。")]
    listed = lines[: ends[0] + 1] if ends else []
    steps = {one.index - whole.index - n for n, one in enumerate(listed, 1)}
    if len(listed) > 1 and steps == {0}:
        yield _equation(whole, listed)


def _budgets(stated: Sequence[Stated]) -> Iterator[Equation]:
    """年初预算 of every 项 against that of the whole, where their 决算 add up and so prove that all are told."""
    wholes = [one for one in stated if one.subject in _WHOLE and not one.code and one.measure == "amount"]
    items = [
        one
        for one in stated
        if len(one.code) == 7 and one.measure == "amount" and not one.prior and "年初预算" in one.sentence
    ]
    by_phase = {phase: [one for one in items if one.phase == phase] for phase in ("approved", "executed")}
    told = {phase: [one.code for one in listed] for phase, listed in by_phase.items()}
    codes = told["approved"]
    if len(codes) < 2 or len(set(codes)) < len(codes) or set(codes) != set(told["executed"]):
        return
    budgets = [one for one in wholes if one.phase == "approved"]
    executed = [one for one in wholes if one.phase == "executed"]
    if len(told["executed"]) == len(codes) and budgets and executed:
        made = [_equation(one, by_phase["executed"]) for one in executed]
        if any(one.status != "fail" for one in made):
            yield _equation(budgets[0], by_phase["approved"])


def _allotted(stated: Sequence[Stated], k: int, word: vocabulary.Allotted) -> Iterator[Equation]:
    """An amount and the sentence that says how it is shared out."""
    whole = stated[k]
    if not word.whole.match(whole.sentence) or k + 1 == len(stated):
        return
    sentence = stated[k + 1].sentence
    listed = list(takewhile(lambda one: one.sentence == sentence, stated[k + 1 :]))
    figures = re.findall(_FIGURE, sentence)
    if word.parts.match(sentence) and len(listed) > 1 and len(figures) == len(listed):
        # 4万元 beside 5.57万元 is no rounded figure
        step = min(one.figure.quantum for one in (whole, *listed))
        yield _equation(whole, [replace(one, figure=replace(one.figure, quantum=step)) for one in listed])


def _enumerations(stated: Sequence[Stated], cells: Sequence[Cell]) -> Iterator[Equation]:
    """A sentence that names a whole and then its parts, and headings that repeat these.

    A list may be left open: a difference proves something only where one figure, as it is printed elsewhere under the
    same name, would make it up.
    """
    elsewhere: dict[str, set[int]] = defaultdict(set)
    for name, figure in [
        *((one.subject, one.figure) for one in stated if one.measure == "amount" and not one.prior),
        *((cell.name, cell.figure) for cell in cells if cell.aspect == "amount"),
    ]:
        elsewhere[name].add(figure.value)
    amounts = [(k, one) for k, one in enumerate(stated) if one.measure == "amount"]
    for sentence, group in groupby(amounts, key=lambda pair: (pair[1].sentence, pair[1].page)):
        (k, whole), *rest = group
        parts = [one for _, one in rest]
        alike = {(one.prior, one.phase) for one in parts} == {(whole.prior, whole.phase)}
        between = sentence[0].partition(whole.figure.printed)[2].partition(parts[0].figure.printed)[0] if parts else ""
        if len(parts) > 1 and alike and _LISTED.search(between) and _complete(whole, parts):
            sum_ = _equation(whole, parts)
            mended = any(
                2 * abs(part.figure.value - (1 if part is whole else -1) * sum_.difference - value) <= sum_.tolerance2
                for part in (whole, *parts)
                for value in elsewhere[part.subject]
            )
            yield sum_ if mended or sum_.status != "fail" else replace(sum_, doubt="所列组成项可能不全")
            yield from _headings(stated[k:], parts) if sum_.status != "fail" else ()


def _headings(stated: Sequence[Stated], parts: Sequence[Stated]) -> Iterator[Equation]:
    """The parts of a list that adds up, each told again at the head of a paragraph: （一）人员经费87.02万元，…"""
    for part in parts:
        head = re.compile(rf"[（(]?[\d一二三四五六七八九十]+[)）、.．]+{re.escape(part.subject)}{_FIGURE}万?元")
        told = [
            one
            for one in stated
            if (one.subject, one.section, one.measure) == (part.subject, part.section, "amount")
            and one.sentence != part.sentence
            and head.match(one.sentence)
        ]
        if len(told) == 1 and [one.subject for one in parts].count(part.subject) == 1:
            yield Equation("prose.twice", told[0].figure, (Term(1, part.figure),), None, None, part.subject)
