"""HTML cards that say what a document or a corpus holds."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from budgetkit.display.words import reason_label, value_label
from budgetkit.frames import HasFrames

#: failed documents that the card of a corpus names
_NAMED = 10


def card(disclosure: HasFrames) -> str:
    """A document as HTML: what it is, the forms found with their facts, those missing, leftovers by reason, status.

    Returns: an HTML fragment; every text of the document is escaped.
    """
    row = disclosure.documents.iloc[0]
    facts = disclosure.facts["form"].astype("string").value_counts()
    indicators = disclosure.indicators["form"].astype("string").value_counts()
    found = [*row["forms"], *(form for form in facts.index if form not in row["forms"])]
    rows = {
        "类型": _kind(row),
        "年度": _or_unknown(row["fiscal_year"]),
        "单位": _or_unknown(row["entity"]),
        "已识别表": _items(f"{_form(form)} {_size(facts.get(form, 0), indicators.get(form, 0))}" for form in found),
        "缺表": _items(_form(form) for form in row["missing"]),
        "文字说明中的数": f"{len(disclosure.statements)} 个",
        "绩效": f"{len(disclosure.projects)} 张绩效表，{len(disclosure.indicators)} 项指标",
        "未归入的数": _reasons(disclosure.leftovers),
        "读取": _status(row),
    }
    return _table(str(row["document"]), rows)


def corpus_card(corpus: Any) -> str:
    """A corpus as HTML: documents by kind, year and status, rows of every frame, and what failed.

    Returns: an HTML fragment; every text of the documents is escaped.
    """
    documents = corpus.documents
    failed = documents[documents["status"] == "failed"]
    status = documents["status"].astype("string").value_counts()
    kinds = documents.groupby(["kind", "fiscal_year"], observed=True, sort=True).size()
    rows = {
        "读取": _items(f"{value_label('status', name)} {count}" for name, count in status.items()),
        "内容": _items(f"{year}年度{value_label('kind', kind)} {count}" for (kind, year), count in kinds.items()),
    }
    if len(failed):
        named = [f"{row.path or row.document}：{reason_label(row.reason)}" for row in failed.head(_NAMED).itertuples()]
        rows["未能读取"] = _items([*named, f"等 {len(failed)} 个"] if len(failed) > _NAMED else named)
    return _table(f"Corpus {corpus.processed}", {**rows, **{k: str(v) for k, v in corpus.count_rows().items()}})


def _kind(row: Mapping[str, Any]) -> str:
    if pd.isna(row["kind"]):
        return "不明"
    tier = "" if pd.isna(row["tier"]) else value_label("tier", row["tier"])
    return f"{tier}{value_label('kind', row['kind'])}"


def _form(form: Any) -> str:
    return value_label("form", str(form))


def _size(facts: int, indicators: int) -> str:
    """How much a form holds: amounts, or indicators of a performance form."""
    parts = [f"{facts} 个数" if facts else "", f"{indicators} 项指标" if indicators else ""]
    return "、".join(filter(None, parts)) or "空表"


def _or_unknown(value: Any) -> str:
    return "不明" if pd.isna(value) else str(value)


def _reasons(leftovers: pd.DataFrame) -> str:
    counts = leftovers["reason"].value_counts()
    return _items(f"{reason_label(reason)} {count}" for reason, count in counts.items())


def _status(row: Mapping[str, Any]) -> str:
    reason = "" if pd.isna(row["reason"]) else f"：{reason_label(row['reason'])}"
    pages = "" if pd.isna(row["pages"]) else f"，{row['pages']} 页"
    return f"{value_label('status', row['status'])}{pages}{reason}"


def _items(texts: Iterable[str]) -> str:
    return "；".join(texts) or "无"


def _table(title: str, rows: Mapping[str, str]) -> str:
    """A table of names and texts; this is where all of them are escaped, shorter than by a template of jinja2."""
    lines = "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>" for name, text in rows.items())
    return f'<table class="budgetkit-card"><caption>{html.escape(title)}</caption>{lines}</table>'
