"""The line that cites an amount: where it stands, and in which file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from budgetkit.errors import SpecError


def cite(row: Mapping[str, Any] | pd.Series | Any, documents: pd.DataFrame | Any | None = None) -> str:
    """The line to put under a chart: document, page, table, cell and content hash.

    Parameters
    ----------
    row : Series, mapping or named tuple
        A row of facts, statements, projects, indicators or of what `series` gives.
    documents : DataFrame, Corpus or Disclosure, optional
        Where the document's entity, file and hash are found; without it they are cited as far as the row has them:
        rows of facts and of `series` have the hash.

    Returns
    -------
    str

    Raises
    ------
    SpecError
        When the row names no document.

    Examples
    --------
    >>> cite({"document": "a", "page": 3, "table": 2, "row": 5, "col": 4, "form": "income", "printed": "1,234.50"})
    'a, 第3页, 表2(收入表), 第5行第4列: 1,234.50'
    """
    from budgetkit.display.words import value_label

    if not hasattr(row, "_asdict") and not isinstance(row, (Mapping, pd.Series)):
        raise SpecError(f"cite: expected a row (frame.loc[index], or one of itertuples), not {type(row).__name__}")
    cells = row._asdict() if hasattr(row, "_asdict") else dict(row)
    told = {key: value for key, value in cells.items() if not isinstance(value, list) and not pd.isna(value)}
    if "document" not in told:
        raise SpecError("cite: the row names no document")
    parts = [_document(told, getattr(documents, "documents", documents))]
    if "page" in told:
        parts.append(f"第{int(told['page'])}页")
    form = f"({value_label('form', told['form'])})" if "form" in told else ""
    if "table" in told or form:
        parts.append(f"表{int(told['table'])}{form}" if "table" in told else form[1:-1])
    if "row" in told and "col" in told:
        parts.append(f"第{int(told['row'])}行第{int(told['col'])}列")
    printed = told.get("printed")
    return ", ".join(parts) + (f": {printed}{told.get('unit', '')}" if printed else "")


def _document(told: Mapping[str, Any], documents: pd.DataFrame | None) -> str:
    found = documents[documents["document"] == told["document"]] if documents is not None else pd.DataFrame()
    if found.empty:
        content = told.get("sha256", told.get("content_hash"))
        return str(told["document"]) + (f" (sha256 {content[:16]})" if content else "")
    one = found.iloc[0]
    name = one["path"] if not pd.isna(one["path"]) else one["document"]
    whose = "" if pd.isna(one["entity"]) else f"{one['entity']}, "
    return f"{whose}{name}" + ("" if pd.isna(one["sha256"]) else f" (sha256 {one['sha256'][:16]})")
