"""What analysis functions take and give: frames out of documents, checked arguments, frames of a listed shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from budgetkit import frames
from budgetkit.errors import SpecError
from budgetkit.frames import HasFrames
from budgetkit.frames.columns import described
from budgetkit.frames.given import choose
from budgetkit.frames.shapes import shapes


def frame_of(
    data: HasFrames | pd.DataFrame, name: str, needed: Iterable[str] = (), given: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The frame `name` of a Disclosure or Corpus, or the frame itself.

    Raises SpecError when `data` holds no such frame, or columns are missing.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        A DataFrame is taken as the frame asked for.
    name : str
        "facts", "statements", "projects" ...
    needed : iterable of str
        Columns that it must have.
    given : DataFrame, optional
        Taken instead of `data`.
    """
    frame = given if given is not None else data if isinstance(data, pd.DataFrame) else getattr(data, name, None)
    if not isinstance(frame, pd.DataFrame):
        wanted = f"a Disclosure (bk.read(path)), a Corpus (bk.load(folder)) or a frame of {name}"
        raise SpecError(f"{name}: expected {wanted}, not {type(data if given is None else given).__name__}")
    given_as = _frame_name(frame)
    if given_as is not None and given_as != name and name in frames.names():
        raise SpecError(
            f"{name}: expected a frame of {name}, not one of {given_as}; give .{name} or the whole document"
        )
    missing = [column for column in dict.fromkeys(needed) if column not in frame.columns]
    if missing:
        raise SpecError(f"{name}: missing column {', '.join(missing)}; there are {', '.join(map(str, frame.columns))}")
    return frame


def _frame_name(frame: pd.DataFrame) -> str | None:
    """Which frame of the contract it is, by its columns; None for another."""
    held = set(frame.columns)
    return next((name for name in frames.names() if {c.name for c in frames.spec(name).columns} <= held), None)


def side_frame(
    data: HasFrames | pd.DataFrame, name: str, given: pd.DataFrame | None, needed: Iterable[str] = ()
) -> pd.DataFrame:
    """As `frame_of`, for a frame that stands beside the main one: empty when only the main one was given."""
    if given is None and isinstance(data, pd.DataFrame):
        return frames.make(name, [])
    return frame_of(data, name, needed, given)


def describe(name: str) -> pd.DataFrame:
    """What the columns of a frame of analysis mean: name, dtype, Chinese term and meaning.

    Parameters
    ----------
    name : str
        rollup, spending, execution, costs, self_evaluation, points, outcomes, outturn, three_public, compare ...

    Raises
    ------
    SpecError
        When there is no such frame.

    Examples
    --------
    >>> describe("execution").set_index("name").loc["execution_rate", "label"]
    '执行率'
    """
    choose("name", name, list(shapes()))
    return described(shapes()[name])


def shaped(name: str, rows: pd.DataFrame | Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with the columns, order and dtypes listed for it; what is not there becomes NA."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    columns = shapes()[name]
    if frame.empty:
        return pd.DataFrame({column.name: pd.Series(dtype=frames.pandas_dtype(column.dtype)) for column in columns})
    made = {column.name: _typed(frame, column) for column in columns}
    return pd.DataFrame(made).reset_index(drop=True)


def _typed(frame: pd.DataFrame, column: frames.Column) -> pd.Series:
    if column.name not in frame.columns:
        missing = pd.Series(pd.NA, index=frame.index, dtype="Float64" if column.dtype == "float64" else "object")
        return missing.astype(frames.pandas_dtype(column.dtype))
    series = frame[column.name]
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype("string")
    if series.dtype == object and column.dtype != "string":
        series = series if column.dtype in ("boolean", "bool") else pd.to_numeric(series)
    return series.astype(frames.pandas_dtype(column.dtype))


def grouped(name: str, sums: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sums as a frame of a listed shape, behind the columns that they are grouped by."""
    columns = [column.name for column in shapes()[name]]
    return pd.concat([sums[keys], shaped(name, sums)], axis=1)[[*keys, *columns]]


def own_year(rows: pd.DataFrame) -> pd.DataFrame:
    """What is of the document's own year, or does not say of which; other years are other documents' matter."""
    return rows[rows["year"].eq(rows["fiscal_year"]).fillna(True)]


def spread(
    rows: pd.DataFrame, keys: Sequence[str], what: str = "what", value: str = "value", columns: Sequence[str] = ()
) -> pd.DataFrame:
    """One row a key, a column for each of `what`, of repeated ones the first; NA is a key as any other.

    `columns`: those that there are in any case, and no others. No rows and no columns where there is nothing;
    categories become texts.
    """
    if rows.empty:
        return pd.DataFrame()
    names = [name for name in (*keys, what) if isinstance(rows[name].dtype, pd.CategoricalDtype)]
    rows = rows.astype(dict.fromkeys(names, "string"))
    rows = rows.assign(row=rows.groupby(list(keys), dropna=False, observed=True, sort=True).ngroup())
    wide = rows.drop_duplicates(["row", what]).pivot(index="row", columns=what, values=value)
    wide = wide.reindex(columns=list(columns)).astype("float64") if columns else wide
    heads = rows.drop_duplicates("row").set_index("row")[list(keys)]
    return heads.join(wide).sort_index().reset_index(drop=True)


def ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Quotient as float64; NaN where the whole is 0 or NA."""
    return part.astype("float64") / whole.astype("float64").where(whole.astype("float64") != 0)


def divided(rows: pd.DataFrame, divisors: pd.DataFrame | None) -> pd.DataFrame:
    """Rows with `amount` divided by what a user's frame has for their year, place or entity; NA where it has nothing.

    Raises SpecError when the frame lacks its columns, names one key twice, or divides by what is not above 0.
    """
    if divisors is None:
        return rows
    keys = [key for key in ("fiscal_year", "place", "entity_id") if key in divisors.columns]
    if not keys or "divisor" not in divisors.columns:
        listed = ", ".join(map(str, divisors.columns))
        raise SpecError(f"divisors: needs divisor and one of fiscal_year, place, entity_id; there are {listed}")
    if divisors.duplicated(keys).any() or not (divisors["divisor"] > 0).all():
        raise SpecError(f"divisors: each {' and '.join(keys)} must have one divisor above 0")
    texts = {key: "Int64" if key == "fiscal_year" else "string" for key in keys}
    found = rows.astype(texts).merge(divisors[[*keys, "divisor"]].astype(texts), on=keys, how="left")
    note = found["note"].mask(found["divisor"].isna(), (found["note"] + "；没有除数").str.strip("；"))
    return found.assign(amount=found["amount"] / found["divisor"], note=note).drop(columns="divisor")


def fen(series: pd.Series) -> pd.Series:
    """Sums of money to the fen, so that they do not hang on the order of summing."""
    return series.astype("float64").round(2) + 0.0
