"""Hostile PDFs end with a clear error, within bounds, and threads may read at once."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from encrypted import encrypted
from pdfs import borders, pdf, strokes, texts
from reportlab.pdfgen.canvas import Canvas

from budgetkit.errors import BudgetkitError, UnreadableDocument
from budgetkit.limits import Budget, Limits
from budgetkit.readers.pdf.anatomy import look
from budgetkit.readers.pdf.pages import read_pdf


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """A file of objects numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def stream(content: bytes, extra: bytes = b"", times: int = 0) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = b"/Filter [%s]" % (b" /FlateDecode" * times) if times else b""
    return b"<< %s %s /Length %d >>\nstream\n%s\nendstream" % (extra, filters, len(content), content)


def page(content: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R /Resources << %s >> >>" % resources,
            content,
            *more,
        ]
    )


def forms(levels: int, width: int) -> bytes:
    """Forms that each draw the next one several times."""
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 400 300]"
    inner = [
        stream(b"/F Do " * width, head + b" /Resources << /XObject << /F %d 0 R >> >>" % (6 + level))
        for level in range(levels)
    ]
    return page(stream(b"/F Do"), b"/XObject << /F 5 0 R >>", *inner, stream(b"0 0 m 9 9 l S", head))


def empty_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + k) for k in range(count))
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return raw_pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)]
        + [leaf] * count
    )


BOMBS = {
    "forms": (lambda: forms(8, 10), "objects"),
    "flate": (lambda: page(stream(bytes(2_000_000_000 // 4), b"", 1)), "unpacked bytes"),
    "flate in flate": (lambda: page(stream(b"0 0 m 9 9 l S\n" * 40_000_000, b"", 2)), "unpacked bytes"),
    "paths": (lambda: page(stream(b"0 0 m 9 9 l S\n" * 1_500_000, b"", 1)), "objects"),
    "clips": (lambda: page(stream(b"0 0 9 9 re W n\n0 0 m 9 9 l S\n" * 100_000, b"", 1)), "objects"),
    "pages": (lambda: empty_pages(50_000), "pages"),
}


@pytest.mark.parametrize("kind", sorted(BOMBS))
def test_bombs_are_named_before_they_go_off(kind: str) -> None:
    make, what = BOMBS[kind]
    with pytest.raises(UnreadableDocument, match=rf"bomb\.pdf: too large: [\d,]+ {what}, and the limit is"):
        read_pdf(make(), "bomb.pdf")


@pytest.mark.parametrize("kind", ["forms", "flate in flate", "clips"])
def test_bombs_are_named_under_an_empty_password(kind: str) -> None:
    make, what = BOMBS[kind]
    with pytest.raises(UnreadableDocument, match=rf"bomb\.pdf: too large: [\d,]+ {what}, and the limit is"):
        read_pdf(encrypted(make()), "bomb.pdf")


def test_what_is_encrypted_under_an_empty_password_is_read() -> None:
    font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    data = encrypted(page(stream(b"BT /F 9 Tf 20 20 Td (Budget 2023) Tj ET", b"", 1), font))
    assert b"Budget" not in data
    assert [line.text for line in read_pdf(data, "a.pdf").pages[0].lines] == ["Budget 2023"]
    assert look(data, Budget("a.pdf")).encrypted


@pytest.mark.parametrize(
    "content",
    [b"0 0 m 9 9 l S\n" * 100_000, b"q 0 0 9 9 re W n 1 1 m 9 9 l S Q\n" * 100_000, b"BT /F 9 Tf (1) Tj ET\n" * 50_000],
)
def test_many_things_on_a_page_are_read(content: bytes) -> None:
    font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    assert len(read_pdf(page(stream(content, b"", 1), font), "many.pdf", "ruling").pages) == 1


def test_forms_that_draw_each_other_are_no_bomb() -> None:
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 400 300] /Resources << /XObject << /F 5 0 R >> >>"
    data = page(stream(b"/F Do"), b"/XObject << /F 5 0 R >>", stream(b"/F Do", head))
    assert read_pdf(data, "loop.pdf", "ruling").pages[0].blocks == ()


def test_limits_are_raised_by_an_argument() -> None:
    data = empty_pages(12)
    with pytest.raises(UnreadableDocument, match=r"12 pages, and the limit is 10"):
        read_pdf(data, "a.pdf", limits=Limits(pages=10))
    assert len(read_pdf(data, "a.pdf", limits=Limits(pages=12)).pages) == 12


def test_names_in_packed_objects_are_seen() -> None:
    content = b"7 0 << /OCProperties 1 0 R >>"
    data = page(stream(b""), b"", stream(content, b"/Type /ObjStm /N 1 /First 4", 1))
    assert look(data, Budget("a.pdf")).layers
    assert not look(page(stream(b"")), Budget("a.pdf")).layers


def table(canvas: Canvas) -> None:
    strokes(canvas, borders())
    texts(canvas)


_THREADS = """
import sys
sys.setswitchinterval(1e-5)
from concurrent.futures import ThreadPoolExecutor
from budgetkit.readers.pdf.pages import read_pdf
from budgetkit.readers.picture import page_picture
data = sys.stdin.buffer.read()
def work(k):
    page_picture(data, 1 + k % 3, 3.0)
    return len(read_pdf(data, "a.pdf", "ruling").pages)
with ThreadPoolExecutor(16) as pool:
    print(set(pool.map(work, range(32))))
"""


def written(canvas: Canvas) -> None:
    for font in ("Times-Roman", "Courier", "Helvetica-Bold", "Times-Italic"):
        canvas.setFont(font, 8)
        for k in range(30):
            canvas.drawString(20 + k, 10 + 9 * k, "The quick brown fox 123456 " * 3)


def test_threads_may_read_at_once() -> None:
    """In a process of its own: without the lock pdfium ends it."""
    data = pdf(*[written] * 6)
    done = subprocess.run([sys.executable, "-c", _THREADS], input=data, capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.decode().strip()) == (0, "{6}"), done.stderr.decode()[-500:]


def test_threads_read_the_same() -> None:
    data = pdf(table, table)
    alone = read_pdf(data, "a.pdf", "ruling")
    with ThreadPoolExecutor(4) as pool:
        assert all(found == alone for found in pool.map(lambda _: read_pdf(data, "a.pdf", "ruling"), range(12)))


@pytest.mark.parametrize("seed", range(40))
def test_mutants_end_in_a_result_or_an_error(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(pdf(table, table, pageCompression=seed % 2))
    for _ in range(chance.randint(1, 30)):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randint(1, 40)]
            case 2:
                data[at:at] = data[chance.randrange(len(data)) :][:60]
            case _:
                data[at : at + 6] = str(chance.choice((-1, 0, 2**31 - 1, 2**32, 10**12))).encode()
    try:
        read_pdf(bytes(data), "mutant.pdf", "ruling")
    except BudgetkitError as error:
        message = str(error)
    else:
        message = "mutant.pdf"
    assert "mutant.pdf" in message


def test_memory_stays_flat() -> None:
    data = pdf(*[table] * 3)
    for _ in range(40):
        read_pdf(data, "a.pdf", "ruling")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(150):
        read_pdf(data, "a.pdf", "ruling")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
