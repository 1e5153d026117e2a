"""What whole documents of other wordings taught: what is no fault, and what else is one, told once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import budgetkit as bk

SUMMARY = [
    ["收入", "决算数", "支出", "决算数"],
    ["一、一般公共预算财政拨款收入", "900.00", "一、教育支出", "950.00"],
    ["二、事业收入", "100.00", "", ""],
    ["本年收入合计", "1,000.00", "本年支出合计", "950.00"],
    ["年初结转和结余", "30.00", "年末结转和结余", "80.00"],
    ["总计", "1,030.00", "总计", "1,030.00"],
]
THREE = [
    ["项目", "2023年预算数", "2024年预算数"],
    ["“三公”经费合计", "30.00", "26.00"],
    ["因公出国（境）费", "0.00", "0.00"],
    ["公务用车购置及运行费", "20.00", "18.00"],
    ["公务接待费", "10.00", "8.00"],
]
CODED = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["合计", "", "100.00", "70.00", "30.00"],
    ["205", "教育支出", "60.00", "40.00", "20.00"],
    ["20502", "普通教育", "60.00", "40.00", "20.00"],
    ["2050203", "初中教育", "60.00", "40.00", "20.00"],
    ["208", "社会保障和就业支出", "20.00", "20.00", ""],
    ["20805", "行政事业单位养老支出", "20.00", "20.00", ""],
    ["2080505", "机关事业单位基本养老保险缴费支出", "20.00", "20.00", ""],
    ["210", "卫生健康支出", "12.00", "2.00", "10.00"],
    ["21011", "行政事业单位医疗", "12.00", "2.00", "10.00"],
    ["2101102", "事业单位医疗", "12.00", "2.00", "10.00"],
    ["221", "住房保障支出", "8.00", "8.00", ""],
    ["22102", "住房改革支出", "8.00", "8.00", ""],
    ["2210201", "住房公积金", "8.00", "8.00", ""],
]


def fails(prose: str, *tables: tuple[str, Sequence[Sequence[str]]], title: str) -> list[tuple[str, str]]:
    """Rule and message of each fail of a document as HTML, in 万元."""
    rows = (
        f"<p>{name}</p><p>单位：万元</p><table>"
        + "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in listed)
        + "</table>"
        for name, listed in tables
    )
    paragraphs = "".join(f"<p>{text}</p>" for text in prose.splitlines() if text)
    html = f"<html><body><h1>{title}</h1>{paragraphs}{''.join(rows)}</body></html>"
    found = bk.check(bk.read(html.encode()))
    found = found[found["status"] == "fail"]
    return list(zip(found["rule"], found["message"], strict=True))


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("本年收入1000万元，其中：财政拨款收入900万元，事业收入100万元。", []),
        ("本年收入1000万元，其中：财政拨款收入900万元，事业收入160万元。", ["prose.cell"]),
        ("2022年，全区实现地区生产总值286.5亿元，一般公共预算收入18.6亿元，同比增长9.2%。", []),
        ("年初结转和结余42万元，因收回存量资金调减12万元，调整后为30万元。", []),
        ("年初结转和结余42万元，主要是项目跨年。", ["prose.cell"]),
        ("门诊收入56万元，住院收入44万元。", []),
    ],
)
def test_what_speaks_of_something_else_is_not_held_against_the_tables(said: str, rules: list[str]) -> None:
    prose = f"二、收入支出决算总体情况说明\n2022年度收入总计1030万元，支出总计1030万元。\n三、说明\n{said}"
    found = fails(prose, ("收入支出决算总表", SUMMARY), title="某市某学校2022年度部门决算")
    assert [rule for rule, _ in found] == rules


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("2024年“三公”经费预算比2023年预算减少4万元，主要是公务接待费减少2万元。", []),
        ("2024年“三公”经费预算比2023年预算减少9万元，主要是厉行节约。", ["prose.change"]),
        ("2024年“三公”经费预算比2023年预算增加4万元，主要是厉行节约。", ["prose.direction"]),
        ("2024年“三公”经费预算26万元，比2023年预算减少4万元，下降13.33%。", []),
        ("2024年“三公”经费预算26万元，比2023年预算减少4万元，下降13.93%。", ["prose.change_rate"]),
    ],
)
def test_a_change_is_that_of_the_two_years_that_a_table_prints(said: str, rules: list[str]) -> None:
    prose = f"三、“三公”经费预算情况说明\n{said}"
    found = fails(prose, ("2024年一般公共预算“三公”经费支出表", THREE), title="某市某局2024年部门预算")
    assert [rule for rule, _ in found] == rules


@pytest.mark.parametrize("apart", [False, True])
def test_one_amount_of_two_years_in_two_tables_may_have_a_wrong_year(apart: bool) -> None:
    rows = [["“三公”经费合计", "26.00"], ["公务用车购置及运行费", "18.00"], ["公务接待费", "8.00"]]
    single = [["项目", "预算数"], *rows]
    both = [["项目", "2023年预算数", "2024年预算数"], *([name, amount, amount] for name, amount in rows)]
    tables = [(f"{year}年一般公共预算“三公”经费支出表", single) for year in (2023, 2024)]
    tables = tables if apart else [("一般公共预算“三公”经费支出表", both)]
    prose = "三、“三公”经费预算情况说明\n2024年“三公”经费预算比2023年预算减少4万元，主要是厉行节约。"
    found = fails(prose, *tables, title="某市某局2024年部门预算")
    assert ("prose.change" in [rule for rule, _ in found]) is not apart


@pytest.mark.parametrize(("change", "rules"), [("30", []), ("300", ["prose.change_rate"])])
def test_a_change_of_the_totals_of_the_sentence_before(change: str, rules: list[str]) -> None:
    prose = (
        "一、收入支出决算总体情况说明\n2022年度收入总计1,030.00万元，支出总计1,030.00万元。"
        f"与上年相比，收、支总计各增加{change}.00万元，增长3.00%。"
    )
    found = fails(prose, ("收入支出决算总表", SUMMARY), title="某市某学校2022年度部门决算")
    assert [rule for rule, _ in found] == rules


def test_the_only_item_of_a_class_that_another_table_prints_is_left_out() -> None:
    whole = ("2024年部门支出总表", CODED)
    other = [row for row in CODED if row[0] != "2210201"]
    title = "某市某局2024年部门预算"
    assert fails("", whole, ("2024年一般公共预算支出表", CODED), title=title) == []
    found = fails("", whole, ("2024年一般公共预算支出表", other), title=title)
    assert [rule for rule, _ in found] == ["codes.left_out"]
    assert "2210201“住房公积金”8.00" in found[0][1]


@pytest.mark.parametrize(("share", "rules"), [("0.5%", []), ("5.5%", ["prose.share"])])
def test_a_share_beside_others_of_one_whole_is_of_that_whole(share: str, rules: list[str]) -> None:
    prose = (
        "二、支出情况说明\n2024年支出总计1000万元。\n三、支出情况说明\n"
        f"本年支出950万元，其中：基本支出760万元，占80%；项目支出185.25万元，占19.5%；经营支出4.75万元，占{share}。\n"
        "四、其他说明\n公用经费86.36万元，用于日常办公。"
    )
    assert [rule for rule, _ in fails(prose, title="某市某局2024年度部门决算")] == rules


def test_a_wrong_year_on_the_cover_is_one_fault() -> None:
    said = "".join(
        f"2024年本部门{item}预算26万元，用于日常工作。" for item in ("“三公”经费", "会议费", "培训费", "机关运行经费")
    )
    prose = f"第二部分 2024年部门预算情况说明\n一、2024年部门预算公开表\n2024年部门预算公开说明\n2024年部门预算\n{said}"
    tables = ("2024年一般公共预算“三公”经费支出表", THREE)
    found = fails(prose, tables, title="某市某局2023年部门预算公开")
    assert [rule for rule, _ in found] == ["text.year"]
    assert "2023年部门预算公开" in found[0][1]
    assert "应为2024年" in found[0][1]
