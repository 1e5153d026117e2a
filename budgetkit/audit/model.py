"""The values of the audit: printed figures, sums that must hold, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

#: integer steps that a yuan, a point or a fraction is counted in; a fen is one step of money
MONEY, POINTS, RATE = 100, 10_000, 100_000_000


class Place(NamedTuple):
    """Where a figure is printed; `row` and `col` are 0 in prose and in performance forms."""

    page: int
    row: int = 0
    col: int = 0


class Evidence(NamedTuple):
    """One thing that a finding rests on, as it is told and as it is found again."""

    place: Place
    #: in Chinese: what it is, or the text itself
    what: str
    printed: str = ""
    #: frame and row of the document, or what else names the figure; None for a text
    source: tuple[str, int] | None = None

    @property
    def text(self) -> str:
        """The line that a reader sees."""
        page, row, col = self.place
        where = (f"第{page}页" if page else "") + (f"第{row}行" if row else "") + (f"第{col}列" if col else "")
        return f"{where} {self.what}：{self.printed}" if self.printed else f"{where} {self.what}"

    @property
    def reference(self) -> str:
        """Where it is found again: "facts 12", "statements 3", else "page 5"."""
        known = self.source is not None and self.source[0] in ("facts", "statements")
        return f"{self.source[0]} {self.source[1]}" if known and self.source else f"page {self.place.page}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure in integer steps; two figures are the same when frame and index are."""

    #: frame and row: ("facts", 12)
    source: tuple[str, int]
    value: int
    #: worth of the last printed digit
    quantum: int
    printed: str
    place: Place
    #: what it is, in Chinese, for the evidence
    what: str
    scale: int = MONEY
    #: table of a fact, 0 elsewhere
    table: int = 0
    #: what figures share that one mistake would make wrong together; empty: the figure stands alone
    cause: tuple[object, ...] = ()
    #: sentence of a statement
    sentence: str = ""

    @property
    def amount(self) -> float:
        """The value in yuan, points or as a fraction."""
        return self.value / self.scale

    @property
    def root(self) -> tuple[object, ...]:
        """By what a mistake in it is known."""
        return self.cause or self.source

    @property
    def evidence(self) -> Evidence:
        """The figure as evidence."""
        return Evidence(self.place, self.what, self.printed, self.source)


class Term(NamedTuple):
    """One addend of a sum."""

    weight: int
    figure: Figure


@dataclass(frozen=True)
class Equation:
    """A figure that must be equal to a weighted sum of others (勾稽关系)."""

    rule: str
    actual: Figure
    terms: tuple[Term, ...]
    form: str | None = None
    code: str | None = None
    name: str | None = None
    #: why a difference would prove nothing; empty when it would
    doubt: str = ""
    #: twice what the printed digits allow; None: one half of each figure's last digit
    allowed2: int | None = None

    @cached_property
    def expected(self) -> int:
        """The sum of the terms."""
        return sum(term.weight * term.figure.value for term in self.terms)

    @property
    def difference(self) -> int:
        """The figure less the sum."""
        return self.actual.value - self.expected

    @property
    def tolerance2(self) -> int:
        """Twice what the printed digits allow: one half of each figure's last digit."""
        if self.allowed2 is not None:
            return self.allowed2
        return self.actual.quantum + sum(abs(term.weight) * term.figure.quantum for term in self.terms)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures, the checked one first."""
        return (self.actual, *(term.figure for term in self.terms))

    @property
    def status(self) -> str:
        """pass, rounding or fail, whatever the doubts."""
        if self.difference == 0:
            return "pass"
        return "rounding" if 2 * abs(self.difference) <= self.tolerance2 else "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one place."""

    rule: str
    status: str
    message: str
    form: str | None = None
    code: str | None = None
    name: str | None = None
    expected: float | None = None
    actual: float | None = None
    difference: float | None = None
    tolerance: float | None = None
    page: int | None = None
    evidence: tuple[Evidence, ...] = ()
    #: overrides the rule's severity
    severity: str | None = None
    #: tables it was made from, for doubts
    tables: frozenset[int] = field(default=frozenset())
    #: all codes that it names, where they are several
    codes: frozenset[str] = frozenset()
    #: figures that may be wrong, with the error that would explain it
    suspects: tuple[tuple[tuple[object, ...], int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as the specification states it."""

    id: str
    #: error, warning or note
    severity: str
    #: Chinese; fields in braces are filled by the template
    message: str
    #: why it must hold
    reason: str
    #: documents it holds for; empty: all
    kinds: tuple[str, ...] = ()
    #: forms it is narrowed to; empty: all that it names
    forms: tuple[str, ...] = ()
    enabled: bool = True
