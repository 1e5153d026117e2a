"""Tables that came out as bare lines: header pieces one a line, wrapped names, blank cells lost.

A block runs from the line below `…单位：万元` to the note (备注：…) or the next caption. Its header is cut into known
words (text_bare_header); a row starts with its code or with 合计 and ends with its numbers. The column of a number is
settled by the sums of the table and what the document states (text_settle); what is not settled is left out of the
grid, named in its doubts, and handed back as stray lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from budgetkit.model import Grid, Line
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.widths import fold, squeeze
from budgetkit.readers.text.bare_header import Header, Side, cut_words, lay_out, printed_words
from budgetkit.readers.text.raster import header_cells, make_grid, padded, plain_cells
from budgetkit.readers.text.settle import Settled, settle
from budgetkit.readers.text.vocabulary import is_decimal, is_money, is_total, words

_UNIT = re.compile(r"单位\s*[:：]\s*(?:人民币)?(万元|元)\s*$")
_NUMERAL = "[一二三四五六七八九十]+"
_ENDS = (r"备?注\s*[:：]", rf"表\s*(?:{_NUMERAL}|\d+)\s*[:：]?\s*$", rf"第{_NUMERAL}部分", r"-\s*\d+\s*-\s*$")
_END = re.compile(rf"\s*(?:{'|'.join(_ENDS)})")
#: lines between the unit and the table, or above the next table
_CAPTION = re.compile(r"(?:编制|填报)(?:部门|单位)\s*[:：]|\d{4}\s*年度?$|公开\d+表$")
_PROSE = re.compile(r"。\s*$|[，；].{12}")
_PARTS = re.compile(r"类\s*款(?:\s*项)?(?!\S)")
_FIRST_CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
_ORDINAL = re.compile(r"[一二三四五六七八九十]+、")


@dataclass(frozen=True)
class BareRow:
    """One row of one side: its codes, the pieces of its label, its numbers."""

    codes: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The pieces joined over the line ends."""
        return "".join(self.pieces)


@dataclass(frozen=True)
class Block:
    """One table as parsed: per row one `BareRow` for each side (None: nothing printed there)."""

    layout: Header
    rows: tuple[tuple[BareRow | None, ...], ...]
    unit: str


@dataclass(frozen=True)
class Knowledge:
    """What the rest of the document says."""

    #: code -> name as printed in other tables
    names: Mapping[str, str] = field(default_factory=dict)
    projects: frozenset[str] = frozenset()
    #: folded label of a summary's income side -> amounts (0 where blank)
    items: Mapping[str, frozenset[Decimal]] = field(default_factory=dict)
    prose: str = ""


def find_block(lines: Sequence[str], start: int) -> tuple[int, int] | None:
    """First and last line (exclusive) of the block whose unit line is lines[start], or None where none follows it."""
    if not _UNIT.search(lines[start]) or "\t" in lines[start]:
        return None
    begin = start + 1
    while begin < len(lines) and _CAPTION.match(lines[begin]):
        begin += 1
    end = begin
    while end < len(lines) and not _stops(lines[end]):
        end += 1
    return (begin, end) if end > begin and (end == len(lines) or "\t" not in lines[end]) else None


def _stops(line: str) -> bool:
    title = fold(line) in words().form.titles
    inside = any(pattern.search(line) for pattern in (_UNIT, _PROSE))
    return "\t" in line or title or inside or any(pattern.match(line) for pattern in (_END, _CAPTION))


