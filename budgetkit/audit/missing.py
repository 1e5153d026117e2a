"""Rows left out: sums that lack something in every column, codes whose parent has no row, tables without a total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from budgetkit.audit.cells import Cell
from budgetkit.audit.model import MONEY, Finding
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.sums import lacking
from budgetkit.identities import Amount, Amounts, Identity, Key

#: from so many rows with a printed parent on, a table is one that prints parents
_PARENTS = 3
#: where fewer of a hundred have one, the table leaves parents out by design
_MOST = 80
#: from so many tables with a total on, a table without one is remarkable
_TOTALS = 2


def missing_rows(
    found: Sequence[Identity], amounts: Amounts, cells: Mapping[int, Cell], book: RuleBook
) -> Iterator[Finding]:
    """All rows that must be there and are not."""
    yield from _left_out(found, amounts, cells, book)
    tables: dict[int, dict[Key, Amount]] = defaultdict(dict)
    for one in amounts.listed:
        if one.table and one.number in cells:
            tables[one.table].setdefault(one.key, one)
    for number, rows in tables.items():
        if number not in amounts.unread:
            yield from _orphans(rows, tables, cells, book)
            yield from _without_total(number, tables, cells, book)


def _left_out(
    found: Sequence[Identity], amounts: Amounts, cells: Mapping[int, Cell], book: RuleBook
) -> Iterator[Finding]:
    """Sums that lack something: one finding for whoever lacks it, in all tables.

    A row that another table prints with the missing money is left out by mistake; where no table has it, it may be
    by design (secret or small ones), which is said as a note.
    """
    by_index = amounts.by_index()
    rows: dict[Key, list[Identity]] = defaultdict(list)
    for one in lacking(found):
        rows[by_index[one.parent].key].append(one)
    for listed in rows.values():
        largest = max(listed, key=lambda one: one.difference)
        own = [one for one in listed if by_index[one.parent].table == by_index[largest.parent].table]
        other = _elsewhere(by_index[largest.parent], largest, own, amounts)
        cell, there = cells[largest.parent], None if other is None else cells[other.number]
        rule = book.rules["codes.lacking" if there is None else "codes.left_out"]
        gap = largest.difference / MONEY
        text = rule.message.format(
            what=cell.figure.what, actual=there.figure.printed if there else cell.figure.printed,
            code=there.code if there else "", name=there.name if there else "",
            title=there.title if there else "", difference=f"{gap:,.2f}元", count=len(listed),
        )  # fmt: skip
        shown = [cell.figure, *([there.figure] if there else ())]
        yield Finding(
            rule.id, "fail", text, cell.form, cell.code or None, cell.name or None, difference=gap,
            tolerance=largest.tolerance2 / 2 / MONEY, page=cell.page,
            evidence=tuple(figure.evidence for figure in shown), tables=frozenset(figure.table for figure in shown),
        )  # fmt: skip


def _elsewhere(parent: Amount, sum_: Identity, own: Sequence[Identity], amounts: Amounts) -> Amount | None:
    """A row right below the parent's that another table prints, this one does not, and that has the missing money."""
    printed = {amounts.by_index()[index].key for one in own for index in one.children}
    for one in amounts.listed:
        below = (
            one.table not in (0, parent.table)
            and one.when == parent.when
            and one.key not in printed
            and (one.key.entity, one.key.project) == (parent.key.entity, parent.key.project)
            and one.key.code.startswith(parent.key.code)
            and len(one.key.code) == (len(parent.key.code) + 2 if parent.key.code else 3)
        )
        if below and 2 * abs(one.fen - sum_.difference) <= sum_.tolerance2 + one.step:
            return one
    return None


def _orphans(
    rows: Mapping[Key, Amount], tables: Mapping[int, Mapping[Key, Amount]], cells: Mapping[int, Cell], book: RuleBook
) -> Iterator[Finding]:
    """款 or 项 without the row of their 类 or 款, in a table that else has these."""
    rule = book.rules["codes.orphan"]
    coded = {key for key in rows if key.scheme == "function" and len(key.code) % 2 and not key.project}
    codes = {(key.entity, key.scheme, key.code) for key in coded}
    deeper = [key for key in coded if len(key.code) > 3]
    lone = [key for key in deeper if (key.entity, key.scheme, key.code[:-2]) not in codes]
    parents = {(key.entity, key.scheme, key.code[:-2]) for key in lone}
    held = len(deeper) - len(lone)
    if len(parents) != 1 or held < _PARENTS or 100 * held < _MOST * len(deeper):
        return
    cell = cells[min((rows[key] for key in lone), key=lambda one: (one.page, one.row)).number]
    missing = next(iter(parents))[2]
    names = (cells[one.number] for own in tables.values() for key, one in own.items() if key.code == missing)
    name = next((other.name for other in names if other.scheme == cell.scheme), "")
    text = rule.message.format(what=cell.figure.what, code=missing, name=name, title=cell.title)
    yield Finding(
        rule.id, "fail", text, cell.form, missing, name or None, page=cell.page, evidence=(cell.figure.evidence,),
        tables=frozenset((cell.figure.table,)),
    )  # fmt: skip


def _without_total(
    number: int, tables: Mapping[int, Mapping[Key, Amount]], cells: Mapping[int, Cell], book: RuleBook
) -> Iterator[Finding]:
    """A table of codes without a total where all others have one."""
    rule = book.rules["codes.no_total"]
    coded = {table: rows for table, rows in tables.items() if sum(bool(key.code) for key in rows) >= _PARENTS}
    without = [table for table, rows in coded.items() if all(key.code or key.project for key in rows)]
    if without != [number] or len(coded) <= _TOTALS:
        return
    cell = cells[next(iter(tables[number].values())).number]
    text = rule.message.format(title=cell.title or cell.form)
    yield Finding(
        rule.id, "fail", text, cell.form, page=cell.page, evidence=(cell.figure.evidence,), tables=frozenset((number,))
    )
