"""Pictures of PDF pages as they are seen, in the coordinates of the facts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from budgetkit.errors import SpecError, UnreadableDocument
from budgetkit.readers.pdf.ink import characters, origins_of, turns_upright
from budgetkit.readers.pdf.pdfium import LOCK, calls

if TYPE_CHECKING:
    from PIL.Image import Image

#: a picture may have this many pixels: an A0 page at 300 dpi has 140 million
PIXELS = 150_000_000


def page_picture(data: bytes, page: int, scale: float, name: str = "bytes") -> Image:
    """Render one page, turned as the reader of PDF turns it.

    `scale`: pixels a point. Returns: in RGB. A point (x, y) of a fact lies at pixel (x * scale, y * scale). Raises
    UnreadableDocument when the file is damaged or encrypted, or the page cannot be loaded. Raises SpecError when there
    is no such page, or `scale` makes no picture of a possible size.
    """
    if not (math.isfinite(scale) and scale > 0):
        raise SpecError(f"scale={scale}: must be a number above 0")
    with LOCK:
        return _picture(data, page, scale, name)


def _picture(data: bytes, page: int, scale: float, name: str) -> Image:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(f"{name}: not a PDF that can be read ({error})") from error
    try:
        if not 1 <= page <= len(document):
            raise SpecError(f"{name}: no page {page}; it has {len(document)}")
        return _rendered(document[page - 1], page, scale, name)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(f"{name}: page {page} cannot be drawn ({error})") from error
    finally:
        document.close()


def _rendered(page: Any, number: int, scale: float, name: str) -> Image:
    width, height = page.get_size()
    if width * height * scale**2 > PIXELS:
        raise SpecError(f"{name}: page {number} of {width:.0f} x {height:.0f} points is too large for scale={scale}")
    picture: Image = page.render(scale=scale, rotation=90 * _turns(page)).to_pil()
    return picture.convert("RGB")


def _turns(page: Any) -> int:
    """Quarter turns beyond the page's own rotation that bring its text upright, as `ink` has it."""
    raw = calls()
    text_page = raw.FPDFText_LoadPage(page.raw)
    try:
        _, places, boxes = characters(raw, text_page)
        turned = turns_upright(origins_of(raw, text_page, places, boxes[:, 1], boxes[:, 3])[1])
    finally:
        raw.FPDFText_ClosePage(text_page)
    return 0 if turned is None else (turned - raw.FPDFPage_GetRotation(page.raw)) % 4
