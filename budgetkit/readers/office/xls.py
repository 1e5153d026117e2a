"""Read the sheets of an XLS workbook (BIFF) as they are shown, with xlrd."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Budget
from budgetkit.readers.office.sheets import Gathered, Sheet
from budgetkit.readers.office.styles import Style, is_white, joined_runs, unseen_as
from budgetkit.readers.office.values import Stored, plain_number, seen, tidy

#: twips and 256ths of a character: a row or column that is less high or wide is not to be seen
_THIN_ROW, _THIN_COL = 12, 150
_SMALLEST = 40
_SUPERSCRIPT = 1


def read_xls(data: bytes, budget: Budget) -> Iterator[Sheet]:
    """The sheets of a workbook in their order.

    Raises UnreadableDocument when it is damaged or needs a password.
    """
    import xlrd

    budget.hold("file_bytes", len(data))
    try:
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True, on_demand=True
        )
        budget.hold("pages", book.nsheets)
        styles = [_style(book, xf) for xf in book.xf_list]
        for number in range(book.nsheets):
            budget.hold_time()
            yield _sheet(book, number, styles, budget)
            book.unload_sheet(number)
    except UnreadableDocument:
        raise
    # one library behind one call: damaged files make it raise XLRDError, CompDocError, struct.error, IndexError,
    # KeyError, AssertionError, UnicodeDecodeError and others, all of which mean the same here
    except Exception as error:
        if "encrypted" in str(error).lower():
            raise UnreadableDocument(f"{budget.name}: the workbook is encrypted and needs a password") from error
        raise UnreadableDocument(f"{budget.name}: damaged workbook: {type(error).__name__}: {error}") from error


def _style(book: Any, xf: Any) -> Style:
    form = book.format_map.get(xf.format_key)
    font = book.font_list[xf.font_index] if xf.font_index < len(book.font_list) else None
    background = xf.background
    ground = ""
    if background is not None and background.fill_pattern:
        ground = "pattern"
        if background.fill_pattern == 1:
            colour = _colour(book, background.pattern_colour_index)
            ground = "" if is_white(colour) else colour
    code = form.format_str if form is not None else "General"
    if font is None:
        return Style(code)
    return Style(code, _unseen(book, font, ground))


def _unseen(book: Any, font: Any, ground: str) -> str:
    """Why text in a font is not to be seen; "" when it is."""
    colour, small = _colour(book, font.colour_index), 0 < font.height < _SMALLEST
    return unseen_as(colour, ground, struck=font.struck_out, small=small)


def _colour(book: Any, index: int) -> str:
    rgb = book.colour_map.get(index)
    return "".join(f"{part:02X}" for part in rgb) if rgb else ""


def _sheet(book: Any, number: int, styles: list[Style], budget: Budget) -> Sheet:
    import xlrd

    sheet = book.sheet_by_index(number)
    found = Gathered()
    zeros = bool(getattr(sheet, "show_zero_values", 1))
    for row in range(sheet.nrows):
        for col, kind in enumerate(sheet.row_types(row)):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            text = _cell(book, sheet, (row, col), styles, found.unseen, zeros)
            if text:
                found.cells[row, col] = text
        budget.hold("cells", len(found.cells))
    found.hidden_rows |= {r for r, info in sheet.rowinfo_map.items() if info.hidden or 0 <= info.height < _THIN_ROW}
    found.hidden_cols |= {c for c, info in sheet.colinfo_map.items() if info.hidden or info.width < _THIN_COL}
    found.merges += [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
    return found.sheet(sheet.name, bool(sheet.visibility))


def _cell(
    book: Any,
    sheet: Any,
    place: tuple[int, int],
    styles: list[Style],
    unseen: dict[str, list[tuple[int, int]]],
    zeros: bool,
) -> str:
    """The text that a cell shows."""
    import xlrd

    cell = sheet.cell(*place)
    style = styles[cell.xf_index] if cell.xf_index is not None and cell.xf_index < len(styles) else Style()
    text, value, why = str(cell.value), None, ""
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        value = plain_number(repr(cell.value))
    elif cell.ctype == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code.get(cell.value, "#N/A")
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        text = "TRUE" if cell.value else "FALSE"
    else:
        text, why = _rich(book, sheet, place, text)
    return seen(Stored(tidy(text), value, why), style, place, unseen, zeros, bool(book.datemode))


def _rich(book: Any, sheet: Any, place: tuple[int, int], text: str) -> tuple[str, str]:
    """A text with its runs: raised ones raised, unseen ones left out, and why."""
    runs = sheet.rich_text_runlist_map.get(place)
    if not runs:
        return text, ""
    bounds = [0, *(start for start, _ in runs), len(text)]
    fonts = [None, *(book.font_list[index] if index < len(book.font_list) else None for _, index in runs)]
    pieces: list[tuple[str, bool]] = []
    unseen = ""
    for start, end, font in zip(bounds, bounds[1:], fonts, strict=False):
        piece = text[start:end]
        why = _unseen(book, font, "") if font is not None and piece.strip() else ""
        unseen = unseen or why
        raised = font is not None and font.escapement == _SUPERSCRIPT
        pieces.append(("" if why else piece, raised))
    return joined_runs(pieces), unseen
