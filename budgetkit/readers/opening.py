"""Readers: a file's bytes become a `Source`; which reader is told by the content, never by the name."""

from __future__ import annotations

import re

from budgetkit.errors import SpecError, UnreadableDocument
from budgetkit.limits import DEFAULT, Budget, Limits
from budgetkit.model import Grid, Line, Source
from budgetkit.readers.sniff import sniff

_FIGURE = re.compile(r"\d+")
ENGINES = ("auto", "ruling", "camelot")


def open_source(data: bytes, name: str, engine: str = "auto", limits: Limits = DEFAULT) -> Source:
    """Read a file of any format that budgetkit knows.

    `data`: the whole file; `engine`: how tables of a PDF are found; other formats have one way. Raises
    UnreadableDocument when it is no document that can be read, or goes beyond the limits. Raises SpecError when
    `engine` is unknown.
    """
    if engine not in ENGINES:
        raise SpecError(f"engine={engine!r}: must be one of {', '.join(ENGINES)}")
    budget = Budget(name, limits)
    budget.hold("file_bytes", len(data))
    source = _opened(data, name, engine, limits)
    grids = [grid for page in source.pages for grid in page.grids]
    budget.hold("tables", len(grids))
    budget.hold("cells", sum(len(grid.cells) for grid in grids))
    lines = (line.text for page in source.pages for line in page.lines)
    budget.hold("figures", sum(len(_FIGURE.findall(line)) for line in lines))
    for page in source.pages:
        for block in page.blocks:
            _hold_block(block, budget)
    return source


def _hold_block(block: Line | Grid, budget: Budget) -> None:
    """What is cheap to read and dear to understand."""
    if isinstance(block, Line):
        budget.hold("characters_of_a_line", len(block.text))
        return
    budget.hold("columns", block.cols)
    budget.hold("characters_of_a_line", max((len(cell.text) for cell in block.cells), default=0))


def _opened(data: bytes, name: str, engine: str, limits: Limits) -> Source:
    format_ = sniff(data)
    if format_ == "pdf":
        from budgetkit.readers.pdf.pages import read_pdf

        return read_pdf(data, name, engine, limits)
    if format_ == "html":
        from budgetkit.readers.web.html import read_html

        return read_html(data, name, limits)
    if format_ == "mhtml":
        from budgetkit.readers.web.mhtml import read_mhtml

        return read_mhtml(data, name, limits)
    if format_ in ("xls", "xlsx", "xlsb", "spreadsheetml", "ods"):
        from budgetkit.readers.office.excel import read_excel

        return read_excel(data, name, limits)
    if format_ in ("docx", "doc", "odt", "rtf", "wordml", "flat-opc"):
        from budgetkit.readers.office.documents import read_word

        return read_word(data, name, limits)
    if format_ == "text":
        from budgetkit.readers.text.reading import read_text

        return read_text(data, name, limits)
    raise UnreadableDocument(f"{name}: {_reason(format_)}")


def _reason(format_: str) -> str:
    known = {
        "empty": "the file is empty",
        "encrypted-office": "an encrypted Office document",
        "image": "an image, not a document with text",
        "zip": "an archive, not a document",
    }
    return known.get(format_, f"not a document that can be read (content looks like {format_})")
