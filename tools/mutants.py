"""Damaged copies of a file, the same at every run: what a reader must end with is a result or a BudgetkitError."""

from __future__ import annotations

import io
import random
import zipfile

#: values at which sizes and counts go wrong
_EDGES = (
    b"\x00",
    b"\xff",
    b"\x00\x00",
    b"\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x00\x00\x00\x80",
    b"999999999",
    b"-1",
    b"1e999",
)


def mutate(data: bytes, seed: int) -> bytes:
    """A damaged copy of a file; of a zip, mostly one whose members are damaged and whose sums agree.

    >>> mutate(b"abcdefgh", 1) == mutate(b"abcdefgh", 1)
    True
    """
    draw = random.Random(seed)
    if data.startswith(b"PK") and draw.random() < 0.8:
        return _repacked(data, draw)
    return _damaged(data, draw)


def _damaged(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 4, 16, 64))):
        if not changed:
            break
        at = draw.randrange(len(changed))
        length = draw.choice((1, 2, 4, 16, 256))
        kind = draw.randrange(6)
        if kind == 0:
            changed[at] ^= 1 << draw.randrange(8)
        elif kind == 1:
            edge = draw.choice(_EDGES)
            changed[at : at + len(edge)] = edge
        elif kind == 2:
            del changed[at : at + length]
        elif kind == 3:
            changed[at:at] = changed[at : at + length] * draw.choice((1, 2, 50))
        elif kind == 4:
            other = draw.randrange(len(changed))
            changed[at : at + length] = changed[other : other + length]
        else:
            changed[at : at + length] = draw.randbytes(length)
    if draw.random() < 0.1:
        del changed[draw.randrange(len(changed) + 1) :]
    return bytes(changed)


def _repacked(data: bytes, draw: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    names = sorted(members)
    heavy = [name for name in names if len(members[name]) > 400] or names
    for name in draw.choices(heavy, k=draw.choice((1, 1, 1, 3))):
        members[name] = _marked_up(members[name], draw) if draw.random() < 0.5 else _damaged(members[name], draw)
    if draw.random() < 0.1:
        del members[draw.choice(names)]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stream.getvalue()


def _marked_up(data: bytes, draw: random.Random) -> bytes:
    """Markup that is still well formed: values of attributes and texts changed for extreme ones."""
    quotes = [at for at in range(len(data)) if data[at : at + 2] == b'="']
    for at in sorted(draw.sample(quotes, min(len(quotes), draw.choice((1, 3, 10)))), reverse=True):
        end = data.find(b'"', at + 2)
        value = draw.choice(
            (b"0", b"-1", b"4294967296", b"999999", b"XFD1048576", b"", b"x" * 500, b"1", b"\xe5\x85\x83")
        )
        data = data[: at + 2] + value + data[end:]
    return data
