"""Forms that list several projects in one table: blocks of rows, one project each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from budgetkit.model import Cell
from budgetkit.performance.bodies import read_line
from budgetkit.performance.fronts import scale_of
from budgetkit.performance.heads import under
from budgetkit.performance.model import Field, Form, FundLine, Head, Line, Sheet
from budgetkit.performance.vocabulary import plain, vocabulary
from budgetkit.text import squeeze


@dataclass
class Block:
    """The rows of one project while they are read."""

    page: int
    #: rows of the cells that hold its name and its amounts, to see where the next block begins
    key: tuple[int, ...]
    fronts: dict[str, Field] = field(default_factory=dict)
    funds: dict[str, tuple[Column, Field]] = field(default_factory=dict)
    goal: bool = False
    packed: Field | None = None
    rows: list[Line] = field(default_factory=list)
    #: its cells touch the end of the grid
    at_end: bool = False
    grids: set[tuple[int, int]] = field(default_factory=set)
