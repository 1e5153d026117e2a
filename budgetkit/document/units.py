"""The units that a document lists as its department's, and the department that a unit's document names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from budgetkit.document.cover import front_spec
from budgetkit.model import Grid, Line, Page
from budgetkit.printed.names import folded_name
from budgetkit.printed.widths import fold
from budgetkit.tables.columns import is_organisation

#: numbers of pages between the lines
_FOOT = re.compile(r"[-—–·]*\d{1,4}[-—–·]*")
#: a line of such a list
_ITEM = re.compile(r"\n+(?:\(?[一二三四五六七八九十\d]{1,3}\)?[、.:)]?)?(?P<name>[^\n。;,:、]{4,40}?)[。;,]?(?=\n|$)")
#: a grid among the lines of a text, by its number
_GRID = re.compile(r"\s*\x00(\d+)\x00")
_COUNT = re.compile(r"等?\d*[个家所](?:[^个家所]{0,8}单位|机构)$")
_ORGAN = r"[^。,;:、()]{3,30}?"


@dataclass(frozen=True, slots=True)
class _Stream:
    """All lines of a document, folded, with the places of its grids."""

    text: str
    grids: tuple[Grid, ...]


@cache
def _lead() -> re.Pattern[str]:
    """What begins a list of units."""
    words = front_spec().units
    of, all_, within, begins = map("|".join, (words.of, words.all, words.within, words.begins))
    return re.compile(rf"(?:{of})(?:{all_})*单位(?:(?!{within})[^。;()]){{0,24}}?(?:{begins})[:,]?")


@cache
def _over() -> re.Pattern[str]:
    """Who is over a unit: 某中心是某局下属的事业单位, 某校隶属于某局."""
    below = "|".join(front_spec().units.below)
    return re.compile(rf"(?:[是为系](?P<own>{_ORGAN})(?:{below})|隶属于?(?P<of>{_ORGAN})(?=[。,;:、(]|管理))")


def listed_names(pages: Sequence[Page]) -> tuple[str, ...]:
    """The units that the prose, or a table below it, lists (下属单位包括…); those of the scope alone, if that is told.

    >>> lines = ("纳入本部门2031年预算编制的二级预算单位包括：", "1.青石县水月局（本级）", "2.青石县农桑站", "三、收支")
    >>> listed_names([Page(1, tuple(map(Line, lines)))])
    ('青石县水月局(本级)', '青石县农桑站')
    """
    stream = _stream(pages)
    # words are broken over lines
    flat = stream.text.replace("\n", "")
    breaks = [found.start() - before for before, found in enumerate(re.finditer("\n", stream.text))]
    found: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for lead in _lead().finditer(flat):
        sentence = flat[max(lead.start() - 30, 0) : lead.end()].rpartition("。")[2]
        names = _names(stream, lead.end() + bisect_right(breaks, lead.end() - 1))
        found[front_spec().units.scope.search(sentence) is not None].update(dict.fromkeys(names))
    return tuple(found[True] or found[False])


def _stream(pages: Sequence[Page]) -> _Stream:
    grids: list[Grid] = []
    texts = []
    for page in pages:
        for block in page.blocks:
            if isinstance(block, Line):
                texts += [text] if not _FOOT.fullmatch(text := fold(block.text)) else []
            else:
                texts.append(f"\x00{len(grids)}\x00")
                grids.append(block)
    return _Stream("\n".join(texts), tuple(grids))


def _names(stream: _Stream, at: int) -> Iterator[str]:
    """The names behind the words that begin a list: of tables, of lines, or of a sentence."""
    grids = []
    while match := _GRID.match(stream.text, at):
        grids.append(stream.grids[int(match[1])])
        at = match.end()
    if grids:
        return (name for grid in grids for name in _column(grid))
    lines = list(_lines(stream.text, at)) if stream.text.startswith("\n", at) else []
    return iter(lines) if lines else _in_sentence(stream.text[at : at + 1_500])


def _column(grid: Grid) -> list[str]:
    """The names in the column that has most of them."""
    columns: dict[int, list[str]] = {}
    for cell in grid.cells:
        if _is_name(name := fold(cell.text)):
            columns.setdefault(cell.col, []).append(name)
    return max(columns.values(), key=len, default=[])


def _lines(text: str, at: int) -> Iterator[str]:
    while (item := _ITEM.match(text, at)) and _is_name(item["name"]):
        yield item["name"]
        at = item.end()


def _in_sentence(text: str) -> Iterator[str]:
    sentence = re.split(r"[。:]|\x00", text, maxsplit=1)[0].replace("\n", "")
    for part in re.split(r"[、,;]|(?<=[\w)])[和及](?=\w{6})", sentence):
        name = _COUNT.sub("", part)
        if not _is_name(name):
            return
        yield name


def _is_name(text: str) -> bool:
    return len(text) > 3 and is_organisation(text)


def parent_name(entity: str | None, prose: str) -> str | None:
    """The unit over a publisher, where a sentence about it says so.

    `prose`: all lines, folded and joined.

    >>> parent_name("青石县农桑站", "青石县农桑站是青石县水月局下属的事业单位。")
    '青石县水月局'
    """
    for own in (*((folded_name(entity),) if entity else ()), *front_spec().units.own):
        at = prose.find(own)
        while at >= 0:
            if (match := _over().match(prose, at + len(own))) and _is_name(name := match["own"] or match["of"]):
                return name
            at = prose.find(own, at + 1)
    return None
