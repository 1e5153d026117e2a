"""What is drawn on a PDF page besides its characters: strokes, images, and what hides text, by pypdfium2's raw API.

All coordinates here are the page's own (y upwards, unrotated), with the matrices of forms applied.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from budgetkit.limits import Budget
from budgetkit.readers.pdf.pdfium import address

Ints = npt.NDArray[np.int64]
Matrix = tuple[float, float, float, float, float, float]
Rect = tuple[float, float, float, float]
Colour = tuple[int, int, int]


class _Pen:
    """Where pdfium writes: sides of a box, fill and stroke mode of a path, a colour, a point. Made once a page."""

    def __init__(self) -> None:
        self.sides, self.modes, self.colour = array("f", [0.0] * 4), array("i", [0, 0]), array("I", [0] * 4)
        self.to_sides, self.to_modes = _addresses(self.sides), _addresses(self.modes)
        self.to_colour = _addresses(self.colour)

    @property
    def box(self) -> Rect:
        """The box last written."""
        left, bottom, right, top = self.sides
        return left, bottom, right, top


def _addresses(places: array[Any]) -> list[int]:
    start, count = places.buffer_info()
    return [start + places.itemsize * k for k in range(count)]


IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
#: a colour channel from here on is white, and white ink draws no ruling
WHITE = 250
#: alpha up to here leaves nothing to see, and from OPAQUE on nothing shines through
CLEAR, OPAQUE = 5, 250
#: forms nested deeper than this are not looked into
DEPTH = 6
#: objects between two that have the same clip are taken to have it too when they are no more than this
STRIDE = 64


@dataclass(frozen=True)
class Drawing:
    """What is drawn on one page."""

    #: left, bottom, right, top of every visible, straight, axis-parallel stroke or thin fill
    strokes: list[Rect]
    #: boxes of the images
    images: list[Rect]
    #: visible paths that are no rulings (filled shapes, outlines of letters)
    outlines: int
    #: address of a text object that reaches beyond its clip -> what the clip leaves of the page
    clips: dict[int, Rect]
    #: what is painted after some text and may hide it: place in the order of painting, box
    covers: list[tuple[int, Rect]]
    #: colours of grounds other than white, on which text of the same colour is not seen
    grounds: set[Colour]
    #: the texts, their places among all objects, in the order of painting, and their render modes
    texts: list[int]
    places: list[int]
    modes: list[int]
    #: places of what stands in forms
    inner: frozenset[int]


def drawing(raw: Any, page: Any, thin: float, reach: Rect, budget: Budget) -> Drawing:
    """Look at all objects of a page once.

    `thin`: up to this width, in points, a shape is a ruling; `reach`: what holds the centres of all characters: a clip
    that holds it hides none of them.
    """
    items, modes, kinds, matrices = objects(raw, page, budget)
    clips = _clips(raw, items, budget)
    texts: list[int] = (kinds == raw.FPDF_PAGEOBJ_TEXT).nonzero()[0].tolist()
    first_text = texts[0] if texts else len(kinds)
    get_bounds, path_kind, image_kind = raw.FPDFPageObj_GetBounds, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE
    pen = _Pen()
    strokes: list[Rect] = []
    images: list[Rect] = []
    covers: list[tuple[int, Rect]] = []
    grounds: set[Colour] = set()
    outlines = 0
    shading = raw.FPDF_PAGEOBJ_SHADING
    for k in ((kinds == path_kind) | (kinds == image_kind) | (kinds == shading)).nonzero()[0].tolist():
        item, matrix = items[k], matrices.get(k, IDENTITY)
        if not get_bounds(item, *pen.to_sides):
            continue
        box = _moved(matrix, pen.box)
        limit = _moved(matrix, clip) if (clip := clips[k]) else None
        if kinds[k] != path_kind:
            if kinds[k] == image_kind:
                images.append(box)
            if k > first_text:
                covers.append((k, _cut(box, limit)))
        elif min(box[2] - box[0], box[3] - box[1]) <= thin:
            if _visible(raw, item, pen):
                strokes.extend(_seen([box], limit))
        else:
            ground = _ground(raw, item, pen)
            if ground and k > first_text:
                covers.append((k, _cut(box, limit)))
            if ground and min(ground) < WHITE:
                grounds.add(ground)
            if _visible(raw, item, pen):
                found = list(_edges(raw, item, matrix, thin, pen))
                strokes.extend(_seen(found, limit))
                outlines += not found
    narrow = _narrow(raw, texts, items, matrices, clips, reach, pen)
    told, shown = [items[k] for k in texts], modes[texts].tolist()
    return Drawing(strokes, images, outlines, narrow, covers, grounds, told, texts, shown, frozenset(matrices))


def _ground(raw: Any, item: int, pen: _Pen) -> Colour | None:
    """The colour of an opaque fill; None for any other path."""
    raw.FPDFPath_GetDrawMode(item, *pen.to_modes)
    colour = pen.colour
    if not pen.modes[0] or not raw.FPDFPageObj_GetFillColor(item, *pen.to_colour) or colour[3] < OPAQUE:
        return None
    if raw.FPDFPageObj_HasTransparency(item):
        return None
    return colour[0], colour[1], colour[2]


def _narrow(
    raw: Any, texts: list[int], items: list[int], matrices: dict[int, Matrix], clips: list[Rect | None], reach: Rect,
    pen: _Pen,
) -> dict[int, Rect]:  # fmt: skip
    """The text objects that reach beyond their clips, by address, and what those clips leave."""
    found: dict[int, Rect] = {}
    # many texts share a clip, the same object
    shared = {id(clip): clip for clip in clips if clip}
    narrow = {number for number, clip in shared.items() if _cut(reach, clip) != reach}
    for k in texts if narrow or matrices else ():
        clip, matrix = clips[k], matrices.get(k, IDENTITY)
        if clip is None or (matrix is IDENTITY and id(clip) not in narrow):
            continue
        if raw.FPDFPageObj_GetBounds(items[k], *pen.to_sides):
            limit = _moved(matrix, clip)
            if not _within(_moved(matrix, pen.box), limit):
                found[items[k]] = limit
    return found


def _seen(edges: list[Rect], limit: Rect | None) -> list[Rect]:
    """What a clip leaves of some edges."""
    return edges if limit is None else [cut for edge in edges if _is_box(cut := _cut(edge, limit))]


def objects(raw: Any, page: Any, budget: Budget) -> tuple[list[int], Ints, Ints, dict[int, Matrix]]:
    """All page objects in the order of painting: render modes (of texts, else -1), kinds, matrices of what is in forms.

    What has a render mode is a text, and need not be asked for its kind.
    """
    budget.hold("objects", raw.FPDFPage_CountObjects(page))
    items = list(map(raw.FPDFPage_GetObject, repeat(address(page)), range(raw.FPDFPage_CountObjects(page))))
    modes, kinds = _kinds(raw, items)
    if not (kinds == raw.FPDF_PAGEOBJ_FORM).any():
        return items, modes, kinds, {}
    flat: list[tuple[int, Matrix]] = []
    for item, kind in zip(items, kinds.tolist(), strict=True):
        flat.extend(_unfold(raw, item, kind, IDENTITY, 0))
        budget.hold("objects", len(flat))
    items = [item for item, _ in flat]
    return items, *_kinds(raw, items), {k: matrix for k, (_, matrix) in enumerate(flat) if matrix is not IDENTITY}


def _kinds(raw: Any, items: list[int]) -> tuple[Ints, Ints]:
    """Render modes and kinds of some objects."""
    modes = np.fromiter(map(raw.FPDFTextObj_GetTextRenderMode, items), np.int64, len(items))
    kinds = np.full(len(items), raw.FPDF_PAGEOBJ_TEXT)
    others = (modes < 0).nonzero()[0]
    kinds[others] = list(map(raw.FPDFPageObj_GetType, map(items.__getitem__, others.tolist())))
    return modes, kinds


def _unfold(raw: Any, item: int, kind: int, matrix: Matrix, depth: int) -> Iterator[tuple[int, Matrix]]:
    if kind != raw.FPDF_PAGEOBJ_FORM:
        yield item, matrix
    elif depth < DEPTH:
        inner = _times(_matrix(raw, item), matrix)
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            part = raw.FPDFFormObj_GetObject(item, index)
            yield from _unfold(raw, part, raw.FPDFPageObj_GetType(part), inner, depth + 1)


def _matrix(raw: Any, item: int) -> Matrix:
    value = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, ctypes.byref(value))
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


def _moved(m: Matrix, box: Rect) -> Rect:
    if m is IDENTITY:
        return box
    corners = [_apply(m, x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _cut(box: Rect, limit: Rect | None) -> Rect:
    if limit is None:
        return box
    return max(box[0], limit[0]), max(box[1], limit[1]), min(box[2], limit[2]), min(box[3], limit[3])


def _is_box(box: Rect) -> bool:
    return box[0] <= box[2] and box[1] <= box[3]


def _within(box: Rect, limit: Rect) -> bool:
    """Whether a clip leaves a text whole, but for some ink at its rim."""
    slack = 0.2 * (box[3] - box[1])
    return (
        box[0] >= limit[0] - slack
        and box[1] >= limit[1] - slack
        and box[2] <= limit[2] + slack
        and box[3] <= limit[3] + slack
    )


def _clips(raw: Any, items: list[int], budget: Budget) -> list[Rect | None]:
    """The box of every object's clip; None where nothing is clipped.

    Reading a clip takes dozens of calls, and neighbours mostly share one: in a stretch of objects with equally many
    clip paths only some are read, and those between two equal ones are taken to be equal.
    """
    get, count = raw.FPDFPageObj_GetClipPath, raw.FPDFClipPath_CountPaths
    counts = np.fromiter(map(count, map(get, items)), np.int64, len(items))
    boxes: list[Rect | None] = [None] * len(items)
    paths = 0
    if not counts.any():
        return boxes
    starts = [0, *((counts[1:] != counts[:-1]).nonzero()[0] + 1).tolist(), len(items)]
    for start, after in pairwise(starts):
        if counts[start] > 0:
            paths += int(counts[start])
            budget.hold("objects", paths)
            _fill(boxes, start, after - 1, lambda k: _clip(raw, get(items[k]), int(counts[k])))
    return boxes


def _fill(boxes: list[Rect | None], start: int, stop: int, read: Callable[[int], Rect | None]) -> None:
    """Read the boxes of a stretch, the middle only where its ends differ or lie far apart."""
    boxes[start] = read(start)
    if stop > start:
        boxes[stop] = read(stop)
    waiting = [(start, stop)]
    while waiting:
        low, high = waiting.pop()
        if high - low < 2:
            continue
        if boxes[low] == boxes[high] and high - low <= STRIDE:
            boxes[low + 1 : high] = [boxes[low]] * (high - low - 1)
            continue
        middle = (low + high) // 2
        boxes[middle] = read(middle)
        waiting += [(low, middle), (middle, high)]


def _clip(raw: Any, handle: int, count: int) -> Rect | None:
    """What all paths of a clip leave, as a box; None when a path has no points to tell."""
    point = array("f", [0.0, 0.0])
    to_x, to_y = _addresses(point)
    box: Rect | None = None
    for path in range(count):
        points = []
        for index in range(raw.FPDFClipPath_CountPathSegments(handle, path)):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(handle, path, index), to_x, to_y)
            points.append(tuple(point))
        if points:
            xs, ys = zip(*points, strict=True)
            box = _cut((min(xs), min(ys), max(xs), max(ys)), box)
    return box


def _visible(raw: Any, item: int, pen: _Pen) -> bool:
    """Whether the path leaves ink that is not white."""
    raw.FPDFPath_GetDrawMode(item, *pen.to_modes)
    fill, stroke = pen.modes
    return bool(stroke and _inked(raw.FPDFPageObj_GetStrokeColor, item, pen)) or bool(
        fill and _inked(raw.FPDFPageObj_GetFillColor, item, pen)
    )


def _inked(get_colour: Any, item: int, pen: _Pen) -> bool:
    if not get_colour(item, *pen.to_colour):
        return True  # a pattern or a colour space that is not told: taken for ink
    red, green, blue, alpha = pen.colour
    return alpha > CLEAR and min(red, green, blue) < WHITE


def _edges(raw: Any, item: int, matrix: Matrix, thin: float, pen: _Pen) -> Iterator[Rect]:
    """The straight, axis-parallel edges of a path with some extent in both directions.

    Of a path that is only filled, just its thin sub-paths are rulings: a filled box is a background.
    """
    raw.FPDFPath_GetDrawMode(item, *pen.to_modes)
    stroke = pen.modes[1]
    inner = _times(_matrix(raw, item), matrix)
    for points in _sub_paths(raw, item, inner):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= thin:
            yield min(xs), min(ys), max(xs), max(ys)
        elif stroke:
            for (ax, ay), (bx, by) in pairwise(points):
                if min(abs(ax - bx), abs(ay - by)) <= 0.1 * thin:
                    yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _sub_paths(raw: Any, item: int, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The points of every sub-path; the control points of curves count, so that only straight curves stay straight."""
    place = array("f", [0.0, 0.0])
    to_x, to_y = _addresses(place)
    points: list[tuple[float, float]] = []
    for index in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, to_x, to_y)
        point = _apply(matrix, *place)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points
