"""Figures in lines that make no table and no sentence: what was a table before some tool turned it into text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from budgetkit.model import Grid, Line, Page
from budgetkit.printed.numbers import parse_number

#: an amount by its shape, not followed by what it is an amount of
_AMOUNT = re.compile(
    r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}\.\d{1,6})(?!\d|[.,]\d)"
    r"(?!\s*(?:[十百千]?[万亿]|元|[%％‰]|个百分点|平方|㎡|公里|分[，。；、]|倍|吨|亩|人|个|辆|台|次|项|家|户|岁))"
)
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?%?")
#: figures that run into each other: 1,234.561,000.50
_GLUED = re.compile(r"\d\.\d{1,6},\d|\d\.\d{3,14}\.\d{2}")
_SENTENCE = re.compile(r"[。；！？;!?]")
_PROSE = re.compile(r"[，。；！？：:]")
_LONG = 60
#: fewer than this in the whole document are numbers of sections or the like
_FEW = 3
#: digits in a row that may be a telephone number, which enters no frame
_DIALLED = re.compile(r"[-−]?\d{7,12}")


def part_loose(pages: Sequence[Page]) -> tuple[tuple[Page, ...], int]:
    """Take the lines with loose figures out of the lines of the pages, and make each of their numbers a stray.

    A sentence with three or more amounts without a unit, and lines that are an amount, or a short label with amounts,
    are remains of tables; whose they are is not known.

    Returns the pages, and how many lines were taken out.
    """
    marks = [_marks(page) for page in pages]
    if sum(amounts for page in marks for amounts, _ in page) < _FEW:
        return tuple(pages), 0
    parted = []
    count = 0
    for page, found in zip(pages, marks, strict=True):
        blocks: list[Line | Grid] = []
        strays = list(page.strays)
        for block, (_, loose) in zip(page.blocks, found, strict=True):
            if loose and isinstance(block, Line):
                count += 1
                strays += [Line(token, block.box) for token in figures(block.text)]
            else:
                blocks.append(block)
        parted.append(replace(page, blocks=tuple(blocks), strays=tuple(strays)))
    return tuple(parted), count


def has_loose(lines: Sequence[str]) -> bool:
    """Whether lines hold so many figures outside sentences that a table stands behind them."""
    return sum(_loose(line) for line in lines) >= _FEW


def _marks(page: Page) -> list[tuple[int, bool]]:
    """For each block how many loose amounts it holds, and whether its numbers are loose."""
    counts = [_loose(block.text) if isinstance(block, Line) else 0 for block in page.blocks]
    bare = [isinstance(block, Line) and _is_number(block.text) for block in page.blocks]
    marks = []
    for at, count in enumerate(counts):
        beside = bare[max(at - 2, 0) : at] + bare[at + 1 : at + 3]
        # whole numbers one a line: a number of a page stands alone
        whole = bare[at] and any(beside)
        marks.append((max(count, int(whole)), count > 0 or whole))
    return marks


def _is_number(text: str) -> bool:
    return len(text) < 30 and parse_number(text) is not None


def _loose(text: str) -> int:
    """How many amounts of a line belong to no sentence."""
    if not any(map(str.isdigit, text)):
        return 0
    rowlike = len(text) <= _LONG and not _PROSE.search(text)
    total = 0
    for sentence in _SENTENCE.split(text):
        found = len(_AMOUNT.findall(sentence)) + 2 * len(_GLUED.findall(sentence))
        total += found if found >= _FEW or (rowlike and _ends_in_amount(sentence)) else 0
    return total


def _ends_in_amount(text: str) -> bool:
    tail = text.rstrip()[-24:]
    return any(match.end() == len(tail) for match in _AMOUNT.finditer(tail))


def figures(text: str) -> list[str]:
    """The numbers of a line, without what may be a telephone number.

    >>> figures("201 行政运行 1,234.50 -3.2%")
    ['201', '1,234.50', '-3.2%']
    """
    return [token for token in _NUMBER.findall(text) if not _DIALLED.fullmatch(token)]
