"""What pdfium writes to a place instead of giving it: boxes, draw modes, colours and points of objects."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable
from typing import Any

from budgetkit.readers.pdf.pdfium import pointer

Rect = tuple[float, float, float, float]


class Pen:
    """The places that pdfium writes to, made once a page: making one takes as long as a call."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._sides, self._modes, self._channels = array("f", bytes(16)), array("i", bytes(8)), array("I", bytes(16))
        self._points = array("f")
        self._to_sides, self._to_modes = _pointers(self._sides), _pointers(self._modes)
        self._to_channels, self._to_points = _pointers(self._channels), _pointers(self._points)

    def box(self, item: Any) -> Rect | None:
        """Left, bottom, right, top of an object; None where it has no extent."""
        if not self._raw.FPDFPageObj_GetBounds(item, *self._to_sides):
            return None
        left, bottom, right, top = self._sides
        return left, bottom, right, top

    def modes(self, item: Any) -> tuple[int, int]:
        """How a path is filled and whether it is stroked; 0 for neither."""
        self._raw.FPDFPath_GetDrawMode(item, *self._to_modes)
        fill, stroke = self._modes
        return fill, stroke

    def colour(self, stroke: bool, item: Any) -> tuple[int, int, int, int] | None:
        """Red, green, blue, alpha of its stroke or fill; None of a pattern or a colour space that is not told."""
        get = self._raw.FPDFPageObj_GetStrokeColor if stroke else self._raw.FPDFPageObj_GetFillColor
        if not get(item, *self._to_channels):
            return None
        red, green, blue, alpha = self._channels
        return red, green, blue, alpha

    def colours(self, stroke: bool, items: Iterable[Any]) -> list[bytes | None]:
        """The same of many objects, each four unsigned integers."""
        get = self._raw.FPDFPageObj_GetStrokeColor if stroke else self._raw.FPDFPageObj_GetFillColor
        red, green, blue, alpha = self._to_channels
        written = self._channels.tobytes
        return [written() if get(item, red, green, blue, alpha) else None for item in items]

    def points(self, segments: Iterable[int], count: int) -> tuple[array[float], array[float]]:
        """The x and the y of `count` segments of a path."""
        if 2 * count > len(self._points):
            self._points = array("f", bytes(8 * count))
            self._to_points = _pointers(self._points)
        get_point = self._raw.FPDFPathSegment_GetPoint
        deque(map(get_point, map(pointer, segments), self._to_points[::2], self._to_points[1::2]), maxlen=0)
        return self._points[: 2 * count : 2], self._points[1 : 2 * count : 2]


def _pointers(places: array[Any]) -> list[Any]:
    start, count = places.buffer_info()
    return [pointer(start + places.itemsize * k) for k in range(count)]
