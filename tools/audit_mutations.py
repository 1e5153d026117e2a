"""How many faults the audit notices: one thing of a document is changed, the document read again and audited.

    python -m tools.audit_mutations DOCUMENT… [--kinds digit,row] [--count 10] [--seed 7] [--misses]

What is changed is what a reader saw of the page (a cell, a row, a word of a line); everything behind it is as in an
ordinary reading. A fault is noticed when a fail is there that was not before; it is told once when there is one more
fail at most. Changes of less than two last digits are not made: rounding explains them.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import budgetkit as bk
from budgetkit.document.reading import disclose
from budgetkit.limits import DEFAULT
from budgetkit.model import Cell, Grid, Line, Page, Source
from budgetkit.readers.opening import open_source

_OPPOSITES = {
    "增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长", "上升": "下降", "降低": "增长", "提高": "降低",
    "上涨": "下降",
}  # fmt: skip
_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")


@dataclass(frozen=True)
class Subject:
    """One document with what is needed to change it."""

    name: str
    source: Source
    sha256: str
    doc: Any
    fails: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one change."""

    kind: str
    document: str
    what: str
    new: tuple[tuple[str, str], ...]
    #: fails more than before
    more: int


#: a changed source and what was changed; None where a draw gives no change
Change = tuple[Source, str] | None


def subject(path: Path) -> Subject:
    """Read a document once."""
    data = path.read_bytes()
    source = open_source(data, str(path), "auto", DEFAULT)
    sha256 = hashlib.sha256(data).hexdigest()
    doc = disclose(source, path.stem, str(path), sha256)
    return Subject(path.name, source, sha256, doc, fails(doc))


def fails(doc: Any) -> tuple[tuple[str, str], ...]:
    """Rule and message of each fail."""
    found = bk.check(doc)
    found = found[found["status"] == "fail"]
    return tuple(zip(found["rule"], found["message"], strict=True))


def with_block(source: Source, page: int, block: Line | Grid, new: Line | Grid) -> Source:
    """A source with one block of a page replaced."""
    pages = (
        replace(one, blocks=tuple(new if other is block else other for other in one.blocks))
        if one.number == page
        else one
        for one in source.pages
    )
    return replace(source, pages=tuple(pages))


def wrong_digit(printed: str, rnd: random.Random) -> str:
    """A figure with one digit changed."""
    digits = [k for k, sign in enumerate(printed) if sign.isdigit()]
    k = rnd.choice(digits)
    other = rnd.choice([digit for digit in "0123456789" if digit != printed[k]])
    return printed[:k] + other + printed[k + 1 :]


def value(printed: str) -> float:
    """The number of a figure."""
    found = _NUMBER.search(printed)
    return float(re.sub("[,，]", "", found[0])) if found else 0.0


def differs(old: str, new: str, steps: int = 2) -> bool:
    """Whether two figures differ by more than so many last digits."""
    decimals = len(old.partition(".")[2].rstrip("万亿元%"))
    return abs(value(old) - value(new)) > (steps + 0.5) * 10**-decimals


# --- tables -----------------------------------------------------------------------------------------------------------


def cell_of(source: Source, fact: Any) -> tuple[Grid, Cell] | None:
    """The grid and the cell of a fact."""
    for page in source.pages:
        for grid in page.grids if page.number == fact.page else ():
            row = fact.row - 1 - grid.first_row
            if 0 <= row < grid.rows and 0 < fact.col <= grid.cols:
                cell = grid.matrix[row][fact.col - 1]
                if cell is not None and squeezed(fact.printed) in squeezed(cell.text):
                    return grid, cell
    return None


def squeezed(text: str) -> str:
    """A text without white space."""
    return re.sub(r"\s", "", text)


def with_text(grid: Grid, cell: Cell, text: str) -> Grid:
    """A grid with the text of one cell replaced."""
    return replace(grid, cells=tuple(replace(one, text=text) if one is cell else one for one in grid.cells))


def _amounts(doc: Any) -> Any:
    facts = doc.facts
    return facts[(facts["aspect"] == "amount") & (facts["amount"] != 0) & (facts["unread"] == "")]


def digit(one: Subject, rnd: random.Random) -> Change:
    """One digit of an amount of a table."""
    facts = _amounts(one.doc)
    fact = facts.iloc[rnd.randrange(len(facts))]
    found, new = cell_of(one.source, fact), wrong_digit(fact.printed, rnd)
    if found is None or not differs(fact.printed, new):
        return None
    grid, cell = found
    text = squeezed(cell.text).replace(squeezed(fact.printed), squeezed(new), 1)
    what = f"p{fact.page} {fact.title} | {fact.column} | {fact.label}: {fact.printed} → {new}"
    return with_block(one.source, grid.page, grid, with_text(grid, cell, text)), what


