"""How credible the budget was: 预决算偏离度 and the outturn indicators of PEFA (PI-1, PI-2.1, PI-2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from budgetkit import specs
from budgetkit.analysis import vocabulary
from budgetkit.analysis.costs import cost_structure
from budgetkit.analysis.counting import Money, money, once
from budgetkit.analysis.execution import joined, prose_pairs
from budgetkit.analysis.inputs import fen, own_year, shaped, side_frame
from budgetkit.analysis.spent import FORMS, spending
from budgetkit.analysis.tree import ordered_by, rolled
from budgetkit.frames import HasFrames
from budgetkit.frames.given import choose

_OWNER = ["document", "budget_document", "entity", "fiscal_year", "source"]
_BASIC = "general_budget_basic_expenditure"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One PEFA indicator: the limits of its bands."""

    label: str
    limits: tuple[float, ...]
    #: whether a limit belongs to the better band
    inclusive: bool
    #: codes left out
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pefa:
    """All of specs/analysis/pefa.toml."""

    source: str
    #: of the bands, best first
    names: tuple[str, ...]
    indicators: Mapping[str, Indicator]


@cache
def pefa() -> Pefa:
    """The indicators and the names of their bands."""
    return specs.load(Pefa, "analysis/pefa.toml")


def pefa_band(indicator: str, value: float) -> str | None:
    """The band A to D that a single year's value falls in; None for NA.

    >>> pefa_band("PI-1", 0.05), pefa_band("PI-2.1", 0.05), pefa_band("PI-1", 0.2773)
    ('A', 'B', 'D')
    """
    choose("indicator", indicator, list(pefa().indicators))
    if pd.isna(value):
        return None
    rule, names = pefa().indicators[indicator], pefa().names
    # a limit as it is printed, whatever the last bit of the quotient says
    value = round(float(value), 10)
    for name, limit in zip(names, rule.limits, strict=False):
        if value < limit or (rule.inclusive and value == limit):
            return str(name)
    return str(names[-1])


def composition_variance(approved: pd.Series, executed: pd.Series) -> float:
    """Σ|actual − adjusted| / Σ adjusted, with adjusted = budget × total actual / total budget; NaN without budget.

    >>> round(composition_variance(pd.Series([60.0, 40.0]), pd.Series([50.0, 50.0])), 10)
    0.2
    """
    budget, actual = float(approved.sum()), float(executed.sum())
    if not budget or not actual:
        return float("nan")
    adjusted = approved * (actual / budget)
    return float((executed - adjusted).abs().sum() / adjusted.sum())


def outturn(
    data: HasFrames | pd.DataFrame, *, statements: pd.DataFrame | None = None, form: str = "general_budget_expenditure"
) -> pd.DataFrame:
    """Deviation of the final account from the budget (预决算偏离度) and PEFA's outturn indicators.

    PI-1 is the aggregate: `ratio` = executed / approved, `difference_rate` = ratio − 1 (预决算偏离度), `value` its
    absolute. PI-2.1 (by function, 类) and PI-2.2 (by economic class, of basic expenditure, for only that is published
    by economic code) are Σ|aᵢ − dᵢ| / Σdᵢ with dᵢ = bᵢ × Σa / Σb. PI-2.1 leaves out contingency (227) and debt
    interest (232). Source: PEFA 2016 Framework, 2nd edition 2019. A PEFA score needs two of three years and the whole
    budget of a government; `band` only says where one year of one entity falls.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts; of a Disclosure or Corpus the statements too.
    statements : DataFrame, optional
        To go with a frame of facts.
    form : str
        The form whose expenditure is compared by total and function.

    Returns
    -------
    DataFrame
        One row an indicator, columns in `describe("outturn")`. `value` is NA where nothing was budgeted or the codes do
        not add up to the total on either side; `reason` says so.

    Raises
    ------
    SpecError
        When `form` is unknown or columns are missing.

    Examples
    --------
    >>> from budgetkit import frames
    >>> outturn(frames.make("facts", [])).empty
    True
    """
    choose("form", form, FORMS)
    known = money(data, ["quantum"])
    said = side_frame(data, "statements", statements)
    rows = [
        *_within(known, said, form),
        *_between(data, form, "function", "PI-2.1"),
        *_between(data, _BASIC, "economic_department", "PI-2.2"),
    ]
    if not rows:
        return shaped("outturn", [])
    made = pd.DataFrame(rows)
    return shaped("outturn", ordered_by(made, [*_OWNER, "indicator"]))


def _within(known: Money, said: pd.DataFrame, form: str) -> list[dict[str, Any]]:
    """Totals and functions that one final account states for budget and result."""
    if form != "general_budget_expenditure":
        return []
    pairs = prose_pairs(said)
    if pairs.empty:
        return []
    pairs = pairs[pairs["approved"].notna()].sort_values(["page", "sentence"], kind="stable")
    words = {subject: rank for rank, subject in enumerate(vocabulary.subjects().totals)}
    totals = pairs[pairs["subject"].isin(words)]
    totals = totals.assign(rank=totals["subject"].map(words)).sort_values("rank", kind="stable")
    coded = dict(iter(pairs[pairs["code"].notna()].groupby("document", sort=False)))
    rows: list[dict[str, Any]] = []
    totals = totals.drop_duplicates("document").assign(year=totals["fiscal_year"], source="prose")
    for total in once(totals, known, ["year"]).itertuples():
        owner = _owner(total, None, "prose")
        rows.append(_aggregate(owner, form, total.approved, total.executed))
        if total.document in coded:
            own = coded[total.document].drop_duplicates("code")
            tops = _tops(own)
            # each printed item of 万元 with two decimals may be 50 yuan off
            slack = (len(own) + 1) * 50.0
            gaps = [abs(tops[side].sum() - getattr(total, side)) > slack for side in ("approved", "executed")]
            rows.append(_composition(owner, form, "PI-2.1", tops, any(gaps)))
    return rows


