"""The words by which the text readers know headers and forms (specs/text_headers.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from budgetkit.printed.widths import fold
from budgetkit.specs import load

_MONEY = re.compile(r"[-−－]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_DECIMAL = re.compile(r"[-−－]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+")
_CODE = re.compile(r"\d{2,3}|\d{5}|\d{7}")


@dataclass(frozen=True)
class Parent:
    """A leaf of the first header row that has children in the second."""

    head: str
    children: tuple[str, ...]


@dataclass(frozen=True)
class FormWords:
    """Words of performance forms."""

    titles: tuple[str, ...]
    indicator_heads: tuple[str, ...]
    weight_heads: tuple[str, ...]
    score_heads: tuple[str, ...]
    funds_heads: tuple[str, ...]
    total_labels: tuple[str, ...]
    labels: tuple[str, ...]
    #: level 1 word -> its level 2 words
    levels: dict[str, tuple[str, ...]]

    @property
    def second(self) -> frozenset[str]:
        """All level 2 words (二级指标)."""
        return frozenset(word for words in self.levels.values() for word in words)


@dataclass(frozen=True)
class Words:
    """The whole vocabulary of specs/text_headers.toml."""

    code_labels: tuple[str, ...]
    name_labels: tuple[str, ...]
    project_labels: tuple[str, ...]
    label_ends: tuple[str, ...]
    item_labels: tuple[str, ...]
    code_parts: tuple[str, ...]
    index_marks: tuple[str, ...]
    total_labels: tuple[str, ...]
    number_groups: tuple[str, ...]
    sides: tuple[tuple[str, ...], ...]
    leaves: tuple[str, ...]
    total_leaves: tuple[str, ...]
    sequences: tuple[tuple[str, ...], ...]
    #: column word -> other words for the same money
    stated: dict[str, tuple[str, ...]]
    parents: tuple[Parent, ...]
    form: FormWords


@cache
def words() -> Words:
    """Read the vocabulary once."""
    return load(Words, "text_headers.toml")


def is_money(text: str) -> bool:
    """Whether a token is one plain number (no percent sign)."""
    return _MONEY.fullmatch(text) is not None


def is_decimal(text: str) -> bool:
    """Whether a token is one number with decimals."""
    return _DECIMAL.fullmatch(text) is not None


def is_amount(text: str) -> bool:
    """Whether a token is a number that is neither a count, a year nor an index: an amount of money by its shape."""
    separated = is_money(text) and ("," in text or "." in text)
    return separated or (is_money(text) and len(text) > 3 and not re.fullmatch(r"(?:19|20)\d\d", text))


def is_code(text: str) -> bool:
    """Whether a token has the shape of a classification code or a part of it."""
    return _CODE.fullmatch(text) is not None


def is_total(text: str) -> bool:
    """Whether a label is 合计, 总计 or 小计, alone or after 收入/支出."""
    return re.fullmatch(rf"(?:本年)?(?:收入|支出)?(?:{'|'.join(words().total_labels)}):?", fold(text)) is not None


def is_label(text: str) -> bool:
    """Whether a header cell stands over label columns (codes, names), not over numbers."""
    word = fold(text)
    known = words()
    listed = (*known.code_labels, *known.name_labels, *known.project_labels, *known.item_labels, *known.code_parts)
    return word in listed or word.endswith(known.label_ends) or word in known.index_marks
