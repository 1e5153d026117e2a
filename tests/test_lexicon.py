"""The terms of the field: read alone, composed, and refined from outside to inside."""

from __future__ import annotations

import random
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetkit import lexicon, trees
from budgetkit.lexicon import Meaning, refine, terms
from budgetkit.tables.captions import form_of_title, title_meaning
from budgetkit.tables.columns import is_generic, is_specific, role_of

COORDINATES = ("flow", "fund", "origin", "nature", "phase", "aspect", "economic")


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.words[0])
def test_the_example_of_a_term_is_read_whole_and_holds_what_it_says(term: lexicon.Term) -> None:
    meanings = [lexicon.read(part) for part in term.example.split("/")]
    unread = [word for meaning in meanings for word in meaning.unread]
    assert set(unread) <= set(term.words) if term.opaque else unread == []
    assert bool(unread) == term.opaque
    whole = reduce(lambda outer, inner: refine(outer, inner)[0], meanings)
    for name in ("fund", "nature"):
        wanted = getattr(term, name)
        assert wanted is None or trees.within(name, getattr(whole, name), wanted)
    assert term.item is None or term.item in whole.items
    assert term.phase in (None, whole.phase)
    assert term.aspect in (None, whole.aspect)
    assert term.economic in (None, whole.economic)


def path(text: str) -> Meaning:
    return reduce(lambda outer, inner: refine(outer, lexicon.read(inner))[0], text.split("/"), lexicon.NOTHING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("预算数/项目支出/项目支出总数", {"nature": "project", "phase": "approved"}),
        ("本年收入/小计", {"flow": "income", "origin": "current"}),
        ("部门预算/上年实户资金余额", {"origin": "carried_forward", "phase": "approved"}),
        ("单位资金/上级补助收入", {"fund": "superior_subsidy", "flow": "income"}),
        ("支出/决算数/国有资本经营预算财政", {"fund": "state_capital", "flow": "expenditure", "phase": "executed"}),
        ("2025年执行数/执行数", {"year": 2025, "phase": "executed"}),
        ("2026年预算数比2025年执行数/增减(%)", {"aspect": "change_rate", "year": None, "phase": None}),
        ("预算数（单位：万元）", {"phase": "approved"}),
        ("财政拨款结转", {"fund": "fiscal_appropriation", "origin": "carried_forward"}),
        ("年末财政拨款结转和结余", {"flow": "closing_balance"}),
        ("用事业基金弥补收支差额", {"flow": "use_of_reserves"}),
        ("商品服务支出", {"economic": "302", "flow": "expenditure"}),
        ("公务用车购置及运行维护费/公务用车购置费", {"items": ("vehicle_purchase",)}),
        ("事业收入（不含教育收费）", {"fund": "institutional_income"}),
        ("事业收入/其中：教育收费", {"fund": "education_fees"}),
        ("上年预算数", {"prior": True, "phase": "approved"}),
        # of several phases the last counts, but for a comparison of two
        ("预算数决算数", {"phase": "executed"}),
        ("较上年决算数增减额", {"phase": "executed", "aspect": "change"}),
        ("上年决算数比预算数", {"phase": None, "aspect": "change"}),
        ("部门预算/决算数", {"phase": "executed"}),
        ("调整后预算数", {"phase": "revised"}),
        ("日常公用经费", {"nature": "public_use"}),
    ],
)
def test_heads_are_read_whole(text: str, expected: dict[str, object]) -> None:
    meaning = path(text)
    assert meaning.unread == ()
    assert {name: getattr(meaning, name) for name in expected} == expected


@pytest.mark.parametrize(
    "text", ["经费拨款", "省级资金", "扣除基建项目后预算数", "优", "≥99次", "单位预留机动经费", "评价得分"]
)
def test_what_no_term_accounts_for_is_said(text: str) -> None:
    assert lexicon.read(text).unread


def test_a_part_within_its_whole_is_no_contradiction() -> None:
    both, against = refine(lexicon.read("财政拨款支出"), lexicon.read("一般公共预算"))
    assert (both.fund, against) == ("general_public_budget", ())
    both, against = refine(lexicon.read("一般公共预算"), lexicon.read("财政拨款支出"))
    assert (both.fund, against) == ("general_public_budget", ())


def test_of_parts_that_exclude_each_other_what_holds_both_is_meant() -> None:
    assert trees.common("fund", ["general_public_budget", "government_fund"]) == "fiscal_appropriation"
    assert trees.common("nature", ["personnel", "project"]) == "all"
    assert trees.common("nature", ["basic", "personnel", "public_use"]) == "basic"


