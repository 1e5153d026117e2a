"""What a subject is where it stands: its code, its unit and its coordinates."""

from __future__ import annotations

from budgetkit import lexicon
from budgetkit.lexicon import Meaning
from budgetkit.prose import meaning
from budgetkit.prose.items import Subject, resolve
from budgetkit.prose.phrases import Context
from budgetkit.prose.scopes import State

#: groups whose items are money of a fund or kind
_FUNDED = ("income", "expenditure", "total")


def resolved(subject: Subject, state: State, context: Context) -> Subject:
    """The subject with its code and coordinates, once; the context tells which classification a bare name is of."""
    if subject.coordinates is not None:
        return subject
    found = _part_of_class(_coded(subject, state, context), state)
    whole = state.passage.parent or state.sentence.leading
    unit = found.unit or (whole.unit if whole is not None else "") or state.section.unit
    return found._replace(coordinates=_coordinates(found, state), unit=unit)


def _part_of_class(subject: Subject, state: State) -> Subject:
    """公用经费 within 302 has the code of its class."""
    whole = state.passage.parent
    if subject.item is None or subject.item.group != "expenditure" or whole is None or whole.code is None:
        return subject
    return subject._replace(code=whole.code, code_source=whole.code_source)


def _coded(subject: Subject, state: State, context: Context) -> Subject:
    above = state.section.above
    if is_economic(state, context):
        return resolve(subject, context.names, "economic_department", above)
    named = resolve(subject, context.names, "function", above) if state.section.functional else subject
    return named if named.code is not None else resolve(subject, context.names, None, above)


def _coordinates(subject: Subject, state: State) -> meaning.Coordinates:
    """What the subject means here."""
    said = state.section.said
    if state.sentence.fund:
        said = lexicon.refine(said, Meaning(fund=lexicon.read(state.sentence.fund).fund))[0]
    item = subject.item
    if is_project(state.passage.carried) or is_project(state.passage.parent):
        # of a project only a part is told
        return meaning.NONE
    part_of = state.passage.parent
    if part_of is not None and part_of.item is not None and not part_of.item.partial and _of(part_of) == meaning.NONE:
        # a part of what is not known
        return meaning.NONE
    if subject.code is not None:
        whole = (
            _spent(state.passage.parent)
            or _spent(state.sentence.leading)
            or (None if said.fund else state.section.total)
        )
        return meaning.of_code(subject.code, subject.words, said, _of(whole))
    if item is None or item.units or item.stock or item.partial:
        return meaning.NONE
    if state.section.of_item and item.group in _FUNDED and lexicon.read(subject.name).item is None:
        # money of a fund that is spent on the item
        return meaning.NONE
    whole = None if item.group == "total" else state.passage.parent or state.sentence.leading
    outer = _of(whole)
    if whole is not None and (whole.code is not None or outer == meaning.NONE):
        # a part of what is not known
        return meaning.NONE
    if whole is not state.passage.parent:
        # beside, not below it: 基本支出 and 项目支出 of one total, 上年结转 behind an income
        outer = outer._replace(nature=None, item=None, fund=None if outer.flow == "income" else outer.fund)
    first = state.sentence.leading
    if item.group == "total" and first is not None and first.name.replace("收入", "支出") == subject.name:
        # 一般公共预算财政拨款本年收入9.00万元，本年支出8.00万元
        said = lexicon.refine(said, Meaning(fund=_of(first).fund))[0]
    if item.group == "total" and state.sentence.appropriation:
        said = lexicon.refine(said, Meaning(fund="fiscal_appropriation"))[0]
    return meaning.of_item(
        subject.name,
        subject.words,
        said,
        outer,
        total=_of(state.section.total),
        group=item.group,
        apart=state.passage.apart,
    )


def is_project(subject: Subject | None) -> bool:
    """Whether a subject is a project: no item of the vocabulary, and of no class."""
    return subject is not None and subject.item is None and subject.code is None and not subject.path


def _spent(subject: Subject | None) -> Subject | None:
    # 收支总计 stands for both sides
    return subject if _of(subject).flow in ("expenditure", "uses", "sources") else None


def _of(subject: Subject | None) -> meaning.Coordinates:
    return (subject.coordinates if subject is not None else None) or meaning.NONE


def is_economic(state: State, context: Context) -> bool:
    """Whether what is listed are economic classes: parts of 人员经费 or of such a class, or beside one."""
    parent, listed = state.passage.parent, state.sentence.listed
    beside = listed[-1].subject.code if listed else None
    known = (parent.code if parent is not None else None) or beside
    if state.passage.naming or (known or "").startswith("3"):
        return True
    return parent is not None and parent.name in context.grammar.words.economic_parents
