"""What stands on a PDF page, read through pypdfium2's raw interface: glyphs and line segments as arrays.

The raw interface is used because a page holds thousands of objects and the convenience layer makes a Python object of
each. Coordinates leave this module as points of the page as it is seen: origin top left, rotation and form matrices
applied.
"""

from __future__ import annotations

import ctypes
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from budgetkit.readers.pdf.drawing import Drawing, address, drawing, hides, painted_before
from budgetkit.readers.pdf.glyphs import Glyphs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: glyphs looked at to tell whether the content itself is turned
SAMPLE = 40
#: part of the glyph height up to which the lesser side of a ruling may go
THIN = 0.4
#: part of the page from which on an image is a picture of the page
FILLING = 0.6


@dataclass(frozen=True)
class Ink:
    """Glyphs and straight segments of one page."""

    glyphs: Glyphs
    #: left, top, right, bottom of every straight, axis-parallel, visible stroke or thin fill, (n, 4)
    strokes: Floats
    width: float
    height: float
    images: int
    #: characters whose font gives no Unicode
    unmapped: int
    outlines: int
    #: whether the text is what a program recognised on a scan, hidden over or under its image
    recognised: bool = False


@dataclass(frozen=True)
class Frame:
    """How a page's own coordinates become the coordinates of the page as it is seen."""

    left: float
    bottom: float
    right: float
    top: float
    #: quarter turns clockwise
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def boxes(self, box: Floats) -> Floats:
        """Boxes (left, bottom, right, top; y upwards) as seen (left, top, right, bottom; y downwards)."""
        x0, y0, x1, y1 = box.T
        seen = {
            0: (x0 - self.left, self.top - y1, x1 - self.left, self.top - y0),
            1: (y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left),
            2: (self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom),
            3: (self.top - y1, self.right - x1, self.top - y0, self.right - x0),
        }[self.turns % 4]
        return np.column_stack(seen)


def ink(raw: Any, document: Any, page: Any) -> Ink:
    """Read one page.

    Text that is not to be seen does not count: text outside its clip, under an opaque image or box, and in the
    invisible render mode. The exception is a scan with its recognised text: where such text lies over or under an
    image of the whole page it is kept, and `recognised` says so.

    Parameters
    ----------
    raw : module
        `pypdfium2.raw`, handed in so that importing this module stays cheap.
    document, page : FPDF_DOCUMENT, FPDF_PAGE
        The raw handles of the document and of a loaded page.
    """
    text_page = raw.FPDFText_LoadPage(page)
    try:
        codes, boxes = characters(raw, text_page)
        frame = _frame(raw, page, turns_upright(raw, text_page, codes))
        origins = _origins(raw, text_page, boxes, frame.turns)
        glyphs, place = _glyphs(codes, boxes, origins, frame)
        drawn = drawing(raw, document, page, THIN * glyphs.em, _reach(boxes[place]))
        hidden = _hidden(raw, document, page, text_page, drawn, boxes)[place]
    finally:
        raw.FPDFText_ClosePage(text_page)
    scanned = bool(hidden.mean() > 0.5 and any(_fills(box, frame) for box in drawn.images)) if len(hidden) else False
    if hidden.any() and not scanned:
        glyphs = glyphs.take(np.flatnonzero(~hidden))
    width, height = frame.size
    strokes = frame.boxes(np.array(drawn.strokes, dtype=float).reshape(-1, 4))
    inside = (strokes[:, 2] >= 0) & (strokes[:, 3] >= 0) & (strokes[:, 0] <= width) & (strokes[:, 1] <= height)
    unmapped = int((np.isin(codes, (0, 0xFFFD)) | ((codes >= 0xE000) & (codes < 0xF900))).sum())
    return Ink(glyphs, strokes[inside], width, height, len(drawn.images), unmapped, drawn.outlines, scanned)


def _frame(raw: Any, page: Any, turned: int | None) -> Frame:
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, box)
    turns = turned if turned is not None else raw.FPDFPage_GetRotation(page)
    return Frame(box.left, box.bottom, box.right, box.top, turns)


def _fills(box: tuple[float, float, float, float], frame: Frame) -> bool:
    """Whether an image takes up the page."""
    page = (frame.right - frame.left) * (frame.top - frame.bottom)
    wide = min(box[2], frame.right) - max(box[0], frame.left)
    high = min(box[3], frame.top) - max(box[1], frame.bottom)
    return wide > 0 and high > 0 and wide * high >= FILLING * page


