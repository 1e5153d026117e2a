"""Text in the shipped font: its width and its lines."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

from budgetkit.errors import SpecError

FONT = "NotoSansSC-Regular"
#: letters and digits that a line break does not part
_TOKEN = re.compile(r"[A-Za-z0-9.,%+\-&<>=]+|.")
#: signs that do not begin a line of prose
_CLOSING = "，。、；：）》”％%"


@functools.cache
def font() -> Any:
    """The font as reportlab has it, registered with reportlab under its name."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with resources.as_file(resources.files("budgetkit") / "fonts" / f"{FONT}.ttf") as path:
        loaded = TTFont(FONT, str(path))
    pdfmetrics.registerFont(loaded)
    return loaded


def width_of(text: str, size: float) -> float:
    """Width of one line in points.

    Raises
    ------
    SpecError
        When the font has no glyph for a character.
    """
    face = font().face
    missing = [char for char in text if ord(char) not in face.charToGlyph]
    if missing:
        raise SpecError(f"the font {FONT} has no glyph for {missing[0]!r} of {text!r}")
    return float(sum(face.charWidths[ord(char)] for char in text) * size / 1000)


def wrap(text: str, width: float, size: float, *, hang: bool = False) -> tuple[str, ...]:
    """Break text into lines of a width; a token that is wider than the line is broken within.

    With `hang` a closing sign may stand beyond the width rather than begin a line.
    """
    return tuple(line for part in text.split("\n") for line in _wrap_line(part, width, size, hang))


def _wrap_line(text: str, width: float, size: float, hang: bool) -> Iterator[str]:
    line = ""
    for token in _pieces(text, width, size):
        if line and width_of(line + token, size) > width + 0.01 and not (hang and token in _CLOSING):
            yield line.rstrip()
            line = token.lstrip()
        else:
            line += token
    yield line


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        if width_of(token, size) <= width:
            yield token
        else:
            yield from token
