"""The text outside tables, page by page, which some rules read."""

from __future__ import annotations

from typing import Any


def passages_of(doc: Any) -> tuple[tuple[int, str], ...] | None:
    """Page and text of each page of a document; None where its text is not to be had: a corpus does not keep it."""
    passages: tuple[tuple[int, str], ...] | None = getattr(doc, "passages", None)
    return passages
