"""What stands over the indicators of a form: names, amounts; persons are passed over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from budgetkit.model import Cell, Page
from budgetkit.performance.heads import under
from budgetkit.performance.model import Column, Field, Form, FundLine, Head, Sheet
from budgetkit.performance.vocabulary import plain, role, unbracketed, vocabulary
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import fold, squeeze

_KEPT = frozenset({"project", "department", "department_name", "entity"})
_PHASES = frozenset({"approved", "revised", "executed"})
_UNIT = re.compile(r"(?:\((?:单位:)?|单位:|[(][^()]{1,12},)(?:人民币)?(万元|元)(?:\)|$|[^\w])")
_SCALE = {"万元": 10000, "元": 1}


def front_role(cell: Cell) -> str | None:
    """The role of a label over the indicators; None when the cell is no label."""
    return role(vocabulary().front_roles, cell.text)


def starts_form(sheet: Sheet, row: int) -> bool:
    """Whether a row begins a form: its first label is that of a project, department or unit, or a project's follows."""
    cells = [cell for cell in sheet.row(row) if squeeze(cell.text)]
    if not cells or cells[0].row != row:
        return False
    means = _inline(cells[0])[0]
    return means in vocabulary().start or (means == "other" and any(front_role(cell) == "project" for cell in cells))


def read_front(form: Form, sheet: Sheet, rows: range) -> None:
    """Read names and funds from the rows over the indicators into the form."""
    _complete_name(form, sheet, rows)
    for row in rows:
        _read_names(form, sheet, row)
    _read_unit(form, sheet, rows)
    read_funds(form, sheet, rows)


def scale_of(texts: list[str]) -> int | None:
    """10000 or 1 for the first text that prints a unit of money, None where none does.

    >>> scale_of(["项目资金（万元）"]), scale_of(["金额单位：元"]), scale_of(["产值"])
    (10000, 1, None)
    """
    for text in texts:
        match = _UNIT.search(fold(text))
        if match:
            return _SCALE[match[1]]
    return None


def usual_scale(forms: Sequence[Form], pages: Sequence[Page]) -> int | None:
    """The unit of most of the other forms, else of most lines over tables, for a form that prints none."""
    found = Counter(form.scale for form in forms if form.scale)
    if not found:
        found = Counter(scale for page in pages for line in page.lines if (scale := scale_of([line.text])))
    return found.most_common(1)[0][0] if found else None


def _inline(cell: Cell) -> tuple[str | None, str]:
    """Role and value of a cell that is a label, or prints label and value, with a colon or a wide gap between."""
    means = front_role(cell)
    if means:
        return means, ""
    parts = (cell.text.partition("\t"), squeeze(cell.text).replace("：", ":", 1).partition(":"))
    for label, _, value in parts:
        means = role(vocabulary().front_roles, label) if squeeze(value) else None
        if means:
            return means, squeeze(value)
    return None, ""


def _read_names(form: Form, sheet: Sheet, row: int) -> None:
    cells = [cell for cell in sheet.row(row) if cell.row == row]
    for at, cell in enumerate(cells):
        means, value = _inline(cell)
        if means not in _KEPT or means in form.fronts:
            continue
        field = sheet.field(cell)
        if value:
            form.fronts[means] = Field(value, field.places)
            continue
        following = cells[at + 1] if at + 1 < len(cells) else None
        if following is not None and row + following.rowspan == sheet.grid.rows:
            form.awaited = (means, following.col, sheet.page)
        if following is not None and squeeze(following.text) and _inline(following)[0] is None:
            form.fronts[means] = sheet.field(following)


def _complete_name(form: Form, sheet: Sheet, rows: range) -> None:
    """A name that stands, or goes on, below its label's row on the next page: there the label's cell is blank."""
    if form.awaited is None or form.awaited[2] >= sheet.page or not rows:
        return
    means, col, _ = form.awaited
    form.awaited = None
    cells = [cell for cell in sheet.row(rows.start) if squeeze(cell.text)]
    if len(cells) == 1 and cells[0].col > 0 and _inline(cells[0])[0] is None and abs(cells[0].col - col) <= 1:
        rest = sheet.field(cells[0])
        form.fronts[means] = form.fronts[means].joined(rest) if means in form.fronts else rest


def _read_unit(form: Form, sheet: Sheet, rows: range) -> None:
    """The unit of the amounts: of the fund cells, else of the lines over the form."""
    words = vocabulary()
    texts = []
    for row in rows:
        cells = sheet.row(row)
        for cell in cells:
            label = plain(cell.text)
            stub = _is_stub(label) or label in ("(万元)", "(元)")
            if stub or role(words.fund_lines, label) or role(words.fund_roles, label) or "单位:" in label:
                texts.append(cell.text)
    form.scale = form.scale or scale_of(texts) or scale_of(list(reversed(form.lines)))


def read_funds(form: Form, sheet: Sheet, rows: range) -> None:
    """Read the fund lines of the rows into the form."""
    for row in rows:
        head = _fund_head(sheet, row)
        if head is not None:
            form.fund_head = head
            continue
        _read_execution_weight(form, sheet, row)
        if form.fund_head is not None:
            _read_evaluated(form, sheet, row, form.fund_head)
        elif not _read_columns(form, sheet, row):
            _read_amounts(form, sheet, row)


