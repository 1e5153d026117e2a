"""Chinese words for the ids of the frames, and frames in Chinese words for display and export."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from budgetkit import frames, specs
from budgetkit.errors import SpecError
from budgetkit.frames.shapes import shapes
from budgetkit.model import Doubt, doubts_of
from budgetkit.tables import captions

_ANALYSIS = "analysis/labels.toml"
#: frames of analysis whose name stands for their sums too
_SUMS = {"execution": "execution_by", "points": "outcomes"}
#: what columns of truth values are shown as
TRUTH = {True: "是", False: "否"}


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
    numbers: _Numbers
    #: reasons and their Chinese words, with {} for what is named
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class _AnalysisNumbers:
    """How numbers of analysis are shown, by column."""

    rate: tuple[str, ...]
    plain: tuple[str, ...]
    #: by frame and column
    plain_in: tuple[str, ...]


@dataclass(frozen=True)
class _AnalysisLabels:
    """The words of specs/analysis/labels.toml."""

    #: words for values by column
    values: Mapping[str, Mapping[str, str]]
    numbers: _AnalysisNumbers


@dataclass(frozen=True)
class _Known:
    """What is known of the frame that is shown."""

    columns: Mapping[str, frames.Column]
    #: its name, where it is one of analysis; else ""
    analysis: str = ""
    #: whether its column `reason` is in our words, not printed ones
    reasons: bool = False

    def column(self, name: Hashable) -> frames.Column | None:
        return self.columns.get(name) if isinstance(name, str) else None

    def category(self, name: Hashable) -> str | None:
        """The name of the category whose values a column holds."""
        column = self.column(name)
        if column is None:
            return None
        if not self.analysis:
            return _category(column)
        if column.name in ("form", "scope"):
            return "form"
        if column.name in _analysis_labels().values:
            return f"{_ANALYSIS}:{column.name}"
        return column.name if column.name in _labels().categories else None


@cache
def _analysis_labels() -> _AnalysisLabels:
    return specs.load(_AnalysisLabels, _ANALYSIS)


@cache
def _labels() -> _Labels:
    found = specs.load(_Labels, "labels.toml")
    specs.check_ids(found.categories, frames.categories(), "labels.toml, categories")
    for name, words in found.categories.items():
        specs.check_ids(words, frames.categories()[name], f"labels.toml, categories, {name}")
    return found


@cache
def _words(category: str) -> dict[str, str]:
    """Label by value of one category, or of one column of analysis."""
    if category.startswith(f"{_ANALYSIS}:"):
        return dict(_analysis_labels().values[category.removeprefix(f"{_ANALYSIS}:")])
    words = dict(_labels().categories.get(category, {}))
    return words | {form.id: form.label for form in captions.forms()} if category == "form" else words


def value_label(category: str, value: str) -> str:
    """The Chinese word for a value of a category; the value itself where there is none.

    `category`: name of a category in specs/frames.toml: form, kind, fund, nature, statement_measure, status ...

    >>> value_label("form", "income"), value_label("nature", "personnel"), value_label("unit", "元")
    ('收入表', '人员经费', '元')
    """
    return _words(category).get(value, value)


def reason_label(text: str) -> str:
    """The Chinese words of `documents.reason` or `leftovers.reason`, part by part; a part without any stays as it is.

    >>> reason_label("page 3, table 2: column 7 has no head; damaged page; an attached file is not read")
    '第3页表2：第7列没有表头；页面损坏；an attached file is not read'
    """
    whole = _reason(text)
    return whole if whole is not None else "；".join(_part(part) for part in doubts_of(text))


def _part(doubt: Doubt) -> str:
    pages = f"第{', '.join(map(str, doubt.pages))}页" if doubt.pages else ""
    table = f"表{doubt.table}" if doubt.table else ""
    return f"{pages}{table}{'：' if pages else ''}{_reason(doubt.text) or doubt.text}"


def _reason(text: str) -> str | None:
    found = ((pattern.fullmatch(text), label) for pattern, label in _reason_patterns())
    return next((label.format(*match.groups()) for match, label in found if match), None)


@cache
def _reason_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    listed = _labels().reasons.items()
    return tuple((re.compile(re.escape(text).replace(r"\{\}", "(.+?)")), label) for text, label in listed)


def labelled(df: pd.DataFrame, frame: str | None = None, *, thousands: bool = True) -> pd.DataFrame:
    """A frame in Chinese words, for display and export: column names, values of categories, separated thousands.

    Parameters
    ----------
    df : DataFrame
        A frame of a `Disclosure` or `Corpus`, of `check` or of an analysis (`execution_rate` ...), some of its
        columns, or a table grouped or pivoted from one.
    frame : str, optional
        Which frame it is of: one of `budgetkit.frames.names()` or of those that `budgetkit.analysis.describe` knows;
        by default the one that shares the most column names with it.
    thousands : bool
        True writes numbers as text: money as 1,234.50, fractions as 12.5% (those of analysis with two decimals at
        most), NA as ""; truth values as 是 and 否. False leaves them as they are, which a spreadsheet can reckon with.

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
    >>> df = pd.DataFrame({"form": ["income"], "fund": ["all"], "amount": [1856200.0]})
    >>> labelled(df).to_dict("records")
    [{'表': '收入表', '资金性质': '全部资金', '金额': '1,856,200.00'}]
    """
    if not isinstance(df, pd.DataFrame):
        raise SpecError(f"df must be a DataFrame, not {type(df).__name__}")
    parts = [part for part in df.index.names if part is not None]
    known = _known(frame if frame is not None else _likeliest([*df.columns, *parts]))
    telling = next((name for name in ("measure", "aspect") if list(df.columns).count(name) == 1), None)
    measure = df[telling] if telling else None
    shown = [_shown(df.iloc[:, place], known, measure, thousands) for place in range(len(df.columns))]
    result = pd.concat(shown, axis=1) if shown else pd.DataFrame(index=df.index)
    result.columns = _column_names(df.columns, known)
    result.index = _index(df.index, known)
    return result


def _known(frame: str) -> _Known:
    """The columns of a frame; of one of analysis, also those that its other frames have, for sums and joins."""
    if frame not in shapes():
        columns = {column.name: column for column in frames.spec(frame).columns}
        return _Known(columns, reasons=frame in ("documents", "leftovers"))
    order = (*shapes().values(), shapes()[_SUMS.get(frame, frame)], shapes()[frame])
    return _Known({column.name: column for columns in order for column in columns}, frame)


def _likeliest(names: Sequence[Hashable]) -> str:
    """The frame that has the most of the names; the first of equals, frames of documents before those of analysis."""
    listed = {name: frames.spec(name).columns for name in frames.names()} | {
        name: columns for name, columns in shapes().items() if name not in frames.names()
    }
    held = {name: len({column.name for column in columns}.intersection(names)) for name, columns in listed.items()}
    return max(held, key=lambda name: held[name])


def _category(column: frames.Column) -> str | None:
    """The name of the category whose values a column of a document's frame holds."""
    if column.name in ("forms", "missing"):
        return "form"
    listed = set(column.categories or ())
    return next((name for name in _labels().categories if listed and listed == _words(name).keys()), None)


