"""Expenditure by code of every document, from its tables or, where it has none, from its prose."""

from __future__ import annotations

from typing import Any

import pandas as pd

from budgetkit.analysis import vocabulary
from budgetkit.analysis.inputs import choose, fen, frame_of, shaped, side_frame
from budgetkit.analysis.tree import LEVELS, coded, left_column, ordered_by, rolled

FORMS = (
    "expenditure",
    "general_budget_expenditure",
    "general_budget_basic_expenditure",
    "income_expenditure_summary",
    "fiscal_appropriation_summary",
    "government_fund",
    "state_capital",
)
#: forms of which prose states the items by code
_PROSE_FORMS = ("general_budget_expenditure",)
SCHEMES = ("function", "economic_department", "economic_government")
_KEYS = ["document", "entity", "fiscal_year", "kind", "phase", "scheme"]
_FACTS = [
    *("document", "entity", "fiscal_year", "kind", "form", "side", "phase", "scheme", "code", "name", "is_total"),
    *("measure", "amount", "quantum", "table", "row", "col"),
]
_STATEMENTS = [
    *("document", "entity", "fiscal_year", "kind", "subject", "code", "measure", "phase", "value", "quantum"),
    *("sentence", "page"),
]


def spending(
    data: Any,
    *,
    level: int = 1,
    form: str = "general_budget_expenditure",
    measure: str = "total",
    scheme: str = "function",
    statements: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Expenditure by code (支出按科目) of every document, at one level.

    Of a document's tables of the form the first counts. What no table gives (a document without tables, 上年数) is
    taken from the prose, which states `general_budget_expenditure` by function.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts; of a Disclosure or Corpus the statements too.
    level : int
        1 类, 2 款, 3 项.
    form, measure : str
        Which table, and which of its columns.
    scheme : str
        "function", "economic_department" or "economic_government".
    statements : DataFrame, optional
        To go with a frame of facts.

    Returns
    -------
    DataFrame
        Columns in `describe("spending")`, amounts in yuan. `complete` says whether the codes add up to the total.

    Raises
    ------
    SpecError
        When an argument is none of its options.

    Examples
    --------
    >>> from budgetkit import frames
    >>> spending(frames.make("facts", [])).empty
    True
    """
    choose("level", level, LEVELS)
    choose("form", form, FORMS)
    choose("scheme", scheme, SCHEMES)
    facts = frame_of(data, "facts", _FACTS)
    said = side_frame(data, "statements", statements, _STATEMENTS)
    tabled = _from_tables(facts, form, measure, scheme, level)
    parts = [tabled]
    if form in _PROSE_FORMS and measure == "total" and scheme == "function":
        parts.append(_uncovered(_from_prose(said, level), tabled))
    filled = [part for part in parts if len(part)]
    if not filled:
        return shaped("spending", [])
    return shaped("spending", ordered_by(pd.concat(filled, ignore_index=True), [*_KEYS, "code"]))


def _uncovered(told: pd.DataFrame, tabled: pd.DataFrame) -> pd.DataFrame:
    """What prose tells of phases that no table of the document gives."""
    if told.empty or tabled.empty:
        return told
    covered = set(tabled["document"] + "|" + tabled["phase"].astype("string"))
    return told[~(told["document"] + "|" + told["phase"].astype("string")).isin(covered)]


def _from_tables(facts: pd.DataFrame, form: str, measure: str, scheme: str, level: int) -> pd.DataFrame:
    chosen = facts["form"].eq(form) & facts["measure"].eq(measure) & facts["phase"].notna()
    rows = facts[chosen & facts["side"].ne("income")]
    own = coded(rows)
    own = own[own["scheme"].eq(scheme)]
    if own.empty:
        return pd.DataFrame()
    first = own.groupby(_KEYS, dropna=False, observed=True, sort=False)["table"].transform("min")
    own = left_column(own[own["table"] == first], _KEYS)
    result = rolled(own, _KEYS, ["amount"], level)
    tables = own.groupby(_KEYS, dropna=False, observed=True)["table"].first().reset_index()
    totals = _table_totals(rows, tables)
    merged = result.astype(dict.fromkeys(("kind", "phase", "scheme"), "string")).merge(
        totals, on=["document", "phase", "entity"], how="left"
    )
    return merged.assign(source="table", complete=_complete(merged, rolled(own, _KEYS, ["amount"], 1), own))


def _table_totals(rows: pd.DataFrame, tables: pd.DataFrame) -> pd.DataFrame:
    """The printed total by document, phase and entity: that of the first total row of the table chosen."""
    total = rows[rows["is_total"].fillna(False).astype(bool) & rows["amount"].notna()]
    chosen = total.merge(tables[["document", "table"]].drop_duplicates(), on=["document", "table"])
    chosen = chosen.assign(phase=chosen["phase"].astype("string"))
    # of 小计, 合计 and 总计 of one column the largest is the whole
    largest = chosen.groupby(["document", "phase", "entity"], dropna=False, observed=True)
    return largest.agg(total=("amount", "max"), total_quantum=("quantum", "max")).reset_index()


def _complete(merged: pd.DataFrame, tops: pd.DataFrame, own: pd.DataFrame) -> pd.Series:
    """Whether the top codes add up to the total within (n + 1) half quanta."""
    keys = ["document", "entity", "phase"]
    grouped = tops.assign(phase=tops["phase"].astype("string")).groupby(keys, dropna=False, observed=True)["amount"]
    sums = grouped.agg(["sum", "size"]).reset_index()
    joined = merged[[*keys, "total", "total_quantum"]].merge(sums, on=keys, how="left").set_index(merged.index)
    tolerance = (joined["size"] + 1) * joined["total_quantum"] / 2 + 0.005
    within = (joined["sum"] - joined["total"]).abs() <= tolerance
    return within.astype("boolean").mask(joined["total"].isna())


def _from_prose(said: pd.DataFrame, level: int) -> pd.DataFrame:
    amounts = said[said["measure"].eq("amount") & said["phase"].notna() & said["value"].notna()]
    coded_ = amounts[amounts["code"].notna() & amounts["code"].str.startswith("2", na=False)]
    if coded_.empty:
        return pd.DataFrame()
    # an amount may be said twice; what is said first counts
    ordered = coded_.sort_values(["page", "sentence"], kind="stable")
    first = ordered.drop_duplicates(["document", "entity", "phase", "code"])
    rows = first.assign(amount=first["value"], name=first["subject"], scheme="function")
    result = rolled(rows, _KEYS, ["amount"], level)
    totals = amounts[amounts["subject"].isin(vocabulary.spending().totals)].copy()
    rank = {subject: place for place, subject in enumerate(vocabulary.spending().totals)}
    totals["rank"] = totals["subject"].map(rank)
    totals = totals.sort_values(["rank", "page", "sentence"]).drop_duplicates(["document", "phase"])
    totals = totals[["document", "phase", "value", "quantum"]].rename(
        columns={"value": "total", "quantum": "total_quantum"}
    )
    result, totals = result.astype({"phase": "string"}), totals.astype({"phase": "string"})
    merged = result.merge(totals, on=["document", "phase"], how="left")
    return merged.assign(
        kind=merged["kind"].astype("string"),
        source="prose",
        complete=_complete(merged, rolled(rows, _KEYS, ["amount"], 1), rows),
        amount=fen(merged["amount"]),
    )
