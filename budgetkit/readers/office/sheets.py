"""A sheet as its reader found it, and what of it is to be seen: hidden rows and columns out, merged cells once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from budgetkit.limits import Budget

#: a merged range: first row, first column, last row, last column, 0-based
Merge = tuple[int, int, int, int]
Rows = Sequence[Sequence[str]]
#: blank rows or columns in succession that are kept: more only cost memory (a stray cell far away)
_MOST_BLANKS = 20
#: why a sheet is skipped by which nothing is lost
EMPTY_HIDDEN = "hidden sheet without content"
#: what is read although it is not as it should be, and how
_READ = {"number shown as a date": "numbers shown as dates of other times read as numbers"}
#: places of one kind that a sentence names
_NAMED = 3


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet by 0-based row and column, as text shown; blank ones are not there."""

    name: str
    cells: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merges: Sequence[Merge] = ()
    hidden_rows: Collection[int] = frozenset()
    hidden_cols: Collection[int] = frozenset()
    #: why nothing of it is shown, e.g. "hidden sheet"
    skipped: str = ""
    #: what of it is not shown or cannot be known, and the places: "white text" -> [(4, 2), ...]
    unseen: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    #: what is said of the sheet as a whole
    unread: Sequence[str] = ()
    #: printed heads and text boxes over and under the cells
    above: Sequence[str] = ()
    below: Sequence[str] = ()


@dataclass
class Gathered:
    """What a reader has found of a sheet that it is going through."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    unseen: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    unread: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)

    def sheet(self, name: str, hidden: bool, drawn: bool = False) -> Sheet:
        """The sheet; of a hidden one, also where things are drawn, only whether it holds anything."""
        if hidden:
            return Sheet(name, skipped="hidden sheet" if self.cells or self.unseen or drawn else EMPTY_HIDDEN)
        return Sheet(name, **vars(self))


@dataclass(frozen=True)
class Shown:
    """What of a sheet is to be seen: texts by row and column without gaps, merged ranges, what is left out."""

    rows: Rows
    merges: Sequence[Merge]
    unread: Sequence[str]


def as_shown(sheet: Sheet, budget: Budget) -> Shown:
    """Take out what is hidden, and say what it was."""
    lost: dict[str, list[tuple[int, int]]] = defaultdict(list, {key: list(v) for key, v in sheet.unseen.items()})
    cells: dict[tuple[int, int], str] = {}
    spread = sum((m[2] - m[0] + 1) * (m[3] - m[1] + 1) for m in _clipped(sheet))
    budget.hold("cells", spread)
    covered = {
        (row, col): sheet.cells.get((top, left), "")
        for top, left, bottom, right in _clipped(sheet)
        for row in range(top, bottom + 1)
        for col in range(left, right + 1)
        if (row, col) != (top, left)
    }
    for (row, col), text in sheet.cells.items():
        if row in sheet.hidden_rows:
            lost["hidden row"].append((row, col))
        elif col in sheet.hidden_cols:
            lost["hidden column"].append((row, col))
        elif (row, col) in covered:
            # labels that a merged cell repeats under itself are left by programs that merge without asking
            if text != covered[row, col] and any(character.isdigit() for character in text):
                lost["figure under a merged cell"].append((row, col))
        else:
            cells[row, col] = text
    _unhide_merged(sheet, cells, lost)
    rows = _places([row for row, _ in cells], sheet.hidden_rows)
    cols = _places([col for _, col in cells], sheet.hidden_cols)
    budget.hold("cells", len(rows) * len(cols))
    budget.hold("characters", sum(map(len, cells.values())))
    texts = [["" for _ in cols] for _ in rows]
    for (row, col), text in cells.items():
        texts[rows[row]][cols[col]] = text
    merges = [m for m in (_moved(merge, rows, cols) for merge in _clipped(sheet)) if m is not None]
    return Shown(texts, merges, [*sheet.unread, *_sentences(lost)])


def _clipped(sheet: Sheet) -> list[Merge]:
    """Merged ranges within the used part of the sheet: absurd ones reach to its end."""
    if not sheet.cells:
        return []
    last_row = max(row for row, _ in sheet.cells)
    last_col = max(col for _, col in sheet.cells)
    return [
        (top, left, min(bottom, last_row), min(right, last_col))
        for top, left, bottom, right in sheet.merges
        if 0 <= top <= last_row and 0 <= left <= last_col and bottom >= top and right >= left
    ]


def _unhide_merged(sheet: Sheet, cells: dict[tuple[int, int], str], lost: dict[str, list[tuple[int, int]]]) -> None:
    """A merged cell that begins in a hidden row or column is seen where it goes on."""
    for top, left, bottom, right in _clipped(sheet):
        text = sheet.cells.get((top, left))
        if text is None or (top, left) in cells:
            continue
        row = next((row for row in range(top, bottom + 1) if row not in sheet.hidden_rows), None)
        col = next((col for col in range(left, right + 1) if col not in sheet.hidden_cols), None)
        if row is not None and col is not None:
            cells[row, col] = text
            for places in (lost["hidden row"], lost["hidden column"]):
                if (top, left) in places:
                    places.remove((top, left))


def _places(used: Iterable[int], hidden: Collection[int]) -> dict[int, int]:
    """Where the shown rows or columns up to the last used come to stand; of many blanks in succession only some."""
    places: dict[int, int] = {}
    filled = sorted(set(used))
    before = -1
    for place in filled:
        blanks = range(before + 1, place)
        kept = (blank for blank in blanks[:_MOST_BLANKS] if blank not in hidden)
        for number in (*kept, place):
            places[number] = len(places)
        before = place
    return places


def _moved(merge: Merge, rows: Mapping[int, int], cols: Mapping[int, int]) -> Merge | None:
    """A merged range in the rows and columns shown; None when less than two cells of it are."""
    over = [rows[row] for row in range(merge[0], merge[2] + 1) if row in rows]
    across = [cols[col] for col in range(merge[1], merge[3] + 1) if col in cols]
    if len(over) * len(across) < 2:
        return None
    return over[0], across[0], over[-1], across[-1]


def _sentences(lost: Mapping[str, Sequence[tuple[int, int]]]) -> list[str]:
    from xlsxwriter.utility import xl_rowcol_to_cell

    sentences: list[str] = []
    for what, places in lost.items():
        if places:
            names = ", ".join(xl_rowcol_to_cell(row, col) for row, col in sorted(places)[:_NAMED])
            more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
            sentences.append(f"{_READ.get(what, f'{what} not read')} ({names}{more})")
    return sentences
