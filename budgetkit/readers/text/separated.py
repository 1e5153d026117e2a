"""Tables whose cells are parted by commas, semicolons, pipes or drawn lines, brought to tabs."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from budgetkit.printed.numbers import parse_number

#: what tools draw borders with, as the characters of plain text
_DRAWN = str.maketrans(dict.fromkeys("│┃║｜┆┊╎", "|") | dict.fromkeys("┼╋╬├┤┌┐└┘┬┴╔╗╚╝╠╣╦╩╟╢╞╡╪╫╂┠┨┏┓┗┛┣┫┳┻", "+"))
_RULE = re.compile(r"(?=[^-=─━═]*[-=─━═]{3})[\s|+:\-=─━═]+")
_SEPARATORS = (",", ";", "^", "\x1f", "，", "；")
#: a comma that groups digits
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
#: most of the records of a list have the same number of fields
_MOST = 0.5


class Ragged(Exception):
    """Records that have more fields than the list has columns: which column a figure stands in is not known."""


def without_rules(lines: Sequence[str]) -> list[str]:
    """The lines with drawn borders as pipes, without the lines that are nothing but a border."""
    plain = (line.translate(_DRAWN) for line in lines)
    return [line for line in plain if not (line.strip() and _RULE.fullmatch(line))]


def piped(lines: Sequence[str]) -> list[str]:
    """The lines with tabs where the cells of a table are parted by pipes.

    Runs of at least three lines with as many pipes are tables; the pipes around them are no separators when all
    lines of the run have them.

    >>> piped(["名称 | 数", "合计 | 1.00", " | 2.00"])
    ['名称\\t数', '合计\\t1.00', '\\t2.00']
    """
    found: list[str] = []
    at = 0
    while at < len(lines):
        count = lines[at].count("|")
        end = at + 1
        while count and end < len(lines) and lines[end].count("|") == count:
            end += 1
        run = lines[at:end]
        framed = all(line.strip().startswith("|") and line.strip().endswith("|") for line in run)
        found += _parted(run) if count and (end - at > 2 or (count > 2 and framed)) else run
        at = end
    return found


def _parted(run: Sequence[str]) -> list[str]:
    opened = all(line.lstrip().startswith("|") for line in run)
    closed = all(line.rstrip().endswith("|") for line in run)
    rows = []
    for line in run:
        cells = [cell.strip() for cell in line.split("|")]
        rows.append("\t".join(cells[1 if opened else 0 : len(cells) - 1 if closed else len(cells)]))
    return rows


def separated(text: str) -> str | None:
    """The text with tabs in the place of its separators, when it is a list of separated values; else None.

    Raises Ragged when records have more fields than the list has columns, as unquoted separators of thousands make
    them.

    >>> separated('名称,数,率\\n合计,"1,234.50",\\n基本,2.00,3.0%\\n')
    '名称\\t数\\t率\\n合计\\t1,234.50\\t\\n基本\\t2.00\\t3.0%'
    """
    if text.count("\t") > 2:
        return None
    for separator in _SEPARATORS:
        if text.count(separator) >= 4:
            records = _records(text, separator)
            if records:
                return "\n".join("\t".join(record) for record in records)
    return None


def _records(text: str, separator: str) -> list[list[str]] | None:
    """The records of a list, None when the text is none."""
    if separator == ",":
        grouping = len(_GROUPING.findall(text))
        if (
            grouping * 2 > text.count(",")
            and '"' not in text
            and not re.search(r"(?m)^[^,\n]*[^\d,\n],|,(?:,|$)", text)
        ):
            return None
    try:
        records = [
            record if len(record) == 1 else [_cell(cell) for cell in record]
            for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except csv.Error:
        return None
    records = [record for record in records if any(record)]
    widths = Counter(len(record) for record in records)
    wide = {width: count for width, count in widths.items() if width > 2}
    if not wide or sum(wide.values()) < 3 or sum(wide.values()) < _MOST * len(records):
        return None
    if _is_prose([record for record in records if len(record) > 2]):
        return None
    figures = [sum(parse_number(cell) is not None for cell in record) for record in records]
    if sum(count > 0 for count in figures) * 3 < len(records):
        return None
    # editors drop the separators at the end of a record; a record with more than the header is one with others inside
    header = next(len(record) for record in records if len(record) > 2)
    if max(wide) > header and any("".join(record[header:]) for record in records):
        raise Ragged
    return records


def _is_prose(records: Sequence[Sequence[str]]) -> bool:
    """Whether the records are sentences with commas: most end with a full stop, and no number of fields prevails."""
    ended = sum(record[-1].endswith(("。", ".")) for record in records)
    widths = Counter(len(record) for record in records)
    return ended > _MOST * len(records) and max(widths.values()) <= _MOST * len(records)


def _cell(text: str) -> str:
    return "".join(map(str.strip, text.split("\n"))).replace("\t", " ")
