"""Text as printed: white space, width variants, ordinals, and numbers with the worth of their last digit."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_SPACE = re.compile(r"[\s\u200b\u200c\u200d\ufeff\u00ad]+")
_NUMBER = re.compile(r"(?P<sign>[-+])?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?(?P<percent>%)?")
_BRACKETED = re.compile(r"\(([^()]*)\)")
#: signs that documents print for minus, and for the separators within numbers
_SIGNS = str.maketrans({"−": "-", "－": "-", "﹣": "-", "–": "-", "，": ",", "．": ".", "％": "%", "﹪": "%"})
_ORDINAL = re.compile(
    r"(?:其中[:：、]?)?(?:[一二三四五六七八九十]+[、.．]|\d{1,2}[、.．](?!\d)|[（(](?:[一二三四五六七八九十]+|\d{1,2})[）)]|[①-⑳])"
)


class Number(NamedTuple):
    """A printed number: its value, the worth of its last digit, and whether it is a percentage (value not divided)."""

    value: Decimal
    quantum: Decimal
    percent: bool


def squeeze(text: str) -> str:
    """Remove all white space, zero-width characters included; nothing else changes.

    >>> squeeze("合 计\\n")
    '合计'
    """
    joined = "".join(text.split())
    # zero-width characters are no white space to split(), and not printable
    return joined if joined.isprintable() else _SPACE.sub("", joined)


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Squeeze and bring width variants of letters, digits and brackets to one form, for comparing.

    >>> fold("（２０２４ 年）“三公”")
    '(2024年)"三公"'
    """
    folded = unicodedata.normalize("NFKC", squeeze(text))
    return folded.replace("“", '"').replace("”", '"').replace("〔", "(").replace("〕", ")")


@lru_cache(maxsize=1 << 14)
def parse_number(printed: str) -> Number | None:
    """Read a cell that is one number and nothing else; None when it is not.

    >>> parse_number("1,234.50")
    Number(value=Decimal('1234.50'), quantum=Decimal('0.01'), percent=False)
    >>> parse_number("(3.2%)").value, parse_number("—")
    (Decimal('-3.2'), None)
    """
    if not any(character.isdigit() for character in printed):
        return None
    text = squeeze(printed).translate(_SIGNS)
    text = unicodedata.normalize("NFKC", text)
    bracketed = _BRACKETED.fullmatch(text)
    match = _NUMBER.fullmatch(bracketed[1] if bracketed else text)
    if match is None or (bracketed and match["sign"]):
        return None
    fraction = match["fraction"] or ""
    value = Decimal(match["digits"].replace(",", "") + fraction)
    negative = bool(bracketed) or match["sign"] == "-"
    quantum = Decimal(1).scaleb(-max(len(fraction) - 1, 0))
    return Number(-value if negative else value, quantum, match["percent"] is not None)


def strip_ordinal(label: str) -> str:
    """Remove leading ordinals and 其中 from a label without white space.

    >>> strip_ordinal("一、一般公共服务支出"), strip_ordinal("其中：教育收费"), strip_ordinal("1.办公费")
    ('一般公共服务支出', '教育收费', '办公费')
    """
    previous = None
    while previous != label:
        previous = label
        label = re.sub(r"^其中[:：]?(?=.)", "", label)
        match = _ORDINAL.match(label)
        if match and match.end() < len(label):
            label = label[match.end() :]
    return label.rstrip("：:")
