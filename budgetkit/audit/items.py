"""Lists of items in prose (主要包括：基本工资、津贴补贴 …) against the rows of basic expenditure that have money."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from budgetkit import codes
from budgetkit.audit import vocabulary
from budgetkit.audit.cells import Table
from budgetkit.audit.model import Figure, Finding
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.stated import Stated

#: more names than this that have no money are the form's own list, left as it was
_BOILERPLATE = 4


def item_findings(stated: Sequence[Stated], tables: Sequence[Table], book: RuleBook) -> Iterator[Finding]:
    """What came of every list of items of 人员经费 and 公用经费."""
    words = vocabulary.stated().lists
    basic = [table for table in tables if table.form == "general_budget_basic_expenditure"]
    if len(basic) != 1:
        return
    for one in stated:
        nature = {"人员经费": "personnel", "公用经费": "public_use"}.get(one.subject)
        if nature and one.measure == "amount":
            named, main = _named(one, words)
            if len(named) > 2:
                yield from _judged(one, named, main, _rows(basic[0], nature, getattr(words, nature)), words, book)


def _named(one: Stated, words: vocabulary.Lists) -> tuple[list[str], bool]:
    """The items that the sentence lists behind its amount, and whether it says that they are only the main ones."""
    after = one.sentence[one.sentence.find(one.figure.printed) + len(one.figure.printed) :]
    match = re.match(rf"[，。；]?(?:{words.head})(.+)", after)
    if match is None:
        return [], False
    listed = words.stop.split(match[1])[0]
    if re.search(r"\d", listed):
        listed = re.sub(r"\d[\d,.]*万?元", "", listed)
    return [part for part in re.split("[、，,]", listed) if part], "主要" in after[: match.start(1)]


def _rows(table: Table, nature: str, classes: Sequence[str]) -> dict[str, Figure]:
    """The economic 款 with money of a kind, by code: in the table's column of that kind, else by their 类."""
    own = [cell for cell in table.cells if cell.scheme == "economic_department" and len(cell.code) == 5]
    split = any(cell.nature in ("personnel", "public_use") for cell in own)
    found: dict[str, Figure] = {}
    for cell in own:
        meant = cell.nature == nature if split else cell.code[:3] in classes
        if meant and cell.aspect == "amount" and cell.figure.value:
            found.setdefault(cell.code, cell.figure)
    return found


def _judged(
    one: Stated, named: Sequence[str], main: bool, rows: Mapping[str, Figure], words: vocabulary.Lists, book: RuleBook
) -> Iterator[Finding]:
    resolved = {name: codes.economic_department.find(name.rstrip("等")) for name in named}
    is_open = named[-1].endswith(words.open)
    if not rows or sum(bool(found) for found in resolved.values()) < len(named) / 2:
        return
    blank = [name for name, found in resolved.items() if found and not any(code in rows for code in found)]
    told = {code for found in resolved.values() for code in found}
    unknown = [name for name, found in resolved.items() if not found]
    left_out = (
        []
        if is_open or unknown or (main and not blank)
        else [figure for code, figure in rows.items() if code not in told]
    )
    rule = book.rules["prose.items"]
    parts = []
    if blank:
        parts.append(f"列举了{'、'.join(blank)}，表中无金额")
    if left_out:
        lacking = "、".join(codes.economic_department.name(_code(rows, figure)) for figure in left_out)
        parts.append(f"未列举{lacking}，表中有金额")
    if len(blank) > _BOILERPLATE:
        reason = f"未核对：“{one.subject}”所列为通用清单，{len(blank)}项在表中无金额"
        yield Finding(rule.id, "not_run", reason, name=one.subject, page=one.page, evidence=(one.figure.evidence,))
        return
    text = rule.message.format(name=one.subject, text="；".join(parts))
    yield Finding(
        rule.id, "fail" if parts else "pass", text if parts else f"“{one.subject}”所列项目在基本支出表中均有金额",
        name=one.subject, page=one.page,
        evidence=(one.figure.evidence, *(figure.evidence for figure in left_out)),
        tables=frozenset(figure.table for figure in rows.values()),
    )  # fmt: skip


def _code(rows: Mapping[str, Figure], figure: Figure) -> str:
    return next(code for code, other in rows.items() if other is figure)
