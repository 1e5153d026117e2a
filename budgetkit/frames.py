"""The frames of the data contract: made, joined, checked and stored from one table of columns (specs/frames.toml)."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from budgetkit import specs
from budgetkit.errors import SpecError

_LIST = "list[string]"
#: texts compare to plain truth values, NA to false, so that masks of all columns go together in any order
TEXT = pd.StringDtype(na_value=np.nan)
#: types of values that their columns take as they are; NaN is NA in columns of floats only
_TEXTS, _FLOATS, _OTHERS = ({*kinds, type(None)} for kinds in ((str,), (float, int), (int, bool)))


class HasFrames(Protocol):
    """A `Disclosure` or a `Corpus`: what has the frames of the data contract."""

    @property
    def documents(self) -> pd.DataFrame: ...
    @property
    def facts(self) -> pd.DataFrame: ...
    @property
    def statements(self) -> pd.DataFrame: ...
    @property
    def projects(self) -> pd.DataFrame: ...
    @property
    def project_funds(self) -> pd.DataFrame: ...
    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def leftovers(self) -> pd.DataFrame: ...


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a frame."""

    name: str
    #: a pandas dtype, "category" or "list[string]"
    dtype: str
    #: what it means, with its unit and the meaning of NA
    meaning: str
    #: the Chinese term
    label: str
    #: values of a category in order; None for other dtypes
    categories: tuple[str, ...] | None = None
    #: whether a category takes further values
    open: bool = False
    #: whether NA is a fault
    required: bool = False
    #: what a row that does not name the column gets; None for NA
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its name, its columns in order, and the columns that name one row (none when empty)."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Listed:
    """A column as frames.toml lists it: its categories by name."""

    name: str
    dtype: str
    meaning: str
    label: str
    categories: str | None = None
    open: bool = False
    required: bool = False
    default: str | None = None


@dataclass(frozen=True)
class _Table:
    columns: tuple[_Listed, ...]
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class _File:
    """All of specs/frames.toml."""

    categories: Mapping[str, tuple[str, ...]]
    frames: Mapping[str, _Table]


@cache
def _file() -> _File:
    return specs.load(_File, "frames.toml")


@cache
def _frames() -> dict[str, Frame]:
    """All frames by name."""
    file = _file()
    return {
        name: Frame(
            name,
            tuple(_column(column, file.categories, f"frames.toml, {name}") for column in listed.columns),
            listed.key,
        )
        for name, listed in file.frames.items()
    }


def categories() -> Mapping[str, tuple[str, ...]]:
    """The values of every category, by its name in specs/frames.toml."""
    return _file().categories


def _column(listed: _Listed, categories: Mapping[str, tuple[str, ...]], place: str) -> Column:
    named = listed.categories
    if (listed.dtype == "category") != (named is not None) or (named is not None and named not in categories):
        raise SpecError(f"{place}, {listed.name}: categories {named!r} do not fit dtype {listed.dtype}")
    values = {field.name: getattr(listed, field.name) for field in dataclasses.fields(listed)}
    return Column(**{**values, "categories": categories[named] if named is not None else None})


def held(call: str, data: HasFrames, needed: Iterable[str] = ("documents", "facts")) -> None:
    """Raise SpecError when what was given to a call has no frames: a path, or one frame alone."""
    if any(not isinstance(getattr(data, name, None), pd.DataFrame) for name in needed):
        wanted = "a Disclosure (bk.read(path)) or a Corpus (bk.load(folder))"
        raise SpecError(f"{call}: expected {wanted}, the whole of it, not {type(data).__name__}")


def names() -> tuple[str, ...]:
    """Names of the frames.

    >>> names()[:2]
    ('documents', 'facts')
    """
    return tuple(_frames())


def spec(name: str) -> Frame:
    """The columns of a frame as data.

    Raises
    ------
    SpecError
        When there is no such frame.

    Examples
    --------
    >>> spec("facts").key
    ('document', 'table', 'page', 'row', 'col')
    """
    frames = _frames()
    if name not in frames:
        raise SpecError(f"no frame {name!r}; there are {', '.join(frames)}")
    return frames[name]


def describe(name: str) -> pd.DataFrame:
    """What the columns of a frame mean: name, dtype, Chinese term and meaning.

    >>> describe("facts").set_index("name").loc["amount", "label"]
    '金额'
    """
    columns = spec(name).columns
    return pd.DataFrame(
        [(column.name, column.dtype, column.label, column.meaning) for column in columns],
        columns=["name", "dtype", "label", "meaning"],
    )


