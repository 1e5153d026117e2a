"""Performance forms with tabs between the cells (项目支出绩效自评表, 绩效目标表): rows put under their indicator heads.

Merged cells were left out of the rows, so counting cells does not place them. What places a row:

- head rows (label, value): a label takes the blanks up to its value, a value those up to the next label;
- fund rows: the label of the line stands just left of 年初预算数;
- indicator rows: they go left or right as a whole until level words stand under 一级/二级指标, numbers under 分值 and
  得分; the way that needs no move is preferred, then the one that fills the row;
- the row 总分: its two numbers stand under 分值 and 得分;
- a row after a page break that has no level word, no 三级指标 and no 分值 continues the cells of the row above.

Where no way fits, the row stays as printed and the grid's doubts say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from budgetkit.model import Cell, Grid
from budgetkit.printed.widths import fold, squeeze
from budgetkit.readers.text.raster import Rows, make_grid, padded, plain_cells, trimmed
from budgetkit.readers.text.vocabulary import is_money, words

_NO_NUMBER = ("", "—", "-", "/", "无")


@dataclass(frozen=True)
class Heads:
    """The columns of the indicator part."""

    row: int
    cols: int
    levels: tuple[int, ...]
    weight: int | None
    score: int | None


def is_form(raw: Sequence[Sequence[str]]) -> bool:
    """Whether a table has the heads of indicators."""
    return _heads(raw) is not None


def read_tab_form(raw: Sequence[Sequence[str]], breaks: frozenset[int] = frozenset()) -> Grid:
    """The grid of one performance form.

    `breaks`: the rows before which a blank line stood (a page broke).
    """
    heads = _heads(raw)
    if heads is None:
        return make_grid([], 0, 0)
    top = _place_funds([padded(row, heads.cols) for row in raw[: heads.row]])
    low, doubts = _indicator_rows(raw, heads, breaks)
    cells = [cell for r, row in enumerate(top) for cell in _head_cells(r, row)]
    cells += plain_cells([padded(raw[heads.row], heads.cols)], heads.row)
    cells += _merge_levels(low, heads)
    return make_grid(cells, heads.row + 1 + len(low), heads.cols, doubts)


def _heads(raw: Sequence[Sequence[str]]) -> Heads | None:
    known = words().form
    for r, row in enumerate(raw):
        texts = [fold(text) for text in row]
        if all(head in texts for head in known.indicator_heads):
            weight = next((c for c, text in enumerate(texts) if text in known.weight_heads), None)
            score = next((c for c, text in enumerate(texts) if text in known.score_heads), None)
            levels = tuple(texts.index(head) for head in known.indicator_heads)
            widest = max(len(trimmed(other)) for other in raw[: r + 1])
            return Heads(r, max(len(trimmed(row)), widest), levels, weight, score)
    return None


def _place_funds(rows: Rows) -> Rows:
    """Put the label of each fund line just left of the first funds head."""
    known = words().form
    start, at = None, 0
    placed = []
    for r, row in enumerate(rows):
        texts = [fold(text) for text in row]
        if known.funds_heads[0] in texts:
            start, at = r, texts.index(known.funds_heads[0])
        elif start is not None:
            label = next((c for c, text in enumerate(row) if c and text), 0)
            numbers = [text for text in row[label + 1 :] if text]
            by = label - (at - 1)
            is_line = numbers and all(is_money(squeeze(text).rstrip("%")) or text in _NO_NUMBER for text in numbers)
            if is_line and by > 0 and not any(row[label - by : label]):
                row = padded([*row[: label - by], *row[label:]], len(row))
        placed.append(row)
    return placed


def _head_cells(r: int, row: Sequence[str]) -> list[Cell]:
    """Cells of a row above the indicators; blanks of a fund line stay blank cells of their own."""
    known = words().form
    filled = [col for col, text in enumerate(row) if text]
    texts = [fold(text) for text in row]
    funds = any(text in known.funds_heads for text in texts) or sum(text in _NO_NUMBER[1:] for text in texts) > 1
    numbers = sum(is_money(squeeze(text)) for text in row)
    if funds or numbers > 2 or not filled:
        wide = filled[1] if len(filled) > 1 and filled[0] == 0 and not is_money(squeeze(row[filled[1]])) else 1
        return [Cell(r, 0, row[0], 1, wide), *(Cell(r, col, row[col]) for col in range(wide, len(row)))]
    cells = [Cell(r, col, "") for col in range(filled[0])]
    for col, end in zip(filled, [*filled[1:], len(row)], strict=True):
        label = texts[col].rstrip(":") in known.labels
        next_label = end == len(row) or texts[end].rstrip(":") in known.labels
        if label and next_label and end - col > 1:
            cells += [Cell(r, col, row[col]), Cell(r, col + 1, "", 1, end - col - 1)]
        else:
            cells.append(Cell(r, col, row[col], 1, end - col))
    return cells


def _indicator_rows(raw: Sequence[Sequence[str]], heads: Heads, breaks: frozenset[int]) -> tuple[Rows, list[str]]:
    rows: Rows = []
    doubts = []
    for r in range(heads.row + 1, len(raw)):
        row = _part_fused(raw[r], heads.cols)
        if any(fold(text) in words().form.total_labels for text in row[:2]):
            rows.append(_place_total(row, heads))
            continue
        placed = _place(row, heads)
        if placed is None:
            placed = padded(row, heads.cols)
            doubts.append(f"指标行“{' '.join(filter(None, row))[:40]}”无法对齐表头")
        if rows and r in breaks and _continues(placed, heads):
            rows[-1] = ["\n".join(filter(None, pair)) for pair in zip(rows[-1], placed, strict=True)]
        else:
            rows.append(placed)
    return rows, doubts


def _part_fused(row: Sequence[str], cols: int) -> list[str]:
    """Part a cell that holds a level 2 word and the name of the indicator."""
    known = words().form
    for col, text in enumerate(row):
        first, _, rest = text.partition(" ")
        if rest and fold(first) in known.second and fold(text) not in known.second and len(trimmed(row)) < cols:
            if fold(text) in known.levels or rest in ("指标", "标"):
                continue
            return [*row[:col], first, rest, *row[col + 1 :]]
    return list(row)


def _place_total(row: Sequence[str], heads: Heads) -> list[str]:
    label = next(col for col, text in enumerate(row) if text)
    numbers = [text for text in row[label + 1 :] if text]
    columns = [col for col in (heads.weight, heads.score) if col is not None]
    if len(numbers) != len(columns) or not all(is_money(squeeze(text)) for text in numbers):
        return padded(row, heads.cols)
    placed = [""] * heads.cols
    placed[min(label, heads.levels[0])] = row[label]
    for col, text in zip(columns, numbers, strict=True):
        placed[col] = text
    return placed


def _place(row: Sequence[str], heads: Heads) -> list[str] | None:
    """The row as a whole moved under the heads, or None where no move fits."""
    known = words().form
    best: tuple[tuple[int, int, int], list[str]] | None = None
    for by in (0, 1, -1, 2):
        if by < 0 and any(row[:-by]):
            continue
        moved = [*[""] * by, *row] if by >= 0 else list(row[-by:])
        if by > 0 and row[0] and heads.levels[0] and fold(row[0]) not in (*known.levels, *known.second):
            moved = [row[0], *[""] * by, *row[1:]]  # the caption of the part, broken with the page, stays at the left
        if len(trimmed(moved)) > heads.cols:
            continue
        moved = _name_from_second(padded(moved, heads.cols), heads)
        merit = _merit(moved, heads)
        if merit is not None:
            rank = (merit, int(len(row) + by == heads.cols), -abs(by))
            if best is None or rank > best[0]:
                best = (rank, moved)
    return best[1] if best else None


def _name_from_second(row: list[str], heads: Heads) -> list[str]:
    """A name that stands under 二级指标 with nothing under 三级指标 goes there."""
    second, third = heads.levels[1], heads.levels[2]
    if row[second] and not row[third] and fold(row[second]) not in words().form.second and any(row[third + 1 :]):
        row[second], row[third] = "", row[second]
    return row


def _merit(row: Sequence[str], heads: Heads) -> int | None:
    """How much speaks for a place of the row: level words and numbers where they belong; None when one does not."""
    known = words().form
    first, second, third = (fold(row[col]) for col in heads.levels)
    if any(fold(text) in (*known.levels, *known.second) for text in row[: heads.levels[0]]):
        return None
    if (first and is_money(first)) or (second and second not in known.second):
        return None
    if (first in known.second and first not in known.levels) or (third in known.second or third in known.levels):
        return None
    if first in known.levels and second and second not in (*known.levels[first], *known.second):
        return None
    merit = int(first in known.levels) + int(second in known.second)
    for col in (heads.weight, heads.score):
        if col is None:
            continue
        text = squeeze(row[col])
        if is_money(text):
            merit += 1
        elif text not in (*_NO_NUMBER, *known.levels):
            return None
    return merit


def _continues(row: Sequence[str], heads: Heads) -> bool:
    left = any(row[: heads.levels[-1] + 1])
    return not left and any(row) and not (heads.weight is not None and is_money(squeeze(row[heads.weight])))


def _merge_levels(rows: Rows, heads: Heads) -> list[Cell]:
    """Cells of the indicator part: a level word reaches down over the blanks below it."""
    cells = plain_cells(rows, heads.row + 1)
    for col in heads.levels[:2]:
        held: Cell | None = None
        column = [cell for cell in cells if cell.col == col]
        for cell in column:
            row = rows[cell.row - heads.row - 1]
            ends = any(fold(text) in words().form.total_labels for text in row[:2])
            opens = col == heads.levels[1] and bool(row[heads.levels[0]])
            if held is not None and not cell.text and not ends and not opens and any(row):
                grown = Cell(held.row, held.col, held.text, held.rowspan + 1)
                cells = [grown if other is held else other for other in cells if other is not cell]
                held = grown
            else:
                held = cell if cell.text and not ends else None
    return cells
