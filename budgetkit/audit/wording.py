"""Rules over words: empty tables without a note, 部门 or 单位, paths of codes in prose, obsolete and double codes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from budgetkit import codes, trees
from budgetkit.audit import vocabulary
from budgetkit.audit.cells import Cell, Table, finding_at
from budgetkit.audit.model import Evidence, Finding, Place
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.stated import Stated
from budgetkit.audit.texts import Prose
from budgetkit.codes import Change, normalise
from budgetkit.identities import Amount, Amounts, Key, When
from budgetkit.printed.widths import fold
from budgetkit.tables import captions

#: names that share more than this are two ways to write one
_SIMILAR = 0.6
#: signs of an amount from which on it stands twice by no chance
_TELLING = 4
#: level and digits of a 项
_ITEM, _DIGITS = 3, 7
#: tables that show the same money by the same codes
_TWINS = ("income", "expenditure", "general_budget_expenditure")


def word_findings(
    document: Mapping[str, Any], tables: Sequence[Table], prose: Prose, leftovers: int, book: RuleBook
) -> Iterator[Finding]:
    """All that the text outside tables gives; nothing where there is none."""
    if not prose.text:
        return
    yield from empty_tables(document, tables, prose, leftovers, book)
    yield from tiers(document["tier"], prose, book)
    yield from entities(document["entity"], prose, book)
    yield from paths(tables, prose, book)


def entities(entity: str | None, prose: Prose, book: RuleBook) -> Iterator[Finding]:
    """A heading that names another publisher than all the others, which name the document's."""
    words, own = vocabulary.texts().entity, fold(entity or "")
    heads = [(hit, fold(hit["name"])) for hit in words.heading.finditer(prose.text)] if own else []
    others = [hit for hit, name in heads if name not in own and own not in name]
    if len(heads) - len(others) < words.least or len(others) > 1:
        return
    for hit in others:
        page, text = prose.page_at(hit.start()), hit[0]
        told = book.rules["text.entity"].message.format(text=text, title=entity)
        yield Finding("text.entity", "fail", told, name=entity, page=page, evidence=(Evidence(Place(page), text),))


def blanks(stated: Sequence[Stated], amounts: Amounts, cells: Mapping[int, Cell], book: RuleBook) -> Iterator[Finding]:
    """An amount of 三公 in prose whose cell is blank in a table that has amounts of the other items."""
    by_index = amounts.by_index()
    rows: dict[tuple[int, When], list[Amount]] = defaultdict(list)
    for amount in amounts.listed:
        cell = cells.get(amount.number) if amount.table else None
        if cell is not None and cell.form == "three_public" and amount.point.item:
            rows[amount.table, amount.when].append(amount)
    for told in stated:
        one = by_index.get(amounts.facts + told.index)
        if one is None or not one.fen or one.aspect != "amount" or one.key != Key() or not one.point.item:
            continue
        for (table, when), listed in rows.items():
            items = {amount.point.item for amount in listed if amount.aspect == "amount"}
            beside = items & {*trees.ancestors("item", one.point.item)}
            if when != one.when or table in amounts.unread or one.point.item in items or not beside:
                continue
            cell = cells[listed[0].number]
            text = book.rules["prose.blank"].message.format(
                what=told.figure.what, actual=told.figure.printed, title=cell.title
            )
            yield Finding(
                "prose.blank", "fail", text, cell.form, name=told.subject, actual=told.figure.amount, page=told.page,
                evidence=(told.figure.evidence, cell.figure.evidence), tables=frozenset((table,)),
            )  # fmt: skip


def unlisted(stated: Sequence[Stated], tables: Sequence[Table], outside: bool, book: RuleBook) -> Iterator[Finding]:
    """An amount that prose states of a 项 that no table lists, where a table lists all; `outside`: amounts may be."""
    rows = [
        (cell.code, cell.level, normalise(cell.name), cell.figure)
        for table in tables
        for cell in table.cells
        if cell.scheme == "function"
    ]
    listed = {code for code, level, _, _ in rows if level == _ITEM}
    names, amounts = {name for _, _, name, _ in rows}, {abs(figure.value) for *_, figure in rows}
    full = [table for table in tables if table.form in _TWINS and any(cell.level == _ITEM for cell in table.cells)]
    told = [one for one in stated if len(one.code) == _DIGITS and one.measure == "amount" and not one.prior]
    known = [one for one in told if one.code in listed]
    if outside or not full or len(known) <= len(told) - len(known):
        return
    for one in told:
        named = "（项）" in one.sentence and not one.foreign and one.figure.value
        if named and one.code not in listed and normalise(one.subject) not in names | {""}:
            rule = book.rules["prose.unlisted"]
            text = rule.message.format(what=one.figure.what, code=one.code, actual=one.figure.printed)
            # the same amount may stand there under another name
            near = any(abs(amount - abs(one.figure.value)) <= one.figure.quantum for amount in amounts)
            status = "not_run" if near else "fail"
            yield Finding(
                rule.id, status, text, None, one.code, one.subject, actual=one.figure.amount, page=one.page,
                evidence=(one.figure.evidence,), tables=frozenset(table.number for table in full),
            )  # fmt: skip


