"""Bytes to text, whatever encoding Chinese documents use and whatever they declare."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: declared names that stand for encodings other than GB18030 and UTF-8 whose bytes can be told
_OTHERS = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "shift_jis": "shift_jis", "euc-kr": "euc_kr"}
#: what Chinese documents are written with
_WRITTEN = re.compile(r"[\t\r\n -~\u00a0-\u00ff\u2010-\u266f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_SAMPLE = 1 << 16


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of bytes; what fits no encoding becomes U+FFFD.

    A byte order mark settles the matter; then UTF-16 without one, told by its zero bytes; then UTF-8, since bytes that
    are UTF-8 by chance are none in practice; then a declared encoding of another script; then GB18030, of which GB2312
    and GBK are parts. A declaration of a western encoding says nothing: every sequence of bytes fits it.

    `declared`: the name that the document gives, e.g. in a `meta` element.

    >>> decode("预算".encode("gbk"), "iso-8859-1"), decode("<p>1,234.00</p>预算".encode("utf-16-le"))
    ('预算', '<p>1,234.00</p>预算')
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    wide = wide_order(data[:_SAMPLE])
    if wide:
        return data.decode(wide, "replace")
    other = _OTHERS.get((declared or "").lower())
    for encoding in filter(None, ("utf-8", other, "gb18030")):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    texts = [data.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")]
    return min(texts, key=lambda text: text.count("\ufffd"))


def wide_order(sample: bytes) -> str | None:
    """Which UTF-16 bytes without a mark are: their even or their odd places hold the zeros of ASCII.

    >>> wide_order("1,234.00 万元".encode("utf-16-be")), wide_order("1,234.00".encode())
    ('utf-16-be', None)
    """
    half = len(sample) // 2
    if half < 8:
        return None
    even, odd = sample[0 : half * 2 : 2].count(0), sample[1 : half * 2 : 2].count(0)
    # ideographs have zeros too (一 is 4E00), but few
    if max(even, odd) * 20 < half or min(even, odd) * 4 > max(even, odd):
        return None
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    text = sample[: half * 2].decode(encoding, "replace")
    return encoding if len(_WRITTEN.findall(text)) * 10 >= len(text) * 9 else None
