"""Frames of analysis in Chinese words, for display and export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from budgetkit import specs
from budgetkit.analysis.inputs import choose, shapes
from budgetkit.errors import SpecError
from budgetkit.labelling import number_text, value_label

_PLACE = "analysis/labels.toml"


@dataclass(frozen=True)
class _Labels:
    """The words of specs/analysis/labels.toml."""

    values: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, tuple[str, ...]]


@cache
def _labels() -> _Labels:
    return specs.build(_Labels, specs.read_toml(_PLACE), _PLACE)


def labelled(df: pd.DataFrame, name: str) -> pd.DataFrame:
    """A frame of analysis, or some of its columns, in Chinese words: names, values, numbers with separators.

    Parameters
    ----------
    df : DataFrame
    name : str
        Which frame it is: one of those of `describe`; "execution" and "points" stand for their sums too.

    Returns
    -------
    DataFrame
        A new one of texts: money as 1,234.50 (yuan), fractions as 12.5%, points plain, NA as "".

    Raises
    ------
    SpecError
        When `df` is no DataFrame or `name` is unknown.

    Examples
    --------
    >>> df = pd.DataFrame({"item": ["维修费"], "executed": [513800.0], "execution_rate": [0.2494], "status": ["under"]})
    >>> labelled(df, "execution").to_dict("records")
    [{'项目': '维修费', '决算数': '513,800.00', '执行率': '24.94%', '状态': '执行不足'}]
    """
    if not isinstance(df, pd.DataFrame):
        raise SpecError(f"df must be a DataFrame, not {type(df).__name__}")
    choose("name", name, list(shapes()))
    words = _words(name)
    shown = {words.get(column, column): _shown(df[column], column, name) for column in df.columns}
    return pd.DataFrame(shown, index=df.index)


def _words(name: str) -> dict[str, str]:
    """Chinese names of columns: those of the frame, then those that other frames of analysis have."""
    found = {column.name: column.label for columns in shapes().values() for column in columns}
    sums = {"execution": "execution_by", "points": "outcomes"}.get(name, name)
    for shape in (sums, name):
        found |= {column.name: column.label for column in shapes()[shape]}
    return found


def _shown(series: pd.Series, column: str, name: str) -> pd.Series:
    if pd.api.types.is_float_dtype(series.dtype):
        manner = _manner(column, name)
        # percent with two decimals, as documents print them
        rounded = series.round(4) if manner == "rate" else series
        return pd.Series([number_text(value, manner) for value in rounded], index=series.index, dtype="string")
    if pd.api.types.is_bool_dtype(series.dtype):
        return series.map({True: "是", False: "否"}).astype("string").fillna("")
    words = _labels().values.get(column, {})
    return pd.Series([_word(value, column, words) for value in series], index=series.index, dtype="string")


def _word(value: Any, column: str, words: Mapping[str, str]) -> str:
    if pd.isna(value):
        return ""
    text = str(value)
    return value_label("form", text) if column in ("form", "scope") else words.get(text, text)


def _manner(column: str, name: str) -> str:
    numbers = _labels().numbers
    if column in numbers["plain"] or f"{name}.{column}" in numbers["plain_in"]:
        return "plain"
    return "rate" if column in numbers["rate"] else "money"
