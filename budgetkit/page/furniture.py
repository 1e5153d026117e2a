"""Furniture: running heads and feet, page numbers, publishers' names - what repeats at the same place over pages."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise, takewhile

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


@dataclass(frozen=True, eq=False)
class _Mark:
    """A line at an edge of a page."""

    line: Line
    page: int
    #: points from the edge
    away: float
    text: str
    #: the edge, and the text with its numbers left open
    key: tuple[bool, str]

    @cached_property
    def numbers(self) -> Sequence[str]:
        """The numbers in the text."""
        return _DIGITS.findall(self.text)


def without_furniture(pages: Sequence[Page], is_caption: Callable[[str], bool]) -> tuple[Page, ...]:
    """The pages without what repeats at their edges.

    A line is furniture when nothing but furniture stands between it and the edge of its page, and the same text stands
    at the same distance from the same edge of other pages; where numbers in it differ, they count the pages. Titles,
    units and names over tables are none, even if they repeat. Pages of formats without geometry stay as they are.

    `is_caption`: whether a line stands over tables: their title, unit or name. Returns the same pages in the same
    order, with fewer lines.
    """
    edges = [(list(_edge(page, True)), list(_edge(page, False))) for page in pages]
    seen: dict[tuple[bool, str], list[_Mark]] = defaultdict(list)
    for mark in (mark for edge in edges for marks in edge for mark in marks):
        seen[mark.key].append(mark)
    need = REPEATS if len(pages) > FEW_PAGES else 2
    # nearly all pages ask about the same marks
    counts = cache(_counts)

    def is_furniture(mark: _Mark, height: float) -> bool:
        alike = tuple(one for one in seen[mark.key] if abs(one.away - mark.away) <= SAME_PLACE)
        repeats = len({one.page for one in alike}) >= need and (
            sum(one.text == mark.text for one in alike) >= need or counts(alike)
        )
        return (repeats and not is_caption(mark.line.text)) or _is_number(mark, height)

    return tuple(_stripped(page, edge, is_furniture) for page, edge in zip(pages, edges, strict=True))


def _stripped(page: Page, edge: Sequence[Sequence[_Mark]], is_furniture: Callable[[_Mark, float], bool]) -> Page:
    dropped = {
        id(mark.line) for marks in edge for mark in takewhile(lambda mark: is_furniture(mark, page.height), marks)
    }
    return replace(page, blocks=tuple(block for block in page.blocks if id(block) not in dropped)) if dropped else page


def _is_number(mark: _Mark, height: float) -> bool:
    """Whether a line is a page number by itself: a page of its own kind (a landscape one) has no other to repeat it."""
    return mark.away < EDGE / 2 * height and _NUMBER.fullmatch(mark.text) is not None and not _MONEY.search(mark.text)


def _counts(marks: Sequence[_Mark]) -> bool:
    """Whether a number in texts that are else alike counts the pages, on most of them."""
    ordered = sorted(marks, key=lambda mark: mark.page)
    steps = [
        any(int(b) - int(a) == below.page - above.page for a, b in zip(above.numbers, below.numbers, strict=False))
        for above, below in pairwise(ordered)
        if below.page > above.page
    ]
    return bool(steps) and 2 * sum(steps) >= len(steps)


def _edge(page: Page, top: bool) -> Iterator[_Mark]:
    """The lines at an edge of a page, from the edge inwards, up to the first table."""
    if not page.height:
        return
    for block in page.blocks if top else reversed(page.blocks):
        if isinstance(block, Grid) or block.box is None:
            return
        away = block.box.y0 if top else page.height - block.box.y1
        if away > EDGE * page.height:
            return
        text = unicodedata.normalize("NFKC", squeeze(block.text))
        # sums of money stay, as they count nothing
        yield _Mark(block, page.number, away, text, (top, text if _MONEY.search(text) else _DIGITS.sub("#", text)))
