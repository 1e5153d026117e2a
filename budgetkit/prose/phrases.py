"""One phrase: the text before a figure taken apart into what stands before an item, the item, and words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import tee
from typing import NamedTuple

from budgetkit import lexicon
from budgetkit.prose.grammar import Grammar, Item
from budgetkit.prose.items import Names, Subject, find_item, find_name

#: no part of an organisation's name; hotlines and the like have five digits (12345)
_NO_NAME = re.compile(r"、|(?<!\d)(?:\d{1,4}|\d{6,})(?!\d)")
#: longest run of words such as 支出年初预算数为 behind the name of an item
_TAIL = 18
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年)")
#: a number that is no year
#: funds whose names say nothing of the phase, and words in front of an item that do
_BUDGETS = re.compile("(?:公共|政府性基金|国有资本经营|社会保险基金)预算")
_TOLD = re.compile(
    "(?:实际(?:支出|开支|执行|使用|列支)|决算|(?<!公共)(?<!基金)(?<!经营)预算)(?:汇总|公开|安排|编制)?的?$"
)
#: words for the publisher
_OWN = re.compile("(?:本|我|该).{1,6}")
_OWN_WORDS = re.compile("(?:本|我)(?:部门|单位|局|委|办|院|中心|校)$")
#: the longest phrase that the field's terms alone may explain, and words that end one
_LONG = 30
_NAMES = re.compile("(?:收入|支出|结余|结转|费)(?:预算|决算|执行|安排|金额|数|为)*$")
_STATED = re.compile("(?:预算|决算|执行|安排|金额|数|为)+$")
_GROUPS = {"income": "income", "expenditure": "expenditure"}
_EXAMPLES = re.compile(r"[^，。；：\d]{1,60}、[^，。；：\d]{1,20}等(?=..)")
_ONLY_YEAR = re.compile(r"\d{4}年度?")
_BRACKETED = re.compile("（[^（）]*）")
#: how the name of a list begins behind it, and what stands before the last item of one
_CALLED = re.compile("（(?:以下)?(?:[简统]?称(?:为)?)?$")
_JOINED = ("、", "和", "及", "与")
_ODD_NUMBER = re.compile(r"\d(?!\d{0,3}年)")
#: words in front of the name of a subordinate unit
_SUBORDINATE = re.compile(r"^.{0,12}?(?:下属|所属|直属|下辖)的?(?:[二三]级)?(?:预算|事业|行政|参公)*(?:单位)?")
_LAST_YEAR = re.compile(r"上年|去年|上一年")


class When(NamedTuple):
    """The phase and the year of an amount; None where they are not told."""

    phase: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What holds for a whole document; one is like no other, so that it is quickly found in caches."""

    grammar: Grammar
    names: Names
    fiscal_year: int | None
    #: phase of an amount that says none: approved in a budget, executed in a final account; and the fiscal year
    default: When
    entity: str | None


class Named(NamedTuple):
    """An item with the words around it; the item is None when the words stand alone (年初预算为)."""

    subject: Subject | None
    #: words behind the name
    tail: str
    #: printed years
    years: tuple[int, ...]
    #: the name as printed
    printed: str = ""
    #: words in front of it that tell a phase: 决算收入总计
    before: str = ""


