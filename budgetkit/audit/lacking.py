"""Rows left out: sums that lack something in every column, codes whose parent has no row, tables without a total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from budgetkit.audit.cells import Cell, alike, finding_at
from budgetkit.audit.engine import shown
from budgetkit.audit.model import MONEY, Finding
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.sums import lacking
from budgetkit.identities import Amount, Amounts, Identity, Key

#: from so many rows with a printed parent on, a table is one that prints parents
_PARENTS = 3
#: where fewer of a hundred codes of a level are in both tables, they go to different depths
_MOST = 80
_ECONOMIC = ("economic_department", "economic_government")
#: digits of 类, of 款 and 项; an economic 款 may be split further without being printed
_FIRST, _SECOND, _LEVELS = 3, 5, {"function": (5, 7)}
#: tables of both sides
_SUMMARIES = ("income_expenditure_summary", "fiscal_appropriation_summary")
#: from so many tables with a total on, a table without one is remarkable, if it is one of these
_TOTALS = 2
_TOTALLED = ("income", "expenditure", "general_budget_expenditure", "general_budget_basic_expenditure")


@dataclass(frozen=True, slots=True)
class Outside:
    """What a document says outside its tables."""

    #: that rows are withheld, in its own words; "" where it does not say so
    withheld: str
    #: whether amounts stand somewhere that belong to no table
    unplaced: bool


def lacking_rows(
    found: Sequence[Identity],
    amounts: Amounts,
    cells: Mapping[int, Cell],
    wrong: Collection[tuple[object, ...]],
    errors: Collection[int],
    outside: Outside,
    book: RuleBook,
) -> Iterator[Finding]:
    """All rows that must be there and are not.

    `wrong` are the figures that other findings hold to be wrong, `errors` by how much: such a fault is told already.
    """
    left_out = list(_left_out(found, amounts, cells, wrong, outside.withheld, book))
    yield from left_out
    tables: dict[int, dict[Key, Amount]] = defaultdict(dict)
    lone = {one.code for one in left_out}
    for one in amounts.listed:
        if one.table and one.number in cells:
            tables[one.table].setdefault(one.key, one)
    for number, rows in tables.items():
        if number not in amounts.unread:
            orphans = list(_orphans(rows, cells, book)) or list(_childless(rows, cells, book))
            orphans += [one for one in _childless_here(number, tables, amounts, cells, book) if one.code not in lone]
            lone |= {one.code for one in orphans}
            yield from orphans
            yield from _without_total(number, tables, cells, outside.unplaced, book)
    yield from _one_sided(amounts, cells, book)
    told = {round((one.difference or 0.0) * MONEY) for one in left_out}
    unlike = _unlike(tables, amounts, cells, {*errors, *told}, book)
    yield from (finding for finding in unlike if finding.code not in lone)


def _left_out(
    found: Sequence[Identity],
    amounts: Amounts,
    cells: Mapping[int, Cell],
    wrong: Collection[tuple[object, ...]],
    withheld: str,
    book: RuleBook,
) -> Iterator[Finding]:
    """Sums that lack something: one finding for whoever lacks it, in all tables.

    A row that another table prints with the missing money is left out by mistake; where no table has it, it may be
    by design (secret or small ones), which is said as a note, once; nothing is held against a document that says so.
    """
    by_index = amounts.by_index()
    rows: dict[Key, list[Identity]] = defaultdict(list)
    for one in lacking(found):
        if not any(alike(by_index[index]) in wrong for index in one.members):
            rows[by_index[one.parent].key].append(one)
    noted = False
    for listed in rows.values():
        largest = max(listed, key=lambda one: one.difference)
        parent = by_index[largest.parent]
        own = [one for one in listed if by_index[one.parent].table == parent.table]
        other = _elsewhere(parent, largest, own, amounts)
        cell, there = cells[largest.parent], None if other is None else cells[other.number]
        rule = book.rules["codes.lacking" if there is None else "codes.left_out"]
        # one column alone may as well be misread
        certain = there is not None or (len(listed) > 1 and not withheld and not noted)
        if other is not None and _renamed(other, parent.table, amounts):
            certain = False
        noted = noted or (certain and there is None)
        gap = largest.difference / MONEY
        text = rule.message.format(
            what=cell.figure.what, actual=shown((there or cell).figure.value, MONEY),
            code=there.code if there else "", name=there.name if there else "",
            title=there.title if there else "", difference=f"{gap:,.2f}元", count=len(listed),
        )  # fmt: skip
        text = f"未核对：文件称“{withheld}”" if withheld and there is None else text
        yield finding_at(
            rule.id, "fail" if certain else "not_run", text, *((cell, there) if there else (cell,)),
            code=(other.key.code if other else cell.code) or None, name=(there or cell).name or None, difference=gap,
            tolerance=largest.tolerance2 / 2 / MONEY,
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


def _renamed(other: Amount, table: int, amounts: Amounts) -> bool:
    """Whether a table has an amount under a code that the other table does not have."""
    known = {one.key.code for one in amounts.listed if one.table == other.table}
    return any(one.table == table and one.fen == other.fen and one.key.code not in known for one in amounts.listed)


def _orphans(rows: Mapping[Key, Amount], cells: Mapping[int, Cell], book: RuleBook) -> Iterator[Finding]:
    """款 or 项 without the row of their 类 or 款, in a table that else has these."""
    rule = book.rules["codes.orphan"]
    coded = {key for key in rows if key.code and not (key.project or key.entity)}
    codes = {(key.entity, key.scheme, key.code) for key in coded}
    deeper = [key for key in coded if len(key.code) in _LEVELS.get(key.scheme, (_SECOND,))]
    lone = [key for key in deeper if (key.entity, key.scheme, key.code[:-2]) not in codes]
    parents = {(key.entity, key.scheme, key.code[:-2]) for key in lone}
    held = {key.code[:-2] for key in deeper} - {code for _, _, code in parents}
    few = len(held) < _TOTALS or len(deeper) - len(lone) < _PARENTS
    if len(parents) != 1 or few or any(len(key.code) % 2 == 0 for key in coded):
        return
    cell = cells[min((rows[key] for key in lone), key=lambda one: (one.page, one.row)).number]
    code = next(iter(parents))[2]
    text = rule.message.format(what=cell.figure.what, code=code, title=cell.title)
    yield finding_at(rule.id, "fail", text, cell, code=code)


def _childless(rows: Mapping[Key, Amount], cells: Mapping[int, Cell], book: RuleBook) -> Iterator[Finding]:
    """The only economic 类 with an amount that has no row below it, in a table where all others have.

    Functions may be left out by design, as they are not fit to be published.
    """
    rule = book.rules["codes.childless"]
    coded = [key for key in rows if key.scheme in _ECONOMIC and not (key.project or key.entity)]
    own = {key.code: key for key in coded if len(key.code) == _FIRST and rows[key].fen}
    lone = own.keys() - {key.code[:_FIRST] for key in coded if len(key.code) > _FIRST}
    if len(lone) == 1 and len(own) >= _PARENTS:
        cell = cells[rows[own[lone.pop()]].number]
        text = rule.message.format(what=cell.figure.what, actual=cell.figure.printed)
        yield finding_at(rule.id, "fail", text, cell, code=cell.code or None, name=cell.name or None)


def _childless_here(
    number: int,
    tables: Mapping[int, Mapping[Key, Amount]],
    amounts: Amounts,
    cells: Mapping[int, Cell],
    book: RuleBook,
) -> Iterator[Finding]:
    """The only 款 of a table without a 项, which another table prints."""
    own = {key.code: one for key, one in tables[number].items() if _functional(key)}
    parents = {code[:_SECOND] for code in own if len(code) > _SECOND}
    lone = [code for code, one in own.items() if len(code) == _SECOND and one.fen and code not in parents]
    if len(lone) != 1 or len(parents) < _PARENTS:
        return
    for one in (one for table, rows in tables.items() if table != number for one in rows.values()):
        if _functional(one.key) and one.key.code[:-2] == lone[0] and one.fen and not _renamed(one, number, amounts):
            yield _told_elsewhere(cells[own[lone[0]].number], cells[one.number], one.key.code, book)
            return


def _told_elsewhere(cell: Cell, there: Cell, code: str, book: RuleBook) -> Finding:
    """That the table of a cell lacks a row that another has."""
    rule = book.rules["codes.left_out"]
    text = rule.message.format(
        what=cell.figure.what, code=code, name=there.name, title=there.title, actual=there.figure.printed
    )
    return finding_at(rule.id, "fail", text, cell, there, code=code, name=there.name or None)


def _unlike(
    tables: Mapping[int, Mapping[Key, Amount]],
    amounts: Amounts,
    cells: Mapping[int, Cell],
    told: Collection[int],
    book: RuleBook,
) -> Iterator[Finding]:
    """Functional codes of one table that another table of the same money has no row for."""
    whole: dict[int, Amount] = {}
    for one in amounts.listed:
        if one.table in tables and one.table not in amounts.unread and one.key == Key() and one.number in cells:
            whole[one.table] = max(whole.get(one.table, one), one, key=lambda amount: amount.fen)
    seen: set[str] = set()
    for number, total in whole.items():
        for other, same in whole.items():
            alike_ = (total.when, total.fen) == (same.when, same.fen) and total.fen
            for one in _rows_of_other(tables[number], tables[other]) if other != number and alike_ else ():
                if one.key.code in seen or one.fen in told:
                    continue
                seen.add(one.key.code)
                yield _told_elsewhere(cells[total.number], cells[one.number], one.key.code, book)


def _rows_of_other(rows: Mapping[Key, Amount], other: Mapping[Key, Amount]) -> Iterator[Amount]:
    """Rows that the other table has on a level on which the two else agree."""
    own, theirs = ({key.code: one for key, one in listed.items() if _functional(key)} for listed in (rows, other))
    for level in {len(code) for code in own}:
        wanted = {code for code, one in theirs.items() if len(code) == level and one.fen}
        here = {code for code in own if len(code) == level}
        missing, swapped = wanted - here, {one.fen for code, one in own.items() if code not in theirs}
        few = len(missing) == 1 or 100 * len(missing) <= (100 - _MOST) * len(wanted)
        if missing and few and wanted & here:
            yield from (theirs[code] for code in sorted(missing) if theirs[code].fen not in swapped)


def _functional(key: Key) -> bool:
    return key.scheme == "function" and not (key.entity or key.project or key.further) and len(key.code) % 2 == 1


def _without_total(
    number: int, tables: Mapping[int, Mapping[Key, Amount]], cells: Mapping[int, Cell], unplaced: bool, book: RuleBook
) -> Iterator[Finding]:
    """A table of codes without a total where all others have one; an amount that has no place may be the total."""
    rule = book.rules["codes.no_total"]
    coded = {table: rows for table, rows in tables.items() if sum(bool(key.code) for key in rows) >= _PARENTS}
    without = [table for table, rows in coded.items() if all(key.code or key.project for key in rows)]
    if without != [number] or len(coded) <= _TOTALS:
        return
    cell = cells[next(iter(tables[number].values())).number]
    doubt = unplaced or cell.form not in _TOTALLED
    text = rule.message.format(title=cell.title or cell.form)
    yield finding_at(rule.id, "not_run" if doubt else "fail", text, cell)


def _one_sided(amounts: Amounts, cells: Mapping[int, Cell], book: RuleBook) -> Iterator[Finding]:
    """A table of both sides (收支总表) with fewer totals on one, where the document's other one has as many."""
    totals: dict[int, tuple[dict[str, Amount], dict[str, Amount]]] = {}
    for one in amounts.listed:
        cell = cells.get(one.number)
        if cell is not None and one.is_total and cell.form in _SUMMARIES and one.table not in amounts.unread:
            sides = totals.setdefault(one.table, ({}, {}))
            sides[one.point.flow in ("expenditure", "uses")].setdefault(cell.label, one)
    uneven = [sides for sides in totals.values() if len(sides[0]) != len(sides[1])]
    if len(uneven) != 1 or len(totals) < _TOTALS or not all(uneven[0]):
        return
    cell = cells[next(iter(max(uneven[0], key=len).values())).number]
    text = book.rules["summary.one_sided"].message.format(title=cell.title or cell.form, text="、".join(
        label for side in uneven[0] for label in side
    ))  # fmt: skip
    yield finding_at("summary.one_sided", "fail", text, cell)