def parse_block(lines: Sequence[str], unit_line: str) -> Block | None:
    """Header and rows of a block, or None where its header is not made of known words."""
    lines = [line for line in map(_without_index, lines) if line]
    end = next((at + 1 for at, line in enumerate(lines) if _PARTS.search(line) and not _starts_body(line)), None)
    if end is None:
        end = next((at for at, line in enumerate(lines) if _starts_body(line)), len(lines))
    cut = cut_words(lines[:end])
    layout = lay_out(cut) if cut else None
    if layout is None or cut is None:
        return None
    printed = printed_words(lines[:end], cut)
    header = tuple(tuple(printed.get(word, word) for word in row) for row in layout.header)
    layout = replace(layout, header=header)
    decimals = any(is_decimal(token) for line in lines[end:] for token in line.split())
    rows: list[tuple[BareRow | None, ...]]
    if len(layout.sides) == 2:
        rows = [*_summary_rows(lines[end:], decimals)]
    else:
        rows = [(row,) for row in _list_rows(lines[end:], layout.sides[0], decimals)]
    match = _UNIT.search(unit_line)
    return Block(layout, tuple(rows), match[1] if match else "元")


def _without_index(line: str) -> str:
    """The line without the index (栏次 1 2 3 …) at its end; a lone integer stays."""
    tokens = line.split()
    at = len(tokens)
    while at and (tokens[at - 1] in words().index_marks or (tokens[at - 1].isdecimal() and len(tokens[at - 1]) < 3)):
        at -= 1
    counts = [int(token) for token in tokens[at:] if token.isdecimal()]
    marked = any(token in words().index_marks for token in tokens[at:])
    counted = len(counts) > 1 and all(b == a + 1 for a, b in pairwise(counts))
    return " ".join(tokens[:at]) if counted or (marked and len(tokens) - at > 1) else line


def _starts_body(line: str) -> bool:
    tokens = line.split()
    return is_decimal(tokens[-1]) or _FIRST_CODE.fullmatch(tokens[0]) is not None


def _part_numbers(tokens: Sequence[str], decimals: bool) -> tuple[list[str], list[str]]:
    """Label tokens and the numbers at the end; in a table with decimals a bare integer is part of a name."""
    at = len(tokens)
    while at and is_money(tokens[at - 1]) and (is_decimal(tokens[at - 1]) or not decimals or tokens[at - 1] == "0"):
        at -= 1
    return list(tokens[:at]), list(tokens[at:])


def _list_rows(lines: Sequence[str], side: Side, decimals: bool) -> list[BareRow]:
    rows: list[BareRow] = []
    codes_wide = side.labels.count("code")
    for at, line in enumerate(lines):
        codes, rest = _leading_codes(line.split(), codes_wide)
        pieces, numbers = _part_numbers(rest, decimals)
        total = is_total("".join(pieces)) and not codes
        opened = bool(rows) and not rows[-1].numbers and not is_total(rows[-1].label)
        only_numbers = at + 1 < len(lines) and not _part_numbers(lines[at + 1].split(), decimals)[0]
        tail = bool(rows) and bool(pieces) and not numbers and not only_numbers
        if codes or total or not (opened or tail):
            rows.append(BareRow(codes, tuple(_rejoined(pieces, total)), tuple(numbers)))
        else:
            last = rows[-1]
            rows[-1] = BareRow(last.codes, (*last.pieces, *pieces), (*last.numbers, *numbers))
    return rows


def _rejoined(pieces: list[str], total: bool) -> list[str]:
    return [" ".join(pieces)] if total else pieces


def _leading_codes(tokens: Sequence[str], wide: int) -> tuple[tuple[str, ...], list[str]]:
    codes: list[str] = []
    for token in tokens[:wide]:
        shape = _FIRST_CODE if not codes else re.compile(r"\d{2}")
        if not shape.fullmatch(token):
            break
        codes.append(token)
    return tuple(codes), list(tokens[len(codes) :])


def _summary_rows(lines: Sequence[str], decimals: bool) -> list[tuple[BareRow | None, BareRow | None]]:
    parsed = [_segments(line.split(), decimals) for line in lines]
    coded = any(row.codes for segments in parsed for row in segments[-1:])
    rows: list[tuple[BareRow | None, BareRow | None]] = []
    for segments in parsed:
        left, right = _halves(segments, coded)
        before = rows[-1][0] if rows else None
        if left and not right and before and rows[-1][1] is None and not before.numbers and _unclosed(before.label):
            rows[-1] = (BareRow((), (*before.pieces, *left.pieces), left.numbers), None)
        else:
            rows.append((left, right))
    return rows


