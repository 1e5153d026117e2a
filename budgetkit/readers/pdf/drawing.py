"""What is drawn on a PDF page besides its characters: strokes, images, and what hides text, by pypdfium2's raw API.

All coordinates here are the page's own (y upwards, unrotated), with the matrices of forms applied.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
Rect = tuple[float, float, float, float]
#: where pdfium writes a path's fill mode, stroke mode, and red, green, blue, alpha
Pen = tuple[ctypes.c_int, ctypes.c_int, list[ctypes.c_uint]]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
#: a colour channel from here on is white, and white ink draws no ruling
WHITE = 250
#: alpha up to here leaves nothing to see, and from OPAQUE on nothing shines through
CLEAR, OPAQUE = 5, 250
#: forms nested deeper than this are not looked into
DEPTH = 6
#: objects between two that have the same clip are taken to have it too when they are no more than this
STRIDE = 64
#: an image is looked at pixel by pixel up to this size, in its own pixels and in points of the page
PIXELS = 40_000_000
#: a filled path with more segments is no rectangle
CORNERS = 6


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
    #: addresses of text objects in the invisible render mode
    invisible: frozenset[int]
    #: images and opaque boxes painted after some text: place in the order of painting, box
    covers: list[tuple[int, Rect]]
    #: all objects in the order of painting, and their kinds
    items: list[Any]
    kinds: list[int]


def address(item: Any) -> int:
    """The address of an object, the same for every handle of it; 0 for none."""
    return ctypes.c_void_p.from_buffer(item).value or 0


def drawing(raw: Any, document: Any, page: Any, thin: float, reach: Rect) -> Drawing:
    """Look at all objects of a page once.

    Parameters
    ----------
    raw : module
        `pypdfium2.raw`.
    document, page : raw handles
    thin : float
        Up to this width, in points, a shape is a ruling.
    reach : Rect
        What holds the centres of all characters: a clip that holds it hides none of them.
    """
    items, kinds, matrices = objects(raw, page)
    clips = _clips(raw, items)
    first_text = kinds.index(raw.FPDF_PAGEOBJ_TEXT) if raw.FPDF_PAGEOBJ_TEXT in kinds else len(kinds)
    get_bounds, path_kind, image_kind = raw.FPDFPageObj_GetBounds, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE
    sides = [ctypes.c_float() for _ in range(4)]
    # made once, because there are thousands of paths
    pen = ctypes.c_int(), ctypes.c_int(), [ctypes.c_uint() for _ in range(4)]
    strokes: list[Rect] = []
    images: list[Rect] = []
    covers: list[tuple[int, Rect]] = []
    outlines = 0
    for k in [k for k, kind in enumerate(kinds) if kind in (path_kind, image_kind)]:
        item, matrix = items[k], matrices[k]
        if not get_bounds(item, *sides):
            continue
        box = _moved(matrix, (sides[0].value, sides[1].value, sides[2].value, sides[3].value))
        limit = _moved(matrix, clip) if (clip := clips[k]) else None
        if kinds[k] == image_kind:
            images.append(box)
            if k > first_text:
                covers.append((k, _cut(box, limit)))
        elif min(box[2] - box[0], box[3] - box[1]) <= thin:
            if _visible(raw, item, pen):
                strokes.extend(_seen([box], limit))
        else:
            if k > first_text and _opaque_fill(raw, item):
                covers.append((k, _cut(box, limit)))
            if _visible(raw, item, pen):
                found = list(_edges(raw, item, matrix, thin))
                strokes.extend(_seen(found, limit))
                outlines += not found
    texts = [k for k, kind in enumerate(kinds) if kind == raw.FPDF_PAGEOBJ_TEXT]
    invisible = _invisible(raw, [items[k] for k in texts])
    return Drawing(
        strokes, images, outlines, _narrow(raw, texts, items, matrices, clips, reach), invisible, covers, items, kinds
    )


def _invisible(raw: Any, texts: list[Any]) -> frozenset[int]:
    modes = list(map(raw.FPDFTextObj_GetTextRenderMode, texts))
    unseen = raw.FPDF_TEXTRENDERMODE_INVISIBLE
    return frozenset(address(item) for item, mode in zip(texts, modes, strict=True) if mode == unseen)


def _narrow(
    raw: Any, texts: list[int], items: list[Any], matrices: list[Matrix], clips: list[Rect | None], reach: Rect
) -> dict[int, Rect]:
    """The text objects that reach beyond their clips, by address, and what those clips leave."""
    found: dict[int, Rect] = {}
    sides = [ctypes.c_float() for _ in range(4)]
    roomy: dict[Rect, bool] = {}
    for k in texts:
        clip, matrix = clips[k], matrices[k]
        if clip is None:
            continue
        if matrix is IDENTITY:
            if clip not in roomy:
                roomy[clip] = _cut(reach, clip) == reach
            if roomy[clip]:
                continue
        if raw.FPDFPageObj_GetBounds(items[k], *sides):
            limit = _moved(matrix, clip)
            if not _within(_moved(matrix, (sides[0].value, sides[1].value, sides[2].value, sides[3].value)), limit):
                found[address(items[k])] = limit
    return found


def _seen(edges: list[Rect], limit: Rect | None) -> list[Rect]:
    """What a clip leaves of some edges."""
    return edges if limit is None else [cut for edge in edges if _is_box(cut := _cut(edge, limit))]


def hides(raw: Any, document: Any, page: Any, drawn: Drawing, place: int) -> bool:
    """Whether a cover is opaque: of paths only opaque ones are noted, images are looked at."""
    if drawn.kinds[place] != raw.FPDF_PAGEOBJ_IMAGE:
        return True
    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(drawn.items[place], *sides)
    box = (sides[0].value, sides[1].value, sides[2].value, sides[3].value)
    return _opaque_image(raw, document, page, drawn.items[place], box)


def painted_before(raw: Any, drawn: Drawing, limit: int) -> dict[int, int]:
    """The place in the order of painting of every text object among the first `limit` objects, by address."""
    texts = [k for k in range(min(limit, len(drawn.items))) if drawn.kinds[k] == raw.FPDF_PAGEOBJ_TEXT]
    return {address(drawn.items[k]): k for k in texts}


def objects(raw: Any, page: Any) -> tuple[list[Any], list[int], list[Matrix]]:
    """All page objects in the order of painting, their kinds, and the matrices of the forms that they stand in."""
    get, get_type, form = raw.FPDFPage_GetObject, raw.FPDFPageObj_GetType, raw.FPDF_PAGEOBJ_FORM
    items = list(map(get, repeat(page), range(raw.FPDFPage_CountObjects(page))))
    kinds = list(map(get_type, items))
    if form not in kinds:
        return items, kinds, [IDENTITY] * len(items)
    flat = [each for item, kind in zip(items, kinds, strict=True) for each in _unfold(raw, item, kind, IDENTITY, 0)]
    return [item for item, _, _ in flat], [kind for _, kind, _ in flat], [matrix for _, _, matrix in flat]


def _unfold(raw: Any, item: Any, kind: int, matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    if kind != raw.FPDF_PAGEOBJ_FORM:
        yield item, kind, matrix
    elif depth < DEPTH:
        inner = _times(_matrix(raw, item), matrix)
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            part = raw.FPDFFormObj_GetObject(item, index)
            yield from _unfold(raw, part, raw.FPDFPageObj_GetType(part), inner, depth + 1)


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


def _clips(raw: Any, items: list[Any]) -> list[Rect | None]:
    """The box of every object's clip; None where nothing is clipped.

    Reading a clip takes dozens of calls, and neighbours mostly share one: in a stretch of objects with equally many
    clip paths only some are read, and those between two equal ones are taken to be equal.
    """
    get, count = raw.FPDFPageObj_GetClipPath, raw.FPDFClipPath_CountPaths
    counts = list(map(count, map(get, items)))
    boxes: list[Rect | None] = [None] * len(items)
    start = 0
    while start < len(items):
        stop = start
        while stop + 1 < len(items) and counts[stop + 1] == counts[start]:
            stop += 1
        if counts[start] > 0:
            _fill(boxes, start, stop, lambda k: _clip(raw, get(items[k]), counts[k]))
        start = stop + 1
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


def _clip(raw: Any, handle: Any, count: int) -> Rect | None:
    """What all paths of a clip leave, as a box; None when a path has no points to tell."""
    x, y = ctypes.c_float(), ctypes.c_float()
    box: Rect | None = None
    for path in range(count):
        points = []
        for index in range(raw.FPDFClipPath_CountPathSegments(handle, path)):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(handle, path, index), x, y)
            points.append((x.value, y.value))
        if points:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            box = _cut((min(xs), min(ys), max(xs), max(ys)), box)
    return box


def _opaque_image(raw: Any, document: Any, page: Any, item: Any, box: Rect) -> bool:
    """Whether nothing shines through an image: seals and watermarks over text do not hide it."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(item, width, height)
    size = max(width.value * height.value, (box[2] - box[0]) * (box[3] - box[1]))
    if raw.FPDFPageObj_HasTransparency(item) or not size <= PIXELS:
        return False
    bitmap = raw.FPDFImageObj_GetRenderedBitmap(document, page, item)
    if not bitmap:
        return False
    try:
        if raw.FPDFBitmap_GetFormat(bitmap) != raw.FPDFBitmap_BGRA:
            return True
        rows, stride = raw.FPDFBitmap_GetHeight(bitmap), raw.FPDFBitmap_GetStride(bitmap)
        alpha = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), rows * stride)[3::4]
        seen = sum(alpha.count(value) for value in range(OPAQUE, 256))
        # the rim of an image that does not fill its last pixels is partly clear
        return bool(seen >= len(alpha) - 2 * (rows + stride // 4))
    finally:
        raw.FPDFBitmap_Destroy(bitmap)


def _opaque_fill(raw: Any, item: Any) -> bool:
    """Whether a path paints a box over what stands there."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if not fill.value or raw.FPDFPath_CountSegments(item) > CORNERS or raw.FPDFPageObj_HasTransparency(item):
        return False
    colour = [ctypes.c_uint() for _ in range(4)]
    return bool(raw.FPDFPageObj_GetFillColor(item, *colour)) and colour[3].value >= OPAQUE


def _visible(raw: Any, item: Any, pen: Pen) -> bool:
    """Whether the path leaves ink that is not white."""
    fill, stroke, colour = pen
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    return bool(stroke.value and _inked(raw.FPDFPageObj_GetStrokeColor, item, colour)) or bool(
        fill.value and _inked(raw.FPDFPageObj_GetFillColor, item, colour)
    )


def _inked(get_colour: Any, item: Any, colour: Sequence[ctypes.c_uint]) -> bool:
    if not get_colour(item, *colour):
        return True  # a pattern or a colour space that is not told: taken for ink
    red, green, blue, alpha = (channel.value for channel in colour)
    return alpha > CLEAR and min(red, green, blue) < WHITE


def _edges(raw: Any, item: Any, matrix: Matrix, thin: float) -> Iterator[Rect]:
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
            for (ax, ay), (bx, by) in pairwise(points):
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
