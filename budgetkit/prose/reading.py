"""Reading a paragraph figure by figure: what the phrases before a figure say it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from budgetkit.prose.figures import Figure, find_figures
from budgetkit.prose.grammar import Pattern
from budgetkit.prose.items import Subject, resolve
from budgetkit.prose.paragraphs import Paragraph
from budgetkit.prose.phrases import Context, Named, parse, phase_of

_SEGMENTS = re.compile(r"[^，。；：]+|[，。；：]")
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff（）()]{2,14}")
_NUMBERED_NAME = re.compile(r"[\u4e00-\u9fff\d（）()“”《》、+-]{2,30}")
_BOUGHT = ("vehicles", "equipment")
_ECONOMIC_PARENTS = ("人员经费", "公用经费", "日常公用经费")


class Found(NamedTuple):
    """One figure with its meaning."""

    figure: Figure
    subject: Subject
    measure: str
    phase: str | None
    #: +1 or -1, as the words say
    sign: int


@dataclass(frozen=True, slots=True)
class State:
    """What the words read so far leave for the next figure."""

    subject: Subject | None = None
    #: phase of the item's last amount
    phase: str | None = None
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
    #: 类 and 款 of the headings above
    above: tuple[str | None, ...] = ()
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
    #: whether the last clause was a marker such as 其中
    marked: bool = False
    #: whether the item is an indicator of 绩效
    indicator: bool = False
    #: item and phase before an open bracket, which go on behind it
    outer: tuple[Subject | None, str | None, bool] | None = None


def read_paragraph(paragraph: Paragraph, state: State, context: Context) -> tuple[list[Found], State]:
    """The figures of a paragraph that standard phrases state, and the state for the next paragraph."""
    state = _begin(paragraph, state, context)
    text = paragraph.text
    found: list[Found] = []
    position = len(paragraph.ordinal)
    first = position
    for figure in find_figures(text[: len(text)], context.grammar):
        if figure.start < position:
            continue
        lead = text[position : figure.start]
        state, hit = _read_lead(lead, figure, state, context, numbered=bool(paragraph.ordinal) and position == first)
        if hit is not None:
            found.append(hit)
        position = figure.end
    return found, _finish(text[position:], state, context)


def _begin(paragraph: Paragraph, state: State, context: Context) -> State:
    """The state at the start of a paragraph."""
    body = paragraph.text[len(paragraph.ordinal) :]
    section = re.match("第|[一二三四五六七八九十]+、", paragraph.ordinal)
    carried = None if paragraph.ordinal else state.carried
    fresh = State(
        subject=carried, carried=carried, above=() if section else state.above, phase=context.default,
    )  # fmt: skip
    for opener, pattern in context.grammar.openers:
        match = pattern.fullmatch(body) or pattern.fullmatch(body.split("：")[0])
        if match is not None:
            subject = Subject(match["subject"])
            carried = None if opener.indicator else subject
            return replace(fresh, subject=subject, carried=carried, indicator=opener.indicator)
    if paragraph.heading or (paragraph.ordinal and len(body) <= 40 and not body.endswith("：")):
        named = parse(body.rstrip("。"), context, unit=None, strict=True)
        if named is not None and named.subject is not None:
            subject = _resolved(named.subject, fresh, context)
            path = subject.path
            above = tuple(path[:2]) if path and not path[2] else fresh.above
            return replace(fresh, subject=subject, carried=subject, above=above)
    return fresh


def _finish(rest: str, state: State, context: Context) -> State:
    """The state after the last figure; a trailing 其中 makes its item the parent of what follows."""
    for segment in _SEGMENTS.findall(rest):
        state = _note(segment, "", state, context)
    return state


def _read_lead(
    lead: str, figure: Figure, state: State, context: Context, *, numbered: bool
) -> tuple[State, Found | None]:
    """Read the text before a figure: its clauses change the state, the last one says what the figure is."""
    lead, state = _brackets(lead, state, context)
    segments = _SEGMENTS.findall(lead)
    if len(segments) > 1 and segments[-1] == "：":
        segments.pop()
    last = segments.pop() if segments and segments[-1] not in "，。；：" else ""
    for index, segment in enumerate(segments):
        following = segments[index + 1] if index + 1 < len(segments) else "，"
        state = _note(segment, following, state, context)
    text = _bare(last)
    if last != text and last.startswith("其中"):
        state = _note("其中", "", state, context)
    state = _fade(state, text)
    if context.grammar.ignored.fullmatch(text) and state.mode == "open":
        return replace(state, last=None), None
    hit = _explain(text, figure, state, context) or _explain_rest(text, figure, state, context)
    if hit is None and numbered and not segments:
        hit = _numbered_item(text, figure, state, context)
    return hit or (_failed(text, state, context), None)


def _failed(text: str, state: State, context: Context) -> State:
    """The state after a figure that was not understood."""
    keep = state.mode in ("reason", "filler")
    subject, parent = (state.subject, state.parent) if keep else (None, None)
    mode = "reason" if state.mode != "orphan" and _role(text, context) == "reason" else state.mode
    purchase = state.purchase or bool(re.search(context.grammar.words.purchase, text))
    return replace(
        state, stale=True, last=None, subject=subject, parent=parent, marked=False, mode=mode, purchase=purchase,
        failed=not keep,
    )  # fmt: skip


def _brackets(lead: str, state: State, context: Context) -> tuple[str, State]:
    """Parts of an amount in brackets: behind a closing bracket the item before the opening one goes on."""
    depth = 0
    for index, sign in enumerate(lead):
        depth += {"（": 1, "）": -1}.get(sign, 0)
        if depth < 0 and state.outer is not None:
            for segment in _SEGMENTS.findall(lead[:index]):
                state = _note(segment, "", state, context)
            subject, phase, stale = state.outer
            state = replace(state, subject=subject, phase=phase, stale=stale, mode="open", outer=None, last=None)
            return _brackets(lead[index + 1 :], state, context)
        depth = max(depth, 0)
    if depth > 0:
        state = replace(state, outer=(state.subject, state.phase, state.stale))
    return lead, state


def _bare(segment: str) -> str:
    """A clause without list signs and brackets that are closed elsewhere."""
    text = segment.lstrip("、）")
    if text.startswith("（") and text.count("（") > text.count("）"):
        text = text[1:]
    for word in ("其中", "含"):
        text = text.removeprefix(word)
    return text


def _note(segment: str, following: str, state: State, context: Context) -> State:
    """The state after a clause or stop that has no figure."""
    if segment == "。":
        ended = state.mode in ("reason", "resync") or state.named > 1
        return replace(
            state, mode="open", fading=True, shares=False, last=None, marked=False, failed=False, named=0,
            subject=None if ended else state.subject,
            stale=state.stale and (state.carried is None or state.subject != state.carried),
        )  # fmt: skip
    if segment == "；":
        mode = {"reason": "resync", "filler": "open"}.get(state.mode, state.mode)
        return replace(state, mode=mode)
    if segment == "：" and state.failed and state.last is None and not state.marked and state.mode == "open":
        return replace(state, mode="orphan")
    if segment in "，：" or state.mode in ("reason", "orphan"):
        return state
    text = _bare(segment)
    role = _role(text, context) if text else "marker"
    if role == "marker" and state.failed:
        return replace(state, mode="orphan")
    if role == "marker":
        parent = state.subject if state.subject is not None and not state.stale else state.parent
        return replace(state, parent=parent, marked=True, fading=False, mode="open")
    state = _fade(state, text)
    if role == "reason":
        return replace(state, mode="reason", stale=True, last=None)
    if role == "filler":
        return replace(state, mode="filler")
    if role == "prior":
        return replace(state, compared=_is_prior(text, context))
    if role == "allocation":
        return replace(state, naming=True)
    if role == "date":
        return replace(state, purchase=False)
    if state.mode == "filler":
        return state
    return _note_item(text, following, state, context)


def _note_item(text: str, following: str, state: State, context: Context) -> State:
    """The state after a clause that may name the item of what follows."""
    match = re.search(context.grammar.words.prior + "$", text)
    head = text[: match.start()] if match is not None else text
    ends = following in ("：", "。") or match is not None or head.endswith(("（项）", "（款）", "（类）"))
    named = parse(head, context, unit=None, strict=following != "：") if ends and head and not state.marked else None
    if named is None or named.subject is None:
        bought = state.purchase or bool(re.search(context.grammar.words.purchase, text))
        return replace(state, stale=True, last=None, marked=False, purchase=bought)
    phase = phase_of(named, context, context.default)
    if isinstance(phase, bool):
        return replace(state, subject=None, stale=True)
    compared = match is not None and _is_prior(match[0], context)
    subject = _resolved(named.subject, state, context)
    return replace(state, subject=subject, phase=phase, stale=False, compared=compared, last=None, marked=False)


def _fade(state: State, text: str) -> State:
    if not state.fading or not text:
        return state
    return replace(state, fading=False, compared=False)


def _role(text: str, context: Context) -> str | None:
    return next((clause.role for clause, pattern in context.grammar.clauses if pattern.fullmatch(text)), None)


def _is_prior(text: str, context: Context) -> bool:
    """Whether a comparison is with the year before the document's."""
    match = context.grammar.prior.match(text)
    return match is not None and _fits_year(match["prior_year"], context)


