"""Read a document of a word processor, whatever its format: what no reader here knows is converted first."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import DEFAULT, Budget, Limits
from budgetkit.model import Source
from budgetkit.readers.office.libreoffice import convert, office_program
from budgetkit.readers.office.odt import read_odt
from budgetkit.readers.office.word import read_docx
from budgetkit.readers.sniff import sniff

#: the suffixes by which LibreOffice knows formats that it converts
_CONVERTED = {"rtf": "rtf", "wordml": "xml", "flat-opc": "xml"}


def read_word(data: bytes, name: str, limits: Limits = DEFAULT) -> Source:
    """Read a document of Word, WPS or LibreOffice: DOCX, DOCM, DOC (Word 97), ODT or FODT; RTF with LibreOffice.

    A document has no pages until a program lays it out, so that all comes as one page. A table with one cell or one
    column is a frame around prose and gives lines; a table within a cell of a data table stays text of the cell.
    Heads of pages come first, feet and notes last. Text deleted by tracked changes, hidden, white, struck through or
    too small is not read; marks set as superscript come as raised characters, which are no digits.

    Returns: one page; `unread` says what is not read: hidden text, pictures, charts, embedded files, comments on
    amounts. Raises UnreadableDocument when it is no such document, is damaged, too large, needs a password, or has no
    text.

    >>> read_word(b"%PDF-1.4", "a.docx")
    Traceback (most recent call last):
    ...
    budgetkit.errors.UnreadableDocument: a.docx: not a document of a word processor but pdf
    """
    budget = Budget(name, limits)
    kind = sniff(data)
    if kind == "encrypted-office":
        raise UnreadableDocument(f"{name}: the document is encrypted and needs a password")
    if kind == "docx":
        return read_docx(data, budget)
    if kind == "odt":
        return read_odt(data, budget)
    if kind == "doc":
        return _read_doc(data, budget)
    if kind in _CONVERTED:
        source = read_docx(convert(data, budget, _CONVERTED[kind], "docx"), budget)
        return replace(source, format="rtf") if kind == "rtf" else source
    raise UnreadableDocument(f"{name}: not a document of a word processor but {kind}")


def _read_doc(data: bytes, budget: Budget) -> Source:
    """A Word 97 document through doc2docx, and what that library leaves out."""
    from doc2docx import convert as to_docx

    budget.hold("file_bytes", len(data))
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.doc", Path(folder) / "a.docx"
        source.write_bytes(data)
        try:
            warnings = to_docx(source, target).report.warnings
            converted = target.read_bytes()
        # one library behind one call: damaged files make it raise its own errors, struct.error, IndexError,
        # ValueError and others, all of which mean the same here
        except Exception as error:
            if office_program() is not None:
                converted, warnings = convert(data, budget, "doc", "docx"), []
            else:
                told = str(error).replace(str(source), "the file")
                encrypted = "encrypt" in told.lower() or "password" in told.lower()
                why = "is encrypted and needs a password" if encrypted else f"cannot be read ({told[:200]})"
                raise UnreadableDocument(
                    f"{budget.name}: a Word 97 document that {why}; save it as DOCX or PDF"
                ) from error
    read = read_docx(converted, budget)
    lost = dict.fromkeys(f"Word 97: {warning.message}" for warning in warnings)
    return replace(read, format="doc", unread=(*read.unread, *lost))
