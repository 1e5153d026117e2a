"""Pages to paragraphs: lines outside tables joined over line and page breaks, with their section."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from budgetkit.model import Line, Page
from budgetkit.printed.widths import squeeze
from budgetkit.prose.grammar import Layout

_WIDTHS = str.maketrans("０１２３４５６７８９％﹪．－−–(),:;!", "0123456789%%.--－（），：；！")
_THOUSANDS = re.compile(r"，(?<=\d，)(?=\d{3}(?!\d))")
_BULLET = re.compile(r"\s*(?:[-•●○]\s+|[*#•●○]+)(?=\S)")
_PAGE_NUMBER = re.compile(r"[-—–－·]*\d{1,3}[-—–－·]*|第\d+页(?:共\d+页)?")
_PART = re.compile(r"第[一二三四五六七八九十]+部分")
_ORDINAL = re.compile(
    r"(?P<part>第[一二三四五六七八九十]+部分)|(?P<section>[一二三四五六七八九十]+)、"
    r"|（(?P<sub>[一二三四五六七八九十]+)）、?|\d{1,2}[、.．](?!\d)|（\d{1,2}）、?|[①-⑳]"
)
#: a numbered name may begin with a year, "1.2023年替代工作经费"
_NUMBERED_YEAR = re.compile(r"\d{1,2}[、.．](?=\d{4}年)")
#: a line longer than this holds headings, behind blanks
_WHOLE = 600
_INLINE = re.compile(
    r"(?<!\s)\s+(?=第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.、]\s?[^\d\s])"
)
_STOPS = "。；：！？"
#: a figure is cut between its digits and its unit
_CUT = re.compile(r"\d[万亿]?\n(?:[万亿]?元|%)")
#: no paragraph begins with a figure and its unit
_AMOUNT_FIRST = re.compile(r"[\d,]+(?:\.\d+)?(?:[万亿]?元|%)")
#: no heading is longer
_HEADING = 100
#: a line that ends before this share of the longest one ends its paragraph, unless it ends in one of these
_SHORT = 0.6
_OPEN = ("，", "、", "《", "“", "（")
_FIGURE = re.compile(r"\d(?:万?元|%)|\d{5}")


class _Placed(NamedTuple):
    """A line of prose with what is needed to join it."""

    text: str
    page: int
    indented: bool | None
    #: whether it ends far before the others do, where no geometry tells
    short: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph without white space; widths of signs are brought to one form."""

    text: str
    #: offsets at which pages begin, and the pages
    offsets: tuple[int, ...]
    pages: tuple[int, ...]
    #: the ordinal in front, "" where none is printed; it is part of the text
    ordinal: str = ""
    #: ordinal of the section: "五", or "第五部分" where the part has no sections; None before the first
    section: str | None = None
    heading: bool = False
    #: a title without ordinal
    title: bool = False

    def page_at(self, offset: int) -> int:
        """The page on which the character at an offset stands."""
        return self.pages[bisect_right(self.offsets, offset) - 1]


def plain(text: str) -> str:
    """Text without white space, with one width for digits and signs.

    >>> plain("其中: 1,234.50 万元(含)")
    '其中：1,234.50万元（含）'
    """
    folded = squeeze(text).translate(_WIDTHS)
    return _THOUSANDS.sub(",", folded)


def read_paragraphs(pages: Sequence[Page], layout: Layout) -> list[Paragraph]:
    """Paragraphs of a document in reading order, without contents, glossary, running heads and page numbers.

    `pages`: as a reader gives them, without furniture; `layout`: the words of the grammar that tell prose from other
    lines.
    """
    dropped = re.compile("|".join(layout.dropped))
    labels = re.compile("(?:" + "|".join(layout.labels) + ")：")
    lines = [line for line in _lines(pages) if not dropped.match(line.text)]
    return _sectioned(_joined(lines, labels, layout), layout)


def _parted(page: Page) -> Page:
    """A page with its lines parted before the headings within them, where a whole document is one line."""
    if not any(line.box is None and len(line.text) > _WHOLE for line in page.lines):
        return page
    parts = [part for line in page.lines for part in (_INLINE.split(line.text) if line.box is None else (line.text,))]
    return replace(page, blocks=tuple(Line(part) for part in parts))


