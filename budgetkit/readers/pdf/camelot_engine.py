"""Pages read by camelot: the second opinion where our rulings do not give a sound grid.

camelot reads files, is heavy and slow, and on damaged pages it can go on for minutes and take gigabytes. So a process
of its own reads, page by page, is started at the first question, and is ended when an answer takes too long. What
goes wrong in it counts as "no table": the caller keeps its first reading.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import numpy as np

from budgetkit.model import Box, Cell, Grid
from budgetkit.printed.widths import ideographs
from budgetkit.readers.pdf.rulings import spans

#: how camelot is asked, by the name under which its grids are recorded
WAYS: dict[str, dict[str, Any]] = {
    "camelot-lattice": {"flavor": "lattice", "engine": "vector", "split_text": True},
    "camelot-stream": {"flavor": "stream"},
}
#: seconds after which an answer is not waited for, nor the document asked about again; bytes that the process may take
PATIENCE, MEMORY = 15.0, 4 << 30


MODULE = "budgetkit.readers.pdf.camelot_engine"


class Camelot:
    """camelot for one document: a temporary file and a process, both made when first needed.

    A context manager; leaving it ends the process and removes the file.
    """

    def __init__(self, data: bytes, patience: float = PATIENCE) -> None:
        self._data = data
        self._patience = patience
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._lost = False

    def __enter__(self) -> Camelot:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()
        if self._folder is not None:
            self._folder.cleanup()

    def grids(self, number: int, way: str, size: tuple[float, float]) -> tuple[Grid, ...]:
        """The tables of one page.

        `number`: the page, from 1; `way`: a key of `WAYS`; `size`: width and height of the page as seen; where camelot
        sees another page, its boxes are left out. Returns: from top to bottom; empty where camelot finds no table,
        fails or takes too long.
        """
        process = self._started()
        if process is None or process.stdin is None or process.stdout is None:
            return ()
        watch = threading.Timer(self._patience, process.kill)
        watch.start()
        try:
            process.stdin.write(json.dumps([number, way, *size]) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = ""
        finally:
            watch.cancel()
        if not answer.endswith("\n"):
            self._end()
            self._lost = True
            return ()
        return tuple(_decoded(values, number, way) for values in json.loads(answer))

    def _started(self) -> subprocess.Popen[str] | None:
        if self._process is None and not self._lost:
            try:
                if self._folder is None:
                    self._folder = tempfile.TemporaryDirectory(prefix="budgetkit-")
                    (Path(self._folder.name) / "document.pdf").write_bytes(self._data)
                self._process = subprocess.Popen(
                    [sys.executable, "-m", MODULE, str(Path(self._folder.name) / "document.pdf")],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    encoding="utf-8",
                )
            except OSError:
                return None
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def serve(path: str) -> None:
    """Answer questions about a document, a line each, until there are no more: what the process does."""
    answers, sys.stdout = sys.stdout, sys.stderr
    _limit_memory()
    for line in sys.stdin:
        number, way, width, height = json.loads(line)
        grids = read_grids(path, number, way, (width, height))
        answers.write(json.dumps([_encoded(grid) for grid in grids]) + "\n")
        answers.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _encoded(grid: Grid) -> list[Any]:
    cells = [[cell.row, cell.col, cell.text, cell.rowspan, cell.colspan, cell.box] for cell in grid.cells]
    return [grid.rows, grid.cols, cells, grid.first_row, grid.box, grid.xs, grid.doubts]


def _decoded(values: list[Any], number: int, way: str) -> Grid:
    rows, cols, cells, first_row, box, xs, doubts = values
    placed = tuple(
        Cell(row, col, ideographs(text), rowspan, colspan, Box(*corners) if corners else None)
        for row, col, text, rowspan, colspan, corners in cells
    )
    return Grid(number, rows, cols, placed, way, first_row, Box(*box) if box else None, tuple(xs), tuple(doubts))


def read_grids(path: str, number: int, way: str, size: tuple[float, float]) -> tuple[Grid, ...]:
    """The tables of one page, read in this process; see `Camelot.grids`."""
    import camelot

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tables = list(cast(Any, camelot).read_pdf(path, pages=str(number), suppress_stdout=True, **WAYS[way]))
        # one call into camelot, playa and their drawing libraries, whose errors on odd pages have no common root
        except Exception:
            return ()
    grids: list[Grid] = []
    first_row = 0
    for table in sorted(tables, key=lambda table: -float(table.cells[0][0].y2)):
        grid = _grid(table, number, way, size, first_row)
        if grid is not None:
            grids.append(grid)
            first_row += grid.rows
    return tuple(grids)


def _grid(table: Any, number: int, way: str, size: tuple[float, float], first_row: int) -> Grid | None:
    """One table of camelot as a grid; None where it has no two texts."""
    rows, cols = len(table.cells), len(table.cells[0])
    label = _labels(table.cells)
    numbers, label = np.unique(label, return_inverse=True)
    label = label.reshape(rows, cols)
    span, whole = spans(label)
    texts: list[list[str]] = [[] for _ in numbers]
    for row in range(rows):
        for col in range(cols):
            texts[label[row, col]] += [line.strip() for line in table.cells[row][col].text.split("\n") if line.strip()]
    if sum(1 for text in texts if text) < 2:
        return None
    placed = _same_page(table, size)
    xs = [float(cell.x1) for cell in table.cells[0]] + [float(table.cells[0][-1].x2)]
    ys = [size[1] - float(row[0].y2) for row in table.cells] + [size[1] - float(table.cells[-1][0].y1)]
    cells = [
        Cell(r0, c0, "\n".join(text), r1 - r0 + 1, c1 - c0 + 1, _box(xs, ys, r0, r1, c0, c1) if placed else None)
        for (r0, r1, c0, c1), text in zip(span.tolist(), texts, strict=True)
    ]
    ragged = [k for k in range(len(cells)) if texts[k] and not whole[k]]
    doubts = ("a cell with text is no rectangle",) if ragged else ()
    cells.sort(key=lambda cell: (cell.row, cell.col))
    box = _box(xs, ys, 0, rows - 1, 0, cols - 1) if placed else None
    return Grid(number, rows, cols, tuple(cells), way, first_row, box, tuple(xs) if placed else (), doubts)


def _labels(cells: Sequence[Sequence[Any]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The number of the merged cell at every place: neighbours without a border between them are one."""
    rows, cols = len(cells), len(cells[0])
    label = np.arange(rows * cols).reshape(rows, cols)
    changed = True
    while changed:
        before = label.copy()
        for row in range(rows):
            for col in range(cols):
                if col + 1 < cols and not (cells[row][col].right or cells[row][col + 1].left):
                    label[row, col] = label[row, col + 1] = min(label[row, col], label[row, col + 1])
                if row + 1 < rows and not (cells[row][col].bottom or cells[row + 1][col].top):
                    label[row, col] = label[row + 1, col] = min(label[row, col], label[row + 1, col])
        changed = bool((before != label).any())
    return label


def _same_page(table: Any, size: tuple[float, float]) -> bool:
    """Whether camelot's coordinates are those of the page as seen."""
    seen = getattr(table, "pdf_size", None)
    return seen is not None and abs(seen[0] - size[0]) < 1 and abs(seen[1] - size[1]) < 1


def _box(xs: Sequence[float], ys: Sequence[float], r0: int, r1: int, c0: int, c1: int) -> Box:
    return Box(xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1])


if __name__ == "__main__":
    serve(sys.argv[1])