def _tops(pairs: pd.DataFrame) -> pd.DataFrame:
    rows = pairs.rename(columns={"subject": "name"}).assign(scheme="function")
    return rolled(rows, ["document", "fiscal_year", "scheme"], ["approved", "executed"], 1)


def _between(data: HasFrames | pd.DataFrame, form: str, scheme: str, indicator: str) -> list[dict[str, Any]]:
    """Budgets joined to final accounts of the same entity and year; the first pair of each."""
    pairs = joined(data, 1, form, scheme)
    if pairs.empty:
        return []
    whole = _wholes(data, form, scheme)
    if form == _BASIC:
        whole |= _basic_wholes(data)
    rows: list[dict[str, Any]] = []
    for _, own in pairs.groupby("pair"):
        first = next(own.itertuples())
        owner = _owner(first, first.budget_document, "budget_and_final")
        before, after = whole.get((first.budget_document, "approved")), whole.get((first.document, "executed"))
        broken = not (before and before[1] and after and after[1])
        # what a complete list does not name is nothing
        own = own.fillna(dict.fromkeys(("approved", "executed"), float("nan") if broken else 0.0))
        if indicator == "PI-2.1":
            rows.append(_aggregate(owner, form, before[0] if before else None, after[0] if after else None))
        rows.append(_composition(owner, form, indicator, own, broken))
    return rows


def _basic_wholes(data: HasFrames | pd.DataFrame) -> dict[tuple[str, str], tuple[float, bool]]:
    """The same of tables that print personnel and public use, but no total of both."""
    printed = cost_structure(data, source="table_total").set_index(["document", "phase"])["basic"]
    rows = own_year(spending(data, level=1, form=_BASIC, scheme="economic_department"))
    sums = rows.groupby(["document", "phase"])["amount"].agg(["sum", "size"])
    both = sums.join(printed[~printed.index.duplicated()], how="inner")
    facts = money(data, ["form", "phase", "quantum"]).facts
    tabled = facts[facts["form"].eq(_BASIC)].astype({"phase": "string"})
    quantum = tabled.groupby(["document", "phase"])["quantum"].max().reindex(both.index)
    # each printed amount may be half of its last digit off
    away = (both["sum"] - both["basic"]).abs() > (both["size"] + 2) * quantum / 2 + 0.005
    return {key: (float(both.loc[key, "basic"]), not away[key]) for key in both.index}


def _wholes(data: HasFrames | pd.DataFrame, form: str, scheme: str) -> dict[tuple[str, str], tuple[float, bool]]:
    """Printed total, and whether the codes add up to it, by document and phase."""
    rows = own_year(spending(data, level=1, form=form, scheme=scheme))
    return {
        (row.document, row.phase): (row.total, bool(row.complete) if not pd.isna(row.complete) else False)
        for row in rows.drop_duplicates(["document", "phase"]).itertuples()
    }


def _owner(row: Any, budget: str | None, source: str) -> dict[str, Any]:
    return {
        "document": row.document,
        "budget_document": budget,
        "entity": row.entity,
        "entity_id": row.entity_id,
        "note": row.note,
        "fiscal_year": row.fiscal_year,
        "source": source,
    }


def _aggregate(owner: dict[str, Any], form: str, approved: float | None, executed: float | None) -> dict[str, Any]:
    known = approved is not None and executed is not None and not pd.isna(approved) and not pd.isna(executed)
    sides = (approved, executed) if known else (float("nan"), float("nan"))
    row = _row(owner, form, "PI-1", 0, *sides, None)  # type: ignore[arg-type]
    reason = "nothing was approved" if known else "a total is not printed"
    return {**row, "reason": None if row["value"] == row["value"] else reason}


def _composition(
    owner: dict[str, Any], form: str, indicator: str, codes: pd.DataFrame, incomplete: bool
) -> dict[str, Any]:
    kept = codes[~codes["code"].isin(pefa().indicators[indicator].excluded)]
    approved, executed = float(fen(kept["approved"]).sum()), float(fen(kept["executed"]).sum())
    value = float("nan") if incomplete else composition_variance(kept["approved"], kept["executed"])
    row = _row(owner, form, indicator, len(kept), round(approved, 2), round(executed, 2), value)
    reason = "the codes do not add up to a printed total" if incomplete else "nothing to compare"
    return {**row, "reason": None if value == value else reason}


def _row(
    owner: dict[str, Any], form: str, indicator: str, items: int, approved: float, executed: float, value: float | None
) -> dict[str, Any]:
    """One indicator; its value is that of the ratio where none is given."""
    ratio = executed / approved if approved else float("nan")
    value = abs(ratio - 1) if value is None else value
    return {
        **owner,
        "indicator": indicator,
        "scope": form,
        "items": items,
        "approved": approved,
        "executed": executed,
        "ratio": ratio,
        "difference_rate": ratio - 1,
        "value": value,
        "band": pefa_band(indicator, value),
    }
