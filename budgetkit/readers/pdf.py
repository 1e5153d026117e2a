"""PDF files to pages of lines and grids; the only module that opens a PDF with pypdfium2."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from budgetkit.errors import UnreadableDocument
from budgetkit.model import Box, Cell, Grid, Line, Page, Source
from budgetkit.readers import glyphs as setting
from budgetkit.readers.ink import Ink, ink
from budgetkit.readers.rulings import Lattice, Rulings, lattices, rulings, spans

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: glyphs of one number that two cells share by this part of the glyph height are one run
TOUCHING = 0.2
#: a page with fewer glyphs than this beside an image or outlines has no text to speak of
FEW = 8
_PASSWORD, _SECURITY = 4, 5


def read_pdf(data: bytes, name: str, engine: str = "auto") -> Source:
    """Read a PDF with the ruling engine.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What to call it in messages.

    Returns
    -------
    Source
        One `Page` a page. A page that cannot be loaded or has no text (a scan) says so in `problem`.

    Raises
    ------
    UnreadableDocument
        When the file is damaged, encrypted or has no pages.
    """
    import pypdfium2.raw as raw

    # FPDF_LoadMemDocument64 does not copy: the buffer must live as long as the document
    buffer = ctypes.create_string_buffer(data, len(data))
    _initialise(raw)
    document = raw.FPDF_LoadMemDocument64(buffer, len(data), None)
    if not document:
        raise UnreadableDocument(f"{name}: {_reason(raw.FPDF_GetLastError())}")
    try:
        count = raw.FPDF_GetPageCount(document)
        if count < 1:
            raise UnreadableDocument(f"{name}: a PDF without pages")
        return Source("pdf", tuple(_page(raw, document, index) for index in range(count)))
    finally:
        raw.FPDF_CloseDocument(document)


def _initialise(raw: Any) -> None:
    """Initialise pdfium through pypdfium2, which does it once and cleans up at exit."""
    import pypdfium2

    if not pypdfium2.raw.FPDF_GetPageCount:  # pragma: no cover - importing the package is what initialises pdfium
        raise UnreadableDocument("pypdfium2 is not usable")


def _reason(code: int) -> str:
    if code in (_PASSWORD, _SECURITY):
        return "the PDF is encrypted and asks for a password"
    return "not a PDF that can be read: damaged or cut off"


def _page(raw: Any, document: Any, index: int) -> Page:
    page = raw.FPDF_LoadPage(document, index)
    if not page:
        return Page(index + 1, (), problem="damaged page")
    try:
        seen = ink(raw, document, page)
    finally:
        raw.FPDF_ClosePage(page)
    return page_of(seen, index + 1)


def page_of(seen: Ink, number: int) -> Page:
    """Lay out what stands on one page: grids with their cells, and the lines around them."""
    em = seen.glyphs.em
    found = [_settled(lattice) for lattice in lattices(*_rulings(seen.strokes, em), em)]
    group, doubts = _assign(seen, found, em)
    offsets = np.cumsum([0, *(len(lattice.span) for lattice in found)])
    texts: list[list[Line]] = [[] for _ in range(offsets[-1])]
    prose: list[Line] = []
    for owner, line in setting.lines(seen.glyphs, group):
        (texts[owner] if owner >= 0 else prose).append(line)
    grids, first_row = [], 0
    for k, lattice in enumerate(found):
        cells = texts[offsets[k] : offsets[k + 1]]
        if sum(1 for cell in cells if cell) < 2:
            prose.extend(line for cell in cells for line in cell)
            continue
        grid = _grid(lattice, cells, number, first_row, doubts[k])
        grids.append(grid)
        first_row += grid.rows
    blocks: list[Line | Grid] = [*prose, *grids]
    blocks.sort(key=_top)
    return Page(number, tuple(blocks), seen.width, seen.height, problem=_problem(seen))


def _top(block: Line | Grid) -> float:
    return block.box.y0 if block.box else 0.0


def _problem(seen: Ink) -> str | None:
    if len(seen.glyphs) and seen.unmapped > 0.3 * len(seen.glyphs):
        return "text without a Unicode map"
    if seen.recognised:
        return "scan: the text is recognised from an image and may be wrong"
    if len(seen.glyphs) >= FEW:
        return None
    if seen.images:
        return "scan: an image and no text"
    if seen.outlines > 50:
        return "text drawn as outlines"
    return None


def _rulings(strokes: Floats, em: float) -> tuple[Rulings, Rulings]:
    """Horizontal and vertical rulings of a page."""
    x0, y0, x1, y1 = strokes.T
    flat = x1 - x0 >= y1 - y0
    across = rulings(((y0 + y1) / 2)[flat], x0[flat], x1[flat], em)
    down = rulings(((x0 + x1) / 2)[~flat], y0[~flat], y1[~flat], em)
    return across, down


def _settled(lattice: Lattice) -> Lattice:
    """Cells that do not fill a rectangle (a border is missing somewhere) fall apart into raster places."""
    if lattice.whole.all():
        return lattice
    label = lattice.label.copy()
    ragged = ~lattice.whole[label]
    label[ragged] = label.max() + 1 + np.arange(int(ragged.sum()))
    numbers, label = np.unique(label, return_inverse=True)
    label = label.reshape(ragged.shape)
    span, _ = spans(label, len(numbers))
    whole = np.ones(len(numbers), dtype=bool)
    whole[np.unique(label[ragged])] = False
    return replace(lattice, label=label, span=span, whole=whole)


def _assign(seen: Ink, found: list[Lattice], em: float) -> tuple[Ints, list[tuple[str, ...]]]:
    """The cell of every glyph (numbered through all lattices; -1 outside), and the doubts about every lattice."""
    x, y = seen.glyphs.centre
    group = np.full(len(x), -1)
    doubts: list[tuple[str, ...]] = []
    offset = 0
    for lattice in found:
        xs, ys = lattice.xs, lattice.ys
        inside = np.flatnonzero((x >= xs[0]) & (x <= xs[-1]) & (y >= ys[0]) & (y <= ys[-1]) & (group == -1))
        col = np.clip(np.searchsorted(xs, x[inside]) - 1, 0, len(xs) - 2)
        row = np.clip(np.searchsorted(ys, y[inside]) - 1, 0, len(ys) - 2)
        own = lattice.label[row, col]
        own, crossing = _rejoined(seen, inside, own, em)
        group[inside] = own + offset
        reasons = []
        if not lattice.whole[own].all():
            reasons.append("a cell with text is no rectangle")
        if crossing:
            reasons.append(f"{crossing} numbers cross a ruling")
        doubts.append(tuple(reasons))
        offset += len(lattice.span)
    return group, doubts


def _rejoined(seen: Ink, inside: Ints, own: Ints, em: float) -> tuple[Ints, int]:
    """Bring the digits of a number that overflows its cell together in the cell that holds most of them."""
    digit = np.array([seen.glyphs.text[k] in "0123456789.," for k in inside], dtype=bool)
    if len(inside) < 2:
        return own, 0
    box, spaced = seen.glyphs.box[inside], seen.glyphs.spaced[inside]
    gap = box[1:, 0] - box[:-1, 2]
    level = np.abs(np.diff(seen.glyphs.base[inside])) < 0.15 * em
    linked = (
        (np.diff(inside) == 1) & digit[1:] & digit[:-1] & ~spaced[1:] & level & (np.abs(gap) < TOUCHING * em)
    )
    split = np.flatnonzero(linked & (np.diff(own) != 0))
    if not len(split):
        return own, 0
    run = np.concatenate(([0], np.cumsum(~linked)))
    own = own.copy()
    for number in np.unique(run[split]):
        members = np.flatnonzero(run == number)
        values, counts = np.unique(own[members], return_counts=True)
        own[members] = values[counts.argmax()]
    return own, len(np.unique(run[split]))


def _grid(lattice: Lattice, texts: list[list[Line]], page: int, first_row: int, doubts: tuple[str, ...]) -> Grid:
    """A lattice with its texts as a grid."""
    xs, ys = lattice.xs.tolist(), lattice.ys.tolist()
    cells = [
        Cell(r0, c0, "\n".join(line.text for line in lines), r1 - r0 + 1, c1 - c0 + 1, Box(xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1]))
        for (r0, r1, c0, c1), lines in zip(lattice.span.tolist(), texts, strict=True)
    ]
    cells.sort(key=lambda cell: (cell.row, cell.col))
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    return Grid(page, len(ys) - 1, len(xs) - 1, tuple(cells), "ruling", first_row, box, tuple(xs), doubts)


def page_numbers(pages: tuple[Page, ...]) -> Iterator[int]:
    """The numbers of the pages that have a problem."""
    return (page.number for page in pages if page.problem)
