"""From tables to facts: every printed amount as a row, with its code, meaning, value in yuan and place on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from budgetkit import lexicon
from budgetkit.lexicon import NOTHING, Meaning
from budgetkit.model import Cell, Reason, Refusal
from budgetkit.printed import persons
from budgetkit.printed.numbers import Number, attached_unit, is_amount, parse_number
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.units import states_unit, unit_in, yuan_per
from budgetkit.printed.widths import squeeze
from budgetkit.tables import captions, columns, coordinates, labels, senses
from budgetkit.tables.coordinates import Context, Drafted
from budgetkit.tables.joining import Table
from budgetkit.tables.layout import Block, Column, Layout, layout
from budgetkit.tables.rows import Row
from budgetkit.tables.senses import Sense

#: 类 款 项 by the number of digits
_LEVELS = {3: 1, 5: 2, 7: 3}

_ECONOMIC = ("economic_department", "economic_government")

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
    refused: Mapping[Place, Refusal] = field(default_factory=dict)


@dataclass(frozen=True)
class _Frame:
    """What all facts of one table share."""

    context: Context
    #: what its rows are read by
    table: senses.Table
    #: whose table it is: the caption says it where a document holds the tables of several units
    entity: str | None
    unit: str | None
    #: columns of the facts that are the table's own: table, title
    own: Mapping[str, Any]
    note: str


class _Head(NamedTuple):
    """What all amounts of one column share."""

    column: Column
    #: its heads from the top down, as printed
    path: str
    meaning: Meaning
    #: why its numbers are no amounts
    refused: Reason | None
    #: the economic class that it is headed by
    economic: Mapping[str, str | None]
    #: whose they are, where a unit heads it
    whose: Mapping[str, str]


@dataclass(frozen=True)
class _Found:
    """What one block of columns gave."""

    facts: tuple[Drafted, ...]
    used: frozenset[Place]
    refused: Mapping[Place, Refusal]
    #: what its rows mean that set last year's income apart, also those that print no amount
    carried: tuple[Meaning, ...]


@dataclass(frozen=True)
class Plan:
    """How to read a table."""

    layout: Layout
    body: tuple[Row, ...]
    #: the labels of the rows of its body, block by block
    named: tuple[tuple[labels.RowLabel, ...], ...]


def plan_of(table: Table) -> Plan:
    """How to read a table: its columns and blocks, and the labels of its rows."""
    spec = captions.form_spec(table.caption.form)
    found = layout(table, spec is not None and spec.two_sided)
    body = tuple(row for k, row in enumerate(table.rows) if k >= found.body and k not in found.skipped)
    heads = {id(cell) for row in table.rows[max(found.body - 1, 0) : found.body] for cell in row.cells}
    cells = [tuple(None if id(cell) in heads else cell for cell in row.cells) for row in body]
    named = (labels.read_labels(cells, block) for block in found.blocks)
    return Plan(found, body, tuple(map(tuple, named)))


def units_of(table: Table, plan: Plan) -> Iterator[tuple[str, str | None, str | None]]:
    """Label, unit and its number in the rows of tables that list units: of income or expenditure, or with a column."""
    for block, named in zip(plan.layout.blocks, plan.named, strict=True):
        if table.caption.form in ("income", "expenditure") or any(column.role == "entity" for column in block.labels):
            for label in named:
                uncoded = table.caption.form in ("income", "expenditure") and not label.item.code
                yield label.item.label if uncoded else "", label.entity, label.unit_code


def read_table(table: Table, whole: Plan, context: Context, number: int) -> Reading:
    """Read one table of money."""
    form = table.caption.form or "other"
    spec = captions.form_spec(form)
    two_sided = spec is not None and spec.two_sided
    unit, note = _unit(table, context)
    plan, blocks = whole.layout, whole.layout.blocks
    sides = {block.side for block in blocks}
    own = {"table": number, "title": table.caption.title}
    sided = two_sided or {"income", "expenditure"} <= sides
    title = table.caption.meaning
    if title.aspect and any(column.meaning.aspect for block in blocks for column in block.amounts):
        # 增减变化情况表 with the amounts of both years and a column of changes
        title = title._replace(aspect=None)
    entity = table.caption.entity or context.entity
    sense = senses.Table(
        form, title, table.caption.title or "", sided, context.fiscal_year, entity, context.units, context.numbers
    )
    frame = _Frame(context, sense, entity, unit, own, note)
    heads = [row for k, row in enumerate(table.rows) if k < plan.body or k in plan.skipped]
    found = [_block(block, named, whole.body, frame) for block, named in _named_blocks(whole)]
    amounts = [(block.side, column) for block in blocks for column in block.amounts]
    meant = [(lexicon.refine(title, column.meaning)[0], side, column.head) for side, column in amounts]
    if title.flow == "income":
        meant += [(lexicon.refine(title, told)[0], None, "") for part in found for told in part.carried]
    facts = coordinates.settle([fact for part in found for fact in part.facts], title, form, context, sided, meant)
    if table.caption.form is None and not facts:
        # nothing of a table without money is a head for sure but the rows that count its columns
        heads = [table.rows[k] for k in plan.skipped]
    used = {row.place(cell) for row in (*heads, *table.repeated) for cell in row.cells if cell is not None}
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
    numbers = (parse_number(cell.text) for row in table.rows for cell in row.cells if cell is not None)
    return any(number is not None and number.quantum == Decimal("0.01") for number in numbers)


def _named_blocks(plan: Plan) -> Iterator[tuple[Block, Sequence[labels.RowLabel]]]:
    """Every block with the labels of its rows."""
    blocks, named = plan.layout.blocks, plan.named
    for k, (block, own) in enumerate(zip(blocks, named, strict=True)):
        yield block, _with_lent_totals(own, named[k - 1], blocks[k - 1], plan.body) if k else own


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
    refused: dict[Place, Refusal] = {}
    heads = [_headed(column, block, frame) for column in block.amounts]
    meant = senses.senses(named, block, frame.table)
    told = [sense.told for sense in meant]
    carried = tuple(each for each in told if each.origin == "carried_forward")
    balanced = frame.table.two_sided and (carried or any(each.flow in coordinates.BALANCES for each in told))
    for row, label, sense in zip(body, named, meant, strict=True):
        before = len(facts)
        said, own = _said(label, sense, frame), (*_words(label, bool(frame.table.title.nature)), sense.told)
        said |= _economic(label)
        labelled = unit_in(label.item.label)
        # 收入总计 over its parts holds the balances below it
        whole = bool(balanced) and label.item.label.endswith("总计")
        for head in heads:
            cell = row.cells[head.column.index]
            # a merged cell is one amount, read in the first row and column that it covers
            if cell is None or not cell.text or (place := row.place(cell)) in used or place in refused:
                continue
            number = parse_number(cell.text)
            if number is not None and number.quantum >= 1 and _is_called(row, cell, head.column.index):
                continue
            # the nearest counts, but a figure with a unit of its own (900元 under 万元) has two
            stated = labelled or head.column.unit or frame.unit
            unit = attached_unit(cell.text) or stated
            if stated not in (None, unit):
                refused[place] = Refusal(Reason.TWO_UNITS, (unit, stated))
            elif sense.counted and number is not None:
                refused[place] = Refusal(Reason.COUNT)
            elif reason := _refusal(cell.text, number, head, unit):
                refused[place] = Refusal(reason)
            elif number is not None:
                used.add(place)
                meaning = _refined(head.meaning, own, head.path or label.item.label)
                valued = _valued(number, meaning, head, block, label.item.label, unit, frame)
                values = {**head.economic, **said, **head.whose, **_placed(place, cell), **valued}
                this_year = sense.told.origin == "current"
                facts.append(Drafted(values, meaning, block.side, this_year, sense.after_balances or whole))
        used.update(_label_places(row, label, block, len(facts) > before))
    return _Found(tuple(facts), frozenset(used), refused, carried)


def _is_called(row: Row, own: Cell, index: int) -> bool:
    """Whether a number is that of a telephone: the cell to its left is headed so, under whatever heads of the table."""
    for cell in reversed(row.cells[:index]):
        if cell is not None and cell is not own and squeeze(cell.text):
            return persons.is_label(cell.text)
    return False


def _headed(column: Column, block: Block, frame: _Frame) -> _Head:
    """What the amounts of a column mean: title, side and heads, from outside to inside."""
    side = NOTHING._replace(flow=block.side) if frame.table.two_sided else NOTHING
    path = column.head
    rate = any(map(columns.is_rate, column.path)) and column.meaning.aspect not in lexicon.RATES
    refused = Reason.COUNT if any(map(columns.is_count, column.path)) else Reason.RATE if rate else None
    code = column.meaning.economic
    economic = {f"code_{scheme}": code} if (scheme := labels.scheme_of(code)) in _ECONOMIC else {}
    meaning, whose = _owned(column, _refined(frame.table.title, (side, column.meaning), path), frame)
    return _Head(column, path, meaning, refused, economic, whose)


def _owned(column: Column, meaning: Meaning, frame: _Frame) -> tuple[Meaning, dict[str, str]]:
    """What the amounts of a column mean, and whose they are where a unit that the document lists heads it."""
    units = [cell for cell in column.path if frame.table.units and senses.unit_key(cell) in frame.table.units]
    if not units:
        return meaning, {}
    named = {word for cell in units for word in lexicon.read(cell).unread}
    return meaning._replace(unread=tuple(word for word in meaning.unread if word not in named)), {"entity": units[-1]}


def _refined(meaning: Meaning, inner: Iterable[Meaning], printed: str) -> Meaning:
    """A meaning with what stands within its reach; what is `printed` is not understood where they contradict."""
    for part in inner:
        if part is not NOTHING:
            meaning, against = lexicon.refine(meaning, part)
            meaning = meaning._replace(unread=(*meaning.unread, printed)) if against else meaning
    return meaning


def _words(label: labels.RowLabel, natured: bool) -> Iterator[Meaning]:
    """What columns of years, 资金性质 and (where no title does) 项目类别 say of a row, where every word is known."""
    time = lexicon.read(label.period) if label.period else NOTHING
    if not time.unread:
        yield time
    for text in label.told:
        told = lexicon.read(text)
        if not told.unread:
            yield NOTHING._replace(fund=told.fund, origin=told.origin, nature=None if natured else told.nature)


def _label_places(row: Row, label: labels.RowLabel, block: Block, told: bool) -> Iterator[Place]:
    """The label cells of a row that are accounted for.

    Codes and row numbers always are; names, units and projects when the row has a fact that carries them (`told`), or
    when they hold no number but an ordinal.
    """
    for column in block.labels:
        cell = row.cells[column.index]
        if cell is None or is_amount(cell.text):
            continue
        text = squeeze(cell.text)
        carried = told and column.role != "person" and (column.role != "text" or text == label.item.label)
        # the code of a joined cell (202 外交支出) is no number of its own
        rest = label.item.label if label.item.code and text.endswith(label.item.label) else text
        if column.role in ("code", "line", "id") or carried or not any(c.isdigit() for c in strip_ordinal(rest)):
            yield row.place(cell)


def _refusal(text: str, number: Number | None, head: _Head, unit: str | None) -> Reason | None:
    """Why a cell with digits in an amount column is no fact; None when it is one or prints no digit."""
    if number is None:
        return Reason.NOT_PLAIN if any(map(str.isdigit, text)) else None
    bare = unit is None and not number.percent and head.column.meaning.aspect not in lexicon.RATES
    return head.refused or (Reason.NO_UNIT if bare else None)


def _placed(place: Place, cell: Cell) -> dict[str, Any]:
    """Where a fact stands and what is printed there."""
    page, line, col = place
    x0, y0, x1, y1 = cell.box or (None,) * 4
    where = {"page": page, "row": line, "col": col, "x0": x0, "y0": y0, "x1": x1, "y1": y1}
    return {"printed": squeeze(cell.text), **where}


def _valued(
    number: Number, meaning: Meaning, head: _Head, block: Block, label: str, unit: str | None, frame: _Frame
) -> dict[str, Any]:
    """What a fact is worth, and what its item is called."""
    rate = number.percent or meaning.aspect in lexicon.RATES
    scale = Decimal("0.01") if rate else Decimal(yuan_per(unit or "元"))
    item = _item_name(head.column, label, block) if frame.table.form == "three_public" else None
    return {
        **({"name": item} if item else {}),
        "column": head.path,
        "unit": None if rate else unit,
        "amount": float(number.value * scale),
        "quantum": float(number.quantum * scale),
        "aspect": coordinates.aspect_of(meaning, number.percent),
    }


def _said(label: labels.RowLabel, sense: Sense, frame: _Frame) -> dict[str, Any]:
    """What the row and the table say of a fact."""
    item, code = label.item, sense.code
    name = strip_ordinal(item.label)
    return {
        **frame.own,
        "entity": sense.entity or frame.entity,
        "fiscal_year": frame.context.fiscal_year,
        "kind": frame.context.kind,
        "form": frame.table.form,
        "scheme": labels.scheme_of(code),
        "code": code,
        "code_source": sense.code_source,
        "level": _LEVELS.get(len(code)) if code else None,
        "label": item.label,
        "name": name,
        "project": sense.project,
        "is_total": columns.is_total(name),
        "notes": "; ".join(filter(None, (frame.note, _code_note(code if sense.code_source == "printed" else None)))),
    }


def _economic(label: labels.RowLabel) -> dict[str, str]:
    """The further economic classes of a row."""
    return {f"code_{name}": code for name in _ECONOMIC if (code := label.code_in(name))} if label.others else {}


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
