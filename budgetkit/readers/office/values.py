"""A stored value as a cell shows it, for all kinds of workbooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import squeeze
from budgetkit.readers.office.number_formats import is_date, loses_sign, show_number, show_text, to_datetime
from budgetkit.readers.office.styles import Style

_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)", re.I)
#: carriage returns as Excel writes them into XML
_RETURN = re.compile(r"_x000[dD]_\n?|\r\n?")
#: money has no more digits before the point; a larger number is shown as it is stored
_MOST_DIGITS = 20
#: what is typed before a number to have it as text
_TEXT_MARKS = ("'", "’", "‘")
#: a sum of money, or words that put one in the place of another
_CORRECTION = re.compile(r"\d\.\d|\d,\d{3}|\d{5,}|(?:应为|改为|更正|应是|实为)\D{0,6}\d")
#: years of which a budget may speak: numbers under a date format that give others are no dates
_YEARS = range(1970, 2101)


@lru_cache(maxsize=1 << 16)
def plain_number(stored: str) -> Decimal | None:
    """A stored number without binary noise: Excel keeps 15 significant digits.

    >>> plain_number("0.30000000000000004"), plain_number("1234.5"), plain_number("1e999"), plain_number("x")
    (Decimal('0.3'), Decimal('1234.5'), None, None)
    """
    try:
        number = float(stored)
    except ValueError:
        return None
    if number in (float("inf"), float("-inf")) or number != number or abs(number) >= 10**_MOST_DIGITS:
        return None
    try:
        return Decimal(f"{number:.15g}")
    except InvalidOperation:
        return None


def show(text: str, value: Decimal | None, code: str, epoch_1904: bool = False) -> tuple[str, str]:
    """The text that a cell shows for a text or number, and what of it is not to be seen ("" when all is).

    >>> show("1234.5", Decimal("1234.5"), "0.00"), show("7", Decimal(7), ";;;")
    (('1234.50', ''), ('', 'value hidden by its number format'))
    """
    if value is None:
        shown = tidy(show_text(text, code))
        if shown[:1] in _TEXT_MARKS and parse_number(shown[1:]) is not None:
            # the mark that makes a number a text, typed once more
            shown = shown[1:]
        return shown, "value hidden by its number format" if text.strip() and not shown else ""
    shown = show_number(value, code, epoch_1904)
    if value and not shown:
        return "", "value hidden by its number format"
    return shown, "sign of a negative number" if loses_sign(value, shown) else ""


def tidy(text: str) -> str:
    r"""The lines of a text without blanks at their ends, blank ones left out; see `cell_text`.

    >>> tidy(" 合\r\n\n计 ")
    '合\n计'
    """
    lines = (line.strip(" \t\xa0\u3000") for line in _RETURN.sub("\n", text).split("\n"))
    return cell_text([line for line in lines if squeeze(line)])


def cell_text(lines: Sequence[str]) -> str:
    r"""The lines of a cell as one text; figures in lines of their own stay apart where white space is taken out.

    >>> cell_text(["900", "700"]), cell_text(["1,234", ".50"]), cell_text(["一般", "公共"])
    ('900；\n700', '1,234\n.50', '一般\n公共')
    """
    if len(lines) < 2:
        return "".join(lines)
    figures = [any(c.isdigit() for c in line) and parse_number(line) is not None for line in lines]
    return "".join(
        line + ("" if k + 1 == len(lines) else "；\n" if figures[k] and figures[k + 1] else "\n")
        for k, line in enumerate(lines)
    )


def is_error(text: str) -> bool:
    """Whether a cell shows an error of a formula.

    >>> is_error("#REF!"), is_error("#1")
    (True, False)
    """
    return text.startswith("#") and _ERROR.fullmatch(text.strip()) is not None


def may_correct(comment: str) -> bool:
    """Whether a comment on a cell or a text speaks of an amount, which may be other than the printed one.

    >>> may_correct("应为 800"), may_correct("1,234.50"), may_correct("不超过200字")
    (True, True, False)
    """
    return _CORRECTION.search(comment) is not None


def odd_date(value: Decimal, code: str, epoch_1904: bool = False) -> bool:
    """Whether a date format is put on a number that is no date: it gives a year of which no budget speaks.

    >>> odd_date(Decimal(201), "yyyy-mm-dd"), odd_date(Decimal(45000), "yyyy-mm-dd"), odd_date(Decimal(201), "0")
    (True, False, False)
    """
    if not is_date(code) or value < 1:
        return False
    moment = to_datetime(value, epoch_1904)
    return moment is None or moment.year not in _YEARS


@dataclass(frozen=True, slots=True)
class Stored:
    """What a cell holds: its text, its number where it is one, and why runs of it are not to be seen."""

    text: str
    value: Decimal | None = None
    unseen: str = ""


def seen(
    stored: Stored,
    style: Style,
    place: tuple[int, int],
    unseen: dict[str, list[tuple[int, int]]],
    zeros: bool = True,
    epoch_1904: bool = False,
) -> str:
    """The text that a cell shows; what it hides is added to `unseen` with the cell's place."""
    value = stored.value
    if stored.unseen:
        unseen[stored.unseen].append(place)
    if not stored.text or (value == 0 and not zeros):
        return ""
    if style.unseen:
        unseen[style.unseen].append(place)
        return ""
    code = style.code
    if value is not None and odd_date(value, code, epoch_1904):
        unseen["number shown as a date"].append(place)
        code = "General"
    shown, why = show(stored.text, value, code, epoch_1904)
    if why:
        unseen[why].append(place)
    if is_error(shown):
        unseen["error in place of a value"].append(place)
    return shown
