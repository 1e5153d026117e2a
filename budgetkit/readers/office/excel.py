"""Read a workbook: each visible sheet a page, its tables as grids, what stands above and under them as lines."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from budgetkit import specs
from budgetkit.errors import UnreadableDocument
from budgetkit.model import Cell, Grid, Line, Page, Source
from budgetkit.printed.widths import fold, squeeze
from budgetkit.readers.rasters import make_grid
from budgetkit.readers.sniff import sniff

#: carriage returns as Excel writes them into XML
_ESCAPED = re.compile(r"_x000[dD]_\n?|\r\n?")
#: a larger sheet is no table that is printed, and would fill the memory
_MOST_CELLS = 5_000_000
#: a merged range as calamine gives it: (first row, first column), (last row, last column)
Merge = tuple[tuple[int, int], tuple[int, int]]
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class SheetRules:
    """Patterns by which rows outside a table are known."""

    unit: tuple[str, ...]
    caption: tuple[str, ...]
    note: tuple[str, ...]
    long: int


def read_excel(data: bytes, name: str) -> Source:
    """Read a workbook of Excel or WPS (工作簿), XLS or XLSX.

    Numbers are the stored values with up to 15 significant digits, which is what Excel keeps: the number of decimals
    that a sheet displays and a percent format are unknown, so that 0.05 may be displayed as 5%, and a sum may
    have more decimals than it shows. Dates come as 2024-02-01. Rows and columns that are hidden within a sheet are
    read like others.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name, for messages.

    Returns
    -------
    Source
        One page a visible sheet. Rows above a table (title, 编制单位, 单位：元) and notes under it are lines, cells
        parted by tabs; a sheet without a line above its table gives its name as one. Notes name the sheets, hidden
        ones too.

    Raises
    ------
    UnreadableDocument
        When it is no workbook, is damaged, needs a password, or holds nothing in visible sheets.
    """
    kind = sniff(data)
    if kind == "encrypted-office":
        raise UnreadableDocument(f"{name}: the workbook is encrypted and needs a password")
    if kind not in ("xls", "xlsx"):
        raise UnreadableDocument(f"{name}: not an XLS or XLSX workbook but {kind}")
    pages: list[Page] = []
    notes: list[str] = []
    for sheet_name, skipped, rows, merges in _sheets(data, name):
        if skipped:
            notes.append(f"{skipped} {sheet_name!r} not read")
            continue
        number = len(pages) + 1
        pages.append(Page(number, _blocks(number, sheet_name, rows, merges)))
        notes.append(f"page {number}: sheet {sheet_name!r}")
    if not any(page.blocks for page in pages):
        raise UnreadableDocument(f"{name}: a workbook without anything in visible sheets ({'; '.join(notes)})")
    return Source(kind, tuple(pages), tuple(notes))


def _sheets(data: bytes, name: str) -> list[tuple[str, str, Rows, list[Merge]]]:
    """Name, why it is skipped ("" when it is not), values as text and merged ranges of every sheet."""
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        found: list[tuple[str, str, Rows, list[Merge]]] = []
        for meta in workbook.sheets_metadata:
            skipped = ""
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                skipped = "sheet without cells"
            elif meta.visible != calamine.SheetVisibleEnum.Visible:
                skipped = "hidden sheet"
            if skipped:
                found.append((meta.name, skipped, [], []))
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            height, width = (last + 1 for last in sheet.end or (-1, -1))
            if height * width > _MOST_CELLS:
                found.append((meta.name, f"sheet of {height} x {width} cells", [], []))
                continue
            rows = [[format_value(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            found.append((meta.name, "", rows, list(sheet.merged_cell_ranges or [])))
        return found
    except calamine.PasswordError as error:
        raise UnreadableDocument(f"{name}: the workbook is encrypted and needs a password") from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    # damaged files make calamine raise CalamineError, OSError, ValueError or, from Rust, a PanicException, which
    # derives from BaseException and cannot be imported
    except BaseException as error:
        raise UnreadableDocument(f"{name}: damaged workbook: {error}") from error


def format_value(value: Any) -> str:
    """The text of a cell's value: exact decimals, without binary noise and without ".0".

    >>> format_value(1234.5), format_value(0.1 + 0.2), format_value(208.0), format_value(1e-7)
    ('1234.5', '0.3', '208', '0.0000001')
    """
    if isinstance(value, str):
        lines = (line.strip(" \t\xa0\u3000") for line in _ESCAPED.sub("\n", value).split("\n"))
        return "\n".join(line for line in lines if squeeze(line))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            return str(value)
        text = f"{number:f}"
        return "0" if text in ("-0", "") else text
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return "" if value is None else str(value)


def _blocks(page: int, sheet_name: str, rows: Rows, merges: list[Merge]) -> tuple[Line | Grid, ...]:
    """Lines and grids of a sheet from top to bottom."""
    blocks: list[Line | Grid] = []
    first_row = 0
    sections = list(_sections(rows))
    for start, stop in sections:
        top, bottom = _table(rows, start, stop)
        above = list(_lines(rows, start, top))
        if not above and top < bottom and len(sections) == 1:
            above = [Line(sheet_name.strip())]
        blocks += above
        grid = make_grid(page, _cells(rows, merges, top, bottom), "excel", first_row)
        if grid is not None:
            blocks.append(grid)
            first_row += grid.rows
        blocks += _lines(rows, bottom, stop)
    return tuple(blocks)


def _sections(rows: Rows) -> Iterator[tuple[int, int]]:
    """Row ranges with one table each: a row with the unit below a table begins the next, with the titles above it."""
    rules = _rules()
    starts = [0]
    seen_table = False
    for row, cells in enumerate(rows):
        filled = _filled(cells)
        if len(filled) <= 4 and any(_like(text, rules.unit) for text in filled):
            if seen_table:
                start = row
                while start - 1 > starts[-1] and _may_be_title(rows[start - 1]):
                    start -= 1
                starts.append(start)
            seen_table = False
        elif len(filled) > 1 and not _is_caption(filled):
            seen_table = True
    yield from zip(starts, [*starts[1:], len(rows)], strict=True)


def _table(rows: Rows, start: int, stop: int) -> tuple[int, int]:
    """First row and end of the table in a section; an empty range where there is none."""
    top = next((row for row in range(start, stop) if len(f := _filled(rows[row])) > 1 and not _is_caption(f)), stop)
    bottom = stop
    while bottom > top and (not (filled := _filled(rows[bottom - 1])) or _is_note(filled)):
        bottom -= 1
    return top, bottom


def _cells(rows: Rows, merges: list[Merge], top: int, bottom: int) -> list[Cell]:
    """The cells of a table, merged ones once, counted from its own top left corner."""
    block = [list(row) for row in rows[top:bottom]]
    used = [col for row in block for col, text in enumerate(row) if text]
    if not used:
        return []
    left, right = min(used), max(used)
    spans = {
        (first[0], first[1]): (min(last[0], bottom - 1) - first[0] + 1, min(last[1], right) - first[1] + 1)
        for first, last in merges
        if top <= first[0] < bottom and left <= first[1] <= right
    }
    cells: list[Cell] = []
    for row, texts in enumerate(block):
        for col in range(left, right + 1):
            rowspan, colspan = spans.get((row + top, col), (1, 1))
            text = texts[col] if col < len(texts) else ""
            # blank places are listed by the grid itself, after the cells that may span them
            if text or (rowspan, colspan) != (1, 1):
                cells.append(Cell(row, col - left, text, rowspan, colspan))
    return [*cells, Cell(bottom - top - 1, right - left, "")]


def _lines(rows: Rows, start: int, stop: int) -> Iterator[Line]:
    for row in range(start, stop):
        filled = _filled(rows[row])
        if len(filled) == 1:
            yield from (Line(text) for text in filled[0].split("\n"))
        elif filled:
            yield Line("\t".join(text.replace("\n", " ") for text in filled))


def _filled(cells: Sequence[str]) -> list[str]:
    return [text for text in cells if text]


def _is_caption(filled: list[str]) -> bool:
    """Whether a row with several filled cells belongs above a table and not to it."""
    rules = _rules()
    if any(_like(text, rules.unit) for text in filled) and len(filled) <= 4:
        return True
    return all(_like(text, rules.caption) for text in filled)


def _may_be_title(cells: Sequence[str]) -> bool:
    filled = _filled(cells)
    return not filled or _is_caption(filled)


def _is_note(filled: list[str]) -> bool:
    rules = _rules()
    return len(filled) == 1 and (_like(filled[0], rules.note) or len(squeeze(filled[0])) > rules.long)


def _like(text: str, patterns: tuple[str, ...]) -> bool:
    folded = fold(text)
    return any(re.search(pattern, folded) for pattern in patterns)


@cache
def _rules() -> SheetRules:
    return specs.build(SheetRules, specs.read_toml("excel.toml"), "excel.toml")
