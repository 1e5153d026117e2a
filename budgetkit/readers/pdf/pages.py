"""PDF files to pages of lines and grids (`picture` opens a PDF too, to show a page)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import DEFAULT, Budget, Limits
from budgetkit.model import Box, Cell, Doubt, Grid, Line, Page, Source
from budgetkit.printed.widths import squeeze
from budgetkit.readers.pdf import borderless, outside
from budgetkit.readers.pdf.anatomy import look
from budgetkit.readers.pdf.cells import NUMBER, Filling, assigned, settled
from budgetkit.readers.pdf.check import closing, doubtful, faults, overfull, unruled
from budgetkit.readers.pdf.glyphs import Row, as_line
from budgetkit.readers.pdf.glyphs import lines as lines_of
from budgetkit.readers.pdf.glyphs import rows as rows_of
from budgetkit.readers.pdf.ink import Ink, ink
from budgetkit.readers.pdf.pdfium import LOCK, calls, decrypted, opened
from budgetkit.readers.pdf.rulings import Lattice, lattices, rulings, too_many
from budgetkit.readers.pdf.sides import Sides, beside, parted
from budgetkit.readers.pdf.surface import loaded, said_of, unread_content, unseen_figures

if TYPE_CHECKING:
    from budgetkit.readers.pdf.camelot_engine import Camelot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: no page takes less than this many bytes of a file
LEAST = 10
#: a page with fewer glyphs than this beside an image or outlines has no text to speak of
FEW = 8


@dataclass(frozen=True)
class Second:
    """The way to a second opinion about pages of a document."""

    data: bytes
    engine: str
    stack: ExitStack

    @cached_property
    def camelot(self) -> Camelot:
        """camelot, started at the first question and ended with the document."""
        from budgetkit.readers.pdf.camelot_engine import Camelot

        return self.stack.enter_context(Camelot(self.data))


def read_pdf(data: bytes, name: str, engine: str = "auto", limits: Limits = DEFAULT) -> Source:
    """Read a PDF: by its rulings, and pages whose reading fails the check by camelot.

    `engine`: "ruling" never asks camelot, "camelot" asks it for every page with rulings or rows of numbers. Returns:
    one `Page` a page. A page that cannot be loaded or has no text (a scan) says so in `problem`. Raises
    UnreadableDocument when the file is damaged, asks for a password, has no pages, or goes beyond the limits.
    """
    raw = calls()
    budget = Budget(name, limits)
    budget.hold("file_bytes", len(data))
    anatomy = look(data, budget)
    with opened(raw, data, name) as document, ExitStack() as stack:
        if anatomy.encrypted:
            anatomy = look(decrypted(raw, document, limits.unpacked_bytes), budget)
        with LOCK:
            count = raw.FPDF_GetPageCount(document)
            unread = list(unread_content(raw, document, anatomy))
        if count < 1:
            raise UnreadableDocument(f"{name}: a PDF without pages")
        if count > max(len(data) / LEAST, 100):
            raise UnreadableDocument(f"{name}: damaged: claims {count} pages in {len(data)} bytes")
        budget.hold("pages", count)
        second = Second(data, engine, stack)
        pages, covert = [], []
        for index in range(count):
            budget.hold_time()
            page, words, lines = _page(raw, document, index, second, budget, anatomy.layers)
            pages.append(page)
            covert.append(lines)
            unread += [Doubt(word, (index + 1,)).told for word in words]
    return Source("pdf", tuple(pages), (*unread, *unseen_figures(pages, covert)))


def _page(
    raw: Any, document: Any, index: int, second: Second, budget: Budget, layers: bool
) -> tuple[Page, tuple[str, ...], tuple[str, ...]]:
    """One page, what was not read on it, and the lines that are not to be seen."""
    with LOCK:
        page, words = loaded(raw, document, index, budget)
        if not page:
            return Page(index + 1, (), problem="damaged page"), words, ()
        try:
            seen = ink(raw, page, budget, layers)
        finally:
            raw.FPDF_ClosePage(page)
    words = (*words, *said_of(seen.aside, seen.unmapped))
    first = page_of(seen, index + 1)
    asked = second.engine == "camelot" and (first.grids or unruled(first))
    wrong = len(faults(first))
    if not asked and not wrong:
        return first, words, seen.covert
    hopeless = second.engine == "auto" and wrong == sum(grid.crossing > 0 for grid in first.grids)
    # another engine reads what is not to be seen, too
    if second.engine == "ruling" or hopeless or seen.covert or seen.aside:
        return doubtful(first), words, seen.covert
    return _better(seen, first, second), words, seen.covert


def _better(seen: Ink, first: Page, second: Second) -> Page:
    """The reading with the fewest faults, unless fewer of its sums close; with engine="camelot", camelot's best."""
    ways = ("camelot-lattice", "camelot-stream") if first.grids else ("camelot-stream",)
    readings = [first] if second.engine == "auto" else []
    for way in ways:
        grids = second.camelot.grids(first.number, way, (first.width, first.height))
        if grids:
            other = around(seen, grids, first.number)
            if _loses(first, other):
                continue
            readings.append(other)
            if not faults(readings[-1]):
                break
    sums = max(map(closing, readings), default=0)
    sound = [page for page in readings if closing(page) == sums]
    return doubtful(min(sound, key=lambda page: len(faults(page)), default=first))


