"""What the last clause before a figure can say of it, by the kind of the figure; the first that fits decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from budgetkit.prose.comparing import OWN, PRIOR, Comparison, read_comparison
from budgetkit.prose.figures import Figure
from budgetkit.prose.grammar import Grammar
from budgetkit.prose.scopes import State


class Rule(NamedTuple):
    """One reading of a clause."""

    id: str
    measure: str
    #: the words that name the item; empty where the item before goes on
    name: str = ""
    #: a fixed phase; None: read from the words, else that of the item
    phase: str | None = None
    #: whether the figure is a state, which has no phase
    stock: bool = False
    #: groups of the item; any when empty
    groups: tuple[str, ...] = ()
    #: whether it may follow a description of the item
    resume: bool = False
    #: whether it speaks of each item of the list before
    each: bool = False
    #: whether a name that no list knows will do
    free: bool = False
    #: whether the figure may be one per something ("元/月/人")
    per: bool = False
    #: which way it went; either where the words leave it open (增加（减少）)
    sign: int = 1
    either: bool = False
    #: what the clause compares with, and its words; of an amount: that it is of the year before
    against: str = ""
    base: str = ""
    #: 年初 or 年末, where a balance is of that time
    moment: str = ""
    #: how much of the text behind the figure is the item's name
    behind: int = 0


#: each begins with what it cannot do without, which is soon looked for
_EXECUTION = re.compile(
    r"(?=.*(?:完成|占|执行率))(.*?)(?:(?:完成|占(?=年初|全年|调整))(?:年初|全年|调整|年度|当年)?(?:调整)?预算数?的?(?:比例)?为?"
    r"|(?:预算)?(?:总)?执行率为?)"
)
#: 完成预算20.00万元的80.00%: the item's own budget, and its share that was spent
_COMPLETED = re.compile(r"(.*?)(?:完成(?:年初|全年|调整后?|年度|当年)?的?|占(?:年初|全年|调整后?))预算(?:数|额)?为?")
_PART_OF_IT = re.compile(r"的[\d.,]+%")
_DIFFERENCE = re.compile(r"(?=.*差异率)(.*?)(?:预决算)?差异率为?")
_LARGER = re.compile(r"(?=.*于)(.*?)(?:支出)?决算数?(?:(大|多)|小|少)于(?:年初|全年|调整)?预算数?")
_SHARE = re.compile(r"(?=.*占)(.*?)占(?:比|[^，]{0,30}?的?)?(?:比例|比重|比率)?为?")
#: what an item's budget was missed by, to be told from the two amounts which way
_GAP = re.compile(r"(?:差(?:值|额|异)|共?节约(?:财政)?(?:资金|经费))(?:数|额|金额)?(?:共计)?为?")
_GAP_RATE = re.compile(r"(?:资金)?节约率为?")
_LAST_YEAR = re.compile(
    r"(.*?)((?:其中)?(?:上年度?|去年|上一年度?)(?:年初|全年|部门)?(?:预算|决算|执行|安排|支出|完成)*(?:数|额)?)为?"
)
_SINCE = re.compile(r"(?:较|比|与)(?:年初|期初|上年末|上年底|去年底)(?:相比)?")
_BALANCE = re.compile(r"(年初|年末|期初|期末)(?:净值|账面)?(?:余额|总额|总计|数)?为?")
_ADJUSTED = re.compile(r"(?=.*调整)(.*?)(?:预算)?调整(?:(?:预算)?(?:金额|数额)为?)?")
_SPENT = re.compile(r"(?:人次)?(?:(?:共计|共|合计|累计)?(?:支出|开支)(?:金额|经费)?(?:共计|为)?|共计|共|合计)")
_WORTH = re.compile(r"(?=.*值)(.*?)(?:期末|年末)?(?:账面原值|原值|价值|账面价值)(?:总额|合计)?(?:为)?")
_EVALUATED = re.compile(
    r"(?:(?:涉及|自评|评价)(?:一般公共预算|项目|财政性|财政)?(预算)?(?:项目)?(?:资金|金额|支出|财政拨款|拨款)*"
    r"|支出(?=总额|金额)|(?:预算|项目)?资金)(?:合计|总额|总计)?(?:为)?"
)
_TOGETHER = re.compile(r"共涉及(?:一般公共预算|项目|财政性)?(预算)?(?:资金|金额|支出)*(?:合计)?(?:为)?")
_MANAGED = re.compile(
    r"(?:共)?涉及(?:当年)?(?:一般公共预算|财政性|部门预算|预算|项目)?(?:当年)?(?:财政拨款|拨款|资金|金额|支出)+(?:合计)?(?:为)?"
    r"|纳入.{0,20}绩效目标(?:管理)?的(?:金额|资金|支出)(?:合计|共计|总额)?为?"
)
_MANAGING = re.compile(r"绩效(?:目标管理|自评|评价)资金")
_NEXT_COUNT = re.compile(r"(?:共|累计|合计|共计|接待|国内公务)*(?:接待|来访)?(?:人数|人次)?(?:为|共)?")
_STAFF = re.compile(r"([\u4e00-\u9fff\d（）()]{0,12}(?:人员|岗位?|职工|热线|雇员|员|工|干部))")
_RECEIVED = re.compile("(?:共|累计|全年)?接待")
#: a kind of what is counted, and the groups of such
#: words of a total that name none where one goes on
_SIDES = ("收支", "收入", "支出")
_KIND = re.compile(r"[\u4e00-\u9fff（）]{2,10}")
_COUNTED = ("vehicles", "holdings", "staff")
_INDICATED = re.compile(r"(预期指标值为?[=≥≤><]*)|(实际完成指标值为?)|指标完成率为?")
_RATE_OF_CHANGE = re.compile(r"(?:变动|增长|变化|下降|降低|压减)率")
#: the amount of an item's own budget, which it is then compared with
OWN_AMOUNT = "own amount"
_VISITS, _VISITORS = ("批次", "批"), ("人次", "人")
_BOUGHT = ("辆", "台（套）", "台", "套")


def rules(text: str, figure: Figure, state: State, grammar: Grammar, year: int | None) -> Iterator[Rule]:
    """The readings of a clause that the state allows, the likeliest first.

    `text`: the last clause before the figure.
    """
    if state.passage.indicator:
        found = _indicated(text, figure, state)
    elif figure.kind == "count":
        found = _counts(text, figure, state, grammar, year)
    else:
        of = {"rate": _rates, "money": _amounts, "same": _sames}[figure.kind]
        found = of(text, state, read_comparison(text, year))
        if figure.kind == "money" and _PART_OF_IT.match(figure.after):
            found = chain(_completed(text, state), found)
    filler = state.sentence.mode == "filler"
    return (rule for rule in found if (rule.resume or not filler) and (rule.per or not figure.per))


def amount(name: str) -> Rule:
    """That a clause names an item and nothing else."""
    return Rule("amount", "amount", name)


def _compared(measure: str, compared: Comparison, *, resume: bool = False, each: bool = False) -> Rule:
    return Rule(
        f"{compared.against}{measure}",
        measure,
        compared.name,
        resume=resume,
        each=each,
        sign=compared.sign,
        either=compared.either,
        against=compared.against,
        base=compared.base,
    )


def _of(rule: Rule, compared: Comparison, state: State) -> Iterator[Rule]:
    """A rule whose item only the words of the base may name: 较上年公务接待费支出减少."""
    again = state.subject is not None and not state.stale and compared.of in _SIDES
    if compared.of and not compared.name and not again:
        yield rule._replace(name=compared.of)
    yield rule


def _bases(compared: Comparison, state: State) -> Iterator[Rule]:
    """Amounts that an item is compared with."""
    if compared.against == PRIOR:
        prior = Rule("prior amount", "amount", compared.name, against=PRIOR, base=compared.base, resume=True)
        yield from _of(prior, compared, state)
    elif state.passage.base.phase == "executed":
        yield from _of(
            Rule(OWN_AMOUNT, "amount", compared.name, phase=_budget(compared.base), resume=True), compared, state
        )


def _changes(measure: str, state: State, compared: Comparison | None) -> Iterator[Rule]:
    """Changes against the year before, which the clause names, or one before it."""
    if compared is None or not compared.directed or (compared.each and not compared.name):
        return
    beside = len(state.sentence.listed) > 1 and state.passage.parent is None
    each = compared.apart and not compared.name and beside
    if compared.against == PRIOR:
        yield from _of(_compared(measure, compared, resume=True, each=each), compared, state)
    elif not compared.against and (state.passage.compared or _in_line(compared, state)):
        yield _compared(measure, compared, each=each)


def _in_line(compared: Comparison, state: State) -> bool:
    """Whether a part changes where the paragraph compares with the year before and nothing else."""
    last = state.sentence.last
    amount = last is not None and last.measure in ("amount", "change") and last.figure.kind == "money"
    part = bool(compared.name) and state.passage.parent is not None
    return (part or (not compared.name and amount)) and state.passage.bases == {PRIOR}


def _differences(measure: str, text: str, state: State, compared: Comparison | None) -> Iterator[Rule]:
    """Differences from the item's own budget."""
    last = state.sentence.last
    if "executed" not in (state.passage.base.phase, last.when.phase if last is not None else None):
        return
    if match := _LARGER.fullmatch(text):
        yield Rule(measure, measure, match[1], phase="executed", sign=1 if match[2] else -1)
    if compared is None or not compared.directed or compared.each:
        return
    follows = not compared.against and not compared.name
    alone = state.passage.bases == {OWN} and last is not None and last.measure == "amount"
    if compared.against == OWN or (follows and (state.sentence.budgeted or alone)):
        yield from _of(_compared(measure, compared)._replace(id=measure, phase="executed", against=""), compared, state)


