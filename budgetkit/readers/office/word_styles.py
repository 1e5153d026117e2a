"""How runs of a Word document look: hidden, struck, white, tiny or raised, by styles and by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from budgetkit.readers.office.package import flag
from budgetkit.readers.office.styles import NOTHING, Look, is_white

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: half-points: smaller text is not to be seen; text moved up by so much is raised
_SMALLEST, _RAISED = 4, 4
#: styles that are based on each other in a circle end
_DEEPEST = 20


@dataclass(frozen=True)
class WordStyles:
    """The looks of styles by their id, those of paragraphs and of runs apart."""

    default: Look = NOTHING
    looks: Mapping[str, Look] = field(default_factory=dict)
    #: the style of paragraphs that name none
    paragraph: str = ""
    #: styles of tables that shade cells
    shading: frozenset[str] = frozenset()

    def look(self, direct: Any, paragraph: Any) -> Look:
        """The look of a run: its own properties over its style's over the paragraph's.

        Hidden and struck are toggles: styles of a run and of its paragraph that both say so cancel each other.
        """
        own = look_of(direct)
        of_run = self.looks.get(_style_id(direct, "rStyle"), NOTHING)
        of_paragraph = self.looks.get(_style_id(paragraph, "pStyle") or self.paragraph, NOTHING)
        base = of_run.over(of_paragraph).over(self.default)
        hidden = own.hidden if own.hidden is not None else _toggled("hidden", of_run, of_paragraph, self.default)
        struck = own.struck if own.struck is not None else _toggled("struck", of_run, of_paragraph, self.default)
        mixed = own.over(base)
        ground = mixed.ground or (fill_of(paragraph) if paragraph is not None else None)
        return Look(hidden, struck, mixed.colour, ground, mixed.small, mixed.raised)


def _toggled(name: str, of_run: Look, of_paragraph: Look, default: Look) -> bool:
    return (bool(getattr(of_run, name)) != bool(getattr(of_paragraph, name))) or bool(getattr(default, name))


def _style_id(properties: Any, tag: str) -> str:
    item = None if properties is None else properties.find(f"{W}{tag}")
    return "" if item is None else item.get(f"{W}val") or ""


def look_of(properties: Any) -> Look:
    """The look that run properties (w:rPr) give themselves."""
    if properties is None:
        return NOTHING
    parts = {item.tag: item for item in properties.iterchildren() if isinstance(item.tag, str)}

    def part(tag: str) -> Any:
        return parts.get(f"{W}{tag}")

    def switch(*tags: str) -> bool | None:
        given = [part(tag) for tag in tags if part(tag) is not None]
        return any(flag(item) for item in given) if given else None

    size, aligned, position = (_value(part(tag)) for tag in ("sz", "vertAlign", "position"))
    raised = None
    if aligned or position:
        raised = aligned == "superscript" or _number(position) >= _RAISED
    colour = part("color")
    return Look(
        switch("vanish"),
        switch("strike", "dstrike"),
        None if colour is None else _colour(colour),
        fill_of(properties),
        _number(size) < _SMALLEST if size else None,
        raised,
    )


def _colour(item: Any) -> str:
    theme = item.get(f"{W}themeColor") or ""
    if theme in ("background1", "light1") and not (item.get(f"{W}themeShade") or item.get(f"{W}themeTint")):
        return "FFFFFF"
    value = (item.get(f"{W}val") or "").upper()
    return "" if value == "AUTO" or (theme and theme not in ("background1", "light1")) else value


def fill_of(properties: Any) -> str | None:
    """The colour behind a run, a paragraph or a cell; "" for paper, None where nothing is said."""
    shade = properties.find(f"{W}shd")
    highlight = _value(properties.find(f"{W}highlight"))
    if highlight and highlight != "none":
        return "" if highlight == "white" else highlight
    if shade is None:
        return None
    fill = (shade.get(f"{W}fill") or "auto").upper()
    if shade.get(f"{W}val") not in (None, "clear", "nil"):
        return "pattern"
    theme = shade.get(f"{W}themeFill") or ""
    if theme and (theme not in ("background1", "light1") or shade.get(f"{W}themeFillShade")):
        return fill if fill != "AUTO" else theme
    return "" if fill == "AUTO" or is_white(fill) else fill


def _value(item: Any) -> str:
    return "" if item is None else item.get(f"{W}val") or ""


def _number(text: str) -> int:
    digits = text.split(".")[0].removesuffix("pt")
    return int(digits) if digits.lstrip("-").isdigit() and len(digits) < 9 else 0


def read_word_styles(root: Any) -> WordStyles:
    """The looks of all styles of a styles part."""
    items = {item.get(f"{W}styleId") or "": item for item in root.iter(f"{W}style")}
    looks: dict[str, Look] = {}
    for name in items:
        look, at = NOTHING, name
        for _ in range(_DEEPEST):
            item = items.get(at)
            if item is None:
                break
            look = look.over(look_of(item.find(f"{W}rPr")))
            at = _value(item.find(f"{W}basedOn"))
        looks[name] = look
    default = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    defaults = {name for name, item in items.items() if (item.get(f"{W}default") or "0").lower() in ("1", "true", "on")}
    normal = (n for n, i in items.items() if i.get(f"{W}type") == "paragraph" and n in defaults)
    shading = (n for n, i in items.items() if i.get(f"{W}type") == "table" and i.find(f".//{W}shd") is not None)
    return WordStyles(look_of(default), looks, next(normal, ""), frozenset(shading))
