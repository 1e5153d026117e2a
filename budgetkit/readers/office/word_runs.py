"""The text of a Word paragraph as it is seen: deleted and hidden runs out, symbols and raised marks as characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from budgetkit.printed.widths import squeeze
from budgetkit.readers.office.styles import joined_runs
from budgetkit.readers.office.word_styles import W, WordStyles, fill_of
from budgetkit.readers.rasters import tidy_line

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: the second writing of a drawing for old programs, deleted text of tracked changes, the reading aid over characters
SKIPPED = frozenset((f"{MC}Fallback", f"{W}del", f"{W}moveFrom", f"{W}rt"))
DELETED = frozenset((f"{W}del", f"{W}moveFrom"))
_MARKS = {
    f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "",
}  # fmt: skip
#: characters of the fonts Symbol and Wingdings by their code, beside those that equal ASCII
_SYMBOL = {
    0x2D: "-", 0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈",
    0xD7: "·", 0x44: "Δ",
}  # fmt: skip
_WINGDINGS = {
    0xA8: "□", 0x6F: "□", 0xFE: "☑", 0x52: "☑", 0xFC: "√", 0x50: "√", 0xFB: "×", 0xFD: "☒",
    **{0x80 + k: chr(0x2460 + k - 1) for k in range(1, 11)}, **{0x8B + k: chr(0x2776 + k - 1) for k in range(1, 11)},
}  # fmt: skip
#: what stands for a character that is not known: it is no digit and no sign
UNKNOWN = "\ufffd"


@dataclass(frozen=True)
class Seeing:
    """What is needed to tell what is seen, and the count of what is not, by reason."""

    styles: WordStyles
    unseen: Counter[str] = field(default_factory=Counter)


def paragraph_lines(seeing: Seeing, paragraph: Any, ground: str = "", before: str = "") -> list[str]:
    """The lines of a paragraph, blank ones left out; `before` is what a deleted paragraph mark joins to it."""
    pieces = list(_pieces(seeing, paragraph, paragraph.find(f"{W}pPr"), ground))
    lines = (tidy_line(line) for line in (before + joined_runs(pieces)).split("\n"))
    return [line for line in lines if squeeze(line)]


def mark_is_deleted(paragraph: Any) -> bool:
    """Whether a tracked change joins a paragraph with the next."""
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    return mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)


def _pieces(seeing: Seeing, element: Any, paragraph: Any, ground: str) -> Iterator[tuple[str, bool]]:
    """Texts of runs, and whether each is raised."""
    for item in element.iterchildren():
        tag = item.tag
        if not isinstance(tag, str):
            continue
        if tag == f"{W}r":
            yield from _run(seeing, item, paragraph, ground)
        elif tag == f"{M}r":
            yield "".join(part.text or "" for part in item.iter(f"{M}t")), False
        elif tag in DELETED:
            count_deleted(seeing, item)
        elif tag == f"{W}sdt" and item.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            # what the form asks the writer to fill in is no content
            continue
        elif tag not in SKIPPED and not tag.endswith("Pr"):
            yield from _pieces(seeing, item, paragraph, ground)


def _run(seeing: Seeing, run: Any, paragraph: Any, ground: str) -> Iterator[tuple[str, bool]]:
    look = seeing.styles.look(run.find(f"{W}rPr"), paragraph)
    text = "".join(_texts(run))
    why = look.unseen(ground)
    if why and squeeze(text):
        seeing.unseen[why] += 1
        return
    if text:
        yield text, bool(look.raised)


def _texts(run: Any) -> Iterator[str]:
    for item in run.iterchildren():
        tag = item.tag
        if tag == f"{W}t":
            yield item.text or ""
        elif tag in _MARKS:
            yield _MARKS[tag]
        elif tag == f"{W}sym":
            yield symbol(item.get(f"{W}font") or "", item.get(f"{W}char") or "")
        elif tag == f"{W}ruby":
            yield "".join(part.text or "" for part in item.iterfind(f"{W}rubyBase/{W}r/{W}t"))
        elif tag == f"{MC}AlternateContent":
            # drawings hold text boxes, which follow the paragraph; other choices hold text
            for choice in item.iterchildren(f"{MC}Choice"):
                yield from _texts(choice)


def symbol(font: str, code: str) -> str:
    """The character that a symbol of a font shows.

    >>> symbol("Symbol", "F02D"), symbol("Wingdings", "F0FE"), symbol("Wingdings", "F031") == UNKNOWN
    ('-', '☑', True)
    """
    try:
        number = int(code, 16)
    except ValueError:
        return UNKNOWN
    private = 0xF000 <= number <= 0xF0FF
    number = number - 0xF000 if private else number
    name = font.lower()
    if name.startswith("wingdings") or name.startswith("webdings"):
        return _WINGDINGS.get(number, UNKNOWN) if name == "wingdings" else UNKNOWN
    if name == "symbol":
        return _SYMBOL.get(number) or (chr(number) if 0x20 <= number < 0x40 else UNKNOWN)
    return chr(number) if 0x20 <= number < 0x7F or (not private and 0xA0 <= number < 0xD800) else UNKNOWN


def count_deleted(seeing: Seeing, item: Any) -> None:
    if any(squeeze(part.text or "") for part in item.iter(f"{W}delText", f"{W}t")):
        seeing.unseen["text deleted by a tracked change"] += 1


def text_boxes(paragraph: Any) -> Iterator[Any]:
    """Text boxes anchored in a paragraph, those within others left to them."""
    for box in paragraph.iter(f"{W}txbxContent"):
        inside = False
        for above in box.iterancestors():
            if above is paragraph:
                break
            if above.tag in SKIPPED or above.tag == f"{W}txbxContent":
                inside = True
        if not inside:
            yield box


def cell_ground(cell: Any, shaded: bool) -> str:
    """The colour behind a cell: "" for paper, "pattern" where the style of its table may shade it."""
    properties = cell.find(f"{W}tcPr")
    own = fill_of(properties) if properties is not None else None
    return own if own is not None else "pattern" if shaded else ""
