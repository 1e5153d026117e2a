"""What a PDF holds beside the content of its pages: form fields and annotations, attachments, XFA.

What a person sees on the page (values of fields, texts typed over it) is made part of the page; comments on it, and
content that stands elsewhere in the file, are named, so that nobody takes the reading for the whole.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from budgetkit.limits import Budget
from budgetkit.model import Doubt, Grid, Line, Page
from budgetkit.printed.widths import squeeze
from budgetkit.readers.pdf.anatomy import Anatomy

_HIDDEN = 0x02 | 0x20
#: an appearance stream of fewer bytes is none
_NOTHING = 4
_FIGURE = re.compile(r"\d[\d,.]*")
#: a number with fewer characters may stand elsewhere by chance
_TELLING = 4


def unread_content(raw: Any, document: Any, anatomy: Anatomy) -> Iterator[str]:
    """What the file holds that is no page, and what to do about it."""
    names = [_attachment(raw, document, index) for index in range(max(raw.FPDFDoc_GetAttachmentCount(document), 0))]
    if names:
        kind = "portfolio of files" if anatomy.portfolio else "attached files"
        yield f"{kind} not read: {', '.join(names[:5])}{' …' * (len(names) > 5)}; save them and read each by itself"
    elif anatomy.portfolio:
        yield "portfolio of files not read: save them and read each by itself"
    if raw.FPDF_GetFormType(document) in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND):
        yield "an XFA form, whose content was not read: open it in a viewer that knows XFA and print it to a PDF"


def loaded(raw: Any, document: Any, index: int, budget: Budget) -> tuple[Any, tuple[str, ...]]:
    """Load a page with what annotations show on it; gives the page (None: damaged) and what of it is not read."""
    page = raw.FPDF_LoadPage(document, index)
    count = raw.FPDFPage_GetAnnotCount(page) if page else 0
    if count <= 0:
        return page or None, ()
    budget.hold("objects", count)
    kinds: Counter[str] = Counter()
    # from the last, because those that are not to be drawn are removed
    for k in reversed(range(count)):
        kinds[_sorted(raw, page, k)] += 1
    if kinds["drawn"]:
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        raw.FPDF_ClosePage(page)
        page = raw.FPDF_LoadPage(document, index)
    said = tuple(f"{kinds[kind]} {words}" for kind, words in _WORDS.items() if kinds[kind])
    return page or None, said


_WORDS = {
    "comment": "comments on the page not read",
    "struck": "strike-out annotations not read: the text under them counts",
    "redaction": "areas marked for redaction; the marks were not read, the text under them counts",
    "blank": "fields or text boxes without an appearance not read",
    "file": "files attached to the page not read: save them and read each by itself",
}


def _sorted(raw: Any, page: Any, index: int) -> str:
    """What an annotation is to the reader; it is removed from the page unless it is to be drawn."""
    annotation = raw.FPDFPage_GetAnnot(page, index)
    if not annotation:
        return "nothing"
    try:
        kind = _kind(raw, annotation)
    finally:
        raw.FPDFPage_CloseAnnot(annotation)
    if kind != "drawn":
        raw.FPDFPage_RemoveAnnot(page, index)
    return kind


def _kind(raw: Any, annotation: Any) -> str:
    subtype = raw.FPDFAnnot_GetSubtype(annotation)
    if subtype in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP) or raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
        return "nothing"
    if subtype == raw.FPDF_ANNOT_FILEATTACHMENT:
        return "file"
    if subtype == raw.FPDF_ANNOT_STRIKEOUT:
        return "struck"
    if subtype == raw.FPDF_ANNOT_REDACT:
        return "redaction"
    shown = raw.FPDFAnnot_GetAP(annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) >= _NOTHING
    if subtype in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT):
        key = b"V" if subtype == raw.FPDF_ANNOT_WIDGET else b"Contents"
        return "drawn" if shown else "blank" if _text(raw, annotation, key) else "nothing"
    drawings = (raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_LINE, raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE,
                raw.FPDF_ANNOT_POLYGON, raw.FPDF_ANNOT_POLYLINE, raw.FPDF_ANNOT_INK)  # fmt: skip
    if subtype in drawings and shown:
        return "drawn"
    return "comment" if _text(raw, annotation, b"Contents") else "nothing"


def _text(raw: Any, annotation: Any, key: bytes) -> bool:
    """Whether an annotation has some text under a key."""
    return bool(raw.FPDFAnnot_GetStringValue(annotation, key, None, 0) > 2)


def said_of(aside: Mapping[str, Sequence[Line]], unmapped: int) -> Iterator[str]:
    """What of the text of a page was not read: what was set aside but for watermarks, what has no Unicode map."""
    for kind, words in (("slanted", "slanted"), ("struck", "struck-out")):
        if kind in aside:
            yield f"{words} text not read: {', '.join(line.text for line in aside[kind][:3])}"
    if unmapped:
        yield f"{unmapped} characters without a Unicode map not read"


def unseen_figures(pages: Sequence[Page], covert: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """That pages hold figures that are not to be seen.

    Nothing is said of what stands elsewhere to be seen: programs print a row that is cut at the end of a page again on
    the next, and titles twice.
    """
    if not any(_FIGURE.search(line) for lines in covert for line in lines):
        return
    visible = "".join(squeeze(text) + " " for page in pages for text in _texts(page))
    for page, lines in zip(pages, covert, strict=True):
        figures = _FIGURE.findall("\n".join(lines))
        telling = [figure for figure in figures if len(figure) >= _TELLING]
        elsewhere = 2 * len(telling) > len(figures) and all(figure in visible for figure in telling)
        if figures and not elsewhere:
            yield Doubt(
                f"{len(figures)} numbers that are not to be seen on the page were not read", (page.number,)
            ).told


def _texts(page: Page) -> Iterator[str]:
    for block in page.blocks:
        if isinstance(block, Grid):
            yield from (cell.text for cell in block.cells)
        else:
            yield block.text


def _attachment(raw: Any, document: Any, index: int) -> str:
    attachment = raw.FPDFDoc_GetAttachment(document, index)
    size = raw.FPDFAttachment_GetName(attachment, None, 0) if attachment else 0
    if not 2 < size < 4096:
        return "unnamed"
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAttachment_GetName(attachment, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    name = buffer.raw[: size - 2].decode("utf-16-le", "replace")
    return "".join(letter for letter in name if letter.isprintable()) or "unnamed"
