"""Read a web page that a browser, Excel or Word saved with its parts as one file (MHTML)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import DEFAULT, Budget, Limits
from budgetkit.model import Grid, Page, Source
from budgetkit.readers.encodings import decode
from budgetkit.readers.web.html import decode_html, has_frames, read_markup


def read_mhtml(data: bytes, name: str, limits: Limits = DEFAULT) -> Source:
    """Read the page of an MHTML file; of a page of frames (a workbook) the pages in them, sheet by sheet.

    Raises UnreadableDocument when it holds no page with text, or more than the limits allow.
    """
    budget = Budget(name, limits)
    budget.hold("unpacked_bytes", len(data))
    texts = list(_texts(data))
    if not texts:
        raise UnreadableDocument(f"{name}: a web archive without an HTML page")
    chosen = _chosen(texts)
    budget.hold("pages", len(chosen))
    sources = []
    refused: list[str] = []
    for text in chosen:
        try:
            sources.append(read_markup(text, budget))
        except UnreadableDocument as error:
            refused.append(str(error))
    if not sources:
        raise UnreadableDocument("; ".join(dict.fromkeys(refused)))
    pages = tuple(_numbered(page for source in sources for page in source.pages))
    unread = tuple(dict.fromkeys([*refused, *(sentence for source in sources for sentence in source.unread)]))
    return Source("mhtml", pages, unread)


def _texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Place and text of the HTML parts, in their order."""
    import email
    import email.policy

    # some tools write a mark or blank lines before the first header
    message = email.message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload: Any = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                declared = part.get_content_charset()
                text = decode(payload, declared) if declared else decode_html(payload)
                yield str(part.get("Content-Location") or ""), text


def _chosen(texts: list[tuple[str, str]]) -> list[str]:
    """The first page, or what its frames show."""
    if not has_frames(texts[0][1]):
        return [texts[0][1]]
    rest = texts[1:]
    # the frames of a saved workbook show one sheet at a time and the strip of their names
    return [text for _, text in rest if "<table" in text.lower()] or [text for _, text in rest] or [texts[0][1]]


def _numbered(pages: Iterator[Page]) -> Iterator[Page]:
    for number, page in enumerate(pages, start=1):
        blocks = tuple(replace(block, page=number) if isinstance(block, Grid) else block for block in page.blocks)
        yield replace(page, number=number, blocks=blocks)
