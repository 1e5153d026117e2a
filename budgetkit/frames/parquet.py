"""Frames as Arrow tables and Parquet files, and back with exactly their dtypes."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from budgetkit.errors import SpecError
from budgetkit.frames.columns import LIST, pandas_dtype, spec
from budgetkit.frames.dtypes import exact
from budgetkit.frames.making import conform, conformed, make


def to_parquet(name: str, frame: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write a frame to a Parquet file, whole or not at all.

    Raises
    ------
    SpecError
        When the frame has other columns or dtypes than the contract's.
    """
    import pyarrow.parquet as pq

    target = Path(path)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    os.close(handle)
    try:
        pq.write_table(to_arrow(name, frame), temporary)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def from_parquet(name: str, path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a frame that `to_parquet` wrote, with exactly the dtypes it had.

    Raises
    ------
    SpecError
        When the file is no Parquet file or of another frame or version.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (OSError, pa.ArrowInvalid) as error:
        raise SpecError(f"{os.fspath(path)}: not a table of {name} that can be read ({error})") from error
    try:
        return conform(name, table.to_pandas(ignore_metadata=True, types_mapper=_pandas_type))
    except SpecError as error:
        raise SpecError(f"{os.fspath(path)}: {error}; was it made by another version?") from error


def from_arrow(name: str, table: Any) -> pd.DataFrame:
    """The columns of a frame that a `pyarrow.Table` has, in the frame's order and with exactly its dtypes.

    Raises
    ------
    SpecError
        When a column holds values that its dtype cannot.
    """
    columns = [column for column in spec(name).columns if column.name in table.column_names]
    chosen = table.select([column.name for column in columns]).unify_dictionaries()
    frame = chosen.to_pandas(ignore_metadata=True, types_mapper=_pandas_type)
    typed = {column.name: exact(column, frame[column.name], f"{name}.{column.name}") for column in columns}
    return pd.DataFrame(typed, columns=list(typed), index=frame.index)


def to_arrow(name: str, frame: pd.DataFrame) -> Any:
    """The frame as a `pyarrow.Table` with the schema of `arrow_schema`."""
    import pyarrow as pa

    schema = arrow_schema(name)
    if frame.empty and list(frame.columns) == schema.names:
        return schema.empty_table()
    columns = zip(schema, conformed(name, frame).values(), strict=True)
    # as Table.from_pandas, which spends more on what it says of pandas than on the columns
    arrays = [pa.array(series, field.type, from_pandas=True) for field, series in columns]
    return pa.Table.from_arrays(arrays, schema=schema)


@cache
def arrow_schema(name: str) -> Any:
    """The `pyarrow.Schema` under which a frame is stored.

    Categories are dictionaries; the metadata tell `pandas.read_parquet` the dtypes, those of an empty frame, so that
    all tables of a frame have the same schema.
    """
    import pyarrow as pa

    schema = pa.schema([(column.name, _arrow_types()[column.dtype]) for column in spec(name).columns])
    return schema.with_metadata(pa.Schema.from_pandas(make(name, []), preserve_index=False).metadata)


@cache
def _arrow_types() -> dict[str, Any]:
    """Arrow's types by the dtypes of the specs."""
    import pyarrow as pa

    text = pa.string()
    numbers = ("Int8", "Int16", "Int32", "Int64", "float32", "float64")
    plain = {name: pa.type_for_alias(name.lower()) for name in numbers}
    return {
        **plain,
        "string": text,
        "bool": pa.bool_(),
        "category": pa.dictionary(pa.int16(), text),
        LIST: pa.list_(text),
    }


def _pandas_type(arrow: Any) -> Any:
    """The pandas dtype that holds an Arrow type with NA; None where pandas has its own."""
    with_na = {_arrow_types()[name]: name for name in ("string", "Int8", "Int16", "Int32", "Int64")}
    return pandas_dtype(with_na[arrow]) if arrow in with_na else None
