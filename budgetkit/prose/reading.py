"""Reading a paragraph figure by figure: what the phrases before a figure say it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from budgetkit import lexicon
from budgetkit.prose.clauses import LONGEST, MARKERS, SEGMENTS, bare, brackets, fade, fits_year, is_prior, note, role_of
from budgetkit.prose.figures import Figure, find_figures
from budgetkit.prose.grammar import Pattern
from budgetkit.prose.items import Subject
from budgetkit.prose.meaning import NONE, Coordinates
from budgetkit.prose.paragraphs import Paragraph
from budgetkit.prose.phrases import Context, Named, When, is_other_unit, parse, phase_in, time_of
from budgetkit.prose.state import Found, Section, State, is_economic, is_project, resolved

_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff（）()]{2,14}")
_NUMBERED_NAME = re.compile(r"[\u4e00-\u9fff\d（）()“”《》、+-]{2,30}")
#: titles of tables, entries of a list of contents, and sentences say nothing of the prose below them
_NO_HEADING = re.compile(r"(?:表|[.…·\d])(?:（[^（）]*）)?。?$|[，；]|\d(?:[万亿]?元|%)")
_LIST = re.compile(r"([^。；，：]{2,30})(?:如下|以下[^。；，：]{0,6})[。：]?$")
#: a change of something that a reason names, with the word for it before or behind
_CAUSE = re.compile(
    r"(?:[一二三四五六七八九十][是、]|（\d）|[①-⑨]|\d[.、])?(?:以及|和|及)?(?:主要(?:是|为)|(?:主要)?原因是|因为?|由于|其中)?(?:本年|今年)?"
    r"(?:(?P<first>新增|增加|减少|压减|调减|调增)了?(?P<name>[^\d，。；：、]{3,30})"
    r"|(?P<behind>[^\d，。；：、]{3,30}?)(?:同比)?(?P<second>增加|增长|减少|下降|压减)了?)"
)
_DIRECTED = re.compile(r"增加|减少|增长|下降|新增|压减|结转|用于|开展|实施|主要")
_LAST_YEAR = re.compile(r"上年|去年|上一年|\d{4}年|累计|平均|每")
#: longest name of a unit, what may stand around it in a heading, and what no unit's name has
_UNIT = 40
_YEARLY = re.compile(r"^(?:19|20)\d{2}年度?")
_NO_UNIT = re.compile(r"[、，；：和及与]|部门$|情况|内设|设置|机构")
_CARRIED = re.compile(r"(?:上年|年初|使用).{0,6}(?:结转|结余)")
_NUMBER = re.compile(r"（?\d")
#: items of a list that one change may speak of
_LISTED = 40
#: measures of changes; the pattern "change" names items of a list of changes
_CHANGES = ("change", "change_rate")
_SIDES = (("收入", "支出"), ("支出", "收入"))
_BOUGHT = ("vehicles", "equipment")


def read_paragraph(paragraph: Paragraph, state: State, context: Context) -> tuple[list[Found], State]:
    """The figures of a paragraph that standard phrases state, and the state for the next paragraph."""
    text = paragraph.text
    state, position = _begin(paragraph, state, context)
    first = position if paragraph.ordinal else -1
    found: list[Found] = []
    figures = 0
    for figure in find_figures(text, context.grammar, indicator=state.indicator):
        if figure.start < position:
            continue
        lead = text[position : figure.start]
        state, hit = _read_lead(lead, figure, state, context, numbered=position == first)
        if hit is not None:
            found += [hit, *(hit._replace(subject=other) for other in hit.others)]
        position = figure.end if hit is None else hit.figure.end
        figures += 1
    return found, _finish(text[position:], state, context) if figures else _told(text, state, context)


def _begin(paragraph: Paragraph, state: State, context: Context) -> tuple[State, int]:
    """The state at the start of a paragraph, and where its first clause begins."""
    start = len(paragraph.ordinal)
    body = paragraph.text[start:]
    section = re.match("第|[一二三四五六七八九十]+、", paragraph.ordinal)
    carried = None if paragraph.ordinal else state.carried
    comparing = bool(_NUMBER.match(paragraph.ordinal)) and (state.comparing or (state.marked and state.compared))
    told = _section(paragraph, body, bool(section), state.section, context)
    base = _base(told, context)
    fresh = State(
        subject=carried,
        carried=carried,
        section=told,
        base=base,
        when=base,
        apart=base.phase == "executed" or _CARRIED.search(body) is not None,
        comparing=comparing,
        compared=comparing,
    )
    head = body.split("：")[0]
    for opener, pattern in context.grammar.openers:
        match = pattern.fullmatch(body) or pattern.fullmatch(head)
        if match is not None:
            subject = Subject(match["subject"])
            named = fresh._replace(subject=subject, indicator=opener.indicator)
            return named._replace(carried=None if opener.indicator else subject), start + match.end()
    if _is_heading(paragraph, body):
        return _headed(body, fresh, context), start
    return fresh, start


def _section(paragraph: Paragraph, body: str, section: bool, before: Section, context: Context) -> Section:
    """What the headings say once a paragraph has begun."""
    functional = (before.functional and not section) or bool(re.search(context.grammar.words.functional, body[:40]))
    after = before._replace(above=() if section else before.above, functional=functional)
    if (_is_heading(paragraph, body) or paragraph.title) and not _NO_HEADING.search(body):
        after = after.below(_level(paragraph.ordinal), body, _unit(body, context))
    elif section:
        after = after.below(_level(paragraph.ordinal), "")
    if paragraph.heading:
        match = context.grammar.fund.search(paragraph.text)
        after = after._replace(fund=match[0] if match is not None else "")
    return after


def _unit(body: str, context: Context) -> str:
    """The other unit whose name a heading is, as printed."""
    name = _YEARLY.sub("", body).rstrip("。")
    match = context.grammar.organisation.search(name[-_UNIT:]) if len(name) <= _UNIT else None
    ends = match is not None and any(one.end() == len(name) for one in context.grammar.organisation.finditer(name))
    return name if ends and is_other_unit(name, context) and not _NO_UNIT.search(name) else ""


def _is_heading(paragraph: Paragraph, body: str) -> bool:
    return paragraph.heading or (bool(paragraph.ordinal) and len(body) <= 40 and not body.endswith("："))


def _level(ordinal: str) -> int:
    """The depth of a heading by its ordinal: 第一部分, 一、, （一）, 1., （1）."""
    marks = ("第|$", "[一二三四五六七八九十]+、", "（[一二三四五六七八九十]", r"\d", r"（\d")
    return next((level for level, mark in enumerate(marks) if re.match(mark, ordinal)), len(marks))


def _base(section: Section, context: Context) -> When:
    """Phase and year of amounts that tell none."""
    return section.base(context.default)


def _headed(body: str, state: State, context: Context) -> State:
    """The state below a heading: an item that it names goes on in paragraphs without ordinal."""
    named = parse(body.rstrip("。"), context, unit=None, strict=True)
    if named is None or named.subject is None:
        return state
    subject = resolved(named.subject, state, context)
    path = subject.path
    above = tuple(path[:2]) if path and not path[2] else state.section.above
    return state._replace(subject=subject, carried=subject, section=state.section._replace(above=above))


def _told(text: str, state: State, context: Context) -> State:
    """The state after a paragraph without figures: only what the next paragraphs may need."""
    functional = state.section.functional or bool(re.search(context.grammar.words.functional, text))
    return state._replace(section=_announced(text, state.section._replace(functional=functional)))


def _announced(text: str, section: Section) -> Section:
    """The section once a list is announced: 财政拨款支出主要内容如下."""
    match = _LIST.search(text)
    said = lexicon.read(match[1]) if match is not None else lexicon.Meaning()
    if match is None or said.fund is None:
        return section
    whole = Coordinates("expenditure", said.fund, said.origin or "all", said.nature or "all")
    return section._replace(total=Subject(match[1], coordinates=whole))


def _finish(rest: str, state: State, context: Context) -> State:
    """The state after the last figure; a trailing 其中 makes its item the parent of what follows."""
    for segment in SEGMENTS.findall(rest):
        state = note(segment, "", state, context)
    return state._replace(section=_announced(rest, state.section))


def _read_lead(
    lead: str, figure: Figure, state: State, context: Context, *, numbered: bool
) -> tuple[State, Found | None]:
    """Read the text before a figure: its clauses change the state, the last one says what the figure is."""
    state = _with_fund(lead, state, context)
    lead, state = brackets(lead, state, context)
    if lead.startswith("：") and state.mode == "open":
        # what stands behind the colon are parts of the amount before it
        told = state.last is not None and state.last.measure == "amount"
        state = note("其中", "", state, context) if told else state._replace(mode="orphan" if state.failed else "open")
    state = state._replace(enumerated=state.enumerated if lead.startswith("，") else lead.startswith("、"))
    segments = SEGMENTS.findall(lead)
    if len(segments) > 1 and segments[-1] == "：":
        segments.pop()
    last = segments.pop() if segments and segments[-1] not in "，。；：" else ""
    last = last if len(last) <= LONGEST else ""
    for index, segment in enumerate(segments):
        following = segments[index + 1] if index + 1 < len(segments) else last or "，"
        state = note(segment, following, state, context)
    text = bare(last)
    if last != text and last.lstrip("、）").startswith(MARKERS):
        state = note("其中", "", state, context)
    state = fade(state, text)
    hit = (
        _explain(text, figure, state, context)
        or _explain_rest(text, figure, state, context)
        or _explain_again(text, figure, state, context)
    )
    if hit is None and ((numbered and not segments) or _lists(segments, last, state)):
        hit = _free_item(text, figure, state, context)
    if hit is None and (state.mode == "reason" or role_of(text, context) == "reason"):
        hit = _cause(text, figure, state, context)
    return hit or (_failed(text, state, context), None)


def _lists(segments: Sequence[str], last: str, state: State) -> bool:
    """Whether the last clause stands where a list names its next item: at its beginning, or behind a stop."""
    parent = state.parent
    if parent is None or state.mode in ("orphan", "filler", "reason"):
        return False
    before = segments[-1] if segments else ""
    # parts of a project go on over whole sentences
    project = is_project(parent) or (parent.coordinates is not None and parent.coordinates.nature == "project")
    return last.startswith("、") or state.marked or (project and before in ("；", "。"))


def _cause(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """A change that a reason names: 主要是基本支出增加5.00万元. The figures around it stay as they were."""
    match = _CAUSE.fullmatch(text)
    if match is None or not state.reasoned or figure.kind != "money" or not figure.value or figure.per:
        return None
    name = match["behind"] or match["name"]
    words = context.grammar.words
    if re.search(words.not_item, name) or _LAST_YEAR.search(name) or context.grammar.tail.fullmatch(name):
        return None
    down = re.search(words.down, match["first"] or match["second"]) is not None
    # whose part it is remains open, and so do its coordinates
    found = Found(figure, Subject(name, coordinates=NONE), "change", state.base, -1 if down else 1)
    return state._replace(mode="reason", stale=True, last=None), found


def _with_fund(lead: str, state: State, context: Context) -> State:
    """The state with the fund that the first clause of a sentence names: its 本年收入 is not that of the whole."""
    if "。" not in lead and (state.named or state.failed):
        return state
    head = re.split("[，：；]", lead.rpartition("。")[2])[0]
    match = context.grammar.fund.search(head)
    return state if match is None else state._replace(sentence_fund=match[0])


def _failed(text: str, state: State, context: Context) -> State:
    """The state after a figure that was not understood."""
    if state.indicator:
        return state._replace(last=None)
    keep = state.mode in ("reason", "filler")
    subject, parent = (state.subject, state.parent) if keep else (None, None)
    role = role_of(text, context)
    mode = role if state.mode != "orphan" and role in ("reason", "filler") else state.mode
    purchase = state.purchase or bool(re.search(context.grammar.words.purchase, text))
    return state._replace(
        stale=True,
        last=None,
        subject=subject,
        parent=parent,
        marked=False,
        mode=mode,
        purchase=purchase,
        failed=not keep,
    )


def _explain_rest(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """Try again without a comparison in front ("与上年相比财政拨款支出减少")."""
    match = context.grammar.prior.match(text)
    if match is None or match.end() == len(text) or not is_prior(text, context) or state.mode in ("reason", "orphan"):
        return None
    return _explain(text[match.end() :], figure, state._replace(compared=True, fading=False), context)


def _explain_again(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """Try again as a word of what the sentence announced, or of the whole whose parts the sentence before listed."""
    if state.topic is not None and state.last is not None and state.last.figure.kind == "count":
        return _explain(text, figure, state._replace(subject=state.topic, stale=False), context)
    if state.before is not None and state.subject is None and not state.named and context.grammar.prior.match(text):
        return _explain(text, figure, state._replace(subject=state.before, stale=False, when=state.base), context)
    return None


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
        groups = match.groupdict()
        behind = re.match(pattern.after, figure.after) if pattern.after else None
        if pattern.after and behind is None:
            continue
        if behind is not None:
            stem = "" if behind[0].startswith(pattern.stem) else pattern.stem
            groups = {**groups, "subject": stem + behind[0]}
            figure = replace(figure, end=figure.end + behind.end())
        hit = _apply(pattern, groups, figure, state, context)
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
        or (figure.per and not pattern.per)
        or (pattern.each and len(state.listed) < 2)
        or (pattern.alone and state.named > 1)
        or (pattern.of and (state.subject is None or not re.search(pattern.of, state.subject.name)))
        or (pattern.follow and last is None)
        or (pattern.after_change and (last is None or last.measure != "change" or state.outer is None))
        or (pattern.after_share and not (state.shares and last is not None and last.measure == "amount"))
        or (pattern.units and figure.unit not in pattern.units)
        or (pattern.units_before and (last is None or last.figure.unit not in pattern.units_before))
    )


def _apply(
    pattern: Pattern, groups: dict[str, str | None], figure: Figure, state: State, context: Context
) -> tuple[State, Found] | None:
    printed = groups.get("subject") or ""
    if groups.get("prior") and not fits_year(groups.get("prior_year"), context):
        return None
    named = _named(pattern, printed, figure, state, context)
    if named is None or (named.subject is None and not _goes_on(pattern, state)):
        return None
    if state.enumerated and named.subject is None and pattern.measure in _CHANGES and not pattern.each:
        return None
    if named.subject is not None and not _may_name(pattern, named.subject, state):
        return None
    subject = state.listed[0].subject if pattern.each else named.subject or state.subject
    if subject is None or not _fits(pattern, subject, state):
        return None
    when = _when(pattern, named, groups, state, context)
    if when is None:
        return None
    sign = state.last.sign if pattern.after_change and state.last is not None else _sign(groups, context)
    either = "（" in (groups.get("direction") or "")
    if figure.value and (either or (sign < 0 and figure.value < 0)):
        return None
    subject = resolved(_specified(pattern, subject, named, groups, state, context), state, context)
    others = tuple(one.subject for one in state.listed[1:]) if pattern.each else ()
    found = Found(figure, subject, pattern.measure, when, sign, others)
    if not state.named and re.fullmatch(context.grammar.words.appropriation, subject.name):
        state = state._replace(appropriation=True)
    return _after(pattern, found, named.subject is not None, bool(groups.get("prior")), state, context), found


def _specified(
    pattern: Pattern, subject: Subject, named: Named, groups: dict[str, str | None], state: State, context: Context
) -> Subject:
    """An item with what the words around it add to its name: what is to be bought, and balances by their time."""
    group = subject.item.group if subject.item is not None else ""
    if state.purchase and group in _BOUGHT and named.subject is not None:
        return replace(subject, name="购置" + subject.name)
    moment = groups.get("moment") or (state.moment if named.subject is not None else "")
    if moment and subject.item is not None and group == "assets" and pattern.measure == "amount":
        return replace(subject, name=("年末" if moment.endswith("末") else "年初") + subject.item.name)
    return _of_fund(subject, groups.get("subject") or "", state, context)


def _of_fund(subject: Subject, printed: str, state: State, context: Context) -> Subject:
    """A total with the fund whose total it is."""
    match = context.grammar.fund.search(printed)
    fund = match[0] if match is not None else state.sentence_fund or state.section.fund
    item = subject.item
    if item is None:
        return subject
    if not fund and state.appropriation and item.group == "total":
        own = context.grammar.money_items.get("财政拨款" + item.name)
        return replace(subject, name=own.name) if own is not None else subject
    if not fund or item.group not in context.grammar.words.fund_groups or fund[:4] in item.name:
        return subject
    return replace(subject, name=fund + item.name)


def _named(pattern: Pattern, printed: str, figure: Figure, state: State, context: Context) -> Named | None:
    if not printed:
        return Named(None, "", ())
    unit = figure.unit if figure.kind == "count" else None
    goes_on = state.subject is not None and not state.stale
    changes = pattern.measure in _CHANGES
    economic = is_economic(state, context)
    named = parse(printed, context, unit=unit, strict=goes_on, economic=economic, changes=changes)
    if named is None and pattern.measure == "amount" and state.naming and _PLAIN_NAME.fullmatch(printed):
        odd = re.search(context.grammar.words.not_item, printed)
        return None if odd else Named(Subject(printed), "", ())
    if named is not None and named.subject is None and state.subject is not None and _crosses(printed, state.subject):
        named = parse(printed, context, unit=unit, strict=False, economic=economic, changes=changes)
        named = named if named is not None and named.subject is not None else None
    last = state.last.subject.item if state.last is not None else None
    if named is None and pattern.free and last is not None and last.group in pattern.groups:
        return Named(Subject(printed, item=replace(last, name=printed)), "", ())
    if pattern.id == "worth" and named is None:
        return parse(printed, context, unit="平方米", strict=False)
    return named


def _crosses(words: str, subject: Subject) -> bool:
    """Whether words without item speak of the other side: 支出预算 behind 收入预算."""
    return any(side in words and side not in subject.name and other in subject.name for side, other in _SIDES)


def _goes_on(pattern: Pattern, state: State) -> bool:
    """Whether a phrase without item may speak of the item before."""
    return state.subject is not None and not state.stale and state.mode != "resync"


def _may_name(pattern: Pattern, subject: Subject, state: State) -> bool:
    """Whether a phrase may name an item here: after a reason only amounts, or what the list began with."""
    item, parent = subject.item, state.parent
    if state.mode == "filler" or (item is not None and item.part and parent is None and state.leading is None):
        return False
    if item is not None and item.within and (parent is None or parent.item is None or parent.item.group != item.within):
        return False
    return state.mode != "resync" or pattern.measure in ("amount", "count") or pattern.id == state.pattern


def _fits(pattern: Pattern, subject: Subject, state: State) -> bool:
    """Whether a phrase goes with an item: people come and go, money and rates do not follow counts."""
    if pattern.groups:
        return subject.item is not None and subject.item.group in pattern.groups
    if subject.item is None or not subject.item.units:
        return True
    money = state.last is not None and state.last.figure.kind == "money"
    return pattern.figure in ("count", "money") or (pattern.measure == "share" and money)


def _when(pattern: Pattern, named: Named, groups: dict[str, str | None], state: State, context: Context) -> When | None:
    """The phase and year of a figure; None when it has several."""
    subject = named.subject or state.subject
    item = subject.item if subject is not None else None
    if pattern.phase == "prior":
        year = state.base.year
        return When(phase_in(groups.get("prior") or "", context), year - 1) if year else None
    if pattern.phase is not None:
        return state.base._replace(phase=pattern.phase)
    if pattern.stock or (item is not None and item.stock and not (state.purchase and item.group in _BOUGHT)):
        return When() if not named.years or context.fiscal_year in (None, *named.years) else None
    goes_on = named.subject is None and pattern.measure != "amount"
    current = state.when if goes_on else (state.outer[1] if state.outer is not None else state.whole or state.base)
    if groups.get("words"):
        return state.base._replace(phase="approved")
    when = time_of(named, context, current)
    # a change against the year before is the document's own
    same = when is None or pattern.measure in ("amount", "count") or state.base.year in (None, when.year)
    return when if same else None


def _sign(groups: dict[str, str | None], context: Context) -> int:
    direction = groups.get("direction")
    return -1 if direction and re.fullmatch(context.grammar.words.down, direction) else 1


def _after(pattern: Pattern, found: Found, fresh: bool, prior: bool, state: State, context: Context) -> State:
    """The state after a row."""
    keeps = pattern.measure != "amount" or state.base.year not in (None, found.when.year)
    base = state.base if fresh else state.when
    listing = fresh and pattern.measure == "amount" and found.when.phase is not None and found.figure.kind == "money"
    item = found.subject.item
    return state._replace(
        subject=found.subject,
        when=base if keeps else found.when,
        mode="open",
        stale=False,
        compared=prior
        or _opposed(found, state.last)
        or (state.compared and (pattern.measure in _CHANGES or state.pattern in _CHANGES)),
        purchase=state.purchase or (item is not None and item.group == "purchases"),
        shares=state.shares or pattern.measure == "share",
        pattern=pattern.id if fresh else state.pattern,
        last=found,
        marked=False,
        failed=False,
        named=state.named + fresh,
        listed=(*state.listed, found) if listing and len(state.listed) < _LISTED else state.listed,
        reasoned=pattern.measure in _CHANGES and found.when.year == state.base.year,
        leading=state.leading or (found.subject if pattern.measure == "amount" else None),
        section=state.section._replace(total=_total(found, state)),
    )


def _opposed(found: Found, last: Found | None) -> bool:
    """Whether the amounts of one item in two neighbouring years stand side by side, which a change then compares."""
    if last is None or found.subject.name != last.subject.name or {found.measure, last.measure} != {"amount"}:
        return False
    years = (found.when.year, last.when.year)
    return None not in years and abs((years[0] or 0) - (years[1] or 0)) == 1


def _total(found: Found, state: State) -> Subject | None:
    """The last amount of expenditure that is no class."""
    subject = found.subject
    flow = subject.coordinates.flow if subject.coordinates is not None else None
    is_total = flow in ("expenditure", "uses") and subject.code is None and found.measure == "amount"
    # nothing has no parts, and a part beside others is not the whole of what follows
    is_total = is_total and found.figure.value != 0 and state.leading is None and state.parent is None
    return subject if is_total else state.section.total


def _free_item(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """An item that no list knows, where only an item can stand: a numbered name and its amount, or one in a list."""
    words = context.grammar.words
    if figure.kind != "money" or not _NUMBERED_NAME.fullmatch(text) or re.search(words.not_item, text):
        return None
    if figure.per or context.grammar.tail.fullmatch(text) or _DIRECTED.search(text):
        return None
    pattern = next(pattern for pattern, _ in context.grammar.patterns if pattern.id == "amount")
    found = Found(figure, resolved(Subject(text), state, context), "amount", state.base, 1)
    after = _after(pattern, found, True, False, state, context)
    return after._replace(parent=state.parent or after.parent), found
