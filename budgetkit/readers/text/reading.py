"""Read text renderings of disclosures: prose as lines, tables as grids, in reading order.

Tables come with tabs between the cells (text_tabs, text_forms) or as bare lines (text_bare, text_bare_forms). Blank
lines are dropped; one within a run of rows with tabs does not end the table, since it stands where a page broke.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import DEFAULT, Budget, Limits
from budgetkit.model import Grid, Line, Page, Source
from budgetkit.printed.widths import fold, ideographs
from budgetkit.readers.encodings import decode as decode_bytes
from budgetkit.readers.loose import figures, part_loose
from budgetkit.readers.text.bare import Block, Knowledge, find_block, learn, parse_block, read_block
from budgetkit.readers.text.bare_forms import find_form, read_form
from budgetkit.readers.text.forms import is_form, read_tab_form
from budgetkit.readers.text.raster import make_grid, plain_cells
from budgetkit.readers.text.separated import Ragged, piped, separated, without_rules
from budgetkit.readers.text.tabs import is_index, read_tab_table
from budgetkit.readers.text.vocabulary import is_amount, is_decimal, words

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_TAG = re.compile(r"</?(?:p|b|i|u|strong|em|span|div|font|sub|sup|table|tr|td|th|tbody|thead)(?:\s[^<>]*)?/?>", re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.{1,400}?)(?<=\S)\1")
_BULLET = re.compile(r"^\s*(?:[-*+]\s+(?!-?[\d,.]+\s*(?:-\s*)?$)(?=\S)|#{1,6}\s+(?=\S))")
#: the unit of a table, above its header
_CAPTION = re.compile(r"单位\s*[:：]\s*(?:人民币)?(?:万|亿|千)?元$")
_MATHS = re.compile(r"\$([^$\\]{0,200}\\[^$]{0,200})\$")
_COMMAND = re.compile(r"\\(leqslant|geqslant|leq|geq|le|ge|times|sim|pm|approx|neq|%|&|_|,|;|\s)")
_SIGNS = {"leqslant": "≤", "geqslant": "≥", "leq": "≤", "geq": "≥", "le": "≤", "ge": "≥", "times": "×", "sim": "~"}
_SIGNS |= {"pm": "±", "approx": "≈", "neq": "≠", "%": "%", "&": "&", "_": "_"}
#: a line or cell of text costs as much as so many drawn objects
_COST = 4
_ESCAPED = re.compile(r"\\([_*#%~\[\]<>])")


@dataclass(frozen=True)
class Run:
    """Rows with tabs that make one table, and the rows before which a blank line stood."""

    rows: tuple[tuple[str, ...], ...]
    breaks: frozenset[int]


@dataclass(frozen=True)
class BareForm:
    """The lines of a target form without tabs."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Unread:
    """The lines of a table that is not read, and why."""

    lines: tuple[str, ...]
    reason: str = "its header is not made of known words"


Item = Line | Run | Block | BareForm | Unread


def read_text(data: bytes, name: str, limits: Limits = DEFAULT) -> Source:
    """Read a text rendering.

    Returns format "text"; one page, or one for each part between form feeds. Numbers of tables whose column could not
    be settled are `strays` of their page, and the grid's `doubts` name them. Raises UnreadableDocument when the bytes
    are no text, nothing but white space, or more than the limits allow.

    >>> source = read_text("部门概况\\n项目\\t预算数\\n一、本年收入\\t12.50\\n".encode(), "budget.txt")
    >>> [type(block).__name__ for block in source.pages[0].blocks]
    ['Line', 'Grid']
    """
    text = decode(data, name)
    budget = Budget(name, limits)
    budget.hold("characters", len(text))
    budget.hold("objects", _COST * (text.count("\n") + text.count("\t")))
    budget.hold("characters_of_a_line", max(map(len, text.rstrip().splitlines())))
    parts = [_segments(part) for part in text.rstrip().split("\f")]
    budget.hold("pages", len(parts))
    blocks = [item for items in parts for item in items if isinstance(item, Block)]
    knowledge = learn(blocks, [item.text for items in parts for item in items if isinstance(item, Line)])
    pages = tuple(_page(number, items, knowledge) for number, items in enumerate(parts, start=1))
    tables = [item for items in parts for item in items if isinstance(item, Unread)]
    unread = [f"table not read, {item.reason}: {' '.join(item.lines[:3])[:60]}" for item in tables]
    pages, loose = part_loose(pages)
    if loose:
        unread.append(f"{loose} lines of figures that make no table not read")
    return Source(format="text", pages=pages, unread=tuple(unread))


