"""Grids cut into the parts that belong to one form, with the lines of text that tell what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from budgetkit.model import Box, Cell, Line, Page
from budgetkit.performance.contents import content_head, is_performance
from budgetkit.performance.fronts import scale_of, starts_form
from budgetkit.performance.heads import find_heads
from budgetkit.performance.model import Form, Head, Sheet
from budgetkit.performance.vocabulary import role, vocabulary
from budgetkit.printed.widths import fold, squeeze

#: lines over a grid that can be its title or caption, at most
LINES = 6
_SHORT = 60
#: how a title says that its table goes on
_CONTINUED = re.compile(r"^\(?续表?[\d一二三四五六七八九十]*\)?[::]?(?=.*表)|[(-]?续表?[\d一二三四五六七八九十]*\)?$")


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
    """All grids in reading order, each with the lines since the grid before it, over page breaks."""
    lines: list[str] = []
    for page in pages:
        index = 0
        boxes = [grid.box for grid in page.grids if grid.box is not None]
        for block in page.blocks:
            if not isinstance(block, Line):
                told = is_performance((block.cells,))
                yield _with_captions(Sheet(page.number, index, block, tuple(lines), told))
                index, lines = index + 1, []
            elif not any(_stands_beside(block, box) for box in boxes):
                lines.append(block.text)


def _stands_beside(line: Line, box: Box) -> bool:
    """Whether a line stands beside a grid: the text of a cell that is not ruled on this page, and no title."""
    return line.box is not None and box.y0 < (line.box.y0 + line.box.y1) / 2 < box.y1


def _with_captions(sheet: Sheet) -> Sheet:
    """Titles and captions in the first rows of the grid itself, as in workbooks, added to the lines over it."""
    words = vocabulary()
    lines: list[str] = []
    for row in range(min(LINES, sheet.grid.rows)):
        texts = [cell.text for cell in sheet.row(row) if squeeze(cell.text)]
        known = any(role(words.column_roles, text) or role(words.front_roles, text) for text in texts)
        if known:
            return replace(sheet, lines=(*sheet.lines, *lines)) if lines else sheet
        if any(len(text) > _SHORT for text in texts):
            break
        lines += texts
    return sheet


def may_begin(sheet: Sheet) -> bool:
    """Whether a grid holds any of the words without which no form begins; spares the search of money tables."""
    marks = vocabulary().titles.marks
    texts = "\n".join(squeeze(cell.text) for cell in sheet.grid.cells if cell.text)
    return any(mark in texts for mark in marks)


def title_of(sheet: Sheet) -> str:
    """The title of a form: the nearest line over the grid that is one; "" when there is none."""
    patterns = vocabulary().titles.patterns
    for line in reversed(sheet.lines[-LINES:]):
        text = _CONTINUED.sub("", fold(line))
        if any(re.fullmatch(pattern, text) for pattern in patterns):
            return text
    return ""


def is_broken(sheet: Sheet, repeated: frozenset[str], current: Form | None) -> bool:
    """Whether the lines before a grid show that no form goes on in it.

    Headings of sections may be the text of a cell that fills its page; there and over a grid of indicators titles only
    count.
    """
    words = vocabulary().titles
    inside = sheet.told or is_filler(sheet)
    texts = [squeeze(line) for line in sheet.lines]
    if not inside and current is not None and current.last_page == sheet.page and any(texts):
        return True
    kept = [fold(text) for text in texts if re.sub(r"\d", "", text) not in repeated]
    patterns = words.breaks if inside else (*words.breaks, *words.headings)
    return any(re.fullmatch(pattern, text) for text in kept for pattern in patterns)


def is_filler(sheet: Sheet) -> bool:
    """Whether a grid holds one text only: a cell that fills its page."""
    return sum(bool(squeeze(cell.text)) for cell in sheet.grid.cells) <= 1


def is_money(sheet: Sheet) -> bool:
    """Whether the lines just over a grid are the caption of a table of money: a title without 绩效, and a unit."""
    lines = [fold(line) for line in sheet.lines[-LINES:]]
    return any(re.fullmatch(r"(?!.*绩效)[^,。;、]*表", line) for line in lines) and scale_of(lines) is not None


def cut(sheet: Sheet, due: bool) -> list[Part]:
    """A grid cut where a new form begins in it; what its columns hold stands in for a head that is due."""
    heads = find_heads(sheet)
    if not heads and due and sheet.told:
        heads = [head for head in [content_head(sheet, range(sheet.grid.rows))] if head is not None]
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
    """Whether the rows before the given one hold one text each, or begin with a label of the form's head (项目编码)."""
    return all(_is_title(sheet.row(row)) for row in range(stop))


def _is_title(cells: Sequence[Cell]) -> bool:
    texts = [cell.text for cell in cells if squeeze(cell.text)]
    return len(texts) <= 1 or role(vocabulary().front_roles, texts[0]) == "other"
