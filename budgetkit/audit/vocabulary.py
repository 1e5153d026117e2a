"""The words that the rules go by (specs/audit/*.toml), loaded once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from budgetkit import specs
from budgetkit.tables import captions


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole and its parts, or two figures and their change, in one sentence: the pattern's groups are its figures."""

    rule: str
    name: str
    unit: str
    pattern: re.Pattern[str]
    #: of the unit in yuan, where it is one of money
    worth: int = 0


@dataclass(frozen=True, slots=True)
class Years:
    """Where the prose names a year, and how far from the document's it may be in documents of some kinds."""

    name: str
    pattern: re.Pattern[str]
    kinds: tuple[str, ...]
    allowed: tuple[int, ...]
    #: words with which the document's own year will do
    unless: re.Pattern[str] | None = None
    #: whether an earlier year that no other mention contradicts may be meant
    alone: bool = False


@dataclass(frozen=True, slots=True)
class ByKind:
    """Words by the kind of document."""

    budget: re.Pattern[str]
    final_account: re.Pattern[str]

    def of(self, kind: str) -> re.Pattern[str]:
        """The words of a kind."""
        return self.budget if kind == "budget" else self.final_account


@dataclass(frozen=True, slots=True)
class OwnYear:
    """Years said of the document itself, which most of their kind bear; by its kind, words of another year's."""

    name: str
    pattern: re.Pattern[str]
    least: int
    most: int
    unless: ByKind


@dataclass(frozen=True, slots=True)
class YearSlip:
    """Mentions of a year before the same words: few that differ from the rest."""

    name: str
    pattern: re.Pattern[str]
    unless: ByKind
    compared: re.Pattern[str]
    other: re.Pattern[str]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Template:
    """Text of the form that should have been filled in."""

    rule: str
    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Direction:
    """Two amounts, or a rate of completion, and the word that compares them."""

    rule: str
    name: str
    pattern: re.Pattern[str]
    words: Mapping[Literal["more", "less", "same"], re.Pattern[str]]
    #: what the first is compared with where the text has no second
    base: float = 0.0


@dataclass(frozen=True, slots=True)
class Empty:
    """A note that a table is empty, and what it must name to be of a form."""

    note: re.Pattern[str]
    unless: re.Pattern[str]
    subjects: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What says that a form is empty, and the words by which prose speaks of the form."""

    said: re.Pattern[str]
    subjects: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Tier:
    """The word for the publisher in headings."""

    heading: re.Pattern[str]
    least: int
    words: Mapping[Literal["department", "unit"], str]


@dataclass(frozen=True, slots=True)
class Entity:
    """The publisher as headings name it."""

    heading: re.Pattern[str]
    least: int


@dataclass(frozen=True, slots=True)
class Texts:
    """All of specs/audit/texts.toml."""

    sum: tuple[Sum, ...]
    change: tuple[Sum, ...]
    year: tuple[Years, ...]
    own_year: tuple[OwnYear, ...]
    year_slip: YearSlip
    template: tuple[Template, ...]
    direction: tuple[Direction, ...]
    empty: Empty
    unsaid: Unsaid
    tier: Tier
    entity: Entity
    #: the path of a code in prose
    path: re.Pattern[str]
    #: a change and its rate
    opposed: re.Pattern[str]
    #: that rows are withheld
    withheld: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole and its parts, as items of the prose."""

    whole: re.Pattern[str]
    parts: tuple[re.Pattern[str], ...]
    #: or each in a sentence of its own
    spread: bool = False
    #: every part must be named
    all: bool = False


@dataclass(frozen=True, slots=True)
class Allotted:
    """An amount and the sentence that says how it is shared out."""

    whole: re.Pattern[str]
    parts: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of items against the rows of basic expenditure."""

    head: str
    stop: re.Pattern[str]
    personnel: tuple[str, ...]
    public_use: tuple[str, ...]
    open: str


@dataclass(frozen=True, slots=True)
class PerHead:
    """What may be had for each head at most, in yuan."""

    subject: re.Pattern[str]
    heads: re.Pattern[str]
    most: float
    #: what is found to be in the same wrong unit where it stands beside it
    beside: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Stated:
    """All of specs/audit/prose.toml."""

    parts: tuple[Parts, ...]
    allotted: tuple[Allotted, ...]
    lists: Lists
    per_head: tuple[PerHead, ...]


@dataclass(frozen=True, slots=True)
class AskedForm:
    """The words by which a document speaks of a form that it may lack."""

    words: re.Pattern[str]
    #: the budget year from which on it is asked for everywhere
    since: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """All of specs/audit/words.toml."""

    missing: Mapping[str, AskedForm]


@dataclass(frozen=True, slots=True)
class Performance:
    """All of specs/audit/performance.toml; what each word is for is said there."""

    whole: str
    lines: tuple[str, ...]
    money: re.Pattern[str]
    lower: re.Pattern[str]
    upper: re.Pattern[str]
    evaluated: re.Pattern[str]
    managed: re.Pattern[str]
    parts: re.Pattern[str]


@cache
def performance() -> Performance:
    """By what performance forms are read."""
    return specs.load(Performance, "audit/performance.toml")


@cache
def texts() -> Texts:
    """What rules look for in the text outside tables."""
    found = specs.load(Texts, "audit/texts.toml")
    _check_forms((*found.empty.subjects, *found.unsaid.subjects), "audit/texts.toml, subjects")
    return found


@cache
def stated() -> Stated:
    """What rules look for among the figures of the prose."""
    return specs.load(Stated, "audit/prose.toml")


@cache
def missing() -> Mapping[str, AskedForm]:
    """The forms that a document may lack."""
    found = specs.load(Missing, "audit/words.toml").missing
    _check_forms(found, "audit/words.toml, missing")
    return found


def _check_forms(ids: Iterable[str], place: str) -> None:
    specs.check_ids(ids, (form.id for form in captions.forms()), place)
