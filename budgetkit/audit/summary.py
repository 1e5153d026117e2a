"""What an audit found, at a glance; where its figures stand; and how a finding is confirmed as an exception."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from budgetkit.audit.rules import SEVERITIES
from budgetkit.display.boxes import referred
from budgetkit.errors import SpecError

_STATUSES = ("fail", "rounding", "pass", "not_run")


def summarise(findings: pd.DataFrame) -> pd.DataFrame:
    """Count what came of every rule.

    Parameters
    ----------
    findings : DataFrame
        What `budgetkit.check` returned.

    Returns
    -------
    DataFrame
        One row for each document and rule: document, rule, severity (the gravest of its findings), fail, rounding,
        pass, not_run (how many), largest (the largest difference of a fail without its sign; NA where none fails or
        a rule has no numbers). Rules with fails stand first, the gravest before the others.

    Raises
    ------
    SpecError
        When it is not given findings.

    Examples
    --------
    >>> from budgetkit import frames
    >>> rows = [{"document": "a", "rule": "codes.total", "status": "pass", "severity": "error"}] * 2
    >>> summarise(frames.make("findings", rows))[["rule", "fail", "pass"]].values.tolist()
    [['codes.total', 0, 2]]
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    names = ("document", "rule", "status", "severity", "difference")
    if not isinstance(findings, pd.DataFrame) or not {*names} <= {*findings.columns}:
        raise SpecError(f"summarise: expected findings (bk.check(doc)), not {type(findings).__name__} of another kind")
    for document, rule, status, severity, difference in zip(*(findings[name] for name in names), strict=True):
        row = rows.setdefault(
            (document, rule),
            {"document": document, "rule": rule, "severity": severity, **dict.fromkeys(_STATUSES, 0), "largest": None},
        )
        row[status] += 1
        row["severity"] = min(row["severity"], severity, key=SEVERITIES.index)
        if status == "fail" and not pd.isna(difference):
            row["largest"] = max(row["largest"] or 0.0, abs(difference))
    ordered = sorted(
        rows.values(),
        key=lambda row: (row["document"], not row["fail"], SEVERITIES.index(row["severity"]), row["rule"]),
    )
    columns = {"document": "string", "rule": "string", "severity": pd.CategoricalDtype(list(SEVERITIES))}
    columns |= dict.fromkeys(_STATUSES, "Int64") | {"largest": "Float64"}
    return pd.DataFrame(ordered, columns=list(columns)).astype(columns)


def places(doc: Any, finding: Any) -> pd.DataFrame:
    """The cells that a finding names, as rows of `facts`, for `budgetkit.show`.

    Parameters
    ----------
    doc : Disclosure or Corpus
        The document that was checked.
    finding : Series
        One row of the findings.

    Returns
    -------
    DataFrame
        Rows of `facts` in order of the page; empty where the finding is of prose or a performance form only.
    """
    return referred(doc, finding, "facts")


def pages_of(doc: Any, finding: Any) -> tuple[int, ...]:
    """All pages that a finding names, in order."""
    named = {int(place.removeprefix("page ")) for place in finding["places"] if place.startswith("page ")} - {0}
    rows = pd.concat([referred(doc, finding, frame)["page"] for frame in ("facts", "statements")])
    own = set() if pd.isna(finding["page"]) else {int(finding["page"])}
    return tuple(sorted(named | own | {int(page) for page in rows.dropna()}))


def exception(doc: Any, finding: Any, reason: str) -> str:
    """A finding as the TOML text that records it as a confirmed exception (已核实的例外).

    Parameters
    ----------
    doc : Disclosure or Corpus
    finding : Series
        One row of the findings with status "fail".
    reason : str
        Why it is accepted.

    Returns
    -------
    str
        A table `[[exception]]` for a file that `check(doc, rules=[file])` is given. It holds for the very bytes of
        the document and for the very numbers: when either changes, the finding comes back.

    Raises
    ------
    SpecError
        When the finding is no fail, or the document's hash is not known.
    """
    if finding["status"] != "fail":
        raise SpecError(f"only a fail can be confirmed as an exception, not {finding['status']}")
    documents = doc.documents
    sha256 = documents.loc[documents["document"] == finding["document"], "sha256"]
    if sha256.empty or pd.isna(sha256.iloc[0]):
        raise SpecError(f"{finding['document']}: no hash is known of it")
    lines = ["[[exception]]", f'rule = "{finding["rule"]}"', f'sha256 = "{sha256.iloc[0]}"']
    lines += [f"{key} = {_quoted(finding[key])}" for key in ("code", "name") if not pd.isna(finding[key])]
    lines += [f"{key} = {float(finding[key])!r}" for key in ("expected", "actual") if not pd.isna(finding[key])]
    return "\n".join([*lines, f"reason = {_quoted(reason)}", ""])


def _quoted(text: str) -> str:
    """A text of TOML, whose marks are those of JSON."""
    return json.dumps(str(text), ensure_ascii=False)
