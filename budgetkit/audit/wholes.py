"""Wholes and their parts as prose states them: in one sentence, in the sentences after it, or as a list of codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from budgetkit import specs
from budgetkit.audit.model import Equation, Term
from budgetkit.audit.stated import Stated

_FIGURE = r"\d[\d,.]*"
#: a figure that a change is stated by is no part
_CHANGE = re.compile(rf"(?:增加|减少|增长|下降|降低|上升|调增|调减)了?{_FIGURE}")
#: a line of a list of codes: 2010301行政运行318.19万元；
_LINE = re.compile(rf"\d{{7}}[^\d；。]+{_FIGURE}(?:万元|元)([；。])")


def whole_sums(stated: Sequence[Stated]) -> Iterator[Equation]:
    """All wholes that prose gives the parts of."""
    words = specs.read_toml("audit/prose.toml")
    for k, whole in enumerate(stated):
        if whole.measure in ("amount", "count"):
            for word in words["parts"]:
                if re.fullmatch(word["whole"], whole.subject):
                    yield from _parts(stated, k, word)
    for k, whole in enumerate(stated):
        if whole.measure == "amount":
            yield from _code_list(stated, k)
            for word in words["allotted"]:
                yield from _allotted(stated, k, word)


def _parts(stated: Sequence[Stated], k: int, word: Mapping[str, Any]) -> Iterator[Equation]:
    """Parts stated after their whole in the same sentence: 采购 = 货物 + 工程 + 服务; or each in one of its own."""
    whole = stated[k]
    found = _following(stated, k, word["parts"])
    doubt = "" if _complete(whole, found) else "文字中尚有未识别的组成项"
    if not found and word.get("spread") and re.search(r"(其中|包括)?[:：]$", whole.sentence):
        found = _apart(stated, k, word["parts"])
        doubt = ""
    if len(found) > 1:
        yield _equation(whole, found, doubt)


def _equation(whole: Stated, parts: Sequence[Stated], doubt: str = "") -> Equation:
    terms = tuple(Term(1, one.figure) for one in parts)
    return Equation("prose.parts", whole.figure, terms, None, None, whole.subject, whole.measure, doubt)


def _following(stated: Sequence[Stated], k: int, parts: Sequence[str]) -> list[Stated]:
    whole = stated[k]
    found: list[Stated] = []
    for one in stated[k + 1 :]:
        if one.sentence != whole.sentence or (one.subject == whole.subject and one.measure == whole.measure):
            break
        alike = (one.measure, one.phase) == (whole.measure, whole.phase)
        listed = alike and any(re.fullmatch(part, one.subject) for part in parts)
        if listed and one.subject not in {other.subject for other in found}:
            found.append(one)
    return found


def _apart(stated: Sequence[Stated], k: int, parts: Sequence[str]) -> list[Stated]:
    """The parts in the sentences right after a whole that announces them, each once; none when one is missing."""
    found = list(stated[k + 1 : k + 1 + len(parts)])
    fits = len(found) == len(parts) and all(
        re.fullmatch(part, one.subject) and one.measure == "amount" and one.section == stated[k].section
        for part, one in zip(parts, found, strict=True)
    )
    return found if fits else []


def _complete(whole: Stated, parts: Sequence[Stated]) -> bool:
    """Whether every figure of that unit between the whole and the last part is one of the parts."""
    if not parts:
        return False
    unit = re.sub(r"[-\d.,，]", "", whole.figure.printed)
    start = end = whole.sentence.find(whole.figure.printed)
    for one in parts:
        end = whole.sentence.find(one.figure.printed, end + 1)
    end += len(parts[-1].figure.printed)
    said = whole.sentence[max(start, 0) : end]
    figures = re.findall(rf"{_FIGURE}{re.escape(unit)}", _CHANGE.sub("", said))
    return start >= 0 and bool(unit) and len(figures) == len(parts) + 1


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


def _allotted(stated: Sequence[Stated], k: int, word: Mapping[str, Any]) -> Iterator[Equation]:
    """An amount and the sentence that says how it is shared out."""
    whole = stated[k]
    if not re.match(word["whole"], whole.sentence) or k + 1 == len(stated):
        return
    sentence = stated[k + 1].sentence
    listed = list(takewhile(lambda one: one.sentence == sentence, stated[k + 1 :]))
    figures = re.findall(_FIGURE, sentence)
    if re.match(word["parts"], sentence) and len(listed) > 1 and len(figures) == len(listed):
        yield _equation(whole, listed)
