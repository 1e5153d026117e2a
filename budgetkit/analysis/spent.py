"""Expenditure by code of every document, from its tables or, where it has none, from its prose."""

from __future__ import annotations

import pandas as pd

from budgetkit.analysis import vocabulary
from budgetkit.analysis.counting import broadest, dated, money, once
from budgetkit.analysis.inputs import fen, shaped, side_frame
from budgetkit.analysis.tree import LEVELS, coded, is_total, left_column, ordered_by, rolled
from budgetkit.frames import TEXT, HasFrames
from budgetkit.frames.given import choose

FORMS = (
    "expenditure", "general_budget_expenditure", "general_budget_basic_expenditure", "income_expenditure_summary",
    "fiscal_appropriation_summary", "fiscal_appropriation_expenditure", "basic_expenditure", "project_expenditure",
    "government_fund", "state_capital",
)  # fmt: skip
#: forms of which prose states the items by code
_PROSE_FORMS = ("general_budget_expenditure",)
_PROSE_FUNDS = ("general_public_budget", "fiscal_appropriation")
SCHEMES = ("function", "economic_department", "economic_government")
_KEYS = ["document", "entity", "entity_id", "fiscal_year", "year", "kind", "phase", "scheme"]
_FACTS = [
    *("kind", "form", "flow", "phase", "scheme", "code", "name", "is_total", "fund", "origin", "nature", "item"),
    *("amount", "quantum", "table", "page", "row", "col"),
]
_STATEMENTS = [
    *("document", "entity", "fiscal_year", "year", "kind", "subject", "code", "measure", "phase", "value", "quantum"),
    *("sentence", "page"),
]
#: kinds of expenditure that can be asked for
NATURES = ("all", "basic", "personnel", "public_use", "project")


