"""The page check: what shows that a reading is wrong, and what does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from budgetkit.model import Box, Cell, Grid, Line, Page
from budgetkit.readers.pdf.check import doubtful, faults, grid_faults, overfull, unruled


def grid(*rows: Sequence[str], doubts: tuple[str, ...] = ()) -> Grid:
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Grid(1, len(rows), len(rows[0]), cells, "ruling", doubts=doubts)


def test_a_sound_table_has_no_faults() -> None:
    assert faults(Page(1, (grid(("Code", "Amount"), ("201", "1,002.00"), ("202", "143,999.0\n0")),))) == ()


@pytest.mark.parametrize("text", ["1.002.00", "1,234.505,678.90"])
def test_numbers_glued_in_one_cell(text: str) -> None:
    assert grid_faults(grid(("a", text))) == (f"two numbers in one cell: {text}",)


@pytest.mark.parametrize("text", ["2024.01.05", "1.2.3", "1.00 2.00", "12.345678", "10.00%", "1.00\n2.00"])
def test_texts_that_are_no_glued_numbers(text: str) -> None:
    assert grid_faults(grid(("a", text))) == ()


def test_several_numbers_in_the_cells_of_a_column() -> None:
    rows = [("a", "1.00 2.00"), ("b", "3.00\t4.00"), ("c", "5.00 6.00")]
    assert grid_faults(grid(*rows)) == ("3 cells of column 2 hold several numbers",)
    assert grid_faults(grid(*rows[:2])) == ()


def test_columns_of_numbers_in_the_cells_of_a_row() -> None:
    found = grid_faults(grid(("h", "A", "B"), ("a\nb\nc", "1.00\n2.00\n3.00", "4.00\n5.00\n6.00")))
    assert found == ("2 cells of row 2 hold columns of numbers",)


def test_doubts_and_strays_are_faults() -> None:
    page = Page(1, (grid(("a", "b"), doubts=("odd",)),), strays=(Line("12"),))
    assert faults(page) == ("odd", "1 texts in the box of a table stand outside its cells")


def test_rows_of_numbers_without_a_grid() -> None:
    rows = tuple(Line(f"row\t{k}.00\t{k}.10\t{k}.20") for k in range(3))
    assert unruled(Page(1, rows))
    assert not unruled(Page(1, rows[:2]))
    assert not unruled(Page(1, (*rows, grid(("a", "b")))))
    assert not unruled(Page(1, tuple(Line(f"in {k} 1.00 2.00 3.00 were spent") for k in range(5))))


def test_faults_that_stay_become_doubts_and_problems() -> None:
    page = doubtful(Page(1, (grid(("a", "1.002.00"), doubts=("odd",)),)))
    assert page.grids[0].doubts == ("odd", "two numbers in one cell: 1.002.00")
    rows = tuple(Line(f"row\t{k}.00\t{k}.10\t{k}.20") for k in range(3))
    assert doubtful(Page(1, rows)).problem == "a table without rulings that no engine could read"


def test_text_higher_than_its_cell() -> None:
    lines = [Box(0, 0, 5, 10), Box(0, 10, 5, 20)]
    assert overfull(Cell(0, 0, "a\nb", box=Box(0, 4, 50, 15)), lines)
    assert not overfull(Cell(0, 0, "a\nb", box=Box(0, 0, 50, 15)), lines)
    assert not overfull(Cell(0, 0, "a", box=Box(0, 4, 50, 9)), lines[:1])
