"""Expenditure compared between years and between peers: same code, level, fund and phase."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from budgetkit.analysis.changes import followed
from budgetkit.analysis.counting import owner
from budgetkit.analysis.inputs import divided, fen, ratio, shaped
from budgetkit.analysis.spent import spending
from budgetkit.analysis.tree import ordered_by
from budgetkit.errors import SpecError
from budgetkit.frames import HasFrames
from budgetkit.frames.given import choose

ACROSS = ("fiscal_year", "entity")
_KEPT = ["entity_id", "document", "source", "complete", "note", "place", "tier"]
_OWNER = ["entity", "fiscal_year", "phase"]
#: what makes entities peers
AMONG = ("place", "tier", "fiscal_year")
_OWN_PHASE = {"budget": "approved", "final_account": "executed"}


def compare(
    data: HasFrames | pd.DataFrame,
    *,
    across: str = "fiscal_year",
    level: int = 1,
    form: str = "general_budget_expenditure",
    nature: str | None = None,
    scheme: str = "function",
    base: int | str | None = None,
    among: Sequence[str] = AMONG,
    divisors: pd.DataFrame | None = None,
    statements: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Amounts and shares by code beside those of another year, or of peers.

    Budgets are compared with budgets and final accounts with final accounts, never across. The 上年数 that a document
    prints stands for the year before where no document of that year is there. A code that a document does not list
    counts 0 where its codes add up to its total.

    Codes that moved between two years (`codes.changes`) are followed: amounts stand under the code of the later year.
    What began, ended or was renamed is compared as it stands and named in `note`.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts; of a Disclosure or Corpus the statements too.
    across : str
        "fiscal_year": each entity with its own other years; "entity": each with its peers, phase by phase.
    level : int
        Level of codes.
    form, nature, scheme : str
        As in `spending`.
    base : int or str, optional
        The year or entity compared with. By default the nearest year before, or the median of the peers (none where
        there is but one entity).
    among : sequence of str
        In what peers are alike: of "place", "tier" and "fiscal_year"; () takes all entities for peers. What is not
        known of an entity (NA) makes it nobody's peer. Places and tiers are those of a corpus's documents.
    divisors : DataFrame, optional
        What amounts are divided by: a price index, a population. A column `divisor`, and columns `fiscal_year`,
        `place`, `entity_id` by which it is found; NA where it has no row for an amount. Without it amounts are yuan.
    statements : DataFrame, optional
        To go with a frame of facts.

    Returns
    -------
    DataFrame
        Columns in `describe("compare")`: yuan and fractions.

    Raises
    ------
    SpecError
        When an argument is none of its options.

    Examples
    --------
    >>> from budgetkit import frames
    >>> compare(frames.make("facts", []), across="entity").empty
    True
    """
    choose("across", across, ACROSS)
    rows = spending(data, level=level, form=form, nature=nature, scheme=scheme, statements=statements)
    if not set(among) <= set(AMONG):
        raise SpecError(f"among must be of {', '.join(map(repr, AMONG))}, not {list(among)!r}")
    rows = _placed(_by_year(rows), data)
    if across == "entity":
        rows = rows[rows["source"].ne("prior_year")]
    if rows.empty:
        return shaped("compare", [])
    options = sorted(set(rows[across].dropna().tolist()))
    if base is not None:
        choose("base", base, options)
    full = divided(_filled(rows), divisors)
    paired = _with_years(full, base, scheme) if across == "fiscal_year" else _with_peers(full, base, list(among))
    return shaped("compare", ordered_by(_reckoned(paired), ["entity", "phase", "code", "fiscal_year"]))


