"""From tables to facts: every printed amount as a row, with its code, meaning, value in yuan and place on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from budgetkit import captions, columns, labels
from budgetkit.layout import Block, Column, Layout, layout
from budgetkit.model import Cell
from budgetkit.tables import Row, Table
from budgetkit.text import Number, parse_number, squeeze

#: measures whose amount is a fraction and not money
RATES = frozenset({"change_rate"})

Place = tuple[int, int, int]


@dataclass(frozen=True)
class Context:
    """What a document says of itself, for the rows of its tables."""

    kind: str | None
    fiscal_year: int | None
    entity: str | None
    #: unit of money of most tables, for tables that print none
    usual_unit: str | None


@dataclass(frozen=True)
class Reading:
    """What was read from one table."""

    form: str
    title: str | None
    unit: str | None
    facts: tuple[Mapping[str, Any], ...]
    #: (page, row, col) of cells whose numbers are accounted for: facts, codes, row and column numbers
    used: frozenset[Place]
    #: what could not be settled, for the document's reason
    problems: tuple[str, ...] = ()
    #: whether it has a head and no amount
    empty: bool = False
    #: cells with numbers that are no facts, and why
    refused: Mapping[Place, str] = field(default_factory=dict)


def place_of(row: Row, cell: Cell) -> Place:
    """Page, row and column (1-based) of a cell."""
    return row.page, row.offset + cell.row + 1, cell.col + 1


def read_table(table: Table, context: Context, number: int) -> Reading:
    """Read one table of money.

    Parameters
    ----------
    table : Table
    context : Context
    number : int
        Ordinal of the table in the document.
    """
    form = table.caption.form or "other"
    spec = captions.form_spec(form)
    two_sided = spec is not None and spec.two_sided
    plan = layout(table, form, context.kind, context.fiscal_year, two_sided)
    unit, note = _unit(table, plan, context)
    two_sided = two_sided or {"income", "expenditure"} <= {block.side for block in plan.blocks}
    body = [row for k, row in enumerate(table.rows) if k >= plan.body and k not in plan.skipped]
    heads = [row for k, row in enumerate(table.rows) if k < plan.body or k in plan.skipped]
    used = {place_of(row, cell) for row in (*heads, *table.repeated) for cell in row.cells if cell is not None}
    facts: list[Mapping[str, Any]] = []
    refused: dict[Place, str] = {}
    named = [list(labels.read_labels((row.cells for row in body), block)) for block in plan.blocks]
    for k, block in enumerate(plan.blocks):
        own = _with_lent_totals(named[k], named[k - 1], plan.blocks[k - 1], body) if k else named[k]
        read = _block(block, own, body, form, two_sided, unit, context)
        for kind, place, value in read:
            if kind == "fact":
                facts.append({**value, "table": number, "title": table.caption.title, "unit": unit, "notes": note})
                used.add(place)
            elif kind == "used":
                used.add(place)
            else:
                refused[place] = value
    return Reading(form, table.caption.title, unit, tuple(facts), frozenset(used), plan.conflicts, not facts, refused)


def _unit(table: Table, plan: Layout, context: Context) -> tuple[str | None, str]:
    """The unit of money of a table: from its caption, its head, or (said so) from the other tables."""
    if table.caption.unit:
        return table.caption.unit, ""
    heads = [cell for column in plan.columns for cell in column.path]
    found = captions.read_caption(heads).unit if heads else None
    if found:
        return found, ""
    if context.usual_unit and (table.caption.form or _looks_like_money(table)):
        return context.usual_unit, f"unit {context.usual_unit} inferred from the document's other tables"
    return None, ""


def _looks_like_money(table: Table) -> bool:
    numbers = [number for row in table.rows for cell in row.cells if cell is not None and (number := parse_number(cell.text))]
    return any(number.quantum == Decimal("0.01") for number in numbers)


def _block(
    block: Block,
    named: Sequence[labels.RowLabel],
    body: Sequence[Row],
    form: str,
    two_sided: bool,
    unit: str | None,
    context: Context,
) -> Iterator[tuple[str, Place, Any]]:
    """Facts, used cells and refused numbers of one block."""
    entity = None
    seen: set[Place] = set()
    coded = any(column.role == "code" for column in block.labels)
    for row, label in zip(body, named, strict=True):
        for column in block.labels:
            cell = row.cells[column.index]
            if cell is not None and (column.role != "text" or squeeze(cell.text) == label.item.label):
                yield "used", place_of(row, cell), None
        if label.entity:
            entity = label.entity
        elif coded and label.item.code is None and labels.is_organisation(label.item.label):
            entity = label.item.label
        own = None if columns.is_total(label.item.label) and not label.entity else entity
        for column in block.amounts:
            cell = row.cells[column.index]
            # a merged cell is one amount, read in the first row and column that it covers
            if cell is None or place_of(row, cell) in seen:
                continue
            seen.add(place_of(row, cell))
            text = squeeze(cell.text)
            number = parse_number(text)
            if number is None:
                if any(character.isdigit() for character in text):
                    yield "refused", place_of(row, cell), "not a plain number"
                continue
            if unit is None and not _is_rate(number, column):
                yield "refused", place_of(row, cell), "no unit of money printed"
                continue
            side = block.side if two_sided else None
            yield "fact", place_of(row, cell), _fact(row, cell, number, column, block, label, form, side, unit, context, own)


def _with_lent_totals(
    own: Sequence[labels.RowLabel], left: Sequence[labels.RowLabel], block: Block, body: Sequence[Row]
) -> list[labels.RowLabel]:
    """Rows whose total label stands in the block to the left, which has no amount of its own (公用经费合计 over two blocks)."""
    found = []
    for mine, theirs, row in zip(own, left, body, strict=True):
        blank = not mine.item.label and not mine.item.code
        amounts = [row.cells[column.index] for column in block.amounts]
        lent = blank and columns.is_total(theirs.item.label) and not any(cell and squeeze(cell.text) for cell in amounts)
        found.append(theirs if lent else mine)
    return found


def _is_rate(number: Number, column: Column) -> bool:
    return number.percent or column.measure in RATES


def _fact(
    row: Row,
    cell: Cell,
    number: Number,
    column: Column,
    block: Block,
    label: labels.RowLabel,
    form: str,
    side: str | None,
    unit: str | None,
    context: Context,
    entity: str | None,
) -> dict[str, Any]:
    page, line, col = place_of(row, cell)
    rate = _is_rate(number, column)
    scale = Decimal("0.01") if rate else Decimal(captions.yuan_per(unit or "元"))
    item = label.item
    name = labels.name_of(item.label)
    measure, phase = columns.row_meaning(label.period, column.measure, column.phase, context.kind, context.fiscal_year)
    if rate and measure not in RATES:
        measure = None
    if form == "three_public":
        name = _three_public_name(column, item.label, block) or name
    box = cell.box
    return {
        "entity": entity or context.entity,
        "fiscal_year": context.fiscal_year,
        "kind": context.kind,
        "form": form,
        "side": side,
        "phase": phase,
        "scheme": item.scheme,
        "code": item.code,
        "code_source": "printed" if item.code else None,
        "level": _level(item),
        "name": name,
        "label": item.label,
        "project": label.project,
        "is_total": columns.is_total(labels.name_of(item.label)),
        "measure": measure,
        "column": "/".join(column.path),
        "amount": float(number.value * scale),
        "quantum": float(number.quantum * scale),
        "printed": squeeze(cell.text),
        "page": page,
        "row": line,
        "col": col,
        "x0": box.x0 if box else None,
        "y0": box.y0 if box else None,
        "x1": box.x1 if box else None,
        "y1": box.y1 if box else None,
        "code_economic_department": label.code_in("economic_department"),
        "code_economic_government": label.code_in("economic_government"),
    }


def _level(item: labels.Item) -> int | None:
    return {3: 1, 5: 2, 7: 3}.get(len(item.code)) if item.code else None


def _three_public_name(column: Column, label: str, block: Block) -> str | None:
    """The canonical item: of the row's label where it is one, else of the column's header."""
    own = columns.three_public_name(label) if label else None
    if own and own not in ("合计", "“三公”经费"):
        return own
    beside = any(other.item == "合计" and other.phase == column.phase for other in block.amounts)
    if column.item and not (column.item == "“三公”经费" and not beside):
        return column.item
    return "合计" if own or column.item or column.path else None
