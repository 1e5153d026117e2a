"""Places of China by GB/T 2260: their codes and names, and which of them a text names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from budgetkit import specs
from budgetkit.errors import UnknownCode

#: places that a name may mean
Candidates = frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """One place of GB/T 2260."""

    #: six digits
    code: str
    name: str
    #: last year in which the code had this name; "" when it has it still
    last: str = ""

    @property
    def level(self) -> int:
        """1 for provinces, 2 for cities and prefectures, 3 for counties."""
        return 1 if self.code.endswith("0000") else 2 if self.code.endswith("00") else 3


@dataclass(frozen=True, slots=True)
class Words:
    """The words of entities.toml; what each means is said there."""

    party: tuple[str, ...]
    bodies: tuple[str, ...]
    peoples: tuple[str, ...]
    ends: tuple[str, ...]
    own: Mapping[str, int]
    kept: tuple[str, ...]
    organs: tuple[str, ...]
    governments: tuple[str, ...]
    national: tuple[str, ...]
    national_whole: tuple[str, ...]
    national_end: tuple[str, ...]
    local_ends: tuple[str, ...]
    blank: tuple[str, ...]
    same: Mapping[str, str]
    optional: Mapping[str, str]
    skipped_ends: tuple[str, ...]
    corps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Places that a text names one within the other (某市某区): the last of them, and where the names end."""

    #: one when it is certain; several when places of that name lie apart (朝阳区)
    codes: Candidates
    end: int
    #: whether a name lacks its last word (长沙 for 长沙市)
    short: bool = False


@cache
def words() -> Words:
    """The words by which publishers are told."""
    return specs.load(Words, "entities.toml")


@cache
def _places() -> tuple[Place, ...]:
    return specs.load_csv(Place, "places.csv")


@cache
def _by_code() -> dict[str, Place]:
    """The name in use of each code, else its last."""
    return {place.code: place for place in sorted(_places(), key=lambda place: place.last or "9999")}


def place(code: str) -> Place:
    """The place of a code.

    Raises UnknownCode when GB/T 2260 has, and had since 2012, no such code.

    >>> place("650105").name
    '水磨沟区'
    """
    if code not in _by_code():
        raise UnknownCode(f"{code}: no code of GB/T 2260")
    return _by_code()[code]


def path(code: str) -> tuple[str, ...]:
    """The codes of a place and those around it, from the province.

    >>> path("650105"), path("310107")
    (('650000', '650100', '650105'), ('310000', '310107'))
    """
    around = (f"{code[:2]}0000", f"{code[:4]}00", code)
    return tuple(dict.fromkeys(one for one in around if one in _by_code()))


def place_name(code: str) -> str:
    """The names of a place and those around it, the province's short.

    >>> place_name("650105")
    '新疆/乌鲁木齐市/水磨沟区'
    """
    province, *within = path(code)
    return "/".join([short_name(place(province)), *(place(one).name for one in within)])


@cache
def short_name(place: Place) -> str:
    """A place's name without the word for its kind and the peoples of an autonomous one.

    >>> short_name(Place("533400", "迪庆藏族自治州")), short_name(Place("110000", "北京市"))
    ('迪庆', '北京')
    """
    end = next((end for end in words().ends if place.name.endswith(end) and len(place.name) > len(end) + 1), "")
    name = place.name.removesuffix(end) if end else place.name
    if not end.startswith("自治"):
        return name
    peoples = sorted(words().peoples, key=len, reverse=True)
    match = re.fullmatch(rf"(..+?)(?:(?:{'|'.join(peoples)})族?)+", name)
    return match[1] if match else name


def is_within(code: str, other: str) -> bool:
    """Whether a place is another or lies in it."""
    return other in path(code)


def deepest(codes: Iterable[str]) -> str | None:
    """The place that lies in all the others; None when two lie apart, or there is none.

    >>> deepest(["650000", "650105", "650100"]), deepest(["650105", "310000"])
    ('650105', None)
    """
    listed = set(codes)
    inmost = max(listed, key=lambda code: len(path(code)), default=None)
    return inmost if inmost and all(is_within(inmost, code) for code in listed) else None


