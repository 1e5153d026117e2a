"""The processed folder: a part for each document's content, the consolidated tables, and the lock of a build.

    processed/.documents/<sha256>-<parser version>/<frame>.parquet    parts, each folder whole or not there
    processed/<frame>.parquet                                         what `load` reads
    processed/.lock                                                   held by the build that is running

A part knows nothing of the file's name, so that a file may move without being read again; the tables do. Each table
carries the fingerprint of the build that wrote it, so that tables of two builds are not taken for one corpus.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from budgetkit import frames
from budgetkit.errors import BudgetkitError, SpecError
from budgetkit.version import PARSER_VERSION

#: frames that a document has and a corpus stores; findings are computed from them
STORED = ("documents", "facts", "statements", "projects", "project_funds", "indicators", "leftovers")
_FINGERPRINT = b"budgetkit.fingerprint"
#: beginning of the names of the folders in which tables are written
_TABLES = ".tables-"
#: rows that are held in memory before they are written
_BATCH = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a corpus, as the consolidated tables will have it."""

    document: str
    path: str
    sha256: str | None
    #: folder of its part; None when there is none
    part: Path | None
    #: why there is none
    reason: str | None = None


def failed_rows(name: str, entry: Entry) -> list[dict[str, Any]]:
    """What a frame has of a document that could not be read: one row of documents, and nothing else."""
    if name != "documents":
        return []
    row = {"document": entry.document, "path": entry.path, "sha256": entry.sha256, "reason": entry.reason}
    return [{**row, "status": "failed", "parser_version": PARSER_VERSION}]


def part_path(processed: Path, sha256: str, version: str = PARSER_VERSION) -> Path:
    """Folder of the part of a content."""
    return processed / ".documents" / f"{sha256}-{version}"


def write_part(part: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the frames of one document, all or none: they are written beside and moved when complete."""
    part.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=part.parent, prefix="."))
    try:
        for name in STORED:
            frames.to_parquet(name, tables[name], temporary / f"{name}.parquet")
        try:
            temporary.replace(part)
        except OSError:
            # another worker had the same content and was faster
            if not part.is_dir():
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def prune_parts(processed: Path, keep: Iterable[Path]) -> None:
    """Remove parts that no document uses, and what a killed build left half written."""
    kept = set(keep)
    folder = processed / ".documents"
    for path in folder.iterdir() if folder.is_dir() else ():
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)
    for path in processed.glob(f"{_TABLES}*"):
        shutil.rmtree(path, ignore_errors=True)


def fingerprint(entries: Sequence[Entry]) -> str:
    """What the tables of these documents depend on, as a hash."""
    # a part that was made anew is another part, though its content and version are the same
    listed = [(e.document, e.path, e.sha256, e.reason, e.part and e.part.stat().st_mtime_ns) for e in entries]
    return hashlib.sha256(repr((PARSER_VERSION, listed)).encode("utf-8", "backslashreplace")).hexdigest()


def table_path(processed: Path, name: str) -> Path:
    """File of a consolidated table."""
    return processed / f"{name}.parquet"


def consolidate(processed: Path, entries: Sequence[Entry]) -> str:
    """Write the tables of all documents and return their fingerprint; nothing is written when they are up to date.

    All tables are written beside before the first is replaced, a row group for some hundred documents, so that memory
    does not grow with the corpus.
    """
    mark = fingerprint(entries)
    if all(read_fingerprint(table_path(processed, name)) == mark for name in STORED):
        return mark
    with tempfile.TemporaryDirectory(dir=processed, prefix=_TABLES) as folder:
        for name in STORED:
            _write_table(Path(folder) / name, name, entries, mark)
        for name in STORED:
            (Path(folder) / name).replace(table_path(processed, name))
    return mark


def read_fingerprint(path: Path) -> str | None:
    """The fingerprint in a table's metadata; None when there is no such table or it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return None
    mark = metadata.get(_FINGERPRINT)
    return None if mark is None else str(mark, "ascii")


def count_rows(path: Path) -> int:
    """Number of rows of a table, from its metadata alone."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


@contextmanager
def locked(processed: Path) -> Iterator[None]:
    """Hold the folder's lock; the system releases it with the process, however that ends.

    Raises
    ------
    BudgetkitError
        When another build holds it, or the folder cannot be written to.
    """
    try:
        file = (processed / ".lock").open("a+b")
    except OSError as error:
        raise BudgetkitError(f"{processed}: the folder cannot be written to ({error.strerror})") from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            raise BudgetkitError(f"{processed}: another build is writing here; wait until it is done") from error
        yield


def _lock(file: Any) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _write_table(target: Path, name: str, entries: Sequence[Entry], mark: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = frames.arrow_schema(name)
    schema = schema.with_metadata({**schema.metadata, _FINGERPRINT: mark.encode()})
    with pq.ParquetWriter(target, schema) as writer:
        waiting: list[Any] = []
        for entry in entries:
            waiting.append(_table(name, entry))
            if sum(table.num_rows for table in waiting) >= _BATCH:
                writer.write_table(pa.concat_tables(waiting).cast(schema))
                waiting = []
        writer.write_table(pa.concat_tables([frames.to_arrow(name, frames.make(name, [])), *waiting]).cast(schema))


def _table(name: str, entry: Entry) -> Any:
    """The rows of one document in one table, under the document's id, path and hash."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if entry.part is None:
        return frames.to_arrow(name, frames.make(name, failed_rows(name, entry)))
    path = entry.part / f"{name}.parquet"
    try:
        table = pq.ParquetFile(path).read()
    except (OSError, pa.ArrowInvalid) as error:
        raise SpecError(f"{path}: cannot be read ({error}); remove its folder and build again") from error
    named = {"document": entry.document}
    if name == "documents":
        named |= {"path": entry.path, "sha256": entry.sha256 or ""}
    for column, value in named.items():
        index = table.schema.get_field_index(column)
        table = table.set_column(index, table.schema.field(index), pa.array([value] * table.num_rows, pa.string()))
    return table
