"""Rows of indicators: read under their head, put together over page breaks, levels carried down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from budgetkit.model import Cell
from budgetkit.performance.heads import under
from budgetkit.performance.model import Field, Head, Level, Line, Sheet
from budgetkit.performance.values import parse_value
from budgetkit.performance.vocabulary import plain, role, vocabulary
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import fold, squeeze

#: what a level weighs, behind its name: 产出指标（50分）
_LEVEL_POINTS = re.compile(r"[(（](?:\d{2,3}(?:\.\d+)?[分%]?|\d(?:\.\d+)?分)[)）]$")
_LEVELS = ("level1", "level2")
_SHORT = ("target", "actual", "weight", "score")
_TAIL = 2
_TEXTS = ("level3", "joined", "nature", "target", "unit", "actual", "prior_actual", "weight", "score", "reason")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: page, names of level 1 and 2, and the other texts by role."""

    page: int
    levels: tuple[Field | None, Field | None]
    fields: Mapping[str, Field]


def read_line(sheet: Sheet, row: int, head: Head, top: int | None) -> Line | None:
    """One row under a head; None for a row that holds no indicator (备注, 填报人, text over the whole width).

    `top`: the first row below the head when the form goes on from the page before, else None.
    """
    cells = under(sheet, row, head)
    first = next((cell for cell in sheet.row(row) if squeeze(cell.text) and cell.row == row), None)
    if (first is not None and is_skipped(first)) or is_head(sheet, row):
        return None
    widest = next((cells[name] for name in _LEVELS if name in cells), None)
    if widest is not None and squeeze(widest.text) and _hides_names(widest, cells, head):
        return None
    level1, level2 = (_level(sheet, row, cells[name], top) if name in cells else None for name in _LEVELS)
    fields = {}
    for name, cell in cells.items():
        if name in _TEXTS and cell.row == row and squeeze(cell.text):
            fields[name] = sheet.field(cell)
    if not fields and not any(level is not None and level.field.text for level in (level1, level2)):
        return None
    return Line(sheet.page, sheet.index, row == top, (level1, level2), fields)


def is_head(sheet: Sheet, row: int) -> bool:
    """Whether a row prints heads of columns only: what a page repeats of a head, be it one cell."""
    words = vocabulary()
    texts = [cell.text for cell in sheet.row(row) if squeeze(cell.text)]
    return bool(texts) and all(role(words.column_roles, text) or role(words.fund_lines, text) for text in texts)


def is_skipped(cell: Cell) -> bool:
    """Whether a first cell marks a row without indicator."""
    words = vocabulary()
    label = fold(cell.text).partition(":")[0]
    return role(words.front_roles, label) == "contact" or label in words.levels.skips


def read_total(sheet: Sheet, row: int, head: Head) -> dict[str, Field] | None:
    """Total weight and score when the row is the total (总分), else None."""
    first = next((cell for cell in sheet.row(row) if squeeze(cell.text) and cell.row == row), None)
    if first is None or plain(first.text) not in vocabulary().levels.totals:
        return None
    cells = under(sheet, row, head)
    found: dict[str, Field] = {
        name: sheet.field(cells[name])
        for name in ("weight", "score")
        if name in cells and cells[name] != first and parse_number(cells[name].text) is not None
    }
    numbers = [cell for cell in sheet.row(row) if parse_number(cell.text) is not None]
    wanted = [name for name in ("weight", "score") if head.has(name)]
    if len(found) < len(wanted) == len(numbers):
        found = {name: sheet.field(cell) for name, cell in zip(wanted, numbers, strict=True)}
    if len(numbers) == 1 and len(wanted) == 2 and "weight" in found and "score" not in cells:
        # one cell under both heads: the weights of all indicators are no news, the score is
        found = {"score": found["weight"]}
    return found