def empty_tables(
    document: Mapping[str, Any], tables: Sequence[Table], prose: Prose, leftovers: int, book: RuleBook
) -> Iterator[Finding]:
    """Forms without an amount that no sentence says to be empty; of forms that may be empty at all."""
    rule = book.rules["empty.unsaid"]
    filled = {table.form for table in tables}
    words = vocabulary.texts().unsaid
    for form, subject in words.subjects.items():
        if form not in (document["forms"] or ()) or form in filled:
            continue
        spec = captions.form_spec(form)
        label = spec.label if spec else form
        clauses = [clause for clause in re.split("[。；]", prose.text) if subject.search(clause)]
        said = next((clause for clause in clauses if words.said.search(clause)), None)
        if said is not None:
            yield Finding(
                rule.id, "pass", f"空表“{label}”已有说明", form, name=label, evidence=(Evidence(Place(0), said[-80:]),)
            )
            continue
        doubt = _unsure(document, tables, clauses, leftovers)
        text = f"未核对：{doubt}" if doubt else rule.message.format(name=label)
        yield Finding(rule.id, "not_run" if doubt else "fail", text, form, name=label, page=_titled(prose, clauses))


def _unsure(document: Mapping[str, Any], tables: Sequence[Table], clauses: Sequence[str], leftovers: int) -> str:
    """Why a table without amounts may not be empty, or a note not be seen."""
    if document["status"] != "ok" or leftovers or not tables:
        return "文件中有未能读出的内容，无法断定为空表"
    if any(re.search(r"[1-9][\d,.]*(?:亿|万)?元", clause) for clause in clauses):
        return "文字中有该项金额，表格可能未能读出"
    return ""


def _titled(prose: Prose, clauses: Sequence[str]) -> int | None:
    """The page of the last mention, which is the table's title or a section after it."""
    return prose.page_at(prose.text.rfind(clauses[-1])) if clauses else None


def tiers(tier: str | None, prose: Prose, book: RuleBook) -> Iterator[Finding]:
    """Headings that say 部门 throughout in the disclosure of a unit (单位), or the reverse."""
    rule, words = book.rules["text.tier"], vocabulary.texts().tier
    own = next((word for name, word in words.words.items() if name == tier), None)
    if own is None:
        return
    heads = list(words.heading.finditer(prose.text))
    others = [head for head in heads if head["tier"] != own]
    if not heads or 0 < len(others) < len(heads):
        return
    wrong = len(others) >= words.least
    if wrong or not others:
        text = rule.message.format(name=heads[0]["tier"], text=heads[0][0], count=len(heads), title=own)
        yield Finding(
            rule.id, "fail" if wrong else "pass", text if wrong else f"标题均称“{own}”", name=own,
            page=prose.page_at(heads[0].start()),
            evidence=tuple(Evidence(Place(prose.page_at(head.start())), head[0]) for head in heads[:10]),
        )  # fmt: skip


def paths(tables: Sequence[Table], prose: Prose, book: RuleBook) -> Iterator[Finding]:
    """…（类）…（款）…（项） of the prose against the codes of the tables, which have the same names on other paths."""
    rule = book.rules["names.path"]
    named: dict[tuple[int, str], set[str]] = defaultdict(set)
    for cell in (cell for table in tables for cell in table.cells):
        if cell.code and cell.scheme == "function":
            named[cell.level, normalise(cell.name)].add(cell.code)
    for text, match in {hit[0]: hit for hit in reversed([*vocabulary.texts().path.finditer(prose.text)])}.items():
        names = [match[f"level{k}"] or "" for k in (1, 2, 3)]
        levels = [named.get((k, normalise(name)), set()) for k, name in enumerate(names, 1)]
        k = next((k for k in (2, 1) if levels[k] and names[k - 1]), None)
        if k is None:
            continue
        upper, lower, page = levels[k - 1], levels[k], prose.page_at(match.start())
        fits = any(code[:-2] in upper for code in lower)
        sure = _lone(names[k], lower, k + 1) and (bool(upper) or _unlike(names[k - 1], lower, k, named))
        if upper and not fits and not sure:
            continue
        told = rule.message.format(
            text=text, name=names[k], code="、".join(sorted(lower)), title=names[k - 1],
            other="、".join(sorted(upper)) or "表中未列",
        )  # fmt: skip
        status = (
            "pass"
            if fits and all(found or not name for name, found in zip(names, levels, strict=True))
            else ("fail" if sure and not fits else "not_run")
        )
        said = {"pass": f"“{text}”与表中科目一致", "not_run": f"未核对：“{text}”的科目未全部列于表中"}
        yield Finding(
            rule.id, status, said.get(status, told), code=min(lower), name=names[k], page=page,
            evidence=(Evidence(Place(page), text),),
        )  # fmt: skip


