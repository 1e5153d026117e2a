"""Bad input gives one clear error of budgetkit, or an honest result, and never another library's exception."""

from __future__ import annotations

import io
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pdfs import SIZE, borders, pdf, strokes, texts
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

import budgetkit as bk
from budgetkit.errors import BudgetkitError, SpecError, UnreadableDocument
from budgetkit.readers.pdf.pages import read_pdf

RAW = Path(__file__).parent.parent / "data" / "raw"
DAMAGED = "not a PDF that can be read: damaged or cut off"
LOCKED = "the PDF is encrypted and asks for a password"


def table(canvas: Canvas) -> None:
    strokes(canvas, borders())
    texts(canvas)


def prose(canvas: Canvas) -> None:
    for k in range(8):
        canvas.drawString(40, 270 - 20 * k, "The office tells what it does and names no sum.")


def refusal(path: object) -> str:
    """The message of the one error that is right."""
    with pytest.raises(UnreadableDocument) as caught:
        bk.read(path)  # type: ignore[arg-type]
    assert type(caught.value) is UnreadableDocument
    return str(caught.value)


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_not_a_pdf(tmp_path: Path) -> None:
    path = saved(tmp_path, "noise.pdf", bytes(range(256)) * 20)
    assert refusal(path) == f"{path}: not a document that can be read (content looks like binary)"


def test_header_of_a_pdf_and_nothing_else(tmp_path: Path) -> None:
    path = saved(tmp_path, "head.pdf", b"%PDF-1.7\n" + b"x" * 500)
    assert refusal(path) == f"{path}: {DAMAGED}"


@pytest.mark.parametrize("data", [b"", b"  \n\0"])
def test_empty_file(tmp_path: Path, data: bytes) -> None:
    path = saved(tmp_path, "empty.pdf", data)
    assert refusal(path) == f"{path}: the file is empty"


def test_truncated_pdf(tmp_path: Path) -> None:
    path = saved(tmp_path, "cut.pdf", pdf(table)[:600])
    assert refusal(path) == f"{path}: {DAMAGED}"


def test_pdf_that_asks_for_a_password(tmp_path: Path) -> None:
    path = saved(tmp_path, "locked.pdf", pdf(table, encrypt=StandardEncryption("user", "owner")))
    assert refusal(path) == f"{path}: {LOCKED}"


def test_pdf_with_an_owner_password_only_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path, "owned.pdf", pdf(table, encrypt=StandardEncryption("", "owner", canPrint=0, canCopy=0)))
    assert bk.read(path).facts["amount"].tolist() == bk.read(pdf(table)).facts["amount"].tolist()


def test_pdf_that_claims_more_pages_than_it_can_hold() -> None:
    data = pdf(table).replace(b"/Count 1 ", b"/Count 999999 ")
    with pytest.raises(UnreadableDocument, match=r"^x: damaged: claims \d+ pages in \d+ bytes$"):
        read_pdf(data, "x")


