"""Contact persons and telephone numbers: where they are printed, and texts without them.

Publishing them on is no purpose of this library: no frame holds them. What a text says else stays as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any

from budgetkit import specs
from budgetkit.printed.widths import fold

#: what a label is no longer than
_LONGEST_LABEL = 60
#: how far the words of a label reach before its core
_REACH = 18
#: what may be said behind a label, and no farther
_SAID, _FARTHEST = re.compile(r"[^\n,，;；。、]*"), 40
#: what parts letters of one word, not texts: a blank, a line's end
_WITHIN = re.compile(r"[^\S \t\u3000]| (?! )")
_LETTERS = re.compile(r"[\u4e00-\u9fff·•・‧]{2,40}")
#: all that stands behind a label and its colon, where no other label follows
_RUN = re.compile(r"[\u4e00-\u9fff·•・‧]{2,10}(?![\u4e00-\u9fff·•・‧:：])")
_CALLED = re.compile(r"[(（]?\d[\d\-—－–\s()（）]{5,}\d")
#: a number behind a name
_FURTHER = re.compile(rf"[,，、;；/\s]*{_CALLED.pattern}")
_PHONE = re.compile(
    r"(?<![\d.,])(?:(?:\+?86[-\s]?)?1[3-9]\d(?:[-\s]?\d{4}){2}|[(（]?0\d{2,3}(?:[)）][-—－–\s]?|[-—－–\s])\d{7,8}(?:[-—－转]\d{1,5})?"
    r"|0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}|[48]00[-—－]\d{3,4}[-—－]\d{3,4})(?![\d.%]|,\d)"
)
#: no number of a telephone has fewer digits
_DIGITS = re.compile(r"\d(?:[-—－–\s)）]{0,2}\d){8}")
#: looked for from the beginning of a word only, or a long one would be looked through from each of its letters
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: columns of frames with free text; amounts as printed, codes and units are none
_FREE = frozenset(
    {"label", "name", "title", "column", "entity", "department", "project", "subject", "sentence", "text", "line"}
    | {"level1", "level2", "level3", "target", "actual", "prior_actual", "reason", "notes", "unread"}
)


@dataclass(frozen=True)
class Words:
    """The words of specs/persons.toml; what each is for is said there."""

    who: tuple[str, ...]
    how: tuple[str, ...]
    first: str
    of: tuple[str, ...]
    signed: tuple[str, ...]
    also_signed: tuple[str, ...]
    direct: tuple[str, ...]
    signs: tuple[str, ...]
    titles: tuple[str, ...]
    counted: str
    family: str
    double: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Patterns:
    """What is looked for in texts."""

    label: re.Pattern[str]
    #: a label in running text, found by its core alone: nothing before it is looked through from each of its letters
    spoken: re.Pattern[str]
    #: words of a label before its core
    before: re.Pattern[str]
    name: re.Pattern[str]
    title: re.Pattern[str]
    family: re.Pattern[str]
    no_name: re.Pattern[str]
    signs: re.Pattern[str]


@cache
def words() -> Words:
    """The words by which persons are known."""
    return specs.load(Words, "persons.toml")


@cache
def _patterns() -> _Patterns:
    known = words()
    who, how, of, also, titles = map("|".join, (known.who, known.how, known.of, known.also_signed, known.titles))
    further = rf"(?:及其?|和|与|或|、|/|\()(?:{of}){{0,6}}(?:{who}|{how}|{also})\)?"
    label = rf"(?:{who}|{how})(?:{'|'.join(known.signed)})?(?:{further})*"
    called = r"(?:[\u4e00-\u9fff]{1,8}(?:[·•・‧][\u4e00-\u9fff]{1,8}){1,3}|[\u4e00-\u9fff]{2,4})"
    return _Patterns(
        label=re.compile(rf"(?:{of}){{0,6}}{label}(?:\([^()]*\))?:?"),
        spoken=re.compile(
            rf"(?=[{known.first}])(?P<label>{label})"
            r"(?P<colon>\s{0,9}(?:\([^()（）]{0,6}\)|（[^()（）]{0,6}）)?\s{0,9}[:：])?[ \t\u3000]*"
        ),
        before=re.compile(rf"(?:{of}){{1,6}}\Z"),
        name=re.compile(rf"{called}(?:{titles})?"),
        title=re.compile(rf"(?:{titles})$"),
        family=re.compile(f"{'|'.join(known.double)}|[{known.family}]"),
        no_name=re.compile("|".join(known.words)),
        signs=re.compile("|".join(known.signs)),
    )


@lru_cache(maxsize=1 << 13)
def is_label(text: str) -> bool:
    """Whether a text is but the label of a contact person or number: 联系人, 项目负责人及电话.

    >>> is_label("填报人："), is_label("联系 电话"), is_label("项目负责人（签字）"), is_label("负责人培训")
    (True, True, True, False)
    """
    folded = fold(text) if len(text) <= 4 * _LONGEST_LABEL else text
    return len(folded) <= _LONGEST_LABEL and _patterns().label.fullmatch(folded) is not None


def is_personal(text: str) -> bool:
    """Whether a text can be but the value beside such a label: a short name, numbers of a telephone.

    >>> is_personal("张三"), is_personal("0991-1234567"), is_personal("培训人数（人）")
    (True, True, False)
    """
    folded = fold(text)
    if is_label(text):
        return False
    numbers = r"(?:[\u4e00-\u9fff·]{2,4})?[\d\-—()/、,;+转]{5,}"
    return bool(_patterns().name.fullmatch(folded) or re.fullmatch(numbers, folded))


def without(text: str) -> str:
    """A text without the names that follow a label of persons, and without telephone numbers and mail addresses.

    >>> without("联系人：张三，联系电话：0991-1234567。"), without("负责人培训3期，购置13900000000元")
    ('联系人：，联系电话：。', '负责人培训3期，购置13900000000元')
    """
    return _short_without(text) if len(text) <= _SHORT else _without(text)


def _without(text: str) -> str:
    if not _patterns().signs.search(text):
        return text
    rest = _without_spoken(text)
    rest = _PHONE.sub(_unless_amount, rest) if _DIGITS.search(rest) else rest
    return _MAIL.sub("", rest) if "@" in rest else rest


#: texts that are kept, so that what repeats is looked through once
_SHORT = 400
_short_without = lru_cache(maxsize=1 << 14)(_without)


def cleaned(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> dict[str, list[Any]]:
    """Of the columns of free text those that hold a person, without them; each text is looked through once.

    >>> cleaned([{"text": "李四13800138000", "amount": 1.0}], ["text", "amount"])
    {'text': ['李四']}
    """
    found: dict[str, list[Any]] = {}
    for column in _FREE.intersection(columns):
        texts: list[Any] = [row.get(column) for row in rows]
        told = {text: rest or None for text in set(texts) if isinstance(text, str) and (rest := without(text)) != text}
        if told:
            found[column] = [told.get(text, text) for text in texts]
    return found


def _without_spoken(text: str) -> str:
    """A text without what follows labels of persons; labels and names may be spaced out or parted by a line's end."""
    bare = _WITHIN.sub("", text)
    labels = list(_patterns().spoken.finditer(bare))
    if not labels:
        return text
    kept = _places(text)
    pieces, done = [], 0
    for label, following in zip_longest(labels, labels[1:]):
        end = min(label.end() + _FARTHEST, _beginning(bare, following, label.end()) if following else len(bare))
        start, stop = _private(label, _SAID.match(bare, label.end(), end), kept)
        if stop > start:
            said = range(kept[start], kept[stop - 1] + 1)
            said = said if bare[start].isascii() else _up_to_line_end(text, said)
            pieces.append(text[done : said.start])
            done = said.stop
    return "".join((*pieces, text[done:]))


