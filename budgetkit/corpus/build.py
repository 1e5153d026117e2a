"""The build: a folder of documents, read in parallel, into the tables of a corpus."""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from budgetkit import frames
from budgetkit.corpus import cluster, decisions, entities, parts
from budgetkit.corpus import files as listing
from budgetkit.corpus import pool as processes
from budgetkit.corpus import store as storage
from budgetkit.corpus.collection import Corpus, load
from budgetkit.corpus.folders import Folder, folder, locked, shown
from budgetkit.display.progress import progress
from budgetkit.errors import BudgetkitError, SpecError, UnreadableDocument
from budgetkit.version import PARSER_VERSION

__all__ = ["Corpus", "build", "build_with", "load"]

#: what workers call by default; tests name a cheaper one
_READ = "budgetkit.document.reading:read"


@dataclass(frozen=True, slots=True)
class _Task:
    """One content to read, by a worker."""

    #: folder and name of its bytes
    folder: str
    name: str
    #: path relative to the raw folder, for messages
    relative: str
    sha256: str
    processed: str
    #: "module:name" of the function that reads
    read: str


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A file as the reader takes it: its bytes, and what to call it."""

    name: str
    data: bytes

    def read(self) -> bytes:
        """All of it."""
        return self.data


def build(
    raw: str | os.PathLike[str] = "data/raw",
    processed: str | os.PathLike[str] = "data/processed",
    *,
    workers: int | None = None,
    client: Any = None,
) -> Corpus:
    """Read every document of a folder and its subfolders and keep the frames as Parquet files.

    A document is read again only when its bytes or the parser's version have changed; one that is gone from `raw`
    goes from the frames. One that cannot be read, or whose reader dies or takes more than half an hour, becomes a row
    of `documents` with status "failed" and the reason, and the rest goes on; a reader that died is tried again by the
    next build. A build that is killed loses only the documents under way.

    Every regular file is a document but hidden ones, `manifest.csv`, `README*`, `LICENSE`, `Thumbs.db`, `desktop.ini`,
    lock files of Office (`~$*`), downloads in progress (`*.tmp`, `*.part`, `*.crdownload`, `*.download`), notebooks,
    Parquet files, and all in a folder that a build has written to. The files in archives (zip, tar, also within one
    another) are documents too. A folder without any gives empty frames, with a warning.

    Parameters
    ----------
    raw : path or URL
        The folder with the documents. A URL is what fsspec takes: `s3://bucket/folder` needs the package s3fs.
    processed : path or URL
        The folder for the frames; made when missing. `entities.toml` in it joins or parts entities by hand.
    workers : int, optional
        Number of processes; by default one for each core.
    client : optional
        A `dask.distributed.Client`, or another object with `submit(function, argument)` that gives a future, to read
        with instead of own processes. Its workers must see both folders under the same paths.

    Returns
    -------
    Corpus
        `documents.document` is the file's stem, with its folder (`2024/report`) and then the beginning of its hash
        where several files have the stem; `documents.path` is relative to `raw`.

    Raises
    ------
    BudgetkitError
        When `raw` is no folder or holds the tables of a build, another build is writing to `processed`, or `processed`
        cannot be written to.
    SpecError
        When `workers` is less than 1, or `entities.toml` contradicts itself or the documents.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as raw, tempfile.TemporaryDirectory() as processed:
    ...     corpus = build(raw, processed)
    ...     len(corpus.documents), len(corpus.facts)
    (0, 0)
    """
    return build_with(_READ, raw, processed, workers=workers, client=client)


def build_with(
    read: str,
    raw: str | os.PathLike[str],
    processed: str | os.PathLike[str],
    *,
    workers: int | None = None,
    client: Any = None,
) -> Corpus:
    """As `build`, with another reader: "module:name" of a function from a binary file to an object with the frames."""
    if workers is not None and workers < 1:
        raise SpecError(f"workers must be at least 1, not {workers}")
    source, target = folder(raw), folder(processed)
    if source.exists(storage.LIST):
        raise BudgetkitError(
            f"{source.url}: holds the tables of a build and no documents; build(raw, processed) takes the folder of "
            "the documents first, and load() opens tables"
        )
    if source.url.rstrip("/") == target.url.rstrip("/"):
        raise SpecError(f"{source.url}: raw and processed are one folder; the tables need one of their own")
    seen = listing.read_seen(target, source)
    files, seen = listing.list_files(source, without=target, known=seen)
    if not files:
        warnings.warn(f"{source.url}: there is no document in this folder", stacklevel=3)
    target.make()
    with locked(target):
        try:
            made = _built(files, source, target, _Way(read, workers or _cores(), client))
            listing.write_seen(target, source, seen)
        except OSError as error:
            raise BudgetkitError(
                f"{target.url}: cannot be written ({error.strerror or error}); what was read is kept, build again"
            ) from error
        return Corpus(shown(processed), made)


@dataclass(frozen=True, slots=True)
class _Way:
    """How documents are read."""

    read: str
    workers: int
    client: Any


def _built(files: Sequence[listing.RawFile], source: Folder, target: Folder, way: _Way) -> storage.Listing:
    """Read what is not in the tables yet, and bring the tables to what the files are."""
    chosen = decisions.read(target)
    decisions.check_used(chosen, (file.document for file in files), target.url)
    before = storage.read_list(target)
    old = storage.whole(target, before or storage.Listing())
    if before:
        # what a killed build left would stand in the way of a full disk
        storage.clean(target, before)
    known = {row["sha256"]: row for row in storage.index(target, old) if row["parser_version"] == PARSER_VERSION}
    for sha256 in parts.pending(target):
        known |= _told_by_part(target, sha256)
    needed = list({file.sha256: file for file in files if file.sha256 and file.sha256 not in known}.values())
    results = _read_all(needed, source, target, way)
    problems = {sha256: result for sha256, result in results.items() if isinstance(result, str)}
    known |= {sha256: result for sha256, result in results.items() if not isinstance(result, str)}
    made = storage.consolidate(target, old, _entries(files, known, problems), chosen, parts.pending(target))
    made = entities.keep(target, old, made, chosen.joined)
    if before is None or made != before:
        storage.write_list(target, made)
    parts.drop(target, parts.pending(target))
    return made


def _told_by_part(target: Folder, sha256: str) -> dict[str, dict[str, Any]]:
    """What the index has of a document whose part is not in the tables yet; a damaged part is removed."""
    part = parts.read_part(target, sha256)
    if part is None:
        parts.drop(target, [sha256])
        return {}
    return {sha256: parts.row_of(part["documents"])}


def _read_all(
    needed: Sequence[listing.RawFile], source: Folder, target: Folder, way: _Way
) -> dict[str, dict[str, Any] | str]:
    """Read contents into parts; give by hash what `read_into_part` gave."""
    listing.unpack(source, needed, target)
    try:
        return dict(_results([_task(file, source, target, way.read) for file in needed], target, way))
    finally:
        for name in target.sizes(".members"):
            target.remove(name)


def _task(file: listing.RawFile, source: Folder, target: Folder, read: str) -> _Task:
    sha256 = file.sha256 or ""
    where = (target.url, listing.member_name(sha256)) if file.member else (source.url, file.name)
    return _Task(*where, file.relative, sha256, target.url, read)


def _entries(
    files: Sequence[listing.RawFile], known: Mapping[str, Mapping[str, Any]], problems: Mapping[str, str]
) -> list[storage.Entry]:
    """The documents as the tables will have them."""
    entries = []
    for file in files:
        problem = file.problem
        if problem is None and file.sha256 not in known:
            problem = problems.get(file.sha256 or "") or f"{file.relative}: its part is damaged; build again"
        entries.append(storage.Entry(file.document, file.relative, file.sha256, problem))
    again = decisions.duplicates(_told(entry, known.get(entry.sha256 or "")) for entry in entries)
    return [replace(entry, duplicate_of=again.get(entry.document)) for entry in entries]


def _told(entry: storage.Entry, row: Mapping[str, Any] | None) -> decisions.Told:
    if row is None:
        return decisions.Told(entry.document, entry.sha256)
    told = (row["entity_id_read"], row["fiscal_year"], row["kind"], row[parts.DIGEST])
    return decisions.Told(entry.document, entry.sha256, None if None in told else told)


def read_into_part(task: _Task) -> dict[str, Any] | str:
    """Read one document and keep its frames; what a worker does.

    Returns: what was kept as row of documents, which may say that the document cannot be read; or why nothing was kept.
    """
    import hashlib

    module, _, name = task.read.partition(":")
    try:
        data = folder(task.folder).read(task.name)
        # what is kept under a hash must be of that content
        if hashlib.sha256(data).hexdigest() != task.sha256:
            return f"{task.relative}: the file changed while it was read; build again"
        tables, passages = _frames(getattr(importlib.import_module(module), name), task, data)
        return parts.write_part(folder(task.processed), task.sha256, tables, passages)
    except Exception as error:
        # a fault of budgetkit or of the machine must cost this document only, and is not kept
        return f"{task.relative}: {type(error).__name__}: {error}"


def _frames(read: Any, task: _Task, data: bytes) -> tuple[dict[str, pd.DataFrame], parts.Passages | None]:
    try:
        disclosure = read(_Bytes(task.relative, data))
    except UnreadableDocument as error:
        # a reader of bytes knows the document by its stem
        stem = PurePosixPath(task.relative).stem
        reason = str(error).replace(f"{stem}:", f"{task.relative}:", 1) if str(error).startswith(stem) else str(error)
        rows = {name: storage.failed_rows(name, reason, PARSER_VERSION) for name in parts.STORED}
        return {name: frames.make(name, rows[name]) for name in parts.STORED}, None
    return {name: getattr(disclosure, name) for name in parts.STORED}, getattr(disclosure, "passages", None)


def _results(tasks: Sequence[_Task], target: Folder, way: _Way) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Do the tasks under a progress bar and yield hash and result."""
    with progress(len(tasks), "reading", "documents") as bar:
        for task, result in _done(tasks, target, way):
            bar.update()
            died = isinstance(result, processes.Death)
            yield task.sha256, f"{task.relative}: could not be read, {result.reason}" if died else result


def _done(tasks: Sequence[_Task], target: Folder, way: _Way) -> Iterable[tuple[_Task, Any]]:
    if way.client is not None:
        return cluster.run(way.client, read_into_part, tasks)
    if not target.is_shared or (tasks and not folder(tasks[0].folder).is_shared):
        # what is in the memory of this process is in no other's
        return ((task, read_into_part(task)) for task in tasks)
    return processes.run(f"{__name__}:{read_into_part.__name__}", tasks, workers=way.workers)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
