"""Tables with tabs between the cells, whose rendering lost the extents of merged cells.

Rules for the header of a table with numbers (the body is never moved, except for the phantom column):

1. The index row (栏次, ※, 1 2 3 …) ends the header; it is the measure of the columns. A row that mixes 类 款 项 with
   the index is parted in two. Without an index row the header is what stands above the first row with an amount, a code
   or an ordinal.
2. The first number column is the first with an index, else the first that holds numbers in the body.
3. A head of number columns (支出预算, 本年支出 合计) that follows a label (项目, 科目) and stands over a label column
   goes right to the first number column, with the rest of its row, when the row ends in that many blanks.
4. A label …名称 goes to the column that holds names in the body; when it stands over numbers, its whole row goes left.
   类 款 项 that do not all stand over codes share the code columns. `项目 科目名称` in one cell is a head and a label.
5. A row that went left leaves the last columns without a header: one is supplied only when the row is a known sequence
   (合计, 基本支出, 项目支出) but for its last word and the sum holds in every row; the grid's doubts say so.
6. A single text in the last column of a lower row, under no head, with all columns of the last head taken, is the lost
   child of that head: the heads between go right by one.
7. A last column without header whose every text follows a blank is a phantom: its texts go left by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from budgetkit.model import Grid
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import fold
from budgetkit.readers.text.raster import Rows, header_cells, make_grid, padded, plain_cells, trimmed
from budgetkit.readers.text.vocabulary import is_amount, is_code, is_label, is_money, is_total, words

_HEADER_LIMIT = 10
#: a label of the body: `一、本年收入`, `201 一般公共服务支出`
_FIRST_LABEL = re.compile(r"[一二三四五六七八九十]+、|\d{3}(?:\d{2}){0,2}\s*[^\d\s年]")


@dataclass(frozen=True)
class Parts:
    """A table in three: header rows, index rows, body rows, all `cols` wide."""

    cols: int
    header: Rows
    index: Rows
    body: Rows
    doubts: tuple[str, ...] = field(default=())


def read_tab_table(raw: Sequence[Sequence[str]]) -> Grid:
    """The grid of one table with numbers."""
    parts = _drop_phantom(_split(raw))
    first = _first_number(parts)
    kinds = [_kind([row[col] for row in parts.body]) for col in range(parts.cols)]
    names = [col for col in range(first) if kinds[col] == "text"] or ([first - 1] if first else [])
    doubts = list(parts.doubts)
    header = [_place_row(row, first, names) for row in _unwrapped(parts.header, kinds.count("number"))]
    header = _part_item(_share_code_parts(header, names), first, names)
    header, found = _restore_child(header, parts.cols)
    doubts += found
    header, found = _supply_last(header, parts, first)
    doubts += found
    below = [*parts.index, *parts.body]
    cells = [*header_cells(header, parts.cols), *plain_cells(below, len(header))]
    return make_grid(cells, len(header) + len(below), parts.cols, doubts)


def _split(raw: Sequence[Sequence[str]]) -> Parts:
    """Header, index and body, brought to one width."""
    rows = [list(row) for row in raw]
    at = next((r for r, row in enumerate(rows[:_HEADER_LIMIT]) if is_index(row)), None)
    end = at if at is not None else next((r for r, row in enumerate(rows) if _is_body(row)), len(rows))
    stop = end
    while at is not None and stop < len(rows) and (stop == at or _only_marks(rows[stop])):
        stop += 1
    usual = Counter(len(row) for row in rows[stop:]).most_common(1)
    widest = max(len(trimmed(row)) for row in rows)
    cols = max(widest, min(usual[0][0], len(rows[at])) if usual and at is not None else 0, 1)
    header, index = [padded(row, cols) for row in rows[:end]], [padded(row, cols) for row in rows[end:stop]]
    header, index = _part_mixed(header, index)
    body, doubts = _fit_body([trimmed(row) if len(row) > cols else row for row in rows[stop:]], cols, header)
    return Parts(cols, header, index, body, tuple(doubts))


def is_index(row: Sequence[str]) -> bool:
    """Whether a row counts the columns: increasing whole numbers, with 栏次, ※ or 类 款 项 at most beside them.

    >>> is_index(["类", "款", "项", "栏次", "1", "2"]), is_index(["201", "", "行政运行", "1.00"])
    (True, False)
    """
    marks = (*words().index_marks, *words().code_parts)
    texts = [fold(text) for text in row if text]
    counts = [int(text) for text in texts if text.isdecimal() and len(text) < 3]
    others = [text for text in texts if not (text.isdecimal() and len(text) < 3)]
    rising = all(a < b for a, b in pairwise(counts))
    labels = all(text in marks or is_label(text) for text in others)
    marked = any(text in words().index_marks for text in others) or len(counts) > 2
    return bool(counts) and rising and labels and marked


def _only_marks(row: Sequence[str]) -> bool:
    texts = [fold(text) for text in row if text]
    return bool(texts) and all(text in words().index_marks for text in texts)


def _is_body(row: Sequence[str]) -> bool:
    filled = [text for text in row if text]
    opens = bool(filled) and _FIRST_LABEL.match(filled[0]) is not None
    total = bool(filled) and is_total(filled[0]) and (len(filled) == 1 or any(map(is_money, filled)))
    return opens or total or any(is_amount(text) or (is_code(text) and len(text) > 2) for text in filled)


def _part_mixed(header: Rows, index: Rows) -> tuple[Rows, Rows]:
    """Take labels out of the index row into the header, and 栏次 of a row of its own into the index row."""
    if not index:
        return header, index
    marks = words().index_marks
    first, rest = index[0], index[1:]
    labels = [text if text and not text.isdecimal() and fold(text) not in marks else "" for text in first]
    bare = ["" if label else text for label, text in zip(labels, first, strict=True)]
    for row in [row for row in rest if all(not text or not bare[col] for col, text in enumerate(row))]:
        bare = [text or other for text, other in zip(bare, row, strict=True)]
        rest = [other for other in rest if other is not row]
    return ([*header, labels] if any(labels) else header), [bare, *rest]


def _fit_body(rows: Sequence[Sequence[str]], cols: int, header: Rows) -> tuple[Rows, list[str]]:
    """Pad short rows on the right, or where only that fits what the columns hold, by the full rows or the heads."""
    full = [padded(row, cols) for row in rows if len(row) >= cols]
    kinds = [_kind([row[col] for row in full]) for col in range(cols)]
    if not full:
        full = [row for row in header if all(row)][-1:]
        kinds = ["text" if is_label(text) else "number" for row in full for text in row]
    fitted, doubts = [], []
    for row in rows:
        right = padded(row, cols)
        if len(row) < cols and full and not _fits(right, kinds):
            fitting = next((ways for ways in _ways(row, cols, kinds) if len(ways) == 1), [])
            if len(fitting) == 1:
                right = fitting[0]
            else:
                missing = cols - len(row)
                doubts.append(f"行“{' '.join(filter(None, row))}”缺 {missing} 格，无法确定缺在何处")
        fitted.append(right)
    return fitted, doubts


def _ways(row: Sequence[str], cols: int, kinds: Sequence[str]) -> Iterator[list[list[str]]]:
    """The ways to fill up a short row that fit the columns, the simplest kind of them first.

    Behind its codes; in one place; on both sides; in one place and on the right.
    """
    missing = cols - len(row)
    codes = next((k for k, text in enumerate(row) if not is_code(text)), 0)
    places: list[list[tuple[int, int, int]]] = [
        [(0, codes, missing)] if codes and len(row[0]) > 2 else [],
        [(0, at, missing) for at in range(len(row))],
        [(front, 0, 0) for front in range(1, missing)],
        [(0, at, inner) for at in range(1, len(row)) for inner in range(1, missing)],
    ]
    for each in places:
        ways = {tuple(padded([*[""] * front, *row[:at], *[""] * inner, *row[at:]], cols)) for front, at, inner in each}
        yield [list(way) for way in ways if _fits(way, kinds)]


def _unwrapped(header: Rows, numbers: int) -> Rows:
    """Heads of columns that wrap: a lone text goes on where the row above ends, if so every column has one head.

    The row above may hold several heads in one cell, with a blank between them (事业收入 事业单位, then 经营收入).
    """
    found = list(header)
    for r in range(len(header) - 1, 0, -1):
        above, own = trimmed(found[r - 1]), trimmed(found[r])
        if len(own) != 1 or len(above) < 2 or " " not in above[-1] + own[0]:
            continue
        heads = [text for text in above[:-1] if not is_label(text)]
        parts = (above[-1] + own[0]).split()
        if len(heads) + len(parts) == numbers:
            found[r - 1 : r + 1] = [padded([*above[:-1], *parts], len(header[r]))]
    return found


def _kind(texts: Sequence[str]) -> str:
    """What a column of the body holds: "number", "code", "text" or "" (blank)."""
    filled = [text for text in texts if text]
    if not filled:
        return ""
    numbers = sum(parse_number(text) is not None for text in filled)
    if numbers * 2 <= len(filled):
        return "text"
    return "code" if all(is_code(text) for text in filled if parse_number(text)) else "number"


def _fits(row: Sequence[str], kinds: Sequence[str]) -> bool:
    for text, kind in zip(row, kinds, strict=True):
        number = parse_number(text) is not None
        if text and ((kind == "text" and number) or (kind in ("number", "code") and not number)):
            return False
    return True


def _drop_phantom(parts: Parts) -> Parts:
    last = parts.cols - 1
    above = [*parts.header, *parts.index]
    filled = [row for row in parts.body if row[last]]
    if last < 1 or any(row[last] for row in above) or any(row[last - 1] for row in filled):
        return parts
    if not filled or len(filled) * 4 > len(parts.body):
        return parts if filled else _cut(parts)
    for row in filled:
        row[last - 1] = row[last]
    return _cut(parts)


def _cut(parts: Parts) -> Parts:
    header, index, body = ([row[:-1] for row in rows] for rows in (parts.header, parts.index, parts.body))
    return Parts(parts.cols - 1, header, index, body, parts.doubts)


def _first_number(parts: Parts) -> int:
    if parts.index:
        counted = [col for col, text in enumerate(parts.index[0]) if text.isdecimal()]
        return counted[0] if counted else 0
    kinds = [_kind([row[col] for row in parts.body]) for col in range(parts.cols)]
    return next((col for col, kind in enumerate(kinds) if kind == "number"), 0)


def _place_row(row: list[str], first: int, names: Sequence[int]) -> list[str]:
    """Rules 3 and 4 for one header row."""
    filled = [col for col, text in enumerate(row) if text]
    late = [col for col in filled if col >= first and fold(row[col]) in words().name_labels]
    if first and late and filled[0] == late[0]:
        return padded([*[""] * names[0], *row[late[0] :]], len(row))
    labels = [col for col in filled if is_label(row[col]) and (not _labels_end(row, col))]
    heads = [col for col in filled if col not in labels]
    placed = list(row)
    if labels and heads and labels[0] < heads[0] < first:
        by = first - heads[0]
        if not any(row[len(row) - by :]):
            placed = padded([*row[: heads[0]], *[""] * by, *row[heads[0] :]], len(row))
    wanted = [col for col, text in enumerate(placed[:first]) if fold(text) in words().name_labels]
    if len(wanted) == 1 and wanted[0] not in names and names and not placed[names[0]]:
        placed[names[0]], placed[wanted[0]] = placed[wanted[0]], ""
    return placed


def _labels_end(row: Sequence[str], col: int) -> bool:
    """Whether a head of numbers stands left of this cell: then 项目 is no label of the left columns."""
    return any(text and not is_label(text) for text in row[:col])


def _share_code_parts(header: Rows, names: Sequence[int]) -> Rows:
    """Rule 4: 类 款 项 over fewer code columns share them."""
    codes = names[0] if names else 0
    shared = []
    for row in header:
        parts = [text for text in row if fold(text) in words().code_parts]
        if len(parts) > 1 and codes and len(parts) > codes and [text for text in row if text] == parts:
            heads = [*parts[: codes - 1], "\n".join(parts[codes - 1 :])]
            row = padded(heads, len(row))
        shared.append(row)
    return shared


def _part_item(header: Rows, first: int, names: Sequence[int]) -> Rows:
    """Rule 4: `项目 科目名称` in one cell of the first row becomes a head over all labels and a label below."""
    if not header or not names or " " not in header[0][names[0]]:
        return header
    item, label = header[0][names[0]].split(" ", 1)
    if fold(item) not in words().item_labels or fold(label) not in words().name_labels:
        return header
    top = [item, *[""] * (first - 1), *header[0][first:]]
    low = [*header[0][:first], *[""] * (len(top) - first)]
    low[names[0]] = label
    return [top, low, *header[1:]]


def _restore_child(header: Rows, cols: int) -> tuple[Rows, list[str]]:
    """Rule 6."""
    for r in range(1, len(header)):
        top, low = header[r - 1], header[r]
        if not low[cols - 1] or top[cols - 1]:
            continue
        between = cols - 1
        while between and not low[between - 1]:
            between -= 1
        moved = top[between : cols - 1]
        if moved and all(moved) and low[between - 1] and not top[between - 1]:
            child = low[cols - 1]
            header[r - 1] = [*top[:between], "", *moved]
            header[r] = [*low[:between], child, *[""] * len(moved)]
            return header, [f"表头“{child}”印在末列，按栏次归入其上级表头之下"]
    return header, []


def _supply_last(header: Rows, parts: Parts, first: int) -> tuple[Rows, list[str]]:
    """Rule 5."""
    last = parts.cols - 1
    tall = [row for row in header if any(row[first:])]
    if len(tall) < 2 or any(row[last] for row in header):
        return header, []
    row = tall[-1]
    for sequence in words().sequences:
        start = last - len(sequence) + 1
        printed = tuple(fold(text) for text in row[start:last])
        if start >= first and printed == sequence[:-1] and _adds_up(parts.body, start, last):
            row[last] = sequence[-1]
            return header, [
                f"column {last + 1} has no head, {printed[0]} sums the columns after it, read as {sequence[-1]}"
            ]
    return header, [f"column {last + 1} has no head"]


def _adds_up(body: Rows, start: int, last: int) -> bool:
    checked = 0
    for row in body:
        numbers = [parse_number(text or "0") for text in row[start : last + 1]]
        read = [number for number in numbers if number is not None]
        if len(read) < len(numbers):
            continue
        slack = max(number.quantum for number in read if number) * len(read) / 2
        if abs(read[0].value - sum(number.value for number in read[1:])) > slack:
            return False
        checked += 1
    return checked > 1
