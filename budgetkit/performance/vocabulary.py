"""The words of performance forms (specs/performance.toml), loaded once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from budgetkit import specs
from budgetkit.printed.widths import fold

_LONGEST_LABEL = 60
_YEAR = re.compile(r"^20\d\d年度?")
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)")


@dataclass(frozen=True)
class Titles:
    """Titles of forms and the lines that end one."""

    patterns: tuple[str, ...]
    department: tuple[str, ...]
    #: words that no title of a project's form has
    whole: tuple[str, ...]
    #: a title whose `project` may be the name of one, and the words that are none
    named: str
    publisher: str
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
    #: head of a fund column to its role
    heads: Mapping[str, str]
    total_rows: frozenset[str]
    #: totals of another time than the year: the lines below belong to them
    blocks: frozenset[str]
    execution_weight: str
    #: printed label to line; lines that stay as printed map to themselves
    lines: Mapping[str, str]


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
    no_unit: frozenset[str]
    #: characters before a number that make it no bound: 约6类, 第3期
    vague: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """All words of performance forms."""

    titles: Titles
    #: printed label of a caption to "department" or "entity"
    captions: Mapping[str, str]
    #: printed label over the indicators to its role
    fronts: Mapping[str, str]
    start: frozenset[str]
    funds: Funds
    #: printed head of an indicator column to its role
    columns: Mapping[str, str]
    levels: Levels
    lists: Lists
    values: Values


@cache
def vocabulary() -> Vocabulary:
    """The words of performance forms."""
    data = specs.read_toml("performance.toml")
    fronts = dict(data["fronts"])
    start = fronts.pop("start")
    return specs.build(
        Vocabulary,
        {
            "titles": specs.build(Titles, data.pop("titles"), "performance.toml, titles"),
            "captions": _inverted(data.pop("captions")),
            "fronts": _inverted(fronts),
            "start": frozenset(start),
            "funds": _funds(data.pop("funds")),
            "columns": _inverted(data.pop("columns")),
            "levels": specs.build(Levels, _sets(data.pop("levels"), "skips"), "performance.toml, levels"),
            "lists": specs.build(Lists, _sets(data.pop("lists")), "performance.toml, lists"),
            "values": _values(data.pop("values")),
            **{key: value for key, value in data.items() if key != "fronts"},
        },
        "performance.toml",
    )


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A label for comparing: folded, without trailing colon.

    >>> plain("其中：财政拨款："), plain("项目资金 （万元）")
    ('财政拨款', '项目资金(万元)')
    """
    return re.sub("^其中:(?=.)", "", fold(text).rstrip(":")).lstrip("*")


def role(words: Mapping[str, str], text: str) -> str | None:
    """What a printed label means: looked up whole, then without brackets, then without a year; None when unknown.

    >>> role({"项目资金": "stub"}, "项目资金（万元）")
    'stub'
    """
    if len(text) > _LONGEST_LABEL:
        return None
    label = plain(text)
    bare = unbracketed(label)
    return words.get(label) or words.get(bare) or words.get(_YEAR.sub("", bare))


def unbracketed(label: str) -> str:
    """A label for comparing, without what stands in brackets; a page break may cut the closing one off.

    >>> unbracketed("项目资金（万元"), unbracketed("得分(自评)：")
    ('项目资金', '得分')
    """
    return _BRACKETS.sub("", plain(label)).rstrip(":")


def _inverted(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {plain(label): key for key, labels in table.items() for label in labels}


def _sets(table: Mapping[str, Any], *lists: str) -> dict[str, Any]:
    return {
        key: frozenset(value) if isinstance(value, list) and key not in lists else value for key, value in table.items()
    }


def _funds(table: dict[str, Any]) -> Funds:
    lines = _inverted(table.pop("lines")) | {plain(label): label for label in table.pop("printed")["lines"]}
    named = {key: table.pop(key) for key in ("stubs", "total_rows", "blocks", "execution_weight")}
    return specs.build(
        Funds,
        {
            "stubs": frozenset(named["stubs"]),
            "heads": _inverted(table),
            "total_rows": frozenset(named["total_rows"]),
            "blocks": frozenset(named["blocks"]),
            "execution_weight": named["execution_weight"],
            "lines": lines,
        },
        "performance.toml, funds",
    )


def _values(table: Mapping[str, Any]) -> Values:
    pairs = {key: [tuple(pair) for pair in table[key]] for key in ("operators", "suffixes")}
    sets = {key: frozenset(table[key]) for key in ("qualitative", "words", "units", "no_unit", "vague")}
    return specs.build(Values, {**table, **pairs, **sets}, "performance.toml, values")
