"""The layout of a table: where its head ends, what every column is, and how columns form blocks side by side.

Whether a cell is header or body is decided per cell: the row `类 款 项 合计 2,946.25` is both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from budgetkit import lexicon
from budgetkit.lexicon import NOTHING, Meaning
from budgetkit.model import Cell
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.units import unit_in
from budgetkit.printed.widths import fold, squeeze
from budgetkit.tables import columns
from budgetkit.tables.economic import Path, classes_of_heads
from budgetkit.tables.joining import Table
from budgetkit.tables.rows import Row, distinct, texts

#: a code with its name in one cell: [2010301]行政运行, 2050803-培训支出, 201 一般公共服务支出
JOINED = re.compile(
    r"[\[［(（【]?(?P<code>[1235]\d{2}(?:\d{2}){0,4})[\]］)）】]?[-—－:：]?(?P<name>[^\d\s.,，%年月].*)"
)

#: a code as a column of names may print it: 2010301, 201-03-01
CODE = re.compile(r"[1235]\d{2}(?:[-－—]?\d{2}){0,2}")

#: digits with decimals or grouped, whatever the marks are
_AMOUNT = re.compile(r"[-+(]?\d+(?:[.,]\d+)+\)?%?")
_MARKED = re.compile("[.,，%]")
#: ends of heads that hold all that the head above them does
_SUMS = re.compile("[计数额]$")
#: heads below a change that say it in hundredths
_PARTS_OF_CHANGE = ("", "百分比", "百分数", "比例", "比率", "幅度")


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    index: int
    #: printed header cells from top to bottom
    path: tuple[str, ...]
    #: "amount", "code", "name", "entity", "project", "line", "id", "period", "told" or "text"
    role: str
    #: what the heads above it say of its amounts, from the top down
    meaning: Meaning = NOTHING
    #: the unit of money that its heads state
    unit: str | None = None
    #: whether anything stands below its head
    filled: bool = True

    @property
    def head(self) -> str:
        """Its header cells as one text."""
        return "/".join(self.path)


@dataclass(frozen=True)
class Block:
    """Columns that make rows of their own: labels and the amounts beside them."""

    labels: tuple[Column, ...]
    amounts: tuple[Column, ...]
    #: "income" or "expenditure" in two-sided summaries
    side: str | None = None


@dataclass(frozen=True)
class Layout:
    """How to read a table."""

    #: number of the first body row
    body: int
    #: rows that count columns (1 2 3, 栏次) or repeat the head
    skipped: frozenset[int]
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    #: heads that contradict each other, and pairs of columns that claim one meaning
    conflicts: tuple[str, ...] = ()


def layout(table: Table, two_sided: bool) -> Layout:
    """Read the head of a table.

    `two_sided`: whether the form has an income and an expenditure side.
    """
    printed = [texts(row.cells) for row in table.rows]
    body, index_rows = _body_start(table.rows, printed)
    heads = [k for k in range(body) if k not in index_rows and not _is_sentence(printed[k], table.width)]
    head_texts = {text for k in heads for text in printed[k]}
    repeated = {
        k
        for k, own in enumerate(printed[body:], body)
        if _is_index(own) or (len(own) > 1 and head_texts.issuperset(own) and not any(map(_like_amount, own)))
    }
    skipped = index_rows | frozenset(repeated)
    below = [row.cells for k, row in enumerate(table.rows) if k >= body and k not in skipped]
    found = tuple(_column(table, col, heads, body, below) for col in range(table.width))
    if two_sided or table.caption.meaning.flow == "income":
        # the items of a summary and of an income are no projects, whatever their column is called
        found = tuple(replace(column, role="name") if column.role == "project" else column for column in found)
    elif any("绩效目标" in cell for column in found for cell in column.path):
        # what has goals is a project
        found = tuple(replace(column, role="project") if _lists_items(column) else column for column in found)
    classes = classes_of_heads(table, [column.path for column in found if column.role == "amount"])
    labels = [column.index for column in found if column.role in ("code", "name")]
    over = {k: {id(table.rows[k].cells[index]) for index in labels} for k in heads}
    read = [_with_meaning(table, column, over, classes) for column in found]
    against = tuple(text for _, texts_ in read for text in texts_)
    found, twice = _told_apart(_balanced(tuple(column for column, _ in read)), two_sided)
    return Layout(body, skipped, found, _blocks(found, two_sided), (*against, *twice))


def _lists_items(column: Column) -> bool:
    return column.role == "name" and bool(column.path) and columns.plain(column.path[-1]) == "项目"


def _body_start(rows: Sequence[Row], printed: Sequence[Sequence[str]]) -> tuple[int, frozenset[int]]:
    index_rows = set()
    for k, own in enumerate(printed):
        if _is_index(own):
            index_rows.add(k)
        elif _is_body(rows[k].cells, own):
            return k, frozenset(index_rows)
    return len(rows), frozenset(index_rows)


def _is_index(found: Sequence[str]) -> bool:
    """Whether a row of some texts only counts columns: 栏次 1 2 3, ※, 类 款 项 1 2 3."""
    if len(found) < 2 or not all(map(columns.vocabulary().labels.index.fullmatch, map(fold, found))):
        return False
    counts = [int(text) for text in map(fold, found) if text.isdigit()]
    if not counts:
        return any(re.fullmatch(r"\*+|※+|栏次|行次|[A-Z甲乙丙]|[①-⑳]|\(\d+\)", fold(text)) for text in found)
    rising = all(a < b for a, b in pairwise(counts)) and counts[0] > 0
    return rising and (len(counts) > 2 or len(counts) < len(found) or counts[0] == 1)


def _is_body(cells: Sequence[Cell | None], found: Sequence[str]) -> bool:
    if not found:
        return False
    if any((parse_number(text) and not re.fullmatch(r"20\d\d", text)) or _like_amount(text) for text in found):
        return True
    ordinal = columns.vocabulary().labels.ordinal
    if any(ordinal.match(fold(text)) or JOINED.fullmatch(text) for text in found):
        return True
    return len(found) == 1 and columns.is_total(found[0]) and sum(cell is not None for cell in cells) > 1


@lru_cache(maxsize=1 << 13)
def _like_amount(text: str) -> bool:
    """Whether a text is printed like an amount, also one that cannot be read (1.234,56)."""
    return _AMOUNT.fullmatch(fold(text)) is not None


def _is_sentence(own: Sequence[str], width: int) -> bool:
    """Whether the one text of a row is no head but a sentence: 本单位没有政府性基金预算，故本表为空表。"""
    return len(own) == 1 and width > 1 and ("。" in own[0] or len(own[0]) > 40)


def _column(table: Table, col: int, heads: Sequence[int], body: int, below: Sequence[Sequence[Cell | None]]) -> Column:
    path = _path(table, col, heads, body)
    printed = [squeeze(cell.text) for cells in below if (cell := cells[col]) is not None and cell.text]
    texts_below = [text for text in printed if text and not _is_header_only(text)]
    return Column(col, path, _role(path, texts_below), filled=bool(texts_below))


@lru_cache(maxsize=1 << 13)
def _is_header_only(text: str) -> bool:
    """Whether a text can only be a header wherever it stands: 类, 款, 项, 栏次."""
    return columns.vocabulary().labels.header_only.fullmatch(fold(text)) is not None


def _with_meaning(
    table: Table, column: Column, over: Mapping[int, Set[int]], classes: Mapping[Path, str]
) -> tuple[Column, tuple[str, ...]]:
    """What the heads of an amount column say, and where they contradict each other.

    A head that also stands over code or name columns heads a block (人员经费 over code, name and amount): its rows
    carry classes of their own, whose amounts keep the nature of the title. `over` has the cells over such columns, by
    the row of the head.
    """
    if column.role != "amount":
        return column, ()
    heading = {
        squeeze(cell.text)
        for k, cells in over.items()
        if (cell := table.rows[k].cells[column.index]) is not None and id(cell) in cells
    }
    meaning, against = NOTHING, []
    for depth, head in enumerate(column.path, 1):
        code = classes.get(column.path[:depth])
        own = NOTHING._replace(flow="expenditure", economic=code) if code else lexicon.read(head)
        if head in heading:
            own = own._replace(nature=None)
        if meaning.aspect == "change" and fold(head).strip("()%") in _PARTS_OF_CHANGE:
            own = NOTHING._replace(aspect="change_rate")
        meaning, contradicted = lexicon.refine(meaning, own)
        if contradicted:
            against.append(f"{_named(column)}: {head} contradicts the head above it in {', '.join(contradicted)}")
            meaning = meaning._replace(unread=(*meaning.unread, head))
    unit = next((unit for head in reversed(column.path) if (unit := unit_in(head))), None)
    return replace(column, meaning=meaning, unit=unit), tuple(against)


def _path(table: Table, col: int, heads: Sequence[int], body: int) -> tuple[str, ...]:
    """The header cells above a column; a cell of the first body row counts when it can only be a header (类 款 项)."""
    rows = [table.rows[k].cells[col] for k in heads]
    if body < len(table.rows):
        first = table.rows[body].cells[col]
        if first is not None and _is_header_only(first.text):
            rows.append(first)
    found: list[str] = []
    for cell in distinct(rows):
        text = squeeze(cell.text)
        if text and (not found or found[-1] != text):
            found.append(text)
    return tuple(found)


def _role(path: Sequence[str], content: Sequence[str]) -> str:
    numbers = [text for text in content if parse_number(text) or _like_amount(text)]
    money = [text for text in numbers if _MARKED.search(text) or len(text) not in (2, 3, 5, 7) or text == "0"]
    mostly_numbers = len(numbers) > 0.5 * len(content)
    if path and money and columns.is_generic(path[-1]):
        return "amount"
    for depth, cell in enumerate(reversed(path)):
        if columns.is_generic(cell) and not (depth == 0 and columns.role_of(cell) and not money):
            continue
        if columns.is_specific(cell):
            break
        role = columns.role_of(cell)
        if role in ("name", "entity", "project", "told") and money and mostly_numbers:
            break
        if role in ("code", "name") and content and not money:
            coded = sum(map(bool, map(CODE.fullmatch, content))) > 0.5 * len(content)
            role = "code" if coded else role if numbers else "name"
        if role:
            return role
    if numbers and mostly_numbers:
        return "amount" if path or money else "code"
    if not content:
        return "amount" if any(columns.is_specific(cell) or columns.is_generic(cell) for cell in path[-1:]) else "text"
    return "text"


def _balanced(found: tuple[Column, ...]) -> tuple[Column, ...]:
    """Columns of last year's money beside an income and a balance at the end: the balance at the beginning."""
    if not {"income", "closing_balance"} <= {column.meaning.flow for column in found}:
        return found
    return tuple(
        replace(column, meaning=column.meaning._replace(flow="opening_balance"))
        if (head := lexicon.read("".join(column.path[:1]))).origin == "carried_forward" and not head.flow
        else column
        for column in found
    )


