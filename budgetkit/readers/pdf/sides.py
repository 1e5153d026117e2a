"""Tables side by side: which of the lines above and below stand over which of them, and the order to read them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from budgetkit.model import Box, Grid, Line
from budgetkit.readers.pdf.glyphs import Glyphs
from budgetkit.readers.pdf.pieces import Band, bands, cut

Ints = npt.NDArray[np.int64]

#: a title stands over the middle of its table within this many glyph heights
CENTRED = 2.0


@dataclass(frozen=True)
class Sides:
    """Two tables side by side, each with a title of its own."""

    #: between the two
    gutter: float
    #: from the titles to the next table or the end of the page
    top: float
    bottom: float

    def key(self, block: Line | Grid) -> tuple[float, int, float]:
        """Where a block comes in the order of reading: the left table with its lines before the right one."""
        box = block.box or Box(0.0, 0.0, 0.0, 0.0)
        if not self.top <= box.y0 < self.bottom:
            return box.y0, 0, box.y0
        return self.top, int((box.x0 + box.x1) / 2 > self.gutter), box.y0


def beside(grids: Sequence[Grid]) -> list[tuple[Box, Box]]:
    """The boxes of tables that stand side by side."""
    boxes = sorted((grid.box for grid in grids if grid.box is not None), key=lambda box: box.x0)
    return [
        (left, right)
        for left, right in pairwise(boxes)
        if right.x0 > left.x1
        and min(left.y1, right.y1) - max(left.y0, right.y0) > 0.5 * min(left.y1 - left.y0, right.y1 - right.y0)
    ]


def parted(glyphs: Glyphs, free: Ints, grids: Sequence[Grid]) -> tuple[Sides | None, Ints]:
    """The sides of a page, and the glyphs among those outside tables that belong to the right one.

    `free`: places of those that stand outside tables.
    """
    none = np.empty(0, dtype=np.int64)
    for left, right in beside(grids):
        gutter = (left.x1 + right.x0) / 2
        others = [grid.box for grid in grids if grid.box is not None and grid.box not in (left, right)]
        high = min(left.y0, right.y0)
        above = max((box.y1 for box in others if box.y1 <= high), default=0.0)
        below = min((box.y0 for box in others if box.y0 >= max(left.y1, right.y1)), default=float("inf"))
        base = glyphs.base[free]
        group, pieces = cut(glyphs, free[(base > above) & (base < below)])
        rows = [band for band in bands(pieces, glyphs.em) if not _crosses(band, gutter)]
        titles = [band for band in rows if band.base < high and _titles(band, left, right, glyphs.em)]
        if titles:
            top = titles[0].top
            own = [p.id for band in rows if band.top >= top for p in band.pieces if p.box.x0 > gutter]
            return Sides(gutter, top, below), np.flatnonzero(np.isin(group, own))
    return None, none


def _crosses(band: Band, gutter: float) -> bool:
    return any(piece.box.x0 < gutter < piece.box.x1 for piece in band.pieces)


def _titles(band: Band, left: Box, right: Box, em: float) -> bool:
    """Whether a line holds two texts, each over the middle of its table."""
    if len(band.pieces) != 2:
        return False
    return all(
        abs((piece.box.x0 + piece.box.x1) / 2 - (box.x0 + box.x1) / 2) < CENTRED * em
        for piece, box in zip(band.pieces, (left, right), strict=True)
    )
