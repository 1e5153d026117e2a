"""The forms of a document: grids cut into forms, forms put together over pages, and turned into rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from budgetkit.model import Doubt, Page
from budgetkit.performance.bodies import read_line, read_total
from budgetkit.performance.contents import content_head
from budgetkit.performance.cutting import (
    LINES,
    Part,
    cut,
    is_broken,
    is_filler,
    is_money,
    may_begin,
    sheets,
    title_of,
)
from budgetkit.performance.forms import form_id, form_rows
from budgetkit.performance.fronts import front_role, read_front, usual_scale
from budgetkit.performance.heads import goes_on, shift_of, under
from budgetkit.performance.lists import name_entities, read_list, unpack
from budgetkit.performance.model import Form, Head, Place, Sheet
from budgetkit.performance.vocabulary import role, vocabulary
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import squeeze


@dataclass(frozen=True)
class Performance:
    """What the performance forms of a document say: rows with the columns of the data contract but `document`."""

    #: one a form: form, project, department, entity, fiscal_year, approved, revised, executed (yuan), …, page
    projects: tuple[dict[str, Any], ...] = ()
    #: one a fund line
    project_funds: tuple[dict[str, Any], ...] = ()
    #: one an indicator
    indicators: tuple[dict[str, Any], ...] = ()
    #: cells whose text went into rows: page (1-based), grid on the page, row, column (0-based)
    used: frozenset[Place] = frozenset()
    #: grids that belong to forms: page (1-based), grid on the page (0-based)
    grids: frozenset[tuple[int, int]] = frozenset()
    #: form ids found, blank templates too, each once
    forms: tuple[str, ...] = ()
    #: what is in doubt, with its page
    problems: tuple[Doubt, ...] = ()


def read_forms(
    pages: Sequence[Page], *, kind: str | None = None, fiscal_year: int | None = None, entity: str | None = None
) -> Performance:
    """Read all performance forms of a document.

    `kind`: `budget` or `final_account`; the forms themselves say whether they hold results, so nothing depends on it
    yet; `fiscal_year`: year of the document, for forms that print none; `entity`: entity of the document, for
    whole-department forms that print no name. Returns: rows in the order of the document. A form without any amount or
    indicator (a blank template) gives no rows, but its grids count.

    >>> read_forms([]).projects
    ()
    """
    found = _Found()
    _read_sheets(pages, found)
    forms = name_entities([form for form in found.forms if form.head is not None])
    usual = usual_scale(forms, pages)
    projects, funds, indicators, doubts = [], [], [], list(found.doubts)
    used: set[Place] = set()
    for form in forms:
        if form.packed is not None:
            form.rows = unpack(form.packed, form.page)
        rows = form_rows(form, fiscal_year, entity, usual)
        if rows is not None:
            projects.append(rows.project)
            funds += rows.funds
            indicators += rows.indicators
            doubts += [(form.page, problem) for problem in rows.problems]
            used |= rows.used
    grids = found.grids.union(*(form.grids for form in forms))
    ids = tuple(dict.fromkeys(form_id(form) for form in forms))
    return Performance(
        tuple(projects), tuple(funds), tuple(indicators), frozenset(used), frozenset(grids), ids, _said(doubts)
    )


def _said(doubts: Sequence[tuple[int, str]]) -> tuple[Doubt, ...]:
    """Each doubt once, with its pages."""
    pages: dict[str, list[int]] = {}
    for page, text in doubts:
        pages.setdefault(text, []).append(page)
    return tuple(Doubt(text, tuple(sorted(set(where)))) for text, where in pages.items())


@dataclass
class _Found:
    """What was found so far, from the first page on."""

    forms: list[Form] = field(default_factory=list)
    #: the form that the next grid may go on with
    current: Form | None = None
    #: grids of indicators that no form takes: page, grid on the page
    grids: set[tuple[int, int]] = field(default_factory=set)
    #: page, and what is in doubt
    doubts: list[tuple[int, str]] = field(default_factory=list)


def _read_sheets(pages: Sequence[Page], found: _Found) -> None:
    """Read the grids of a document in order; lists give one form a project."""
    for sheet in sheets(pages):
        current = found.current
        if not sheet.told and not may_begin(sheet) and (current is None or current.closed):
            continue
        title = title_of(sheet)
        # a title printed anew over the rest of the same form breaks nothing; a new form would name its project
        again = current is not None and title == current.title and sheet.page == current.last_page + 1
        repeated = frozenset({re.sub(r"\d", "", title)}) if again else frozenset()
        broken = (bool(title) and not again) or is_broken(sheet, repeated, current)
        begun = current is not None and current.head is None
        for part in cut(sheet, begun or (broken and bool(title))):
            _read_part(sheet, part, title, broken, found)
            broken = broken or part.rows.stop < sheet.grid.rows


def _read_part(sheet: Sheet, part: Part, title: str, broken: bool, found: _Found) -> None:
    """Read rows that belong to one form, or to the entries of one list."""
    current = found.current
    resumed = _resumed(sheet, part, broken, current)
    if current is not None and resumed is not None:
        new = _read_rest(sheet, resumed, part, current)
    elif part.head is not None and part.head.lists:
        new = _read_list_part(sheet, part, part.head, title, current)
    elif part.head is not None or part.starts:
        opened = _open(sheet, part, title, broken, current)
        new = [] if opened is None or opened is current else [opened]
        found.current = None if opened is None else current
    elif current is not None and not broken and _goes_on_in_front(sheet, part, current):
        read_front(current, sheet, part.rows)
        current.grids.add((sheet.page, sheet.index))
        new = []
    elif current is not None and not (current.closed or broken) and (sheet.told or is_filler(sheet)):
        # a page that one cell fills, or whose columns tell nothing: the form may go on after it
        current.last_page = sheet.page
        _keep_out(sheet, found)
        return
    else:
        found.current, new = None, []
    found.forms += new
    found.current = new[-1] if new else found.current
    if found.current is None:
        _keep_out(sheet, found)
    else:
        # a page with some of the columns only is none to measure the next one by
        part_only = resumed is not None and current is not None and not goes_on(sheet.grid, current.xs)
        found.current.xs = current.xs if current is not None and part_only else sheet.grid.xs
        found.current.last_page = sheet.page


def _keep_out(sheet: Sheet, found: _Found) -> None:
    """Indicators that belong to no form: the tables of money do not take their grid."""
    if sheet.told and not is_money(sheet):
        found.grids.add((sheet.page, sheet.index))
        found.doubts.append((sheet.page, "rows of indicators that belong to no form"))


def _goes_on_in_front(sheet: Sheet, part: Part, current: Form) -> bool:
    """Whether rows go on with the names and funds of a form whose head is yet to come."""
    near = sheet.page - current.last_page in (0, 1) and not part.rows.start
    return current.head is None and near and goes_on(sheet.grid, current.xs)


def _resumed(sheet: Sheet, part: Part, broken: bool, current: Form | None) -> Head | None:
    """The head under which rows without a head of their own go on with the open form; None when they do not."""
    if current is None or current.head is None or current.closed or broken or part.starts or part.rows.start:
        return None
    near = sheet.page - current.last_page in (0, 1)
    if part.head is not None:
        # a list of projects whose left columns stand outside the grid repeats the rest of its head
        rest = current.listed is not None and not part.head.lists
        known = rest and set(part.head.labels) <= set(current.head.labels)
        return current.head if known and _fits(sheet, current.head) else None
    likely = sheet.told or (near and _holds_targets(sheet, current.head))
    if (near and goes_on(sheet.grid, current.xs)) or (likely and _fits(sheet, current.head)):
        return current.head
    return content_head(sheet, part.rows) if near and sheet.told and current.listed is None else None


def _holds_targets(sheet: Sheet, head: Head) -> bool:
    """Whether more texts than numbers stand where a head has its targets."""
    cells = [under(sheet, row, head).get("target") for row in range(sheet.grid.rows)]
    texts = [cell.text for cell in cells if cell is not None and squeeze(cell.text)]
    return 2 * sum(parse_number(text) is None for text in texts) > len(texts)


def _fits(sheet: Sheet, head: Head) -> bool:
    """Whether all borders of a grid are those of a head; without geometry, whether it has as many columns."""
    if not head.xs or not sheet.grid.xs:
        return not head.xs and not sheet.grid.xs and head.columns[-1].last <= sheet.grid.cols <= head.cols
    return shift_of(sheet.grid, head.xs) is not None


def _read_rest(sheet: Sheet, head: Head, part: Part, current: Form) -> list[Form]:
    """Read rows that go on with a form of the page before; the new entries where it is one of a list."""
    rows = part.body(part.head.last + 1 if part.head is not None else part.rows.start)
    current.grids.add((sheet.page, sheet.index))
    if current.listed is None:
        _read_body(current, head, sheet, rows, continued=True)
        return []
    entries = read_list(sheet, head, rows, current.title, current, current.listed)
    _inherit(entries, current)
    return entries


def _open(sheet: Sheet, part: Part, title: str, broken: bool, current: Form | None) -> Form | None:
    """Begin a form, or go on with one whose head row stands on a later page or is repeated there."""
    head = part.head
    if head is None and part.starts:
        head = content_head(sheet, part.rows)
    known = [role_ for row in part.rows for cell in sheet.row(row) if (role_ := front_role(cell))]
    again = not part.starts and current is not None and head is not None and _repeats(sheet, head, current)
    if not again and (part.starts or (head is not None and title)):
        if head is None and not title and (len(known) < 2 or not _has_fund(sheet, part.rows)):
            return None if broken else current
        form = Form(sheet.page, title, sheet.lines[-LINES:], head)
    elif current is not None and (again or not (current.closed or broken or sheet.page - current.last_page > 1)):
        form, again = current, current.head is not None
        form.head = head or form.head
    else:
        return None
    stop = head.first if head is not None else part.rows.stop
    if part.starts or not form.rows:
        read_front(form, sheet, range(part.rows.start, stop))
    if head is not None:
        _read_body(form, head, sheet, part.body(head.last + 1), continued=again)
    form.grids.add((sheet.page, sheet.index))
    return form


def _repeats(sheet: Sheet, head: Head, current: Form) -> bool:
    """Whether a head without name and funds above it is that of the open form of the page before, printed again."""
    if current.closed or current.head is None or current.last_page != sheet.page - 1:
        return False
    same = current.listed is None and current.head.labels == head.labels and goes_on(sheet.grid, current.xs)
    return same and not _has_fund(sheet, range(head.first))


def _has_fund(sheet: Sheet, rows: range) -> bool:
    lines = vocabulary().fund_lines
    return any(role(lines, cell.text) for row in rows for cell in sheet.row(row))


def _inherit(entries: Sequence[Form], before: Form) -> None:
    """Entries on a page without title and unit have those of the page before."""
    for entry in entries:
        entry.lines, entry.scale = before.lines, entry.scale or before.scale


def _read_list_part(sheet: Sheet, part: Part, head: Head, title: str, current: Form | None) -> list[Form]:
    """A list with its own head; it goes on with the last entry when it repeats the head of the page before."""
    before = current if current is not None and current.listed is not None and current.head is not None else None
    if before is not None and before.head is not None:
        same = before.head.labels == head.labels and sheet.page - before.last_page in (0, 1)
        before = before if same else None
    if before is None and not title and not head.has("level3", "joined"):
        return []
    number = before.listed if before is not None and before.listed is not None else sheet.page * 1000 + sheet.index
    rows = part.body(head.last + 1)
    entries = read_list(sheet, head, rows, title or (before.title if before else ""), before, number)
    if before is not None and not title:
        _inherit(entries, before)
    return entries


def _read_body(form: Form, head: Head, sheet: Sheet, rows: Sequence[int], continued: bool) -> None:
    for row in rows:
        total = read_total(sheet, row, head)
        if total is not None:
            form.total, form.closed = total, True
            continue
        line = None if form.closed else read_line(sheet, row, head, rows[0] if continued else None)
        if line is not None:
            form.rows.append(line)
