"""What the READMEs show runs, is the same in both, and names files that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def code(name: str) -> list[str]:
    """The lines of use, without comments."""
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    return [line.split("  #")[0].rstrip() for line in block.splitlines() if line]


def test_both_show_the_same_code() -> None:
    assert code("README.md") == code("README.zh-CN.md")


def test_the_lines_of_use_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec("\n".join(code("README.md")).replace("data/processed", str(tmp_path)), names)
    assert len(names["rows"]) == 27
    assert names["executed"].groupby(["fiscal_year", "code"])["amount"].sum()[2022, "2010301"] == 1070200.0
    assert len(names["corpus"].documents) >= 5


@pytest.mark.parametrize("name", [*READMES, "ARCHITECTURE.md"])
def test_files_that_are_named_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)]+)\)", text) + re.findall(r"`((?:docs|notebooks|tests|tools|data)/[\w./-]+)`", text)
    assert [path for path in named if not (ROOT / path).exists() and path != "data/processed"] == []


@pytest.mark.parametrize("name", READMES)
def test_targets_that_are_named_are_there(name: str) -> None:
    text, makefile = (ROOT / name).read_text(encoding="utf-8"), (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {f"\n{target}:" in makefile for target in re.findall(r"\bmake ([a-z]+)\b", text) if target != "do"} == {True}
