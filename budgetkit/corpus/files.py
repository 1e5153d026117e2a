"""The files of a raw folder and the ids that their documents get."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from budgetkit.errors import BudgetkitError

#: names in lower case of files that are no documents
_NO_DOCUMENTS = ("manifest.csv", "thumbs.db", "desktop.ini", "license", "license.txt", "license.md")
#: beginnings in lower case of such names: hidden, lock of an open Office document, about the folder
_NO_BEGINNINGS = (".", "~$", "readme")
#: ends in lower case of such names: downloads in progress
_NO_ENDS = (".tmp", ".part", ".crdownload", ".download")


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file of the raw folder."""

    path: Path
    #: relative to the raw folder, with "/"; bytes that are no UTF-8 replaced
    relative: str
    #: id of its document, unique in the folder
    document: str = ""
    #: SHA-256 of its bytes; None when they cannot be read
    sha256: str | None = None
    #: why the bytes cannot be read
    problem: str | None = None


def list_files(raw: Path, *, without: Path | None = None) -> tuple[RawFile, ...]:
    """List the documents of a folder and its subfolders with their hashes and ids, in order of their paths.

    Every regular file counts but hidden ones (and those in hidden folders), `manifest.csv`, `README*`, `LICENSE`,
    `Thumbs.db`, `desktop.ini`, lock files of Office (`~$*`) and downloads in progress (`*.tmp`, `*.part`,
    `*.crdownload`, `*.download`). Links to folders are not followed.

    Parameters
    ----------
    raw : Path
        The folder.
    without : Path, optional
        A folder to leave out, should it lie inside.

    Raises
    ------
    BudgetkitError
        When `raw` is missing or no folder, naming it.
    """
    if not raw.is_dir():
        raise BudgetkitError(f"{raw}: {'not a folder' if raw.exists() else 'no such folder'}")
    paths = sorted(_walk(raw, without.resolve() if without else None), key=lambda path: path.relative_to(raw).parts)
    return _with_ids([_hashed(raw, path) for path in paths])


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _walk(folder: Path, without: Path | None) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise BudgetkitError(f"{error.filename}: the folder cannot be listed ({error.strerror})") from error

    for top, folders, files in os.walk(folder, onerror=fail):
        here = Path(top)
        folders[:] = [name for name in folders if not name.startswith(".") and (here / name).resolve() != without]
        yield from (here / name for name in files if _is_document(name) and (here / name).is_file())


def _is_document(name: str) -> bool:
    lower = name.lower()
    return not (lower in _NO_DOCUMENTS or lower.startswith(_NO_BEGINNINGS) or lower.endswith(_NO_ENDS))


def _hashed(raw: Path, path: Path) -> RawFile:
    # a name that is no UTF-8 cannot be stored in a table
    relative = os.fsencode(path.relative_to(raw).as_posix()).decode("utf-8", "replace")
    try:
        return RawFile(path, relative, sha256=file_hash(path))
    except OSError as error:
        return RawFile(path, relative, problem=f"{relative}: the file cannot be opened ({error.strerror})")


def _with_ids(files: Sequence[RawFile]) -> tuple[RawFile, ...]:
    """Give each file the shortest of its candidates that no other file has."""
    ladders = [_candidates(file) for file in files]
    steps = [0] * len(files)
    while True:
        ids = [ladder[step] for ladder, step in zip(ladders, steps, strict=True)]
        counts = Counter(ids)
        shared = [i for i, name in enumerate(ids) if counts[name] > 1 and steps[i] < len(ladders[i]) - 1]
        if not shared:
            break
        for i in shared:
            steps[i] += 1
    return tuple(replace(file, document=name) for file, name in zip(files, _numbered(ids), strict=True))


def _candidates(file: RawFile) -> tuple[str, ...]:
    """Ids from the shortest to the most distinct: stem, with parent folder, with hash, the whole path."""
    relative = PurePosixPath(file.relative)
    parent = f"{relative.parent.name}/{relative.stem}" if relative.parent.name else relative.stem
    return relative.stem, parent, f"{parent}-{(file.sha256 or 'unread')[:8]}", file.relative


def _numbered(ids: Sequence[str]) -> list[str]:
    """Number what is equal all the same: paths that differ only in bytes that are no UTF-8."""
    seen: Counter[str] = Counter()
    numbered = []
    for name in ids:
        seen[name] += 1
        numbered.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return numbered
