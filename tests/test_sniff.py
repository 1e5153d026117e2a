"""The format is told from content alone."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from budgetkit.readers.sniff import sniff


def package(*names: str, mimetype: str | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def container(*streams: str) -> bytes:
    """An OLE2 file with empty streams below its root: header, one FAT sector, one or more directory sectors."""
    names = ("Root Entry", *streams)
    sectors = -(-len(names) // 4)
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    fat = struct.pack("<128I", *(chain + [0xFFFFFFFF] * (128 - len(chain))))
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *([0xFFFFFFFF] * 108))
    directory = bytearray(sectors * 512)
    for number, name in enumerate(names):
        encoded = name.encode("utf-16-le")
        right = number + 1 if 0 < number < len(names) - 1 else 0xFFFFFFFF
        child = 1 if number == 0 and len(names) > 1 else 0xFFFFFFFF
        directory[number * 128 : number * 128 + len(encoded)] = encoded
        struct.pack_into("<H", directory, number * 128 + 64, len(encoded) + 2)
        struct.pack_into("<3I", directory, number * 128 + 68, 0xFFFFFFFF, right, child)
    return bytes(header) + fat + bytes(directory)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b" \r\n\x00\x00", "empty"),
        (b"%PDF-1.4\n", "pdf"),
        (b"\x00" * 900 + b"%PDF-1.7\n", "pdf"),
        (b"x" * 2000 + b"%PDF-1.7\n", "text"),
        (b"<!DOCTYPE html><html><body>%PDF-1.4</body></html>", "html"),
        (b"\xef\xbb\xbf\r\n<!-- c --><HTML>", "html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html>', "html"),
        ("<html><body>部门预算</body></html>".encode("gb18030"), "html"),
        ("<html><body>部门预算</body></html>".encode("utf-16"), "html"),
        (b"<table><tr><td>1</td></tr></table>", "html"),
        ("部门预算\n合计 1,234.50 万元\n".encode(), "text"),
        ("部门预算\n合计 1,234.50 万元\n".encode("gb18030"), "text"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n<html>", "mhtml"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "spreadsheetml"),
        (package("[Content_Types].xml", "XL/Workbook.xml"), "xlsx"),
        (package("word\\document.xml"), "docx"),
        (container("WORKBOOK"), "xls"),
        (b"{\\rtf1 a}", "rtf"),
        (b"\x89PNG\r\n\x1a\n\x00", "image"),
        (b"\xff\xd8\xff\xe0\x00", "image"),
        (b"GIF89a\x01", "image"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c\x00", "7z"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (bytes(range(256)) * 8, "binary"),
        (package("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (package("[Content_Types].xml", "word/document.xml"), "docx"),
        (package("[Content_Types].xml", "xl/workbook.bin"), "xlsb"),
        (package("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (package("OFD.xml"), "ofd"),
        (package("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (package("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "odt"),
        (package("a.pdf"), "zip"),
        (package("[Content_Types].xml", "xl/workbook.xml")[:-40], "xlsx"),
        (b"PK\x03\x04", "zip"),
        (container("Workbook"), "xls"),
        (container("Book", "\x05SummaryInformation"), "xls"),
        (container("1Table", "Data", "\x05SummaryInformation", "x", "WordDocument"), "doc"),
        (container("EncryptionInfo", "EncryptedPackage"), "encrypted-office"),
        (container("PowerPoint Document"), "ppt"),
        (container("Contents"), "ole"),
        (container("Workbook")[:40] + "Workbook\x00".encode("utf-16-le"), "xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    ],
)
def test_sniff(data, expected):
    assert sniff(data) == expected