def indicators(lines: Sequence[Line]) -> list[Indicator]:
    """Indicators of one form in order: broken rows joined, levels carried down, blank categories left out."""
    found = []
    for line, levels in _carried(_joined(_filled_back(_mended(lines)))):
        fields = dict(line.fields)
        level1, level2 = levels
        if "joined" in fields:
            level1, level2, fields["level3"] = split_levels(fields.pop("joined"))
        if _says_something(fields):
            found.append(Indicator(line.page, (level1, level2), fields))
    return found


def split_levels(field: Field) -> tuple[Field | None, Field | None, Field]:
    """Level 1, level 2 and the name that are printed in one cell without separator.

    >>> [part and part.text for part in split_levels(Field("产出指标数量指标举办招聘会"))]
    ['产出指标', '数量指标', '举办招聘会']
    """
    levels = vocabulary().levels
    text = field.text
    parts: list[Field | None] = []
    for names in (levels.first, levels.second):
        name = max((name for name in names if text.startswith(name) and text != name), key=len, default=None)
        if name is None or (len(parts) == 1 and parts[0] is None):
            parts.append(None)
            continue
        parts.append(Field(name, field.places))
        text = text.removeprefix(name)
    return parts[0], parts[1], Field(text, field.places)


def _hides_names(level: Cell, cells: Mapping[str, Cell], head: Head) -> bool:
    """Whether a level cell is so wide that the names of the indicators have no cell of their own."""
    return head.has("level3") and "level3" not in cells and level.colspan > 1


def _level(sheet: Sheet, row: int, cell: Cell, top: int | None) -> Level:
    field = sheet.field(cell)
    name = _LEVEL_POINTS.sub("", field.text)
    return Level(
        # the points of a level are no indicator's, and left over: its cell is not wholly told
        field=field if name in ("", field.text) else Field(name),
        starts=cell.row == row,
        at_top=cell.row == top,
        at_end=cell.row + cell.rowspan >= sheet.grid.rows,
        span=cell.rowspan,
    )


def _mended(lines: Sequence[Line]) -> list[Line]:
    """Names of levels that a page break cuts in two (满意度 | 指标) made whole in both parts."""
    mended = list(lines)
    names = vocabulary().levels.first | vocabulary().levels.second
    for at in range(1, len(mended)):
        for level in (0, 1):
            above, below = mended[at - 1].levels[level], mended[at].levels[level]
            if above is None or below is None or not (above.at_end and below.at_top):
                continue
            whole = above.field.joined(below.field)
            known = [fold(field.text) in names for field in (above.field, below.field, whole)]
            if above.field.text and below.field.text and known[2] and not (known[0] and known[1]):
                first = at - 1
                while first >= 0 and (cell := mended[first].levels[level]) and cell.field == above.field:
                    mended[first] = _with_level(mended[first], level, whole)
                    first -= 1
                last = at
                while last < len(mended) and (cell := mended[last].levels[level]) and cell.field == below.field:
                    mended[last] = _with_level(mended[last], level, Field(whole.text, below.field.places))
                    last += 1
    return mended


def _filled_back(lines: Sequence[Line]) -> list[Line]:
    """Levels whose text stands on the next page only: a merged cell, broken by the page, prints its text in one part.

    A blank cell that begins below the top of its page and touches the end is such a part when the form merges cells.
    """
    filled = list(lines)
    for level in (0, 1):
        for at in range(len(filled) - 1, 0, -1):
            below, above = filled[at].levels[level], filled[at - 1].levels[level]
            if not filled[at].at_top or below is None or above is None or not below.field.text:
                continue
            if above.field.text or above.at_top or not above.at_end:
                continue
            first = not any(level_text(line, level) for line in filled[:at])
            if not first and not _merges(filled, level):
                continue
            start = at - 1
            while start >= 0 and filled[start].levels[level] == replace(above, starts=start_of(filled, start, level)):
                filled[start] = _with_level(filled[start], level, below.field)
                if start_of(filled, start, level):
                    break
                start -= 1
    return filled


def level_text(line: Line, level: int) -> str:
    """The text of a level cell; "" for none."""
    cell = line.levels[level]
    return cell.field.text if cell is not None else ""


