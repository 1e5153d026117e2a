"""Grids written as text, for tests: cells parted by |, `<` continues the cell to the left, `^` the one above."""

from __future__ import annotations

from budgetkit.model import Cell, Grid, Line, Page


def grid(drawing: str, page: int = 1, first_row: int = 0) -> Grid:
    rows = [[part.strip() for part in line.split("|")] for line in drawing.strip("\n").splitlines() if line.strip()]
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        raise ValueError("rows of different width")
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            wide = 1
            while c + wide < width and rows[r][c + wide] == "<":
                wide += 1
            tall = 1
            while r + tall < len(rows) and rows[r + tall][c] == "^":
                tall += 1
            cells.append(Cell(r, c, text, tall, wide))
    return Grid(page, len(rows), width, tuple(cells), "text", first_row)


def page(*blocks: str | Grid, number: int = 1) -> Page:
    return Page(number, tuple(Line(block) if isinstance(block, str) else block for block in blocks))
