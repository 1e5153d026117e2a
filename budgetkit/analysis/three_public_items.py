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

    The table of the document counts; what it does not give is taken from the prose. The total is called
    “三公”经费 whatever the table calls it; a 合计 that also holds 会议费 or 培训费 keeps its name, and the total is
    then the one printed beside it or the sum of the three parts.

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
    rows = _joined(_named(tabled), _named(_from_prose(said)))
    if rows.empty:
        return shaped("three_public", [])
    return shaped("three_public", _in_order(_reckoned(_with_totals(rows))))


def _joined(tabled: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """The table's figures, and those of prose where the table has none."""
    filled = [part for part in (tabled, said) if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else pd.DataFrame()
    index = [*_KEYS, "item"]
    first, second = (part.set_index(index) for part in filled)
    return first.combine_first(second).reset_index()


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


def _owner(rows: pd.DataFrame) -> pd.Series:
    """Document and entity as one text, whose total is one."""
    return rows["document"].astype("string") + "|" + rows["entity"].astype("string").fillna("")


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """The total under its one name, where the printed total is the sum of the three parts."""
    if rows.empty:
        return rows
    words = vocabulary.three_public()
    owner = _owner(rows)
    sums = rows[rows["item"].isin(words.parts)].groupby(owner)[list(_PHASES)].sum(min_count=1)
    named = set(owner[rows["item"].eq(words.total)])
    whole = rows[rows["item"].isin(words.total_names) & ~owner.isin(named)]
    printed = whole.set_index(owner[whole.index])[list(_PHASES)]
    # 万元 with two decimals are worth 100 yuan, of which each figure may be half off; NA is no difference
    away = (printed - sums.reindex(printed.index)).abs() > (len(words.parts) + 1) * 50.0
    fits = whole.index[~away.any(axis=1).to_numpy()]
    return rows.assign(item=rows["item"].mask(rows.index.isin(fits), words.total))


def _with_totals(rows: pd.DataFrame) -> pd.DataFrame:
    """The total of the parts where none is printed."""
    words = vocabulary.three_public()
    rows = rows.assign(owner=_owner(rows))
    parts = rows[rows["item"].isin(words.parts)]
    sums = parts.groupby("owner")[list(_PHASES)].sum(min_count=1)
    heads = parts.drop_duplicates("owner").set_index("owner")[_KEYS]
    have = set(rows.loc[rows["item"].eq(words.total), "owner"])
    lacking = heads.join(sums).assign(item=words.total, source="summed").reset_index()
    lacking = lacking[~lacking["owner"].isin(have)]
    return pd.concat([rows, lacking], ignore_index=True) if len(lacking) else rows


def _reckoned(rows: pd.DataFrame) -> pd.DataFrame:
    """Rates, shares and changes."""
    words = vocabulary.three_public()
    own = rows["executed"].where(rows["kind"].eq("final_account"), rows["approved"])
    totals = own[rows["item"].eq(words.total)].groupby(rows["owner"]).first()
    inside = rows["item"].isin([words.total, *words.parts, *words.details])
    return rows.assign(
        execution_rate=ratio(rows["executed"], rows["revised"].fillna(rows["approved"])),
        share=ratio(own, rows["owner"].map(totals)).where(inside),
        change=fen(own - rows["prior_year"]),
        change_rate=ratio(own - rows["prior_year"], rows["prior_year"]),
    )


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    words = vocabulary.three_public()
    places = {item: place for place, item in enumerate((words.total, *words.items))}
    place = rows["item"].map(lambda item: f"{places.get(item, 99):02d}")
    return ordered_by(rows.assign(place=place), ["document", "entity", "place", "item"])
