"""Government procurement (政府采购): goods, works and services, and what is reserved for or went to small firms."""

from __future__ import annotations

import pandas as pd

from budgetkit.analysis import vocabulary
from budgetkit.analysis.counting import broadest, money, once
from budgetkit.analysis.inputs import fen, ratio, shaped, side_frame, spread
from budgetkit.analysis.tree import is_total, ordered_by
from budgetkit.frames import HasFrames

_KINDS = ("goods", "works", "services")
_ITEMS = ("procurement", *_KINDS, "reserved_sme", "reserved_micro")
_KEYS = ["document", "entity", "fiscal_year", "kind", "year", "phase"]
_FACTS = ["kind", "phase", "flow", "fund", "origin", "item", "is_total", "amount", "table", "row", "col"]
_STATEMENTS = [*_KEYS, "measure", "flow", "item", "subject", "value", "page", "sentence"]


def procurement(data: HasFrames | pd.DataFrame, *, statements: pd.DataFrame | None = None) -> pd.DataFrame:
    """Government procurement (政府采购) by kind, with the shares of small and medium, and of micro enterprises.

    The prose counts, which states the totals; what it does not give is taken from tables: the total row, and sums of
    goods, works and services where they add up to it. Of several documents of one unit, year and phase one counts.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts; of a Disclosure or Corpus the statements too.
    statements : DataFrame, optional
        To go with a frame of facts.

    Returns
    -------
    DataFrame
        One row a document and phase, columns in `describe("procurement")`, yuan and fractions. NA is not 0: it was not
        printed.

    Raises
    ------
    SpecError
        When columns are missing.

    Examples
    --------
    >>> import budgetkit as bk
    >>> doc = bk.read("data/raw/urumqi_service_bureau_budget_2024.pdf")
    >>> procurement(doc)[["goods", "works", "services"]].iloc[0].tolist()
    [1302700.0, 0.0, 13724900.0]
    """
    known = money(data, _FACTS)
    said = side_frame(data, "statements", statements, _STATEMENTS)
    parts = [part for part in (_from_prose(said), _from_tables(known.facts)) if len(part)]
    if not parts:
        return shaped("procurement", [])
    places = [key for key in _KEYS if key != "entity"]
    rows = pd.concat(parts, ignore_index=True).groupby(places, dropna=False, sort=False).first().reset_index()
    rows = rows.assign(
        reserved_share=ratio(rows["reserved_sme"], rows["procurement"]),
        awarded_share=ratio(rows["awarded_sme"], rows["procurement"]),
    )
    return shaped("procurement", ordered_by(once(rows, known), _KEYS))


def _from_prose(said: pd.DataFrame) -> pd.DataFrame:
    """What sentences state of the document's own year: those that state the total first, and the whole before parts."""
    awarded = said["subject"].astype("string").map(vocabulary.subjects().awarded)
    item = said["item"].astype("string").where(said["item"].isin(_ITEMS)).fillna(awarded)
    rows = said.assign(what=item, year=said["year"].fillna(said["fiscal_year"]))
    rows = rows[rows["what"].notna() & rows["measure"].eq("amount") & rows["value"].notna() & rows["phase"].notna()]
    rows = rows[rows["year"].eq(rows["fiscal_year"]).fillna(True) & rows["flow"].ne("income").fillna(True)]
    totals = set(rows.loc[rows["what"].eq("procurement"), "sentence"])
    rows = rows.assign(aside=~rows["sentence"].isin(totals))
    order = ["aside", "page", "sentence", "value"]
    rows = rows.sort_values(order, ascending=[True, True, True, False], kind="stable")
    return _wide(rows, "prose")


def _from_tables(facts: pd.DataFrame) -> pd.DataFrame:
    """The totals of tables, and sums by kind where nothing is left over; NA where something is."""
    rows = facts[facts["item"].isin(_ITEMS) & facts["phase"].notna() & facts["year"].eq(facts["fiscal_year"])]
    rows = broadest(rows, ["document", "table", "phase", "item"], ["fund", "origin"])
    places = ["document", "table", "page", "row", "item"]
    rows = rows[rows["col"] == rows.groupby(places, observed=True)["col"].transform("min")]
    total = rows[is_total(rows)].rename(columns={"amount": "value"}).assign(what=lambda made: made["item"])
    wide = _wide(total.sort_values(["table", "row"], kind="stable"), "table")
    if wide.empty:
        return wide
    listed = rows[rows["item"].isin(_KINDS) & ~is_total(rows)].assign(item=lambda made: made["item"].astype("string"))
    sums = listed.pivot_table(index="document", columns="item", values="amount", aggfunc="sum").reindex(columns=_KINDS)
    sums = sums.reindex(wide["document"]).set_axis(wide.index)
    whole = fen(sums.sum(axis=1)).eq(wide["procurement"])
    for kind in _KINDS:
        wide[kind] = wide[kind].fillna(sums[kind].fillna(0.0).where(whole))
    return wide


def _wide(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """A row a document and phase, a column an item; of an item printed twice the first."""
    awarded = dict.fromkeys(vocabulary.subjects().awarded.values())
    return spread(rows, _KEYS, columns=(*_ITEMS, *awarded)).assign(source=source)
