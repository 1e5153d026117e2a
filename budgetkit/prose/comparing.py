"""Comparisons: what the words before a figure compare it with, and which way it went."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from budgetkit.prose.grammar import load

#: what "prior" is compared with is the year before; "own" the item's own budget
PRIOR, OWN = "prior", "own"
_BASE = (
    r"(?:按?同口径)?(?:(?:与|同比|相?比|较|同|和)(?:(?P<last>去年|上年度?|上一年度?)|(?P<year>\d{4})年度?)|(?:与|比|较)(?:本年度?|当年|年初|全年|调整后?的?)*(?=预算))"
    r"(?:同期)?的?(?:(?P<alone>(?:预算|决算)?总(?:收入|支出))|(?P<of>[^，。；：\d相比增减降]{0,24}?)"
    r"(?P<words>(?:年初|全年|部门|财政拨款)*(?:(?:预算|决算|执行|支出)(?:安排|执行|支出)?(?:数[据字]?|金额|总[额数]|限额)?|合计|总[计额])))?"
    r"(?:相比较?|比较|对比|相|比|的)?(?:[\d.,]+(?=\D))?"
)


class Comparison(NamedTuple):
    """A comparison as printed; a bare one has neither item nor base: 减少."""

    #: the words before it, which name the item
    name: str
    #: PRIOR, OWN, or "" where it names no base
    against: str
    #: the words of the base, which tell its phase, and those among them that may name the item
    base: str = ""
    of: str = ""
    #: whether it says which way; +1 or -1, or either (增加（减少）)
    directed: bool = False
    sign: int = 1
    either: bool = False
    #: whether it speaks of each item of a list: 均与上年持平
    each: bool = False
    #: the same of amounts beside each other: 与上年相比，各增加
    apart: bool = False


@cache
def _shapes() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A whole comparison, its base, the words that say down, and what no comparison is without."""
    words = load().words
    base = f"(?P<base>{_BASE}|(?:按?同口径)?(?P<alike>同比))"
    ways = f"(?:同比|对比|相比|总体)?(?P<way>{words.up}|{words.down})"
    ways += "(?:了|[率额]为?|(?<=幅)为?|(?(base)(?:收入|支出|资金)))?"
    return (
        re.compile(f"(?P<name>.*?)(?P<each>均|都)?(?:{base})?(?P<apart>各)?(?:(?:预算|决算)?数?为?|{ways})"),
        re.compile(base),
        re.compile(words.down),
        re.compile(f"[与比较同和]|{words.up}|{words.down}"),
    )


@lru_cache(maxsize=1 << 10)
def read_comparison(text: str, year: int | None) -> Comparison | None:
    """The comparison that a clause ends with; None where there is none, or with another year.

    `year`: the fiscal year, which tells printed years apart.

    >>> read_comparison("公务接待费比2030年决算数减少", 2031)[:3]
    ('公务接待费', 'prior', '比2030年决算数')
    >>> read_comparison("决算数比年初预算数增加", 2031).against, read_comparison("比2028年增加", 2031)
    ('own', None)
    """
    whole, _, down, signs = _shapes()
    match = whole.fullmatch(text) if signs.search(text) else None
    if match is None or not (match["base"] or match["way"]):
        return None
    way = match["way"] or ""
    against = _against(match, year) if match["base"] else ""
    if against is None:
        return None
    sign = -1 if way and down.fullmatch(way) else 1
    return Comparison(
        match["name"],
        against,
        match["base"] or "",
        match["of"] or match["alone"] or "",
        bool(way),
        sign,
        "（" in way,
        match["each"] is not None,
        match["apart"] is not None,
    )


def leading_base(text: str, year: int | None) -> tuple[str, int]:
    """What a text begins to compare with, and where that ends; ("", 0) where it does not.

    >>> leading_base("与上年相比财政拨款支出减少", 2031)
    ('prior', 5)
    """
    match = _shapes()[1].match(text)
    against = _against(match, year) if match is not None else None
    return (against, match.end()) if match is not None and against else ("", 0)


def _against(match: re.Match[str], year: int | None) -> str | None:
    words = match["words"] or ""
    if match["alike"] or match["last"]:
        return PRIOR
    if match["year"]:
        if year is None or int(match["year"]) not in (year - 1, year):
            return None
        return PRIOR if int(match["year"]) == year - 1 else OWN if "预算" in words else None
    return OWN if "预算" in words else None