def _by_year(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of named units under the year that their amounts are of, in the phase that their kind of document is for."""
    rows = rows[rows["phase"].isin(_OWN_PHASE.values()) & rows["entity"].notna() & rows["counted"].fillna(True)]
    late = rows["year"].ne(rows["fiscal_year"]).fillna(False)
    # the latest name of a unit stands for its others
    latest = (
        rows.sort_values("fiscal_year", kind="stable").assign(owner=owner(rows)).drop_duplicates("owner", keep="last")
    )
    names = owner(rows).map(latest.set_index("owner")["entity"])
    source = rows["source"].mask(late, "prior_year")
    return rows.assign(source=source, fiscal_year=rows["year"].fillna(rows["fiscal_year"]), entity=names)


def _placed(rows: pd.DataFrame, data: HasFrames | pd.DataFrame) -> pd.DataFrame:
    """Rows with place and tier of the documents that they are of."""
    documents = getattr(data, "documents", pd.DataFrame())
    known = documents.drop_duplicates("document").set_index("document") if len(documents) else documents
    found = {
        column: rows["document"].map(known[column].astype("string")) if column in known else pd.NA
        for column in ("place", "tier")
    }
    return rows.assign(**found)


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with shares, and 0 for codes that a complete document does not list."""
    names = rows.sort_values(["fiscal_year", "document"]).drop_duplicates("code", keep="last")
    owners = rows.drop_duplicates([*_OWNER])[[*_OWNER, *_KEPT]]
    # a 上年数 lists only what the later year lists, and has no total of its own in prose
    codes = names[["code", "level", "name"]]
    grid = owners.merge(codes, how="cross").merge(rows[[*_OWNER, "code", "amount"]], on=[*_OWNER, "code"], how="left")
    empty = grid["amount"].isna() & grid["complete"].fillna(False).astype(bool)
    grid["amount"] = grid["amount"].mask(empty, 0.0)
    grid = grid[grid["amount"].notna()]
    whole = grid.groupby(_OWNER, dropna=False)["amount"].transform("sum")
    return grid.assign(share=ratio(grid["amount"], whole))


def _with_years(rows: pd.DataFrame, base: int | str | None, scheme: str) -> pd.DataFrame:
    keys = ["entity", "phase"]
    years = rows[[*keys, "fiscal_year"]].drop_duplicates().sort_values("fiscal_year")
    if base is None:
        years["base"] = years.groupby(keys, dropna=False)["fiscal_year"].shift()
    else:
        years["base"] = pd.array([base] * len(years), dtype="Int64")
        years["base"] = years["base"].mask(years["fiscal_year"] == base)
    listed = rows.merge(years, on=[*keys, "fiscal_year"])
    other = rows.rename(columns={"fiscal_year": "base"}).merge(years, on=[*keys, "base"])
    # both stand under the codes of the later year
    listed = followed(listed, [*_OWNER, "base"], scheme)
    other = followed(other, [*_OWNER, "base"], scheme)[[*_OWNER, "base", "code", "amount", "share"]]
    other = other.rename(columns={"amount": "base_amount", "share": "base_share"})
    return listed.merge(other, on=[*_OWNER, "base", "code"], how="left")


def _with_peers(rows: pd.DataFrame, base: int | str | None, among: list[str]) -> pd.DataFrame:
    keys = ["phase", "code"]
    grouped = rows.groupby([*keys, *among])
    rows = rows.assign(
        peers=grouped["entity"].transform("nunique").astype("Int64"),
        rank=grouped["amount"].rank(method="min", ascending=False).astype("Int64"),
    )
    if base is None:
        medians = grouped[["amount", "share"]].transform("median").where(rows["peers"] > 1)
        named = pd.Series("median", index=rows.index, dtype="string")
        return rows.assign(base=named, base_amount=medians["amount"], base_share=medians["share"])
    latest = rows[rows["entity"].eq(base)].sort_values("fiscal_year").drop_duplicates(keys, keep="last")
    other = latest[[*keys, "amount", "share"]].rename(columns={"amount": "base_amount", "share": "base_share"})
    named = pd.Series(base, index=rows.index, dtype="string").mask(rows["entity"].eq(base))
    joined = rows.assign(base=named).merge(other, on=keys, how="left")
    same = joined["base"].isna()
    return joined.assign(base_amount=joined["base_amount"].mask(same), base_share=joined["base_share"].mask(same))


def _reckoned(rows: pd.DataFrame) -> pd.DataFrame:
    # a code that neither side spends on is nothing to compare
    rows = rows[rows["amount"].ne(0) | rows["base_amount"].fillna(0).ne(0)]
    difference = fen(rows["amount"] - rows["base_amount"])
    return rows.assign(
        base=rows["base"].astype("string").mask(rows["base_amount"].isna()),
        difference=difference,
        change_rate=ratio(difference, rows["base_amount"]),
        share_difference=rows["share"] - rows["base_share"],
    )
