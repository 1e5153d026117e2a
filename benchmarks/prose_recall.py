"""How many figures in the prose of a folder's documents are read: python -m benchmarks.prose_recall FOLDER [--show N].

Counts amounts of money and percentages in paragraphs outside tables (without contents and glossary), and how many of
them are in `statements`, document by document and together. Thresholds (单价100万元以上的设备) state nothing and are
counted apart. `--show` prints that many of those not read a document, with the text before them; `--sample` prints rows
at random, to be checked by reading.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import budgetkit as bk
from budgetkit.document.reading import disclose
from budgetkit.prose.grammar import load
from budgetkit.prose.paragraphs import read_paragraphs
from budgetkit.readers.opening import open_source

_FIGURE = re.compile(r"(?<![\d.,])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:亿元|万元|元|%)")
_THRESHOLD = re.compile(r"(?:（?含）?)?(?:以[上下内]|左右|余)")


class Counted(NamedTuple):
    """One document: figures printed, thresholds among them, and what was not read."""

    name: str
    printed: int
    thresholds: int
    missed: list[str]
    rows: list[dict[str, Any]]


def count(path: Path) -> Counted:
    """The figures of one document.

    Raises
    ------
    BudgetkitError
        When the document cannot be read.
    """
    source = open_source(path.read_bytes(), path.name, "auto")
    rows = disclose(source, path.stem, None, "").statements.to_dict("records")
    read = Counter((row["page"], str(row["printed"]).partition("/")[0]) for row in rows)
    printed = thresholds = 0
    missed = []
    for paragraph in read_paragraphs(source.pages, load().layout):
        for match in _FIGURE.finditer(paragraph.text):
            key = (paragraph.page_at(match.start()), match[0])
            if _THRESHOLD.match(paragraph.text, match.end()):
                thresholds += 1
                continue
            printed += 1
            if read[key]:
                read[key] -= 1
            else:
                missed.append(
                    f"p. {key[0]}: {paragraph.text[max(match.start() - 60, 0) : match.start()]}【{match[0]}】"
                )
    return Counted(path.name, printed, thresholds, missed, rows)


def documents(folder: Path) -> Iterator[Counted]:
    """All documents of a folder that can be read and have figures in prose."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".csv":
            try:
                counted = count(path)
            except bk.BudgetkitError as error:
                print(f"{path.name}: {error}")
                continue
            if counted.printed:
                yield counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=0, metavar="N")
    parser.add_argument("--sample", type=int, default=0, metavar="N")
    given = parser.parse_args()
    printed = read = thresholds = 0
    rows: list[dict[str, Any]] = []
    for counted in documents(given.folder):
        known = counted.printed - len(counted.missed)
        print(f"{counted.name}: {known} of {counted.printed} ({known / counted.printed:.1%})")
        for text in counted.missed[: given.show]:
            print(f"    {text}")
        printed, read, thresholds = printed + counted.printed, read + known, thresholds + counted.thresholds
        rows += counted.rows
    print(f"together: {read} of {printed} ({read / max(printed, 1):.1%}); {thresholds} thresholds; {len(rows)} rows")
    names = (
        "page",
        "subject",
        "code",
        "measure",
        "year",
        "phase",
        "printed",
        "flow",
        "fund",
        "nature",
        "item",
        "sentence",
    )
    for row in random.sample(rows, min(given.sample, len(rows))):
        print(" | ".join(str(row[name]) for name in names))


if __name__ == "__main__":
    main()
