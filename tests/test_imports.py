"""Imports run one way, only readers and typesetting know libraries of formats, and importing budgetkit is cheap."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import budgetkit

PACKAGE = Path(budgetkit.__path__[0])
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
#: what only a reader or the typesetting may import
FORMATS = {
    "camelot", "cv2", "doc2docx", "docx", "fitz", "fontTools", "lxml", "openpyxl", "pdfminer", "pdfplumber", "playa",
    "pypdfium2", "python_calamine", "rapidocr", "reportlab", "xlrd", "xlsxwriter",
}  # fmt: skip
#: what `import budgetkit` must not load
HEAVY = FORMATS | {"dask", "duckdb", "joblib", "matplotlib", "pandera", "pydantic", "rich", "seaborn", "tqdm", "typer"}
#: values and helpers that know nothing of the pipeline
BASE = {"errors", "limits", "model", "printed", "version", "specs"}


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


def is_within(name: str, *packages: str) -> bool:
    return name.split(".")[0] in packages


def test_no_module_reaches_itself() -> None:
    loops = sorted(name for name in MODULES if name not in ("", "__init__") and name in reached(name))
    assert loops == []


def test_base_reaches_the_base_only() -> None:
    for name in MODULES:
        if is_within(name, *BASE):
            assert {module for module in reached(name) if not is_within(module, *BASE)} == set(), name


def test_readers_reach_readers_and_the_base_only() -> None:
    for name in MODULES:
        if is_within(name, "readers"):
            assert {module for module in reached(name) if not is_within(module, "readers", *BASE)} == set(), name


def test_only_readers_and_typesetting_know_formats() -> None:
    for name, path in MODULES.items():
        if not is_within(name, "readers"):
            assert {module.split(".")[0] for module in imports(path)} & FORMATS == set(), name


@pytest.mark.parametrize("above", ["cli", "corpus"])
def test_nothing_below_imports_what_stands_on_top(above: str) -> None:
    allowed = {"", "__init__", "cli", "corpus", "workers", "notebook"}
    assert {name for name in MODULES if above in inner(name)} <= allowed


def test_import_is_cheap() -> None:
    code = "import sys, budgetkit; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert set(done.stdout.split()) & HEAVY == set()
