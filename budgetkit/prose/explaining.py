"""Explaining the last clause before a figure: the pattern that it is, and the row that the figure then gives."""

from __future__ import annotations

import re
from dataclasses import replace

from budgetkit.prose.clauses import fits_year, is_prior
from budgetkit.prose.figures import Figure
from budgetkit.prose.grammar import Pattern
from budgetkit.prose.items import Subject
from budgetkit.prose.phrases import Context, Named, When, parse, phase_in, time_of
from budgetkit.prose.scopes import Found, State
from budgetkit.prose.subjects import is_economic, resolved

_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff（）()]{2,14}")
#: items of a list that one change may speak of
_LISTED = 40
#: measures of changes; the pattern "change" names items of a list of changes
CHANGES = ("change", "change_rate")
_SIDES = (("收入", "支出"), ("支出", "收入"))
_BOUGHT = ("vehicles", "equipment")


def explain_rest(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """Try again without a comparison in front ("与上年相比财政拨款支出减少")."""
    match = context.grammar.prior.match(text)
    if (
        match is None
        or match.end() == len(text)
        or not is_prior(text, context)
        or state.sentence.mode in ("reason", "orphan")
    ):
        return None
    return explain(text[match.end() :], figure, state.put(compared=True, fading=False), context)


def explain_again(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """Try again as a word of what the sentence announced, or of the whole whose parts the sentence before listed."""
    if (
        state.passage.topic is not None
        and state.sentence.last is not None
        and state.sentence.last.figure.kind == "count"
    ):
        return explain(text, figure, state.put(subject=state.passage.topic, stale=False), context)
    if (
        state.passage.before is not None
        and state.subject is None
        and not state.sentence.named
        and context.grammar.prior.match(text)
    ):
        return explain(
            text, figure, state.put(subject=state.passage.before, stale=False, when=state.passage.base), context
        )
    return None


def explain(text: str, figure: Figure, state: State, context: Context) -> tuple[State, Found] | None:
    """The first pattern that explains the last clause, and the state after it."""
    if state.sentence.mode in ("reason", "orphan"):
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
    last = state.sentence.last
    return not (
        (state.sentence.mode == "filler" and not pattern.resume)
        or pattern.named != state.passage.indicator
        or (pattern.compared and not state.passage.compared)
        or (pattern.budgeted and not state.sentence.budgeted)
        or (pattern.measure == "difference_rate" and state.passage.base.phase != "executed")
        or (figure.per and not pattern.per)
        or (pattern.each and len(state.sentence.listed) < 2)
        or (pattern.alone and state.sentence.named > 1)
        or (pattern.of and (state.subject is None or not re.search(pattern.of, state.subject.name)))
        or (pattern.follow and last is None)
        or (pattern.after_change and (last is None or last.measure != "change" or state.passage.outer is None))
        or (pattern.after_share and not (state.sentence.shares and last is not None and last.measure == "amount"))
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
    if state.sentence.enumerated and named.subject is None and pattern.measure in CHANGES and not pattern.each:
        return None
    if named.subject is not None and not _may_name(pattern, named.subject, bool(groups.get("prior")), state):
        return None
    subject = state.sentence.listed[0].subject if pattern.each else named.subject or state.subject
    if subject is None or not _fits(pattern, subject, state):
        return None
    when = _when(pattern, named, groups, state, context)
    if when is None:
        return None
    sign = (
        state.sentence.last.sign if pattern.after_change and state.sentence.last is not None else _sign(groups, context)
    )
    either = "（" in (groups.get("direction") or "")
    if figure.value and (either or (sign < 0 and figure.value < 0)):
        return None
    subject = resolved(_specified(pattern, subject, named, groups, state, context), state, context)
    others = tuple(one.subject for one in state.sentence.listed[1:]) if pattern.each else ()
    found = Found(figure, subject, pattern.measure, when, sign, others)
    if not state.sentence.named and re.fullmatch(context.grammar.words.appropriation, subject.name):
        state = state.put(appropriation=True)
    return after_row(pattern, found, named.subject is not None, bool(groups.get("prior")), state, context), found


def _specified(
    pattern: Pattern, subject: Subject, named: Named, groups: dict[str, str | None], state: State, context: Context
) -> Subject:
    """An item with what the words around it add to its name: what is to be bought, and balances by their time."""
    group = subject.item.group if subject.item is not None else ""
    if state.passage.purchase and group in _BOUGHT and named.subject is not None:
        return replace(subject, name="购置" + subject.name)
    moment = groups.get("moment") or (state.sentence.moment if named.subject is not None else "")
    if moment and subject.item is not None and group == "assets" and pattern.measure == "amount":
        return replace(subject, name=("年末" if moment.endswith("末") else "年初") + subject.item.name)
    return _of_fund(subject, groups.get("subject") or "", state, context)


def _of_fund(subject: Subject, printed: str, state: State, context: Context) -> Subject:
    """A total with the fund whose total it is."""
    match = context.grammar.fund.search(printed)
    fund = match[0] if match is not None else state.sentence.fund or state.section.fund
    item = subject.item
    if item is None:
        return subject
    if not fund and state.sentence.appropriation and item.group == "total":
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
    changes = pattern.measure in CHANGES
    economic = is_economic(state, context)
    named = parse(printed, context, unit=unit, strict=goes_on, economic=economic, changes=changes)
    if named is None and pattern.measure == "amount" and state.passage.naming and _PLAIN_NAME.fullmatch(printed):
        odd = re.search(context.grammar.words.not_item, printed)
        return None if odd else Named(Subject(printed), "", ())
    if named is not None and named.subject is None and state.subject is not None and _crosses(printed, state.subject):
        named = parse(printed, context, unit=unit, strict=False, economic=economic, changes=changes)
        named = named if named is not None and named.subject is not None else None
    last = state.sentence.last.subject.item if state.sentence.last is not None else None
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
    return state.subject is not None and not state.stale and state.sentence.mode != "resync"


def _may_name(pattern: Pattern, subject: Subject, prior: bool, state: State) -> bool:
    """Whether a phrase may name an item here: after a reason only amounts, or what the list began with."""
    item, parent = subject.item, state.passage.parent
    alone = parent is None and state.sentence.leading is None
    if state.sentence.mode == "filler" or (item is not None and item.part and alone):
        return False
    if item is not None and item.within and (parent is None or parent.item is None or parent.item.group != item.within):
        return False
    told = prior or pattern.measure in ("amount", "count") or pattern.id == state.passage.pattern
    return told or state.sentence.mode != "resync"


def _fits(pattern: Pattern, subject: Subject, state: State) -> bool:
    """Whether a phrase goes with an item: people come and go, money and rates do not follow counts."""
    if pattern.groups:
        return subject.item is not None and subject.item.group in pattern.groups
    if subject.item is None or not subject.item.units:
        return True
    money = state.sentence.last is not None and state.sentence.last.figure.kind == "money"
    return pattern.figure in ("count", "money") or (pattern.measure == "share" and money)


def _when(pattern: Pattern, named: Named, groups: dict[str, str | None], state: State, context: Context) -> When | None:
    """The phase and year of a figure; None when it has several."""
    subject = named.subject or state.subject
    item = subject.item if subject is not None else None
    if pattern.phase == "prior":
        year = state.passage.base.year
        return When(phase_in(groups.get("prior") or "", context), year - 1) if year else None
    if pattern.phase is not None:
        return state.passage.base._replace(phase=pattern.phase)
    if pattern.stock or (item is not None and item.stock and not (state.passage.purchase and item.group in _BOUGHT)):
        return When() if not named.years or context.fiscal_year in (None, *named.years) else None
    goes_on = named.subject is None and pattern.measure != "amount"
    current = (
        state.when
        if goes_on
        else (state.passage.outer[1] if state.passage.outer is not None else state.sentence.whole or state.passage.base)
    )
    if groups.get("words"):
        return state.passage.base._replace(phase="approved")
    when = time_of(named, context, current)
    # a change against the year before is the document's own
    same = when is None or pattern.measure in ("amount", "count") or state.passage.base.year in (None, when.year)
    return when if same else None


def _sign(groups: dict[str, str | None], context: Context) -> int:
    direction = groups.get("direction")
    return -1 if direction and re.fullmatch(context.grammar.words.down, direction) else 1


def after_row(pattern: Pattern, found: Found, fresh: bool, prior: bool, state: State, context: Context) -> State:
    """The state after a row."""
    keeps = pattern.measure != "amount" or state.passage.base.year not in (None, found.when.year)
    base = state.passage.base if fresh else state.when
    listing = fresh and pattern.measure == "amount" and found.when.phase is not None and found.figure.kind == "money"
    item = found.subject.item
    return state.put(
        subject=found.subject,
        when=base if keeps else found.when,
        mode="open",
        stale=False,
        compared=prior
        or _opposed(found, state.sentence.last)
        or (state.passage.compared and (pattern.measure in CHANGES or state.passage.pattern in CHANGES)),
        purchase=state.passage.purchase or (item is not None and item.group == "purchases"),
        shares=state.sentence.shares or pattern.measure == "share",
        pattern=pattern.id if fresh else state.passage.pattern,
        last=found,
        marked=False,
        failed=False,
        named=state.sentence.named + fresh,
        listed=(*state.sentence.listed, found)
        if listing and len(state.sentence.listed) < _LISTED
        else state.sentence.listed,
        total=found.subject if _is_whole(pattern, state) else state.passage.total,
        budgeted=pattern.measure == "difference_rate",
        changed=state.sentence.changed or pattern.measure in CHANGES,
        reasoned=pattern.measure in CHANGES and found.when.year == state.passage.base.year,
        leading=state.sentence.leading or (found.subject if pattern.measure in ("amount", "change") else None),
        section=state.section._replace(total=_total(found, state)),
    )


def _opposed(found: Found, last: Found | None) -> bool:
    """Whether the amounts of one item in two neighbouring years stand side by side, which a change then compares."""
    if last is None or found.subject.name != last.subject.name or {found.measure, last.measure} != {"amount"}:
        return False
    years = (found.when.year, last.when.year)
    return None not in years and abs((years[0] or 0) - (years[1] or 0)) == 1


def _is_whole(pattern: Pattern, state: State) -> bool:
    """Whether an amount is no part of another: the first of its sentence, below no list."""
    return pattern.measure == "amount" and state.sentence.leading is None and state.passage.parent is None


def _total(found: Found, state: State) -> Subject | None:
    """The last amount of expenditure that is no class."""
    subject = found.subject
    flow = subject.coordinates.flow if subject.coordinates is not None else None
    is_total = flow in ("expenditure", "uses") and subject.code is None and found.measure == "amount"
    # nothing has no parts, and a part beside others is not the whole of what follows
    is_total = is_total and found.figure.value != 0 and state.sentence.leading is None and state.passage.parent is None
    return subject if is_total else state.section.total
