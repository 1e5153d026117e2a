"""Whose row it is and which class: cut names, classes like units, numbered labels, blank columns of last year."""

from __future__ import annotations

import pandas as pd
from grids import grid, page

from budgetkit.document.reading import disclose
from budgetkit.model import Page, Source
from budgetkit.tables.captions import read_caption


def facts_of(*tables: tuple[str, str]) -> pd.DataFrame:
    """The facts of a budget with these tables: title and drawing."""
    pages = [page("云州市民政局2026年部门预算")]
    for number, (title, drawing) in enumerate(tables, 2):
        pages.append(page(title, "单位：万元", grid(drawing, number), number=number))
    return disclose(Source("html", tuple(pages)), "case", None, "0").facts.set_index("printed")


UNITS = """
单位编码 | 单位名称 | 合计 | 一般公共预算 | 上年结转
| 合计 | 90.01 | 80.01 |
105001 | 云州市民政局 | 50.01 | 40.01 |
105002 | 云州市流浪乞讨人员救助管理中心 | 40.02 | 40.03 |
"""


def test_a_name_that_its_cell_cuts_is_known_by_its_number() -> None:
    cut = """
    单位代码 | 单位名称 | 项目名称 | 功能科目编码 | 金额
    105002 | 云州市流浪乞讨人员救助管理 | 车辆更新 | 2082002 | 7.01
    105001 | 云州市民政局机 | 档案整理 | 2080202 | 6.01
    """
    facts = facts_of(("收入预算总表", UNITS), ("项目支出预算表", cut))
    assert facts.loc["7.01", "entity"] == "云州市流浪乞讨人员救助管理中心"
    assert facts.loc["6.01", "entity"] == "云州市民政局（本级）"
    assert list(facts.loc[["7.01", "6.01"], "code"]) == ["2082002", "2080202"]


def test_a_blank_column_of_last_year_makes_the_total_one_of_both_years() -> None:
    facts = facts_of(("收入预算总表", UNITS))
    assert facts.loc["90.01", "origin"] == "all"
    assert facts.loc["80.01", "origin"] == "current"


def test_a_class_is_no_unit_though_its_name_is_like_one() -> None:
    rows = """
    科目编码 | 科目名称 | 合计
    210 | 卫生健康支出 | 30.01
    21002 | 公立医院 | 20.01
    2100213 | 优抚医院 | 10.01
     | 综合医院 | 10.02
    """
    facts = facts_of(("支出预算总表", rows))
    assert set(facts["entity"]) == {"云州市民政局"}


def test_numbered_labels_of_a_summary_are_the_top_of_its_tree() -> None:
    rows = """
    收入 | 预算数 | 支出 | 预算数
    一、财政拨款收入 | 90.01 | 1、一般公共服务支出 | 40.01
     | | 8、社会保障和就业支出 | 30.01
     | | 20、住房保障 | 20.01
    收入总计 | 90.02 | 支出总计 | 90.03
    """
    facts = facts_of(("部门收支预算总表", rows))
    assert facts.loc["20.01", "code"] == "221"
    # three signs begin too many names
    shorter = facts_of(("部门收支预算总表", rows.replace("住房保障", "住房保")))
    assert pd.isna(shorter.loc["20.01", "code"])


def test_titles_wrap_within_words() -> None:
    for lines in (
        ("2026年部门项目", "支出明细表"),
        ("2026年部门一般公", "共预算支出表"),
        ("2026", "年部门收入预算总表"),
    ):
        assert read_caption(lines).form == read_caption(["".join(lines)]).form is not None
    # a heading over a title is no part of it
    assert read_caption(["第二部分 部门概况", "支出预算总表"]).title == "支出预算总表"


def test_what_a_program_prints_between_pages_parts_no_table() -> None:
    head = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
    first, second = (f"{head}\n{rows}" for rows in ("208 | 社会保障和就业支出 | 3.01 | 1.01 | 2.00", ""))
    rest = second.removeprefix(f"{head}\n") + "210 | 卫生健康支出 | 6.01 | 2.01 | 4.00"
    blocks = page("支出预算总表", "单位：万元", grid(first), "-- PAGE_BREAK --", grid(rest, first_row=2)).blocks
    source = Source("text", (page("云州市民政局2026年部门预算"), Page(2, blocks)))
    assert set(disclose(source, "case", None, "0").facts["code"]) == {"208", "210"}


def test_a_project_s_money_has_the_nature_of_projects_where_no_nature_is_told() -> None:
    goals = """
    项目名称 | 预算数 | 绩效目标
    信访专项 | 5.01 | 做好接待工作
    """
    natures = """
    项目名称 | 合计 | 基本支出 | 项目支出
    机关综合事务 | 9.01 | 4.01 | 5.02
    """
    facts = facts_of(("2026年重点工作安排表", goals), ("一般公共预算支出表", natures))
    assert list(facts.loc[["5.01", "9.01", "4.01", "5.02"], "nature"]) == ["project", "all", "basic", "project"]
