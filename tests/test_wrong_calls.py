"""A wrong call says what was expected; none ends in an error of Python's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import budgetkit as bk

RAW = Path(__file__).parents[1] / "data" / "raw"
SAMPLE = RAW / "urumqi_service_center_final_2020.pdf"


@pytest.fixture(scope="module")
def doc() -> bk.Disclosure:
    return bk.read(SAMPLE)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda doc: bk.check("x.pdf"), "check: expected a Disclosure (bk.read(path)) or a Corpus"),
        (lambda doc: bk.check(doc.facts), "the whole of it, not DataFrame"),
        (lambda doc: bk.summarise(doc.facts), "summarise: expected findings"),
        (lambda doc: bk.coverage(doc.facts), "coverage: expected a Disclosure"),
        (lambda doc: bk.series("x", entity="y"), "series: expected a Disclosure"),
        (lambda doc: bk.cite(doc), "cite: expected a row"),
        (lambda doc: bk.query(doc, "select 1"), "query: expected a Corpus"),
        (lambda doc: bk.read(None), "read: expected a path, bytes or a file opened in binary mode, not NoneType"),
        (lambda doc: bk.load(SAMPLE), "no corpus here"),
        (lambda doc: bk.load(doc.facts), "expected the path of a folder, not DataFrame"),
        (lambda doc: bk.build(None), "expected the path of a folder, not NoneType"),
        (lambda doc: bk.analysis.describe(doc.facts), "name must be one of 'rollup'"),
        (lambda doc: bk.to_excel(doc.facts, "a.xlsx"), "export: expected a Disclosure (bk.read(path)) or a Corpus"),
        (lambda doc: bk.execution_rate(doc.projects), "give .facts or the whole document"),
        (lambda doc: bk.show(doc.facts), "a document, a path or bytes is wanted"),
    ],
)
def test_a_wrong_call_says_what_was_expected(call: Callable[[Any], Any], told: str, doc: bk.Disclosure) -> None:
    with pytest.raises(bk.BudgetkitError) as caught:
        call(doc)
    assert told in str(caught.value)


def test_tables_are_not_written_among_the_documents(tmp_path: Path) -> None:
    shutil.copy(SAMPLE, tmp_path)
    with pytest.raises(bk.SpecError, match="raw and processed are one folder"):
        bk.build(tmp_path, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [SAMPLE.name]
