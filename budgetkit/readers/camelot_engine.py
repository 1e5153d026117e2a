"""Pages read by camelot: the second opinion where our rulings do not give a sound grid.

camelot reads files, is heavy and slow, and is imported only when a page needs it. It is asked page by page, and what
it raises counts as "no table": the caller keeps the first reading.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from budgetkit.model import Box, Cell, Grid
from budgetkit.readers.rulings import spans

#: how camelot is asked, by the name under which its grids are recorded
WAYS: dict[str, dict[str, Any]] = {
    "camelot-lattice": {"flavor": "lattice", "engine": "vector", "split_text": True},
    "camelot-stream": {"flavor": "stream"},
}


@contextmanager
def temporary(data: bytes) -> Iterator[Path]:
    """A file with the document, for as long as its pages are read."""
    with tempfile.TemporaryDirectory(prefix="budgetkit-") as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(data)
        yield path


def read_grids(path: Path, number: int, way: str, size: tuple[float, float]) -> tuple[Grid, ...]:
    """The tables of one page.

    Parameters
    ----------
    path : Path
        A PDF without password.
    number : int
        The page, from 1.
    way : str
        A key of `WAYS`.
    size : (float, float)
        Width and height of the page as seen; where camelot sees another page, its boxes are left out.

    Returns
    -------
    tuple of Grid
        From top to bottom; empty where camelot finds no table or fails.
    """
    import camelot

    logging.getLogger("camelot").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tables = list(camelot.read_pdf(str(path), pages=str(number), suppress_stdout=True, **WAYS[way]))
        # one call into camelot, pdfminer and their drawing libraries, whose errors on odd pages have no common root
        except Exception:
            return ()
    grids: list[Grid] = []
    first_row = 0
    for table in sorted(tables, key=lambda table: -table.cells[0][0].y2):
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
    span, whole = spans(label, len(numbers))
    texts: list[list[str]] = [[] for _ in numbers]
    for row in range(rows):
        for col in range(cols):
            texts[label[row, col]] += [line.strip() for line in table.cells[row][col].text.split("\n") if line.strip()]
    if sum(1 for text in texts if text) < 2:
        return None
    placed = _same_page(table, size)
    xs = [cell.x1 for cell in table.cells[0]] + [table.cells[0][-1].x2]
    ys = [size[1] - row[0].y2 for row in table.cells] + [size[1] - table.cells[-1][0].y1]
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
    return Box(float(xs[c0]), float(ys[r0]), float(xs[c1 + 1]), float(ys[r1 + 1]))