def without_row(page: Page, grid: Grid, row: int) -> Page:
    """A page on which a grid lacks one row."""
    cells = []
    for cell in grid.cells:
        over = cell.row <= row < cell.row + cell.rowspan
        if over and cell.rowspan == 1:
            continue
        moved = replace(cell, row=cell.row - (cell.row > row), rowspan=cell.rowspan - over)
        cells.append(moved)
    shorter = replace(grid, rows=grid.rows - 1, cells=tuple(cells))
    blocks = (
        shorter
        if block is grid
        else replace(block, first_row=block.first_row - 1)
        if isinstance(block, Grid) and block.first_row > grid.first_row
        else block
        for block in page.blocks
    )
    return replace(page, blocks=tuple(blocks))


def row(one: Subject, rnd: random.Random) -> Change:
    """A row of a table, left out."""
    facts = _amounts(one.doc)
    fact = facts.iloc[rnd.randrange(len(facts))]
    found = cell_of(one.source, fact)
    if found is None or found[0].rows < 2:
        return None
    grid = found[0]
    pages = (
        without_row(page, grid, fact.row - 1 - grid.first_row) if page.number == grid.page else page
        for page in one.source.pages
    )
    what = f"p{fact.page} {fact.title} | {fact.label} {fact.code}: {fact.printed}"
    return replace(one.source, pages=tuple(pages)), what


# --- prose ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """The lines of a document without white space, and where each character stands: page, line, place in it."""

    text: str
    places: tuple[tuple[int, Line, int], ...]


def text_of(source: Source) -> Text:
    """The text outside tables."""
    placed = [
        (sign, (page.number, line, k))
        for page in source.pages
        for line in page.lines
        for k, sign in enumerate(line.text)
        if not sign.isspace()
    ]
    return Text("".join(sign for sign, _ in placed), tuple(place for _, place in placed))


def with_words(source: Source, text: Text, start: int, old: str, new: str) -> Source:
    """A source in which the characters from a place on are others; as many as before."""
    lines: dict[int, tuple[int, Line, dict[int, str]]] = {}
    for k, (before, after) in enumerate(zip(old, new, strict=True)):
        page, line, at = text.places[start + k]
        if before != after:
            lines.setdefault(id(line), (page, line, {}))[2][at] = after
    for page, line, signs in lines.values():
        words = "".join(signs.get(k, sign) for k, sign in enumerate(line.text))
        source = with_block(source, page, line, replace(line, text=words))
    return source


def place_of(text: Text, doc: Any, index: int) -> int | None:
    """Where the figure of a statement stands; None where its sentence is not found as it is printed."""
    said = doc.statements.loc[index]
    sentence, printed = squeezed(said.sentence), squeezed(said.printed)
    start = text.text.find(sentence)
    alike = doc.statements[(doc.statements["sentence"] == said.sentence) & (doc.statements["printed"] == said.printed)]
    hits = [hit.start() for hit in re.finditer(rf"(?<![\d.,]){re.escape(printed)}", sentence)]
    nth = list(alike.index).index(index)
    return start + hits[nth] if start >= 0 and nth < len(hits) else None


def _stated(one: Subject, rnd: random.Random, measures: Sequence[str]) -> tuple[Text, Any, int] | None:
    own = one.doc.statements
    own = own[own["measure"].isin(measures) & (own["value"].fillna(0) != 0)]
    if not len(own):
        return None
    index = rnd.choice(list(own.index))
    text = text_of(one.source)
    at = place_of(text, one.doc, index)
    return None if at is None else (text, own.loc[index], at)


def _figure(measures: Sequence[str]) -> Callable[[Subject, random.Random], Change]:
    def changed(one: Subject, rnd: random.Random) -> Change:
        found = _stated(one, rnd, measures)
        if found is None:
            return None
        text, said, at = found
        old = squeezed(said.printed)
        new = wrong_digit(old, rnd)
        if not differs(old, new):
            return None
        what = f"p{said.page} {said.subject} {said.measure} {old} → {new}: {said.sentence[:90]}"
        return with_words(one.source, text, at, old, new), what

    return changed


def flip(one: Subject, rnd: random.Random) -> Change:
    """增加 for 减少 before an amount."""
    found = _stated(one, rnd, ("change",))
    if found is None:
        return None
    text, said, at = found
    hits = [(text.text.rfind(word, max(at - 6, 0), at), word) for word in _OPPOSITES]
    start, word = max(hits)
    if start < 0:
        return None
    what = f"p{said.page} {said.subject} {word} {said.printed}: {said.sentence[:90]}"
    return with_words(one.source, text, start, word, _OPPOSITES[word]), what


