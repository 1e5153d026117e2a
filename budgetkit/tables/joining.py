"""From pages to tables: grids with their captions, joined where one table goes on over pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from budgetkit import specs
from budgetkit.model import Cell, Grid, Line, Page
from budgetkit.printed.numbers import is_amount, parse_number
from budgetkit.printed.widths import fold, squeeze
from budgetkit.tables.captions import Caption, is_caption_text, is_note, is_page_number, read_caption
from budgetkit.tables.rows import Row, distinct, texts, with_cut_rows
from budgetkit.tables.spread import Half, half_of, kinds, padded, widened

#: part of a table's width within which two column borders of consecutive pages are the same
SAME_X = 0.0055
#: lines above a table that may be its caption, and rows of the table itself
CAPTION_LINES, CAPTION_ROWS = 8, 4
#: part of the narrower column by which its border may move between pages, when the columns hold the same kinds of text
MOVED = 0.4

#: marks and Latin letters only: what a program prints between pages
_WORDLESS = re.compile(r"[\x00-/:-~\s—–─…·]*")


@dataclass(frozen=True)
class Table:
    """One printed table, whichever pages and grids it stands on."""

    caption: Caption
    rows: tuple[Row, ...]
    width: int
    #: lines under it: 注：…
    notes: tuple[str, ...]
    #: (page, number of the grid on the page), both of every part
    grids: tuple[tuple[int, int], ...]
    read_by: tuple[str, ...]
    doubts: tuple[str, ...]
    #: why parts were joined, empty for a table on one page
    joined: tuple[str, ...] = ()
    #: rows of later parts that repeat the head and were left out
    repeated: tuple[Row, ...] = ()

    @property
    def page(self) -> int:
        """The page that it begins on."""
        return self.grids[0][0]


@dataclass(frozen=True)
class _Part:
    grid: Grid
    index: int
    caption: Caption
    #: first on its page (where there are pages), with nothing above it that begins a table
    bare: bool
    #: a line above it says that it goes on (续表)
    continued: bool
    notes: tuple[str, ...]
    #: nothing below it on its page
    last: bool


def heads_table(line: str) -> bool:
    """Whether a line stands over tables: as their title, their unit of money, their number or whose they are."""
    caption = read_caption([line])
    parts = [part for part in map(squeeze, line.split("\t")) if part]
    return any((caption.unit, caption.title, caption.entity)) or any(map(is_caption_text, parts))


def assemble(
    pages: Sequence[Page], skip: frozenset[tuple[int, int]] = frozenset(), entities: Sequence[str] = ()
) -> tuple[Table, ...]:
    """All tables of a document in reading order.

    `pages`: without furniture, see `budgetkit.page.furniture`; `skip`: grids that something else reads (performance
    forms); `entities`: names that may stand in front of titles.
    """
    tables: list[Table] = []
    halves: list[Half] = []
    before: _Part | None = None
    for part in _parts(pages, entities):
        if (part.grid.page, part.index) in skip:
            before = None
            continue
        reason = _goes_on(tables[-1], before, part) if tables and before else None
        place = half_of(halves, part.grid) if tables and part.caption.title is None else None
        if place is not None:
            tables[-1] = _wider(tables[-1], halves[place], part)
            halves[place] = Half(halves[place].grid, halves[place].width + part.grid.cols)
            # what follows goes on with the rows of the last page on the left
            continue
        if reason:
            tables[-1] = _joined(tables[-1], part, reason)
        else:
            tables.append(_table(part))
            halves = []
        halves.append(Half(part.grid, 0))
        before = part
    return tuple(replace(table, rows=padded(with_cut_rows(table.rows), table.width)) for table in tables)


def _wider(table: Table, half: Half, part: _Part) -> Table:
    """A table with columns that stand on a later page."""
    grid = part.grid
    right = tuple(_rows(grid, range(grid.cols + 1), grid.cols))
    own = next(len(row.cells) for row in table.rows if (row.page, row.offset) == (half.grid.page, half.grid.first_row))
    width = max(table.width, own + grid.cols)
    caption = table.caption if table.caption.unit else replace(table.caption, unit=part.caption.unit)
    return replace(
        table,
        caption=caption,
        rows=widened(table.rows, half.grid, right, width),
        width=width,
        grids=(*table.grids, (grid.page, part.index)),
        doubts=table.doubts + grid.doubts,
        joined=(*table.joined, "columns of rows at the same height"),
    )


def _parts(pages: Sequence[Page], entities: Sequence[str]) -> Iterator[_Part]:
    for page in pages:
        above: list[str] = []
        blocks = list(page.blocks)
        index = 0
        for place, block in enumerate(blocks):
            if isinstance(block, Line):
                # where a format has no pages, what stands between them is told by its words, or by having none
                if block.box is None and (is_page_number(block.text) or _WORDLESS.fullmatch(block.text)):
                    continue
                above.append(block.text)
                continue
            grid, inner = _inner_caption(block)
            lines, continued = _without_marks([*above[-CAPTION_LINES:], *inner])
            caption = read_caption(lines, entities)
            notes, quiet = _below(blocks[place + 1 :])
            first = index == 0 or not grid.xs
            bare = first and not _speaks(caption, lines[: len(lines) - len(inner)])
            yield _Part(grid, index, caption, bare, continued, notes, quiet)
            above = []
            index += 1


def _without_marks(lines: Sequence[str]) -> tuple[list[str], bool]:
    """Lines over a grid without the words that say that a table goes on, and whether there were any."""
    words = _words()
    kept: list[str] = []
    for line in lines:
        parts = [re.sub(f"(?:{words.continued_title})$", "", fold(part)) for part in line.split("\t")]
        same = [fold(part) for part in line.split("\t")]
        rest = [part for part in parts if part and not re.fullmatch(words.continued, part)]
        kept += [line] if rest == same else ["\t".join(rest)] if rest else []
    return kept, kept != list(lines)


@dataclass(frozen=True)
class _Words:
    """See specs/joining.toml."""

    continued: str
    continued_title: str


@cache
def _words() -> _Words:
    return specs.load(_Words, "joining.toml")


def _speaks(caption: Caption, above: Sequence[str]) -> bool:
    """Whether what stands above a grid says that a new table begins."""
    return caption.title is not None or (
        any(len(squeeze(text)) > 1 and not is_note(text) for text in above[-2:]) and caption.unit is None
    )


def _below(blocks: Sequence[Line | Grid]) -> tuple[tuple[str, ...], bool]:
    """Notes under a grid, and whether nothing follows on its page."""
    notes: list[str] = []
    quiet = True
    for block in blocks:
        if isinstance(block, Grid):
            return tuple(notes), False
        text = squeeze(block.text)
        if is_note(text) or (notes and quiet and len(notes) < 6):
            notes.append(text)
        else:
            quiet = False
    return tuple(notes), quiet and not notes


def _inner_caption(grid: Grid) -> tuple[Grid, list[str]]:
    """Split off leading rows that are a caption set inside the table: one wide text, or unit and entity."""
    taken: list[str] = []
    rows = grid.matrix
    top = 0
    sure = _last_caption(rows[:-1])
    while top < len(rows) - 1 and (top <= sure or _is_inner_caption(rows[top], grid.cols, top == 0)):
        taken.extend(texts(rows[top]))
        top += 1
    if not taken:
        return grid, []
    cells_left = tuple(cell for cell in grid.cells if cell.row >= top)
    return replace(grid, cells=cells_left), taken


def _last_caption(rows: Sequence[Sequence[Cell | None]]) -> int:
    """The last of the first rows that holds unit and name only, when over it stand single texts; -1 for none."""
    found = -1
    for number, cells in enumerate(rows[:CAPTION_ROWS]):
        printed = texts(cells)
        if any(map(parse_number, printed)) or any(cell.rowspan > 1 for cell in distinct(cells) if squeeze(cell.text)):
            break
        if printed and all(map(is_caption_text, printed)):
            found = number
        elif len(printed) > 1:
            break
    return found


def _is_inner_caption(cells: Sequence[Cell | None], cols: int, first: bool) -> bool:
    printed = texts(cells)
    if not printed:
        return first
    if any(parse_number(text) for text in printed):
        return False
    if all(is_caption_text(text) for text in printed):
        return True
    if len(printed) > 1:
        return False
    caption = read_caption(printed)
    own = distinct(cells)
    if len(own) == 1 and cols > 1 and own[0].rowspan == 1:
        return _captionlike(caption, printed[0])
    # in tables without rulings a title stands in one of several cells
    return caption.form is not None


def _captionlike(caption: Caption, text: str) -> bool:
    return any((caption.title, caption.unit, caption.entity)) or (len(text) <= 12 and text.endswith("表"))


def _rows(grid: Grid, columns: Sequence[int], width: int) -> Iterator[Row]:
    """The rows of a grid on the table's raster; `columns` gives the raster place of every column border."""
    spread = [col for col in range(grid.cols) for _ in range(columns[col], columns[col + 1])]
    before, behind = (None,) * columns[0], (None,) * (width - columns[-1])
    for line, cells in enumerate(grid.matrix):
        if any(cells):
            placed = (*before, *map(cells.__getitem__, spread), *behind)
            yield Row(grid.page, grid.first_row, placed, line=line)


