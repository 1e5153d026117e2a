"""The frames of the data contract: made, joined, checked and stored from one table of columns (specs/frames.toml)."""

from budgetkit.frames.checking import validate
from budgetkit.frames.columns import (
    TEXT,
    Column,
    Frame,
    HasFrames,
    categories,
    describe,
    names,
    pandas_dtype,
    spec,
)
from budgetkit.frames.given import choose, held, positive
from budgetkit.frames.making import concat, conform, make
from budgetkit.frames.parquet import arrow_schema, from_arrow, from_parquet, to_arrow, to_parquet

__all__ = [
    "TEXT", "Column", "Frame", "HasFrames", "arrow_schema", "categories", "choose", "concat", "conform", "describe",
    "from_arrow", "from_parquet", "held", "make", "names", "pandas_dtype", "positive", "spec", "to_arrow", "to_parquet",
    "validate",
]  # fmt: skip
