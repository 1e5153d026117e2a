"""Imports run one way along ARCHITECTURE.md's table, only readers know libraries of formats, importing is cheap."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import budgetkit

PACKAGE = Path(budgetkit.__path__[0])
ROOT = PACKAGE.parent
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
#: what only a reader may import
FORMATS = {
    "camelot", "cv2", "doc2docx", "docx", "fitz", "lxml", "odf", "openpyxl", "pdfminer", "pdfplumber", "playa",
    "pypdfium2", "python_calamine", "rapidocr", "reportlab", "xlrd",
}  # fmt: skip
#: what `import budgetkit` must not load
HEAVY = FORMATS | {
    "dask", "duckdb", "fontTools", "joblib", "matplotlib", "pandera", "pydantic", "rich", "seaborn", "tqdm", "typer",
    "xlsxwriter",
}  # fmt: skip
#: modules that gather the others: the package itself, and what is run
GATHER = {"", "__init__", "__main__"}


def layers() -> dict[str, int]:
    """The layer of every module, as ARCHITECTURE.md's table lists them from top to bottom."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.split("## Layers", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ") and "`" in line.split("|")[2]]
    return {module: number for number, row in enumerate(rows) for module in re.findall(r"`(\w+)`", row)}


LAYERS = layers()


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, also within functions, also for types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            # `from package import module` is an import of the module; of the package only what is no module of it
            for alias in node.names:
                inner_name = f"{node.module}.{alias.name}".removeprefix("budgetkit.")
                yield f"{node.module}.{alias.name}" if inner_name in MODULES else node.module or ""


@cache
def inner(name: str) -> frozenset[str]:
    """Modules of budgetkit that one imports, without the package's name."""
    dotted = {module.removeprefix("budgetkit.") for module in imports(MODULES[name]) if module.startswith("budgetkit.")}
    return frozenset(dotted & MODULES.keys())


@cache
def reached(name: str) -> frozenset[str]:
    """Modules of budgetkit that one imports, and what they import in turn."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = inner(waiting.pop()) - found
        found |= new
        waiting += new
    return frozenset(found)


def layer(name: str) -> int:
    return LAYERS[name.split(".")[0]]


def against(importing: str, imported: str) -> bool:
    """Whether an import is an arrow against the table."""
    return layer(imported) > layer(importing)


def test_every_module_has_a_layer_and_every_layer_its_modules() -> None:
    assert {name.split(".")[0] for name in MODULES if name not in GATHER} == set(LAYERS)


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name not in GATHER))
def test_no_import_runs_against_the_table(name: str) -> None:
    assert sorted(module for module in inner(name) if module not in GATHER and against(name, module)) == []


def test_the_test_sees_an_arrow_against_the_table() -> None:
    assert against("tables.facts", "audit")
    assert against("tables.captions", "display.words")
    assert against("document.reading", "audit")
    assert not against("audit", "tables.facts")


def test_no_module_reaches_itself() -> None:
    loops = sorted(name for name in MODULES if name not in GATHER and name in reached(name))
    assert loops == []


def test_few_modules_lie_at_the_root() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 14


def test_only_readers_know_formats() -> None:
    for name, path in MODULES.items():
        if name.split(".")[0] != "readers":
            assert {module.split(".")[0] for module in imports(path)} & FORMATS == set(), name


def test_import_is_cheap() -> None:
    code = "import sys, budgetkit; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(done.stdout.split()) & HEAVY == set()
