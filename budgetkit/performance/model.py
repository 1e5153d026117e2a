"""The values between grids and rows of performance forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from budgetkit.model import Cell, Grid
from budgetkit.printed.widths import squeeze


class Place(NamedTuple):
    """A cell of a document: page, number of the grid on its page (0-based), row and column of the cell."""

    page: int
    grid: int
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Field:
    """A printed text without white space, and the cells it stands in."""

    text: str
    places: tuple[Place, ...] = ()

    def joined(self, other: Field) -> Field:
        """This text with another one that goes on from it."""
        return Field(self.text + other.text, self.places + other.places)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid, where it stands, and the lines of text before it."""

    page: int
    index: int
    grid: Grid
    #: lines since the grid before it, the nearest last
    lines: tuple[str, ...] = ()
    #: its columns hold indicators, whatever stands over them
    told: bool = False

    def field(self, cell: Cell) -> Field:
        """The text of a cell with its place."""
        return Field(squeeze(cell.text), (Place(self.page, self.index, cell.row, cell.col),))

    def row(self, number: int) -> list[Cell]:
        """The cells that cover a row, from left to right, each once."""
        raster = self.grid.matrix[number]
        before = (None, *raster)
        return [cell for cell, left in zip(raster, before, strict=False) if cell is not None and cell is not left]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a head: its role, the printed label and the grid columns it covers (`last` is not included)."""

    role: str
    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Head:
    """The rows that name the columns of indicators."""

    first: int
    last: int
    columns: tuple[Column, ...]
    #: column borders of the grid; empty without geometry
    xs: tuple[float, ...]
    #: whether several projects stand below each other
    lists: bool
    #: whether all indicators of a project stand in one cell
    packed: bool
    #: columns of the grid
    cols: int = 0

    def has(self, *roles: str) -> bool:
        """Whether one of the roles has a column."""
        return any(column.role in roles for column in self.columns)

    @property
    def labels(self) -> tuple[str, ...]:
        """The printed labels of the known columns."""
        return tuple(column.label for column in self.columns)


@dataclass(frozen=True, slots=True)
class Level:
    """The cell of a level in one row: its text and how it stands to the borders of its grid."""

    field: Field
    #: the cell begins in this row
    starts: bool
    #: the cell touches the first row of a grid that goes on from the page before
    at_top: bool
    #: the cell touches the last row of its grid
    at_end: bool
    #: rows that the cell covers
    span: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of indicators as printed."""

    page: int
    #: number of the grid on its page
    grid: int
    #: first row of a grid that goes on from the page before
    at_top: bool
    levels: tuple[Level | None, Level | None]
    #: role to text; blank cells are left out
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class FundLine:
    """One line of the funds: its name, its printed label, and role (approved, weight, amount, …) to text."""

    line: str
    label: Field
    fields: Mapping[str, Field]
    #: heads of the columns that print percentages without sign
    percent: bool = False


@dataclass
class Form:
    """A form while it is read; `read_forms` turns it into rows."""

    page: int
    title: str
    lines: Sequence[str]
    head: Head | None = None
    #: role (project, department, department_name, entity) to text
    fronts: dict[str, Field] = field(default_factory=dict)
    funds: list[FundLine] = field(default_factory=list)
    #: a name whose row is the last of its page: role, column of its value, page
    awaited: tuple[str, int, int] | None = None
    #: columns of the amounts in forms of results
    fund_head: Head | None = None
    rows: list[Line] = field(default_factory=list)
    total: dict[str, Field] = field(default_factory=dict)
    #: 10000 for 万元, 1 for 元, None where no unit is printed
    scale: int | None = None
    execution_weight: Field | None = None
    #: (page, grid index) of its grids
    grids: set[tuple[int, int]] = field(default_factory=set)
    #: borders of the last grid, to see whether the next one goes on from it
    xs: tuple[float, ...] = ()
    last_page: int = 0
    #: nothing can follow: the total has been read
    closed: bool = False
    #: ordinal of the list it is an entry of; None for a form of its own
    listed: int | None = None
    #: all indicators in one cell
    packed: Field | None = None
    #: whether a goal is printed
    goal: bool = False
