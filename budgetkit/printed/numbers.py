"""Printed numbers: their value and the worth of their last digit."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from budgetkit.printed.widths import squeeze

_NUMBER = re.compile(r"(?P<sign>[-+])?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?(?P<percent>%)?")
_BRACKETED = re.compile(r"\(([^()]*)\)")
#: signs that documents print for minus, and for the separators within numbers
_SIGNS = str.maketrans({"−": "-", "－": "-", "﹣": "-", "–": "-", "，": ",", "．": ".", "％": "%", "﹪": "%"})


class Number(NamedTuple):
    """A printed number: its value, the worth of its last digit, and whether it is a percentage (value not divided)."""

    value: Decimal
    quantum: Decimal
    percent: bool


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
