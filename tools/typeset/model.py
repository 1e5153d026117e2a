"""The documents that can be typeset: frozen blocks of prose and tables whose number cells carry their own truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from budgetkit.errors import SpecError

Kind = Literal["budget", "final_account"]
Tier = Literal["department", "unit"]
Ruling = Literal["strokes", "rectangles", "segments"]
Align = Literal["left", "center", "right"]
ParagraphStyle = Literal["title", "heading", "body", "line", "note"]

FORMS = frozenset(
    {
        "income_expenditure_summary",
        "income",
        "expenditure",
        "fiscal_appropriation_summary",
        "general_budget_expenditure",
        "general_budget_basic_expenditure",
        "general_budget_project_expenditure",
        "government_fund",
        "state_capital",
        "three_public",
        "carryover",
        "project_expenditure",
        "other",
        "project_self_evaluation",
        "project_targets",
        "department_self_evaluation",
        "department_targets",
    }
)
UNITS = {"元": 1, "万元": 10_000}


@dataclass(frozen=True, slots=True)
class Fact:
    """What one number cell means, apart from its text, unit and form, which cell and table know."""

    name: str
    code: str | None = None
    measure: str | None = "total"
    phase: str = "approved"
    side: str | None = None
    scheme: str | None = None
    project: str | None = None
    entity: str | None = None
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell; `vertical` prints one character a line, "\\n" breaks a line."""

    text: str = ""
    rowspan: int = 1
    colspan: int = 1
    align: Align = "center"
    vertical: bool = False
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class FundLine:
    """One line of the funds of a performance form, as printed ("" where blank)."""

    line: str
    approved: str = ""
    revised: str = ""
    executed: str = ""
    weight: str = ""
    rate: str = ""
    score: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a performance form, as printed; level1 and level2 are given on every row."""

    level1: str
    level2: str
    level3: str = ""
    target: str = ""
    actual: str = ""
    weight: str = ""
    score: str = ""
    reason: str = ""

    @property
    def stated(self) -> bool:
        """Whether the row says anything; blank rows of the printed form are no indicators."""
        return bool(self.level3 or self.target)


@dataclass(frozen=True, slots=True)
class Performance:
    """The contents of one performance form."""

    project: str
    entity: str = ""
    department: str = ""
    funds: tuple[FundLine, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    total_weight: str = ""
    total_score: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """How a table is drawn; every field is free, the truth does not depend on it."""

    ruling: Ruling = "strokes"
    #: print the header again on every further page
    repeat_header: bool = True
    #: print the entity and unit line again as well
    repeat_caption: bool = False
    #: font size in points
    size: float = 9.0
    #: let a page break cut a row inside its cells rather than move it to the next page
    cut_rows: bool = False
    #: white rectangles under the cells
    white_fills: bool = False
    #: title and caption as first merged rows of the table
    title_inside: bool = False
    #: share of the natural width that number columns get; below 1 numbers wrap inside the cell
    number_width: float = 1.0
    #: how many characters wide a column of names may get before names wrap
    name_width: float = 15.0
    line_width: float = 0.5
    #: free space above and below the text of a cell
    padding: float = 2.5
    #: by how much of its cell's width a text on the left may run over the neighbour before it wraps
    overflow: float = 0.0


@dataclass(frozen=True)
class Table:
    """One table: rows of cells as in HTML (a spanned place is left out), the first `header_rows` being its header.

    Raises
    ------
    SpecError
        When spans overlap, leave holes or leave the table, or the form or unit is unknown.
    """

    form: str
    title: str
    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 0
    #: relative column widths; () lets the layout fit them to the contents
    widths: tuple[float, ...] = ()
    unit: str = "万元"
    #: the line above the table: left, middle and right part; further right part above ("公开01表")
    caption: tuple[str, str, str] = ("", "", "")
    corner: str = ""
    notes: tuple[str, ...] = ()
    performance: Performance | None = None
    style: Style = field(default=Style())

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise SpecError(f"table {self.title!r}: unknown form {self.form!r}")
        if self.unit not in UNITS:
            raise SpecError(f"table {self.title!r}: unit {self.unit!r} is neither 元 nor 万元")
        if not 0 <= self.header_rows <= len(self.rows):
            raise SpecError(f"table {self.title!r}: {self.header_rows} header rows of {len(self.rows)} rows")
        if self.widths and len(self.widths) != self.columns:
            raise SpecError(f"table {self.title!r}: {len(self.widths)} widths for {self.columns} columns")
        place_cells(self.rows, self.columns, f"table {self.title!r}")

    @property
    def columns(self) -> int:
        """Number of columns, told by the first row."""
        return sum(cell.colspan for cell in self.rows[0]) if self.rows else 0

    @property
    def cells(self) -> Iterator[Cell]:
        """All cells, row by row."""
        for row in self.rows:
            yield from row


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose; `title` is large and centred, `line` has no indent."""

    text: str
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page, and how it and the following lie; `rotated` stores a landscape page as /Rotate 90 portrait."""

    landscape: bool = False
    rotated: bool = False


Block = Paragraph | PageBreak | Table


@dataclass(frozen=True)
class Document:
    """One disclosure.

    Raises
    ------
    SpecError
        When kind or tier is unknown.
    """

    kind: Kind
    fiscal_year: int
    entity: str
    blocks: tuple[Block, ...]
    tier: Tier = "unit"
    #: printed at the top of every page
    head: str = ""
    #: printed at the foot of every page, "{}" is the page number, "{pages}" how many there are; "" for none
    foot: str = "- {} -"
    foot_align: Align = "center"
    #: order of the text in the file, which need not be that of reading
    order: Literal["reading", "reversed"] = "reading"
    #: size of body text in points
    size: float = 12.0

    def __post_init__(self) -> None:
        if self.kind not in ("budget", "final_account"):
            raise SpecError(f"document of {self.entity}: unknown kind {self.kind!r}")
        if self.tier not in ("department", "unit"):
            raise SpecError(f"document of {self.entity}: unknown tier {self.tier!r}")

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


def place_cells(rows: tuple[tuple[Cell, ...], ...], columns: int, place: str) -> list[tuple[int, int, Cell]]:
    """Give every cell its row and column, and refuse spans that do not tile the raster.

    >>> place_cells(((Cell("a", rowspan=2), Cell("b")), (Cell("c"),)), 2, "here")[2][:2]
    (1, 1)
    """
    taken: set[tuple[int, int]] = set()
    placed = []
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            area = {(r + i, c + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
            if not area or max(area)[0] >= len(rows) or max(j for _, j in area) >= columns or area & taken:
                raise SpecError(f"{place}: cell {cell.text!r} in row {r}, column {c} leaves the table or overlaps")
            taken |= area
            placed.append((r, c, cell))
    if len(taken) != len(rows) * columns:
        hole = min({(r, c) for r in range(len(rows)) for c in range(columns)} - taken)
        raise SpecError(f"{place}: no cell covers row {hole[0]}, column {hole[1]}")
    return placed