def decode(data: bytes, name: str) -> str:
    """The text of a file, or UnreadableDocument."""
    text = decode_bytes(data)
    if _CONTROL.search(text):
        raise UnreadableDocument(f"{name}: 含有控制字符，不是文本文件")
    if not text.strip():
        raise UnreadableDocument(f"{name}: 文件为空")
    if text.count("\ufffd") * 100 > len(text):
        raise UnreadableDocument(f"{name}: 既不是 UTF-8 也不是 GB18030 编码的文本")
    return ideographs(text)


def part_text(text: str) -> Page:
    """The page of text that another document holds, e.g. a web page in which it is set with blanks."""
    items = _segments(text)
    blocks = [item for item in items if isinstance(item, Block)]
    return _page(1, items, learn(blocks, [item.text for item in items if isinstance(item, Line)]))


def clean(line: str) -> str:
    """Remove mark-up from a line: bold, bullets, headings, tags and formula signs.

    >>> clean("- **基本支出**为 $\\\\leq 3\\\\%$"), clean("- 6 -"), clean("<p>目标</p>")
    ('基本支出为 ≤3%', '- 6 -', '目标')
    """
    line = _TAG.sub("", _BREAK.sub("\n", line)) if "<" in line else line
    line = _BOLD.sub(r"\2", _BULLET.sub("", line))
    line = _MATHS.sub(lambda match: _plain_formula(match[1]), line)
    return _ESCAPED.sub(r"\1", line).strip(" \t\r\n\u3000")


def _plain_formula(formula: str) -> str:
    plain = _COMMAND.sub(lambda match: _SIGNS.get(match[1], ""), formula)
    return re.sub(r"(?<!\s)\s*([≤≥×~±≈≠])\s*", r"\1", plain).strip()


def _cells(line: str) -> list[str]:
    """The cells of a row with tabs."""
    return [clean(cell) for cell in line.split("\t")]


def _is_row(line: str) -> bool:
    return bool(line.strip()) and "\t" in line.strip(" \r\n")


def _segments(text: str) -> list[Item]:
    """The parts of a page in reading order."""
    try:
        text = separated(text) or text
    except Ragged:
        ragged = tuple(line for line in map(clean, text.splitlines()) if line)
        return [Unread(ragged, "separators stand within its figures, and their columns are not known")]
    lines = piped(without_rules(text.splitlines()))
    items: list[Item] = []
    bare: list[str] = []
    at = 0
    while at < len(lines):
        if not _is_row(lines[at]):
            bare += [lines[at]] if lines[at].strip() else []
            at += 1
            continue
        items += _bare_segments(bare)
        bare = []
        run, at = _take_run(lines, at)
        items += _without_captions(run)
    return items + _bare_segments(bare)


def _take_run(lines: Sequence[str], start: int) -> tuple[Run, int]:
    """The rows of one table: a line between two rows spans, a blank line breaks the page unless a table begins."""
    rows = [tuple(_cells(lines[start]))]
    breaks = set()
    at = start + 1
    while at < len(lines):
        ahead = next((step for step in range(at, len(lines)) if lines[step].strip()), len(lines))
        spans = ahead == at and ahead + 1 < len(lines) and _is_row(lines[ahead + 1])
        if ahead == len(lines) or not (_is_row(lines[ahead]) or spans):
            break
        row = tuple(_cells(lines[ahead]))
        if _is_caption(row) and not _is_caption(rows[-1]):
            break
        if ahead > at:
            if _is_row(lines[ahead]) and _begins_table(lines[ahead : ahead + 6], rows):
                break
            breaks.add(len(rows))
        rows.append(row)
        at = ahead + 1
    return Run(tuple(rows), frozenset(breaks)), at


