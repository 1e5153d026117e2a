"""Tell the format of a file from its content; names and extensions lie."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from budgetkit.readers.encodings import wide_order

#: leading bytes that settle the matter
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"{\\rtf", "rtf"),
)
#: a part that only this kind of package holds, in lower case: names differ in case between producers
_PARTS = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("ofd.xml", "ofd"),
)
#: content types of main parts, for packages that name their parts otherwise
_CONTENT_TYPES = re.compile(
    rb"(?P<xlsb>sheet\.binary)|(?P<xlsx>(?:spreadsheetml\.|ms-excel\.)(?:sheet|template)\S{0,40}main\+xml)"
    rb"|(?P<docx>(?:wordprocessingml\.|ms-word\.)(?:document|template)\S{0,40}main\+xml)"
    rb"|(?P<pptx>presentationml\.|ms-powerpoint\.)",
    re.I,
)
#: what is looked at of a part that names the others
_MOST_TYPES = 1 << 20
#: roots of markup that has a reader of its own
_XML_ROOTS = (
    (re.compile(r"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet"), "spreadsheetml"),
    (re.compile(r"<(?:\w+:)?document\b[^>]*opendocument:xmlns:office"), "odf"),
    (re.compile(r"<(?:\w+:)?wordDocument\b"), "wordml"),
    (re.compile(r"<(?:\w+:)?package\b[^>]*/2006/xmlPackage"), "flat-opc"),
)
_ODF_KIND = re.compile(r"office:mimetype=[\"']application/vnd\.oasis\.opendocument\.(\w+)")
_OPEN_DOCUMENT = {"spreadsheet": "ods", "text": "odt", "presentation": "odp"}
_STREAMS = (
    ("encryptedpackage", "encrypted-office"),
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LEAD_IN = re.compile(r"\A(?:\s+|<!--.*?-->|<\?xml[^>]*\?>)+", re.DOTALL)
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|span|script|style|center|h[1-6])\b", re.I
)
_MHTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version:|Content-Type:)", re.I
)
_ARCHIVED = re.compile(
    rb"multipart/(?:related|mixed|alternative)|content-location:|^content-type:\s*text/html", re.I | re.M
)
#: control characters that text does not need
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 65536


def sniff(data: bytes) -> str:
    """The format of a file, from its first bytes and, for containers, from the parts they hold.

    Returns "pdf", "html", "mhtml", "xls", "xlsx", "spreadsheetml" (2003), "ods", "docx", "odt", "doc" (Word 97) or
    "text" for what budgetkit reads; "xlsb", "rtf", "wordml" (2003) and "flat-opc" for what LibreOffice converts where
    it is there; "empty", "encrypted-office" (password), "ppt", "pptx", "odp", "ofd", "ole", "xml", "image", "zip",
    "gzip", "rar", "7z" or "binary" for what it does not read.

    >>> sniff(b"%PDF-1.7 ..."), sniff("<html><body>部门预算".encode()), sniff(b"")
    ('pdf', 'html', 'empty')
    """
    if not data.strip(b"\x00 \t\r\n\f\v"):
        return "empty"
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _sniff_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(data)
    # readers of PDF accept junk before the header, and some servers write it
    if b"%PDF-" in data[:1024] and not data.lstrip().startswith(b"<"):
        return "pdf"
    return _sniff_text(data)


def _sniff_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = {info.filename.replace("\\", "/").lower(): info for info in package.infolist()}
            mimetype, types = (
                package.open(members[name]).read(_MOST_TYPES) if name in members else b""
                for name in ("mimetype", "[content_types].xml")
            )
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error):
        # damaged: the names that are left still tell what it was, so that its reader can say so
        return next((kind for part, kind in _PARTS if part.encode() in data), "zip")
    for part, kind in _PARTS:
        if part in members:
            return kind
    for word, kind in _OPEN_DOCUMENT.items():
        if f"opendocument.{word}".encode() in mimetype:
            return kind
    told = _CONTENT_TYPES.search(types)
    return told.lastgroup or "zip" if told else "zip"


def _sniff_ole(data: bytes) -> str:
    try:
        names = {name.lower() for name in _root_streams(data)}
    except (struct.error, IndexError):
        names = set()
    if not names:
        # damaged directory: look for the names anywhere
        lower = data.lower()
        names = {name for name, _ in _STREAMS if f"{name}\x00".encode("utf-16-le") in lower}
    return next((kind for name, kind in _STREAMS if name in names), "ole")


def _root_streams(data: bytes) -> Iterator[str]:
    """Names of the entries directly below the root of an OLE2 container (embedded objects lie deeper)."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        return
    size = 1 << shift
    fat_sectors = [sector for sector in struct.unpack_from("<109I", data, 76) if sector < 0xFFFFFFFA]
    fat = [entry for sector in fat_sectors for entry in struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)]
    directory = bytearray()
    sector = struct.unpack_from("<I", data, 48)[0]
    seen: set[int] = set()
    while sector < 0xFFFFFFFA and sector not in seen:
        seen.add(sector)
        directory += data[(sector + 1) * size : (sector + 2) * size]
        sector = fat[sector]
    pending = [struct.unpack_from("<I", directory, 76)[0]]
    visited: set[int] = set()
    while pending:
        number = pending.pop()
        if number in visited or (number + 1) * 128 > len(directory):
            continue
        visited.add(number)
        length = struct.unpack_from("<H", directory, number * 128 + 64)[0]
        yield directory[number * 128 : number * 128 + max(length - 2, 0)].decode("utf-16-le", "replace")
        pending += struct.unpack_from("<2I", directory, number * 128 + 68)


def _sniff_text(data: bytes) -> str:
    text = _decode(data[:_SAMPLE])
    if text is None:
        return "binary"
    if _MHTML.match(data) and _ARCHIVED.search(data[:_SAMPLE]):
        return "mhtml"
    if marked := _sniff_markup(text[:4096]):
        return marked
    lead_in = _LEAD_IN.match(text)
    start = text[lead_in.end() if lead_in else 0 :].lstrip("\ufeff \t\r\n")
    if _HTML.match(start):
        return "html"
    if text.lstrip("\ufeff \t\r\n").startswith("<?xml"):
        return "xml"
    # a page may open with words of a server or a template
    return "html" if re.search(r"<(?:!doctype html|html|body|table)\b", text[:4096], re.I) else "text"


def _sniff_markup(text: str) -> str | None:
    """Office documents in one file of markup; None for all other text."""
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return None
    kind = next((kind for root, kind in _XML_ROOTS if root.search(text)), None)
    if kind != "odf":
        return kind
    told = _ODF_KIND.search(text)
    return _OPEN_DOCUMENT.get(told[1], "xml") if told else "xml"


def _decode(sample: bytes) -> str | None:
    """The sample as text, or None when it is none in any of the encodings that Chinese documents use."""
    boms = [encoding for bom, encoding in _BOMS if sample.startswith(bom)]
    wide = wide_order(sample)
    for encoding in boms or [wide] if wide else boms or ["utf-8", "gb18030"]:
        # the sample may end within a character
        for cut in range(4):
            try:
                text = sample[: len(sample) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return text if _is_text(text) else None
    # pages declare one encoding and hold stray bytes of another; without control characters that is still text
    text = sample.decode("gb18030", "replace")
    return text if _is_text(text) and text.count("\ufffd") * 50 < len(text) else None


def _is_text(text: str) -> bool:
    """Whether there are no more control characters than a damaged page may hold; in binary data they are a tenth."""
    return len(_CONTROL.findall(text)) * 100 <= len(text)
