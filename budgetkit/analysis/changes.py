"""Codes over the years: amounts under the code of a later year where that is certain, and changes named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from budgetkit import codes

#: what is said of a change that leaves an amount under its code
_TOLD = {
    "renamed": "科目{code}自{year}年由“{before}”更名为“{after}”",
    "introduced": "科目{code}自{year}年新设",
    "ended": "科目{code}自{year}年停用，无确定的对应科目",
}


def followed(rows: pd.DataFrame, keys: Sequence[str], scheme: str) -> pd.DataFrame:
    """Rows by code under the codes of the later of `fiscal_year` and `base`, those that became one code summed.

    `rows`: with fiscal_year, base (Int64), code, name, amount, share and note; `keys`: columns within which codes are
    told apart; `scheme`: whose changes.
    """
    known = [change for change in codes.changes() if change.scheme == scheme]
    if rows.empty or not known:
        return rows
    span = rows[["fiscal_year", "base"]].astype("float64")
    rows = rows.assign(first=span.min(axis=1), last=span.max(axis=1).where(span["base"].notna()))
    rows = _without_fillings(rows, known)
    moves = [_move(row.code, row.last, known) for row in rows.itertuples()]
    notes = [_notes(row, to, known) for row, to in zip(rows.itertuples(), moves, strict=True)]
    rows = rows.assign(code=pd.array(moves, dtype="string"), told=notes)
    rows = rows.assign(note=_joined(rows["note"], rows["told"]))
    grouped = rows.groupby([*keys, "code"], dropna=False, sort=False)
    summed = {column: grouped[column].transform("sum", min_count=1) for column in ("amount", "share")}
    note = grouped["note"].transform(lambda notes: "；".join(dict.fromkeys(note for note in notes if note)))
    rows = rows.assign(**summed, note=note.astype("string"))
    return rows.drop_duplicates([*keys, "code"], keep="last").drop(columns=["first", "last", "told"])


def _without_fillings(rows: pd.DataFrame, known: Sequence[codes.Change]) -> pd.DataFrame:
    """Rows without the 0 of codes that moved, in years in which no document could list them."""
    idle = pd.Series(False, index=rows.index)
    for change in known:
        if change.kind == "moved":
            late = rows["fiscal_year"].ge(change.year).astype(bool)
            idle |= (rows["code"].eq(change.code_before) & late) | (rows["code"].eq(change.code_after) & ~late)
    return rows[~(idle.astype(bool) & rows["amount"].eq(0))]


def _move(code: str, last: float, known: Sequence[codes.Change]) -> str:
    """The code that an amount has in a year."""
    to = next((c for c in known if c.kind == "moved" and c.code_before == code and last >= c.year), None)
    return to.code_after if to else code


def _notes(row: Any, to: str, known: Sequence[codes.Change]) -> str:
    if to != row.code:
        year = next(c.year for c in known if c.kind == "moved" and c.code_before == row.code)
        return f"科目{row.code}自{year}年改列{to}"
    told = [
        _TOLD[c.kind].format(code=row.code, year=c.year, before=c.name_before, after=c.name_after)
        for c in known
        if c.kind in _TOLD and row.code in (c.code_before, c.code_after) and row.first < c.year <= row.last
    ]
    return "；".join(told)


def _joined(notes: pd.Series, told: pd.Series) -> pd.Series:
    both = zip(notes.fillna(""), told, strict=True)
    return pd.Series(["；".join(part for part in pair if part) for pair in both], index=notes.index, dtype="string")
