"""From rulings to grids: lines on a page become intersections, intersections become cells with spans.

Pure geometry over numpy arrays; nothing here knows PDF. All thresholds are relative to the height of the page's glyphs,
so that rules of any thickness and pages of any scale are read alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from budgetkit.readers.pdf.glyphs import runs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: part of the glyph height within which two positions are the same ruling
SNAP = 0.22
#: a stroke with no side longer than this part of the glyph height is a dot
DOT = 0.2
#: part of the glyph height under which a ruling is a dot or a tick
SHORT = 0.45
#: pairs of rulings of one page, and places of one raster, beyond which lines are a drawing and no table
CROSSINGS, RASTER = 10_000_000, 100_000
#: dashes of a broken line are no longer than this part of the glyph height
DASH = 1.0
#: part of a raster edge that a ruling must cover to be a border there
COVER = 0.6


@dataclass(frozen=True)
class Rulings:
    """Axis-parallel lines of one direction: a position and an extent each."""

    at: Floats
    lo: Floats
    hi: Floats

    def take(self, chosen: Bools) -> Rulings:
        """The lines where `chosen` is true."""
        return Rulings(self.at[chosen], self.lo[chosen], self.hi[chosen])


@dataclass(frozen=True)
class Lattice:
    """One ruled table: its column and row borders and, for every raster place, the number of the cell it belongs to."""

    xs: Floats
    ys: Floats
    #: cell number of every raster place, (rows, columns)
    label: Ints
    #: first row, last row, first column, last column of every cell, (cells, 4)
    span: Ints
    #: whether the cell fills its rectangle
    whole: Bools


def rulings(strokes: Floats, em: float) -> tuple[Rulings, Rulings]:
    """Horizontal and vertical rulings: collinear, touching and doubled strokes as one, without what is too short.

    `strokes`: left, top, right, bottom of each, in points.
    """
    if not len(strokes):
        none = np.empty(0)
        return Rulings(none, none, none), Rulings(none, none, none)
    x0, y0, x1, y1 = strokes.T
    wide, tall = x1 - x0, y1 - y0
    # a dot may be a piece of a dotted line of either direction
    dot = np.maximum(wide, tall) < DOT * em
    flat, steep = dot | (wide >= tall), dot | (wide < tall)
    at = np.concatenate((((y0 + y1) / 2)[flat], ((x0 + x1) / 2)[steep]))
    lo, hi = np.concatenate((x0[flat], y0[steep])), np.concatenate((x1[flat], y1[steep]))
    steep = np.arange(len(at)) >= np.count_nonzero(flat)
    merged, steep = _merged(at, lo, hi, steep, em)
    long = merged.hi - merged.lo >= SHORT * em
    return merged.take(long & ~steep), merged.take(long & steep)


def _merged(at: Floats, lo: Floats, hi: Floats, steep: Bools, em: float) -> tuple[Rulings, Bools]:
    """Strokes of both directions at once: position across and extent along each; and which are vertical."""
    snap = SNAP * em
    order = np.lexsort((at, steep))
    at, lo, hi, steep = at[order], lo[order], hi[order], steep[order]
    cluster = runs((at[1:] - at[:-1] > snap) | (steep[1:] != steep[:-1]))
    centre = np.bincount(cluster, weights=at) / np.bincount(cluster)
    order = np.lexsort((lo, cluster))
    lo, hi = lo[order], hi[order]
    # one running maximum serves all clusters when each is shifted beyond the reach of the one before
    shift = cluster * (4.0 * (np.abs(hi).max() + np.abs(lo).max() + 1.0))
    reach = np.maximum.accumulate(hi + shift)
    gap = lo[1:] + shift[1:] - reach[:-1]
    starts = np.concatenate(([True], (gap > snap) & ~_dashed(gap, hi - lo, em)))
    first = starts.nonzero()[0]
    return Rulings(centre[cluster[first]], lo[first], np.maximum.reduceat(hi, first)), steep[first]


def _dashed(gap: Floats, length: Floats, em: float) -> Bools:
    """Gaps between the dashes or dots of one line: short pieces of one length at even distances."""
    alike = np.abs(length[1:] - length[:-1]) < 0.2 * np.maximum(length[1:], length[:-1]) + 0.01 * em
    small = (np.maximum(length[1:], length[:-1]) < DASH * em) & (gap > 0) & (gap < 0.6 * DASH * em) & alike
    even = small[1:] & small[:-1] & (np.abs(gap[1:] - gap[:-1]) < 0.25 * np.maximum(gap[1:], gap[:-1]) + 0.01 * em)
    # three dashes at even distances are a line; what has one such neighbour gap belongs to it
    return np.concatenate((even, [False])) | np.concatenate(([False], even)) if len(gap) else small


def lattices(across: Rulings, down: Rulings, em: float) -> list[Lattice]:
    """The ruled tables of a page, from top to bottom.

    `across`, `down`: merged horizontal (at = y, extent in x) and vertical (at = x, extent in y) rulings.
    """
    if len(across.at) == 0 or len(down.at) < 2 or too_many(across, down):
        return []
    snap = 1.5 * SNAP * em
    crossing = (
        (down.at[None, :] >= across.lo[:, None] - snap)
        & (down.at[None, :] <= across.hi[:, None] + snap)
        & (across.at[:, None] >= down.lo[None, :] - snap)
        & (across.at[:, None] <= down.hi[None, :] + snap)
    )
    found = []
    for rows, cols in _components(crossing):
        lattice = _lattice(across.take(rows), down.take(cols), em)
        if lattice is not None:
            found.append(lattice)
    return sorted(found, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def too_many(across: Rulings, down: Rulings) -> bool:
    """Whether the lines are those of a drawing: more than any table has, and too many to compare with each other."""
    return len(across.at) * len(down.at) > CROSSINGS


def _components(crossing: Bools) -> list[tuple[Bools, Bools]]:
    """Sets of rulings that are connected by crossings."""
    left: Bools = np.asarray(crossing.any(axis=1))
    found: list[tuple[Bools, Bools]] = []
    while left.any():
        rows: Bools = np.zeros(len(left), dtype=np.bool_)
        rows[np.argmax(left)] = True
        count = 0
        while rows.sum() != count:
            count = int(rows.sum())
            cols: Bools = np.asarray(crossing[rows].any(axis=0))
            rows = np.asarray(crossing[:, cols].any(axis=1))
        found.append((rows, cols))
        left = left & ~rows
    return found


def _borders(own: Floats, ends_lo: Floats, ends_hi: Floats, em: float) -> Floats:
    """Raster positions: the rulings' own, and one at each end that the crossing rulings pass (an open table)."""
    own = np.sort(own)
    positions = own[np.concatenate(([True], own[1:] != own[:-1]))]
    low, high = ends_lo.min(), ends_hi.max()
    if low < positions[0] - em * 0.5 and (ends_lo < low + em * 0.5).sum() >= 2:
        positions = np.concatenate(([low], positions))
    if high > positions[-1] + em * 0.5 and (ends_hi > high - em * 0.5).sum() >= 2:
        positions = np.concatenate((positions, [high]))
    return positions


