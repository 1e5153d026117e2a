"""Glyphs that stand on the page and belong to no line of it: watermarks, struck-out text, marks of footnotes.

Pure geometry over numpy arrays; nothing here knows PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from budgetkit.readers.pdf.glyphs import Glyphs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: radians by which text is slanted against the rest of the page
SLANT = 0.04
#: a channel of the colour from which on text is pale
PALE = 110
#: parts of its glyphs that are printed over others, from which on text is a watermark: pale text, other text
PALE_OVER, OVER = 0.08, 0.3
#: text that is so many times as high as the usual one is large
LARGE = 1.8
#: a mark of a footnote is no higher than this part of its figure, and raised by at least this part of it
SMALL, RAISED = 0.8, 0.12
#: a stroke through text ends no further than this part of the glyph height from it, and stands in its middle
OVERHANG, MIDDLE = 0.7, (0.3, 0.72)
#: more pairs of glyphs than this are not compared
PAIRS = 6_000_000
_MARKS = frozenset("0123456789()（）[]〔〕【】*＊※①②③④⑤⑥⑦⑧⑨⑩")
_SUPERSCRIPT = {"2": "²", "3": "³"}
_LONGEST = 5


@dataclass(frozen=True)
class Kept:
    """What is left of the glyphs of a page, and what stands aside."""

    glyphs: Glyphs
    #: places of the glyphs that were taken out, by what they are: "watermark", "slanted", "struck", "mark"
    taken: dict[str, Ints]


def set_aside(glyphs: Glyphs, strokes: Floats, angles: Floats, look: Ints, pale: Bools) -> Kept:
    """Take out what belongs to no line.

    `strokes`: left, top, right, bottom of straight ones; one a glyph: `angles` in radians, `look`: which have the same
    colour, `pale`: whether it is a pale one.
    """
    if not len(glyphs):
        return Kept(glyphs, {})
    large = glyphs.high > LARGE * glyphs.em
    slanted = _slanted(angles)
    taken = {"watermark": slanted & (pale | large)}
    if large.any() or (look != look[0]).any():
        taken["watermark"] |= _printed_over(glyphs, strokes, look * 2 + large, pale, slanted)
    taken["slanted"] = slanted & ~taken["watermark"]
    gone = taken["watermark"] | slanted
    taken["struck"] = _struck(glyphs, strokes, gone)
    gone |= taken["struck"]
    taken["mark"], powers = _footnotes(glyphs, gone)
    gone |= taken["mark"]
    if not powers and not gone.any():
        return Kept(glyphs, {})
    places = {kind: which.nonzero()[0] for kind, which in taken.items() if which.any()}
    text, base, spaced = list(glyphs.text), glyphs.base.copy(), glyphs.spaced.copy()
    for k, before in powers:
        text[k], base[k], spaced[k] = _SUPERSCRIPT[text[k]], base[before], False
    whole = Glyphs(text, glyphs.box, base, spaced)
    return Kept(whole.take((~gone).nonzero()[0]), places)


def _slanted(angles: Floats) -> Bools:
    """Which glyphs are slanted against the rest of the page."""
    if (angles == angles[0]).all():
        return np.zeros(len(angles), dtype=bool)
    # against the nearest axis of the page
    slant = (angles + np.pi / 4) % (np.pi / 2)
    return np.asarray((np.ptp(slant) > SLANT) & (np.abs(slant - np.median(slant)) > SLANT))


def _printed_over(glyphs: Glyphs, strokes: Floats, group: Ints, pale: Bools, slanted: Bools) -> Bools:
    """Text of one colour and size, a group, that is printed over other text and over rulings."""
    found = np.zeros(len(glyphs), dtype=bool)
    plain = ~slanted & ~pale if (~slanted & ~pale).any() else ~slanted
    usual = np.bincount(group[plain] // 2).argmax() if plain.any() else 0
    for number in np.unique(group).tolist():
        own = (group == number) & ~slanted
        others = ~own & ~slanted & ~found
        places, rest = own.nonzero()[0], others.nonzero()[0]
        if number == usual * 2 or len(places) < 2 or (len(places) > len(rest) and not pale[places[0]]):
            continue
        if len(places) * (len(rest) + len(strokes)) > PAIRS:
            places = places[:: len(places) * (len(rest) + len(strokes)) // PAIRS + 1]
        over = _overlaps(glyphs.box[places], glyphs.box[rest]) | _crossed(glyphs.box[places], strokes)
        if over.sum() >= 2 and over.mean() >= (PALE_OVER if pale[places[0]] else OVER):
            found |= own
    return found


def _overlaps(boxes: Floats, others: Floats) -> Bools:
    """Which boxes cover a good part of another, or are covered."""
    others = others[others[:, 1].argsort()]
    tops, heights = others[:, 1], others[:, 3] - others[:, 1]
    # only pairs that share some height: others that begin over the lower edge, and not too far over the upper one
    first = tops.searchsorted(boxes[:, 1] - heights.max(initial=0.0))
    count = np.maximum(tops.searchsorted(boxes[:, 3]) - first, 0)
    one = np.arange(len(boxes)).repeat(count)
    other = np.arange(len(one)) + (first - count.cumsum() + count).repeat(count)
    left, top, right, bottom = boxes[one].T
    others_left, others_top, others_right, others_bottom = others[other].T
    high = np.minimum(bottom, others_bottom) - np.maximum(top, others_top)
    wide = np.minimum(right, others_right) - np.maximum(left, others_left)
    over = (high > 0.4 * np.minimum(bottom - top, others_bottom - others_top)) & (
        wide > 0.3 * np.minimum(right - left, others_right - others_left)
    )
    found = np.zeros(len(boxes), dtype=bool)
    found[one[over]] = True
    return found


def _crossed(boxes: Floats, strokes: Floats) -> Bools:
    """Which boxes have a stroke through their middle."""
    rim_x, rim_y = 0.3 * (boxes[:, 2] - boxes[:, 0]), 0.3 * (boxes[:, 3] - boxes[:, 1])
    across = (strokes[None, :, 0] < (boxes[:, 2] - rim_x)[:, None]) & (
        strokes[None, :, 2] > (boxes[:, 0] + rim_x)[:, None]
    )
    along = (strokes[None, :, 1] < (boxes[:, 3] - rim_y)[:, None]) & (
        strokes[None, :, 3] > (boxes[:, 1] + rim_y)[:, None]
    )
    return np.asarray((across & along).any(axis=1))


def _struck(glyphs: Glyphs, strokes: Floats, gone: Bools) -> Bools:
    """Text with a stroke through it that is as long as the text, and no piece of a ruling."""
    found = np.zeros(len(glyphs), dtype=bool)
    if not len(strokes):
        return found
    em = glyphs.em
    flat = strokes[(strokes[:, 2] - strokes[:, 0] > 0.6 * em) & (strokes[:, 3] - strokes[:, 1] < 0.25 * em)]
    if not len(flat):
        return found
    y = (flat[:, 1] + flat[:, 3]) / 2
    middle = (glyphs.box[:, 1] + glyphs.box[:, 3]) / 2
    ordered = np.sort(middle)
    near = np.searchsorted(ordered, y + 0.3 * em) > np.searchsorted(ordered, y - 0.3 * em)
    for k in np.flatnonzero(near).tolist():
        left, _, right, _ = flat[k]
        x = (glyphs.box[:, 0] + glyphs.box[:, 2]) / 2
        part = (y[k] - glyphs.box[:, 1]) / np.maximum(glyphs.box[:, 3] - glyphs.box[:, 1], 0.1)
        under = (x > left) & (x < right) & (part > MIDDLE[0]) & (part < MIDDLE[1]) & ~gone
        if not under.any():
            continue
        box = glyphs.box[under]
        overhang = max(box[:, 0].min() - left, right - box[:, 2].max())
        filled = (box[:, 2] - box[:, 0]).sum() > 0.6 * (right - left)
        level = (np.abs(y - y[k]) < 0.08 * em) & (flat[:, 0] < right + 3 * em) & (flat[:, 2] > left - 3 * em)
        if (
            overhang < OVERHANG * em
            and filled
            and (flat[level, 0] >= left - 0.1).all()
            and (flat[level, 2] <= right + 0.1).all()
        ):
            found |= under
    return found


def _footnotes(glyphs: Glyphs, gone: Bools) -> tuple[Bools, list[tuple[int, int]]]:
    """Small raised glyphs behind others: marks of footnotes; and the places of those that are powers (m²), with the
    glyphs they belong to."""
    marks = np.zeros(len(glyphs), dtype=bool)
    powers: list[tuple[int, int]] = []
    high, base = glyphs.high, glyphs.base
    small = ((high < SMALL * max(glyphs.em, float(high.max()) * 0.5)) & ~gone).nonzero()[0]
    for k in small.tolist():
        if glyphs.text[k] not in _MARKS or marks[k]:
            continue
        before = _left_of(glyphs, k, gone)
        if before is None or high[k] > SMALL * high[before]:
            continue
        raised = base[before] - base[k]
        if not RAISED * high[before] < raised < 0.9 * high[before]:
            continue
        run = [k]
        while run[-1] + 1 < len(glyphs) and len(run) <= _LONGEST and _goes_on(glyphs, run[-1], run[-1] + 1):
            run.append(run[-1] + 1)
        if len(run) > _LONGEST or sum(glyphs.text[n].isdigit() for n in run) > 2:
            continue
        if glyphs.text[before].isascii() and glyphs.text[before].isalpha() and glyphs.text[k] in _SUPERSCRIPT:
            powers.append((k, before))
        else:
            marks[run] = True
    return marks, powers


def _left_of(glyphs: Glyphs, k: int, gone: Bools) -> int | None:
    """The glyph that stands directly to the left, mostly the one before in the content."""
    box = glyphs.box
    left, top, _, bottom = box[k].tolist()
    if k > 0 and _touches(box[k - 1].tolist(), box[k].tolist()):
        return k - 1
    away = np.abs(box[:, 2] - left)
    near = (away < 0.5 * (bottom - top)) & (box[:, 1] < bottom) & (box[:, 3] > top) & ~gone
    near[k] = False
    found = near.nonzero()[0]
    return int(found[away[found].argmin()]) if len(found) else None


def _touches(left: Sequence[float], right: Sequence[float]) -> bool:
    gap, high = right[0] - left[2], left[3] - left[1]
    return -0.3 * high < gap < 0.5 * high and left[1] < right[3] and left[3] > right[1]


def _goes_on(glyphs: Glyphs, k: int, after: int) -> bool:
    """Whether the next glyph belongs to the same mark."""
    box = glyphs.box
    high = box[k, 3] - box[k, 1]
    level = (
        abs(glyphs.base[after] - glyphs.base[k]) < 0.1 * high and abs(box[after, 3] - box[after, 1] - high) < 0.3 * high
    )
    return bool(glyphs.text[after] in _MARKS and level and -0.3 * high < box[after, 0] - box[k, 2] < 0.5 * high)
