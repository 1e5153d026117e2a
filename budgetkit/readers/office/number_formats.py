"""A number as a sheet shows it: the format codes of Excel, WPS and LibreOffice applied to the stored value."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

#: codes that files name by number only; those from 27 on are the dates of Chinese editions
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0;-¥#,##0", 6: "¥#,##0;[Red]-¥#,##0",
    7: "¥#,##0.00;-¥#,##0.00", 8: "¥#,##0.00;[Red]-¥#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00", 41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ', 43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'AM/PMh"时"mm"分"',
    35: 'AM/PMh"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: 'AM/PMh"时"mm"分"', 56: 'AM/PMh"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<wide>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式|通用格式)|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|a{3,4}|e+|g+|b{2,4}(?=[^a-z]|$))|(?P<digit>[0#?])|(?P<text>@)|(?P<other>.)",
    re.I | re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"(?:h+|m+|s+)", re.I)
_WHITE = ("white", "白色", "白")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: the days that a sheet can date: up to the end of 9999
_LAST_DAY = 2_958_465
#: signs by which a negative number is known as printed
_SIGNS = re.compile(r"[-−－﹣–(（△▲负减]")


@dataclass(frozen=True)
class Section:
    """One of the up to four parts of a format: its tokens as (kind, text), its condition, its colour."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None
    colour: str

    def has(self, *kinds: str) -> bool:
        """Whether a token of these kinds is there."""
        return any(kind in kinds for kind, _ in self.tokens)


@lru_cache(maxsize=1 << 16)
def show_number(value: Decimal, code: str, epoch_1904: bool = False) -> str:
    """The text that a cell shows for a number.

    >>> show_number(Decimal("1234560"), "#,##0.00,"), show_number(Decimal("12345600"), "0!.0000")
    ('1,234.56', '1234.5600')
    >>> show_number(Decimal("0.985"), "0.0%"), show_number(Decimal(5), "00"), show_number(Decimal(7), ";;;")
    ('98.5%', '05', '')
    """
    sections = parse_format(code)
    section, negative = _chosen(sections, value)
    if section is None or section.colour in _WHITE:
        return ""
    size = abs(value)
    if section.has("date"):
        return _date(value if negative else size, section, epoch_1904)
    if section.has("general", "text") or not section.tokens:
        text = "".join(
            _general(size) if kind in ("general", "text") else _literal(kind, t) for kind, t in section.tokens
        )
        text = text if section.tokens else (_general(size) if len(sections) == 1 else "")
    elif section.has("digit"):
        text = _digits(size, section)
    else:
        text = "".join(_literal(kind, t) for kind, t in section.tokens)
    text = text.strip(" \xa0\u3000")
    shows_zero = not any(character in "123456789" for character in text)
    if negative and text and not shows_zero:
        return text if text.startswith("-") else f"-{text}"
    # red in place of a sign is how many sheets print what is negative
    if value < 0 and not negative and section.colour in ("red", "红色", "红") and not _SIGNS.search(text):
        return f"-{text}" if text and not shows_zero else text
    return text


def show_text(text: str, code: str) -> str:
    """The text that a cell shows for a text: what the fourth section makes of it, or itself.

    >>> show_text("合计", ";;;"), show_text("合计", "0.00"), show_text("局", '@"（本级）"')
    ('', '合计', '局（本级）')
    """
    sections = parse_format(code)
    wanted = sections[3] if len(sections) > 3 else sections[-1] if sections[-1].has("text") else None
    if wanted is None:
        return text
    return "".join(text if kind == "text" else _literal(kind, t) for kind, t in wanted.tokens).strip(" ")


def loses_sign(value: Decimal, shown: str) -> bool:
    """Whether a negative number is shown as if it were none."""
    return value < 0 and any(c in "123456789" for c in shown) and not _SIGNS.search(shown)


def is_date(code: str) -> bool:
    """Whether a format shows dates or times.

    >>> is_date("yyyy-mm-dd"), is_date("[红色]0.00"), is_date('#,##0"年"')
    (True, False, False)
    """
    return any(section.has("date") for section in parse_format(code))


