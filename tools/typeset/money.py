"""Money tables out of columns and rows: headers, code columns, index rows and blocks side by side."""

from __future__ import annotations

import itertools
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from budgetkit.errors import SpecError
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.widths import squeeze
from tools.typeset.model import Cell, Fact, Style, Table

#: how codes are printed: not at all; one column; a column a level with parents repeated, with the own level only, or
#: merged over the levels; before the name in one cell
CodeStyle = Literal["none", "one", "levels", "own", "merged", "joined"]
IndexStyle = Literal["", "栏次", "※"]

_LEVELS = {"function": (3, 2, 2), "economic_department": (3, 2), "economic_government": (3, 2)}
_LEVEL_NAMES = ("类", "款", "项")
_TOTALS = ("合计", "总计", "小计")
#: names of the items of “三公” tables; elsewhere an item keeps its printed name
_CANONICAL = {
    "公务用车购置及运行维护费": "公务用车购置及运行费",
    "公务用车购置及运行费（小计）": "公务用车购置及运行费",
    "公务用车运行维护费": "公务用车运行费",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers."""

    #: header texts from top to bottom
    path: tuple[str, ...]
    #: measure of the contract; None where the column fits none
    measure: str | None = "total"
    phase: str = "approved"
    #: the item, where columns (not rows) name it
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row of a block; a row without label, code and values is blank."""

    label: str = ""
    values: tuple[str, ...] = ()
    code: str = ""
    project: str = ""
    entity: str = ""


@dataclass(frozen=True)
class Block:
    """Labels and number columns that belong together; several blocks stand side by side in one table."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    label_path: tuple[str, ...] = ("科目名称",)
    code_path: tuple[str, ...] = ("科目编码",)
    #: () for no column of projects
    project_path: tuple[str, ...] = ()
    codes: CodeStyle = "none"
    scheme: str = "function"
    side: str | None = None
    #: pattern of the joined style
    joint: str = "{code} {label}"
    #: first number of a 行次 column, 0 for no such column
    first_line: int = 0
    #: whether a row without code spreads its label over the code columns
    merge_totals: bool = True

    @property
    def code_columns(self) -> int:
        """How many columns the codes take."""
        if self.codes in ("none", "joined"):
            return 0
        return 1 if self.codes == "one" else len(_LEVELS[self.scheme])

    @property
    def width(self) -> int:
        """All columns of the block."""
        extra = bool(self.project_path) + bool(self.first_line)
        return self.code_columns + bool(self.label_path) + extra + len(self.columns)


@dataclass(frozen=True)
class Money:
    """A money table as described; `build` makes the table of cells."""

    form: str
    title: str
    blocks: tuple[Block, ...]
    unit: str = "万元"
    index: IndexStyle = ""
    #: numbers of the index row where they do not count from 1
    index_numbers: tuple[int, ...] = ()
    #: a last row of own making: texts and the columns they spread over
    footer: tuple[tuple[str, int], ...] = ()
    caption: tuple[str, str, str] = ("", "", "")
    corner: str = ""
    notes: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()
    vertical_header: bool = False
    style: Style = field(default=Style())


def build(money: Money) -> Table:
    """Make the table of cells, each number cell linked with its meaning.

    Raises
    ------
    SpecError
        When a row has more values than its block has columns.
    """
    paths = [path for block in money.blocks for path in _paths(block, _names_levels_in_index(money))]
    numbers = {i for i, numeric in enumerate(_numeric(money)) if numeric}
    header = header_rows(paths, numbers if money.vertical_header else frozenset())
    index = _index_row(money)
    height = max((len(block.rows) for block in money.blocks), default=0)
    rows = []
    for r in range(height):
        rows.append(tuple(itertools.chain.from_iterable(_row_cells(money, block, r) for block in money.blocks)))
    if money.footer:
        rows.append(_footer_cells(money))
    if index and rows:
        index, rows[0] = _merge_level_names(money, index, rows[0])
    head = header + ([index] if index else [])
    return Table(
        form=money.form,
        title=money.title,
        rows=tuple(head + rows),
        header_rows=len(head),
        widths=money.widths,
        unit=money.unit,
        caption=money.caption,
        corner=money.corner,
        notes=money.notes,
        style=money.style,
    )


def header_rows(paths: Sequence[tuple[str, ...]], vertical: Container[int] = frozenset()) -> list[tuple[Cell, ...]]:
    """Merge header paths into rows of spanning cells.

    Neighbours with the same beginning share a cell; the last text of a short path reaches down to the body. `vertical`
    names columns whose texts run from top to bottom.

    >>> rows = header_rows([("a", "b"), ("a", "c"), ("d",)])
    >>> [[(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in rows]
    [[('a', 1, 2), ('d', 2, 1)], [('b', 1, 1), ('c', 1, 1)]]
    """
    depth = max((len(path) for path in paths), default=0)
    rows = []
    for level in range(depth):
        row = []
        at = 0
        for prefix, group in itertools.groupby(paths, key=lambda path: path[: level + 1]):
            width = len(list(group))
            at += width
            if len(prefix) <= level:
                continue
            last = any(path == prefix for path in paths)
            text = prefix[level]
            narrow = at - 1 in vertical and width == 1 and len(text) > 1
            row.append(Cell(text, depth - level if last else 1, width, vertical=narrow))
        rows.append(tuple(row))
    return rows


def _names_levels_in_index(money: Money) -> bool:
    """Whether 类 款 项 stand in the index row and reach into the 合计 row, as in the official final account forms."""
    first = money.blocks[0]
    total_first = bool(first.rows) and not first.rows[0].code and first.merge_totals
    return money.index == "栏次" and first.codes == "merged" and len(money.blocks) == 1 and total_first


def _paths(block: Block, levels_below: bool) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []
    if block.code_columns == 1 or levels_below:
        paths += [block.code_path] * block.code_columns
    elif block.code_columns:
        paths += [(*block.code_path, name) for name in _LEVEL_NAMES[: block.code_columns]]
    if block.label_path:
        paths.append(block.label_path)
    if block.project_path:
        paths.append(block.project_path)
    if block.first_line:
        paths.append((*block.label_path[:-1], "行次"))
    return paths + [column.path for column in block.columns]


def _numeric(money: Money) -> list[bool]:
    """Whether each column holds numbers."""
    return [i >= block.width - len(block.columns) for block in money.blocks for i in range(block.width)]


def _index_row(money: Money) -> tuple[Cell, ...]:
    if not money.index:
        return ()
    numbers = iter(money.index_numbers) if money.index_numbers else itertools.count(1)
    cells = []
    for block in money.blocks:
        labels = block.width - len(block.columns)
        if money.index == "※":
            cells += [Cell("※")] * labels
        else:
            at = block.code_columns if block.label_path else -1
            cells += [Cell("栏次" if i == at else "") for i in range(labels)]
        cells += [Cell(str(next(numbers))) for _ in block.columns]
    return tuple(cells)


def _merge_level_names(
    money: Money, index: tuple[Cell, ...], first: tuple[Cell, ...]
) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    count = money.blocks[0].code_columns
    if not _names_levels_in_index(money):
        return index, first
    names = tuple(Cell(name, rowspan=2) for name in _LEVEL_NAMES[:count])
    return names + index[count:], (replace(first[0], colspan=1), *first[1:])


def _row_cells(money: Money, block: Block, r: int) -> list[Cell]:
    row = block.rows[r] if r < len(block.rows) else Row()
    if len(row.values) > len(block.columns):
        raise SpecError(
            f"table {money.title!r}, row {row.label!r}: {len(row.values)} values, {len(block.columns)} columns"
        )
    cells = _label_cells(block, row)
    if block.project_path:
        cells.append(Cell(row.project, align="left"))
    if block.first_line:
        cells.append(Cell(str(block.first_line + r)))
    values = itertools.chain(row.values, itertools.repeat(""))
    cells += [
        Cell(v, align="right", fact=_fact(money.form, block, row, column))
        for column, v in zip(block.columns, values, strict=False)
    ]
    return cells


def _label_cells(block: Block, row: Row) -> list[Cell]:
    count = block.code_columns
    if not block.label_path:
        return []
    if block.codes == "joined" and row.code:
        return [Cell(block.joint.format(code=row.code, label=row.label), align="left")]
    align: Literal["left", "center"] = "center" if _is_total(row.label) and not row.code else "left"
    if not count:
        return [Cell(row.label, align=align)]
    if not row.code and row.label and block.merge_totals:
        return [Cell(row.label, colspan=count + 1, align="center")]
    return [*_code_cells(block, row.code), Cell(row.label, align=align)]


def _code_cells(block: Block, code: str) -> list[Cell]:
    if block.codes == "one":
        return [Cell(code, align="left")]
    levels = _LEVELS[block.scheme]
    if block.codes == "merged":
        return [Cell(code, colspan=len(levels), align="left")]
    ends = list(itertools.accumulate(levels))
    parts = [code[end - size : end] for end, size in zip(ends, levels, strict=True)]
    if block.codes == "own":
        last = max((i for i, part in enumerate(parts) if part), default=0)
        parts = [part if i == last else "" for i, part in enumerate(parts)]
    return [Cell(part) for part in parts]


def _fact(form: str, block: Block, row: Row, column: Column) -> Fact:
    name = strip_ordinal(squeeze(column.name or row.label))
    return Fact(
        name=_CANONICAL.get(name, name) if form == "three_public" else name,
        code=row.code or None,
        measure=column.measure,
        phase=column.phase,
        side=block.side,
        scheme=block.scheme if row.code else None,
        project=row.project or None,
        entity=row.entity or None,
        is_total=_is_total(column.name or row.label),
    )


def _is_total(label: str) -> bool:
    return squeeze(label).endswith(_TOTALS)


def _footer_cells(money: Money) -> tuple[Cell, ...]:
    """Cells of the last row; a number belongs to the label before it and to the column it stands in."""
    columns: list[tuple[Block, Column] | None] = []
    for block in money.blocks:
        columns += [None] * (block.width - len(block.columns)) + [(block, column) for column in block.columns]
    cells, at, label = [], 0, ""
    for text, span in money.footer:
        owner = columns[at + span - 1] if at + span <= len(columns) else None
        at += span
        if owner is None or any("\u4e00" <= char <= "\u9fff" for char in text):
            cells.append(Cell(text, colspan=span))
            label = text or label
            continue
        fact = _fact(money.form, owner[0], Row(label), owner[1])
        cells.append(Cell(text, colspan=span, align="right", fact=fact))
    return tuple(cells)
