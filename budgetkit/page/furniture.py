"""Furniture: running heads and feet, page numbers, publishers' names - what repeats at the same place over pages."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from budgetkit.model import Grid, Line, Page
from budgetkit.printed.widths import squeeze

#: points by which the distance of one piece of furniture from the edge of the page may differ
SAME_PLACE = 5.0
#: furniture stands within this part of the page's height from an edge
EDGE = 0.2
#: pages on which it repeats, at least; in documents of up to FEW_PAGES two are enough
REPEATS, FEW_PAGES = 3, 5
_DIGITS = re.compile(r"\d+")
#: a number alone, or with the number of pages: what a page that has no like prints at its edge
_NUMBER = re.compile(r"\W*(?:第|page)?\W*\d{1,3}\W*页?(?:\W*(?:共|of)?\W*\d{1,4}\W*页?)?\W*", re.IGNORECASE)
_MONEY = re.compile(r"\d[.,]\d")


@dataclass(frozen=True)
class _Mark:
    """A line at an edge of a page."""

    page: int
    #: points from the edge
    away: float
    text: str
    numbers: Sequence[str]


def without_furniture(pages: Sequence[Page], is_caption: Callable[[str], bool]) -> tuple[Page, ...]:
    """The pages without what repeats at their edges.

    A line is furniture when nothing but furniture stands between it and the edge of its page, and the same text stands
    at the same distance from the same edge of other pages; where numbers in it differ, they count the pages. Titles,
    units and names over tables are none, even if they repeat. Pages of formats without geometry stay as they are.

    `is_caption`: whether a line stands over tables: their title, unit or name. Returns the same pages in the same
    order, with fewer lines.
    """
    seen: dict[tuple[bool, str], list[_Mark]] = defaultdict(list)
    for page in pages:
        for top in (True, False):
            for line in _edge(page, top):
                text = _plain(line.text)
                mark = _Mark(page.number, _away(page, line, top), text, _DIGITS.findall(text))
                seen[top, _key(text)].append(mark)
    need = REPEATS if len(pages) > FEW_PAGES else 2
    return tuple(_stripped(page, seen, need, is_caption) for page in pages)


def _stripped(
    page: Page, seen: Mapping[tuple[bool, str], Sequence[_Mark]], need: int, is_caption: Callable[[str], bool]
) -> Page:
    dropped: set[int] = set()
    for top in (True, False):
        for line in _edge(page, top):
            repeats = _repeats(page, line, top, seen[top, _key(_plain(line.text))], need) and not is_caption(line.text)
            if not repeats and not _is_number(page, line, top):
                break
            dropped.add(id(line))
    return replace(page, blocks=tuple(block for block in page.blocks if id(block) not in dropped)) if dropped else page


def _is_number(page: Page, line: Line, top: bool) -> bool:
    """Whether a line is a page number by itself: a page of its own kind (a landscape one) has no other to repeat it."""
    text = _plain(line.text)
    return (
        _away(page, line, top) < EDGE / 2 * page.height
        and _NUMBER.fullmatch(text) is not None
        and _MONEY.search(text) is None
    )


def _repeats(page: Page, line: Line, top: bool, marks: Sequence[_Mark], need: int) -> bool:
    away = _away(page, line, top)
    alike = [mark for mark in marks if abs(mark.away - away) <= SAME_PLACE]
    if len({mark.page for mark in alike}) < need:
        return False
    own = _plain(line.text)
    return sum(mark.text == own for mark in alike) >= need or _counts(alike)


def _counts(marks: Sequence[_Mark]) -> bool:
    """Whether a number in texts that are else alike counts the pages, on most of them."""
    ordered = sorted(marks, key=lambda mark: mark.page)
    steps = [
        any(int(b) - int(a) == below.page - above.page for a, b in zip(above.numbers, below.numbers, strict=False))
        for above, below in pairwise(ordered)
        if below.page > above.page
    ]
    return bool(steps) and 2 * sum(steps) >= len(steps)


def _edge(page: Page, top: bool) -> Iterator[Line]:
    """The lines at an edge of a page, from the edge inwards, up to the first table."""
    if not page.height:
        return
    for block in page.blocks if top else reversed(page.blocks):
        if isinstance(block, Grid) or block.box is None or _away(page, block, top) > EDGE * page.height:
            return
        yield block


def _away(page: Page, line: Line, top: bool) -> float:
    if line.box is None:
        return page.height
    return line.box.y0 if top else page.height - line.box.y1


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", squeeze(text))


def _key(plain: str) -> str:
    """A text with its numbers left open; sums of money stay, as they count nothing."""
    return plain if _MONEY.search(plain) else _DIGITS.sub("#", plain)
