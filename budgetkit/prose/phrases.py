"""One phrase: the text before a figure taken apart into what stands before an item, the item, and words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from budgetkit.prose.grammar import Grammar
from budgetkit.prose.items import Names, Subject, find_item, find_name

#: no part of an organisation's name; hotlines and the like have five digits (12345)
_NO_NAME = re.compile(r"、|(?<!\d)(?:\d{1,4}|\d{6,})(?!\d)")
#: longest run of words such as 支出年初预算数为 behind the name of an item
_TAIL = 18


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for a whole document."""

    grammar: Grammar
    names: Names
    fiscal_year: int | None
    #: phase of an amount that says none: approved in a budget, executed in a final account
    default: str | None
    entity: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """An item with the words around it; the item is None when the words stand alone (年初预算为)."""

    subject: Subject | None
    #: words behind the name
    tail: str
    #: printed years
    years: tuple[int, ...]
    #: the name as printed
    printed: str = ""


def parse(
    text: str, context: Context, *, unit: str | None, strict: bool, economic: bool = False, changes: bool = False
) -> Named | None:
    """Take a phrase apart; None when a part of it is not explained.

    Parameters
    ----------
    text : str
        One clause without its figure: "某局2031年度财政拨款支出年初预算数为".
    unit : str, optional
        Unit of a count, None for money.
    strict : bool
        Whether another item goes on, so that weak items (支出预算) need something before them.
    economic : bool
        Whether names of classifications go before items of the vocabulary.
    changes : bool
        Whether a change is stated: 收入 alone is an item only there.
    """
    splits = list(_splits(text, context))
    passes = [False] if unit is not None else [economic, not economic]
    for classified in passes:
        for split in splits:
            if classified:
                subject = find_name(split.name, context.names, listed=split.before != "organisation")
            else:
                subject = find_item(
                    split.name, context.grammar, unit=unit, strict=strict, before=split.before, changes=changes
                )
            if subject is not None:
                return Named(subject, split.tail, split.years, split.name)
    alone = context.grammar.phase_only.fullmatch(text) if unit is None else None
    return Named(None, text, _year(alone, "tail_year")) if alone is not None else None


class _Split(NamedTuple):
    name: str
    tail: str
    years: tuple[int, ...]
    #: what stands before the name: "", "words" or "organisation"
    before: str


def _splits(text: str, context: Context) -> Iterator[_Split]:
    """All ways to part a phrase into words before, a name, and words behind; the longest names first."""
    for start, years, organisation in _starts(text, context):
        rest = text[start:]
        before = "organisation" if organisation else ("words" if start else "")
        for end in range(len(rest), max(len(rest) - _TAIL, 1), -1):
            tail = context.grammar.tail.fullmatch(rest, end)
            if tail is not None:
                yield _Split(rest[:end], rest[end:], (*years, *_year(tail, "tail_year")), before)


def phase_of(named: Named, context: Context, current: str | None) -> str | bool | None:
    """The phase of an amount; False when the year is none of the document's, None when that is not known.

    Parameters
    ----------
    current : str, optional
        Phase where the words tell none.
    """
    year = context.fiscal_year
    if named.years and year is None:
        return None if len(set(named.years)) == 1 else False
    prior = any(printed == (year or 0) - 1 for printed in named.years)
    if any(printed not in (year, (year or 0) - 1) for printed in named.years):
        return False
    if prior:
        return "prior_year" if len(set(named.years)) == 1 else False
    item = named.subject.item if named.subject else None
    words = named.tail
    if item is not None and item.phase_in_name:
        words = named.printed + words
    return next((phase.phase for phase in context.grammar.phases if re.search(phase.contains, words)), current)


def _year(match: re.Match[str] | None, group: str) -> tuple[int, ...]:
    return (int(match[group]),) if match is not None and match[group] else ()


def _starts(text: str, context: Context) -> Iterator[tuple[int, tuple[int, ...], bool]]:
    """Offsets at which an item may begin, with the years and whether an organisation is printed before it."""
    seen: set[int] = set()
    pending: list[tuple[int, tuple[int, ...], bool]] = [(0, (), False)]
    while pending:
        start, years, named = pending.pop(0)
        if start in seen or start >= len(text):
            continue
        seen.add(start)
        yield start, years, named
        match = context.grammar.prefix.match(text, start)
        if match is not None and match.end() > start:
            pending.append((match.end(), (*years, *_year(match, "year")), named))
        if not named:
            pending += [(end, years, True) for end in _organisations(text, start, context)]


def _organisations(text: str, start: int, context: Context) -> Iterator[int]:
    """Ends of what may be the name of an organisation that begins at an offset."""
    if context.entity and text.startswith(context.entity, start):
        yield start + len(context.entity)
    for match in context.grammar.organisation.finditer(text, start + 1):
        head = text[start : match.start()]
        if _NO_NAME.search(head) or re.search(context.grammar.words.not_organisation, head):
            return
        yield match.end()
