"""Real documents against their exact contents, fact by fact, with the project's own comparison."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from places import SHARED, corpus, needs_shared

import budgetkit as bk

TRUTH = sorted((SHARED / "truth").glob("*.json")) if SHARED.exists() else []


def score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("no score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_shared
@pytest.mark.parametrize("path", TRUTH, ids=lambda path: path.stem)
def test_every_fact_right_none_missing_none_surplus(path: Path) -> None:
    truth = json.loads(path.read_text(encoding="utf-8"))
    document = bk.read(SHARED / "corpus" / truth["file"])
    compare = score()
    facts = list(compare.truth_facts(truth))
    right, missing, surplus = compare.score_facts(facts, document.facts)
    assert (right, missing, surplus) == (len(facts), [], [])
    kind = {"final": "final_account"}.get(truth["kind"], truth["kind"])
    assert (document.kind, document.fiscal_year) == (kind, truth["fiscal_year"])
    assert compare.norm(document.entity) == compare.norm(truth["unit_name"])


@needs_shared
@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.stem)
def test_every_page_is_read_or_says_why(path: Path) -> None:
    document = bk.read(path)
    row = document.documents.iloc[0]
    assert row["pages"] > 0
    assert row["status"] in ("ok", "partial")
    assert (row["status"] == "ok") == pd.isna(row["reason"])
    assert not document.facts.duplicated(["form", "page", "row", "col"]).any()