def start_of(lines: Sequence[Line], at: int, level: int) -> bool:
    """Whether the level cell of a line begins in it."""
    cell = lines[at].levels[level]
    return cell is not None and cell.starts


def _merges(lines: Sequence[Line], level: int) -> bool:
    """Whether the form merges the cells of a level over its rows."""
    return any(cell is not None and cell.span > 1 for cell in (line.levels[level] for line in lines))


def _with_level(line: Line, level: int, field: Field) -> Line:
    cell = line.levels[level]
    new = None if cell is None else replace(cell, field=field)
    return replace(line, levels=(new, line.levels[1]) if level == 0 else (line.levels[0], new))


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Rows whose text goes on at the top of the next page put together again; the rest of a head row is dropped."""
    joined: list[Line] = []
    for line in lines:
        if joined and line.at_top and _is_rest(line, joined[-1]):
            names = [name for name in _TEXTS if name in joined[-1].fields or name in line.fields]
            merged = {name: _join(joined[-1].fields.get(name), line.fields.get(name)) for name in names}
            joined[-1] = replace(joined[-1], fields=merged)
        elif joined or not line.at_top or "level3" in line.fields or any(level_text(line, level) for level in (0, 1)):
            joined.append(line)
    return joined


def _join(above: Field | None, below: Field | None) -> Field:
    if above is None or below is None:
        return above or below or Field("")
    return above.joined(below)


def _is_rest(line: Line, above: Line) -> bool:
    """Whether the first row of a page is the rest of the last row before it.

    It is when it begins no other level and prints either no name, or none of the short cells (target, result, points)
    that a row of its own has, or just those that the row before lacks.
    """
    if not line.fields or any(level_text(line, level) not in ("", level_text(above, level)) for level in (0, 1)):
        return False
    name = "level3" if "level3" in above.fields else "joined"
    if name not in above.fields:
        return False
    here, before = ({short for short in _SHORT if short in part.fields} for part in (line, above))
    if name not in line.fields:
        return not here & before & {"weight", "score"}
    if here & before:
        return (
            not (here - {"target", "actual"})
            and before > here
            and all(_is_tail(above.fields[short].text, line.fields[short].text) for short in here)
        )
    return bool(before) or bool(here)


def _is_tail(above: str, text: str) -> bool:
    """Whether a text can only be the end of a target or result, as 月 of ≥1月&&≤12月 and 月/人 of 1800元/月/人."""
    if re.search(r"[<>=≥≤&/(,、]$", fold(above)):
        return True
    if any(char.isdigit() or char in "<>=≥≤" for char in fold(text)):
        return False
    return len(text) <= _TAIL or (parse_value(above).value is None and parse_value(above + text).value is not None)


def _carried(lines: Sequence[Line]) -> list[tuple[Line, tuple[Field | None, Field | None]]]:
    """Each row with its names of level 1 and 2, carried down from the rows above.

    Where level 1 stands outside the grid of a page, another level 2 has that of the rows that print both, or none.
    """
    carried = []
    pairs: dict[str, Field] = {}
    first: Field | None = None
    second: Field | None = None
    for line in lines:
        level1, level2 = line.levels
        if level1 is not None and level1.field.text:
            other = first is None or level1.field.text != first.text
            if other and level1.starts and not (level1.at_top and first is None):
                second = None
            first = level1.field
        if level2 is not None and level2.field.text:
            if level1 is None and second is not None and level2.field.text != second.text:
                first = pairs.get(level2.field.text)
            second = level2.field
            if level1 is not None and first is not None:
                pairs[second.text] = first
        carried.append((line, (first, second)))
    return carried


def _says_something(fields: Mapping[str, Field]) -> bool:
    """Whether a row is an indicator: it has a name or a target that is no placeholder."""
    blank = re.compile(vocabulary().levels.blanks)
    texts = [fields[name].text for name in ("level3", "target") if name in fields]
    return any(not blank.fullmatch(fold(text)) for text in texts)
