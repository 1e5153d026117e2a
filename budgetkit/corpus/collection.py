"""A corpus: the frames of all documents of a folder, read from its tables when they are first asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from budgetkit import export, frames
from budgetkit.corpus import store as storage
from budgetkit.corpus.folders import folder, shown
from budgetkit.corpus.parts import PASSAGES, STORED
from budgetkit.errors import BudgetkitError, SpecError
from budgetkit.frames.dtypes import is_na

#: values that a column is asked for, by column
Where = Mapping[str, Any]


@dataclass(frozen=True)
class Corpus:
    """The documents of a folder as frames, read from Parquet when first asked for.

    The frames are those of a `Disclosure`: `documents`, `facts`, `statements`, `projects`, `project_funds`,
    `indicators`, `leftovers`; and `entities`. Their columns are in `budgetkit.frames.describe(name)`.
    """

    #: the folder it is kept in
    processed: Path | str
    #: the files that are the corpus
    listing: storage.Listing
    #: the columns that are read, by frame; all of a frame that it does not name
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: the rows that are read
    where: Where = field(default_factory=dict)
    #: the frames that were asked for; no `cached_property`, which type checkers take for no property of `HasFrames`
    _kept: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """Of the tables; two corpora with equal fingerprints hold equal frames."""
        return self.listing.fingerprint

    @property
    def documents(self) -> pd.DataFrame:
        """One file a row (文件), those that failed too."""
        return self._frame("documents")

    @property
    def facts(self) -> pd.DataFrame:
        """One printed amount a row (表内数), in yuan."""
        return self._frame("facts")

    @property
    def statements(self) -> pd.DataFrame:
        """One figure stated in prose a row (文字说明中的数)."""
        return self._frame("statements")

    @property
    def projects(self) -> pd.DataFrame:
        """One performance form a row (项目绩效)."""
        return self._frame("projects")

    @property
    def project_funds(self) -> pd.DataFrame:
        """One line of a performance form's funds a row (项目资金)."""
        return self._frame("project_funds")

    @property
    def indicators(self) -> pd.DataFrame:
        """One performance indicator a row (绩效指标)."""
        return self._frame("indicators")

    @property
    def leftovers(self) -> pd.DataFrame:
        """One number or page that no other frame took up a row (未识别内容)."""
        return self._frame("leftovers")

    @property
    def entities(self) -> pd.DataFrame:
        """One department or unit a row (单位), over all its documents and years."""
        return self._frame("entities")

    @cached_property
    def passages(self) -> dict[str, tuple[tuple[int, str], ...] | None]:
        """Page and text of the lines outside tables, by document, for the audit; None where nothing could be read."""
        self._check()
        target, documents = folder(self.processed), self._documents()
        stored = self._stored("documents")
        rows = (storage.read_table(target, one, ["document", PASSAGES]).to_pylist() for one in stored)
        return {
            row["document"]: row[PASSAGES] and tuple((said["page"], said["text"]) for said in row[PASSAGES])
            for row in chain.from_iterable(rows)
            if row["document"] in documents
        }

    def files(self, name: str) -> list[str]:
        """The Parquet files of a frame, as paths or URLs."""
        self._check()
        where = folder(self.processed)
        named = [stored.name for stored in self._stored(name)]
        return [where.path(one) if where.is_local else where.fs.unstrip_protocol(where.path(one)) for one in named]

    def count_rows(self) -> dict[str, int]:
        """Rows of each frame in the tables, without reading them."""
        return {name: self.listing.rows(name) for name in STORED}

    def _stored(self, name: str) -> list[storage.Stored]:
        if name == "entities":
            return [self.listing.entities] if self.listing.entities else []
        return [stored for _, stored in sorted(self.listing.files[name].items())]

    def _check(self) -> None:
        now = storage.read_list(folder(self.processed))
        if now is None or now.fingerprint != self.fingerprint:
            raise BudgetkitError(f"{self.processed}: changed since the corpus was loaded; load or build it again")

    def _frame(self, name: str) -> pd.DataFrame:
        if name not in self._kept:
            frame = self._read(name)
            by_path = name == "documents" and "path" in frame
            self._kept[name] = frame.sort_values("path", kind="stable", ignore_index=True) if by_path else frame
        return self._kept[name]

    def _read(self, name: str) -> pd.DataFrame:
        import pyarrow as pa

        self._check()
        target, wanted = folder(self.processed), self._columns(name)
        known = [column.name for column in frames.spec(name).columns]
        conditions = {column: values for column, values in self.where.items() if column in known}
        if name not in ("documents", "entities") and len(conditions) < len(self.where):
            conditions["document"] = list(self._documents())
        needed = list(dict.fromkeys([*wanted, *conditions]))
        tables = [_fitting(storage.read_table(target, stored, needed), conditions) for stored in self._stored(name)]
        if not tables:
            return frames.make(name, [])[wanted]
        frame = frames.from_arrow(name, pa.concat_tables(tables).select(wanted))
        return frame if len(wanted) < len(known) else frames.conform(name, frame)

    def _columns(self, name: str) -> list[str]:
        known = [column.name for column in frames.spec(name).columns]
        chosen = self.columns.get(name)
        return known if chosen is None else [column for column in known if column in chosen]

    def _documents(self) -> set[str]:
        """The documents that fit what is asked of documents."""
        known = {column.name for column in frames.spec("documents").columns}
        where = {column: values for column, values in self.where.items() if column in known}
        return set(Corpus(self.processed, self.listing, {"documents": ["document"]}, where).documents["document"])

    to_excel = export.to_excel
    to_csv = export.to_csv
    to_datapackage = export.to_datapackage

    def __repr__(self) -> str:
        counts = Corpus(self.processed, self.listing, {"documents": ["status"]}).documents["status"]
        states = [f"{count} {status}" for status, count in counts.value_counts(sort=False).items() if count]
        rows = ", ".join(f"{count} {name}" for name, count in self.count_rows().items())
        return f"Corpus({str(self.processed)!r}: {rows}; documents: {', '.join(states) or 'none'})"

    def _repr_html_(self) -> str:
        from budgetkit.display.cards import corpus_card

        return corpus_card(self)


