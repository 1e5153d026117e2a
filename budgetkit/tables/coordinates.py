"""The coordinates of the amounts of a table: what each means, once all of its rows and columns are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from budgetkit import lexicon, trees
from budgetkit.lexicon import NOTHING, Meaning

#: flows that only stand in summaries, beside the year's own income and expenditure
BALANCES = frozenset({"use_of_reserves", "opening_balance", "surplus_distribution", "closing_balance"})
#: the directions of columns of last year's money, and within which heads each sets it apart
Carried = dict[str | None, set[str]]
_USES = ("expenditure", "uses")
_PHASES = {"budget": "approved", "final_account": "executed"}
#: forms about one item, which the title names beside others
_ITEM_OF_FORM = {"procurement": "procurement", "purchased_services": "purchased_services"}


@dataclass(frozen=True)
class Context:
    """What a document says of itself, for the rows of its tables."""

    kind: str | None
    fiscal_year: int | None
    entity: str | None
    #: unit of money of most tables, for tables that print none
    usual_unit: str | None
    #: keys of the units that the document lists, and their names by their numbers
    units: frozenset[str] = frozenset()
    numbers: Mapping[str, str] = field(default_factory=dict)


class Drafted(NamedTuple):
    """A fact before its coordinates are settled."""

    values: Mapping[str, Any]
    meaning: Meaning
    #: side of the block that it stands in
    side: str | None
    #: whether its label says 本年
    this_year: bool
    #: whether a balance (年初结转, 结余分配) stands in its block above it
    after_balances: bool


def aspect_of(meaning: Meaning, percent: bool) -> str:
    """Whether a number is an amount, a change or a rate; a percentage under 增减 is a rate of change."""
    if percent and meaning.aspect in (None, "change"):
        return "change_rate" if meaning.aspect else "share"
    return meaning.aspect or "amount"


def settle(
    facts: Sequence[Drafted],
    title: Meaning,
    form: str,
    context: Context,
    two_sided: bool,
    heads: Sequence[tuple[Meaning, str | None, str]] = (),
) -> tuple[dict[str, Any], ...]:
    """The rows of a table with their coordinates.

    `two_sided`: whether it has an income and an expenditure side; `heads`: what its columns mean, with their paths: one
    of last year's money may be blank in all rows.
    """
    blank = {"scheme": None, "project": None}
    known = [*facts, *(Drafted({**blank, "column": path}, own, side, False, False) for own, side, path in heads)]
    natured = any(fact.meaning.nature or fact.meaning.items for fact in known)
    carried: Carried = {}
    for fact in known:
        if fact.meaning.origin == "carried_forward":
            carried.setdefault(_flow(fact, "other", fact.meaning), set()).add(_reach(fact.values["column"]))
    return tuple(
        {**fact.values, **_coordinates(fact, title, form, context, two_sided, carried, natured)} for fact in facts
    )


@lru_cache(maxsize=1 << 10)
def _reach(column: str) -> str:
    """The heads within which a column of last year's money is set apart from others, as the beginning of their path."""
    heads = column.split("/")
    first = next((k for k, head in enumerate(heads) if lexicon.read(head).origin == "carried_forward"), 0)
    return "".join(f"{head}/" for head in heads[:first])


def _coordinates(
    fact: Drafted, title: Meaning, form: str, context: Context, two_sided: bool, carried: Carried, natured: bool
) -> dict[str, Any]:
    meaning = fact.meaning
    flow = _flow(fact, form, title)
    if (two_sided or form == "income") and fact.values["is_total"] and fact.after_balances and not fact.this_year:
        flow = {"income": "sources", "expenditure": "uses"}.get(flow or "", flow)
    year, phase, note = _time(meaning, context)
    item, unclear = _item(meaning, form)
    words = [*meaning.unread, *([fact.values["label"] or fact.values["column"]] if unclear else [])]
    return {
        "year": year,
        "phase": phase,
        "flow": flow,
        "fund": meaning.fund or "all",
        "origin": _origin(fact, flow, title, two_sided, carried),
        "nature": _nature(meaning, flow, title, not natured and bool(fact.values["project"])),
        "item": item,
        "unread": "；".join(dict.fromkeys(words)),
        "notes": "; ".join(filter(None, (fact.values["notes"], note))),
    }


def _nature(meaning: Meaning, flow: str | None, title: Meaning, project: bool) -> str | None:
    """The kind of expenditure; of an income or balance where a column splits it (年初结转和结余/基本支出结转).

    `project`: whether it is a project's money, in a table that tells no natures apart.
    """
    if flow in _USES:
        return meaning.nature or ("project" if project else "all")
    return meaning.nature if meaning.nature != title.nature else None


