"""Values as columns of exactly the dtype that a frame lists; what does not fit is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from budgetkit.errors import SpecError
from budgetkit.frames.columns import LIST, TEXT, Column, pandas_dtype

#: types of values that their columns take as they are; NaN is NA in columns of floats only
_TEXTS, _FLOATS, _WHOLES, _OTHERS = ({*kinds, type(None)} for kinds in ((str,), (float, int), (int,), (int, bool)))


def exact(column: Column, series: pd.Series, place: str) -> pd.Series:
    """A series in the column's exact dtype; whole columns at once where pandas loses nothing."""
    if _is_exact(column, series):
        return series
    if column.dtype == "category" and isinstance(series.dtype, pd.CategoricalDtype):
        used = series.cat.remove_unused_categories()
        if all(isinstance(value, str) for value in used.cat.categories):
            return used.astype(_dtype(_checked_names(column, used.cat.categories, place)))
    return pd.Series(array_of(column, list(series), place), series.index)


def array_of(column: Column, values: Sequence[Any], place: str) -> Any:
    """Values as an array of the column's exact dtype."""
    import pyarrow as pa

    if column.dtype == LIST:
        listed = np.empty(len(values), dtype=object)
        listed[:] = [_strings(value, place) for value in values]
        return listed
    is_text = column.dtype in ("string", "category")
    plain = _TEXTS if is_text else _FLOATS if column.dtype.startswith("float") else _OTHERS
    if not set(map(type, values)) <= plain:
        values = [None if is_na(value) else value for value in values]
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
            return pa.array(values, pa.bool_()).fill_null(False).to_numpy(zero_copy_only=False)
        if column.dtype == "string":
            return TEXT.__from_arrow__(pa.array(values, pa.large_string()))
        if column.dtype.startswith("Int") and set(map(type, values)) <= _WHOLES:
            return pandas_dtype(column.dtype).__from_arrow__(pa.array(values, column.dtype.lower()))
        return np.array(values, column.dtype) if "float" in column.dtype else pd.array(values, dtype=column.dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise SpecError(f"{place}: a value does not fit {column.dtype}: {error}") from error


def _strings(value: Any, place: str) -> list[str]:
    """A list of texts; NA becomes the empty list."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        listed = list(value)
        if all(isinstance(item, str) for item in listed):
            return listed
    elif is_na(value):
        return []
    raise SpecError(f"{place}: {value!r} is no list of texts")


def is_na(value: object) -> bool:
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


def category(column: Column, values: Iterable[str]) -> pd.CategoricalDtype:
    """The dtype of a category that holds the values."""
    return _dtype(_names(column, values))


def _names(column: Column, values: Iterable[str]) -> tuple[str, ...]:
    """The listed categories, then further values in alphabetical order, so that the dtype depends on values only."""
    listed = column.categories or ()
    return (*listed, *sorted(set(values).difference(listed)))


@lru_cache(maxsize=256)
def _dtype(categories: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(list(categories))


def _is_exact(column: Column, series: pd.Series) -> bool:
    """Whether a series has the column's dtype already and need not be made anew."""
    if column.dtype == LIST:
        return all(isinstance(value, list) for value in series)
    if column.dtype == "category":
        if not isinstance(series.dtype, pd.CategoricalDtype):
            return False
        categories = list(series.dtype.categories)
        return all(isinstance(value, str) for value in categories) and series.dtype == category(column, categories)
    return bool(series.dtype == pandas_dtype(column.dtype))
