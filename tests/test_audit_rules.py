"""Single rules of the audit on small frames of their own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import budgetkit as bk
from budgetkit import codes, frames
from budgetkit.audit import check_together
from budgetkit.audit.checking import missing_forms
from budgetkit.audit.rules import standard
from budgetkit.audit.texts import prose_of

DOCUMENT = {
    "document": "a",
    "status": "ok",
    "kind": "budget",
    "fiscal_year": 2024,
    "entity": "某局",
    "sha256": "0" * 64,
}


def fact(row: int, amount: float, col: int = 2, **values: Any) -> dict[str, Any]:
    """One amount of 万元 with two decimals."""
    common = {
        "document": "a", "entity": "某局", "form": "expenditure", "phase": "approved", "year": 2024, "page": 1,
        "flow": "expenditure", "fund": "all", "origin": "all", "nature": "all", "aspect": "amount",
        "row": row, "col": col, "table": 1, "title": "支出表", "column": "合计", "amount": amount * 10_000,
        "quantum": 100.0, "printed": f"{amount:.2f}", "is_total": False, "unit": "万元",
    }  # fmt: skip
    return common | values


def coded(row: int, code: str, amount: float, **values: Any) -> dict[str, Any]:
    name = codes.function.name(code) if code in codes.function else code
    own = {"code": code, "code_source": "printed", "scheme": "function", "name": name, "label": name}
    return fact(row, amount, **own, **values)


def total(row: int, amount: float, **values: Any) -> dict[str, Any]:
    return fact(row, amount, **{"name": "合计", "label": "合计", "is_total": True, **values})


def stated(subject: str, value: float, measure: str = "amount", **values: Any) -> dict[str, Any]:
    money = measure in ("amount", "change")
    common = {
        "document": "a", "kind": "budget", "section": "一", "subject": subject, "measure": measure, "phase": "approved",
        "fiscal_year": 2024, "year": 2024, "value": value * (10_000 if money else 1),
        "quantum": 100.0 if money else 1.0 if measure == "count" else 0.0001,
        "printed": f"{value:.2f}万元", "sentence": f"{subject}{value:.2f}万元", "page": 2,
    }  # fmt: skip
    return common | values


def check(document: dict[str, Any] | None = None, **rows: list[dict[str, Any]]) -> pd.DataFrame:
    names = ("facts", "statements", "projects", "project_funds", "indicators", "leftovers")
    made = {name: frames.make(name, rows.get(name, [])) for name in names}
    return bk.check(SimpleNamespace(documents=frames.make("documents", [DOCUMENT | (document or {})]), **made))


def fails(findings: pd.DataFrame) -> list[tuple[str, float | None]]:
    own = findings[findings["status"] == "fail"]
    return [
        (rule, None if pd.isna(gap) else round(gap, 4))
        for rule, gap in zip(own["rule"], own["difference"], strict=True)
    ]


LADDER = [
    total(1, 30),
    coded(2, "201", 30),
    coded(3, "20103", 30),
    coded(4, "2010301", 10),
    coded(5, "2010302", 20),
]


def test_a_sound_ladder_passes() -> None:
    found = check(facts=LADDER)
    own = found[found["rule"].isin(["codes.hierarchy", "codes.total"])]
    assert own["status"].tolist() == ["pass"] * 3


def test_one_wrong_leaf_is_one_fail() -> None:
    rows = [*LADDER[:4], coded(5, "2010302", 21)]
    assert fails(check(facts=rows)) == [("codes.hierarchy", -10_000.0)]


def test_a_wrong_middle_is_one_fail_that_lists_both_sums() -> None:
    rows = [*LADDER[:2], coded(3, "20103", 31), *LADDER[3:]]
    found = check(facts=rows)
    [message] = found.loc[found["status"] == "fail", "message"]
    assert "疑为第1页第3行第2列" in message
    assert "另有1处勾稽因此不平" in message


@pytest.mark.parametrize(("leaf", "status"), [(20.01, "rounding"), (20.02, "fail")])
def test_tolerance_of_a_sum_of_two(leaf: float, status: str) -> None:
    found = check(facts=[*LADDER[:4], coded(5, "2010302", leaf)])
    own = found[(found["rule"] == "codes.hierarchy") & (found["code"] == "20103")]
    assert own[["status", "tolerance"]].values.tolist() == [[status, 150.0]]


def test_a_parent_without_children_is_not_checked() -> None:
    found = check(facts=[total(1, 30), coded(2, "201", 30)])
    assert found["rule"].tolist().count("codes.hierarchy") == 0


def wide(number: int, code: str, basic: float, project: float, **values: Any) -> list[dict[str, Any]]:
    """A row with 合计, 基本支出 and 项目支出."""
    return [
        coded(number, code, basic + project, **values),
        coded(number, code, basic, col=3, nature="basic", column="基本支出", **values),
        coded(number, code, project, col=4, nature="project", column="项目支出", **values),
    ]


def test_rows_left_out_are_not_run() -> None:
    rows = [*wide(2, "20140", 8, 5), *wide(3, "2014001", 5, 0), *wide(4, "2014050", 2, 0)]
    found = check(facts=rows)
    own = found[found["rule"] == "codes.hierarchy"]
    assert sorted(own["status"]) == ["not_run"] * 3
    assert own["message"].str.contains("未列出的下级科目").all()


def test_a_row_that_another_table_has_is_left_out() -> None:
    leaves = [*wide(3, "2014001", 5, 0), *wide(4, "2014050", 3, 4)]
    whole = [*wide(2, "20140", 8, 4), *leaves]
    other = [row | {"table": 2, "title": "另表"} for row in whole]
    found = check(facts=[*whole[:6], *other])
    [message] = found.loc[found["status"] == "fail", "message"]
    assert "另表列有2014050" in message
    assert fails(check(facts=[*whole, *other])) == []


def test_one_wrong_figure_everywhere_is_one_fail() -> None:
    wrong = [*LADDER[:4], coded(5, "2010302", 21)]
    tables = [row | {"table": number, "title": f"表{number}"} for number in (1, 2, 3) for row in wrong]
    said = stated("一般行政管理事务", 21.0, code="2010302", scheme="function", flow="expenditure", fund="all",
                  origin="all", nature="all")  # fmt: skip
    found = check(facts=tables, statements=[said])
    assert len(fails(found)) == 1
    assert "另有2处勾稽因此不平" in found.loc[found["status"] == "fail", "message"].iloc[0]


def test_repeated_codes_are_lines() -> None:
    rows = [*LADDER[:3], coded(4, "2010301", 10), coded(5, "2010302", 12), coded(6, "2010302", 8)]
    assert fails(check(facts=rows)) == []


def test_a_leftover_in_the_table_makes_it_not_run() -> None:
    rows = [*LADDER[:4], coded(5, "2010302", 21)]
    leftover = {"document": "a", "page": 1, "text": "1.2.3", "reason": "not a plain number"}
    found = check(facts=rows, leftovers=[leftover])
    assert fails(found) == []
    assert found.loc[found["rule"] == "codes.hierarchy", "message"].str.contains("1.2.3").all()


def test_an_unknown_column_keeps_a_row_from_failing() -> None:
    rows = [
        coded(2, "201", 30), coded(2, "201", 10, col=3, nature="basic", column="基本支出"),
        coded(2, "201", 5, col=4, nature="project", column="项目支出"),
        coded(2, "201", 15, col=5, unread="机动", column="机动"),
    ]  # fmt: skip
    found = check(facts=rows)
    own = found[found["rule"] == "columns.sum"]
    assert own["status"].tolist() == ["not_run"]
    assert "含义未识别" in own["message"].iloc[0]


def test_lists_are_held_to_their_total_once_a_column_proves_how_they_add_up() -> None:
    def row(number: int, name: str, amounts: tuple[float, float], **values: Any) -> list[dict[str, Any]]:
        return [
            fact(number, amounts[0], form="other", name=name, label=name, project=name, **values),
            fact(number, amounts[1], form="other", name=name, label=name, project=name, col=3,
                 fund="general_public_budget", column="一般公共预算", **values),
        ]  # fmt: skip

    rows = [*row(1, "合计", (9, 8), is_total=True), *row(2, "甲", (4, 4)), *row(3, "乙", (5, 5))]
    found = check(facts=rows)
    assert ("list.total", -10_000.0) in fails(found)


def test_changes_of_a_table() -> None:
    rows = [
        coded(2, "201", 12), coded(2, "201", 10, col=3, year=2023, column="上年"),
        coded(2, "201", 3, col=4, aspect="change", column="增减额"),
    ]  # fmt: skip
    assert fails(check(facts=rows)) == [("columns.change", 10_000.0)]


def test_prose_against_its_cell_allows_digits_cut_off() -> None:
    place = {"flow": "expenditure", "fund": "all", "origin": "all", "nature": "all"}
    facts = [total(1, 30) | {"amount": 300_099.0, "quantum": 1.0}]
    assert fails(check(facts=facts, statements=[stated("本年支出", 30.00, **place)])) == []
    assert fails(check(facts=facts, statements=[stated("本年支出", 31.00, **place)])) == [("prose.cell", 9_901.0)]
    # what the print does not say is held against nothing
    assert fails(check(facts=facts, statements=[stated("本年支出", 31.00)])) == []


@pytest.mark.parametrize(("rate", "wrong"), [(0.5, False), (0.4999, False), (0.45, True)])
def test_execution_rates(rate: float, wrong: bool) -> None:
    rows = [
        stated("行政运行", 20.0), stated("行政运行", 10.0, phase="executed"),
        stated("行政运行", rate, "execution_rate", phase="executed", printed=f"{rate:.2%}"),
    ]  # fmt: skip
    found = check({"kind": "final_account"}, statements=rows)
    assert [rule for rule, _ in fails(found)] == (["prose.execution_rate"] if wrong else [])


def test_a_rate_on_a_zero_base() -> None:
    rows = [
        stated("行政运行", 0.0), stated("行政运行", 10.0, phase="executed"),
        stated("行政运行", 1.0, "execution_rate", phase="executed", printed="100.00%"),
    ]  # fmt: skip
    assert [rule for rule, _ in fails(check(statements=rows))] == ["prose.zero_base"]


@pytest.mark.parametrize(("rate", "status"), [(1.0, "not_run"), (0.93, "fail")])
def test_what_is_new_has_grown_by_all_of_it(rate: float, status: str) -> None:
    rows = [stated("行政运行", 10.0), stated("行政运行", 10.0, "change"), stated("行政运行", rate, "change_rate")]
    found = check(statements=rows).query("rule == 'prose.zero_base'")
    assert list(found["status"]) == [status]


def test_nothing_of_nothing_is_no_fault() -> None:
    rows = [
        stated("行政运行", 0.0), stated("行政运行", 0.0, phase="executed"),
        stated("行政运行", 1.0, "execution_rate", phase="executed", printed="100.00%"),
    ]  # fmt: skip
    assert fails(check(statements=rows)) == []


def test_wrong_direction_of_a_change() -> None:
    rows = [
        stated("行政运行", 12.0), stated("行政运行", 10.0, year=2023, phase=None),
        stated("行政运行", -2.0, "change", printed="2.00万元"),
    ]  # fmt: skip
    assert [rule for rule, _ in fails(check(statements=rows))] == ["prose.direction"]


def test_parts_of_purchases() -> None:
    sentence = "政府采购支出总额9.00万元，其中：货物3.00万元、工程0.00万元、服务5.00万元"
    rows = [
        stated(subject, value, sentence=sentence)
        for subject, value in (
            ("政府采购支出总额", 9.0), ("政府采购货物支出", 3.0), ("政府采购工程支出", 0.0), ("政府采购服务支出", 5.0),
        )
    ]  # fmt: skip
    assert fails(check(statements=rows)) == [("prose.parts", 10_000.0)]
    # a part that was not read would make the sum wrong
    assert fails(check(statements=[rows[0], rows[1], rows[3]])) == []


def test_furniture_in_yuan_called_ten_thousand() -> None:
    rows = [stated("实有人数", 10, "count", printed="10人"), stated("办公家具", 3_000.0, phase=None)]
    assert [rule for rule, _ in fails(check(statements=rows))] == ["sense.unit"]


def form(**values: Any) -> dict[str, Any]:
    head = {
        "document": "a", "form": "project_self_evaluation", "project": "某项目", "page": 3, "approved": 1e6,
        "revised": 1e6, "executed": 5e5, "execution_rate": 0.5, "execution_weight": 10.0, "execution_score": 5.0,
        "total_weight": 100.0, "total_score": 95.0,
    }  # fmt: skip
    return head | values


def indicator(weight: float, score: float, **values: Any) -> dict[str, Any]:
    common = {"document": "a", "form": "project_self_evaluation", "project": "某项目", "level3": "指标", "page": 3}
    return common | {"weight": weight, "score": score} | values


@pytest.mark.parametrize(
    ("head", "rows", "expected"),
    [
        ({}, [(50, 50), (40, 40)], []),
        ({"total_score": 90.0}, [(50, 50), (40, 40)], ["perf.total"]),
        ({}, [(50, 50), (30, 40)], ["perf.weights", "perf.score"]),
        (
            {"execution_rate": 0.6, "execution_score": 6.0, "total_score": 96.0},
            [(50, 50), (40, 40)],
            ["perf.execution_rate"],
        ),
        ({"execution_score": 8.0, "total_score": 98.0}, [(50, 50), (40, 40)], ["perf.execution_score"]),
        ({"execution_score": 4.9, "total_score": 94.9}, [(50, 50), (40, 40)], []),
    ],
)
def test_self_evaluations(head: dict[str, Any], rows: list[tuple[float, float]], expected: list[str]) -> None:
    found = check(projects=[form(**head)], indicators=[indicator(*pair) for pair in rows])
    assert sorted(rule for rule, _ in fails(found)) == sorted(expected)


def test_a_missed_target_with_full_score() -> None:
    goal = {"target": "≥5次", "target_operator": ">=", "target_value": 5.0, "target_unit": "次"}
    result = {"actual": "4次", "actual_value": 4.0, "actual_unit": "次"}
    rows = [indicator(50, 50, **goal, **result), indicator(40, 40)]
    assert [rule for rule, _ in fails(check(projects=[form()], indicators=rows))] == ["perf.missed"]


@pytest.mark.parametrize(("rate", "status"), [(0.89, "fail"), (0.91, "not_run")])
def test_a_full_score_for_most_of_the_money_may_be_a_rule_of_the_place(rate: float, status: str) -> None:
    given = {"execution_rate": rate, "executed": 1e6 * rate, "execution_weight": 20.0, "execution_score": 20.0}
    found = check(projects=[form(**given, total_score=100.0)], indicators=[indicator(50, 50), indicator(30, 30)])
    assert found.loc[found["rule"] == "perf.execution_score", "status"].tolist() == [status]


def test_lines_of_funds() -> None:
    common = {"document": "a", "form": "project_self_evaluation", "project": "某项目", "page": 3}
    lines = [
        common | {"line": "年度资金总额", "revised": 100.0}, common | {"line": "当年财政拨款", "revised": 60.0},
        common | {"line": "其他资金", "revised": 30.0},
    ]  # fmt: skip
    found = check(projects=[form()], project_funds=lines)
    assert ("perf.funds", 10.0) in fails(found)


@pytest.mark.parametrize(
    ("code", "name", "status", "severity"),
    [
        ("2010301", "行政运行", "pass", "warning"),
        ("2010309", "其他政府办公厅（室）及相关机构事务支出", "fail", "error"),
        ("201", "一般公共预算支出", "fail", "error"),
        ("2019998", "某新事务", "not_run", "note"),
        ("2080505", "基本养老保险缴费支出", "pass", "warning"),
    ],
)
def test_names_and_codes(code: str, name: str, status: str, severity: str) -> None:
    found = check(facts=[coded(2, code, 1) | {"name": name, "label": name}])
    own = found[found["rule"] == "names.code"]
    assert own[["status", "severity"]].values.tolist() == [[status, severity]]


def test_a_final_account_against_its_budget() -> None:
    budget = [row | {"document": "b"} for row in (coded(2, "201", 30), coded(3, "205", 4))]
    final = [
        coded(2, "201", 31), coded(3, "205", 4), coded(2, "201", 9, col=3, phase="executed", column="决算数"),
    ]  # fmt: skip
    documents = [DOCUMENT | {"kind": "final_account"}, DOCUMENT | {"document": "b"}]
    names = ("statements", "projects", "project_funds", "indicators", "leftovers")
    corpus = SimpleNamespace(
        documents=frames.make("documents", documents), facts=frames.make("facts", [*final, *budget]),
        **{name: frames.make(name, []) for name in names},
    )  # fmt: skip
    found = bk.check(corpus)
    own = found[found["rule"] == "pairs.approved"]
    assert own[["document", "code", "status"]].values.tolist() == [["a", "201", "fail"], ["a", "205", "pass"]]


def test_a_unit_is_held_against_the_department_that_lists_it() -> None:
    names = ("statements", "projects", "project_funds", "indicators", "leftovers")

    def document(name: str, entity: str, tier: str, amount: float, *more: dict[str, Any]) -> Any:
        rows = [coded(2, "201", amount, document=name, entity=entity), *more]
        head = DOCUMENT | {"document": name, "entity": entity, "tier": tier}
        made = {one: frames.make(one, []) for one in names} | {"facts": frames.make("facts", rows)}
        return SimpleNamespace(documents=frames.make("documents", [head]), **made)

    listed = coded(3, "205", 9, document="a", entity="某站")
    docs = [document("a", "某局", "department", 30, listed), document("b", "某站", "unit", 31)]
    assert [fails(one) for one in check_together(docs)] == [[], [("pairs.unit", 10_000.0)]]
    assert [fails(one) for one in check_together([docs[0], document("b", "某站", "unit", 29)])] == [[], []]
    assert [fails(one) for one in check_together([docs[0], document("b", "另站", "unit", 31)])] == [[], []]


# thresholds


@pytest.mark.parametrize(("top", "doubtful"), [(112.0, True), (140.0, False)])
def test_a_leftover_beside_a_table_is_none_of_it(top: float, doubtful: bool) -> None:
    rows = [one | {"y0": 90.0, "y1": 100.0} for one in (*LADDER[:4], coded(5, "2010302", 21))]
    leftover = {"document": "a", "page": 1, "text": "1.2.3", "reason": "not a plain number", "y0": top, "y1": top + 10}
    assert bool(fails(check(facts=rows, leftovers=[leftover]))) is not doubtful


@pytest.mark.parametrize("parents", [1, 2])
def test_a_code_without_its_parent_stands_out_where_others_have_theirs(parents: int) -> None:
    upper = [coded(2, "201", 80), *(coded(k + 3, f"2010{k + 1}", 10) for k in range(parents))]
    lower = [coded(k + 20, f"2010{k + 1}01", 10) for k in range(parents)]
    rows = [total(1, 90), *upper, *lower, coded(40, "2081601", 10)]
    found = check(facts=rows)
    assert ("codes.orphan" in [rule for rule, _ in fails(found)]) is (parents == 2)


@pytest.mark.parametrize(("tables", "rows_of_it", "told"), [(2, 9, False), (3, 9, True), (3, 3, True), (3, 2, False)])
def test_a_table_without_a_total_stands_out_among_several_with_one(tables: int, rows_of_it: int, told: bool) -> None:
    forms = ("expenditure", "income", "general_budget_expenditure")[:tables]
    rows = [one | {"table": k, "form": form} for k, form in enumerate(forms, 1) for one in LADDER]
    rows = [one for one in rows if one["table"] != tables or 1 < one["row"] < 2 + rows_of_it]
    found = check(facts=rows)
    assert ("codes.no_total" in [rule for rule, _ in fails(found)]) is told


@pytest.mark.parametrize(("year", "status"), [(2020, "not_run"), (2021, "fail")])
def test_a_form_is_missing_once_it_is_asked_for(year: int, status: str) -> None:
    document = {"fiscal_year": year, "missing": ["state_capital"], "document": "a"}
    prose = prose_of([(1, "部门预算公开说明。")])
    (found,) = missing_forms(document, True, prose, standard())
    assert (found.rule, found.status) == ("forms.missing", status)
    (spoken,) = missing_forms(document, True, prose_of([(1, "无国有资本经营预算。")]), standard())
    assert spoken.status == "not_run"


@pytest.mark.parametrize(("blank", "status"), [(4, "fail"), (5, "not_run")])
def test_a_list_of_items_left_as_the_form_has_it_proves_nothing(blank: int, status: str) -> None:
    names = ["基本工资", "津贴补贴", "奖金", "绩效工资", "住房公积金", "医疗费", "伙食补助费"][: blank + 2]
    basic = {"form": "general_budget_basic_expenditure", "scheme": "economic_department", "code_source": "printed"}
    rows = [
        fact(k, 10, nature="personnel", code=code, name=name, label=name, **basic)
        for k, (code, name) in enumerate((("30101", "基本工资"), ("30102", "津贴补贴")), 2)
    ]
    sentence = f"人员经费20.00万元，主要包括：{'、'.join(names)}。"
    found = check(facts=rows, statements=[stated("人员经费", 20, sentence=sentence)])
    assert found.loc[found["rule"] == "prose.items", "status"].tolist() == [status]