def _told_apart(found: tuple[Column, ...], two_sided: bool) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Mark columns of one block that claim one meaning as not understood, and say which."""
    conflicts: list[str] = []
    unclear: set[int] = set()
    for block in _blocks(found, two_sided):
        seen: dict[Meaning, Column] = {}
        paths = {column.path for column in block.amounts}
        for column in block.amounts:
            if column.path and (*column.path[:-1], column.path[-1].replace("结转", "结余")) in paths - {column.path}:
                # 结转 beside 结余: half of a balance, which no coordinate names
                unclear.add(column.index)
            other = seen.setdefault(column.meaning, column)
            if column.meaning.unread:
                continue
            if _is_other_part(column, block) if other is column else _is_part(column, other):
                # a part that the lexicon does not know, of what stands before it
                unclear.add(column.index)
            elif other is not column:
                conflicts.append(f"{_named(other)} and {_named(column)} claim one meaning")
                unclear |= {other.index, column.index}
    marked = tuple(_unclear(column) if column.index in unclear else column for column in found)
    return marked, tuple(conflicts)


def _is_part(column: Column, whole: Column) -> bool:
    """Whether of two columns that seem to mean one the first is a part of the other: 其中, or a head beside a total."""
    totals = [bool(each.path) and _SUMS.search(each.path[-1]) is not None for each in (column, whole)]
    own = bool(column.path) and column.path[-1] not in whole.path
    return (own and totals == [False, True]) or any(cell.startswith("其中") for cell in column.path)


def _is_other_part(column: Column, block: Block) -> bool:
    """Whether a column says no more than the head above it, beside a part without coordinate (部门项目 | 专项资金)."""
    *above, last = column.path or ("",)
    if not above or _SUMS.search(last) or lexicon.read(last) != NOTHING:
        return False
    beside = (each.path[-1] for each in block.amounts if each.path[:-1] == tuple(above))
    return any(term and term.opaque and not term.flow for head in beside for _, term in lexicon.words(head))


def _unclear(column: Column) -> Column:
    return replace(column, meaning=column.meaning._replace(unread=(column.head or "no head",)))


def _named(column: Column) -> str:
    return f"column {column.index + 1} ({column.head})"


def _blocks(found: Sequence[Column], two_sided: bool) -> tuple[Block, ...]:
    """Cut the columns into blocks: a new one begins where a name or code column follows an amount."""
    blocks: list[tuple[list[Column], list[Column]]] = [([], [])]
    for place, column in enumerate(found):
        labels, amounts = blocks[-1]
        if column.role == "amount":
            amounts.append(column)
            continue
        more = any(later.role == "amount" for later in found[place:])
        opens = column.role in ("name", "code") or (two_sided and column.role in ("line", "text", "told", "project"))
        # blank columns between labels (购买服务内容) part nothing
        amount = any(each.filled for each in amounts) or found[place - 1].role == "amount"
        if amounts and amount and opens and more:
            blocks.append(([column], []))
        else:
            labels.append(column)
    return tuple(Block(tuple(labels), tuple(amounts), _side(labels, amounts)) for labels, amounts in blocks)


def _side(labels: Sequence[Column], amounts: Sequence[Column]) -> str | None:
    flows = (lexicon.read(cell).flow for column in (*labels, *amounts) for cell in column.path)
    return next((flow for flow in flows if flow in ("income", "expenditure")), None)
