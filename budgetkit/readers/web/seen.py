"""Take out of a page what a reader does not see: hidden, struck through, of no size, of the colour behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from budgetkit.limits import Budget
from budgetkit.printed.widths import squeeze
from budgetkit.readers.web.cascade import declared

Element = Any
Colour = tuple[float, float, float]

_WHITE, _BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
#: channels that differ by less are one colour to the eye
_SAME = 0.06
#: font sizes below this many pixels are no print
_TINY = 2.0
#: places this far left of or above the page are off the screen
_FAR = -300.0
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|em|rem|%|vw|vh|pc|cm|mm|in)?(?![\w.])")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "vw": 12.0, "vh": 8.0, "pc": 16.0}
_PIXELS |= {"cm": 37.8, "mm": 3.78, "in": 96.0, "%": 12.0}
_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0}
_STRUCK = frozenset({"del", "s", "strike"})
#: a footnote mark: a short number, letter or sign
_MARK = re.compile(r"[\[(（【]?(?:注?\d{1,3}|[a-zA-Z]|[ivx]{1,4}|[*※†‡#①-⑳]{1,3})[\])）】]?")
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: what of hidden text is worth telling: figures anywhere, any words within a table
_FIGURE = re.compile(r"\d[\d,，]*[.．]\d|\d{3,}|\d,\d{3}")
_NEVER = frozenset(
    {"head", "script", "style", "noscript", "template", "title", "option", "iframe", "object", "svg", "rt", "rp"}
)
#: CSS tables and ARIA roles, as the elements that they stand for
_DISPLAYED = {"table": "table", "inline-table": "table", "table-row-group": "tbody", "table-header-group": "thead"}
_DISPLAYED |= {"table-footer-group": "tfoot", "table-row": "tr", "table-cell": "td", "table-caption": "caption"}
_ROLES = {"table": "table", "grid": "table", "rowgroup": "tbody", "row": "tr", "cell": "td", "gridcell": "td"}
_ROLES |= {"columnheader": "th", "rowheader": "th"}
_PLAIN = frozenset({"div", "span", "p", "ul", "ol", "li", "dl", "dd", "dt", "section", "article", "label", "a"})


class Look(NamedTuple):
    """How text directly within an element looks."""

    #: why it is not seen at all, descendants included; "" when it is
    gone: str = ""
    #: visibility, which descendants can take back
    visible: bool = True
    size: float = 16.0
    #: None where it is not known
    colour: Colour | None = _BLACK
    clear: bool = False
    behind: Colour | None = _WHITE
    struck: bool = False
    raised: bool = False

    @property
    def unseen(self) -> str:
        """Why text of this look is not seen; "" when it is."""
        if self.gone or self.struck:
            return self.gone or "struck through"
        same = (
            self.colour is not None
            and self.behind is not None
            and all(abs(a - b) < _SAME for a, b in zip(self.colour, self.behind, strict=True))
        )
        return "hidden" if not self.visible or self.size < _TINY or self.clear or same else ""


def keep_seen(root: Element, budget: Budget) -> tuple[str, ...]:
    """Remove from the tree what is not seen, and footnote marks; make CSS tables tables.

    Returns: what was removed and should be said, as notes.
    """
    styles, unread = declared(root, budget)
    looks: dict[Element, Look] = {}
    hidden: dict[str, list[str]] = {}
    removed: list[Element] = []
    nothing: dict[str, str] = {}
    for element in list(root.iter()):
        parent = element.getparent()
        above = looks.get(parent, Look()) if parent is not None else Look()
        if above.gone:
            looks[element] = above
            continue
        style = styles.get(element, nothing)
        look = _look(element, style, above)
        looks[element] = look
        if look.gone:
            _tell(hidden, element, "".join(element.itertext()), look.gone)
            removed.append(element)
        else:
            _retag(element, style)
            _strip(element, look, hidden)
        if above.unseen and element.tail:
            _tell(hidden, element, element.tail, above.unseen)
            element.tail = " "
    _hide_columns(root, styles, hidden, budget)
    for element in removed:
        _remove(element)
    sheets = (f"{unread} style sheets not read: what they hide is not known",) if unread else ()
    return sheets + tuple(f"{why} text not read, {len(texts)} places: {_shown(texts)}" for why, texts in hidden.items())


def _shown(texts: list[str]) -> str:
    return ", ".join(f"“{text[:20]}”" for text in texts[:3]) + (", …" if len(texts) > 3 else "")


def _tell(hidden: dict[str, list[str]], element: Element, text: str, why: str) -> None:
    words = squeeze(text)
    if not words or element.tag in _NEVER:
        return
    if _FIGURE.search(words) or any(True for _ in element.iterancestors("table")):
        hidden.setdefault(why, []).append(words)


def _remove(element: Element) -> None:
    """Take an element out of the tree, and leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _retag(element: Element, style: Mapping[str, str]) -> None:
    if element.tag in _PLAIN:
        wanted = _DISPLAYED.get(style.get("display", "")) or _ROLES.get((element.get("role") or "").lower())
        if wanted:
            element.tag = wanted


