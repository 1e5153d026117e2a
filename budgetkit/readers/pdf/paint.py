"""How the texts of a page are painted, and which of them leave no ink that a person can see.

What cannot be told from a text's own colour is told by drawing the page twice, with and without the texts in doubt:
where the two pictures are alike there is nothing to be seen, whatever hides it (white on white, a cover, a layer).
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from budgetkit.readers.pdf.pdfium import handle, pointer
from budgetkit.readers.pdf.pen import Pen
from budgetkit.readers.pdf.sheet import Frame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Colour = tuple[int, int, int]

#: a channel of the colour on white paper from which on it may be too pale to be seen
PALE = 236
#: two colours whose channels differ by no more than this may not be told apart, and a pixel that does not change more
ALIKE = 16
#: pixels a point, and the most pixels of a picture
SCALE, PIXELS = 2.0, 24_000_000
#: points by which the sizes of one text printed twice may differ
_SAME = 0.6
_INVISIBLE, _CLIP = 3, 7
_FILLED = (0, 2, 4, 6)


class Paint(NamedTuple):
    """The look of one text."""

    #: on white paper; None where it is a pattern or not told
    colour: Colour | None
    #: whether it leaves no ink by its render mode
    invisible: bool
    #: whether it may be made invisible by something that its colour does not tell
    blended: bool

    @property
    def pale(self) -> bool:
        """Whether it may not be seen on white paper."""
        return self.colour is None or min(self.colour) >= PALE


class Looks(NamedTuple):
    """The looks of the text objects of a page."""

    each: list[Paint]
    #: those that there are, in the order of painting
    kinds: tuple[Paint, ...]


def paints(raw: Any, texts: Sequence[Any], modes: Sequence[int], transparent: bool) -> Looks:
    """The look of every text object by its render mode; `transparent`: whether anything on the page is."""
    pen = Pen(raw)
    colours = _colours_of(pen, texts, modes)
    blended = list(map(raw.FPDFPageObj_HasTransparency, texts)) if transparent else [0] * len(texts)
    if len(set(colours)) == len(set(modes)) == len(set(blended)) == 1:
        only = _paint(colours[0], modes[0], blended[0])
        return Looks([only] * len(texts), (only,))
    known = {key: _paint(*key) for key in dict.fromkeys(zip(colours, modes, blended, strict=True))}
    each = list(map(known.__getitem__, zip(colours, modes, blended, strict=True)))
    return Looks(each, tuple(dict.fromkeys(known.values())))


def _colours_of(pen: Pen, texts: Sequence[Any], modes: Sequence[int]) -> list[bytes | None]:
    """The colours that the texts are filled with, or else stroked."""
    stroked = [mode not in _FILLED for mode in set(modes)]
    if len(set(stroked)) < 2:
        return pen.colours(any(stroked), texts)
    return [pen.colours(mode not in _FILLED, (item,))[0] for item, mode in zip(texts, modes, strict=True)]


def _paint(colour: bytes | None, mode: int, blended: int) -> Paint:
    channels = tuple(array("I", colour)) if colour else None
    # alpha below 255 is transparency that the colour tells already
    blend = bool(blended) and not (channels and channels[3] < 255)
    return Paint(_on_white(channels) if channels else None, mode in (_INVISIBLE, _CLIP), blend)


def _on_white(channels: tuple[int, ...]) -> Colour:
    red, green, blue = (255 - (255 - channel) * channels[3] // 255 for channel in channels[:3])
    return red, green, blue


def alike(one: Colour, other: Colour) -> bool:
    """Whether ink of one colour may not be seen on the other."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= ALIKE


