"""Personnel and public-use cost (人员经费, 公用经费) within basic expenditure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pandas as pd

from budgetkit.analysis import vocabulary
from budgetkit.analysis.counting import broadest, money, once
from budgetkit.analysis.inputs import fen, own_year, ratio, shaped, side_frame, spread
from budgetkit.analysis.spent import by_code, spending
from budgetkit.analysis.tree import is_total, ordered_by
from budgetkit.frames import HasFrames
from budgetkit.frames.given import choose, positive

SOURCES = ("table_total", "economic_codes", "prose")
_BASIC = "general_budget_basic_expenditure"
#: tables of basic expenditure by economic code
_BY_CODES = (_BASIC, "basic_expenditure")
#: whose money the costs are of: the narrowest that a document prints, for that is what others print too
_FUNDS = ("general_public_budget", "fiscal_appropriation", "all")
#: which table gives the whole expenditure of each
_WHOLES = dict(
    zip(_FUNDS, ("general_budget_expenditure", "fiscal_appropriation_expenditure", "expenditure"), strict=True)
)
_PHASES = ("approved", "executed")
_OWNER = ["document", "entity", "fiscal_year", "kind", "phase"]
_FACTS = [
    *("kind", "phase", "form", "nature", "fund", "origin", "item", "flow", "name", "is_total", "amount", "quantum"),
    *("table", "page", "row", "col", "code", "scheme"),
]
_STATEMENTS = [*_OWNER, "year", "fund", "subject", "measure", "value", "page", "sentence"]


def cost_structure(
    data: HasFrames | pd.DataFrame, *, statements: pd.DataFrame | None = None, source: str | None = None
) -> pd.DataFrame:
    """Personnel and public-use cost (人员经费, 公用经费) of every document: amounts, shares, and per head.

    Taken from the printed totals of 人员经费 and 公用经费; where there are none from the economic codes of basic
    expenditure (personnel 301 and 303, public use 302, 309 and 310); else from the prose. `source` of a row says which,
    and `fund` whose money it is: of the general public budget where the document prints that, else of fiscal
    appropriation, else of all funds. Budgets give what is approved, final accounts what was executed.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts; of a Disclosure or Corpus the statements too.
    statements : DataFrame, optional
        To go with a frame of facts.
    source : str, optional
        Only this source ("table_total", "economic_codes", "prose"), for comparing them.

    Returns
    -------
    DataFrame
        One row a document and entity; columns in `describe("costs")`, yuan and fractions.

    Raises
    ------
    SpecError
        When `source` is unknown or columns are missing.

    Examples
    --------
    >>> from budgetkit import frames
    >>> cost_structure(frames.make("facts", [])).empty
    True
    """
    if source is not None:
        choose("source", source, SOURCES)
    known = money(data, _FACTS)
    # of the document's own year; last year's figures are another document's
    facts = own_year(known.facts)
    said = own_year(side_frame(data, "statements", statements, _STATEMENTS))
    economic = {fund: _economic(facts[facts["fund"].eq(fund).fillna(False)]) for fund in _FUNDS}
    parts = list(_found(facts, said, economic, SOURCES if source is None else (source,)))
    if not parts:
        return shaped("costs", [])
    rows = pd.concat(parts, ignore_index=True)
    # a final account may state the budget too, but in parts
    rows = rows[rows["phase"].eq(rows["kind"].map({"final_account": "executed"}).fillna("approved"))]
    made = _reckoned(rows, facts, said, economic)
    return shaped("costs", ordered_by(once(made.assign(year=made["fiscal_year"]), known), _OWNER))


def economic_items(data: HasFrames | pd.DataFrame, *, top: int = 5) -> pd.DataFrame:
    """The largest economic items (经济分类款) of basic expenditure of every document.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts.
    top : int
        How many a document.

    Returns
    -------
    DataFrame
        Columns in `describe("economic_items")`, largest first; `category` sets personnel, public use and capital
        (309, 310) apart.

    Raises
    ------
    SpecError
        When `top` is no number above 0 or columns are missing.
    """
    positive("top", top)
    rows = own_year(spending(data, level=2, form=_BASIC, scheme="economic_department"))
    rows = rows[rows["phase"].isin(_PHASES)]
    if rows.empty:
        return shaped("economic_items", [])
    whole = rows.groupby(_OWNER, dropna=False)["amount"].transform("sum")
    rows = rows.assign(share=ratio(rows["amount"], whole), category=_category(rows["code"]))
    rows = rows.sort_values([*_OWNER, "amount", "code"], ascending=[True] * 5 + [False, True], kind="stable")
    rows["rank"] = rows.groupby(_OWNER, dropna=False).cumcount() + 1
    return shaped("economic_items", rows[rows["rank"] <= top])


def _category(code: pd.Series) -> pd.Series:
    words = vocabulary.subjects().costs
    top = code.str[:3]
    result = pd.Series(pd.NA, index=code.index, dtype="string")
    result = result.mask(top.isin(words.personnel_classes), "personnel")
    result = result.mask(top.isin(words.public_use_classes), "public_use")
    return result.mask(top.isin(words.capital_classes), "capital")


def _found(
    facts: pd.DataFrame, said: pd.DataFrame, economic: Mapping[str, pd.DataFrame], sources: Sequence[str]
) -> Iterator[pd.DataFrame]:
    """What each source gives of the documents and phases that no better one told, the best first.

    The units of a later table are within the department of an earlier one.
    """
    spent = facts[facts["flow"].isin(["expenditure", "uses"]) & facts["phase"].isin(_PHASES) & facts["item"].isna()]
    ways = (("table_total", spent, _from_totals), ("economic_codes", None, _from_codes), ("prose", said, _from_prose))
    told: set[tuple[str, str]] = set()
    for fund, (source, given, read) in product(_FUNDS, ways):
        if source in sources:
            rows = economic[fund] if given is None else given[given["fund"].eq(fund).fillna(False)]
            made = read(rows.loc[[place not in told for place in _places(rows)]])
            told.update(_places(made))
            if len(made):
                yield made.assign(source=source, fund=fund)


def _places(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(rows["document"], rows["phase"], strict=True) if len(rows) else iter(())


def _from_totals(facts: pd.DataFrame) -> pd.DataFrame:
    """The printed totals: columns of the total row, or rows of sums in tables that have no such columns."""
    words = vocabulary.subjects().costs
    rows = facts.sort_values(["table", "row", "col"], kind="stable")
    total = is_total(rows) & rows["nature"].isin(["personnel", "public_use"])
    in_columns = rows[total]
    part = rows["nature"].astype("string").where(total)
    # rows of sums within a table of basic expenditure: 人员经费合计
    uncoded = rows["code"].isna() & rows["nature"].isin(["basic", "personnel", "public_use"])
    part = part.mask(part.isna() & uncoded & rows["name"].isin(words.personnel_rows), "personnel")
    part = part.mask(part.isna() & uncoded & rows["name"].isin(words.public_use_rows), "public_use")
    # where the total row has the columns, rows of sums within the table are parts of it
    listed = rows.assign(part=part)[part.notna()]
    has_columns = listed["document"].isin(in_columns["document"])
    listed = listed[~has_columns | listed.index.isin(in_columns.index)]
    return _pair(listed.rename(columns={"amount": "value"}))


def _pair(listed: pd.DataFrame) -> pd.DataFrame:
    """One row an owner with both parts; of several figures of a part the first. One part alone is not taken."""
    wide = spread(listed, _OWNER, "part")
    if not {"personnel", "public_use"} <= set(wide.columns):
        return pd.DataFrame()
    return wide[wide["personnel"].notna() & wide["public_use"].notna()]


def _from_codes(rows: pd.DataFrame) -> pd.DataFrame:
    words = vocabulary.subjects().costs
    if rows.empty:
        return rows
    parts = {"personnel": words.personnel_classes, "public_use": words.public_use_classes}
    owners = rows[_OWNER].drop_duplicates()
    for part, classes in parts.items():
        chosen = rows[rows["code"].isin(classes)]
        sums = chosen.groupby(_OWNER, dropna=False)["amount"].sum().rename(part).reset_index()
        owners = owners.merge(sums, on=_OWNER, how="left")
        # a table of economic codes that lists none of the class spends nothing on it
        owners[part] = owners[part].fillna(0.0)
    return owners


def _economic(facts: pd.DataFrame) -> pd.DataFrame:
    """Basic expenditure by economic class, from the first form in which the document gives it."""
    made = [rows for form in _BY_CODES if len(rows := by_code(facts, form, None, "economic_department", 1))]
    if not made:
        return pd.DataFrame()
    rows = pd.concat(made, keys=range(len(made)), names=["form"]).reset_index("form")
    first = rows["form"] == rows.groupby("document")["form"].transform("min")
    return rows[first & rows["phase"].isin(_PHASES)]


def _from_prose(said: pd.DataFrame) -> pd.DataFrame:
    words = vocabulary.subjects().costs
    rows = said[said["measure"].eq("amount") & said["phase"].isin(_PHASES) & said["value"].notna()]
    part = pd.Series(pd.NA, index=rows.index, dtype="string")
    part = part.mask(rows["subject"].isin(words.personnel), "personnel")
    part = part.mask(rows["subject"].isin(words.public_use), "public_use")
    rows = rows.assign(part=part, rank=rows["subject"].map({s: i for i, s in enumerate(words.public_use)}))
    rows = rows[rows["part"].notna()].sort_values(["rank", "page", "sentence"], kind="stable", na_position="first")
    return _pair(rows)


def _reckoned(
    rows: pd.DataFrame, facts: pd.DataFrame, said: pd.DataFrame, economic: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Sums, shares and amounts per head."""
    rows = rows.assign(basic=fen(rows["personnel"] + rows["public_use"]))
    keys = [*_OWNER, "fund"]
    rows = rows.merge(_capital(economic), on=keys, how="left").merge(_totals(facts, said), on=keys, how="left")
    rows = rows.merge(_staff(said), on="document", how="left")
    rows["project"] = rows["project"].fillna(fen(rows["total"] - rows["basic"]))
    return rows.assign(
        personnel_share=ratio(rows["personnel"], rows["basic"]),
        public_use_share=ratio(rows["public_use"], rows["basic"]),
        basic_share=ratio(rows["basic"], rows["total"]),
        personnel_per_head=fen(ratio(rows["personnel"], rows["staff"])),
        public_use_per_head=fen(ratio(rows["public_use"], rows["staff"])),
    )


