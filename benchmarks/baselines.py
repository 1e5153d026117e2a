"""What the pipeline is measured against: the least that reading a PDF costs, and camelot."""

from __future__ import annotations

import ctypes
import io
from typing import Any


def public(data: bytes, text_at_once: bool = False) -> int:
    """Load every page and enumerate its characters with boxes and its paths with bounds: pypdfium2's public interface.

    Parameters
    ----------
    data : bytes
    text_at_once : bool
        Take the text of a page in one call instead of a call a character, which does not tell which box is whose.

    Returns
    -------
    int
        Characters, boxes and paths seen, so that nothing is left out unseen.
    """
    import pypdfium2

    seen = 0
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        count = text.count_chars()
        boxes = [text.get_charbox(index) for index in range(count)]
        if text_at_once:
            seen += len(text.get_text_range())
        else:
            seen += sum(len(text.get_text_range(index, 1)) for index in range(count))
        paths = [item.get_bounds() for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])]
        seen += len(boxes) + len(paths)
        text.close()
        page.close()
    document.close()
    return seen


def lean(data: bytes) -> int:
    """The same through pypdfium2's raw interface, with one buffer for all boxes: no Python object a character."""
    import pypdfium2.raw as raw

    seen = 0
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    for number in range(raw.FPDF_GetPageCount(document)):
        page = raw.FPDF_LoadPage(document, number)
        text = raw.FPDFText_LoadPage(page)
        seen += _characters(raw, text) + _paths(raw, page)
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)
    raw.FPDF_CloseDocument(document)
    return seen


def _characters(raw: Any, text: Any) -> int:
    box, count = raw.FS_RECTF(), raw.FPDFText_CountChars(text)
    for index in range(count):
        raw.FPDFText_GetUnicode(text, index)
        raw.FPDFText_GetLooseCharBox(text, index, box)
    return int(count)


def _paths(raw: Any, page: Any) -> int:
    sides = [ctypes.byref(ctypes.c_float()) for _ in range(4)]
    count = 0
    for index in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_PATH:
            raw.FPDFPageObj_GetBounds(item, *sides)
            count += 1
    return count


def camelot(data: bytes) -> int:
    """Read the tables of all pages with camelot's vector lattice."""
    import warnings

    import camelot as library

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tables = library.read_pdf(
            io.BytesIO(data), pages="all", flavor="lattice", engine="vector", split_text=True, suppress_stdout=True
        )
    return len(tables)
