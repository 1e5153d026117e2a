"""Years as printed, in digits or Chinese numerals."""

from __future__ import annotations

import re

from budgetkit.printed.widths import fold

_CHINESE = str.maketrans("○〇零一二三四五六七八九", "000123456789")
_ONE = r"(?:20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})"
_NAMED = re.compile(rf"({_ONE})年")
#: 2010元 is no year
YEAR = re.compile(rf"(?<![\d.,])({_ONE})(?!\d|[.,]\d|[元万亿人个件名辆次批套台户%])(年度|年)?")
#: a year as part of a title: with 年, or right before what it is the year of
_TITLE_YEAR = re.compile(rf"(?<!\d)\(?{_ONE}(?:年度?\)?(?!\d{{1,2}}月)|\)|(?=(?:部门|单位)?(?:综合|汇总)?[预决]算))")
#: a year that is compared with
COMPARES = ("较", "比", "与", "同", "和")
_COMPARED = re.compile(rf"(?:{'|'.join(COMPARES)})20\d\d年?")
#: the same in a title, where 与2024年预算 names a second one
_AGAINST = re.compile(r"(?:较|比|(?:与|同|和)(?=20\d\d年.{0,12}(?:相比|对比|比较|持平)))20\d\d年?")
#: a title has no more characters
_LONG = 60


def year_in(text: str) -> int | None:
    """The first year that a text names with 年; None where it names none.

    >>> year_in("二〇二四年度部门决算"), year_in("2020 年度"), year_in("2020")
    (2024, 2020, None)
    """
    match = _NAMED.search(fold(text))
    return int(match[1].translate(_CHINESE)) if match else None


def year_of(text: str) -> int | None:
    """The first year in a text, in digits or Chinese numerals.

    >>> year_of("二〇二四年度部门决算"), year_of("2020 年度")
    (2024, 2020)
    """
    match = YEAR.search(fold(text))
    return int(match[1].translate(_CHINESE)) if match else None


def title_year(text: str) -> int | None:
    """The last year in a text that is part of a title, and neither of a date nor compared with.

    >>> title_year("某局2026部门预算"), title_year("2023年预算执行情况和2024年预算草案"), title_year("2024年2月")
    (2026, 2024, None)
    >>> title_year("2031年预算比2030年减少"), title_year("2031年与2030年“三公”经费对比")
    (2031, 2031)
    """
    found = _TITLE_YEAR.findall(_AGAINST.sub("", fold(text)))
    return year_of(found[-1]) if found else None


def spoken_year(text: str) -> int | None:
    """The year of which a line speaks: the last one of a title, the first one of a sentence.

    >>> spoken_year("2031年公务接待费10万元，比2030年减少2万元，" + "主要是厉行节约，" * 6)
    2031
    """
    folded = _COMPARED.sub("", fold(text))
    found = _TITLE_YEAR.findall(folded)
    return year_of(found[0 if len(folded) > _LONG else -1]) if found else year_of(folded)


def without_year(text: str) -> str:
    """A line of a title without the year and the 关于 before it.

    >>> without_year("关于青石县水月局2031年度部门预算的说明")
    '青石县水月局部门预算的说明'
    """
    return _TITLE_YEAR.sub("", text).removeprefix("关于")
