"""Office files made to cost too much, to reach out, or damaged by chance: a result or an error, and soon."""

from __future__ import annotations

import io
import struct
import time
from collections.abc import Callable
from functools import cache

import pytest
from hostile_office import FILES
from test_office_shown import SPREADSHEETML, biff, book, fods
from test_word_seen import odt

import budgetkit as bk
from budgetkit.errors import BudgetkitError, UnreadableDocument
from budgetkit.limits import Budget, Limits
from budgetkit.readers.office.xls import read_xls
from budgetkit.readers.opening import open_source
from budgetkit.readers.sniff import sniff
from tools.mutants import mutate

#: the limits of these trials: what the files would cost in full is far more
SMALL = Limits(cells=100_000, objects=200_000, characters=10_000_000, unpacked_bytes=1 << 26)


def read(data: bytes) -> object:
    from budgetkit.readers.office.documents import read_word
    from budgetkit.readers.office.excel import read_excel

    return (read_word if sniff(data) in ("docx", "odt", "doc") else read_excel)(data, "a", SMALL)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("one long column", "100,001 cells"),
        ("cells far apart", "cells, and the limit"),
        ("every column filled", "cells, and the limit"),
        ("one long string in every cell", "characters, and the limit"),
        ("long strings", "characters, and the limit"),
        ("merged ranges over each other", "cells, and the limit"),
        ("many sheets of one part", "20,000 pages"),
        ("a zip bomb as sheet", "unpacked bytes"),
        ("a long text of blanks", "damaged workbook"),
        ("a zip bomb as document", "unpacked bytes"),
        ("many paragraphs", "elements, and the limit"),
        ("an entity from outside", "declares a document type"),
        ("entities of entities", "damaged DOCX document"),
        ("cells of absurd width", "cells, and the limit"),
        ("tables in tables", None),
    ],
)
def test_hostile_files_end_soon(name, reason):
    data = FILES[name]()
    started = time.process_time()
    if reason is None:
        read(data)
    else:
        with pytest.raises(UnreadableDocument, match=reason):
            read(data)
    assert time.process_time() - started < 30


def test_an_outside_file_is_not_read():
    with pytest.raises(UnreadableDocument) as caught:
        bk.read(FILES["an entity from outside"]())
    assert "root" not in str(caught.value)


@cache
def docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("支出表")
    table = document.add_table(3, 3)
    for row in range(3):
        for col in range(3):
            table.cell(row, col).text = f"{row}{col}.50"
    table.cell(0, 0).merge(table.cell(0, 1))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


MADE: dict[str, Callable[[], bytes]] = {
    "xlsx": book, "docx": docx, "odt": odt, "fods": lambda: fods().encode(), "xml": SPREADSHEETML.encode,
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_mutants_end_in_a_result_or_an_error(name):
    whole = MADE[name]()
    results, refusals = 0, []
    for seed in range(60):
        started = time.process_time()
        try:
            open_source(mutate(whole, seed), "a")
            results += 1
        except BudgetkitError as error:
            refusals.append(str(error))
        assert time.process_time() - started < 20
    assert 0 < results < 60
    assert all(text.startswith("a: ") for text in refusals)


def test_mutants_of_xls():
    results, refusals = 0, []
    for seed in range(200):
        try:
            list(read_xls(mutate(biff(), seed), Budget("a")))
            results += 1
        except BudgetkitError as error:
            refusals.append(str(error))
    assert 0 < results < 200
    assert all(text.startswith("a: ") for text in refusals)


def test_containers_with_absurd_sectors():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + struct.pack("<H", 60000) + bytes(480)
    assert sniff(data) == "ole"
