"""Target forms (项目支出绩效目标表) that came out as bare lines: labels with values, level words, indicators.

The raster has seven columns: 一级指标, 二级指标, 三级指标 (three wide) and 指标值 (two wide); level cells reach
down over their indicators. Lines above the indicators are rows of label and value cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from budgetkit.model import Cell, Grid
from budgetkit.printed.widths import fold
from budgetkit.readers.text.raster import make_grid
from budgetkit.readers.text.vocabulary import is_money, words

_COLS = 7
_NAME, _TARGET = 2, 5
_NUMERAL = "[一二三四五六七八九十]+"
_ENDS = (rf"[(（]{_NUMERAL}[)）]", rf"{_NUMERAL}、", rf"第{_NUMERAL}部分", rf"表\s*(?:{_NUMERAL}|\d+)\s*[:：]")
_END = re.compile(rf"\s*(?:{'|'.join(_ENDS)}|备?注\s*[:：]|-\s*\d+\s*-\s*$)")
_TARGET_SHAPE = re.compile(r"(?:[≥≤=<>＞＜＝]\s*=?\s*)?\d[\d,.]*\s*[^\d\s]{0,12}")

#: (level 1, level 2, name, target)
Indicator = tuple[str, str, str, str]


def find_form(lines: Sequence[str], start: int) -> tuple[int, int] | None:
    """First and last line (exclusive) of the bare form whose title is lines[start], or None where none stands there.

    Forms with more columns than a target are left alone: where their cells end cannot be told.
    """
    if fold(lines[start]) not in words().form.titles:
        return None
    begin = start + 1
    while begin < len(lines) and fold(lines[begin].split()[0]).rstrip(":") not in words().form.labels:
        begin += 1
    end = begin
    while end < len(lines) and not _END.match(lines[end]) and "\t" not in lines[end]:
        if fold(lines[end]) in words().form.titles:
            break
        end += 1
    heads = [line.split() for line in lines[begin:end] if _is_heads(line)]
    return (begin, end) if len(heads) == 1 and len(heads[0]) == 4 and begin - start < 4 else None


def _is_heads(line: str) -> bool:
    return all(head in fold(line) for head in words().form.indicator_heads)


def read_form(lines: Sequence[str]) -> Grid:
    """The grid of one form, from the line below its title to its last indicator."""
    at = next(at for at, line in enumerate(lines) if _is_heads(line))
    cells: list[Cell] = []
    head_rows = _joined_heads(lines[:at])
    for r, line in enumerate(head_rows):
        cells += _spread(r, label_values(line))
    first = len(head_rows)
    heads = lines[at].split()
    spans = ((0, 1), (1, 1), (_NAME, _TARGET - _NAME), (_TARGET, _COLS - _TARGET))
    texts = [*heads[:3], " ".join(heads[3:])]
    cells += [Cell(first, col, text, 1, wide) for (col, wide), text in zip(spans, texts, strict=True)]
    rows, doubts = indicators(lines[at + 1 :])
    cells += _indicator_cells(rows, first + 1)
    return make_grid(cells, first + 1 + len(rows), _COLS, doubts)


def _joined_heads(lines: Sequence[str]) -> list[str]:
    """Lines above the indicators; one that starts with no label goes on from the line above."""
    rows: list[str] = []
    for line in lines:
        first = fold(line.split()[0]).rstrip(":")
        if rows and first not in words().form.labels:
            rows[-1] += line
        else:
            rows.append(line)
    return rows


def label_values(line: str) -> list[str]:
    """Cut a line into label, value, label, value …

    >>> label_values("项目资金（万元） 年度资金总额： 70 其中：财政拨款 70 其他资金 0")
    ['项目资金（万元）', '年度资金总额：', '70', '其中：财政拨款', '70', '其他资金', '0']
    """
    pieces: list[str] = []
    labelled = False
    for token in line.split():
        bare = fold(token).removeprefix("其中:").rstrip(":")
        label = bare in words().form.labels
        if label or labelled or not pieces or (is_money(token) and is_money(pieces[-1])):
            pieces.append(token)
        else:
            pieces[-1] += f" {token}"
        labelled = label
    return pieces


def _spread(row: int, pieces: Sequence[str]) -> list[Cell]:
    """The pieces as cells over the whole width; the room left over goes to the values, the last first."""
    pieces = [*pieces[: _COLS - 1], " ".join(pieces[_COLS - 1 :])] if len(pieces) > _COLS else pieces
    wide = [1] * len(pieces)
    spare = _COLS - len(pieces)
    if len(pieces) == 4:
        wide[1] += spare // 2
        spare -= spare // 2
    wide[-1] += spare
    starts = [sum(wide[:at]) for at in range(len(pieces))]
    return [Cell(row, col, text, 1, span) for col, text, span in zip(starts, pieces, wide, strict=True)]


def indicators(lines: Sequence[str]) -> tuple[list[Indicator], list[str]]:
    """The indicators of a form; a level without any gives a row with blank name and target.

    >>> indicators(["产出指标", "数量指标", "培训次数 ≥2 次", "效益指标", "经济效益指标"])[0]
    [('产出指标', '数量指标', '培训次数', '≥2 次'), ('效益指标', '经济效益指标', '', '')]
    """
    rows: list[Indicator] = []
    doubts = []
    level1 = level2 = pending = ""
    for line in lines:
        levels, rest = _levels(line.split(), level1)
        if levels and level2 and (not rows or rows[-1][:2] != (level1, level2)):
            rows.append((level1, level2, "", ""))
        for rank, word in levels:
            level1, level2 = (word, "") if rank == 1 else (level1, word)
        if not rest:
            continue
        parted = _name_target(f"{pending}{rest}")
        if parted is None:
            pending += rest
            continue
        rows.append((level1, level2, *parted))
        pending = ""
    if level2 and (not rows or rows[-1][:2] != (level1, level2)):
        rows.append((level1, level2, "", ""))
    if pending:
        rows.append((level1, level2, pending, ""))
        doubts.append(f"指标“{pending[:40]}”未见指标值")
    return rows, doubts


def _levels(tokens: Sequence[str], level1: str) -> tuple[list[tuple[int, str]], str]:
    """The level words at the start of a line with their rank, and what follows them."""
    known = words().form
    found: list[tuple[int, str]] = []
    for at, token in enumerate(tokens):
        word = fold(token)
        follows = at + 1 < len(tokens) and fold(tokens[at + 1]) in known.second
        if word in known.second and not (
            word in known.levels and (follows or word not in known.levels.get(level1, ()))
        ):
            rank = 2
        elif word in known.levels:
            rank, level1 = 1, word
        else:
            return found, " ".join(tokens[at:])
        if found and found[-1][0] >= rank:
            return found, " ".join(tokens[at:])
        found.append((rank, token))
    return found, ""


def _name_target(text: str) -> tuple[str, str] | None:
    """Part the name of an indicator from its target; None where the line has one piece only."""
    gaps = [match.start() for match in re.finditer(r"\s+", text)]
    for gap in gaps:
        if _TARGET_SHAPE.fullmatch(text[gap:].strip()):
            return text[:gap], text[gap:].strip()
    return (text[: gaps[-1]], text[gaps[-1] :].strip()) if gaps else None


def _indicator_cells(rows: Sequence[Indicator], first: int) -> list[Cell]:
    cells = []
    for r, row in enumerate(rows):
        for col in (0, 1):
            if r and rows[r - 1][: col + 1] == row[: col + 1]:
                continue
            span = 1
            while r + span < len(rows) and rows[r + span][: col + 1] == row[: col + 1]:
                span += 1
            cells.append(Cell(first + r, col, row[col], span))
        cells.append(Cell(first + r, _NAME, row[2], 1, _TARGET - _NAME))
        cells.append(Cell(first + r, _TARGET, row[3], 1, _COLS - _TARGET))
    return cells
