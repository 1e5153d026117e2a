"""The command line: `budgetkit build|show|explain|audit|execution|costs|scores|codes|export`; each has its `--help`.

Exit codes: 0 when all went well, 1 when a document could not be read or a command failed, 2 for wrong usage.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from pathlib import Path
from typing import Annotated, Any

import typer

from budgetkit.cli.analysis import Json, codes, costs, execution, export, print_json, records, scores
from budgetkit.cli.audit import audit
from budgetkit.errors import BudgetkitError

app = typer.Typer(add_completion=False, no_args_is_help=True)
#: columns of facts that `show --facts` prints
_SHOWN = ["form", "page", "flow", "fund", "nature", "phase", "code", "name", "amount"]


def _version(asked: bool) -> None:
    if asked:
        from budgetkit.version import __version__

        print(f"budgetkit {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Budgets and final accounts of Chinese departments as tables."""


@app.command()
def build(
    raw: Annotated[str, typer.Argument(help="Folder or URL of the documents, searched with its subfolders.")],
    processed: Annotated[str, typer.Argument(help="Folder or URL for the tables (Parquet).")],
    workers: Annotated[int | None, typer.Option(min=1, help="Number of processes; by default one a core.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler (tcp://host:8786) whose workers read.")
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", "-k", help="Exit with 0 though documents could not be read.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read every document of a folder into tables; what is up to date is not read again."""
    from budgetkit.corpus import build as corpora
    from budgetkit.corpus.collection import problems

    with _client(scheduler) as client, warnings.catch_warnings():
        # an empty folder is told in the last line
        warnings.filterwarnings("ignore", ".*there is no document")
        corpus = corpora.build(raw, processed, workers=workers, client=client)
    documents = corpus.documents
    failed = documents[documents["status"] == "failed"]
    if as_json:
        print_json(
            {
                "processed": str(processed),
                "status": {str(key): int(count) for key, count in documents["status"].value_counts().items()},
                "rows": corpus.count_rows(),
                "failed": records(failed[["document", "path", "reason"]]),
            }
        )
    else:
        print(corpus)
    told = problems(documents) or (f"{raw}: there is no document in this folder" if documents.empty else "")
    if told:
        print(told, file=sys.stderr)
    if (documents.empty or len(failed)) and not keep_going:
        raise typer.Exit(1)


def _client(scheduler: str | None) -> contextlib.AbstractContextManager[Any]:
    """A client of a Dask scheduler; nothing where none is named."""
    if scheduler is None:
        return contextlib.nullcontext()
    try:
        from distributed import Client
    except ImportError as error:
        raise BudgetkitError(
            "--scheduler needs the package distributed: pip install 'budgetkit[distributed]'"
        ) from error
    try:
        client: contextlib.AbstractContextManager[Any] = Client(scheduler, timeout=30)
        return client
    except OSError as error:
        raise BudgetkitError(f"{scheduler}: no scheduler answers ({error})") from error


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="PDF, HTML, XLS, XLSX, DOCX or text.")],
    facts: Annotated[bool, typer.Option("--facts", help="Print the amounts too.")] = False,
    as_json: Json = False,
) -> None:
    """Read one document and say what was found."""
    from budgetkit.document.reading import read

    disclosure = read(file)
    if as_json:
        print_json(_summary(disclosure) | ({"facts": records(disclosure.facts)} if facts else {}))
        return
    for key, value in _summary(disclosure).items():
        print(f"{key:12} {_text(value)}")
    if facts:
        print()
        print(disclosure.facts[_SHOWN].to_string(index=False, na_rep=""))


@app.command()
def explain(file: Annotated[Path, typer.Argument(help="PDF, HTML, XLS, XLSX, DOCX or text.")]) -> None:
    """Say how the words of every table's title and heads were understood, what is unread, and what holds."""
    from budgetkit.document.explain import explain as explained

    print(explained(file))


for command in (execution, costs, scores, codes, export, audit):
    app.command()(command)


def main() -> None:
    """Run the command line; an error of budgetkit is a message and exit code 1, not a traceback."""
    try:
        app()
    except BudgetkitError as error:
        print(f"budgetkit: {error}", file=sys.stderr)
        raise SystemExit(1) from error


def _summary(disclosure: Any) -> dict[str, Any]:
    """What a document is and how much of it was read."""
    document = records(disclosure.documents)[0]
    kept = ("document", "format", "pages", "kind", "fiscal_year", "entity", "tier", "status", "reason")
    frames = ("facts", "statements", "projects", "indicators", "leftovers")
    return {
        **{key: document[key] for key in kept},
        "forms": document["forms"],
        "missing": document["missing"],
        "rows": {name: len(getattr(disclosure, name)) for name in frames},
    }


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in value.items())
    if isinstance(value, list):
        return ", ".join(value) or "-"
    return "-" if value is None else str(value)


if __name__ == "__main__":
    main()
