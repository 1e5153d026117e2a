"""An Office package (DOCX, XLSX and their kin): its parts and how they are tied, whatever their names and dialect."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import unquote

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Budget

#: namespaces of strict OOXML, and what everybody else writes
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
#: where the main part stands when nothing says so
_USUAL = ("xl/workbook.xml", "word/document.xml")
_MAIN_TYPE = re.compile(r"(?:sheet|document|template)(?:\.macroenabled(?:template)?)?\.main\+xml$", re.I)
#: what damaged packages raise
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, KeyError)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: kind is the last word of its type, e.g. "worksheet", "footnotes"."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class Package:
    """The parts of a zip by their names in lower case; names differ in case and slashes between producers."""

    archive: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    budget: Budget

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.lower() in self.members

    def size(self, part: str) -> int:
        """Bytes of a part unpacked."""
        return self.members[part.lower()].file_size

    def open(self, part: str) -> IO[bytes]:
        """A part as a stream."""
        return self.archive.open(self.members[part.lower()])

    def read(self, part: str) -> bytes:
        """A part in the transitional dialect."""
        self.budget.hold("markup_bytes", self.size(part))
        data = self.archive.read(self.members[part.lower()])
        return _STRICT.sub(_TRANSITIONAL, data) if b"purl.oclc.org" in data else data

    def tree(self, part: str) -> Any:
        """A part as a tree of elements."""
        return parse_xml(self.read(part), self.budget)

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part ("" for the package) refers to, by id."""
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels".lstrip("/")
        if not self.has(rels):
            return {}
        found: dict[str, Relation] = {}
        for item in self.tree(rels).iter("{*}Relationship"):
            external = item.get("TargetMode", "").lower() == "external"
            target = item.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target).replace("\\", "/"))).lstrip("/")
            found[item.get("Id", "")] = Relation(item.get("Type", "").rstrip("/").rpartition("/")[2], target, external)
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """Parts of a kind that a part refers to and that are there."""
        return [
            relation.target
            for relation in self.relations(part).values()
            if relation.kind.lower() == kind.lower() and not relation.external and self.has(relation.target)
        ]

    def main(self) -> str | None:
        """The part with the workbook or the body."""
        found = self.related("", "officeDocument")
        if not found and self.has("[Content_Types].xml"):
            for item in self.tree("[Content_Types].xml").iter("{*}Override"):
                name = item.get("PartName", "").lstrip("/")
                if _MAIN_TYPE.search(item.get("ContentType", "")) and self.has(name):
                    found.append(name)
        return next(iter([*found, *(name for name in _USUAL if self.has(name))]), None)


def open_package(data: bytes, budget: Budget) -> Package:
    """Open a package after its declared sizes were held against the limits (more than is declared is never unpacked).

    Raises UnreadableDocument when it is no zip or too large.
    """
    budget.hold("file_bytes", len(data))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED as error:
        raise UnreadableDocument(f"{budget.name}: damaged package: {error}") from error
    infos = archive.infolist()
    budget.hold("unpacked_bytes", sum(info.file_size for info in infos))
    return Package(archive, {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}, budget)


def parse_xml(data: bytes, budget: Budget) -> Any:
    """The root of a document; entities and whatever lies outside are not resolved."""
    from lxml import etree

    budget.hold("elements", data.count(b"<") - data.count(b"</"))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("it declares a document type, which no file of an office program does")
    return root


def stream_xml(stream: IO[bytes], *tags: str) -> Iterator[Any]:
    """Elements with these local names as they end, freed when the next is asked for."""
    from lxml import etree

    wanted = [f"{{*}}{tag}" for tag in tags]
    for _, item in etree.iterparse(
        stream, events=("end",), tag=wanted, resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True,
    ):  # fmt: skip
        yield item
        item.clear()
        while item.getprevious() is not None:
            del item.getparent()[0]


def local(item: Any) -> str:
    """The name of an element without its namespace; "" for what is no element."""
    return str(item.tag).rpartition("}")[2] if isinstance(item.tag, str) else ""


def attribute(item: Any, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    for key, value in item.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def flag(item: Any, name: str = "val") -> bool:
    """Whether an on/off property is on: present, and not said to be off."""
    return item is not None and (attribute(item, name) or "1").lower() not in ("0", "false", "off", "none")


def whole(text: str | None, most: int = 10**9) -> int:
    """A count or an index as the file writes it, of absurd ones the most; 0 for what is none."""
    text = (text or "").strip()
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def real(text: str | None, other: float) -> float:
    """A size as the file writes it; another where it writes none."""
    try:
        return float(text or "")
    except ValueError:
        return other
