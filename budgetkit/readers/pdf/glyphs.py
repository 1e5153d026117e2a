"""From glyphs to text: characters with boxes become the lines of cells and of prose.

Pure geometry over numpy arrays; nothing here knows PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from budgetkit.model import Box, Line

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
#: group, text, sides and height of a line
Row = tuple[int, str, tuple[float, ...], float]

#: part of the glyph height by which the baselines of one line may differ
SAME_LINE = 0.45
#: part of the glyph height beyond which a gap in a line parts two texts
WIDE_GAP = 1.9
#: part of the glyph width within which the same letter printed twice is one bold letter
OVERPRINT = 0.35


@dataclass(frozen=True)
class Glyphs:
    """The visible characters of a page without white space, in the order of the content."""

    text: Sequence[str]
    #: left, top, right, bottom, y downwards, (n, 4)
    box: Floats
    #: y of the baseline; boxes of some fonts are as tall as the ink, so that only baselines tell lines apart
    base: Floats
    #: whether white space stood before the character in the content
    spaced: Bools

    def __len__(self) -> int:
        return len(self.text)

    def take(self, places: Ints) -> Glyphs:
        """The glyphs at some places."""
        return Glyphs([self.text[k] for k in places.tolist()], self.box[places], self.base[places], self.spaced[places])

    @property
    def centre(self) -> tuple[Floats, Floats]:
        """x and y of the middle of every box."""
        return (self.box[:, 0] + self.box[:, 2]) / 2, (self.box[:, 1] + self.box[:, 3]) / 2

    @cached_property
    def high(self) -> Floats:
        """The height of every box."""
        return np.asarray(self.box[:, 3] - self.box[:, 1])

    @cached_property
    def tall(self) -> Floats:
        """The height of every glyph as of a line: dots and dashes of some fonts have boxes of the ink alone."""
        return np.maximum(self.high, 0.5 * self.em)

    @cached_property
    def em(self) -> float:
        """The usual glyph height of the page in points."""
        if not len(self):
            return 10.0
        # as np.median, which takes longer than all else on a page with little text
        height, middle = np.sort(self.high), len(self) // 2
        return float(height[middle] if len(self) % 2 else (height[middle - 1] + height[middle]) / 2)


def lines(glyphs: Glyphs, group: Ints) -> list[tuple[int, Line]]:
    """Set glyphs into lines, group by group (a cell, or the text outside tables).

    `group`: which cell it belongs to; -1 for text outside tables, -2 for none. Returns: in order of group, then from
    top to bottom.
    """
    return [(row[0], as_line(row)) for row in rows(glyphs, group)]


def as_line(row: Row) -> Line:
    """What `rows` gives as a line."""
    _, text, sides, size = row
    return Line(text, Box(*sides), size)


def rows(glyphs: Glyphs, group: Ints) -> Iterable[Row]:
    """The same as plain values."""
    chosen = (group > -2).nonzero()[0]
    if not len(chosen):
        return ()
    order = chosen[np.lexsort((glyphs.base[chosen], group[chosen]))]
    base, own, height = glyphs.base[order], group[order], glyphs.tall[order]
    tall = np.minimum(height[1:], height[:-1])
    line = runs((own[1:] != own[:-1]) | (base[1:] - base[:-1] > SAME_LINE * tall))
    inner = np.lexsort((glyphs.box[order, 0], line))
    order, line = _without_overprint(glyphs, order[inner], line[inner])
    starts = np.concatenate(([0], (line[1:] != line[:-1]).nonzero()[0] + 1))
    return _texts(glyphs, group, order, starts)


def runs(new: Bools) -> Ints:
    """The number of the run of each of some values; `new` says of each but the first whether a run begins with it."""
    number = np.zeros(len(new) + 1, dtype=np.int64)
    new.cumsum(out=number[1:])
    return number


def _without_overprint(glyphs: Glyphs, order: Ints, line: Ints) -> tuple[Ints, Ints]:
    """Drop letters printed a second time at the same place to look bold."""
    left, right = glyphs.box[order, 0], glyphs.box[order, 2]
    near = np.abs(left[1:] - left[:-1]) < OVERPRINT * np.maximum(right[1:] - left[1:], 0.1)
    candidates = (near & (line[1:] == line[:-1])).nonzero()[0] + 1
    drop = [k for k in candidates.tolist() if glyphs.text[order[k]] == glyphs.text[order[k - 1]]]
    if not drop:
        return order, line
    keep = np.ones(len(order), dtype=bool)
    keep[drop] = False
    return order[keep], line[keep]


def _texts(glyphs: Glyphs, group: Ints, order: Ints, starts: Ints) -> Iterable[Row]:
    """Join the glyphs of every line; a wide gap becomes a tab, printed white space a blank."""
    left, top, right, bottom = (side[order] for side in glyphs.box.T)
    high, gap = glyphs.tall[order], left[1:] - right[:-1]
    wide = gap > WIDE_GAP * high[1:]
    spaced = glyphs.spaced[order[1:]] & (gap > -0.1 * high[1:]) & ~wide
    text = list(map(glyphs.text.__getitem__, order.tolist()))
    for mark, before in (("\t", wide), (" ", spaced)):
        before[starts[1:] - 1] = False
        for k in (before.nonzero()[0] + 1).tolist():
            text[k] = mark + text[k]
    least, most = np.minimum.reduceat, np.maximum.reduceat
    sides = (of(side, starts).tolist() for of, side in ((least, left), (least, top), (most, right), (most, bottom)))
    ends = [*starts[1:].tolist(), len(order)]
    texts = ["".join(text[start:end]) for start, end in zip(starts.tolist(), ends, strict=True)]
    return zip(group[order[starts]].tolist(), texts, zip(*sides, strict=True), most(high, starts).tolist(), strict=True)
