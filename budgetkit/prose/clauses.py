"""Clauses without a figure: what they change for the figures after them."""

from __future__ import annotations

import re
from typing import Any

from budgetkit.prose.comparing import OWN, PRIOR, leading_base, read_comparison
from budgetkit.prose.grammar import Clause
from budgetkit.prose.items import Subject
from budgetkit.prose.phrases import Context, parse, time_of
from budgetkit.prose.scopes import Sentence, State
from budgetkit.prose.subjects import resolved

_ORDINAL = re.compile(
    r"^(?:（(?:[一二三四五六七八九十]{1,3}|\d{1,2})）|[①-⑳]|\d{1,2}[、.．]|[一二三四五六七八九十]{1,3}[是、])(?=\d{4}年|\D|$)"
)
#: what ends a comparison behind its amount
_AGAINST = ("相比", "比较", "相比较", "对比")
#: how a budget was missed, for which a clause gives the reason
_MISSED = re.compile("决算数?[大小高低]于.{0,4}预算")
#: how the name of a class ends, or begins, that stands as a clause of its own
_CODED = re.compile(r"[款类项\d]）”?$|^（?\d{7}")
#: words in front of the parts of an amount
MARKERS = ("其中", "主要包括", "具体包括", "包括", "含")
#: what a class is for, where no comma parts it from its name
_PURPOSE = re.compile("(?<=[款项]）)(?:主要)?(?:用于|反映).*")
#: no phrase is longer
LONGEST = 300
#: compared with a year that is neither the document's nor the one before
_OTHER_YEAR = re.compile(r"(?:与|比|较|同)\d{4}年度?[^，。；：\d]{0,16}(?:相比较?|比较|对比|相|比)")
#: the year with which a clause begins, not the day
_YEAR_FIRST = re.compile(r"(?:其中)?((?:19|20)\d\d)年(?!\d{1,2}月|[初末底期])")
#: a clause that is a remark: 150人次（不包括陪同人员），
_ASIDE = re.compile("（[^（）]*）")
#: what clauses change whatever stands before them
_ROLES: dict[str, dict[str, Any]] = {
    "filler": {"mode": "filler"}, "allocation": {"naming": True}, "opening": {"moment": "年初"},
}  # fmt: skip
#: clauses and the stops between them
SEGMENTS = re.compile(r"[^，。；：]+|[，。；：]")


def brackets(lead: str, state: State, context: Context) -> tuple[str, State]:
    """Parts of an amount in brackets: behind a closing bracket the item before the opening one goes on."""
    depth = 0
    for index, sign in enumerate(lead if "（" in lead or "）" in lead else ""):
        depth += {"（": 1, "）": -1}.get(sign, 0)
        before = state.passage.outer
        if depth < 0 and before is not None:
            for segment in SEGMENTS.findall(lead[:index]):
                state = note(segment, "", state, context)
            state = state._replace(subject=before.subject, when=before.when, stale=before.stale)
            named, last, parent = before.sentence.named, before.sentence.last, before.passage.parent
            state = state.put(named=named, mode="open", outer=None, last=last, parent=parent)
            return brackets(lead[index + 1 :], state, context)
        depth = max(depth, 0)
    return lead, state.put(outer=state) if depth > 0 else state


def bare(segment: str) -> str:
    """A clause without list signs and brackets that are closed elsewhere."""
    text = segment.lstrip("、）]").removeprefix("[或")
    text = _ORDINAL.sub("", text)
    if text.startswith("（") and text.count("（") > text.count("）"):
        text = _ORDINAL.sub("", text[1:])
    # a figure alone in brackets: 比年初预算（9.00万元）减少
    text = text.removesuffix("（")
    alternative = text.rpartition("（或")[2]
    text = alternative if "）" not in alternative else text
    for word in MARKERS:
        text = text.removeprefix(word)
    return text


def note(segment: str, following: str, state: State, context: Context) -> State:
    """The state after a clause or stop that has no figure."""
    if state.passage.indicator:
        return state
    if segment in "。；，：":
        # what a template offers instead goes on with the sentence before it
        return _stop("；" if following.startswith("[") else segment, state)
    if state.sentence.mode in ("reason", "orphan") or _ASIDE.fullmatch(segment):
        return state
    text = bare(segment)
    if text in _AGAINST:
        # 与年初预算9.00万元相比，
        return state
    year = other_year(text, state, state.sentence.year)
    state = state if year == state.sentence.year else state.put(year=year)
    if len(text) > LONGEST:
        return state.put(stale=True, last=None, marked=False)
    against, end = leading_base(text, context.fiscal_year)
    if text and (end == len(text) or _OTHER_YEAR.fullmatch(text)):
        state = fade(state, text)
        return state.put(compared=against == PRIOR, budgeted=against == OWN, failed=False)
    if context.grammar.words.part.match(text):
        state = state.put(astray=True)
    clause = clause_of(text, context) if text else None
    if not text or (clause is not None and clause.role == "marker"):
        return _marker(state)
    state = fade(state, text)
    manner = clause is not None and clause.role == "manner"
    state = state.put(failed=False, before=state.passage.before if manner else None)
    if not state.section.functional and context.grammar.words.functional.search(text):
        state = state.put(section=state.section._replace(functional=True))
    if clause is not None:
        return _with_role(clause, text, state, context)
    return state if state.sentence.mode == "filler" else _note_item(text, following, state, context)


