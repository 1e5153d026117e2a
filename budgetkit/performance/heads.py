"""Rows that name the columns of indicators, and the cells of a row under them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from budgetkit.model import Cell, Grid
from budgetkit.performance.model import Column, Head, Sheet
from budgetkit.performance.vocabulary import role, vocabulary
from budgetkit.printed.widths import squeeze

_EDGE, _BORDER = 14.0, 9.0
#: how closely borders agree on a page that is shifted, and how far it can be, in points
_CLOSE, _SHIFT = 2.0, 90.0
_TWICE = frozenset({"level2", "level3", "target"})


def find_heads(sheet: Sheet) -> list[Head]:
    """The heads of a grid from top to bottom; a head of several rows is one."""
    found: list[Head] = []
    for row in range(sheet.grid.rows):
        head = _head(sheet, row)
        if head is None:
            continue
        if found and found[-1].last == row - 1 and any(cell.row < row for cell in _named(sheet, row)):
            found[-1] = replace(head, first=found[-1].first)
        else:
            found.append(head)
    return found


def _named(sheet: Sheet, row: int) -> list[Cell]:
    return [cell for cell in sheet.row(row) if role(vocabulary().column_roles, cell.text)]


def _head(sheet: Sheet, row: int) -> Head | None:
    """The head whose last row is the given one, or None where it names no columns of indicators."""
    named = [
        Column(means, squeeze(cell.text), cell.col, cell.col + cell.colspan)
        for cell in sheet.row(row)
        if (means := role(vocabulary().column_roles, cell.text))
    ]
    columns = {column.role: column for column in reversed(named)}
    names = [column.label for column in named if column.role == "level3"]
    targets = sum(column.role == "target" for column in named)
    if len(names) > 1 and (targets > 1 or len(set(names)) == 1):
        # the whole project's indicators stand left, the year's right (实施期, 年度)
        columns |= {column.role: column for column in named if column.role in _TWICE}
    if "level3" in columns:
        columns.pop("joined", None)
    projects = "project" in columns or "entity" in columns
    funds = _fund_columns(sheet, row) if projects else []
    listed = "level3" in columns or "joined" in columns
    packed = "project" in columns and "joined" in columns and bool(funds) and "target" not in columns
    # what is only scored has no target (评分标准, 自评得分)
    if not packed and not (listed and ("target" in columns or {"weight", "score"} <= columns.keys())):
        return None
    if not projects:
        columns.pop("goal", None)
    ordered = sorted([*columns.values(), *funds], key=lambda column: column.first)
    first = min((cell.row for cell in _named(sheet, row)), default=row)
    return Head(first, row, tuple(ordered), sheet.grid.xs, projects, packed, sheet.grid.cols)


def _fund_columns(sheet: Sheet, row: int) -> list[Column]:
    lines = vocabulary().fund_lines
    return [
        Column(f"fund:{role(lines, cell.text)}", squeeze(cell.text), cell.col, cell.col + cell.colspan)
        for cell in sheet.row(row)
        if role(lines, cell.text)
    ]


def under(sheet: Sheet, row: int, head: Head) -> dict[str, Cell]:
    """The cells of a row by the role of the column they stand under; a wide cell counts for its leftmost column.

    The grid is the head's own, or one that goes on from it on a later page: then the borders decide.
    """
    found: dict[str, Cell] = {}
    taken: set[Cell] = set()
    own = not head.xs or not sheet.grid.xs or sheet.grid.xs == head.xs
    shift = 0.0 if own else shift_of(sheet.grid, head.xs) or 0.0
    for column in head.columns:
        at = column.first if own else _column_at(sheet.grid, (head.xs[column.first] + head.xs[column.last]) / 2 + shift)
        cell = sheet.grid.matrix[row][at] if at is not None and at < sheet.grid.cols else None
        if cell is not None and cell not in taken:
            found[column.role] = cell
            taken.add(cell)
    return found


def _column_at(grid: Grid, x: float) -> int | None:
    return next((col for col, (left, right) in enumerate(pairwise(grid.xs)) if left <= x < right), None)


def goes_on(grid: Grid, xs: tuple[float, ...]) -> bool:
    """Whether a grid can go on from one with the given borders: same edges, and no border of its own.

    Documents drawn anew on each page move borders by some points.
    """
    if len(xs) < 3 or len(grid.xs) < 3 or abs(grid.xs[0] - xs[0]) > _EDGE or abs(grid.xs[-1] - xs[-1]) > _EDGE:
        return False
    return all(min(abs(x - other) for other in xs) <= _BORDER for x in grid.xs[1:-1])


def shift_of(grid: Grid, xs: tuple[float, ...]) -> float | None:
    """How far right a grid stands of the given borders, all of its own being among them; None where they are not.

    Left columns may stand outside the grid, and a page may be shifted as a whole: then the borders agree closely.
    """
    if len(grid.xs) < 3:
        return None
    tried = ((0.0, _BORDER), (grid.xs[-1] - xs[-1], _CLOSE), (grid.xs[0] - xs[0], _CLOSE))
    for shift, close in tried:
        if abs(shift) <= _SHIFT and all(min(abs(x - shift - other) for other in xs) <= close for x in grid.xs):
            return shift
    return None
