"""Chinese words for the ids of the frames, and frames in Chinese words for display and export."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from budgetkit import captions, codes, frames, specs
from budgetkit.errors import SpecError, UnknownCode


@dataclass(frozen=True)
class _Numbers:
    """How columns of numbers are shown; see specs/labels.toml."""

    money: tuple[str, ...]
    rate: tuple[str, ...]
    by_measure: tuple[str, ...]
    rate_measures: tuple[str, ...]
    plain_measures: tuple[str, ...]


@dataclass(frozen=True)
class _Labels:
    """The words of specs/labels.toml."""

    categories: Mapping[str, Mapping[str, str]]
    columns: Mapping[str, str]
    numbers: Mapping[str, Any]


@cache
def _labels() -> _Labels:
    return specs.build(_Labels, specs.read_toml("labels.toml"), "labels.toml")


@cache
def _numbers() -> _Numbers:
    return specs.build(_Numbers, _labels().numbers, "labels.toml, numbers")


@cache
def _words(category: str) -> dict[str, str]:
    """Label by value of one category."""
    words = dict(_labels().categories.get(category, {}))
    return words | {form.id: form.label for form in captions.forms()} if category == "form" else words


def value_label(category: str, value: str) -> str:
    """The Chinese word for a value of a category; the value itself where there is none.

    Parameters
    ----------
    category : str
        Name of a category in specs/frames.toml: form, kind, measure, statement_measure, status ...
    value : str

    Examples
    --------
    >>> value_label("form", "income"), value_label("measure", "econ_301"), value_label("unit", "元")
    ('收入表', '工资福利支出', '元')
    """
    if category == "measure" and value.startswith("econ_"):
        try:
            return codes.economic_department.name(value.removeprefix("econ_"))
        except UnknownCode:
            return value
    return _words(category).get(value, value)


def labelled(df: pd.DataFrame, frame: str | None = None, *, thousands: bool = True) -> pd.DataFrame:
    """A frame in Chinese words, for display and export: column names, values of categories, separated thousands.

    Parameters
    ----------
    df : DataFrame
        A frame of a `Disclosure` or `Corpus`, some of its columns, or a table grouped or pivoted from one.
    frame : str, optional
        Which frame it is of; by default the one that shares the most column names with it.
    thousands : bool
        True writes numbers as text: money as 1,234.50, fractions as 12.5%, NA as "". False leaves numbers as they
        are, which a spreadsheet can reckon with.

    Returns
    -------
    DataFrame
        A new one with the same rows in the same order. Names and values without a Chinese word stay as they are;
        where two columns would get one name, each has its own added in brackets. Lists are joined by "、".

    Raises
    ------
    SpecError
        When `df` is no DataFrame or `frame` is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> df = pd.DataFrame({"form": ["income"], "measure": ["total"], "amount": [1856200.0]})
    >>> labelled(df).to_dict("records")
    [{'表': '收入表', '指标': '合计', '金额': '1,856,200.00'}]
    """
    if not isinstance(df, pd.DataFrame):
        raise SpecError(f"df must be a DataFrame, not {type(df).__name__}")
    parts = [part for part in df.index.names if part is not None]
    known = frames.spec(frame if frame is not None else _likeliest([*df.columns, *parts]))
    columns = {column.name: column for column in known.columns}
    measure = df["measure"] if list(df.columns).count("measure") == 1 else None
    shown = [
        _shown(df.iloc[:, place], _column_of(name, columns), measure, thousands)
        for place, name in enumerate(df.columns)
    ]
    result = pd.concat(shown, axis=1) if shown else pd.DataFrame(index=df.index)
    result.columns = _column_names(df.columns, columns)
    result.index = _index(df.index, columns)
    return result


def _likeliest(names: Sequence[Hashable]) -> str:
    """The frame that has the most of the names; the first of equals."""
    held = {
        name: len({column.name for column in frames.spec(name).columns}.intersection(names)) for name in frames.names()
    }
    return max(held, key=lambda name: held[name])


def _column_of(name: Hashable, columns: Mapping[str, frames.Column]) -> frames.Column | None:
    return columns.get(name) if isinstance(name, str) else None


def _category(column: frames.Column | None) -> str | None:
    """The name of the category whose values a column holds."""
    if column is None:
        return None
    if column.name in ("forms", "missing"):
        return "form"
    if column.name == "measure" and column.categories is None:
        return "measure"
    listed = set(column.categories or ())
    return next((name for name in _labels().categories if listed and listed == _words(name).keys()), None)


def _shown(series: pd.Series, column: frames.Column | None, measure: pd.Series | None, thousands: bool) -> pd.Series:
    """One column in words."""
    if pd.api.types.is_float_dtype(series.dtype):
        return _written(series, measure) if thousands else series
    category = _category(column)
    values = [_word(value, category) for value in series]
    if category is None and not any(isinstance(value, list) for value in series):
        return series.astype("string").fillna("") if thousands and _is_text(series) else series
    return pd.Series(values, index=series.index, dtype="string").fillna("" if thousands else pd.NA)


def _is_text(series: pd.Series) -> bool:
    return isinstance(series.dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(series.dtype)


def _word(value: Any, category: str | None) -> Any:
    if isinstance(value, list):
        return "、".join(_word(item, category) for item in value)
    return value_label(category, value) if category is not None and isinstance(value, str) else value


def _written(series: pd.Series, measure: pd.Series | None) -> pd.Series:
    """Numbers as text, each in the manner of its column and of its row's measure."""
    name, rules = str(series.name), _numbers()
    if measure is not None and name in rules.by_measure:
        manners = [_manner_of_measure(value) for value in measure]
    else:
        manners = [_manner(name)] * len(series)
    texts = [number_text(value, manner) for value, manner in zip(series, manners, strict=True)]
    return pd.Series(texts, index=series.index, dtype="string")


