"""Which tables may have been misread: what is found in them must not be held against the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from budgetkit.audit.cells import Table
from budgetkit.model import Reason, doubts_of

#: leftovers with these reasons put the table they stand in in doubt
DOUBTFUL = frozenset(reason.value for reason in (Reason.NOT_PLAIN, Reason.NO_CELL, Reason.NO_UNIT))
#: points around a table within which a leftover counts as in it
_MARGIN = 12.0


def doubts(
    tables: Sequence[Table], document: Mapping[str, Any], leftovers: Sequence[Mapping[str, Any]]
) -> dict[int, str]:
    """Why the reading of a table is in doubt, by its number.

    `document`: the document's row: `reason` holds what the reader could not settle, by page and perhaps table;
    `leftovers`: rows of the frame.
    """
    found: dict[int, str] = {}
    for doubt in doubts_of(document.get("reason") or ""):
        for table in tables:
            if doubt.table == table.number if doubt.table else any(page in table.pages for page in doubt.pages):
                found.setdefault(table.number, f"本表识别存疑（{doubt.text}）")
    for leftover in leftovers:
        if leftover["reason"] in DOUBTFUL:
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
