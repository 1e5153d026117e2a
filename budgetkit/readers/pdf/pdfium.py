"""pdfium, one call at a time: it is not safe for threads, so all of the package takes this lock around its calls."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from operator import index
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


class _Whole:
    """An argument that is a whole number: `c_int` makes an object of each, which takes longer than most calls."""

    from_param = index


def address(handle: Any) -> int:
    """A handle as a number, which the getters take in less time than what pypdfium2 gives."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


@cache
def calls() -> SimpleNamespace:
    """`pypdfium2.raw` with its getters as plain functions of addresses.

    Handles are integers, and what is written is given by `byref` or by address: the wrappers of pypdfium2 make a
    Python object of every handle, which takes longer than the call. The getters keep the lock of the interpreter.
    """
    import pypdfium2.raw as raw

    def plain(kind: Any) -> Any:
        return ctypes.c_void_p if isinstance(kind, type) and issubclass(kind, ctypes._Pointer) else kind

    def given(kind: Any) -> Any:
        return _Whole if kind is ctypes.c_int else plain(kind)

    found = dict(vars(raw))
    for name in _GETTERS.split():
        call = found[name]
        prototype = ctypes.PYFUNCTYPE(plain(call.restype), *map(given, call.argtypes))
        found[name] = prototype(ctypes.cast(call, ctypes.c_void_p).value or 0)
    return SimpleNamespace(**found)
