"""The coordinates that a typeset amount was made with: from its form, side, measure and item, by plain tables.

Nothing here is shared with the lexicon that reads them, so that each is held against the other.
"""

from __future__ import annotations

import re
from typing import NamedTuple

FUNDS = {
    "fiscal_appropriation",
    "general_public_budget",
    "government_fund",
    "state_capital",
    "special_account",
    "unit_funds",
    "superior_subsidy",
    "institutional_income",
    "education_fees",
    "business_income",
    "affiliate_remittance",
    "other_income",
}
NATURES = {"basic", "project", "personnel", "public_use", "remitted_to_superior", "business", "affiliate_subsidy"}
_FUND_OF_FORM = {
    "fiscal_appropriation_summary": "fiscal_appropriation",
    "general_budget_expenditure": "general_public_budget",
    "general_budget_basic_expenditure": "general_public_budget",
    "general_budget_project_expenditure": "general_public_budget",
    "government_fund": "government_fund",
    "state_capital": "state_capital",
    "three_public": "fiscal_appropriation",
}
_NATURE_OF_FORM = {
    "general_budget_basic_expenditure": "basic",
    "general_budget_project_expenditure": "project",
    "project_expenditure": "project",
}
#: items of the income side of summaries
_FUND_OF_ITEM = {
    "一般公共预算财政拨款收入": "general_public_budget",
    "一般公共预算财政拨款": "general_public_budget",
    "一般公共预算拨款": "general_public_budget",
    "一般公共预算": "general_public_budget",
    "政府性基金预算财政拨款收入": "government_fund",
    "政府性基金预算财政拨款": "government_fund",
    "国有资本经营预算财政拨款收入": "state_capital",
    "国有资本经营预算财政拨款": "state_capital",
    "财政拨款（补助）": "fiscal_appropriation",
    "财政拨款结转": "fiscal_appropriation",
    "上级补助收入": "superior_subsidy",
    "事业收入": "institutional_income",
    "经营收入": "business_income",
    "附属单位上缴收入": "affiliate_remittance",
    "其他收入": "other_income",
    "单位资金": "unit_funds",
}
_BALANCES = {
    "年初结转和结余": "opening_balance",
    "年初财政拨款结转和结余": "opening_balance",
    "上年结转结余": "opening_balance",
    "财政拨款结转": "opening_balance",
    "使用非财政拨款结余": "use_of_reserves",
    "用事业基金弥补收支差额": "use_of_reserves",
    "结余分配": "surplus_distribution",
    "年末结转和结余": "closing_balance",
    "年末财政拨款结转和结余": "closing_balance",
}
_ITEMS = {
    "合计": "three_public",
    "因公出国（境）费": "abroad",
    "公务接待费": "reception",
    "公务用车购置及运行费": "vehicles",
    "公务用车购置费": "vehicle_purchase",
    "公务用车运行费": "vehicle_operation",
}


class Coordinates(NamedTuple):
    """What an amount means, as far as a typeset document can say it; None where a coordinate does not apply."""

    flow: str | None
    fund: str | None
    nature: str | None
    item: str | None
    aspect: str
    economic: str | None


def side_of_balance(label: str) -> str | None:
    """The side of a summary that the label of a balance (二、年初结转和结余) stands on; None for other labels."""
    flow = _BALANCES.get(re.sub(r"^([一二三四五六七八九十]+、|其中：)", "", label))
    return None if flow is None else "income" if flow in ("opening_balance", "use_of_reserves") else "expenditure"


def coordinates(form: str, side: str | None, measure: str | None, name: str, after_balances: bool) -> Coordinates:
    """The coordinates of one amount.

    Parameters
    ----------
    form : str
    side : str or None
        "income" or "expenditure" in summaries.
    measure : str or None
        What its column is: total, a fund, a nature, econ_302, carryover, change, change_rate.
    name : str
        Its item, without ordinal.
    after_balances : bool
        Whether a balance stands above it on its side.
    """
    flow = _flow(form, side, measure, name, after_balances)
    fund = _FUND_OF_FORM.get(form, "all")
    if measure in FUNDS:
        fund = measure or fund
    if measure == "fiscal_carryover" or (form == "carryover" and measure in NATURES):
        fund = "fiscal_appropriation"
    if side == "income":
        fund = _FUND_OF_ITEM.get(name, fund)
    if measure is None or (side == "income" and name == "一般财力"):
        # a column or item that no coordinate describes is left unread
        return Coordinates(None, None, None, None, "amount", None)
    nature: str | None = measure if measure in NATURES else _NATURE_OF_FORM.get(form, "all")
    return Coordinates(
        flow,
        fund,
        nature if flow in ("expenditure", "uses") or measure in NATURES else None,
        _ITEMS.get(name) if form == "three_public" else None,
        measure if measure in ("change", "change_rate") else "amount",
        measure.removeprefix("econ_") if measure and measure.startswith("econ_") else None,
    )


def _flow(form: str, side: str | None, measure: str | None, name: str, after_balances: bool) -> str:
    if name in _BALANCES and side:
        return _BALANCES[name]
    if after_balances and side == "income" and name in _FUND_OF_ITEM:
        return "opening_balance"
    if form == "carryover":
        return "opening_balance"
    if after_balances and name in ("收入总计", "支出总计", "总计", "小计"):
        return "sources" if side == "income" else "uses"
    if measure in ("opening_carryover", "carryover", "fiscal_carryover") and form in ("income", "government_fund"):
        return "opening_balance"
    if measure == "closing_carryover":
        return "closing_balance"
    return side or ("income" if form == "income" or measure == "income" else "expenditure")
