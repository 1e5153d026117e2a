"""What stands on a PDF page, read through pypdfium2's raw interface: glyphs and line segments as arrays.

The raw interface is used because a page holds thousands of objects and the convenience layer makes a Python object of
each. Coordinates leave this module as points of the page as it is seen: origin top left, rotation and form matrices
applied.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from budgetkit.limits import Budget
from budgetkit.model import Line
from budgetkit.printed.widths import ideographs
from budgetkit.readers.pdf.aside import PALE, set_aside
from budgetkit.readers.pdf.drawing import Drawing, drawing
from budgetkit.readers.pdf.glyphs import Glyphs, lines, runs
from budgetkit.readers.pdf.paint import Looks, alike, owners, paints, printed_again, unseen
from budgetkit.readers.pdf.pdfium import handle, pointer
from budgetkit.readers.pdf.sheet import Frame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: glyphs looked at to tell whether the content itself is turned
SAMPLE = 40
#: part of the glyph height up to which the lesser side of a ruling may go
THIN = 0.4
#: glyphs lower than this many points, and far lower than others of the page, are not to be read by anybody
TINY = 1.6
#: part of the page from which on an image is a picture of the page
FILLING = 0.6
#: what pdfium gives for white space, and in a whole text for hyphens, that it made up
_MADE_UP = 0xFFFE
_BLANKS = (0xA0, 0x3000, _MADE_UP, 0xFEFF, 0x200B)


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
    #: the lines of text that is not to be seen; another engine would read it
    covert: tuple[str, ...] = ()
    #: lines that belong to no other: "watermark", "slanted", "struck", "mark"
    aside: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)

    @property
    def strays(self) -> tuple[Line, ...]:
        """Lines that are part of the document, and of no line or cell of it."""
        return tuple(line for kind in ("slanted", "struck", "mark") for line in self.aside.get(kind, ()))


def ink(raw: Any, page: Any, budget: Budget, layers: bool = False) -> Ink:
    """Read one page.

    Text that is not to be seen does not count: outside its clip, in the invisible render mode, under a cover, in the
    colour of its ground, on a layer that is off, too small. The exception is a scan with its recognised text: where
    such text lies over or under an image of the whole page it is kept, and `recognised` says so.

    `layers`: whether the document may have layers that are off.
    """
    text_page = raw.FPDFText_LoadPage(page)
    try:
        budget.hold("characters", raw.FPDFText_CountChars(text_page))
        codes, place, boxes = characters(raw, text_page)
        origins, angles = origins_of(raw, text_page, place, boxes[:, 1], boxes[:, 3])
        frame = _frame(raw, page, turns_upright(angles))
        if frame.turns % 2:
            # lines run across the page's own axes where the content stands sideways on it
            origins, angles = origins_of(raw, text_page, place, boxes[:, 0], boxes[:, 2])
        glyphs, on_page = _glyphs(codes, place, boxes, origins, frame)
        place, boxes, angles = place[on_page], boxes[on_page], angles[on_page]
        drawn = drawing(raw, page, THIN * glyphs.em, boxes, budget)
        looks = paints(raw, drawn.texts.items, drawn.texts.modes, bool(raw.FPDFPage_HasTransparency(page)))
        hidden = _hidden(raw, page, text_page, drawn, looks, boxes, place, layers)
        look, pale = _colours(raw, text_page, drawn, looks, place)
        tiny = _tiny(raw, text_page, glyphs, place)
    finally:
        raw.FPDFText_ClosePage(text_page)
    scanned = bool(2 * np.count_nonzero(hidden) > len(hidden)) and any(_fills(box, frame) for box in drawn.images)
    hidden &= not scanned
    hidden |= tiny
    covert = tuple(line.text for line in _texts(glyphs, hidden.nonzero()[0]))
    if covert:
        left = (~hidden).nonzero()[0]
        glyphs, angles, look, pale = glyphs.take(left), angles[left], look[left], pale[left]
    width, height = frame.size
    strokes = frame.boxes(np.array(drawn.strokes, dtype=float).reshape(-1, 4))
    inside = (strokes[:, 2] >= 0) & (strokes[:, 3] >= 0) & (strokes[:, 0] <= width) & (strokes[:, 1] <= height)
    # symbol fonts (bullets, ticks) stand at U+F000, whatever they mean
    odd = codes[(codes == 0) | (codes >= 0xE000)]
    unmapped = int(np.count_nonzero((odd < 0xF000) | ((odd > 0xF0FF) & (odd < 0xF900)) | (odd == 0xFFFD)))
    strokes = strokes[inside]
    kept = set_aside(glyphs, strokes, angles, look, pale)
    aside = {kind: _texts(glyphs, places) for kind, places in kept.taken.items()}
    return Ink(kept.glyphs, strokes, width, height, len(drawn.images), unmapped, drawn.outlines, scanned, covert, aside)


def _tiny(raw: Any, text_page: Any, glyphs: Glyphs, place: Ints) -> Bools:
    """Which glyphs are too small to be read; a dot or a dash has a small box at any size of the font."""
    limit = min(TINY, 0.3 * glyphs.em)
    tiny = np.asarray(glyphs.high < limit)
    if not tiny.any():
        return tiny
    tiny &= glyphs.box[:, 2] - glyphs.box[:, 0] < limit
    matrix = raw.FS_MATRIX()
    for k in tiny.nonzero()[0].tolist():
        index = int(place[k])
        raw.FPDFText_GetMatrix(text_page, index, matrix)
        scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
        tiny[k] = raw.FPDFText_GetFontSize(text_page, index) * scale < limit
    return tiny


def _texts(glyphs: Glyphs, places: Ints) -> tuple[Line, ...]:
    """Some of the glyphs as lines of their own."""
    if not len(places):
        return ()
    return tuple(line for _, line in lines(glyphs.take(places), np.full(len(places), -1)))


def _colours(raw: Any, text_page: Any, drawn: Drawing, looks: Looks, place: Ints) -> tuple[Ints, Bools]:
    """Which glyphs at `place` have the same colour, by a number, and whether it is a pale one."""
    kinds = {colour: number for number, colour in enumerate(dict.fromkeys(look.colour for look in looks.kinds))}
    if len(kinds) < 2:
        faint = any(colour is not None and min(colour) >= PALE for colour in kinds)
        return np.zeros(len(place), dtype=np.int64), np.full(len(place), faint)
    number_of = {item: kinds[look.colour] for item, look in zip(drawn.texts.addresses, looks.each, strict=True)}
    number = np.array([number_of.get(item, 0) for item in owners(raw, text_page, place.tolist())], dtype=np.int64)
    pale = np.array([colour is not None and min(colour) >= PALE for colour in kinds])
    return number, pale[number]


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


def _hidden(
    raw: Any, page: Any, text_page: Any, drawn: Drawing, looks: Looks, boxes: Floats, place: Ints, layers: bool
) -> Bools:
    """Whether each of the glyphs at `place` is not to be seen. Costs little on pages where nothing can hide text."""
    hidden = np.zeros(len(place), dtype=bool)
    doubtful, invisible = _doubtful(raw, drawn, looks, layers)
    if not (drawn.clips or invisible or doubtful or drawn.covers):
        return hidden
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    covers = [(order, inside) for order, cover in drawn.covers if (inside := _inside(x, y, cover)).any()]
    if not (drawn.clips or invisible or doubtful or covers):
        return hidden
    owner = np.array([item or 0 for item in owners(raw, text_page, place.tolist())], dtype=np.uint64)
    if drawn.clips:
        for index, item in enumerate(owner.tolist()):
            limit = drawn.clips.get(item)
            hidden[index] = limit is not None and not _holds(limit, x[index], y[index])
    hidden |= np.isin(owner, np.array(list(invisible), dtype=np.uint64))
    doubt = np.isin(owner, np.array(list(doubtful), dtype=np.uint64))
    if covers:
        order_of = dict(zip(drawn.texts.addresses, drawn.texts.places, strict=True))
        # what is not told was painted last
        last = max(order for order, _ in covers)
        painted = np.array([order_of.get(item, last) for item in owner.tolist()])
        for order, inside in covers:
            doubt |= inside & (painted < order)
    doubt &= ~hidden
    if doubt.any():
        at = np.flatnonzero(doubt)
        texts = [item for item in set(owner[at].tolist()) if item]
        hidden[at] = unseen(raw, page, texts, boxes[at])
        if hidden[at].any():
            # pdfium gives a text that is printed twice in one place once, as the first of the two
            twice = printed_again(raw, set(owner[at][hidden[at]].tolist()), drawn.texts.addresses)
            hidden[at] &= ~np.isin(owner[at], np.array(list(twice), dtype=np.uint64))
    return hidden


def _doubtful(raw: Any, drawn: Drawing, looks: Looks, layers: bool) -> tuple[set[int], set[int]]:
    """The addresses of the text objects that may not be seen, and of those that are not."""
    strange = any(look.invisible or look.pale or look.blended for look in looks.kinds)
    if not (strange or layers or drawn.grounds):
        return set(), set()
    texts = drawn.texts.addresses
    invisible = {at for at, look in zip(texts, looks.each, strict=True) if look.invisible}
    doubtful = {at for at, look in zip(texts, looks.each, strict=True) if look.pale or look.blended}
    colours = {look.colour for look in looks.kinds if look.colour is not None}
    lost = {colour for colour in colours if any(alike(colour, ground) for ground in drawn.grounds)}
    if lost:
        doubtful |= {at for at, look in zip(texts, looks.each, strict=True) if look.colour in lost}
    if layers:
        marks = map(raw.FPDFPageObj_CountMarks, drawn.texts.items)
        doubtful |= {
            at for at, k, count in zip(texts, drawn.texts.places, marks, strict=True) if count > 0 or k in drawn.inner
        }
    return doubtful - invisible, invisible


def _holds(box: tuple[float, float, float, float], x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _inside(x: Floats, y: Floats, box: tuple[float, float, float, float]) -> Bools:
    return np.asarray((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3]))


def characters(raw: Any, text_page: Any) -> tuple[Ints, Ints, Floats]:
    """Unicode of every character, the places of those that are no white space, and their loose boxes.

    Boxes are left, bottom, right, top.
    """
    count = max(raw.FPDFText_CountChars(text_page), 0)
    codes = _codes(raw, handle(text_page), count)
    # pdfium gives U+0002 for a hyphen at a line's end and U+FFFE for what it made up
    inked = (codes > 32) | (codes == 2)
    for code in _BLANKS:
        inked &= codes != code
    places = inked.nonzero()[0]
    rects = np.zeros((len(places), 4), dtype=np.float32)
    start = rects.ctypes.data
    # map, because a loop in Python costs as much as the calls; boxes are written to their addresses
    to = map(pointer, range(start, start + rects.nbytes, 16))
    deque(map(raw.FPDFText_GetLooseCharBox, repeat(handle(text_page)), places.tolist(), to), maxlen=0)
    # FS_RECTF is left, top, right, bottom
    return codes, places, rects.T[[0, 3, 2, 1]].astype(float).T


def _codes(raw: Any, text_page: Any, count: int) -> Ints:
    """Unicode of every character: from the whole text, unless characters and units differ or it has what is made up."""
    units = np.zeros(2 * count + 2, dtype=np.uint16)
    told = raw.FPDFText_GetText(text_page, 0, count, pointer(units.ctypes.data))
    codes = units[:count].astype(np.int64)
    if told == count + 1 and not ((codes == _MADE_UP) | ((codes >= 0xD800) & (codes < 0xE000))).any():
        return codes
    return np.fromiter(map(raw.FPDFText_GetUnicode, repeat(text_page), range(count)), np.int64, count)


def origins_of(raw: Any, text_page: Any, places: Ints, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Origin and angle of characters; neighbours of one extent across the line stand on one baseline."""
    if not len(places):
        return np.empty((0, 2)), np.empty(0)
    page, new = handle(text_page), (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    first = [int(places[0]), *places[1:][new].tolist()]
    origins = np.zeros((len(first), 2))
    start, stop = origins.ctypes.data, origins.ctypes.data + origins.nbytes
    across, up = map(pointer, range(start, stop, 16)), map(pointer, range(start + 8, stop, 16))
    deque(map(raw.FPDFText_GetCharOrigin, repeat(page), first, across, up), maxlen=0)
    angles = np.fromiter(map(raw.FPDFText_GetCharAngle, repeat(page), first), float, len(first))
    run = runs(new)
    return origins[run], angles[run]


def turns_upright(angles: Floats) -> int | None:
    """Quarter turns clockwise that bring the text upright, when nearly all of it stands alike; else None."""
    sample = angles[:: max(len(angles) // SAMPLE, 1)][:SAMPLE]
    turns = [round(angle / (np.pi / 2)) % 4 for angle in sample.tolist()]
    usual = max(set(turns), key=turns.count) if turns else 0
    # angles run clockwise: text that stands at three quarters comes upright by one more
    return -usual % 4 if turns and turns.count(usual) > 0.9 * len(turns) else None


def _glyphs(codes: Ints, places: Ints, boxes: Floats, origins: Floats, frame: Frame) -> tuple[Glyphs, Ints | slice]:
    """The characters at `places` that stand on the page, and which these are."""
    seen, (width, height) = frame.boxes(boxes), frame.size
    x, y = seen[:, 0] + seen[:, 2], seen[:, 1] + seen[:, 3]
    inside = (x >= 0) & (x <= 2 * width) & (y >= 0) & (y <= 2 * height)
    on_page = slice(None) if inside.all() else inside.nonzero()[0]
    # white space is what stands between the places
    spaced = np.empty(len(places), dtype=bool)
    spaced[:1], spaced[1:] = places[:1] > 0, places[1:] - places[:-1] > 1
    kept = codes[places[on_page]].astype("<u4")
    kept[kept == 2] = ord("-")
    text = list(kept.tobytes().decode("utf-32-le", "surrogatepass"))
    radicals, compatible = (kept >= 0x2E80) & (kept < 0x2FE0), (kept >= 0xF900) & (kept < 0xFB00)
    for k in (radicals | compatible).nonzero()[0].tolist():
        # some fonts map ideographs to radicals, or to their compatibility forms
        text[k] = ideographs(text[k]) if radicals[k] else unicodedata.normalize("NFKC", text[k])
    return Glyphs(text, seen[on_page], frame.levels(origins)[on_page], spaced[on_page]), on_page
