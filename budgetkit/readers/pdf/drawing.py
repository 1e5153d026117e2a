"""What is drawn on a PDF page besides its characters: strokes, images, and what hides text, by pypdfium2's raw API.

All coordinates here are the page's own (y upwards, unrotated), with the matrices of forms applied.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import compress, pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from budgetkit.limits import Budget
from budgetkit.readers.pdf.pdfium import handle, pointer
from budgetkit.readers.pdf.pen import Pen, Rect

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[int, int, int]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
#: a colour channel from here on is white, and white ink draws no ruling
WHITE = 250
#: alpha up to here leaves nothing to see, and from OPAQUE on nothing shines through
CLEAR, OPAQUE = 5, 250
#: forms nested deeper than this are not looked into
DEPTH = 6
#: objects between two that have the same clip are taken to have it too when they are no more than this
STRIDE = 64


class Texts(NamedTuple):
    """The text objects of a page in the order of painting."""

    addresses: list[int]
    #: the same as pdfium takes them
    items: list[Any]
    #: places among all objects
    places: list[int]
    #: render modes
    modes: list[int]


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
    texts: Texts
    #: places of what stands in forms
    inner: frozenset[int]


class Objects(NamedTuple):
    """All objects of a page in the order of painting, those in forms too."""

    addresses: list[int]
    #: the same as pdfium takes them
    items: list[Any]
    #: render modes of texts, else -1
    modes: Ints
    kinds: Ints
    #: matrices of what is in forms, by place
    matrices: dict[int, Matrix]


def drawing(raw: Any, page: Any, thin: float, boxes: Floats, budget: Budget) -> Drawing:
    """Look at all objects of a page once.

    `thin`: up to this width, in points, a shape is a ruling; `boxes`: left, bottom, right, top of all characters: a
    clip that holds their centres hides none of them.
    """
    found, pen = objects(raw, page, budget), Pen(raw)
    items, kinds = found.items, found.kinds
    clips = _clips(raw, items, pen, budget)
    texts = _texts(found, kinds == raw.FPDF_PAGEOBJ_TEXT)
    first_text = texts.places[0] if texts.places else len(kinds)
    is_path, is_image = kinds == raw.FPDF_PAGEOBJ_PATH, kinds == raw.FPDF_PAGEOBJ_IMAGE
    images: list[Rect] = []
    covers: list[tuple[int, Rect]] = []
    grounds: set[Colour] = set()
    outlines = 0
    strokes, shapes = _hairlines(found, is_path.nonzero()[0].tolist(), clips, thin, pen)
    pictures = (is_image | (kinds == raw.FPDF_PAGEOBJ_SHADING)).nonzero()[0].tolist()
    for k in (*shapes, *pictures):
        item, matrix = items[k], found.matrices.get(k, IDENTITY)
        if not (own := pen.box(item)):
            continue
        box = _moved(matrix, own)
        limit = _moved(matrix, clip) if (clip := clips[k]) else None
        modes = pen.modes(item) if is_path[k] else (0, 0)
        thick = min(box[2] - box[0], box[3] - box[1]) > thin
        ground = _ground(raw, item, modes, pen) if thick else None
        if is_image[k]:
            images.append(box)
        if k > first_text and (ground or not is_path[k]):
            covers.append((k, _cut(box, limit)))
        if ground and min(ground) < WHITE:
            grounds.add(ground)
        if _visible(item, modes, pen):
            edges = list(_edges(raw, item, matrix, thin, modes, pen)) if thick else [box]
            strokes.extend(_seen(edges, limit))
            outlines += not edges
    narrow = _narrow(texts.places, found, clips, boxes, pen)
    return Drawing(strokes, images, outlines, narrow, covers, grounds, texts, frozenset(found.matrices))


def _texts(found: Objects, chosen: Bools) -> Texts:
    addresses, items = (list(compress(of, chosen.tobytes())) for of in (found.addresses, found.items))
    return Texts(addresses, items, chosen.nonzero()[0].tolist(), found.modes[chosen].tolist())


def _hairlines(
    found: Objects, paths: list[int], clips: list[Rect | None], thin: float, pen: Pen
) -> tuple[list[Rect], list[int]]:
    """The boxes of those paths that are thin, visible and not clipped, as nearly all are, and the places of others."""
    strokes: list[Rect] = []
    others: list[int] = []
    for k in paths:
        item = found.items[k]
        box = None if clips[k] or k in found.matrices else pen.box(item)
        if not box or (box[2] - box[0] > thin and box[3] - box[1] > thin):
            others.append(k)
        elif _visible(item, pen.modes(item), pen):
            strokes.append(box)
    return strokes, others


def _ground(raw: Any, item: Any, modes: tuple[int, int], pen: Pen) -> Colour | None:
    """The colour of an opaque fill; None for any other path."""
    colour = pen.colour(False, item) if modes[0] else None
    if not colour or colour[3] < OPAQUE or raw.FPDFPageObj_HasTransparency(item):
        return None
    return colour[:3]


def _narrow(
    texts: list[int], all_objects: Objects, clips: list[Rect | None], boxes: Floats, pen: Pen
) -> dict[int, Rect]:
    """The text objects that reach beyond their clips, by address, and what those clips leave."""
    found: dict[int, Rect] = {}
    matrices = all_objects.matrices
    # many texts share a clip, the same object
    shared = {id(clip): clip for clip in filter(None, clips)}
    reach = _reach(boxes) if shared else None
    narrow = {number for number, clip in shared.items() if reach and _cut(reach, clip) != reach}
    for k in texts if narrow or matrices else ():
        clip, matrix = clips[k], matrices.get(k, IDENTITY)
        if clip and (k in matrices or id(clip) in narrow) and (box := pen.box(all_objects.items[k])):
            limit = _moved(matrix, clip)
            if not _within(_moved(matrix, box), limit):
                found[all_objects.addresses[k]] = limit
    return found


def _reach(boxes: Floats) -> Rect | None:
    """The box around the centres of some boxes."""
    if not len(boxes):
        return None
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _seen(edges: list[Rect], limit: Rect | None) -> list[Rect]:
    """What a clip leaves of some edges."""
    return edges if limit is None else [cut for edge in edges if _is_box(cut := _cut(edge, limit))]


def objects(raw: Any, page: Any, budget: Budget) -> Objects:
    """All objects of a page.

    What has a render mode is a text, and need not be asked for its kind.
    """
    count = raw.FPDFPage_CountObjects(handle(page))
    budget.hold("objects", count)
    addresses = list(map(raw.FPDFPage_GetObject, repeat(handle(page)), range(count)))
    items = list(map(pointer, addresses))
    modes, kinds = _kinds(raw, items)
    if not (kinds == raw.FPDF_PAGEOBJ_FORM).any():
        return Objects(addresses, items, modes, kinds, {})
    flat: list[tuple[int, Matrix]] = []
    for address, kind in zip(addresses, kinds.tolist(), strict=True):
        flat.extend(_unfold(raw, address, kind, IDENTITY, 0))
        budget.hold("objects", len(flat))
    items = [pointer(address) for address, _ in flat]
    matrices = {k: matrix for k, (_, matrix) in enumerate(flat) if matrix is not IDENTITY}
    return Objects([address for address, _ in flat], items, *_kinds(raw, items), matrices)


def _kinds(raw: Any, items: list[Any]) -> tuple[Ints, Ints]:
    """Render modes and kinds of some objects."""
    modes = np.fromiter(map(raw.FPDFTextObj_GetTextRenderMode, items), np.int64, len(items))
    kinds = np.full(len(items), raw.FPDF_PAGEOBJ_TEXT)
    others = (modes < 0).nonzero()[0]
    kinds[others] = list(map(raw.FPDFPageObj_GetType, map(items.__getitem__, others.tolist())))
    return modes, kinds


def _unfold(raw: Any, address: int, kind: int, matrix: Matrix, depth: int) -> Iterator[tuple[int, Matrix]]:
    if kind != raw.FPDF_PAGEOBJ_FORM:
        yield address, matrix
    elif depth < DEPTH:
        item = pointer(address)
        inner = _times(_matrix(raw, item), matrix)
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            part = raw.FPDFFormObj_GetObject(item, index)
            yield from _unfold(raw, part, raw.FPDFPageObj_GetType(pointer(part)), inner, depth + 1)


def _matrix(raw: Any, item: Any) -> Matrix:
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


def _clips(raw: Any, items: list[Any], pen: Pen, budget: Budget) -> list[Rect | None]:
    """The box of every object's clip; None where nothing is clipped.

    Reading a clip takes dozens of calls, and neighbours mostly share one: in a stretch of objects with equally many
    clip paths only some are read, and those between two equal ones are taken to be equal.
    """
    get, count = raw.FPDFPageObj_GetClipPath, raw.FPDFClipPath_CountPaths
    counts = np.fromiter(map(count, map(pointer, map(get, items))), np.int64, len(items))
    boxes: list[Rect | None] = [None] * len(items)
    paths = 0
    if not counts.any():
        return boxes
    starts = [0, *((counts[1:] != counts[:-1]).nonzero()[0] + 1).tolist(), len(items)]
    for start, after in pairwise(starts):
        if counts[start] > 0:
            paths += int(counts[start])
            budget.hold("objects", paths)
            _fill(boxes, start, after - 1, lambda k: _clip(raw, pointer(get(items[k])), int(counts[k]), pen))
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


def _clip(raw: Any, clip: Any, count: int, pen: Pen) -> Rect | None:
    """What all paths of a clip leave, as a box; None when a path has no points to tell."""
    box: Rect | None = None
    for path in range(count):
        number = raw.FPDFClipPath_CountPathSegments(clip, path)
        if number > 0:
            segments = map(raw.FPDFClipPath_GetPathSegment, repeat(clip), repeat(path), range(number))
            xs, ys = pen.points(segments, number)
            box = _cut((min(xs), min(ys), max(xs), max(ys)), box)
    return box


def _visible(item: Any, modes: tuple[int, int], pen: Pen) -> bool:
    """Whether a path leaves ink that is not white."""
    fill, stroke = modes
    return (stroke != 0 and _inked(pen.colour(True, item))) or (fill != 0 and _inked(pen.colour(False, item)))


def _inked(colour: tuple[int, int, int, int] | None) -> bool:
    # a pattern or a colour space that is not told is taken for ink
    return colour is None or (colour[3] > CLEAR and (colour[0] < WHITE or colour[1] < WHITE or colour[2] < WHITE))


def _edges(raw: Any, item: Any, matrix: Matrix, thin: float, modes: tuple[int, int], pen: Pen) -> Iterator[Rect]:
    """The straight, axis-parallel edges of a path with some extent in both directions.

    Of a path that is only filled, just its thin sub-paths are rulings: a filled box is a background.
    """
    inner = _times(_matrix(raw, item), matrix)
    for points in _sub_paths(raw, item, inner, pen):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= thin:
            yield min(xs), min(ys), max(xs), max(ys)
        elif modes[1]:
            for (ax, ay), (bx, by) in pairwise(points):
                if min(abs(ax - bx), abs(ay - by)) <= 0.1 * thin:
                    yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _sub_paths(raw: Any, item: Any, matrix: Matrix, pen: Pen) -> Iterator[list[tuple[float, float]]]:
    """The points of every sub-path; the control points of curves count, so that only straight curves stay straight."""
    points: list[tuple[float, float]] = []
    count = raw.FPDFPath_CountSegments(item)
    segments = list(map(raw.FPDFPath_GetPathSegment, repeat(item), range(count)))
    for segment, x, y in zip(map(pointer, segments), *pen.points(segments, count), strict=True):
        point = _apply(matrix, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points