@cache
def _names() -> tuple[dict[str, Candidates], dict[str, Candidates]]:
    """Codes by whole names, and by short ones."""
    whole: dict[str, set[str]] = defaultdict(set)
    short: dict[str, set[str]] = defaultdict(set)
    successors = _successors()
    for one in _places():
        code = successors.get(one.code, one.code)
        whole[one.name].add(code)
        brief = short_name(one)
        if "自治" in one.name and one.level > 1:
            whole[brief + one.name[-1]].add(code)
        if one.level == 1 and one.name.endswith("自治区"):
            whole[brief].add(code)
            whole[f"{brief}自治区"].add(code)
        if brief != one.name and len(brief) > 1:
            short[brief].add(code)
    return _all_in_use(whole), _all_in_use(short)


def _successors() -> dict[str, str]:
    """Codes that are no longer in use, with that of the place that has their name now: 密云县 became 密云区."""
    now: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    for one in _by_code().values():
        if not one.last:
            now[_lineage(one)].append(one.code)
    former = (one for one in _by_code().values() if one.last)
    return {one.code: found[0] for one in former if len(found := now.get(_lineage(one), [])) == 1}


def _lineage(one: Place) -> tuple[str, int, str]:
    """What a place keeps when it becomes a city or a district: where it lies, its level and its short name."""
    return "".join(path(one.code)[-2:-1]), one.level, short_name(one)


def _all_in_use(named: Mapping[str, set[str]]) -> dict[str, Candidates]:
    return {name: _in_use(codes) for name, codes in named.items()}


def _in_use(codes: set[str]) -> Candidates:
    """Codes of one name: one in use stands for a former one of the same city or province."""
    current = {code for code in codes if not _by_code()[code].last}
    former = {code for code in codes - current if not any(code[:2] == other[:2] for other in current)}
    return frozenset(current | former)


@cache
def _index() -> tuple[tuple[dict[str, Candidates], dict[str, Candidates]], frozenset[str], int]:
    whole, short = _names()
    return (whole, short), frozenset(name[:2] for name in (*whole, *short)), max(map(len, whole))


def leading(text: str, start: int = 0, *, short: bool = False) -> Named | None:
    """The places that a text begins with, each within the one before.

    `text`: without white space; `start`: where to begin; `short`: whether a name may lack its last word.

    >>> leading("乌鲁木齐市水磨沟区政府办公室")
    Named(codes=frozenset({'650105'}), end=9, short=False)
    >>> leading("某局") is None
    True
    """
    found = _step(text, None, start, short)
    while found and (longer := _step(text, found, found.end, short) or _over(text, found)):
        found = longer
    return found


def _over(text: str, before: Named) -> Named | None:
    """The place behind a word that is no name of GB/T 2260 but ends like one: 新疆巴州库尔勒市."""
    for length in (2, 3, 4):
        if text[before.end : before.end + length].endswith(words().skipped_ends):
            return _step(text, before, before.end + length, False)
    return None


def _step(text: str, before: Named | None, at: int, short: bool) -> Named | None:
    (whole, brief), beginnings, longest = _index()
    if text[at : at + 2] not in beginnings:
        return None
    for length in range(min(longest, len(text) - at), 1, -1):
        name = text[at : at + length]
        for names, is_short in ((whole, False), (brief, True))[: 1 + short]:
            codes = names.get(name, frozenset())
            if before is not None:
                codes = frozenset(c for c in codes if any(c != b and is_within(c, b) for b in before.codes))
            if codes:
                return Named(
                    _outer(codes) if is_short else codes, at + length, is_short or bool(before and before.short)
                )
    return None


def _outer(codes: Candidates) -> Candidates:
    """Of places that share a short name the one around the others: 长沙 is the city and not its county."""
    return frozenset(c for c in codes if not any(c != other and is_within(c, other) for other in codes))


def mentions(text: str) -> Iterator[tuple[int, Named]]:
    """The places that a text names in full, with where each begins."""
    _, beginnings, _ = _index()
    at = 0
    while at < len(text) - 1:
        found = leading(text, at) if text[at : at + 2] in beginnings else None
        if found:
            yield at, found
        at = found.end if found else at + 1


def certain(codes: Candidates, texts: Iterable[str]) -> str | None:
    """The one of several places whose city or province a text names; the first text that names any decides."""
    if len(codes) == 1:
        return next(iter(codes))
    for text in texts:
        told = Counter(code for code in codes if any(place(outer).name in text for outer in path(code)[:-1]))
        if told:
            return next(iter(told)) if len(told) == 1 else None
    return None
