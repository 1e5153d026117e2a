"""Small PDFs drawn for tests: a table of three columns and three rows in every manner of ruling."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]
Segment = tuple[float, float, float, float]

#: column borders, and row borders from top to bottom, of the table of `TEXTS` on a page of `SIZE`
XS, YS = (40.0, 140.0, 220.0, 320.0), (250.0, 220.0, 190.0, 160.0)
TEXTS = (("Code", "Name", "Amount"), ("201", "General", "1,234.50"), ("20101", "Office", "99.00"))
SIZE = (400.0, 300.0)


def pdf(*pages: Draw, size: tuple[float, float] = SIZE, rotate: int = 0, **options: Any) -> bytes:
    """A PDF with a page for every drawing."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1, **options)
    for draw in pages:
        canvas.setPageRotation(rotate)
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def borders(xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> list[Segment]:
    """Every border of every cell as a segment from left to right or from bottom to top."""
    across = [(a, y, b, y) for y in ys for a, b in pairwise(xs)]
    return across + [(x, b, x, a) for x in xs for a, b in pairwise(ys)]


def texts(
    canvas: Canvas, rows: Sequence[Sequence[str]] = TEXTS, xs: Sequence[float] = XS, ys: Sequence[float] = YS
) -> None:
    """Write a text into every cell."""
    for row, y in zip(rows, ys, strict=False):
        for text, x in zip(row, xs, strict=False):
            canvas.drawString(x + 4, y - 18, text)


def strokes(canvas: Canvas, segments: Sequence[Segment]) -> None:
    for segment in segments:
        canvas.line(*segment)


def thin_fills(canvas: Canvas, segments: Sequence[Segment], width: float = 0.5) -> None:
    for x0, y0, x1, y1 in segments:
        canvas.rect(x0 - width / 2, y0 - width / 2, x1 - x0 + width, y1 - y0 + width, stroke=0, fill=1)


def dotted_corners(canvas: Canvas, segments: Sequence[Segment]) -> None:
    """Segments that stop short of the corners, and a dot in every corner."""
    for x0, y0, x1, y1 in segments:
        dx, dy = (0.5, 0.0) if x1 > x0 else (0.0, 0.5)
        thin_fills(canvas, [(x0 + dx, y0 + dy, x1 - dx, y1 - dy)], 0.48)
        thin_fills(canvas, [(x0, y0, x0, y0), (x1, y1, x1, y1)], 0.48)


def beziers(canvas: Canvas, segments: Sequence[Segment]) -> None:
    for x0, y0, x1, y1 in segments:
        dx, dy = (x1 - x0) / 3, (y1 - y0) / 3
        canvas.bezier(x0, y0, x0 + dx, y0 + dy, x1 - dx, y1 - dy, x1, y1)


def dashes(canvas: Canvas, segments: Sequence[Segment], length: float = 3.0, gap: float = 2.0) -> None:
    """Every line as many short strokes."""
    for x0, y0, x1, y1 in segments:
        total = max(x1 - x0, y1 - y0)
        dx, dy = (x1 - x0) / total, (y1 - y0) / total
        at = 0.0
        while at < total:
            end = min(at + length, total)
            canvas.line(x0 + at * dx, y0 + at * dy, x0 + end * dx, y0 + end * dy)
            at += length + gap


def cell_boxes(canvas: Canvas, segments: Sequence[Segment]) -> None:
    """A stroked rectangle for every cell; the segments are not looked at."""
    for a, b in pairwise(XS):
        for top, bottom in pairwise(YS):
            canvas.rect(a, bottom, b - a, top - bottom, stroke=1, fill=0)
