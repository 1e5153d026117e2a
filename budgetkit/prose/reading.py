"""Reading a paragraph figure by figure: what the phrases before a figure say it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from budgetkit import lexicon
from budgetkit.prose.clauses import LONGEST, MARKERS, SEGMENTS, bare, brackets, fade, note, other_year, role_of
from budgetkit.prose.comparing import OWN, PRIOR, leading_base, read_comparison
from budgetkit.prose.explaining import after_row, explain, explain_again, explain_rest
from budgetkit.prose.figures import Figure, find_figures
from budgetkit.prose.grammar import folded
from budgetkit.prose.items import Subject
from budgetkit.prose.meaning import NONE, Coordinates
from budgetkit.prose.paragraphs import Paragraph
from budgetkit.prose.phrases import Context, When, other_unit, parse, phase_in
from budgetkit.prose.respective import respective
from budgetkit.prose.rules import amount
from budgetkit.prose.scopes import Found, Passage, Section, State
from budgetkit.prose.settling import settled
from budgetkit.prose.subjects import is_project, resolved

_NUMBERED_NAME = re.compile(r"[\u4e00-\u9fff\d（）()“”《》、+-]{2,30}")
#: titles of tables, entries of a list of contents, and sentences say nothing of the prose below them
_NO_HEADING = re.compile(r"(?:表|[.…·\d])(?:（[^（）]*）)?。?$|[，；]|\d(?:[万亿]?元|%)")
#: what announces a list is no longer than this, at the end of its paragraph
_ANNOUNCING = 40
_LIST = re.compile(r"([^。；，：]{2,30})(?:如下|以下[^。；，：]{0,6})[。：]?$")
#: a change of something that a reason names, with the word for it before or behind
_CAUSE = re.compile(
    r"(?:[一二三四五六七八九十][是、]|（\d）|[①-⑨]|\d[.、])?(?:以及|和|及)?(?:主要(?:是|为)|(?:主要)?原因是|因为?|由于|其中)*(?:本年|今年)?"
    r"(?:(?P<first>新增|增加|减少|压减|调减|调增)了?(?P<name>[^\d，。；：、]{3,30})"
    r"|(?P<behind>[^\d，。；：、]{3,30}?)(?:同比|[较比]上年度?)?(?P<second>增加|增长|减少|下降|压减)了?)"
)
_DIRECTED = re.compile(r"增加|减少|增长|下降|新增|压减|结转|用于|开展|实施|主要")
_LAST_YEAR = re.compile(r"上年|去年|上一年|\d{4}年|累计|平均|每")
#: longest name of a unit, what may stand around it in a heading, and what no unit's name has
_UNIT = 40
_YEARLY = re.compile(r"^(?:19|20)\d{2}年度?")
_NO_UNIT = re.compile(r"[、，；：和及与]|部门$|情况|内设|设置|机构")
_CARRIED = re.compile(r"(?:上年|年初|使用).{0,6}(?:结转|结余)")
#: words behind a name that tell the phase
_STAGE = re.compile(r"(?:年初|全年|调整后?)?(?:预算|决算)(?:安排|金额|支出|数)*为?$")
#: a project named in quotes
_QUOTED = re.compile("“([^“”]{2,30})”项目")
_IN_IT = re.compile("(?<=.)中(?:含|包括|的)?(?=.)")
_HOLDS = re.compile("（(?:含|包括)[^（）]{2,20}）")
#: how a paragraph begins that speaks of one year
_OF_YEAR = re.compile(r"((?:19|20)\d\d)年度?，")
#: words behind the item of a heading
_SITUATION = re.compile("(?:情况(?:的?说明)?)?。?$")
_NUMBER = re.compile(r"（?\d")
#: words behind an item and a colon that tell no phase
_PLANNED = re.compile("(?:安排|列支|开支|拨入|金额|数额)+为?")


def read_paragraph(paragraph: Paragraph, state: State, context: Context) -> tuple[list[Found], State]:
    """The figures of a paragraph that standard phrases state, and the state for the next paragraph."""
    text = paragraph.text
    state, position = _begin(paragraph, state, context)
    first = position if paragraph.ordinal else -1
    found: list[Found] = []
    figures = list(find_figures(text, context.grammar, indicator=state.passage.indicator))
    for at, figure in enumerate(figures):
        if figure.start < position:
            continue
        lead = text[position : figure.start]
        each = respective(lead, text, figures[at:], state, context) if "分别" in lead or state.passage.row else None
        if each is not None:
            hits, state = each
            found += hits
            position = hits[-1].figure.end
            continue
        state, hit = _read_lead(lead, figure, state, context, numbered=position == first)
        if hit is not None:
            found += [hit, *(hit._replace(subject=other) for other in hit.others)]
        position = figure.end if hit is None else hit.figure.end
    return settled(found), _finish(text[position:], state, context) if figures else _told(text, state, context)


def _begin(paragraph: Paragraph, state: State, context: Context) -> tuple[State, int]:
    """The state at the start of a paragraph, and where its first clause begins."""
    start = len(paragraph.ordinal)
    body = paragraph.text[start:]
    section = re.match("第|[一二三四五六七八九十]+、", paragraph.ordinal)
    carried = None if paragraph.ordinal else state.passage.carried
    comparing = bool(_NUMBER.match(paragraph.ordinal)) and (
        state.passage.comparing or (state.sentence.marked and state.passage.compared)
    )
    told = _section(paragraph, body, bool(section), state.section, context)
    base = _base(told, context)
    match = _OF_YEAR.match(body)
    if match is not None and base.year not in (None, int(match[1])):
        base = When(None, int(match[1]))
    apart = base.phase == "executed" or _CARRIED.search(body) is not None
    # 其中： at the end of a paragraph announces the next one
    parent = state.passage.parent if state.sentence.marked and not (section or paragraph.heading) else None
    depth = _level(paragraph.ordinal) if paragraph.ordinal else None
    told = told.beside(depth) if depth is not None else told
    passage = Passage(base, depth, apart, carried, comparing=comparing, compared=comparing, parent=parent)
    # 与上年对比增加1.00万元 at the beginning of a paragraph is of the whole that the one before names
    whole = state.passage.total if depth is None and leading_base(body, context.fiscal_year)[0] == PRIOR else None
    passage = passage._replace(astray=any(heading.part for heading in told.headings), before=whole)
    fresh = State(told, passage, subject=carried, when=base)
    colon = body.find("：")
    for opener, pattern in context.grammar.openers:
        match = pattern.fullmatch(body) or (pattern.fullmatch(body, 0, colon) if colon >= 0 else None)
        if match is not None:
            subject = Subject(match["subject"])
            named = fresh.put(subject=subject, indicator=opener.indicator)
            return named.put(carried=None if opener.indicator else subject), start + match.end()
    if _is_heading(paragraph, body):
        return _headed(body, fresh, context), start
    return fresh, start


def _section(paragraph: Paragraph, body: str, section: bool, before: Section, context: Context) -> Section:
    """What the headings say once a paragraph has begun."""
    functional = (before.functional and not section) or bool(context.grammar.words.functional.search(body[:40]))
    after = before._replace(above=() if section else before.above, functional=functional)
    if (_is_heading(paragraph, body) or paragraph.title) and not _NO_HEADING.search(body):
        part = context.grammar.words.part.search(body) is not None
        after = after.below(_level(paragraph.ordinal), body, _unit(body, context), part=part)
    elif section:
        after = after.below(_level(paragraph.ordinal), "")
    if paragraph.heading:
        match = context.grammar.words.fund.search(paragraph.text)
        after = after._replace(fund=match[0] if match is not None else "")
    return after


def _unit(body: str, context: Context) -> str:
    """The other unit whose name a heading is, as printed."""
    name = _YEARLY.sub("", body).rstrip("。")
    match = context.grammar.organisation.search(name[-_UNIT:]) if len(name) <= _UNIT else None
    ends = match is not None and any(one.end() == len(name) for one in context.grammar.organisation.finditer(name))
    return other_unit(name, context) if ends and not _NO_UNIT.search(name) else ""


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
    name = _SITUATION.sub("", body)
    named = parse(name, context, unit=None, strict=True)
    # 其他情况说明 is about no class
    if named is None or named.subject is None or (named.subject.item is None and "情况" in body):
        return state
    subject = resolved(named.subject, state, context)
    path = subject.path
    above = tuple(path[:2]) if path and not path[2] else state.section.above
    return state.put(subject=subject, carried=subject, section=state.section._replace(above=above))


def _told(text: str, state: State, context: Context) -> State:
    """The state after a paragraph without figures: only what the next paragraphs may need."""
    functional = state.section.functional or bool(context.grammar.words.functional.search(text))
    return state._replace(section=_announced(text, state.section._replace(functional=functional)))


def _announced(text: str, section: Section) -> Section:
    """The section once a list is announced: 财政拨款支出主要内容如下."""
    end = text[-_ANNOUNCING:]
    match = _LIST.search(end) if "下" in end else None
    said = lexicon.read(match[1]) if match is not None else lexicon.NOTHING
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
    if _of_amount(lead, figure, state):
        state = note("其中", "", state, context)
    elif lead.startswith("：") and state.sentence.mode == "open" and state.sentence.failed:
        state = state.put(mode="orphan")
    lead = lead.removeprefix("中") if lead.startswith("中，") else lead
    if not lead.startswith("，") and state.sentence.enumerated != lead.startswith("、"):
        state = state.put(enumerated=not state.sentence.enumerated)
    segments = SEGMENTS.findall(lead)
    if len(segments) > 1 and segments[-1] == "：":
        segments.pop()
    last = segments.pop() if segments and segments[-1] not in "，。；：" else ""
    if last and len(segments) > 1 and segments[-1] == "：" and _PLANNED.fullmatch(last):
        # 教育支出：安排5.00万元
        last = segments[-2] + last
        del segments[-2:]
    last = last if len(last) <= LONGEST else ""
    for index, segment in enumerate(segments):
        following = segments[index + 1] if index + 1 < len(segments) else last or "，"
        if numbered and not index and following == "，":
            # an item in front of what is said of it: （一）收入预算，2031年年初预算数
            following = "："
        state = note(segment, following, state, context)
    text = bare(last)
    if last != text and last.lstrip("、）").startswith(MARKERS):
        state = note("其中", "", state, context)
    state = fade(state, text)
    if context.grammar.words.part.match(text):
        return _failed(text, state, context).put(astray=True), None
    ways = (explain, explain_rest, explain_again, _within, _without)
    hit = next((hit for way in ways if (hit := way(text, figure, state, context)) is not None), None)
    opens = not segments or segments[-1] in "。；"
    free = (numbered and not segments) or _lists(segments, last, state) or (opens and _QUOTED.match(text) is not None)
    if hit is None and free and state.sentence.mode in ("open", "resync"):
        hit = _free_item(text, figure, state, context)
    if hit is None and (state.sentence.mode == "reason" or role_of(text, context) == "reason"):
        hit = _cause(text, figure, state, context)
    silent = _silent(text, figure, state, context) if hit is None else None
    if silent is not None:
        return silent, None
    return hit or (_failed(text, state, context), None)


def _of_amount(lead: str, figure: Figure, state: State) -> bool:
    """Whether parts of the figure before follow: in a bracket, behind a colon or behind 中，."""
    last = state.sentence.last
    if last is None or lead.startswith("中，"):
        return last is not None
    opens = figure.kind == "money" if lead[:1] == "（" else lead[:1] == "：" and state.sentence.mode == "open"
    return opens and last.measure == "amount" and last.figure.kind == "money"


def _silent(text: str, figure: Figure, state: State, context: Context) -> State | None:
    """The state after what is understood and no row: 公务接待费支出决算比预算无增减变化, 比上年预算数下降20%."""
    compared = read_comparison(text, context.fiscal_year)
    if compared is None or state.sentence.mode in ("reason", "orphan"):
        return None
    own = compared.against == OWN and figure.kind == "same"
    if not own and not (compared.against == PRIOR and phase_in(compared.base, context) == "approved"):
        return None
    if not compared.name:
        return None if own else state.put(last=None, marked=False)
    named = parse(compared.name, context, unit=None, strict=True)
    if named is None or named.subject is None:
        return None
    subject = resolved(named.subject, state, context)
    after = state.put(subject=subject, when=state.passage.base, mode="open", stale=False, last=None, before=None)
    return after.put(named=state.sentence.named + 1)


def _within(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """A part and the whole that the same clause names: 公务用车费中含公车购置费."""
    for match in _IN_IT.finditer(text):
        whole = parse(text[: match.start()], context, unit=None, strict=True)
        if whole is not None and whole.subject is not None:
            parent = resolved(whole.subject, state, context)
            below = state.put(subject=parent, parent=parent, stale=False, last=None, marked=True)
            return explain(text[match.end() :], figure, below, context)
    return None


def _without(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """An item with what it holds in brackets within its name: 公务用车（含执法用车）运行费."""
    plain = _HOLDS.sub("", text)
    return explain(plain, figure, state, context) if plain != text else None


def _lists(segments: Sequence[str], last: str, state: State) -> bool:
    """Whether the last clause stands where a list names its next item: at its beginning, or behind a stop."""
    parent = state.passage.parent
    if parent is None or state.sentence.mode in ("orphan", "filler", "reason"):
        return False
    before = segments[-1] if segments else ""
    # parts of a project go on over whole sentences
    project = is_project(parent) or (parent.coordinates is not None and parent.coordinates.nature == "project")
    # names one after the other: the figure before was one, and the list goes on
    follows = before == "，" and len(segments) == 1 and state.sentence.last is not None
    again = follows and _named_last(state)
    more = again or before in ("；", "。") if project else again or (before == "；" and _named_last(state))
    return last.startswith("、") or state.sentence.marked or more


def _named_last(state: State) -> bool:
    """Whether the last figure was of a name that no list knows."""
    return state.sentence.last is not None and is_project(state.sentence.last.subject)


def _cause(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """A change that a reason names: 主要是基本支出增加5.00万元. The figures around it stay as they were."""
    match = _CAUSE.fullmatch(text)
    if match is None or not state.passage.reasoned or figure.kind != "money" or not figure.value or figure.per:
        return None
    name = match["behind"] or match["name"]
    words = context.grammar.words
    if "用于" in name or words.not_item.search(name) or _LAST_YEAR.search(name) or not _is_name(name, context):
        return None
    down = re.search(words.down, match["first"] or match["second"]) is not None
    # whose part it is remains open, and so do its coordinates
    found = Found(figure, Subject(name, coordinates=NONE), "change", state.passage.base, -1 if down else 1)
    return state.put(mode="reason", stale=True, last=None), found


def _with_fund(lead: str, state: State, context: Context) -> State:
    """The state with the fund that the first clause of a sentence names: its 本年收入 is not that of the whole."""
    if "。" not in lead and (state.sentence.named or state.sentence.failed):
        return state
    head = re.split("[，：；]", lead.rpartition("。")[2])[0]
    match = context.grammar.words.fund.search(head)
    return state if match is None else state.put(fund=match[0])


def _failed(text: str, state: State, context: Context) -> State:
    """The state after a figure that was not understood."""
    if state.passage.indicator:
        return state.put(last=None)
    keep = state.sentence.mode in ("reason", "filler")
    subject = state.subject if keep else None
    # what an open bracket holds are parts of the amount before it, whatever their names
    parent = state.passage.parent if keep or state.passage.outer is not None else None
    role = role_of(text, context)
    mode = role if state.sentence.mode != "orphan" and role in ("reason", "filler") else state.sentence.mode
    # money of funds behind it is what is concerned, no income: 涉及…拨款5.00万元，政府性基金预算拨款0万元
    mode = "orphan" if text.startswith("涉及") else mode
    purchase = state.passage.purchase or bool(context.grammar.words.purchase.search(text))
    astray = not keep and other_year(text, state, state.sentence.year) is not None
    return state.put(
        astray=astray or state.passage.astray,
        stale=True,
        last=None,
        before=None,
        subject=subject,
        parent=parent,
        marked=False,
        mode=mode,
        purchase=purchase,
        failed=not keep,
    )


def _is_organisation(text: str, context: Context) -> bool:
    return any(match.end() == len(text) for match in context.grammar.organisation.finditer(text, 1))


def _is_name(text: str, context: Context) -> bool:
    """Whether a text is more than words around a name."""
    known = folded(text, context.grammar.words) in context.grammar.money_items
    return known or context.grammar.tail.fullmatch(text) is None


def _free_item(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """An item that no list knows, where only an item can stand: a numbered name and its amount, or one in a list."""
    words = context.grammar.words
    quoted = _QUOTED.match(text)
    stage = _STAGE.search(text)
    if quoted is not None and context.grammar.tail.fullmatch(text, quoted.end()):
        text = quoted[1]
    elif stage is not None and stage.start() > 1:
        text = text[: stage.start()]
    if figure.kind != "money" or not _NUMBERED_NAME.fullmatch(text) or words.not_item.search(text):
        return None
    if figure.per or not _is_name(text, context) or _DIRECTED.search(text) or _is_organisation(text, context):
        return None
    base, whole = state.passage.base, state.passage.parent
    told = phase_in(stage[0], context) if stage is not None else None
    stock = whole is not None and whole.item is not None and whole.item.stock
    when = When() if stock else base._replace(phase=told or base.phase)
    found = Found(figure, resolved(Subject(text), state, context), "amount", when, 1)
    after = after_row(amount(text), found, True, state, context)
    return after.put(parent=state.passage.parent or after.passage.parent), found
