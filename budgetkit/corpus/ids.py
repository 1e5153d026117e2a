"""Ids of documents, from the names of their files, which may hold anything."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

#: what no file's name may hold on one system or another
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\u2028\u2029\u200e\u200f\u202a-\u202e]')
#: names that are devices on Windows, whatever comes behind the dot
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
#: bytes of one part of an id; systems allow 255, and an ending comes behind
_LONGEST = 200


def ids(files: Sequence[tuple[str, str | None]]) -> list[str]:
    """Give each file the shortest of its candidates that no other file has.

    `files`: path in the folder with "/", and hash. Each id can be a path within a folder: without what leads out
    of it, controls, reserved names and long ones.

    >>> ids([("2023/report.pdf", "ab"), ("2024/report.pdf", "cd"), ("../nul.pdf", "ef")])
    ['2023/report', '2024/report', 'nul_']
    """
    ladders = [_candidates(relative, sha256) for relative, sha256 in files]
    steps = [0] * len(ladders)
    while True:
        chosen = [ladder[step] for ladder, step in zip(ladders, steps, strict=True)]
        counts = Counter(name.casefold() for name in chosen)
        shared = [i for i, n in enumerate(chosen) if counts[n.casefold()] > 1 and steps[i] < len(ladders[i]) - 1]
        if not shared:
            return _numbered(chosen)
        for i in shared:
            steps[i] += 1


def _candidates(relative: str, sha256: str | None) -> tuple[str, ...]:
    """Ids from the shortest to the most distinct: stem, with parent folder, with hash, the whole path."""
    path = PurePosixPath(relative)
    parent = f"{path.parent.name}/{path.stem}" if path.parent.name else path.stem
    listed = (path.stem, parent, f"{parent}-{(sha256 or 'unread')[:8]}", relative)
    return tuple(_safe(one) for one in listed)


def _safe(name: str) -> str:
    parts = [_safe_part(part) for part in name.split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "_"


def _safe_part(part: str) -> str:
    safe = _FORBIDDEN.sub("_", part).rstrip(". ") or "_"
    match = _RESERVED.fullmatch(safe)
    if match:
        safe = f"{match[1]}_{match[2] or ''}"
    encoded = safe.encode("utf-8", "replace")
    if len(encoded) <= _LONGEST:
        return safe
    return f"{encoded[: _LONGEST - 9].decode('utf-8', 'ignore')}-{hashlib.sha256(encoded).hexdigest()[:8]}"


def _numbered(chosen: Sequence[str]) -> list[str]:
    """Number what is equal all the same: paths that differ only in what an id cannot hold."""
    seen: Counter[str] = Counter()
    numbered = []
    for name in chosen:
        seen[name.casefold()] += 1
        count = seen[name.casefold()]
        numbered.append(name if count == 1 else f"{name} ({count})")
    return numbered
