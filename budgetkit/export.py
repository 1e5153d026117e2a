"""Frames as an Excel workbook, as CSV for Excel, and as a Frictionless data package."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from budgetkit import frames
from budgetkit.display import progress as bars
from budgetkit.display import words
from budgetkit.errors import BudgetkitError, SpecError
from budgetkit.frames import HasFrames
from budgetkit.printed.widths import width_of
from budgetkit.version import __version__

#: what Disclosure and Corpus hold, in the order of sheets
NAMES = ("documents", "facts", "statements", "projects", "project_funds", "indicators", "leftovers")
#: rows of a sheet of Excel, the header included
_MOST_ROWS = 1_048_576
#: so many rows take seconds to write
_MANY_ROWS = 20_000
_TYPES = {
    "string": "string",
    "category": "string",
    "bool": "boolean",
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


def to_excel(
    data: HasFrames,
    path: str | os.PathLike[str],
    *,
    names: Sequence[str] = NAMES,
    labels: bool = True,
    more: Mapping[str, pd.DataFrame] | None = None,
    progress: bool | None = None,
) -> Path:
    """Write the frames to one workbook, a sheet each: frozen header, filter, number formats; first a sheet of notes.

    Parameters
    ----------
    data : Disclosure or Corpus
    path : path
        The workbook (.xlsx); replaced when it is there.
    names : sequence of str
        Which frames.
    labels : bool
        True writes Chinese names of columns and Chinese words for values, False the ids.
    more : mapping of str to DataFrame, optional
        Further sheets by their name: findings, or what an analysis gives.
    progress : bool, optional
        Whether a bar shows how far it is; None: for many rows and on a terminal.

    Returns
    -------
    Path
        The workbook.

    Raises
    ------
    SpecError
        When a name is unknown, the file is no .xlsx, or a frame has more rows than a sheet.
    BudgetkitError
        When XlsxWriter is not installed, or the file cannot be written.

    Examples
    --------
    >>> import budgetkit as bk
    >>> doc = bk.read("data/raw/urumqi_service_center_final_2020.pdf")
    >>> rates = bk.execution_rate(doc)
    >>> bk.to_excel(doc, "/tmp/budgetkit_example.xlsx", names=["documents"], more={"执行率": rates}).name
    'budgetkit_example.xlsx'
    """
    if importlib.util.find_spec("xlsxwriter") is None:
        raise BudgetkitError("writing Excel needs XlsxWriter: pip install xlsxwriter")
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise SpecError(f"{target}: a workbook ends in .xlsx; to_csv and to_datapackage write folders of other files")
    tables = _tables(data, names) | dict(more or {})
    for name, frame in tables.items():
        if len(frame) >= _MOST_ROWS:
            raise SpecError(f"{name}: {len(frame)} rows are more than a sheet of Excel holds; write CSV or Parquet")
    rows = sum(map(len, tables.values()))
    shown = progress if progress is not None or rows >= _MANY_ROWS else False
    # texts as =100% are targets, not formulas
    options: dict[str, Any] = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    options |= {"constant_memory": True, "nan_inf_to_errors": True, "default_date_format": "yyyy-mm-dd"}
    import xlsxwriter

    try:
        with xlsxwriter.Workbook(target, options) as book, bars.progress(rows, target.name, "rows", shown) as bar:
            formats = {key: book.add_format({"num_format": text}) for key, text in _NUMBER_FORMATS.items()}
            head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "text_wrap": True, "valign": "top"})
            _write_notes(book, head, tables, labels)
            for name, frame in tables.items():
                _write_sheet(book, head, formats, name, frame, labels, bar)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BudgetkitError(f"{target}: cannot be written ({reason})") from error
    return target


def _write_notes(book: Any, head: Any, tables: Mapping[str, pd.DataFrame], labels: bool) -> None:
    """What each sheet holds, and what its columns mean."""
    sheet = book.add_worksheet("说明" if labels else "notes")
    for place, (title, width) in enumerate((("工作表", 16), ("列", 18), ("字段", 22), ("含义", 90))):
        sheet.write_string(0, place, title, head)
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    lines = [("", "", "", f"budgetkit {__version__}；金额单位为元，比率为小数；空单元格表示未公布，不是 0")]
    for name, frame in tables.items():
        lines.append((name, "", "", f"{len(frame)} 行"))
        if name in frames.names():
            lines += [(name, column.label, column.name, column.meaning) for column in frames.spec(name).columns]
    for row, line in enumerate(lines, 1):
        for place, text in enumerate(line):
            sheet.write_string(row, place, text)


def _write_sheet(
    book: Any, head: Any, formats: Mapping[str, Any], name: str, frame: pd.DataFrame, labels: bool, bar: Any
) -> None:
    """One frame: constant memory asks for the rows one after another, from the top."""
    listed = {column.name: column for column in frames.spec(name).columns} if name in frames.names() else {}
    shown = words.labelled(frame, name if listed else None, thousands=False) if labels else frame
    shown = _flat(shown, "、")
    titles = [str(title) for title in shown.columns]
    sheet = book.add_worksheet(name[:31])
    manners = [
        formats.get(_manner(listed[key]) or "") if key in listed else _by_dtype(formats, str(key), frame.iloc[:, place])
        for place, key in enumerate(frame.columns)
    ]
    sheet.freeze_panes(1, 1)
    for place, title in enumerate(titles):
        sheet.set_column(place, place, _width(title, shown.iloc[:, place]), manners[place])
        sheet.write_string(0, place, title, head)
    if len(shown):
        sheet.autofilter(0, 0, len(shown), max(len(titles) - 1, 0))
    columns = [_cells(shown.iloc[:, place], labels) for place in range(len(titles))]
    # what is of one kind all down a column is not looked at cell by cell: a hundred thousand rows are millions of cells
    writers = [_writer(sheet, shown.iloc[:, place]) for place in range(len(titles))]
    for row, values in enumerate(zip(*columns, strict=True), 1):
        bar.update()
        for place, (write, value) in enumerate(zip(writers, values, strict=True)):
            if value is not None:
                write(row, place, value)


def _writer(sheet: Any, series: pd.Series) -> Any:
    """What writes the cells of a column; their number format is the column's."""
    if pd.api.types.is_string_dtype(series):
        return sheet.write_string
    known = pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype)
    return sheet.write_number if known else sheet.write


