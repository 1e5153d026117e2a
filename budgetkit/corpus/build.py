"""A corpus: the frames of all documents of a folder, built in parallel and kept as Parquet."""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from budgetkit import frames
from budgetkit.corpus import files as listing
from budgetkit.corpus import pool as processes
from budgetkit.corpus import store as storage
from budgetkit.errors import BudgetkitError, SpecError, UnreadableDocument

#: what workers call by default; tests name a cheaper one
_READ = "budgetkit.document.reading:read"


@dataclass(frozen=True)
class Corpus:
    """The documents of a folder as frames, read from Parquet when first asked for.

    The frames are those of a `Disclosure`: `documents`, `facts`, `statements`, `projects`, `project_funds`,
    `indicators`, `leftovers`. Their columns are in `budgetkit.frames.describe(name)`.
    """

    #: the folder it is kept in
    processed: Path
    #: of the build that made it; two corpora with equal fingerprints hold equal frames
    fingerprint: str

    @cached_property
    def documents(self) -> pd.DataFrame:
        """One file a row (文件), those that failed too."""
        return self._read("documents")

    @cached_property
    def facts(self) -> pd.DataFrame:
        """One printed amount a row (表内数), in yuan."""
        return self._read("facts")

    @cached_property
    def statements(self) -> pd.DataFrame:
        """One figure stated in prose a row (文字说明中的数)."""
        return self._read("statements")

    @cached_property
    def projects(self) -> pd.DataFrame:
        """One performance form a row (项目绩效)."""
        return self._read("projects")

    @cached_property
    def project_funds(self) -> pd.DataFrame:
        """One line of a performance form's funds a row (项目资金)."""
        return self._read("project_funds")

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """One performance indicator a row (绩效指标)."""
        return self._read("indicators")

    @cached_property
    def leftovers(self) -> pd.DataFrame:
        """One number or page that no other frame took up a row (未识别内容)."""
        return self._read("leftovers")

    def _read(self, name: str) -> pd.DataFrame:
        path = storage.table_path(self.processed, name)
        if storage.read_fingerprint(path) != self.fingerprint:
            raise BudgetkitError(f"{path}: changed since the corpus was loaded; load or build it again")
        return frames.from_parquet(name, path)

    def count_rows(self) -> dict[str, int]:
        """Rows of each frame, without reading them."""
        return {name: storage.count_rows(storage.table_path(self.processed, name)) for name in storage.STORED}

    def to_excel(self, path: str | os.PathLike[str], **options: Any) -> Path:
        """Write one workbook, a sheet a frame; options as in `budgetkit.export.to_excel`."""
        from budgetkit.export import to_excel

        return to_excel(self, path, **options)

    def to_csv(self, folder: str | os.PathLike[str], **options: Any) -> list[Path]:
        """Write one CSV a frame, with the mark by which Excel knows UTF-8; see `budgetkit.export.to_csv`."""
        from budgetkit.export import to_csv

        return to_csv(self, folder, **options)

    def to_datapackage(self, folder: str | os.PathLike[str] | None = None, **options: Any) -> Path:
        """Describe the Parquet files in a datapackage.json beside them; see `budgetkit.export.to_datapackage`."""
        from budgetkit.export import to_datapackage

        return to_datapackage(self, folder, **options)

    def _status(self) -> str:
        counts = self.documents["status"].value_counts(sort=False)
        return ", ".join(f"{count} {status}" for status, count in counts.items() if count) or "none"

    def __repr__(self) -> str:
        rows = ", ".join(f"{count} {name}" for name, count in self.count_rows().items())
        return f"Corpus({str(self.processed)!r}: {rows}; documents: {self._status()})"

    def _repr_html_(self) -> str:
        from budgetkit.display.cards import corpus_card

        return corpus_card(self)


@dataclass(frozen=True, slots=True)
class _Task:
    """One content to read, by a worker."""

    path: str
    #: path relative to the raw folder, for messages
    relative: str
    sha256: str
    part: str
    #: "module:name" of the function that reads
    read: str


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
    lock files of Office (`~$*`) and downloads in progress (`*.tmp`, `*.part`, `*.crdownload`, `*.download`).

    Parameters
    ----------
    raw : path
        The folder with the documents.
    processed : path
        The folder for the frames; made when missing.
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
        When `raw` is no folder, or another build is writing to `processed`.
    SpecError
        When `workers` is less than 1.

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
    """As `build`, with another reader: "module:name" of a function from a path to an object with the frames."""
    if workers is not None and workers < 1:
        raise SpecError(f"workers must be at least 1, not {workers}")
    source, target = Path(raw), Path(processed)
    files = listing.list_files(source, without=target)
    _make_folder(target)
    with storage.locked(target):
        tasks = _tasks(files, target, read)
        deaths = dict(_results(tasks, workers or _cores(), client))
        entries = [_entry(file, target, deaths) for file in files]
        storage.prune_parts(target, [entry.part for entry in entries if entry.part is not None])
        return Corpus(target, storage.consolidate(target, entries))


