"""“三公”经费: travel abroad, official vehicles and receptions, from tables or prose."""

from __future__ import annotations

from typing import Any

import pandas as pd

from budgetkit.analysis import vocabulary
from budgetkit.analysis.inputs import fen, frame_of, ratio, shaped, side_frame
from budgetkit.analysis.tree import ordered_by

_PHASES = ("approved", "revised", "executed", "prior_year")
_KEYS = ["document", "entity", "fiscal_year", "kind"]
_FACTS = [*_KEYS, "form", "phase", "measure", "name", "amount", "table", "row", "col"]
_STATEMENTS = [*_KEYS, "subject", "measure", "phase", "value", "page", "sentence"]


def three_public(data: Any, *, statements: pd.DataFrame | None = None) -> pd.DataFrame:
    """“三公”经费 by item, with all phases side by side.

    The table of the document counts; a document without one is taken from its prose. The total is called
    “三公”经费 whatever the table calls it; a 合计 that also holds 会议费 or 培训费 keeps its name, and the total is then
    the printed one or the sum of its three parts.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts; of a Disclosure or Corpus the statements too.
    statements : DataFrame, optional
        To go with a frame of facts.

    Returns
    -------
    DataFrame
        One row an item, columns in `describe("three_public")`, yuan. NA is not 0: it was not printed.

    Raises
    ------
    SpecError
        When columns are missing.

    Examples
    --------
    >>> from budgetkit import frames
    >>> three_public(frames.make("facts", [])).empty
    True
    """
    facts = frame_of(data, "facts", _FACTS)
    said = side_frame(data, "statements", statements, _STATEMENTS)
    tabled = _from_tables(facts)
    covered = set(tabled["document"]) if len(tabled) else set()
    parts = [part for part in (tabled, _from_prose(said[~said["document"].isin(covered)])) if len(part)]
    if not parts:
        return shaped("three_public", [])
    rows = _with_totals(pd.concat(parts, ignore_index=True))
    return shaped("three_public", _in_order(_reckoned(rows)))


def _from_tables(facts: pd.DataFrame) -> pd.DataFrame:
    rows = facts[facts["form"].eq("three_public") & facts["measure"].eq("total") & facts["phase"].notna()]
    rows = rows[rows["amount"].notna() & rows["name"].notna()].rename(columns={"name": "item"})
    rows = rows.sort_values(["table", "row", "col"], kind="stable")
    return _wide(rows.rename(columns={"amount": "value"}), "table")


def _from_prose(said: pd.DataFrame) -> pd.DataFrame:
    words = vocabulary.three_public()
    rows = said[said["measure"].eq("amount") & said["phase"].notna() & said["value"].notna()]
    rows = rows[rows["subject"].isin([words.total, *words.items])].rename(columns={"subject": "item"})
    return _wide(rows.sort_values(["page", "sentence"], kind="stable"), "prose")


def _wide(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """A row an item, a column a phase; of an item that is printed twice the first counts."""
    if rows.empty:
        return pd.DataFrame()
    first = rows.drop_duplicates([*_KEYS, "item", "phase"])
    wide = first.astype({"phase": "string", "kind": "string"}).set_index([*_KEYS, "item", "phase"])["value"].unstack()
    wide = wide.reset_index()
    for phase in _PHASES:
        wide[phase] = wide[phase].astype("float64") if phase in wide else float("nan")
    return wide[[*_KEYS, "item", *_PHASES]].assign(source=source)


def _with_totals(rows: pd.DataFrame) -> pd.DataFrame:
    """The total under its one name, summed where it is not printed."""
    words = vocabulary.three_public()
    parts = rows[rows["item"].isin(words.parts)]
    grouped = parts.groupby(_KEYS, dropna=False)[list(_PHASES)]
    sums = grouped.sum(min_count=1).reset_index().set_index("document")
    named = set(rows.loc[rows["item"].eq(words.total), "document"])
    whole = rows["item"].isin(words.total_names) & ~rows["document"].isin(named)
    fits = [_fits(row, sums, words.parts) for row in rows[whole].itertuples()]
    renamed = rows.index[whole][fits]
    rows.loc[renamed, "item"] = words.total
    have = set(rows.loc[rows["item"].eq(words.total), "document"])
    missing = sums[~sums.index.isin(have)].reset_index().assign(item=words.total, source="summed")
    return pd.concat([rows, missing], ignore_index=True) if len(missing) else rows


def _fits(row: Any, sums: pd.DataFrame, parts: tuple[str, ...]) -> bool:
    """Whether a 合计 is the sum of the three parts, by rounding of 万元 with two decimals, or has none beside it."""
    if row.document not in sums.index:
        return True
    differences = [abs(getattr(row, phase) - sums.loc[row.document, phase]) for phase in _PHASES]
    return all(not difference > (len(parts) + 1) * 50.0 for difference in differences)


def _reckoned(rows: pd.DataFrame) -> pd.DataFrame:
    """Rates, shares and changes."""
    words = vocabulary.three_public()
    own = rows["executed"].where(rows["kind"].eq("final_account"), rows["approved"])
    totals = own[rows["item"].eq(words.total)].groupby(rows["document"]).first()
    inside = rows["item"].isin([words.total, *words.parts, *(item for item in words.items if "公务用车" in item)])
    return rows.assign(
        execution_rate=ratio(rows["executed"], rows["revised"].fillna(rows["approved"])),
        share=ratio(own, rows["document"].map(totals)).where(inside),
        change=fen(own - rows["prior_year"]),
        change_rate=ratio(own - rows["prior_year"], rows["prior_year"]),
    )


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    words = vocabulary.three_public()
    places = {item: place for place, item in enumerate((words.total, *words.items))}
    place = rows["item"].map(lambda item: f"{places.get(item, 99):02d}")
    return ordered_by(rows.assign(place=place), ["document", "entity", "place", "item"])