def _cells(series: pd.Series, labels: bool) -> list[Any]:
    """Plain Python values, None for NA and for an empty text, which a blank cell is; truth values in words."""
    if pd.api.types.is_string_dtype(series):
        series = series.mask(series.eq(""))
    values = list(series.astype(object).where(series.notna(), None))
    is_truth = labels and pd.api.types.is_bool_dtype(series.dtype)
    return [words.TRUTH.get(value) for value in values] if is_truth else values


def _width(title: str, series: pd.Series) -> int:
    """Wide enough for the title and the first rows, Chinese characters being worth two."""
    texts = [title, *(str(value) for value in series.head(50) if isinstance(value, str))]
    return int(min(max(10, *(width_of(text) + 2 for text in texts)), 40))


def _by_dtype(formats: Mapping[str, Any], name: str, series: pd.Series) -> Any:
    """The number format of a column of analysis: rates by their name, other decimals as money."""
    if pd.api.types.is_float_dtype(series.dtype):
        return formats["rate" if name.endswith(("rate", "share", "ratio")) else "money"]
    return None


_NUMBER_FORMATS = {"money": "#,##0.00", "rate": "0.00%", "number": "#,##0.00##"}
_RATES = ("execution_rate",)
_MONEY = ("amount", "approved", "revised", "executed")


def _manner(column: frames.Column) -> str | None:
    if column.name in _RATES:
        return "rate"
    if column.name in _MONEY:
        return "money"
    # whole numbers and coordinates are well shown without a format, which would cost as much as a cell
    return "number" if column.dtype == "float64" else None


def to_csv(data: HasFrames, folder: str | os.PathLike[str], *, names: Sequence[str] = NAMES) -> list[Path]:
    """Write each frame to <name>.csv, UTF-8 with the mark (BOM) by which Excel knows it.

    Excel takes texts as =100% for formulas when it opens CSV: those that begin with = + - @ and are no numbers get a
    ' in front. `to_excel` and `to_datapackage` keep them as they are.

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
        _write_csv(_inert(_flat(frame, ";")), path)
        paths.append(path)
    return paths


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _inert(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts that a spreadsheet would run as formulas marked as texts."""
    made = {}
    for name, series in frame.items():
        if pd.api.types.is_string_dtype(series.dtype):
            text = series.astype("string")
            plain = pd.to_numeric(text.str.replace(r",|%$", "", regex=True), errors="coerce")
            run = text.str.match(r"[=+\-@\t\r\n＝＋－＠](?s:.)").fillna(False) & plain.isna()
            series = text.mask(run.astype(bool), "'" + text)
        made[name] = series
    return pd.DataFrame(made, index=frame.index)


def to_datapackage(
    data: HasFrames,
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
    frames.choose("format", format, _FORMATS)
    own = getattr(data, "processed", None)
    if folder is None and own is None:
        raise SpecError("folder must be given for a Disclosure")
    target = _folder(folder if folder is not None else own)
    tables = _tables(data, names)
    if format == "csv":
        for name, frame in tables.items():
            _write_csv(_flat(frame, ";"), target / f"{name}.csv")
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
    fields = [_field(column, format) for column in frame.columns]
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


def _field(column: frames.Column, format: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        # CSV has no lists: their texts are joined by ;
        "type": "string" if format == "csv" and column.dtype == "list[string]" else _TYPES[column.dtype],
        "title": column.label,
        "description": column.meaning,
    }
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.categories is not None and not column.open:
        limits["enum"] = list(column.categories)
    return field | ({"constraints": limits} if limits else {})


def _tables(data: HasFrames, names: Sequence[str]) -> dict[str, pd.DataFrame]:
    wanted = [names] if isinstance(names, str) else list(names)
    for name in wanted:
        frames.choose("names", name, NAMES)
    frames.held("export", data, wanted)
    return {name: getattr(data, name) for name in wanted}


def _flat(frame: pd.DataFrame, separator: str) -> pd.DataFrame:
    """Lists and categories as text."""
    columns = {}
    for name, series in frame.items():
        if isinstance(series.dtype, pd.CategoricalDtype):
            series = series.astype("string")
        elif series.dtype == object:
            # a list of texts is one text
            series = series.map(lambda value: separator.join(value) if isinstance(value, list) else value)
        columns[name] = series
    return pd.DataFrame(columns, index=frame.index)


def _folder(folder: str | os.PathLike[str] | Path | None) -> Path:
    target = Path(folder or ".")
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BudgetkitError(f"{target}: the folder cannot be made ({error.strerror})") from error
    return target
