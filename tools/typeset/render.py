"""Layouts as PDF, by reportlab's canvas, the same bytes every time."""

from __future__ import annotations

import io
from collections import defaultdict
from typing import Any

from tools.typeset.layout import lay_out
from tools.typeset.model import Document
from tools.typeset.sheet import Drawn, Layout, Sheet
from tools.typeset.text import FONT, font
from tools.typeset.truth import fact_of

Segment = tuple[float, float, float, float]


def render(document: Document) -> bytes:
    """Typeset a document as PDF.

    Returns
    -------
    bytes
        The file; equal documents give equal bytes.

    Raises
    ------
    SpecError
        When a row is higher than a page or the font lacks a character.
    """
    return draw(lay_out(document), document.entity)


def placed_facts(document: Document) -> list[dict[str, Any]]:
    """As `expected_facts`, with page and the cell's box x0, y0, x1, y1 (points, top left of the page as seen)."""
    tables = document.tables
    found = []
    for item in sorted(lay_out(document).cells, key=lambda item: item.table):
        fact = fact_of(tables[item.table], item.cell, item.table)
        if fact is not None:
            found.append({**fact, "page": item.page, "x0": item.x0, "y0": item.y0, "x1": item.x1, "y1": item.y1})
    return found


def draw(layout: Layout, title: str = "") -> bytes:
    """Draw pages."""
    from reportlab.pdfgen.canvas import Canvas

    font()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    for page, sheet in enumerate(layout.sheets, 1):
        _open_page(canvas, sheet)
        cells = [item for item in layout.cells if item.page == page]
        _draw_rulings(canvas, cells, sheet.height)
        for text in layout.texts:
            if text.page == page:
                canvas.setFont(FONT, text.size)
                canvas.drawString(text.x, sheet.height - text.y, text.text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _open_page(canvas: Any, sheet: Sheet) -> None:
    # reportlab takes the size as seen and swaps the media box of rotated pages by itself
    canvas.setPageSize((sheet.width, sheet.height))
    canvas.setPageRotation(90 if sheet.rotated else 0)
    if sheet.rotated:
        # stored upright and turned clockwise by the viewer: seen (X, Y) is stored (height - Y, X)
        canvas.transform(0, 1, -1, 0, sheet.height, 0)


def _draw_rulings(canvas: Any, cells: list[Drawn], height: float) -> None:
    for item in cells:
        if item.style.white_fills:
            canvas.setFillGray(1)
            canvas.rect(item.x0, height - item.y1, item.x1 - item.x0, item.y1 - item.y0, stroke=0, fill=1)
    canvas.setFillGray(0)
    by_style: dict[tuple[str, float], list[Drawn]] = defaultdict(list)
    for item in cells:
        by_style[item.style.ruling, item.style.line_width].append(item)
    for (ruling, width), group in by_style.items():
        edges = sorted({edge for item in group for edge in _edges(item, height)})
        if ruling == "segments":
            _draw_segments(canvas, edges, width)
        else:
            _draw_lines(canvas, _joined(edges), width, filled=ruling == "rectangles")


def _edges(item: Drawn, height: float) -> list[Segment]:
    x0, x1 = round(item.x0, 2), round(item.x1, 2)
    y0, y1 = round(height - item.y1, 2), round(height - item.y0, 2)
    return [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]


def _joined(edges: list[Segment]) -> list[Segment]:
    """Edges on one line that touch become one."""
    lines: dict[tuple[bool, float], list[tuple[float, float]]] = defaultdict(list)
    for x0, y0, x1, y1 in edges:
        lines[y0 == y1, y0 if y0 == y1 else x0].append((x0, x1) if y0 == y1 else (y0, y1))
    joined = []
    for (level, at), spans in sorted(lines.items()):
        merged: list[tuple[float, float]] = []
        for start, end in sorted(spans):
            if merged and start <= merged[-1][1] + 0.01:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        joined += [(start, at, end, at) if level else (at, start, at, end) for start, end in merged]
    return joined


def _draw_lines(canvas: Any, lines: list[Segment], width: float, *, filled: bool) -> None:
    canvas.setLineWidth(width)
    half = width / 2
    for x0, y0, x1, y1 in lines:
        if filled:
            canvas.rect(x0 - half, y0 - half, x1 - x0 + width, y1 - y0 + width, stroke=0, fill=1)
        else:
            canvas.line(x0, y0, x1, y1)


def _draw_segments(canvas: Any, edges: list[Segment], width: float) -> None:
    """Every edge of every cell by itself, with a square dot at each corner, as WPS writes them."""
    half = width / 2
    for x, y in sorted({corner for x0, y0, x1, y1 in edges for corner in ((x0, y0), (x1, y1))}):
        canvas.rect(x - half, y - half, width, width, stroke=0, fill=1)
    for x0, y0, x1, y1 in edges:
        if y0 == y1:
            canvas.rect(x0 + half, y0 - half, x1 - x0 - width, width, stroke=0, fill=1)
        else:
            canvas.rect(x0 - half, y0 + half, width, y1 - y0 - width, stroke=0, fill=1)
