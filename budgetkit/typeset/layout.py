"""From blocks to pages: every line of text and every cell gets its place, in points from the top left of the page."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

from budgetkit.errors import SpecError
from budgetkit.typeset.model import Align, Cell, Document, PageBreak, Paragraph, Style, Table, place_cells
from budgetkit.typeset.text import width_of, wrap

A4 = (595.28, 841.89)
MARGIN = 56.0
#: free space left and right of the text of a cell
SIDE = 2.0
LEADING = 1.3


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as it is seen."""

    width: float
    height: float
    rotated: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; y is its base line."""

    page: int
    x: float
    y: float
    text: str
    size: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """One cell, or the part of it that stands on a page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    cell: Cell
    style: Style
    #: number of the table in the document
    table: int


@dataclass(frozen=True, slots=True)
class Layout:
    """All pages and what stands on them; pages count from 1."""

    sheets: tuple[Sheet, ...]
    texts: tuple[Text, ...]
    cells: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next block begins."""

    page: int
    y: float
    sheets: tuple[Sheet, ...]

    @property
    def sheet(self) -> Sheet:
        """The page in work."""
        return self.sheets[-1]

    @property
    def bottom(self) -> float:
        """How far down blocks may reach."""
        return self.sheet.height - MARGIN

    def turn(self, like: PageBreak | None = None) -> Cursor:
        """Begin a new page, like the last one unless told otherwise."""
        sheet = self.sheet if like is None else make_sheet(like)
        return Cursor(self.page + 1, MARGIN, (*self.sheets, sheet))


def make_sheet(lie: PageBreak) -> Sheet:
    """A4 as it shall lie."""
    width, height = A4[::-1] if lie.landscape or lie.rotated else A4
    return Sheet(width, height, lie.rotated)


def lay_out(document: Document) -> Layout:
    """Place everything."""
    blocks = document.blocks
    first = blocks[0] if blocks and isinstance(blocks[0], PageBreak) else None
    cursor = Cursor(1, MARGIN, (make_sheet(first or PageBreak()),))
    texts: list[Text] = []
    cells: list[Drawn] = []
    tables = 0
    for block in blocks[1:] if first else blocks:
        if isinstance(block, PageBreak):
            cursor = cursor.turn(block)
        elif isinstance(block, Paragraph):
            cursor, more = _place_paragraph(cursor, block, document.size)
            texts += more
        else:
            cursor, more, drawn = _place_table(cursor, block, tables)
            tables += 1
            texts += more
            cells += drawn
    texts += _heads_and_feet(document, cursor.sheets)
    return Layout(cursor.sheets, tuple(texts), tuple(cells))


def _heads_and_feet(document: Document, sheets: tuple[Sheet, ...]) -> list[Text]:
    texts = []
    for page, sheet in enumerate(sheets, 1):
        if document.head:
            texts.append(_aligned(page, 0, sheet.width, MARGIN - 20, document.head, 9, "center"))
        if document.foot:
            texts.append(_aligned(page, 0, sheet.width, sheet.height - 30, document.foot.format(page), 9, "center"))
    return texts


def _aligned(page: int, x0: float, x1: float, y: float, text: str, size: float, align: Align) -> Text:
    free = x1 - x0 - width_of(text, size)
    return Text(page, x0 + {"left": 0.0, "center": free / 2, "right": free}[align], y, text, size)


def _place_paragraph(cursor: Cursor, block: Paragraph, body: float) -> tuple[Cursor, list[Text]]:
    size = {"title": body * 1.5, "heading": body * 1.15, "note": body * 0.8}.get(block.style, body)
    align: Align = "center" if block.style == "title" else "left"
    text = ("　　" if block.style == "body" else "") + block.text
    leading = size * 1.7
    texts = []
    x1 = cursor.sheet.width - MARGIN
    for line in wrap(text, x1 - MARGIN, size, hang=True):
        if cursor.y + leading > cursor.bottom:
            cursor = cursor.turn()
        cursor = replace(cursor, y=cursor.y + leading)
        texts.append(_aligned(cursor.page, MARGIN, x1, cursor.y - leading * 0.3, line, size, align))
    return cursor, texts


# tables


@dataclass(frozen=True)
class _Raster:
    """A table with its measures: the first `lead` rows are title rows, the next up to `header_rows` the header."""

    table: Table
    lead: int
    number: int
    xs: tuple[float, ...]
    heights: tuple[float, ...]
    placed: tuple[tuple[int, int, Cell], ...]

    @property
    def header(self) -> range:
        """The rows that further pages repeat."""
        return range(self.lead, self.table.header_rows if self.table.style.repeat_header else self.lead)

    def height(self, rows: Iterable[int]) -> float:
        """Height of some rows together."""
        return sum(self.heights[r] for r in rows)

    def need(self, c: int, cell: Cell) -> float:
        """Height that the text of a cell takes."""
        return _need(self.table.style, cell, self.xs[c + cell.colspan] - self.xs[c])


@dataclass(frozen=True)
class _Fragment:
    """The rows of a table that stand on one page."""

    at: Cursor
    rows: tuple[int, ...]


def _place_table(cursor: Cursor, table: Table, number: int) -> tuple[Cursor, list[Text], list[Drawn]]:
    lead = 0
    if table.style.title_inside:
        table, lead = _with_title_rows(table)
    raster = _measure(table, lead, number, cursor.sheet.width - 2 * MARGIN)
    need = raster.height(range(min(table.header_rows + 1, len(table.rows)))) + _title_height(table)
    if cursor.y > MARGIN and cursor.y + need > cursor.bottom:
        cursor = cursor.turn()
    cursor, texts = _place_title(cursor, table)
    cursor, more, fragments = _paginate(cursor, raster)
    drawn = _draw(raster, fragments)
    texts += more + [text for item in drawn for text in cell_lines(item)]
    for note in table.notes:
        cursor, more = _place_paragraph(cursor, Paragraph(note, "line"), table.style.size)
        texts += more
    return replace(cursor, y=cursor.y + 6), texts, drawn


def _with_title_rows(table: Table) -> tuple[Table, int]:
    """Put title and caption into the table as merged rows; returns how many rows were added."""
    columns = table.columns
    left, middle, right = table.caption
    rows: list[tuple[Cell, ...]] = [(Cell(table.title, colspan=columns),)] if table.title else []
    half = max(columns // 2, 1)
    inside = any(table.caption) and columns > 1
    if inside:
        first = Cell("　".join(filter(None, (left, middle))), colspan=half, align="left")
        rows.append((first, Cell(right, colspan=columns - half, align="right")))
    caption = ("", "", "") if inside else table.caption
    header = table.header_rows + len(rows)
    return replace(table, rows=(*rows, *table.rows), header_rows=header, title="", caption=caption), len(rows)


def _measure(table: Table, lead: int, number: int, width: float) -> _Raster:
    xs = tuple(itertools.accumulate(_widths(table, width), initial=MARGIN))
    placed = tuple(place_cells(table.rows, table.columns, f"table {table.title!r}"))
    return _Raster(table, lead, number, xs, _row_heights(table, xs, placed), placed)


def _title_height(table: Table) -> float:
    size = table.style.size
    return (size * 1.5 * 1.7 if table.title else 0) + (size * 1.7) * (bool(table.corner) + any(table.caption))


def _place_title(cursor: Cursor, table: Table) -> tuple[Cursor, list[Text]]:
    texts: list[Text] = []
    size, x1 = table.style.size, cursor.sheet.width - MARGIN
    if table.title:
        cursor, texts = _place_paragraph(cursor, Paragraph(table.title, "title"), size)
    if table.corner:
        cursor = replace(cursor, y=cursor.y + size * 1.7)
        texts.append(_aligned(cursor.page, MARGIN, x1, cursor.y - size * 0.5, table.corner, size, "right"))
    cursor, more = _place_caption(cursor, table)
    return cursor, texts + more


def _place_caption(cursor: Cursor, table: Table) -> tuple[Cursor, list[Text]]:
    if not any(table.caption):
        return cursor, []
    size, x1 = table.style.size, cursor.sheet.width - MARGIN
    cursor = replace(cursor, y=cursor.y + size * 1.7)
    aligns: tuple[Align, ...] = ("left", "center", "right")
    return cursor, [
        _aligned(cursor.page, MARGIN, x1, cursor.y - size * 0.5, text, size, align)
        for text, align in zip(table.caption, aligns, strict=True)
        if text
    ]


def _paginate(cursor: Cursor, raster: _Raster) -> tuple[Cursor, list[Text], list[_Fragment]]:
    style, count = raster.table.style, len(raster.heights)
    texts: list[Text] = []
    fragments: list[_Fragment] = []
    start = 0
    while start < count:
        again = tuple(raster.header) if start else ()
        end = _last_that_fits(raster, start, cursor.bottom - cursor.y - raster.height(again))
        fragments.append(_Fragment(cursor, (*again, *range(start, end))))
        cursor = replace(cursor, y=cursor.y + raster.height(fragments[-1].rows))
        start = end
        if start < count:
            cursor = cursor.turn()
        if start < count and style.repeat_caption:
            cursor, more = _place_caption(cursor, raster.table)
            texts += more
    return cursor, texts, fragments


def _last_that_fits(raster: _Raster, start: int, room: float) -> int:
    end = start
    while end < len(raster.heights) and raster.heights[end] <= room + 0.01:
        room -= raster.heights[end]
        end += 1
    if end == start:
        raise SpecError(f"table {raster.table.title!r}: row {start} is higher than the page")
    return end


def _widths(table: Table, width: float) -> list[float]:
    wanted = list(table.widths) if table.widths else _natural_widths(table, width)
    scale = width / sum(wanted)
    return [value * scale for value in wanted]


def _natural_widths(table: Table, width: float) -> list[float]:
    """Widths that fit the contents: numbers as wide as they are, texts what they need or what is left."""
    size, share = table.style.size, table.style.number_width
    numbers, words = [0.0] * table.columns, [2.4 * size] * table.columns
    for _, c, cell in place_cells(table.rows, table.columns, table.title):
        if cell.colspan > 1 or cell.vertical:
            continue
        longest = max(width_of(line, size) for line in cell.text.split("\n")) + 2 * SIDE + 1
        if cell.fact is None:
            words[c] = max(words[c], min(longest, 15 * size))
        else:
            numbers[c] = max(numbers[c], longest * share, 2.2 * size)
    if share >= 1:
        numbers = [max(n, min(w, 3.5 * size)) if n else 0.0 for n, w in zip(numbers, words, strict=True)]
    texts = sum(w for n, w in zip(numbers, words, strict=True) if not n)
    room = width - sum(numbers)
    factor = max(room / texts, 0.25) if texts and (room < texts or share < 1) else 1.0
    return [n or w * factor for n, w in zip(numbers, words, strict=True)]


def cell_text_lines(cell: Cell, width: float, size: float) -> tuple[str, ...]:
    """The lines of a cell of this width."""
    if cell.vertical:
        return tuple(cell.text)
    return wrap(cell.text, width - 2 * SIDE, size)


def _need(style: Style, cell: Cell, width: float) -> float:
    return len(cell_text_lines(cell, width, style.size)) * style.size * LEADING + 2 * style.padding


def _row_heights(table: Table, xs: tuple[float, ...], placed: tuple[tuple[int, int, Cell], ...]) -> tuple[float, ...]:
    heights = [table.style.size * LEADING + 2 * table.style.padding] * len(table.rows)
    for r, c, cell in sorted(placed, key=lambda item: item[2].rowspan):
        missing = _need(table.style, cell, xs[c + cell.colspan] - xs[c]) - sum(heights[r : r + cell.rowspan])
        for i in range(r, r + cell.rowspan):
            heights[i] += max(missing, 0) / cell.rowspan
    return tuple(heights)


def _draw(raster: _Raster, fragments: list[_Fragment]) -> list[Drawn]:
    drawn = []
    for r, c, cell in raster.placed:
        shown = [[i for i in range(r, r + cell.rowspan) if i in fragment.rows] for fragment in fragments]
        rooms = [raster.height(rows) for rows in shown]
        enough = [i for i, room in enumerate(rooms) if room + 0.01 >= raster.need(c, cell)]
        # a page break parts merged cells: the first part with room enough prints the text, the others are blank
        speaking = enough[0] if enough else rooms.index(max(rooms))
        for i, (fragment, rows) in enumerate(zip(fragments, shown, strict=True)):
            if not rows:
                continue
            ys = list(itertools.accumulate((raster.heights[j] for j in fragment.rows), initial=fragment.at.y))
            first, last = fragment.rows.index(rows[0]), fragment.rows.index(rows[-1])
            said = i == speaking or r in raster.header
            part = cell if said else Cell("")
            box = (raster.xs[c], ys[first], raster.xs[c + cell.colspan], ys[last + 1])
            drawn.append(Drawn(fragment.at.page, *box, part, raster.table.style, raster.number))
    return drawn


def cell_lines(item: Drawn) -> list[Text]:
    """The lines of a drawn cell, centred from top to bottom."""
    cell, size = item.cell, item.style.size
    if not cell.text:
        return []
    lines = cell_text_lines(cell, item.x1 - item.x0, size)
    height = len(lines) * size * LEADING
    top = item.y0 + max((item.y1 - item.y0 - height) / 2, 0)
    x0, x1 = item.x0 + SIDE, item.x1 - SIDE
    align: Align = "center" if cell.vertical else cell.align
    return [
        _aligned(item.page, x0, x1, top + (i + 0.8) * size * LEADING, line, size, align)
        for i, line in enumerate(lines)
        if line.strip()
    ]
