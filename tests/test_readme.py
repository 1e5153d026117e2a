"""What the READMEs show runs, is the same in both, and names files that are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from typer.testing import CliRunner

import budgetkit as bk
from budgetkit.cli.main import app

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def code(name: str) -> list[str]:
    """The lines of use, without comments."""
    return fenced(name, "python")


def fenced(name: str, language: str) -> list[str]:
    """The lines of all blocks of a language, without comments."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    return [line.split("  #")[0].rstrip() for block in blocks for line in block.splitlines() if line]


def test_both_show_the_same_code() -> None:
    assert code("README.md") == code("README.zh-CN.md")
    assert fenced("README.md", "sh") == fenced("README.zh-CN.md", "sh")


def test_the_lines_of_use_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    matplotlib.use("agg")
    exec("\n".join(code("README.md")).replace("data/processed", str(tmp_path)), names)
    assert len(names["rows"]) == 27
    shown = names["rows"][["code", "nature", "phase", "amount", "printed", "page"]].head(4).to_string(index=False)
    assert {"\n".join(fenced(name, "text")) for name in READMES} == {shown}
    assert names["executed"].groupby(["fiscal_year", "code"])["amount"].sum()[2022, "2010301"] == 1070200.0
    assert len(names["corpus"].documents) >= 5
    assert names["picture"].pages == (7, 12)
    assert (tmp_path / "budgets.xlsx").stat().st_size > 0


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    bk.build("data/raw", tmp_path)
    lines = [line for line in fenced("README.md", "sh") if line.startswith("budgetkit ")]
    given = [shlex.split(line.replace("data/processed", str(tmp_path)))[1:] for line in lines]
    codes = {words[0]: CliRunner().invoke(app, words).exit_code for words in given}
    assert codes == dict.fromkeys(("show", "execution", "costs", "scores", "export", "codes"), 0) | {"audit": 1}


@pytest.mark.parametrize("name", [*READMES, "ARCHITECTURE.md"])
def test_files_that_are_named_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)]+)\)", text) + re.findall(r"`((?:docs|notebooks|tests|tools|data)/[\w./-]+)`", text)
    assert [path for path in named if not (ROOT / path).exists() and path != "data/processed" and path[0] != "#"] == []


@pytest.mark.parametrize("name", READMES)
def test_targets_that_are_named_are_there(name: str) -> None:
    text, makefile = (ROOT / name).read_text(encoding="utf-8"), (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {f"\n{target}:" in makefile for target in re.findall(r"\bmake ([a-z]+)\b", text) if target != "do"} == {True}
