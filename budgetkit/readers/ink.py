"""What stands on a PDF page, read through pypdfium2's raw interface: glyphs and line segments as arrays.

The raw interface is used because a page holds thousands of objects and the convenience layer makes a Python object of
each. Coordinates leave this module as points of the page as it is seen: origin top left, rotation and form matrices
applied.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from budgetkit.readers.glyphs import Glyphs

Floats = npt.NDArray[np.float64]
Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
#: a colour channel from here on is white, and white ink draws no ruling
WHITE = 250
#: forms nested deeper than this are not looked into
DEPTH = 6
#: glyphs looked at to tell whether the content itself is turned
SAMPLE = 40
#: part of the glyph height up to which the lesser side of a ruling may go
THIN = 0.4


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


def ink(raw: Any, page: Any) -> Ink:
    """Read one page.

    Parameters
    ----------
    raw : module
        `pypdfium2.raw`, handed in so that importing this module stays cheap.
    page : FPDF_PAGE
        The raw handle of a loaded page.
    """
    text_page = raw.FPDFText_LoadPage(page)
    try:
        codes, boxes, origins = _characters(raw, text_page)
        turned = _content_turns(raw, text_page, codes)
    finally:
        raw.FPDFText_ClosePage(text_page)
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, box)
    turns = turned if turned is not None else raw.FPDFPage_GetRotation(page)
    frame = Frame(box.left, box.bottom, box.right, box.top, turns)
    glyphs = _glyphs(codes, boxes, origins, frame)
    thin = THIN * glyphs.em()
    segments, images, outlines = _segments(raw, page, thin)
    width, height = frame.size
    strokes = frame.boxes(np.array(segments, dtype=float).reshape(-1, 4))
    inside = (strokes[:, 2] >= 0) & (strokes[:, 3] >= 0) & (strokes[:, 0] <= width) & (strokes[:, 1] <= height)
    unmapped = sum(1 for code in codes if code in (0, 0xFFFD) or 0xE000 <= code < 0xF900)
    return Ink(glyphs, strokes[inside], width, height, images, unmapped, outlines)


def _characters(raw: Any, text_page: Any) -> tuple[list[int], Floats, Floats]:
    """Unicode, loose box (left, bottom, right, top) and origin of every character, white space included."""
    count = max(raw.FPDFText_CountChars(text_page), 0)
    rects = (raw.FS_RECTF * count)()
    get_box, get_code, get_origin = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin
    x, y = ctypes.c_double(), ctypes.c_double()
    refs = ctypes.byref(x), ctypes.byref(y)
    codes, origins = [0] * count, [(0.0, 0.0)] * count
    for index in range(count):
        get_box(text_page, index, rects[index])
        codes[index] = get_code(text_page, index)
        get_origin(text_page, index, *refs)
        origins[index] = (x.value, y.value)
    boxes = np.frombuffer(rects, dtype=np.float32).reshape(count, 4).astype(float) if count else np.empty((0, 4))
    # FS_RECTF is left, top, right, bottom
    return codes, boxes[:, [0, 3, 2, 1]], np.array(origins, dtype=float).reshape(-1, 2)


def _content_turns(raw: Any, text_page: Any, codes: list[int]) -> int | None:
    """Quarter turns clockwise that bring the text upright, when nearly all of it stands alike; None when it does not."""
    places = [index for index, code in enumerate(codes) if code > 32]
    places = places[:: max(len(places) // SAMPLE, 1)][:SAMPLE]
    turns = [round(raw.FPDFText_GetCharAngle(text_page, index) / (np.pi / 2)) % 4 for index in places]
    usual = max(set(turns), key=turns.count) if turns else 0
    # angles run clockwise: text that stands at three quarters comes upright by one more
    return -usual % 4 if turns and turns.count(usual) > 0.9 * len(turns) else None


def _glyphs(codes: list[int], boxes: Floats, origins: Floats, frame: Frame) -> Glyphs:
    """The visible characters: white space, generated and off-page ones left out."""
    boxes = frame.boxes(boxes)
    base = frame.boxes(np.hstack((origins, origins)))[:, 1]
    width, height = frame.size
    # pdfium gives U+0002 for a hyphen at a line's end and U+FFFE for what it made up
    blank = np.array([code <= 32 and code != 2 or code in (0xA0, 0x3000, 0xFFFE, 0xFEFF, 0x200B) for code in codes])
    blank = blank.astype(bool)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    on_page = (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
    spaced = np.concatenate(([False], blank[:-1])) if len(blank) else blank
    keep = np.flatnonzero(~blank & on_page)
    text = [chr(codes[index]) if codes[index] != 2 else "-" for index in keep]
    return Glyphs(text, boxes[keep], base[keep], spaced[keep])


def _objects(raw: Any, page: Any) -> Iterator[tuple[Any, Matrix]]:
    """All page objects with the matrix of the forms that they stand in."""
    for index in range(raw.FPDFPage_CountObjects(page)):
        yield from _unfold(raw, raw.FPDFPage_GetObject(page, index), IDENTITY, 0)


def _unfold(raw: Any, item: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
        yield item, matrix
    elif depth < DEPTH:
        inner = _times(_matrix(raw, item), matrix)
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            yield from _unfold(raw, raw.FPDFFormObj_GetObject(item, index), inner, depth + 1)


def _matrix(raw: Any, item: Any) -> Matrix:
    value = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, value)
    return (value.a, value.b, value.c, value.d, value.e, value.f)


def _times(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that applies m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _segments(raw: Any, page: Any, thin: float) -> tuple[list[tuple[float, float, float, float]], int, int]:
    """Visible straight segments as (left, bottom, right, top), the number of images, and of other filled paths."""
    found: list[tuple[float, float, float, float]] = []
    images = outlines = 0
    get_type, get_bounds = raw.FPDFPageObj_GetType, raw.FPDFPageObj_GetBounds
    sides = [ctypes.c_float() for _ in range(4)]
    refs = [ctypes.byref(side) for side in sides]
    for item, matrix in _objects(raw, page):
        kind = get_type(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            images += 1
        if kind != raw.FPDF_PAGEOBJ_PATH or not get_bounds(item, *refs):
            continue
        x0, y0 = _apply(matrix, sides[0].value, sides[1].value)
        x1, y1 = _apply(matrix, sides[2].value, sides[3].value)
        box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        if min(box[2] - box[0], box[3] - box[1]) <= thin:
            if _visible(raw, item):
                found.append(box)
        elif _visible(raw, item):
            edges = list(_edges(raw, item, matrix, thin))
            found.extend(edges)
            outlines += not edges
    return found, images, outlines


def _visible(raw: Any, item: Any) -> bool:
    """Whether the path leaves ink that is not white."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    return bool(stroke.value and _inked(raw.FPDFPageObj_GetStrokeColor, item)) or bool(
        fill.value and _inked(raw.FPDFPageObj_GetFillColor, item)
    )


def _inked(get_colour: Any, item: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get_colour(item, red, green, blue, alpha):
        return True  # a pattern or a colour space that is not told: taken for ink
    return alpha.value > 5 and min(red.value, green.value, blue.value) < WHITE


def _edges(raw: Any, item: Any, matrix: Matrix, thin: float) -> Iterator[tuple[float, float, float, float]]:
    """The straight, axis-parallel edges of a path with some extent in both directions.

    Of a path that is only filled, just its thin sub-paths are rulings: a filled box is a background.
    """
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    inner = _times(_matrix(raw, item), matrix)
    for points in _sub_paths(raw, item, inner):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= thin:
            yield min(xs), min(ys), max(xs), max(ys)
        elif stroke.value:
            for (ax, ay), (bx, by) in zip(points, points[1:], strict=False):
                if min(abs(ax - bx), abs(ay - by)) <= 0.1 * thin:
                    yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _sub_paths(raw: Any, item: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The points of every sub-path; the control points of curves count, so that only straight curves stay straight."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _apply(matrix, x.value, y.value)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points
