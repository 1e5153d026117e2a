"""Pieces of text outside rulings: what stands together on a line, and which lines make one row.

Where no ruling parts the columns, gaps do. Pure geometry over numpy arrays; nothing here knows PDF.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from budgetkit.model import Box
from budgetkit.readers.pdf.glyphs import SAME_LINE, Glyphs, lines

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: part of the glyph height from which on a gap parts two pieces
GAP = 0.3
#: baselines closer than this part of the glyph height are of one row: a wrapped cell beside a cell of one line
ROW = 0.7
#: letters set apart: gaps between single digits are even within this part, and no wider than this part of the height
EVEN, LETTERS = 0.3, 1.3
#: a text that follows an amount closer than this part of the glyph height goes on with its sentence
RUNS_ON = 1.0
_SINGLE = "0123456789.,"
#: a number, whatever signs, separators, marks and units go with it
FIGURE = re.compile(r"[-−－+△▲¥￥(（]*\d[\d,，.．]*[)）]?(?:%|％|元|万元)?[*①-⑳¹²³]*")
#: what shows that a number is an amount and no ordinal, code or page
MONEY = re.compile(r"\d[.．]\d|\d[,，]\d{3}")
_SENTENCE = re.compile(r"[。；？！]|…{2}|\.{4}|·{4}|^注[：:]")
_CLAUSES = re.compile(r"[，、：].*[，：]")


@dataclass(frozen=True)
class Piece:
    """Text that stands together on a line."""

    #: number among the pieces of the page
    id: int
    text: str
    box: Box
    base: float

    @property
    def figure(self) -> bool:
        """Whether it is a number and nothing else."""
        return FIGURE.fullmatch(self.text) is not None


@dataclass(frozen=True)
class Band:
    """Lines of one row: their pieces from left to right, and from top to bottom where they stand over each other."""

    pieces: tuple[Piece, ...]

    @property
    def base(self) -> float:
        """The middle of the baselines."""
        bases = [piece.base for piece in self.pieces]
        return (min(bases) + max(bases)) / 2

    @property
    def top(self) -> float:
        """The upper edge."""
        return min(piece.box.y0 for piece in self.pieces)

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return max(piece.box.y1 for piece in self.pieces)

    @property
    def amounts(self) -> tuple[Piece, ...]:
        """Its numbers but for one that leads the row without being money: a code or an ordinal."""
        found = [piece for piece in self.pieces if piece.figure]
        lead = self.pieces[0]
        if found and found[0] is lead and not MONEY.search(lead.text) and len(self.pieces) > 1:
            found = found[1:]
        return tuple(found)

    @property
    def sentence(self) -> bool:
        """Whether it is running text, a note or a line of contents."""
        clauses = len(self.pieces) < 3 and any(_CLAUSES.search(piece.text) for piece in self.pieces)
        height = self.pieces[0].box.y1 - self.pieces[0].box.y0
        runs_on = any(
            is_money(left.text) and not right.figure and 0 <= right.box.x0 - left.box.x1 < RUNS_ON * height
            for left, right in pairwise(self.pieces)
            if left.figure
        )
        return clauses or runs_on or any(_SENTENCE.search(piece.text) for piece in self.pieces)


def is_money(text: str) -> bool:
    """Whether a number is plainly an amount: with decimals or grouped, and no rate."""
    return MONEY.search(text) is not None and not text.endswith(("%", "％"))


def cut(glyphs: Glyphs, chosen: Ints) -> tuple[Ints, list[Piece]]:
    """The piece of every glyph (-2 where it is not chosen), and the pieces from top to bottom.

    `chosen`: places of those that stand outside tables.
    """
    group = np.full(len(glyphs), -2)
    if not len(chosen):
        return group, []
    em = glyphs.em
    order = chosen[np.argsort(glyphs.base[chosen], kind="stable")]
    breaks = np.concatenate(([True], np.diff(glyphs.base[order]) > SAME_LINE * em))
    line = np.cumsum(breaks) - 1
    inner = np.lexsort((glyphs.box[order, 0], line))
    order, line = order[inner], line[inner]
    gap = glyphs.box[order[1:], 0] - glyphs.box[order[:-1], 2]
    new = np.concatenate(([True], (np.diff(line) != 0) | (gap > GAP * em)))
    new = _without_letters(glyphs, order, line, gap, new)
    group[order] = np.cumsum(new) - 1
    bases = np.bincount(group[order], weights=glyphs.base[order]) / np.bincount(group[order])
    found = [
        Piece(owner, "".join(text.text.split()), text.box, float(bases[owner]))
        for owner, text in lines(glyphs, group)
        if text.box
    ]
    return group, found


def _without_letters(
    glyphs: Glyphs, order: Ints, line: Ints, gap: Floats, new: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Undo the cuts between digits that are set apart: single digits at even gaps are one number."""
    single = np.array([glyphs.text[k] in _SINGLE for k in order.tolist()], dtype=bool)
    inner = new[1:] & single[1:] & single[:-1] & (np.diff(line) == 0) & (gap < LETTERS * glyphs.em)
    places = np.flatnonzero(inner)
    if len(places) < 3:
        return new
    new = new.copy()
    for run in np.split(places, np.flatnonzero(np.diff(places) != 1) + 1):
        even = np.abs(gap[run] - np.median(gap[run])) < EVEN * np.median(gap[run])
        if len(run) >= 3 and even.sum() >= 3:
            new[run[even] + 1] = False
    return new


def bands(pieces: Sequence[Piece], em: float) -> list[Band]:
    """Rows of pieces, from top to bottom."""
    rest = sorted(pieces, key=lambda piece: piece.base)
    found: list[list[Piece]] = []
    for piece in rest:
        if found and piece.base - found[-1][-1].base <= ROW * em:
            found[-1].append(piece)
        else:
            found.append([piece])
    return [Band(tuple(sorted(row, key=lambda piece: (piece.box.x0, piece.base)))) for row in found]


def pitch(rows: Sequence[Band]) -> float:
    """The usual distance of rows; 0.0 of a single one."""
    steps = sorted(below.base - above.base for above, below in pairwise(rows))
    return steps[len(steps) // 2] if steps else 0.0
