"""Years as printed, in digits or Chinese numerals."""

from __future__ import annotations

import re

from budgetkit.printed.widths import fold

_CHINESE = str.maketrans("○〇零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})年")


def year_in(text: str) -> int | None:
    """The first year that a text names with 年; None where it names none.

    >>> year_in("二〇二四年度部门决算"), year_in("2020 年度"), year_in("2020")
    (2024, 2020, None)
    """
    match = _YEAR.search(fold(text))
    return int(match[1].translate(_CHINESE)) if match else None