def test_folder_and_missing_path(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: a folder, not a document; use build() for folders"
    assert refusal(tmp_path / "no.pdf") == f"{tmp_path / 'no.pdf'}: no such file"
    assert refusal(str(tmp_path / "no.pdf")) == f"{tmp_path / 'no.pdf'}: no such file"
    assert refusal("a\0b.pdf").startswith("a\0b.pdf: cannot be opened")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_permissions(tmp_path: Path) -> None:
    path = saved(tmp_path, "closed.pdf", pdf(table))
    path.chmod(0)
    assert refusal(path) == f"{path}: not permitted to read it"


def test_bytes_and_file_objects(tmp_path: Path) -> None:
    path = saved(tmp_path, "table.pdf", pdf(table))
    assert bk.read(path.read_bytes()).documents["pages"].tolist() == [1]
    with path.open("rb") as file:
        assert bk.read(file).documents["document"].tolist() == ["table"]
    assert bk.read(io.BytesIO(path.read_bytes())).documents["document"].tolist() == ["stream"]
    assert refusal(b"") == "bytes: the file is empty"


def test_file_object_in_text_mode(tmp_path: Path) -> None:
    path = saved(tmp_path, "note.txt", b"text")
    with path.open(encoding="utf-8") as file:
        assert refusal(file) == "file object: opened as text; open it in binary mode"


def test_unknown_engine() -> None:
    with pytest.raises(SpecError) as caught:
        bk.read(pdf(table), engine="magic")
    assert str(caught.value) == "engine='magic': must be one of auto, ruling, camelot"


def test_pdf_of_prose_only() -> None:
    found = bk.read(pdf(prose))
    assert (len(found.facts), len(found.leftovers), found.forms) == (0, 0, ())
    # a document from which nothing was read is never ok
    assert found.documents["status"].tolist() == ["partial"]
    assert "nothing was read" in found.documents.loc[0, "reason"]
    assert (found.kind, found.fiscal_year) == (None, None)


def test_prose_of_a_budget_misses_the_forms_of_a_budget() -> None:
    """Kind and year are told, so that what such a document should have is told missing."""
    text = "某某局2024年部门预算\n\n一、部门职责\n本单位负责有关工作，本年没有列出表格。\n".encode()
    found = bk.read(text)
    assert (found.kind, found.fiscal_year, found.forms) == ("budget", 2024, ())
    assert "income_expenditure_summary" in found.missing


def test_html_named_pdf(tmp_path: Path) -> None:
    page = "<html><body><p>某某局2024年部门预算</p><table><tr><td>项目</td><td>1.00</td></tr></table></body></html>"
    path = saved(tmp_path, "page.pdf", page.encode())
    assert bk.read(path).documents["format"].tolist() == ["html"]


def test_scan_is_a_reason_and_a_leftover() -> None:
    from PIL import Image

    def scan(canvas: Canvas) -> None:
        canvas.drawInlineImage(Image.new("RGB", (30, 30), (210, 210, 210)), 0, 0, *SIZE)

    found = bk.read(pdf(table, scan))
    assert found.documents["status"].tolist() == ["partial"]
    assert "page 2: scan: an image and no text" in found.documents["reason"].iloc[0]
    row = found.leftovers[found.leftovers["page"] == 2].iloc[0]
    assert (row["reason"], row["text"]) == ("scan: an image and no text", "")


def mutated(rng: random.Random, data: bytes) -> bytes:
    """A copy with some damage."""
    copy = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at = rng.randrange(len(copy))
        span = min(rng.choice((1, 4, 40, 400)), len(copy) - at)
        match rng.randrange(6):
            case 0:
                copy[at] = rng.randrange(256)
            case 1:
                del copy[at : at + span]
            case 2:
                copy[at:at] = copy[at : at + span]
            case 3:
                copy[at:at] = rng.randbytes(span)
            case 4:
                del copy[at:]
            case _:
                # numbers: lengths, counts, coordinates, references
                digits = [k for k in range(at, min(at + 400, len(copy))) if 48 <= copy[k] < 58]
                for k in digits[: rng.randrange(1, 6)]:
                    copy[k] = rng.choice(b"0123456789-")
        if not copy:
            return b""
    return bytes(copy)


def mutants(seed: int) -> Iterator[bytes]:
    """Damaged documents without end: open content first, then the samples."""
    rng = random.Random(seed)
    whole = [pdf(table, prose, pageCompression=0), pdf(table, rotate=90), pdf(table, encrypt=StandardEncryption(""))]
    whole += [path.read_bytes() for path in sorted(RAW.glob("*.pdf"))]
    while True:
        for data in whole:
            yield mutated(rng, data)


def test_mutated_bytes_give_a_disclosure_or_an_error_of_budgetkit() -> None:
    end = time.monotonic() + 10
    read, messages = 0, []
    for data in mutants(20240901):
        start = time.monotonic()
        try:
            bk.read(data)
            read += 1
        except BudgetkitError as error:
            messages.append(str(error))
        assert time.monotonic() - start < 40
        if time.monotonic() > end or read + len(messages) >= 120:
            break
    assert read > 0
    assert messages
    assert all(messages)
