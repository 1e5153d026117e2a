"""The classification codes of Chinese budgets, as public documents print them.

Three code books: ``function`` (支出功能分类 类/款/项), ``economic_department`` (部门预算支出经济分类) and
``economic_government`` (政府预算支出经济分类). They list what documents of 2017-2026 printed, hence a code that is not
listed is unknown, not wrong; and years tell when a document printed a pair, not when it was in force.

>>> from budgetkit import codes
>>> codes.function.name("2010301")
'行政运行'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from budgetkit import specs
from budgetkit.errors import UnknownCode
from budgetkit.printed.widths import fold

if TYPE_CHECKING:
    import pandas as pd

SCHEMES = ("function", "economic_department", "economic_government")

#: the cached code books; `__getattr__` below loads them at first use
function: CodeBook
economic_department: CodeBook
economic_government: CodeBook


@dataclass(frozen=True, slots=True)
class Entry:
    """One pair of code and name (科目编码, 科目名称) as printed."""

    code: str
    name: str
    #: 1 类, 2 款, 3 项; economic: 1 类, 2 款
    level: int
    #: first and last budget year in which a document printed the pair
    first_seen: int
    last_seen: int
    #: how many documents printed it
    documents: int

    def distance(self, year: int) -> int:
        """Years from `year` to the nearest year in which the pair was seen; 0 inside the span."""
        return max(self.first_seen - year, year - self.last_seen, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a code or name between two years, as documents show it."""

    scheme: str
    #: "renamed", "moved", "introduced" or "ended"
    kind: str
    code_before: str
    code_after: str
    name_before: str
    name_after: str
    #: the first year of the new state
    year: int


@dataclass(frozen=True, slots=True)
class EconomicPair:
    """A department code (部门经济科目) that stood beside a government code (政府经济科目) on one budget line."""

    government_code: str
    government_name: str
    department_code: str
    department_name: str
    documents: int


@dataclass(frozen=True, slots=True)
class Matching:
    """How names are brought to one form before they are compared."""

    dropped: tuple[str, ...]
    level_marks: tuple[str, ...]
    endings: tuple[str, ...]
    short_prefixes: tuple[str, ...]
    short_endings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    chinese: str
    leading: str


@dataclass(frozen=True, slots=True)
class _Names:
    """All of specs/codes/names.toml."""

    scheme: Mapping[str, _Head]
    matching: Matching
    #: printed name to the listed one
    aliases: Mapping[str, str]


