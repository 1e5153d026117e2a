"""What a stated figure means: subject, section and sentence together give the coordinates of `facts`."""

from __future__ import annotations

import re
from typing import NamedTuple

from budgetkit import lexicon, trees
from budgetkit.lexicon import Meaning

#: a total that holds what was brought forward: 收入总计, not 本年收入合计
_GRAND = re.compile(r"总计|总预算|总决算|总收入|总支出|(?:预算|收入|支出)总额")
#: 本年收入, not 本年度预算总收入
_THIS_YEAR = re.compile("本年(?!度)")
_OF_THE_YEAR = re.compile(r"本年(?!度)|当年|合计")
_SIDES = {"income": "sources", "expenditure": "uses"}
_PARTS = {"sources": "income", "uses": "expenditure"}
_GROUPS = {"income": "income", "expenditure": "expenditure", "total": "uses"}
#: directions whose money is split by kind of expenditure
_SPENT = ("expenditure", "uses")
#: words around a name that say when and in what form, and do not make it another item
_FILLING = re.compile(r"[为是共均各我局委院]|总|实际|年初|全年|当年|本年|项级|支出|收入|完成|规模|具体|计|拟|预计|本级")
_SCHEMES = {"1": "revenue", "2": "function", "3": "economic_department", "5": "economic_government"}


class Coordinates(NamedTuple):
    """The coordinates of an amount but year and phase; None where they are not known or do not apply."""

    flow: str | None = None
    fund: str | None = None
    origin: str | None = None
    nature: str | None = None
    item: str | None = None
    scheme: str | None = None


NONE = Coordinates()


def of_item(
    name: str,
    words: str,
    above: Meaning,
    whole: Coordinates,
    *,
    total: Coordinates = NONE,
    group: str = "",
    apart: bool = True,
) -> Coordinates:
    """Coordinates of an item of the vocabulary; none where a part of its name is not understood.

    `words`: the name as printed, with the words around it; `above`: fund and nature of which the headings and the
    beginning of the sentence speak; `whole`: of the amount whose part the item is, empty for totals; `total`: of the
    section's last amount, whose fund the item shares where it is a part of it (三公); `group`: in the vocabulary, which
    tells the direction where nothing else does (预算总额); `apart`: whether income is told apart from what was brought
    forward: in final accounts, and where 结转 is named beside.

    >>> of_item("基本支出", "一般公共预算财政拨款基本支出", Meaning(), NONE)[:4]
    ('expenditure', 'general_public_budget', 'all', 'basic')
    >>> of_item("重点项目支出", "重点项目支出", Meaning(), NONE).flow is None
    True
    """
    own, canonical = lexicon.read(words), lexicon.read(name)
    if any(_FILLING.sub("", word) for word in canonical.unread):
        return NONE
    # “三公”经费9.00万元，其中：一般公共预算8.00万元 is money of the item too
    item = canonical.item or own.item or whole.item
    said = own if own.flow or own.two_sided else canonical
    flow = _flow(said, words, item, whole.flow or above.flow) or _GROUPS.get(group)
    # two funds that exclude each other are none
    if flow is None or "all" in (own.fund, canonical.fund):
        return NONE
    told = _fund(own.fund or canonical.fund, whole.fund, above.fund)
    if told in (None, "all") and item and total.item and trees.within("item", item, total.item):
        told = total.fund
    nature = None
    if flow in _SPENT:
        outer = whole.nature if not item else None
        nature = own.nature or canonical.nature or (above.nature if flow != "uses" and not item else None)
        nature = nature or outer or "all"
    return Coordinates(flow, told or "all", _origin(own, flow, words, whole, apart), nature, item, None)


def of_code(code: str, words: str, above: Meaning, whole: Coordinates) -> Coordinates:
    """Coordinates of a class: those of the amount that it is listed under, or of the section.

    >>> of_code("2010301", "行政运行", lexicon.read("一般公共预算"), NONE)[:2]
    ('expenditure', 'general_public_budget')
    """
    own = lexicon.read(words)
    scheme = _SCHEMES.get(code[0])
    if scheme is None or scheme == "revenue" or whole.item:
        # 公务接待费 within 机关运行经费 is not all of it
        return NONE
    return Coordinates(
        "expenditure",
        _fund(own.fund, whole.fund, above.fund) or "all",
        whole.origin if whole.flow == "expenditure" and whole.origin else "all",
        own.nature or whole.nature or above.nature or "all",
        None,
        scheme,
    )


def _fund(*told: str | None) -> str | None:
    """The fund that the nearest text tells, or the part of it that a text around it tells."""
    found: str | None = None
    for fund in told:
        if fund and (found is None or (found != "all" and trees.within("fund", fund, found))):
            found = fund
    return found


def _flow(own: Meaning, words: str, item: str | None, whole: str | None) -> str | None:
    """The direction that an item's words tell, else that of the amount whose part it is."""
    if own.flow is None and own.two_sided:
        return "sources"
    flow = own.flow or ("expenditure" if item else _PARTS.get(whole or "", whole))
    if own.origin == "carried_forward" and flow in (None, "income"):
        # 上年结转 within income is what was brought forward
        return "opening_balance"
    grand = own.flow and not item and _GRAND.search(words) and not _THIS_YEAR.search(words)
    return _SIDES.get(flow or "", flow) if grand else flow


def _origin(own: Meaning, flow: str, words: str, whole: Coordinates, apart: bool) -> str:
    if flow == "opening_balance" or own.origin == "carried_forward":
        return "carried_forward"
    if flow == "income":
        of_unit = own.fund is not None and own.fund != "all" and trees.within("fund", own.fund, "unit_funds")
        this = _OF_THE_YEAR.search(words) or whole.origin == "current"
        return "current" if this or of_unit or (own.fund and apart) else "all"
    if own.origin == "current" and "当年" in words:
        return "current"
    inherits = flow == "expenditure" and whole.flow == "expenditure" and whole.origin
    return whole.origin or "all" if inherits else "all"