@lru_cache(maxsize=4096)
def parse_format(code: str) -> tuple[Section, ...]:
    """The sections of a format code."""
    sections: list[Section] = []
    tokens: list[tuple[str, str]] = []
    condition, colour = None, ""
    for match in _TOKEN.finditer(code[:1000]):
        kind, text = match.lastgroup or "other", match[match.lastgroup or 0] or ""
        if kind == "bracket":
            told = _CONDITION.fullmatch(text.strip())
            if told:
                condition = (told[1], Decimal(told[2]))
            elif text.startswith("$"):
                tokens.append(("quoted", text[1:].split("-")[0]))
            elif _ELAPSED.fullmatch(text):
                tokens.append(("date", f"[{text.lower()}]"))
            elif not text.lower().startswith(("dbnum", "natnum", "~")):
                colour = text.strip().lower()
        elif kind == "other" and text == ";":
            sections.append(Section(tuple(tokens), condition, colour))
            tokens, condition, colour = [], None, ""
        else:
            tokens.append((kind, text))
    return (*sections, Section(tuple(tokens), condition, colour))


def _chosen(sections: tuple[Section, ...], value: Decimal) -> tuple[Section | None, bool]:
    """The section for a value, and whether a minus is to be put before what it shows."""
    if any(section.condition for section in sections):
        for section in sections[:3]:
            if section.condition is None or _holds(section.condition, value):
                return section, value < 0
        return None, False
    # a fourth section is for texts
    numeric = sections[:3]
    if len(numeric) == 1 or (value > 0):
        return numeric[0], value < 0
    if value < 0:
        return numeric[1], False
    return (numeric[2] if len(numeric) == 3 else numeric[0]), False


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    operator, bound = condition
    signs = {"<": value < bound, ">": value > bound, "=": value == bound}
    return value != bound if operator == "<>" else any(signs[sign] for sign in operator)


def _literal(kind: str, text: str) -> str:
    """What a token prints that stands for itself; widths and fills are blanks."""
    return " " if kind == "wide" else "" if kind in ("fill", "digit") else text


def _general(value: Decimal) -> str:
    """Up to eleven characters as Excel shows them, but never less than two decimals: cells are wide enough or say so.

    >>> _general(Decimal("333.333333333333")), _general(Decimal("123456789012.34")), _general(Decimal("5.0"))
    ('333.3333333', '123456789012.34', '5')
    """
    whole = len(str(int(value)))
    text = f"{_round(value, max(2, 10 - whole)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _round(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)


def _digits(value: Decimal, section: Section) -> str:
    """The placeholders filled with the digits of a number, literals where they stand."""
    tokens = section.tokens
    if section.has("exponent"):
        decimals = sum(kind == "digit" for kind, _ in tokens[_point(tokens) : _first(tokens, "exponent")])
        return f"{value:.{decimals}E}"
    slash = _first(tokens, "other", "/")
    if slash < len(tokens):
        return _fraction(value, tokens, slash)
    point = _point(tokens)
    whole, part = tokens[:point], tokens[point + 1 :]
    scale = _scaling(whole) + _scaling(part)
    hundreds = sum(kind == "other" and text in "%％" for kind, text in tokens)
    decimals = sum(kind == "digit" for kind, _ in part)
    rounded = _round(_EXACT.multiply(value, Decimal(10) ** (2 * hundreds - 3 * scale)), decimals)
    before, _, after = f"{rounded:f}".partition(".")
    text = _whole(before.lstrip("0"), whole)
    if point < len(tokens):
        text += "." + _part(after, part)
    return text


def _point(tokens: tuple[tuple[str, str], ...]) -> int:
    return _first(tokens, "other", ".")


def _first(tokens: tuple[tuple[str, str], ...], kind: str, text: str | None = None) -> int:
    found = (k for k, token in enumerate(tokens) if token[0] == kind and text in (None, token[1]))
    return next(found, len(tokens))


def _scaling(tokens: tuple[tuple[str, str], ...]) -> int:
    """How many commas follow the last placeholder: each divides by a thousand."""
    last = max((k for k, (kind, _) in enumerate(tokens) if kind == "digit"), default=None)
    if last is None:
        return 0
    count = 0
    for token in tokens[last + 1 :]:
        if token != ("other", ","):
            break
        count += 1
    return count


def _whole(digits: str, tokens: tuple[tuple[str, str], ...]) -> str:
    """The part before the point, filled from the right; what is more than the placeholders stands at the first."""
    places = [k for k, (kind, _) in enumerate(tokens) if kind == "digit"]
    grouped = any(token == ("other", ",") for token in tokens[places[0] : places[-1]]) if places else False
    rest, printed = digits, 0
    pieces: list[str] = []
    for k in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[k]
        if kind != "digit":
            pieces.append("" if text == "," and kind == "other" else _literal(kind, text))
            continue
        take = rest if k == places[0] else rest[-1:]
        rest = "" if k == places[0] else rest[:-1]
        for digit in reversed(take or {"0": "0", "?": " "}.get(text, "")):
            pieces.append("," if grouped and printed and printed % 3 == 0 and digit.isdigit() else "")
            pieces.append(digit)
            printed += 1
    return "".join(reversed(pieces)) if places else "".join(reversed(pieces)) + digits


