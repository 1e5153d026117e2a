"""The text outside tables, page by page, which some rules read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from budgetkit.errors import UnreadableDocument


def passages_of(doc: Any, document: Mapping[str, Any]) -> list[tuple[int, str]] | None:
    """Page and text of each page of a document; None where its text is not to be had.

    A document that carries the frame `passages` (document, page, text) is not opened again; else its file is read
    once more, when it still is where it was and has the bytes that were read.
    """
    frame = getattr(doc, "passages", None)
    if frame is not None:
        own = frame[frame["document"] == document["document"]]
        return [(int(page), text) for page, text in zip(own["page"], own["text"], strict=True)]
    path = document.get("path")
    if not path or not Path(path).is_file():
        return None
    data = Path(path).read_bytes()
    if document.get("sha256") and hashlib.sha256(data).hexdigest() != document["sha256"]:
        return None
    from budgetkit.readers.opening import open_source

    try:
        source = open_source(data, str(path), "auto")
    except UnreadableDocument:
        return None
    return [(page.number, "\n".join(line.text for line in page.lines)) for page in source.pages]
