"""What texts and sheets of OpenDocument share: the tree of a file, its styles, the text of a paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Budget
from budgetkit.readers.office.package import DAMAGED, attribute, local, open_package, parse_xml, real, whole
from budgetkit.readers.office.styles import NOTHING, Look, joined_runs

#: parts of a paragraph that are no text of it
_OUTSIDE = frozenset(("note", "annotation", "annotation-end", "tracked-changes", "ruby-text", "frame", "custom-shape"))
_SMALLEST = 2.0


@dataclass(frozen=True)
class Odf:
    """The body of a document, and its styles by family and name."""

    body: Any
    styles: Mapping[tuple[str, str], Look]
    hidden_tables: frozenset[str]

    def style(self, family: str, name: str | None) -> Look:
        """A style by its name; one that says nothing where there is none."""
        return self.styles.get((family, name or ""), NOTHING)


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
    styles: dict[tuple[str, str], Look] = {}
    hidden: set[str] = set()
    for root in roots:
        for item in root.iter("{*}style"):
            family, name = attribute(item, "family") or "", attribute(item, "name") or ""
            base = styles.get((family, attribute(item, "parent-style-name") or ""), NOTHING)
            styles[family, name] = _style(item).over(base)
            if any(attribute(part, "display") == "false" for part in item.iterchildren("{*}table-properties")):
                hidden.add(name)
    return Odf(body, styles, frozenset(hidden))


def _style(item: Any) -> Look:
    colour = ground = struck = hidden = raised = small = None
    for part in item.iterchildren():
        if local(part) == "text-properties":
            colour = _colour(part, "color")
            line, display = attribute(part, "text-line-through-style"), attribute(part, "display")
            struck = None if line is None else line != "none"
            hidden = None if display is None else display == "none"
            position, size = attribute(part, "text-position"), attribute(part, "font-size") or ""
            if position is not None:
                raised = position.startswith("super") or real(position.split(" ")[0].rstrip("%"), 0.0) > 0
            small = real(size.removesuffix("pt"), _SMALLEST) < _SMALLEST if size.endswith("pt") else None
        elif local(part) in ("table-cell-properties", "paragraph-properties"):
            ground = _colour(part, "background-color")
    return Look(hidden, struck, colour, ground, small, raised)


def _colour(part: Any, name: str) -> str | None:
    value = attribute(part, name)
    return None if value is None else "" if value == "transparent" else value.lstrip("#").upper()


def paragraph_text(odf: Odf, paragraph: Any, base: Look, unseen: dict[str, int]) -> str:
    """The text of a paragraph; what is not to be seen is counted by its reason."""
    style = odf.style("paragraph", attribute(paragraph, "style-name")).over(base)
    return joined_runs(list(_pieces(odf, paragraph, style, unseen)))


def _pieces(odf: Odf, item: Any, style: Look, unseen: dict[str, int]) -> Iterator[tuple[str, bool]]:
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


def _shown(text: str | None, style: Look, unseen: dict[str, int]) -> tuple[str, bool]:
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
    return max(1, whole(attribute(item, name) or "1", most))
