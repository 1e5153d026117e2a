"""Which figure is blamed, what is one finding, what the message says, and what is no fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from test_audit_rules import check, coded, fact, fails, stated, total
from test_audit_said import told

from budgetkit.audit.engine import findings_of, merge
from budgetkit.audit.model import MONEY, Equation, Figure, Finding, Place, Term
from budgetkit.audit.rates import with_rates
from budgetkit.audit.rules import standard
from budgetkit.audit.stated import as_exact, read_stated


def figure(index: int, yuan: float, **values: Any) -> Figure:
    return Figure(("facts", index), round(yuan * 100), 1, f"{yuan:.2f}", Place(1, index, 1), f"cell {index}", **values)


def test_a_figure_that_a_sum_confirms_is_not_blamed() -> None:
    wrong = figure(1, 110)
    equations = [
        Equation("codes.total", figure(2, 150), (Term(1, wrong), Term(1, figure(3, 50)))),
        Equation("codes.hierarchy", wrong, (Term(1, figure(4, 100)),)),
        Equation("columns.sum", wrong, (Term(1, figure(5, 110)),)),
    ]
    assert [(suspect, len(group)) for suspect, group in merge(equations)] == [(None, 2)]


@pytest.mark.parametrize("confirmed", [False, True])
def test_of_two_figures_that_explain_as_much_none_is_blamed(confirmed: bool) -> None:
    one, two = figure(1, 10), figure(2, 20)
    equations = [
        Equation("codes.total", figure(3, 31), (Term(1, one), Term(1, two))),
        Equation("codes.total", figure(4, 41), (Term(1, one), Term(1, two), Term(1, figure(5, 10)))),
        *([Equation("codes.hierarchy", two, (Term(1, figure(6, 20)),))] if confirmed else []),
    ]
    [(suspect, group)] = merge(equations)
    assert (suspect, len(group)) == (one if confirmed else None, 2)


@pytest.mark.parametrize(("other", "said"), [(90.57, True), (90.56, False), (9.9, False)])
def test_a_difference_that_is_another_amount_of_the_table(other: float, said: bool) -> None:
    terms = (Term(1, figure(2, 900, table=3)), Term(1, figure(3, 9.43, table=3)))
    equation = Equation("units.total", figure(1, 1000 if other != 9.9 else 919.33, table=3), terms)
    beside = {3: [figure(9, other, table=3)]}
    (found,) = findings_of([equation], {}, standard().rules, beside)
    assert ("差额与第1页第9行第1列 cell 9" in found.message) is said


def test_an_amount_and_its_change_in_one_sentence_are_one_fault() -> None:
    one, two = (figure(k, yuan, sentence="拨款支出0万元，减少100万元") for k, yuan in ((1, 0.0), (2, -100.0)))
    equations = [
        Equation("prose.cell", one, (Term(1, figure(3, 80)),)),
        Equation("prose.parts", figure(4, 20), (Term(1, two), Term(1, figure(5, 40)))),
    ]
    assert [len(group) for _, group in merge(equations)] == [2]


def test_a_message_names_both_pages_where_they_differ() -> None:
    pages = [Figure(("facts", k), k * 100, 1, str(k), Place(k), f"表{k}") for k in (1, 2)]
    for place, said in ((1, "表2为2.00元，与表1（1.00元）"), (2, "第2页表2为2.00元，与第1页表1（1.00元）")):
        one = replace(pages[1], place=Place(place))
        (found,) = findings_of([Equation("across.equal", one, (Term(1, pages[0]),))], {}, standard().rules)
        assert found.message == f"{said}相差+1.00元"


def test_a_rate_says_what_it_is_made_of() -> None:
    rows = [stated("项目支出", 4.0), stated("项目支出", -1.0, "change"), stated("项目支出", -0.13, "change_rate")]
    rows[2]["printed"], rows[1]["printed"] = "13.00%", "1.00万元"
    (text,) = check(statements=rows).query("rule == 'prose.change_rate'")["message"]
    assert text == "文字说明“项目支出”增减率-13.00%，按所列金额计算为-20.00%（-1.00万元÷（4.00万元+1.00万元））"


def test_a_change_that_goes_the_other_way_than_its_rate() -> None:
    rows = [stated("项目支出", 4.0), stated("项目支出", 1.0, "change"), stated("项目支出", -0.2, "change_rate")]
    rows[2]["printed"] = "20.00%"
    (text,) = check(statements=rows).query("status == 'fail'")["message"]
    assert text == "文字说明“项目支出”增减额为+10,000.00元，而增减率为-20.00%，增减方向相反"


@pytest.mark.parametrize(("share", "said"), [(0.8, []), (0.7, ["prose.share"])])
def test_shares_of_one_named_whole_are_of_their_sum(share: float, said: list[str]) -> None:
    # 占一般公共预算支出, which is printed nowhere, beside shares of something else
    rows = []
    for subject, value, rate, whole in (
        ("基本支出", 20.0, 0.2, "一般公共预算支出"), ("工资福利支出", 15.0, 0.75, "基本支出"),
        ("商品和服务支出", 5.0, 0.25, "基本支出"), ("项目支出", 80.0, share, "一般公共预算支出"),
    ):  # fmt: skip
        text = f"{subject}{value:.2f}万元，占{whole}的{rate:.2%}。"
        rows.append(stated(subject, value, sentence=text))
        rows.append(stated(subject, rate, "share", sentence=text, printed=f"{rate:.2%}"))
    assert [rule for rule, _ in fails(check(statements=rows))] == said


@pytest.mark.parametrize(
    ("begin", "status"),
    [
        ("某市水文站：2024年", "not_run"),
        ("（一）某市水文站2024年", "not_run"),
        ("本部门2024年", "fail"),
        ("某局2024年", "fail"),
    ],
)
def test_a_sentence_of_another_publisher(begin: str, status: str) -> None:
    place = {"flow": "expenditure", "fund": "all", "origin": "all", "nature": "all"}
    said = [stated("本年支出", 21.0, sentence=f"{begin}本年支出21.00万元。", **place)]
    facts = [total(1, 30, flow="expenditure", fund="all", origin="all", nature="all")]
    assert told("prose.cell", facts=facts, statements=said) == [status]


@pytest.mark.parametrize(("stated_gap", "rules"), [(-2.0, []), (-3.0, ["prose.difference"])])
def test_the_difference_from_the_budget(stated_gap: float, rules: list[str]) -> None:
    rows = [
        stated("行政运行", 10.0), stated("行政运行", 8.0, phase="executed"),
        stated("行政运行", stated_gap, "difference", phase="executed", quantum=100.0) | {"value": stated_gap * 10_000},
    ]  # fmt: skip
    assert [rule for rule, _ in fails(check({"kind": "final_account"}, statements=rows))] == rules


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("完成年初预算的90.00%，决算数大于年初预算数的主要原因是增人。", ["fail"]),
        ("完成年初预算的90.00%。决算数小于预算数。", ["pass"]),
        ("完成预算的100%，决算数大于预算数。", ["rounding"]),
        ("完成预算的90.00%，决算数大于年初预算数。", []),
        ("年初预算为9万元，支出决算为8万元，完成年初预算的90.00%，决算数大于年初预算数。", []),
    ],
)
def test_a_rate_of_completion_against_its_word(text: str, status: list[str]) -> None:
    assert told("text.execution", text) == status


def test_sums_that_go_on_behind_a_share_are_not_complete() -> None:
    text = "支出预算10.00万元，其中：基本支出5.00万元，占50%；项目支出3.00万元，占30%；经营支出2.00万元，占20%。"
    parts = [("支出预算", 10.0), ("基本支出", 5.0), ("项目支出", 3.0)]
    rows = [stated(subject, value, sentence=text) for subject, value in parts]
    assert told("prose.parts", statements=rows) == ["not_run"]


@pytest.mark.parametrize(
    ("said", "status"), [("", "fail"), ("根据有关规定，部分涉密事项在公开时予以剔除。", "not_run")]
)
def test_rows_that_a_document_says_it_withholds(said: str, status: str) -> None:
    rows = [total(1, 30), coded(2, "201", 10), coded(3, "205", 10)]
    rows += [total(1, 25, col=2, nature="basic"), coded(2, "201", 9, col=2, nature="basic")]
    rows += [coded(3, "205", 8, col=2, nature="basic")]
    assert set(told("codes.lacking", said or "说明。", facts=rows)) == {status}


@pytest.mark.parametrize(("beside", "said"), [("其他资产", True), ("车辆", False)])
def test_what_is_beside_a_slip_of_the_unit_is_part_of_it(beside: str, said: bool) -> None:
    rows = [stated("编制数", 10, "count"), stated("办公家具", 9000.0), stated(beside, 8000.0)]
    (text,) = check(statements=rows).query("rule == 'sense.unit'")["message"]
    assert ("8000.00万元" in text) is said


@pytest.mark.parametrize(("now", "step"), [("8万元", 100), ("约8万元", 10_000)])
def test_a_sentence_with_finer_figures_leaves_zeros_out(now: str, step: int) -> None:
    text = f"公务接待费{now}，减少4.35万元。"
    rows = [
        stated("公务接待费", 8.0, sentence=text, quantum=10_000.0),
        stated("公务接待费", -4.35, "change", sentence=text),
    ]
    found = read_stated([row | {"code": None} for row in rows], {}, 0)
    assert [one.figure.quantum / 100 for one in found] == [step, 100]


@pytest.mark.parametrize(("now", "step"), [("18万元", 100), ("约18万元", 10_000)])
def test_a_figure_is_as_exact_as_the_cell_of_the_same_cause(now: str, step: int) -> None:
    row = stated("公务接待费", 18.0, sentence=f"公务接待费{now}。", quantum=10_000.0) | {"code": None}
    (one,) = read_stated([row], {}, 0)
    rough = replace(one.figure, cause=("reception",))
    (exact,) = as_exact([replace(one, figure=rough)], [replace(rough, quantum=100 * MONEY)])
    assert exact.figure.quantum == step * MONEY


def test_a_list_of_main_items_need_not_be_complete() -> None:
    place = {"form": "general_budget_basic_expenditure", "table": 4, "scheme": "economic_department"}
    items = (("30101", "基本工资"), ("30102", "津贴补贴"), ("30103", "奖金"), ("30113", "住房公积金"))
    rows = [
        fact(k, 5.0, code=code, name=name, label=name, nature="personnel", **place)
        for k, (code, name) in enumerate(items)
    ]
    for word, status in (("主要包括", "pass"), ("包括", "fail")):
        text = f"人员经费20.00万元，{word}：基本工资、津贴补贴、奖金。"
        said = [stated("人员经费", 20.0, sentence=text)]
        assert told("prose.items", facts=rows, statements=said) == [status]


@pytest.mark.parametrize(
    ("code", "name", "yuan", "outside", "status"),
    [
        ("2210201", "住房公积金", 7.0, "", ["fail"]),
        # the money stands there under another name; what is withheld may be anything
        ("2210201", "住房公积金", 3.0, "", ["not_run"]),
        ("2210201", "住房公积金", 3.01, "", ["not_run"]),
        ("2210201", "住房公积金", 7.0, "部分涉密事项予以剔除。", []),
        ("2010302", "一般行政管理事务", 7.0, "", []),
    ],
)
def test_an_item_of_the_prose_that_no_table_lists(
    code: str, name: str, yuan: float, outside: str, status: list[str]
) -> None:
    codes = [("2010301", "行政运行", 1.0), ("2010302", "一般行政管理事务", 2.0), ("2080501", "行政单位离退休", 3.0)]
    facts = [coded(k, own, value) for k, (own, _, value) in enumerate(codes, 1)]
    told_of = [*codes, (code, name, yuan)]
    said = [stated(subject, value, code=own, sentence=f"{subject}（项）{value}万元") for own, subject, value in told_of]
    assert told("prose.unlisted", outside, facts=facts, statements=said) == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("商品和服务支出较上年减0.04万元，增0.01%。", ["fail"]),
        ("支出比上年增加3万元，下降5%。", ["fail"]),
        ("支出比上年（减）6万元，（减）幅23%。", []),
        ("支出比上年增加3万元，增长5%。", []),
        ("支出比上年增加0万元，下降0%。", []),
    ],
)
def test_a_change_and_its_rate_that_go_different_ways(text: str, status: list[str]) -> None:
    assert told("text.opposed", text) == status


def test_a_change_of_the_year_of_an_amount_before() -> None:
    rows = [
        stated("“三公”经费", 2.7, sentence="2024年“三公”经费2.70万元，其中：公务接待费1.00万元。"),
        stated("公务接待费", 1.0, sentence="2024年“三公”经费2.70万元，其中：公务接待费1.00万元。"),
        stated("“三公”经费", -0.06, "change", sentence="2024年“三公”经费比2023年减少0.06万元，减幅0.02%。"),
        stated("“三公”经费", -0.0002, "change_rate", sentence="2024年“三公”经费比2023年减少0.06万元，减幅0.02%。"),
    ]
    assert [rule for rule, _ in fails(check(statements=rows))] == ["prose.change_rate"]


def test_a_change_of_both_sides_is_of_either() -> None:
    said = "与2023年相比，收、支总计各增加19.57万元，增长7.57%。"
    rows = [
        stated("支出总计", 178.53, sentence="收入总计178.53万元，支出总计178.53万元。"),
        stated("收支总计", 19.57, "change", sentence=said), stated("收支总计", 0.0757, "change_rate", sentence=said),
    ]  # fmt: skip
    assert [rule for rule, _ in fails(check(statements=rows))] == ["prose.change_rate"]


@pytest.mark.parametrize(("tolerance", "count"), [(150.0, 1), (0.0, 2)])
def test_a_rate_follows_from_a_change_that_a_rounded_sum_finds_wrong(tolerance: float, count: int) -> None:
    text = "公务接待费4.32万元，比上年减少0.37万元，下降5.9%。"
    rows = [
        stated("公务接待费", 4.32, sentence=text), stated("公务接待费", -0.37, "change", sentence=text),
        stated("公务接待费", -0.059, "change_rate", sentence=text, quantum=0.001),
    ]  # fmt: skip
    told_of = read_stated([one | {"code": None} for one in rows], {}, 0)
    # it is off by 0.10, and the rounded sum says 0.11
    wrong = ((told_of[1].figure.root, -110_000),)
    cause = Finding("prose.parts", "fail", "", tolerance=tolerance, suspects=wrong)
    found = with_rates([cause], told_of, [], standard())
    assert len([one for one in found if one.status == "fail"]) == count
