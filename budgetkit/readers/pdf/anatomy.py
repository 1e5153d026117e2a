"""A look at the parts of a PDF file before pdfium opens it: what they unpack to, and what pdfium does not tell.

pdfium unpacks a page in one call, and a small file can make it take all memory there is: streams that unpack to
gigabytes, forms that draw forms that draw forms, clips within clips. This finds such files beforehand, from the bytes
alone. It is no parser of PDF: it looks for streams and for names, and what it cannot tell counts as harmless.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from budgetkit.limits import Budget

_STREAM = re.compile(rb"stream\r?\n")
_OBJECT = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+obj\b")
_LENGTH = re.compile(rb"/Length\s+(\d{1,12})(?!\s+\d+\s+R)")
_FILTER = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]*\]|/\w+)")
_SIDE = re.compile(rb"/(?:Width|Height|W|H)\s+(\d{1,9})")
_DRAWN = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_OTHER = re.compile(rb"/Length1\b|/Subtype|/Type\b|/FunctionType\b")
_XOBJECTS = re.compile(rb"/XObject\s*(?:<<([^>]*)>>|(\d+)\s+\d+\s+R)")
_RESOURCES = re.compile(rb"/Resources\s+(\d+)\s+\d+\s+R")
_ENTRY = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+(\d+)\s+\d+\s+R")
#: operators after each of which pdfium keeps an object, and those that nest clips
_PAINT = re.compile(rb"(?<![^\s)\]>])(?:T[jJ]|['\"]|[SsFfBb]\*?|Do|sh|EI)(?=\s|$)")
_CLIP = re.compile(rb"(?<!\S)([qQ]|W\*?)(?!\S)")
#: a dictionary is looked for in so many bytes before its stream
_DICTIONARY = 8192
#: streams up to this many packed bytes are not worth unpacking, nor contents up to this many worth counting
_SMALL, _SHORT = 1024, 1 << 20
#: part of all that may be unpacked that one stream may take
_SHARE = 4
#: clips within one another that no program writes
_CLIPS = 5_000
#: bytes to unpack at once, and the most that they may become before the next look at the budget
_BITE, _STEP = 1 << 16, 1 << 20
#: what a byte can at most become
_SWELL = 1032


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What the bytes of a PDF tell before it is opened."""

    #: whether it has layers that may be off
    layers: bool
    #: whether it is a collection of other files
    portfolio: bool
    #: whether all but the sizes of images is hidden, until it is looked at again without encryption
    encrypted: bool


@dataclass(frozen=True, slots=True)
class _Stream:
    number: int
    dictionary: bytes
    packed: memoryview
    #: where in the file it begins
    start: int

    @property
    def filters(self) -> tuple[bytes, ...]:
        found = _FILTER.search(self.dictionary)
        return tuple(re.findall(rb"/(\w+)", found[1])) if found else ()

    @property
    def is_content(self) -> bool:
        """Whether it can be what a page or form draws, as far as its dictionary tells."""
        return self.is_a(_FORM.pattern) or not self.is_a(_OTHER.pattern)

    def is_a(self, pattern: bytes) -> bool:
        return re.search(pattern, self.dictionary) is not None


def look(data: bytes, budget: Budget) -> Anatomy:
    """Look at a PDF file.

    Raises UnreadableDocument when it unpacks, or draws, more than the limits allow.
    """
    files = _File(data, budget)
    names = list(files.outside)

    def says(word: bytes) -> bool:
        return any(word in part for part in names)

    encrypted = says(b"/Encrypt")
    for stream in files.streams:
        if stream.is_a(rb"/Subtype\s*/Image\b"):
            _hold_image(stream, budget)
        elif not encrypted and stream.is_a(rb"/Type\s*/ObjStm\b"):
            names.append(files.unpacked(stream))
        elif not encrypted and stream.is_content:
            if len(stream.packed) > _SMALL:
                files.unpacked(stream)
        elif not encrypted and len(stream.packed) > files.harmless(stream):
            files.measure(stream)
    if not encrypted:
        files.hold_forms()
    return Anatomy(says(b"/OCProperties"), says(b"/Collection"), encrypted)


