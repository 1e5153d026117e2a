"""Which tables may have been misread: what is found in them must not be held against the document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from budgetkit.audit.cells import Table

_PLACE = re.compile(r"^page (?P<page>\d+)(?:, table (?P<table>\d+))?: (?P<text>.+)$", re.DOTALL)
#: leftovers with these reasons put the table they stand in in doubt
_DOUBTFUL = ("not a plain number", "stands in a table's box and in none of its cells", "no unit of money printed")
#: points around a table within which a leftover counts as in it
_MARGIN = 12.0


def doubts(
    tables: Sequence[Table], document: Mapping[str, Any], leftovers: Sequence[Mapping[str, Any]]
) -> dict[int, str]:
    """Why the reading of a table is in doubt, by its number.

    Parameters
    ----------
    tables : sequence of Table
    document : mapping
        The document's row: `reason` holds what the reader could not settle, by page and perhaps table.
    leftovers : sequence of mapping
        Rows of the frame.
    """
    found: dict[int, str] = {}
    for part in str(document.get("reason") or "").split("; page "):
        match = _PLACE.match(part if part.startswith("page ") else f"page {part}")
        if match:
            for table in tables:
                own = int(match["table"]) == table.number if match["table"] else int(match["page"]) in table.pages
                if own:
                    found.setdefault(table.number, f"本表识别存疑（{match['text']}）")
    for leftover in leftovers:
        if leftover["reason"] in _DOUBTFUL:
            for table in tables:
                if _within(leftover, table):
                    found.setdefault(table.number, f"本表有未能识别的内容“{leftover['text']}”")
    return found


def _within(leftover: Mapping[str, Any], table: Table) -> bool:
    if leftover.get("table") is not None:
        return bool(leftover["table"] == table.number)
    if leftover["page"] not in table.pages:
        return False
    extent = table.extent(leftover["page"])
    if extent is None or leftover["y0"] is None:
        return True
    return bool(leftover["y1"] >= extent[0] - _MARGIN and leftover["y0"] <= extent[1] + _MARGIN)
