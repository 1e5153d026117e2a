"""The audit as one self-contained page of HTML: an index by severity and money, then each document with its pages."""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from budgetkit import frames
from budgetkit.audit.rules import SEVERITIES, RuleBook, rule_book
from budgetkit.audit.summary import pages_of, summarise
from budgetkit.display.boxes import referred
from budgetkit.display.words import value_label
from budgetkit.errors import BudgetkitError
from budgetkit.tables import captions

if TYPE_CHECKING:
    from PIL.Image import Image

_STATUSES = frames.categories()["finding_status"]
#: lines of evidence of one finding, and pages of one document
_LINES, _PAGES = 5, 6
#: pixels a point, points around the outlined places, colours of a picture
_SCALE, _MARGIN, _COLOURS = 1.1, 40.0, 12
#: bytes of all pictures of a report
_BUDGET = 3_300_000


#: a document, a finding or a picture as the template names its parts
_Told = dict[str, Any]


def html_report(
    documents: Iterable[tuple[Any, pd.DataFrame]], *, pictures: bool = True, book: RuleBook | None = None
) -> str:
    """One page of HTML about the audit of one or several documents.

    Parameters
    ----------
    documents : iterable of (Disclosure or Corpus, DataFrame)
        What was checked and its findings.
    pictures : bool
        Whether pages of PDFs are shown with the places outlined, each page once; left out where the file is not to be
        had, and once the pictures of the report take three megabytes.
    book : RuleBook, optional
        The rules that were used, for their reasons; the standard ones by default.

    Returns
    -------
    str
        HTML that needs no other file and runs nothing: text is escaped, and its Content-Security-Policy allows styles
        and pictures of its own only.
    """
    import jinja2

    rules, left = book or rule_book(), _BUDGET if pictures else 0
    every: list[tuple[tuple[float, ...], _Told]] = []
    for doc, findings in documents:
        for _, row in doc.documents.iterrows():
            own = findings[findings["document"] == row["document"]]
            shown, left = _pictures(doc, own[own["status"] == "fail"], left)
            every.append(_document(row, own, doc, f"d{len(every)}", shown, rules))
    every.sort(key=lambda pair: pair[0])
    told = [one for _, one in every]
    text = resources.files("budgetkit.specs").joinpath("audit", "report.html").read_text(encoding="utf-8")
    template = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
    found, clean = ([one for one in told if bool(one["findings"]) is any_] for any_ in (True, False))
    return template.render(documents=told, found=found, clean=clean)


def _document(
    row: pd.Series, own: pd.DataFrame, doc: Any, anchor: str, shown: Sequence[_Told], rules: RuleBook
) -> tuple[tuple[float, ...], _Told]:
    """A document, and by what it stands in the index: severity, then money."""
    failed = own[own["status"] == "fail"]
    counts = tuple(int((failed["severity"] == severity).sum()) for severity in SEVERITIES)
    gaps = failed["difference"].abs().where(~failed["rule"].str.contains("rate|share|perf|text"), 0.0).fillna(0.0)
    order = [SEVERITIES.index(severity) for severity in failed["severity"]]
    ordered = failed.assign(order=order, gap=gaps).sort_values(["order", "gap"], ascending=[True, False])
    statuses = own["status"].value_counts()
    reasons = Counter(
        f"{rule}：{text}" for rule, text in own.loc[own["status"] == "not_run", ["rule", "message"]].values
    )
    table = summarise(own)[["rule", "severity", *_STATUSES]]
    table["severity"] = [value_label("severity", severity) for severity in table["severity"]]
    drawn = {picture["page"] for picture in shown}
    one = {
        "name": str(row["document"]),
        "anchor": anchor,
        "entity": _text(row["entity"]),
        "year": _text(row["fiscal_year"]),
        # fails by severity, and their largest differences in yuan together
        "counts": counts,
        "money": f"{float(gaps.sum()):,.2f}" if gaps.sum() else "",
        "numbers": "，".join(f"{value_label('finding_status', one)}{int(statuses.get(one, 0))}" for one in _STATUSES),
        "findings": [_finding(doc, finding, drawn, rules) for _, finding in ordered.iterrows()],
        "pictures": shown,
        "rules": list(table.itertuples(index=False)),
        "not_run": list(reasons.items()),
    }
    return (*(-count for count in counts), -float(gaps.sum())), one


def _finding(doc: Any, finding: pd.Series, drawn: set[int], rules: RuleBook) -> _Told:
    rule = rules.rules.get(finding["rule"])
    spec = captions.form_spec(finding["form"]) if not pd.isna(finding["form"]) else None
    pages = pages_of(doc, finding)
    where = [*([spec.label] if spec else []), *(f"第{page}页" for page in pages if page not in drawn)]
    return {
        "severity": finding["severity"],
        "label": value_label("severity", finding["severity"]),
        "message": finding["message"],
        "where": "，".join(where),
        "rule": finding["rule"],
        "reason": rule.reason if rule else "",
        "pages": [page for page in pages if page in drawn],
        "evidence": finding["evidence"][:_LINES],
        "more": max(len(finding["evidence"]) - _LINES, 0),
    }


def _pictures(doc: Any, failed: pd.DataFrame, left: int) -> tuple[list[_Told], int]:
    """The pages that findings name, each once with all places outlined, and the bytes that are left for others."""
    from budgetkit.display.boxes import places_of
    from budgetkit.display.pictures import original_of, show

    found: list[_Told] = []
    if failed.empty or left <= 0:
        return found, left
    try:
        original = original_of(doc, failed)
        places = places_of(doc, failed, original.data, original.name)
        for page in sorted({int(page) for page in places["page"].dropna()})[:_PAGES]:
            own = places[places["page"] == page]
            image = show(doc, own, pages=page, scale=_SCALE, source=original.data).image
            data = _encoded(_cropped(image, own, _heads(doc, failed, page)))
            if len(data) > left:
                break
            found.append({"page": page, "data": data})
            left -= len(data)
    except BudgetkitError:
        return found, left
    return found, left


def _heads(doc: Any, failed: pd.DataFrame, page: int) -> float | None:
    """Where the first row of the tables with wrong cells stands on a page: above it are the column heads."""
    cells = pd.concat([referred(doc, finding, "facts") for _, finding in failed.iterrows()])
    tables = set(cells.loc[cells["page"] == page, "table"].dropna())
    facts = doc.facts
    own = facts[(facts["document"] == failed["document"].iloc[0]) & (facts["page"] == page)]
    tops = own.loc[own["table"].isin(tables), "y0"].dropna()
    return None if tops.empty else float(tops.min())


def _cropped(image: Image, places: pd.DataFrame, heads: float | None) -> Image:
    """The page from the column heads to below the outlined places, over its whole width."""
    boxed = places.dropna(subset=["y0", "y1"])
    if boxed.empty:
        return image
    first = min(float(boxed["y0"].min()), heads if heads is not None else float(boxed["y0"].min()))
    top = max(int((first - 2 * _MARGIN) * _SCALE), 0)
    bottom = min(int((float(boxed["y1"].max()) + _MARGIN + 20) * _SCALE), image.height)
    return image.crop((0, top, image.width, bottom)) if bottom > top else image


def _encoded(image: Image) -> str:
    from PIL.Image import Dither, Quantize

    buffer = io.BytesIO()
    small = image.convert("RGB").quantize(_COLOURS, method=Quantize.MEDIANCUT, dither=Dither.NONE)
    small.save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