def _segments(tokens: Sequence[str], decimals: bool) -> list[BareRow]:
    """The labels of a line, each with the numbers after it; a code or an ordinal opens a label."""
    rows: list[BareRow] = []
    for at, token in enumerate(tokens):
        number = is_money(token) and (is_decimal(token) or not decimals or token == "0")
        named = at + 1 < len(tokens) and not is_money(tokens[at + 1])
        code = _FIRST_CODE.fullmatch(token) is not None and named
        last = rows[-1] if rows else BareRow()
        if code or not rows or (not number and (last.numbers or (last.pieces and _ORDINAL.match(token)))):
            rows.append(BareRow((token,) if code else (), () if code else (token,)))
        elif number:
            rows[-1] = BareRow(last.codes, last.pieces, (*last.numbers, token))
        else:
            rows[-1] = BareRow(last.codes, (" ".join((*last.pieces, token)),), last.numbers)
    return rows


def _halves(segments: list[BareRow], coded: bool) -> tuple[BareRow | None, BareRow | None]:
    if len(segments) > 1:
        return segments[0], segments[1]
    row = segments[0]
    expenditure = bool(row.codes) or (not coded and "支出" in row.label) or (coded and row.label.startswith("支出"))
    return (None, row) if expenditure else (row, None)


def _unclosed(text: str) -> bool:
    folded = fold(text)
    return folded.count("(") > folded.count(")")


def learn(blocks: Iterable[Block], prose: Sequence[str]) -> Knowledge:
    """Names of codes, income items and prose of the whole document."""
    names: dict[str, str] = {}
    items: dict[str, set[Decimal]] = {}
    for block in blocks:
        for halves in block.rows:
            row = halves[0]
            if len(block.layout.sides) == 2 and row is not None:
                number = parse_number(row.numbers[0]) if row.numbers else None
                items.setdefault(strip_ordinal(fold(row.label)), set()).add(number.value if number else Decimal(0))
            elif row is not None and row.codes and "project" not in block.layout.sides[0].labels:
                names.setdefault("".join(row.codes), squeeze(row.label))
    projects = {squeeze(found) for line in prose for found in re.findall(r"项目名称\s*[:：]?\s*(\S+)", line)}
    frozen = {label: frozenset(amounts) for label, amounts in items.items()}
    return Knowledge(names, frozenset(projects), frozen, fold("".join(prose)))


def read_block(block: Block, knowledge: Knowledge) -> tuple[Grid, tuple[Line, ...]]:
    """The grid of a block, and the numbers whose column is not settled."""
    doubts: list[str] = []
    strays: list[Line] = []
    body: list[list[str]] = [[] for _ in block.rows]
    for at, side in enumerate(block.layout.sides):
        rows = [halves[at] or BareRow() for halves in block.rows]
        settled = _settle_side(block, side, rows, knowledge)
        doubts += [doubt for doubt in settled.doubts if any(None in columns for columns in settled.columns)]
        for r, (row, columns) in enumerate(zip(rows, settled.columns, strict=True)):
            labels, unsure = _labels(row, side, knowledge)
            body[r] += [*labels, *_numbers(row, columns, len(side.leaves))]
            lost = [text for text, column in zip(row.numbers, columns, strict=True) if column is None]
            strays += [Line(text) for text in lost]
            if lost:
                doubts.append(
                    f"行“{row.label or ' '.join(row.codes)}”的数字 {'、'.join(lost)} 属于哪一列无法确定，未入表"
                )
            if unsure:
                doubts.append(f"行“{row.label}”的科目名称与项目名称无法分开")
    header = block.layout.header
    cells = [*header_cells(header, block.layout.cols), *plain_cells(body, len(header))]
    return make_grid(cells, len(header) + len(body), block.layout.cols, doubts), tuple(strays)


