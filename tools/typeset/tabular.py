"""Tables on pages: column widths, row heights, page breaks, and cells that page breaks part."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

from budgetkit.errors import SpecError
from tools.typeset.model import Align, Cell, Paragraph, Style, Table, place_cells
from tools.typeset.sheet import LEADING, MARGIN, SIDE, Cursor, Drawn, Text, aligned, place_paragraph
from tools.typeset.text import width_of, wrap


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

    def lines(self, c: int, cell: Cell) -> tuple[str, ...]:
        """The lines of a cell that begins in column c."""
        return _lines(cell, self.xs[c + cell.colspan] - self.xs[c], self.table.style)

    def need(self, c: int, cell: Cell) -> float:
        """Height that the text of a cell takes."""
        return len(self.lines(c, cell)) * self.table.style.size * LEADING + 2 * self.table.style.padding


@dataclass(frozen=True)
class _Fragment:
    """The rows of a table that stand on one page."""

    at: Cursor
    rows: tuple[int, ...]


def place_table(cursor: Cursor, table: Table, number: int) -> tuple[Cursor, list[Text], list[Drawn]]:
    """Set a table, the `number`th of the document; goes on over pages."""
    lead = 0
    if table.style.title_inside:
        table, lead = _with_title_rows(table)
    raster = _measure(table, lead, number, cursor.sheet.width - 2 * MARGIN)
    need = raster.height(range(min(table.header_rows + 1, len(table.rows)))) + _title_height(table)
    if cursor.y > MARGIN and cursor.y + need > cursor.bottom:
        cursor = cursor.turn()
    cursor, texts = _place_title(cursor, table)
    cursor, more, fragments, raster = _paginate(cursor, raster)
    drawn = _draw(raster, fragments)
    texts += more + [text for item in drawn for text in _cell_texts(item)]
    for note in table.notes:
        cursor, more = place_paragraph(cursor, Paragraph(note, "line"), table.style.size)
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
    return (size * 1.5 * 1.7 * (table.title.count("\n") + 1) if table.title else 0) + (size * 1.7) * (
        bool(table.corner) + any(table.caption)
    )


def _place_title(cursor: Cursor, table: Table) -> tuple[Cursor, list[Text]]:
    texts: list[Text] = []
    size, x1 = table.style.size, cursor.sheet.width - MARGIN
    if table.title:
        cursor, texts = place_paragraph(cursor, Paragraph(table.title, "title"), size)
    if table.corner:
        cursor = replace(cursor, y=cursor.y + size * 1.7)
        texts.append(aligned(cursor.page, MARGIN, x1, cursor.y - size * 0.5, table.corner, size, "right"))
    cursor, more = _place_caption(cursor, table)
    return cursor, texts + more


def _place_caption(cursor: Cursor, table: Table) -> tuple[Cursor, list[Text]]:
    if not any(table.caption):
        return cursor, []
    size, x1 = table.style.size, cursor.sheet.width - MARGIN
    cursor = replace(cursor, y=cursor.y + size * 1.7)
    aligns: tuple[Align, ...] = ("left", "center", "right")
    return cursor, [
        aligned(cursor.page, MARGIN, x1, cursor.y - size * 0.5, text, size, align)
        for text, align in zip(table.caption, aligns, strict=True)
        if text
    ]


def _paginate(cursor: Cursor, raster: _Raster) -> tuple[Cursor, list[Text], list[_Fragment], _Raster]:
    """Give every page its rows; the raster comes back with the rows that page breaks cut in two."""
    style = raster.table.style
    texts: list[Text] = []
    fragments: list[_Fragment] = []
    start = 0
    while start < len(raster.heights):
        again = tuple(raster.header) if start else ()
        room = cursor.bottom - cursor.y - raster.height(again)
        end = _last_that_fits(raster, start, room)
        if style.cut_rows and max(start, raster.table.header_rows) < end < len(raster.heights):
            raster, cut = _cut_row(raster, end, room - raster.height(range(start, end)))
            end += cut
        fragments.append(_Fragment(cursor, (*again, *range(start, end))))
        cursor = replace(cursor, y=cursor.y + raster.height(fragments[-1].rows))
        start = end
        if start < len(raster.heights):
            cursor = cursor.turn()
            if style.repeat_caption:
                cursor, more = _place_caption(cursor, raster.table)
                texts += more
    return cursor, texts, fragments, raster


def _last_that_fits(raster: _Raster, start: int, room: float) -> int:
    end = start
    while end < len(raster.heights) and raster.heights[end] <= room + 0.01:
        room -= raster.heights[end]
        end += 1
    if end == start:
        raise SpecError(f"table {raster.table.title!r}: row {start} is higher than the page")
    return end


def _cut_row(raster: _Raster, row: int, room: float) -> tuple[_Raster, bool]:
    """Part one row in two: as many lines as there is room for, and the rest; numbers stay whole in the upper part."""
    style = raster.table.style
    lines = int((room - 2 * style.padding) / (style.size * LEADING))
    own = [(c, cell, raster.lines(c, cell)) for r, c, cell in raster.placed if r == row]
    longest = max((len(said) for _, _, said in own), default=0)
    whole = [len(said) for _, cell, said in own if cell.fact is not None or cell.vertical or cell.rowspan > 1]
    if not 1 <= lines < longest or any(count > lines for count in whole):
        return raster, False
    placed = []
    for r, c, cell in raster.placed:
        if r == row and cell.rowspan == 1:
            said = raster.lines(c, cell)
            placed.append((r, c, replace(cell, text="\n".join(said[:lines])) if len(said) > lines else cell))
            placed.append((r + 1, c, replace(cell, text="\n".join(said[lines:]), fact=None)))
        else:
            crossing = r <= row < r + cell.rowspan
            placed.append((r + (r > row), c, replace(cell, rowspan=cell.rowspan + 1) if crossing else cell))
    step, frame = style.size * LEADING, 2 * style.padding
    parts = (lines * step + frame, (longest - lines) * step + frame)
    heights = (*raster.heights[:row], *parts, *raster.heights[row + 1 :])
    return replace(raster, heights=heights, placed=tuple(placed)), True


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
            words[c] = max(words[c], min(longest, table.style.name_width * size))
        else:
            numbers[c] = max(numbers[c], longest * share, 2.2 * size)
    if share >= 1:
        numbers = [max(n, min(w, 3.5 * size)) if n else 0.0 for n, w in zip(numbers, words, strict=True)]
    texts = sum(w for n, w in zip(numbers, words, strict=True) if not n)
    room = width - sum(numbers)
    factor = max(room / texts, 0.25) if texts and (room < texts or share < 1) else 1.0
    return [n or w * factor for n, w in zip(numbers, words, strict=True)]


def _lines(cell: Cell, width: float, style: Style) -> tuple[str, ...]:
    if cell.vertical:
        return tuple(cell.text)
    over = style.overflow if cell.align == "left" and cell.fact is None else 0.0
    if over and "\n" not in cell.text:
        beyond = width_of(cell.text, style.size) - width
        # a text that ends just where its neighbour begins cannot be told from it
        if beyond < over * width and abs(beyond) > 0.2 * style.size:
            return (cell.text,)
    return wrap(cell.text, width - 2 * SIDE, style.size)


def _row_heights(table: Table, xs: tuple[float, ...], placed: tuple[tuple[int, int, Cell], ...]) -> tuple[float, ...]:
    step, frame = table.style.size * LEADING, 2 * table.style.padding
    heights = [step + frame] * len(table.rows)
    for r, c, cell in sorted(placed, key=lambda item: item[2].rowspan):
        need = len(_lines(cell, xs[c + cell.colspan] - xs[c], table.style)) * step + frame
        missing = need - sum(heights[r : r + cell.rowspan])
        for i in range(r, r + cell.rowspan):
            heights[i] += max(missing, 0) / cell.rowspan
    return tuple(heights)


def _draw(raster: _Raster, fragments: list[_Fragment]) -> list[Drawn]:
    drawn = []
    for r, c, cell in raster.placed:
        shown = [[i for i in range(r, r + cell.rowspan) if i in fragment.rows] for fragment in fragments]
        rooms = [raster.height(rows) for rows in shown]
        parts = _parted(raster, cell, rooms, raster.lines(c, cell))
        for i, (fragment, rows) in enumerate(zip(fragments, shown, strict=True)):
            if not rows:
                continue
            ys = list(itertools.accumulate((raster.heights[j] for j in fragment.rows), initial=fragment.at.y))
            first, last = fragment.rows.index(rows[0]), fragment.rows.index(rows[-1])
            part = cell if r in raster.header else parts[i]
            box = (raster.xs[c], ys[first], raster.xs[c + cell.colspan], ys[last + 1])
            drawn.append(Drawn(fragment.at.page, *box, part, raster.table.style, raster.number))
    return drawn


def _parted(raster: _Raster, cell: Cell, rooms: list[float], lines: tuple[str, ...]) -> list[Cell]:
    """A merged cell that page breaks part: the first part with room enough prints its text, else each some lines."""
    style = raster.table.style
    step, frame = style.size * LEADING, 2 * style.padding
    enough = [i for i, room in enumerate(rooms) if room + 0.01 >= len(lines) * step + frame]
    if enough or len(rooms) == 1 or cell.vertical:
        speaking = enough[0] if enough else rooms.index(max(rooms))
        return [cell if i == speaking else Cell("") for i in range(len(rooms))]
    parts = []
    for i, room in enumerate(rooms):
        fit = len(lines) if i == len(rooms) - 1 else max(int((room - frame + 0.01) / step), 0)
        parts.append(replace(cell, text="\n".join(lines[:fit]), fact=cell.fact if not i else None))
        lines = lines[fit:]
    return parts


def _cell_texts(item: Drawn) -> list[Text]:
    """The lines of a drawn cell, centred from top to bottom."""
    cell, size = item.cell, item.style.size
    if not cell.text:
        return []
    lines = _lines(cell, item.x1 - item.x0, item.style)
    height = len(lines) * size * LEADING
    top = item.y0 + max((item.y1 - item.y0 - height) / 2, 0)
    x0, x1 = item.x0 + SIDE, item.x1 - SIDE
    align: Align = "center" if cell.vertical else cell.align
    return [
        aligned(item.page, x0, x1, top + (i + 0.8) * size * LEADING, line, size, align)
        for i, line in enumerate(lines)
        if line.strip()
    ]