def test_what_is_unread_outside_and_inside_stays_unread() -> None:
    outer, inner = lexicon.read("扣除基建项目后预算数"), lexicon.read("优")
    assert refine(outer, inner)[0].unread == (*outer.unread, *inner.unread)


def test_terms_that_exclude_each_other_are_reported_and_the_inner_holds() -> None:
    both, against = refine(lexicon.read("一般公共预算支出表"), lexicon.read("政府性基金预算"))
    assert (both.fund, against) == ("government_fund", ("fund",))
    both, against = refine(lexicon.read("基本支出"), lexicon.read("项目支出"))
    assert (both.nature, against) == ("project", ("nature",))


def test_the_money_that_pays_for_an_expenditure_stays_an_expenditure() -> None:
    both, _ = refine(lexicon.read("支出总表"), lexicon.read("一般公共预算拨款收入"))
    assert (both.flow, both.fund) == ("expenditure", "general_public_budget")
    both, _ = refine(lexicon.read("政府性基金预算支出表"), lexicon.read("本年收入"))
    assert both.flow == "income"


def test_composition_does_not_depend_on_the_order_of_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [term.example for term in terms()] + ["一般公共预算财政拨款基本支出决算表", "年初财政拨款结转和结余"]
    before = [lexicon.read.__wrapped__(text) for text in texts]
    shuffled = list(terms())
    random.Random(7).shuffle(shuffled)
    by_word = {word: term for term in shuffled for word in term.words}
    monkeypatch.setattr(lexicon, "_by_word", lambda: by_word)
    lexicon._words.cache_clear()
    try:
        assert [lexicon.read.__wrapped__(text) for text in texts] == before
    finally:
        lexicon._words.cache_clear()


FUNDS = st.sampled_from(["一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户管理资金", "单位资金"])
NATURES = st.sampled_from(["基本支出", "项目支出", "人员经费", "公用经费", "上缴上级支出"])
PHASES = st.sampled_from(["年初预算数", "全年预算数", "决算数"])
NEUTRAL = st.sampled_from(["合计", "小计", "金额", "总计"])


@given(FUNDS, NATURES, PHASES, NEUTRAL, st.permutations([0, 1, 2, 3]))
def test_a_head_built_of_terms_has_their_coordinates(
    fund: str, nature: str, phase: str, word: str, order: list[int]
) -> None:
    cells = [(fund, nature, phase, word)[k] for k in order]
    meaning = path("/".join(cells))
    assert meaning.unread == ()
    assert meaning.fund == lexicon.read(fund).fund
    assert meaning.nature == lexicon.read(nature).nature
    assert meaning.phase == lexicon.read(phase).phase


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("基本支出总表", "basic_expenditure"),
        ("部门预算项目支出及其他支出预算表", "project_expenditure"),
        ("一般公共预算支出表（按经济分类）", "general_budget_expenditure"),
        ("财政拨款支出表（功能科目）", "fiscal_appropriation_expenditure"),
        ("表1：高等学校收支决算总表", "income_expenditure_summary"),
        ("某某大学支出预算表", "expenditure"),
        ("2026年政府采购预算明细表", "procurement"),
        ("预算11表财政拨款政府购买服务明细表", "purchased_services"),
        ("部门“三公”经费和机关运行经费预算表", "three_public"),
        ("上年结转结余情况明细表", "carryover"),
        ("综合评价得分情况表", None),
        ("重点项目预算绩效目标情况", None),
        ("支出决算表说明", None),
    ],
)
def test_forms_follow_from_the_coordinates_of_the_title(title: str, form: str | None) -> None:
    assert form_of_title(title) == form


def test_the_year_of_a_title_counts() -> None:
    assert title_meaning("二〇二三年度收入决算表").year == 2023


@pytest.mark.parametrize(
    ("cell", "role", "generic", "specific"),
    [
        ("科目编码", "code", False, False),
        ("2024年预算数", None, True, False),
        ("本年支出合计", None, True, False),
        ("基本支出", None, False, True),
        ("上年结转", None, False, True),
        ("采购品目名称", "name", False, False),
        ("单位名称", "entity", False, False),
    ],
)
def test_heads_of_amounts_are_told_from_others(cell: str, role: str | None, generic: bool, specific: bool) -> None:
    assert (role_of(cell), is_generic(cell), is_specific(cell)) == (role, generic, specific)