def _flow(fact: Drafted, form: str, title: Meaning) -> str | None:
    meaning = fact.meaning
    flow = meaning.flow
    if form == "carryover" and (flow is None or (meaning.nature and title.flow is None)):
        return "opening_balance"
    spent = meaning.nature or meaning.items or meaning.economic or fact.values["scheme"] in _SPENDING
    if flow is None and (spent or fact.values["project"]):
        flow = "expenditure"
    if flow is None and meaning.fund and meaning.soft_flow:
        flow = "income"
    return "opening_balance" if flow == "income" and meaning.origin == "carried_forward" else flow


_SPENDING = ("function", "economic_department", "economic_government")


def _time(meaning: Meaning, context: Context) -> tuple[int | None, str | None, str]:
    """Year and phase of an amount, and a note where they are inferred."""
    own = context.fiscal_year
    year = meaning.year if meaning.year is not None else own - 1 if meaning.prior and own is not None else own
    phase, note = meaning.phase, ""
    if phase == "executed" and context.kind == "budget" and meaning.year is None and not meaning.prior:
        # a bare 决算/执行 in a budget can only be last year's
        year, note = (own - 1 if own is not None else None), "executed in a budget: taken as of the year before"
    if phase is None and year == own and not meaning.prior:
        phase = _PHASES.get(context.kind or "")
    return year, phase, note


def _item(meaning: Meaning, form: str) -> tuple[str | None, bool]:
    """What is bought, and whether that is unclear: the total of a table of several items is none of them."""
    if len(meaning.items) > 1 and form in _ITEM_OF_FORM:
        return _ITEM_OF_FORM[form], False
    # 机关运行经费 stands beside the “三公”经费 in its tables, in no total
    items = tuple(item for item in meaning.items if item != "agency_operation") or meaning.items
    item = trees.common("item", items) if items else None
    return item, bool(items) and item is None


def _origin(fact: Drafted, flow: str | None, title: Meaning, two_sided: bool, carried: Carried) -> str | None:
    meaning = fact.meaning
    if flow in ("opening_balance", "closing_balance"):
        return "carried_forward" if flow == "opening_balance" else "all"
    if flow == "income":
        # the total of a table that has last year's money in a column of its own holds both
        both = not two_sided and "opening_balance" in carried and meaning.origin is None and meaning.fund is None
        return "all" if both else "current"
    if flow in _USES:
        split = "expenditure" in carried
        if meaning.origin == "current" and not split and title.origin != "current":
            return "all"
        if meaning.origin is None and split and meaning.fund and meaning.fund != title.fund and not two_sided:
            # 财政拨款/小计 over its 上年结转 holds it, and what stands beside 财政拨款 has none of its own
            column = fact.values["column"]
            parts = (column.removeprefix(reach) for reach in carried["expenditure"] if column.startswith(reach))
            return "current" if any(lexicon.read(part) != NOTHING for part in parts) else "all"
    return meaning.origin or "all"


def with_carried(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows of a document; an income that holds last year's money without a word is told by another table.

    Where one table prints this year's income of a fund and its opening balance, a table whose income of that fund is
    the sum of both means both in all of its income (`origin` all), which `notes` then says.
    """
    both = _both_of(rows)
    found = []
    for row in rows:
        fits = both.get((row["table"], row["entity"]))
        if fits and row["flow"] == "income" and row["origin"] == "current" and not _says_this_year(row):
            note = f"origin all: with the opening balance of table {fits}"
            row = {**row, "origin": "all", "notes": "; ".join(filter(None, (row["notes"], note)))}
        found.append(row)
    return found


def _both_of(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str | None], int]:
    """Tables and entities whose income of a fund is the income and opening balance of another table, and that table."""
    income: dict[tuple[int, str | None, str], Mapping[str, Any]] = {}
    opening: dict[tuple[int, str | None, str], float] = {}
    for row in rows:
        key = (row["table"], row["entity"], row["fund"])
        if row["code"] or row["unread"] or row["aspect"] != "amount" or row["year"] != row["fiscal_year"]:
            continue
        if row["flow"] == "income" and row["origin"] == "current":
            income.setdefault(key, row)
        elif row["flow"] == "opening_balance":
            opening.setdefault(key, row["amount"])
    found: dict[tuple[int, str | None], int] = {}
    for (table, entity, fund), carried in opening.items():
        own = income.get((table, entity, fund))
        if own is None or not carried:
            continue
        for (other, whose, what), row in income.items():
            same = (whose, what) == (entity, fund) and other != table and (other, whose, what) not in opening
            if same and abs(row["amount"] - own["amount"] - carried) <= row["quantum"]:
                found.setdefault((other, whose), table)
    return found


def _says_this_year(row: Mapping[str, Any]) -> bool:
    return any(word in text for word in ("本年", "当年") for text in (row["label"], row["column"]))
