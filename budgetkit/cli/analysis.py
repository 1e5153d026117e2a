"""Commands of analysis: `budgetkit execution|costs|scores|codes|export`.

Exit codes: 0 when all went well, 1 when something could not be read or found, 2 for wrong usage.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from budgetkit.errors import SpecError, UnknownCode

if TYPE_CHECKING:
    import pandas as pd

_Data = Annotated[Path, typer.Argument(help="A document, or a folder that `budgetkit build` wrote.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

_EXECUTION = ["item", "code", "authorised", "executed", "execution_rate", "stated_rate", "agrees", "status", "source"]
_COSTS = ["entity", "fiscal_year", "phase", "basic", "personnel", "public_use", "personnel_share", "staff", "source"]
_SCORES = ["project", "authorised", "executed", "execution_rate", "total_score", "recomputed_score", "band"]


def execution(
    data: _Data,
    source: Annotated[
        list[str] | None, typer.Option("--source", "-s", help="Only this source; may be repeated.")
    ] = None,
    by: Annotated[list[str] | None, typer.Option("--by", "-b", help="Sum by this column; may be repeated.")] = None,
    level: Annotated[int, typer.Option(min=1, max=3, help="Level of codes: 1 类, 2 款, 3 项.")] = 3,
    under: Annotated[float, typer.Option(help="Rates below are marked.")] = 0.9,
    over: Annotated[float, typer.Option(help="Rates above are marked.")] = 1.1,
    as_json: Json = False,
) -> None:
    """Authorised against executed money (预算执行率), and how far the rates that are stated agree."""
    from budgetkit.analysis import execution_rate
    from budgetkit.analysis.execution import SOURCES

    opened = _open(data)
    try:
        rows = execution_rate(opened, sources=source or SOURCES, by=by or None, level=level, under=under, over=over)
    except SpecError as error:
        raise typer.BadParameter(str(error)) from error
    _print(rows, "execution", list(rows.columns) if by else _shown(rows, _EXECUTION), as_json)


def costs(data: _Data, as_json: Json = False) -> None:
    """Personnel and public-use cost (人员经费, 公用经费) of every document."""
    from budgetkit.analysis import cost_structure

    rows = cost_structure(_open(data))
    _print(rows, "costs", _shown(rows, _COSTS), as_json)


def scores(data: _Data, as_json: Json = False) -> None:
    """Self-evaluation scores (绩效自评得分) as stated and recomputed, with their rating bands."""
    from budgetkit.analysis import self_evaluation

    rows = self_evaluation(_open(data))
    _print(rows, "self_evaluation", _shown(rows, _SCORES), as_json)


def codes(
    query: Annotated[str, typer.Argument(help="A code (2010301) or a name (行政运行).")],
    scheme: Annotated[
        str | None, typer.Option(help="Only function, economic_department or economic_government.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Budget year.")] = None,
    as_json: Json = False,
) -> None:
    """Look up a classification code, or the codes that bear a name (科目查询)."""
    from budgetkit import codes as books

    if scheme is not None and scheme not in books.SCHEMES:
        raise typer.BadParameter(f"scheme must be one of {', '.join(books.SCHEMES)}, not {scheme}")
    found = []
    for name in (scheme,) if scheme else books.SCHEMES:
        book = getattr(books, name)
        listed = (query,) if query in book else book.find(query, year)
        found += [_entry(book, code, year) for code in listed]
    if as_json:
        print_json(found)
    for entry in [] if as_json else found:
        print(f"{entry['code']:8} {' > '.join(entry['path'])}  [{entry['scheme']}]")
    if not found:
        raise UnknownCode(f"{query}: no code and no name in the code books (it may exist all the same)")


def _entry(book: Any, code: str, year: int | None) -> dict[str, Any]:
    path = [book.name(above, year) if above in book else above for above in (*book.ancestors(code), code)]
    return {"scheme": book.scheme, "code": code, "name": path[-1], "path": path, "level": book.level(code)}


def export(
    data: _Data,
    target: Annotated[Path, typer.Argument(help="A workbook (.xlsx), or a folder for --format csv and datapackage.")],
    format: Annotated[str, typer.Option("--format", "-f", help="excel, csv, parquet or datapackage-csv.")] = "excel",
    ids: Annotated[bool, typer.Option("--ids", help="Excel: English ids instead of Chinese names as headers.")] = False,
) -> None:
    """Write all tables as an Excel workbook, CSV for Excel, or a data package (导出)."""
    from budgetkit import export as exports

    writers = {
        "excel": lambda opened: [exports.to_excel(opened, target, labels=not ids)],
        "csv": lambda opened: exports.to_csv(opened, target),
        "parquet": lambda opened: [exports.to_datapackage(opened, target)],
        "datapackage-csv": lambda opened: [exports.to_datapackage(opened, target, format="csv")],
    }
    if format not in writers:
        raise typer.BadParameter(f"format must be one of {', '.join(writers)}, not {format}")
    for path in writers[format](_open(data)):
        print(path)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON has them, None for NA."""
    listed: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", force_ascii=False, double_precision=10))
    return listed


def print_json(value: Any) -> None:
    """Print a value for other programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _open(path: Path) -> Any:
    """The document, or the corpus of a folder."""
    import budgetkit as bk

    return bk.load(path) if path.is_dir() else bk.read(path)


def _shown(rows: pd.DataFrame, columns: list[str]) -> list[str]:
    """The columns to print; the document first where there are several."""
    return [*(["document"] if rows["document"].nunique() > 1 else []), *columns]


def _print(rows: pd.DataFrame, name: str, columns: list[str], as_json: bool) -> None:
    import pandas as pd

    from budgetkit.display.words import labelled

    if as_json:
        print_json(records(rows))
        return
    if rows.empty:
        print("nothing of this kind was found", file=sys.stderr)
        return
    with pd.option_context("display.unicode.east_asian_width", True, "display.max_colwidth", 40):
        print(labelled(rows[columns], name).to_string(index=False))
