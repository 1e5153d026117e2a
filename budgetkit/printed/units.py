"""Units of money as printed: 元, 万元, 亿元 and their like."""

from __future__ import annotations

import re
from functools import lru_cache

from budgetkit.printed.widths import fold

#: yuan in one unit
YUAN_PER = {
    "元": 1,
    "百元": 100,
    "千元": 1_000,
    "万元": 10_000,
    "十万元": 100_000,
    "百万元": 1_000_000,
    "千万元": 10_000_000,
    "亿元": 100_000_000,
}

_UNIT = "(?:[十百千]?[万亿]|[百千])?元"
_ONE = rf"(?P<unit>{_UNIT})(?P<more>[/、或及]{_UNIT})?"
_CURRENCY = "(?:人民币|RMB|¥|￥)?"
#: 单位：万元, before anything that does not go on as a word (单位：元谋县某局)
_STATED = re.compile(rf"(?:金额|货币|计量|计价)?单位[:：]?\(?{_CURRENCY}{_ONE}(?![\u4e00-\u9fff])")
_BRACKETED = re.compile(rf"[(\[【](?:金额)?(?:单位)?[:：]?{_CURRENCY}{_ONE}[)\]】]")
_WHOLE = re.compile(rf"{_CURRENCY}{_ONE}(?:人民币)?")


@lru_cache(maxsize=1 << 13)
def unit_in(text: str) -> str | None:
    """The unit of money that a text states; None where it states none, or more than one.

    >>> unit_in("金额单位：万元"), unit_in("决算数（元）"), unit_in("人民币元"), unit_in("单位：元/万元")
    ('万元', '元', '元', None)
    """
    folded = fold(text)
    if "元" not in folded:
        return None
    found = {match["unit"] for pattern in (_STATED, _BRACKETED) for match in pattern.finditer(folded)}
    more = any(match["more"] for pattern in (_STATED, _BRACKETED) for match in pattern.finditer(folded))
    if not found and (match := _WHOLE.fullmatch(folded)):
        found, more = {match["unit"]}, bool(match["more"])
    return found.pop() if len(found) == 1 and not more else None


def states_unit(text: str) -> bool:
    """Whether a text states a unit of money, also one that is unclear (元/万元)."""
    folded = fold(text)
    return "元" in folded and any(pattern.search(folded) for pattern in (_STATED, _BRACKETED))


@lru_cache(maxsize=1 << 13)
def without_unit(text: str) -> str:
    """A folded text without the unit that it states.

    >>> without_unit("预算数（单位：万元）")
    '预算数'
    """
    folded = fold(text)
    if "元" not in folded:
        return folded
    return "" if _WHOLE.fullmatch(folded) else _STATED.sub("", _BRACKETED.sub("", folded))


def yuan_per(unit: str) -> int:
    """How many yuan one unit of money is.

    >>> yuan_per("万元")
    10000
    """
    return YUAN_PER[unit]