def _loses(first: Page, other: Page) -> bool:
    """Whether another reading of a page has lost numbers of the first, and has not found more."""
    mine, theirs = (Counter(_numbers(page)) for page in (first, other))
    return bool(mine - theirs) and theirs.total() <= mine.total()


def _numbers(page: Page) -> list[str]:
    texts = (squeeze(cell.text) for grid in page.grids for cell in grid.cells)
    return [text for text in texts if NUMBER.fullmatch(text)]


def page_of(seen: Ink, number: int) -> Page:
    """Lay out what stands on one page: grids with their cells, and the lines around them."""
    em = seen.glyphs.em
    across, down = rulings(seen.strokes, em)
    found = [settled(lattice) for lattice in lattices(across, down, em)]
    group, filled = assigned(seen.glyphs, found, em)
    offsets = [0, *accumulate(len(lattice.span) for lattice in found)]
    texts: list[list[Row]] = [[] for _ in range(offsets[-1])]
    prose: list[Line] = []
    for row in rows_of(seen.glyphs, group):
        if row[0] < 0:
            prose.append(as_line(row))
        else:
            texts[row[0]].append(row)
    grids = []
    for k, lattice in enumerate(found):
        cells = texts[offsets[k] : offsets[k + 1]]
        if sum(1 for cell in cells if cell) < 2:
            # a frame or an underline: what stands in it is text of the page
            group[(group >= offsets[k]) & (group < offsets[k + 1])] = -1
            prose.extend(as_line(row) for cell in cells for row in cell)
            continue
        grids.append(_grid(lattice, cells, number, filled[k]))
    if any(outside.candidates(grid, prose) for grid in grids) or borderless.may_hold(prose):
        prose, grids = _unruled(seen, group, grids, number)
    sides = None
    if len(grids) > 1 and beside(grids):
        sides, prose = _sided(seen, grids, prose)
    problem = "a drawing of too many lines to hold tables" if too_many(across, down) else _problem(seen)
    return Page(number, _ordered(prose, grids, sides), seen.width, seen.height, seen.strays, problem)


def _unruled(seen: Ink, group: Ints, ruled: Sequence[Grid], number: int) -> tuple[list[Line], list[Grid]]:
    """The lines outside tables, and the tables: with their rows outside the frame, and those without rulings."""
    rest = np.where(group == -1, -1, -2)
    grids = []
    for grid in ruled:
        whole, taken = outside.extended(grid, seen.glyphs, np.flatnonzero(rest == -1))
        rest[taken] = -2
        grids.append(whole)
    for table in borderless.find(seen.glyphs, np.flatnonzero(rest == -1), number):
        rest[table.glyphs] = -2
        grids.append(table.grid)
    return [line for _, line in lines_of(seen.glyphs, rest)], grids


