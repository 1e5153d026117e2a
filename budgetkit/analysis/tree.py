"""Codes as trees: amounts at one level, each printed yuan counted once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from budgetkit import codes
from budgetkit.analysis.inputs import fen, frame_of, shaped
from budgetkit.errors import UnknownCode
from budgetkit.frames import HasFrames
from budgetkit.frames.given import choose

LEVELS = (1, 2, 3)
#: digits of a code by level
_LENGTHS = (3, 5, 7)
_COORDINATES = ["phase", "flow", "fund", "origin", "nature", "item"]
_KEYS = ["document", "entity", "fiscal_year", "year", "kind", "form", "table", *_COORDINATES, "scheme"]


def rollup(data: HasFrames | pd.DataFrame, level: int) -> pd.DataFrame:
    """Amounts by classification code at one level (类, 款, 项), no yuan counted twice.

    Within one table, scheme, year and the same coordinates (phase, flow, fund, origin, nature, item) the printed amount
    of a code counts; where a code of the level asked for is not printed, the nearest printed codes below are summed; a
    code above it stays only where nothing below is printed. Total rows, rows without code, changes and rates, and
    amounts with words that are not understood are left out; where two columns of a table say the same, the left counts.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts.
    level : int
        1 类, 2 款 or 3 项.

    Returns
    -------
    DataFrame
        Columns in `describe("rollup")`; `amount` in yuan. `below` against `amount` shows parts that do not add up.

    Raises
    ------
    SpecError
        When `level` is none of 1, 2, 3 or columns of facts are missing.

    Examples
    --------
    >>> from budgetkit import frames
    >>> rollup(frames.make("facts", []), level=1).empty
    True
    """
    choose("level", level, LEVELS)
    facts = frame_of(
        data, "facts", [*_KEYS, "aspect", "unread", "code", "name", "is_total", "amount", "page", "row", "col"]
    )
    rows = coded(facts[facts["aspect"].eq("amount").fillna(False) & facts["unread"].fillna("").eq("")])
    return shaped("rollup", rolled(left_column(rows, _KEYS), _KEYS, ["amount"], level))


def coded(facts: pd.DataFrame) -> pd.DataFrame:
    """The rows with a code and an amount that are no totals."""
    return facts[facts["code"].notna() & facts["amount"].notna() & ~is_total(facts)]


def is_total(facts: pd.DataFrame) -> pd.Series:
    """Whether a row is a total, or all that a unit spends under its own name, as plain truth values."""
    total = facts["is_total"].fillna(False).astype(bool)
    if not {"name", "entity", "code"} <= set(facts.columns):
        return total
    own = facts["name"].astype("string").eq(facts["entity"].astype("string")).fillna(False).astype(bool)
    return total | (own & facts["code"].isna())


def left_column(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Of each row of a table the leftmost column; several columns may say the same."""
    if rows.empty:
        return rows
    first = rows.groupby([*keys, "code", "page", "row"], dropna=False, observed=True, sort=False)["col"].transform(
        "min"
    )
    return rows[(rows["col"] == first) | rows["col"].isna()]


