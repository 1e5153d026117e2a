"""Conservation by an independent tool: is every number in a table's box in a frame or in the leftovers?

    python -m tools.conservation FILE.pdf …

pdfplumber reads the words of each page and their boxes; budgetkit's grids give the boxes of the tables. Every word with
an amount in such a box must be found again, with its page, among what the frames and the leftovers print.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import budgetkit as bk
from budgetkit.model import Grid
from budgetkit.readers.opening import open_source

#: an amount: decimals or groups; plain integers are codes, ordinals and years as well
AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")
#: the columns in which the frames print what they read, and those that hold texts with figures in them
PRINTED = {
    "facts": ("printed", "label", "name", "code", "project", "title", "column", "entity"),
    "statements": ("printed", "sentence"),
    "projects": ("approved", "revised", "executed", "execution_rate", "execution_score", "total_weight", "total_score"),
    "project_funds": ("amount", "approved", "revised", "executed", "execution_rate", "score", "weight", "line"),
    "indicators": ("target", "actual", "prior_actual", "weight", "score", "level1", "level2", "level3", "reason"),
    "leftovers": ("text",),
}


def amounts(text: str) -> list[str]:
    """The amounts in a text, without separators and closing zeros."""
    plain = unicodedata.normalize("NFKC", "".join(text.split()))
    return [_bare(found) for found in AMOUNT.findall(plain)]


def _bare(text: str) -> str:
    return text.replace(",", "").rstrip("0").rstrip(".") if "." in text else text.replace(",", "")


def in_tables(path: Path, grids: Iterable[Grid]) -> Iterator[tuple[int, str]]:
    """Page and text of every amount that pdfplumber finds inside the box of a table."""
    import pdfplumber

    boxes: dict[int, list[tuple[float, float, float, float]]] = {}
    for grid in grids:
        if grid.box is not None:
            boxes.setdefault(grid.page, []).append(grid.box)
    with pdfplumber.open(path) as document:
        for number in sorted(boxes):
            page = document.pages[number - 1]
            for word in page.extract_words(x_tolerance=1.0, use_text_flow=False):
                x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
                if any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in boxes[number]):
                    yield from ((number, found) for found in amounts(word["text"]))
            page.close()


def told(disclosure: bk.Disclosure) -> Counter[str]:
    """What the frames and leftovers of a document print, by amount."""
    found: Counter[str] = Counter()
    for name, columns in PRINTED.items():
        frame = getattr(disclosure, name)
        for column in columns:
            if column in frame:
                for value in frame[column].dropna():
                    found.update(amounts(str(value)) if isinstance(value, str) else _forms_of(float(value)))
    return found


def _forms_of(value: float) -> set[str]:
    """How a figure in yuan, or a rate, may have been printed."""
    return {_bare(f"{value / unit:.6f}") for unit in (0.01, 1, 1000, 10000, 1e8)}


def lost(path: Path) -> tuple[int, list[tuple[int, str]]]:
    """How many amounts stand in the tables of a PDF, and which of them are nowhere."""
    data = path.read_bytes()
    source = open_source(data, path.name)
    disclosure = bk.read(data)
    rest = told(disclosure)
    count, missing = 0, []
    for page, text in in_tables(path, (grid for each in source.pages for grid in each.grids)):
        count += 1
        if rest[text] > 0:
            rest[text] -= 1
        else:
            missing.append((page, text))
    return count, missing


def main(paths: list[str]) -> int:
    """Report every file, a line each, and what was lost."""
    whole = gone = 0
    for path in map(Path, paths):
        count, missing = lost(path)
        whole, gone = whole + count, gone + len(missing)
        print(f"{path.name}: {count} amounts in tables, {len(missing)} lost {missing[:12] if missing else ''}")
    print(f"{whole} amounts, {gone} lost")
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
