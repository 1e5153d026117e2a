"""The forms of a document: grids cut into forms, forms put together over pages, and turned into rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from budgetkit.model import Page
from budgetkit.performance.bodies import read_line, read_total
from budgetkit.performance.cutting import LINES, Part, cut, is_broken, may_begin, sheets, title_of
from budgetkit.performance.forms import form_id, form_rows
from budgetkit.performance.fronts import front_role, read_front
from budgetkit.performance.heads import goes_on, implied_head
from budgetkit.performance.lists import name_entities, read_list, unpack
from budgetkit.performance.model import Form, Head, Place, Sheet
from budgetkit.performance.vocabulary import role, vocabulary


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


def read_forms(
    pages: Sequence[Page], *, kind: str | None = None, fiscal_year: int | None = None, entity: str | None = None
) -> Performance:
    """Read all performance forms of a document.

    Parameters
    ----------
    pages : sequence of Page
        As the readers give them.
    kind : str, optional
        `budget` or `final_account`; the forms themselves say whether they hold results, so nothing depends on it yet.
    fiscal_year : int, optional
        Year of the document, for forms that print none.
    entity : str, optional
        Entity of the document, for whole-department forms that print no name.

    Returns
    -------
    Performance
        Rows in the order of the document. A form without any amount or indicator (a blank template) gives no rows, but
        its grids count.

    Examples
    --------
    >>> read_forms([]).projects
    ()
    """
    forms = name_entities(_forms(pages))
    projects, funds, indicators = [], [], []
    used: set[Place] = set()
    grids = {place for form in forms for place in form.grids}
    for form in forms:
        if form.packed is not None:
            form.rows = unpack(form.packed, form.page)
        row, form_funds, form_indicators, places = form_rows(form, fiscal_year, entity)
        if row is not None:
            projects.append(row)
            funds += form_funds
            indicators += form_indicators
            used |= places
    ids = tuple(dict.fromkeys(form_id(form) for form in forms))
    return Performance(tuple(projects), tuple(funds), tuple(indicators), frozenset(used), frozenset(grids), ids)


def _forms(pages: Sequence[Page]) -> list[Form]:
    """The forms of a document in order, those that list projects one a project."""
    forms: list[Form] = []
    current: Form | None = None
    for sheet in sheets(pages):
        if (current is None or current.closed) and not may_begin(sheet):
            continue
        title = title_of(sheet)
        # a title printed anew over the rest of the same form breaks nothing; a new form would name its project
        again = current is not None and title == current.title and sheet.page == current.last_page + 1
        repeated = frozenset({re.sub(r"\d", "", title)}) if again else frozenset()
        broken = (bool(title) and not again) or is_broken(sheet, repeated, current)
        for part in cut(sheet):
            if part.head is not None and part.head.lists:
                entries = _read_list_part(sheet, part, part.head, title, current)
                forms += entries
                current = entries[-1] if entries else current
            elif part.head is not None or part.starts:
                new = _open(sheet, part, title, broken, current)
                if new is not None and new is not current:
                    forms.append(new)
                current = new
            else:
                current = _go_on(sheet, part, broken, current, forms)
            broken = broken or part.rows.stop < sheet.grid.rows
            if current is not None:
                current.xs, current.last_page = sheet.grid.xs, sheet.page
    return [form for form in forms if form.head is not None]


def _open(sheet: Sheet, part: Part, title: str, broken: bool, current: Form | None) -> Form | None:
    """Begin a form, or go on with one whose head row stands on a later page or is repeated there."""
    head = part.head
    if head is None and part.starts:
        head = implied_head(sheet, part.rows)
    known = [role_ for row in part.rows for cell in sheet.row(row) if (role_ := front_role(cell))]
    again = not part.starts and current is not None and head is not None and _repeats(sheet, head, current)
    if not again and (part.starts or (head is not None and title)):
        if head is None and not title and (len(known) < 2 or not _has_fund(sheet, part.rows)):
            return current
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
        _read_body(form, sheet, part.body(head.last + 1), continued=again)
    form.grids.add((sheet.page, sheet.index))
    return form


def _repeats(sheet: Sheet, head: Head, current: Form) -> bool:
    """Whether a head without name above it is that of the open form of the page before, printed again."""
    if current.closed or current.head is None or current.last_page != sheet.page - 1:
        return False
    return current.listed is None and current.head.labels == head.labels and goes_on(sheet.grid, current.xs)


def _has_fund(sheet: Sheet, rows: range) -> bool:
    lines = vocabulary().funds.lines
    return any(role(lines, cell.text) for row in rows for cell in sheet.row(row))


def _go_on(sheet: Sheet, part: Part, broken: bool, current: Form | None, forms: list[Form]) -> Form | None:
    """Read rows that belong to the form of the page before; None when they do not."""
    if current is None or current.closed or broken or part.rows.start:
        return None
    if sheet.page - current.last_page not in (0, 1) or not goes_on(sheet.grid, current.xs):
        return None
    if current.head is None:
        read_front(current, sheet, part.rows)
        current.grids.add((sheet.page, sheet.index))
        return current
    if current.listed is not None:
        entries = read_list(sheet, current.head, part.body(0), current.title, current, current.listed)
        _inherit(entries, current)
        forms += entries
        current.grids.add((sheet.page, sheet.index))
        return entries[-1] if entries else current
    _read_body(current, sheet, part.body(0), continued=True)
    current.grids.add((sheet.page, sheet.index))
    return current


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


def _read_body(form: Form, sheet: Sheet, rows: Sequence[int], continued: bool) -> None:
    head = form.head
    if head is None:
        return
    for row in rows:
        total = read_total(sheet, row, head)
        if total is not None:
            form.total, form.closed = total, True
            continue
        line = None if form.closed else read_line(sheet, row, head, rows[0] if continued else None)
        if line is not None:
            form.rows.append(line)
