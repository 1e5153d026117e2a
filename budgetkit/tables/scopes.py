"""What the rows of a block belong to: a balance, a nature, an item or a list of counts that stands above them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from budgetkit import lexicon
from budgetkit.lexicon import Meaning
from budgetkit.tables import columns
from budgetkit.tables.coordinates import BALANCES
from budgetkit.tables.labels import RowLabel

#: ordinals by how they are printed, the highest level first
_ORDINALS = (
    re.compile(r"([一二三四五六七八九十]+)[、.．]"),
    re.compile(r"[（(]([一二三四五六七八九十]+)[）)]"),
    re.compile(r"(\d{1,2})[、.．](?!\d)"),
    re.compile(r"[（(](\d{1,2})[）)]"),
)


class Scope(NamedTuple):
    """What rows below belong to: a balance (一般公共预算拨款 under 上年结转), or a nature by the levels of ordinals."""

    told: Meaning | None = None
    #: level and number of its ordinal, of the row above it where it is its 其中; level 0 without one
    level: int = 0
    number: int = 0
    #: level and number of the last ordinal
    last: tuple[int, int] = (0, 0)
    #: whether a balance stands above
    any_balance: bool = False
    #: the nature of a row such as 一、基本支出, for rows of lower ordinals, and its level
    nature: str | None = None
    nature_level: int = 0

    def within(self, name: str, told: Meaning, total: bool) -> Meaning:
        """What a row says where this scope is in force."""
        if self.nature and ordinal(name)[0] > self.nature_level and not told.nature and told.flow not in BALANCES:
            told = told._replace(nature=self.nature)
        if self.told is None or total or self._ends(name) or told.flow in BALANCES or not (told.fund or told.nature):
            return told
        if self.told.flow == "use_of_reserves" and told.origin == "carried_forward":
            # 上年结转 beside 使用非财政拨款结余, not below it
            return told
        return lexicon.refine(self.told, told)[0]._replace(flow=self.told.flow, unread=told.unread)

    def after(self, name: str, told: Meaning, total: bool) -> Scope:
        """The scope of the rows below a row."""
        balance = told.flow in BALANCES or told.origin == "carried_forward"
        level, number = ordinal(name)
        if level:
            self = self._replace(last=(level, number))
        if level and not total and level <= (self.nature_level or level):
            natured = told.nature if not balance else None
            self = self._replace(nature=natured, nature_level=level if natured else 0)
        if self.told is not None and balance and not total and not self._ends(name) and told.flow == self.told.flow:
            return self
        if balance:
            own = self.last if name.startswith("其中") else (level, number)
            return self._replace(told=told, level=own[0], number=own[1], any_balance=True)
        if total or self._ends(name):
            return self._replace(told=None, level=0, number=0)
        return self

    def _ends(self, name: str) -> bool:
        level, number = ordinal(name)
        return bool(level and self.level) and (level, -number) < (self.level, -self.number)


@lru_cache(maxsize=1 << 12)
def ordinal(name: str) -> tuple[int, int]:
    """Level and number of a label's ordinal; (0, 0) without one."""
    for level, pattern in enumerate(_ORDINALS, 1):
        match = pattern.match(name)
        if match:
            return level, int(match[1]) if match[1].isdigit() else _number(match[1])
    return 0, 0


def _number(printed: str) -> int:
    tens, found, ones = printed.rpartition("十")
    digits = "一二三四五六七八九"
    value = 10 * (digits.find(tens) + 1 or 1) if found else 0
    return value + (digits.find(ones) + 1 if ones else 0)


class Grouped(NamedTuple):
    """A row that names a project over rows whose texts all stand right of that name: what is bought for it."""

    project: str | None = None
    #: the column of its name
    column: int = 0

    def over(self, label: RowLabel, project: str | None, ends: bool) -> Grouped:
        """The group that a row stands in, or that it begins."""
        first, last = label.reach
        if project:
            return Grouped(project, last)
        return Grouped() if ends or first <= self.column else self


class Listed(NamedTuple):
    """What stands over the rows of a table of items (“三公”经费, 机构运行信息): an item, or a list of counts."""

    item: str | None = None
    #: levels of the ordinals of the item and of the head of the counts; 0 where there is none
    item_level: int = 0
    count_level: int = 0

    def counts(self, name: str) -> bool:
        """Whether a row counts things: it says so, or stands below one that does."""
        level = ordinal(name)[0]
        below = bool(self.count_level) and (level > self.count_level or name.startswith("其中"))
        return below or columns.is_count(name)

    def over(self, name: str) -> str | None:
        """The item that a row of a lower ordinal stands below."""
        return self.item if self.item and ordinal(name)[0] > self.item_level else None

    def after(self, name: str, items: tuple[str, ...]) -> Listed:
        """What stands over the rows below a row."""
        level = ordinal(name)[0]
        if not level:
            return self
        found = self
        if level <= (self.item_level or level):
            found = found._replace(item=items[0] if len(items) == 1 else None, item_level=level)
        if level <= (self.count_level or level):
            found = found._replace(count_level=level if columns.is_count(name) else 0)
        return found