def _stop(sign: str, state: State) -> State:
    if sign == "。":
        # a plain list, with nothing said of its last item: what is compared behind it is the whole
        read = state.sentence.mode == "open" and state.sentence.last is not None
        plain = read and (state.sentence.named > 1 or not state.sentence.changed)
        ended = state.sentence.mode in ("reason", "resync") or state.sentence.named > 1
        sole = state.subject if state.sentence.named == 1 and state.sentence.mode == "reason" else None
        return state.put(
            sentence=Sentence(),
            row=state.sentence.listed if len(state.sentence.listed) > 1 else state.passage.row,
            fading=True,
            before=state.passage.parent if plain else sole,
            topic=None if ended else state.passage.topic,
            subject=None if ended else state.subject,
            stale=state.stale and (state.passage.carried is None or state.subject != state.passage.carried),
        )
    if sign == "；":
        mode = {"reason": "resync", "filler": "open"}.get(state.sentence.mode, state.sentence.mode)
        return state.put(mode=mode, failed=False)
    return state


def _marker(state: State) -> State:
    """After 其中 and the like the item before is the parent of what follows."""
    if state.sentence.failed or state.passage.astray:
        return state.put(mode="orphan")
    parent = state.subject if state.subject is not None and not state.stale else state.passage.parent
    if parent is None and not state.sentence.named:
        parent = state.passage.total
    told = [one.when for one in state.passage.amounts if parent is not None and one.subject.name == parent.name]
    # of two amounts before, parts without words of their own are of the document's
    whole = (state.passage.base if state.passage.base in told else told[-1]) if told else state.when
    return state.put(parent=parent, marked=True, fading=False, mode="open", listed=(), whole=whole)


def _with_role(clause: Clause, text: str, state: State, context: Context) -> State:
    match clause.role:
        case "reason":
            own = state.sentence.budgeted or _MISSED.search(text) is not None
            return state.put(mode="reason", stale=True, last=None, budgeted=own)
        case "item":
            subject = Subject(clause.subject)
            return state.put(subject=subject, topic=subject, when=state.passage.base, stale=False, last=None)
        case "date":
            return state.put(purchase=False, mode="open" if state.sentence.mode == "filler" else state.sentence.mode)
    return state.put(**_ROLES.get(clause.role, {}))


def _note_item(text: str, following: str, state: State, context: Context) -> State:
    """The state after a clause that may name the item of what follows."""
    if text.endswith("中") and following in "，：":
        # “三公”经费支出决算中，…: what follows are its parts
        named = parse(text[:-1], context, unit=None, strict=True)
        if named is not None and named.subject is not None:
            whole = time_of(named, context, state.passage.base)
            return state.put(parent=resolved(named.subject, state, context), whole=whole, stale=True, last=None)
    compared = read_comparison(text, context.fiscal_year)
    against = compared.against if compared is not None and not compared.directed else ""
    head = _PURPOSE.sub("", compared.name if compared is not None and against else text)
    ends = following in ("：", "。") or bool(against) or bool(_CODED.search(head))
    named = (
        parse(head, context, unit=None, strict=following != "：")
        if ends and head and not state.sentence.marked
        else None
    )
    if named is None or named.subject is None:
        bought = state.passage.purchase or bool(context.grammar.words.purchase.search(text))
        return state.put(stale=True, last=None, marked=False, purchase=bought)
    when = time_of(named, context, state.passage.base)
    if when is None:
        return state.put(subject=None, stale=True)
    subject = resolved(named.subject, state, context)
    told = state.put(compared=against == PRIOR, budgeted=against == OWN)
    return told.put(subject=subject, when=when, stale=False, last=None, marked=False)


def other_year(text: str, state: State, before: int | None = None) -> int | None:
    """The year with which a clause begins where it is not that of the paragraph; as before where it prints none."""
    match = _YEAR_FIRST.match(text)
    if match is None or state.passage.base.year is None:
        return before
    return int(match[1]) if int(match[1]) != state.passage.base.year else None


def fade(state: State, text: str) -> State:
    if not state.passage.fading or not text:
        return state
    return state.put(fading=False, compared=False)


def clause_of(text: str, context: Context) -> Clause | None:
    return next((clause for clause, pattern in context.grammar.clauses if pattern.fullmatch(text)), None)


def role_of(text: str, context: Context) -> str | None:
    clause = clause_of(text, context)
    return clause.role if clause is not None else None
