"""Facts as the audit sees them: tables of rows, with one figure for each column."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from budgetkit.audit.model import MONEY, RATE, Figure, Place

if TYPE_CHECKING:
    import pandas as pd

_USED = [
    "document", "form", "title", "table", "side", "phase", "scheme", "code", "code_source", "name", "label", "project",
    "is_total", "measure", "column", "amount", "quantum", "printed", "page", "row", "col", "entity", "unit",
    "code_economic_department", "code_economic_government", "y0", "y1", "x0", "x1",
]  # fmt: skip


class Slot(NamedTuple):
    """A column of a sheet by its meaning; `column` is "" where meaning and phase name it."""

    measure: str
    phase: str
    column: str


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled row of one block of a table."""

    page: int
    row: int
    col: int
    side: str
    scheme: str
    #: as printed in the row; "" where none is
    code: str
    #: told from an official name where no code is printed
    resolved: str
    name: str
    label: str
    entity: str
    project: str
    is_total: bool
    #: the further classifications of the row, joined
    beside: str
    cells: Mapping[Slot, Figure]

    @property
    def level(self) -> int:
        """1 类, 2 款, 3 项; 0 without a code."""
        return max((len(self.code) - 1) // 2, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of money."""

    number: int
    form: str
    title: str
    pages: tuple[int, ...]
    rows: tuple[Row, ...]
    slots: tuple[Slot, ...]
    #: printed header path by slot
    columns: Mapping[Slot, str]
    #: y0, y1 of what was read on each page; empty without geometry
    extent: Mapping[int, tuple[float, float]]

    def cells(self, slot: Slot) -> Iterable[tuple[Row, Figure]]:
        """The rows with a figure in a column."""
        return ((row, row.cells[slot]) for row in self.rows if slot in row.cells)


def sheets_of(facts: pd.DataFrame) -> list[Sheet]:
    """The tables of one document's facts, in order."""
    columns = {name: plain(facts[name]) for name in _USED}
    by_table: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for index, values in enumerate(zip(*columns.values(), strict=True)):
        fact = dict(zip(_USED, values, strict=True))
        if fact["amount"] is not None:
            fact["index"] = index
            by_table[fact["table"] or 0].append(fact)
    return [_sheet(number, listed) for number, listed in sorted(by_table.items())]


def plain(series: pd.Series) -> list[Any]:
    """Values as Python objects, None for NA."""
    missing = series.isna().tolist()
    return [None if gone else value for value, gone in zip(series.tolist(), missing, strict=True)]


def _sheet(number: int, facts: Sequence[Mapping[str, Any]]) -> Sheet:
    step = _usual_step(facts)
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for fact in facts:
        item = fact["name"] if fact["form"] == "three_public" else None
        key = (fact["page"], fact["row"], fact["side"], fact["code"], fact["label"], fact["project"], item)
        groups.setdefault(key, []).append(fact)
    merged = _merged_measures(groups.values())
    slots: dict[Slot, str] = {}
    rows = []
    for listed in groups.values():
        cells = {}
        for fact in listed:
            slot = _slot(fact, merged)
            slots.setdefault(slot, fact["column"] or "")
            cells[slot] = _figure(fact, step)
        rows.append(_row(listed[0], cells))
    first = facts[0]
    return Sheet(
        number,
        first["form"],
        first["title"] or "",
        tuple(sorted({fact["page"] for fact in facts})),
        tuple(sorted(rows, key=lambda row: (row.page, row.row, row.col))),
        tuple(slots),
        slots,
        _extent(facts),
    )


def _usual_step(facts: Sequence[Mapping[str, Any]]) -> float:
    """The worth of the last digit of most amounts: a table with two decimals may drop the zeros of some."""
    steps = Counter(fact["quantum"] for fact in facts if fact["amount"] and fact["measure"] != "change_rate")
    return float(steps.most_common(1)[0][0]) if steps else 0.0


def _merged_measures(groups: Iterable[Sequence[Mapping[str, Any]]]) -> bool:
    """Whether measure and phase name one cell in each row, so that blocks side by side are one column."""
    for listed in groups:
        seen = [(fact["measure"], fact["phase"]) for fact in listed if fact["measure"]]
        if len(seen) != len(set(seen)):
            return False
    return True


def _slot(fact: Mapping[str, Any], merged: bool) -> Slot:
    measure, phase = fact["measure"] or "", fact["phase"] or ""
    return Slot(measure, phase, "" if merged and measure else fact["column"] or "")


def _figure(fact: Mapping[str, Any], step: float) -> Figure:
    rate = fact["measure"] == "change_rate"
    scale = RATE if rate else MONEY
    quantum = fact["quantum"] or 0.0
    if not rate and step and step < quantum:
        quantum = step
    title = fact["title"] or fact["form"]
    what = f"{title}“{fact['label'] or fact['name'] or ''}”{fact['column'] or ''}"
    return Figure(
        ("facts", fact["index"]),
        round(fact["amount"] * scale),
        round(quantum * scale),
        fact["printed"] or "",
        Place(fact["page"] or 0, fact["row"] or 0, fact["col"] or 0),
        what,
        scale,
        fact["table"] or 0,
    )


def _row(fact: Mapping[str, Any], cells: Mapping[Slot, Figure]) -> Row:
    beside = "/".join(value for value in (fact["code_economic_department"], fact["code_economic_government"]) if value)
    return Row(
        fact["page"] or 0,
        fact["row"] or 0,
        fact["col"] or 0,
        fact["side"] or "",
        fact["scheme"] or "",
        "" if fact["code_source"] == "resolved" else _completed(fact["code"] or ""),
        fact["code"] or "" if fact["code_source"] == "resolved" else "",
        fact["name"] or "",
        fact["label"] or "",
        fact["entity"] or "",
        fact["project"] or "",
        bool(fact["is_total"]),
        beside,
        cells,
    )


def _completed(code: str) -> str:
    """A code whose last level is printed with one digit, as 301|2, with two."""
    return f"{code[:-1]}0{code[-1]}" if len(code) in (4, 6) else code


def _extent(facts: Sequence[Mapping[str, Any]]) -> dict[int, tuple[float, float]]:
    found: dict[int, tuple[float, float]] = {}
    for fact in facts:
        if fact["y0"] is None or fact["y1"] is None:
            continue
        top, bottom = found.get(fact["page"], (fact["y0"], fact["y1"]))
        found[fact["page"]] = (min(top, fact["y0"]), max(bottom, fact["y1"]))
    return found
