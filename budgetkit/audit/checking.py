"""`check`: all rules over the frames of one document or of a corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budgetkit import frames
from budgetkit.audit import across, columns, engine, hierarchy, rates, stated, summaries
from budgetkit.audit.doubts import doubts
from budgetkit.audit.model import Equation, Finding
from budgetkit.audit.rules import RuleBook, rule_book
from budgetkit.audit.sheets import Sheet, sheets_of

if TYPE_CHECKING:
    import pandas as pd


def check(doc: Any, *, rules: str | Path | Sequence[str | Path] = ()) -> pd.DataFrame:
    """Say which numbers of a document contradict each other.

    Returns
    -------
    DataFrame
        The frame findings.
    """
    files = [rules] if isinstance(rules, (str, Path)) else list(rules)
    book = rule_book(files)
    found: list[dict[str, Any]] = []
    for document, own in _documents(doc):
        found += [_row(document, finding, book) for finding in findings(document, own, book)]
    return frames.make("findings", found)


def _documents(doc: Any) -> Iterator[tuple[dict[str, Any], dict[str, pd.DataFrame]]]:
    names = ("facts", "statements", "projects", "project_funds", "indicators", "leftovers")
    whole = {name: getattr(doc, name) for name in names}
    documents = _records(doc.documents)
    if len(documents) == 1:
        yield documents[0], whole
        return
    groups = {name: dict(iter(frame.groupby("document", sort=False))) for name, frame in whole.items()}
    for row in documents:
        yield row, {name: groups[name].get(row["document"], whole[name].iloc[:0]) for name in names}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {name: list(frame[name].astype(object).where(frame[name].notna(), None)) for name in frame.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def findings(document: Mapping[str, Any], own: Mapping[str, pd.DataFrame], book: RuleBook) -> list[Finding]:
    """All findings of one document."""
    sheets = sheets_of(own["facts"])
    doubtful = doubts(sheets, document, _records(own["leftovers"]), book.words["doubts"]["reasons"])
    equations = [one for sheet in sheets for one in _within(sheet, book)]
    equations += across.table_sums(sheets, document["kind"], book)
    told = stated.read_stated(_records(own["statements"]))
    known = across.amounts(sheets, document["kind"], book)
    equations += stated.cell_sums(told, sheets, known, document["kind"])
    equations += stated.derived_sums(told, book)
    kept = [one for one in equations if _holds(one.rule, one.form, document, book)]
    found = engine.findings_of(kept, doubtful, book.rules)
    totals = [figure for figures in known.values() for figure in figures]
    found += rates.rate_findings(told, totals, book)
    return [one for one in found if _holds(one.rule, one.form, document, book)]


def _within(sheet: Sheet, book: RuleBook) -> Iterator[Equation]:
    yield from columns.column_sums(sheet, book)
    yield from hierarchy.code_sums(sheet, book)
    yield from summaries.summary_sums(sheet, book)
    yield from summaries.item_sums(sheet, book)
    yield from summaries.class_sums(sheet, book)


def _holds(rule: str, form: str | None, document: Mapping[str, Any], book: RuleBook) -> bool:
    spec = book.rules[rule]
    return (
        spec.enabled
        and (not spec.kinds or document["kind"] in spec.kinds)
        and (not spec.forms or form is None or form in spec.forms)
    )


def _row(document: Mapping[str, Any], finding: Finding, book: RuleBook) -> dict[str, Any]:
    return {
        "document": document["document"],
        "rule": finding.rule,
        "status": finding.status,
        "severity": finding.severity or book.rules[finding.rule].severity,
        "form": finding.form,
        "code": finding.code,
        "name": finding.name,
        "measure": finding.measure,
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "page": finding.page,
        "message": finding.message,
        "evidence": list(finding.evidence),
    }
