"""What texts and sheets of OpenDocument share: the tree of a file, its styles, the text of a paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Budget
from budgetkit.readers.office.package import DAMAGED, attribute, local, open_package, parse_xml
from budgetkit.readers.office.styles import is_white, joined_runs

#: parts of a paragraph that are no text of it
_OUTSIDE = frozenset(("note", "annotation", "annotation-end", "tracked-changes", "ruby-text", "frame", "custom-shape"))
_SMALLEST = 2.0


@dataclass(frozen=True, slots=True)
class OdfStyle:
    """What of a style matters here; None where it says nothing."""

    colour: str | None = None
    ground: str | None = None
    struck: bool | None = None
    hidden: bool | None = None
    raised: bool | None = None
    small: bool | None = None

    def over(self, base: OdfStyle) -> OdfStyle:
        """This style where it says something, else the other."""
        return OdfStyle(
            *(getattr(base, name) if getattr(self, name) is None else getattr(self, name) for name in self.__slots__)
        )

    def unseen(self) -> str:
        """Why text in it is not to be seen; "" when it is."""
        if self.struck:
            return "struck-through text"
        if self.hidden:
            return "hidden text"
        if self.small:
            return "text too small to be seen"
        ground = "" if is_white(self.ground or "") else self.ground or ""
        colour = self.colour or ""
        return "white text" if colour and (colour == ground or (not ground and is_white(colour))) else ""


@dataclass(frozen=True)
class Odf:
    """The body of a document, and its styles by family and name."""

    body: Any
    styles: Mapping[tuple[str, str], OdfStyle]
    hidden_tables: frozenset[str]

    def style(self, family: str, name: str | None) -> OdfStyle:
        """A style by its name; one that says nothing where there is none."""
        return self.styles.get((family, name or ""), OdfStyle())


def open_odf(data: bytes, budget: Budget) -> Odf:
    """Read the tree of an OpenDocument package or flat file.

    Raises UnreadableDocument when it is damaged or encrypted.
    """
    from lxml import etree

    try:
        if data.startswith(b"PK"):
            package = open_package(data, budget)
            if package.has("META-INF/manifest.xml") and b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise UnreadableDocument(f"{budget.name}: the document is encrypted and needs a password")
            roots = [package.tree(part) for part in ("styles.xml", "content.xml") if package.has(part)]
        else:
            budget.hold("markup_bytes", len(data))
            roots = [parse_xml(data, budget)]
    except (etree.XMLSyntaxError, *DAMAGED) as error:
        if isinstance(error, UnreadableDocument):
            raise
        raise UnreadableDocument(f"{budget.name}: damaged OpenDocument file: {error}") from error
    body = next(roots[-1].iter("{*}body"), None) if roots else None
    if body is None:
        raise UnreadableDocument(f"{budget.name}: damaged OpenDocument file: it has no body")
    styles: dict[tuple[str, str], OdfStyle] = {}
    hidden: set[str] = set()
    for root in roots:
        for item in root.iter("{*}style"):
            family, name = attribute(item, "family") or "", attribute(item, "name") or ""
            base = styles.get((family, attribute(item, "parent-style-name") or ""), OdfStyle())
            styles[family, name] = _style(item).over(base)
            if any(attribute(part, "display") == "false" for part in item.iterchildren("{*}table-properties")):
                hidden.add(name)
    return Odf(body, styles, frozenset(hidden))


def _style(item: Any) -> OdfStyle:
    colour = ground = struck = hidden = raised = small = None
    for part in item.iterchildren():
        if local(part) == "text-properties":
            colour = _colour(part, "color")
            line, display = attribute(part, "text-line-through-style"), attribute(part, "display")
            struck = None if line is None else line != "none"
            hidden = None if display is None else display == "none"
            position, size = attribute(part, "text-position"), attribute(part, "font-size") or ""
            raised = None if position is None else position.startswith("super") or _percent(position) > 0
            small = _points(size) < _SMALLEST if size.endswith("pt") else None
        elif local(part) in ("table-cell-properties", "paragraph-properties"):
            ground = _colour(part, "background-color")
    return OdfStyle(colour, ground, struck, hidden, raised, small)


def _colour(part: Any, name: str) -> str | None:
    value = attribute(part, name)
    return None if value is None else "" if value == "transparent" else value.lstrip("#").upper()


def _percent(position: str) -> float:
    first = position.split(" ")[0].rstrip("%")
    return float(first) if first.lstrip("-").replace(".", "", 1).isdigit() else 0.0


def _points(size: str) -> float:
    try:
        return float(size.removesuffix("pt"))
    except ValueError:
        return _SMALLEST


def paragraph_text(odf: Odf, paragraph: Any, base: OdfStyle, unseen: dict[str, int]) -> str:
    """The text of a paragraph; what is not to be seen is counted by its reason."""
    style = odf.style("paragraph", attribute(paragraph, "style-name")).over(base)
    return joined_runs(list(_pieces(odf, paragraph, style, unseen)))


def _pieces(odf: Odf, item: Any, style: OdfStyle, unseen: dict[str, int]) -> Iterator[tuple[str, bool]]:
    yield _shown(item.text, style, unseen)
    for child in item.iterchildren():
        kind = local(child)
        if kind == "s":
            count = attribute(child, "c") or "1"
            yield " " * (min(int(count), 1000) if count.isdigit() else 1), False
        elif kind == "tab":
            yield "\t", False
        elif kind == "line-break":
            yield "\n", False
        elif kind == "hidden-text":
            unseen["hidden text"] = unseen.get("hidden text", 0) + 1
        elif kind not in _OUTSIDE:
            inner = odf.style("text", attribute(child, "style-name")).over(style) if kind == "span" else style
            yield from _pieces(odf, child, inner, unseen)
        yield _shown(child.tail, style, unseen)


def _shown(text: str | None, style: OdfStyle, unseen: dict[str, int]) -> tuple[str, bool]:
    if not text:
        return "", False
    # white space in the file is one blank
    text = " ".join(text.replace("\n", " ").split(" ")) if "\n" in text else text
    why = style.unseen()
    if why and text.strip():
        unseen[why] = unseen.get(why, 0) + 1
        return "", False
    return text, bool(style.raised)


def repeated(item: Any, name: str, most: int) -> int:
    """How often a row, column or cell is repeated, at least once."""
    text = attribute(item, name) or "1"
    return max(1, min(int(text), most)) if text.isascii() and text.isdigit() and len(text) < 10 else 1