def _shown(series: pd.Series, known: _Known, measure: pd.Series | None, thousands: bool) -> pd.Series:
    """One column in words."""
    if pd.api.types.is_float_dtype(series.dtype):
        return _written(series, known, measure) if thousands else series
    if pd.api.types.is_bool_dtype(series.dtype):
        return series.map(TRUTH).astype("string").fillna("") if thousands else series
    if series.name == "reason" and known.reasons:
        told = series.map(lambda value: reason_label(value) if isinstance(value, str) else value).astype("string")
        return told.fillna("") if thousands else told
    category = known.category(series.name)
    if category is None and not (series.dtype == object and any(isinstance(value, list) for value in series)):
        is_text = isinstance(series.dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(series.dtype)
        blanks = is_text or series.isna().any()
        return series.astype("string").fillna("") if thousands and blanks else series
    if isinstance(series.dtype, pd.CategoricalDtype):
        values = series.astype(object).map({value: _word(value, category) for value in series.cat.categories})
    else:
        values = series.map(lambda value: _word(value, category))
    return pd.Series(values, index=series.index, dtype="string").fillna("" if thousands else pd.NA)


def _word(value: Any, category: str | None) -> Any:
    if isinstance(value, list):
        return "、".join(_word(item, category) for item in value)
    return value_label(category, value) if category is not None and isinstance(value, str) else value


def _written(series: pd.Series, known: _Known, measure: pd.Series | None) -> pd.Series:
    """Numbers as text, each in the manner of its column and of its row's measure or aspect."""
    name, rules = str(series.name), _labels().numbers
    if known.analysis:
        manners = [_analysis_manner(name, known.analysis)] * len(series)
        # percent with two decimals, as documents print them
        series = series.round(4) if manners[:1] == ["rate"] else series
    elif measure is not None and name in rules.by_measure:
        manners = [_manner_of_measure(value) for value in measure]
    else:
        manners = [_manner(name)] * len(series)
    texts = [number_text(value, manner) for value, manner in zip(series, manners, strict=True)]
    return pd.Series(texts, index=series.index, dtype="string")


def _manner_of_measure(measure: Any) -> str:
    rules = _labels().numbers
    if not isinstance(measure, str):
        return "money"
    return "rate" if measure in rules.rate_measures else "plain" if measure in rules.plain_measures else "money"


def _manner(name: str) -> str:
    """How a column of numbers is shown; a column named after a measure or a phase comes from a pivot and is money."""
    rules = _labels().numbers
    if name in rules.rate or name in rules.rate_measures:
        return "rate"
    pivoted = any(name in _words(category) for category in ("phase", "flow", "fund", "origin", "nature", "item"))
    return "money" if name in rules.money or pivoted else "plain"


def _analysis_manner(name: str, frame: str) -> str:
    """How a column of numbers of analysis is shown: what is neither points nor a fraction is money."""
    numbers = _analysis_labels().numbers
    if name in numbers.plain or f"{frame}.{name}" in numbers.plain_in:
        return "plain"
    return "rate" if name in numbers.rate else "money"


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


def _column_names(names: pd.Index, known: _Known) -> pd.Index:
    """The names in words; a pivot's columns are values of the category that names them."""
    levels = [
        [_name(part, known, name) for part in names.get_level_values(place)] for place, name in enumerate(names.names)
    ]
    titles = [_name(name, known) for name in names.names]
    if len(levels) > 1:
        return pd.MultiIndex.from_arrays(levels, names=titles)
    pairs = zip(levels[0], names, strict=True)
    unique = [label if levels[0].count(label) == 1 else f"{label}（{name}）" for label, name in pairs]
    return pd.Index(unique, name=titles[0], dtype=object)


def _name(name: Hashable, known: _Known, pivoted: Hashable = None) -> Hashable:
    """The Chinese name of a column, of a frame or of analysis; of a pivot's column, the word for its value."""
    if not isinstance(name, str):
        return name
    category = known.category(pivoted)
    if category is not None:
        return value_label(category, name)
    column = known.column(name)
    return column.label if column is not None else _labels().columns.get(name, name)


def _index(index: pd.Index, known: _Known) -> pd.Index:
    """The index with its names and the values of categories in words."""
    if all(name is None for name in index.names):
        return index
    levels = [
        pd.Index([_word(value, known.category(name)) for value in index.get_level_values(place)])
        for place, name in enumerate(index.names)
    ]
    names = [_name(name, known) for name in index.names]
    if len(levels) == 1:
        return levels[0].rename(names[0])
    return pd.MultiIndex.from_arrays(levels, names=names)
