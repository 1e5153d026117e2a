"""Tables without rulings, rows outside the frame and tables side by side, on pages drawn here."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfs import borders, pdf, strokes, texts
from reportlab.pdfgen.canvas import Canvas

from budgetkit.model import Grid, Line, Page
from budgetkit.readers.pdf.pages import read_pdf

HEAD = ("Code", "Name of the class", "Total", "Basic", "Project")
BODY = (
    ("", "Total", "1,234.56", "1,000.50", "234.06"),
    ("201", "General services", "900.00", "700.00", "200.00"),
    ("20103", "Offices", "900.00", "700.00", "200.00"),
    ("208", "Social security", "334.56", "300.50", "34.06"),
)
XS = (30.0, 70.0, 180.0, 250.0, 310.0, 370.0)


def pages(data: bytes) -> tuple[Page, ...]:
    return read_pdf(data, "drawn.pdf", "ruling").pages


def rows(grid: Grid) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in grid.matrix]


def draw_row(canvas: Canvas, row: Sequence[str], y: float, head: str = "left", xs: Sequence[float] = XS) -> None:
    """One row: texts left, figures right, heads as told."""
    for text, left, right in zip(row, xs, xs[1:], strict=False):
        figure = any(c.isdigit() for c in text) and left > xs[1]
        if head == "centre":
            canvas.drawCentredString((left + right) / 2, y, text)
        elif figure:
            canvas.drawRightString(right - 3, y, text)
        else:
            canvas.drawString(left + 3, y, text)


def unruled(canvas: Canvas, head: str, body: Sequence[Sequence[str]] = BODY, top: float = 250.0) -> None:
    draw_row(canvas, HEAD, top, head)
    for k, row in enumerate(body, 1):
        draw_row(canvas, row, top - 18 * k)


@pytest.mark.parametrize("head", ["left", "centre"])
def test_heads_stand_over_their_figures(head: str) -> None:
    ((grid,),) = (page.grids for page in pages(pdf(lambda canvas: unruled(canvas, head))))
    assert rows(grid) == [list(HEAD), *map(list, BODY)]


def test_one_column_of_amounts() -> None:
    def draw(canvas: Canvas) -> None:
        for k, row in enumerate((HEAD[1:3], *(row[1:3] for row in BODY))):
            draw_row(canvas, row, 250 - 18 * k, xs=(30.0, 180.0, 250.0) if k == 0 else (-1.0, 180.0, 250.0))

    ((grid,),) = (page.grids for page in pages(pdf(draw)))
    assert [row[1] for row in rows(grid)] == ["Total", "1,234.56", "900.00", "900.00", "334.56"]


def test_a_contents_page_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for k in range(6):
            canvas.drawString(30, 250 - 18 * k, f"Part {k + 1}")
            canvas.drawRightString(370, 250 - 18 * k, str(3 * k + 2))

    assert [page.grids for page in pages(pdf(draw))] == [()]


def test_a_table_without_rulings_under_a_ruled_box() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders((30, 100, 170), (290, 275, 260)))
        texts(canvas, (("Made by", "Seen by"), ("A", "B")), (30, 100), (293, 278))
        unruled(canvas, "left", top=220)

    (page,) = pages(pdf(draw))
    assert [(grid.read_by, grid.rows, grid.first_row) for grid in page.grids] == [("ruling", 2, 0), ("alignment", 5, 2)]


def test_a_total_under_the_closing_ruling_is_a_row() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders(XS, (268, 246, 228, 210)))
        for k, row in enumerate((HEAD, *BODY[1:3], BODY[0])):
            draw_row(canvas, row, (252, 234, 216, 198)[k])

    (page,) = pages(pdf(draw))
    assert rows(page.grids[0])[-1] == list(BODY[0])
    assert page.lines == ()


def test_a_note_under_a_table_is_no_row() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders(XS, (268, 246, 228, 210)))
        for k, row in enumerate((HEAD, *BODY[1:3])):
            draw_row(canvas, row, (252, 234, 216)[k])
        canvas.drawString(33, 198, "The total of 1,234.56 is printed elsewhere")

    (page,) = pages(pdf(draw))
    assert (page.grids[0].rows, len(page.lines)) == (3, 1)


@pytest.mark.parametrize(("under", "name"), [(16, "Social security\nand families"), (28, "Social security")])
def test_a_line_close_under_the_last_row_goes_on_with_it(under: float, name: str) -> None:
    def draw(canvas: Canvas) -> None:
        for k, row in enumerate((HEAD, *BODY)):
            draw_row(canvas, row, 270 - 50 * k)
        canvas.drawString(XS[1] + 3, 70 - under, "and families")

    ((grid,),) = (page.grids for page in pages(pdf(draw)))
    assert rows(grid)[-1] == ["208", name, "334.56", "300.50", "34.06"]


def test_tables_side_by_side_have_titles_of_their_own() -> None:
    def draw(canvas: Canvas) -> None:
        for x, title in ((20, "Left table"), (220, "Right table")):
            canvas.drawCentredString(x + 80, 280, title)
            strokes(canvas, borders((x, x + 80, x + 160), (268, 246, 228)))
            texts(canvas, (("Name", "Total"), (title[0], "9.00")), (x, x + 80), (268, 246))

    (page,) = pages(pdf(draw))
    order = [block.text if isinstance(block, Line) else rows(block)[1][0] for block in page.blocks]
    assert order == ["Left table", "L", "Right table", "R"]


NUMBER = st.integers(1, 99_999_999).map(lambda fen: f"{fen / 100:,.2f}")
NAME = st.text("abcdefghij", min_size=3, max_size=14)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(NAME, NUMBER, NUMBER, NUMBER), min_size=2, max_size=9),
    st.sampled_from(["left", "centre"]),
    st.floats(14, 24),
)
def test_whatever_stands_in_columns_is_read_back(body: list[tuple[str, str, str, str]], head: str, step: float) -> None:
    def draw(canvas: Canvas) -> None:
        draw_row(canvas, HEAD[1:], 280, head, XS[1:])
        for k, row in enumerate(body, 1):
            draw_row(canvas, row, 280 - step * k, xs=(XS[1], *XS[2:]))

    ((grid,),) = (page.grids for page in pages(pdf(draw)))
    assert rows(grid) == [list(HEAD[1:]), *map(list, body)]