def _places(text: str) -> Sequence[int]:
    """Where each letter stands that is left without what parts letters."""
    edges = [0, *(edge for found in _WITHIN.finditer(text) for edge in found.span()), len(text)]
    return (
        [at for start, stop in zip(edges[::2], edges[1::2], strict=True) for at in range(start, stop)]
        if len(edges) > 2
        else range(len(text))
    )


def _beginning(bare: str, label: re.Match[str], after: int) -> int:
    """Where a label begins, with the words that belong to it: 项目主要负责人."""
    words = _patterns().before.search(bare, max(after, label.start() - _REACH), label.start())
    return words.start() if words else label.start()


def _up_to_line_end(text: str, said: range) -> range:
    """A name that stands at the end of its line stops there."""
    end = text.find("\n", said.start, said.stop)
    named = end - said.start > 1 and _patterns().name.fullmatch(text[said.start : end])
    return range(said.start, end) if named else said


def _private(label: re.Match[str], said: re.Match[str] | None, kept: Sequence[int]) -> tuple[int, int]:
    """Where a person's name or number stands behind a label; an empty range where what follows is none."""
    value = said[0].rstrip("\t\u3000 ") if said else ""
    start = label.end()
    number = _CALLED.match(value)
    if label["colon"]:
        name = _RUN.match(value) or _patterns().name.match(value)
        stop = start + max(name.end() if name else 0, number.end() if number else 0)
        further = _FURTHER.match(label.string, stop) if name else None
        return start, further.end() if further else stop
    if number and not value[number.end() :]:
        return start, start + len(value)
    return start, start + _named(label, value, kept)


def _named(label: re.Match[str], value: str, kept: Sequence[int]) -> int:
    """How long a name with its number is that follows a label without a colon; 0 where other words follow."""
    letters = _LETTERS.match(value)
    for size in (letters.end(), 4, 3, 2) if letters else ():
        at, number, name = label.end() + size, _CALLED.match(value, size), value[:size]
        ends = number or size >= len(value) or value[size] in "\t\u3000 " or kept[at] > kept[at - 1] + 1
        if ends and (
            _patterns().name.fullmatch(name)
            if _is_direct(label["label"])
            else _is_name(_patterns().title.sub("", name))
        ):
            return number.end() if number else size
    return 0


def _is_direct(label: str) -> bool:
    """Whether whatever name follows the label without a colon: 联系人张三; 负责人 can begin a clause of its own."""
    return label.endswith(words().direct)


def _is_name(text: str) -> bool:
    """Whether a short text is a name by itself: 张三, 欧阳修, and no word like 高度.

    >>> _is_name("张三"), _is_name("培训"), _is_name("方案")
    (True, False, False)
    """
    family = _patterns().family.match(text)
    return "·" in text or (family is not None and len(text) <= family.end() + 2 and not _patterns().no_name.match(text))


def _unless_amount(match: re.Match[str]) -> str:
    """Nothing for a telephone number; what is followed by a unit of money or count is none."""
    after = match.string[match.end() : match.end() + 1]
    return match[0] if after and after in words().counted else ""
