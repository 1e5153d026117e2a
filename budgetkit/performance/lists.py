"""Forms that list several projects in one table: each block of rows is one form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from budgetkit.model import Cell
from budgetkit.performance.bodies import is_head, read_line
from budgetkit.performance.fronts import scale_of
from budgetkit.performance.heads import under
from budgetkit.performance.model import Field, Form, FundLine, Head, Level, Line, Sheet
from budgetkit.performance.vocabulary import plain, vocabulary
from budgetkit.printed.widths import squeeze

_FUND = "fund:"
_FIGURE = re.compile(r"\d[\d.,]*")


def read_list(
    sheet: Sheet, head: Head, rows: Sequence[int], title: str, before: Form | None, number: int
) -> list[Form]:
    """Read the rows of a list; the first may go on from a form of the page before.

    `rows`: the rows below the head; `before`: the last entry of the page before, when the list goes on; `number`:
    ordinal of the list in the document. Returns the new entries; what belongs to `before` is added to it.
    """
    new: list[Form] = []
    current, key = before, None
    merges = any(_merges(under(sheet, row, head), head) for row in rows)
    for row in rows:
        cells = under(sheet, row, head)
        if _is_total(sheet, row) or is_head(sheet, row):
            continue
        here = _key(cells, head, row)
        if current is None or here != key:
            entry = _entry(sheet, head, cells, title, number)
            at_top = row == rows[0] and before is not None
            # where names are merged over their rows, a blank one is an entry whose name stands on the next page
            if current is None or not (_adopt(current, entry, cells) if at_top else _stays(current, entry, merges)):
                current = entry
                new.append(entry)
            key = here
        _add_row(current, sheet, row, head, cells, rows[0] if before is not None else None)
    return new


def name_entities(forms: Sequence[Form]) -> list[Form]:
    """Drop the rows of lists that name the unit of the projects below, and give its name to those that print none.

    Lists without any indicator are dropped as well: they are money tables with a column of goals.
    """
    kept = []
    unit: Field | None = None
    number: int | None = None
    filled = {form.listed for form in forms if form.rows or (form.packed and unpack(form.packed, form.page))}
    for form in forms:
        if form.listed is not None and form.listed not in filled:
            continue
        if form.listed != number:
            number, unit = form.listed, None
        if form.listed is None:
            kept.append(form)
        elif form.rows or form.packed or form.goal:
            if unit is not None and "project" in form.fronts:
                form.fronts.setdefault("entity", unit)
            kept.append(form)
        else:
            unit = form.fronts.get("project", unit)
    return kept


def unpack(packed: Field, page: int) -> list[Line]:
    """The indicators of a cell that holds all of them (1、1-产出指标；11-数量指标；名称；…；年度指标值:≥10条。2、…).

    >>> line = unpack(Field("1、1-产出指标；11-数量指标；次数；实施周期指标值:≥20场；年度指标值:≥20场。"), 1)[0]
    >>> line.fields["level3"].text, line.fields["target"].text, line.levels[1].field.text
    ('次数', '≥20场', '数量指标')
    """
    lines = []
    for match in re.finditer(vocabulary().lists.packed, packed.text):
        level1, level2 = (
            Level(Field(match[name], packed.places), starts=True, at_top=False, at_end=False, span=1)
            for name in ("level1", "level2")
        )
        fields = {name: Field(match[name], packed.places) for name in ("level3", "target")}
        place = packed.places[0] if packed.places else None
        lines.append(Line(page, place.grid if place else 0, False, (level1, level2), fields))
    return lines


def says_all(packed: str) -> bool:
    """Whether the indicators of a packed cell hold all its figures; those of the whole period count where they differ.

    >>> says_all("1、1-产出指标；11-数量指标；次数；实施周期指标值:≥20场；年度指标值:≥20场。")
    True
    >>> says_all("1、1-产出指标；11-数量指标；次数；实施周期指标值:≥60场；年度指标值:≥20场。")
    False
    """

    def unsaid(match: re.Match[str]) -> str:
        further = match[0].rpartition(match["target"])[0].partition(match["level3"])[2]
        said = set(_FIGURE.findall(match["target"] + match["level3"]))
        return "" if set(_FIGURE.findall(further)) <= said else match[0]

    return _FIGURE.search(re.sub(vocabulary().lists.packed, unsaid, packed)) is None


def _name(cells: Mapping[str, Cell], head: Head) -> Cell | None:
    return cells.get("project") if head.has("project") else cells.get("entity")


def _merges(cells: Mapping[str, Cell], head: Head) -> bool:
    name = _name(cells, head)
    return name is not None and name.rowspan > 1


def _key(cells: Mapping[str, Cell], head: Head, row: int) -> tuple[int, int]:
    """Rows where the name and the first amount (the name, where a list has none) begin."""
    name = _name(cells, head)
    funds = [cell for means, cell in cells.items() if means.startswith(_FUND)]
    own = name.row if name else row
    return own, funds[0].row if funds else own


def _is_total(sheet: Sheet, row: int) -> bool:
    first = next((cell for cell in sheet.row(row) if squeeze(cell.text)), None)
    return first is not None and plain(first.text) in vocabulary().lists.totals


def _entry(sheet: Sheet, head: Head, cells: Mapping[str, Cell], title: str, number: int) -> Form:
    """A new entry with the name, the unit and the amounts of a row."""
    form = Form(sheet.page, title, sheet.lines, head, listed=number, last_page=sheet.page)
    form.scale = scale_of([*head.labels, *reversed(sheet.lines)])
    roles = {"project": "project", "entity": "entity" if head.has("project") else "department_name"}
    for means, front in roles.items():
        if means in cells and squeeze(cells[means].text):
            form.fronts[front] = sheet.field(cells[means])
    for column in head.columns:
        cell = cells.get(column.role)
        if column.role.startswith(_FUND) and cell is not None:
            fields = {"amount": sheet.field(cell)} if squeeze(cell.text) else {}
            form.funds.append(FundLine(column.role.removeprefix(_FUND), Field(column.label), fields))
    return form


def _is_blank(entry: Form) -> bool:
    return not entry.fronts and not any(line.fields for line in entry.funds)


def _stays(form: Form, entry: Form, merges: bool) -> bool:
    """Whether a row belongs to the entry above it: it names none, or prints the same name and amounts again."""
    if _is_blank(entry):
        return not merges
    return _name_of(entry) == _name_of(form) and _amounts(entry) in (_amounts(form), [None] * len(form.funds))


def _adopt(form: Form, entry: Form, cells: Mapping[str, Cell]) -> bool:
    """Whether the first entry of a page is the rest of the last one before it; if so its texts are added to that."""
    if _is_blank(entry):
        return True
    name = "project" if "project" in entry.fronts or "project" in form.fronts else "department_name"
    paid, pays = (any(line.fields for line in part.funds) for part in (form, entry))
    here, before = entry.fronts.get(name), form.fronts.get(name)
    same = here is not None and before is not None and here.text == before.text
    if same and _amounts(form) == _amounts(entry):
        return True
    if (paid and pays) or (here is not None and not same and _starts_over(form, entry, cells)):
        return False
    if here is not None and not same:
        form.fronts[name] = before.joined(here) if before is not None else here
    if pays:
        form.funds = entry.funds
    return True


def _starts_over(form: Form, entry: Form, cells: Mapping[str, Cell]) -> bool:
    """Whether another name is no rest of the one before: its unit is printed whole again, or its levels begin anew."""
    unit, whole = entry.fronts.get("entity"), form.fronts.get("entity")
    first = squeeze(cells["level1"].text) if "level1" in cells else ""
    before = [level.field.text for line in form.rows if (level := line.levels[0]) is not None and level.field.text]
    again = first in before and first != before[-1]
    return again or (unit is not None and whole is not None and unit.text == whole.text)


def _amounts(form: Form) -> list[str | None]:
    return [line.fields["amount"].text if "amount" in line.fields else None for line in form.funds]


def _name_of(form: Form) -> str | None:
    name = form.fronts.get("project") or form.fronts.get("department_name")
    return name.text if name is not None else None


def _add_row(form: Form, sheet: Sheet, row: int, head: Head, cells: Mapping[str, Cell], top: int | None) -> None:
    form.grids.add((sheet.page, sheet.index))
    goal = cells.get("goal")
    form.goal = form.goal or (goal is not None and bool(squeeze(goal.text)))
    if head.packed:
        cell = cells.get("joined")
        if cell is not None and squeeze(cell.text) and cell.row == row:
            field = sheet.field(cell)
            form.packed = form.packed.joined(field) if form.packed is not None else field
        return
    line = read_line(sheet, row, head, top)
    if line is not None:
        form.rows.append(line)