def make(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make a frame of rows, with all its columns and dtypes, also when there are none.

    Parameters
    ----------
    name : str
        Name of the frame.
    rows : iterable of mapping
        Column name to value; what a row does not name, and None, become NA (an empty list in columns of lists).

    Raises
    ------
    SpecError
        When a row names an unknown column or holds a value that its column cannot.

    Examples
    --------
    >>> frame = make("leftovers", [{"document": "a", "page": 2, "text": "7.00", "reason": "no header"}])
    >>> frame.loc[0, "text"], str(frame["page"].dtype)
    ('7.00', 'Int32')
    """
    listed = list(rows)
    return _made(name, listed) if listed else _blank(name).copy()


def _made(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    columns = spec(name).columns
    known = {column.name for column in columns}
    for number, row in enumerate(rows):
        if not row.keys() <= known:
            unknown = ", ".join(sorted(row.keys() - known))
            raise SpecError(f"{name}, row {number}: unknown column {unknown}")
    arrays = {
        column.name: _values(column, [row.get(column.name) for row in rows], f"{name}.{column.name}")
        for column in columns
    }
    return pd.DataFrame(arrays, index=pd.RangeIndex(len(rows)))


@cache
def _blank(name: str) -> pd.DataFrame:
    """A frame without rows, to be copied."""
    return _made(name, ())


def concat(name: str, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Join frames of one kind below each other; dtypes stay, open categories are united.

    Raises
    ------
    SpecError
        When one of them has other columns or dtypes.

    Examples
    --------
    >>> len(concat("facts", [make("facts", []), make("facts", [])]))
    0
    """
    listed = [conform(name, frame) for frame in frames]
    if not listed:
        return make(name, [])
    for column in spec(name).columns:
        if column.open:
            values = [value for frame in listed for value in frame[column.name].cat.categories]
            dtype = _dtype(_names(column, values))
            listed = [frame.astype({column.name: dtype}) for frame in listed]
    return pd.concat(listed, ignore_index=True)


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Bring a frame with the right columns to the exact dtypes of the contract.

    Raises
    ------
    SpecError
        When columns are missing, are too many, or hold values that their dtype cannot.
    """
    return pd.DataFrame(_conformed(name, frame), columns=list(frame.columns), index=frame.index)


def _conformed(name: str, frame: pd.DataFrame) -> dict[str, pd.Series]:
    columns = spec(name).columns
    expected = [column.name for column in columns]
    if list(frame.columns) != expected:
        missing = [column for column in expected if column not in frame.columns]
        extra = [str(column) for column in frame.columns if column not in expected]
        raise SpecError(f"{name}: missing columns {missing}, unknown columns {extra}, or their order differs")
    each = zip(columns, frame.items(), strict=True)
    return {column.name: _exact(column, series, f"{name}.{column.name}") for column, (_, series) in each}


def validate(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Check a frame against the contract and return it unchanged.

    Raises
    ------
    SpecError
        Listing every failure: column, reason, rows and values.
    """
    import pandera.errors
    import pandera.pandas as pa

    columns = {column.name: _pandera_column(pa, column) for column in spec(name).columns}
    key = list(spec(name).key) or None
    schema = pa.DataFrameSchema(columns, strict=True, ordered=True, unique=key, name=name)
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        raise SpecError("\n".join(_failures(spec(name), errors.failure_cases))) from errors
    return frame


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
        return conform(name, table.to_pandas(ignore_metadata=True, types_mapper=_pandas_types().get))
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
    frame = chosen.to_pandas(ignore_metadata=True, types_mapper=_pandas_types().get)
    exact = {column.name: _exact(column, frame[column.name], f"{name}.{column.name}") for column in columns}
    return pd.DataFrame(exact, columns=list(exact), index=frame.index)


def to_arrow(name: str, frame: pd.DataFrame) -> Any:
    """The frame as a `pyarrow.Table` with the schema of `arrow_schema`."""
    import pyarrow as pa

    schema = arrow_schema(name)
    if frame.empty and list(frame.columns) == schema.names:
        return schema.empty_table()
    columns = zip(schema, _conformed(name, frame).values(), strict=True)
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

    types = {
        "string": pa.string(),
        "bool": pa.bool_(),
        "Int8": pa.int8(),
        "Int16": pa.int16(),
        "Int32": pa.int32(),
        "Int64": pa.int64(),
        "float32": pa.float32(),
        "float64": pa.float64(),
        "category": pa.dictionary(pa.int16(), pa.string()),
        _LIST: pa.list_(pa.string()),
    }
    schema = pa.schema([(column.name, types[column.dtype]) for column in spec(name).columns])
    return schema.with_metadata(pa.Schema.from_pandas(make(name, []), preserve_index=False).metadata)


def _pandas_types() -> dict[Any, Any]:
    """The pandas dtypes that hold Arrow's types with NA."""
    import pyarrow as pa

    return {
        pa.string(): TEXT,
        pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
    }


def pandas_dtype(name: str) -> Any:
    """The pandas dtype of a column by its name in the specs."""
    return TEXT if name == "string" else pd.api.types.pandas_dtype(name)


def _exact(column: Column, series: pd.Series, place: str) -> pd.Series:
    """A series in the column's exact dtype; whole columns at once where pandas loses nothing."""
    if _is_exact(column, series):
        return series
    if column.dtype == "category" and isinstance(series.dtype, pd.CategoricalDtype):
        used = series.cat.remove_unused_categories()
        if all(isinstance(value, str) for value in used.cat.categories):
            return used.astype(_dtype(_checked_names(column, used.cat.categories, place)))
    return _series(column, list(series), place).set_axis(series.index)


def _series(column: Column, values: Sequence[Any], place: str) -> pd.Series:
    """Values as a series of the column's exact dtype."""
    return pd.Series(_values(column, values, place))


def _values(column: Column, values: Sequence[Any], place: str) -> Any:
    """Values as an array of the column's exact dtype."""
    import pyarrow as pa

    if column.dtype == _LIST:
        listed = np.empty(len(values), dtype=object)
        listed[:] = [_strings(value, place) for value in values]
        return listed
    is_text = column.dtype in ("string", "category")
    plain = _TEXTS if is_text else _FLOATS if column.dtype.startswith("float") else _OTHERS
    if not set(map(type, values)) <= plain:
        values = [None if _is_na(value) else value for value in values]
        # pandas would turn the text "1.00" into a number and a number into text
        strange = next((value for value in values if value is not None and isinstance(value, str) != is_text), None)
        if strange is not None:
            raise SpecError(f"{place}: {strange!r} is {'no text' if is_text else f'text, not {column.dtype}'}")
    if column.default is not None:
        values = [column.default if value is None else value for value in values]
    if column.dtype == "category":
        names = _checked_names(column, values, place)
        code_of = {None: -1} | {value: code for code, value in enumerate(names)}
        return pd.Categorical.from_codes([code_of[value] for value in values], dtype=_dtype(names), validate=False)
    try:
        if column.dtype == "bool":
            return pd.array(values, dtype="boolean").fillna(False).astype(bool)
        if column.dtype == "string":
            return pd.array(pa.array(values, pa.large_string()), dtype=TEXT)
        return np.array(values, column.dtype) if "float" in column.dtype else pd.array(values, dtype=column.dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise SpecError(f"{place}: a value does not fit {column.dtype}: {error}") from error


def _strings(value: Any, place: str) -> list[str]:
    """A list of texts; NA becomes the empty list."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        listed = list(value)
        if all(isinstance(item, str) for item in listed):
            return listed
    elif _is_na(value):
        return []
    raise SpecError(f"{place}: {value!r} is no list of texts")


def _is_na(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def _checked_names(column: Column, values: Iterable[str | None], place: str) -> tuple[str, ...]:
    """The categories that hold the values; a closed one refuses unknown ones, which pandas would turn into NA."""
    used = {value for value in values if value is not None}
    unknown = used.difference(column.categories or ())
    if unknown and not column.open:
        raise SpecError(
            f"{place}: unknown value {', '.join(sorted(unknown))}; known are {', '.join(column.categories or ())}"
        )
    return _names(column, used)


def _names(column: Column, values: Iterable[str]) -> tuple[str, ...]:
    """The listed categories, then further values in alphabetical order, so that the dtype depends on values only."""
    listed = column.categories or ()
    return (*listed, *sorted(set(values).difference(listed)))


@lru_cache(maxsize=256)
def _dtype(categories: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(list(categories))


def _is_exact(column: Column, series: pd.Series) -> bool:
    """Whether a series has the column's dtype already and need not be made anew."""
    if column.dtype == _LIST:
        return all(isinstance(value, list) for value in series)
    if column.dtype == "category":
        if not isinstance(series.dtype, pd.CategoricalDtype):
            return False
        categories = list(series.dtype.categories)
        plain = all(isinstance(value, str) for value in categories)
        return plain and series.dtype == _dtype(_names(column, categories))
    return bool(series.dtype == pandas_dtype(column.dtype))


def _pandera_column(pa: Any, column: Column) -> Any:
    """The pandera column of a column."""
    nullable = not column.required
    if column.dtype == _LIST:
        is_list = pa.Check(_is_list_of_strings, element_wise=True, error="a list of texts")
        return pa.Column(object, is_list, nullable=False)
    if column.dtype != "category":
        return pa.Column(pandas_dtype(column.dtype), nullable=nullable)
    if column.open:
        return pa.Column(pd.CategoricalDtype, nullable=nullable)
    return pa.Column(_dtype(_names(column, ())), nullable=nullable)


def _is_list_of_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _failures(frame: Frame, cases: pd.DataFrame) -> Iterable[str]:
    """Failures as text, one line for each column and reason; a repeated key is one failure, not one a column."""
    repeated = cases["check"] == "multiple_fields_uniqueness"
    if repeated.any():
        yield f"{frame.name}: key {', '.join(frame.key)} is repeated{_rows(cases.loc[repeated, 'index'])}"
    for (column, check), group in cases[~repeated].groupby(["column", "check"], dropna=False, sort=False):
        values = ", ".join(dict.fromkeys(str(value) for value in group["failure_case"].head(5)))
        place = frame.name if _is_na(column) else f"{frame.name}.{column}"
        yield f"{place}: {check}: {values}{_rows(group['index'])}"


def _rows(indices: pd.Series) -> str:
    rows = list(dict.fromkeys(str(index) for index in indices if not _is_na(index)))
    return f", rows {', '.join(rows[:5])}{' ...' if len(rows) > 5 else ''}" if rows else ""
