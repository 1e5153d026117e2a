"""Tables as departments print them, every coordinate of every amount said (tests/layouts/whole/*.txt).

A case begins with `== name`; `kind`, `title`, `form`, `year`, `money` (its unit), `pub` (the publisher) and `unit`
(another unit that the document lists) follow; rows begin with |, and --- begins a new page. `all`, `col N`, `row N` and
`at ROW,COL` say what is true of the amounts there, the later refining the earlier; a figure whose row and column are
both named is a fact, and no other is. What is not said is the plain case: this year's approved (or executed)
expenditure of all money. `unread=1`: it must not be understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from grids import grid, page
from test_layouts import NAMES

from budgetkit.document.reading import disclose
from budgetkit.model import Page, Source
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.units import yuan_per

FOLDER = Path(__file__).parent / "layouts" / "whole"
FIELDS = (
    *("year", "phase", "flow", "fund", "origin", "nature", "item", "scheme", "code", "level", "src", "dep", "gov"),
    *("project", "entity", "aspect", "total", "unit", "form"),
)
RATES = ("change_rate", "share")
Said = dict[str, str]


@dataclass
class Case:
    name: str
    kind: str = "budget"
    title: str = ""
    form: str = "other"
    year: str = "2025"
    money: str = "万元"
    pub: str = "云州市民政局"
    units: list[str] = field(default_factory=list)
    pages: list[list[str]] = field(default_factory=lambda: [[]])
    all: Said = field(default_factory=dict)
    col: dict[int, Said] = field(default_factory=dict)
    row: dict[int, Said] = field(default_factory=dict)
    at: dict[tuple[int, int], Said] = field(default_factory=dict)

    @property
    def cells(self) -> list[list[str]]:
        return [[part.strip() for part in line.split("|")] for part in self.pages for line in part]


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.txt")):
        blocks = path.read_text(encoding="utf-8").split("\n== ")[1:]
        yield from map(_case, blocks)


def _case(block: str) -> Case:
    name, *lines = block.splitlines()
    case = Case(name)
    for line in (line for line in lines if line.strip() and not line.startswith("#")):
        key, _, rest = line.partition(" ")
        if line.startswith("|"):
            case.pages[-1].append(line[1:])
        elif line.startswith("---"):
            case.pages.append([])
        elif key == "unit":
            case.units.append(rest)
        elif key == "all":
            case.all.update(_pairs(rest))
        elif key in ("col", "row", "at"):
            where, _, said = rest.partition(" ")
            place: Any = tuple(map(int, where.split(","))) if key == "at" else int(where)
            getattr(case, key)[place] = _pairs(said)
        else:
            setattr(case, key, rest)
    return case


def _pairs(text: str) -> Said:
    return {key: value for key, _, value in (part.partition("=") for part in text.split())}


def facts_of(case: Case) -> dict[tuple[int, int], dict[str, Any]]:
    """The facts of the table by row (over all pages) and column."""
    pages: list[Page] = [page(f"{case.pub}{case.year}年部门{'预' if case.kind == 'budget' else '决'}算")]
    if case.units:
        listed = "".join(f"\n{unit} | 1.00 | 1.00" for unit in case.units)
        pages.append(page("收入表", "单位：万元", grid(f"单位名称 | 合计 | 财政拨款收入{listed}", 2), number=2))
    first = len(pages) + 1
    for number, rows in enumerate(case.pages, first):
        over = [case.title, f"单位：{case.money}"] if number == first else []
        pages.append(page(*over, grid("\n".join(rows), number), number=number))
    facts = disclose(Source("html", tuple(pages)), "case", None, "0").facts
    before = [sum(map(len, case.pages[:k])) for k in range(len(case.pages))]
    own = facts[facts["page"] >= first].to_dict("records")
    return {(before[fact["page"] - first] + fact["row"], fact["col"]): fact for fact in own}


def expected(case: Case) -> Iterator[tuple[tuple[int, int], str, Said]]:
    """Place, text and coordinates of every figure that is a fact."""
    for row, own in case.row.items():
        for col, headed in case.col.items():
            printed = case.cells[row - 1][col - 1]
            if printed not in ("<", "^") and parse_number(printed):
                said = {**case.all, **own, **headed, **case.at.get((row, col), {})}
                yield (row, col), printed, _whole(case, said, case.at.get((row, col), {}))


def _whole(case: Case, said: Said, here: Said) -> Said:
    """All coordinates of an amount of which only some are said."""
    phase = "approved" if case.kind == "budget" else "executed"
    plain = dict.fromkeys(FIELDS, "-") | {"total": "0", "year": case.year, "phase": phase, "flow": "expenditure"}
    plain |= {"fund": "all", "origin": "all", "entity": case.pub, "aspect": "amount", "unit": case.money}
    whole = plain | {"form": case.form, "scheme": "function", "src": "printed"} | said
    spent = whole["flow"] in ("expenditure", "uses")
    whole["nature"] = said.get("nature", "all") if spent else here.get("nature", "-")
    if not spent and "origin" not in said:
        whole["origin"] = {"income": "current", "opening_balance": "carried_forward"}.get(whole["flow"], "all")
    if whole["code"] == "-":
        whole |= {"scheme": "-", "src": "-", "level": "-"}
    else:
        whole["level"] = {3: "1", 5: "2", 7: "3"}[len(whole["code"])]
        own = {"economic_department": "dep", "economic_government": "gov"}.get(whole["scheme"])
        whole |= {own: "-"} if own else {}
    if whole["aspect"] in RATES:
        whole["unit"] = "-"
    return whole


def shown(value: Any) -> str:
    return "-" if pd.isna(value) else value if isinstance(value, str) else str(int(value))


def failures(case: Case) -> Iterator[str]:
    found = facts_of(case)
    wanted = {place: (printed, said) for place, printed, said in expected(case)}
    yield from (f"{fact['printed']} at {place} is a fact" for place, fact in found.items() if place not in wanted)
    for place, (printed, said) in wanted.items():
        if place not in found:
            yield f"{printed} at {place} is no fact"
            continue
        fact, unread = found[place], "unread" in said
        if bool(fact["unread"]) != unread:
            yield f"{printed} at {place}: unread {fact['unread']!r}"
        number = parse_number(printed)
        scale = 0.01 if said["aspect"] in RATES else yuan_per(said["unit"])
        assert number is not None
        if fact["amount"] != pytest.approx(float(number.value) * scale):
            yield f"{printed} at {place}: amount {fact['amount']}"
        for name in () if unread else FIELDS:
            if (value := shown(fact[NAMES.get(name, name)])) != said[name]:
                yield f"{printed} at {place}: {name} {value}, expected {said[name]}"


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_amount_is_wholly_what_its_table_says(case: Case) -> None:
    assert list(failures(case)) == []