def _numbers(row: BareRow, columns: Sequence[int | None], wide: int) -> list[str]:
    cells = [""] * wide
    for text, column in zip(row.numbers, columns, strict=True):
        if column is not None:
            cells[column] = text
    return cells


def _labels(row: BareRow, side: Side, knowledge: Knowledge) -> tuple[list[str], bool]:
    """The label cells of a row, and whether name and project could not be told apart."""
    if side.labels == ("item",):
        return [" ".join(filter(None, (*row.codes, row.label)))], False
    codes = padded(row.codes, side.labels.count("code"))
    rest = side.labels[len(codes) :]
    if len(rest) < 2:
        return [*codes, *([row.label] if rest else [])], False
    known = knowledge.names.get("".join(row.codes))
    cuts = [("".join(row.pieces[:at]), "".join(row.pieces[at:])) for at in range(1, len(row.pieces))]
    fitting = [cut for cut in cuts if squeeze(cut[0]) == known] or [
        cut for cut in cuts if squeeze(cut[1]) in knowledge.projects
    ]
    if len(fitting) == 1:
        return [*codes, *fitting[0]], False
    return [*codes, row.label, ""], bool(cuts) and not is_total(row.label)


def _settle_side(block: Block, side: Side, rows: Sequence[BareRow], knowledge: Knowledge) -> Settled:
    wide = len(side.leaves)
    if all(len(row.numbers) in (0, wide) for row in rows):
        return Settled(tuple(tuple(range(len(row.numbers))) for row in rows), ())
    parents, total = _parents(rows)
    stated = _stated(block, side, knowledge) if total is not None else {}
    return settle([row.numbers for row in rows], parents, wide, side.sums, stated)


def _parents(rows: Sequence[BareRow]) -> tuple[list[int | None], int | None]:
    """For each row the row it adds up to (by code, else the total row), and the last total row."""
    totals = [r for r, row in enumerate(rows) if not row.codes and is_total(row.label) and row.numbers]
    parents: list[int | None] = []
    for r, row in enumerate(rows):
        code = "".join(row.codes)
        above = [u for u in range(r) if rows[u].codes and code.startswith("".join(rows[u].codes)) and row.codes]
        shorter = [u for u in above if "".join(rows[u].codes) != code]
        later = [t for t in totals if t > r]
        following = later[0] if later else None
        parents.append(shorter[-1] if shorter else following if following is not None else _other(totals, r))
    return parents, totals[-1] if totals else None


def _other(totals: Sequence[int], row: int) -> int | None:
    """The total row above a row that has none below it, for tables that start with 合计."""
    if not totals or row == totals[-1]:
        return None
    return totals[-1]


def _stated(block: Block, side: Side, knowledge: Knowledge) -> dict[int, frozenset[Decimal]]:
    """Column -> amounts stated for it: by this summary's income side, by other summaries, else by the prose."""
    own = learn([block], ()).items
    stated = {}
    for column, leaf in enumerate(side.leaves):
        if leaf not in words().stated:
            continue
        names = (leaf, *words().stated[leaf])
        listed = [source[name] for source in (own, knowledge.items) for name in names if name in source]
        amounts = listed[0] if listed else _in_prose(names, knowledge.prose, block.unit)
        if amounts:
            stated[column] = amounts
    return stated


def _in_prose(names: Sequence[str], prose: str, unit: str) -> frozenset[Decimal]:
    found = set()
    for name in names:
        for text in re.findall(rf"{re.escape(name)}(?:预算|为|共|合计|:){{0,2}}([\d,]+(?:\.\d+)?){unit}", prose):
            number = parse_number(text)
            if number is not None:
                found.add(number.value)
    return frozenset(found)
