"""Items that a phrase names: the vocabulary, classification paths, codes with names, and names of the code books."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from budgetkit import codes
from budgetkit.prose.grammar import Grammar, Item, folded, unquoted
from budgetkit.prose.meaning import Coordinates

_PATH = re.compile(
    r"(?:(?P<one>.{2,30}?)?（(?P<a>\d{3})?类）)?(?:支出)?(?:(?P<two>.{2,40}?)（(?P<b>\d{2})?款）)?"
    r"(?:(?P<three>.{2,50}?)（(?P<c>\d{2})?项）)?(?:支出)?"
)
_JOINED = re.compile(
    r"(?P<one>[^-－—\d]{2,30})[-－—](?P<two>[^-－—\d]{2,40}?)(?:[-－—](?P<three>[^-－—\d]{2,50}?))?(?:科目)?"
)
#: 教育类支出
_CLASS = re.compile("(.{2,16})类支出")
_CODE_FIRST = re.compile(r"（?(?P<code>\d{7}|\d{5}|\d{3})）?[-—－]*(?P<name>[^\d，。；：]{2,40})")
_CODE_LAST = re.compile(r"(?P<name>[^\d，。；：]{2,40})（(?P<code>\d{7}|\d{5}|\d{3})）")
_HAN = re.compile(r"[\u4e00-\u9fff（）()、·]{2,40}")


class Subject(NamedTuple):
    """What a figure is of."""

    name: str
    code: str | None = None
    code_source: str | None = None
    #: None for names of classifications
    item: Item | None = None
    #: the path as printed, 类 款 项; None where not printed
    path: tuple[str | None, ...] = ()
    #: the name with the words around it, as printed
    words: str = ""
    #: None until the sentence is known
    coordinates: Coordinates | None = None
    #: the last amount of it in yuan, with its phase and year
    worth: tuple[Decimal, Any] | None = None
    #: another unit that is printed in front of it, whose money it is
    unit: str = ""


@dataclass(frozen=True)
class Names:
    """The names of a document's own tables, and the code books behind them."""

    #: (scheme, normalised name) to codes
    own: Mapping[tuple[str, str], tuple[str, ...]]
    year: int | None

    def find(self, scheme: str, name: str, parent: str = "", level: int | None = None) -> tuple[str, ...]:
        """Codes that bear a name: those of the document's tables, else those of the code book."""
        own = [code for code in self.own.get((scheme, codes.normalise(name)), ()) if _below(code, parent, level)]
        if own:
            return tuple(own)
        return _listed(scheme, name, self.year, parent or None, level)

    def anywhere(self, name: str, schemes: Sequence[str]) -> tuple[str, ...]:
        """Codes of several classifications that bear a name: those of the document's tables, else of the books."""
        own = [code for scheme in schemes for code in self.own.get((scheme, codes.normalise(name)), ())]
        return tuple(own or (code for one in schemes for code in _listed(one, name, self.year, None, None)))

    def without_word(self, name: str) -> str:
        """A name without a 支出 behind it that no listed name has ("行政运行支出")."""
        short = name.removesuffix("支出")
        if short == name:
            return name
        listed = {one for scheme in codes.SCHEMES for one in _printed(scheme, name, self.year)}
        return short if short in listed and name not in listed else name

    def known(self, name: str) -> bool:
        """Whether a text is a name of a classification."""
        key = codes.normalise(name)
        own = any((scheme, key) in self.own for scheme in codes.SCHEMES)
        return own or any(_listed(scheme, name, self.year, None, None) for scheme in codes.SCHEMES)


def make_names(triples: Sequence[tuple[str, str, str]], year: int | None) -> Names:
    """Index the (scheme, code, name) triples of a document."""
    own: dict[tuple[str, str], tuple[str, ...]] = {}
    for scheme, code, name in triples:
        key = (scheme, codes.normalise(name))
        if code not in own.get(key, ()):
            own[key] = (*own.get(key, ()), code)
    return Names(own, year)


@cache
def _book(scheme: str) -> codes.CodeBook:
    book: codes.CodeBook = getattr(codes, scheme)
    return book


@lru_cache(maxsize=1 << 13)
def _listed(scheme: str, name: str, year: int | None, parent: str | None, level: int | None) -> tuple[str, ...]:
    return _book(scheme).find(name, year=year, parent=parent, level=level)


@lru_cache(maxsize=1 << 13)
def _printed(scheme: str, name: str, year: int | None) -> frozenset[str]:
    """All names of the codes that bear a name."""
    return frozenset(one for code in _listed(scheme, name, year, None, None) for one in _book(scheme).names(code))


def _below(code: str, parent: str, level: int | None) -> bool:
    return code.startswith(parent) and code != parent and (level is None or len(code) == 2 * level + 1)


