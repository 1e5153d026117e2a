"""Tables as provinces and kinds of publishers print them: the coordinates of every amount (tests/layouts/*.txt).

A case begins with `== name`; `kind`, `title`, `form`, `year`, `unit` (another unit that the document lists) and `word`
(that stays unread) follow, rows begin with |. Then a line per amount: the printed number and what must be true of its
fact, with `-` for NA, `unread!` for one that must not be understood, and `no` for a number that must be no fact. What
is not said is understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest
from grids import grid, page

from budgetkit.document.reading import Disclosure, disclose
from budgetkit.model import Page, Source

FOLDER = Path(__file__).parent / "layouts"
NAMES = {
    "src": "code_source",
    "dep": "code_economic_department",
    "gov": "code_economic_government",
    "total": "is_total",
}


@dataclass
class Case:
    name: str
    kind: str = "budget"
    title: str = ""
    form: str = "other"
    year: int = 2026
    units: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.txt")):
        case: Case | None = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                if case:
                    yield case
                case = Case(line[3:])
            elif case and line.startswith("|"):
                case.rows.append(line[1:])
            elif case and line.strip():
                _say(case, line)
        if case:
            yield case


def _say(case: Case, line: str) -> None:
    key, _, value = line.partition(" ")
    if key in ("kind", "title", "form"):
        setattr(case, key, value)
    elif key == "year":
        case.year = int(value)
    elif key == "unit":
        case.units.append(value)
    elif key == "word":
        case.unread.append(value)
    else:
        case.expected.append(line)


def read(case: Case) -> Disclosure:
    """The case as a document: a cover, the units that it lists, and the table."""
    what = "部门预算" if case.kind == "budget" else "部门决算"
    pages: list[Page] = [page(f"云州市民政局{case.year}年{what}")]
    if case.units:
        listed = "".join(f"\n{unit} | 1.00 | 1.00" for unit in case.units)
        pages.append(
            page("收入表", "单位：万元", grid(f"单位名称 | 合计 | 财政拨款收入{listed}", len(pages) + 1), number=2)
        )
    number = len(pages) + 1
    over = [] if case.title == "-" else [case.title, "单位：万元"]
    pages.append(page(*over, grid("\n".join(case.rows), number), number=number))
    return disclose(Source("html", tuple(pages)), "case", None, "0")


def failures(case: Case, found: Disclosure) -> Iterator[str]:
    """What is not as the case says."""
    facts = found.facts
    facts = facts[facts["table"] == facts["table"].max()] if len(facts) else facts
    if set(facts["form"]) - {case.form}:
        yield f"form {set(facts['form'])}, expected {case.form}"
    clouded = {line.split()[0] for line in case.expected if line.endswith("unread!")}
    for row in facts.to_dict("records"):
        if row["unread"] and row["printed"] not in clouded and not any(word in row["unread"] for word in case.unread):
            yield f"{row['printed']} [{row['column']}] {row['label']}: unread {row['unread']}"
    for line in case.expected:
        printed, *wanted = line.split()
        own = facts[facts["printed"] == printed]
        if wanted == ["no"]:
            if len(own):
                yield f"{printed} is a fact"
        elif len(own) != 1:
            yield f"{printed}: {len(own)} facts"
        else:
            yield from _differences(printed, own.iloc[0], wanted)


def _differences(printed: str, fact: pd.Series, wanted: list[str]) -> Iterator[str]:
    for part in wanted:
        key, _, value = part.partition("=")
        if part == "unread!":
            if not fact["unread"]:
                yield f"{printed}: understood"
            continue
        found = fact[NAMES.get(key, key)]
        shown = "-" if pd.isna(found) else str(int(found)) if isinstance(found, (bool, int)) else str(found)
        shown = {"True": "1", "False": "0"}.get(shown, shown)
        if shown != value:
            yield f"{printed}: {key} {shown}, expected {value}"


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_amount_means_what_its_table_says(case: Case) -> None:
    assert list(failures(case, read(case))) == []
