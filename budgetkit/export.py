"""Frames as an Excel workbook, as CSV for Excel, and as a Frictionless data package."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from budgetkit import frames
from budgetkit.errors import BudgetkitError, SpecError
from budgetkit.version import __version__

#: what Disclosure and Corpus hold, in the order of sheets
NAMES = ("documents", "facts", "statements", "projects", "project_funds", "indicators", "leftovers")
#: rows of a sheet of Excel, the header included
_MOST_ROWS = 1_048_576
_MOST_SIGNS = 32_767
_TYPES = {
    "string": "string",
    "category": "string",
    "boolean": "boolean",
    "Int8": "integer",
    "Int16": "integer",
    "Int32": "integer",
    "Int64": "integer",
    "float32": "number",
    "float64": "number",
    "list[string]": "array",
}
_FORMATS = ("parquet", "csv")


def to_excel(data: Any, path: str | os.PathLike[str], *, names: Sequence[str] = NAMES, labels: bool = True) -> Path:
    """Write the frames to one workbook, a sheet each: frozen header, filter, number formats.

    Parameters
    ----------
    data : Disclosure or Corpus
    path : path
        The workbook (.xlsx); replaced when it is there.
    names : sequence of str
        Which frames.
    labels : bool
        True writes the Chinese names of the columns, False the ids.

    Returns
    -------
    Path
        The workbook.

    Raises
    ------
    SpecError
        When a name is unknown or a frame has more rows than a sheet.
    BudgetkitError
        When XlsxWriter is not installed, or the file cannot be written.
    """
    if importlib.util.find_spec("xlsxwriter") is None:
        raise BudgetkitError("writing Excel needs XlsxWriter: pip install xlsxwriter")
    tables = _tables(data, names)
    for name, frame in tables.items():
        if len(frame) >= _MOST_ROWS:
            raise SpecError(f"{name}: {len(frame)} rows are more than a sheet of Excel holds; write CSV or Parquet")
    # texts as =100% are targets, not formulas
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    target = Path(path)
    try:
        with pd.ExcelWriter(target, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
            for name, frame in tables.items():
                _write_sheet(writer, name, frame, labels)
    except OSError as error:
        raise BudgetkitError(f"{target}: cannot be written ({error.strerror})") from error
    return target


def _write_sheet(writer: Any, name: str, frame: pd.DataFrame, labels: bool) -> None:
    columns = frames.spec(name).columns
    head = [column.label for column in columns] if labels else [column.name for column in columns]
    # two columns may bear one label
    head = [
        title if head.count(title) == 1 else f"{title}（{column.name}）"
        for title, column in zip(head, columns, strict=True)
    ]
    _flat(frame, "、").set_axis(head, axis=1).to_excel(writer, sheet_name=name, index=False)
    sheet, book = writer.sheets[name], writer.book
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(frame), 1), len(columns) - 1)
    formats = {key: book.add_format({"num_format": text}) for key, text in _NUMBER_FORMATS.items()}
    for place, column in enumerate(columns):
        width = min(max(len(head[place]) * 2 + 2, 10), 40)
        sheet.set_column(place, place, width, formats.get(_manner(column) or ""))


_NUMBER_FORMATS = {"money": "#,##0.00", "rate": "0.00%", "number": "#,##0.00##", "integer": "0"}
_RATES = ("execution_rate",)
_MONEY = ("amount", "approved", "revised", "executed")


def _manner(column: frames.Column) -> str | None:
    if column.name in _RATES:
        return "rate"
    if column.name in _MONEY:
        return "money"
    kind = _TYPES[column.dtype]
    return kind if kind in ("number", "integer") else None


def to_csv(data: Any, folder: str | os.PathLike[str], *, names: Sequence[str] = NAMES) -> list[Path]:
    """Write each frame to <name>.csv, UTF-8 with the mark (BOM) by which Excel knows it.

    Excel takes texts as =100% for formulas when it opens CSV; `to_excel` keeps them.

    Parameters
    ----------
    data : Disclosure or Corpus
    folder : path
        Made when missing.
    names : sequence of str
        Which frames.

    Returns
    -------
    list of Path
    """
    target = _folder(folder)
    paths = []
    for name, frame in _tables(data, names).items():
        path = target / f"{name}.csv"
        _flat(frame, ";").to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        paths.append(path)
    return paths


def to_datapackage(
    data: Any,
    folder: str | os.PathLike[str] | None = None,
    *,
    names: Sequence[str] = NAMES,
    format: str = "parquet",
) -> Path:
    """Write the frames and a datapackage.json that lists every field with its type, unit and meaning.

    Parameters
    ----------
    data : Disclosure or Corpus
    folder : path, optional
        Made when missing. By default, for a Corpus, its own folder: the Parquet files there are described, not written.
    names : sequence of str
        Which frames.
    format : str
        "parquet" or "csv".

    Returns
    -------
    Path
        The datapackage.json.

    Raises
    ------
    SpecError
        When `format` is unknown, or a Disclosure is given without a folder.
    """
    if format not in _FORMATS:
        raise SpecError(f"format must be one of {', '.join(map(repr, _FORMATS))}, not {format!r}")
    own = getattr(data, "processed", None)
    if folder is None and own is None:
        raise SpecError("folder must be given for a Disclosure")
    target = _folder(folder if folder is not None else own)
    tables = _tables(data, names)
    if format == "csv":
        to_csv(data, target, names=names)
    elif folder is not None:
        for name, frame in tables.items():
            frames.to_parquet(name, frames.concat(name, [frame]), target / f"{name}.parquet")
    package = {
        "profile": "data-package",
        "name": "budgetkit",
        "title": "部门预算和部门决算公开数据",
        "version": __version__,
        "resources": [
            one
            for name in tables
            for one in _resources(data, (name, len(tables[name])), target, format, folder is None)
        ],
    }
    path = target / "datapackage.json"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def _resources(data: Any, table: tuple[str, int], target: Path, format: str, is_own: bool) -> Iterator[dict[str, Any]]:
    """The files of a frame, of which name and rows are given: one, but of a large corpus's own tables."""
    name, rows = table
    own = [Path(path) for path in data.files(name)] if is_own and format == "parquet" else []
    for number, path in enumerate(own or [target / f"{name}.{format}"]):
        one = _resource(name, path, target, format)
        yield {**one, "name": f"{name}-{number}"} if len(own) > 1 else {"rows": rows, **one}


