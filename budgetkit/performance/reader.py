"""The forms of a document: grids cut into forms, forms put together over pages, and turned into rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from budgetkit.model import Line, Page
from budgetkit.performance.bodies import read_line, read_total
from budgetkit.performance.forms import form_rows
from budgetkit.performance.fronts import front_role, read_front, starts_form
from budgetkit.performance.heads import find_heads, goes_on, implied_head
from budgetkit.performance.lists import name_entities, read_list, unpack
from budgetkit.performance.model import Form, Head, Place, Sheet
from budgetkit.performance.vocabulary import role, vocabulary
from budgetkit.text import fold, squeeze

_LINES = 6
_RUNNING = 3


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


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a grid that belong to one form."""

    rows: range
    head: Head | None
    #: whether its first row names a project, department or unit
    starts: bool


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
    return Performance(tuple(projects), tuple(funds), tuple(indicators), frozenset(used), frozenset(grids))


def _forms(pages: Sequence[Page]) -> list[Form]:
    """The forms of a document in order, those that list projects one a project."""
    forms: list[Form] = []
    current: Form | None = None
    running = _running_lines(pages)
    for sheet in _sheets(pages):
        if (current is None or current.closed) and not _may_begin(sheet):
            continue
        title = _title(sheet)
        broken = bool(title) or _is_broken(sheet, running, current)
        for part in _parts(sheet):
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


def _sheets(pages: Sequence[Page]) -> Iterator[Sheet]:
    lines: list[str] = []
    for page in pages:
        index = 0
        for block in page.blocks:
            if isinstance(block, Line):
                lines.append(block.text)
            else:
                yield Sheet(page.number, index, block, tuple(lines))
                index, lines = index + 1, []


def _may_begin(sheet: Sheet) -> bool:
    """Whether a grid holds any of the words without which no form begins; spares the search of money tables."""
    marks = vocabulary().titles.marks
    return any(
        mark in text for text in (squeeze(cell.text) for cell in sheet.grid.cells if cell.text) for mark in marks
    )


def _running_lines(pages: Sequence[Page]) -> frozenset[str]:
    """Lines that stand on many pages (running heads); they neither end nor begin anything."""
    counts = Counter(text for page in pages for text in {re.sub(r"\d", "", squeeze(line.text)) for line in page.lines})
    return frozenset(text for text, count in counts.items() if count >= max(_RUNNING, len(pages) // 2))


def _title(sheet: Sheet) -> str:
    """The title of a form: the nearest line over the grid that is one, or its first row; "" when there is none."""
    patterns = vocabulary().titles.patterns
    first = [cell for cell in sheet.row(0) if squeeze(cell.text)] if sheet.grid.rows else []
    texts = [first[0].text] if len(first) == 1 and first[0].colspan == sheet.grid.cols else []
    for text in (*texts, *reversed(sheet.lines[-_LINES:])):
        if any(re.fullmatch(pattern, fold(text)) for pattern in patterns):
            return fold(text)
    return ""


def _is_broken(sheet: Sheet, running: frozenset[str], current: Form | None) -> bool:
    """Whether the lines before a grid show that no form goes on in it."""
    if current is not None and current.last_page == sheet.page and any(squeeze(line) for line in sheet.lines):
        return True
    texts = [squeeze(line) for line in sheet.lines]
    kept = [fold(text) for text in texts if re.sub(r"\d", "", text) not in running]
    return any(re.fullmatch(pattern, text) for text in kept for pattern in vocabulary().titles.breaks)


def _parts(sheet: Sheet) -> list[Part]:
    """A grid cut where a new form begins in it."""
    heads = find_heads(sheet)
    if heads and heads[0].lists:
        return [Part(range(sheet.grid.rows), heads[0], False)]
    inside = {row for head in heads for row in range(head.first, head.last + 1)}
    starts = [row for row in range(sheet.grid.rows) if row not in inside and starts_form(sheet, row)]
    cuts = [0]
    for row in starts:
        has_head = any(cuts[-1] <= head.first < row for head in heads)
        has_start = any(cuts[-1] <= other < row for other in starts)
        if has_head or (row > 0 and not has_start and not _is_title_only(sheet, row)):
            cuts.append(row)
    parts = []
    for first, stop in zip(cuts, [*cuts[1:], sheet.grid.rows], strict=True):
        head = next((head for head in heads if first <= head.first < stop), None)
        begins = any(first <= row < (head.first if head else stop) for row in starts)
        parts.append(Part(range(first, stop), head, begins))
    return parts


def _is_title_only(sheet: Sheet, stop: int) -> bool:
    """Whether the rows before the given one hold one text each."""
    return all(sum(bool(squeeze(cell.text)) for cell in sheet.row(row)) <= 1 for row in range(stop))


def _open(sheet: Sheet, part: Part, title: str, broken: bool, current: Form | None) -> Form | None:
    """Begin a form, or go on with one whose head row stands on a later page or is repeated there."""
    head = part.head
    if head is None and part.starts:
        head = implied_head(sheet, part.rows)
    known = [role_ for row in part.rows for cell in sheet.row(row) if (role_ := front_role(cell))]
    again = not part.starts and current is not None and head is not None and _repeats(sheet, head, current)
    if not again and (part.starts or (head is not None and title)):
        if head is None and (len(known) < 2 or not _has_fund(sheet, part.rows)):
            return current
        form = Form(sheet.page, title, sheet.lines[-_LINES:], head)
    elif (
        current is not None and not current.closed and not broken and current.last_page in (sheet.page, sheet.page - 1)
    ):
        form = current
        form.head = head or form.head
    else:
        return None
    stop = head.first if head is not None else part.rows.stop
    if part.starts or not form.rows:
        read_front(form, sheet, range(part.rows.start, stop))
    if head is not None:
        _read_body(form, sheet, range(head.last + 1, part.rows.stop), continued=again)
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
        entries = read_list(sheet, current.head, part.rows, current.title, current, current.listed)
        _inherit(entries, current)
        forms += entries
        current.grids.add((sheet.page, sheet.index))
        return entries[-1] if entries else current
    _read_body(current, sheet, part.rows, continued=True)
    current.grids.add((sheet.page, sheet.index))
    return current


def _inherit(entries: Sequence[Form], before: Form) -> None:
    """Entries on a page without title and unit have those of the page before."""
    for entry in entries:
        entry.lines, entry.scale = before.lines, entry.scale or before.scale


def _read_list_part(sheet: Sheet, part: Part, head: Head, title: str, current: Form | None) -> list[Form]:
    """A list with its own head; it goes on with the last entry when it repeats the head of the page before."""
    before = current if current is not None and current.listed is not None and current.head is not None else None
    if before is not None and (
        before.head is None or before.head.labels != head.labels or before.last_page < sheet.page - 1
    ):
        before = None
    if before is None and not title and not head.has("level3", "joined"):
        return []
    number = before.listed if before is not None and before.listed is not None else sheet.page * 1000 + sheet.index
    rows = range(head.last + 1, sheet.grid.rows)
    entries = read_list(sheet, head, rows, title or (before.title if before else ""), before, number)
    if before is not None and not title:
        _inherit(entries, before)
    return entries


def _read_body(form: Form, sheet: Sheet, rows: range, continued: bool) -> None:
    head = form.head
    if head is None:
        return
    for row in rows:
        total = read_total(sheet, row, head)
        if total is not None:
            form.total, form.closed = total, True
            continue
        line = None if form.closed else read_line(sheet, row, head, rows.start if continued else None)
        if line is not None:
            form.rows.append(line)
