"""What stands in front of the amounts of a row: codes, names, unit, project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from budgetkit.model import Cell
from budgetkit.printed.widths import fold, squeeze
from budgetkit.tables import columns
from budgetkit.tables.layout import CODE, JOINED, Block, Column
from budgetkit.tables.rows import distinct

_DIGITS = re.compile(r"\d{1,11}")
#: dots that lead from a name to its figure
_LEADER = re.compile(r"(?:…|⋯|[.．·]{3,})+$")
#: the number of a unit before its name: [242001]某局, 338_某局, 242001某局
UNIT_CODE = re.compile(r"^(?:[\[［(（]\d+[\]］)）]|\d{3,}[-_－—]|\d{6,})(?=[^\d年.,])")
#: the catalogue of procurement: letters before its numbers, also [A02] and A-货物
_LETTER = re.compile(r"[\[［(（]?([ABC])(?:\d{2,}|[-—－]?(?:货物|工程|服务))")
_CATALOGUE = {"A": "货物", "B": "工程", "C": "服务"}
#: heads of columns that go on with the classes to their left
_DEEPER = (("款",), ("项",))
#: columns where a label stands where no other has one
_WORDS = ("line", "text", "told")
#: scheme by the first digit of a code
_SCHEMES = {"1": "revenue", "2": "function", "3": "economic_department", "5": "economic_government"}
#: which classification a row is keyed by when it carries several
_ORDER = ("function", "economic_department", "economic_government", "revenue")


class Item(NamedTuple):
    """One classification of a row."""

    code: str | None
    scheme: str | None
    #: as printed, white space removed; the code taken off where both stand in one cell
    label: str
    #: the 类 and 款 that the row prints in columns to the left of its label
    above: tuple[str, ...] = ()


class RowLabel(NamedTuple):
    """The labels of one row of one block."""

    #: the classification that keys the row, and further ones
    item: Item
    others: tuple[Item, ...]
    project: str | None
    entity: str | None
    #: what the row says of its time: 2025年, 增减额
    period: str | None = None
    #: what stands over the item in a column to its left (一般公共预算资金 beside 小计)
    group: str | None = None
    #: what its other columns say in words of the field: 政府性基金 below 资金来源, 货物 below 采购类型
    told: tuple[str, ...] = ()
    #: number of the unit that it names
    unit_code: str | None = None
    #: the first column in which it prints a text, and the column of its project or else the last
    reach: tuple[int, int] = (0, 0)

    def code_in(self, scheme: str) -> str | None:
        """The code of a further classification of the row."""
        return next((item.code for item in self.others if item.scheme == scheme), None)


@dataclass(frozen=True)
class Group:
    """Columns that print one classification: its code columns and its name column, or those of 类, 款 and 项."""

    codes: tuple[Column, ...]
    names: tuple[Column, ...]


def groups(block: Block) -> tuple[Group, ...]:
    """The classifications of a block, from left to right."""
    found: list[tuple[list[Column], list[Column]]] = []
    for column in _key_columns(block):
        kept = found[-1] if found else None
        heads = ((), kept[1][-1].path) if kept and kept[1] else ()
        deeper = heads and (column.path[-1:] in _DEEPER or column.path in heads)
        other = column.role == "code" and kept is not None and kept[0] and _other_system(kept[0][-1], column)
        if kept is None or (kept[1] and not deeper) or other:
            kept = ([], [])
            found.append(kept)
        (kept[0] if column.role == "code" else kept[1]).append(column)
    return tuple(Group(tuple(codes), tuple(names)) for codes, names in found)


def _key_columns(block: Block) -> list[Column]:
    """The code and name columns; where none has a head that says so, the first column of text is the name."""
    keys = [column for column in block.labels if column.role in ("code", "name")]
    if keys and all(column.role == "name" for column in keys):
        # what has no head of its own beside names goes on with them (一般公共预算资金 | 小计)
        beside = [column for column in block.labels if column.role == "text" and not column.path]
        keys += [column for column in beside if column.index == keys[-1].index + 1]
    if any(column.role == "name" for column in keys):
        return keys
    texts = [column for column in block.labels if column.role in ("text", "told")]
    others = any(column.role in ("project", "entity", "period") for column in block.labels)
    return keys + [replace(column, role="name") for column in texts[:1] if not others]


def _other_system(before: Column, column: Column) -> bool:
    """Whether two code columns belong to different classifications: their highest headers differ, or 类 begins anew."""
    under = len(before.path) > 1 and len(column.path) > 1 and before.path[0] != column.path[0]
    return under or (column.path[-1:] == ("类",) and before.path[-1:] in _DEEPER)


def complete(parts: Sequence[str], state: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """Complete a code printed in parts or relative to the rows above.

    `parts`: the printed digits of the code columns of a row, "" where blank; `state`: class and section (and item) in
    force, as completed codes. Returns the completed code, None when the row prints none, and the state for the next
    row.

    >>> complete(("", "40", ""), ("201",))
    ('20140', ('201', '20140'))
    >>> complete(("208", "05", "01"), ())
    ('2080501', ('208', '20805', '2080501'))
    """
    chain: list[str] = []
    for depth, part in enumerate(parts):
        if not part:
            continue
        base = chain[-1] if chain else _base(part, depth, len(parts), state)
        code = _attach(part, base)
        if code is None:
            return None, state
        chain.append(code)
    if not chain:
        return None, state
    code = chain[-1]
    return code, tuple(code[:length] for length in (3, 5, 7) if length <= len(code))


def _base(part: str, depth: int, width: int, state: tuple[str, ...]) -> str:
    """What the first printed part of a row hangs on."""
    if len(part) >= 3 or not state:
        return ""
    return state[min(depth, len(state)) - 1] if depth else (state[0] if width == 1 else "")


def _attach(part: str, base: str) -> str | None:
    """Join a part to what it hangs on, digits as printed: a `2` for `02` stays one digit, and the reader is told so."""
    if len(part) >= 3:
        return part if part.startswith(base) or len(part) in (3, 5, 7) else base + part
    return base + part if base else None


def scheme_of(code: str | None) -> str | None:
    """The classification that a code belongs to, by its first digit."""
    return _SCHEMES.get(code[0]) if code else None


def read_labels(rows: Iterable[Sequence[Cell | None]], block: Block) -> Iterator[RowLabel]:
    """The labels of the body rows of a block, in order."""
    parts = groups(block)
    states: list[tuple[str, ...]] = [()] * len(parts)
    nameless = not any(part.names for part in parts)
    period_column = next((column for column in block.labels if column.role == "period"), None)
    for cells in rows:
        items = []
        for k, part in enumerate(parts):
            item, states[k] = _item(cells, part, states[k])
            if item is not None:
                items.append(item)
        items.sort(key=lambda item: _ORDER.index(item.scheme) if item.scheme in _ORDER else len(_ORDER))
        said = [(column, text) for column in block.labels if (text := _text(cells, column))]
        project = _project(cells, block)
        unit = _unit(said)
        group = items[0].above[-1] if items and items[0].above else None
        # a total stands in the column of the units too
        entity = None if unit and columns.is_total(unit) else UNIT_CODE.sub("", unit or "") or None
        if not any(item.label or item.code for item in items):
            items = [Item(None, None, _fallback(cells, block, project, entity))]
        elif nameless and not items[0].label:
            items[0] = items[0]._replace(label=project or entity or "")
        number = _number_of_unit(said, unit or items[0].label)
        period = _text(cells, period_column)
        key, *others = items
        told = tuple(_told(said))
        yield RowLabel(key, tuple(others), project, entity, period, group, told, number, _reach(said))


def _reach(said: Sequence[tuple[Column, str]]) -> tuple[int, int]:
    """The first column of a block in which a row prints a label, and that of its project or else the last."""
    own = [column for column, _ in said if column.role != "line"]
    ends = [column for column in own if column.role == "project"] or own
    return (own[0].index, ends[-1].index) if own else (0, 0)


def _project(cells: Sequence[Cell | None], block: Block) -> str | None:
    """The project of a row; of several columns (一级项目, 二级项目) all that differ."""
    own = distinct([cells[column.index] for column in block.labels if column.role == "project"])
    return "/".join(dict.fromkeys(text for cell in own if (text := squeeze(cell.text)))) or None


def _unit(said: Sequence[tuple[Column, str]]) -> str | None:
    """The unit of a row; its department (主管部门) only where no other column names it."""
    named = [(any("主管" in cell for cell in column.path), text) for column, text in said if column.role == "entity"]
    return min(named, key=itemgetter(0))[1] if named else None


def _number_of_unit(said: Sequence[tuple[Column, str]], label: str) -> str | None:
    """The number of the unit that a row names: of a column of numbers, or before its name."""
    printed = [fold(text) for column, text in said if column.role == "id"]
    if before := UNIT_CODE.match(label):
        printed += re.findall(r"\d+", before[0])
    return next((text for text in printed if text.isdigit()), None)


def _told(said: Sequence[tuple[Column, str]]) -> Iterator[str]:
    """What columns beside the name say in words of the field, and what the letter of a catalogue (A0201) stands for."""
    for column, text in said:
        if column.role == "told":
            yield text
        letter = _LETTER.match(text)
        if letter and column.role != "line":
            yield _CATALOGUE[letter[1]]


def _item(cells: Sequence[Cell | None], group: Group, state: tuple[str, ...]) -> tuple[Item | None, tuple[str, ...]]:
    own = [cells[column.index] for column in group.codes]
    printed = [squeeze(cell.text) if cell is not None else "" for cell in own]
    named = [cell for column in group.names if (cell := cells[column.index]) is not None]
    name = next((cell for cell in reversed(named) if squeeze(cell.text)), named[0] if named else None)
    label = _LEADER.sub("", squeeze(name.text)) if name is not None else ""
    # one cell over code and name columns is a label (合计), not a code
    digits = [_digits(text) for text in printed]
    if len({id(cell) for cell in own if cell is not None}) < len([cell for cell in own if cell is not None]):
        digits = [text if k == 0 or own[k] is not own[k - 1] else "" for k, text in enumerate(digits)]
    code, state = complete(digits, state)
    if code is None:
        code, label = _joined(label or "".join(dict.fromkeys(text for text in printed if text)))
        if code is not None:
            state = tuple(code[:length] for length in (3, 5, 7) if length <= len(code))
    if not label:
        label = "".join(dict.fromkeys(text for text in printed if text and not _DIGITS.fullmatch(text)))
    elif name is not None and any(name is cell for cell in own) and code is not None and _DIGITS.fullmatch(label):
        label = ""
    if code is None and not label:
        return None, state
    above = tuple(squeeze(cell.text) for cell in named if cell is not name and squeeze(cell.text) != label)
    return Item(code, scheme_of(code), label, above), state


@lru_cache(maxsize=1 << 12)
def _digits(text: str) -> str:
    """The digits of a code, also of one with marks between its parts (201-03-01)."""
    plain = re.sub("[-－—]", "", text) if CODE.fullmatch(text) else text
    return fold(plain) if _DIGITS.fullmatch(plain) else ""


def _joined(label: str) -> tuple[str | None, str]:
    match = JOINED.fullmatch(label)
    return (fold(match["code"]), match["name"]) if match else (None, label)


def _text(cells: Sequence[Cell | None], column: Column | None) -> str | None:
    cell = cells[column.index] if column else None
    return squeeze(cell.text) or None if cell is not None else None


def _fallback(cells: Sequence[Cell | None], block: Block, project: str | None, entity: str | None) -> str:
    """A label from wherever a row prints one: a total in a text column, the project, the unit."""
    roles = ("line", "text", "told", "person")
    beside = distinct([cells[column.index] for column in block.labels if column.role in roles])
    units = [cell for column in block.labels if column.role == "entity" and (cell := cells[column.index])]
    numbers = [cell for column in block.labels if column.role == "id" and (cell := cells[column.index])]
    total = next((text for cell in (*beside, *units, *numbers) if columns.is_total(text := squeeze(cell.text))), None)
    if total:
        return total
    people = [cells[column.index] for column in block.labels if column.role == "person"]
    found = [squeeze(cell.text) for cell in (*beside, *units) if cell not in people]
    return project or entity or next((text for text in found if text and not re.fullmatch(r"[\d.]+", text)), "")
