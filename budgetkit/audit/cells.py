"""Facts and statements as the audit sees them: printed figures with what they are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from budgetkit import codes
from budgetkit.audit.model import MONEY, RATE, Figure, Finding, Place
from budgetkit.identities import Amount
from budgetkit.identities.amounts import HUGE, plain

if TYPE_CHECKING:
    import pandas as pd

_USED = [
    "table", "form", "title", "page", "row", "col", "y0", "y1", "column", "label", "name", "is_total", "printed",
    "amount", "quantum", "entity", "year", "phase", "flow", "nature", "item", "scheme", "code", "code_source",
    "project", "aspect",
]  # fmt: skip
_MONEY = ("amount", "change")


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact: its figure and the coordinates that rules ask for; "" for what is not printed."""

    figure: Figure
    form: str
    title: str
    page: int
    label: str
    name: str
    entity: str
    project: str
    scheme: str
    #: as printed in the row; "" where none is, or where it was told from a name
    code: str
    year: int
    phase: str
    nature: str
    aspect: str
    #: whether the code was told from a name that is also one of another level
    unsure: bool
    #: top and bottom; None without geometry
    span: tuple[float, float] | None

    @property
    def level(self) -> int:
        """1 类, 2 款, 3 项; 0 without a code."""
        return max((len(self.code) - 1) // 2, 0)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of money."""

    number: int
    form: str
    title: str
    pages: tuple[int, ...]
    cells: tuple[Cell, ...]

    def extent(self, page: int) -> tuple[float, float] | None:
        """Top and bottom of what was read on a page; None without geometry."""
        spans = [cell.span for cell in self.cells if cell.page == page and cell.span is not None]
        return (min(top for top, _ in spans), max(bottom for _, bottom in spans)) if spans else None


def cells_of(facts: pd.DataFrame, causes: Mapping[int, tuple[object, ...]]) -> list[Cell]:
    """The facts of one document with a number, in their order; with what makes each of them wrong with others."""
    columns = [plain(facts[name]) for name in _USED]
    return [
        _cell(index, dict(zip(_USED, values, strict=True)), causes.get(index, ()))
        for index, values in enumerate(zip(*columns, strict=True))
        if values[_USED.index("amount")] is not None and abs(values[_USED.index("amount")]) < HUGE
    ]


def tables_of(cells: Sequence[Cell]) -> list[Table]:
    """The tables of one document, in order."""
    found: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.figure.table].append(cell)
    return [
        Table(number, own[0].form, own[0].title, tuple(sorted({cell.page for cell in own})), tuple(own))
        for number, own in sorted(found.items())
    ]


def finding_at(rule: str, status: str, text: str, *cells: Cell, **told: Any) -> Finding:
    """What a rule says of cells, the first of which is its place; `told`: further values of the finding."""
    first = cells[0]
    places: dict[str, Any] = {
        "evidence": tuple(cell.figure.evidence for cell in cells),
        "page": first.page,
        "form": first.form,
    }
    return Finding(rule, status, text, tables=frozenset(cell.figure.table for cell in cells), **(places | told))


def _cell(index: int, fact: Mapping[str, Any], cause: tuple[object, ...]) -> Cell:
    scale = MONEY if fact["aspect"] in (*_MONEY, None) else RATE
    title = fact["title"] or fact["form"]
    figure = Figure(
        ("facts", index), round(fact["amount"] * scale), round((fact["quantum"] or 0.0) * scale), fact["printed"] or "",
        Place(fact["page"] or 0, fact["row"] or 0, fact["col"] or 0),
        f"{title}“{fact['label'] or fact['name'] or ''}”{fact['column'] or ''}", scale, fact["table"] or 0, cause,
    )  # fmt: skip
    label, name, entity, project, scheme = (
        fact[name] or "" for name in ("label", "name", "entity", "project", "scheme")
    )
    return Cell(
        figure, fact["form"], fact["title"] or "", fact["page"] or 0, label, name, entity, project, scheme,
        "" if fact["code_source"] == "resolved" else fact["code"] or "", int(fact["year"] or 0), fact["phase"] or "",
        fact["nature"] or "", fact["aspect"] or "", _unsure(fact),
        None if fact["y0"] is None else (fact["y0"], fact["y1"]),
    )  # fmt: skip


def _unsure(fact: Mapping[str, Any]) -> bool:
    """Whether a name that told a code is the name of a class of another level too (住房保障支出: 221, 21908)."""
    if fact["code_source"] != "resolved" or fact["scheme"] not in codes.SCHEMES or not fact["name"]:
        return False
    known = getattr(codes, fact["scheme"]).find(fact["name"])
    return fact["code"] not in known or len({len(code) for code in known}) > 1


def alike(amount: Amount) -> tuple[object, ...]:
    """What amounts share that one and the same mistake would make wrong: whose, what for, when, and how much.

    Nothing is shared by zeros, which stand in many cells of one row.
    """
    return (*amount.key, amount.when.year, amount.fen) if amount.fen else ()