def _table(part: _Part) -> Table:
    grid = part.grid
    rows = tuple(_rows(grid, range(grid.cols + 1), grid.cols))
    return Table(part.caption, rows, grid.cols, part.notes, ((grid.page, part.index),), (grid.read_by,), grid.doubts)


def _goes_on(table: Table, before: _Part, part: _Part) -> str | None:
    """Why a grid continues the table before it; None when it does not."""
    if part.grid.page not in (before.grid.page, before.grid.page + 1):
        return None
    header = _same_header(table, part.grid)
    title = part.caption.title
    same_title = title is not None and table.caption.title is not None and fold(title) == fold(table.caption.title)
    if same_title and header:
        return "same title and header"
    if same_title and _columns(before.grid, part.grid) is not None and _begins_with_amounts(part.grid):
        return "same title, no header"
    if part.continued and (title is None or same_title) and (header or _columns(before.grid, part.grid) is not None):
        return "said to go on"
    if not part.bare or title is not None:
        return None
    geometric = bool(before.grid.xs and part.grid.xs)
    if geometric and (part.grid.page == before.grid.page or not before.last):
        return None
    if header and before.grid.cols == part.grid.cols:
        return "same header repeated"
    if part.caption.unit is not None and not header:
        return None
    if _columns(before.grid, part.grid) is not None and not _has_header(part.grid, geometric):
        return "same column positions, no own title or header"
    return None


