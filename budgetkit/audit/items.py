"""Lists of items in prose (主要包括：基本工资、津贴补贴 …) against the rows of basic expenditure that have money."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from budgetkit import codes, specs
from budgetkit.audit.engine import quoted
from budgetkit.audit.model import Figure, Finding
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.sheets import Sheet
from budgetkit.audit.stated import Stated

#: more names than this that have no money are the form's own list, left as it was
_BOILERPLATE = 4


def item_findings(stated: Sequence[Stated], sheets: Sequence[Sheet], book: RuleBook) -> Iterator[Finding]:
    """What came of every list of items of 人员经费 and 公用经费."""
    words = specs.read_toml("audit/prose.toml")["lists"]
    basic = [sheet for sheet in sheets if sheet.form == "general_budget_basic_expenditure"]
    if len(basic) != 1:
        return
    for one in stated:
        classes = {"人员经费": words["personnel"], "公用经费": words["public_use"]}.get(one.subject)
        if classes and one.measure == "amount":
            named = _named(one, words)
            if len(named) > 2:
                yield from _judged(one, named, _rows(basic[0], classes), words, book)


def _named(one: Stated, words: Mapping[str, Any]) -> list[str]:
    """The items that the sentence lists behind its amount."""
    after = one.sentence[one.sentence.find(one.figure.printed) + len(one.figure.printed) :]
    match = re.match(rf"[，。；]?(?:{words['head']})(.+)", after)
    if match is None:
        return []
    listed = re.split(words["stop"], match[1])[0]
    if re.search(r"\d", listed):
        listed = re.sub(r"\d[\d,.]*万?元", "", listed)
    return [part for part in re.split("[、，,]", listed) if part]


def _rows(sheet: Sheet, classes: Sequence[str]) -> dict[str, Figure]:
    """The 款 of some economic classes with money, by code."""
    found: dict[str, Figure] = {}
    for row in sheet.rows:
        if row.scheme == "economic_department" and len(row.code) == 5 and row.code[:3] in classes:
            figures = [figure for slot, figure in row.cells.items() if slot.measure != "change_rate" and figure.value]
            if figures:
                found[row.code] = figures[0]
    return found


def _judged(
    one: Stated, named: Sequence[str], rows: Mapping[str, Figure], words: Mapping[str, Any], book: RuleBook
) -> Iterator[Finding]:
    resolved = {name: codes.economic_department.find(name.rstrip("等")) for name in named}
    is_open = named[-1].endswith(words["open"])
    if not rows or sum(bool(found) for found in resolved.values()) < len(named) / 2:
        return
    blank = [name for name, found in resolved.items() if found and not any(code in rows for code in found)]
    told = {code for found in resolved.values() for code in found}
    unknown = [name for name, found in resolved.items() if not found]
    left_out = [] if is_open or unknown else [figure for code, figure in rows.items() if code not in told]
    rule = book.rules["prose.items"]
    parts = []
    if blank:
        parts.append(f"列举了{'、'.join(blank)}，表中无金额")
    if left_out:
        lacking = "、".join(codes.economic_department.name(_code(rows, figure)) for figure in left_out)
        parts.append(f"未列举{lacking}，表中有金额")
    if len(blank) > _BOILERPLATE:
        reason = f"未核对：“{one.subject}”所列为通用清单，{len(blank)}项在表中无金额"
        yield Finding(rule.id, "not_run", reason, name=one.subject, page=one.page, evidence=(quoted(one.figure),))
        return
    text = rule.message.format(name=one.subject, text="；".join(parts))
    yield Finding(
        rule.id, "fail" if parts else "pass", text if parts else f"“{one.subject}”所列项目与基本支出表相符",
        name=one.subject, page=one.page,
        evidence=(quoted(one.figure), *(quoted(figure) for figure in left_out)),
        tables=frozenset(figure.table for figure in rows.values()),
    )  # fmt: skip


def _code(rows: Mapping[str, Figure], figure: Figure) -> str:
    return next(code for code, other in rows.items() if other is figure)
