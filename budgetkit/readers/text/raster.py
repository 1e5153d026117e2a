"""From rows of texts to grids: merged header cells told from the blanks beside and below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from budgetkit.model import Cell, Grid
from budgetkit.readers.text.vocabulary import is_label

Rows = list[list[str]]


def header_cells(rows: Sequence[Sequence[str]], cols: int) -> list[Cell]:
    """Tile the header rows: a text reaches over the blanks to its right and, where none stands below, down.

    Blanks to the right belong to a text only within the columns of the cell above, and only where texts stand below or
    the text is a label (科目编码); blanks below it only where the whole stretch is blank.
    """
    if not rows:
        return []
    return sorted(_region(rows, 0, 0, cols), key=lambda cell: (cell.row, cell.col))


def _region(rows: Sequence[Sequence[str]], top: int, left: int, right: int) -> Iterator[Cell]:
    starts = [col for col in range(left, right) if rows[top][col]]
    if not starts or starts[0] != left:
        starts.insert(0, left)
    for col, end in zip(starts, [*starts[1:], right], strict=True):
        below = next((row for row in range(top + 1, len(rows)) if any(rows[row][col:end])), len(rows))
        text = rows[top][col]
        wide = end - col if not text or below < len(rows) or is_label(text) else 1
        yield Cell(top, col, text, below - top, wide)
        if wide < end - col:  # a head of numbers with nothing below names its own column only
            yield Cell(top, col + wide, "", below - top, end - col - wide)
        if below < len(rows):
            yield from _region(rows, below, col, end)


def plain_cells(rows: Sequence[Sequence[str]], first: int) -> list[Cell]:
    """One cell for each place of the rows, the first of which is row `first` of the grid."""
    return [Cell(first + r, col, text) for r, row in enumerate(rows) for col, text in enumerate(row)]


def padded(row: Sequence[str], cols: int) -> list[str]:
    """The row with exactly `cols` cells; texts beyond the last column go into its cell."""
    kept = trimmed(row)
    if len(kept) > cols:
        return [*kept[: cols - 1], "\n".join(filter(None, kept[cols - 1 :]))]
    return [*kept, *[""] * (cols - len(kept))]


def trimmed(row: Sequence[str]) -> list[str]:
    """The row without its trailing blanks."""
    kept = list(row)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def make_grid(cells: Sequence[Cell], rows: int, cols: int, doubts: Sequence[str] = ()) -> Grid:
    """A grid of the text reader; page and first_row are set when the page is put together."""
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.col)))
    return Grid(page=1, rows=rows, cols=cols, cells=ordered, read_by="text", doubts=tuple(doubts))