def _begins_with_amounts(grid: Grid) -> bool:
    """Whether the first row of a grid is a row of a body, so that its head must stand elsewhere."""
    first = next((row for row in grid.matrix if any(row)), ())
    return any(map(is_amount, _texts(first)))


def _has_header(grid: Grid, geometric: bool) -> bool:
    """Whether the first row of a grid without geometry looks like the head of a new table: texts and no number."""
    if geometric:
        return False
    first = [squeeze(cell.text) for cell in grid.matrix[0] if cell is not None and squeeze(cell.text)]
    return not any(parse_number(text) for text in first) and len(first) > 1


def _same_header(table: Table, grid: Grid) -> int:
    """How many leading rows of the grid repeat the leading rows of the table; a row of amounts is no head."""
    count = 0
    own = [row for row in grid.matrix if any(row)]
    for mine, theirs in zip(own, table.rows, strict=False):
        if _texts(mine) != _texts(theirs.cells) or not any(_texts(mine)) or any(map(is_amount, _texts(mine))):
            break
        count += 1
    return count if any(not parse_number(text) for row in own[:count] for text in _texts(row)) else 0


def _texts(cells: Sequence[Cell | None]) -> list[str]:
    return [fold(cell.text) for cell in distinct(cells) if cell.text]


def _columns(before: Grid, grid: Grid) -> list[int] | None:
    """For every column border of `grid` the border of `before` at the same place; None when one has none."""
    if not before.xs or not grid.xs:
        return list(range(grid.cols + 1)) if before.cols == grid.cols else None
    return _borders(before.xs, grid.xs) or _moved_borders(before, grid)


