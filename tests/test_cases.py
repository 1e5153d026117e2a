"""Small documents, each with one difficulty that people reported, judged by the judge that came with them."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from places import SHARED

FOLDER = SHARED / "cases"


def judge() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cases_run", FOLDER / "run.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("no run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases() -> list[dict[str, str]]:
    """The cases, none where ../shared does not exist."""
    if not FOLDER.exists():
        return []
    with (FOLDER / "cases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reader() -> Iterator[Any]:
    """A process that reads, so that a crash or a hang ends one case and not the run."""
    found = judge().Reader()
    yield found
    found.stop()


def test_the_cases_are_there() -> None:
    if not FOLDER.exists():
        pytest.skip("needs ../shared, which is not part of the project")
    assert len(cases()) > 200


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_case(case: dict[str, str], reader: Any) -> None:
    run = judge()
    verdict, details = run.judge(case, reader.read(Path(FOLDER / case["file"])))
    assert run.passes(case, verdict), (verdict, details)
