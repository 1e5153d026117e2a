"""Where on their pages the figures of prose stand that a finding of the audit quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from budgetkit.model import Box, Line
from budgetkit.printed.widths import width_of
from budgetkit.readers.opening import open_source

if TYPE_CHECKING:
    from budgetkit.model import Page

#: a subject further before its figure than this, in characters, is not outlined with it
_NEAR = 8
#: what other figures a figure must not be cut out of
_DIGIT = re.compile(r"[\d.,]")


def referred(doc: Any, finding: Any, frame: str) -> pd.DataFrame:
    """The rows of a frame of the document that a finding names, in order of the frame."""
    rows = getattr(doc, frame)
    own = rows[rows["document"] == finding["document"]]
    known = (place.split(" ") for place in finding["places"])
    return own.iloc[sorted({int(number) for name, number in known if name == frame and int(number) < len(own)})]


def places_of(doc: Any, findings: pd.DataFrame, data: bytes, name: str) -> pd.DataFrame:
    """All places that findings name, for `budgetkit.show`.

    Returns document, page, name, x0, y0, x1, y1: a row for each cell and each quoted figure of the prose; corners are
    NA where a finding names a page only.

    Parameters
    ----------
    doc : Disclosure or Corpus
        What was checked.
    findings : DataFrame
        Rows of what `budgetkit.check` returned.
    data : bytes
        The file of the document.
    name : str
        What messages call the file.
    """
    cells, said = (
        pd.concat([referred(doc, finding, frame) for _, finding in findings.iterrows()])
        for frame in ("facts", "statements")
    )
    rows = cells[["document", "page", "name", "x0", "y0", "x1", "y1"]].to_dict("records")
    pages = {page.number: page for page in open_source(data, name, "auto").pages} if len(said) else {}
    document = findings["document"].iloc[0]
    quotes = zip(said["page"].fillna(0), said["subject"].fillna(""), said["printed"].fillna(""), strict=True)
    for number, subject, printed in dict.fromkeys(quotes):
        boxes: list[Iterable[float | None]] = []
        if int(number) in pages and printed:
            boxes += quoted(pages[int(number)], subject, printed)
        for box in boxes or [(None,) * 4]:
            corners = dict(zip(("x0", "y0", "x1", "y1"), box, strict=True))
            rows.append({"document": document, "page": int(number), "name": subject, **corners})
    seen = {row["page"] for row in rows}
    named = findings[["document", "page", "name"]].dropna(subset=["page"])
    rows += [row for row in named.to_dict("records") if row["page"] not in seen]
    # what a finding without a place is of is the document, which begins on its first page
    rows = rows or [{"document": document, "page": 1, "name": None}]
    columns = ["document", "page", "name", "x0", "y0", "x1", "y1"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[3:], "Float64") | {"page": "Int64"})


def quoted(page: Page, subject: str, printed: str) -> Iterator[Box]:
    """The boxes of a figure of the prose, a line each; none where it is not found.

    The figure is the one that follows its subject closest; the subject is part of the box where it stands just before.
    """
    lines = [line for line in page.lines if line.box is not None and line.text]
    text = "".join(line.text for line in lines)
    ends = [start for hit in re.finditer(re.escape(printed), text) if _whole(text, start := hit.start())]
    if not ends:
        return
    gaps = {start: start - text.rfind(subject, 0, start) - len(subject) for start in ends if subject in text[:start]}
    start = min(gaps, key=lambda place: gaps[place]) if gaps else ends[0]
    first = start - gaps[start] - len(subject) if gaps and gaps[start] <= _NEAR else start
    yield from _boxes(lines, first, start + len(printed))


def _whole(text: str, start: int) -> bool:
    """Whether no digit stands before: 4.58 is no part of 14.58."""
    return not (start and _DIGIT.match(text[start - 1]) and _DIGIT.match(text[start]))


def _boxes(lines: Iterable[Line], first: int, last: int) -> Iterator[Box]:
    """The part of each line that the characters from first to last stand in."""
    at = 0
    for line in lines:
        begin, end = max(first - at, 0), min(last - at, len(line.text))
        at += len(line.text)
        if begin < end and line.box is not None:
            # as fonts have it about
            step = (line.box.x1 - line.box.x0) / width_of(line.text)
            left = line.box.x0 + step * width_of(line.text[:begin])
            yield Box(left, line.box.y0 - 1, left + step * width_of(line.text[begin:end]), line.box.y1 + 1)
