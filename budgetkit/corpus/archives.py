"""Archives of a raw folder: their members are documents like files; an Office file is none, though it is a zip.

Nothing is unpacked under the names that an archive gives.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from budgetkit.limits import DEFAULT

#: members of a zip by which it is a document of an office suite, an e-book or a program
_DOCUMENT_MARKS = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF")
#: beginnings of what tar may be packed in
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that one archive may hold, with the archives in it."""

    #: bytes of all members
    total_bytes: int = 1 << 33
    member_bytes: int = DEFAULT.file_bytes
    members: int = 50_000
    #: archives within archives
    depth: int = 3


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive."""

    #: its path in the archive, with "/"; that of an archive within stands before its own members
    name: str
    data: bytes = b""
    #: why there are no bytes
    problem: str | None = None


@dataclass
class _Count:
    members: int = 0
    bytes: int = 0


class _TooMuch(Exception):
    """An archive holds more than it may."""


def is_archive(file: BinaryIO) -> bool:
    """Whether a file that can be sought in is an archive of files."""
    head = file.read(8)
    file.seek(257)
    has_tar_mark = file.read(5) == b"ustar"
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _is_plain_zip(file)
    if not (has_tar_mark or head.startswith(_PACKED)):
        return False
    try:
        with tarfile.open(fileobj=file, mode="r:*"):
            return True
    except (tarfile.TarError, OSError, EOFError, ValueError):
        return False
    finally:
        file.seek(0)


def _is_plain_zip(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        file.seek(0)
    return not any(mark in names for mark in _DOCUMENT_MARKS)


def members(file: BinaryIO, bounds: Bounds | None = None) -> Iterator[Member]:
    """The files of an archive, and those of the archives in it.

    What holds too much ends with a member whose problem says so; what was given before stands.

    `file`: for which `is_archive` holds; `bounds`: the most that it may hold.
    """
    bounds, count = bounds or Bounds(), _Count()
    try:
        yield from _members(file, "", bounds, count, 1)
    except _TooMuch as error:
        yield Member("", problem=f"too large: {error}")
    except (zipfile.BadZipFile, tarfile.TarError, OSError, EOFError, ValueError, NotImplementedError) as error:
        yield Member("", problem=f"damaged archive ({type(error).__name__}: {error})")


def _members(file: BinaryIO, prefix: str, bounds: Bounds, count: _Count, depth: int) -> Iterator[Member]:
    listed = _of_zip(file, bounds, count) if file.read(2) == b"PK" else _of_tar(file, bounds, count)
    file.seek(0)
    for member in listed:
        inner = io.BytesIO(member.data)
        if member.problem is not None or not is_archive(inner):
            yield Member(prefix + member.name, member.data, member.problem)
        elif depth >= bounds.depth:
            yield Member(prefix + member.name, problem=f"an archive within {depth} others is not opened")
        else:
            yield from _members(inner, f"{prefix}{member.name}/", bounds, count, depth + 1)


def _of_zip(file: BinaryIO, bounds: Bounds, count: _Count) -> Iterator[Member]:
    # names that are marked as no UTF-8 come from Chinese systems
    with zipfile.ZipFile(file, metadata_encoding="gb18030") as packed:
        for entry in packed.infolist():
            if entry.is_dir() or not (name := _clean(entry.filename)):
                continue
            if entry.flag_bits & 1:
                yield Member(name, problem="encrypted in its archive")
                continue
            with packed.open(entry) as opened:
                yield Member(name, _read(opened, name, bounds, count))


def _of_tar(file: BinaryIO, bounds: Bounds, count: _Count) -> Iterator[Member]:
    with tarfile.open(fileobj=file, mode="r:*") as packed:
        for entry in packed:
            # links and devices are no files
            if entry.isreg() and (name := _clean(entry.name)) and (opened := packed.extractfile(entry)):
                yield Member(name, _read(opened, name, bounds, count))


def _read(opened: object, name: str, bounds: Bounds, count: _Count) -> bytes:
    most = min(bounds.member_bytes, bounds.total_bytes - count.bytes)
    data: bytes = opened.read(most + 1)  # type: ignore[attr-defined]
    count.members += 1
    count.bytes += len(data)
    if len(data) > most:
        raise _TooMuch(f"{name} makes it more than {most:,} bytes")
    if count.members > bounds.members:
        raise _TooMuch(f"more than {bounds.members:,} files")
    return data


def _clean(name: str) -> str:
    """A path without what would lead out of a folder."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))
