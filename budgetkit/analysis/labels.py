"""Frames of analysis in Chinese words, for display and export."""

from __future__ import annotations

import pandas as pd

from budgetkit.analysis.inputs import choose
from budgetkit.display import words as labelling
from budgetkit.errors import SpecError
from budgetkit.shapes import shapes


def labelled(df: pd.DataFrame, name: str) -> pd.DataFrame:
    """A frame of analysis, or some of its columns, in Chinese words: names, values, numbers with separators.

    The same as `budgetkit.labelled(df, name)`, for frames of analysis only.

    Parameters
    ----------
    df : DataFrame
    name : str
        Which frame it is: one of those of `describe`; "execution" and "points" stand for their sums too.

    Returns
    -------
    DataFrame
        A new one: money as 1,234.50 (yuan), fractions as 12.5%, points plain, NA as "".

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
    return labelling.labelled(df, name)
