"""What columns each frame has (specs/frames.toml), and what has the frames."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
import pandas as pd

from budgetkit import specs
from budgetkit.errors import SpecError

LIST = "list[string]"
#: texts compare to plain truth values, NA to false, so that masks of all columns go together in any order
TEXT = pd.StringDtype(na_value=np.nan)


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
    return described(spec(name).columns)


def described(columns: Iterable[Column]) -> pd.DataFrame:
    """What columns mean, a row a column."""
    rows = [(column.name, column.dtype, column.label, column.meaning) for column in columns]
    return pd.DataFrame(rows, columns=["name", "dtype", "label", "meaning"])


@cache
def pandas_dtype(name: str) -> Any:
    """The pandas dtype of a column by its name in the specs."""
    return TEXT if name == "string" else pd.api.types.pandas_dtype(name)
