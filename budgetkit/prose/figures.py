"""Figures of a text: numbers with their units, and the words for a change of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from budgetkit.printed.numbers import parse_number
from budgetkit.prose.grammar import Grammar

#: how much of the text behind a figure patterns see
_AFTER = 24
#: no amount has more digits and signs
_DIGITS = 30


class Figure(NamedTuple):
    """One figure: yuan for money, a fraction for rates, else the number."""

    start: int
    end: int
    #: "money", "rate", "count" or "same"
    kind: str
    value: Decimal
    quantum: Decimal | None
    unit: str
    printed: str
    #: the text behind it
    after: str = ""
    #: whether it is one per something ("元/月/人")
    per: bool = False


def find_figures(text: str, grammar: Grammar, *, indicator: bool = False) -> Iterator[Figure]:
    """All figures of a text in order; dates, thresholds and numbers without a unit are none."""
    for match in (grammar.indicator if indicator else grammar.figure).finditer(text):
        start, end = match.span()
        if match["same"]:
            yield Figure(start, end, "same", Decimal(0), None, "", match[0])
            continue
        if match["zero"]:
            yield Figure(start, end, "money", Decimal(0), None, "", "0")
            continue
        printed = match["number"] or match["bare"]
        number = parse_number(printed) if len(printed) <= _DIGITS else None
        if number is None:
            continue
        unit = match["unit"] or ""
        kind, worth = _scale(unit, grammar)
        per = match["per"] or ""
        after = text[end : end + _AFTER]
        yield Figure(
            start, end, kind, number.value * worth, number.quantum * worth, unit + per, match[0], after, bool(per)
        )


def _scale(unit: str, grammar: Grammar) -> tuple[str, Decimal]:
    if unit in grammar.units.money:
        return "money", Decimal(grammar.units.money[unit])
    if unit in grammar.units.rate:
        return "rate", Decimal("0.01")
    return "count", Decimal(1)