def _manner_of_measure(measure: Any) -> str:
    rules = _numbers()
    if not isinstance(measure, str):
        return "money"
    return "rate" if measure in rules.rate_measures else "plain" if measure in rules.plain_measures else "money"


def _manner(name: str) -> str:
    """How a column of numbers is shown; a column named after a measure or a phase comes from a pivot and is money."""
    rules = _numbers()
    if name in rules.rate or name in rules.rate_measures:
        return "rate"
    pivoted = name in _words("measure") or name in _words("phase") or name.startswith("econ_")
    return "money" if name in rules.money or pivoted else "plain"


def number_text(value: Any, manner: str) -> str:
    """A number as text: "money" with two decimals, "rate" in percent, "plain" with the decimals that it has.

    >>> number_text(1856200.0, "money"), number_text(0.2494, "rate"), number_text(1084.5, "plain")
    ('1,856,200.00', '24.94%', '1,084.5')
    """
    if pd.isna(value):
        return ""
    number = float(value)
    if not math.isfinite(number):
        return str(number)
    if manner == "money":
        return f"{number:,.2f}"
    text = f"{number * 100 if manner == 'rate' else number:,.4f}".rstrip("0").rstrip(".")
    return f"{text}%" if manner == "rate" else text


def _column_names(names: pd.Index, columns: Mapping[str, frames.Column]) -> pd.Index:
    """The names in words; a pivot's columns are values of the category that names them."""
    levels = [
        [_name(part, columns, name) for part in names.get_level_values(place)] for place, name in enumerate(names.names)
    ]
    titles = [_name(name, columns) for name in names.names]
    if len(levels) > 1:
        return pd.MultiIndex.from_arrays(levels, names=titles)
    pairs = zip(levels[0], names, strict=True)
    unique = [label if levels[0].count(label) == 1 else f"{label}（{name}）" for label, name in pairs]
    return pd.Index(unique, name=titles[0], dtype=object)


def _name(name: Hashable, columns: Mapping[str, frames.Column], pivoted: Hashable = None) -> Hashable:
    """The Chinese name of a column, of a frame or of analysis; of a pivot's column, the word for its value."""
    if not isinstance(name, str):
        return name
    category = _category(_column_of(pivoted, columns))
    if category is not None:
        return value_label(category, name)
    return columns[name].label if name in columns else _labels().columns.get(name, name)


def _index(index: pd.Index, columns: Mapping[str, frames.Column]) -> pd.Index:
    """The index with its names and the values of categories in words."""
    if all(name is None for name in index.names):
        return index
    levels = [
        pd.Index([_word(value, _category(_column_of(name, columns))) for value in index.get_level_values(place)])
        for place, name in enumerate(index.names)
    ]
    names = [_name(name, columns) for name in index.names]
    if len(levels) == 1:
        return levels[0].rename(names[0])
    return pd.MultiIndex.from_arrays(levels, names=names)
