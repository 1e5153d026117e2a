"""From tables to facts: every printed amount as a row, with its code, meaning, value in yuan and place on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from budgetkit import codes, lexicon
from budgetkit.lexicon import NOTHING, Meaning
from budgetkit.model import Cell
from budgetkit.printed.numbers import Number, parse_number
from budgetkit.printed.units import states_unit, unit_in, yuan_per
from budgetkit.printed.widths import squeeze
from budgetkit.tables import captions, columns, coordinates, labels
from budgetkit.tables.coordinates import Context, Drafted
from budgetkit.tables.joining import Row, Table
from budgetkit.tables.layout import Block, Column, layout

#: 类 款 项 by the number of digits
_LEVELS = {3: 1, 5: 2, 7: 3}

Place = tuple[int, int, int]


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


@dataclass(frozen=True)
class _Frame:
    """What all facts of one table share."""

    context: Context
    form: str
    #: whose table it is: the caption says it where a document holds the tables of several units
    entity: str | None
    two_sided: bool
    unit: str | None
    #: what the title says of the amounts
    title: Meaning
    #: columns of the facts that are the table's own: table, title
    own: Mapping[str, Any]
    note: str


@dataclass(frozen=True)
class _Found:
    """What one block of columns gave."""

    facts: tuple[Drafted, ...]
    used: frozenset[Place]
    refused: Mapping[Place, str]


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
    plan = layout(table, two_sided)
    unit, note = _unit(table, context)
    sides = {block.side for block in plan.blocks}
    own = {"table": number, "title": table.caption.title}
    sided = two_sided or {"income", "expenditure"} <= sides
    title = table.caption.meaning
    frame = _Frame(context, form, table.caption.entity or context.entity, sided, unit, title, own, note)
    body = [row for k, row in enumerate(table.rows) if k >= plan.body and k not in plan.skipped]
    heads = [row for k, row in enumerate(table.rows) if k < plan.body or k in plan.skipped]
    found = [_block(block, named, body, frame) for block, named in _named_blocks(plan.blocks, body)]
    facts = coordinates.settle([fact for part in found for fact in part.facts], title, form, context, sided)
    if table.caption.form is None and not facts:
        # nothing of a table without money is a head for sure but the rows that count its columns
        heads = [table.rows[k] for k in plan.skipped]
    used = {place_of(row, cell) for row in (*heads, *table.repeated) for cell in row.cells if cell is not None}
    used.update(*(part.used for part in found))
    refused = {place: reason for part in found for place, reason in part.refused.items()}
    return Reading(form, table.caption.title, unit, facts, frozenset(used), plan.conflicts, not facts, refused)


def _unit(table: Table, context: Context) -> tuple[str | None, str]:
    """The unit of money of a table: from its caption or (said so) from the other tables, where it has a title."""
    if table.caption.unit:
        return table.caption.unit, ""
    stated = any(states_unit(line) for line in table.caption.lines)
    if context.usual_unit and not stated and table.caption.title and (table.caption.form or _looks_like_money(table)):
        return context.usual_unit, f"unit {context.usual_unit} inferred from the document's other tables"
    return None, ""


def _looks_like_money(table: Table) -> bool:
    numbers = [
        number for row in table.rows for cell in row.cells if cell is not None and (number := parse_number(cell.text))
    ]
    return any(number.quantum == Decimal("0.01") for number in numbers)


def _named_blocks(blocks: Sequence[Block], body: Sequence[Row]) -> Iterator[tuple[Block, Sequence[labels.RowLabel]]]:
    """Every block with the labels of its rows."""
    before: Sequence[labels.RowLabel] = ()
    for k, block in enumerate(blocks):
        own = list(labels.read_labels((row.cells for row in body), block))
        yield block, _with_lent_totals(own, before, blocks[k - 1], body) if k else own
        before = own


def _with_lent_totals(
    own: Sequence[labels.RowLabel], left: Sequence[labels.RowLabel], block: Block, body: Sequence[Row]
) -> list[labels.RowLabel]:
    """Rows whose total label stands in the block to the left, which has no amount itself (公用经费合计 over two)."""
    found = []
    for mine, theirs, row in zip(own, left, body, strict=True):
        blank = not mine.item.label and not mine.item.code
        amounts = [cell for column in block.amounts if (cell := row.cells[column.index]) and squeeze(cell.text)]
        found.append(theirs if blank and columns.is_total(theirs.item.label) and not amounts else mine)
    return found


def _block(block: Block, named: Sequence[labels.RowLabel], body: Sequence[Row], frame: _Frame) -> _Found:
    """Facts, used cells and refused numbers of one block."""
    facts: list[Drafted] = []
    used: set[Place] = set()
    refused: dict[Place, str] = {}
    entity = None
    coded = any(column.role == "code" for column in block.labels)
    scheme = _scheme_of_head(block) if frame.two_sided and block.side == "expenditure" else None
    balances = False
    for row, label in zip(body, named, strict=True):
        before = len(facts)
        resolved = _class_code(label, scheme, frame) if scheme else None
        if label.entity:
            entity = label.entity
        elif coded and label.item.code is None and columns.is_organisation(label.item.label):
            entity = label.item.label
        own = None if columns.is_total(label.item.label) and not label.entity else entity
        told = _told(label, resolved, block, frame)
        balances |= told.flow in coordinates.BALANCES or told.origin == "carried_forward"
        for column in block.amounts:
            cell = row.cells[column.index]
            # a merged cell is one amount, read in the first row and column that it covers
            if cell is None or (place := place_of(row, cell)) in used or place in refused:
                continue
            number = parse_number(cell.text)
            unit = unit_in(label.item.label) or column.unit or frame.unit
            reason = _refusal(squeeze(cell.text), number, column, label, unit)
            if reason:
                refused[place] = reason
            elif number is not None:
                used.add(place)
                said = _said(label, own, resolved, column, frame)
                meaning = _composed(column, label, told, block, frame)
                valued = _valued(number, meaning, column, block, label, unit, frame)
                drafted = {**_placed(row, cell), **valued, **said}
                facts.append(Drafted(drafted, meaning, block.side, told.origin == "current", balances))
        used.update(_label_places(row, label, block, len(facts) > before))
    return _Found(tuple(facts), frozenset(used), refused)


def _told(label: labels.RowLabel, resolved: str | None, block: Block, frame: _Frame) -> Meaning:
    """What the label of a row says of its amounts: nothing where it names a class, a unit or a project."""
    item = label.item
    if item.code or resolved or label.project or label.entity:
        return NOTHING
    told = lexicon.read(item.label)
    items = frame.form in ("three_public", "agency_operation", "procurement")
    if told.unread:
        # a summary lists nothing but terms and classes
        open_ = frame.two_sided or (frame.form == "three_public" and not columns.is_organisation(item.label))
        return Meaning(unread=(item.label,) if open_ else (), items=told.items if items else ())
    if columns.is_total(item.label) and frame.title.nature == "basic":
        # 人员经费合计: the sum of a list of classes, whose rows keep the nature of the title
        told = replace(told, nature=None)
    return told if items else replace(told, items=())


def _composed(column: Column, label: labels.RowLabel, told: Meaning, block: Block, frame: _Frame) -> Meaning:
    """What an amount means: title, side, heads, time and label, from outside to inside."""
    meaning = frame.title
    inner = [Meaning(flow=block.side)] if frame.two_sided and block.side else []
    inner += [column.meaning, *([lexicon.read(label.period)] if label.period else []), told]
    for part in inner:
        meaning, against = lexicon.refine(meaning, part)
        if against:
            meaning = replace(meaning, unread=(*meaning.unread, "/".join(column.path) or label.item.label))
    return meaning


def _scheme_of_head(block: Block) -> str | None:
    """The classification that the head of a block of expenditure names; None when it lists uses (支出用途)."""
    heads = "".join(cell for column in block.labels for cell in column.path)
    if "经济" in heads:
        return "economic_government" if "政府" in heads else "economic_department"
    return None if "用途" in heads else "function"


def _class_code(label: labels.RowLabel, scheme: str, frame: _Frame) -> str | None:
    """The code of a class (类) that a summary names without its code; None unless the name is one for sure."""
    if label.item.code:
        return None
    book: codes.CodeBook = getattr(codes, scheme)
    found = book.find(labels.name_of(label.item.label), frame.context.fiscal_year, level=1)
    return found[0] if len(found) == 1 else None


def _label_places(row: Row, label: labels.RowLabel, block: Block, told: bool) -> Iterator[Place]:
    """The label cells of a row that are accounted for.

    Codes and row numbers always are; names, units and projects when the row has a fact that carries them (`told`), or
    when they hold no number but an ordinal.
    """
    for column in block.labels:
        cell = row.cells[column.index]
        if cell is None or _is_amount(cell):
            continue
        text = squeeze(cell.text)
        carried = told and (column.role != "text" or text == label.item.label)
        # the code of a joined cell (202 外交支出) is no number of its own
        rest = label.item.label if label.item.code and text.endswith(label.item.label) else text
        if column.role in ("code", "line", "id") or carried or not any(c.isdigit() for c in labels.name_of(rest)):
            yield place_of(row, cell)


def _is_amount(cell: Cell) -> bool:
    """Whether a cell prints an amount beyond doubt; one in a column of labels is a leftover, not a label."""
    number = parse_number(cell.text)
    return number is not None and (number.quantum < 1 or "," in cell.text)


def _refusal(text: str, number: Number | None, column: Column, label: labels.RowLabel, unit: str | None) -> str | None:
    """Why a cell with digits in an amount column is no fact; None when it is one or prints no digit."""
    if number is None:
        return "not a plain number" if any(character.isdigit() for character in text) else None
    if columns.is_count(label.item.label) or any(columns.is_count(cell) for cell in column.path):
        return "a number of things or people, not an amount"
    if unit is None and not number.percent and column.meaning.aspect not in coordinates.RATES:
        return "no unit of money printed"
    return None


def _placed(row: Row, cell: Cell) -> dict[str, Any]:
    """Where a fact stands and what is printed there."""
    page, line, col = place_of(row, cell)
    corners = dict(zip(("x0", "y0", "x1", "y1"), cell.box, strict=True)) if cell.box else {}
    return {"printed": squeeze(cell.text), "page": page, "row": line, "col": col, **corners}


def _valued(
    number: Number,
    meaning: Meaning,
    column: Column,
    block: Block,
    label: labels.RowLabel,
    unit: str | None,
    frame: _Frame,
) -> dict[str, Any]:
    """What a fact is worth, and what its item is called."""
    rate = number.percent or meaning.aspect in coordinates.RATES
    scale = Decimal("0.01") if rate else Decimal(yuan_per(unit or "元"))
    name = labels.name_of(label.item.label)
    if frame.form == "three_public":
        name = _item_name(column, label.item.label, block) or name
    return {
        "name": name,
        "column": "/".join(column.path),
        "unit": None if rate else unit,
        "amount": float(number.value * scale),
        "quantum": float(number.quantum * scale),
        "aspect": coordinates.aspect_of(meaning, number.percent),
    }


def _said(
    label: labels.RowLabel, entity: str | None, resolved: str | None, column: Column, frame: _Frame
) -> dict[str, Any]:
    """What the row and the table say of a fact; `resolved` is a code found by the name, where none is printed."""
    item = label.item
    code = item.code or resolved
    return {
        **frame.own,
        "entity": entity or frame.entity,
        "fiscal_year": frame.context.fiscal_year,
        "kind": frame.context.kind,
        "form": frame.form,
        "scheme": labels.scheme_of(code),
        "code": code,
        "code_source": "printed" if item.code else "resolved" if code else None,
        "level": _LEVELS.get(len(code)) if code else None,
        "label": item.label,
        "project": label.project,
        "is_total": columns.is_total(labels.name_of(item.label)),
        "code_economic_department": label.code_in("economic_department") or column.meaning.economic,
        "code_economic_government": label.code_in("economic_government"),
        "notes": "; ".join(filter(None, (frame.note, _code_note(item.code)))),
    }


def _code_note(code: str | None) -> str:
    """A code of an odd number of digits is kept as printed (301 and 2 for 301 and 02) and said to be so."""
    return f"code {code} as printed: a digit is missing" if code and len(code) in (4, 6, 8) else ""


def _item_name(column: Column, label: str, block: Block) -> str | None:
    """The canonical name of an item of the “三公”经费: of the row's label, else of the column's heads."""
    names = columns.vocabulary().item_names
    own, head = lexicon.read(label).item, column.meaning.item
    for item in (own, head):
        if item and item in names:
            return names[item]
    phase = column.meaning.phase
    beside = any(not other.meaning.items and other.meaning.phase == phase for other in block.amounts)
    if head == "three_public" and beside and not columns.is_total(column.path[-1]):
        return "“三公”经费"
    return "合计" if own or column.meaning.items or column.path else None
