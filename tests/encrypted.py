"""PDFs encrypted under an empty password, as offices protect what they publish: anyone may read them."""

from __future__ import annotations

import hashlib
import re

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_OBJECT = re.compile(rb"^(\d+) 0 obj\n(.*?)\nendobj$", re.DOTALL | re.MULTILINE)
_STREAM = re.compile(rb"(.*\nstream\n)(.*)(\nendstream)$", re.DOTALL)


def rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    other = 0
    for at in range(256):
        other = (other + box[at] + key[at % len(key)]) % 256
        box[at], box[other] = box[other], box[at]
    made, at, other = bytearray(), 0, 0
    for byte in data:
        at = (at + 1) % 256
        other = (other + box[at]) % 256
        box[at], box[other] = box[other], box[at]
        made.append(byte ^ box[(box[at] + box[other]) % 256])
    return bytes(made)


def encrypted(plain: bytes) -> bytes:
    """A file made by `raw_pdf` with its streams encrypted (version 1, 40 bits), under an empty password."""
    owner = rc4(hashlib.md5(_PAD).digest()[:5], _PAD)
    key = hashlib.md5(_PAD + owner + (0xFFFFFFFC).to_bytes(4, "little") + b"0").digest()[:5]
    objects = [match[2] for match in _OBJECT.finditer(plain)]
    made = []
    for number, body in enumerate(objects, 1):
        own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
        found = _STREAM.match(body)
        made.append(found[1] + rc4(own, found[2]) + found[3] if found else body)
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(made, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(made) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    said = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (
        owner.hex().encode(),
        rc4(key, _PAD).hex().encode(),
    )
    ids = b"/ID [<30> <30>]"
    out += b"trailer\n<< /Size %d /Root 1 0 R /Encrypt %s %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(made) + 1,
        said,
        ids,
        start,
    )
    return bytes(out)