@lru_cache(maxsize=1 << 10)
def parse(
    text: str, context: Context, *, unit: str | None, strict: bool, economic: bool = False, changes: bool = False
) -> Named | None:
    """Take a phrase apart; None when a part of it is not explained.

    `text`: one clause without its figure: "某局2031年度财政拨款支出年初预算数为"; `unit`: of a count, None for money;
    `strict`: whether another item goes on, so that weak items (支出预算) need the publisher before them; `economic`:
    whether names of classifications go before items of the vocabulary; `changes`: whether a change is stated,
    where 收入 alone is an item.
    """
    passes = [False] if unit is not None else [economic, not economic]
    for classified, splits in zip(passes, tee(_splits(text, context, alone=not strict), len(passes)), strict=True):
        for split in splits:
            if classified:
                # 机构运行经费 is no 机构运行
                bare = split.before != "organisation" and not split.tail.startswith("经费")
                subject = find_name(split.name, context.names, listed=bare)
            else:
                subject = find_item(
                    split.name, context.grammar, unit=unit, strict=strict, before=split.before, changes=changes
                )
            if subject is not None and not _loose(subject, split, context, changes=changes):
                words = text.partition(split.organisation)[2] if split.organisation else text
                unit = other_unit(split.organisation, context)
                named = subject._replace(words=words, unit=unit)
                before = context.grammar.words.fund.sub("", words[: words.find(split.name)])
                before = before if _TOLD.search(before) and not before.endswith("公共预算") else ""
                return Named(named, split.tail, split.years, split.name, before)
    if unit is not None:
        return None
    planned = context.default.phase == "approved" and context.grammar.words.planned.fullmatch(text)
    if planned or context.grammar.words.phase_only.fullmatch(text):
        return Named(None, text, _years(text, context))
    examples = _EXAMPLES.match(text)
    if examples is not None and not context.grammar.words.barred.search(examples[0]):
        # 基本工资、津贴补贴等人员经费
        return parse(text[examples.end() :], context, unit=None, strict=True)
    return _behind_anything(text, context, changes=changes) or _understood(text, context)


def _understood(text: str, context: Context) -> Named | None:
    """An item that no list names and the field's terms explain wholly: its direction, and its fund or kind."""
    if len(text) > _LONG or not _NAMES.search(text) or context.grammar.words.barred.search(text):
        return None
    understood = [(text[start:], organisation) for start, organisation in _starts(text, context) if _told(text[start:])]
    if not understood:
        return None
    rest, organisation = understood[0]
    # words in front of its name may still tell of it
    name = _STATED.sub("", min((one for one, _ in understood), key=len))
    item = Item(_GROUPS.get(lexicon.read(rest).flow or "", "total"), name, phase_in_name=True)
    years = _years(text.replace(organisation, "", 1), context)
    return Named(Subject(name, item=item, words=rest, unit=other_unit(organisation, context)), rest, years, rest)


def _told(words: str) -> bool:
    """Whether the field's terms explain words wholly, and more of them than a direction."""
    said = lexicon.read(words)
    more = said.fund not in (None, "all") or said.nature or said.item
    return bool(said.flow and more) and not (said.unread or said.prior or said.aspect or said.economic)


def _behind_anything(text: str, context: Context, *, changes: bool) -> Named | None:
    """An item whose name is unlike any other, behind words that do not make another amount of it."""
    grammar = context.grammar
    for match in grammar.distinct.finditer(text, 1):
        before = text[: match.start()]
        rest = text[match.start() :]
        if _CALLED.search(before):
            # what the list before is called: 因公出国费、公务接待费（简称“三公”经费）
            rest, bars = rest.replace("）", "", 1), ""
        elif before.endswith(_JOINED):
            continue
        else:
            bars = _BRACKETED.sub("", before)
        if grammar.words.barred.search(bars) or _ODD_NUMBER.search(before):
            return None
        for end in range(len(rest), max(len(rest) - _TAIL, 1), -1):
            if grammar.tail.fullmatch(rest, end) is None:
                continue
            found = find_item(rest[:end], grammar, unit=None, strict=False, before="words", changes=changes)
            if found is not None and found.item is not None and found.item.group in grammar.words.distinct:
                years = (*_years(before, context), *_years(rest[end:], context))
                told = _TOLD.search(before)
                return Named(
                    found._replace(words=text), rest[end:], years, rest[:end], told[0] if told is not None else ""
                )
    return None


def _loose(subject: Subject, split: _Split, context: Context, *, changes: bool) -> bool:
    """Whether 收入 or 支出 stands behind what is not the publisher: 事业单位收入, and 预算 before another item."""
    item = subject.item
    if item is None or not item.prefixed or (item.changes and changes):
        return False
    if not item.changes:
        return re.search("收入|支出|项目", split.tail) is not None
    own = split.before == "own" or split.organisation == context.entity or _OWN.fullmatch(split.organisation)
    return not own and split.organisation.endswith(("单位", "部门"))


class _Split(NamedTuple):
    name: str
    tail: str
    years: tuple[int, ...]
    #: what stands before the name: "", "words", "year" (2031年), "own" (本单位) or "organisation"
    before: str
    organisation: str


