"""What `bk.read` is measured against: the least that reading a PDF costs, and camelot."""

from __future__ import annotations

import io


def floor(data: bytes) -> int:
    """Load every page, take its whole text and the bounds of its paths, through pypdfium2's public interface.

    Returns
    -------
    int
        Characters and paths seen, so that nothing is left out unseen.
    """
    import pypdfium2

    seen = 0
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        seen += len(text.get_text_range())
        paths = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])
        seen += len([path.get_bounds() for path in paths])
        text.close()
        page.close()
    document.close()
    return seen


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
