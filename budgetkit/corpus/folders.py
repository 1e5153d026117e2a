"""Folders on this machine and in object stores, alike: what a build needs of them, by fsspec."""

from __future__ import annotations

import contextlib
import os
import posixpath
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from budgetkit.errors import BudgetkitError, SpecError

#: beginning of the names of files that are being written
TEMPORARY = ".tmp-"


@dataclass(frozen=True)
class Folder:
    """One folder; names within it have "/" between."""

    #: as fsspec takes it: a path, or a URL (s3://bucket/folder, memory://folder)
    url: str

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        import fsspec
        import fsspec.core

        if "://" not in self.url:
            # taken as it is: a path may hold what means something in a URL
            return fsspec.filesystem("file"), self.url
        return fsspec.core.url_to_fs(self.url)  # type: ignore[no-any-return]

    @property
    def fs(self) -> Any:
        """The file system."""
        return self._opened[0]

    @property
    def is_local(self) -> bool:
        """Whether it lies on a disk of this machine, where names are paths."""
        protocol = self.fs.protocol
        return "file" in ((protocol,) if isinstance(protocol, str) else protocol)

    @property
    def is_shared(self) -> bool:
        """Whether other processes see the same files."""
        protocol = self.fs.protocol
        return "memory" not in ((protocol,) if isinstance(protocol, str) else protocol)

    def path(self, name: str = "") -> str:
        """Path of a name for the file system."""
        return posixpath.join(self._opened[1], name) if name else self._opened[1]

    def exists(self, name: str = "") -> bool:
        """Whether there is such a file or folder."""
        return bool(self.fs.exists(self.path(name)))

    def read(self, name: str) -> bytes:
        """All bytes of a file."""
        return bytes(self.fs.cat_file(self.path(name)))

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all."""
        target = self.path(name)
        if not self.is_local:
            # an object is there when it is complete
            self.fs.pipe_file(target, data)
            return
        folder, last = os.path.split(target)
        os.makedirs(folder, exist_ok=True)
        temporary = os.path.join(folder, f"{TEMPORARY}{uuid.uuid4().hex}-{last[-40:]}")
        try:
            Path(temporary).write_bytes(data)
            os.replace(temporary, target)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(temporary)

    def sizes(self, name: str) -> dict[str, int]:
        """The files in a folder and its subfolders with their bytes, by name within this folder; none when missing."""
        try:
            found = self.fs.find(self.path(name), detail=True)
        except FileNotFoundError:
            return {}
        root = self.path().rstrip("/") + "/"
        return {path.removeprefix(root): int(info["size"] or 0) for path, info in found.items()}

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with contextlib.suppress(FileNotFoundError):
            self.fs.rm_file(self.path(name))

    def make(self) -> None:
        """Make the folder when it is missing.

        Raises
        ------
        BudgetkitError
            When that cannot be done.
        """
        try:
            self.fs.makedirs(self.path(), exist_ok=True)
        except OSError as error:
            raise BudgetkitError(f"{self.url}: the folder cannot be made ({error.strerror or error})") from error


def folder(path: str | os.PathLike[str]) -> Folder:
    """The folder of a path or URL."""
    if not isinstance(path, str | os.PathLike):
        raise SpecError(f"expected the path of a folder, not {type(path).__name__}")
    where = os.fspath(path)
    return Folder(where if "://" in where else os.path.abspath(where))


def shown(path: str | os.PathLike[str]) -> Path | str:
    """A path as users see it: a `Path` of this machine, or the URL."""
    where = os.fspath(path)
    return where if "://" in where else Path(where)


@contextlib.contextmanager
def locked(target: Folder) -> Iterator[None]:
    """Keep other builds out of a folder; on this machine the system lets go with the process, however that ends.

    Raises BudgetkitError when another build holds it, or the folder cannot be written to.
    """
    hold = _file_lock if target.is_local else _object_lock
    with hold(target):
        yield


@contextlib.contextmanager
def _file_lock(target: Folder) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(target.path(".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BudgetkitError(f"{target.url}: another build is writing here; wait until it is done") from error
    except OSError as error:
        raise BudgetkitError(f"{target.url}: the folder cannot be written to ({error.strerror})") from error
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _object_lock(target: Folder) -> Iterator[None]:
    """An object in place of a lock: nothing lets go of it for a build that was killed."""
    if target.exists(".lock"):
        raise BudgetkitError(
            f"{target.url}: another build is writing here, or one was killed; when none is running remove "
            f"{target.path('.lock')}"
        )
    target.write(".lock", b"held")
    try:
        yield
    finally:
        target.remove(".lock")