def _resource(name: str, path: Path, target: Path, format: str) -> dict[str, Any]:
    frame = frames.spec(name)
    content = path.read_bytes()
    fields = [_field(column) for column in frame.columns]
    counted = {}
    if format == "parquet":
        columns, counted["rows"] = _parquet(path)
        known = {column.name for column in frame.columns}
        # a corpus keeps beside what was decided by hand what was read
        fields += [{"name": column, "type": "string"} for column in columns if column not in known]
    schema: dict[str, Any] = {"fields": fields}
    if frame.key:
        schema["primaryKey"] = list(frame.key)
    return {
        "name": name,
        "path": path.relative_to(target).as_posix(),
        "format": format,
        "mediatype": "text/csv" if format == "csv" else "application/vnd.apache.parquet",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        **counted,
        "schema": schema,
    }


def _parquet(path: Path) -> tuple[list[str], int]:
    """Columns and number of rows of a Parquet file."""
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path)
    return list(metadata.schema.to_arrow_schema().names), metadata.num_rows


def _field(column: frames.Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.dtype],
        "title": column.label,
        "description": column.meaning,
    }
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.categories is not None and not column.open:
        limits["enum"] = list(column.categories)
    return field | ({"constraints": limits} if limits else {})


def _tables(data: Any, names: Sequence[str]) -> dict[str, pd.DataFrame]:
    wanted = [names] if isinstance(names, str) else list(names)
    for name in wanted:
        if name not in NAMES:
            raise SpecError(f"names must be among {', '.join(NAMES)}, not {name!r}")
    tables = {name: getattr(data, name, None) for name in wanted}
    found = {name: frame for name, frame in tables.items() if isinstance(frame, pd.DataFrame)}
    if len(found) < len(tables):
        raise SpecError(f"expected a Disclosure or a Corpus, not {type(data).__name__}")
    return found


def _flat(frame: pd.DataFrame, separator: str) -> pd.DataFrame:
    """Lists and categories as text, texts no longer than a cell of Excel holds."""
    columns = {}
    for name, series in frame.items():
        if isinstance(series.dtype, pd.CategoricalDtype):
            series = series.astype("string")
        elif series.dtype == object:
            series = series.map(lambda value: separator.join(value) if isinstance(value, list) else value)
        if isinstance(series.dtype, pd.StringDtype):
            series = series.str.slice(0, _MOST_SIGNS) if separator == "、" else series
        columns[name] = series
    return pd.DataFrame(columns, index=frame.index)


def _folder(folder: str | os.PathLike[str] | Path | None) -> Path:
    target = Path(folder or ".")
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BudgetkitError(f"{target}: the folder cannot be made ({error.strerror})") from error
    return target
