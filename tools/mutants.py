"""Damaged copies of a file, the same at every run: what a reader must end with is a result or a BudgetkitError."""

from __future__ import annotations

import base64
import io
import random
import re
import zipfile
import zlib
from xml.sax.saxutils import escape

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
#: what readers of words and figures may stumble over
WORDS = (
    *(
        "9" * 400,
        "1" * 16,
        "1,234.5.6",
        "-",
        "%",
        "0",
        "１２３",
        "1e9",
        "+-1",
        "十百千万亿",
        "万元",
        "亿元",
        "（",
        "）",
        "“",
        "。",
    ),
    *(
        "\t" * 40,
        "\n" * 20,
        " " * 300,
        "\f",
        "\u3000",
        "\u200b",
        "\ufeff",
        "\x01",
        "\U0001f600",
        "其中：",
        "一、",
        "1." * 50,
    ),
    *(
        "合计",
        "类款项",
        "2080505",
        "2080505-",
        "[208]",
        "上年结转",
        "单位：元",
        "9999年",
        "0000年",
        "完成年初预算的",
        "增加",
        "较上年",
    ),
    *("<td colspan=999999>", "<table>", "</tr>", "<!--", "&#999999999;", "<td rowspan=-1>", "]]>"),
)
_STREAM = re.compile(
    rb"<<([^<>]*/Filter \[ /ASCII85Decode /FlateDecode \][^<>]*)>>\s*stream\r?\n(.*?)endstream", re.DOTALL
)


def mutate(data: bytes, seed: int) -> bytes:
    """A damaged copy of a file; of a zip, mostly one whose members are damaged and whose sums agree.

    >>> mutate(b"abcdefgh", 1) == mutate(b"abcdefgh", 1)
    True
    """
    draw = random.Random(seed)
    if data.startswith(b"PK") and draw.random() < 0.8:
        return _repacked(data, draw)
    if data.startswith(b"%PDF") and draw.random() < 0.7:
        return _redrawn(data, draw)
    return _reworded(data, draw) if draw.random() < 0.8 else _damaged(data, draw)


def _reworded(data: bytes, draw: random.Random) -> bytes:
    """Text whose characters change places or give way to words at which readers stumble."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return _damaged(data, draw)
    for _ in range(draw.choice((1, 2, 8, 40, 200))):
        at, length = draw.randrange(len(text) + 1), draw.choice((1, 1, 3, 20, 200))
        other = draw.randrange(len(text) + 1)
        new = draw.choice(("", text[other : other + length], draw.choice(WORDS), draw.choice(WORDS)))
        text = text[:at] + new + text[at + draw.choice((0, length)) :]
    return text.encode(encoding)


def _redrawn(data: bytes, draw: random.Random) -> bytes:
    """A PDF of which what is drawn is damaged, not how it is packed; its table of places is wrong then."""
    streams = [found for found in _STREAM.finditer(data) if b"/Length1" not in found[1]]
    if not streams:
        return _damaged(data, draw)
    chosen = draw.choice(streams)
    drawn = zlib.decompress(base64.a85decode(chosen[2].strip().removesuffix(b"~>")))
    changed = (_reworded if draw.random() < 0.5 else _damaged)(drawn, draw)
    packed = zlib.compress(changed)
    head = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    return data[: chosen.start()] + head + packed + b"\nendstream" + data[chosen.end() :]


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
        members[name] = draw.choice((_marked_up, _reworded, _damaged))(members[name], draw)
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
    texts = list(re.finditer(rb">([^<>]+)<", data))
    for found in sorted(draw.sample(texts, min(len(texts), draw.choice((0, 1, 20)))), key=lambda one: -one.start()):
        data = data[: found.start(1)] + escape(draw.choice(WORDS)).encode() + data[found.end(1) :]
    return data
