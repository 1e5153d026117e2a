"""Files made to cost too much end soon and small, with a result or an error that says why; `make fuzz` tries all."""

from __future__ import annotations

import re
from functools import partial

import pytest
from hostile import FILES

import budgetkit as bk
from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Limits
from tools.bounded import bounded
from tools.fuzz import HOSTILE_SECONDS, MEGABYTES, read_and_check

#: what is over soon, of every format
QUICK = (
    "text: tabs",
    "text: ordinals",
    "text: a sentence",
    "text: opening brackets",
    "text: markup",
    "text: form feeds",
    "text in a cell: digits",
    "text in long lines: numerals",
    "text in a cell: blanks",
    "html: tables in tables",
    "html: spans both ways",
    "html: absurd spans",
    "html: deep",
    "html: braces",
    "html: entities",
    "mhtml: parts in parts",
    "mhtml: folded heads",
    "office: merged ranges over each other",
    "office: an entity from outside",
    "office: cells of absurd width",
    "office: a larger zip bomb as document",
    "office: deep markup",
    "spreadsheetml: cells repeated",
    "spreadsheetml: entities",
    "ole: zeros as workbook",
    "ole: cells far right",
    "ole: long strings",
    "ole: merged ranges over each other",
    "ods: one cell repeated everywhere",
    "ods: absurd repetition",
    "ods: entities",
    "ods: an entity from outside",
    "fods: entities",
    "odt: deep tables",
    "odt: blanks repeated",
    "csv: a cell of blanks",
    "archive: zips in zips",
    "pdf: forms in forms, encrypted",
    "ole: zeros as document",
    "pdf: forms in forms",
    "pdf: paths",
    "pdf: clips of clips",
    "pdf: states",
    "pdf: images in lines",
    "pdf: an image of absurd size",
    "pdf: a longer line",
    "pdf: empty pages",
    "pdf: pages that hold themselves",
    "pdf: a large page",
    "pdf: brackets",
)


@pytest.mark.parametrize("name", QUICK)
def test_hostile_files_end_soon_and_small(name: str) -> None:
    outcome = bounded(partial(read_and_check, FILES[name]()), HOSTILE_SECONDS)
    assert outcome.good, outcome.said
    assert outcome.megabytes < MEGABYTES
    if outcome.how == "refused":
        assert outcome.said.startswith("bytes: ")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("text: tabs", "objects"),
        ("text: a sentence", "characters of a line"),
        ("html: siblings", "objects"),
        ("office: merged ranges over each other", "cells"),
        ("office: many sheets of one part", "pages"),
        ("office: a larger zip bomb as document", "unpacked bytes|characters"),
        ("pdf: empty pages", "pages"),
        ("pdf: clips of clips", "objects"),
    ],
)
def test_what_was_too_much_is_named(name: str, what: str) -> None:
    outcome = bounded(partial(read_and_check, FILES[name]()), HOSTILE_SECONDS)
    assert outcome.how == "refused"
    assert re.search(rf"^bytes: too large: [\d,]+ ({what}), and the limit is [\d,]+$", outcome.said)


@pytest.mark.parametrize("data", [b"1" * 2_000, b"<html><body><p>" + b"1" * 2_000])
def test_limits_reach_every_reader(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"2,[0-9]{3} characters, and the limit is 1,000"):
        bk.read(data, limits=Limits(characters=1_000))
    with pytest.raises(UnreadableDocument, match="file bytes, and the limit is 10"):
        bk.read(data, limits=Limits(file_bytes=10))


def test_nothing_outside_is_read(tmp_path) -> None:
    """No file that a document refers to is opened."""
    secret = tmp_path / "secret.txt"
    secret.write_text("不可告人", encoding="utf-8")
    reference = secret.as_uri()
    outside = f'[<!ENTITY x SYSTEM "{reference}">]'
    pages = (
        f'<?xml version="1.0"?><!DOCTYPE html {outside}><html><body><p>支出决算</p>&x;</body></html>',
        f'<html><body><p>支出决算</p><iframe src="{reference}"></iframe><object data="{reference}"></object></html>',
        f'<html><head><link rel=stylesheet href="{reference}"></head><body><p>支出决算</p></body></html>',
        f'<?xml version="1.0"?><!DOCTYPE x {outside}><Workbook '
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>&x;</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>",
    )
    for text in pages:
        assert "不可告人" not in _all_told(text.encode())


def _all_told(data: bytes) -> str:
    """What reading tells of a document, or of why it is not read."""
    try:
        found = bk.read(data)
    except UnreadableDocument as error:
        return str(error)
    return str(found.passages) + found.leftovers.to_csv() + found.facts.to_csv() + found.documents.to_csv()
