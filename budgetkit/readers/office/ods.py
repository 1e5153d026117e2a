"""Read the sheets of an OpenDocument workbook (ODS, FODS): its cells hold the text they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from budgetkit.limits import Budget
from budgetkit.readers.office.odf import Odf, open_odf, paragraph_text, repeated
from budgetkit.readers.office.package import attribute, local
from budgetkit.readers.office.sheets import Gathered, Sheet
from budgetkit.readers.office.values import is_error, tidy

_LAST_ROW, _LAST_COL = 1 << 20, 1 << 14
_GROUPS = frozenset(("table-row-group", "table-header-rows", "table-rows", "table-column-group", "table-columns",
                     "table-header-columns"))  # fmt: skip


def read_ods(data: bytes, budget: Budget) -> Iterator[Sheet]:
    """The sheets of a workbook in their order."""
    odf = open_odf(data, budget)
    book = next(odf.body.iterchildren("{*}spreadsheet"), odf.body)
    tables = list(book.iterchildren("{*}table"))
    budget.hold("pages", len(tables))
    for table in tables:
        budget.hold_time()
        yield _Reading(odf, budget).sheet(table)


class _Reading:
    """What is gathered of one sheet."""

    def __init__(self, odf: Odf, budget: Budget) -> None:
        self.odf, self.budget = odf, budget
        self.found = Gathered()
        self.defaults: list[tuple[int, str | None]] = []
        self.row = self.col = 0
        self.drawn = 0

    def sheet(self, table: Any) -> Sheet:
        """The sheet of a table."""
        name = attribute(table, "name") or ""
        self._walk(table)
        if self.drawn:
            self.found.unread.append(f"{self.drawn} pictures or text boxes not read")
        return self.found.sheet(name, attribute(table, "style-name") in self.odf.hidden_tables)

    def _walk(self, parent: Any) -> None:
        for item in parent.iterchildren():
            kind = local(item)
            if kind in _GROUPS:
                self._walk(item)
            elif kind == "table-column":
                count = repeated(item, "number-columns-repeated", _LAST_COL)
                if attribute(item, "visibility") in ("collapse", "filter"):
                    self.found.hidden_cols.update(range(self.col, min(self.col + count, _LAST_COL)))
                self.defaults.append((self.col + count, attribute(item, "default-cell-style-name")))
                self.col += count
            elif kind == "table-row":
                self._row(item)
            elif kind == "shapes":
                self.drawn += sum(1 for _ in item.iterchildren())

    def _row(self, item: Any) -> None:
        count = repeated(item, "number-rows-repeated", _LAST_ROW)
        hidden = attribute(item, "visibility") in ("collapse", "filter")
        col = 0
        filled: dict[int, str] = {}
        for cell in item.iterchildren():
            if local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            across = repeated(cell, "number-columns-repeated", _LAST_COL)
            text = self._cell(cell, col)
            if text:
                self.budget.hold("cells", len(self.found.cells) + across * count)
                filled.update(dict.fromkeys(range(col, min(col + across, _LAST_COL)), text))
            col += across
        for row in range(self.row, self.row + count if filled or hidden else self.row):
            if hidden:
                self.found.hidden_rows.add(row)
            self.found.cells.update({(row, place): text for place, text in filled.items()})
        self.budget.hold("cells", len(self.found.cells))
        self.row += count

    def _cell(self, cell: Any, col: int) -> str:
        place = (self.row, col)
        over = repeated(cell, "number-rows-spanned", _LAST_ROW)
        across = repeated(cell, "number-columns-spanned", _LAST_COL)
        if over > 1 or across > 1:
            self.found.merges.append((self.row, col, self.row + over - 1, col + across - 1))
        default = next((style for end, style in self.defaults if col < end), None)
        style = self.odf.style("table-cell", attribute(cell, "style-name") or default)
        unseen: dict[str, int] = {}
        lines = [paragraph_text(self.odf, item, style, unseen) for item in cell.iterchildren("{*}p")]
        self.drawn += sum(1 for item in cell.iterchildren() if local(item) in ("frame", "custom-shape"))
        for why in unseen:
            self.found.unseen[why].append(place)
        text = tidy("\n".join(lines))
        valued = attribute(cell, "value") or attribute(cell, "string-value") or attribute(cell, "date-value")
        if not text and not unseen and attribute(cell, "formula") and not attribute(cell, "value-type"):
            self.found.unseen["formula without a computed value"].append(place)
        elif not text and not unseen and valued and valued != "0":
            self.found.unseen["value hidden by its number format"].append(place)
        if is_error(text) or text.startswith("Err:"):
            self.found.unseen["error in place of a value"].append(place)
        return text
