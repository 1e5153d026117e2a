"""From blocks to pages: every line of text and every cell gets its place."""

from __future__ import annotations

from tools.typeset.model import Document, PageBreak, Paragraph
from tools.typeset.sheet import MARGIN, Cursor, Drawn, Layout, Sheet, Text, aligned, make_sheet, place_paragraph
from tools.typeset.tabular import place_table


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
            cursor, more = place_paragraph(cursor, block, document.size)
            texts += more
        else:
            cursor, more, drawn = place_table(cursor, block, tables)
            tables += 1
            texts += more
            cells += drawn
    texts += _heads_and_feet(document, cursor.sheets)
    if document.order == "reversed":
        texts.reverse()
    return Layout(cursor.sheets, tuple(texts), tuple(cells))


def _heads_and_feet(document: Document, sheets: tuple[Sheet, ...]) -> list[Text]:
    texts = []
    for page, sheet in enumerate(sheets, 1):
        if document.head:
            texts.append(aligned(page, 0, sheet.width, MARGIN - 20, document.head, 9, "center"))
        if document.foot:
            foot = document.foot.format(page, pages=len(sheets))
            texts.append(aligned(page, 30, sheet.width - 30, sheet.height - 30, foot, 9, document.foot_align))
    return texts
