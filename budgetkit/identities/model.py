"""The values of identities: a sum or an equality of printed amounts, and why it may prove nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Doubt(StrEnum):
    """Why a difference proves nothing."""

    #: amounts beside, of which it is not known what they mean
    UNREAD = "unread"
    #: the columns or rows of the table do not add up this way elsewhere either
    READING = "reading"
    #: one part only is printed: others may be left out
    ALONE = "alone"
    #: lines that no coordinate tells apart, and no other column to prove how they add up
    REPEATED = "repeated"
    #: all columns lack something: rows are left out, by design or by mistake
    LEFT_OUT = "left out"


class Identity(NamedTuple):
    """An amount that must be equal to a sum of others; numbers are indices of `Amounts`."""

    #: "equal" (printed elsewhere), "sum", "balance" (收入总计 = 支出总计) or "change" (本年 - 上年)
    kind: str
    #: the coordinates along which a sum goes, joined by "+"; "" for the others
    along: str
    parent: int
    children: tuple[int, ...]
    #: what is taken away: the prior year of a change
    less: tuple[int, ...]
    #: parent less the sum, in fen
    difference: int
    #: twice what the printed digits allow, in fen: one half of each last digit
    tolerance2: int
    #: why a difference would prove nothing; None when it would
    doubt: Doubt | None = None

    @property
    def holds(self) -> bool:
        """Whether it adds up within the printed digits."""
        return 2 * abs(self.difference) <= self.tolerance2

    @property
    def fails(self) -> bool:
        """Whether it does not, and no doubt excuses it."""
        return not self.holds and self.doubt is None

    @property
    def members(self) -> tuple[int, ...]:
        """All amounts that take part, the parent first."""
        return (self.parent, *self.children, *self.less)
