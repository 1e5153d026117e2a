"""Headers that came out as bare lines, one character or piece a line: cut into known words, and laid out as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from budgetkit.printed.widths import fold, squeeze
from budgetkit.readers.text.raster import Rows, padded
from budgetkit.readers.text.vocabulary import words


@dataclass(frozen=True)
class Side:
    """The columns of one half of a summary, or of a whole list."""

    #: kinds of the label columns: "code", "name", "project" or "item"
    labels: tuple[str, ...]
    #: words of the number columns
    leaves: tuple[str, ...]

    @property
    def width(self) -> int:
        """Columns in all."""
        return len(self.labels) + len(self.leaves)

    #: (column, the columns it is the sum of), counted among the number columns
    sums: tuple[tuple[int, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class Header:
    """The columns of a table and its header rows."""

    header: tuple[tuple[str, ...], ...]
    sides: tuple[Side, ...]

    @property
    def cols(self) -> int:
        """Columns in all."""
        return sum(side.width for side in self.sides)


@cache
def _vocabulary() -> frozenset[str]:
    known = words()
    lists = (known.code_labels, known.name_labels, known.project_labels, known.item_labels, known.number_groups)
    both = {word for pair in known.sides for word in pair}
    return frozenset((*(word for group in lists for word in group), *known.leaves, *known.code_parts, *both))


def cut_words(lines: Sequence[str]) -> tuple[str, ...] | None:
    """Cut header lines into known words, or None where they cannot be.

    The end of a line with one piece is no border; a gap within a line, and the end of a line with several pieces, is
    crossed only where it is letter-spacing or nothing else fits. Of several ways the one with the fewest crossed gaps,
    then the fewest words is taken.

    >>> cut_words(["项 目 支出预算", "功能分类科目编", "码 功能分类科目名称 合计 基本支出 项目支出"])
    ('项目', '支出预算', '功能分类科目编码', '功能分类科目名称', '合计', '基本支出', '项目支出')
    """
    text, gaps = _joined(lines)
    known = _vocabulary()
    longest = max(map(len, known))
    best: list[tuple[int, int, tuple[str, ...]] | None] = [(0, 0, ()), *[None] * len(text)]
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - longest), end):
            before, word = best[start], text[start:end]
            if before is None or word not in known:
                continue
            crossed = before[0] + sum(start < gap < end for gap in gaps)
            way = (crossed, before[1] + 1, (*before[2], word))
            held = best[end]
            if held is None or way[:2] < held[:2]:
                best[end] = way
    last = best[-1]
    return last[2] if last is not None and text else None


def _joined(lines: Sequence[str]) -> tuple[str, set[int]]:
    """The lines as one text, and the places of gaps between pieces longer than a letter."""
    text, gaps = "", set()
    for line in lines:
        pieces = [fold(piece) for piece in line.split()]
        for at, piece in enumerate(pieces):
            if at and len(piece) > 1 and len(pieces[at - 1]) > 1:
                gaps.add(len(text))
            text += piece
        if len(pieces) > 1:  # the line held several cells: the last of them seldom goes on below
            gaps.add(len(text))
    return text, gaps


def printed_words(lines: Sequence[str], cut: Sequence[str]) -> dict[str, str]:
    """Each header word as it was printed (with its own brackets)."""
    plain = squeeze("".join(lines))
    if len(plain) != sum(map(len, cut)):
        return {}
    printed, at = {}, 0
    for word in cut:
        printed[word] = plain[at : at + len(word)]
        at += len(word)
    return printed


def lay_out(cut: Sequence[str]) -> Header | None:
    """The columns that a sequence of header words names, or None where the words name none."""
    for left, right in words().sides:
        if tuple(cut[:2]) == (left, right):
            return _summary(left, right, cut[2:])
    return _list(cut)


def _summary(left: str, right: str, cut: Sequence[str]) -> Header | None:
    items = [at for at, word in enumerate(cut) if word in words().item_labels]
    if len(items) != 2 or items[0] != 0 or len(cut) - items[1] < 2 or items[1] < 2:
        return None
    halves = (cut[: items[1]], cut[items[1] :])
    if any(word not in words().leaves for half in halves for word in half[1:]):
        return None
    sides = tuple(Side(("item",), tuple(half[1:]), _row_sums(half[1:], half[1:])) for half in halves)
    top = [*padded([left], len(halves[0])), *padded([right], len(halves[1]))]
    return Header((tuple(top), tuple(cut)), sides)


def _list(cut: Sequence[str]) -> Header | None:
    known = words()
    kinds = {"code": known.code_labels, "name": known.name_labels, "project": known.project_labels}
    found: dict[str, str] = {}
    groups: list[str] = []
    leaves: list[str] = []
    items: list[str] = []
    parts: list[str] = []
    for word in cut:
        kind = next((kind for kind, listed in kinds.items() if word in listed and kind not in found), None)
        if word in known.code_parts and found.get("code"):
            parts.append(word)
        elif kind is not None:
            found[kind] = word
        elif word in known.item_labels:
            items.append(word)
            if "code" in found and "name" not in found:
                found["name"] = items.pop()
        elif word in known.number_groups:
            groups.append(word)
        elif word == known.total_labels[0] and "project" in found and f"{''.join(leaves)}{word}" in known.total_leaves:
            leaves = [f"{leaves[0]}{word}"]
        elif word in known.leaves:
            leaves.append(word)
        else:
            return None
    if not leaves or len(groups) > 1 or len(items) > 1 or (items and not found):
        return None
    return _list_layout(found, items, groups, leaves, parts)


def _list_layout(
    found: dict[str, str], items: list[str], groups: list[str], leaves: list[str], parts: list[str]
) -> Header:
    codes = max(len(parts), 1) if "code" in found else 0
    labels = ("code",) * codes + tuple(kind for kind in ("name", "project") if kind in found)
    label_heads = [*padded([found["code"]], codes)] if codes else []
    label_heads += [found[kind] for kind in ("name", "project") if kind in found]
    heads, low, columns = _nest(leaves)
    top = [*padded(items, len(labels)), *padded(groups, len(columns))]
    rows: Rows = [top, [*label_heads, *heads], [*padded(parts, len(labels)), *low]]
    side = Side(labels, tuple(columns), _row_sums(heads, columns))
    return Header(tuple(tuple(row) for row in rows if any(row)), (side,))


def _row_sums(heads: Sequence[str], columns: Sequence[str]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """What adds up within a row: a 小计 to the rest of its head's children, 合计 to the heads (or their children)."""
    totals = words().total_leaves
    sums: list[tuple[int, tuple[int, ...]]] = []
    tops: list[int] = []
    starts = [at for at, head in enumerate(heads) if head]
    for start, end in zip(starts, [*starts[1:], len(columns)], strict=True):
        own = tuple(range(start, end))
        if len(own) > 1 and columns[start] in totals:
            sums.append((start, own[1:]))
            own = own[:1]
        tops += own
    if len(tops) > 1 and heads[0] in totals and columns[0] == heads[0]:
        sums.append((tops[0], tuple(tops[1:])))
    return tuple(sums)


def _nest(leaves: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Heads, the words below them, and the columns: children printed after all heads go under theirs."""
    for parent in words().parents:
        count = len(parent.children)
        if parent.head in leaves[:-count] and tuple(leaves[-count:]) == parent.children:
            heads, low, columns = [], [], []
            for leaf in leaves[:-count]:
                own = parent.children if leaf == parent.head else ("",)
                heads += [leaf, *[""] * (len(own) - 1)]
                low += list(own)
                columns += [child or leaf for child in own]
            return heads, low, columns
    return list(leaves), [""] * len(leaves), list(leaves)
