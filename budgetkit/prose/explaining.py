"""Explaining the last clause before a figure: the pattern that it is, and the row that the figure then gives."""

from __future__ import annotations

import re
from dataclasses import replace

from budgetkit import lexicon, trees
from budgetkit.prose.comparing import OWN, PRIOR, leading_base
from budgetkit.prose.figures import Figure
from budgetkit.prose.grammar import Item, folded
from budgetkit.prose.items import Subject
from budgetkit.prose.meaning import NONE
from budgetkit.prose.phrases import Context, Named, When, parse, phase_in, time_of
from budgetkit.prose.rules import OWN_AMOUNT, Rule, rules
from budgetkit.prose.scopes import Found, Section, State
from budgetkit.prose.subjects import is_economic, resolved

_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff（）()]{2,14}")
_THIS_YEAR = re.compile("本年|今年")
#: items of a list that one change may speak of
_LISTED = 40
#: measures of changes; the pattern "change" names items of a list of changes
CHANGES = ("change", "change_rate")
_SIDES = (("收入", "支出"), ("支出", "收入"))
_SIDE = re.compile("收入|支出")
_BOUGHT = ("vehicles", "equipment")


def explain_rest(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """Try again without a comparison in front ("与上年相比财政拨款支出减少")."""
    against, end = leading_base(text, context.fiscal_year)
    if against != PRIOR or end == len(text) or state.sentence.mode in ("reason", "orphan"):
        return None
    hit = explain(text[end:], figure, state.put(compared=True, fading=False), context)
    # an amount behind 较上年 may be of either year
    right = hit is not None and hit[1].measure in CHANGES
    return hit if right and hit is not None and not _planned(text[:end], hit[1].when, context) else None


def explain_again(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """Try again as a word of what the sentence announced, or of the whole whose parts the sentence before listed."""
    passage, last = state.passage, state.sentence.last
    based = bool(leading_base(text, context.fiscal_year)[0])
    sentence, prior = state.sentence, leading_base(text, context.fiscal_year)[0] == PRIOR
    alone = sentence.named == 1 or sentence.budgeted or passage.reasoned
    again = prior and sentence.mode == "reason" and sentence.budgeted and not sentence.changed
    if again or (based and sentence.mode == "resync" and alone):
        # behind a reason: 减少的原因是厉行节约；比上年决算数增加1.00万元
        return explain(text, figure, state.put(stale=False, mode="open"), context)
    if passage.topic is not None and last is not None and last.figure.kind == "count":
        return explain(text, figure, state.put(subject=passage.topic, stale=False), context)
    # 2.结余分配3.00万元。结余分配事项：提取某基金。与上年相比，增加1.00万元
    sole = state.subject if passage.depth is not None and len(passage.names) == 1 else None
    whole = (sole if state.subject is not None else passage.before) if not sentence.named else None
    # 与上年相比 may be a clause of its own
    prior = prior or (whole is not None and whole is sole and passage.compared)
    if whole is not None and (prior or _dated(text, context)):
        worth = whole.worth
        when = worth[1] if worth is not None and worth[1].year == passage.base.year else passage.base
        return explain(text, figure, state.put(subject=whole, stale=False, when=when), context)
    return None


def _dated(text: str, context: Context) -> bool:
    """Whether a phrase is a year and a phase: 2030年预算数."""
    return text[:4].isdigit() and context.grammar.words.phase_only.fullmatch(text) is not None


def explain(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """The first rule that explains the last clause, and the state after it."""
    if state.sentence.mode in ("reason", "orphan"):
        return None
    last = state.sentence.last
    joined = last is not None and last.measure == "amount" and figure.start - last.figure.end == len(text)
    for rule in rules(text, figure, state, context.grammar, context.fiscal_year):
        if joined and rule.name and rule.measure in CHANGES:
            # words of what it is compared with, and no other item: 比上年2.00万元部门决算支出增加
            if context.grammar.tail.fullmatch(rule.name.removeprefix("部门")) is None:
                continue
            rule = rule._replace(name="")
        one = figure._replace(end=figure.end + rule.behind) if rule.behind else figure
        hit = _apply(rule, one, state, context)
        if hit is not None:
            return hit
    return None


def _apply(rule: Rule, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    named = _named(rule, figure, state, context)
    if named is None:
        return None
    begins = not named.years and (named.subject is not None or rule.measure == "amount")
    if begins and state.passage.astray:
        return None
    if begins and state.sentence.year and not _THIS_YEAR.search(rule.name) and not _is_stock(named.subject):
        named = named._replace(years=(state.sentence.year,))
    if named.subject is None and state.sentence.marked and begins and _SIDE.search(rule.name):
        # a part, and not what it is a part of: 其中，本年预算收入
        return None
    if not (_may_go_on(rule, state) if named.subject is None else _may_name(rule, named.subject, state)):
        return None
    subject = state.sentence.listed[0].subject if rule.each else named.subject or state.subject
    if subject is None or not _fits(rule, figure, subject, state):
        return None
    when = _when(rule, named, state, context)
    planned = when is not None and rule.measure in CHANGES and _planned(rule.base, when, context)
    if when is None or (figure.value and (planned or rule.either or (rule.sign < 0 and figure.value < 0))):
        return None
    subject = resolved(_specified(rule, subject, named, state, context), state, context)
    if rule.measure == "amount" and figure.kind == "money":
        if named.subject is not None and _exceeds(figure, when, subject, state):
            # not a part of what the words put it below, and neither are those behind it
            subject = subject._replace(coordinates=NONE)
            state = state.put(parent=None, section=state.section._replace(total=None))
        subject = subject._replace(worth=(figure.value, when))
    if named.subject is not None:
        state = _parted(subject, state)
    others = tuple(one.subject for one in state.sentence.listed[1:]) if rule.each else ()
    if named.subject is None and rule.measure == "change_rate" and state.sentence.last is not None:
        others = others or state.sentence.last.others
    found = Found(figure, subject, rule.measure, when, rule.sign, others)
    if not state.sentence.named and context.grammar.words.appropriation.fullmatch(subject.name):
        state = state.put(appropriation=True)
    after = after_row(rule, found, named.subject is not None, state, context)
    if not named.years:
        return after, found
    begins = rule.measure == "amount" and state.sentence.leading is None and state.passage.base.year is not None
    other = when.year if begins and when.year != state.passage.base.year else None
    return after.put(astray=False, year=other), found


def _planned(base: str, when: When, context: Context) -> bool:
    """Whether what was spent is set against what had been planned the year before: no change of either."""
    return when.phase == "executed" and phase_in(base, context) == "approved"


def _parted(subject: Subject, state: State) -> State:
    """The state once an item of another kind of expenditure ends the list of parts of one: 基本支出…；项目支出."""
    parent, leading = state.passage.parent, state.sentence.leading
    if _beside(subject, parent):
        state = state.put(parent=None)
    if leading is not None and leading.coordinates is not None and _beside(subject, leading):
        state = state.put(leading=leading._replace(coordinates=leading.coordinates._replace(nature="all")))
    return state


def _beside(subject: Subject, other: Subject | None) -> bool:
    """Whether two items are of kinds of expenditure of which the first is no part of the second."""
    own, whole = (one.coordinates.nature if one and one.coordinates else None for one in (subject, other))
    return own not in (None, "all") and whole not in (None, "all") and not trees.within("nature", own, whole)


def _exceeds(figure: Figure, when: When, subject: Subject, state: State) -> bool:
    """Whether an amount is larger than the one whose kind of expenditure it shares as its part."""
    whole = state.passage.parent or (state.section.total if subject.code is not None else None)
    if whole is None or whole.worth is None or whole.coordinates is None or subject.coordinates is None:
        return False
    shares = subject.coordinates.nature not in (None, "all") and subject.coordinates.nature == whole.coordinates.nature
    return shares and whole.worth[1] == when and figure.value > whole.worth[0]


def _specified(rule: Rule, subject: Subject, named: Named, state: State, context: Context) -> Subject:
    """An item with what the words around it add to its name: what is to be bought, and balances by their time."""
    group = subject.item.group if subject.item is not None else ""
    if state.passage.purchase and group in _BOUGHT and named.subject is not None:
        return subject._replace(name="购置" + subject.name)
    moment = rule.moment or (state.sentence.moment if named.subject is not None else "")
    if moment and subject.item is not None and group == "assets" and rule.measure == "amount":
        return subject._replace(name=("年末" if moment.endswith("末") else "年初") + subject.item.name)
    return _of_fund(subject, rule.name, state, context)


def _of_fund(subject: Subject, printed: str, state: State, context: Context) -> Subject:
    """A total with the fund whose total it is."""
    match = context.grammar.words.fund.search(printed)
    fund = match[0] if match is not None else state.sentence.fund or state.section.fund
    item = subject.item
    if item is None:
        return subject
    if not fund and state.sentence.appropriation and item.group == "total":
        own = context.grammar.money_items.get(folded("财政拨款" + item.name, context.grammar.words))
        return subject._replace(name=own.name) if own is not None else subject
    if not fund or item.group not in context.grammar.words.fund_groups or fund[:4] in item.name:
        return subject
    return subject._replace(name=fund + item.name)


def _named(rule: Rule, figure: Figure, state: State, context: Context) -> Named | None:
    printed = rule.name
    if not printed:
        return Named(None, "", ())
    unit = figure.unit if figure.kind == "count" else None
    goes_on = state.subject is not None and not state.stale
    changes = rule.measure in CHANGES
    economic = is_economic(state, context)
    named = parse(printed, context, unit=unit, strict=goes_on, economic=economic, changes=changes)
    if named is None and rule.measure == "amount" and state.passage.naming and _PLAIN_NAME.fullmatch(printed):
        odd = context.grammar.words.not_item.search(printed)
        return None if odd else Named(Subject(printed), "", ())
    bare = len(printed) == 2 if named is None else named.subject is None
    if bare and state.subject is not None and _crosses(printed, state.subject):
        named = parse(printed, context, unit=unit, strict=False, economic=economic, changes=changes or named is None)
        named = named if named is not None and named.subject is not None else None
    if named is None and rule.measure != "count":
        named = _source(printed, state)
    around = (state.sentence.last.subject if state.sentence.last is not None else None, state.passage.parent)
    like = next((one.item for one in around if one and one.item and one.item.group in rule.groups), None)
    if named is None and rule.free and like is not None:
        return Named(Subject(printed, item=replace(like, name=printed)), "", ())
    if rule.id == "worth" and named is None:
        return parse(printed, context, unit="平方米", strict=False)
    return named


def _source(printed: str, state: State) -> Named | None:
    """A part of an income whose fund the field's terms tell: 基金预算收入100万元，专户核拨资金5万元."""
    whole = state.passage.parent or state.sentence.leading
    flow = whole.coordinates.flow if whole is not None and whole.coordinates is not None else None
    said = lexicon.read(printed) if flow in ("income", "sources") else lexicon.NOTHING
    told = said.fund not in (None, "all") and said.flow in (None, "income")
    if not told or said.unread or said.prior or said.aspect or said.nature or said.item or said.economic:
        return None
    return Named(Subject(printed, item=Item("income", printed), words=printed), printed, ())


def _crosses(words: str, subject: Subject) -> bool:
    """Whether words without item speak of the other side: 支出预算 behind 收入预算."""
    return any(side in words and side not in subject.name and other in subject.name for side, other in _SIDES)


def _may_go_on(rule: Rule, state: State) -> bool:
    """Whether a phrase without item may speak of the item before: of a list, only a rate behind its change may."""
    if state.subject is None or state.stale or state.sentence.mode == "resync":
        return False
    last = state.sentence.last
    again = last is not None and last.measure == "change" and rule.measure == "change_rate"
    return rule.each or again or not (state.sentence.enumerated and rule.measure in CHANGES)


def _is_stock(subject: Subject | None) -> bool:
    return subject is not None and subject.item is not None and subject.item.stock


def _may_name(rule: Rule, subject: Subject, state: State) -> bool:
    """Whether a phrase may name an item here: after a reason only amounts, or what the list began with."""
    item, parent = subject.item, state.passage.parent
    alone = parent is None and state.sentence.leading is None
    if state.sentence.mode == "filler" or (item is not None and item.part and alone):
        return False
    around = [one.item.group for one in (parent, state.passage.carried) if one is not None and one.item is not None]
    if item is not None and item.within and item.within not in around:
        return False
    told = bool(rule.against) or rule.measure in ("amount", "count") or rule.id == state.passage.pattern
    return told or state.sentence.mode != "resync"


def _fits(rule: Rule, figure: Figure, subject: Subject, state: State) -> bool:
    """Whether a phrase goes with an item: people come and go, money and rates do not follow counts."""
    if rule.groups:
        return subject.item is not None and subject.item.group in rule.groups
    if subject.item is None or not subject.item.units:
        return True
    money = state.sentence.last is not None and state.sentence.last.figure.kind == "money"
    return figure.kind in ("count", "money") or (rule.measure in ("share", "change_rate") and money)


def _when(rule: Rule, named: Named, state: State, context: Context) -> When | None:
    """The phase and year of a figure; None when it has several."""
    subject = named.subject or state.subject
    item = subject.item if subject is not None else None
    base = state.passage.base
    if rule.measure == "amount" and rule.against:
        return When(phase_in(rule.base, context), base.year - 1) if base.year else None
    if rule.phase is not None:
        return base._replace(phase=rule.phase)
    if rule.stock or (item is not None and item.stock and not (state.passage.purchase and item.group in _BOUGHT)):
        return When() if not named.years or context.fiscal_year in (None, *named.years) else None
    goes_on = named.subject is None and rule.measure != "amount"
    outer = state.passage.outer
    current = state.when if goes_on else state.sentence.whole or (outer.when if outer is not None else base)
    when = time_of(named, context, current)
    # a change against the year before is the document's own
    same = when is None or rule.measure in ("amount", "count") or base.year in (None, when.year)
    return when if same else None


def after_row(rule: Rule, found: Found, fresh: bool, state: State, context: Context) -> State:
    """The state after a row."""
    # what the item is compared with is not what goes on
    keeps = (
        (rule.resume and rule.measure == "amount")
        or rule.measure not in ("amount", *CHANGES)
        or state.passage.base.year not in (None, found.when.year)
    )
    base = state.passage.base if fresh else state.when
    listing = fresh and rule.measure == "amount" and found.when.phase is not None and found.figure.kind == "money"
    listing = listing and len(state.sentence.listed) < _LISTED
    item, last = found.subject.item, state.sentence.last
    amounts = state.passage.amounts
    if found.measure == "amount" and found.figure.kind == "money" and not rule.resume:
        amounts = (last, found) if last is not None and _paired(found, last) else (found,)
    return state.put(
        amounts=amounts,
        subject=found.subject,
        when=base if keeps else found.when,
        mode="open",
        stale=False,
        compared=bool(rule.against)
        or _opposed(amounts, found)
        or (state.passage.compared and (rule.measure in CHANGES or state.passage.pattern in CHANGES)),
        purchase=state.passage.purchase or (item is not None and item.group == "purchases"),
        shares=state.sentence.shares or rule.measure == "share",
        pattern=rule.id if fresh else state.passage.pattern,
        last=found,
        marked=False,
        failed=False,
        named=state.sentence.named + fresh,
        listed=(*state.sentence.listed, found) if listing else state.sentence.listed,
        total=found.subject if _is_whole(rule, state) else state.passage.total,
        budgeted=rule.measure in ("difference", "difference_rate") or rule.id == OWN_AMOUNT,
        bases=state.passage.bases | _base_of(rule),
        changed=state.sentence.changed or rule.measure in CHANGES,
        reasoned=rule.measure in CHANGES and found.when.year == state.passage.base.year,
        names=state.passage.names | {found.subject.name} if fresh else state.passage.names,
        leading=state.sentence.leading or (found.subject if rule.measure in ("amount", "change") else None),
        section=_section(found, state),
    )


def _section(found: Found, state: State) -> Section:
    """The section with the amount whose parts the classes below it are, and how deep that stands."""
    total = _total(found, state)
    return state.section._replace(
        total=total, depth=state.passage.depth if total is found.subject else state.section.depth
    )


def _base_of(rule: Rule) -> frozenset[str]:
    """What a rule compares its item with."""
    own = rule.measure in ("difference", "difference_rate") or rule.id == OWN_AMOUNT
    return frozenset([OWN] if own else [rule.against] if rule.against else [])


def _paired(found: Found, last: Found) -> bool:
    """Whether two neighbours are amounts of one item in two phases or years."""
    return found.subject.name == last.subject.name and last.measure == "amount" and found.when != last.when


def _opposed(amounts: tuple[Found, ...], found: Found) -> bool:
    """Whether two amounts are of neighbouring years, which a change behind them then compares."""
    years = [one.when.year for one in amounts]
    return found in amounts and len(years) > 1 and None not in years and abs((years[0] or 0) - (years[1] or 0)) == 1


def _is_whole(rule: Rule, state: State) -> bool:
    """Whether an amount is no part of another: the first of its sentence, below no list."""
    return rule.measure == "amount" and state.sentence.leading is None and state.passage.parent is None


def _total(found: Found, state: State) -> Subject | None:
    """The last amount of expenditure that is no class."""
    subject, before = found.subject, state.section.total
    inside = before.coordinates.item if before is not None and before.coordinates is not None else None
    own = subject.coordinates.item if subject.coordinates is not None else None
    if inside is not None and own is not None and trees.within("item", own, inside):
        # 公务接待费 within “三公”经费
        return before
    flow = subject.coordinates.flow if subject.coordinates is not None else None
    is_total = flow in ("expenditure", "uses") and subject.code is None and found.measure == "amount"
    # nothing has no parts, and a part beside others is not the whole of what follows
    is_total = is_total and found.figure.value != 0 and state.sentence.leading is None and state.passage.parent is None
    nature = subject.coordinates.nature if subject.coordinates is not None else None
    # 基本支出 is the whole of what follows only below a heading of its own, or as a numbered item
    alone = state.passage.depth is not None or nature == state.section.said.nature
    is_total = is_total and (nature in (None, "all") or alone)
    return subject if is_total else state.section.total
