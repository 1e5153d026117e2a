"""The words of performance forms (specs/performance.toml), loaded once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, Literal

from budgetkit import specs
from budgetkit.printed.widths import fold

_LONGEST_LABEL = 60
_YEAR = re.compile(r"^(?:20\d\d年度?|本年度?|当年)")
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)")


_FundRole = Literal["approved", "revised", "executed", "weight", "execution_rate", "score"]
_FrontRole = Literal["project", "department_name", "department", "entity", "contact", "other"]
_ColumnRole = Literal[
    "level1", "level2", "level3", "joined", "target", "nature", "unit", "actual", "weight", "score", "prior_actual",
    "reason", "project", "entity", "goal",
]  # fmt: skip


@dataclass(frozen=True)
class Titles:
    """Titles of forms and the lines that end one."""

    patterns: tuple[str, ...]
    department: tuple[str, ...]
    #: words that no title of a project's form has
    whole: tuple[str, ...]
    #: a title whose `project` may be the name of one, and the words that are none
    named: str
    common: tuple[str, ...]
    breaks: tuple[str, ...]
    #: headings of sections: they end a form where the next grid is not told to hold indicators
    headings: tuple[str, ...]
    year: str
    #: a whole line that says the year of the form
    year_line: str
    #: a grid that holds none of these begins no form
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Funds:
    """The fund part of a form."""

    stubs: frozenset[str]
    #: what a label that states the unit of the amounts is called otherwise
    stub: str
    #: role to the heads of its column
    heads: Mapping[_FundRole, tuple[str, ...]]
    total_rows: frozenset[str]
    #: totals of another time than the year: the lines below belong to them
    blocks: frozenset[str]
    execution_weight: str
    #: line to the labels printed for it
    lines: Mapping[str, tuple[str, ...]]
    #: lines that stay as printed
    printed: tuple[str, ...]


@dataclass(frozen=True)
class Levels:
    """Names of level 1 and 2, and what else stands in the rows of indicators."""

    first: frozenset[str]
    second: frozenset[str]
    totals: frozenset[str]
    skips: tuple[str, ...]
    blanks: str


@dataclass(frozen=True)
class Lists:
    """Forms that list several projects in one table."""

    totals: frozenset[str]
    project_code: str
    packed: str


@dataclass(frozen=True)
class Values:
    """Printed targets and results."""

    operators: tuple[tuple[str, str], ...]
    suffixes: tuple[tuple[str, str], ...]
    prefixes: tuple[str, ...]
    qualitative: frozenset[str]
    #: targets and results in words
    words: frozenset[str]
    units: frozenset[str]
    #: characters that no unit has
    no_unit: str
    #: characters before a number that make it no bound: 约6类, 第3期
    vague: str

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """All operators as printed."""
        return tuple(printed for printed, _ in self.operators)


@dataclass(frozen=True)
class Vocabulary:
    """All words of performance forms."""

    titles: Titles
    #: role to the labels "label：value" in the lines over a form
    captions: Mapping[Literal["department", "entity"], tuple[str, ...]]
    #: role of a value over the indicators to the labels beside it
    fronts: Mapping[_FrontRole, tuple[str, ...]]
    #: roles of which one must stand in the rows before the indicators
    start: tuple[_FrontRole, ...]
    funds: Funds
    #: role to the heads of an indicator column
    columns: Mapping[_ColumnRole, tuple[str, ...]]
    levels: Levels
    lists: Lists
    values: Values

    @cached_property
    def caption_roles(self) -> Mapping[str, str]:
        """Printed label of a caption to "department" or "entity"."""
        return _inverted(self.captions)

    @cached_property
    def front_roles(self) -> Mapping[str, str]:
        """Printed label over the indicators to its role."""
        return _inverted(self.fronts)

    @cached_property
    def column_roles(self) -> Mapping[str, str]:
        """Printed head of an indicator column to its role."""
        return _inverted(self.columns)

    @cached_property
    def fund_roles(self) -> Mapping[str, str]:
        """Printed head of a fund column to its role."""
        return _inverted(self.funds.heads)

    @cached_property
    def fund_lines(self) -> Mapping[str, str]:
        """Printed label of a line of funds to the line; those that stay as printed map to themselves."""
        return _inverted(self.funds.lines) | {plain(label): label for label in self.funds.printed}


@cache
def vocabulary() -> Vocabulary:
    """The words of performance forms."""
    return specs.load(Vocabulary, "performance.toml")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A label for comparing: folded, without trailing colon.

    >>> plain("其中：财政拨款："), plain("项目资金 （万元）"), plain("1、资金来源：（1）单位资金")
    ('财政拨款', '项目资金(万元)', '(1)单位资金')
    """
    return re.sub(r"^(?:其中|(?:\d[、.])?资金(?:来源|结构)):(?=.)", "", fold(text).rstrip(":")).lstrip("*")


def role(words: Mapping[str, str], text: str) -> str | None:
    """What a printed label means: looked up whole, then without brackets, then without a year; None when unknown.

    >>> role({"项目资金": "stub"}, "项目资金（万元）")
    'stub'
    """
    return next(filter(None, map(words.get, _spelt(text))), None) if len(text) <= _LONGEST_LABEL else None


@lru_cache(maxsize=4096)
def _spelt(text: str) -> tuple[str, ...]:
    """A label whole, without brackets, and without a year."""
    label = plain(text)
    bare = unbracketed(label)
    return tuple(dict.fromkeys((label, bare, _YEAR.sub("", bare))))


def unbracketed(label: str) -> str:
    """A label for comparing, without what stands in brackets; a page break may cut the closing one off.

    >>> unbracketed("项目资金（万元"), unbracketed("得分(自评)：")
    ('项目资金', '得分')
    """
    return _BRACKETS.sub("", plain(label)).rstrip(":")


def _inverted(table: Mapping[Any, Iterable[str]]) -> dict[str, str]:
    return {plain(label): key for key, labels in table.items() for label in labels}
