"""Scopes of prose: what a section, a paragraph and a sentence say holds within them, and is gone behind them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from budgetkit import lexicon
from budgetkit.lexicon import Meaning
from budgetkit.prose.figures import Figure
from budgetkit.prose.items import Subject
from budgetkit.prose.phrases import When


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


#: not what it compares with: 公务接待费与2030年预算持平
_YEAR = re.compile(r"(?<![\d与比较同和])((?:19|20)\d\d)年")
#: what is held against its own budget was spent
_AGAINST = re.compile("[与和](?:年初|全年)?预算数?的?(?:对比|相比|比较|差异)")
#: a phase that a heading leaves open by naming both, as in 预算收支决算情况; funds have 预算 in their names
_EITHER = "either"
_BOTH = re.compile("(?<!公共)(?<!基金)(?<!经营)预算.*决算|决算.*(?<!公共)(?<!基金)(?<!经营)预算")


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
    #: whether it speaks of one item alone (政府采购), whose money the funds below it are parts of
    item: bool = False
    #: whether it speaks of a part of a year
    part: bool = False


class Section(NamedTuple):
    """What the headings above say of every paragraph below them."""

    headings: tuple[Heading, ...] = ()
    #: direction, fund and nature of which they speak
    said: Meaning = lexicon.NOTHING
    #: 类 and 款 of the headings above
    above: tuple[str | None, ...] = ()
    #: whether functional classes are listed
    functional: bool = False
    #: the fund of which the section speaks alone (政府性基金预算财政拨款)
    fund: str = ""
    #: the last amount that is no class, whose parts the classes below it are
    total: Subject | None = None
    #: the depth of the ordinal of its paragraph, where it has one: what stands beside it is no part of it
    depth: int | None = None

    def beside(self, depth: int) -> Section:
        """The section where an ordinal begins a paragraph: a kind of expenditure is no whole of what is beside it."""
        coordinates = self.total.coordinates if self.total is not None else None
        ends = self.depth is not None and depth <= self.depth
        kind = coordinates is not None and coordinates.nature not in (None, "all")
        return self._replace(total=None, depth=None) if ends and kind else self

    @property
    def of_item(self) -> bool:
        """Whether the last heading speaks of one item."""
        return bool(self.headings) and self.headings[-1].item

    @property
    def unit(self) -> str:
        """Another unit of which the headings speak."""
        return next((heading.unit for heading in reversed(self.headings) if heading.unit), "")

    def base(self, default: When) -> When:
        """Phase and year of amounts below the headings that tell none."""
        phase = year = None
        dated = False
        for heading in reversed(self.headings):
            if phase is None and heading.phase is not None:
                phase, dated = heading.phase, heading.year is not None
            if heading.year is not None:
                year = heading.year
                break
        told = None if phase == _EITHER else phase
        if year not in (None, default.year):
            return When(told, year)
        if default.phase is None:
            return When(told, default.year)
        # 决算 within a budget is that of another year
        other = told == "executed" and not dated and default.phase == "approved"
        return When(told, None) if other else default

    def below(self, level: int, text: str, unit: str = "", *, part: bool = False) -> Section:
        """The section below a further heading."""
        kept = tuple(heading for heading in self.headings if heading.level < level)
        said = lexicon.read(text)
        years = tuple(dict.fromkeys(_YEAR.findall(text)))
        heading = Heading(
            level,
            Meaning(flow=None if said.two_sided else said.flow, fund=said.fund, nature=said.nature),
            int(years[0]) if len(years) == 1 else None,
            "executed" if _AGAINST.search(text) else _EITHER if _BOTH.search(text) else said.phase,
            unit,
            said.item == "procurement" and said.fund is None,
            part,
        )
        told = lexicon.NOTHING
        for each in (*kept, heading):
            told = lexicon.refine(told, each.meaning)[0]
        return self._replace(headings=(*kept, heading), said=told, total=self.total if level > 2 else None)


class Sentence(NamedTuple):
    """What a sentence says; a full stop ends it."""

    #: "open"; "reason" until the next stop; "resync" after a reason's semicolon; "filler" in a description;
    #: "orphan" in the parts of an amount that was not understood
    mode: str = "open"
    #: items named so far
    named: int = 0
    #: the first amount, whose fund its parts share
    leading: Subject | None = None
    #: phase and year of the amount whose parts are listed
    whole: When | None = None
    #: amounts named since the last marker
    listed: tuple[Found, ...] = ()
    #: the last figure, when it gave a row of the item
    last: Found | None = None
    #: whether the last figure was not understood
    failed: bool = False
    #: whether the last clause was a marker such as 其中
    marked: bool = False
    #: whether the last amount was one of a list parted by 、, of which a change behind it need not speak
    enumerated: bool = False
    #: whether the last figure is compared with the document's own budget
    budgeted: bool = False
    #: whether a change was stated
    changed: bool = False
    #: whether shares are listed
    shares: bool = False
    #: another year of which a clause speaks: 2030年某单位…，
    year: int | None = None
    #: the fund of which its first clause speaks
    fund: str = ""
    #: whether it began with a total of 财政拨款: totals after it are of that
    appropriation: bool = False
    #: 年初 or 年末, where a state of assets is of that time
    moment: str = ""


class Passage(NamedTuple):
    """What a paragraph says beyond its sentences; the next one begins anew."""

    #: phase and year of amounts that tell none
    base: When = When()
    #: the depth of its ordinal, where it has one
    depth: int | None = None
    #: whether income is told apart from what was brought forward
    apart: bool = True
    #: the item of a heading or of 项目名称, for paragraphs without ordinal below it
    carried: Subject | None = None
    #: whether the item is an indicator of 绩效
    indicator: bool = False
    #: whether the paragraphs of a numbered list state changes
    comparing: bool = False
    #: whether changes are against the year before
    compared: bool = False
    #: the items named so far
    names: frozenset[str] = frozenset()
    #: what amounts of the paragraph were compared with so far
    bases: frozenset[str] = frozenset()
    #: whether it has come to speak of another year, or of a part of one, in words that were not understood
    astray: bool = False
    #: amounts that the sentence before named one after the other, or this one with 分别
    row: tuple[Found, ...] = ()
    #: the last amount, behind the one before where both are of one item in two phases or years
    amounts: tuple[Found, ...] = ()
    #: whether the comparison ends with the next clause
    fading: bool = False
    #: whether a change against the year before was read last, whose reasons may follow
    reasoned: bool = False
    #: the item whose parts are listed
    parent: Subject | None = None
    #: the last amount that is no part of another
    total: Subject | None = None
    #: the amount whose parts the sentence before listed
    before: Subject | None = None
    #: what a clause announced (绩效目标管理资金), while counts stand between
    topic: Subject | None = None
    #: whether any name in a list is an item
    naming: bool = False
    #: whether what is counted is to be bought
    purchase: bool = False
    #: the pattern that named the item
    pattern: str = ""
    #: the state before an open bracket; its item goes on behind it
    outer: State | None = None


class State(NamedTuple):
    """What the words read so far leave for the next figure, each in the scope that it holds in."""

    section: Section = Section()
    passage: Passage = Passage()
    sentence: Sentence = Sentence()
    #: the item of which a phrase without one speaks
    subject: Subject | None = None
    #: phase and year of its last amount
    when: When = When()
    #: whether a clause was not understood since it was named
    stale: bool = False

    def put(self, **changes: Any) -> State:
        """With other values, each in its scope."""
        own, passage = list(self), list(self.passage)
        sentence = list(changes.pop("sentence", self.sentence))
        scopes = (own, passage, sentence)
        for name, value in changes.items():
            scope, at = _PLACES[name]
            scopes[scope][at] = value
        # passage and sentence stand behind the section
        own[1:3] = Passage._make(passage), Sentence._make(sentence)
        return State._make(own)


#: scope of each value, and its place there
_PLACES = {
    name: (scope, at)
    for scope, names in enumerate((State._fields, Passage._fields, Sentence._fields))
    for at, name in enumerate(names)
}
