"""What a corpus has of whom and when, and what could not be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from budgetkit import frames
from budgetkit.document.publisher import doubt
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