def _hidden(raw: Any, document: Any, page: Any, text_page: Any, drawn: Drawing, boxes: Floats) -> Bools:
    """Whether each character is not to be seen. Costs nothing on pages where nothing can hide text."""
    hidden = np.zeros(len(boxes), dtype=bool)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    covers = [
        (order, found)
        for order, cover in drawn.covers
        if len(found := np.flatnonzero(_inside(x, y, cover))) and hides(raw, document, page, drawn, order)
    ]
    if not (drawn.clips or drawn.invisible or covers):
        return hidden
    doubted = hidden | bool(drawn.invisible)
    for clip in set(drawn.clips.values()):
        doubted |= ~_inside(x, y, clip)
    for _, found in covers:
        doubted[found] = True
    places = np.flatnonzero(doubted).tolist()
    owner = dict(zip(places, map(address, map(raw.FPDFText_GetTextObject, repeat(text_page), places)), strict=True))
    for index, item in owner.items():
        limit = drawn.clips.get(item)
        outside = limit is not None and not (limit[0] <= x[index] <= limit[2] and limit[1] <= y[index] <= limit[3])
        hidden[index] = outside or item in drawn.invisible
    if covers:
        painted = painted_before(raw, drawn, max(order for order, _ in covers))
        for order, found in covers:
            hidden[[index for index in found.tolist() if painted.get(owner[index], order) < order]] = True
    return hidden


def _reach(boxes: Floats) -> tuple[float, float, float, float]:
    """The box around the centres of all characters."""
    if not len(boxes):
        return (0.0, 0.0, 0.0, 0.0)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _inside(x: Floats, y: Floats, box: tuple[float, float, float, float]) -> Bools:
    return np.asarray((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3]))


def characters(raw: Any, text_page: Any) -> tuple[Ints, Floats]:
    """Unicode and loose box (left, bottom, right, top) of every character, white space included."""
    count = max(raw.FPDFText_CountChars(text_page), 0)
    if not count:
        return np.empty(0, dtype=np.int64), np.empty((0, 4))
    rects = (raw.FS_RECTF * count)()
    get_box, get_code = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetUnicode
    # map, because a loop in Python costs as much as the calls
    codes = list(map(get_code, repeat(text_page), range(count)))
    deque(map(get_box, repeat(text_page), range(count), rects), maxlen=0)
    # FS_RECTF is left, top, right, bottom
    boxes = np.frombuffer(rects, dtype=np.float32).reshape(count, 4)[:, [0, 3, 2, 1]].astype(float)
    return np.array(codes, dtype=np.int64), boxes


def _origins(raw: Any, text_page: Any, boxes: Floats, turns: int) -> Floats:
    """The origin of every character; neighbours of one extent across the line stand on one baseline and share it."""
    if not len(boxes):
        return np.empty((0, 2))
    # lines run across the page's own axes where the content stands sideways on it
    extent = boxes[:, [0, 2]] if turns % 2 else boxes[:, [1, 3]]
    x, y = ctypes.c_double(), ctypes.c_double()
    across, up = ctypes.byref(x), ctypes.byref(y)
    new = np.concatenate(([True], (extent[1:] != extent[:-1]).any(axis=1)))
    origins = []
    for index in np.flatnonzero(new).tolist():
        raw.FPDFText_GetCharOrigin(text_page, index, across, up)
        origins.append((x.value, y.value))
    return np.asarray(np.array(origins)[np.cumsum(new) - 1])


def turns_upright(raw: Any, text_page: Any, codes: Ints) -> int | None:
    """Quarter turns clockwise that bring the text upright, when nearly all of it stands alike; else None."""
    places = np.flatnonzero(codes > 32).tolist()
    places = places[:: max(len(places) // SAMPLE, 1)][:SAMPLE]
    turns = [round(raw.FPDFText_GetCharAngle(text_page, index) / (np.pi / 2)) % 4 for index in places]
    usual = max(set(turns), key=turns.count) if turns else 0
    # angles run clockwise: text that stands at three quarters comes upright by one more
    return -usual % 4 if turns and turns.count(usual) > 0.9 * len(turns) else None


def _glyphs(codes: Ints, boxes: Floats, origins: Floats, frame: Frame) -> tuple[Glyphs, Ints]:
    """The characters without white space, generated and off-page ones, and their places among all."""
    boxes = frame.boxes(boxes)
    base = frame.boxes(np.hstack((origins, origins)))[:, 1]
    width, height = frame.size
    # pdfium gives U+0002 for a hyphen at a line's end and U+FFFE for what it made up
    blank = ((codes <= 32) & (codes != 2)) | np.isin(codes, (0xA0, 0x3000, 0xFFFE, 0xFEFF, 0x200B))
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    on_page = (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
    spaced = np.concatenate(([False], blank[:-1])) if len(blank) else blank
    keep = np.flatnonzero(~blank & on_page)
    text = [chr(code) if code != 2 else "-" for code in codes[keep].tolist()]
    return Glyphs(text, boxes[keep], base[keep], spaced[keep]), keep
