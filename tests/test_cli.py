"""The command line: exit codes, messages without tracebacks, JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from stub_reader import read

from budgetkit.cli import main as cli
from budgetkit.corpus import build as corpus


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stub in place of the parser, both in this process and in workers."""
    module = ModuleType("budgetkit.document.reading")
    module.read = read  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "budgetkit.document.reading", module)
    monkeypatch.setattr(corpus, "_READ", "stub_reader:read")
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int | str | None:
    """Exit code of a command line."""
    monkeypatch.setattr(sys, "argv", ["budgetkit", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return caught.value.code


def test_build_that_went_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.pdf").write_text("7", encoding="utf-8")
    assert run(monkeypatch, "build", tmp_path / "raw", tmp_path / "out", "--workers", 1) == 0
    assert "1 documents, 1 facts" in capsys.readouterr().out


def test_build_with_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.pdf").write_text("unreadable", encoding="utf-8")
    assert run(monkeypatch, "build", tmp_path / "raw", tmp_path / "out", "--json") == 1
    result = json.loads(capsys.readouterr().out)
    assert result["status"] == {"ok": 0, "partial": 0, "failed": 1}
    assert result["failed"] == [{"document": "a", "path": "a.pdf", "reason": "a.pdf: no document"}]
    assert run(monkeypatch, "build", tmp_path / "raw", tmp_path / "out", "--keep-going") == 0
    assert "failed: a.pdf: no document" in capsys.readouterr().err


def test_show(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.pdf").write_text("7", encoding="utf-8")
    assert run(monkeypatch, "show", tmp_path / "a.pdf", "--facts") == 0
    out = capsys.readouterr().out
    assert "forms        income" in out
    assert "1 facts, 0 statements" in out
    assert "7.0" in out
    assert run(monkeypatch, "show", tmp_path / "a.pdf", "--json") == 0
    shown = json.loads(capsys.readouterr().out[len("what libraries print does no harm\n") :])
    assert (shown["document"], shown["forms"], shown["rows"]["facts"]) == ("a", ["income"], 1)


def test_errors_are_messages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pdf").write_text("unreadable", encoding="utf-8")
    assert run(monkeypatch, "show", tmp_path / "a.pdf") == 1
    assert capsys.readouterr().err == f"budgetkit: {tmp_path / 'a.pdf'}: no document\n"
    assert run(monkeypatch, "build", tmp_path / "none", tmp_path / "out") == 1
    assert capsys.readouterr().err == f"budgetkit: {tmp_path / 'none'}: no such folder\n"


@pytest.mark.parametrize("arguments", [["build"], ["build", "a", "b", "--workers", "0"], ["read"], ["show", "--xml"]])
def test_wrong_usage(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    assert run(monkeypatch, *arguments) == 2
