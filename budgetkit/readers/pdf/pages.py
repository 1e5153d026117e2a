"""PDF files to pages of lines and grids (`picture` opens a PDF too, to show a page)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import DEFAULT, Budget, Limits
from budgetkit.model import Box, Cell, Grid, Line, Page, Source
from budgetkit.printed.widths import squeeze
from budgetkit.readers.pdf.anatomy import look
from budgetkit.readers.pdf.check import doubtful, faults, overfull, unruled
from budgetkit.readers.pdf.glyphs import lines as lines_of
from budgetkit.readers.pdf.ink import Ink, ink
from budgetkit.readers.pdf.pdfium import LOCK, calls, opened
from budgetkit.readers.pdf.rulings import Lattice, Rulings, lattices, rulings, spans, too_many
from budgetkit.readers.pdf.surface import loaded, notes, said_of, unseen_figures

if TYPE_CHECKING:
    from budgetkit.readers.pdf.camelot_engine import Camelot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: digits no further apart than this part of the glyph height are of one number
TOUCHING = 0.2
#: part of the glyph height by which the gap between two numbers differs from that between digits of one
APART = 0.08
#: figures that are spread over cells by letter spacing have at least so many characters
SPREAD = 5
NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
#: a stroke with no side longer than this part of the glyph height is a dot
DOT = 0.2
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

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What to call it in messages.
    engine : {"auto", "ruling", "camelot"}
        "ruling" never asks camelot, "camelot" asks it for every page with rulings or rows of numbers.
    limits : Limits
        What reading may cost.

    Returns
    -------
    Source
        One `Page` a page. A page that cannot be loaded or has no text (a scan) says so in `problem`.

    Raises
    ------
    UnreadableDocument
        When the file is damaged, asks for a password, has no pages, or goes beyond the limits.
    """
    raw = calls()
    budget = Budget(name, limits)
    budget.hold("file_bytes", len(data))
    anatomy = look(data, budget)
    with opened(raw, data, name) as document, ExitStack() as stack:
        with LOCK:
            count = raw.FPDF_GetPageCount(document)
            said = list(notes(raw, document, anatomy))
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
            said += [f"page {index + 1}: {word}" for word in words]
    return Source("pdf", tuple(pages), (*said, *unseen_figures(pages, covert)))


def _page(
    raw: Any, document: Any, index: int, second: Second, budget: Budget, layers: bool
) -> tuple[Page, tuple[str, ...], tuple[str, ...]]:
    """One page, what is to be said of what was not read on it, and the lines that are not to be seen."""
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
    if not asked and not faults(first):
        return first, words, seen.covert
    # another engine reads what is not to be seen, too
    if second.engine == "ruling" or seen.covert or seen.aside:
        return doubtful(first), words, seen.covert
    return _better(seen, first, second), words, seen.covert


def _better(seen: Ink, first: Page, second: Second) -> Page:
    """The reading with the fewest faults; with engine="camelot", camelot's best."""
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
    return doubtful(min(readings, key=lambda page: len(faults(page)), default=first))


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
    across, down = _rulings(seen.strokes, em)
    found = [_settled(lattice) for lattice in lattices(across, down, em)]
    group, doubts = _assign(seen, found, em)
    offsets = np.cumsum([0, *(len(lattice.span) for lattice in found)])
    texts: list[list[Line]] = [[] for _ in range(offsets[-1])]
    prose: list[Line] = []
    for owner, line in lines_of(seen.glyphs, group):
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
    problem = "a drawing of too many lines to hold tables" if too_many(across, down) else _problem(seen)
    return Page(number, tuple(blocks), seen.width, seen.height, seen.strays, problem)


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


def _rulings(strokes: Floats, em: float) -> tuple[Rulings, Rulings]:
    """Horizontal and vertical rulings of a page."""
    x0, y0, x1, y1 = strokes.T
    flat, steep = x1 - x0 >= y1 - y0, x1 - x0 < y1 - y0
    # a dot may be a piece of a dotted line of either direction
    dot = np.maximum(x1 - x0, y1 - y0) < DOT * em
    across = rulings(((y0 + y1) / 2)[flat | dot], x0[flat | dot], x1[flat | dot], em)
    down = rulings(((x0 + x1) / 2)[steep | dot], y0[steep | dot], y1[steep | dot], em)
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
    """Bring the digits of a number that overflows its cell together in the cell that holds most of them.

    Returns the cells, and how many numbers cross a ruling. Numbers of two cells that touch are no such case: together
    they are no number, or the gap between them is not that between the digits of each.
    """
    digit = np.array([seen.glyphs.text[k] in "0123456789.," for k in inside], dtype=bool)
    if len(inside) < 2:
        return own, 0
    box, spaced = seen.glyphs.box[inside], seen.glyphs.spaced[inside]
    gap = box[1:, 0] - box[:-1, 2]
    level = np.abs(np.diff(seen.glyphs.base[inside])) < 0.15 * em
    onward = (np.diff(box[:, 0]) > 0) & (gap < TOUCHING * em)
    following = (np.diff(inside) == 1) & digit[1:] & digit[:-1] & level
    linked = following & ~spaced[1:] & onward
    even = following & _even(gap, em)
    linked |= even
    split = np.flatnonzero(linked & (np.diff(own) != 0))
    if not len(split):
        return own, 0
    run = np.concatenate(([0], np.cumsum(~linked)))
    own = own.copy()
    crossing = 0
    for number in np.unique(run[split]):
        members = np.flatnonzero(run == number)
        borders = np.flatnonzero(np.diff(own[members]) != 0)
        parts = np.split(members, borders + 1)
        texts = ["".join(seen.glyphs.text[inside[k]] for k in part) for part in parts]
        inner = np.delete(gap[members[:-1]], borders)
        apart = len(inner) > 0 and bool((np.abs(gap[members[borders]] - np.median(inner)) > APART * em).all())
        whole = NUMBER.fullmatch("".join(texts)) is not None
        if all(NUMBER.fullmatch(text) for text in texts) and (apart or not whole):
            continue
        if even[members[:-1]].any() and (len(members) < SPREAD or not set("".join(texts)) & set(".,")):
            continue
        crossing += 1
        if whole:
            values, counts = np.unique(own[members], return_counts=True)
            own[members] = values[counts.argmax()]
    return own, crossing


def _even(gap: Floats, em: float) -> npt.NDArray[np.bool_]:
    """Which gaps between glyphs are those of letter spacing: wide, and like the one before or after."""
    alike = np.abs(np.diff(gap)) < APART * em
    wide = (gap > TOUCHING * em) & (gap < 1.5 * em)
    return np.asarray(wide & (np.concatenate(([False], alike)) | np.concatenate((alike, [False]))))


def _grid(lattice: Lattice, texts: list[list[Line]], page: int, first_row: int, doubts: tuple[str, ...]) -> Grid:
    """A lattice with its texts as a grid."""
    xs, ys = lattice.xs.tolist(), lattice.ys.tolist()
    cells = [
        Cell(
            r0,
            c0,
            "\n".join(line.text for line in lines),
            r1 - r0 + 1,
            c1 - c0 + 1,
            Box(xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1]),
        )
        for (r0, r1, c0, c1), lines in zip(lattice.span.tolist(), texts, strict=True)
    ]
    tall = sum(map(overfull, cells, texts))
    if tall:
        doubts = (*doubts, f"{tall} cells are lower than their text")
    cells.sort(key=lambda cell: (cell.row, cell.col))
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    return Grid(page, len(ys) - 1, len(xs) - 1, tuple(cells), "ruling", first_row, box, tuple(xs), doubts)