def _unlike(name: str, lower: set[str], level: int, named: Mapping[tuple[int, str], set[str]]) -> bool:
    """Whether the tables print the parents of codes, all under names that a name is no other way to write."""
    own = normalise(name)
    printed = [other for (k, other), found in named.items() if k == level and found & {code[:-2] for code in lower}]
    known = {normalise(other) for code in lower for other in codes.function.names(code[:-2])}
    return bool(printed) and not any(
        own in other or other in own or SequenceMatcher(None, own, other).ratio() > _SIMILAR
        for other in (*printed, *known)
    )


def _lone(name: str, found: set[str], level: int) -> bool:
    """Whether a name stands under one code only, in the tables and in the code book; 行政运行 is under many."""
    parents = {code[:-2] for code in (*found, *codes.function.find(name, level=level))}
    return len(parents) == 1


def obsolete(cells: Sequence[Cell], year: int | None, book: RuleBook) -> Iterator[Finding]:
    """Names and codes that were given up before the document's year (科目调整)."""
    rule = book.rules["names.obsolete"]
    seen: set[tuple[str, str]] = set()
    for cell in cells if year else ():
        changed = _given_up(cell, year or 0) if cell.figure.value and cell.year in (year, 0) else None
        if changed is None or (cell.code, cell.name) in seen:
            continue
        seen.add((cell.code, cell.name))
        now = f"{changed.code_after}“{changed.name_after}”" if changed.code_after else "其他科目"
        text = rule.message.format(code=cell.code, name=cell.name, year=changed.year, text=now)
        yield finding_at(rule.id, "fail", text, cell, code=cell.code, name=cell.name)


def _given_up(cell: Cell, year: int) -> Change | None:
    """The change by which a row's code or name ended in or before a year."""
    if cell.scheme not in codes.SCHEMES or not cell.code:
        return None
    for change in codes.changes():
        if change.scheme != cell.scheme or change.code_before != cell.code or change.year > year:
            continue
        named = not change.name_before or normalise(change.name_before) == normalise(cell.name)
        if change.kind in ("renamed", "moved", "ended") and named:
            return change
    return None


def double_codes(tables: Sequence[Table], year: int | None, book: RuleBook) -> Iterator[Finding]:
    """One 项 that two tables print under different codes of one 款 with the same money."""
    rule = book.rules["names.double"]
    found: dict[tuple[str, str, int], dict[str, dict[int, Cell]]] = defaultdict(lambda: defaultdict(dict))
    listed: dict[int, set[str]] = defaultdict(set)
    for table in tables:
        for cell in table.cells if table.form in _TWINS else ():
            listed[table.number].add(cell.code)
            total = cell.nature in ("", "all") and cell.aspect == "amount" and cell.year in (year, 0)
            if cell.level == 3 and cell.scheme == "function" and cell.name and total and cell.figure.value:
                found[cell.code[:5], normalise(cell.name), cell.figure.value][cell.code][table.number] = cell
    for by_code in found.values():
        for code, own in by_code.items():
            other = next((two for two in by_code if two > code and _apart(code, two, by_code, listed)), None)
            if other is not None:
                first, second = next(iter(own.values())), next(iter(by_code[other].values()))
                text = rule.message.format(name=first.name, code=code, other=other, actual=first.figure.printed)
                codes_ = frozenset((code, other))
                yield finding_at(
                    rule.id, "fail", text, first, second, form=None, code=code, name=first.name, codes=codes_
                )


def _apart(one: str, two: str, by_code: Mapping[str, Mapping[int, Cell]], listed: Mapping[int, set[str]]) -> bool:
    """Whether no table has both codes: then they are not two items of one name."""
    tables = {*by_code[one], *by_code[two]}
    return not any({one, two} <= listed[number] for number in tables)


def _has_caused(cause: Finding, one: Finding) -> bool:
    """Whether a fault makes another rule fail."""
    if one.rule == "names.double":
        return cause.rule == "names.code" and cause.code in one.codes
    told = [place for place in cause.evidence if place.source is not None and place.source[0] == "statements"]
    return any(place.printed in one.evidence[0].what for place in told if len(place.printed) > _TELLING)


def without_repeats(found: Sequence[Finding]) -> list[Finding]:
    """A code that bears another's name is one fault, although it also is the second code of an item.

    So is an amount that fails, although the word that compares it (大于) then fails too.
    """
    rules = ("names.double", "text.direction", "text.execution", "text.opposed")
    kept = list(found)
    for one in [one for one in found if one.rule in rules and one.status == "fail"]:
        for k, cause in enumerate(kept):
            if cause.status == "fail" and _has_caused(cause, one):
                kept[k] = replace(cause, evidence=tuple(dict.fromkeys((*cause.evidence, *one.evidence))))
                kept.remove(one)
                break
    return kept
