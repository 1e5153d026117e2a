"""Figures stated in prose: every pattern's example, small paragraphs with exact rows, and the seeds."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetkit import frames
from budgetkit.model import Box, Line, Page
from budgetkit.page.furniture import without_furniture
from budgetkit.prose import grammar, read_statements
from budgetkit.readers.opening import open_source
from budgetkit.tables.joining import heads_table

GOLDEN = Path(__file__).parent / "golden"
SHARED = Path(__file__).resolve().parents[1].parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason=f"the documents of {SHARED} are not at hand")


def pages_of(*texts: str) -> list[Page]:
    """One page with a line each."""
    return [Page(1, tuple(Line(text) for text in texts))]


def read(*texts: str, kind: str = "final_account", names: Any = (), entity: str | None = None) -> list[tuple[Any, ...]]:
    """(subject, measure, phase, value) of the figures in some lines; "prior" before the phase of the year before."""
    rows = read_statements(pages_of(*texts), kind=kind, fiscal_year=2031, entity=entity, names=names)
    return [(row["subject"], row["measure"], timed(row), row["value"]) for row in rows]


def timed(row: Mapping[str, Any]) -> str | None:
    """The phase of a row, with the year where it is not 2031."""
    phase: str | None = row["phase"]
    return phase if row["year"] in (None, 2031) else f"{row['year']} {phase or ''}".strip()


def codes_of(*texts: str, names: Any = ()) -> list[tuple[Any, ...]]:
    rows = read_statements(pages_of(*texts), kind="budget", fiscal_year=2031, entity=None, names=names)
    return [(row["subject"], row["code"], row["code_source"]) for row in rows]


#: a paragraph for each rule, and the subject, measure, value and fixed phase of its last figure
EXAMPLES = [
    (
        "行政运行年初预算为50.00万元，支出决算为40.00万元，完成年初预算的80.00%。",
        "行政运行",
        "execution_rate",
        0.8,
        "executed",
    ),
    (
        "财政拨款收入年初预算数50.00万元，决算数40.00万元，预决算差异率-20.00%。",
        "财政拨款收入",
        "difference_rate",
        -0.2,
        "executed",
    ),
    ("公务接待费决算数1.00万元，比年初预算数下降20.00%。", "公务接待费", "difference_rate", -0.2, "executed"),
    (
        "公务接待费决算数1.00万元，比年初预算数减少0.25万元，下降20.00%。",
        "公务接待费",
        "difference_rate",
        -0.2,
        "executed",
    ),
    (
        "“热线接通量”指标：预期指标值为≥70通，实际完成指标值为63通，指标完成率为90.00%。",
        "热线接通量",
        "execution_rate",
        0.9,
        "executed",
    ),
    ("“会议费变动率”指标：预期指标值为≤2%。", "会议费变动率", "change_rate", 0.02, "approved"),
    ("“会议费变动率”指标：预期指标值为≤2%，实际完成指标值为1.50%。", "会议费变动率", "change_rate", 0.015, "executed"),
    ("“业务办理及时率”指标：预期指标值为≥92.00%。", "业务办理及时率", "share", 0.92, "approved"),
    (
        "“业务办理及时率”指标：预期指标值为≥92.00%，实际完成指标值为93.50%。",
        "业务办理及时率",
        "share",
        0.935,
        "executed",
    ),
    ("本年收入80.00万元，其中：事业收入12.00万元，占15.00%。", "事业收入", "share", 0.15, None),
    ("本年收入80.00万元，其中：事业收入8.00万元，占10.00%；经营收入4.00万元，5.00%。", "经营收入", "share", 0.05, None),
    ("财政拨款支出70.00万元，比上年决算数减少5.00万元。", "财政拨款支出", "change", -50000.0, None),
    ("公务接待费预算数为2.00万元，比2030年预算执行数增加25.00%。", "公务接待费", "change_rate", 0.25, None),
    (
        "2031年初，流动资产总额为4.00万元，年末总额为6.00万元，较年初流动资产增加2.00万元。",
        "流动资产",
        "change",
        20000.0,
        None,
    ),
    ("2031年初，流动资产总额为4.00万元，年末总额为6.00万元。", "年末流动资产", "amount", 60000.0, None),
    (
        "某局预算调整后总额90.00万元，其中年初预算金额60.00万元，调整预算金额30.00万元。",
        "预算总额",
        "change",
        300000.0,
        "revised",
    ),
    ("“三公”经费预算比上年预算减少3.00万元，其中：公务接待费减少1.00万元。", "公务接待费", "change", -10000.0, None),
    ("财政拨款支出与上年相比，减少5.00万元，下降2.50%。", "财政拨款支出", "change_rate", -0.025, None),
    ("公务接待费2.00万元，较上年减少0.50万元（20.00%）。", "公务接待费", "change_rate", -0.2, None),
    ("实有人数30人，其中：在职人员20人，减少2人。", "在职人员", "change", -2.0, None),
    ("公务接待费2.00万元，与上年预算数相同。", "公务接待费", "change", 0.0, None),
    (
        "“三公”经费9.00万元，其中：公务用车运行维护费8.00万元，公务接待费1.00万元，均与上年持平。",
        "公务接待费",
        "change",
        0.0,
        None,
    ),
    ("“三公”经费支出决算数与上年度持平。其中：公务接待费支出决算持平。", "公务接待费", "change", 0.0, None),
    ("行政运行支出决算数为60.00万元，比上年决算数50.00万元。", "行政运行", "amount", 500000.0, None),
    ("国内公务接待4批次，31人次，共计支出1.20万元。", "国内公务接待", "amount", 12000.0, None),
    ("行政运行60.00万元，上年：50.00万元。", "行政运行", "amount", 500000.0, None),
    ("截至2031年12月31日，单位共有车辆3辆，价值45.00万元。", "车辆", "amount", 450000.0, None),
    ("开展预算绩效评价项目3个，涉及资金84.00万元。", "绩效评价项目", "amount", 840000.0, None),
    ("国内公务接待4批次，31人次。", "国内公务接待", "count", 31.0, None),
    ("开展预算绩效评价项目3个，共涉及资金84.00万元。", "绩效评价项目", "amount", 840000.0, None),
    ("2031年某局项目支出全面实施绩效目标管理，涉及预算拨款84.00万元。", "绩效目标管理资金", "amount", 840000.0, None),
    ("2031年计划购置车辆1辆、15.00万元。", "购置车辆", "amount", 150000.0, None),
    ("实有人数30人，其中：在职人员20人，某岗位10人。", "某岗位", "count", 10.0, None),
    ("“工作人员数量”指标：预期指标值为≥70人。", "工作人员数量", "count", 70.0, "approved"),
    ("“运行成本”指标：预期指标值为≤20.00万元。", "运行成本", "amount", 200000.0, "approved"),
    ("“工作人员数量”指标：预期指标值为≥70人，实际完成指标值为63人。", "工作人员数量", "count", 63.0, "executed"),
    ("“运行成本”指标：预期指标值为≤20.00万元，实际完成指标值为11.50万元。", "运行成本", "amount", 115000.0, "executed"),
    ("部门有2个涉密项目。", "涉密项目", "count", 2.0, None),
    ("部门预算包括某局本级预算及下属3家预算单位在内的汇总预算。", "下属预算单位", "count", 3.0, None),
    ("某局及下属3家行政单位和2家事业单位的汇总预算。", "下属事业单位", "count", 2.0, None),
    ("对2031年度10个项目开展了绩效自评。", "绩效自评的项目", "count", 10.0, None),
    ("单位无下属预算单位，下设4个处室。", "处室", "count", 4.0, None),
    ("补贴标准：900元/月/人", "补贴标准", "amount", 900.0, None),
    ("公务用车购置数0辆，公务用车保有量2辆。", "公务用车保有量", "count", 2.0, None),
    ("2031年度一般公共预算财政拨款基本支出30.50万元。", "一般公共预算财政拨款基本支出", "amount", 305000.0, None),
]


@pytest.mark.parametrize(("text", "subject", "measure", "value", "phase"), EXAMPLES)
def test_example_of_rule(text: str, subject: str, measure: str, value: float, phase: str | None) -> None:
    rows = read_statements(pages_of(text), kind="final_account", fiscal_year=2031, entity=None, names=[])
    assert (rows[-1]["subject"], rows[-1]["measure"]) == (subject, measure)
    assert rows[-1]["value"] == pytest.approx(value)
    assert phase in (None, rows[-1]["phase"])


@pytest.mark.parametrize("clause", [one for one, _ in grammar.load().clauses], ids=lambda one: one.role)
def test_example_of_clause(clause: grammar.Clause) -> None:
    first = next(one.role for one, pattern in grammar.load().clauses if pattern.fullmatch(clause.example))
    assert first == clause.role


def test_example_of_opener() -> None:
    found = [
        (pattern.fullmatch(one.example) or {"subject": None})["subject"] for one, pattern in grammar.load().openers
    ]
    assert found == [one.subject for one, _ in grammar.load().openers]


def test_row_has_all_columns_and_makes_a_frame() -> None:
    page = Page(7, (Line("三、支出决算情况说明"), Line("2031年度本年支出1,204.50万元，比上年减少12.5%。")))
    rows = read_statements([page], kind="final_account", fiscal_year=2031, entity="某局", names=[])
    assert rows[0] == {
        "entity": "某局",
        "fiscal_year": 2031,
        "kind": "final_account",
        "section": "三",
        "subject": "本年支出",
        "code": None,
        "code_source": None,
        "flow": "expenditure",
        "fund": "all",
        "origin": "all",
        "nature": "all",
        "item": None,
        "scheme": None,
        "measure": "amount",
        "year": 2031,
        "phase": "executed",
        "value": 12045000.0,
        "quantum": 100.0,
        "unit": "万元",
        "printed": "1,204.50万元",
        "sentence": "2031年度本年支出1,204.50万元，比上年减少12.5%。",
        "page": 7,
    }
    assert (rows[1]["measure"], rows[1]["value"], rows[1]["quantum"]) == ("change_rate", -0.125, 0.001)
    frame = frames.make("statements", [{"document": "a", **row} for row in rows])
    assert list(frame["printed"]) == ["1,204.50万元", "12.5%"]


def test_signs_follow_the_words() -> None:
    text = "财政拨款支出70.00万元，比上年决算数75.00万元减少5.00万元，下降6.67%。"
    assert read(text) == [
        ("财政拨款支出", "amount", "executed", 700000.0),
        ("财政拨款支出", "amount", "2030 executed", 750000.0),
        ("财政拨款支出", "change", "executed", -50000.0),
        ("财政拨款支出", "change_rate", "executed", pytest.approx(-0.0667)),
    ]


def test_no_change_is_a_change_of_zero() -> None:
    text = "公务接待费2.00万元，与上年持平；会议费预算支出1.00万元，与上年预算数相同。"
    assert read(text, kind="budget") == [
        ("公务接待费", "amount", "approved", 20000.0),
        ("公务接待费", "change", "approved", 0.0),
        ("会议费", "amount", "approved", 10000.0),
        ("会议费", "change", "approved", 0.0),
    ]


def test_comparison_with_the_budget_is_a_difference_and_no_change() -> None:
    assert read("公务接待费支出决算为1.00万元。决算数与预算数持平。") == [("公务接待费", "amount", "executed", 10000.0)]
    text = "公务接待费1.00万元，比年初预算数减少0.50万元，下降33.33%；比上年减少0.25万元，下降20.00%。"
    assert read(text) == [
        ("公务接待费", "amount", "executed", 10000.0),
        ("公务接待费", "difference", "executed", -5000.0),
        ("公务接待费", "difference_rate", "executed", -0.3333),
        ("公务接待费", "change", "executed", -2500.0),
        ("公务接待费", "change_rate", "executed", -0.2),
    ]
    # 预算 in a budget is another year's
    assert [row[1] for row in read("公务接待费1.00万元，比预算数下降33.33%。", kind="budget")] == ["amount"]


def test_projects_named_in_quotes_or_with_their_phase() -> None:
    assert read("“某平台运维”项目预算5.00万元，用于维护。") == [("某平台运维", "amount", "approved", 50000.0)]
    assert read("1.某平台运维决算数5.00万元。") == [("某平台运维", "amount", "executed", 50000.0)]


def test_list_of_economic_items() -> None:
    text = "人员经费30.00万元，主要包括：基本工资20.00万元、住房公积金10.00万元。"
    assert codes_of(text) == [
        ("人员经费", None, None),
        ("基本工资", "30101", "resolved"),
        ("住房公积金", "30113", "resolved"),
    ]


def test_name_of_two_classifications_has_no_code() -> None:
    own = [("function", "2010301", "行政运行"), ("function", "2012601", "行政运行")]
    listed = "按功能分类科目公开，其中：行政运行10.00万元。"
    assert codes_of("住房公积金10.00万元。") == [("住房公积金", None, None)]
    assert codes_of(listed) == [("行政运行", None, None)]
    assert codes_of(listed, names=own) == [("行政运行", None, None)]
    assert codes_of(listed, names=own[:1]) == [("行政运行", "2010301", "resolved")]


def test_bare_name_without_context_has_a_code_only_as_a_class() -> None:
    assert codes_of("教育支出10.00万元。") == [("教育支出", "205", "resolved")]
    assert codes_of("3.市场监督管理事务10.00万元。") == [("市场监督管理事务", None, None)]


def test_parts_of_a_class_have_its_code() -> None:
    text = "商品和服务支出（302）9.00万元，其中：公用经费4.00万元，专项业务经费5.00万元。"
    rows = read_statements(pages_of(text), kind="budget", fiscal_year=2031, entity=None, names=())
    assert [(row["subject"], row["code"], row["nature"], row["value"]) for row in rows] == [
        ("商品和服务支出", "302", "all", 90000.0),
        ("公用经费", "302", "public_use", 40000.0),
        ("专项业务经费", "302", "project", 50000.0),
    ]


def test_path_narrows_the_code() -> None:
    text = "1.一般公共服务支出（类）财政事务（款）行政运行（项）支出决算数为8.00万元。"
    assert codes_of(text) == [("行政运行", "2010601", "resolved")]


def test_path_below_a_heading() -> None:
    lines = ("（一）卫生健康支出（类）", "行政事业单位医疗（款）行政单位医疗（项）支出6.00万元。")
    assert codes_of(*lines) == [("行政单位医疗", "2101101", "resolved")]


def test_path_joined_by_dashes() -> None:
    text = "1.“社会保障和就业支出-行政事业单位养老支出-行政单位离退休”科目5.00万元，主要用于慰问。"
    assert codes_of(text) == [("行政单位离退休", "2080501", "resolved")]


@pytest.mark.parametrize(
    "text", ["2010350 事业运行 9.00 万元；", "事业运行（2010350）9.00万元；", "2010350-事业运行9.00万元；"]
)
def test_printed_code(text: str) -> None:
    assert codes_of(text) == [("事业运行", "2010350", "printed")]


def test_item_goes_on_over_purpose_and_stop() -> None:
    lines = (
        "1、一般公共服务支出（类）财政事务（款）信息化建设（项）。主要用于：基本支出以外的系统维护。",
        "年初预算为135.90万元支出决算为135.25万元，完成年初预算的99.52%。",
    )
    assert read("".join(lines)) == [
        ("信息化建设", "amount", "approved", 1359000.0),
        ("信息化建设", "amount", "executed", 1352500.0),
        ("信息化建设", "execution_rate", "executed", pytest.approx(0.9952)),
    ]


def test_reasons_give_changes_only_after_a_change() -> None:
    text = "项目支出9.00万元，比上年预算增加3.00万元，主要原因是新增平台运维项目2.00万元，公用经费增加1.00万元。"
    assert read(text, kind="budget") == [
        ("项目支出", "amount", "approved", 90000.0),
        ("项目支出", "change", "approved", 30000.0),
        ("平台运维项目", "change", "approved", 20000.0),
        ("公用经费", "change", "approved", 10000.0),
    ]
    executed = "项目支出9.00万元，完成预算的90.00%，决算数小于预算数的主要原因是平台运维项目减少2.00万元。"
    assert [row[1] for row in read(executed)] == ["amount", "execution_rate"]
    after = "基本支出5.00万元，主要是人员增加；二是公用经费支出增加1.00万元。比上年增加2.00万元。"
    assert read(after) == [("基本支出", "amount", "executed", 50000.0)]


def test_item_is_not_taken_from_a_list_for_its_sum() -> None:
    text = "按功能分类，教育支出3.00万元，住房保障支出4.00万元。比上年增加1.00万元。"
    assert [row[:2] for row in read(text)] == [("教育支出", "amount"), ("住房保障支出", "amount")]


def test_parts_of_what_is_not_understood_are_left_out() -> None:
    text = "某特别安排采购9.00万元：政府采购货物预算4.00万元、政府采购服务预算5.00万元。"
    assert read(text, kind="budget") == []


def test_brackets_return_to_the_item_before() -> None:
    text = "基本支出年初预算总额8.00万元（含：人员经费6.00万元，公用经费2.00万元），比上年增加1.00万元。"
    assert read(text) == [
        ("基本支出", "amount", "approved", 80000.0),
        ("人员经费", "amount", "approved", 60000.0),
        ("公用经费", "amount", "approved", 20000.0),
        ("基本支出", "change", "approved", 10000.0),
    ]


def test_three_public_against_the_year_before() -> None:
    text = "某局2031年“三公”经费预算比上年预算减少0.50万元，其中：公务用车运行维护费减少0.50万元，下降5.00%。"
    assert read(text, kind="budget") == [
        ("“三公”经费", "change", "approved", -5000.0),
        ("公务用车运行费", "change", "approved", -5000.0),
        ("公务用车运行费", "change_rate", "approved", -0.05),
    ]


def test_amounts_of_other_years() -> None:
    assert read("2030年机关运行经费支出3.00万元。") == [("机关运行经费", "amount", "2030", 30000.0)]
    assert read("2028年机关运行经费支出3.00万元。") == [("机关运行经费", "amount", "2028", 30000.0)]
    assert read("机关运行经费支出3.00万元，比2028年增加1.00万元。") == [("机关运行经费", "amount", "executed", 30000.0)]


def test_dates_numbers_and_duties_give_nothing() -> None:
    assert read("根据财预〔2030〕10号文件，2031年1月1日起每人每月1800元/月，联系电话12345678。") == []
    assert read("负责全市13个区县、41个项目的审批，价值500万元以上的项目另行报批。") == []


def test_states_have_no_phase_and_purchases_do() -> None:
    text = (
        "截至2030年12月31日，本单位共有车辆2辆，价值30.00万元，其中：机要通信用车2辆；"
        "2031年部门预算安排购置车辆1辆，其中：机要通信用车1辆。"
    )
    assert read(text, kind="budget") == [
        ("车辆", "count", None, 2.0),
        ("车辆", "amount", None, 300000.0),
        ("机要通信用车", "count", None, 2.0),
        ("购置车辆", "count", "approved", 1.0),
        ("购置机要通信用车", "count", "approved", 1.0),
    ]


def test_staff_and_receptions() -> None:
    assert read("某局编制数12，实有人数10人，其中：在职9人，减少1人；退休1人，增加0人。") == [
        ("编制数", "count", None, 12.0),
        ("实有人数", "count", None, 10.0),
        ("在职人员", "count", None, 9.0),
        ("在职人员", "change", None, -1.0),
        ("退休人员", "count", None, 1.0),
        ("退休人员", "change", None, 0.0),
    ]
    assert read("单位全年安排的国内公务接待4批次，31人次。") == [
        ("国内公务接待", "count", "executed", 4.0),
        ("国内公务接待", "count", "executed", 31.0),
    ]


def test_project_with_its_allocation() -> None:
    lines = (
        "（一）项目名称：某平台运行维护",
        "预算安排规模：9.50万元",
        "资金分配情况：办公费1.50万元，委托服务费8.00万元，每季度20000元。",
    )
    assert read(*lines, kind="budget") == [
        ("某平台运行维护", "amount", "approved", 95000.0),
        ("办公费", "amount", "approved", 15000.0),
        ("委托服务费", "amount", "approved", 80000.0),
    ]


def test_sentence_over_a_page_break() -> None:
    head, size = "某局2031年度部门决算", 12.0

    def page(number: int, *texts: str) -> Page:
        lines = [Line(head, Box(200, 40, 400, 52), size)]
        lines += [Line(text, Box(70, 80 + 20 * row, 520, 92 + 20 * row), size) for row, text in enumerate(texts)]
        return Page(number, (*lines, Line(f"- {number} -", Box(290, 780, 310, 790), size)), 595.0, 842.0)

    pages = [
        page(1, "本部门各项收支均已纳入决算管理，", "2031年度机关运行经费支出5."),
        page(2, "60万元，比上年增", "加0.60万元，增长12.00%。"),
        page(3, "以上情况特此说明，请予监督。", "本部门没有其他需要说明的事项。"),
    ]
    kept = without_furniture(pages, heads_table)
    rows = read_statements(kept, kind="final_account", fiscal_year=2031, entity="某局", names=[])
    assert [(row["subject"], row["measure"], row["value"], row["page"]) for row in rows] == [
        ("机关运行经费", "amount", 56000.0, 1),
        ("机关运行经费", "change", 6000.0, 2),
        ("机关运行经费", "change_rate", 0.12, 2),
    ]


def test_sections_contents_and_glossary() -> None:
    lines = (
        "目 录",
        "一、收入决算情况说明",
        "第二部分 情况说明",
        "四、收入决算情况说明",
        "本年收入5.00万元。",
        "第三部分 名词解释",
        "一、基本支出：指基本支出6.00万元。",
    )
    rows = read_statements(pages_of(*lines), kind="final_account", fiscal_year=2031, entity=None, names=[])
    assert [(row["section"], row["subject"], row["value"]) for row in rows] == [("四", "本年收入", 50000.0)]


def test_comparison_of_a_whole_list() -> None:
    text = "“三公”经费预算9.00万元，其中：公务接待费1.00万元，公务用车运行维护费8.00万元，均与上年持平。"
    assert read(text, kind="budget")[3:] == [
        ("公务接待费", "change", "approved", 0.0),
        ("公务用车运行费", "change", "approved", 0.0),
    ]


def test_changes_in_a_numbered_list() -> None:
    lines = (
        "（三）增减变化情况：2031年收支预算30.00万元，比上年减少4.00万元，其中：",
        "1.收入预算减少4.00万元，其中一般公共预算收入减少3.00万元，使用非财政拨款结余减少1.00万元。",
        "2.支出预算减少4.00万元，其中基本支出增加2.00万元，项目支出减少6.00万元。",
        "（四）机关运行经费减少1.00万元。",
    )
    assert [row[:2] + row[3:] for row in read(*lines, kind="budget")] == [
        ("收支总预算", "amount", 300000.0),
        ("收支总预算", "change", -40000.0),
        ("收入预算", "change", -40000.0),
        ("一般公共预算收入", "change", -30000.0),
        ("使用非财政拨款结余", "change", -10000.0),
        ("支出预算", "change", -40000.0),
        ("基本支出", "change", 20000.0),
        ("项目支出", "change", -60000.0),
    ]


def test_an_expenditure_without_item_is_not_that_of_the_income_before() -> None:
    text = "收入预算9.00万元，比上年预算增加1.00万元；支出预算8.00万元，比上年预算减少2.00万元。"
    assert [row[:2] for row in read(text, kind="budget")] == [
        ("收入预算", "amount"),
        ("收入预算", "change"),
        ("支出预算", "amount"),
        ("支出预算", "change"),
    ]
    assert read("财政拨款收入年初预算数9.00万元，支出决算数8.00万元。") == [
        ("财政拨款收入", "amount", "approved", 90000.0)
    ]


def test_totals_of_a_fund_are_not_those_of_the_whole() -> None:
    text = "2031年度政府性基金预算财政拨款年初结转和结余1.00万元，本年收入2.00万元，本年支出2.50万元。本年收入9万元。"
    assert [row[0] for row in read(text)] == [
        "政府性基金预算财政拨款年初结转和结余",
        "政府性基金预算财政拨款本年收入",
        "政府性基金预算财政拨款本年支出",
        "本年收入",
    ]
    below = (
        "八、政府性基金预算财政拨款收入支出决算情况说明",
        "本年收入2万元。",
        "九、收入决算情况说明",
        "本年收入9万元。",
    )
    assert [row[0] for row in read(*below)] == ["政府性基金预算财政拨款本年收入", "本年收入"]


def test_balances_of_assets() -> None:
    text = (
        "2031年初，流动资产总额为7.00万元，年末总额为9.00万元，较年初流动资产增加2.00万元，增长28.57%。"
        "固定资产原值30.00万元。"
    )
    assert read(text) == [
        ("年初流动资产", "amount", None, 70000.0),
        ("年末流动资产", "amount", None, 90000.0),
        ("流动资产", "change", None, 20000.0),
        ("流动资产", "change_rate", None, pytest.approx(0.2857)),
        ("固定资产", "amount", None, 300000.0),
    ]


def test_adjusted_budget() -> None:
    text = (
        "某局预算调整后总额9.00万元，其中年初预算金额8.00万元，调整预算金额1.00万元。基本支出年初预算总额6.00万元。"
        "调整预算金额+1.00万元（含：人员经费调整+1.50万元，公用经费调整-0.50万元）；实际支出7.00万元。"
    )
    assert read(text)[2:] == [
        ("预算总额", "change", "revised", 10000.0),
        ("基本支出", "amount", "approved", 60000.0),
        ("基本支出", "change", "revised", 10000.0),
        ("人员经费", "change", "revised", 15000.0),
        ("公用经费", "change", "revised", -5000.0),
        ("基本支出", "amount", "executed", 70000.0),
    ]


def test_indicators() -> None:
    lines = (
        "“会议费变动率”指标：预期指标值为≤2%，实际完成指标值为1.50%，指标完成率为100.00%；",
        "“人均工资”指标：预期指标值为≤6.00万元/年，实际完成指标值5.10万元/年，指标完成率为85.00%；",
        "“办件数量”指标：预期指标值为≥30万件，实际完成指标值为31万件，指标完成率为103.33%；",
        "“提升满意度”指标：预期指标值为=持续提升，实际完成指标值为96.00%，指标完成率为100.00%；",
    )
    assert [row for row in read(*lines) if row[1] != "execution_rate"] == [
        ("会议费变动率", "change_rate", "approved", 0.02),
        ("会议费变动率", "change_rate", "executed", 0.015),
        ("人均工资", "amount", "approved", 60000.0),
        ("人均工资", "amount", "executed", 51000.0),
        ("办件数量", "count", "approved", 30.0),
        ("办件数量", "count", "executed", 31.0),
        ("提升满意度", "share", "executed", 0.96),
    ]


def test_units_and_offices() -> None:
    text = (
        "某局本级下设5个处室，分别是：办公室。本部门中，行政单位1家，事业单位2家。"
        "某局本级及下属1家事业单位的机关运行经费财政拨款预算8.00万元。"
    )
    assert [row[:2] + row[3:] for row in read(text, kind="budget")] == [
        ("处室", "count", 5.0),
        ("行政单位", "count", 1.0),
        ("事业单位", "count", 2.0),
        ("下属事业单位", "count", 1.0),
        ("机关运行经费", "amount", 80000.0),
    ]


def test_what_a_template_offers_instead_goes_on() -> None:
    text = (
        "2031年“三公”经费财政拨款预算比上年增加0万元，其中：因公出国（境）费增加0万元，主要原因是未安排预算；公务用车购置费为"
        "0万元，未安排预算。[或公务用车购置费增加0万元，主要原因是未安排预算]；公务接待费增加2.00万元。"
    )
    assert read(text, kind="budget")[3:] == [
        ("公务用车购置费", "change", "approved", 0.0),
        ("公务接待费", "change", "approved", 20000.0),
    ]


def test_funds_of_several_counts_belong_to_none() -> None:
    text = "一级项目7个、二级项目16个，共涉及资金50.00万元。"
    assert [row[:2] for row in read(text)] == [("一级项目", "count"), ("二级项目", "count")]
    assert read("2031年项目支出全面实施绩效目标管理，涉及预算资金50.00万元。", kind="budget") == [
        ("绩效目标管理资金", "amount", "approved", 500000.0)
    ]


def test_year_not_known() -> None:
    text = "2031年度本年收入80.00万元，比上年减少2.00万元，比2029年增加3.00万元。事业收入5.00万元。"
    rows = read_statements(pages_of(text), kind="budget", fiscal_year=None, entity=None, names=[])
    assert [(row["subject"], row["measure"], row["phase"], row["value"]) for row in rows] == [
        ("本年收入", "amount", None, 800000.0),
        ("本年收入", "change", None, -20000.0),
        ("事业收入", "amount", "approved", 50000.0),
    ]


def test_parts_have_the_phase_of_their_whole() -> None:
    text = "2031年支出年初预算为9.00万元，其中：基本支出6.00万元。本年支出8.00万元，其中：基本支出5.00万元。"
    assert [row[2:] for row in read(text) if row[0] == "基本支出"] == [("approved", 60000.0), ("executed", 50000.0)]
    text = "一般公共预算支出年初预算为9.00万元，其中：基本支出6.00万元。本年支出8.00万元，其中：基本支出5.00万元。"
    assert [row for row in read(text) if row[0] == "基本支出"] == [
        ("基本支出", "amount", "approved", 60000.0),
        ("基本支出", "amount", "executed", 50000.0),
    ]


def test_ordinals_within_a_paragraph() -> None:
    text = "教育支出（类）9万元，其中：1.普通教育（款）小学教育（项）6万元；（二）普通教育（款）初中教育（项）3万元。"
    assert [row[0] for row in read(text)] == ["教育支出", "小学教育", "初中教育"]
    assert codes_of("机关资本性支出（一）（503）9.00万元。") == [("机关资本性支出（一）", "503", "printed")]


def test_uses_are_no_items() -> None:
    assert read("项目支出4.00万元，主要用于房屋维修3.00万元、信息化建设1.00万元。") == [
        ("项目支出", "amount", "executed", 40000.0)
    ]


def test_totals_of_an_appropriation() -> None:
    text = "2031年度财政拨款收入总计9.00万元，支出总计8.00万元。支出总计7.00万元。"
    assert [row[0] for row in read(text)] == ["财政拨款收入总计", "财政拨款支出总计", "支出总计"]


def test_organisation_is_no_part_of_a_name() -> None:
    assert read("行政单位医疗科目2.00万元。") == [("行政单位医疗", "amount", "executed", 20000.0)]
    assert read("某街道行政单位养老5.00万元。") == []


def meant(*texts: str, kind: str = "budget", entity: str | None = "某市某局") -> list[tuple[Any, ...]]:
    """(subject, value, flow, fund, origin, nature, item, code) of the amounts of money in some lines."""
    rows = read_statements(pages_of(*texts), kind=kind, fiscal_year=2031, entity=entity, names=())
    names = ("subject", "value", "flow", "fund", "origin", "nature", "item", "code")
    return [tuple(row[name] for name in names) for row in rows if row["measure"] == "amount"]


GENERAL = "general_public_budget"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一般公共预算财政拨款基本支出3.00万元。", ("expenditure", GENERAL, "all", "basic", None)),
        ("收入总计3.00万元。", ("sources", "all", "all", None, None)),
        ("支出总计3.00万元。", ("uses", "all", "all", "all", None)),
        ("本年收入合计3.00万元。", ("income", "all", "current", None, None)),
        ("年初结转和结余3.00万元。", ("opening_balance", "all", "carried_forward", None, None)),
        ("年末结转和结余3.00万元。", ("closing_balance", "all", "all", None, None)),
        ("收入预算9.00万元，其中：上年结转3.00万元。", ("opening_balance", "all", "carried_forward", None, None)),
        ("一般公共预算当年拨款3.00万元。", ("expenditure", GENERAL, "current", "all", None)),
        ("支出预算9.00万元，其中：一般公共预算3.00万元。", ("expenditure", GENERAL, "all", "all", None)),
        ("收入预算9.00万元，其中：事业收入3.00万元。", ("income", "institutional_income", "current", None, None)),
        ("财政拨款“三公”经费3.00万元。", ("expenditure", "fiscal_appropriation", "all", "all", "three_public")),
        ("政府采购预算9.00万元，其中：货物类3.00万元。", ("expenditure", "all", "all", "all", "goods")),
        ("重点项目支出3.00万元。", (None, None, None, None, None)),
        ("截至2030年12月31日，固定资产总额3.00万元。", (None, None, None, None, None)),
        ("收入预算9.00万元，其中：财政专户管理事业收入3.00万元。", (None, None, None, None, None)),
    ],
)
def test_coordinates_of_items(text: str, expected: tuple[Any, ...]) -> None:
    assert meant(text)[-1][2:7] == expected


def test_income_of_a_budget_is_of_this_year_only_where_it_is_told_apart() -> None:
    assert meant("收入预算9.00万元，其中：一般公共预算拨款收入9.00万元。")[-1][4] == "all"
    assert meant("收入预算9.00万元，其中：一般公共预算拨款收入8.00万元，上年结转1.00万元。")[1][4] == "current"
    assert meant("一般公共预算财政拨款收入9.00万元。", kind="final_account")[-1][4] == "current"


def test_a_class_is_of_the_amount_that_it_is_listed_under() -> None:
    lines = (
        "五、一般公共预算支出情况说明",
        "教育支出（类）普通教育（款）小学教育（项）2.00万元。",
        "六、一般公共预算基本支出情况说明",
        "人员经费1.00万元，主要包括：基本工资0.50万元。",
        "七、其他情况说明",
        "教育支出（类）普通教育（款）小学教育（项）4.00万元。",
        "财政拨款支出主要内容如下：",
        "1.教育支出（类）普通教育（款）小学教育（项）3.00万元。",
    )
    assert [(row[1], row[3], row[5], row[7]) for row in meant(*lines)] == [
        (20000.0, GENERAL, "all", "2050202"),
        (10000.0, GENERAL, "personnel", None),
        (5000.0, GENERAL, "personnel", "30101"),
        (40000.0, "all", "all", "2050202"),
        (30000.0, "fiscal_appropriation", "all", "2050202"),
    ]


def test_the_fund_of_the_whole_is_that_of_its_parts() -> None:
    text = "一般公共预算“三公”经费3.00万元，比上年增加1.00万元，增加的主要原因是业务增加。其中：公务接待费1.00万元。"
    assert [row[3] for row in meant(text)] == [GENERAL, GENERAL]
    text = "政府采购预算9.00万元：货物类4.00万元；其中一般公共预算拨款政府采购5.00万元：政府采购货物预算3.00万元。"
    assert [row[3] for row in meant(text)] == ["all", "all", GENERAL, GENERAL]


def test_parts_of_what_has_no_coordinates_have_none() -> None:
    text = "项目支出全面实施绩效目标管理，涉及预算资金9.00万元，其中财政拨款8.00万元。"
    assert [row[2] for row in meant(text)] == [None, None]
    text = "机关运行经费预算9.00万元，其中：办公费1.00万元，公务接待费2.00万元。"
    assert meant(text)[0][6] == "agency_operation"
    assert {row[2] for row in meant(text) if row[7]} <= {None}


def test_money_of_another_unit() -> None:
    def units(*texts: str, entity: str = "某市某局") -> list[str]:
        rows = read_statements(pages_of(*texts), kind="budget", fiscal_year=2031, entity=entity, names=())
        return [row["entity"] for row in rows]

    assert units("某市某局2031年支出预算9.00万元，某局支出预算9.00万元，本单位支出预算9.00万元。") == ["某市某局"] * 3
    assert units("某市某服务中心2031年支出预算9.00万元，其中：基本支出8.00万元。") == ["某市某服务中心"] * 2
    assert units("一、某市某服务中心", "支出预算9.00万元。", "二、某市某局", "支出预算9.00万元。") == [
        "某市某服务中心", "某市某局",
    ]  # fmt: skip
    assert units("行政事业单位养老支出9.00万元。") == ["某市某局"]


def test_sections_of_another_year() -> None:
    lines = ("一、2030年部门决算情况", "本年收入9.00万元。", "二、2031年部门预算情况", "本年收入8.00万元。")
    assert [row[2:] for row in read(*lines, kind="budget")] == [("2030 executed", 90000.0), ("approved", 80000.0)]
    assert read("2030年决算收入总计9.00万元。", kind="budget")[0][2] == "2030 executed"


def test_two_years_side_by_side() -> None:
    text = "行政运行2030年决算数5.00万元，2031年预算数6.00万元，增加1.00万元，增长20.00%。"
    assert read(text, kind="budget") == [
        ("行政运行", "amount", "2030 executed", 50000.0),
        ("行政运行", "amount", "approved", 60000.0),
        ("行政运行", "change", "approved", 10000.0),
        ("行政运行", "change_rate", "approved", 0.2),
    ]
    text = "行政运行60.00万元，上年：50.00万元。上年公务接待费决算数3.00万元，本年预算2.00万元。"
    assert [row[2] for row in read(text, kind="budget")] == ["approved", "2030", "2030 executed", "approved"]


def test_a_change_behind_an_enumeration_is_nobodys() -> None:
    text = "公用经费9.00万元，其中：办公费3.00万元、印刷费6.00万元，比上年增加1.00万元，增长5.00%。"
    assert [row[1] for row in read(text)] == ["amount"] * 3
    text = "公用经费9.00万元，其中：办公费3.00万元，比上年增加1.00万元；印刷费6.00万元，比上年增加1.00万元。"
    assert [row[1] for row in read(text)] == ["amount", "amount", "change", "amount", "change"]


def test_a_change_behind_a_list_is_that_of_the_whole() -> None:
    text = "支出预算9.00万元，其中：教育支出3.00万元，卫生健康支出6.00万元。比上年增加1.00万元。"
    assert read(text, kind="budget")[-1] == ("支出预算", "change", "approved", 10000.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公共安全支出（204类）司法（06款）信息化建设（13项）2031年当年预算数为3.00万元", ("信息化建设", "2040613")),
        ("（2010301）行政运行3.00万元", ("行政运行", "2010301")),
        ("小学教育（2050202），2031年度决算数为3.00万元", ("小学教育", "2050202")),
        ("具体支出情况如下：1.公共安全（类）支出3.00万元", ("公共安全", "204")),
        ("区本级2031年“三公”经费支出预算为3.00万元", ("“三公”经费", None)),
        ("（三）机关运行经费情况2031年机关运行经费支出3.00万元", ("机关运行经费", None)),
        ("“三公”经费9.00万元，其中公务接待3.00万元", ("公务接待费", None)),
        ("1.某服务9.00万元，主要包括：甲服务6.00万元，用于接待；乙服务3.00万元", ("乙服务", None)),
        ("政府采购预算9.00万元，其中：一般公共预算拨款政府采购3.00万元", ("政府采购支出总额", None)),
    ],
)
def test_wordings_of_an_amount(text: str, expected: tuple[str, str | None]) -> None:
    last = read_statements(pages_of(text), kind="budget", fiscal_year=2031, entity=None, names=())[-1]
    assert (last["subject"], last["code"], last["value"]) == (*expected, 30000.0)


def test_nothing_may_be_printed_as_a_bare_zero() -> None:
    assert read("公务接待费预算为0；会议费预算为0，与上年持平。", kind="budget") == [
        ("公务接待费", "amount", "approved", 0.0),
        ("会议费", "amount", "approved", 0.0),
        ("会议费", "change", "approved", 0.0),
    ]


def test_template_words_for_either_direction_state_only_nothing() -> None:
    assert read("公务接待费0万元，较上年增加（减少）0万元。")[-1] == ("公务接待费", "change", "executed", 0.0)
    assert [row[1] for row in read("公务接待费1.00万元，较上年增加（减少）2.00万元。")] == ["amount"]


def test_a_figure_cut_from_its_unit() -> None:
    texts = (("某局文字说明。", 70.0), ("某局本年支出5.00万", 70.0), ("元，比上年持平。", 90.0))
    lines = tuple(Line(text, Box(x, 20.0 * k, 500, 20.0 * k + 12), 10.0) for k, (text, x) in enumerate(texts))
    rows = read_statements([Page(1, lines)], kind="budget", fiscal_year=2031, entity=None, names=())
    assert [row["printed"] for row in rows] == ["5.00万元", "持平"]


def test_contact_persons_are_in_no_sentence() -> None:
    rows = read_statements(
        pages_of("本年收入3.00万元，联系人：张某某，联系电话：0991-1234567。"),
        kind="budget", fiscal_year=2031, entity=None, names=(),
    )  # fmt: skip
    assert [row["sentence"] for row in rows] == ["本年收入3.00万元，，。"]


@pytest.mark.parametrize(
    "text",
    ["1" * 200_000 + "万元", "\t" * 200_000, "1." * 100_000, "一、" * 70_000, "的" * 200_000, "局" * 200_000 + "5万元",
     "比上年" * 60_000 + "增加5万元", "（" * 200_000, "基本支出5万元、" * 5_000, "基本支出5万元）" * 5_000],
    ids=range(10),
)  # fmt: skip
def test_hostile_texts_cost_no_more_than_their_length(text: str) -> None:
    started = time.process_time()
    rows = read_statements(pages_of(text), kind="budget", fiscal_year=2031, entity="某局", names=())
    assert time.process_time() - started < 10
    assert all(len(row["sentence"]) <= 2100 for row in rows)


FEN = st.integers(min_value=0, max_value=10**9).map(lambda units: f"{units / 100:,.2f}")
ITEMS = ("行政运行", "信息化建设", "财政委托业务支出", "一般行政管理事务", "其他财政事务支出")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ITEMS), FEN, FEN, FEN), min_size=1, max_size=6), st.integers(9, 60))
def test_paragraphs_of_random_figures_read_back_equal(data: list[tuple[str, str, str, str]], width: int) -> None:
    text = "".join(
        f"{number}.一般公共服务支出（类）财政事务（款）{item}（项）。年初预算为{approved}万元，支出决算为{executed}万元，"
        f"完成年初预算的{rate}%。决算数小于预算数的主要原因是项目支出减少{rate}万元。\n"
        for number, (item, approved, executed, rate) in enumerate(data, 1)
    )
    # lines as wide as a page, wrapped in the middle of words and figures
    lines = [line[start : start + width] for line in text.split("\n") for start in range(0, len(line), width)]
    starts = {line[:width] for line in text.split("\n")}
    placed = tuple(Line(line, Box(90.0 if line in starts else 70.0, 0, 500, 12), 10.0) for line in lines)
    rows = read_statements([Page(1, placed)], kind="final_account", fiscal_year=2031, entity=None, names=[])
    expected = [
        (item, measure, phase, printed)
        for item, approved, executed, rate in data
        for measure, phase, printed in (
            ("amount", "approved", f"{approved}万元"),
            ("amount", "executed", f"{executed}万元"),
            ("execution_rate", "executed", f"{rate}%"),
        )
    ]
    assert [(row["subject"], row["measure"], row["phase"], row["printed"]) for row in rows] == expected


def seed_pages(path: Path) -> tuple[Page, ...]:
    """A seed as the reader of texts sees it."""
    return open_source(path.read_bytes(), path.name, "auto").pages


#: seed: kind, year, entity
SEEDS = {
    "000": ("final_account", 2020, "乌鲁木齐市政务服务中心"),
    "001": ("final_account", 2020, "乌鲁木齐市水磨沟区政府办公室"),
    "002": ("final_account", 2022, "新疆巴州库尔勒市行政服务中心"),
    "003": ("budget", 2024, "乌鲁木齐市政务服务管理局"),
    "004": ("budget", 2020, "乌鲁木齐高新技术产业开发区（乌鲁木齐市新市区）政务服务管理局"),
}
#: names that the seeds' tables print for classes which two classifications share
CLASSES = [
    ("economic_department", "301", "工资福利支出"),
    ("economic_department", "302", "商品和服务支出"),
    ("economic_department", "303", "对个人和家庭的补助"),
]


@needs_shared
@pytest.mark.parametrize("seed", sorted(SEEDS))
def test_seed(seed: str) -> None:
    kind, year, entity = SEEDS[seed]
    path = next((SHARED / "seeds").glob(f"{seed}_*.txt"))
    rows = read_statements(seed_pages(path), kind=kind, fiscal_year=year, entity=entity, names=CLASSES)
    keys = ("subject", "code", "measure", "year", "phase", "unit", "printed")
    found = Counter((*(str(row[key] or "") for key in keys), round(row["value"], 6)) for row in rows)
    with (GOLDEN / f"prose_{seed}.csv").open(encoding="utf-8", newline="") as file:
        golden = Counter((*(row[key] for key in keys), round(float(row["value"]), 6)) for row in csv.DictReader(file))
    assert found - golden == Counter()
    assert (found & golden).total() >= 0.97 * golden.total()


@needs_shared
def test_items_of_a_shanghai_final_account() -> None:
    from budgetkit.readers.pdf.pages import read_pdf

    name = "putuo_final_2024_finance"
    source = read_pdf((SHARED / "corpus" / f"{name}.pdf").read_bytes(), name)
    rows = read_statements(source.pages, kind="final_account", fiscal_year=2024, entity=None, names=[])
    items: dict[str, list[float]] = {}
    for row in rows:
        if row["section"] == "五" and row["page"] == 22:
            assert row["measure"] == "amount"
            items.setdefault(row["code"], []).append(round(row["value"] / 10000, 2))
    assert items == {
        "2010601": [1560.05, 1511.89],
        "2010602": [10.0, 10.0],
        "2010607": [135.9, 135.25],
        "2010608": [450.52, 449.52],
        "2080501": [85.55, 84.65],
        "2080505": [161.62, 160.75],
        "2080506": [80.81, 80.38],
        "2080599": [0.94, 0.94],
        "2101101": [62.29, 60.99],
        "2210201": [187.75, 187.19],
        "2210203": [258.5, 258.5],
    }
    total = [row for row in rows if row["subject"] == "一般公共预算财政拨款支出" and row["section"] == "五"]
    assert [(row["measure"], row["phase"], row["printed"]) for row in total][-3:] == [
        ("amount", "approved", "2993.92万元"),
        ("amount", "executed", "2940.05万元"),
        ("execution_rate", "executed", "98.20%"),
    ]


@pytest.mark.parametrize(
    ("texts", "kind", "expected"),
    [
        # the item again in the base, a base printed as an amount, and single words of direction
        (
            ("公务接待费2.00万元。较2030年度公务接待费决算3.00万元减少1.00万元。",),
            "final_account",
            [("amount", "executed", 20000.0), ("amount", "2030 executed", 30000.0), ("change", "executed", -10000.0)],
        ),
        (
            ("会议费预算较上年增1.00万元，增幅5.00%；培训费预算同口径比2030年少2.00万元。",),
            "budget",
            [("change", "approved", 10000.0), ("change_rate", "approved", 0.05), ("change", "approved", -20000.0)],
        ),
        # against its own budget, by its year, as an amount, and as larger or smaller
        (
            ("公务接待费支出2.00万元，与2031年度预算相比，减少0.50万元，下降20.00%。",),
            "final_account",
            [
                ("amount", "executed", 20000.0),
                ("difference", "executed", -5000.0),
                ("difference_rate", "executed", -0.2),
            ],
        ),
        (
            ("公务接待费支出决算数比年初预算数2.50万元减少0.50万元；会议费决算数大于预算数1.00万元。",),
            "final_account",
            [("amount", "approved", 25000.0), ("difference", "executed", -5000.0), ("difference", "executed", 10000.0)],
        ),
        # what was spent against what had been planned the year before is no change; about equal is none either
        (("公务接待费决算2.00万元，比上年预算数下降20.00%。",), "final_account", [("amount", "executed", 20000.0)]),
        (
            ("公务接待费预算2.00万元，与上年基本持平，其中：国内接待费1.00万元。",),
            "budget",
            [("amount", "approved", 20000.0), ("amount", "approved", 10000.0)],
        ),
        # changes of parts, behind their amounts and brackets
        (
            (
                "“三公”经费预算9.00万元，较2030年的10.00万元减少1.00万元。其中：公务接待费3.00万元，减少0.50万元；公车费用6.00万元（"
                "其中：公车运行费用6.00万元），减少0.50万元。",
            ),
            "budget",
            [
                ("amount", "approved", 90000.0),
                ("amount", "2030", 100000.0),
                ("change", "approved", -10000.0),
                ("amount", "approved", 30000.0),
                ("change", "approved", -5000.0),
                ("amount", "approved", 60000.0),
                ("amount", "approved", 60000.0),
                ("change", "approved", -5000.0),
            ],
        ),
    ],
)
def test_comparisons(texts: tuple[str, ...], kind: str, expected: list[tuple[Any, ...]]) -> None:
    assert [(measure, phase, value) for _, measure, phase, value in read(*texts, kind=kind)] == [
        (measure, phase, pytest.approx(value)) for measure, phase, value in expected
    ]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("2031年县财政年初预算安排政府采购资金共计8.00万元。", "政府采购支出总额"),
        ("行政单位（含参照公务员法管理的单位）和其他单位安排的2031年“三公”经费预算为8.00万元。", "“三公”经费"),
        ("2031年我局部门预算汇总“三公”经费公共预算财政拨款支出8.00万元。", "“三公”经费"),
        ("2031年货物类政府采购预算金额8.00万元。", "政府采购货物支出"),
        ("2031年公务车辆购置经费预算8.00万元。", "公务用车购置费"),
        ("2031年本单位收入为8.00万元。", "收入"),
    ],
)
def test_items_behind_modifiers(text: str, subject: str) -> None:
    assert read(text, kind="budget") == [(subject, "amount", "approved", 80000.0)]


@pytest.mark.parametrize(
    "text", ["2031年节约“三公”经费8.00万元。", "2031年未使用公务接待费8.00万元。", "事业单位收入8.00万元。"]
)
def test_modifiers_that_make_another_amount(text: str) -> None:
    assert read(text, kind="budget") == []


def test_a_change_is_of_the_amount_that_its_rate_fits() -> None:
    text = "2031年度收入总计100.00万元，其中年初结转和结余30.00万元，较2030年增加10.00万元，增长11.11%。"
    assert [row[:2] for row in read(text)][2:] == [("收入总计", "change"), ("收入总计", "change_rate")]
    text = "2031年度收入总计100.00万元，其中年初结转和结余30.00万元，较2030年增加10.00万元，增长50.00%。"
    assert [row[:2] for row in read(text)][2:] == [("年初结转和结余", "change"), ("年初结转和结余", "change_rate")]
    # one percent off is no rounding
    text = "2031年度收入总计100.00万元，其中年初结转和结余30.00万元，较2030年增加10.00万元，增长12.11%。"
    assert [row[:2] for row in read(text)][2:] == [("年初结转和结余", "change"), ("年初结转和结余", "change_rate")]


def test_what_equals_its_budget_is_named_for_what_follows() -> None:
    text = "“三公”经费支出5.00万元。其中，公务接待费支出决算比预算无增减变化，比去年增加1.00万元。"
    assert read(text)[-1] == ("公务接待费", "change", "executed", 10000.0)


def test_a_part_is_no_larger_than_its_whole() -> None:
    texts = ("项目支出预算5.00万元。其中：", "教育支出类科目80.00万元，占90.00%。")
    rows = read_statements(pages_of(*texts), kind="budget", fiscal_year=2031, entity=None, names=[])
    assert [(row["subject"], row["nature"]) for row in rows] == [
        ("项目支出", "project"),
        ("教育支出", None),
        ("教育支出", None),
    ]


def test_a_line_that_ends_short_ends_its_paragraph() -> None:
    long = "主要用于日常办公，" * 6
    texts = ("1、公务接待费", f"2031年度支出决算1.00万元，{long}。", "2、会议费", f"2031年度支出决算2.00万元，{long}。")
    assert [row[0] for row in read(*texts)] == ["公务接待费", "会议费"]


def test_a_document_in_one_line_is_parted_before_its_headings() -> None:
    filling = "主要用于日常办公。" * 70
    parts = (
        f"一、概况 {filling}",
        "（一）收入决算情况说明 2 本年收入合计8.00万元。",
        "（二）支出情况说明 3 本年支出合计8.00万元。",
    )
    text = " ".join(parts)
    assert [row[0] for row in read(text)] == ["本年收入", "本年支出"]


def test_funds_of_a_procurement_are_its_parts() -> None:
    texts = ("（一）政府采购情况", "2031年政府采购预算8.00万元，其中：一般公共预算拨款5.00万元。")
    rows = read_statements(pages_of(*texts), kind="budget", fiscal_year=2031, entity=None, names=[])
    assert [(row["item"], row["flow"]) for row in rows] == [("procurement", "expenditure"), (None, None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2031年收入、支出总计分别为80.00万元、70.00万元。", [("收入总计", 800000.0), ("支出总计", 700000.0)]),
        (
            "政府采购支出总额9.00万元，其中，货物、工程、服务采购金额分别为5.00万元、3.00万元和1.00万元。",
            [
                ("政府采购支出总额", 90000.0),
                ("政府采购货物支出", 50000.0),
                ("政府采购工程支出", 30000.0),
                ("政府采购服务支出", 10000.0),
            ],
        ),
        ("2031年收入、支出总计分别为80.00万元。", []),
    ],
)
def test_figures_in_the_order_of_their_names(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(subject, value) for subject, _, _, value in read(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one each, in the order of the amounts before
        (
            "“三公”经费9.00万元，其中：因公出国（境）费1.00万元，公务用车购置及运行费6.00万元，公务接待费2.00万元。"
            "与2030年决算数相比，分别减少0.10万元、0.20万元、0.30万元。",
            [("因公出国（境）费", -1000.0), ("公务用车购置及运行费", -2000.0), ("公务接待费", -3000.0)],
        ),
        (
            "货物、工程、服务采购规模分别为5.00万元、3.00万元和2.00万元，占政府采购规模的50.0%、30.0%和20.0%。",
            [("政府采购货物支出", 0.5), ("政府采购工程支出", 0.3), ("政府采购服务支出", 0.2)],
        ),
        # not as many as amounts before
        ("人员经费5.00万元，公用经费3.00万元。与上年相比，分别减少0.10万元、0.20万元、0.30万元。", []),
    ],
)
def test_changes_and_shares_one_each(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(subject, value) for subject, measure, _, value in read(text) if measure != "amount"] == expected


def test_own_budget_within_a_rate() -> None:
    text = (
        "2031年公务接待费支出决算为4.00万元，完成预算5.00万元的80.0%；会议费支出决算为2.00万元，完成预算8.00万元的25%。"
    )
    assert read(text) == [
        ("公务接待费", "amount", "executed", 40000.0),
        ("公务接待费", "amount", "approved", 50000.0),
        ("公务接待费", "execution_rate", "executed", 0.8),
        ("会议费", "amount", "executed", 20000.0),
        ("会议费", "amount", "approved", 80000.0),
        ("会议费", "execution_rate", "executed", 0.25),
    ]
    # 完成预算5.00万元 alone may be what was spent
    assert read("公务接待费完成预算5.00万元。") == []


def test_what_an_own_budget_was_missed_by_has_the_sign_of_the_amounts() -> None:
    text = "公务接待费决算数2.00万元，年初预算数3.00万元，差值为1.00万元。"
    text += "会议费年初预算数2.00万元，决算数2.50万元，差额0.50万元。"
    assert [row[3] for row in read(text) if row[1] == "difference"] == [-10000.0, 5000.0]
    text = "政府采购预算90.00万元，实际采购金额81.00万元，节约资金9.00万元，节约率为10%。"
    assert [(row[1], row[3]) for row in read(text)][2:] == [("difference", -90000.0), ("difference_rate", -0.1)]
    assert read("公务接待费决算数2.00万元，差值为1.00万元。")[1:] == []


def test_parts_in_brackets_and_behind_the_whole_with_中() -> None:
    text = "基本支出90.00万元（人员经费80.00万元，公用经费10.00万元），"
    text += "项目支出30.00万元（基建类项目20.00万元，其他类项目10.00万元）。"
    rows = meant(text, kind="final_account")
    assert [row[5] for row in rows] == ["basic", "personnel", "public_use", "project", None, None]
    text = "2031年本年支出120.00万元中，财政拨款支出100.00万元。公务用车费中含公务用车购置费3.00万元。"
    assert [row[0] for row in read(text)] == ["本年支出", "财政拨款支出", "公务用车购置费"]


def test_what_a_list_is_called_in_brackets_and_the_last_name_of_one() -> None:
    text = "2031年某局因公出国（境）费、公务用车费、公务接待费（以下简称“三公”经费）支出合计9.00万元。"
    assert read(text) == [("“三公”经费", "amount", "executed", 90000.0)]
    # three items, and no name for all of them
    assert read("2031年某局因公出国（境）费、公务用车费、公务接待费支出合计9.00万元。") == []


def test_parts_of_a_year_are_not_the_year() -> None:
    text = "2031年第一季度，政府采购支出90.00万元。其中：货物30.00万元。"
    assert read(text) == []
    assert read("1-5月，财政拨款收入9.00万元。2031年财政拨款收入20.00万元。") == [
        ("财政拨款收入", "amount", "executed", 200000.0)
    ]


def test_other_years_hold_until_another_is_printed() -> None:
    text = "2030年“三公”经费预算10.00万元，实际执行8.00万元，其中：公务接待费3.00万元。2031年公务接待费预算9.00万元。"
    assert [(row[0], row[2]) for row in read(text, kind="budget")] == [
        ("“三公”经费", "2030 approved"),
        ("“三公”经费", "2030 executed"),
        ("公务接待费", "2030 executed"),
        ("公务接待费", "approved"),
    ]
    # not understood, and so neither is what follows without a year
    text = "2030年某局下达的某类资金9.00万元。其中，公务接待费3.00万元。公务接待费比上年增加1.00万元。"
    assert read(text, kind="budget") == []
    text = "2030年，某局“三公”经费预算5.00万元。全年实际开支“三公”经费4.00万元。"
    assert [row[2] for row in read(text, kind="budget")] == ["2030 approved", "2030 executed"]
    # the year that a heading compares with
    lines = ("（一）公务接待费与2030年预算持平。", "（二）会议费较2030年预算下降20%。")
    assert [row[2] for row in read(*lines, kind="budget")] == ["approved", "approved"]


def test_the_whole_behind_a_list_of_its_parts() -> None:
    text = (
        "2031年“三公”经费预算9.00万元，比2030年预算减少1.00万元，其中，公务接待费减少0.40万元，会议费减少0.60万元。"
        "比2030年执行数增加2.00万元。"
    )
    assert read(text, kind="budget")[-1] == ("“三公”经费", "change", "approved", 20000.0)


def test_two_amounts_of_the_whole_leave_its_parts_to_the_document() -> None:
    text = "“三公”经费支出9.00万元，年初预算为10.00万元。其中：公务接待费支出3.00万元，年初预算为4.00万元。"
    assert [row[2] for row in read(text)] == ["executed", "approved"] * 2


def test_an_item_in_front_of_what_is_said_of_it() -> None:
    text = "（一）收入预算，2031年年初预算数50.00万元，其中，一般公共预算拨款50.00万元。收入较上年增加了5.00万元。"
    assert [row[0] for row in read(text, kind="budget")] == ["收入预算", "一般公共预算拨款", "收入"]
    lines = ("（一）机关运行经费情况", "2031年预算数为8.00万元，比上年预算数增加1.00万元。")
    assert [row[0] for row in read(*lines, kind="budget")] == ["机关运行经费"] * 2
    assert read("2031年收入90.00万元，支出80.00万元。") == [
        ("收入", "amount", "executed", 900000.0),
        ("支出", "amount", "executed", 800000.0),
    ]


def test_items_that_only_the_terms_of_the_field_explain() -> None:
    rows = meant("一般预算财政拨款收入5.00万元。", kind="final_account")
    assert [row[2:5] for row in rows] == [("income", GENERAL, "current")]
    assert read("某局历年沉淀收入5.00万元。") == []
    # an item behind examples of it
    text = "基本支出9.00万元，其中：基本工资、津贴补贴等人员经费支出8.00万元，办公费、印刷费等公用经费1.00万元。"
    assert [row[0] for row in read(text)] == ["基本支出", "人员经费", "公用经费"]


def test_two_funds_named_together_are_what_holds_both() -> None:
    text = "2031年一般公共预算及政府性基金财政拨款“三公”经费支出决算中，公务接待费支出决算2.00万元。"
    assert meant(text, kind="final_account")[-1][3] == "fiscal_appropriation"


def test_a_total_of_this_year_is_a_total_and_its_kinds_are_not_the_whole_of_classes() -> None:
    lines = (
        "二、收支预算总表说明",
        "本年度预算总收入为90.00万元。",
        "本年度支出预算90.00万元。",
        "按支出项目类别：1、基本支出60.00万元；2、项目支出30.00万元。",
        "按支出功能分类科目：教育支出90.00万元。",
    )
    rows = meant(*lines, kind="budget")
    assert [(row[2], row[5]) for row in (rows[0], rows[-1])] == [("sources", None), ("expenditure", "all")]
    # a numbered item is the whole of the paragraphs below it
    lines = ("1.基本支出预算60.00万元，其中：", "工资福利支出预算50.00万元。", "商品和服务支出预算10.00万元。")
    assert [row[5] for row in meant(*lines, kind="budget")] == ["basic"] * 3


def test_parts_of_三公_keep_the_fund_of_the_whole_over_paragraphs() -> None:
    lines = (
        "2031年“三公”经费财政拨款安排9.00万元，其中：",
        "公务接待费3.00万元，比上年减少1.00万元。",
        "公务用车运行维护费6.00万元。",
    )
    assert {row[3] for row in meant(*lines, kind="budget")} == {"fiscal_appropriation"}


def test_kinds_of_vehicles_and_remarks_in_brackets() -> None:
    text = "单位共有公务用车3辆，其中：轿车1辆，旅行车（含商务车）0辆，越野车2辆。"
    assert [(row[0], row[3]) for row in read(text)][1:] == [("轿车", 1.0), ("旅行车（含商务车）", 0.0), ("越野车", 2.0)]
    text = "国内公务接待20批次，150人次（不包括陪同人员），共计支出1.50万元。"
    assert [(row[0], row[1], row[3]) for row in read(text)][2:] == [("国内公务接待", "amount", 15000.0)]


def test_codes_of_a_path_whose_class_has_no_name() -> None:
    text = "（204类）司法（06款）信息化建设（13项）5.00万元。"
    assert codes_of(text) == [("信息化建设", "2040613", "printed")]
    lines = ("公共安全支出（204类）司法（06款）信息化建设（13项）主要用于系统。年初预算为6.00万元。",)
    assert codes_of(*lines) == [("信息化建设", "2040613", "printed")]


def test_a_number_broken_off_before_its_line() -> None:
    text = (
        "2031年“三公”经费支出决算数比2030年度增加",
        "5.07万元，增长42.68%。本单位公务接待费支出决算比2030年度减少1.00万元。",
    )
    assert [row[:2] for row in read(*text)] == [
        ("“三公”经费", "change"),
        ("“三公”经费", "change_rate"),
        ("公务接待费", "change"),
    ]


def test_money_of_funds_behind_what_was_not_understood_is_no_income() -> None:
    text = "某类事项8个，涉及一般公共预算拨款5.00万元，政府性基金预算拨款0万元。"
    assert read(text, kind="budget") == []


def test_reduced_to_is_no_change() -> None:
    assert read("公务接待费支出决算减少为2.00万元。") == []
    assert [row[1] for row in read("公务接待费支出2.00万元，较上年减少0.50万元，减少率20%。")] == [
        "amount",
        "change",
        "change_rate",
    ]
    text = "支出预算总额较2030年增加支出5.00万元。"
    assert read(f"某小学2031年支出预算总额为9.00万元。{text}", kind="budget")[-1][1:3] == ("change", "approved")


def test_what_is_compared_with_leaves_the_phase_of_the_item() -> None:
    text = "财政拨款支出10.00万元，与年初预算9.00万元相比增加1.00万元，与上年8.00万元相比增加2.00万元，增长25%。"
    assert [(row[1], row[2]) for row in read(text)] == [
        ("amount", "executed"),
        ("amount", "approved"),
        ("difference", "executed"),
        ("amount", "2030"),
        ("change", "executed"),
        ("change_rate", "executed"),
    ]


def test_visits_behind_what_they_cost_and_states_at_the_end_of_another_year() -> None:
    text = "国内公务接待支出2.00万元，接待18批次，120人次。国（境）外公务接待支出0万元，接待0批次，0人次。"
    assert [(row[0], row[3]) for row in read(text) if row[1] == "count"] == [
        ("国内公务接待", 18.0),
        ("国内公务接待", 120.0),
        ("国（境）外公务接待", 0.0),
        ("国（境）外公务接待", 0.0),
    ]
    assert read("2030年期末，共有车辆4辆。", kind="budget") == [("车辆", "count", None, 4.0)]


def test_budgets_beside_what_was_spent_of_them() -> None:
    text = "2031年政府性基金预算80.00万元，决算数75.00万元。"
    assert [(row[0], row[2]) for row in read(text)] == [
        ("政府性基金预算", "approved"),
        ("政府性基金预算", "executed"),
    ]
    heading = "二、“三公”经费财政拨款支出与年初预算对比情况"
    text = "公务接待费支出2.00万元，年初预算为1.50万元，差值为0.50万元。"
    assert [(row[1], row[2], row[3]) for row in read(heading, text, kind="")] == [
        ("amount", "executed", 20000.0),
        ("amount", "approved", 15000.0),
        ("difference", "executed", 5000.0),
    ]


def test_totals_of_appropriations_and_what_a_budget_saved() -> None:
    text = "2031年财政拨款总收入50.00万元，比上年增加25%，财政拨款总支出50.00万元。"
    assert [(row[0], row[1]) for row in read(text, kind="budget")] == [
        ("财政拨款收入总计", "amount"),
        ("财政拨款收入总计", "change_rate"),
        ("财政拨款支出总计", "amount"),
    ]
    text = "公务用车购置及运维费80.00万元，比当年预算节省了5.00万元。"
    assert [(row[0], row[1], row[3]) for row in read(text)] == [
        ("公务用车购置及运行费", "amount", 800000.0),
        ("公务用车购置及运行费", "difference", -50000.0),
    ]


def test_a_whole_named_by_all_of_its_parts() -> None:
    text = "2031年因公出国（境）经费、公务用车购置及运行费、公务接待费支出6.00万元。其中，公务接待费2.00万元。"
    assert [(row[0], row[3]) for row in read(text)] == [("“三公”经费", 60000.0), ("公务接待费", 20000.0)]


def test_years_and_phases_of_headings_where_the_kind_tells_none() -> None:
    lines = (
        "一、2030年预算执行情况",
        "1.一般公共预算",
        "支出合计9.00万元。",
        "2.政府性基金预算执行情况",
        "收入合计8.00万元。",
    )
    assert [row[2] for row in read(*lines, kind="")] == ["2030 executed", "2030 executed"]
    lines = ("一、2031年预算收支决算情况", "一般公共预算支出总计9.00万元。", "二、2031年决算情况", "支出总计8.00万元。")
    assert [row[2] for row in read(*lines, kind="")] == [None, "executed"]
    # a final account has its own
    assert [row[2] for row in read("（一）支出预决算情况", "支出总计9.00万元。")] == ["executed"]


def test_the_budget_of_the_whole_year_is_a_revised_one() -> None:
    text = (
        "公务接待费决算数2.00万元，完成全年预算4.00万元的50.00%；会议费决算数1.00万元，完成年初预算2.00万元的50.00%。"
    )
    assert [row[2] for row in read(text) if row[1] == "amount"] == ["executed", "revised", "executed", "approved"]
    assert read("公务接待费决算数2.00万元，比全年预算4.00万元减少2.00万元。")[1][2] == "revised"


def test_an_item_before_its_stop_goes_on_behind_a_year() -> None:
    text = "（二）公务接待费。2031年预算支出2.00万元，比2030年预算减少1.00万元。"
    assert [row[0] for row in read(text, kind="budget")] == ["公务接待费", "公务接待费"]
    text = "收入预算9.00万元，2031年支出预算8.00万元。"
    assert [row[0] for row in read(text, kind="budget")] == ["收入预算", "支出预算"]


def test_words_between_what_is_compared_with_and_the_change() -> None:
    text = "1、公务接待费6.00万元比2030年5.00万元部门决算支出增加1.00万元。"
    assert [(row[0], row[1], row[3]) for row in read(text)] == [
        ("公务接待费", "amount", 60000.0),
        ("公务接待费", "amount", 50000.0),
        ("公务接待费", "change", 10000.0),
    ]
    assert read("公务接待费6.00万元会议费增加1.00万元。")[1:] == []


def test_a_comparison_goes_on_behind_the_reason_of_another() -> None:
    text = "“三公”经费决算数9.00万元，比年初预算减少3.00万元，减少的原因是厉行节约；"
    text += "比上年决算数10.00万元减少1.00万元，下降10.00%。"
    assert [(row[0], row[1], row[3]) for row in read(text)[2:]] == [
        ("“三公”经费", "amount", 100000.0),
        ("“三公”经费", "change", -10000.0),
        ("“三公”经费", "change_rate", -0.1),
    ]
    # of two items before, neither
    text = "会议费1.00万元，培训费2.00万元，减少的原因是厉行节约；比上年决算数减少1.00万元。"
    assert [row[1] for row in read(text)] == ["amount", "amount"]


def test_parts_of_an_income_that_the_terms_of_the_field_explain() -> None:
    text = "2031年预算收入9.00万元，其中：基金预算收入4.00万元，财政专户核拨收入3.00万元，其他来源收入2.00万元。"
    assert [row[2:4] for row in meant(text)][1:] == [
        ("income", "government_fund"), ("income", "special_account"), ("income", "other_income"),
    ]  # fmt: skip
    text = "事业收入5.00万元（含教育收费1.00万元）。"
    assert meant(text)[1][2:4] == ("income", "education_fees")
    # no part of an income, and words that no term knows
    assert meant("支出预算9.00万元，其中：财政专户核拨4.00万元。")[1][2:4] == (None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("教育类支出：安排5.00万元。", ("教育支出", "205")),
        ("人员经费：列支5.00万元。", ("人员经费", None)),
        ("2031年用于保障某局机关等机构正常运转的日常支出5.00万元。", ("基本支出", None)),
        ("2031年用于保障某局机构为完成特定任务，用于专项业务工作的经费支出5.00万元。", ("项目支出", None)),
        ("某局政府采购项目纳入2031年部门预算共计5.00万元。", ("政府采购支出总额", None)),
        ("收入5.00万元，用事业基金弥补收支差额5.00万元。", ("使用非财政拨款结余", None)),
        ("收入合计5.00万元，其中：其他各项收入5.00万元。", ("其他收入", None)),
    ],
)
def test_further_wordings_of_items(text: str, expected: tuple[str, str | None]) -> None:
    row = meant(text, entity="某局")[-1]
    assert (row[0], row[1], row[7]) == (expected[0], 50000.0, expected[1])


def test_a_kind_of_projects_is_no_class() -> None:
    assert [row[7] for row in meant("项目支出30.00万元（基建类项目20.00万元，其他类项目10.00万元）。")] == [None] * 3


def test_names_with_the_signs_that_part_them() -> None:
    text = "因公出国（境）费与公务用车购置及运行维护费分别为1.00万元和2.00万元。"
    assert [(row[0], row[3]) for row in read(text)] == [
        ("因公出国（境）费", 10000.0),
        ("公务用车购置及运行费", 20000.0),
    ]


def test_the_full_name_of_the_publisher_s_place() -> None:
    def units(text: str) -> list[str]:
        rows = read_statements(pages_of(text), kind="budget", fiscal_year=2031, entity="某县水利局", names=())
        return [row["entity"] for row in rows]

    assert units("某某族某族自治县水利局支出预算9.00万元。") == ["某县水利局"]
    assert units("某县某区水利局支出预算9.00万元。") == ["某县某区水利局"]


def test_figures_of_a_part_of_a_year_however_it_is_named() -> None:
    assert read("2031年一季度全市政府采购规模为9.00万元，其中，货物采购规模为5.00万元。", kind="") == []
    assert read("2031年1-9月，“三公”经费支出9.00万元，比上年同期减少1.00万元。") == []
    assert read("一、2031年三季度“三公”经费支出情况", "“三公”经费支出9.00万元。", "公务接待费1.00万元。") == []
    assert read("2031年1-12月，“三公”经费支出9.00万元。")[0][3] == 90000.0
    assert read("第一季度用款计划9.00万元。", kind="budget")[0][0] == "第一季度用款计划"


def test_what_is_left_out_makes_another_change() -> None:
    text = "“三公”经费预算9.00万元，比上年增加1.00万元。剔除公务用车购置费，“三公”经费预算同比下降3.00%。"
    assert [row[1] for row in read(text, kind="budget")] == ["amount", "change"]


def test_one_change_of_amounts_beside_each_other() -> None:
    text = "收入总计80.00万元、支出总计80.00万元，与2030年相比，各减少5.00万元，下降5.88%。"
    assert [(row[0], row[1], row[3]) for row in read(text)[2:]] == [
        ("收入总计", "change", -50000.0),
        ("支出总计", "change", -50000.0),
        ("收入总计", "change_rate", -0.0588),
        ("支出总计", "change_rate", -0.0588),
    ]
    # behind parts, only the last amount
    text = "收入总计80.00万元，其中事业收入8.00万元，支出总计80.00万元，与2030年相比，各减少5.00万元。"
    assert [row[0] for row in read(text) if row[1] == "change"] == ["支出总计"]


def test_domestic_receptions_are_a_part() -> None:
    text = "公务接待费5.00万元，其中：国内接待费3.00万元，国（境）外接待费2.00万元。"
    assert [(row[0], row[6]) for row in meant(text)] == [
        ("公务接待费", "reception"), ("国内接待费", None), ("国（境）外接待费", None),
    ]  # fmt: skip


def test_the_name_of_a_cause_has_no_words_before_it() -> None:
    text = "支出总计9.00万元，比上年减少2.00万元，主要是由于教育事业支出减少1.00万元，用于培训的支出减少1.00万元。"
    assert [row[0] for row in read(text)] == ["支出总计", "支出总计", "教育事业支出"]


def test_a_year_and_a_phase_behind_what_an_item_is_for() -> None:
    text = "“公务用车运行维护费”预算数5.00万元，主要是应急用车费用。"
    text += "2030年预算数6.00万元，2031年预算比2030年预算下降16.67%。"
    assert [(row[0], row[2], row[3]) for row in read(text, kind="budget")] == [
        ("公务用车运行费", "approved", 50000.0),
        ("公务用车运行费", "2030 approved", 60000.0),
        ("公务用车运行费", "approved", -0.1667),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "收支总预算9.00万元。预算收支安排8.00万元，较上年预算增加1.00万元。",
        "收支预算总数8.00万元，比2030年收支预算总数增加1.00万元。",
    ],
)
def test_further_names_of_the_whole(text: str) -> None:
    assert [row[0] for row in read(text, kind="budget")][-2:] == ["收支总预算"] * 2


@pytest.mark.parametrize(
    ("clause", "rates"),
    [
        # what a description says grows may be what the money is for
        ("主要用于日常办公，增长93.00%", []),
        ("主要用于日常办公，比上年增长93.00%", [("行政运行", "change_rate", "executed", 0.93)]),
        ("增长93.00%", [("行政运行", "change_rate", "executed", 0.93)]),
    ],
)
def test_a_description_is_left_by_words_that_compare(clause: str, rates: list[tuple[object, ...]]) -> None:
    found = read(f"行政运行支出决算为107.02万元，比上年增加51.57万元，{clause}。")
    assert [row for row in found if row[1] == "change_rate"] == rates
    assert found[0] == ("行政运行", "amount", "executed", 1070200.0)


def test_what_stands_beside_a_kind_of_expenditure_is_no_part_of_it() -> None:
    text = "支出分类：基本支出9.00万元，其中人员支出8.00万元，公用支出1.00万元；项目支出5.00万元；预备费2.00万元。"
    assert [(row[0], row[5]) for row in meant(text)] == [
        ("基本支出", "basic"),
        ("人员经费", "personnel"),
        ("公用经费", "public_use"),
        ("项目支出", "project"),
        ("预备费", "all"),
    ]
    lines = ("1、项目支出5.00万元，占支出预算的50.00%。", "2、预备费2.00万元。", "（1）教育支出1.00万元。")
    assert [row[5] for row in meant(*lines)] == ["project", "all", "all"]
    text = "项目支出9.00万元，其中：政府采购货物支出5.00万元，教育支出4.00万元。"
    assert [row[5] for row in meant(text)] == ["project", "all", "project"]
    lines = ("1、项目支出5.00万元。", "（1）教育支出1.00万元。")
    assert [row[5] for row in meant(*lines)] == ["project", "project"]
    assert [row[5] for row in meant("基本支出9.00万元，项目支出5.00万元。基本支出中：工资福利支出5.00万元。")][
        -1
    ] == "basic"


def test_a_part_is_not_what_it_is_a_part_of() -> None:
    text = "2031年财政拨款收支预算9.00万元。其中，本年预算收入8.00万元，上年结转1.00万元。"
    assert [row[0] for row in meant(text)] == ["财政拨款收支总预算", "本年收入", "上年结转"]
    text = "财政拨款收支预算9.00万元，其中：当年预算收入安排8.00万元。"
    assert [row[0] for row in meant(text)][1:] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "公务接待费2.40万元，占年初预算5.00万元的48.00%，比上年减少1.10万元。",
            [("amount", "executed"), ("amount", "approved"), ("execution_rate", "executed"), ("change", "executed")],
        ),
        ("公务接待费2.40万元，占年初预算的48.00%。", [("amount", "executed"), ("execution_rate", "executed")]),
        ("公务接待费2.40万元，占支出预算的48.00%。", [("amount", "executed"), ("share", "executed")]),
        (
            "公务接待费2.40万元，比年初预算（5.00万元）减少2.60万元，比2030年（3.00万元）减少0.60万元。",
            [
                ("amount", "executed"),
                ("amount", "approved"),
                ("difference", "executed"),
                ("amount", "2030"),
                ("change", "executed"),
            ],
        ),
        (
            "公务接待费2.40万元。与年初预算5.00万元相比，完成年初预算的48.00%。",
            [("amount", "executed"), ("amount", "approved"), ("execution_rate", "executed")],
        ),
    ],
)
def test_budgets_in_other_words(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(row[1], row[2]) for row in read(text)] == expected
    assert {row[0] for row in read(text)} == {"公务接待费"}


def test_names_of_classes_that_other_words_make_another_item() -> None:
    assert [row[0] for row in meant("机构运行5.00万元。")] == ["机构运行"]
    assert [row[0] for row in meant("本部门2031年度机构运行经费支出预算5.00万元。")] == ["机构运行经费支出"]


def test_further_totals_and_income_of_this_year() -> None:
    text = "2031年度部门决算收入总额9.00万元，支出总额8.00万元。"
    assert [row[:1] + row[2:3] for row in meant(text, kind="final_account")] == [
        ("收入总计", "sources"),
        ("支出总计", "uses"),
    ]
    text = "当年财政拨款收入9.00万元，其中：一般公共预算拨款收入9.00万元。"
    assert [row[4] for row in meant(text)] == ["current", "current"]
    text = "支出按功能分类主要用于教育支出5.00万元、科学技术支出4.00万元。"
    assert [row[7] for row in meant(text)] == ["205", "206"]
    text = "项目支出9.00万元。主要项目：某甲工程经费5.00万元，某乙工程经费4.00万元。"
    assert [row[0] for row in meant(text)][1:] == ["某甲工程经费", "某乙工程经费"]


def test_what_a_budget_plans_for_the_item_of_its_heading() -> None:
    lines = ("（二）公务接待费", "2031年安排2.00万元，主要用于检查。与上年相比减少1.00万元。")
    assert [(row[0], row[1], row[3]) for row in read(*lines, kind="budget")] == [
        ("公务接待费", "amount", 20000.0),
        ("公务接待费", "change", -10000.0),
    ]
    assert read(*lines, kind="final_account")[:1] == []
    text = "2031年预算共安排项目支出9.00万元，比2030年预算增加1.00万元。"
    assert [row[0] for row in read(text, kind="budget")] == ["项目支出", "项目支出"]
    assert read("2031年预算共安排某支出9.00万元。", kind="budget") == []


def test_a_change_behind_the_reason_of_a_missed_budget() -> None:
    text = "公务接待费支出预算为8.00万元，支出决算为5.00万元，决算数小于预算数的主要原因是节约，"
    text += "与上年相比减少1.00万元，减少16.67%。"
    assert [(row[0], row[1]) for row in read(text)[2:]] == [("公务接待费", "change"), ("公务接待费", "change_rate")]
    assert [row[1] for row in read("公务接待费5.00万元，主要原因是节约，与上年相比减少0.50万元。")] == ["amount"]
    # of a reason for a change it may be what moved
    text = "公务接待费5.00万元，比上年减少1.00万元，主要原因是节约，与上年相比减少0.50万元。"
    assert [row[1] for row in read(text)] == ["amount", "change"]


def test_a_change_of_the_only_item_of_its_paragraph_or_of_the_whole_of_the_one_before() -> None:
    text = "2.结余分配3.00万元。结余分配事项：提取某基金等。与上年相比，增加1.00万元。"
    assert [(row[0], row[1]) for row in read(text)] == [("结余分配", "amount"), ("结余分配", "change")]
    text = "2.结余分配3.00万元。年末结转和结余2.00万元。具体事项：某事等。与上年相比，增加1.00万元。"
    assert [row[1] for row in read(text)] == ["amount", "amount"]
    lines = (
        "2031年收入总计9.00万元，其中：事业收入2.00万元，其他收入7.00万元。",
        "与上年对比增加1.00万元，增长12.50%。",
    )
    assert [(row[0], row[1]) for row in read(*lines)[3:]] == [("收入总计", "change"), ("收入总计", "change_rate")]


def test_parts_by_fund_are_money_of_the_item() -> None:
    text = "“三公”经费支出9.00万元（其中：一般公共预算支出8.00万元；政府性基金预算支出1.00万元）。"
    assert [(row[3], row[6]) for row in meant(text)][1:] == [
        (GENERAL, "three_public"),
        ("government_fund", "three_public"),
    ]
    text = "1.一般公共预算财政拨款本年收入9.00万元，比上年增加1.00万元；本年支出8.00万元。"
    assert [row[2:4] for row in meant("（一）财政拨款收支情况", text)] == [
        ("income", GENERAL),
        ("expenditure", GENERAL),
    ]


def test_an_ordinal_in_brackets_with_a_sign_behind_it() -> None:
    rows = read("（1）、公务用车运行维护费7.00万元，较上年减少1.00万元（12.50%）。", kind="budget")
    assert [row[1] for row in rows] == ["amount", "change", "change_rate"]


def test_names_of_classes_that_a_part_of_another_bears_too() -> None:
    text = "按功能科目分：一般公共服务5.00万元，住房保障4.00万元，其他支出1.00万元。"
    assert [row[7] for row in meant(text)] == ["201", "221", "229"]


def test_the_fund_of_the_whole_reaches_parts_of_the_next_paragraph() -> None:
    lines = ("九、“三公”经费情况说明", "“三公”经费财政拨款支出4.00万元。", "其中，公务接待费1.00万元。")
    assert [row[3] for row in meant(*lines)] == ["fiscal_appropriation"] * 2


def test_what_was_saved_of_a_budget() -> None:
    text = "“三公”经费支出6.00万元，比预算数8.00万元节约2.00万元，比上年7.00万元下降14.29%。"
    assert [row[1] for row in read(text)] == ["amount", "amount", "difference", "amount", "change_rate"]
