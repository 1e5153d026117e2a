"""Read an OpenDocument text (ODT, FODT): paragraphs as lines, tables as grids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Budget
from budgetkit.model import Cell, Grid, Line, Page, Source
from budgetkit.printed.widths import squeeze
from budgetkit.readers.office.odf import Odf, open_odf, paragraph_text, repeated
from budgetkit.readers.office.package import attribute, local
from budgetkit.readers.office.styles import NOTHING, Look, unseen_places
from budgetkit.readers.office.values import cell_text
from budgetkit.readers.office.word import placed
from budgetkit.readers.rasters import make_grid, tidy_line

_WRAPPERS = frozenset(
    ("section", "list", "list-item", "list-header", "text-box", "index-body", "table-of-content", "illustration-index")
)
_ROW_GROUPS = frozenset(("table-header-rows", "table-rows", "table-row-group"))
_MOST_COLUMNS = 1000


def read_odt(data: bytes, budget: Budget) -> Source:
    """Read an OpenDocument text; see `documents.read_word`."""
    reading = _Reading(open_odf(data, budget), budget)
    blocks = list(placed(reading.blocks(next(reading.odf.body.iterchildren("{*}text"), reading.odf.body))))
    pictures = sum(1 for _ in reading.odf.body.iter("{*}image"))
    unread = list(unseen_places(reading.unseen))
    if pictures:
        unread.append(f"{pictures} pictures not read, tables or text in them are missing")
    objects = sum(1 for _ in reading.odf.body.iter("{*}object"))
    if objects:
        unread.append(f"{objects} embedded objects not read; save them as files of their own")
    if not blocks:
        raise UnreadableDocument(f"{budget.name}: a document without text{f' ({unread[0]})' if unread else ''}")
    return Source("odt", (Page(1, tuple(blocks)),), tuple(unread))


class _Reading:
    """The document under way, and what of it is not seen."""

    def __init__(self, odf: Odf, budget: Budget) -> None:
        self.odf, self.budget = odf, budget
        self.unseen: Counter[str] = Counter()

    def blocks(self, parent: Any) -> Iterator[Line | Grid]:
        for item in parent.iterchildren():
            kind = local(item)
            if kind in ("p", "h"):
                yield from (Line(text) for text in self._lines(item, NOTHING))
                for box in item.iter("{*}text-box"):
                    yield from self.blocks(box)
            elif kind == "table":
                yield from self._table(item)
            elif kind == "section" and attribute(item, "display") == "none":
                self.unseen["hidden section"] += 1
            elif kind in _WRAPPERS:
                yield from self.blocks(item)
            elif kind == "frame":
                for box in item.iter("{*}text-box"):
                    yield from self.blocks(box)

    def _lines(self, paragraph: Any, style: Look) -> list[str]:
        lines = (tidy_line(line) for line in paragraph_text(self.odf, paragraph, style, self.unseen).split("\n"))
        return [line for line in lines if squeeze(line)]

    def _table(self, table: Any) -> Iterator[Line | Grid]:
        places = list(self._cells(table))
        self.budget.hold("cells", sum(cell.rowspan * cell.colspan for cell, _ in places))
        self.budget.hold_time()
        grid = make_grid(1, (cell for cell, _ in places), "odt")
        nested = any(True for _, element in places for _ in element.iter("{*}table"))
        if grid is not None and grid.cols > 1 and not nested:
            yield grid
        else:
            for _, element in places:
                yield from self.blocks(element)

    def _cells(self, table: Any) -> Iterator[tuple[Cell, Any]]:
        for row, item in enumerate(self._rows(table)):
            col = 0
            for cell in item.iterchildren():
                if local(cell) not in ("table-cell", "covered-table-cell"):
                    continue
                if local(cell) == "table-cell":
                    text = cell_text([line.replace("\t", " ") for line in self._cell_lines(cell)])
                    over = repeated(cell, "number-rows-spanned", 1 << 16)
                    across = repeated(cell, "number-columns-spanned", _MOST_COLUMNS)
                    yield Cell(row, col, text, over, across), cell
                col += repeated(cell, "number-columns-repeated", _MOST_COLUMNS)
                if col > _MOST_COLUMNS:
                    break

    def _rows(self, parent: Any) -> Iterator[Any]:
        for item in parent.iterchildren():
            if local(item) == "table-row":
                if attribute(item, "visibility") in ("collapse", "filter"):
                    self.unseen["hidden row"] += 1
                else:
                    yield item
            elif local(item) in _ROW_GROUPS:
                yield from self._rows(item)

    def _cell_lines(self, cell: Any) -> Iterator[str]:
        style = self.odf.style("table-cell", attribute(cell, "style-name"))
        for item in cell.iterchildren():
            if local(item) in ("p", "h"):
                yield from self._lines(item, style)
            elif local(item) in ("list", "list-item", "section"):
                yield from self._cell_lines(item)