def _fund_head(sheet: Sheet, row: int) -> Head | None:
    """The columns of a row that names the amounts (年初预算数, 全年预算数, 全年执行数, 分值 …)."""
    columns: dict[str, Column] = {}
    for cell in sheet.row(row):
        means = role(vocabulary().fund_roles, cell.text)
        if means:
            columns.setdefault(means, Column(means, squeeze(cell.text), cell.col, cell.col + cell.colspan))
    if len(_PHASES & columns.keys()) < 2:
        return None
    return Head(row, row, tuple(columns.values()), sheet.grid.xs, lists=False, packed=False)


def _read_execution_weight(form: Form, sheet: Sheet, row: int) -> None:
    for cell in sheet.row(row):
        match = re.search(vocabulary().funds.execution_weight, fold(cell.text))
        if match and form.execution_weight is None:
            form.execution_weight = Field(match[1], sheet.field(cell).places)


def _read_evaluated(form: Form, sheet: Sheet, row: int, head: Head) -> None:
    """A line with amounts under 年初预算数, 全年预算数, 全年执行数."""
    cells = under(sheet, row, head)
    left = min((cell.col for cell in cells.values()), default=0)
    lines = vocabulary().fund_lines
    labels = [cell for cell in sheet.row(row) if cell.col < left and squeeze(cell.text) and not _is_stub(cell.text)]
    label = next((cell for cell in labels if role(lines, cell.text)), None)
    if label is None and any(_is_number(cells[means].text) for means in _PHASES & cells.keys()):
        label = labels[-1] if labels else None
    if label is None:
        _complete_label(form, sheet, labels)
        return
    line = role(lines, label.text) or plain(label.text)
    fields = {means: sheet.field(cell) for means, cell in cells.items() if squeeze(cell.text)}
    percent = any(column.role == "execution_rate" and "%" in fold(column.label) for column in head.columns)
    form.funds.append(FundLine(line, sheet.field(label), fields, percent))


def _complete_label(form: Form, sheet: Sheet, labels: Sequence[Cell]) -> None:
    """The rest of a label that the page before cut off (当年财政 | 拨款) added to its line."""
    last = form.funds[-1] if form.funds and labels else None
    if last is not None and last.label.places[0].page < sheet.page:
        whole = last.label.joined(sheet.field(labels[-1]))
        line = role(vocabulary().fund_lines, whole.text)
        form.funds[-1] = replace(last, line=line, label=whole) if line else last


def _read_amounts(form: Form, sheet: Sheet, row: int) -> None:
    """Labels with the amount to the right of each."""
    lines = vocabulary().fund_lines
    cells = [cell for cell in sheet.row(row) if cell.row == row]
    for at, cell in enumerate(cells[:-1]):
        line = role(lines, cell.text)
        text = squeeze(cells[at + 1].text)
        if line is None or (text and not _is_amount(text)):
            continue
        fields = {"amount": sheet.field(cells[at + 1])} if text else {}
        block = _block(sheet, row, cell)
        name = f"{block}/{plain(cell.text)}" if block else line
        form.funds.append(FundLine(name, sheet.field(cell), fields))


def _block(sheet: Sheet, row: int, label: Cell) -> str | None:
    """The total over a line that is not the year's (实施期资金总额): its parts are not the year's money either."""
    words = vocabulary()
    for above in range(row - 1, -1, -1):
        cell = sheet.grid.matrix[above][label.col]
        line = role(words.fund_lines, cell.text) if cell is not None else None
        if cell is None or line is None or cell.col != label.col:
            return None
        if line in words.funds.blocks:
            return line
    return None


def _read_columns(form: Form, sheet: Sheet, row: int) -> bool:
    """Amounts under heads (预算支出总额, 财政拨款/合计), without a label or in the row of the total."""
    words = vocabulary()
    cells = sheet.row(row)
    stub = cells[0] if cells else None
    if stub is None or stub.row >= row or not _is_stub(stub.text):
        return False
    rest = [cell for cell in cells[1:] if squeeze(cell.text) and cell.row == row]
    if rest and plain(rest[0].text) in words.funds.total_rows:
        rest = rest[1:]
    if not rest or not all(_is_amount(squeeze(cell.text)) for cell in rest):
        return False
    found = []
    for cell in rest:
        path = [squeeze(above.text) for above in _above(sheet, stub.row, row, cell.col)]
        if len(path) > 1 and path[-1] in ("合计", "小计"):
            path.pop()
        line = role(words.fund_lines, path[-1]) if path else None
        if line is None:
            return False
        deep = len(path) > 1 and not _is_stub(path[0]) and role(words.fund_lines, path[0]) is not None
        found.append(FundLine("/".join(path) if deep else line, Field(path[-1]), {"amount": sheet.field(cell)}))
    form.funds.extend(found)
    return True


def _above(sheet: Sheet, first: int, row: int, col: int) -> list[Cell]:
    """The head cells over a cell, top down, without the number cells between."""
    cells = dict.fromkeys(sheet.grid.matrix[above][col] for above in range(first, row))
    texts = [cell for cell in cells if cell is not None and squeeze(cell.text)]
    return [cell for cell in texts if not _is_amount(squeeze(cell.text)) and cell.row >= first]


def _is_number(text: str) -> bool:
    return parse_number(re.sub(r"(?:万?元)$", "", squeeze(text))) is not None


def _is_stub(text: str) -> bool:
    funds = vocabulary().funds
    return unbracketed(text) in funds.stubs or re.fullmatch(funds.stub, plain(text)) is not None


def _is_amount(text: str) -> bool:
    return _is_number(text) or text in ("-", "—", "--", "——", "/")