def _sided(seen: Ink, grids: Sequence[Grid], prose: list[Line]) -> tuple[Sides | None, list[Line]]:
    """Lines that stand over two tables side by side, parted between them."""
    boxes = [line.box for line in prose if line.box is not None]
    x, y = seen.glyphs.centre
    free = np.zeros(len(x), dtype=bool)
    for box in boxes:
        free |= (x >= box.x0) & (x <= box.x1) & (y >= box.y0) & (y <= box.y1)
    sides, right = parted(seen.glyphs, np.flatnonzero(free), grids)
    if sides is None:
        return None, prose
    group = np.where(free, -1, -2)
    group[right] = 0
    return sides, [line for _, line in lines_of(seen.glyphs, group)]


def _ordered(prose: Sequence[Line], grids: Sequence[Grid], sides: Sides | None) -> tuple[Line | Grid, ...]:
    """Lines and grids in the order of reading, the rows of the grids numbered through the page."""
    found: list[Line | Grid] = [*prose, *grids]
    found.sort(key=sides.key if sides else _top)
    blocks: list[Line | Grid] = []
    first_row = 0
    for block in found:
        if isinstance(block, Grid):
            blocks.append(replace(block, first_row=first_row) if first_row else block)
            first_row += block.rows
        else:
            blocks.append(block)
    return tuple(blocks)


def around(seen: Ink, grids: Sequence[Grid], number: int) -> Page:
    """A page with grids that another engine read, and our lines around them."""
    x, y = seen.glyphs.centre
    group = np.full(len(x), -1)
    kept: list[Grid] = []
    for grid in grids:
        doubts = grid.doubts
        if grid.box is not None:
            box = grid.box
            inside = (x >= box.x0) & (x <= box.x1) & (y >= box.y0) & (y <= box.y1)
            group[inside] = -2
            ours = Counter(seen.glyphs.text[k] for k in np.flatnonzero(inside).tolist())
            theirs = Counter(letter for cell in grid.cells for letter in cell.text)
            lost = sum(max(ours[digit] - theirs[digit], 0) for digit in "0123456789")
            if lost:
                doubts = (*doubts, f"{lost} digits in the box of the table stand in none of its cells")
        kept.append(replace(grid, doubts=doubts))
    blocks: list[Line | Grid] = [line for _, line in lines_of(seen.glyphs, group)]
    blocks += kept
    blocks.sort(key=_top)
    return Page(number, tuple(blocks), seen.width, seen.height, seen.strays, _problem(seen))


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


def _grid(lattice: Lattice, texts: list[list[Row]], page: int, filled: Filling) -> Grid:
    """A lattice with its texts as a grid."""
    xs, ys = lattice.xs.tolist(), lattice.ys.tolist()
    cells = [
        Cell(
            r0,
            c0,
            "\n".join([row[1] for row in rows]),
            r1 - r0 + 1,
            c1 - c0 + 1,
            Box(xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1]),
        )
        for (r0, r1, c0, c1), rows in zip(lattice.span.tolist(), texts, strict=True)
    ]
    tall = sum(
        overfull(cell, [row[2] for row in rows]) for cell, rows in zip(cells, texts, strict=True) if len(rows) > 1
    )
    told = (
        (filled.ragged, "a cell with text is no rectangle"),
        (filled.crossing, f"{filled.crossing} numbers cross a ruling"),
        (tall, f"{tall} cells are lower than their text"),
    )
    doubts = tuple(doubt for holds, doubt in told if holds)
    cells.sort(key=lambda cell: (cell.row, cell.col))
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    return Grid(page, len(ys) - 1, len(xs) - 1, tuple(cells), "ruling", 0, box, tuple(xs), doubts, filled.crossing)
