"""Styles of cells: the number format, and whether a font lets its text be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from budgetkit.readers.office.number_formats import BUILT_IN
from budgetkit.readers.office.package import flag, local, real, whole

WHITE = "FFFFFF"
#: places of the old palette that are white or the window's background
_WHITE_INDEXES = ("1", "9", "64", "65")
#: points; smaller glyphs are dots
_SMALLEST = 2.0
#: what a mark set high becomes: a digit among letters that is no digit of the figure before it
_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")


def unseen_as(
    colour: str, ground: str, *, struck: object = False, small: object = False,
    same: str = "text in the colour of its ground",
) -> str:  # fmt: skip
    """Why text of a colour on a ground ("" for paper) is not to be seen; "" when it is."""
    if struck:
        return "struck-through text"
    if small:
        return "text too small to be seen"
    if colour and not ground and is_white(colour):
        return "white text"
    return same if colour and colour == ground else ""


@dataclass(frozen=True, slots=True)
class Look:
    """What of the properties of text in a document matters here; None where they say nothing."""

    hidden: bool | None = None
    struck: bool | None = None
    colour: str | None = None
    ground: str | None = None
    small: bool | None = None
    raised: bool | None = None

    def over(self, base: Look) -> Look:
        """This look where it says something, else the other."""
        return Look(
            *(getattr(base, name) if getattr(self, name) is None else getattr(self, name) for name in self.__slots__)
        )

    def unseen(self, ground: str = "") -> str:
        """Why text of this look on a ground ("" for paper) is not to be seen; "" when it is."""
        if self.hidden:
            return "hidden text"
        under = self.ground or ground
        under = "" if is_white(under) else under
        return unseen_as(self.colour or "", under, struck=self.struck, small=self.small, same="white text")


NOTHING = Look()


def unseen_places(unseen: Mapping[str, int]) -> Iterator[str]:
    """Sentences on text of a document that is not to be seen, from the number of its places by reason."""
    for why, count in sorted(unseen.items()):
        yield f"{why} not read ({count} {'place' if count == 1 else 'places'})"


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell shows what it holds."""

    code: str = "General"
    #: why its text is not to be seen, "" when it is
    unseen: str = ""


def joined_runs(runs: Sequence[tuple[str, bool]]) -> str:
    """One text of runs, those set as superscript in raised characters; what is raised as a whole is no mark.

    >>> joined_runs([("900.00", False), ("1", True)]), joined_runs([("900.00", True)])
    ('900.00¹', '900.00')
    """
    if not any(text.strip() and not raised for text, raised in runs):
        return "".join(text for text, _ in runs)
    return "".join(text.translate(_RAISED) if raised else text for text, raised in runs)


def is_white(rgb: str) -> bool:
    """Whether a colour (RRGGBB) can hardly be told from the paper.

    >>> is_white("FFFFFF"), is_white("FAFAFC"), is_white("FFFF00"), is_white("auto")
    (True, True, False, False)
    """
    try:
        return len(rgb) == 6 and all(int(rgb[k : k + 2], 16) >= 0xF8 for k in (0, 2, 4))
    except ValueError:
        return False


def colour_key(item: Any) -> str:
    """A colour of SpreadsheetML as RRGGBB where that is known, else as a key that equals for equal colours."""
    if item is None:
        return ""
    rgb, theme, indexed = item.get("rgb"), item.get("theme"), item.get("indexed")
    tint = item.get("tint") or "0"
    if rgb:
        return str(rgb)[-6:].upper()
    if theme is not None:
        return WHITE if theme == "0" and real(tint, 0.0) == 0 else f"theme {theme} {tint}"
    return WHITE if indexed in _WHITE_INDEXES[:2] else f"index {indexed}" if indexed else ""


def unseen_font(font: Any, ground: str = "") -> str:
    """Why text in a font on a ground (colour key, "" for paper) is not to be seen; "" when it is."""
    if font is None:
        return ""
    parts = {local(item): item for item in font.iterchildren()}
    size = parts.get("sz")
    small = size is not None and 0 < real(size.get("val"), 0.0) < _SMALLEST
    return unseen_as(colour_key(parts.get("color")), ground, struck=flag(parts.get("strike")), small=small)


def is_raised(font: Any) -> bool:
    """Whether a font is a superscript."""
    aligned = font.find("{*}vertAlign") if font is not None else None
    return aligned is not None and aligned.get("val") == "superscript"


def _ground(fill: Any) -> str:
    """The colour key of a fill; "" for none or white."""
    pattern = next((item for item in fill.iterchildren()), None)
    if pattern is None:
        return ""
    if local(pattern) == "gradientFill":
        return "gradient"
    kind = pattern.get("patternType") or "none"
    if kind == "none":
        return ""
    if kind != "solid":
        return "pattern"
    key = colour_key(pattern.find("{*}fgColor"))
    return "" if is_white(key) else key or "pattern"


def read_styles(root: Any) -> tuple[Sequence[Style], Sequence[bool]]:
    """The styles of cells by number, and by number whether a conditional style hides what it is put on."""
    parts = {local(item): item for item in root.iterchildren()}
    formats = dict(BUILT_IN)
    for item in _items(parts, "numFmts"):
        if (number := item.get("numFmtId", "")).isdigit():
            formats[int(number)] = item.get("formatCode") or "General"
    fonts = _items(parts, "fonts")
    grounds = [_ground(item) for item in _items(parts, "fills")]
    styles = [_style(item, fonts, grounds, formats) for item in _items(parts, "cellXfs")]
    return styles, [_hides(item) for item in _items(parts, "dxfs")]


def _items(parts: dict[str, Any], name: str) -> list[Any]:
    found = parts.get(name)
    return [] if found is None else [item for item in found.iterchildren() if local(item)]


def _style(item: Any, fonts: list[Any], grounds: list[str], formats: dict[int, str]) -> Style:
    font, fill, form = (whole(item.get(name)) for name in ("fontId", "fillId", "numFmtId"))
    ground = grounds[fill] if fill < len(grounds) else ""
    return Style(formats.get(form, "General"), unseen_font(fonts[font] if font < len(fonts) else None, ground))


def _hides(item: Any) -> bool:
    """Whether a conditional style may hide or change a figure: white letters on paper, or a format of its own."""
    parts = {local(part): part for part in item.iterchildren()}
    return "numFmt" in parts or ("fill" not in parts and bool(unseen_font(parts.get("font"))))