def _completed(text: str, state: State) -> Iterator[Rule]:
    if state.passage.base.phase == "executed" and (match := _COMPLETED.fullmatch(text)):
        yield Rule(OWN_AMOUNT, "amount", match[1], phase=_budget(text[match.end(1) :]), resume=True)


def _budget(words: str) -> str:
    """The phase of an item's own budget, by the words for it."""
    return "approved" if "年初" in words or not re.search("调整|全年", words) else "revised"


def _rates(text: str, state: State, compared: Comparison | None) -> Iterator[Rule]:
    last = state.sentence.last
    if text == "的" and state.sentence.budgeted and last is not None and last.measure == "amount":
        yield Rule("share of budget", "execution_rate", phase="executed", resume=True)
    if match := _EXECUTION.fullmatch(text):
        yield Rule("execution_rate", "execution_rate", match[1], phase="executed", resume=not match[1])
    if state.passage.base.phase == "executed" and (match := _DIFFERENCE.fullmatch(text)):
        yield Rule("difference_rate", "difference_rate", match[1], phase="executed")
    yield from _differences("difference_rate", text, state, compared)
    if last is not None and last.measure == "difference" and _GAP_RATE.fullmatch(text):
        yield Rule("gap", "difference_rate", phase="executed", sign=last.sign)
    if match := _SHARE.fullmatch(text):
        yield Rule("share", "share", match[1], resume=True)
    if not text and state.sentence.shares and last is not None and last.measure == "amount":
        yield Rule("listed share", "share")
    yield from _changes("change_rate", state, compared)
    if not text and last is not None and last.measure == "change" and state.passage.outer is not None:
        yield Rule("bracketed rate", "change_rate", sign=last.sign)


