"""The cell of every character: by where it stands, but for text that overflows its cell.

A number belongs to the cell in which it is set flush, other text to the cell in which it begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from budgetkit.readers.pdf.glyphs import Glyphs, runs
from budgetkit.readers.pdf.pieces import EVEN, LETTERS
from budgetkit.readers.pdf.rulings import Lattice, spans

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: characters no further apart than this part of the glyph height are of one text
TOUCHING, BLANK = 0.2, 0.4
#: part of the glyph height by which the gap between two numbers differs from that between digits of one
APART = 0.08
#: a character that reaches over a border by this part of its width was not set into a cell of its own
STRADDLE = 0.15
#: how exactly in the middle of its cell a text stands that follows another at the distance of letters
EXACT = 0.03
#: a text that begins by this part of the glyph height nearer to its border than its neighbour goes on from there
NEARER = 0.1
#: text no further from the border of its cell than this part of the glyph height is set flush
PADDING = 0.7
#: a text whose middle is that of a cell, within this part of the glyph height, is centred there
CENTRED = 0.6
#: figures that letter spacing spreads over cells have at least so many characters; others are columns of digits
SPREAD = 5
NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
#: an amount of money, where several run together
_SUM = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)\.\d\d")
_DIGITS = frozenset("0123456789.,")
#: marks that no cell begins with
_CLOSING = frozenset("）)》”】〉」』、，。；")


def settled(lattice: Lattice) -> Lattice:
    """Cells that do not fill a rectangle (a border is missing somewhere) fall apart into raster places."""
    if lattice.whole.all():
        return lattice
    label = lattice.label.copy()
    ragged = ~lattice.whole[label]
    label[ragged] = label.max() + 1 + np.arange(int(ragged.sum()))
    numbers, label = np.unique(label, return_inverse=True)
    label = label.reshape(ragged.shape)
    span, _ = spans(label)
    whole = np.ones(len(numbers), dtype=bool)
    whole[np.unique(label[ragged])] = False
    return replace(lattice, label=label, span=span, whole=whole)


@dataclass(frozen=True, slots=True)
class Filling:
    """What is odd about the text of a lattice."""

    #: whether a cell with text is no rectangle
    ragged: bool
    #: numbers that stand in more than one cell
    crossing: int


def assigned(glyphs: Glyphs, found: Sequence[Lattice], em: float) -> tuple[Ints, list[Filling]]:
    """The cell of every glyph (numbered through all lattices; -1 outside), and how every lattice is filled."""
    group = np.full(len(glyphs), -1)
    if not found:
        return group, []
    x, y = glyphs.centre
    filled: list[Filling] = []
    offset = 0
    for lattice in found:
        xs, ys = lattice.xs, lattice.ys
        inside = ((x >= xs[0]) & (x <= xs[-1]) & (y >= ys[0]) & (y <= ys[-1]) & (group == -1)).nonzero()[0]
        col = np.maximum(xs.searchsorted(x[inside]) - 1, 0)
        row = np.maximum(ys.searchsorted(y[inside]) - 1, 0)
        own, crossing = _rejoined(glyphs, inside, lattice.label[row, col], lattice, em)
        group[inside] = own + offset
        filled.append(Filling(not lattice.whole[own].all(), crossing))
        offset += len(lattice.span)
    return group, filled


def _rejoined(glyphs: Glyphs, inside: Ints, own: Ints, lattice: Lattice, em: float) -> tuple[Ints, int]:
    """Bring text that overflows its cell together; returns the cells, and how many numbers still cross a ruling."""
    if len(inside) < 2:
        return own, 0
    box = glyphs.box[inside]
    gap, step, base = box[1:, 0] - box[:-1, 2], box[1:, 0] - box[:-1, 0], glyphs.base[inside]
    onward = (inside[1:] - inside[:-1] == 1) & (np.abs(base[1:] - base[:-1]) < 0.15 * em) & (step > 0)
    near = onward & (gap < LETTERS * em)
    if not (near & (own[1:] != own[:-1])).any():
        return own, 0
    linked = onward & (gap < TOUCHING * em) & ~glyphs.spaced[inside][1:]
    digit = np.fromiter(map(_DIGITS.__contains__, map(glyphs.text.__getitem__, inside.tolist())), bool, len(inside))
    figures = digit[1:] & digit[:-1]
    figures &= linked | (near & (_even(gap, near & figures) | _even(step, near & figures)))
    own, crossing = _numbers(glyphs, inside, own, gap, figures, lattice)
    # a blank within a text is no wider than its letters
    words = onward & (gap < BLANK * em)
    return _texts(glyphs, inside, own, words & ~figures | figures & (np.diff(own) == 0), lattice, em), crossing


def _even(step: Floats, near: Bools) -> Bools:
    """Whether each step is like one beside it: digits that are set apart are still one number."""
    alike = near[1:] & near[:-1] & (np.abs(np.diff(step)) < EVEN * np.maximum(step[1:], step[:-1]))
    return np.concatenate((alike, [False])) | np.concatenate(([False], alike))


def _numbers(glyphs: Glyphs, inside: Ints, own: Ints, gap: Floats, linked: Bools, lattice: Lattice) -> tuple[Ints, int]:
    """Bring the digits of a number that overflows its cell together: where it is set flush, or where most of it is.

    Numbers of two cells that touch are no such case: together they are no number, or the gap between them is not that
    between the digits of each.
    """
    em = glyphs.em
    run = runs(~linked)
    own = own.copy()
    crossing = 0
    for number in np.unique(run[np.flatnonzero(linked & (np.diff(own) != 0))]):
        members = np.flatnonzero(run == number)
        borders = np.flatnonzero(np.diff(own[members]) != 0)
        parts = np.split(members, borders + 1)
        texts = ["".join(glyphs.text[inside[k]] for k in part) for part in parts]
        inner = np.delete(gap[members[:-1]], borders)
        apart = len(inner) > 0 and bool((np.abs(gap[members[borders]] - np.median(inner)) > APART * em).all())
        whole = NUMBER.fullmatch("".join(texts)) is not None
        if all(NUMBER.fullmatch(text) for text in texts) and (apart or not whole):
            continue
        # where digits are set apart, numbers that run together may also run into each other
        tight = bool((gap[members[:-1]] < TOUCHING * em).all())
        if not tight and (len(members) < SPREAD or not set("".join(texts)) & set(".,")):
            continue
        text = "".join(texts)
        sums = _SUM.findall(text) if tight and not whole else [text]
        if (not whole and len(sums) < 2) or "".join(sums) != text:
            # no more than a leftover: parts of it would pass for amounts
            sums, crossing = [text], crossing + 1
        for part in np.split(members, np.cumsum([len(each) for each in sums])[:-1]):
            flush = _flush(glyphs.box[inside[part]], own[part], lattice, em)
            values, counts = np.unique(own[part], return_counts=True)
            own[part] = values[counts.argmax()] if flush is None else flush
            crossing += whole and flush is None
    return own, crossing


def _flush(box: Floats, own: Ints, lattice: Lattice, em: float) -> int | None:
    """The cell in which a number is set flush, right or else left; None when it is neither."""
    if 0 <= lattice.xs[lattice.span[own[-1], 3] + 1] - box[-1, 2] < PADDING * em:
        return int(own[-1])
    return int(own[0]) if 0 <= box[0, 0] - lattice.xs[lattice.span[own[0], 2]] < PADDING * em else None


def _texts(glyphs: Glyphs, inside: Ints, own: Ints, linked: Bools, lattice: Lattice, em: float) -> Ints:
    """Bring text that runs over the border of its cell back to the cell in which it begins, or is centred."""
    split = np.flatnonzero(linked & (np.diff(own) != 0))
    if not len(split):
        return own
    run = runs(~linked)
    box = glyphs.box[inside]
    over = [
        k
        for k in split.tolist()
        if glyphs.text[inside[k + 1]] in _CLOSING
        or _runs_over(box[k], box[k + 1], own[k], lattice)
        or (
            glyphs.text[inside[k]] not in _DIGITS
            and _set_nearer(box[k + 1, 0], box[int(np.searchsorted(run, run[k])), 0], own[k], lattice, em)
        )
    ]
    if not over:
        return own
    own = own.copy()
    for number in np.unique(run[over]):
        members = np.flatnonzero(run == number)
        while len(members) > 1:
            borders = np.flatnonzero(np.diff(own[members]) != 0)
            # only what runs over border after border is one text
            stop = next((k for k in borders.tolist() if members[k] not in over), len(members) - 1) + 1
            text = [glyphs.text[k] for k in inside[members[:stop]].tolist()]
            stop = _next_text(text, box[members[:stop]], own[members[:stop]], lattice, em)
            own[members[:stop]] = _home(box[members[:stop]], own[members[:stop]], lattice, em)
            members = members[stop:]
    return own


def _runs_over(left: Floats, right: Floats, cell: int, lattice: Lattice) -> bool:
    """Whether one of two neighbours stands on the border between their cells."""
    border = lattice.xs[lattice.span[cell, 3] + 1]
    reach = max(left[2] - border, border - right[0])
    return bool(reach > STRADDLE * max(left[2] - left[0], right[2] - right[0]))


def _next_text(text: Sequence[str], box: Floats, own: Ints, lattice: Lattice, em: float) -> int:
    """Where in a run another text begins: a number set flush, or what its own cell sets at its left or in its middle.

    But for a number, or exactly in the middle, it stands at another distance than the letters of the run.
    """
    gap = box[1:, 0] - box[:-1, 2]
    odd = np.abs(gap - np.median(gap)) > APART * em
    for k in (np.flatnonzero(own[1:] != own[0]) + 1).tolist():
        cells, last = (own[0], own[k]), int(np.flatnonzero(own == own[k])[-1])
        left, right = (lattice.xs[lattice.span[cells, at] + more] for at, more in ((2, 0), (3, 1)))
        centred = abs(box[k, 0] + box[last, 2] - left[1] - right[1]) / 2
        inset = abs(box[k, 0] - left[1] - (box[0, 0] - left[0]))
        number = (
            0 <= right[1] - box[last, 2] < PADDING * em and NUMBER.fullmatch("".join(text[k : last + 1])) is not None
        )
        set_so = number or centred < EXACT * em or (odd[k - 1] and min(centred, inset) < APART * em)
        if set_so:
            return int(k)
    return len(box)


def _set_nearer(right: float, first: float, cell: int, lattice: Lattice, em: float) -> bool:
    """Whether a text begins nearer to its border than the text before it, which fills its cell, begins to its own."""
    edge = lattice.xs[lattice.span[cell, 2]]
    return bool(
        first - edge < PADDING * em and right - lattice.xs[lattice.span[cell, 3] + 1] < first - edge - NEARER * em
    )


def _home(box: Floats, own: Ints, lattice: Lattice, em: float) -> int:
    """The cell of a text that runs over borders: the one that it is centred in, else the one that it begins in."""
    middle = (box[0, 0] + box[-1, 2]) / 2
    for cell in np.unique(own[own != own[0]]).tolist():
        _, _, first, last = lattice.span[cell]
        if cell != own[-1] and abs((lattice.xs[first] + lattice.xs[last + 1]) / 2 - middle) < CENTRED * em:
            return int(cell)
    return int(own[0])