def _fits_year(printed: str | None, context: Context) -> bool:
    return printed is None or (context.fiscal_year is not None and int(printed) == context.fiscal_year - 1)


def _explain_rest(
    text: str, figure: Figure, state: State, context: Context
) -> tuple[State, Found] | None:
    """Try again without a comparison in front ("与上年相比财政拨款支出减少")."""
    match = context.grammar.prior.match(text)
    if match is None or match.end() == len(text) or not _is_prior(text, context) or state.mode in ("reason", "orphan"):
        return None
    return _explain(text[match.end() :], figure, replace(state, compared=True, fading=False), context)


def _explain(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """The first pattern that explains the last clause, and the state after it."""
    if state.mode in ("reason", "orphan"):
        return None
    for pattern, expression in context.grammar.patterns:
        if pattern.figure != figure.kind or not _allowed(pattern, figure, state):
            continue
        match = expression.fullmatch(text)
        if match is None:
            continue
        hit = _apply(pattern, match.groupdict(), figure, state, context)
        if hit is not None:
            return hit
    return None


def _allowed(pattern: Pattern, figure: Figure, state: State) -> bool:
    """Whether the state lets a pattern be tried."""
    last = state.last
    return not (
        (state.mode == "filler" and not pattern.resume)
        or pattern.named != state.indicator
        or (pattern.compared and not state.compared)
        or (pattern.follow and last is None)
        or (pattern.after_share and not (state.shares and last is not None and last.measure == "amount"))
        or (pattern.units and figure.unit not in pattern.units)
        or (pattern.units_before and (last is None or last.figure.unit not in pattern.units_before))
    )


def _apply(
    pattern: Pattern, groups: dict[str, str | None], figure: Figure, state: State, context: Context
) -> tuple[State, Found] | None:
    printed = groups.get("subject") or ""
    if groups.get("prior") and not _fits_year(groups.get("prior_year"), context):
        return None
    named = _named(pattern, printed, figure, state, context)
    if named is None or (named.subject is None and not _goes_on(pattern, state)):
        return None
    if named.subject is not None and not _may_name(pattern, named.subject, state):
        return None
    subject = named.subject or state.subject
    if subject is None or not _fits(pattern, subject):
        return None
    fresh = named.subject is not None
    phase = _phase(pattern, named, groups, state, context)
    if isinstance(phase, bool):
        return None
    if state.purchase and subject.item is not None and subject.item.group in _BOUGHT and named.subject is not None:
        subject = replace(subject, name="购置" + subject.name)
    found = Found(figure, _resolved(subject, state, context), pattern.measure, phase, _sign(groups, figure, context))
    if found.sign < 0 and figure.value < 0:
        return None
    return _after(pattern, found, fresh, bool(groups.get("prior")), state, context), found


def _named(pattern: Pattern, printed: str, figure: Figure, state: State, context: Context) -> Named | None:
    if not printed:
        return Named(None, "", ())
    unit = figure.unit if figure.kind == "count" else None
    named = parse(printed, context, unit=unit, strict=state.subject is not None and not state.stale, economic=_economic(state))
    if named is None and pattern.measure == "amount" and state.naming and _PLAIN_NAME.fullmatch(printed):
        odd = re.search(context.grammar.words.not_item, printed)
        return None if odd else Named(Subject(printed), "", ())
    if pattern.id == "worth" and named is None:
        return parse(printed, context, unit="平方米", strict=False)
    return named


def _goes_on(pattern: Pattern, state: State) -> bool:
    """Whether a phrase without item may speak of the item before."""
    return state.subject is not None and not state.stale and state.mode != "resync"


def _may_name(pattern: Pattern, subject: Subject, state: State) -> bool:
    """Whether a phrase may name an item here: after a reason only amounts, or what the list began with."""
    if state.mode == "filler" or (subject.item is not None and subject.item.part and state.parent is None):
        return False
    return state.mode != "resync" or pattern.measure in ("amount", "count") or pattern.id == state.pattern


def _fits(pattern: Pattern, subject: Subject) -> bool:
    """Whether a phrase goes with an item: people come and go, money and rates do not follow counts."""
    if pattern.id == "staff_change":
        return subject.item is not None and subject.item.group == "staff"
    if subject.item is None or not subject.item.units:
        return True
    return pattern.figure in ("count", "money")


def _phase(
    pattern: Pattern, named: Named, groups: dict[str, str | None], state: State, context: Context
) -> str | None | bool:
    """The phase of a figure; False when its year is none of the document's."""
    subject = named.subject or state.subject
    item = subject.item if subject is not None else None
    if pattern.phase is not None:
        return pattern.phase
    if pattern.stock or (item is not None and item.stock and not state.purchase):
        return None if not named.years or context.fiscal_year in named.years else False
    goes_on = named.subject is None and pattern.measure != "amount"
    current = state.phase if goes_on else (state.outer[1] if state.outer is not None else context.default)
    if groups.get("words"):
        return "approved"
    phase = phase_of(named, context, current)
    return False if phase == "prior_year" and pattern.measure not in ("amount", "count") else phase


def _sign(groups: dict[str, str | None], figure: Figure, context: Context) -> int:
    direction = groups.get("direction")
    return -1 if direction and re.fullmatch(context.grammar.words.down, direction) else 1


def _after(pattern: Pattern, found: Found, fresh: bool, prior: bool, state: State, context: Context) -> State:
    """The state after a row."""
    keeps = found.phase == "prior_year" or pattern.measure != "amount"
    base = context.default if fresh else state.phase
    item = found.subject.item
    return replace(
        state,
        subject=found.subject,
        phase=base if keeps else found.phase,
        mode="open",
        stale=False,
        compared=prior or (state.compared and pattern.measure in ("change", "change_rate")),
        purchase=state.purchase or (item is not None and item.group == "purchases"),
        shares=state.shares or pattern.measure == "share",
        pattern=pattern.id if fresh else state.pattern,
        last=found,
        marked=False,
        failed=False,
        named=state.named + fresh,
    )


def _numbered_item(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """A numbered paragraph that begins with a name and an amount: an item that no list knows."""
    words = context.grammar.words
    if figure.kind != "money" or not _NUMBERED_NAME.fullmatch(text) or re.search(words.not_item, text):
        return None
    pattern = next(pattern for pattern, _ in context.grammar.patterns if pattern.id == "amount")
    found = Found(figure, _resolved(Subject(text), state, context), "amount", context.default, 1)
    return _after(pattern, found, True, False, state, context), found


def _resolved(subject: Subject, state: State, context: Context) -> Subject:
    """The subject with its code; under 人员经费 and 公用经费 names are those of economic classes."""
    scheme = "economic_department" if _economic(state) else None
    return resolve(subject, context.names, scheme, state.above)


def _economic(state: State) -> bool:
    return state.naming or (state.parent is not None and state.parent.name in _ECONOMIC_PARENTS)
