"""Frames made of rows, joined, and brought to the dtypes of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from budgetkit.errors import SpecError
from budgetkit.frames.columns import spec
from budgetkit.frames.dtypes import array_of, category, exact


def make(
    name: str, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Sequence[Any]] = MappingProxyType({})
) -> pd.DataFrame:
    """Make a frame of rows, with all its columns and dtypes, also when there are none.

    Parameters
    ----------
    name : str
        Name of the frame.
    rows : iterable of mapping
        Column name to value; what a row does not name, and None, become NA (an empty list in columns of lists).
    columns : mapping, optional
        Column name to one value a row, in the place of what the rows say.

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
    return _made(name, listed, columns) if listed else _blank(name).copy(deep=False)


def _made(name: str, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    known = {column.name for column in spec(name).columns}
    # rows name the same columns again and again
    told = set().union(*set(map(tuple, rows)))
    if strange := {*told, *columns} - known:
        row = next((f", row {number}" for number, row in enumerate(rows) if strange & row.keys()), "")
        raise SpecError(f"{name}{row}: unknown column {', '.join(sorted(strange))}")
    blank = [None] * len(rows)
    arrays = {}
    for column in spec(name).columns:
        own = [row.get(column.name) for row in rows] if column.name in told else blank
        arrays[column.name] = array_of(column, columns.get(column.name, own), f"{name}.{column.name}")
    return pd.DataFrame(arrays, index=pd.RangeIndex(len(rows)), copy=False)


@cache
def _blank(name: str) -> pd.DataFrame:
    """A frame without rows, to be copied."""
    return _made(name, (), {})


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
            dtype = category(column, values)
            listed = [frame.astype({column.name: dtype}) for frame in listed]
    return pd.concat(listed, ignore_index=True)


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Bring a frame with the right columns to the exact dtypes of the contract.

    Raises
    ------
    SpecError
        When columns are missing, are too many, or hold values that their dtype cannot.
    """
    return pd.DataFrame(conformed(name, frame), columns=list(frame.columns), index=frame.index)


def conformed(name: str, frame: pd.DataFrame) -> dict[str, pd.Series]:
    columns = spec(name).columns
    expected = [column.name for column in columns]
    if list(frame.columns) != expected:
        missing = [column for column in expected if column not in frame.columns]
        extra = [str(column) for column in frame.columns if column not in expected]
        raise SpecError(f"{name}: missing columns {missing}, unknown columns {extra}, or their order differs")
    each = zip(columns, frame.items(), strict=True)
    return {column.name: exact(column, series, f"{name}.{column.name}") for column, (_, series) in each}
