"""What one document may cost, so that a folder from the internet can be read unattended. All values are here."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from budgetkit.errors import UnreadableDocument


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that reading one document may take.

    The values lie far above the largest real document known (262 pages, 100,000 cells, 45 MB), and where a document
    is at them, reading takes about half a minute and less than 1.5 GB.
    """

    #: bytes of the file
    file_bytes: int = 1 << 29
    #: bytes of all that is packed in it (members of a zip, streams of a PDF)
    unpacked_bytes: int = 1 << 30
    #: pages or sheets
    pages: int = 5_000
    #: bytes of one file of markup, packed or not, whose tree is held; Word needs half a kilobyte and more for a cell
    markup_bytes: int = 1 << 26
    #: elements of such a tree in office documents; Word needs about twenty for a cell
    elements: int = 2_000_000
    #: tables, before those that go on over pages are joined
    tables: int = 10_000
    #: cells of all grids, merged ones as often as they cover
    cells: int = 250_000
    #: objects drawn on one page of a PDF, elements of a web page, or lines and tabs of a text
    objects: int = 1_000_000
    #: characters of text
    characters: int = 5_000_000
    #: characters of one line of a page or of one cell; what reads words looks back over all of it
    characters_of_a_line: int = 50_000
    #: figures outside tables
    figures: int = 500_000
    #: columns of one table; a sheet of Excel has room for no more
    columns: int = 16_384
    #: seconds from the beginning
    seconds: float = 600.0


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one document under way: what it is called, and when its reading began."""

    name: str
    limits: Limits = DEFAULT
    started: float = field(default_factory=time.monotonic)

    def hold(self, what: str, amount: float) -> None:
        """Stop when there is more of something than its limit.

        `what`: a field of `Limits`; `amount`: how much there is. Raises UnreadableDocument which names what was too
        much.

        >>> Budget("a.pdf", Limits(pages=10)).hold("pages", 11)
        Traceback (most recent call last):
        ...
        budgetkit.errors.UnreadableDocument: a.pdf: too large: 11 pages, and the limit is 10
        """
        most = getattr(self.limits, what)
        if amount > most:
            words = what.replace("_", " ")
            raise UnreadableDocument(f"{self.name}: too large: {amount:,.0f} {words}, and the limit is {most:,.0f}")

    def hold_time(self) -> None:
        """Stop when reading has taken longer than it may."""
        self.hold("seconds", time.monotonic() - self.started)
