"""The files of a raw folder, and of the archives in it, with their hashes and the ids that their documents get."""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from budgetkit.corpus import archives
from budgetkit.corpus.folders import Folder
from budgetkit.corpus.ids import ids
from budgetkit.errors import BudgetkitError

#: names in lower case of files that are no documents
_NO_DOCUMENTS = ("manifest.csv", "thumbs.db", "desktop.ini", "license", "license.txt", "license.md")
#: beginnings in lower case of such names: hidden, lock of an open Office document, about the folder
_NO_BEGINNINGS = (".", "~$", "readme")
#: ends in lower case of such names: downloads in progress, notebooks, tables that were made of documents
_NO_ENDS = (".tmp", ".part", ".crdownload", ".download", ".ipynb", ".parquet")
#: what lies in a folder of tables, which holds no documents
_TABLES = "corpus.json"
#: seconds within which a file may change again and keep its time
_UNSURE = 2.0


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file of the raw folder, or of an archive in it."""

    #: of the file, or of the archive that it is in, relative to the raw folder
    name: str
    #: in the archive; "" for a file that is in none
    member: str = ""
    #: id of its document, unique in the folder
    document: str = ""
    #: SHA-256 of its bytes; None when they cannot be read
    sha256: str | None = None
    #: why the bytes cannot be read
    problem: str | None = None

    @property
    def relative(self) -> str:
        """Its path relative to the raw folder, with the archive's as a folder; bytes that are no UTF-8 replaced."""
        whole = f"{self.name}/{self.member}" if self.member else self.name
        return os.fsencode(whole).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file was when it was last looked into."""

    #: bytes, and what the file system says of the last change
    stamp: tuple[int, str]
    files: tuple[RawFile, ...]


def list_files(
    raw: Folder, *, without: Folder | None = None, known: Mapping[str, Seen] | None = None
) -> tuple[tuple[RawFile, ...], dict[str, Seen]]:
    """List the documents of a folder and its subfolders with their hashes and ids, in order of their paths.

    Every regular file counts but hidden ones (and those in hidden folders), `manifest.csv`, `README*`, `LICENSE`,
    `Thumbs.db`, `desktop.ini`, lock files of Office (`~$*`), downloads in progress (`*.tmp`, `*.part`, `*.crdownload`,
    `*.download`), notebooks and Parquet files; and all in a folder that a build has written to. The members of archives
    (zip, tar) count like files. Links to folders are not followed.

    `without`: a folder to leave out, should it lie inside; `known`: what was seen before; a file that has not changed
    since is not opened. Returns the documents, and what to give as `known` the next time. Raises BudgetkitError when
    `raw` is missing or no folder, naming it.
    """
    if not raw.fs.isdir(raw.path()):
        file = "not a folder; budgetkit.read takes one document"
        raise BudgetkitError(f"{raw.url}: {file if raw.exists() else 'no such folder'}")
    found = _walk_local(raw, without) if raw.is_local else _walk_remote(raw, without)
    seen: dict[str, Seen] = {}
    sure = time.time() - _UNSURE
    listed: list[RawFile] = []
    for name, stamp, changed in sorted(found, key=lambda one: one[0].split("/")):
        before = (known or {}).get(name)
        files = before.files if before and before.stamp == stamp else tuple(_looked_into(raw, name))
        listed += files
        if changed is not None and changed < sure and not any(file.problem for file in files):
            seen[name] = Seen(stamp, files)
    named = ids([(file.relative, file.sha256) for file in listed])
    return tuple(replace(file, document=one) for file, one in zip(listed, named, strict=True)), seen


def _walk_local(raw: Folder, without: Folder | None) -> Iterator[tuple[str, tuple[int, str], float | None]]:
    """Name, stamp and time of change of each file."""

    def fail(error: OSError) -> None:
        raise BudgetkitError(f"{error.filename}: the folder cannot be listed ({error.strerror})") from error

    root = Path(raw.path())
    left_out = Path(without.path()).resolve() if without and without.is_local else None
    for top, folders, files in os.walk(root, onerror=fail):
        here = Path(top)
        if _TABLES in files:
            folders[:] = []
            continue
        folders[:] = [name for name in folders if not name.startswith(".") and (here / name).resolve() != left_out]
        for name in files:
            path = here / name
            if is_document(name) and path.is_file():
                state = path.stat()
                stamp = (state.st_size, f"{state.st_mtime_ns}-{state.st_ctime_ns}")
                yield path.relative_to(root).as_posix(), stamp, max(state.st_mtime, state.st_ctime)


def _walk_remote(raw: Folder, without: Folder | None) -> Iterator[tuple[str, tuple[int, str], float | None]]:
    raw.fs.invalidate_cache()
    root = raw.path().rstrip("/") + "/"
    left_out = without.path().rstrip("/") + "/" if without else None
    found = raw.fs.find(raw.path(), detail=True)
    tables = tuple(path.removesuffix(_TABLES) for path in found if path.endswith(f"/{_TABLES}"))
    for path, info in found.items():
        parts = path.removeprefix(root).split("/")
        hidden = any(part.startswith(".") for part in parts[:-1])
        made = path.startswith(tables) or (left_out and path.startswith(left_out))
        if not hidden and is_document(parts[-1]) and not made:
            mark = info.get("ETag") or info.get("etag") or info.get("md5Hash") or info.get("LastModified")
            # without a mark of the content it is looked into each time
            yield "/".join(parts), (int(info["size"] or 0), str(mark)), 0.0 if mark else None


def is_document(name: str) -> bool:
    """Whether a file of this name, without its folder, counts."""
    lower = name.lower()
    return not (lower in _NO_DOCUMENTS or lower.startswith(_NO_BEGINNINGS) or lower.endswith(_NO_ENDS))


def _looked_into(raw: Folder, name: str) -> Iterator[RawFile]:
    """A file with its hash, or the members of an archive with theirs."""
    try:
        with _opened(raw, name) as file:
            if not archives.is_archive(file):
                yield RawFile(name, sha256=hashlib.file_digest(file, "sha256").hexdigest())  # type: ignore[arg-type]
                return
            for member in archives.members(file):
                *above, last = member.name.split("/")
                if last and (not is_document(last) or any(part.startswith((".", "__MACOSX")) for part in above)):
                    continue
                one = RawFile(name, member.name)
                if member.problem is None:
                    yield replace(one, sha256=hashlib.sha256(member.data).hexdigest())
                else:
                    yield replace(one, problem=f"{one.relative}: {member.problem}")
    except OSError as error:
        one = RawFile(name)
        yield replace(one, problem=f"{one.relative}: the file cannot be opened ({error.strerror or error})")


def _opened(raw: Folder, name: str) -> BinaryIO:
    if raw.is_local:
        return open(raw.path(name), "rb")
    return io.BytesIO(raw.read(name))


def unpack(raw: Folder, files: Sequence[RawFile], processed: Folder) -> None:
    """Put the bytes of members of archives where workers find them, under their hashes."""
    wanted: dict[str, set[str]] = {}
    for file in files:
        if file.member and file.sha256:
            wanted.setdefault(file.name, set()).add(file.sha256)
    for name, contents in wanted.items():
        with _opened(raw, name) as opened:
            for member in archives.members(opened):
                sha256 = hashlib.sha256(member.data).hexdigest()
                if member.problem is None and sha256 in contents:
                    processed.write(member_name(sha256), member.data)


def member_name(sha256: str) -> str:
    """Where the bytes of an archive's member are in the processed folder while it is read."""
    return f".members/{sha256}"


#: name of the file that says what was seen
_SEEN = ".seen.json"


def read_seen(processed: Folder, raw: Folder) -> dict[str, Seen]:
    """What the last build saw in a raw folder; nothing when that cannot be told."""
    try:
        told = json.loads(processed.read(_SEEN))
        if told["raw"] != raw.url:
            return {}
        return {
            name: Seen((size, stamp), tuple(RawFile(name, member, sha256=sha256) for member, sha256 in files))
            for name, (size, stamp, files) in told["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_seen(processed: Folder, raw: Folder, seen: Mapping[str, Seen]) -> None:
    """Keep what was seen for the next build; names that are no text are kept as JSON keeps them."""
    files = {name: (*one.stamp, [(file.member, file.sha256) for file in one.files]) for name, one in seen.items()}
    processed.write(_SEEN, json.dumps({"raw": raw.url, "files": files}).encode())