def _amounts(text: str, state: State, compared: Comparison | None) -> Iterator[Rule]:
    last = state.sentence.last
    before = last.figure.unit if last is not None else ""
    yield from _changes("change", state, compared)
    yield from _differences("difference", text, state, compared)
    if _GAP.fullmatch(text):
        yield from _gap(state)
    yield from _balances(text)
    if match := _ADJUSTED.fullmatch(text):
        yield Rule("adjustment", "change", match[1], phase="revised")
    if compared is not None and compared.against and not (compared.directed or compared.each):
        yield from _bases(compared, state)
    if before in (*_VISITS, *_VISITORS) and _SPENT.fullmatch(text):
        yield Rule("spent", "amount", groups=("travel",))
    if match := _LAST_YEAR.fullmatch(text):
        yield Rule("last year", "amount", match[1], against=PRIOR, base=match[2], resume=True)
    if match := _WORTH.fullmatch(text):
        yield Rule("worth", "amount", match[1], stock=True)
    alone = state.sentence.named <= 1 and _TOGETHER.fullmatch(text)
    if before == "个" and (match := _EVALUATED.fullmatch(text) or alone or None):
        yield Rule("evaluated", "amount", phase="approved" if match[1] else None)
    if state.subject is not None and _MANAGING.fullmatch(state.subject.name) and _MANAGED.fullmatch(text):
        yield Rule("managed", "amount")
    if not text and before in _BOUGHT:
        yield Rule("next worth", "amount", groups=("purchases", "equipment"))
    if text:
        yield Rule("standard", "amount", text, groups=("allowance",), per=True)
        yield amount(text)