def _moved_borders(before: Grid, grid: Grid) -> list[int] | None:
    """Border by border, where as many columns hold the same kinds of text and lie nearly as before."""
    if before.cols != grid.cols or grid.cols < 2:
        return None
    steps = [(b - a, d - c) for a, b, c, d in zip(before.xs, before.xs[1:], grid.xs, grid.xs[1:], strict=False)]
    slack = [MOVED * min(step) for step in steps]
    close = [min(left, right) for left, right in zip([slack[0], *slack], [*slack, slack[-1]], strict=True)]
    shift = grid.xs[0] - before.xs[0] if abs(grid.xs[0] - before.xs[0]) < slack[0] else 0.0
    if any(abs(a + shift - b) > room for a, b, room in zip(before.xs, grid.xs, close, strict=True)):
        return None
    pairs = list(zip(kinds(before), kinds(grid), strict=True))
    return list(range(grid.cols + 1)) if all(None in pair or pair[0] == pair[1] for pair in pairs) else None


def _borders(theirs: Sequence[float], own: Sequence[float]) -> list[int] | None:
    """The border of `theirs` at each border of `own`, when both end alike; a page may be shifted as a whole."""
    shift = own[0] - theirs[0]
    close = SAME_X * (theirs[-1] - theirs[0])
    places = [min(range(len(theirs)), key=lambda k: abs(theirs[k] + shift - x)) for x in own]
    if any(abs(theirs[place] + shift - x) > close for place, x in zip(places, own, strict=True)):
        return None
    if len(set(places)) != len(places) or places[-1] != len(theirs) - 1:
        return None
    return places


def _joined(table: Table, part: _Part, reason: str) -> Table:
    grid = part.grid
    repeated = _same_header(table, grid)
    columns = _table_columns(table, grid)
    rows = tuple(_rows(grid, columns, table.width))
    return replace(
        table,
        rows=table.rows + rows[repeated:],
        repeated=table.repeated + rows[:repeated],
        notes=table.notes + part.notes,
        grids=(*table.grids, (grid.page, part.index)),
        read_by=tuple(dict.fromkeys((*table.read_by, grid.read_by))),
        doubts=table.doubts + grid.doubts,
        joined=(*table.joined, reason),
    )


def _table_columns(table: Table, grid: Grid) -> list[int]:
    """The raster place of every column border of a continuing grid, by position where there is geometry."""
    xs = table_xs(table)
    places = _borders(xs, grid.xs) if xs and grid.xs else None
    return places or [min(col, table.width) for col in range(grid.cols)] + [table.width]


def table_xs(table: Table) -> list[float]:
    """The column borders of a table from the boxes of its first page's cells; empty without geometry."""
    borders: dict[int, float] = {}
    for row in table.rows:
        if row.page != table.page or row.moved:
            break
        for col, cell in enumerate(row.cells):
            if cell is not None and cell.box is not None and (col == 0 or row.cells[col - 1] is not cell):
                borders.setdefault(cell.col, cell.box.x0)
                borders.setdefault(cell.col + cell.colspan, cell.box.x1)
    return [borders[key] for key in range(table.width + 1)] if len(borders) == table.width + 1 else []