def _strip(element: Element, look: Look, hidden: dict[str, list[str]]) -> None:
    """Remove the text directly within an element where it is not seen, or is a mark of a footnote."""
    if element.text and look.unseen:
        _tell(hidden, element, element.text, look.unseen)
        element.text = None
    elif look.raised and len(element) == 0 and _MARK.fullmatch(squeeze(element.text or "")):
        before = _before(element)
        # m² and km³ are units; a figure with a raised number is no power in a budget
        element.text = squeeze(element.text).translate(_POWERS) if before[-1:] in ("m", "M", "米") else None


def _before(element: Element) -> str:
    """The text directly before an element."""
    previous = element.getprevious()
    parent = element.getparent()
    text = previous.tail if previous is not None else parent.text if parent is not None else ""
    return (text or "").rstrip()


def _look(element: Element, style: Mapping[str, str], above: Look) -> Look:
    tag = element.tag
    raised = tag == "sup" or style.get("vertical-align") == "super" or (above.raised and tag in ("span", "a", "font"))
    # a browser sets <sub> below the line; behind a digit that is a mark too
    raised = raised or (tag == "sub" and _before(element)[-1:].isdigit())
    if not style and not element.attrib and tag not in _STRUCK and tag not in ("rt", "rp"):
        return above if above.raised == raised else above._replace(raised=raised)
    visibility = style.get("visibility", "")
    if _is_gone(element, style, visibility):
        return above._replace(gone="hidden")
    line = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    colour, clear = _colour(style.get("color") or element.get("color") or element.get("text"), above)
    return Look(
        visible=above.visible if not visibility or visibility == "inherit" else visibility == "visible",
        size=_size(style.get("font-size", ""), above.size),
        colour=colour,
        clear=clear,
        behind=_behind(element, style, above.behind),
        struck=above.struck or tag in _STRUCK or "line-through" in line,
        raised=raised,
    )


def _is_gone(element: Element, style: Mapping[str, str], visibility: str) -> bool:
    """Whether an element and all within it take no place on the screen."""
    if element.tag in ("rt", "rp") or (element.tag == "input" and element.get("type") == "hidden"):
        return True
    display = style.get("display", "")
    if display == "none" or (element.get("hidden") is not None and not display):
        return True
    if visibility == "collapse" and element.tag in ("tr", "tbody", "thead", "tfoot"):
        return True
    return style.get("mso-hide") == "all" or _number(style.get("opacity")) < 0.05 or _is_outside(style)


