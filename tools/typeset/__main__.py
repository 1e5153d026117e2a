"""Typeset the samples again: python -m tools.typeset FOLDER [--golden FOLDER]."""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tools.typeset.describe import read_sample, sample_names, sample_subject
from tools.typeset.model import Document
from tools.typeset.render import render
from tools.typeset.truth import expected_facts, expected_indicators, expected_projects

FACT_COLUMNS = (
    *("form", "flow", "fund", "nature", "item", "aspect", "economic", "code", "name", "phase", "amount", "printed"),
)


def write_samples(folder: Path) -> None:
    """Typeset all samples into a folder, with manifest.csv (file, sha256, what)."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for name in sample_names():
        pdf = render(read_sample(name))
        (folder / f"{name}.pdf").write_bytes(pdf)
        rows.append({"file": f"{name}.pdf", "sha256": hashlib.sha256(pdf).hexdigest(), "what": sample_subject(name)})
    _write_csv(folder / "manifest.csv", ("file", "sha256", "what"), rows)


def write_golden(folder: Path) -> None:
    """Write what the descriptions state as CSV: facts, indicators and projects of every sample."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sample_names():
        document = read_sample(name)
        for suffix, columns, rows in golden(document):
            _write_csv(folder / f"{name}{suffix}.csv", columns, rows)


def golden(document: Document) -> list[tuple[str, Sequence[str], list[dict[str, Any]]]]:
    """File suffix, columns and rows of the golden tables of a document."""
    projects, indicators = expected_projects(document), expected_indicators(document)
    return [
        ("", FACT_COLUMNS, expected_facts(document)),
        ("_projects", tuple(projects[0]) if projects else (), projects),
        ("_indicators", tuple(indicators[0]) if indicators else (), indicators),
    ]


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.typeset", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the PDF files and manifest.csv go")
    parser.add_argument("--golden", type=Path, help="where the golden CSV files go")
    given = parser.parse_args(arguments)
    write_samples(given.folder)
    if given.golden:
        write_golden(given.golden)


if __name__ == "__main__":
    main()
