"""Read a workbook: each visible sheet a page, its tables as grids, what stands above and under them as lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import DEFAULT, Budget, Limits
from budgetkit.model import Line, Page, Source
from budgetkit.readers.office.blocks import sheet_blocks
from budgetkit.readers.office.libreoffice import convert
from budgetkit.readers.office.ods import read_ods
from budgetkit.readers.office.package import DAMAGED, open_package
from budgetkit.readers.office.sheets import EMPTY_HIDDEN, Sheet, as_shown
from budgetkit.readers.office.spreadsheetml import read_spreadsheetml
from budgetkit.readers.office.xls import read_xls
from budgetkit.readers.office.xlsx import read_xlsx
from budgetkit.readers.sniff import sniff


def read_excel(data: bytes, name: str, limits: Limits = DEFAULT) -> Source:
    """Read a workbook (工作簿) of Excel, WPS or LibreOffice: XLS, XLSX, XLSM, SpreadsheetML 2003, ODS or FODS.

    Cells hold what the sheet shows: numbers in their formats (`#,##0.00,` divides by a thousand, 5 under `00` is
    05, percentages keep their sign), dates as they are formatted; a number without a format has up to eleven
    characters, and never less than two decimals. What is not to be seen is not read: hidden and filtered rows and
    columns, hidden sheets, white, struck-through and tiny text, values under the format `;;;`, and cells under merged
    ones.

    Returns: one page a visible sheet. Rows above a table (title, 编制单位, 单位：元) and notes under it are lines,
    cells parted by tabs; a sheet without a line above its table gives its name as one. `unread` says what is not read
    and where. Raises UnreadableDocument when it is no workbook, is damaged, needs a password, is too large, or holds
    nothing in visible sheets.

    >>> read_excel(b"%PDF-1.4", "a.xls")
    Traceback (most recent call last):
    ...
    budgetkit.errors.UnreadableDocument: a.xls: not a workbook but pdf
    """
    budget = Budget(name, limits)
    kind = sniff(data)
    if kind == "encrypted-office":
        raise UnreadableDocument(f"{name}: the workbook is encrypted and needs a password")
    if kind == "xlsb":
        data, kind = convert(data, budget, "xlsb", "xlsx"), "xlsx"
    readers: dict[str, Callable[[bytes, Budget], Iterable[Sheet]]] = {
        "xls": read_xls, "xlsx": _read_package, "spreadsheetml": read_spreadsheetml, "ods": read_ods,
    }  # fmt: skip
    if kind not in readers:
        raise UnreadableDocument(f"{name}: not a workbook but {kind}")
    source = _source(kind, _sheets(readers[kind], data, budget), budget)
    # how the file is written inside is no matter of the documents' format
    return replace(source, format="xls") if kind == "spreadsheetml" else source


def _read_package(data: bytes, budget: Budget) -> Iterable[Sheet]:
    package = open_package(data, budget)
    main = package.main()
    if main is None:
        raise UnreadableDocument(f"{budget.name}: damaged workbook: the package names no workbook")
    return read_xlsx(package, main)


def _sheets(reader: Callable[[bytes, Budget], Iterable[Sheet]], data: bytes, budget: Budget) -> Iterable[Sheet]:
    """The sheets one after the other; what damaged files raise on the way is said as such."""
    from lxml import etree

    try:
        yield from reader(data, budget)
    except UnreadableDocument:
        raise
    except (etree.LxmlError, RecursionError, IndexError, *DAMAGED) as error:
        raise UnreadableDocument(f"{budget.name}: damaged workbook: {type(error).__name__}: {error}") from error


def _source(kind: str, sheets: Iterable[Sheet], budget: Budget) -> Source:
    pages: list[Page] = []
    unread: list[str] = []
    said: dict[str, list[str]] = {}
    cells = 0
    for sheet in sheets:
        if sheet.skipped:
            if sheet.skipped != EMPTY_HIDDEN:
                unread.append(f"{sheet.skipped} {sheet.name!r} not read")
            continue
        shown = as_shown(sheet, budget)
        cells += sum(map(len, shown.rows))
        budget.hold("cells", cells)
        number = len(pages) + 1
        blocks = sheet_blocks(number, sheet.name, shown.rows, shown.merges)
        above, below = ([Line(text) for text in texts] for texts in (sheet.above, sheet.below))
        pages.append(Page(number, (*above, *blocks, *below)))
        for sentence in shown.unread:
            said.setdefault(sentence, []).append(repr(sheet.name))
        budget.hold_time()
    unread += [f"{_named(names)}: {sentence}" for sentence, names in said.items()]
    if not any(page.blocks for page in pages):
        hidden = f" ({'; '.join(unread)})" if unread else ""
        raise UnreadableDocument(f"{budget.name}: a workbook without anything in visible sheets{hidden}")
    return Source(kind, tuple(pages), tuple(unread))


def _named(sheets: list[str]) -> str:
    """The sheets of which one thing is said."""
    if len(sheets) == 1:
        return f"sheet {sheets[0]}"
    more = f" and {len(sheets) - 3} more" if len(sheets) > 3 else ""
    return f"sheets {', '.join(sheets[:3])}{more}"