def _is_outside(style: Mapping[str, str]) -> bool:
    """Whether a box lies off the screen, or is clipped to nothing."""
    placed = style.get("position") in ("absolute", "fixed", "relative")
    if placed and any(_pixels(style.get(side, "")) < _FAR for side in ("left", "top", "right")):
        return True
    if any(_pixels(style.get(side, "")) < _FAR for side in ("text-indent", "margin-left")):
        return True
    clip = re.sub(r"[^\d.\s,]", "", style.get("clip", ""))
    if placed and clip.strip() and all(float(part) <= 1 for part in re.findall(r"\d+", clip)):
        return True
    if re.search(r"scale[xy]?\(\s*0*\.?0*\s*[,)]", style.get("transform", "")):
        return True
    flat = any(0 <= _pixels(style.get(side, ""), 99.0) <= 1 for side in ("width", "height", "max-height"))
    return flat and style.get("overflow", "") in ("hidden", "clip")


def _number(text: str | None) -> float:
    match = re.match(r"(\d*\.?\d+)(%?)", text or "")
    return (float(match[1]) / (100 if match[2] else 1)) if match else 1.0


def _pixels(text: str, otherwise: float = 0.0) -> float:
    match = _LENGTH.match(text)
    return float(match[1]) * _PIXELS[match[2] or ""] if match else otherwise


def _size(text: str, above: float) -> float:
    if text in _SIZES:
        return _SIZES[text]
    match = _LENGTH.match(text)
    if not match:
        return above
    if match[2] in ("em", "%"):
        return above * float(match[1]) / (100 if match[2] == "%" else 1)
    return _pixels(text)


@lru_cache(maxsize=1 << 12)
def _parsed(text: str) -> tuple[float, float, float, float] | None:
    from tinycss2.color3 import parse_color

    colour = parse_color(text)
    return (colour.red, colour.green, colour.blue, colour.alpha) if hasattr(colour, "alpha") else None


def _colour(text: str | None, above: Look) -> tuple[Colour | None, bool]:
    """The colour of text, and whether it lets everything through."""
    if not text:
        return above.colour, above.clear
    colour = _parsed(text)
    if colour is None:
        return (above.colour if text in ("inherit", "currentcolor") else None), False
    return colour[:3], colour[3] < 0.05


def _behind(element: Element, style: Mapping[str, str], above: Colour | None) -> Colour | None:
    """The colour behind the text of an element; None where a picture or what is not understood lies there."""
    if element.get("background") or "url(" in style.get("background", "") or "gradient" in style.get("background", ""):
        return None
    text = style.get("background-color") or style.get("background") or element.get("bgcolor")
    if not text:
        return above
    colour = _parsed(text.strip())
    if colour is None:
        words = [found for word in text.split() if (found := _parsed(word)) is not None]
        colour = words[0] if words else None
    if colour is None:
        return above if text.strip() in ("none", "inherit", "initial", "unset", "0") else None
    return above if colour[3] < 0.5 else colour[:3]


def _hide_columns(
    root: Element, styles: Mapping[Element, Mapping[str, str]], hidden: dict[str, list[str]], budget: Budget
) -> None:
    """Empty the cells of columns that <col> hides; their places stay, so that nothing moves."""
    for table in {col.getparent() for col in root.iter("col")}:
        owner = table if table.tag == "table" else table.getparent()
        unseen: set[int] = set()
        at = 0
        for col in owner.iter("col") if owner is not None else ():
            style = styles.get(col, {})
            span = min(int(match[0]), 1000) if (match := re.match(r"\d{1,4}", col.get("span") or "")) else 1
            narrow = style.get("display") == "none" and _pixels(style.get("width", col.get("width") or "1")) == 0
            if style.get("visibility") == "collapse" or narrow:
                unseen.update(range(at, at + span))
            at += span
        if unseen and owner is not None:
            _empty(owner, unseen, hidden, budget)


def _empty(table: Element, unseen: set[int], hidden: dict[str, list[str]], budget: Budget) -> None:
    from budgetkit.readers.web.tables import slots

    for slot in slots(table, budget):
        if set(range(slot.col, slot.col + slot.colspan)) <= unseen:
            _tell(hidden, slot.element, "".join(slot.element.itertext()), "hidden")
            for child in list(slot.element):
                slot.element.remove(child)
            slot.element.text = None