def _gap(state: State) -> Iterator[Rule]:
    of = {one.when.phase: one.figure.value for one in state.passage.amounts if one.figure.kind == "money"}
    if of.keys() == {"approved", "executed"}:
        yield Rule("gap", "difference", phase="executed", sign=1 if of["executed"] > of["approved"] else -1)


def _balances(text: str) -> Iterator[Rule]:
    if match := _BALANCE.fullmatch(text):
        yield Rule("balance", "amount", groups=("assets",), moment=match[1])
    since = _SINCE.match(text)
    compared = read_comparison(text[since.end() :], None) if since else None
    if since is not None and compared is not None and compared.directed and not compared.against:
        yield _compared("change", compared)._replace(groups=("assets",), against=PRIOR, base=since[0])


def _sames(text: str, state: State, compared: Comparison | None) -> Iterator[Rule]:
    if compared is not None and compared.against == PRIOR and not compared.directed:
        if compared.each and not compared.name and len(state.sentence.listed) > 1:
            yield _compared("change", compared, each=True)
        if not compared.each:
            yield _compared("change", compared, resume=True)._replace(id="same")
    if state.passage.compared:
        name = re.sub(r"(?:支出)?(?:决算|预算)?数?$", "", text)
        yield Rule("same", "change", name)


def _counts(text: str, figure: Figure, state: State, grammar: Grammar, year: int | None) -> Iterator[Rule]:
    last = state.sentence.last
    before = last.figure.unit if last is not None else ""
    of_people = figure.unit in _VISITORS
    compared = read_comparison(text, year) if last is not None and figure.unit == "人" else None
    if compared is not None and compared.directed and not (compared.name or compared.base):
        yield _compared("change", compared)._replace(id="staff change", groups=("staff",))
    if of_people and before in (*_VISITS, "个") and _NEXT_COUNT.fullmatch(text):
        yield Rule("next count", "count", groups=("travel",))
    if last is not None and figure.unit in ("人", "名") and (match := _STAFF.fullmatch(text)):
        yield Rule("staff", "count", match[1], groups=("staff",), free=True, stock=True)
    for one in grammar.behind:
        if figure.unit not in one.units or (one.groups and last is None) or not re.fullmatch(one.before, text):
            continue
        if match := re.match(one.behind, figure.after):
            stem = "" if match[0].startswith(one.stem) else one.stem
            name = stem + match[0]
            yield Rule(one.id, "count", name, stock=one.stock, groups=one.groups, behind=match.end())
    if text:
        yield Rule("count", "count", text)
    received = state.subject is not None and state.subject.name.endswith("接待费") and _RECEIVED.fullmatch(text)
    if state.subject is not None and received and figure.unit in (*_VISITS, *_VISITORS):
        yield Rule("received", "count", state.subject.name.removesuffix("费"))
    parent = state.passage.parent
    if parent is not None and parent.item is not None and figure.unit in parent.item.units and _KIND.fullmatch(text):
        yield Rule("part count", "count", text, groups=_COUNTED, free=True, stock=True)


def _indicated(text: str, figure: Figure, state: State) -> Iterator[Rule]:
    """Targets and results of the indicator that a paragraph names."""
    match = _INDICATED.fullmatch(text)
    if match is None or figure.kind == "same":
        return
    change = state.subject is not None and _RATE_OF_CHANGE.search(state.subject.name)
    measure = {"rate": "change_rate" if change else "share", "count": "count", "money": "amount"}[figure.kind]
    if not (match[1] or match[2]):
        measure = "execution_rate"
        if figure.kind != "rate":
            return
    yield Rule("indicator", measure, phase="approved" if match[1] else "executed", per=figure.kind == "money")
