"""Figures of several items at once: 收入、支出总计分别为80.00万元、70.00万元."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from budgetkit.prose.clauses import SEGMENTS, bare, note
from budgetkit.prose.explaining import explain
from budgetkit.prose.figures import Figure
from budgetkit.prose.phrases import Context
from budgetkit.prose.scopes import Found, State

_NAMED = re.compile(r"(?:.*[，。；：])?([^，。；：]{2,60}?)分别(?:为|是|达)?")
_EACH = re.compile("分别|各(?=[^项])")
_BETWEEN = ("、", "和", "，", "及", "与")
#: signs between names, of which a name may hold the last ones: 购置及运行费
_AND = tuple(re.compile(f"[{signs}]") for signs in ("、和及与", "、和与", "、和", "、与", "、"))


def respective(
    lead: str, text: str, figures: Sequence[Figure], state: State, context: Context
) -> tuple[list[Found], State] | None:
    """The rows of figures that stand in the order of names, and the state after them; None where they do not.

    The names stand before 分别, or are those of the amounts before: 分别比上年增加5.00万元、3.00万元.

    `lead`: the text before the first of the figures; `figures`: that one and all behind it.
    """
    run = _run(text, figures)
    if len(run) < 2:
        return None
    return _again(lead, run, state, context) or _named(lead, run, state, context)


def _named(lead: str, run: Sequence[Figure], state: State, context: Context) -> tuple[list[Found], State] | None:
    match = _NAMED.fullmatch(lead)
    if match is None:
        return None
    for segment in SEGMENTS.findall(lead[: match.start(1)]):
        state = note(segment, "", state, context)
    for names in _names(match[1], len(run)):
        hits: list[Found] = []
        after = state
        for name, figure in zip(names, run, strict=True):
            hit = explain(name, figure, after, context)
            if hit is None or (hits and hit[1].subject.name == hits[-1].subject.name):
                break
            after, one = hit
            hits.append(one)
        if len(hits) == len(run) and all(one.measure == "amount" for one in hits):
            # shares and changes behind them speak of all, in the same order
            return hits, after.put(subject=None, stale=True, last=None, row=tuple(hits))
    return None


def _again(lead: str, run: Sequence[Figure], state: State, context: Context) -> tuple[list[Found], State] | None:
    """Shares or changes of the amounts before, one each."""
    row = state.sentence.listed if len(state.sentence.listed) == len(run) else state.passage.row
    segments = SEGMENTS.findall(lead)
    if len(row) != len(run) or not segments or segments[-1] in "，。；：":
        return None
    for segment in segments[:-1]:
        state = note(segment, "", state, context)
    words = _EACH.sub("", bare(segments[-1]))
    hits: list[Found] = []
    after = state
    for before, figure in zip(row, run, strict=True):
        of_it = state.put(subject=before.subject, when=before.when, stale=False, last=before, mode="open")
        hit = explain(words, figure, of_it.put(enumerated=False), context)
        if hit is None or hit[1].measure == "amount" or hit[1].subject != before.subject:
            return None
        after, one = hit
        hits.append(one)
    return hits, after.put(subject=None, stale=True, last=None, row=row, listed=row)


def _run(text: str, figures: Sequence[Figure]) -> list[Figure]:
    """The figures of one kind that follow each other with no words between."""
    run = list(figures[:1])
    for figure in figures[1:]:
        if figure.kind != run[0].kind or text[run[-1].end : figure.start] not in _BETWEEN:
            break
        run.append(figure)
    return run


def _names(words: str, count: int) -> Iterator[list[str]]:
    """The names, with the words at the end of the last one that may belong to all."""
    names = next((names for sign in _AND if len(names := sign.split(words)) == count), [""])
    last = names[-1]
    for cut in range(1, len(last) + 1):
        yield [*(name + last[cut:] for name in names[:-1]), last]