def _fitting(table: Any, conditions: Where) -> Any:
    """The rows of a table in which each column has one of the values asked for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for column, values in conditions.items():
        cells = table[column]
        if pa.types.is_dictionary(cells.type):
            cells = cells.cast(pa.string())
        listed = pa.array([value for value in _listed(values) if not is_na(value)], cells.type)
        fits = pc.is_in(cells, value_set=listed)
        if any(is_na(value) for value in _listed(values)):
            fits = pc.or_(fits, pc.is_null(cells))
        table = table.filter(fits)
    return table


def _listed(values: Any) -> list[Any]:
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]


def load(
    processed: str | os.PathLike[str] = "data/processed",
    *,
    columns: Mapping[str, Sequence[str]] | None = None,
    where: Where | None = None,
) -> Corpus:
    """The corpus that `build` made before. Nothing is read before a frame is asked for.

    Parameters
    ----------
    processed : path or URL
        The folder that `build` wrote to.
    columns : mapping of str to sequence of str, optional
        The columns of frames that are read, in place of all: `{"facts": ["document", "code", "amount"]}`.
    where : mapping, optional
        The rows that are read: column and value, or values. What a frame has no column for is asked of its documents,
        so that `{"kind": "budget", "place": "650105"}` gives all frames of those documents.

    Raises
    ------
    BudgetkitError
        When there is no corpus, or one of another version of budgetkit (building again mends that).
    SpecError
        When a frame or column is unknown.

    Examples
    --------
    >>> import budgetkit as bk
    >>> bk.load("data/processed", where={"fiscal_year": 2024}).facts  # doctest: +SKIP
    """
    try:
        listing = storage.read_list(folder(processed))
    except NotADirectoryError:
        listing = None
    if listing is None:
        raise BudgetkitError(f"{processed}: no corpus here, or one of another version; build it first")
    for name, chosen in (columns or {}).items():
        _check_columns(chosen, [column.name for column in frames.spec(name).columns], name)
    every = {column.name for name in (*STORED, "entities") for column in frames.spec(name).columns}
    _check_columns(where or {}, sorted(every), "where")
    return Corpus(shown(processed), listing, columns or {}, where or {})


def _check_columns(chosen: Iterable[str], known: Sequence[str], place: str) -> None:
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        raise SpecError(f"{place}: unknown column {', '.join(unknown)}; known are {', '.join(known)}")


def problems(documents: pd.DataFrame, most: int = 3) -> str:
    """What is partial or failed and why, as one line; "" when all is well.

    >>> problems(frames.make("documents", [{"document": "a", "status": "failed", "reason": "a.pdf: empty file"}]))
    '1 failed: a.pdf: empty file'
    """
    told = []
    for status in ("failed", "partial"):
        rows = documents[documents["status"] == status]
        if len(rows):
            first = rows.head(most)
            # what failed is named by its error
            names = first["document"] + ": " if status == "partial" else ""
            reasons = names + first["reason"].str[:160]
            more = f"; and {len(rows) - most} more (documents.reason)" if len(rows) > most else ""
            told.append(f"{len(rows)} {status}: {'; '.join(reasons)}{more}")
    return "; ".join(told)
