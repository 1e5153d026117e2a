"""`budgetkit audit FILE… | DIR`: check documents from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from budgetkit.cli.analysis import print_json, records
from budgetkit.errors import BudgetkitError, UnreadableDocument

if TYPE_CHECKING:
    import pandas as pd


def audit(
    paths: Annotated[
        list[Path], typer.Argument(help="Documents, folders searched with their subfolders, or what a build wrote.")
    ],
    report: Annotated[Path | None, typer.Option(help="Write an HTML report with pictures to this file.")] = None,
    rules: Annotated[
        list[Path] | None, typer.Option(help="Own rules (TOML or CSV); may be given several times.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="With --json: also what passed.")] = False,
) -> None:
    """Check whether documents add up, each and together. Exit code 1 when a rule fails or a document cannot be read."""
    from budgetkit.audit import check_together
    from budgetkit.audit.rules import rule_book
    from budgetkit.corpus.collection import load
    from budgetkit.corpus.store import LIST

    own_rules = list(rules or [])
    book = rule_book(own_rules)
    built = [load(path) for path in paths if (path / LIST).is_file()]
    docs, unreadable = _read(list(_files(path for path in paths if not (path / LIST).is_file())))
    docs, unreadable = [*docs, *built], [*unreadable, *chain.from_iterable(map(_failed, built))]
    checked = list(zip(docs, check_together(docs, rules=own_rules), strict=True))
    for document, findings in _each(checked) if not as_json else ():
        _print(document, findings)
    if as_json:
        print_json(_as_json(checked, unreadable, everything))
    if report is not None:
        from budgetkit.audit.report import html_report

        _write(report, html_report(checked, book=book))
    if unreadable or any((findings["status"] == "fail").any() for _, findings in checked):
        raise typer.Exit(1)


def _failed(corpus: Any) -> Iterator[str]:
    """What a build could not read."""
    documents = corpus.documents
    for reason in documents.loc[documents["status"] == "failed", "reason"]:
        print(f"failed: {reason}", file=sys.stderr)
        yield str(reason)


def _each(checked: Sequence[tuple[Any, pd.DataFrame]]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each document that was read, with its findings."""
    for doc, findings in checked:
        for name in doc.documents.loc[doc.documents["status"] != "failed", "document"]:
            yield name, findings[findings["document"] == name]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """The documents of the arguments; folders in order of their files."""
    from budgetkit.corpus.files import list_files
    from budgetkit.corpus.folders import folder

    for path in paths:
        if path.is_dir():
            listed, _ = list_files(folder(path))
            # members of archives are for builds
            yield from (path / file.name for file in listed if not file.member)
        else:
            yield path


def _read(files: Sequence[Path]) -> tuple[list[Any], list[str]]:
    """Every document, and why others cannot be read; with a progress bar on a terminal."""
    from tqdm import tqdm

    from budgetkit.document.reading import read

    docs: list[Any] = []
    unreadable: list[str] = []
    for path in tqdm(files, disable=len(files) < 2 or not sys.stderr.isatty(), unit="file"):
        try:
            docs.append(read(path))
        except UnreadableDocument as error:
            unreadable.append(str(error))
            print(f"failed: {error}", file=sys.stderr)
    return docs, unreadable


def _print(document: str, findings: pd.DataFrame) -> None:
    import pandas as pd

    from budgetkit.audit.rules import SEVERITIES
    from budgetkit.display.words import value_label

    counts = findings["status"].value_counts()
    numbers = ", ".join(f"{int(counts.get(status, 0))} {status}" for status in ("fail", "rounding", "pass", "not_run"))
    print(f"{document}: {numbers}")
    failed = findings[findings["status"] == "fail"]
    for severity in SEVERITIES:
        label = value_label("severity", severity)
        for _, row in failed[failed["severity"] == severity].iterrows():
            page = "" if pd.isna(row["page"]) else f"第{row['page']}页 "
            print(f"  {label} {page}{row['message']}  [{row['rule']}]")


def _as_json(
    checked: Sequence[tuple[Any, pd.DataFrame]], unreadable: Sequence[str], everything: bool
) -> dict[str, Any]:
    documents = []
    for document, findings in _each(checked):
        counts = findings["status"].value_counts()
        kept = findings if everything else findings[findings["status"].isin(["fail", "not_run"])]
        documents.append(
            {
                "document": document,
                "counts": {str(status): int(count) for status, count in counts.items()},
                "findings": records(kept),
            }
        )
    return {"documents": documents, "failed": list(unreadable)}


def _write(path: Path, text: str) -> None:
    """Write a file, whole or not at all."""
    from budgetkit.corpus.folders import folder

    try:
        folder(path.parent).write(path.name, text.encode())
    except OSError as error:
        raise BudgetkitError(f"{path}: cannot be written ({error.strerror})") from error
