"""The documentation: every public name and column is on its page, the code of pages runs, the site builds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib
import pytest

import budgetkit as bk
from budgetkit.frames.shapes import shapes
from tools import site

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^```python\n(.+?)^```", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r'^```toml title="(\w+\.toml)"\n(.+?)^```', re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A processed folder that all pages build into."""
    return tmp_path_factory.mktemp("processed")


def run(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the code of a page makes, run with the files that it shows and the processed folder `folder`."""
    monkeypatch.chdir(ROOT)
    matplotlib.use("agg")
    text = (DOCS / page).read_text(encoding="utf-8")
    files = dict(_FILE.findall(text))
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    names: dict[str, Any] = {}
    for block in _BLOCK.findall(text):
        code = block.replace("data/processed", str(folder))
        for name in files:
            code = code.replace(f'"{name}"', repr(str(folder / name)))
        exec(code, names)
    return names


def test_every_public_name_is_on_the_page_of_calls() -> None:
    page = site.reference()
    assert [name for name in site.public() if f"::: budgetkit.{name}\n" not in page and name not in site.MODULES] == []


def test_every_column_is_in_the_data_dictionary() -> None:
    sections = dict(re.findall(r"^### \w+ \{ #([\w-]+) \}\n(.*?)(?=^##|\Z)", site.columns(), re.DOTALL | re.MULTILINE))
    listed = {name: bk.frames.spec(name).columns for name in bk.frames.names()}
    listed |= {f"analysis-{name}": columns for name, columns in shapes().items()}
    assert list(sections) == list(listed)
    for name, columns in listed.items():
        rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+) \|$", sections[name], re.MULTILINE)
        assert [row[:3] for row in rows] == [(one.name, one.label, one.dtype) for one in columns]
        assert all(
            f"`{value}`" in row[3] for row, one in zip(rows, columns, strict=True) for value in one.categories or ()
        )


def test_the_data_dictionary_has_the_chinese_words_of_values() -> None:
    assert "`approved` 年初预算, `revised` 全年预算, `executed` 决算" in site.columns()


def test_the_tutorial_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = run("tutorial.md", folder, monkeypatch)
    assert len(names["corpus"].documents) >= 5
    assert names["projects"]["execution_rate"].is_monotonic_increasing
    assert len(names["findings"].query("status == 'fail'")) > 0
    assert (folder / "budgets.xlsx").exists()


def test_the_plots_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("plots.md", folder, monkeypatch)
    drawn = re.findall(r"bk\.plots\.(\w+)\(", (DOCS / "plots.md").read_text(encoding="utf-8"))
    assert set(drawn) == set(bk.plots.__all__)


def test_the_how_to_of_scans_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("scans.md", folder, monkeypatch)["scans"].columns.tolist()[:2] == ["document", "page"]


def test_the_how_to_of_rules_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = run("audit-rules.md", folder, monkeypatch)
    changed = names["findings"].query("rule == 'prose.cell' and status == 'fail'")
    assert changed["severity"].tolist() == ["warning"] * len(changed) != []
    own = bk.read("data/raw/shuimogou_government_office_final_2020.pdf")
    assert names["receptions_without_visits"](own)["rule"].eq("own.receptions").all()


def test_the_site_builds_strictly_and_fetches_nothing(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    html = {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")}
    assert {"index.html", "zh.html", "reference.html", "columns.html", "tutorial.html"} <= {one.name for one in html}
    loaded = re.compile(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="?(?:https?:)?//')
    assert [path.name for path, text in html.items() if loaded.search(text)] == []
    ids = set(re.findall(r'id="(budgetkit\.[\w.]+)"', (tmp_path / "reference.html").read_text(encoding="utf-8")))
    assert {f"budgetkit.{name}" for name in site.public()} <= ids