def year(one: Subject, rnd: random.Random) -> Change:
    """A year of the text, one up or down."""
    text = text_of(one.source)
    hits = list(re.finditer(r"20\d\d(?=年)", text.text))
    if not hits:
        return None
    hit = rnd.choice(hits)
    new = str(int(hit[0]) + rnd.choice([-1, 1]))
    what = f"p{text.places[hit.start()][0]} {text.text[max(hit.start() - 25, 0) : hit.end() + 25]} → {new}"
    return with_words(one.source, text, hit.start(), hit[0], new), what


# --- everywhere -------------------------------------------------------------------------------------------------------


def everywhere(one: Subject, rnd: random.Random) -> Change:
    """An amount of a code, changed wherever the document prints it."""
    facts = _amounts(one.doc)
    facts = facts[facts["code"].notna()]
    if not len(facts):
        return None
    fact = facts.iloc[rnd.randrange(len(facts))]
    old, new = fact.printed, wrong_digit(fact.printed, rnd)
    if not differs(old, new) or cell_of(one.source, fact) is None:
        return None
    same = facts
    for column in ("code", "scheme", "amount", "entity", "year"):
        same = same[(same[column] == fact[column]) | (same[column].isna() & (fact[column] is None))]
    source, wrong = one.source, value(new) / value(old)
    for _, other in same.iterrows():
        found = cell_of(source, other)
        if found is not None:
            grid, cell = found
            text = squeezed(cell.text).replace(squeezed(other.printed), like(other.printed, wrong), 1)
            source = with_block(source, grid.page, grid, with_text(grid, cell, text))
    said = one.doc.statements
    told = said[(said["code"] == fact.code).fillna(False) & ((said["value"] - fact.amount).abs() <= said["quantum"])]
    for index in told.index[(told["measure"] == "amount")]:
        text = text_of(source)
        at, printed = place_of(text_of(one.source), one.doc, index), squeezed(said.loc[index, "printed"])
        replaced = like(printed, wrong)
        if at is not None and len(replaced) == len(printed):
            source = with_words(source, text, at, printed, replaced)
    what = f"p{fact.page} {fact.title} | {fact.label} {fact.code}: {old} → {new} ({len(same)} cells, {len(told)} said)"
    return source, what


def like(printed: str, factor: float) -> str:
    """A figure times a factor, printed as it is."""
    found = _NUMBER.search(squeezed(printed))
    if found is None:
        return printed
    decimals = len(found[0].partition(".")[2])
    number = f"{value(found[0]) * factor:{',' if ',' in found[0] else ''}.{decimals}f}"
    return squeezed(printed).replace(found[0], number, 1)


KINDS: dict[str, Callable[[Subject, random.Random], Change]] = {
    "digit": digit,
    "row": row,
    "prose": _figure(("amount",)),
    "change": _figure(("change",)),
    "rate": _figure(("change_rate", "execution_rate", "difference_rate", "share")),
    "flip": flip,
    "year": year,
    "everywhere": everywhere,
}


def outcomes(one: Subject, kind: str, count: int, seed: int) -> Iterator[Outcome]:
    """So many changes of one kind, each another; fewer where it offers fewer, none where it prints no amount."""
    if _amounts(one.doc).empty:
        return
    rnd = random.Random(f"{seed} {kind} {one.name}")
    seen: set[str] = set()
    for _ in range(count * 20):
        if len(seen) == count:
            return
        changed = KINDS[kind](one, rnd)
        if changed is None or changed[1] in seen:
            continue
        source, what = changed
        seen.add(what)
        after = fails(disclose(source, Path(one.name).stem, one.name, one.sha256))
        new = tuple(sorted(Counter(after) - Counter(one.fails)))
        yield Outcome(kind, one.name, what, new, len(after) - len(one.fails))


def table(found: Sequence[Outcome]) -> str:
    """A line a kind: how many were made, noticed, and told once."""
    lines = ["kind        made  noticed  told once"]
    for kind in dict.fromkeys(one.kind for one in found):
        own = [one for one in found if one.kind == kind]
        noticed = [one for one in own if one.new]
        once = [one for one in noticed if one.more <= 1]
        lines.append(f"{kind:11} {len(own):4}  {len(noticed) / len(own):6.1%}  {len(once) / len(own):6.1%}")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and the changes that were not noticed or told more than once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    found = []
    for path in asked.documents:
        one = subject(path)
        for kind in asked.kinds.split(","):
            found += outcomes(one, kind, asked.count, asked.seed)
    print(table(found))
    for one in found if asked.misses else ():
        if not one.new or one.more > 1:
            told = "".join(f"\n    {rule}: {message[:200]}" for rule, message in one.new)
            print(f"{'many' if one.new else 'missed'} | {one.kind} | {one.document} | {one.what}{told}")


if __name__ == "__main__":
    main()
