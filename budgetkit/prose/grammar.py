"""The grammar of standard phrases (specs/prose.toml), compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from budgetkit import specs
from budgetkit.errors import SpecError

_PLACE = "prose.toml"
_QUOTES = str.maketrans("", "", "“”\"'‘’「」")


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
    prior: str
    against: str
    tail: str
    phase_only: str
    prefix: str
    purchase: str
    economic_parents: tuple[str, ...]
    functional: str
    organisation: str
    organisation_tail: str
    own: str
    fund: str
    fund_groups: tuple[str, ...]
    appropriation: str
    not_organisation: str
    not_item: str


@dataclass(frozen=True, slots=True)
class Phase:
    """The phase of an amount whose surrounding words contain an expression."""

    contains: str
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
class Pattern:
    """What the last clause before a figure says about it."""

    id: str
    text: str
    #: "money", "rate", "count" or "same"
    figure: str
    measure: str
    example: str
    #: the row that the last figure of the example gives
    expect: Mapping[str, Any]
    #: fixed phase; None: read from the words, else that of the item
    phase: str | None = None
    #: expression that names the item behind the figure ("3个涉密项目"); empty when it stands before
    after: str = ""
    #: words that go before that item's name ("下属")
    stem: str = ""
    #: whether it may follow a description of the item
    resume: bool = False
    #: only directly after a row of the same item
    follow: bool = False
    #: only where the sentence lists shares
    after_share: bool = False
    #: only in brackets behind a change
    after_change: bool = False
    #: only after a comparison with the year before
    compared: bool = False
    #: only of an indicator that an opener names
    named: bool = False
    #: expression that the name of the item before contains
    of: str = ""
    #: groups of the item; any when empty
    groups: tuple[str, ...] = ()
    #: whether the figure may be one per something ("元/月/人")
    per: bool = False
    #: whether a name that no list knows will do
    free: bool = False
    #: only where its item is the only one of the sentence
    alone: bool = False
    #: whether it speaks of each item of the list before
    each: bool = False
    #: only after a comparison with the document's own budget
    budgeted: bool = False
    #: whether the figure is a state, which has no phase
    stock: bool = False
    #: only figures with these units; any when empty
    units: tuple[str, ...] = ()
    #: only after a figure with these units; any when empty
    units_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """Items that documents name, by group."""

    group: str
    names: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()
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
    patterns: tuple[Pattern, ...]
    subjects: tuple[Items, ...]
    layout: Layout


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the vocabulary."""

    name: str
    group: str
    units: tuple[str, ...] = ()
    stock: bool = False
    weak: bool = False
    phase_in_name: bool = False
    part: bool = False
    prefixed: bool = False
    changes: bool = False
    within: str = ""


@dataclass(frozen=True)
class Grammar:
    """All of it, compiled."""

    units: Units
    words: Words
    phases: tuple[Phase, ...]
    clauses: tuple[tuple[Clause, re.Pattern[str]], ...]
    openers: tuple[tuple[Opener, re.Pattern[str]], ...]
    patterns: tuple[tuple[Pattern, re.Pattern[str]], ...]
    layout: Layout
    #: printed name without quotes to item, for amounts of money
    money_items: Mapping[str, Item]
    #: the same for counts
    count_items: Mapping[str, Item]
    #: expressions whose group `name` is the item; for counts only
    item_patterns: tuple[tuple[re.Pattern[str], Item], ...]
    figure: re.Pattern[str]
    #: figures of sentences about indicators
    indicator: re.Pattern[str]
    tail: re.Pattern[str]
    phase_only: re.Pattern[str]
    #: a fund of which a sentence or section speaks alone
    fund: re.Pattern[str]
    #: the year before, as the thing compared with
    prior: re.Pattern[str]
    #: a change against the document's own budget, which is no row
    against: re.Pattern[str]
    prefix: re.Pattern[str]
    organisation: re.Pattern[str]


def unquoted(text: str) -> str:
    """Text without quotation marks, for comparing.

    >>> unquoted("“三公”经费")
    '三公经费'
    """
    return text.translate(_QUOTES)


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
        patterns=tuple((pattern, _compile(pattern.text, words)) for pattern in file.patterns),
        layout=file.layout,
        money_items=_vocabulary(groups, counts=False),
        count_items=_vocabulary(groups, counts=True),
        item_patterns=tuple(
            (_compile(text, words), Item("", group.group, group.units, group.stock))
            for group in groups
            for text in group.patterns
        ),
        figure=_figure(units, units.count),
        indicator=_figure(units, (*units.count, *units.indicator)),
        tail=_compile(f"(?:{words.tail})*", words),
        phase_only=_compile(words.phase_only, words),
        fund=_compile(words.fund, words),
        prior=_compile(words.prior, words),
        against=_compile("{against}(?:{up}|{down})了?(?:为)?", words),
        prefix=_compile(f"(?:{words.prefix}|{words.fund}|(?P<year>\\d{{4}})年(?:度|初|末|底)?)", words),
        organisation=_compile(f"(?:{words.organisation}){words.organisation_tail}", words),
    )


def _compile(text: str, words: Words) -> re.Pattern[str]:
    for name in ("prior", "against", "up", "down"):
        text = text.replace("{" + name + "}", getattr(words, name))
    try:
        return re.compile(text)
    except re.error as error:
        raise SpecError(f"{_PLACE}: {text!r} is no regular expression: {error}") from error


def _vocabulary(groups: tuple[Items, ...], *, counts: bool) -> dict[str, Item]:
    listed: dict[str, Item] = {}
    for group in groups:
        if bool(group.units) != counts:
            continue
        names = {**{name: name for name in group.names}, **group.aliases}
        shared = {one.name: getattr(group, one.name) for one in fields(Item) if one.name != "name"}
        for printed, name in names.items():
            key = unquoted(printed)
            if key in listed and listed[key].name != name:
                raise SpecError(f"{_PLACE} [[subjects]]: {printed} stands for {listed[key].name} and {name}")
            listed[key] = Item(name, **shared)
    return listed


def _figure(units: Units, counts: tuple[str, ...]) -> re.Pattern[str]:
    """A figure with its unit; dates, thresholds and other numbers do not match."""
    longest = sorted((*units.money, *units.rate, *counts), key=len, reverse=True)
    listed = "|".join(re.escape(unit) + ("(?=[，。；、）]|$)" if unit in units.final else "") for unit in longest)
    same = "|".join(re.escape(word) for word in units.same)
    number = r"(?:(?<![\dA-Za-z])[-+−－])?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    return re.compile(
        rf"(?<![\d.,])(?P<number>{number})(?P<unit>{listed})(?P<per>{units.per})?(?!{units.not_before})"
        rf"|(?:(?<=数)|(?<=数：))(?P<bare>\d+)(?=[，。；、]|$)"
        rf"|(?<=[为算出费入])(?P<zero>0)(?=[，。；、]|$)|(?P<same>{same})"
    )
