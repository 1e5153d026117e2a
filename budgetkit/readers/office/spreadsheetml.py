"""Read the sheets of an XML Spreadsheet 2003, which many systems of government write under the name .xls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from budgetkit.limits import Budget
from budgetkit.readers.office.package import attribute, local, parse_xml, real, whole
from budgetkit.readers.office.sheets import Gathered, Sheet
from budgetkit.readers.office.styles import Style, is_white, joined_runs, unseen_as
from budgetkit.readers.office.values import Stored, plain_number, seen, tidy

_NAMED = {
    "general number": "General", "fixed": "0.00", "standard": "#,##0.00", "percent": "0.00%", "currency": "¥#,##0.00",
    "scientific": "0.00E+00", "short date": "yyyy/m/d", "long date": 'yyyy"年"m"月"d"日"',
    "general date": "yyyy/m/d h:mm",
    "medium date": "d-mmm-yy",
}  # fmt: skip
_THIN = 0.6
_LAST = 1 << 20


def read_spreadsheetml(data: bytes, budget: Budget) -> Iterator[Sheet]:
    """The sheets of a workbook in their order."""
    budget.hold("markup_bytes", len(data))
    root = parse_xml(data, budget)
    styles = _styles(root)
    sheets = list(root.iterchildren("{*}Worksheet"))
    budget.hold("pages", len(sheets))
    for item in sheets:
        yield _sheet(item, styles, budget)


def _styles(root: Any) -> dict[str, Style]:
    found: dict[str, Style] = {}
    for item in root.iter("{*}Style"):
        base = found.get(attribute(item, "Parent") or "Default", Style())
        parts = {local(part): part for part in item.iterchildren()}
        code = base.code
        if "NumberFormat" in parts:
            code = attribute(parts["NumberFormat"], "Format") or "General"
            code = _NAMED.get(code.lower(), code)
        interior = parts.get("Interior")
        filled = interior is not None and (attribute(interior, "Pattern") or "None") != "None"
        ground = (attribute(interior, "Color") or "").lstrip("#").upper() if filled else ""
        font = parts.get("Font")
        unseen = base.unseen
        if font is not None:
            colour, under = (attribute(font, "Color") or "").lstrip("#").upper(), "" if is_white(ground) else ground
            unseen = unseen_as(colour, under, struck=attribute(font, "StrikeThrough") == "1", same="white text")
        found[attribute(item, "ID") or ""] = Style(code, unseen)
    return found


def _sheet(item: Any, styles: dict[str, Style], budget: Budget) -> Sheet:
    name = attribute(item, "Name") or ""
    visible = next((part.text or "" for part in item.iter("{*}Visible")), "")
    found = Gathered()
    for table in item.iterchildren("{*}Table"):
        for first, last, _ in _placed(table, "Column", "Span"):
            found.hidden_cols.update(range(first, min(last, 1 << 14) + 1))
        for first, last, row in _placed(table, "Row", "Span", all_=True):
            if _is_hidden(row, "Height"):
                found.hidden_rows.update(range(first, min(last, _LAST) + 1))
            _row(row, first, styles, found)
        budget.hold("cells", len(found.cells))
    return found.sheet(name, visible.startswith("Sheet"))


def _placed(table: Any, tag: str, span: str, all_: bool = False) -> Iterator[tuple[int, int, Any]]:
    """Rows or columns with the first and last place they stand for; of columns only hidden ones."""
    place = 0
    for item in table.iterchildren(f"{{*}}{tag}"):
        place = max(whole(attribute(item, "Index"), _LAST) - 1, 0) if attribute(item, "Index") else place
        last = place + whole(attribute(item, span), _LAST)
        if all_ or _is_hidden(item, "Width"):
            yield place, last, item
        place = last + 1


def _is_hidden(item: Any, size: str) -> bool:
    return attribute(item, "Hidden") == "1" or real(attribute(item, size), 1.0) < _THIN


def _row(item: Any, row: int, styles: dict[str, Style], found: Gathered) -> None:
    col = 0
    for cell in item.iterchildren("{*}Cell"):
        col = max(whole(attribute(cell, "Index"), _LAST) - 1, 0) if attribute(cell, "Index") else col
        across, down = whole(attribute(cell, "MergeAcross"), _LAST), whole(attribute(cell, "MergeDown"), _LAST)
        if across or down:
            found.merges.append((row, col, row + down, col + across))
        name = attribute(cell, "StyleID") or attribute(item, "StyleID") or "Default"
        data = next(cell.iterchildren("{*}Data"), None)
        if data is None and attribute(cell, "Formula"):
            found.unseen["formula without a computed value"].append((row, col))
        if data is not None:
            text = seen(_stored(data), styles.get(name, Style()), (row, col), found.unseen)
            if text:
                found.cells[row, col] = text
        col += 1 + across


def _stored(data: Any) -> Stored:
    kind = attribute(data, "Type") or "String"
    text = joined_runs([("" if "S" in above else text, "Sup" in above) for text, above in _texts(data)])
    value: Decimal | None = None
    if kind == "Number":
        value = plain_number(text)
    elif kind == "Boolean":
        text = "TRUE" if text.strip() == "1" else "FALSE"
    elif kind == "DateTime":
        try:
            days = dt.datetime.fromisoformat(text) - dt.datetime(1899, 12, 30)
            value = plain_number(repr(days / dt.timedelta(days=1)))
        except ValueError:
            value = None
    struck = any("S" in above and text.strip() for text, above in _texts(data))
    return Stored(tidy(text), value, "struck-through text" if struck else "")


def _texts(item: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The pieces of a text with the marks around each."""
    yield item.text or "", above
    for child in item.iterchildren():
        yield from _texts(child, (*above, local(child)))
        yield child.tail or "", above
