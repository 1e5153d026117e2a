"""Pages of HTML whose texts and rulings are absolutely placed, as converters from PDF write them, read by place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from budgetkit.model import Grid, Page

_LENGTH = re.compile(r"(?:^|;)\s*(left|top|width|height|font-size|line-height)\s*:\s*(-?[\d.]+)(pt|px)", re.I)
_BORDER = re.compile(
    r"(?:^|;)\s*border(?:-(top|right|bottom|left))?\s*:\s*(?!none)[^;]*?([\d.]+)(?:pt|px)\s+(?:solid|double|dashed)",
    re.I,
)
_POSITION = re.compile(r"(?:^|;)\s*position\s*:\s*(absolute|relative)", re.I)
_POINTS = {"pt": 1.0, "px": 0.75}
#: fewer placed texts than this in the whole document are decoration
_FEW = 20
#: what ASCII characters of Chinese fonts are wide, in parts of the font size
_NARROW = 0.5

Lengths = dict[str, float]


def sheets(body: Any) -> list[Any]:
    """The elements that are printed pages: of fixed width and height, with absolutely placed children.

    Empty when the document as a whole is no such conversion.
    """
    found: list[Any] = []
    texts = 0
    for item in body.iter("div"):
        style = item.get("style") or ""
        match = _POSITION.search(style)
        if match and match[1].lower() == "relative" and {"width", "height"} <= set(_lengths(style)):
            count = sum(1 for _ in _placed(item))
            texts += count
            if count:
                found.append(item)
    return found if texts >= _FEW else []


def read_sheet(sheet: Any, number: int, text_of: Callable[[Any], str]) -> Page:
    """One printed page, set by the same rules as a page of PDF.

    `sheet`: one of `sheets`; `text_of`: gives the text of an element.
    """
    import numpy as np

    from budgetkit.readers.pdf.ink import Ink
    from budgetkit.readers.pdf.pages import page_of

    size = _lengths(sheet.get("style") or "")
    characters: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    spaced: list[bool] = []
    strokes: list[tuple[float, float, float, float]] = []
    for item, at in _placed(sheet):
        strokes.extend(_strokes(item.get("style") or "", at))
        for character, box, after_space in _glyphs(text_of(item), at):
            characters.append(character)
            boxes.append(box)
            spaced.append(after_space)
    seen = Ink(
        glyphs=_as_glyphs(characters, boxes, spaced),
        strokes=np.array(strokes, dtype=float).reshape(-1, 4),
        width=size["width"],
        height=size["height"],
        images=sum(1 for _ in sheet.iter("img")),
        unmapped=0,
        outlines=0,
    )
    page = page_of(seen, number)
    blocks = tuple(replace(block, read_by="html") if isinstance(block, Grid) else block for block in page.blocks)
    return replace(page, blocks=blocks)


def _placed(sheet: Any) -> Iterator[tuple[Any, Lengths]]:
    """The absolutely placed children of a page with their lengths in points."""
    for item in sheet.iterchildren("div", "span", "p"):
        style = item.get("style") or ""
        match = _POSITION.search(style)
        if match and match[1].lower() == "absolute":
            at = _lengths(style)
            if "left" in at and "top" in at:
                yield item, at


def _lengths(style: str) -> Lengths:
    lengths: Lengths = {}
    for key, value, unit in _LENGTH.findall(style):
        if value.count(".") < 2 and value.strip("-."):
            lengths[key.lower()] = float(value) * _POINTS[unit.lower()]
    return lengths


def _glyphs(text: str, at: Lengths) -> Iterator[tuple[str, tuple[float, float, float, float], bool]]:
    """The characters of a placed text with their boxes, wide ones as wide as high, and whether a blank precedes."""
    size = at.get("font-size", 10.0)
    y0 = at["top"] + (at.get("line-height", size) - size) / 2
    x = at["left"]
    after_space = False
    for character in text.strip():
        width = size * (1.0 if unicodedata.east_asian_width(character) in "WFA" else _NARROW)
        if character.isspace():
            after_space = True
        else:
            yield character, (x, y0, x + width, y0 + size), after_space
            after_space = False
        x += width


def _strokes(style: str, at: Lengths) -> Iterator[tuple[float, float, float, float]]:
    """The visible borders of a placed box as segments."""
    x0, y0 = at["left"], at["top"]
    x1, y1 = x0 + at.get("width", 0.0), y0 + at.get("height", 0.0)
    sides = {"top": (x0, y0, x1, y0), "bottom": (x0, y1, x1, y1), "left": (x0, y0, x0, y1), "right": (x1, y0, x1, y1)}
    for side, thickness in _BORDER.findall(style):
        if float(thickness) > 0:
            yield from [sides[side.lower()]] if side else sides.values()


def _as_glyphs(characters: list[str], boxes: list[tuple[float, float, float, float]], spaced: list[bool]) -> Any:
    import numpy as np

    from budgetkit.readers.pdf.glyphs import Glyphs

    box = np.array(boxes, dtype=float).reshape(-1, 4)
    return Glyphs(characters, box, box[:, 3], np.array(spaced, dtype=bool))
