"""The audit as one self-contained page of HTML: findings by severity with pictures, what passed, what was not run."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from budgetkit.audit.rules import RuleBook, rule_book
from budgetkit.audit.summary import pages_of, places, summarise
from budgetkit.errors import BudgetkitError
from budgetkit.tables import captions

if TYPE_CHECKING:
    import pandas as pd

_SEVERITIES = (("error", "错误"), ("warning", "疑点"), ("note", "提示"))
#: pictures of one finding, pixels a point, and points around the outlined cells
_PICTURES, _SCALE, _MARGIN = 3, 1.3, 60.0
#: pixels a point of pages that are shown whole, as those of prose
_WHOLE = 1.0
_STYLE = """
body{font-family:"Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;max-width:1000px;margin:2em auto;
padding:0 1em;color:#222;line-height:1.6}
h1{font-size:1.5em}h2{font-size:1.25em;border-bottom:1px solid #bbb;margin-top:2em}h3{font-size:1.05em}
.f{border-left:4px solid #888;padding:.3em 1em;margin:1em 0;background:#fafafa}
.error{border-color:#d55e00}.warning{border-color:#e69f00}.note{border-color:#0072b2}
.m{font-weight:600}.r{color:#555;font-size:.9em}ul{margin:.3em 0;padding-left:1.4em;font-size:.9em}
table{border-collapse:collapse;font-size:.9em}td,th{border:1px solid #ccc;padding:.2em .6em;text-align:left}
td.n{text-align:right}img{max-width:100%;border:1px solid #ccc;margin:.4em 0}details{margin:.6em 0}
"""


def html_report(
    documents: Iterable[tuple[Any, pd.DataFrame]], *, pictures: bool = True, book: RuleBook | None = None
) -> str:
    """One page of HTML about the audit of one or several documents.

    Parameters
    ----------
    documents : iterable of (Disclosure or Corpus, DataFrame)
        What was checked and its findings.
    pictures : bool
        Whether pages of PDFs are shown with the cells outlined; left out where the file is not to be had.
    book : RuleBook, optional
        The rules that were used, for their reasons; the standard ones by default.

    Returns
    -------
    str
        HTML that needs no other file.
    """
    rules = book or rule_book()
    parts = [section for doc, findings in documents for section in _document(doc, findings, pictures, rules)]
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>勾稽核对报告</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>勾稽核对报告</h1>\n{body}\n</body></html>\n"
    )


def _document(doc: Any, findings: pd.DataFrame, pictures: bool, rules: RuleBook) -> list[str]:
    parts = []
    for _, row in doc.documents.iterrows():
        own = findings[findings["document"] == row["document"]]
        counts = own["status"].value_counts()
        numbers = "，".join(
            f"{label}{int(counts.get(status, 0))}"
            for status, label in (("fail", "不符"), ("rounding", "尾差"), ("pass", "相符"), ("not_run", "未核对"))
        )
        head = " ".join(str(row[key]) for key in ("entity", "fiscal_year") if not _is_na(row[key]))
        parts.append(f"<h2>{_text(row['document'])}</h2><p>{_text(head)}　{numbers}</p>")
        for severity, label in _SEVERITIES:
            failed = own[(own["status"] == "fail") & (own["severity"] == severity)]
            if len(failed):
                parts.append(f"<h3>{label}（{len(failed)}）</h3>")
                parts += [_finding(doc, finding, pictures, rules) for _, finding in failed.iterrows()]
        parts.append(_table("各规则结果", summarise(own)))
        parts.append(_not_run(own))
    return parts


def _finding(doc: Any, finding: pd.Series, pictures: bool, rules: RuleBook) -> str:
    rule = rules.rules.get(finding["rule"])
    spec = captions.form_spec(finding["form"]) if not _is_na(finding["form"]) else None
    where = "，".join(
        part
        for part in (
            spec.label if spec else "",
            "、".join(f"第{page}页" for page in pages_of(doc, finding)),
            f"规则 {finding['rule']}",
            f"依据：{rule.reason}" if rule else "",
        )
        if part
    )
    evidence = "".join(f"<li>{_text(text)}</li>" for text in finding["evidence"])
    shown = "".join(_pictures(doc, finding)) if pictures else ""
    return (
        f'<div class="f {finding["severity"]}"><div class="m">{_text(finding["message"])}</div>'
        f'<div class="r">{_text(where)}</div><ul>{evidence}</ul>{shown}</div>'
    )


def _pictures(doc: Any, finding: pd.Series) -> list[str]:
    """The pages around the cells that the finding names; none where the file cannot be shown."""
    from budgetkit.display.pictures import show

    cells = places(doc, finding).dropna(subset=["x0", "y0", "x1", "y1"])
    found: list[str] = []
    for page in sorted(set(cells["page"]))[:_PICTURES]:
        own = cells[cells["page"] == page]
        try:
            image = show(doc, own, scale=_SCALE).image
        except BudgetkitError:
            return found
        found.append(_img(_cropped(image, own), f"第{page}页"))
    for page in sorted(set(pages_of(doc, finding)) - set(cells["page"]))[: max(_PICTURES - len(found), 0)]:
        try:
            found.append(_img(show(doc, pages=page, scale=_WHOLE).image, f"第{page}页"))
        except BudgetkitError:
            return found
    return found


def _cropped(image: Any, cells: pd.DataFrame) -> Any:
    """The rows of the page around the cells, over its whole width."""
    top = max(int((float(cells["y0"].min()) - _MARGIN) * _SCALE), 0)
    bottom = min(int((float(cells["y1"].max()) + _MARGIN) * _SCALE), image.height)
    return image.crop((0, top, image.width, bottom)) if bottom > top else image


def _img(image: Any, label: str) -> str:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "PNG", optimize=True)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<figure><img alt="{label}" src="data:image/png;base64,{data}"><figcaption>{label}</figcaption></figure>'


def _table(title: str, frame: pd.DataFrame) -> str:
    labels = ("规则", "程度", "不符", "尾差", "相符", "未核对")
    columns = ("rule", "severity", "fail", "rounding", "pass", "not_run")
    head = "".join(f"<th>{label}</th>" for label in labels)
    rows = "".join(
        "<tr>" + "".join(f'<td class="n">{value}</td>' if k > 1 else f"<td>{value}</td>" for k, value in enumerate(row))
        + "</tr>"
        for row in frame[list(columns)].itertuples(index=False)
    )  # fmt: skip
    return f"<details><summary>{title}</summary><table><tr>{head}</tr>{rows}</table></details>"


def _not_run(findings: pd.DataFrame) -> str:
    own = findings[findings["status"] == "not_run"]
    reasons: dict[tuple[str, str], int] = {}
    for rule, text in zip(own["rule"], own["message"], strict=True):
        reasons[rule, text] = reasons.get((rule, text), 0) + 1
    if not reasons:
        return ""
    items = "".join(f"<li>{_text(rule)}：{_text(text)}（{count}）</li>" for (rule, text), count in reasons.items())
    return f"<details><summary>未核对（{len(own)}）</summary><ul>{items}</ul></details>"


def _is_na(value: object) -> bool:
    return value is None or value != value or str(value) == "<NA>"


def _text(value: object) -> str:
    return html.escape(str(value))


__all__: Sequence[str] = ("html_report",)
