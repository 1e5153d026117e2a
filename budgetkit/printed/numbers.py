"""Printed numbers: their value and the worth of their last digit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from budgetkit.printed.widths import squeeze

#: digits grouped by three, by four (万; with decimals, because years are listed like that), or not at all
_NUMBER = re.compile(
    r"(?P<sign>[-+])?(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+(?=\.)|\d+)(?P<fraction>\.\d+)?(?P<percent>%)?",
    re.ASCII,
)
_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_BEHIND = re.compile(r"([^-+]*[\d%])-")
_CURRENCY = re.compile(r"(?P<before>[-+(\[]*)(?:人民币|RMB|CNY|[¥￥]){1,2}")
_UNIT = re.compile(r"(?<=\d)(?:[十百千万]{0,2}亿?元)")
#: marks that refer to a footnote; ordinary digits in the same place are no such marks
_MARKS = re.compile(r"(?<=[0-9０-９%％元])\s*(?:[¹²³⁰⁴-⁹⁽⁾①-⑳⑴-⒇❶-❿*＊※†‡]+|[\[［〔]\d{1,2}[\]］〕])$")
#: characters that would become digits, and are none
_NO_DIGIT = re.compile("[¹²³⁰⁴-⁹₀-₉①-⒛⓪-⓿❶-➓½¼¾⅐-⅞]")
#: digits alone, grouped or not, with or without decimals
_PLAIN = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
#: signs that documents print for minus, and for the separators within numbers
_SIGNS = str.maketrans(
    dict.fromkeys("−－﹣–—△▲负負‐‑", "-") | {"，": ",", "．": ".", "％": "%", "﹪": "%", "［": "[", "］": "]"}
)
#: white space that stands for a separator of thousands wherever it stands between digits
_THOUSANDS = "\u00a0\u2009\u202f\u2007'’"
#: how nearly all are printed
_SIMPLE = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
#: no sum of money has more digits before its point
_LONGEST = 15
#: a column that wraps its numbers is at least so many digits wide
_WRAPPED = 4


class Number(NamedTuple):
    """A printed number: its value, the worth of its last digit, and whether it is a percentage (value not divided)."""

    value: Decimal
    quantum: Decimal
    percent: bool


@lru_cache(maxsize=1 << 14)
def parse_number(printed: str) -> Number | None:
    """Read a cell that is one number and nothing else; None when it is not.

    Signs of currency, a unit of money behind the number (see `attached_unit`) and marks of footnotes are no part of
    it. Several numbers are none, and neither is one with more digits than money can have.

    >>> parse_number("1,234.50")
    Number(value=Decimal('1234.50'), quantum=Decimal('0.01'), percent=False)
    >>> parse_number("(3.2%)").value, parse_number("△1.5").value, parse_number("¥900.00①").value
    (Decimal('-3.2'), Decimal('-1.5'), Decimal('900.00'))
    >>> parse_number("—"), parse_number("900\\n700"), parse_number("1,234\\n.50").value
    (None, None, Decimal('1234.50'))
    """
    if _SIMPLE.fullmatch(printed):
        return _value(printed)
    if not any(map(str.isdigit, printed)):
        return None
    text = _MARKS.sub("", printed.strip()).translate(_SIGNS)
    if _NO_DIGIT.search(text):
        return None
    tokens = text.split()
    if len(tokens) > 1 or any(mark in text for mark in _THOUSANDS):
        joined = _one(text)
        if joined is None:
            return None
        text = joined
    return _value(_bare(unicodedata.normalize("NFKC", squeeze(text)).translate(_SIGNS)))


def is_amount(printed: str) -> bool:
    """Whether a number is an amount beyond doubt: with decimals, or grouped."""
    number = parse_number(printed)
    return number is not None and (number.quantum < 1 or "," in printed)


@lru_cache(maxsize=1 << 12)
def attached_unit(printed: str) -> str | None:
    """The unit of money printed behind a number in its own cell.

    >>> attached_unit("900.00元"), attached_unit("3 万元"), attached_unit("¥900.00"), attached_unit("元")
    ('元', '万元', None, None)
    """
    if "元" not in printed or parse_number(printed) is None:
        return None
    found = _UNIT.search(unicodedata.normalize("NFKC", squeeze(printed)))
    return found[0] if found else None


def _bare(text: str) -> str:
    """A number without its signs of currency and its unit, its sign in front."""
    currency = _CURRENCY.match(text)
    if currency:
        text = currency["before"] + text[currency.end() :]
    if text.endswith(("元", "元)", "元]")):
        text = _UNIT.sub("", text, count=1)
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed:
        inner = bracketed[1] or bracketed[2] or ""
        return inner if inner.startswith("-") else f"-{inner}"
    behind = _BEHIND.fullmatch(text)
    return f"-{behind[1]}" if behind else text


def _value(text: str) -> Number | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    digits = match["digits"].replace(",", "")
    if len(digits) > _LONGEST:
        return None
    fraction = match["fraction"] or ""
    value = Decimal(digits + fraction)
    quantum = Decimal(1).scaleb(-max(len(fraction) - 1, 0))
    return Number(-value if match["sign"] == "-" else value, quantum, match["percent"] is not None)


def _one(text: str) -> str | None:
    """The text without its white space when this parts no two numbers; else None."""
    for mark in "'’":
        if mark in text:
            grouped = re.sub(rf"(?<=\d){mark}(?=\d{{3}}(?!\d))", "", text)
            return grouped if mark not in grouped and "," not in text else None
    if re.search(r"\d[\u00a0\u2009\u202f\u2007]\d{3}(?!\d)", text) and "," not in text:
        text = re.sub(r"(?<=\d)[\u00a0\u2009\u202f\u2007](?=\d{3}(?!\d))", "", text)
    lines = [line for line in (squeeze(line) if _spaced(line) else line.strip() for line in text.splitlines()) if line]
    tokens = [token for line in lines for token in line.split()]
    if len(tokens) > len(lines):
        return "".join(tokens) if _grouped(tokens) or not _parted(tokens) else None
    return None if _parted(tokens) else "".join(tokens)


def _spaced(line: str) -> bool:
    """Whether a line is printed letter by letter."""
    tokens = line.split()
    return len(tokens) > 2 and "\t" not in line and all(len(token) == 1 for token in tokens)


def _grouped(tokens: Sequence[str]) -> bool:
    """Whether blanks part the thousands of one number with decimals."""
    first, *rest = tokens
    return (
        re.fullmatch(r"[-+(]?\d{1,3}", first) is not None
        and all(re.fullmatch(r"\d{3}", token) for token in rest[:-1])
        and re.fullmatch(r"\d{3}\.\d+\)?", rest[-1]) is not None
    )


def _parted(tokens: Sequence[str]) -> bool:
    """Whether some neighbours among tokens are two numbers, and no halves of one that is broken over two lines."""
    return any(_two(a.lstrip("-+("), b.rstrip("%)-")) for a, b in pairwise(tokens) if a and b)


def _two(a: str, b: str) -> bool:
    if not (_PLAIN.fullmatch(a) and _PLAIN.fullmatch(b)):
        return False
    whole, _, decimals = a.partition(".")
    if decimals:
        return not (len(decimals) == 1 and len(b) == 1)
    # the decimals of a long number that is broken among its digits
    return not ("." in b and "," not in b and len(whole) >= max(_WRAPPED, len(b)))
