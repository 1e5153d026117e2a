"""Read a Word document: paragraphs as lines, tables as grids, in the order of the body; heads first, notes last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Budget
from budgetkit.model import Cell, Grid, Line, Page, Source
from budgetkit.readers.office.package import DAMAGED, Package, open_package
from budgetkit.readers.office.styles import unseen_places
from budgetkit.readers.office.values import may_correct
from budgetkit.readers.office.word_runs import MC, Seeing
from budgetkit.readers.office.word_styles import W, WordStyles, read_word_styles
from budgetkit.readers.office.word_tables import Chunk, story_blocks
from budgetkit.readers.rasters import make_grid
from budgetkit.readers.sniff import sniff

#: documents within documents that are read
_DEEPEST = 3
#: parts that a document refers to and that are not read: what to call them, and what to do
_UNREAD_PARTS = {
    "package": "embedded file", "oleobject": "embedded object", "chart": "chart", "chartex": "chart",
    "diagramdata": "diagram", "subdocument": "part of a master document",
}  # fmt: skip
_ADVICE = {"package": "; save it as a file of its own", "oleobject": "; save it as a file of its own"}


@dataclass(frozen=True)
class _Document:
    package: Package
    main: str
    body: Any
    seeing: Seeing
    depth: int


def read_docx(data: bytes, budget: Budget, depth: int = 0) -> Source:
    """Read a DOCX package (Word or WPS; also DOCM, templates and strict ones); see `documents.read_word`.

    Raises UnreadableDocument when it is damaged, too large, or has no text.
    """
    from lxml import etree

    try:
        document = _open(data, budget, depth)
        blocks: list[Line | Grid] = []
        unread: list[str] = []
        for part in (*_parts(document, "header"), None, *_parts(document, "footer")):
            story = document.body if part is None else document.package.tree(part)
            home = document.main if part is None else part
            found = story_blocks(document.seeing, story, budget)
            blocks += _resolved(document, home, found, unread, in_head=part is not None)
        blocks += _notes(document)
        unread += _unread(document)
    except (etree.LxmlError, RecursionError, IndexError, *DAMAGED) as error:
        if isinstance(error, UnreadableDocument):
            raise
        raise UnreadableDocument(f"{budget.name}: damaged DOCX document: {type(error).__name__}: {error}") from error
    if not blocks:
        said = f" ({'; '.join(unread)})" if unread else ""
        raise UnreadableDocument(f"{budget.name}: a DOCX document without text{said}")
    return Source("docx", (Page(1, tuple(placed(blocks))),), tuple(dict.fromkeys(unread)))


def _open(data: bytes, budget: Budget, depth: int) -> _Document:
    package = open_package(data, budget)
    main = package.main()
    body = None if main is None else package.tree(main).find(f"{W}body")
    if main is None or body is None:
        raise UnreadableDocument(f"{budget.name}: damaged DOCX document: it has no body")
    styles = WordStyles()
    for part in package.related(main, "styles")[:1]:
        styles = read_word_styles(package.tree(part))
    return _Document(package, main, body, Seeing(styles), depth)


def placed(blocks: Iterable[Line | Grid]) -> Iterator[Line | Grid]:
    """The blocks with the rows of each grid counted on from the grids above it."""
    first_row = 0
    for block in blocks:
        if isinstance(block, Line):
            yield block
            continue
        yield Grid(block.page, block.rows, block.cols, block.cells, block.read_by, first_row)
        first_row += block.rows


def _resolved(
    document: _Document,
    part: str,
    found: Iterable[Line | list[Cell] | Chunk],
    unread: list[str],
    in_head: bool = False,
) -> Iterator[Line | Grid]:
    """Blocks with cells made grids and other files read in their places."""
    for block in found:
        if isinstance(block, Line):
            # heads and feet with page numbers only say nothing
            if not in_head or any(not (c.isdigit() or c in " \t第共页/-—·") for c in block.text):
                yield block
        elif isinstance(block, Chunk):
            yield from _chunk(document, part, block, unread)
        else:
            grid = make_grid(1, block, "docx")
            if grid is not None:
                yield grid


def _chunk(document: _Document, part: str, chunk: Chunk, unread: list[str]) -> list[Line | Grid]:
    """What an altChunk shows: another document or a page of HTML."""
    relation = document.package.relations(part).get(chunk.relation)
    if relation is None or relation.external or not document.package.has(relation.target):
        unread.append("a file shown within the document is missing")
        return []
    data = document.package.read(relation.target)
    kind, budget = sniff(data), document.package.budget
    name = relation.target.rpartition("/")[2]
    if kind == "docx" and document.depth < _DEEPEST:
        inner = read_docx(data, budget, document.depth + 1)
    elif kind == "html":
        from budgetkit.readers.web.html import read_html

        inner = read_html(data, budget.name)
    else:
        unread.append(f"a file shown within the document ({name}) is not read; save it as a file of its own")
        return []
    unread.extend(inner.unread)
    return [block for page in inner.pages for block in page.blocks]


def _parts(document: _Document, kind: str) -> list[str]:
    """The heads or feet that sections show, each once."""
    relations = document.package.relations(document.main)
    found: dict[str, None] = {}
    for item in document.body.iter(f"{W}{kind}Reference"):
        relation = relations.get(next((v for k, v in item.attrib.items() if k.endswith("}id")), ""))
        if relation is not None and not relation.external and document.package.has(relation.target):
            found[relation.target] = None
    return list(found)


def _notes(document: _Document) -> Iterator[Line]:
    """Footnotes and endnotes; the separators among them have no text."""
    for kind in ("footnote", "endnote"):
        for part in document.package.related(document.main, f"{kind}s"):
            for note in document.package.tree(part).iter(f"{W}{kind}"):
                for block in story_blocks(document.seeing, note, document.package.budget):
                    if isinstance(block, Line):
                        yield block
                    elif isinstance(block, list):
                        yield from (Line(cell.text) for cell in block if cell.text)


def _unread(document: _Document) -> Iterator[str]:
    """Sentences on what of the document is not read."""
    yield from unseen_places(document.seeing.unseen)
    pictures = sum(1 for item in document.body.iter() if _is_picture(item))
    if pictures:
        yield f"{pictures} pictures not read, tables or text in them are missing"
    package, main = document.package, document.main
    equations = sum(1 for item in document.body.iter("{*}OLEObject") if "quation" in (item.get("ProgID") or ""))
    relations = [relation for relation in package.relations(main).values() if not relation.external]
    for kind, words in _UNREAD_PARTS.items():
        names = [r.target.rpartition("/")[2] for r in relations if r.kind.lower() == kind]
        names = names[equations:] if kind == "oleobject" else names
        if names:
            many = "s" if len(names) > 1 else ""
            yield f"{len(names)} {words}{many} not read ({', '.join(names[:3])}){_ADVICE.get(kind, '')}"
    comments = [item for part in package.related(main, "comments") for item in package.tree(part).iter(f"{W}comment")]
    figures = sum(may_correct("".join(part.text or "" for part in item.iter(f"{W}t"))) for item in comments)
    if figures:
        yield f"{figures} comments on amounts not read"


def _is_picture(item: Any) -> bool:
    if not isinstance(item.tag, str) or not item.tag.endswith(("}blip", "}imagedata")):
        return False
    # the picture of an embedded object, and the second writing of one for old programs
    return not any(above.tag in (f"{W}object", f"{MC}Fallback") for above in item.iterancestors())