def spending(
    data: HasFrames | pd.DataFrame,
    *,
    level: int = 1,
    form: str = "general_budget_expenditure",
    nature: str | None = None,
    scheme: str = "function",
    statements: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Expenditure by code (支出按科目) of every unit, year and phase, at one level.

    Of a document's tables of the form the first counts, and of several documents of one unit and year one. What no
    table gives (a document without tables, 上年数) is taken from the prose, which states `general_budget_expenditure`
    by function. Amounts of which some word is not understood do not count; `note` says how many they are.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts; of a Disclosure or Corpus the statements too.
    level : int
        1 类, 2 款, 3 项.
    form : str
        Which table.
    nature : str, optional
        "all", "basic", "personnel", "public_use" or "project"; by default all that the table is of.
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
    choose("nature", nature, (None, *NATURES))
    known = money(data, _FACTS)
    said = dated(side_frame(data, "statements", statements, _STATEMENTS))
    tabled = by_code(known.facts, form, nature, scheme, level)
    parts = [tabled]
    if form in _PROSE_FORMS and nature in (None, "all") and scheme == "function":
        parts.append(_uncovered(_from_prose(said, level), tabled))
    filled = [part for part in parts if len(part)]
    if not filled:
        return shaped("spending", [])
    rows = once(pd.concat(filled, ignore_index=True), known)
    return shaped("spending", ordered_by(rows, [*_KEYS, "code"]))


def _uncovered(told: pd.DataFrame, tabled: pd.DataFrame) -> pd.DataFrame:
    """What prose tells of phases that no table of the document gives."""
    if told.empty or tabled.empty:
        return told
    covered = set(_place(tabled))
    return told[~_place(told).isin(covered)]


def _place(rows: pd.DataFrame) -> pd.Series:
    return rows["document"] + "|" + rows["phase"].astype("string") + "|" + rows["year"].astype("string").fillna("")


def by_code(facts: pd.DataFrame, form: str, nature: str | None, scheme: str, level: int) -> pd.DataFrame:
    """Expenditure by code of every document, from the first of its tables of the form."""
    rows = expenditure(facts, form, nature)
    own = coded(rows)
    own = own[own["scheme"].eq(scheme).fillna(False)]
    if own.empty:
        return pd.DataFrame()
    first = own.groupby(_KEYS, dropna=False, observed=True, sort=False)["table"].transform("min")
    own = left_column(own[own["table"] == first], [*_KEYS, *_SPLIT])
    result = rolled(own, _KEYS, ["amount"], level)
    tables = own.groupby(_KEYS, dropna=False, observed=True)["table"].first().reset_index()
    totals = _table_totals(rows, tables)
    merged = result.astype(dict.fromkeys(("kind", "phase", "scheme"), "string")).merge(
        totals, on=["document", "phase", "year", "entity"], how="left"
    )
    return merged.assign(source="table", complete=_complete(merged, rolled(own, _KEYS, ["amount"], 1), own))


#: along which a table may split what it is of
_SPLIT = ("fund", "origin", "nature")


def expenditure(facts: pd.DataFrame, form: str, nature: str | None = None) -> pd.DataFrame:
    """The expenditure of a form in its broadest columns: of all funds that it is of, with what was carried forward."""
    chosen = facts["form"].eq(form) & facts["phase"].notna() & facts["flow"].isin(["expenditure", "uses"])
    rows = facts[chosen & facts["item"].isna()]
    if nature is not None:
        rows = rows[rows["nature"].eq(nature).fillna(False)]
    return broadest(rows, ["document", "table", "phase", "year", "scheme"], _SPLIT)


def _table_totals(rows: pd.DataFrame, tables: pd.DataFrame) -> pd.DataFrame:
    """The printed total by document, phase, year and entity: that of the total rows of the table chosen."""
    words = vocabulary.subjects().costs
    # 人员经费合计 is a total of a part
    total = rows[is_total(rows) & ~rows["name"].isin([*words.personnel_rows, *words.public_use_rows])]
    # 支出总计 of a summary holds what is carried on, 本年支出合计 does not
    total = total[
        total["flow"].ne("uses") | ~total["flow"].eq("expenditure").groupby(total["document"]).transform("any")
    ]
    chosen = total.merge(tables[["document", "table"]].drop_duplicates(), on=["document", "table"])
    keys = ["document", "phase", "year", "entity"]
    # columns of one row add up; of 小计, 合计 and 总计 of one column the largest is the whole
    by_row = chosen.assign(phase=chosen["phase"].astype("string")).groupby([*keys, "row"], dropna=False, observed=True)
    sums = by_row.agg(amount=("amount", "sum"), quantum=("quantum", "max")).reset_index()
    largest = sums.groupby(keys, dropna=False, observed=True)
    return largest.agg(total=("amount", "max"), total_quantum=("quantum", "max")).reset_index()


def _complete(merged: pd.DataFrame, tops: pd.DataFrame, own: pd.DataFrame) -> pd.Series:
    """Whether the top codes add up to the total within (n + 1) half quanta."""
    keys = ["document", "entity", "phase", "year"]
    grouped = tops.assign(phase=tops["phase"].astype("string")).groupby(keys, dropna=False, observed=True)["amount"]
    sums = grouped.agg(["sum", "size"]).reset_index()
    joined = merged[[*keys, "total", "total_quantum"]].merge(sums, on=keys, how="left").set_index(merged.index)
    tolerance = (joined["size"] + 1) * joined["total_quantum"] / 2 + 0.005
    within = (joined["sum"] - joined["total"]).abs() <= tolerance
    return within.astype("boolean").mask(joined["total"].isna())


def _from_prose(said: pd.DataFrame, level: int) -> pd.DataFrame:
    amounts = said[said["measure"].eq("amount") & said["phase"].notna() & said["value"].notna()]
    if "fund" in amounts:
        amounts = amounts[amounts["fund"].isna() | amounts["fund"].isin(_PROSE_FUNDS)]
    coded_ = amounts[amounts["code"].notna() & amounts["code"].str.startswith("2", na=False)]
    if coded_.empty:
        return pd.DataFrame()
    # an amount may be said twice; what is said first counts
    ordered = coded_.sort_values(["page", "sentence"], kind="stable")
    first = ordered.drop_duplicates(["document", "entity", "phase", "year", "code"])
    rows = first.assign(
        entity_id=pd.array([pd.NA] * len(first), dtype=TEXT),
        amount=first["value"],
        name=first["subject"],
        scheme="function",
    )
    result = rolled(rows, _KEYS, ["amount"], level)
    totals = amounts[amounts["subject"].isin(vocabulary.subjects().totals)].copy()
    rank = {subject: place for place, subject in enumerate(vocabulary.subjects().totals)}
    totals["rank"] = totals["subject"].map(rank)
    totals = totals.sort_values(["rank", "page", "sentence"]).drop_duplicates(["document", "phase", "year"])
    totals = totals[["document", "phase", "year", "value", "quantum"]].rename(
        columns={"value": "total", "quantum": "total_quantum"}
    )
    result, totals = result.astype({"phase": "string"}), totals.astype({"phase": "string"})
    merged = result.merge(totals, on=["document", "phase", "year"], how="left")
    return merged.assign(
        kind=merged["kind"].astype("string"),
        source="prose",
        complete=_complete(merged, rolled(rows, _KEYS, ["amount"], 1), rows),
        amount=fen(merged["amount"]),
    )
