"""What lies over the cells of a sheet: text boxes are read; pictures, charts and comments are named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from budgetkit.readers.office.package import Package, local, whole
from budgetkit.readers.office.values import may_correct

#: a text box that begins in one of the first rows stands over the table
_HEAD_ROWS = 6


@dataclass(frozen=True)
class Drawn:
    """Lines of text boxes over and under the cells, and what is not read."""

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def drawn_texts(package: Package, part: str) -> Drawn:
    """The texts of a sheet's drawings, and sentences on what is not read of its drawings and comments."""
    above: list[str] = []
    below: list[str] = []
    counts: dict[str, int] = {}
    for drawing in package.related(part, "drawing"):
        for anchor in package.tree(drawing).iterchildren():
            lines = list(_paragraphs(anchor))
            (above if _row(anchor) < _HEAD_ROWS else below).extend(lines)
            for item in anchor.iter():
                kind = {"pic": "picture", "chart": "chart", "relIds": "diagram"}.get(local(item))
                if kind:
                    counts[kind] = counts.get(kind, 0) + 1
    unread = [f"{count} {kind}{'s' if count > 1 else ''} not read" for kind, count in counts.items()]
    figures = sum(_with_digits(package, comments) for kind in ("comments", "threadedComment")
                  for comments in package.related(part, kind))  # fmt: skip
    if figures:
        unread.append(f"{figures} comments on amounts not read")
    return Drawn(tuple(above), tuple(below), tuple(unread))


def _paragraphs(anchor: Any) -> list[str]:
    found = []
    for paragraph in anchor.iter("{*}p"):
        text = "".join(run.text or "" for run in paragraph.iter("{*}t"))
        if text.strip():
            found.append(text.strip())
    return found


def _row(anchor: Any) -> int:
    return whole(anchor.findtext("{*}from/{*}row"))


def _with_digits(package: Package, part: str) -> int:
    """How many comments speak of amounts."""
    items = (item for item in package.tree(part).iter() if local(item) in ("comment", "threadedComment"))
    return sum(may_correct("".join(item.itertext())) for item in items)
