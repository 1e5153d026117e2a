"""pdfium, one call at a time: it is not safe for threads, so all of the package takes this lock around its calls."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

from budgetkit.errors import UnreadableDocument

#: held around every stretch of calls; a thread may take it again
LOCK = threading.RLock()
_PASSWORD, _SECURITY = 4, 5


@contextmanager
def opened(raw: Any, data: bytes, name: str) -> Iterator[Any]:
    """A document, opened without a password, and closed at the end.

    Raises UnreadableDocument when it is damaged or asks for a password.
    """
    # pdfium does not copy: the bytes must live as long as the document, as they do here
    with LOCK:
        document = raw.FPDF_LoadMemDocument64(data, len(data), None)
        if not document:
            raise UnreadableDocument(f"{name}: {_reason(raw.FPDF_GetLastError())}")
    try:
        yield document
    finally:
        with LOCK:
            raw.FPDF_CloseDocument(document)


def decrypted(raw: Any, document: Any, most: int) -> bytes:
    """The file of an encrypted document as it would be without encryption, as far as `most` bytes of it and a bit."""
    written = bytearray()

    def write(_: Any, block: Any, size: int) -> int:
        written.extend(ctypes.string_at(block, size))
        return len(written) <= most

    fields = dict(raw.FPDF_FILEWRITE._fields_)
    file = raw.FPDF_FILEWRITE(version=1, WriteBlock=fields["WriteBlock"](write))
    with LOCK:
        raw.FPDF_SaveAsCopy(document, ctypes.byref(file), raw.FPDF_REMOVE_SECURITY)
    return bytes(written)


def _reason(code: int) -> str:
    if code in (_PASSWORD, _SECURITY):
        return "the PDF is encrypted and asks for a password"
    return "not a PDF that can be read: damaged or cut off"


#: what is asked of every character and object of a page, and takes no time itself
_GETTERS = """
FPDFPage_GetObject FPDFPage_CountObjects FPDFPageObj_GetType FPDFPageObj_GetBounds FPDFPageObj_GetFillColor
FPDFPageObj_GetStrokeColor FPDFPageObj_HasTransparency FPDFPageObj_GetMatrix FPDFPageObj_GetClipPath
FPDFPageObj_CountMarks FPDFPageObj_SetIsActive FPDFTextObj_GetTextRenderMode FPDFFormObj_CountObjects
FPDFFormObj_GetObject FPDFPath_GetDrawMode FPDFPath_CountSegments FPDFPath_GetPathSegment FPDFPathSegment_GetPoint
FPDFPathSegment_GetType FPDFPathSegment_GetClose FPDFClipPath_CountPaths FPDFClipPath_CountPathSegments
FPDFClipPath_GetPathSegment FPDFText_GetUnicode FPDFText_GetLooseCharBox FPDFText_GetCharOrigin FPDFText_GetCharAngle
FPDFText_GetTextObject FPDFText_GetText
"""


#: what the getters take for an address, of an object or of a place to write to
pointer = ctypes.c_void_p.from_param


def handle(of: Any) -> Any:
    """A handle that pypdfium2 gave, as the getters take it, which costs less than the handle itself."""
    return pointer(ctypes.cast(of, ctypes.c_void_p).value)


@cache
def calls() -> SimpleNamespace:
    """`pypdfium2.raw` with its getters as plain functions.

    Getters give handles as integers, and take them, and the addresses to write to, as `pointer` makes them of such:
    the wrappers of pypdfium2 make a Python object of every handle, and with types of arguments each argument is
    converted anew, which takes longer than the call. The getters keep the lock of the interpreter.
    """
    import pypdfium2.raw as raw

    def plain(kind: Any) -> Any:
        return ctypes.c_void_p if isinstance(kind, type) and issubclass(kind, ctypes._Pointer) else kind

    found = dict(vars(raw))
    for name in _GETTERS.split():
        call = found[name]
        found[name] = ctypes.PYFUNCTYPE(plain(call.restype))(ctypes.cast(call, ctypes.c_void_p).value or 0)
    return SimpleNamespace(**found)
