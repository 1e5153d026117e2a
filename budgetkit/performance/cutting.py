"""Grids cut into the parts that belong to one form, with the lines of text that tell what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from budgetkit.model import Line, Page
from budgetkit.performance.fronts import starts_form
from budgetkit.performance.heads import find_heads
from budgetkit.performance.model import Form, Head, Sheet
from budgetkit.performance.vocabulary import role, vocabulary
from budgetkit.printed.widths import fold, squeeze

#: lines over a grid that can be its title or caption, at most
LINES = 6
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a grid that belong to one form."""

    rows: range
    head: Head | None
    #: further head rows, printed again among the indicators
    repeated: frozenset[int]
    #: whether its first row names a project, department or unit
    starts: bool

    def body(self, first: int) -> list[int]:
        """The rows of indicators from the given one on."""
        return [row for row in range(first, self.rows.stop) if row not in self.repeated]


def sheets(pages: Sequence[Page]) -> Iterator[Sheet]:
    lines: list[str] = []
    for page in pages:
        index = 0
        for block in page.blocks:
            if isinstance(block, Line):
                lines.append(block.text)
            else:
                yield _with_captions(Sheet(page.number, index, block, tuple(lines)))
                index, lines = index + 1, []


def _with_captions(sheet: Sheet) -> Sheet:
    """Titles and captions in the first rows of the grid itself, as in workbooks, added to the lines over it."""
    words = vocabulary()
    lines: list[str] = []
    for row in range(min(LINES, sheet.grid.rows)):
        texts = [cell.text for cell in sheet.row(row) if squeeze(cell.text)]
        known = any(role(words.columns, text) or role(words.fronts, text) for text in texts)
        if known:
            return replace(sheet, lines=(*sheet.lines, *lines)) if lines else sheet
        if any(len(text) > _SHORT for text in texts):
            break
        lines += texts
    return sheet


def may_begin(sheet: Sheet) -> bool:
    """Whether a grid holds any of the words without which no form begins; spares the search of money tables."""
    marks = vocabulary().titles.marks
    texts = (squeeze(cell.text) for cell in sheet.grid.cells if cell.text)
    return any(mark in text for text in texts for mark in marks)


def title_of(sheet: Sheet) -> str:
    """The title of a form: the nearest line over the grid that is one; "" when there is none."""
    patterns = vocabulary().titles.patterns
    for text in reversed(sheet.lines[-LINES:]):
        if any(re.fullmatch(pattern, fold(text)) for pattern in patterns):
            return fold(text)
    return ""


def is_broken(sheet: Sheet, repeated: frozenset[str], current: Form | None) -> bool:
    """Whether the lines before a grid show that no form goes on in it."""
    if current is not None and current.last_page == sheet.page and any(squeeze(line) for line in sheet.lines):
        return True
    texts = [squeeze(line) for line in sheet.lines]
    kept = [fold(text) for text in texts if re.sub(r"\d", "", text) not in repeated]
    return any(re.fullmatch(pattern, text) for text in kept for pattern in vocabulary().titles.breaks)


def cut(sheet: Sheet) -> list[Part]:
    """A grid cut where a new form begins in it."""
    heads = find_heads(sheet)
    if heads and heads[0].lists:
        return [Part(range(sheet.grid.rows), heads[0], _rows(heads[1:]), False)]
    inside = _rows(heads)
    starts = [row for row in range(sheet.grid.rows) if row not in inside and starts_form(sheet, row)]
    cuts = [0]
    for row in starts:
        has_head = any(cuts[-1] <= head.first < row for head in heads)
        has_start = any(cuts[-1] <= other < row for other in starts)
        if has_head or (row > 0 and not has_start and not _holds_titles(sheet, row)):
            cuts.append(row)
    parts = []
    for first, stop in zip(cuts, [*cuts[1:], sheet.grid.rows], strict=True):
        own = [head for head in heads if first <= head.first < stop]
        head = own[0] if own else None
        begins = any(first <= row < (head.first if head else stop) for row in starts)
        parts.append(Part(range(first, stop), head, _rows(own[1:]), begins))
    return parts


def _rows(heads: Sequence[Head]) -> frozenset[int]:
    return frozenset(row for head in heads for row in range(head.first, head.last + 1))


def _holds_titles(sheet: Sheet, stop: int) -> bool:
    """Whether the rows before the given one hold one text each."""
    return all(sum(bool(squeeze(cell.text)) for cell in sheet.row(row)) <= 1 for row in range(stop))