def load(processed: str | os.PathLike[str] = "data/processed") -> Corpus:
    """The corpus that `build` made before.

    Parameters
    ----------
    processed : path
        The folder that `build` wrote to.

    Raises
    ------
    BudgetkitError
        When there is none, or a build was killed while it replaced the tables (building again mends that).
    """
    target = Path(processed)
    marks = {name: storage.read_fingerprint(storage.table_path(target, name)) for name in storage.STORED}
    missing = [name for name, mark in marks.items() if mark is None]
    if missing:
        raise BudgetkitError(f"{target}: no corpus here, {missing[0]}.parquet is missing or damaged; build it first")
    if len(set(marks.values())) > 1:
        raise BudgetkitError(f"{target}: the last build did not finish; run it again")
    return Corpus(target, str(marks["documents"]))


def read_into_part(task: _Task) -> str | None:
    """Read one document and keep its frames; what a worker does.

    Returns
    -------
    str or None
        Why nothing was kept; None when something was, which may say that the document cannot be read.
    """
    module, _, name = task.read.partition(":")
    try:
        tables = _tables(getattr(importlib.import_module(module), name), task)
        # what is kept under a hash must be of that content
        if listing.file_hash(Path(task.path)) != task.sha256:
            return f"{task.relative}: the file changed while it was read; build again"
        storage.write_part(Path(task.part), tables)
    except Exception as error:
        # a fault of budgetkit or of the machine must cost this document only, and is not kept
        return f"{task.relative}: {type(error).__name__}: {error}"
    return None


def _tables(read: Any, task: _Task) -> dict[str, pd.DataFrame]:
    try:
        disclosure = read(task.path)
    except UnreadableDocument as error:
        # the folder's place on this machine is no part of the reason
        reason = str(error).replace(task.path, task.relative)
        entry = storage.Entry("", task.relative, task.sha256, None, reason)
        return {name: frames.make(name, storage.failed_rows(name, entry)) for name in storage.STORED}
    return {name: frames.concat(name, [getattr(disclosure, name)]) for name in storage.STORED}


def _make_folder(target: Path) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BudgetkitError(f"{target}: the folder cannot be made ({error.strerror})") from error


def _tasks(files: Sequence[listing.RawFile], target: Path, read: str) -> list[_Task]:
    """The contents without a part, each once."""
    tasks: dict[str, _Task] = {}
    for file in files:
        if file.sha256 is not None and not (part := storage.part_path(target, file.sha256)).is_dir():
            where = (str(file.path.absolute()), file.relative)
            tasks.setdefault(file.sha256, _Task(*where, file.sha256, str(part.absolute()), read))
    return list(tasks.values())


def _entry(file: listing.RawFile, target: Path, problems: dict[str, str]) -> storage.Entry:
    part = storage.part_path(target, file.sha256) if file.sha256 is not None else None
    if part is not None and part.is_dir():
        return storage.Entry(file.document, file.relative, file.sha256, part)
    reason = file.problem or problems.get(file.sha256 or "") or f"{file.relative}: its part vanished; build again"
    return storage.Entry(file.document, file.relative, file.sha256, None, reason)


def _results(tasks: Sequence[_Task], count: int, client: Any) -> Iterator[tuple[str, str]]:
    """Do the tasks under a progress bar and yield the hash and reason of those that failed."""
    done = _by_client(tasks, client) if client is not None else _by_processes(tasks, count)
    with _progress(len(tasks)) as bar:
        for task, problem in done:
            bar.update()
            if problem is not None:
                yield task.sha256, problem


def _by_processes(tasks: Sequence[_Task], count: int) -> Iterator[tuple[_Task, str | None]]:
    for task, result in processes.run(f"{__name__}:{read_into_part.__name__}", tasks, workers=count):
        died = isinstance(result, processes.Death)
        yield task, f"{task.relative}: could not be read, {result.reason}" if died else result


def _by_client(tasks: Sequence[_Task], client: Any) -> Iterator[tuple[_Task, str | None]]:
    futures = [(task, client.submit(read_into_part, task)) for task in tasks]
    for task, future in futures:
        try:
            yield task, future.result()
        except Exception as error:
            # what a lost worker raises depends on the client
            yield task, f"{task.relative}: could not be read, {type(error).__name__}: {error}"


def _progress(total: int) -> Any:
    with warnings.catch_warnings():
        # without ipywidgets tqdm.auto warns and shows the bar of the terminal, which does
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm
    return tqdm(total=total, desc="reading", unit=" documents", file=sys.stderr, disable=not total)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
