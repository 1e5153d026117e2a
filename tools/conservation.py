"""Conservation by an independent tool: is every number in a table's box in a frame or in the leftovers?

    python -m tools.conservation FILE.pdf …

pdfplumber reads the words of each page and their boxes; budgetkit's grids give the boxes of the tables. Every word with
an amount in such a box must be what the fact or leftover in its place prints, or stand somewhere in the other frames or
in the labels and heads of facts, which have no boxes. What is flagged is to be looked at on its page: pdfplumber also
reads what is not to be seen (white, covered, on a hidden layer), and joins what stands close.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import budgetkit as bk

#: an amount: decimals or groups; plain integers are codes, ordinals and years as well
AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")
#: what has a box in the frames, and the column that tells what is printed there
BOXED = {"facts": "printed", "leftovers": "text"}
UNBOXED = ("statements", "projects", "project_funds", "indicators")
#: points by which a box may miss a word
_NEAR = 2.0

Box = tuple[float, float, float, float]


def amounts(text: str) -> list[str]:
    """The amounts in a text, without separators and closing zeros.

    >>> amounts("1,234.50元，0.10")
    ['1234.5', '0.1']
    """
    return [_bare(found) for found in AMOUNT.findall(_plain(text))]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", "".join(text.split()))


def _bare(text: str) -> str:
    return text.replace(",", "").rstrip("0").rstrip(".") if "." in text else text.replace(",", "")


def in_tables(path: Path, grids: Iterable[Any]) -> Iterator[tuple[int, float, float, str]]:
    """Page, middle and text of every word with an amount that pdfplumber finds inside the box of a table."""
    import pdfplumber

    boxes: dict[int, list[Box]] = {}
    for grid in grids:
        if grid.box is not None:
            boxes.setdefault(grid.page, []).append(grid.box)
    with pdfplumber.open(path) as document:
        for number in sorted(boxes):
            page = document.pages[number - 1]
            for word in page.extract_words(x_tolerance=1.0, use_text_flow=False):
                x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
                if amounts(word["text"]) and any(_holds(box, x, y, 0) for box in boxes[number]):
                    yield number, x, y, word["text"]
            page.close()


def _holds(box: Sequence[float], x: float, y: float, near: float = _NEAR) -> bool:
    return box[0] - near <= x <= box[2] + near and box[1] - near <= y <= box[3] + near


def placed(doc: bk.Disclosure) -> dict[int, list[tuple[Box, str]]]:
    """By page, the boxes of facts and leftovers and what is printed in each."""
    found: dict[int, list[tuple[Box, str]]] = {}
    for name, column in BOXED.items():
        frame = getattr(doc, name).dropna(subset=["x0", column])
        for page, x0, y0, x1, y1, text in frame[["page", "x0", "y0", "x1", "y1", column]].itertuples(index=False):
            found.setdefault(page, []).append(((x0, y0, x1, y1), _plain(text)))
    return found


def told(doc: bk.Disclosure) -> frozenset[str]:
    """The amounts of all that has no box: other frames, labels and heads, leftovers without a place."""
    found: set[str] = set()
    facts = doc.facts.drop(columns=["printed", "amount", "quantum", "x0", "y0", "x1", "y1"])
    rest = doc.leftovers.loc[doc.leftovers["x0"].isna(), ["text"]]
    for frame in (facts, rest, *(getattr(doc, name) for name in UNBOXED)):
        for column in frame.columns:
            for value in frame[column].dropna().unique():
                found.update(_forms_of(float(value)) if isinstance(value, float) else amounts(str(value)))
    return frozenset(found)


def _forms_of(value: float) -> set[str]:
    """How a figure in yuan, or a rate, may have been printed."""
    return {_bare(f"{value / unit:.6f}") for unit in (0.01, 1, 1000, 10000, 1e8)}


def _is_there(text: str, x: float, y: float, here: Sequence[tuple[Box, str]], rest: frozenset[str]) -> bool:
    """Whether a word's amounts are printed by what stands in its place; words of several cells may be joined."""
    near = [printed for box, printed in here if _holds(box, x, y)]
    own, known = set(amounts(text)), {amount for printed in near for amount in amounts(printed)}
    left = own - known - rest
    if not left:
        return True
    plain = _plain(text)
    for printed in sorted({printed for _, printed in here}, key=len, reverse=True):
        if len(printed) > 3:
            plain = plain.replace(printed, " ")
    return bool(near) and not re.search(r"\d{2}", plain)


def lost(path: Path) -> tuple[int, list[tuple[int, float, float, str]]]:
    """How many words with amounts stand in the tables of a PDF, and which of them are nowhere."""
    from budgetkit.readers.opening import open_source

    data = path.read_bytes()
    doc = bk.read(data)
    words = list(in_tables(path, (grid for page in open_source(data, path.name).pages for grid in page.grids)))
    here: Mapping[int, Sequence[tuple[Box, str]]] = placed(doc)
    rest = told(doc)
    return len(words), [word for word in words if not _is_there(word[3], word[1], word[2], here.get(word[0], ()), rest)]


def main(paths: list[str]) -> int:
    """Report every file, a line each, and what was flagged."""
    whole = gone = 0
    for path in map(Path, paths):
        try:
            count, missing = lost(path)
        except bk.BudgetkitError as error:
            print(f"{path.name}: {error}", flush=True)
            continue
        whole, gone = whole + count, gone + len(missing)
        flagged = [(page, round(x), round(y), text) for page, x, y, text in missing[:30]]
        print(f"{path.name}: {count} amounts in tables, {len(missing)} flagged {flagged or ''}", flush=True)
    print(f"{whole} amounts, {gone} flagged")
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