def _hold_image(stream: _Stream, budget: Budget) -> None:
    sides = [int(side) for side in _SIDE.findall(stream.dictionary)[:2]]
    if len(sides) == 2:
        budget.hold("unpacked_bytes", sides[0] * sides[1])


class _File:
    """The streams of a file, unpacked within a budget."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._data = data
        self._budget = budget
        self._most = budget.limits.unpacked_bytes
        self._taken = 0
        self.streams = tuple(_streams(data))
        #: contents that draw forms, by the number of the object
        self._drawing: dict[int, list[bytes]] = {}
        self._size: dict[int, int] = {}

    @property
    def outside(self) -> Iterator[bytes]:
        """The file without what is packed in its streams."""
        stop = 0
        for stream in self.streams:
            yield self._data[stop : stream.start]
            stop = stream.start + len(stream.packed)
        yield self._data[stop:]

    def harmless(self, stream: _Stream) -> float:
        """How many packed bytes cannot swell to more than one stream may take."""
        return self._most / _SHARE / _SWELL if len(stream.filters) < 2 else _SMALL

    def unpacked(self, stream: _Stream) -> bytes:
        """What is packed in a stream; "" where it is an image or packed in a way that does not swell."""
        content = b"".join(self._parts(stream))
        if stream.is_content:
            self._hold_content(stream, content)
        return content

    def measure(self, stream: _Stream) -> None:
        """Hold what is packed in a stream, without keeping it."""
        for _ in self._parts(stream):
            pass

    def _parts(self, stream: _Stream) -> Iterable[bytes | memoryview]:
        filters = stream.filters
        if any(name not in (b"FlateDecode", b"Fl", b"ASCII85Decode", b"A85") for name in filters):
            return ()
        parts: Iterable[bytes | memoryview] = (stream.packed,)
        for name in filters:
            parts = self._inflated(parts) if name in (b"FlateDecode", b"Fl") else (_plain85(b"".join(parts)),)
        return parts

    def _inflated(self, packed: Iterable[bytes | memoryview]) -> Iterator[bytes]:
        machine = zlib.decompressobj()
        size = 0
        # bite by bite: what zlib has not come to yet is copied
        for rest in (part[start : start + _BITE] for part in packed for start in range(0, len(part), _BITE)):
            while len(rest) and not machine.eof:
                try:
                    part = machine.decompress(rest, _STEP)
                except zlib.error:
                    return
                size += len(part)
                self._taken += len(part)
                self._budget.hold("unpacked_bytes", max(self._taken, size * _SHARE))
                yield part
                rest = machine.unconsumed_tail

    def _hold_content(self, stream: _Stream, content: bytes) -> None:
        """Note what a content draws, and hold what it draws by itself."""
        count = len(content) // 4
        if len(content) > _SHORT:
            count = sum(1 for _ in _PAINT.finditer(content))
            self._budget.hold("objects", count)
        if content.count(b"W") > _CLIPS:
            self._budget.hold("objects", _nested_clips(content) ** 2 // 2)
        self._size[stream.number] = count
        if b"Do" in content:
            self._drawing[stream.number] = _DRAWN.findall(content)

    def hold_forms(self) -> None:
        """Hold what comes of forms that draw forms."""
        forms = {stream.number: stream for stream in self.streams if stream.is_a(_FORM.pattern)}
        for number, stream in forms.items():
            if number not in self._size:
                self.unpacked(stream)
        for stream in self.streams:
            if stream.number not in self._size and len(stream.packed) <= _SMALL and stream.is_content:
                self.unpacked(stream)
        if not any(number in self._drawing for number in forms) and not self._much(forms):
            return
        own = {number: self._names(stream.dictionary) for number, stream in forms.items()}
        anywhere = self._anywhere
        total: dict[int, int] = {}

        def drawn(number: int, above: frozenset[int]) -> int:
            if number not in total:
                inner = above | {number}
                count = 1 if number in forms else 0
                for name in self._drawing.get(number, ()):
                    # pages name their forms in dictionaries that are not told apart: the largest of a name counts
                    parts = [own[number][name]] if name in own.get(number, {}) else anywhere.get(name, [])
                    count += max(
                        (drawn(part, inner) for part in parts if part in forms and part not in inner), default=1
                    )
                    if count > self._budget.limits.objects:
                        break
                total[number] = count + (self._size.get(number, 0) if number in forms else 0)
            return total[number]

        for number in self._drawing:
            self._budget.hold("objects", drawn(number, frozenset()))

    def _much(self, forms: dict[int, _Stream]) -> bool:
        """Whether forms that draw none can still be too much, drawn often enough."""
        most = max((self._size.get(number, 0) for number in forms), default=0)
        return any(len(names) * most > self._budget.limits.objects for names in self._drawing.values())

    def _names(self, dictionary: bytes) -> dict[bytes, int]:
        """The objects that the resources of a form name."""
        found: dict[bytes, int] = {}
        resources = _RESOURCES.search(dictionary)
        for text in (dictionary, self._objects.get(int(resources[1]), b"") if resources else b""):
            for match in _XOBJECTS.finditer(text):
                inner = match[1] if match[1] is not None else self._objects.get(int(match[2]), b"")
                found.update((name, int(number)) for name, number in _ENTRY.findall(inner))
        return found

    @cached_property
    def _anywhere(self) -> dict[bytes, list[int]]:
        found: dict[bytes, list[int]] = {}
        for text in (self._data, *self._objects.values()):
            for match in _XOBJECTS.finditer(text):
                inner = match[1] if match[1] is not None else self._objects.get(int(match[2]), b"")
                for name, number in _ENTRY.findall(inner):
                    found.setdefault(name, []).append(int(number))
        return {name: list(dict.fromkeys(numbers)) for name, numbers in found.items()}

    @cached_property
    def _objects(self) -> dict[int, bytes]:
        """The text of all objects by their numbers."""
        found: dict[int, bytes] = {}
        for match in _OBJECT.finditer(self._data):
            end = self._data.find(b"endobj", match.end())
            found[int(match[1])] = self._data[
                match.end() : min(end if end > 0 else len(self._data), match.end() + 65536)
            ]
        for stream in self.streams:
            if stream.is_a(rb"/Type\s*/ObjStm\b"):
                found.update(_packed_objects(stream.dictionary, self.unpacked(stream)))
        return found


def _streams(data: bytes) -> Iterator[_Stream]:
    view = memoryview(data)
    stop = 0
    while match := _STREAM.search(data, stop):
        start = match.end()
        if data[match.start() - 3 : match.start()] == b"end":
            stop = start
            continue
        head = max(data.rfind(b"obj", max(stop, match.start() - _DICTIONARY), match.start()), 0)
        dictionary = data[head : match.start()]
        own = re.search(rb"(\d{1,10})\s+\d{1,5}\s+$", data[max(head - 24, 0) : head])
        length = _LENGTH.search(dictionary)
        stop = start + int(length[1]) if length else -1
        if not (start <= stop <= len(data) and data.find(b"endstream", stop, stop + 32) >= 0):
            stop = data.find(b"endstream", start)
            stop = len(data) if stop < 0 else stop
        yield _Stream(int(own[1]) if own else -start, dictionary, view[start:stop], start)


def _packed_objects(dictionary: bytes, content: bytes) -> Iterator[tuple[int, bytes]]:
    first = re.search(rb"/First\s+(\d{1,9})", dictionary)
    if not first:
        return
    head = [int(word) for word in content[: int(first[1])].split() if word.isdigit()]
    places = sorted(zip(head[1::2], head[::2], strict=False))
    for (at, number), (end, _) in zip(places, [*places[1:], (len(content), 0)], strict=True):
        yield number, content[int(first[1]) + at : int(first[1]) + end]


def _nested_clips(content: bytes) -> int:
    """The most clips that stand within one another."""
    most, now, saved = 0, 0, []
    for match in _CLIP.finditer(content):
        if match[1] == b"q":
            saved.append(now)
        elif match[1] == b"Q":
            now = saved.pop() if saved else now
        else:
            now += 1
            most = max(most, now)
    return most


def _plain85(packed: bytes) -> bytes:
    try:
        return base64.a85decode(packed.strip().removeprefix(b"<~").removesuffix(b"~>"))
    except ValueError:
        return b""
