"""Execute the notebooks over a processed folder of your own, into that folder: `make notebooks PROCESSED=folder`.

    python -m tools.run_notebooks PROCESSED [--raw RAW]

RAW is the folder that was built (the folder `raw` beside PROCESSED unless it is given); pages are shown from there. The
first notebook reads the document with the most amounts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import budgetkit as bk

#: kernels warn of talking without encryption
ENCRYPTED = {"KernelManager": {"transport_encryption": "auto"}}
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def run(processed: Path, raw: Path) -> Iterator[tuple[Path, str]]:
    """Every notebook that was written, and what stopped it; "" when nothing did."""
    import jupytext
    import papermill
    from traitlets.config import Config

    how: Any = {"kernel_name": "python3", "language": "python", "progress_bar": False, "config": Config(ENCRYPTED)}
    document = largest(bk.load(processed), raw)
    with tempfile.TemporaryDirectory() as folder:
        for script in sorted(NOTEBOOKS.glob("*.py")):
            book = jupytext.read(script)
            given = {"processed": str(processed), "raw": str(raw), "path": document and str(document)}
            given = {name: value for name, value in given.items() if f"\n{name} = " in f"\n{_parameters(book)}"}
            target = processed / f"{script.stem}.ipynb"
            if not all(given.values()):
                yield target, f"no document of the corpus that holds amounts is in {raw}"
                continue
            source = Path(folder) / target.name
            jupytext.write(book, source)
            try:
                papermill.execute_notebook(source, target, given, **how)
            except papermill.PapermillExecutionError as error:
                yield target, f"cell {error.exec_count}: {error.ename}: {error.evalue}"
                continue
            yield target, ""


def _parameters(book: Any) -> str:
    """The source of the cell of parameters."""
    return next(str(cell.source) for cell in book.cells if "parameters" in cell.metadata.get("tags", []))


def largest(corpus: bk.Corpus, raw: Path) -> Path | None:
    """The file with the most amounts, a PDF where there is one; None when no file that holds any is there."""
    amounts = corpus.facts.groupby("document", observed=True).size()
    known = corpus.documents.assign(amounts=corpus.documents["document"].map(amounts).fillna(0))
    known = known[(known["amounts"] > 0) & known["path"].notna()]
    known = known.assign(pdf=known["format"] == "pdf").sort_values(["pdf", "amounts"], ascending=False)
    return next((raw / path for path in known["path"] if (raw / path).is_file()), None)


def main() -> None:
    """Run all; the exit code says whether all ran to the end."""
    parser = argparse.ArgumentParser(description="Execute the notebooks over a processed folder, into that folder.")
    parser.add_argument("processed", type=Path)
    parser.add_argument("--raw", type=Path)
    given = parser.parse_args()
    processed = given.processed.resolve()
    stopped = False
    for path, problem in run(processed, (given.raw or processed.parent / "raw").resolve()):
        print(f"{path}: {problem or 'done'}", flush=True)
        stopped |= bool(problem)
    sys.exit(stopped)


if __name__ == "__main__":
    main()