def unseen(raw: Any, page: Any, texts: Sequence[int], boxes: Floats) -> Bools:
    """Which glyphs leave no ink on the page as it is drawn.

    `texts`: the text objects of the glyphs; other text keeps its ink in both pictures; `boxes`: left, bottom, right,
    top of the glyphs in the page's own coordinates.
    """
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, box)
    frame = Frame(box.left, box.bottom, box.right, box.top, raw.FPDFPage_GetRotation(page))
    seen = frame.boxes(boxes)
    width, height = frame.size
    low = np.floor(np.clip(seen[:, :2].min(axis=0) - 1, 0, (width, height)))
    high = np.ceil(np.clip(seen[:, 2:].max(axis=0) + 1, 0, (width, height)))
    if not (high - low > 0).all():
        return np.ones(len(boxes), dtype=bool)
    scale = min(SCALE, float(np.sqrt(PIXELS / np.prod(high - low))))
    window = tuple(int(value) for value in (*(low * scale), *np.ceil((high - low) * scale)))
    whole = (int(np.ceil(width * scale)), int(np.ceil(height * scale)))
    with_ink = _picture(raw, page, window, whole)
    for item in texts:
        raw.FPDFPageObj_SetIsActive(pointer(item), False)
    try:
        without = _picture(raw, page, window, whole)
    finally:
        for item in texts:
            raw.FPDFPageObj_SetIsActive(pointer(item), True)
    changed = np.abs(with_ink.astype(np.int16) - without)[:, :, :3].max(axis=2) > ALIKE
    return ~_any_inside(changed, seen * scale - np.tile(window[:2], 2))


def _picture(raw: Any, page: Any, window: tuple[int, ...], whole: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """A part of the page as pixels: left, top, width and height of the part, width and height of the page."""
    left, top, width, height = window
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRx, None, 0)
    if not bitmap:
        return np.zeros((height, width, 4), dtype=np.uint8)
    try:
        raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        raw.FPDF_RenderPageBitmap(bitmap, page, -left, -top, *whole, 0, 0)
        stride = raw.FPDFBitmap_GetStride(bitmap)
        pixels = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)
    return np.frombuffer(pixels, dtype=np.uint8).reshape(height, stride // 4, 4)[:, :width]


def _any_inside(pixels: Bools, boxes: Floats) -> Bools:
    """Whether some pixel of every box is set; the rim of a box belongs to its neighbours."""
    height, width = pixels.shape
    sums = np.zeros((height + 1, width + 1), dtype=np.int64)
    sums[1:, 1:] = pixels.cumsum(axis=0).cumsum(axis=1)
    rim = np.minimum(0.15 * (boxes[:, 2] - boxes[:, 0]), 0.15 * (boxes[:, 3] - boxes[:, 1]))
    x0 = np.clip(np.floor(boxes[:, 0] + rim), 0, width).astype(int)
    x1 = np.clip(np.ceil(boxes[:, 2] - rim), 0, width).astype(int)
    y0 = np.clip(np.floor(boxes[:, 1]), 0, height).astype(int)
    y1 = np.clip(np.ceil(boxes[:, 3]), 0, height).astype(int)
    x1, y1 = np.maximum(x1, x0), np.maximum(y1, y0)
    return np.asarray(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0] > 0)


def owners(raw: Any, text_page: Any, places: Sequence[int]) -> list[int]:
    """The text objects of some characters."""
    return list(map(raw.FPDFText_GetTextObject, repeat(handle(text_page)), places))


def printed_again(raw: Any, hidden: set[int], texts: Sequence[int]) -> set[int]:
    """Those of some hidden texts that stand a second time, and to be seen, in the same place."""
    pen = Pen(raw)
    boxes = {item: pen.box(pointer(item)) or (0.0, 0.0, 0.0, 0.0) for item in texts}
    seen = np.array([boxes[item] for item in texts if item not in hidden]).reshape(-1, 4)
    found = set()
    for item in hidden & boxes.keys():
        mine = np.array(boxes[item])
        size = np.abs((seen[:, 2:] - seen[:, :2]) - (mine[2:] - mine[:2])).max(axis=1)
        shift = np.abs(seen - mine).max(axis=1)
        if ((size < _SAME) & (shift < 0.9 * (mine[3] - mine[1]))).any():
            found.add(item)
    return found