def _part(digits: str, tokens: tuple[tuple[str, str], ...]) -> str:
    """The part after the point: zeros that only `#` would show are left out."""
    pieces: list[str] = []
    place = 0
    for kind, text in tokens:
        if kind == "digit":
            digit = digits[place] if place < len(digits) else "0"
            place += 1
            blank = text != "0" and not digits[place - 1 :].strip("0")
            pieces.append("" if blank else digit)
        else:
            pieces.append("" if text == "," and kind == "other" else _literal(kind, text))
    return "".join(pieces)


def _fraction(value: Decimal, tokens: tuple[tuple[str, str], ...], slash: int) -> str:
    below = "".join(text for kind, text in tokens[slash + 1 :] if kind in ("digit", "other"))
    fixed = re.match(r"[1-9]\d*", below)
    if fixed:
        shown = Fraction(round(value * int(fixed[0])), int(fixed[0]))
    else:
        shown = Fraction(value).limit_denominator(10 ** max(min(len(below), 4), 1) - 1)
    whole, rest = divmod(shown.numerator, shown.denominator)
    if not rest:
        return str(whole)
    return f"{whole} {rest}/{shown.denominator}" if whole else f"{rest}/{shown.denominator}"


def to_datetime(value: Decimal, epoch_1904: bool) -> dt.datetime | None:
    """The moment that a number of days means; None outside of what a sheet can date."""
    if not 0 <= value <= _LAST_DAY:
        return None
    # Excel counts a 29 February 1900 that never was
    first = dt.datetime(1904, 1, 1) if epoch_1904 else dt.datetime(1899, 12, 30 if value >= 60 else 31)
    try:
        return first + dt.timedelta(seconds=round(float(value) * 86400))
    except OverflowError:
        return None


def _date(value: Decimal, section: Section, epoch_1904: bool) -> str:
    moment = to_datetime(value, epoch_1904)
    if moment is None:
        return "########"
    tokens = section.tokens
    half = section.has("ampm")
    pieces: list[str] = []
    for k, (kind, text) in enumerate(tokens):
        if kind == "ampm":
            pieces.append(("下午" if moment.hour >= 12 else "上午") if "午" in text else f"{moment:%p}")
        elif kind == "date":
            pieces.append(_date_part(moment, text.lower(), value, half, _is_minute(tokens, k)))
        elif kind == "digit":
            pieces.append("0")
        else:
            pieces.append(_literal(kind, text))
    return "".join(pieces).strip(" ")


def _is_minute(tokens: tuple[tuple[str, str], ...], place: int) -> bool:
    """Whether an m stands for minutes: after hours, or before seconds."""
    dates = [(k, text.lower().strip("[]")) for k, (kind, text) in enumerate(tokens) if kind == "date"]
    index = next(n for n, (k, _) in enumerate(dates) if k == place)
    before = dates[index - 1][1] if index else ""
    after = dates[index + 1][1] if index + 1 < len(dates) else ""
    return before.startswith("h") or after.startswith("s")


def _date_part(moment: dt.datetime, part: str, value: Decimal, half: bool, minute: bool) -> str:
    if part.startswith("["):
        unit = {"h": 24, "m": 1440, "s": 86400}[part[1]]
        return f"{int(value * unit):0{len(part) - 2}d}"
    long = len(part) > 1
    weekday = "一二三四五六日"[moment.weekday()]
    hour = (moment.hour % 12 or 12) if half else moment.hour
    number = {"h": hour, "s": moment.second, "m": moment.minute if minute else moment.month, "d": moment.day}
    if part[0] == "y":
        return f"{moment.year % 100:02d}" if len(part) <= 2 else f"{moment.year:04d}"
    if part[0] == "a" or (part[0] == "d" and len(part) > 2):
        return weekday if part == "aaa" else f"星期{weekday}"
    if part[0] == "m" and len(part) > 2:
        return _MONTHS[moment.month - 1]
    if part[0] in "gb":
        return ""
    return str(moment.year) if part[0] == "e" else f"{number[part[0]]:0{2 if long else 1}d}"
