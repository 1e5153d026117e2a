"""What the columns of a grid hold: tells lists of indicators without title and head from tables of money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from budgetkit.model import Cell
from budgetkit.performance.model import Column, Head, Sheet
from budgetkit.performance.values import is_nature, parse_value
from budgetkit.performance.vocabulary import role, vocabulary
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import fold, squeeze

_LONGEST = 40
_HUNDRED = Decimal(100)
_FEN = Decimal("0.01")
_NAMED = frozenset({"level1", "level2", "level3"})

Rows = Sequence[Sequence[Cell | None]]


def is_performance(rows: Rows) -> bool:
    """Whether rows of cells are (a part of) a list of indicators, whatever stands over them: no money then.

    It shows names of levels (数量指标) in cells of their own or as heads of columns, several targets with operators
    (≥95%), indicators packed into one cell, or a column of targets in words and counts (优, 12个月, ≤1月/2项) where no
    column holds amounts.

    `rows`: `Grid.matrix`, or the cells of the rows of a table.

    >>> is_performance([[Cell(0, 0, "供水量"), Cell(0, 1, "≥ 99 %")], [Cell(1, 0, "投诉"), Cell(1, 1, "≤3次")]])
    True
    >>> is_performance([[Cell(0, 0, "办公费"), Cell(0, 1, "99.00")], [Cell(1, 0, "水费"), Cell(1, 1, "3.00")]])
    False
    """
    columns = _columns(rows)
    texts = [text for column in columns for text in column]
    if any(map(_is_level, texts)) or any(_PACKED_PART.search(text) for text in texts if len(text) > _LONGEST):
        return True
    if sum(_is_compared(text) for text in texts if len(text) <= _LONGEST) > 1:
        return True
    return not any(map(_is_money, texts)) and any(map(_holds_targets, columns))


def content_head(sheet: Sheet, rows: range) -> Head | None:
    """The head of indicators that a page does not print, told by what the columns hold; None where it is unclear.

    Known names of level 1 and 2 stand side by side; names, comparisons, values, units and weights stand to their right.
    """
    levels = vocabulary().levels
    for row in rows:
        cells = sheet.row(row)
        for at in range(len(cells) - 3):
            first, second = (fold(cell.text) for cell in cells[at : at + 2])
            if first in levels.first and second in levels.second:
                columns = _right_of(sheet, row, rows, cells[at:])
                if columns is not None:
                    return Head(row, row - 1, columns, sheet.grid.xs, lists=False, packed=False, cols=sheet.grid.cols)
    return None


def _right_of(sheet: Sheet, row: int, rows: range, cells: Sequence[Cell]) -> tuple[Column, ...] | None:
    roles = ["level1", "level2", "level3"]
    for cell in cells[3:]:
        below = [sheet.grid.matrix[other][cell.col] for other in rows if other >= row]
        texts = [text for one in dict.fromkeys(below) if one is not None and (text := squeeze(one.text))]
        roles.append(_role_of(texts, roles))
    if "target" not in roles:
        return None
    return tuple(
        Column(means, "", cell.col, cell.col + cell.colspan) for means, cell in zip(roles, cells, strict=True) if means
    )


def _role_of(texts: Sequence[str], before: Sequence[str]) -> str:
    """The role of a column behind the names of indicators; "" for one that is unclear."""
    if "target" not in before:
        natures = bool(texts) and all(is_nature(text) for text in texts)
        return "nature" if natures and "nature" not in before else "target"
    numbers = [number.value for text in texts if (number := parse_number(text.removesuffix("分"))) is not None]
    if numbers and len(numbers) == len(texts):
        return "weight" if "weight" not in before and max(numbers) <= _HUNDRED and min(numbers) > 0 else ""
    units = bool(texts) and not numbers and all(len(text) <= 4 for text in texts)
    return "unit" if units and before[-1] == "target" and "unit" not in before else ""


#: the first levels as they stand in a cell that packs indicators: 1、1-产出指标；11-数量指标；
_PACKED_PART = re.compile(r"\d、(?:\d+-)?[^；;]{2,8}指标[；;](?:\d+-)?[^；;]{2,12}[；;]")


def _columns(rows: Rows) -> list[list[str]]:
    """The squeezed texts of the cells that begin in each column, from top to bottom."""
    columns: dict[int, list[str]] = {}
    for cell in {id(cell): cell for cells in rows for cell in cells if cell is not None}.values():
        if text := squeeze(cell.text):
            columns.setdefault(cell.col, []).append(text)
    return [texts for _, texts in sorted(columns.items())]


@lru_cache(maxsize=1 << 12)
def _is_level(text: str) -> bool:
    """Whether a text can only be the name of a level or the head of its column."""
    words = vocabulary()
    folded = fold(text)
    if not folded.endswith("指标"):
        return False
    named = folded in words.levels.first or folded in words.levels.second
    return named or (folded.endswith(("级指标", "级绩效指标")) and role(words.column_roles, text) in _NAMED)


@lru_cache(maxsize=1 << 12)
def _is_compared(text: str) -> bool:
    """Whether a text is a comparison: ≥95%, or its sign or 定性 in a column of its own."""
    folded = fold(text)
    return (not folded[:1].isalnum() and parse_value(text).operator is not None) or is_nature(text)


@lru_cache(maxsize=1 << 12)
def _counts(text: str) -> bool:
    """Whether a text is a target in words (优), or a number of things that are no money (12个月)."""
    unit = parse_value(text).unit
    return fold(text) in vocabulary().values.words or (unit is not None and unit != "%" and "元" not in unit)


def _holds_targets(column: Sequence[str]) -> bool:
    short = [text for text in column if len(text) <= _LONGEST]
    targets = sum(_counts(text) or _is_compared(text) for text in short)
    return targets > 1 and 2 * targets > len(short) and not any(map(parse_number, short))


def _is_money(text: str) -> bool:
    """Whether a number is printed as amounts are: with two decimals or more, or in thousands."""
    number = parse_number(text)
    if number is None or number.percent:
        return False
    return number.quantum <= _FEN or abs(number.value) > _HUNDRED * 10