def _covered(lines: Rulings, at: Floats, along: Floats) -> Bools:
    """Whether a ruling covers each raster edge: (positions `at`, intervals of `along`)."""
    low, high = along[:-1], along[1:]
    overlap = np.minimum(lines.hi[:, None], high[None, :]) - np.maximum(lines.lo[:, None], low[None, :])
    length = np.zeros((len(at), len(low)))
    np.add.at(length, np.abs(lines.at[:, None] - at[None, :]).argmin(axis=1), np.maximum(overlap, 0.0))
    return np.asarray(length >= COVER * (high - low)[None, :])


def _lattice(across: Rulings, down: Rulings, em: float) -> Lattice | None:
    """One connected set of rulings as a lattice; None when it has fewer than two cells (a frame, an underline)."""
    ys = _borders(across.at, down.lo, down.hi, em)
    xs = _borders(down.at, across.lo, across.hi, em)
    if len(ys) < 2 or len(xs) < 2 or len(ys) * len(xs) > RASTER:
        return None
    horizontal = _covered(across, ys, xs)
    vertical = _covered(down, xs, ys).T
    # outer borders close the table where it is open at a page's edge or a segment is missing
    open_right = ~vertical[:, 1:-1]
    open_down = ~horizontal[1:-1, :]
    label = _label(open_right, open_down)
    if not label.any():
        return None
    return Lattice(xs, ys, label, *spans(label))


def _label(open_right: Bools, open_down: Bools) -> Ints:
    """Number the connected raster places: neighbours without a border between them are one cell."""
    rows, cols = open_right.shape[0], open_down.shape[1]
    places = np.arange(rows * cols).reshape(rows, cols)
    label = places.copy()
    while True:
        before = label.copy()
        for near, far, joined in (
            (label[:, :-1], label[:, 1:], open_right),
            (label[:-1, :], label[1:, :], open_down),
        ):
            low = np.minimum(near, far)
            np.copyto(near, low, where=joined)
            np.copyto(far, low, where=joined)
        if (label == before).all():
            # each has the number of its first place; they are counted through
            return np.asarray(((label == places).cumsum() - 1)[label])


def spans(label: Ints) -> tuple[Ints, Bools]:
    """The bounding rows and columns of every cell, and whether the cell fills them."""
    flat = label.ravel()
    places, filled = flat.argsort(kind="stable"), np.bincount(flat)
    starts = filled.cumsum() - filled
    sides = [least.reduceat(at, starts) for at in divmod(places, label.shape[1]) for least in (np.minimum, np.maximum)]
    span = np.stack(sides, axis=1)
    area = (span[:, 1] - span[:, 0] + 1) * (span[:, 3] - span[:, 2] + 1)
    return span, area == filled