def _splits(text: str, context: Context, *, alone: bool) -> Iterator[_Split]:
    """All ways to part a phrase into words before, a name, and words behind; the longest names first.

    `alone`: whether no other item goes on: a year alone then speaks of the publisher.
    """
    for start, organisation in _starts(text, context):
        rest = text[start:]
        own = "own" if _OWN_WORDS.search(text[:start]) else "words"
        own = "year" if alone and _ONLY_YEAR.fullmatch(text, 0, start) else own
        before = "organisation" if organisation else (own if start else "")
        # the organisation's own name may hold a year's sign, no year
        years = _years(text[:start].replace(organisation, "", 1), context)
        for end in range(len(rest), max(len(rest) - _TAIL, 1), -1):
            tail = context.grammar.tail.fullmatch(rest, end)
            if tail is not None:
                yield _Split(rest[:end], rest[end:], (*years, *_years(rest[end:], context)), before, organisation)


def time_of(named: Named, context: Context, current: When) -> When | None:
    """The phase and year of an amount; None when several years are printed.

    `current`: holds where the words tell nothing.
    """
    if len(set(named.years)) > 1:
        return None
    item = named.subject.item if named.subject else None
    words = named.printed + named.tail if item is not None and item.phase_in_name else named.tail
    told = phase_in(words, context) or phase_in(named.before, context)
    if not named.years:
        return current._replace(phase=told or current.phase)
    year = named.years[0]
    if year == context.fiscal_year:
        current = current if current.year == year else context.default
    return When(told or (current.phase if year == current.year else None), year)


def phase_in(words: str, context: Context) -> str | None:
    """The phase that the words around an item tell."""
    words = _BUDGETS.sub("", words)
    return next((phase.phase for phase in context.grammar.phases if phase.contains.search(words)), None)


def other_unit(organisation: str, context: Context) -> str:
    """The name of a unit of its own in an organisation as printed; "" for the document's and words for it or many."""
    unit = _SUBORDINATE.sub("", organisation)
    name = plain_name(unit)
    if not context.entity or len(name) < 4 or context.grammar.words.own.match(name):
        return ""
    if re.search("(?:部门|单位)$", name):
        return ""
    entity = plain_name(context.entity)
    # 省检察院 is 某省人民检察院
    letters = iter(entity)
    entity, name = (re.sub("(?:人民)?政府$", "", one) for one in (entity, name))
    same = entity in name or all(letter in letters for letter in name)
    return "" if same and (name == entity or "本级" not in organisation) else unit


def plain_name(name: str) -> str:
    """A name of a unit without brackets and quotes, and without the peoples in that of its place: 某某族自治县."""
    return re.sub(r"[（）“”]|本级|(?:[^\W\d]{1,4}族)+自治(?=[州县旗区])", "", name)


def _years(text: str, context: Context) -> tuple[int, ...]:
    """Printed years; 上年 is the year before the document's, which must be known."""
    if "年" not in text:
        return ()
    found = tuple(int(year) for year in _YEAR.findall(text))
    if not found and _LAST_YEAR.search(text):
        return (context.fiscal_year - 1,) if context.fiscal_year else (0, 1)
    return found


def _starts(text: str, context: Context) -> Iterator[tuple[int, str]]:
    """Offsets at which an item may begin, with the organisation that is printed before it."""
    seen: set[int] = set()
    pending: list[tuple[int, str]] = [(0, "")]
    while pending:
        start, organisation = pending.pop(0)
        if start in seen or start >= len(text):
            continue
        seen.add(start)
        yield start, organisation
        match = context.grammar.prefix.match(text, start)
        if match is not None and match.end() > start:
            pending.append((match.end(), organisation))
        if not organisation:
            pending += [(end, text[start:end]) for end in _organisations(text, start, context)]


def _organisations(text: str, start: int, context: Context) -> Iterator[int]:
    """Ends of what may be the name of an organisation that begins at an offset."""
    if context.entity and text.startswith(context.entity, start):
        yield start + len(context.entity)
    for match in context.grammar.organisation.finditer(text, start + 1):
        head = text[start : match.start()]
        if _NO_NAME.search(head) or context.grammar.words.not_organisation.search(head):
            return
        yield match.end()
