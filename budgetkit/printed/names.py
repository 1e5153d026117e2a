"""Names of units: how they end, and their form for comparing, of which what a print adds is no part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from budgetkit import specs
from budgetkit.printed.widths import fold

#: numbers of units before the name: 105236 西南大学, [101001]某局, 101-某局
_NUMBER = re.compile(r"^(?:[\[(【]\d{2,}[\])】]|\d{2,}[-_.、:]?)(?=\D)")
#: what says which level of a unit is meant, in brackets at the end or bare
_SHARE = (
    "本级|机关|本部|本部门|本单位|汇总|合并|部门|单位|部门汇总|单位汇总|汇总数|含(?:下|所)属单位|(?:不含下属|含本级).*"
    # what a list of units says of how each is paid, and what it was called
    "|行政|参公|全额|差额|自收自支|财政[核补]拨|原.{3,}|加?挂.+牌子?|.*(?:独立核算|拨款)"
)
_BRACKETED = re.compile(rf"[(\[【](?:{_SHARE})[)\]】]$")
#: 机关 is part of a name as often as not: it goes only behind what is a unit without it
_BARE = re.compile(r"(?<=..)(?:本级|汇总|(?<=[局委办厅部院会府处署室社团所])(?:本级)?机关)$")
#: letters that no name of a unit has more of; patterns look back over all of them
_LONGEST = 200
_BRACKETS = str.maketrans("[]【】{}〈〉<>", "()()()()()")
_MARKS = re.compile(r"[\"'·・•‧.,、,:;*#_\-]+")


@lru_cache(maxsize=1 << 14)
def folded_name(name: str) -> str:
    """The form of a unit's name that all its prints share; two names are of one unit when these are equal.

    Width, white space, quotation marks and middle dots, the number before the name, and （本级）, （汇总）, （机关）
    and the like behind it are taken out. Other brackets stay: 某局（某分局） is a unit of its own.

    >>> folded_name("105236 临海市观澜局（本级）"), folded_name("临海市观澜局 (汇总)"), folded_name("临海市观澜局机关")
    ('临海市观澜局', '临海市观澜局', '临海市观澜局')
    >>> folded_name("临海市机关事务中心（东区分中心）")
    '临海市机关事务中心(东区分中心)'
    """
    text = _NUMBER.sub("", fold(name)).translate(_BRACKETS)
    previous = None
    while previous != text and len(text) <= _LONGEST:
        previous = text
        text = _BARE.sub("", _BRACKETED.sub("", text))
    return _MARKS.sub("", text)


@dataclass(frozen=True, slots=True)
class Endings:
    """All of specs/organisations.toml."""

    everywhere: tuple[str, ...]
    rows: tuple[str, ...]
    titles: tuple[str, ...]
    prose: tuple[str, ...]
    sentences: tuple[str, ...]


@cache
def endings() -> Endings:
    """How names of organisations end, by where they stand."""
    return specs.load(Endings, "organisations.toml")


@cache
def ending(place: Literal["rows", "titles", "prose", "sentences"]) -> str:
    """An expression for the end of an organisation's name in a place, the longest first.

    >>> re.findall(ending("rows"), "某市大学和镇政府")
    ['大学', '镇', '政府']
    """
    listed = {*endings().everywhere, *getattr(endings(), place)}
    return f"(?:{'|'.join(sorted(listed, key=lambda end: (-len(end), end)))})"
