"""Rows left out: a sum that lacks something in every column, and another table that has the row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from budgetkit.audit.cells import Cell
from budgetkit.audit.model import Finding
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.sums import lacking
from budgetkit.identities import Amount, Amounts, Identity, Key


def rows_left_out(
    found: Sequence[Identity], amounts: Amounts, cells: Mapping[int, Cell], book: RuleBook
) -> Iterator[Finding]:
    """Rows that one table lacks and another prints with the money that is missing; one finding a row.

    Some documents leave rows out of all tables (secret or small ones): that is none of these.
    """
    rule = book.rules["codes.left_out"]
    by_index = amounts.by_index()
    rows: dict[tuple[int, Key], list[Identity]] = defaultdict(list)
    for one in lacking(found):
        parent = by_index[one.parent]
        rows[parent.table, parent.key].append(one)
    for listed in rows.values():
        largest = max(listed, key=lambda one: one.difference)
        parent = by_index[largest.parent]
        known = {by_index[index].key for one in listed for index in one.children}
        other = _elsewhere(parent, largest, known, amounts)
        cell = cells[largest.parent]
        if other is None:
            continue
        there = cells[other.number]
        text = rule.message.format(
            what=cell.figure.what, code=there.code, name=there.name, title=there.title or there.form,
            actual=there.figure.printed, difference=f"{largest.difference / 100:,.2f}元",
        )  # fmt: skip
        yield Finding(
            rule.id, "fail", text, cell.form, there.code or None, there.name or None, None, None,
            largest.difference / 100, largest.tolerance2 / 200, cell.page,
            (cell.figure.evidence, there.figure.evidence), tables=frozenset((cell.figure.table, there.figure.table)),
        )  # fmt: skip


def _elsewhere(parent: Amount, sum_: Identity, known: set[Key], amounts: Amounts) -> Amount | None:
    """A row right below the parent's that another table prints and that has the money that is missing."""
    for one in amounts.listed:
        below = (
            one.table not in (0, parent.table)
            and one.when == parent.when
            and one.key not in known
            and one.key.entity == parent.key.entity
            and one.key.code.startswith(parent.key.code)
            and len(one.key.code) == (len(parent.key.code) + 2 if parent.key.code else 3)
        )
        if below and 2 * abs(one.fen - sum_.difference) <= sum_.tolerance2 + one.step:
            return one
    return None