def _lines(pages: Sequence[Page]) -> Iterator[_Placed]:
    pages = [_parted(page) for page in pages]
    texts = [[plain(line.text) for line in page.lines] for page in pages]
    for page, plained in zip(pages, texts, strict=True):
        margin = _margin(page)
        longest = max(map(len, plained), default=0)
        for line, text in zip(page.lines, plained, strict=True):
            # a comma alone on its line was displaced by another font: where it belongs is not known
            if not text.strip("，、") or _is_page_number(text, line):
                continue
            bullet = _BULLET.match(line.text)
            body = plain(line.text[bullet.end() :]) if bullet else text
            yield _Placed(
                body.rstrip("*"),
                page.number,
                _indented(line, margin),
                line.box is None and len(text) < longest * _SHORT,
            )


def _is_page_number(text: str, line: Line) -> bool:
    """Whether a line of a text without geometry is a page number; elsewhere furniture is gone before."""
    return line.box is None and _PAGE_NUMBER.fullmatch(text) is not None


def _margin(page: Page) -> float | None:
    """The left border of the text: the leftmost place where two or more lines begin."""
    starts = sorted(line.box.x0 for line in page.lines if line.box and len(line.text) > 6)
    return next((first for first, second in pairwise(starts) if second - first < 3), None)


def _indented(line: Line, margin: float | None) -> bool | None:
    if line.box is None or margin is None:
        return None
    return line.box.x0 - margin > 0.5 * max(line.size, 8.0)


def _joined(lines: Sequence[_Placed], labels: re.Pattern[str], layout: Layout) -> Iterator[list[_Placed]]:
    current: list[_Placed] = []
    for line in lines:
        if current and _breaks("".join(part.text for part in current[-4:]), current, line, labels, layout):
            yield current
            current = []
        current.append(line)
    if current:
        yield current


def _breaks(text: str, current: Sequence[_Placed], line: _Placed, labels: re.Pattern[str], layout: Layout) -> bool:
    """Whether a line begins a new paragraph after what was read."""
    if _CUT.search(text[-3:] + "\n" + line.text[:3]) or (
        _AMOUNT_FIRST.match(line.text) and not text.endswith(tuple(_STOPS))
    ):
        return False
    if _ordinal(line.text) or labels.match(line.text) or _PART.match(line.text):
        return not text.endswith(("《", "“", "（"))
    if line.indented is not None:
        return line.indented
    if current[-1].short and not text.endswith(_OPEN) and not (_ORDINAL.fullmatch(text) or _PART.fullmatch(text)):
        return True
    if _is_heading(current[0].text) and len(current) < 4:
        short = len(line.text) <= 4 and line.text.endswith(layout.heading_ends)
        return text.endswith(layout.heading_ends) and not short
    if len(current) == 1 and _is_title(text, layout):
        return True
    return text.endswith(tuple(_STOPS))


def _ordinal(text: str) -> re.Match[str] | None:
    return _ORDINAL.match(text) or _NUMBERED_YEAR.match(text)


def _is_heading(text: str) -> bool:
    """Whether a text that has a Chinese ordinal is a heading, not an item with figures."""
    match = _ORDINAL.match(text) if len(text) <= _HEADING else None
    if match is None or not any(match.groupdict().values()):
        return False
    return not any(stop in text for stop in "。；，") and not _FIGURE.search(text)


def _sectioned(joined: Iterator[list[_Placed]], layout: Layout) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    part: str | None = None
    section: str | None = None
    skipping = ""
    for lines in joined:
        # again: a number may be cut behind its separator
        text = _THOUSANDS.sub(",", "".join(line.text for line in lines))
        match = _ordinal(text)
        groups = match.groupdict() if match else {}
        level = next((name for name in ("part", "section", "sub") if groups.get(name)), "")
        heading = _is_heading(text)
        if skipping and (level == "part" or (level == skipping and heading) or _is_title(text, layout)):
            skipping = ""
            section = section if level else None
        if len(text) < 40 and any(word in text for word in layout.skipped) and (heading or not match):
            skipping = level or "part"
        if skipping:
            continue
        if level == "part":
            part, section = groups["part"], None
        elif level == "section":
            section = groups["section"]
        title = not match and _is_title(text, layout)
        paragraphs.append(_paragraph(lines, text, match, section or part, heading, title))
    return paragraphs


def _is_title(text: str, layout: Layout) -> bool:
    """Whether a text is a title without ordinal."""
    return len(text) <= 40 and text.endswith(layout.titles) and not any(stop in text for stop in "。；，：")


def _paragraph(
    lines: Sequence[_Placed], text: str, match: re.Match[str] | None, section: str | None, heading: bool, title: bool
) -> Paragraph:
    offsets, pages, length = [0], [lines[0].page], 0
    for line in lines:
        if line.page != pages[-1]:
            offsets.append(length)
            pages.append(line.page)
        length += len(line.text)
    return Paragraph(text, tuple(offsets), tuple(pages), match[0] if match else "", section, heading, title)