@dataclass(frozen=True)
class CodeBook:
    """One classification: its codes, names and hierarchy.

    Lookups that need a listed code (`name`, `names`) raise `UnknownCode`; `parent`, `ancestors` and `level` follow
    from the digits alone and hold for codes that are not listed too.

    Examples
    --------
    >>> from budgetkit import codes
    >>> book = codes.function
    >>> book.name("20805", 2019), book.name("20805", 2024)
    ('行政事业单位离退休', '行政事业单位养老支出')
    >>> book.find("基本养老保险缴费", parent="20805")
    ('2080505',)
    """

    #: "function", "economic_department" or "economic_government"
    scheme: str
    #: the official Chinese term
    chinese: str
    #: the first digit of every code
    leading: str
    entries: tuple[Entry, ...] = field(repr=False)

    def __contains__(self, code: object) -> bool:
        """Whether the code is listed."""
        return code in self._by_code

    def __len__(self) -> int:
        """The number of listed codes."""
        return len(self._by_code)

    def name(self, code: str, year: int | None = None) -> str:
        """The official name (科目名称) of a code.

        Parameters
        ----------
        code : str
            Digits, complete: "2010301".
        year : int, optional
            Budget year. Of several names the one seen in that year is given, else the nearest; without a year the
            latest.

        Raises
        ------
        UnknownCode
            When the code is not listed; the message names the nearest listed parent.

        Examples
        --------
        >>> from budgetkit import codes
        >>> codes.economic_department.name("30201")
        '办公费'
        """
        return self._entry(code, year).name

    def names(self, code: str) -> tuple[str, ...]:
        """All names that documents printed for a code, the latest first; raises `UnknownCode`."""
        return tuple(entry.name for entry in self._listed(code))

    def find(
        self, name: str, year: int | None = None, parent: str | None = None, level: int | None = None
    ) -> tuple[str, ...]:
        """The codes that bear a name.

        Names are compared exactly first, then without brackets, 、, white space and a trailing 支出, then by known
        other and short forms (基本养老保险缴费 for 机关事业单位基本养老保险缴费支出). The first way that finds a code
        decides.

        Parameters
        ----------
        name : str
            The name as printed.
        year : int, optional
            Budget year. Of codes with this name under one parent only those seen nearest to it are given (2049901
            became 2049999).
        parent : str, optional
            Only codes below this code, at any depth.
        level : int, optional
            Only codes of this level.

        Returns
        -------
        tuple of str
            In order of code; empty when nothing matches, several when the name is not unique (行政运行).

        Examples
        --------
        >>> from budgetkit import codes
        >>> codes.function.find("行政运行", parent="20103")
        ('2010301',)
        """
        for by_key, keys in zip(self._by_key, _keys(name), strict=True):
            hits = [
                entry
                for key in keys
                for entry in by_key.get(key, ())
                if (parent is None or (entry.code != parent and entry.code.startswith(parent)))
                and (level is None or entry.level == level)
            ]
            if hits:
                return _nearest(hits, year)
        return ()

    def parent(self, code: str) -> str | None:
        """The code one level up; None for a 类. Raises `UnknownCode` when it is no code of this scheme."""
        self.level(code)
        return code[:-2] if len(code) > 3 else None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above, from the 类 down: ("208", "20805") for "2080505"."""
        self.level(code)
        return tuple(code[:end] for end in range(3, len(code), 2))

    def children(self, code: str) -> tuple[str, ...]:
        """The listed codes one level below, in order."""
        self.level(code)
        return tuple(other for other in self._by_code if len(other) == len(code) + 2 and other.startswith(code))

    def level(self, code: str) -> int:
        """1 类 (3 digits), 2 款 (5), 3 项 (7); raises `UnknownCode` when it is no code of this scheme."""
        if not (code.isascii() and code.isdigit() and len(code) in (3, 5, 7) and code.startswith(self.leading)):
            message = f"{code!r} is no code of {self.chinese}: expected 3, 5 or 7 digits starting with {self.leading}"
            raise UnknownCode(message)
        return (len(code) - 1) // 2

    def changes(self, code: str) -> tuple[Change, ...]:
        """The known changes of a code or its name by year (科目调整); empty when none is known."""
        return tuple(
            change
            for change in changes()
            if change.scheme == self.scheme and code in (change.code_before, change.code_after)
        )

    def frame(self) -> pd.DataFrame:
        """All entries as a frame, one row a pair of code and name.

        Returns
        -------
        DataFrame
            code, name (string), level (Int8), parent (string, NA for a 类), first_seen, last_seen, documents (Int64).

        Examples
        --------
        >>> from budgetkit import codes
        >>> codes.function.frame().query("code == '20139'").name.tolist()
        ['社会工作事务']
        """
        import pandas as pd

        types = {"code": "string", "name": "string", "level": "Int8", "parent": "string"}
        types |= dict.fromkeys(("first_seen", "last_seen", "documents"), "Int64")
        rows = [{**asdict(entry), "parent": self.parent(entry.code)} for entry in self.entries]
        return pd.DataFrame(rows, columns=list(types)).astype(types)

    def _entry(self, code: str, year: int | None) -> Entry:
        listed = self._listed(code)
        return listed[0] if year is None else min(listed, key=lambda entry: entry.distance(year))

    def _listed(self, code: str) -> tuple[Entry, ...]:
        if code in self._by_code:
            return self._by_code[code]
        known = next((above for above in reversed(self.ancestors(code)) if above in self._by_code), None)
        near = f"nearest listed parent: {known} {self.name(known)}" if known else "no parent of it is listed either"
        raise UnknownCode(f"{code} is not listed in {self.chinese} (it may exist all the same); {near}")

    @cached_property
    def _by_code(self) -> dict[str, tuple[Entry, ...]]:
        """Entries by code, each latest and most printed first, codes in order."""
        latest = sorted(self.entries, key=lambda entry: (entry.code, -entry.last_seen, -entry.documents))
        grouped: dict[str, list[Entry]] = {}
        for entry in latest:
            grouped.setdefault(entry.code, []).append(entry)
        return {code: tuple(entries) for code, entries in grouped.items()}

    @cached_property
    def _by_key(self) -> tuple[dict[str, list[Entry]], ...]:
        """Entries by name as compared: exactly, normalised, shortened."""
        indexes: tuple[dict[str, list[Entry]], ...] = ({}, {}, {})
        for entry in self.entries:
            for index, keys in zip(indexes, _keys(entry.name), strict=True):
                for key in keys:
                    index.setdefault(key, []).append(entry)
        return indexes


@lru_cache(maxsize=1 << 13)
def normalise(name: str) -> str:
    """Bring a name to the form in which names are compared: without brackets, 、, white space and trailing 支出.

    >>> normalise("政府办公厅（室）及相关机构事务（款）"), normalise("住房改革支出")
    ('政府办公厅室及相关机构事务', '住房改革')
    """
    matching = _names().matching
    text = fold(name)
    for mark in matching.level_marks:
        text = text.removesuffix(mark)
    for sign in matching.dropped:
        text = text.replace(sign, "")
    return _cut_end(text, matching.endings)


@cache
def changes() -> tuple[Change, ...]:
    """The changes of codes and names by year that documents show, in no complete list."""
    return specs.load_csv(Change, "codes/changes.csv")


@cache
def economic_pairs() -> tuple[EconomicPair, ...]:
    """Which department code was seen beside which government code on one budget line.

    >>> economic_pairs()[0]
    EconomicPair(government_code='50101', government_name='工资奖金津补贴', department_code='30101', \
department_name='基本工资', documents=27)
    """
    return specs.load_csv(EconomicPair, "codes/economic_pairs_observed.csv")


@lru_cache(maxsize=1 << 13)
def _keys(name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The keys of a name for the three ways of comparing, from strict to lenient."""
    plain = normalise(name)
    listed = _aliases().get(plain, plain)
    matching = _names().matching
    short = _cut_end(listed, matching.short_endings)
    for prefix in matching.short_prefixes:
        if short.startswith(prefix) and short != prefix:
            short = short.removeprefix(prefix)
            break
    return (fold(name),), (plain,), tuple(dict.fromkeys((listed, short)))


