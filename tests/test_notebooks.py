"""Notebooks are in step with their paired scripts, and their stored outputs are what a run gives."""

from __future__ import annotations

import ast
import csv
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from places import SHARED

import budgetkit as bk
from tools import notebook_form, run_notebooks

jupytext = pytest.importorskip("jupytext")
nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: pixels may differ between versions of the renderer
PIXELS = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")


def cells(notebook: Any) -> list[tuple[str, str, list[str]]]:
    """Kind, source and tags of every cell."""
    return [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in notebook.cells]


def outputs(notebook: Any) -> list[list[dict[str, str]]]:
    """The text outputs of every code cell, by type."""
    return [[texts(output) for output in cell.outputs] for cell in notebook.cells if cell.cell_type == "code"]


def texts(output: Any) -> dict[str, str]:
    if output.output_type == "stream":
        return {output.name: output.text}
    return {kind: PIXELS.sub("", text) for kind, text in output.data.items() if kind.startswith("text/")}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The samples alone, and what is built of them: data/raw may hold documents of the user beside them."""
    raw, processed = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("processed")
    with (ROOT / "data" / "raw" / "manifest.csv").open(encoding="utf-8") as listed:
        for row in csv.DictReader(listed):
            shutil.copy(ROOT / "data" / "raw" / row["file"], raw)
    bk.build(raw, processed)
    return {'"../data/raw"': repr(str(raw)), '"../data/processed"': repr(str(processed))}


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS[0].name == "01_read_one_document.ipynb"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_in_step_with_its_script(path: Path) -> None:
    assert cells(jupytext.read(path.with_suffix(".py"))) == cells(nbformat.read(path, 4))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_to_its_form(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    nodes = [node for cell in code for node in ast.walk(ast.parse(cell.source))]
    assert [cell.source for cell in code if "parameters" in cell.metadata.get("tags", [])] != []
    assert len(code) <= 15
    assert len(notebook.cells) <= 15 or path.stem.startswith("01")
    assert "/tmp" not in (text := path.read_text(encoding="utf-8"))
    assert str(ROOT) not in text
    assert not any(isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)) for node in nodes)
    assert path.stat().st_size < 300_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_the_machine_and_its_pictures_have_a_text(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    pictures = [
        cell
        for cell in notebook.cells
        if "image/png" in str([list(o.get("data", ())) for o in cell.get("outputs", ())])
    ]
    assert all(cell.metadata.get("alt") for cell in pictures)
    saved = nbformat.read(path, 4)
    saved.metadata["language_info"] = {"name": "python", "version": "3.13.0"}
    saved.metadata["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    for cell in saved.cells:
        cell.metadata["scrolled"] = True
        if cell.cell_type == "code":
            cell.execution_count = 99
    notebook_form.saving({"type": "notebook", "content": saved})
    assert nbformat.writes(nbformat.from_dict(saved)) == nbformat.writes(notebook)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stored_outputs_are_what_a_run_gives(path: Path, folders: dict[str, str]) -> None:
    stored = nbformat.read(path, 4)
    run = nbformat.read(path, 4)
    for cell in run.cells:
        if "parameters" in cell.metadata.get("tags", []):
            for written, folder in folders.items():
                cell.source = cell.source.replace(written, folder)
    nbclient.NotebookClient(run, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert outputs(run) == outputs(stored)


def broken(folder: Path) -> None:
    """Files of a user's folder that are no documents: cut off, another format, a note, nothing."""
    sample = (ROOT / "data" / "raw" / "korla_service_center_final_2022.pdf").read_bytes()
    (folder / "cut_off.pdf").write_bytes(sample[:20_000])
    (folder / "program.pdf").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 12)
    (folder / "note.txt").write_bytes(b"see the website of the department for the disclosure"[:51])
    (folder / "empty.pdf").write_bytes(b"")


def test_notebooks_run_over_a_folder_of_broken_files_alone(tmp_path: Path) -> None:
    pytest.importorskip("papermill")
    (raw := tmp_path / "raw").mkdir()
    broken(raw)
    corpus = bk.build(raw, tmp_path / "processed")
    assert sorted(corpus.documents["status"]) == ["failed", "failed", "failed", "partial"]
    stopped = {path.stem[:2]: problem for path, problem in run_notebooks.run(tmp_path / "processed", raw) if problem}
    assert stopped == {"01": f"no document of the corpus that holds amounts is in {raw}"}


def test_notebooks_run_over_a_folder_of_real_documents_and_broken_files(tmp_path: Path) -> None:
    pytest.importorskip("papermill")
    if not (SHARED / "corpus").is_dir():
        pytest.skip("../shared/corpus is not there")
    raw = tmp_path / "raw"
    for name in ("corpus", "pairs"):
        shutil.copytree(SHARED / name, raw / name)
    broken(raw)
    bk.build(raw, tmp_path / "processed")
    done = dict(run_notebooks.run(tmp_path / "processed", raw))
    assert [path.stem for path in done] == [path.stem for path in NOTEBOOKS]
    assert set(done.values()) == {""}
    told = {path.stem[:2]: nbformat.read(path, 4).cells[-1].outputs[0]["data"]["text/markdown"] for path in done}
    assert not any("nan" in text for text in told.values())
    assert "cut_off" not in told["06"]
