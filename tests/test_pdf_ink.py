"""What a person sees on a page is read, and nothing else: hidden, set aside, typed over, beside the pages."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pdfs import TEXTS, XS, borders, pdf, strokes, texts
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from budgetkit.model import Grid, Source
from budgetkit.readers.pdf.pages import read_pdf


def table(canvas: Canvas) -> None:
    strokes(canvas, borders())
    texts(canvas)


def read(*draws: Callable[[Canvas], None]) -> Source:
    return read_pdf(pdf(*draws), "drawn.pdf", "ruling")


def rows(source: Source) -> tuple[tuple[str, ...], ...]:
    (grid,) = source.pages[0].grids
    return tuple(tuple(cell.text if cell else "?" for cell in row) for row in grid.matrix)


def test_pages_without_secrets_say_nothing() -> None:
    source = read(table)
    assert (rows(source), source.unread, source.pages[0].strays) == (TEXTS, (), ())


def white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(XS[2] + 50, 202, "9")


def near_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.985, 0.985, 0.985)
    canvas.drawString(XS[2] + 50, 202, "9")


def clear(canvas: Canvas) -> None:
    canvas.setFillColor(Color(0, 0, 0, alpha=0))
    canvas.drawString(XS[2] + 50, 202, "9")


def tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(XS[2] + 50, 202, "9999")


def unpainted(canvas: Canvas) -> None:
    canvas.drawString(XS[2] + 50, 202, "9", mode=3)


def covered(canvas: Canvas) -> None:
    canvas.drawString(XS[2] + 50, 202, "9")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(XS[2] + 48, 198, 30, 14, stroke=0, fill=1)


def covered_by_a_round_shape(canvas: Canvas) -> None:
    canvas.drawString(XS[2] + 60, 202, "9")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.roundRect(XS[2] + 48, 194, 30, 20, 4, stroke=0, fill=1)


def black_on_black(canvas: Canvas) -> None:
    canvas.rect(XS[2] + 48, 198, 30, 14, stroke=0, fill=1)
    canvas.drawString(XS[2] + 50, 202, "9")


@pytest.mark.parametrize(
    "hide", [white, near_white, clear, tiny, unpainted, covered, covered_by_a_round_shape, black_on_black]
)
def test_hidden_figures_are_not_read_and_said(hide: Callable[[Canvas], None]) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas)
        hide(canvas)

    source = read(draw)
    assert rows(source) == TEXTS
    assert source.unread == ("page 1: 1 numbers that are not to be seen on the page were not read",)


def test_what_is_seen_is_read_whatever_its_colour() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        canvas.setFillColorRGB(0.1, 0.2, 0.5)
        canvas.rect(XS[0], 221, XS[-1] - XS[0], 28, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        texts(canvas, TEXTS[:1])
        canvas.setFillColorRGB(0.8, 0, 0)
        texts(canvas, (("", "", ""), *TEXTS[1:]))

    source = read(draw)
    assert (rows(source), source.unread) == (TEXTS, ())


def test_titles_printed_twice_are_nothing_to_say() -> None:
    def draw(canvas: Canvas) -> None:
        covered_title = "Budget 2024"
        canvas.drawString(150, 275, covered_title)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(140, 265, 120, 30, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(150, 270, covered_title)
        table(canvas)

    source = read(draw)
    assert [line.text for line in source.pages[0].lines] == ["Budget 2024"]
    assert source.unread == ()


@pytest.mark.parametrize(("angle", "size"), [(45, 48), (0, 60), (30, 12), (-20, 30)])
@pytest.mark.parametrize("over", [False, True])
def test_watermarks_are_not_mixed_into_cells(angle: float, size: float, over: bool) -> None:
    def mark(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillColor(Color(0.2, 0.2, 0.2, alpha=0.25))
        canvas.setFont("Helvetica", size)
        canvas.translate(60, 170)
        canvas.rotate(angle)
        for k in range(3 if size < 20 else 1):
            canvas.drawString(70 * k, 0, "Internal 2023")
        canvas.restoreState()

    def draw(canvas: Canvas) -> None:
        for part in (table, mark) if over else (mark, table):
            part(canvas)

    source = read(draw)
    assert rows(source) == TEXTS
    assert source.unread == ()


def test_tiles_of_pale_digits() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.75, 0.75, 0.75)
        for x in range(10, 380, 60):
            for y in range(150, 290, 22):
                canvas.drawString(x, y, "0815")
        canvas.setFillColorRGB(0, 0, 0)
        table(canvas)

    assert rows(read(draw)) == TEXTS


@pytest.mark.parametrize("mark", ["1", "1)", "(2)", "[12]", "*"])
def test_raised_marks_are_no_digits(mark: str) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas)
        canvas.setFont("Helvetica", 6)
        for k, row in enumerate(TEXTS[1:], 1):
            canvas.drawString(XS[2] + 4.5 + canvas.stringWidth(row[2], "Helvetica", 10), 250 - 30 * k - 14, mark)

    source = read(draw)
    assert rows(source) == TEXTS
    assert [line.text for line in source.pages[0].strays] == [mark, mark]


def test_powers_stay() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        texts(canvas, (("Code", "Name m", "Amount"), *TEXTS[1:]))
        canvas.setFont("Helvetica", 6)
        canvas.drawString(XS[1] + 4.2 + canvas.stringWidth("Name m", "Helvetica", 10), 236, "2")

    assert rows(read(draw))[0][1] == "Name m²"


def test_struck_figures_are_set_aside() -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas)
        width = canvas.stringWidth("99.00", "Helvetica", 10)
        canvas.line(XS[2] + 4, 175.5, XS[2] + 4 + width, 175.5)

    source = read(draw)
    assert rows(source)[2] == ("20101", "Office", "")
    assert [line.text for line in source.pages[0].strays] == ["99.00"]
    assert source.unread == ("page 1: struck-out text not read: 99.00",)


def test_underlined_figures_stay() -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas)
        width = canvas.stringWidth("99.00", "Helvetica", 10)
        canvas.line(XS[2] + 4, 171, XS[2] + 4 + width, 171)

    page = read(draw).pages[0]
    assert [cell.text for cell in page.grids[0].cells] == [text for row in TEXTS for text in row]
    assert page.strays == ()


def test_white_shadows_take_no_text_away() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        canvas.setFillColorRGB(1, 1, 1)
        texts(canvas, xs=[x - 0.4 for x in XS])
        canvas.setFillColorRGB(0, 0, 0)
        texts(canvas)

    assert rows(read(draw)) == TEXTS


def test_values_of_form_fields_stand_on_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        strokes(canvas, borders())
        texts(canvas, (TEXTS[0], ("201", "General", ""), TEXTS[2]))
        canvas.acroForm.textfield(
            name="a", value="1,234.50", x=XS[2] + 2, y=194, width=90, height=20, fontSize=10, borderWidth=0
        )

    source = read(draw)
    assert rows(source) == TEXTS


def test_comments_are_named() -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas)
        canvas.textAnnotation("see the correction", Rect=[10, 10, 30, 30])

    source = read(draw)
    assert (rows(source), source.unread) == (TEXTS, ("page 1: 1 comments on the page not read",))


def test_attachments_are_named() -> None:
    import pypdfium2
    import pypdfium2.raw as raw

    document = pypdfium2.PdfDocument(pdf(table))
    document.new_attachment("table.xlsx").set_data(b"PK")
    out = io.BytesIO()
    document.save(out)
    assert raw.FPDFDoc_GetAttachmentCount(document.raw) == 1
    source = read_pdf(out.getvalue(), "a.pdf", "ruling")
    assert source.unread == ("attached files not read: table.xlsx; save them and read each by itself",)
    assert isinstance(source.pages[0].blocks[0], Grid)


def test_passwords() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    open_to_all = pdf(table, encrypt=StandardEncryption("", "owner", canModify=0))
    assert rows(read_pdf(open_to_all, "a.pdf", "ruling")) == TEXTS
    with pytest.raises(ValueError, match=r"a\.pdf: the PDF is encrypted and asks for a password"):
        read_pdf(pdf(table, encrypt=StandardEncryption("secret", "owner")), "a.pdf")
