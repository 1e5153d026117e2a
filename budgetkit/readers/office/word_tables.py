"""Blocks of a Word story (body, head, foot, text box): paragraphs as lines, tables as cells by row and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from budgetkit.limits import Budget
from budgetkit.model import Cell, Line
from budgetkit.printed.numbers import parse_number
from budgetkit.readers.office.package import flag, whole
from budgetkit.readers.office.values import cell_text
from budgetkit.readers.office.word_runs import (
    DELETED,
    SKIPPED,
    Seeing,
    cell_ground,
    count_deleted,
    mark_is_deleted,
    paragraph_lines,
    text_boxes,
)  # fmt: skip
from budgetkit.readers.office.word_styles import W

#: wrappers whose content stands where they stand
_WRAPPERS = frozenset(f"{W}{tag}" for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
#: twips: a row of an exact height that is less is not to be seen
_THIN = 30
#: columns of a table; more than Word draws
_MOST_COLUMNS = 1000


@dataclass(frozen=True)
class Chunk:
    """A place where another file is to be shown, by the id of its relation."""

    relation: str


@dataclass(frozen=True)
class Slot:
    """A cell of a table before its text is taken: where it stands, how far it reaches, its element."""

    row: int
    col: int
    rowspan: int
    colspan: int
    element: Any


def story_blocks(seeing: Seeing, parent: Any, budget: Budget) -> Iterator[Line | list[Cell] | Chunk]:
    """Lines, cells of tables, and places of other files, in the order of the story."""
    joined = ""
    for item in parent.iterchildren():
        if item.tag == f"{W}p":
            lines = paragraph_lines(seeing, item, "", joined)
            joined = "\n".join(lines) if mark_is_deleted(item) else ""
            yield from (Line(text) for text in lines if not joined)
            # text boxes are anchored in a paragraph and shown after or beside it
            for box in text_boxes(item):
                yield from story_blocks(seeing, box, budget)
        elif item.tag == f"{W}tbl":
            yield from _table(seeing, item, budget)
        elif item.tag in DELETED:
            count_deleted(seeing, item)
        elif item.tag == f"{W}altChunk":
            yield Chunk(next((v for k, v in item.attrib.items() if k.endswith("}id")), ""))
        elif item.tag in _WRAPPERS:
            yield from story_blocks(seeing, item, budget)
    if joined:
        yield from (Line(text) for text in joined.split("\n"))


def _table(seeing: Seeing, table: Any, budget: Budget) -> Iterator[Line | list[Cell] | Chunk]:
    places = _places(seeing, table)
    budget.hold_time()
    area = max((place.row + 1 for place in places), default=0) * max((place.col + 1 for place in places), default=0)
    budget.hold("cells", max(area, sum(place.rowspan * place.colspan for place in places)))
    style = table.find(f"{W}tblPr/{W}tblStyle")
    shaded = style is not None and (style.get(f"{W}val") or "") in seeing.styles.shading
    if len({place.col for place in places}) < 2:
        for place in places:
            yield from story_blocks(seeing, place.element, budget)
        return
    counts = dict(seeing.unseen)
    cells = [
        Cell(p.row, p.col, cell_text(list(_cell_lines(seeing, p.element, cell_ground(p.element, shaded)))),
             p.rowspan, p.colspan)
        for p in places
    ]  # fmt: skip
    if _is_data(places, cells):
        yield cells
        return
    # the same runs are looked at again as lines
    seeing.unseen.clear()
    seeing.unseen.update(counts)
    for place in places:
        yield from story_blocks(seeing, place.element, budget)


def _is_data(places: Sequence[Slot], cells: Sequence[Cell]) -> bool:
    """Whether a table is more than a frame around prose or around other tables."""
    inner = [sum(1 for _ in place.element.iter(f"{W}tbl")) for place in places]
    filled = sum(1 for cell, tables in zip(cells, inner, strict=True) if cell.text and not tables)
    # tables of one cell, each with the figure of its place
    wrapped = sum(1 for cell, tables in zip(cells, inner, strict=True) if tables and parse_number(cell.text))
    return bool(filled) and filled + 3 * wrapped > 2 * sum(inner)


def _places(seeing: Seeing, table: Any) -> list[Slot]:
    """The cells of a table; those merged upwards or to the left once."""
    found: dict[tuple[int, int], Slot] = {}
    open_at: dict[int, tuple[int, int]] = {}
    for row, tr in enumerate(_rows(seeing, table)):
        col = _number(tr.find(f"{W}trPr/{W}gridBefore"))
        last: tuple[int, int] | None = None
        for tc in _children(tr, "tc"):
            properties = tc.find(f"{W}tcPr")
            if properties is not None and properties.find(f"{W}cellDel") is not None:
                seeing.unseen["cell deleted by a tracked change"] += 1
                continue
            span = max(_number(tc.find(f"{W}tcPr/{W}gridSpan")), 1)
            if _merge(tc, "hMerge") == "continue" and last is not None:
                before = found[last]
                found[last] = Slot(before.row, before.col, before.rowspan, before.colspan + span, before.element)
                col += span
                continue
            merge = _merge(tc, "vMerge")
            above = open_at.get(col)
            if merge == "continue" and above is not None and found[above].colspan == span:
                upper = found[above]
                found[above] = Slot(upper.row, upper.col, row - upper.row + 1, span, upper.element)
                last = None
            else:
                found[row, col] = Slot(row, col, 1, span, tc)
                last = (row, col)
                open_at.pop(col, None)
                if merge is not None:
                    open_at[col] = (row, col)
            col = min(col + span, _MOST_COLUMNS)
    return list(found.values())


def _merge(tc: Any, tag: str) -> str | None:
    item = tc.find(f"{W}tcPr/{W}{tag}")
    return None if item is None else item.get(f"{W}val") or "continue"


def _rows(seeing: Seeing, table: Any) -> Iterator[Any]:
    for tr in _children(table, "tr"):
        properties = tr.find(f"{W}trPr")
        why = ""
        if properties is not None:
            height = properties.find(f"{W}trHeight")
            exact = height is not None and height.get(f"{W}hRule") == "exact"
            if properties.find(f"{W}del") is not None:
                why = "row deleted by a tracked change"
            elif flag(properties.find(f"{W}hidden")) or (exact and _number(height) < _THIN):
                why = "hidden row"
        if not why:
            yield tr
        elif any((text.text or "").strip() for text in tr.iter(f"{W}t", f"{W}delText")):
            seeing.unseen[why] += 1


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Children with a tag, also where a content control or a tracked insertion wraps them."""
    for item in parent.iterchildren():
        if item.tag == f"{W}{tag}":
            yield item
        elif item.tag in _WRAPPERS:
            yield from _children(item, tag)


def _number(item: Any) -> int:
    """The val attribute as a span; damaged and absurd ones count as none."""
    return 0 if item is None else whole(item.get(f"{W}val"), _MOST_COLUMNS)


def _cell_lines(seeing: Seeing, element: Any, ground: str) -> Iterator[str]:
    """All lines of a cell, those of tables and text boxes within it too, row by row."""
    joined = ""
    for item in element.iterchildren():
        if item.tag == f"{W}p":
            lines = paragraph_lines(seeing, item, ground, joined)
            joined = "\n".join(lines) if mark_is_deleted(item) else ""
            yield from (text.replace("\t", " ") for text in lines if not joined)
            for box in text_boxes(item):
                yield from _cell_lines(seeing, box, "pattern")
        elif item.tag == f"{W}tr":
            texts = ["".join(_cell_lines(seeing, tc, ground)) for tc in _children(item, "tc")]
            yield cell_text([text for text in texts if text]).replace("\n", " ")
        elif item.tag in DELETED:
            count_deleted(seeing, item)
        elif item.tag not in SKIPPED and isinstance(item.tag, str) and not item.tag.endswith("Pr"):
            yield from _cell_lines(seeing, item, ground)
    if joined:
        yield joined
