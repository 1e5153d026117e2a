"""Printed targets and results as operator, number and unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from budgetkit.performance.vocabulary import vocabulary
from budgetkit.printed.numbers import Number, parse_number
from budgetkit.printed.widths import fold, squeeze

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SIGNS = str.maketrans({"，": ",", "−": "-", "﹣": "-", "﹪": "%", "〈": "<", "〉": ">", "﹤": "<", "﹥": ">"})
_MONEY = re.compile(r"(.*?)(万元|元)?")
_YEAR = re.compile(r"(?:19|20)\d\d年度?")
_LONGEST_PART = 4
#: characters of a number; longer ones are none that anything is measured by
_LONGEST_NUMBER = 24


class Value(NamedTuple):
    """A target or result: comparison, number in `unit`, and unit; all None where the text is no single number."""

    operator: str | None
    value: Decimal | None
    unit: str | None


_NOTHING = Value(None, None, None)


def parse_value(printed: str) -> Value:
    """Read a printed target (年度指标值) or result (实际完成值).

    `operator` is one of ``>= <= = > <``, None where none is printed. `value` is the number as printed in front of
    `unit`: percentages are not divided ("95%" is 95 with unit "%"), "100万条" is 100 with unit "万条". `unit` is as
    printed, None where none is. What is no number (优, 有效提高, =0 效果显著), an approximation (约6类, 10余次), a list
    or a range (≥1月&&≤12月, 10-15项) has none of the three: two bounds are no single operator and number.

    >>> parse_value("≥15种")
    Value(operator='>=', value=Decimal('15'), unit='种')
    >>> parse_value("≤对接活动经费26万元").unit, parse_value("=100.00(%)")
    ('万元', Value(operator='=', value=Decimal('100.00'), unit='%'))
    >>> parse_value("53131.73").value, parse_value("3785.71元/月/人").unit, parse_value("=0 效果显著").value
    (Decimal('53131.73'), '元/月/人', None)
    """
    words = vocabulary().values
    raw = squeeze(printed).translate(_SIGNS)
    text = fold(raw)
    for prefix in words.prefixes:
        rest = text.removeprefix(prefix)
        if rest != text and _operator(rest)[0]:
            text = rest
    operator, text = _operator(text)
    match = _NUMBER.match(text)
    if match is None and operator:
        text, match = _turned(text)
    if match is None or len(match[0]) > _LONGEST_NUMBER:
        return _NOTHING
    rest = text[match.end() :]
    for suffix, meaning in words.suffixes:
        if rest.endswith(suffix):
            rest, operator = rest.removesuffix(suffix), operator or meaning
            raw = raw.removesuffix(suffix)
            break
    if (rest and not _is_unit(rest)) or _YEAR.fullmatch(match[0] + rest):
        return _NOTHING
    return Value(operator, Decimal(match[0].replace(",", "")), _as_printed(raw, _bare_unit(rest)) or None)


def parse_parts(nature: str, value: str, unit: str) -> Value:
    """Read a target printed in three columns (性质, 值, 单位); 定性 is no number.

    >>> parse_parts("＝", "100", "%")
    Value(operator='=', value=Decimal('100'), unit='%')
    >>> parse_parts("定性", "优", "")
    Value(operator=None, value=None, unit=None)
    """
    if fold(nature) in vocabulary().values.qualitative:
        return _NOTHING
    operator, rest = _operator(fold(nature))
    number = None if rest or not squeeze(unit) else _figure(value)
    if number is None or number.percent:
        return parse_value(printed_target(nature, value, unit))
    return Value(operator, number.value, _as_printed(squeeze(unit), _bare_unit(fold(unit))))


def printed_target(nature: str, value: str, unit: str) -> str:
    """A target of three columns as one text; a sign or unit that the value prints itself stands once.

    >>> printed_target("≥", "95", "%"), printed_target("≥", "≥95%", "%")
    ('≥95%', '≥95%')
    """
    folded = fold(value)
    own, _ = _operator(folded)
    sign = "" if own is not None and own == _operator(fold(nature))[0] else nature
    return sign + value + ("" if unit and folded.endswith(fold(unit)) else unit)


def is_nature(printed: str) -> bool:
    """Whether the text of a column 指标性质 belongs to the target: a comparison or 定性, not 定量 or 正向指标.

    >>> is_nature("≥"), is_nature("定性"), is_nature("正向指标")
    (True, True, False)
    """
    text = fold(printed)
    operator, rest = _operator(text)
    return text in vocabulary().values.qualitative or (operator is not None and not rest)


def parse_money(printed: str, scale: int | None) -> float | None:
    """An amount in yuan, exact to the fen: its own unit counts before the form's; None without number or unit.

    >>> parse_money("206.00", 10000), parse_money("85900元", None), parse_money("1.5", None), parse_money("—", 1)
    (2060000.0, 85900.0, None, None)
    """
    match = _MONEY.fullmatch(fold(printed))
    number = _figure(match[1]) if match else None
    own = {"万元": 10000, "元": 1}.get(match[2]) if match and match[2] else scale
    if number is None or number.percent or own is None:
        return None
    return float(number.value * own)


def parse_points(printed: str) -> float | None:
    """Points (分值, 得分); a printed 分 or % is dropped.

    >>> parse_points("12.5"), parse_points("10分"), parse_points("—")
    (12.5, 10.0, None)
    """
    number = _figure(fold(printed).removesuffix("分"))
    return None if number is None else float(number.value)


def parse_rate(printed: str, percent: bool = False) -> float | None:
    """An execution rate (执行率) as a fraction.

    Without percent sign in the cell or its head, up to 1.5 it is a fraction already, above a percentage.

    >>> parse_rate("24.94%"), parse_rate("24.94", percent=True), parse_rate("0.25"), parse_rate("--")
    (0.2494, 0.2494, 0.25, None)
    """
    number = _figure(printed)
    if number is None:
        return None
    divide = number.percent or percent or number.value > Decimal("1.5")
    return float(number.value / 100 if divide else number.value)


def _figure(printed: str) -> Number | None:
    """A printed number that is not absurdly long."""
    return parse_number(printed) if len(printed) <= _LONGEST_NUMBER else None


def _turned(text: str) -> tuple[str, re.Match[str] | None]:
    """A number behind words or its unit (≤对接企业26万元, ≥次3), brought to the front; words say what is counted."""
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) != 1:
        return text, None
    before, after = text[: numbers[0].start()], text[numbers[0].end() :]
    words = vocabulary().values
    if before not in words.prefixes and (before[-1] in words.vague or "每" in before):
        return text, None
    unit = after or (before if _is_unit(before) else "")
    turned = numbers[0][0] + unit
    return turned, _NUMBER.match(turned)


def _operator(text: str) -> tuple[str | None, str]:
    """The comparison at the start of folded text, and what follows."""
    words = vocabulary().values
    for printed, operator in words.operators if text.startswith(words.signs) else ():
        if text.startswith(printed):
            return operator, text.removeprefix(printed)
    return None, text


def _is_unit(text: str) -> bool:
    """Whether folded text behind a number can be a unit and no statement or second number."""
    words = vocabulary().values
    text = _bare_unit(text)
    if text in words.units or text in ("%", "‰"):
        return True
    bare = re.sub(r"\(([^()]{1,3})\)", r"/\1", text)
    parts = re.split("[/每·、]", bare)
    return all(
        part in words.units
        or (0 < len(part) <= _LONGEST_PART and not re.search(rf"[\d<>=&+\-%(){words.no_unit}]", part))
        for part in parts
    )


def _bare_unit(text: str) -> str:
    """A unit without the brackets it may stand in: 100.00(%)."""
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _as_printed(raw: str, folded: str) -> str:
    """The end of the printed text that folds to the given text."""
    if folded == "%":
        return folded
    return next(
        (raw[at : at + len(folded)] for at in range(len(raw)) if fold(raw[at : at + len(folded)]) == folded), folded
    )