def rolled(rows: pd.DataFrame, keys: Sequence[str], values: Sequence[str], level: int) -> pd.DataFrame:
    """Sums of `values` by keys and code at a level; needs columns code and name, adds level, below and source.

    `below` is the sum of the first of `values` over the printed codes next below.
    """
    if rows.empty:
        return pd.DataFrame(columns=[*keys, "code", "name", "level", *values, "below", "source"])
    nodes = _nodes(rows, keys, values)
    nodes["printed_above"] = _above(nodes, level)
    has_below = nodes["node"].isin(_ancestors(nodes))
    length = nodes["code"].str.len()
    target = _LENGTHS[level - 1]
    nodes["below"] = _sum_below(nodes, values[0])
    at = length == target
    shallow = (length < target) & ~has_below
    # the topmost printed codes below an unprinted one of the level
    deep = (length > target) & ~nodes["printed_above"]
    kept = nodes[at | shallow].assign(source="printed")
    summed = _summed(nodes[deep], keys, values, target)
    result = pd.concat([frame for frame in (kept, summed) if not frame.empty], ignore_index=True)
    result["level"] = ((result["code"].str.len() - 1) // 2).astype("Int8")
    for value in [*values, "below"]:
        result[value] = fen(result[value])
    result["name"] = _names(result)
    ordered = ordered_by(result, [*keys, "code"])
    return ordered[[*keys, "code", "name", "level", *values, "below", "source"]]


def ordered_by(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Sorted by the text of columns, NA first, so that the order does not hang on that of the input."""
    texts = frame[list(columns)].astype("string").fillna("")
    return frame.loc[texts.sort_values(list(columns), kind="stable").index].reset_index(drop=True)


def _nodes(rows: pd.DataFrame, keys: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    """One row a key and code, amounts of repeated codes summed."""
    grouped = rows.groupby([*keys, "code"], dropna=False, observed=True, sort=False)
    nodes = grouped[list(values)].sum(min_count=1)
    # the name must not hang on the order of rows
    nodes["name"] = grouped["name"].min()
    nodes = nodes.reset_index()
    nodes["code"] = nodes["code"].astype("string")
    group = nodes.groupby(list(keys), dropna=False, observed=True, sort=False).ngroup()
    nodes["group"] = group.astype("string")
    nodes["node"] = nodes["group"] + "|" + nodes["code"]
    return nodes


def _ancestors(nodes: pd.DataFrame) -> set[str]:
    """The places of all codes above printed ones, printed or not."""
    found: set[str] = set()
    for end in _LENGTHS[:-1]:
        longer = nodes[nodes["code"].str.len() > end]
        found.update(longer["group"] + "|" + longer["code"].str[:end])
    return found


def _above(nodes: pd.DataFrame, level: int) -> pd.Series:
    """Whether a code between the level asked for (included) and the row's own is printed."""
    printed = set(nodes["node"])
    result = pd.Series(False, index=nodes.index)
    for end in _LENGTHS[level - 1 : -1]:
        longer = nodes["code"].str.len() > end
        result |= longer & (nodes["group"] + "|" + nodes["code"].str[:end]).isin(printed)
    return result


def _sum_below(nodes: pd.DataFrame, value: str) -> pd.Series:
    """Sum of the printed codes next below each code; NA where none is printed."""
    parent = pd.Series(pd.NA, index=nodes.index, dtype="string")
    printed = set(nodes["node"])
    for end in _LENGTHS[:-1]:
        above = nodes["group"] + "|" + nodes["code"].str[:end]
        parent = parent.mask((nodes["code"].str.len() > end) & above.isin(printed), above)
    sums = nodes[value].groupby(parent).sum(min_count=1)
    return nodes["node"].map(sums).astype("float64")


def _summed(deep: pd.DataFrame, keys: Sequence[str], values: Sequence[str], target: int) -> pd.DataFrame:
    if deep.empty:
        return deep
    deep = deep.assign(code=deep["code"].str[:target])
    grouped = deep.groupby([*keys, "code"], dropna=False, observed=True, sort=False)
    result = grouped[list(values)].sum(min_count=1)
    result["below"] = result[values[0]]
    unnamed = pd.array([None] * len(result), dtype=deep["name"].dtype)
    return result.reset_index().assign(name=unnamed, source="summed")


def _names(result: pd.DataFrame) -> pd.Series:
    """Printed names; for codes that are not printed those of the code book."""
    names = result["name"].astype("string")
    for index in result.index[names.isna()]:
        year: Any = result["fiscal_year"].get(index) if "fiscal_year" in result.columns else None
        scheme = result["scheme"].get(index) if "scheme" in result.columns else "function"
        names[index] = _book_name(scheme, result["code"][index], None if pd.isna(year) else int(year))
    return names


def _book_name(scheme: Any, code: str, year: int | None) -> Any:
    if scheme not in codes.SCHEMES:
        return pd.NA
    try:
        return getattr(codes, scheme).name(code, year)
    except UnknownCode:
        return pd.NA