def _capital(economic: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = [part.assign(fund=fund) for fund, part in economic.items() if len(part)]
    if not parts:
        return pd.DataFrame(columns=[*_OWNER, "fund", "capital"])
    rows = pd.concat(parts, ignore_index=True)
    within = rows["code"].isin(vocabulary.subjects().costs.capital_classes)
    sums = rows.assign(capital=rows["amount"].where(within, 0.0)).groupby([*_OWNER, "fund"], dropna=False)["capital"]
    return sums.sum().reset_index()


def _totals(facts: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """All expenditure of a fund and its projects, from the table's total row or the prose."""
    rows = facts[is_total(facts) & facts["nature"].isin(["all", "project"]) & facts["item"].isna()]
    rows = rows[rows["form"].astype("string").eq(rows["fund"].astype("string").map(_WHOLES)).fillna(False)]
    rows = rows[rows["phase"].isin(_PHASES) & rows["flow"].isin(["expenditure", "uses"])]
    rows = broadest(rows, ["document", "phase", "fund"], ["origin"]).sort_values(["table", "row", "col"], kind="stable")
    what = rows["nature"].astype("string").replace({"all": "total"})
    tabled = _first(rows.assign(what=what, value=rows["amount"]))
    words = vocabulary.subjects().costs.total
    spoken = said[said["measure"].eq("amount") & said["phase"].isin(_PHASES) & said["subject"].isin(words)]
    spoken = _first(spoken.sort_values(["page", "sentence"], kind="stable").assign(what="total"))
    both = pd.concat([tabled, spoken[~spoken["document"].isin(tabled["document"])]], ignore_index=True)
    return both.reindex(columns=[*_OWNER, "fund", "total", "project"])


def _first(rows: pd.DataFrame) -> pd.DataFrame:
    keys = [*_OWNER, "fund"]
    return rows[keys].assign(total=pd.Series(dtype="float64")) if rows.empty else spread(rows, keys)


def _staff(said: pd.DataFrame) -> pd.DataFrame:
    """Staff in post by document, under the first of its names; NA where the prose states several numbers."""
    words = vocabulary.subjects().costs.staff
    rows = said[said["measure"].eq("count") & said["subject"].isin(words)]
    rows = rows.assign(rank=rows["subject"].map({word: rank for rank, word in enumerate(words)}))
    rows = rows[rows["rank"] == rows.groupby("document")["rank"].transform("min")]
    stated = rows.groupby("document")["value"].agg(["min", "max"])
    staff = stated["min"].where(stated["min"] == stated["max"])
    return staff.rename("staff").reset_index()
