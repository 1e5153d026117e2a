"""What a corpus has of whom and when, and what could not be told; and the line that cites an amount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from budgetkit import frames
from budgetkit.document.publisher import doubt
from budgetkit.errors import SpecError
from budgetkit.frames import HasFrames

_KEY = ["entity_id", "fiscal_year", "kind"]


@dataclass(frozen=True)
class Coverage:
    """What a corpus has: `frame`, and what it could not tell: `unresolved`. It can be used like `frame`.

    Attributes
    ----------
    frame : DataFrame
        entity_id, fiscal_year (Int64), kind, entity (the name), place, documents, forms, missing (lists), facts
        (Int64), confirmed (float64: share of the facts that an identity confirms; NA without facts), contradicted
        (Int64). Documents that are another one again do not count.
    unresolved : DataFrame
        document, path, entity, fiscal_year, kind, reason: the documents whose entity, year or kind is not known.
    """

    frame: pd.DataFrame
    unresolved: pd.DataFrame

    def __getitem__(self, key: Any) -> Any:
        return self.frame[key]

    def __len__(self) -> int:
        return len(self.frame)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.frame)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("frame", "unresolved"):
            raise AttributeError(name)
        return getattr(self.frame, name)

    def __repr__(self) -> str:
        return f"{self.frame!r}\n\nunresolved: {len(self.unresolved)} documents"

    def _repr_html_(self) -> str:
        return f"{self.frame.to_html()}<p>unresolved: {len(self.unresolved)} documents</p>"


def coverage(corpus: HasFrames) -> Coverage:
    """Which documents and forms there are of each entity, year and kind, how many facts, and what share is confirmed.

    Parameters
    ----------
    corpus : Corpus or Disclosure

    Returns
    -------
    Coverage
        Used like a frame with a row for each entity, year and kind; its `unresolved` lists the documents of which one
        of these is not known, with the reason.

    Examples
    --------
    >>> import budgetkit as bk
    >>> bk.coverage(bk.read("data/raw/korla_service_center_final_2022.pdf"))[["entity_id", "kind"]]  # doctest: +SKIP
    """
    frames.held("coverage", corpus)
    documents = corpus.documents
    known = documents[_KEY].notna().all(axis=1)
    counted = documents[known & documents["duplicate_of"].isna()]
    facts = corpus.facts
    tallied = facts.assign(
        is_confirmed=facts["confirmed"].fillna(0) > 0, is_contradicted=facts["contradicted"].fillna(0) > 0
    ).groupby("document")
    counts = pd.DataFrame(
        {
            "facts": tallied.size(),
            "confirmed": tallied["is_confirmed"].sum(),
            "contradicted": tallied["is_contradicted"].sum(),
        }
    ).astype("Int64")
    joined = counted.join(counts, on="document")
    grouped = joined.groupby(_KEY, observed=True, sort=True)
    rows = [_row(key, group) for key, group in grouped]
    frame = pd.DataFrame(rows, columns=[*_KEY, "entity", "place", *_LISTS, "facts", "confirmed", "contradicted"])
    return Coverage(frame.astype(_TYPES), _unresolved(documents[~known]))


_LISTS = ("documents", "forms", "missing")
_TYPES = {
    "entity_id": "string", "fiscal_year": "Int64", "kind": "string", "entity": "string", "place": "string",
    "facts": "Int64", "confirmed": "float64", "contradicted": "Int64",
}  # fmt: skip


def _row(key: Any, group: pd.DataFrame) -> dict[str, Any]:
    forms = list(dict.fromkeys(form for forms in group["forms"] for form in forms))
    missing = dict.fromkeys(form for listed in group["missing"] for form in listed)
    facts = int(group["facts"].sum())
    confirmed = int(group["confirmed"].sum())
    return {
        **dict(zip(_KEY, key, strict=True)),
        "entity": group["entity"].dropna().iloc[-1] if group["entity"].notna().any() else None,
        "place": group["place"].dropna().iloc[-1] if group["place"].notna().any() else None,
        "documents": list(group["document"]),
        "forms": forms,
        "missing": [form for form in missing if form not in forms],
        "facts": facts,
        "confirmed": confirmed / facts if facts else None,
        "contradicted": int(group["contradicted"].sum()),
    }


def _unresolved(documents: pd.DataFrame) -> pd.DataFrame:
    columns = ["document", "path", "entity", "fiscal_year", "kind"]
    reasons = [_reason(row) for row in documents.to_dict("records")]
    return documents[columns].reset_index(drop=True).assign(reason=pd.array(reasons, dtype="string"))


def _reason(row: Mapping[str, Any]) -> str:
    """Why a document stands under no entity, year and kind."""
    if row["status"] == "failed":
        return str(row["reason"])
    told = []
    if pd.isna(row["entity_id"]):
        told.append(doubt(None if pd.isna(row["entity"]) else row["entity"]))
    told += [f"no {column.replace('_', ' ')} is named" for column in _KEY[1:] if pd.isna(row[column])]
    return "; ".join(told)


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
