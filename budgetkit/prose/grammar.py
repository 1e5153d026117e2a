"""The grammar of standard phrases (specs/prose.toml), compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from budgetkit import specs
from budgetkit.errors import SpecError
from budgetkit.printed.names import ending

_PLACE = "prose.toml"
_QUOTES = re.compile("[“”\"'‘’「」]")


@dataclass(frozen=True, slots=True)
class Units:
    """Units of figures, and what is no figure of ours."""

    #: unit to its worth in yuan
    money: Mapping[str, int]
    rate: tuple[str, ...]
    count: tuple[str, ...]
    #: units only at the end of a clause
    final: tuple[str, ...]
    #: units only in sentences about indicators
    indicator: tuple[str, ...]
    #: what may follow a unit of money: per what it is, "/年"
    per: str
    #: regular expression that must not follow a unit
    not_before: str
    #: words for a change of nothing
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Word lists as regular expressions; see the file."""

    up: str
    down: str
    tail: str
    phase_only: re.Pattern[str]
    planned: re.Pattern[str]
    prefix: str
    part: re.Pattern[str]
    purchase: re.Pattern[str]
    economic_parents: tuple[str, ...]
    functional: re.Pattern[str]
    organisation_tail: str
    own: re.Pattern[str]
    #: a fund of which a sentence or section speaks alone
    fund: re.Pattern[str]
    fund_groups: tuple[str, ...]
    appropriation: re.Pattern[str]
    not_organisation: re.Pattern[str]
    not_item: re.Pattern[str]
    #: words in names of items that are printed in several ways, each with the one that stands for them
    folds: Mapping[str, str]
    distinct: tuple[str, ...]
    #: what does not stand before an item of a distinct group
    barred: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Phase:
    """The phase of an amount whose surrounding words contain an expression."""

    contains: re.Pattern[str]
    phase: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause before the last one of a lead, and what it does."""

    role: str
    text: str
    example: str
    #: the item that a clause of role "item" names
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Opener:
    """A clause that names the item of the figures after it."""

    text: str
    example: str
    subject: str
    #: whether it is an indicator, of which only `named` patterns speak
    indicator: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """A count whose item stands behind the figure; see the file."""

    id: str
    before: str
    units: tuple[str, ...]
    behind: str
    stem: str = ""
    stock: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the vocabulary; in the file, items by group."""

    group: str
    name: str = ""
    names: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict, compare=False)
    patterns: tuple[str, ...] = ()
    form: str = "{}"
    #: units of its counts; none: the item is money
    units: tuple[str, ...] = ()
    #: a state, which has no phase
    stock: bool = False
    #: only where no other item goes on
    weak: bool = False
    #: whether its own name tells the phase
    phase_in_name: bool = False
    #: only as a part of an item that is listed
    part: bool = False
    #: only behind an organisation
    prefixed: bool = False
    #: only where a change is stated
    changes: bool = False
    #: only as a part of an item of this group
    within: str = ""
    #: a part for which no tree has a place
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines that are no prose, and how paragraphs begin and headings end."""

    dropped: tuple[str, ...]
    labels: tuple[str, ...]
    heading_ends: tuple[str, ...]
    titles: tuple[str, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _File:
    """All of specs/prose.toml."""

    units: Units
    words: Words
    phases: tuple[Phase, ...]
    clauses: tuple[Clause, ...]
    openers: tuple[Opener, ...]
    behind: tuple[Behind, ...]
    subjects: tuple[Item, ...]
    layout: Layout


@dataclass(frozen=True)
class Grammar:
    """All of it, compiled."""

    units: Units
    words: Words
    phases: tuple[Phase, ...]
    clauses: tuple[tuple[Clause, re.Pattern[str]], ...]
    openers: tuple[tuple[Opener, re.Pattern[str]], ...]
    behind: tuple[Behind, ...]
    layout: Layout
    #: folded name to item, for amounts of money
    money_items: Mapping[str, Item]
    #: the same for counts
    count_items: Mapping[str, Item]
    #: expressions whose group `name` is the item, and the item with the form of its name
    item_patterns: tuple[tuple[re.Pattern[str], Item], ...]
    figure: re.Pattern[str]
    #: figures of sentences about indicators
    indicator: re.Pattern[str]
    tail: re.Pattern[str]
    #: where the name of an item of a distinct group may begin
    distinct: re.Pattern[str]
    prefix: re.Pattern[str]
    organisation: re.Pattern[str]


def unquoted(text: str) -> str:
    """Text without quotation marks, for comparing.

    >>> unquoted("“三公”经费")
    '三公经费'
    """
    return _QUOTES.sub("", text)


def folded(text: str, words: Words) -> str:
    """A name of an item in one form, however its words are printed."""
    text = unquoted(text)
    for printed, same in words.folds.items():
        text = text.replace(printed, same)
    return text.removesuffix("费")


@cache
def load() -> Grammar:
    """The grammar of specs/prose.toml.

    Raises
    ------
    SpecError
        When the file has unknown or missing keys or an expression that does not compile.
    """
    file = specs.load(_File, _PLACE)
    units, words, groups = file.units, file.words, file.subjects
    return Grammar(
        units=units,
        words=words,
        phases=file.phases,
        clauses=tuple((clause, _compile(clause.text, words)) for clause in file.clauses),
        openers=tuple((opener, _compile(opener.text, words)) for opener in file.openers),
        behind=file.behind,
        layout=file.layout,
        money_items=_vocabulary(groups, words, counts=False),
        count_items=_vocabulary(groups, words, counts=True),
        item_patterns=tuple(
            (_compile(text, words), replace(group, name=group.form)) for group in groups for text in group.patterns
        ),
        figure=_figure(units, units.count),
        indicator=_figure(units, (*units.count, *units.indicator)),
        tail=_compile(f"(?:{words.tail})*", words),
        distinct=_distinct(groups, words),
        prefix=_compile(f"(?:{words.prefix}|{words.fund.pattern}|(?P<year>\\d{{4}})年(?:度|初|末|底)?)", words),
        organisation=_compile(ending("prose") + words.organisation_tail, words),
    )


def _compile(text: str, words: Words) -> re.Pattern[str]:
    for name in ("up", "down"):
        text = text.replace("{" + name + "}", getattr(words, name))
    try:
        return re.compile(text)
    except re.error as error:
        raise SpecError(f"{_PLACE}: {text!r} is no regular expression: {error}") from error


def _vocabulary(groups: tuple[Item, ...], words: Words, *, counts: bool) -> dict[str, Item]:
    listed: dict[str, Item] = {}
    for group in groups:
        if bool(group.units) != counts:
            continue
        names = {**{name: name for name in group.names}, **group.aliases}
        for printed, name in names.items():
            key = folded(printed, words)
            if key in listed and listed[key].name != name:
                raise SpecError(f"{_PLACE} [[subjects]]: {printed} stands for {listed[key].name} and {name}")
            listed[key] = replace(group, name=name)
    return listed


def _distinct(groups: tuple[Item, ...], words: Words) -> re.Pattern[str]:
    names = [name for one in groups if one.group in words.distinct and not one.within for name in one.names]
    return re.compile("“?(?:" + "|".join(sorted({re.escape(unquoted(name)[:2]) for name in names})) + ")")


def _figure(units: Units, counts: tuple[str, ...]) -> re.Pattern[str]:
    """A figure with its unit; dates, thresholds and other numbers do not match."""
    longest = sorted((*units.money, *units.rate, *counts), key=len, reverse=True)
    listed = "|".join(re.escape(unit) + ("(?=[，。；、）]|$)" if unit in units.final else "") for unit in longest)
    same = "|".join(re.escape(word) for word in units.same)
    begins = re.escape("".join(sorted({word[0] for word in units.same})))
    number = r"(?:(?<![\dA-Za-z])[-+−－])?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    return re.compile(
        rf"(?=[-+−－\d{begins}])(?:(?<![\d.,])(?P<number>{number})(?P<unit>{listed})(?P<per>{units.per})?(?!{units.not_before})"
        rf"|(?:(?<=数)|(?<=数：))(?P<bare>\d+)(?=[，。；、]|$)"
        rf"|(?<=[为算出费入])(?P<zero>0)(?=[，。；、]|$)|(?<!基本)(?<!大致)(?P<same>{same}))"
    )
