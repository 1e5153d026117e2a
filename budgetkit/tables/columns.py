"""Columns that are no amounts (codes, names, units, projects), and the labels of rows (specs/columns.toml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from budgetkit import lexicon, specs
from budgetkit.lexicon import Meaning
from budgetkit.printed import persons
from budgetkit.printed.names import ending
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.widths import fold

#: what a head or label can be at the longest that is a word of the field; patterns look back over all of it
_LONGEST = 200
#: cells whose reading is kept, so that what many documents print is read once
_KEPT = 1 << 13
_RATE = re.compile(r"%|(?:率|比例|比重|占比|百分比|百分数)(?:\(.*\))?$")
_OWN_YEAR = re.compile(r"^(20[0-9]{2}年度?|[“\"]|其中[:：、]?)+")


@dataclass(frozen=True)
class Words:
    """An id and the header cells that mean it, as regular expressions for the whole folded cell."""

    id: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Labels:
    """Regular expressions for labels and header cells."""

    total: str
    header_only: re.Pattern[str]
    index: re.Pattern[str]
    ordinal: re.Pattern[str]
    kind: str
    count: str


@dataclass(frozen=True)
class Vocabulary:
    """All of specs/columns.toml."""

    role: tuple[Words, ...]
    labels: Labels
    #: canonical names of the items of the “三公”经费
    item_names: Mapping[str, str]


@cache
def vocabulary() -> Vocabulary:
    """The header vocabulary."""
    return specs.load(Vocabulary, "columns.toml")


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in words))


@lru_cache(maxsize=_KEPT)
def matches(words: tuple[str, ...], text: str) -> bool:
    """Whether a folded text is wholly one of the words."""
    return len(text) <= _LONGEST and _pattern(words).fullmatch(text) is not None


@lru_cache(maxsize=_KEPT)
def plain(cell: str) -> str:
    """A header cell without ordinals, 其中, leading year and quotes, folded.

    >>> plain("其中：2024年基本支出")
    '基本支出'
    """
    text = strip_ordinal(fold(cell).replace('"', ""))
    shorter = _OWN_YEAR.sub("", text)
    return strip_ordinal(shorter or text)


@lru_cache(maxsize=_KEPT)
def role_of(cell: str) -> str | None:
    """The role of a column with this header cell, when it is no amount; "person" names no row."""
    text = plain(cell)
    named = next((entry.id for entry in vocabulary().role if matches(entry.words, text)), None)
    return named or ("person" if persons.is_label(cell) else None)


@lru_cache(maxsize=_KEPT)
def is_generic(cell: str) -> bool:
    """Whether a header cell heads amounts and leaves their meaning to the header above it (小计, 预算数, 本年支出).

    >>> is_generic("2024年预算数"), is_generic("基本支出"), is_generic("单位")
    (True, False, False)
    """
    meaning = lexicon.read(cell)
    return not meaning.unread and not is_specific(cell) and role_of(cell) is None


@lru_cache(maxsize=_KEPT)
def is_specific(cell: str) -> bool:
    """Whether a header cell tells amounts from others: their fund, nature, item or what is done with them.

    >>> is_specific("基本支出"), is_specific("小计"), is_specific("采购品目名称")
    (True, False, False)
    """
    meaning: Meaning = lexicon.read(cell)
    told = meaning.fund or meaning.nature or meaning.items or meaning.aspect or meaning.economic
    apart = meaning.origin == "carried_forward" or meaning.flow not in (None, "income", "expenditure")
    return role_of(cell) is None and bool(told or apart)


@lru_cache(maxsize=_KEPT)
def is_total(label: str) -> bool:
    """Whether a label without ordinal is that of a total row (合计, 本年支出合计)."""
    return matches((vocabulary().labels.total,), fold(label))


@lru_cache(maxsize=_KEPT)
def is_organisation(label: str) -> bool:
    """Whether a label without code names a unit, as heads of rows do in tables that list several units."""
    return matches((rf".{{2,}}{ending('rows')}(\(.*\))?",), fold(label)) and not is_total(label)


@lru_cache(maxsize=_KEPT)
def is_kind(label: str) -> bool:
    """Whether a label says how units are paid for (全额), or of what kind projects are (专用项目), and names none."""
    return matches((vocabulary().labels.kind,), fold(label))


@lru_cache(maxsize=_KEPT)
def heads_units(cell: str) -> bool:
    """Whether a head says that organisations stand among the names below it (单位名称（科目）, 科目（单位）).

    >>> heads_units("单位名称（科目）"), heads_units("支出项目类别（资金使用单位）"), heads_units("科目名称")
    (True, False, False)
    """
    text = re.sub("计量单位", "", plain(cell))
    return text.startswith(("单位", "部门", "预算单位")) or ("科目" in text and "单位" in text)


@lru_cache(maxsize=_KEPT)
def is_rate(cell: str) -> bool:
    """Whether a header cell heads rates (完成率, 完成年初预算%), whose numbers are no money.

    >>> is_rate("预算完成率（%）"), is_rate("利率债券")
    (True, False)
    """
    return _RATE.search(fold(cell)) is not None


@lru_cache(maxsize=_KEPT)
def is_count(label: str) -> bool:
    """Whether a label says that its row counts things (团组数（个）) and holds no money."""
    return matches((vocabulary().labels.count,), fold(label))
