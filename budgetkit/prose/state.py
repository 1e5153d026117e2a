"""What the words read so far leave for the next figure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from budgetkit import lexicon
from budgetkit.lexicon import Meaning
from budgetkit.prose import meaning
from budgetkit.prose.figures import Figure
from budgetkit.prose.items import Subject, resolve
from budgetkit.prose.phrases import Context, When


class Found(NamedTuple):
    """One figure with its meaning."""

    figure: Figure
    subject: Subject
    measure: str
    when: When
    #: +1 or -1, as the words say
    sign: int
    #: the other items of a list that the figure speaks of too (均与上年持平)
    others: tuple[Subject, ...] = ()


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


class Heading(NamedTuple):
    """A heading that the paragraphs below stand under."""

    level: int
    meaning: Meaning
    #: the year of which it speaks; None where it prints none
    year: int | None
    #: the phase of which it speaks alone
    phase: str | None = None
    #: another unit whose name it is
    unit: str = ""


class Section(NamedTuple):
    """What the headings above say of every paragraph below them."""

    headings: tuple[Heading, ...] = ()
    #: 类 and 款 of the headings above
    above: tuple[str | None, ...] = ()
    #: whether functional classes are listed
    functional: bool = False
    #: the fund of which the section speaks alone (政府性基金预算财政拨款)
    fund: str = ""
    #: the last amount that is no class, whose parts the classes below it are
    total: Subject | None = None

    def say(self) -> Meaning:
        """Fund and nature of which the headings speak."""
        said = Meaning()
        for heading in self.headings:
            said = lexicon.refine(said, heading.meaning)[0]
        return said

    @property
    def unit(self) -> str:
        """Another unit of which the headings speak."""
        return next((heading.unit for heading in reversed(self.headings) if heading.unit), "")

    def base(self, default: When) -> When:
        """Phase and year of amounts below the headings that tell none."""
        for heading in reversed(self.headings):
            if heading.year not in (None, default.year):
                return When(heading.phase, heading.year)
            if heading.phase is not None and heading.year is None and default.phase == "approved":
                # 决算 within a budget is that of another year
                return When(heading.phase, None) if heading.phase == "executed" else default
            if heading.year is not None:
                return default
        return default

    def below(self, level: int, text: str, unit: str = "") -> Section:
        """The section below a further heading."""
        kept = tuple(heading for heading in self.headings if heading.level < level)
        said = lexicon.read(text)
        years = tuple(dict.fromkeys(_YEAR.findall(text)))
        heading = Heading(
            level,
            Meaning(fund=said.fund, nature=said.nature),
            int(years[0]) if len(years) == 1 else None,
            said.phase,
            unit,
        )
        return self._replace(headings=(*kept, heading), total=self.total if level > 2 else None)


class State(NamedTuple):
    """What the words read so far leave for the next figure."""

    subject: Subject | None = None
    #: phase and year of amounts that tell none
    base: When = When()
    #: those of the item's last amount
    when: When = When()
    #: "open"; "reason" until the next stop; "resync" after a reason's semicolon; "filler" in a description;
    #: "orphan" in the parts of an amount that was not understood
    mode: str = "open"
    #: whether a clause was not understood since the item was named
    stale: bool = False
    #: whether changes are against the year before
    compared: bool = False
    #: whether the comparison ends with the next clause
    fading: bool = False
    #: whether the last figure was not understood
    failed: bool = False
    #: items named since the last stop
    named: int = 0
    #: the item whose parts are listed
    parent: Subject | None = None
    #: phase and year of the amount whose parts are listed, within the sentence
    whole: When | None = None
    section: Section = Section()
    #: the first amount of the sentence before, where its parts were listed
    before: Subject | None = None
    #: what a clause of the sentence announced (绩效目标管理资金), while counts stand between
    topic: Subject | None = None
    #: whether the last amount was one of a list parted by 、, of which a change behind it need not speak
    enumerated: bool = False
    #: whether income is told apart from what was brought forward
    apart: bool = True
    #: whether a change against the year before was read last, whose reasons may follow
    reasoned: bool = False
    #: the first amount of the sentence, whose fund its parts share
    leading: Subject | None = None
    #: whether what is counted is to be bought
    purchase: bool = False
    #: whether the sentence lists shares
    shares: bool = False
    #: the pattern that named the item
    pattern: str = ""
    #: the last figure, when it gave a row of the item
    last: Found | None = None
    #: whether any name in a list is an item
    naming: bool = False
    #: the item of a heading or of 项目名称, for paragraphs without ordinal below it
    carried: Subject | None = None
    #: amounts named since the last stop or marker
    listed: tuple[Found, ...] = ()
    #: whether the paragraphs of a numbered list state changes
    comparing: bool = False
    #: whether the sentence began with a total of 财政拨款: totals after it are of that
    appropriation: bool = False
    #: the fund of which the sentence speaks
    sentence_fund: str = ""
    #: 年初 or 年末, where a state of assets is of that time
    moment: str = ""
    #: whether the last clause was a marker such as 其中
    marked: bool = False
    #: whether the item is an indicator of 绩效
    indicator: bool = False
    #: subject, when, stale and named before an open bracket; they go on behind it
    outer: tuple[Subject | None, When, bool, int] | None = None


def resolved(subject: Subject, state: State, context: Context) -> Subject:
    """The subject with its code and coordinates, once; the context tells which classification a bare name is of."""
    if subject.coordinates is not None:
        return subject
    found = _part_of_class(_coded(subject, state, context), state)
    whole = state.parent or state.leading
    unit = found.unit or (whole.unit if whole is not None else "") or state.section.unit
    return replace(found, coordinates=_coordinates(found, state), unit=unit)


def _part_of_class(subject: Subject, state: State) -> Subject:
    """公用经费 within 302 has the code of its class."""
    whole = state.parent
    if subject.item is None or subject.item.group != "expenditure" or whole is None or whole.code is None:
        return subject
    return replace(subject, code=whole.code, code_source=whole.code_source)


def _coded(subject: Subject, state: State, context: Context) -> Subject:
    above = state.section.above
    if is_economic(state, context):
        return resolve(subject, context.names, "economic_department", above)
    named = resolve(subject, context.names, "function", above) if state.section.functional else subject
    return named if named.code is not None else resolve(subject, context.names, None, above)


def _coordinates(subject: Subject, state: State) -> meaning.Coordinates:
    """What the subject means here."""
    said = state.section.say()
    if state.sentence_fund:
        said = lexicon.refine(said, Meaning(fund=lexicon.read(state.sentence_fund).fund))[0]
    item = subject.item
    if is_project(state.carried) or is_project(state.parent):
        # of a project only a part is told
        return meaning.NONE
    if subject.code is not None:
        whole = _spent(state.parent) or _spent(state.leading) or (None if said.fund else state.section.total)
        return meaning.of_code(subject.code, subject.words, said, _of(whole))
    if item is None or item.units or item.stock:
        return meaning.NONE
    whole = None if item.group == "total" else state.parent or state.leading
    outer = _of(whole)
    if whole is not None and (whole.code is not None or outer == meaning.NONE):
        # a part of what is not known
        return meaning.NONE
    if whole is not state.parent:
        # beside, not below it: 基本支出 and 项目支出 of one total
        outer = outer._replace(nature=None)
    if item.group == "total" and state.appropriation:
        said = lexicon.refine(said, Meaning(fund="fiscal_appropriation"))[0]
    return meaning.of_item(
        subject.name,
        subject.words,
        said,
        outer,
        total=_of(state.section.total),
        group=item.group,
        apart=state.apart,
    )


def is_project(subject: Subject | None) -> bool:
    """Whether a subject is a project: no item of the vocabulary, and of no class."""
    return subject is not None and subject.item is None and subject.code is None and not subject.path


def _spent(subject: Subject | None) -> Subject | None:
    return subject if _of(subject).flow in ("expenditure", "uses") else None


def _of(subject: Subject | None) -> meaning.Coordinates:
    return (subject.coordinates if subject is not None else None) or meaning.NONE


def is_economic(state: State, context: Context) -> bool:
    """Whether what is listed are economic classes."""
    return state.naming or (state.parent is not None and state.parent.name in context.grammar.words.economic_parents)
