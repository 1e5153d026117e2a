"""A frame checked against the contract: every failure at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from budgetkit.errors import SpecError
from budgetkit.frames.columns import LIST, Column, Frame, pandas_dtype, spec
from budgetkit.frames.dtypes import category, is_na


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


def _pandera_column(pa: Any, column: Column) -> Any:
    """The pandera column of a column."""
    nullable = not column.required
    if column.dtype == LIST:
        is_list = pa.Check(_is_list_of_texts, element_wise=True, error="a list of texts")
        return pa.Column(object, is_list, nullable=False)
    if column.dtype != "category":
        return pa.Column(pandas_dtype(column.dtype), nullable=nullable)
    if column.open:
        return pa.Column(pd.CategoricalDtype, nullable=nullable)
    return pa.Column(category(column, ()), nullable=nullable)


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _failures(frame: Frame, cases: pd.DataFrame) -> Iterable[str]:
    """Failures as text, one line for each column and reason; a repeated key is one failure, not one a column."""
    repeated = cases["check"] == "multiple_fields_uniqueness"
    if repeated.any():
        yield f"{frame.name}: key {', '.join(frame.key)} is repeated{_rows(cases.loc[repeated, 'index'])}"
    for (column, check), group in cases[~repeated].groupby(["column", "check"], dropna=False, sort=False):
        values = ", ".join(dict.fromkeys(str(value) for value in group["failure_case"].head(5)))
        place = frame.name if is_na(column) else f"{frame.name}.{column}"
        yield f"{place}: {check}: {values}{_rows(group['index'])}"


def _rows(indices: pd.Series) -> str:
    rows = list(dict.fromkeys(str(index) for index in indices if not is_na(index)))
    return f", rows {', '.join(rows[:5])}{' ...' if len(rows) > 5 else ''}" if rows else ""
