"""SQL over the tables of a corpus, by DuckDB, which reads the Parquet files where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from budgetkit import frames
from budgetkit.corpus.folders import folder
from budgetkit.corpus.parts import STORED
from budgetkit.errors import SpecError

if TYPE_CHECKING:
    from budgetkit.corpus.collection import Corpus


def query(corpus: Corpus, sql: str) -> pd.DataFrame:
    """The result of a query in SQL over views that are named like the frames.

    Parameters
    ----------
    corpus : Corpus
    sql : str
        In the words of DuckDB. The views are `documents`, `facts`, `statements`, `projects`, `project_funds`,
        `indicators`, `leftovers` and `entities`, with the columns of the frames; what a corpus was loaded with in
        `columns` and `where` does not change them. Nothing can be written, and no other file be read.

    Returns
    -------
    DataFrame
        With the types of Arrow's values: strings, integers that hold NA, float64.

    Raises
    ------
    SpecError
        When the query is none, with what DuckDB says of it.
    BudgetkitError
        When the corpus has changed since it was loaded.

    Examples
    --------
    >>> import budgetkit as bk
    >>> corpus = bk.load("data/processed")  # doctest: +SKIP
    >>> bk.query(corpus, "select code, sum(amount) from facts where level = 1 group by code")  # doctest: +SKIP
    """
    import duckdb

    if not hasattr(corpus, "files"):
        wanted = "a Corpus (bk.load(folder)), whose files are asked"
        raise SpecError(f"query: expected {wanted}, not {type(corpus).__name__}")
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        files = {name: corpus.files(name) for name in (*STORED, "entities")}
        where = folder(corpus.processed)
        if not where.is_local:
            connection.register_filesystem(where.fs)
        for name, listed in files.items():
            connection.execute(_view(name, listed))
        if where.is_local:
            # the views may read their files, the query no other
            paths = ", ".join(_quoted(path) for listed in files.values() for path in listed)
            connection.execute(f"SET allowed_paths = [{paths}]")
            connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            result: Any = connection.sql(sql)
            table = None if result is None else result.to_arrow_table()
        except duckdb.Error as error:
            raise SpecError(f"query: {error}") from error
    if table is None:
        raise SpecError("query: gives no rows; a query selects")
    return _plain(table)


def _view(name: str, files: list[str]) -> str:
    columns = frames.spec(name).columns
    if not files:
        empty = ", ".join(f"NULL AS {column.name}" for column in columns)
        return f"CREATE VIEW {name} AS SELECT {empty} WHERE false"
    chosen = ", ".join(f'"{column.name}"' for column in columns)
    return f"CREATE VIEW {name} AS SELECT {chosen} FROM read_parquet([{', '.join(map(_quoted, files))}])"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(table: Any) -> pd.DataFrame:
    """A result with dtypes that hold NA, as the frames have them."""
    import pyarrow as pa

    types = {
        pa.string(): frames.TEXT, pa.bool_(): pd.BooleanDtype(), pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(), pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype(),
    }  # fmt: skip
    frame: pd.DataFrame = table.to_pandas(types_mapper=types.get)
    return frame
