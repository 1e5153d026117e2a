"""Printed amounts as points in the space of coordinates, in integer fen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from budgetkit.printed.widths import fold

#: a fen is one step of money
FEN = 100
#: how the key of a line that no coordinate tells from others goes on behind its project
LINE = "#"
#: no money is as much, in yuan
HUGE = 1e16


class Point(NamedTuple):
    """What the money is; "all" where an amount is not split, "" for no item."""

    flow: str
    fund: str
    origin: str
    nature: str
    item: str


class Key(NamedTuple):
    """Whose money and what for: the row of a table that is keyed by entity, code and project; "" for all."""

    entity: str = ""
    scheme: str = ""
    code: str = ""
    #: further classifications, joined
    further: str = ""
    project: str = ""


class When(NamedTuple):
    """Year and phase; 0 and "" where the print does not say."""

    year: int
    phase: str


class Amount(NamedTuple):
    """One printed amount."""

    number: int
    #: 0 for prose
    table: int
    page: int
    #: of the page; in prose ordinals of the section and of the sentence
    row: int
    col: int
    when: When
    key: Key
    point: Point
    #: amount or change
    aspect: str
    fen: int
    #: worth of the last printed digit in fen, at least 1
    step: int
    is_total: bool


@dataclass(frozen=True, slots=True)
class Amounts:
    """All amounts of a document that may take part in identities."""

    listed: tuple[Amount, ...]
    #: how many facts there are: an index from there on is of a statement
    facts: int
    #: page, row and column of amounts that are not understood, by table
    unread: Mapping[int, frozenset[tuple[int, int, int]]]
    #: the worth in fen of a last digit of the prose that is left out because it is a zero; 0 where zeros are printed
    exact: int = 0

    def by_index(self) -> dict[int, Amount]:
        """The amounts by their index."""
        return {one.number: one for one in self.listed}


_COLUMNS = (
    "table", "page", "row", "col", "year", "phase", "entity", "scheme", "code", "code_economic_department",
    "code_economic_government", "project", "flow", "fund", "origin", "nature", "item", "aspect", "unread", "amount",
    "quantum", "is_total",
)  # fmt: skip
_STATED = (
    "page", "section", "sentence", "year", "phase", "entity", "scheme", "code", "flow", "fund", "origin", "nature",
    "item", "measure", "value", "quantum",
)  # fmt: skip
#: from so many amounts with two decimals on, none of which ends in a zero, a document leaves zeros at the end out;
#: fewer are enough where so many have one decimal
_MANY, _FEWER, _SHORT = 24, 10, 4
_DECIMALS = re.compile(r"\d(?:\.(?P<decimals>\d+))?万元")


def amounts_of(facts: Any, statements: Any = (), entity: str | None = None) -> Amounts:
    """The amounts of facts and statements with their coordinates.

    `facts`, `statements`: the frames of one document, or the rows they are made of; `entity`: whose document it is: its
    own money has no further entity, that of other units has.
    """
    columns = _lists(facts, _COLUMNS)
    own = fold(entity or "")
    names: dict[str | None, str] = {None: "", "": ""}
    found: list[Amount] = []
    strange: dict[int, set[tuple[int, int, int]]] = {}
    for index, (
        table, page, row, col, year, phase, who, scheme, code, department, government, project, flow, fund, origin,
        nature, item, aspect, unread, amount, quantum, is_total,
    ) in enumerate(zip(*columns, strict=True)):  # fmt: skip
        if amount is None or not abs(amount) < HUGE or aspect not in ("amount", "change"):
            continue
        place = (page or 0, row or 0)
        if unread or flow is None:
            if amount and aspect == "amount":
                strange.setdefault(table or 0, set()).add((*place, col or 0))
            continue
        if who not in names:
            names[who] = "" if fold(who) == own else fold(who)
        further = "/".join(part for part in (department, government) if part)
        key = Key(names[who], scheme or "" if code else "", code or "", further, "" if is_total else project or "")
        found.append(
            Amount(
                index, table or 0, *place, col or 0, When(int(year or 0), phase or ""), key,
                point_of(flow, fund, origin, nature, item), aspect, round(amount * FEN),
                max(round((quantum or 0) * FEN), 1), bool(is_total),
            )
        )  # fmt: skip
    count = len(columns[0])
    found += _stated(statements, count, names, own)
    exact = _exact(*_lists(statements, ("printed",)))
    return Amounts(tuple(found), count, {table: frozenset(places) for table, places in strange.items()}, exact)


def _stated(statements: Any, first: int, names: dict[str | None, str], own: str) -> list[Amount]:
    found = []
    sections, sentences, last = 0, 0, (None, None)
    for index, (
        page, section, sentence, year, phase, who, scheme, code, flow, fund, origin, nature, item, measure, value,
        quantum,
    ) in enumerate(zip(*_lists(statements, _STATED), strict=True), first):  # fmt: skip
        sections += section != last[0]
        sentences += sentence != last[1]
        last = (section, sentence)
        if measure not in ("amount", "change") or value is None or not abs(value) < HUGE or flow is None:
            continue
        if who not in names:
            names[who] = "" if fold(who) == own else fold(who)
        key = Key(names[who], scheme or "" if code else "", code or "")
        found.append(
            Amount(
                index, 0, page or 0, sections, sentences, When(int(year or 0), phase or ""), key,
                point_of(flow, fund, origin, nature, item), measure, round(value * FEN),
                max(round((quantum or 0) * FEN), 1), False,
            )
        )  # fmt: skip
    return found


def _exact(printed: Iterable[str | None]) -> int:
    """The worth of the last digit of figures that leave zeros at their end out; 0 where any prints one."""
    found = [match["decimals"] or "" for text in printed if (match := _DECIMALS.search(text or ""))]
    fine = [decimals for decimals in found if len(decimals) > 1]
    least = _FEWER if sum(len(decimals) == 1 for decimals in found) >= _SHORT else _MANY
    dropped = len(fine) >= least and {len(one) for one in fine} == {2} and not any(one.endswith("0") for one in fine)
    return 100 * FEN if dropped else 0


@lru_cache(maxsize=1 << 10)
def point_of(flow: str, fund: str | None, origin: str | None, nature: str | None, item: str | None) -> Point:
    """A point; income of all origins is all there is to spend (收入总计), as other tables call it."""
    if flow == "income" and origin in (None, "all"):
        flow = "sources"
    return Point(flow, fund or "all", origin or "all", nature or "all", item or "")


def _lists(rows: Any, names: Sequence[str]) -> list[list[Any]]:
    """Columns of a frame or of rows, None for NA."""
    if hasattr(rows, "columns"):
        return [plain(rows[name]) for name in names]
    if not rows:
        return [[] for _ in names]
    return [[row.get(name) for row in rows] for name in names]


def agree(one: Amount, other: Amount) -> bool:
    """Whether two amounts are the same as far as their last printed digits tell."""
    return 2 * abs(one.fen - other.fen) <= one.step + other.step


def plain(series: Any) -> list[Any]:
    """Values as Python objects, None for NA."""
    return list(series.to_numpy(dtype=object, na_value=None))
