"""“三公”经费: travel abroad, official vehicles and receptions, from tables or prose."""

from __future__ import annotations

import pandas as pd

from budgetkit.analysis import vocabulary
from budgetkit.analysis.counting import Money, depth, money, once
from budgetkit.analysis.inputs import fen, ratio, shaped, side_frame, spread
from budgetkit.analysis.tree import is_total, ordered_by
from budgetkit.frames import HasFrames

_PHASES = ("approved", "revised", "executed")
_COLUMNS = (*_PHASES, "prior_year")
_KEYS = ["document", "entity", "entity_id", "fiscal_year", "kind"]
_FACTS = [
    "kind", "form", "phase", "flow", "fund", "origin", "nature", "item", "code", "is_total", "amount", "row", "col",
]  # fmt: skip
_STATEMENTS = [
    "document", "entity", "fiscal_year", "year", "kind", "measure", "phase", "item", "subject", "value", "page",
    "sentence",
]  # fmt: skip
#: “三公”经费 is what fiscal appropriation pays; tables of the general public budget say the same
_FUNDS = ("fiscal_appropriation", "general_public_budget", "all")


def three_public(data: HasFrames | pd.DataFrame, *, statements: pd.DataFrame | None = None) -> pd.DataFrame:
    """“三公”经费 by item, with all phases side by side.

    The table of the document counts; what it does not give is taken from the prose; of several documents of one unit,
    year and kind one counts. A total that also holds 会议费 or 培训费 is an item of its own; where “三公”经费 is not
    printed it is the sum of its three parts.

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
    known = money(data, _FACTS)
    said = side_frame(data, "statements", statements, _STATEMENTS)
    rows = _joined(_from_tables(known.facts), _from_prose(said, known))
    if rows.empty:
        return shaped("three_public", [])
    kept = once(_reckoned(_with_totals(rows)).assign(year=lambda made: made["fiscal_year"]), known, ["year", "kind"])
    return shaped("three_public", _in_order(kept))


def _joined(tabled: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """The table's figures, and those of prose where the table has none."""
    if tabled.empty or said.empty:
        return said if tabled.empty else tabled
    # prose of a document is of the unit that its table names
    names = tabled.drop_duplicates("document").set_index("document")["entity"]
    said = said.assign(entity=said["document"].map(names).fillna(said["entity"]).astype("string"))
    keys = [*_KEYS, "item"]
    return pd.concat([tabled, said], ignore_index=True).groupby(keys, dropna=False, sort=False).first().reset_index()


def _from_tables(facts: pd.DataFrame) -> pd.DataFrame:
    """Rows of the items in any table but those by class, of the fund that “三公”经费 is paid from where it is told."""
    words = vocabulary.subjects().three_public
    rows = facts[facts["item"].isin(words.names) & facts["code"].isna() & facts["flow"].eq("expenditure").fillna(False)]
    rows = rows.assign(
        item=rows["item"].astype("string").map(words.names),
        fund_rank=rows["fund"]
        .astype("string")
        .map({fund: rank for rank, fund in enumerate(_FUNDS)})
        .fillna(len(_FUNDS)),
        origin_rank=rows["origin"].map(lambda value: depth("origin", value)).astype("int64"),
        nature_rank=rows["nature"].map(lambda value: depth("nature", value)).astype("int64"),
        part=~is_total(rows),
        elsewhere=rows["form"].ne("three_public"),
    )
    order = ["elsewhere", "fund_rank", "origin_rank", "nature_rank", "part", "table", "row", "col"]
    return _wide(rows.sort_values(order, kind="stable").rename(columns={"amount": "value"}), "table")


def _from_prose(said: pd.DataFrame, known: Money) -> pd.DataFrame:
    words = vocabulary.subjects().three_public
    # the subject names the item, where its coordinate does not
    named = said["item"].astype("string").map(words.names)
    item = named.fillna(said["subject"].astype("string").where(said["subject"].isin(words.names.values())))
    rows = said.assign(item=item)[said["measure"].eq("amount") & said["value"].notna() & item.notna()]
    rows = rows.assign(
        entity_id=rows["document"].map(known.ids).astype("string"),
        year=rows["year"].fillna(rows["fiscal_year"]),
    )
    return _wide(rows.sort_values(["page", "sentence"], kind="stable"), "prose")


def _wide(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """A row an item, a column a phase of the year and one for the year before; of an item printed twice the first."""
    last = rows["year"].eq(rows["fiscal_year"] - 1).fillna(False).astype(bool)
    this = rows["year"].eq(rows["fiscal_year"]).fillna(True).astype(bool) & rows["phase"].notna()
    # last year's final figure is what a final account compares with, and the budget's where there is none
    what = rows["phase"].astype("string").mask(last, "prior_year")
    return spread(rows.assign(what=what)[last | this], [*_KEYS, "item"], columns=_COLUMNS).assign(source=source)


def _with_totals(rows: pd.DataFrame) -> pd.DataFrame:
    """The total of the parts where none is printed."""
    words = vocabulary.subjects().three_public
    # document and entity as one text, whose total is one
    rows = rows.assign(owner=rows["document"].astype("string") + "|" + rows["entity"].astype("string").fillna(""))
    parts = rows[rows["item"].isin(words.parts)]
    sums = parts.groupby("owner")[list(_COLUMNS)].sum(min_count=1)
    heads = parts.drop_duplicates("owner").set_index("owner")[_KEYS]
    have = set(rows.loc[rows["item"].eq(words.total), "owner"])
    lacking = heads.join(sums).assign(item=words.total, source="summed").reset_index()
    lacking = lacking[~lacking["owner"].isin(have)]
    return pd.concat([rows, lacking], ignore_index=True) if len(lacking) else rows


def _reckoned(rows: pd.DataFrame) -> pd.DataFrame:
    """Rates, shares and changes."""
    words = vocabulary.subjects().three_public
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
    words = vocabulary.subjects().three_public
    places = {item: place for place, item in enumerate((words.total, *words.items))}
    place = rows["item"].map(lambda item: f"{places.get(item, 99):02d}")
    return ordered_by(rows.assign(place=place), ["document", "entity", "place", "item"])