def _cut_end(text: str, endings: Iterable[str]) -> str:
    for ending in endings:
        if text.endswith(ending) and text != ending:
            return text.removesuffix(ending)
    return text


def _nearest(hits: list[Entry], year: int | None) -> tuple[str, ...]:
    """The codes of the hits; with a year, of those under one parent only the nearest in time."""
    if year is None:
        return tuple(sorted({entry.code for entry in hits}))
    best: dict[str, int] = {}
    for entry in hits:
        best[entry.code[:-2]] = min(best.get(entry.code[:-2], 9999), entry.distance(year))
    return tuple(sorted({entry.code for entry in hits if entry.distance(year) == best[entry.code[:-2]]}))


@cache
def _names() -> _Names:
    found = specs.load(_Names, "codes/names.toml")
    specs.check_ids(found.scheme, SCHEMES, "codes/names.toml, scheme")
    return found


@cache
def _aliases() -> dict[str, str]:
    return {normalise(printed): normalise(name) for printed, name in _names().aliases.items()}


@cache
def _book(scheme: str) -> CodeBook:
    head = _names().scheme[scheme]
    return CodeBook(scheme, head.chinese, head.leading, specs.load_csv(Entry, f"codes/{scheme}.csv"))


def __getattr__(name: str) -> CodeBook:
    if name in SCHEMES:
        return _book(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