def _is_caption(row: Sequence[str]) -> bool:
    return any(map(_CAPTION.search, row))


def _without_captions(run: Run) -> list[Item]:
    """A run without the rows that are no table: captions (某局<TAB>单位：万元), lines a tab only indents."""
    filled = [tuple(filter(None, row)) for row in run.rows]
    top = next((r for r, row in enumerate(filled) if not _is_caption(row)), len(filled))
    rest = filled[top:]
    prose = all(len(row) < 2 for row in rest) or (len(rest) == 1 and not any(map(is_amount, rest[0])))
    if prose:
        return [Line("\t".join(row)) for row in filled if row]
    items: list[Item] = [Line("\t".join(row)) for row in filled[:top]]
    return [*items, Run(run.rows[top:], frozenset(at - top for at in run.breaks if at > top))]


def _begins_table(lines: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows after a blank line are a table of their own: its header again, or an index row among the first."""
    ahead = [_cells(line) for line in takewhile(_is_row, lines)]
    return ahead[0] == list(rows[0]) or any(is_index(row) for row in ahead)


def _bare_segments(raw: Sequence[str]) -> list[Item]:
    """Prose, and the tables and forms that came out as bare lines."""
    lines = [line for line in map(clean, raw) if line]
    items: list[Item] = []
    at = 0
    while at < len(lines):
        found = find_block(lines, at) or find_form(lines, at)
        begin, end = found or (at + 1, at + 1)
        items += [Line(line) for line in lines[at:begin]]
        if found:
            items += _bare_table(lines[at], lines[begin:end])
        at = end
    return items


def _bare_table(title: str, lines: Sequence[str]) -> list[Item]:
    """The table or form of these lines; prose where they are neither."""
    if fold(title) in words().form.titles:
        return [BareForm(tuple(lines))]
    block = parse_block(lines, title)
    if block is not None:
        return [block]
    if sum(map(_ends_in_amount, lines)) > 2:
        return [Unread(tuple(lines))]
    return [Line(line) for line in lines]


def _ends_in_amount(line: str) -> bool:
    return is_decimal(line.split()[-1])


def _page(number: int, items: Sequence[Item], knowledge: Knowledge) -> Page:
    blocks: list[Line | Grid] = []
    strays: list[Line] = []
    above = 0
    for item in items:
        if isinstance(item, Line):
            blocks.append(item)
            continue
        if isinstance(item, Unread):
            blocks += [Line(line) for line in item.lines if not _ends_in_amount(line)]
            strays += [Line(token) for line in item.lines if _ends_in_amount(line) for token in figures(line)]
            continue
        grid, lost = _grid(item, knowledge)
        strays += lost
        blocks.append(replace(grid, page=number, first_row=above))
        above += grid.rows
    return Page(number=number, blocks=tuple(blocks), strays=tuple(strays))


def _is_budget(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table has amounts, an index row, or at least the heads of amounts (an empty table)."""
    texts = [text for row in rows for text in row if text]
    heads = sum(fold(text) in words().leaves for text in texts)
    return heads > 1 or any(map(is_amount, texts)) or any(map(is_index, rows))


def _grid(item: Run | Block | BareForm, knowledge: Knowledge) -> tuple[Grid, tuple[Line, ...]]:
    if isinstance(item, Block):
        return read_block(item, knowledge)
    if isinstance(item, BareForm):
        return read_form(item.lines), ()
    if is_form(item.rows):
        return read_tab_form(item.rows, item.breaks), ()
    if not _is_budget(item.rows):
        wide = max(map(len, item.rows))
        rows = [[*row, *[""] * (wide - len(row))] for row in item.rows]
        return make_grid(plain_cells(rows, 0), len(rows), wide), ()
    return read_tab_table(item.rows), ()
