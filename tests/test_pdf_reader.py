"""PDF pages to grids, on pages drawn here."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from pdfs import (
    SIZE,
    TEXTS,
    XS,
    YS,
    Segment,
    beziers,
    borders,
    cell_boxes,
    dashes,
    dotted_corners,
    pdf,
    strokes,
    texts,
    thin_fills,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from budgetkit.model import Grid, Page
from budgetkit.readers.pdf.pages import read_pdf


def pages(data: bytes, engine: str = "ruling") -> tuple[Page, ...]:
    return read_pdf(data, "drawn.pdf", engine).pages


def only(data: bytes, engine: str = "ruling") -> Grid:
    ((grid,),) = (page.grids for page in pages(data, engine))
    return grid


def rows(grid: Grid) -> tuple[tuple[str, ...], ...]:
    """The texts of the raster, merged cells at all their places."""
    return tuple(tuple(cell.text if cell else "?" for cell in row) for row in grid.matrix)


def table(rule: Callable[[Canvas, Sequence[Segment]], None] = strokes) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        rule(canvas, borders())
        texts(canvas)

    return draw


def picture(colour: tuple[int, ...], mode: str = "RGB") -> ImageReader:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new(mode, (20, 20), colour).save(buffer, "PNG")
    buffer.seek(0)
    return ImageReader(buffer)


@pytest.mark.parametrize("rule", [strokes, thin_fills, dotted_corners, beziers, dashes, cell_boxes])
def test_every_manner_of_ruling_gives_the_same_table(rule: Callable[[Canvas, Sequence[Segment]], None]) -> None:
    grid = only(pdf(table(rule)))
    assert rows(grid) == TEXTS
    assert (grid.rows, grid.cols, grid.read_by, grid.doubts) == (3, 3, "ruling", ())
    assert grid.box == pytest.approx((40, 50, 320, 140), abs=0.3)
    assert grid.cells[4].box == pytest.approx((140, 80, 220, 110), abs=0.3)


@pytest.mark.parametrize("width", [0.1, 1, 3])
def test_thickness_of_rules_does_not_matter(width: float) -> None:
    assert rows(only(pdf(table(lambda canvas, segments: thin_fills(canvas, segments, width))))) == TEXTS


@pytest.mark.parametrize("pattern", [(3, 2), (1, 1)])
def test_dash_pattern_of_the_pen(pattern: tuple[int, int]) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setDash(*pattern)
        table()(canvas)

    assert rows(only(pdf(draw))) == TEXTS


def test_dotted_rules_of_square_dots() -> None:
    assert rows(only(pdf(table(lambda canvas, segments: dashes(canvas, segments, 0.6, 1.8))))) == TEXTS


def test_white_ink_and_backgrounds_are_no_rulings() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.8, 0.9, 1)
        canvas.rect(XS[0], YS[1], XS[-1] - XS[0], YS[0] - YS[1], stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.setStrokeColorRGB(1, 1, 1)
        thin_fills(canvas, [(XS[0], 205, XS[-1], 205), (180, YS[-1], 180, YS[0])])
        canvas.line(270, YS[-1], 270, YS[0])
        canvas.setFillColorRGB(0, 0, 0)
        canvas.setStrokeColorRGB(0, 0, 0)
        table()(canvas)

    assert rows(only(pdf(draw))) == TEXTS


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_rotated_pages_with_content_for_the_unrotated_page(rotate: int) -> None:
    """Text is read upright whatever /Rotate says."""
    # reportlab swaps the sides of pages that it rotates by a quarter
    size = SIZE if rotate == 180 else SIZE[::-1]
    page = pages(pdf(table(), size=size, rotate=rotate))[0]
    assert rows(page.grids[0]) == TEXTS
    assert page.grids[0].box == pytest.approx((40, 50, 320, 140), abs=0.3)


@pytest.mark.parametrize(("rotate", "turn"), [(90, 90), (180, 180), (270, -90)])
def test_rotated_pages_as_seen(rotate: int, turn: int) -> None:
    """Content turned against /Rotate, so that it is seen upright: boxes are those of the page as seen."""

    def draw(canvas: Canvas) -> None:
        canvas.translate(*{90: (SIZE[1], 0), 180: SIZE, 270: (0, SIZE[0])}[rotate])
        canvas.rotate(turn)
        table()(canvas)

    page = pages(pdf(draw, rotate=rotate))[0]
    assert rows(page.grids[0]) == TEXTS
    assert (page.width, page.height) == SIZE
    assert page.grids[0].box == pytest.approx((40, 50, 320, 140), abs=0.3)


@pytest.mark.parametrize("turn", [90, -90])
def test_content_turned_sideways(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(*((SIZE[1], 0) if turn == 90 else (0, SIZE[0])))
        canvas.rotate(turn)
        table()(canvas)

    assert rows(only(pdf(draw, size=SIZE[::-1]))) == TEXTS


def test_form_with_matrices() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("inner")
        canvas.setFont("Helvetica", 10)
        table()(canvas)
        canvas.endForm()
        canvas.beginForm("outer")
        canvas.translate(20, 0)
        canvas.doForm("inner")
        canvas.endForm()
        canvas.translate(10, 5)
        canvas.scale(0.8, 0.8)
        canvas.doForm("outer")

    grid = only(pdf(draw))
    assert rows(grid) == TEXTS
    assert grid.box == pytest.approx((10 + 0.8 * 60, 300 - 5 - 0.8 * 250, 10 + 0.8 * 340, 300 - 5 - 0.8 * 160), abs=0.3)


def test_merged_header() -> None:
    def draw(canvas: Canvas) -> None:
        segments = [s for s in borders() if s not in ((220, 220, 220, 250), (40, 220, 140, 220))]
        strokes(canvas, segments)
        texts(canvas, (("", "Total", ""), ("Code", "Basic", "Project"), ("201", "1.00", "2.00")))

    grid = only(pdf(draw))
    assert rows(grid) == (("Code", "Total", "Total"), ("Code", "Basic", "Project"), ("201", "1.00", "2.00"))
    assert [(c.row, c.col, c.rowspan, c.colspan) for c in grid.cells][:2] == [(0, 0, 2, 1), (0, 1, 1, 2)]


@pytest.mark.parametrize(("left_out", "outer"), [("top", (50, 140)), ("bottom", (50, 140))])
def test_open_at_top_or_bottom(left_out: str, outer: tuple[float, float]) -> None:
    def draw(canvas: Canvas) -> None:
        y = {"top": YS[0], "bottom": YS[-1]}[left_out]
        strokes(canvas, [s for s in borders() if not (s[1] == s[3] == y)])
        texts(canvas)

    grid = only(pdf(draw))
    assert rows(grid) == TEXTS
    assert grid.box is not None
    assert (grid.box.y0, grid.box.y1) == pytest.approx(outer, abs=1.1)


@pytest.mark.parametrize("x", [XS[0], XS[-1]])
def test_open_at_a_side(x: float) -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, [s for s in borders() if not (s[0] == s[2] == x)])
        texts(canvas)

    assert rows(only(pdf(draw))) == TEXTS


def test_two_tables_and_the_lines_around_them() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(150, 280, "Title A")
        strokes(canvas, borders())
        texts(canvas)
        canvas.drawString(40, 130, "Title B")
        canvas.drawString(280, 130, "Unit: yuan")
        low = [y - 130 for y in YS]
        strokes(canvas, borders(ys=low))
        texts(canvas, (("a", "b", "c"), ("1", "2", "3"), ("4", "5", "6")), ys=low)

    (page,) = pages(pdf(draw))
    assert [block.text if not isinstance(block, Grid) else block.first_row for block in page.blocks] == [
        "Title A", 0, "Title B\tUnit: yuan", 3,
    ]  # fmt: skip
    assert rows(page.grids[1]) == (("a", "b", "c"), ("1", "2", "3"), ("4", "5", "6"))


def test_bold_by_overprinting() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        for shift in (0, 0.2, 0.4):
            texts(canvas, xs=[x + shift for x in XS])

    assert rows(only(pdf(draw))) == TEXTS


def test_lines_of_a_cell_are_kept_as_lines() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        canvas.drawString(224, 208, "143,999.0")
        canvas.drawString(300, 196, "0")
        texts(canvas, (("Code", "Name", "Amount"), ("201", "General", "")))

    assert rows(only(pdf(draw)))[1] == ("201", "General", "143,999.0\n0")


def test_a_number_that_overflows_its_cell_stays_whole_and_is_doubted() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        texts(canvas, (("Code", "Name", "Amount"), ("201", "", "")))
        canvas.drawRightString(XS[2] + 12, 202, "123,456,789.00")

    grid = only(pdf(draw))
    assert rows(grid)[1] == ("201", "123,456,789.00", "")
    assert grid.doubts == ("1 numbers cross a ruling",)


def test_a_number_set_flush_right_that_overflows_to_the_left_is_of_the_right_cell() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders((40, 140, 290, 330)))
        texts(canvas, (("Code", "Name", "Sum"), ("201", "General", "")), xs=(40, 140, 290))
        canvas.drawRightString(327, 202, "123,456,789.00")

    grid = only(pdf(draw))
    assert rows(grid)[1] == ("201", "General", "123,456,789.00")
    assert grid.doubts == ()


def test_text_that_runs_over_its_cell_is_of_the_cell_in_which_it_begins() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        texts(canvas, (("Code", "Name", "Amount"), ("201", "An office with a long name", "99.00")))

    grid = only(pdf(draw))
    assert rows(grid)[1] == ("201", "An office with a long name", "99.00")


@pytest.mark.parametrize(("part", "cells"), [(0.1, ("An office w", "Wide")), (0.2, ("An office wWide", ""))])
def test_a_letter_on_the_border_shows_that_a_text_goes_on(part: float, cells: tuple[str, str]) -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        texts(canvas, (("Code", "Name", "Amount"), ("201", "", "")))
        before, over = (stringWidth(text, "Helvetica", 10) for text in ("An office w", "W"))
        canvas.drawString(XS[2] - before - part * over, 202, "An office wWide")

    assert rows(only(pdf(draw)))[1][1:] == cells


def test_numbers_that_touch_across_a_ruling_stay_two() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        texts(canvas, (("Code", "Name", "Amount"),))
        canvas.drawRightString(XS[2] - 0.2, 202, "168,441.81")
        canvas.drawString(XS[2] + 0.2, 202, "154,304.22")

    grid = only(pdf(draw))
    assert rows(grid)[1] == ("", "168,441.81", "154,304.22")
    assert grid.doubts == ()


def test_text_outside_its_clip_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(XS[0] - 1, YS[-1] - 1, XS[-1] - XS[0] + 2, YS[0] - YS[-1] + 2)
        canvas.clipPath(path, stroke=0, fill=0)
        table()(canvas)
        canvas.drawString(44, 270, "31.00")
        canvas.line(XS[0], 280, XS[-1], 280)
        canvas.restoreState()
        canvas.drawString(44, 285, "seen")

    (page,) = pages(pdf(draw))
    assert [line.text for line in page.lines] == ["seen"]
    assert rows(page.grids[0]) == TEXTS


def test_text_clipped_in_a_form_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("part", 0, 0, 400, 262)
        canvas.setFont("Helvetica", 10)
        table()(canvas)
        canvas.drawString(44, 270, "31.00")
        canvas.endForm()
        canvas.translate(3, 2)
        canvas.doForm("part")

    (page,) = pages(pdf(draw))
    assert [line.text for line in page.lines] == []
    assert rows(page.grids[0]) == TEXTS


def test_text_under_an_opaque_box_or_image_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        table()(canvas)
        canvas.drawString(44, 270, "31.00")
        canvas.drawString(144, 270, "32.00")
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(40, 265, 60, 20, stroke=0, fill=1)
        canvas.drawImage(picture((255, 255, 255)), 140, 265, 60, 20)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(44, 272, "over")

    (page,) = pages(pdf(draw))
    assert [line.text for line in page.lines] == ["over"]
    assert rows(page.grids[0]) == TEXTS


def test_text_under_a_seal_or_a_shade_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        table()(canvas)
        canvas.drawImage(picture((255, 0, 0, 100), "RGBA"), 40, 160, 120, 90, mask="auto")
        canvas.setFillColorRGB(1, 1, 0, alpha=0.3)
        canvas.rect(220, 160, 100, 90, stroke=0, fill=1)

    assert rows(only(pdf(draw))) == TEXTS


def test_backgrounds_painted_cell_by_cell_hide_nothing() -> None:
    def draw(canvas: Canvas) -> None:
        for row, top in zip(TEXTS, YS, strict=False):
            for text, x, right in zip(row, XS, XS[1:], strict=False):
                canvas.setFillColorRGB(0.9, 0.9, 0.9)
                canvas.rect(x, top - 30, right - x, 30, stroke=1, fill=1)
                canvas.setFillColorRGB(0, 0, 0)
                canvas.drawString(x + 4, top - 18, text)

    assert rows(only(pdf(draw))) == TEXTS


def test_invisible_text_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        table()(canvas)
        canvas.drawString(44, 270, "hidden", mode=3)

    (page,) = pages(pdf(draw))
    assert page.lines == ()
    assert page.problem is None


@pytest.mark.parametrize("image_first", [True, False])
def test_recognised_text_of_a_scan_is_read_and_told(image_first: bool) -> None:
    def draw(canvas: Canvas) -> None:
        if image_first:
            canvas.drawImage(picture((200, 200, 200)), 0, 0, *SIZE)
        for k, text in enumerate(("Budget of 2024", "of an office")):
            canvas.drawString(44, 270 - 20 * k, text, mode=3 if image_first else 0)
        if not image_first:
            canvas.drawImage(picture((200, 200, 200)), 0, 0, *SIZE)

    (page,) = pages(pdf(draw))
    assert [line.text for line in page.lines] == ["Budget of 2024", "of an office"]
    assert page.problem == "scan: the text is recognised from an image and may be wrong"


def test_scan_and_empty_page() -> None:
    scan, empty, normal = pages(
        pdf(lambda canvas: canvas.drawImage(picture((200, 200, 200)), 0, 0, *SIZE), lambda canvas: None, table())
    )
    assert (scan.blocks, scan.problem) == ((), "scan: an image and no text")
    assert (empty.blocks, empty.problem) == ((), None)
    assert rows(normal.grids[0]) == TEXTS
    assert [page.number for page in (scan, empty, normal)] == [1, 2, 3]


def test_camelot_reads_the_same_table() -> None:
    grid = only(pdf(table()), "camelot")
    assert rows(grid) == TEXTS
    assert (grid.read_by, grid.doubts) == ("camelot-lattice", ())
    assert grid.box == pytest.approx((40, 50, 320, 140), abs=1)


def unruled(canvas: Canvas) -> None:
    xs = (40, 150, 250, 350)
    lines = [("Item", "A", "B", "C")] + [(f"row {k}", f"{k}.10", f"{k}1.20", f"{k}2.30") for k in range(1, 8)]
    texts(canvas, lines, xs, [250 - 20 * k for k in range(len(lines))])


def test_rows_of_numbers_without_rulings_are_a_table() -> None:
    grid = only(pdf(unruled))
    assert (grid.read_by, grid.rows, grid.cols) == ("alignment", 8, 4)
    assert rows(grid)[0] == ("Item", "A", "B", "C")
    assert rows(grid)[7] == ("row 7", "7.10", "71.20", "72.30")


def test_rows_of_numbers_without_columns_are_told() -> None:
    def draw(canvas: Canvas) -> None:
        for row in range(9):
            for number in range(3):
                canvas.drawString(30 + 120 * number + (row * 17 + number * 29) % 70, 250 - 20 * row, f"{row}.{number}0")

    (page,) = pages(pdf(draw))
    assert page.grids == ()
    assert page.problem == "a table without rulings that no engine could read"


def test_a_sound_page_never_asks_camelot(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise RuntimeError("asked")

    monkeypatch.setattr("budgetkit.readers.pdf.camelot_engine.Camelot.grids", refuse)
    assert rows(only(pdf(table()), "auto")) == TEXTS


def test_camelot_that_takes_too_long_counts_as_no_table() -> None:
    from budgetkit.readers.pdf.camelot_engine import Camelot

    with Camelot(pdf(table()), patience=0.01) as camelot:
        assert camelot.grids(1, "camelot-lattice", SIZE) == ()


def test_a_missing_column_ruling_is_doubted() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, [s for s in borders() if not (s[0] == s[2] == XS[2])])
        texts(canvas, (("1.00", "2.00", "3.00"), ("4.00", "5.00", "6.00"), ("7.00", "8.00", "9.00")))

    assert only(pdf(draw)).doubts == ("3 cells of column 2 hold several numbers",)
