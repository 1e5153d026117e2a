"""What the columns of a table are: the vocabulary of header cells (specs/columns.toml)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from budgetkit import specs
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.widths import fold

_YEAR = re.compile(r"(20[0-9]{2})年")
_OWN_YEAR = re.compile(r"^(20[0-9]{2}年度?|[“\"]|其中[:：、]?)+")


@dataclass(frozen=True)
class Words:
    """An id and the header cells that mean it, as regular expressions for the whole folded cell."""

    id: str
    words: tuple[str, ...]
    #: the forms that it holds for; empty for all
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Labels:
    """Regular expressions for labels and header cells."""

    total: str
    header_only: str
    index: str
    ordinal: str
    income_side: str
    expenditure_side: str
    organisation: str
    count: str


@dataclass(frozen=True)
class ThreePublic:
    """A canonical item of the “三公”经费 and how it is printed."""

    name: str
    pattern: str


@dataclass(frozen=True)
class Context:
    """Headers that change what stands under them."""

    closed: tuple[str, ...]
    open: tuple[str, ...]
    reduced: str


@dataclass(frozen=True)
class Vocabulary:
    """All of specs/columns.toml."""

    role: tuple[Words, ...]
    measure: tuple[Words, ...]
    phase: tuple[Words, ...]
    generic: tuple[str, ...]
    context: Context
    labels: Labels
    three_public: tuple[ThreePublic, ...]
    three_public_funds: tuple[str, ...]


@cache
def vocabulary() -> Vocabulary:
    """The header vocabulary."""
    raw = specs.read_toml("columns.toml")

    def listed(key: str, cls: type[Any]) -> tuple[Any, ...]:
        return tuple(specs.build(cls, table, f"columns.toml {key} {k + 1}") for k, table in enumerate(raw.pop(key)))

    found = {
        key: listed(key, cls)
        for key, cls in (("role", Words), ("measure", Words), ("phase", Words), ("three_public", ThreePublic))
    }
    for key in ("generic", "three_public_funds"):
        found[key] = tuple(raw.pop(key)["words"])
    return specs.build(
        Vocabulary,
        {
            **found,
            "context": specs.build(Context, raw.pop("context"), "columns.toml context"),
            "labels": specs.build(Labels, raw.pop("labels"), "columns.toml labels"),
            **raw,
        },
        "columns.toml",
    )


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in words))


@cache
def matches(words: tuple[str, ...], text: str) -> bool:
    """Whether a folded text is wholly one of the words."""
    return _pattern(words).fullmatch(text) is not None


@cache
def plain(cell: str) -> str:
    """A header cell without ordinals, 其中, leading year and quotes, folded.

    >>> plain("其中：2024年基本支出")
    '基本支出'
    """
    text = strip_ordinal(fold(cell).replace('"', ""))
    shorter = _OWN_YEAR.sub("", text)
    return strip_ordinal(shorter or text)


def is_generic(cell: str) -> bool:
    """Whether a header cell leaves its meaning to the header above it (小计, 预算数)."""
    return matches(vocabulary().generic, plain(cell))


@cache
def role_of(cell: str) -> str | None:
    """The role of a column with this header cell, when it is no amount."""
    text = plain(cell)
    return next((entry.id for entry in vocabulary().role if matches(entry.words, text)), None)


@cache
def _measure_word(cell: str, form: str | None) -> str | None:
    text = plain(cell)
    for entry in vocabulary().measure:
        if (not entry.forms or form in entry.forms) and matches(entry.words, text):
            return entry.id
    return None


@cache
def measure_of(path: tuple[str, ...], form: str | None) -> str | None:
    """The measure that a header path means; None when it plainly means none.

    The lowest cell decides; a generic one (小计) takes the meaning of the cell above it, and under a closed context
    (上年结转, 非财政拨款) only the generic cell has a meaning.

    >>> measure_of(("本年收入", "财政拨款收入", "小计"), "income")
    'fiscal_appropriation'
    >>> measure_of(("基本支出", "人员经费"), None), measure_of(("上年结转", "一般公共预算"), None)
    ('personnel', None)
    """
    context = vocabulary().context
    if any(matches((context.reduced,), fold(cell)) for cell in path):
        return None
    for depth in range(len(path) - 1, -1, -1):
        cell = path[depth]
        found = _measure_word(cell, form)
        if found and depth < len(path) - 1 and not all(is_generic(below) for below in path[depth + 1 :]):
            return None
        if found:
            above = [plain(part) for part in path[:depth]]
            closed = any(matches(context.closed, part) and not matches(context.open, part) for part in above)
            return None if closed else found
        if not is_generic(cell):
            if depth == len(path) - 1:
                return None
            return "total" if not matches(context.closed, plain(cell)) else None
    return "total"


def phase_of(path: Sequence[str], kind: str | None, year: int | None) -> str | None:
    """The phase of a column: from its words and years, else what the document's kind implies.

    >>> phase_of(("2023年预算数",), "budget", 2024), phase_of(("合计",), "final_account", 2024)
    ('prior_year', 'executed')
    """
    for cell in reversed(path):
        text = fold(cell)
        years = [int(found) for found in _YEAR.findall(text)]
        if year is not None and years and "比" not in text and max(years) < year:
            return "prior_year"
        for entry in vocabulary().phase:
            if matches(entry.words, text):
                return _of_kind(entry.id, kind)
    return {"budget": "approved", "final_account": "executed"}.get(kind or "")


def _of_kind(phase: str, kind: str | None) -> str:
    # a bare 决算/执行 heading in a budget can only be last year's
    return "prior_year" if kind == "budget" and phase == "executed" else phase


def row_meaning(
    period: str | None, measure: str | None, phase: str | None, kind: str | None, year: int | None
) -> tuple[str | None, str | None]:
    """Measure and phase of a row that names its own time (2025年, 增减额) where columns name the items.

    >>> row_meaning("2025年", "total", "approved", "budget", 2026)
    ('total', 'prior_year')
    """
    if not period:
        return measure, phase
    own = _measure_word(period, None)
    return own if own in ("change", "change_rate") else measure, phase_of((period,), kind, year) or phase


@cache
def is_total(label: str) -> bool:
    """Whether a label without ordinal is that of a total row (合计, 本年支出合计)."""
    return matches((vocabulary().labels.total,), fold(label))


@cache
def is_organisation(label: str) -> bool:
    """Whether a label without code names a unit, as heads of rows do in tables that list several units."""
    return matches((vocabulary().labels.organisation,), fold(label)) and not is_total(label)


@cache
def is_count(label: str) -> bool:
    """Whether a label says that its row counts things (团组数（个）) and holds no money."""
    return matches((vocabulary().labels.count,), fold(label))


@cache
def side_of(cell: str) -> str | None:
    """The side of a two-sided summary that a header cell heads."""
    text, labels = plain(cell), vocabulary().labels
    if matches((labels.income_side,), text):
        return "income"
    return "expenditure" if matches((labels.expenditure_side,), text) else None


@cache
def three_public_name(cell: str) -> str | None:
    """The canonical “三公”经费 item of a header cell or row label; None where it leaves that to another cell."""
    text = re.sub(r"\((小计|合计)\)$", "", plain(cell))
    if matches(vocabulary().three_public_funds, text):
        return None
    return next((entry.name for entry in vocabulary().three_public if matches((entry.pattern,), text)), None)