def find_item(
    text: str, grammar: Grammar, *, unit: str | None, strict: bool, before: str, changes: bool = False
) -> Subject | None:
    """The item of the vocabulary that a text is, and nothing beside it; None when it is none.

    `unit`: of a count, "" for a count without; None for money and rates; `strict`: whether weak items ("支出预算") are
    left out; `before`: what stands before the text: "", "words", "year" (2031年), "own" (本单位) or "organisation";
    `changes`: whether a change is stated.
    """
    text = unquoted(text)
    key = folded(text, grammar.words)
    item = (grammar.money_items if unit is None else grammar.count_items).get(key)
    if item is not None and (unit is None or unit in item.units) and _stands(item, before, strict, changes):
        return Subject(item.name, item=item)
    for pattern, kind in grammar.item_patterns:
        if (unit in kind.units if unit is not None else not kind.units) and (match := pattern.fullmatch(text)):
            name = kind.name.format("".join(part for part in match.groupdict().values() if part))
            return Subject(name, item=replace(kind, name=name))
    return None


def _stands(item: Item, before: str, strict: bool, changes: bool) -> bool:
    """Whether an item may stand behind what is before it."""
    publisher = before in ("own", "organisation")
    if not (item.prefixed or item.changes):
        return publisher or not (strict and item.weak)
    return (item.changes and changes) or (item.prefixed and (publisher or (item.changes and before == "year")))


def find_name(text: str, names: Names, *, listed: bool) -> Subject | None:
    """The name of a classification that a text is: a path, a code with its name, or a listed name; else None.

    `listed`: whether a listed name alone will do. Behind what may be an organisation it will not: 行政单位医疗 is no
    医疗.
    """
    key = unquoted(text)
    return _classified(key, names, listed=listed) if 2 <= len(key) <= 90 else None


def _classified(key: str, names: Names, *, listed: bool) -> Subject | None:
    key = key.replace("科目（", "（")
    if (named := _CLASS.fullmatch(key)) is not None and len(names.find("function", named[1] + "支出", level=1)) == 1:
        return Subject(named[1] + "支出", path=(named[1] + "支出",))
    joined = _JOINED.fullmatch(key)
    if joined is not None:
        steps = joined.group("one", "two", "three")
        return Subject(steps[2] or steps[1], path=steps) if names.find("function", steps[0], level=1) else None
    path = _PATH.fullmatch(key) if "）" in key else None
    if path is not None and any(path.groups()):
        steps = path.group("one", "two", "three")
        name = next(step for step in reversed(steps) if step)
        depth = max(level for level, step in enumerate(steps) if step)
        printed = path.group("a", "b", "c")[: depth + 1]
        code = "".join(part or "" for part in printed) if all(printed) else None
        return Subject(name, code, "printed" if code else None, path=steps) if _HAN.fullmatch(name) else None
    coded = _CODE_FIRST.fullmatch(key) or _CODE_LAST.fullmatch(key)
    if coded is not None:
        name = coded["name"]
        name = name[1:-1] if name.startswith("（") and name.find("）") == len(name) - 1 else name
        return Subject(name, coded["code"], "printed")
    if listed and _HAN.fullmatch(key) and names.known(key):
        return Subject(names.without_word(key))
    return None


def resolve(subject: Subject, names: Names, scheme: str | None, above: Sequence[str | None]) -> Subject:
    """Give a subject its code, where exactly one fits.

    `subject`: an item of the vocabulary has no code; `scheme`: the classification that the context tells. Without it a
    bare name has a code only when it is a 类: projects bear the names of 款 and 项 too; `above`: 类 and 款 of the
    headings above, used where the path does not print them.
    """
    if subject.item is not None or subject.code is not None:
        return subject
    if subject.path:
        found = _follow(subject.path, above, names)
    else:
        found = names.anywhere(subject.name, (scheme,) if scheme else codes.SCHEMES)
        # 住房保障 is first of all 住房保障支出, and no 款 of that name
        top = names.find("function", subject.name, level=1) if scheme == "function" else ()
        found = top or (found if scheme else tuple(code for code in found if len(code) == 3))
    return subject._replace(code=found[0], code_source="resolved") if len(found) == 1 else subject


def _follow(path: Sequence[str | None], above: Sequence[str | None], names: Names) -> tuple[str, ...]:
    """Codes at the end of a path of names."""
    depth = max(level for level, step in enumerate(path) if step)
    first = next(level for level, step in enumerate(path) if step)
    steps = [
        step or (above[level] if level < first and level < len(above) else None) for level, step in enumerate(path)
    ]
    found: tuple[str, ...] = ("",)
    for level, step in enumerate(steps[: depth + 1]):
        if step:
            found = tuple(dict.fromkeys(_step(names, step, found, level + 1)))
    return found if found != ("",) else ()


def _step(names: Names, step: str, parents: Sequence[str], level: int) -> Iterator[str]:
    for parent in parents:
        yield from names.find("function", step, parent, level)
