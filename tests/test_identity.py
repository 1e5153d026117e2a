"""Kind, year, entity and tier from the text."""

from __future__ import annotations

import pytest
from grids import grid, page

from budgetkit.document.identity import identify
from budgetkit.printed.years import year_of
from budgetkit.tables.joining import assemble


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("某市统计局2031年度", "部门决算公开说明", "目 录"), ("final_account", 2031, "某市统计局", "department")),
        (("2031 年度", "某市仓山生态", "环境局", "单位预算", "目录"), ("budget", 2031, "某市仓山生态环境局", "unit")),
        (("某省人民检察院二〇三一年度部门预算", "目录"), ("budget", 2031, "某省人民检察院", "department")),
        (("某市医疗保障局", "2031 年部门综合预算", "目录"), ("budget", 2031, "某市医疗保障局", "department")),
        (
            ("**某市政务服务中心 2031 年度", "部门决算公开说明**"),
            ("final_account", 2031, "某市政务服务中心", "department"),
        ),
        (("第一部分 某区（某市新区）", "政务服务管理局概况"), (None, None, "某区（某市新区）政务服务管理局", None)),
        (("一些散文。",), (None, None, None, None)),
    ],
)
def test_from_the_cover(lines: tuple[str, ...], expected: tuple[object, ...]) -> None:
    found = identify([page(*lines)], [])
    assert (found.kind, found.fiscal_year, found.entity, found.tier) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("青石县水月局", "2031部门预算", "-1-"), ("budget", 2031, "青石县水月局", "department")),
        (("-1-", "青石县水月局2031年部门预算", "2031年2月", "目录"), ("budget", 2031, "青石县水月局", "department")),
        (
            ("青石县水月局2031年部门预算", "青石县水月局2031年部门预算", "目录"),
            ("budget", 2031, "青石县水月局", "department"),
        ),
        (
            ("青石县水月局2031年部门预算青石县水月局2031年部门预算", "目录"),
            ("budget", 2031, "青石县水月局", "department"),
        ),
        (
            ("青石县政府信息公开", "青石县水月局", "2031年度部门决算公开", "2032年9月18日"),
            ("final_account", 2031, "青石县水月局", "department"),
        ),
        (("2031年度", "青石县水月局决算说明"), ("final_account", 2031, "青石县水月局", None)),
        (("2031年部门预算\t青石县水月局",), ("budget", 2031, "青石县水月局", "department")),
        (("部门名称：\t青石县水月局", "2031年部门预算"), ("budget", 2031, "青石县水月局", "department")),
        (("青石县", "人民法院", "2031年度部门决算"), ("final_account", 2031, "青石县人民法院", "department")),
        (
            ("人民法院2031年部门预算", "部门：青石县人民法院\t单位：万元"),
            ("budget", 2031, "青石县人民法院", "department"),
        ),
        (("第一部分:青石县水月局概况", "一、主要职能"), (None, None, "青石县水月局", None)),
        (
            ("附件1", "青石县水月局2031年度部门整体支出绩效评价报告", "一、基本情况"),
            ("performance_report", 2031, "青石县水月局", None),
        ),
        (("青石县水月局", "2031年度部门整体支出", "绩效自评报告"), ("performance_report", 2031, "青石县水月局", None)),
        (("2031年青石县水月局“三公”经费预算公开",), ("three_public_report", 2031, "青石县水月局", None)),
        (("青石县水月局2031年“三公”经费支出决算情况说明", "一、"), ("three_public_report", 2031, "青石县水月局", None)),
        (("关于青石县2030年预算执行情况和2031年预算草案的报告",), ("government_budget", 2031, None, None)),
        (("青石县2031年政府决算公开", "目录"), ("government_final_account", 2031, None, None)),
        (("青石县人民政府2031年政府预算公开",), ("government_budget", 2031, "青石县人民政府", None)),
        (("2031年青石县财政总决算",), ("government_final_account", 2031, None, None)),
        (("青石镇人民政府2031年部门预算公开", "目录"), ("budget", 2031, "青石镇人民政府", "department")),
        (("青石县财政局2031年部门预算", "目录"), ("budget", 2031, "青石县财政局", "department")),
        (("青石县水月局（本级）", "2031年单位预算"), ("budget", 2031, "青石县水月局（本级）", "unit")),
        (("2031年度青石县水月局部门决", "算"), ("final_account", 2031, "青石县水月局", "department")),
        (("2031年度", "部门决算", "青石县水月局", "2032年8月"), ("final_account", 2031, "青石县水月局", "department")),
        (("青石县水月局", "部门决算", "（2031年度）"), ("final_account", 2031, "青石县水月局", "department")),
        (
            ("二〇三一年度", "青石县水月局", "部门决算", "二〇三二年八月"),
            ("final_account", 2031, "青石县水月局", "department"),
        ),
        (
            ("目 录", "第一部分 青石县水月局概况", "第二部分 2031年度部门决算表"),
            ("final_account", 2031, "青石县水月局", "department"),
        ),
        (
            ("中共青石县委员会组织部", "（汇总）", "2031年度部门决算"),
            ("final_account", 2031, "中共青石县委员会组织部（汇总）", "department"),
        ),
        (("青石县第一中学2031年单位预算公开说明", "一、单位概况"), ("budget", 2031, "青石县第一中学", "unit")),
        (("青石县水月局关于2031年度部门决算公开的说明",), ("final_account", 2031, "青石县水月局", "department")),
        (("关于青石县水月局2031年部门预算的说明",), ("budget", 2031, "青石县水月局", "department")),
        (("青石县水月局2031年预算公开", "目录"), ("budget", 2031, "青石县水月局", None)),
        (("青石市人民政府办公厅", "2031年部门预算", "目录"), ("budget", 2031, "青石市人民政府办公厅", "department")),
        (
            ("青石市人民政府", "办公厅", "2031年部门预算", "目录", "青石市人民政府办公厅是"),
            ("budget", 2031, "青石市人民政府办公厅", "department"),
        ),
        (("2031年度青石县水月局整体支出绩效自评报告",), ("performance_report", 2031, "青石县水月局", None)),
        (
            ("青石县农村公路建设项目", "绩效评价报告", "（2031年度）", "项目单位：青石县水月局"),
            ("performance_report", 2031, "青石县水月局", None),
        ),
        (("2031年青石县一般公共预算收入决算表",), ("government_final_account", 2031, None, None)),
        (("青石县2031年一般公共预算收支表", "单位：万元"), ("government_budget", 2031, None, None)),
        (
            ("索引号：123/2031-0001", "青石县水月局2031年度部门决算", "发布时间：2032-09-01 来源：青石县水月局"),
            ("final_account", 2031, "青石县水月局", "department"),
        ),
    ],
)
def test_fronts_of_all_dresses(lines: tuple[str, ...], expected: tuple[object, ...]) -> None:
    found = identify([page(*lines)], [])
    assert (found.kind, found.fiscal_year, found.entity, found.tier) == expected


def test_a_caption_completes_the_name_on_the_cover() -> None:
    pages = [
        page(
            "人民法院2031年部门预算", "收支总表", "部门：青石县人民法院\t单位：万元", grid("项目 | 预算数\n合计 | 1.00")
        )
    ]
    assert identify(pages, assemble(pages)).entity == "青石县人民法院"


def test_names_in_captions_do_not_replace_the_cover() -> None:
    rows = "项目 | 预算数\n合计 | 1.00"
    pages = [
        page("青石县水月局", "2031年部门预算", "目录", "青石县水月局收支总体情况"),
        page("收支总表", "部门：青石县水月局本级\t单位：万元", grid(rows)),
        page("收入总表", "部门：青石县农桑站\t单位：万元", grid(rows)),
        page("支出总表", "部门：青石县农桑站\t单位：万元", grid(rows)),
    ]
    assert identify(pages, assemble(pages)).entity == "青石县水月局"


def test_a_department_with_all_its_tables_is_no_government() -> None:
    rows = "项目 | 预算数\n合计 | 1.00"
    names = ("收支总表", "收入总表", "支出总表", "财政拨款收支总表")
    pages = [page("青石镇人民政府2031年政府预算公开"), *(page(name, "单位：万元", grid(rows)) for name in names)]
    assert identify(pages, assemble(pages)).kind == "budget"


def test_from_captions() -> None:
    pages = [
        page("2031年部门收支总体情况表", "编制部门：某市统计局\t单位：万元", grid("项目 | 预算数\n一、本年收入 | 1.00"))
    ]
    found = identify(pages, assemble(pages))
    assert (found.kind, found.fiscal_year, found.entity, found.tier) == ("budget", 2031, "某市统计局", "department")


def test_from_labels_of_forms() -> None:
    pages = [page("部门整体支出绩效目标表", grid("部门名称 | 某市退役军人事务局\n活动 | 内容"))]
    assert identify(pages, assemble(pages)).entity == "某市退役军人事务局"


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("本年收入比2030年增加5万元。", None),
        ("一般公共预算支出50万元，较2030年执行数减少1万元", None),
        ("2031年“三公”经费预算比2030年减少1万元", 2031),
        ("2031年与2030年“三公”经费对比情况", 2031),
        ("2030年预算执行情况与2031年预算", 2031),
    ],
)
def test_a_year_that_is_compared_with_is_not_the_document_s(line: str, year: int | None) -> None:
    assert identify([page("青石县水月局部门预算", line)], []).fiscal_year == year


def test_a_line_broken_before_the_year_compared_with() -> None:
    lines = ("青石县水月局部门预算", "公务接待费预算10万元，比", "2030年预算减少2万元。")
    assert identify([page(*lines)], []).fiscal_year is None
    assert identify([page(*lines, "2031年公务接待费预算10万元。")], []).fiscal_year == 2031


def test_years() -> None:
    assert (year_of("二○二四年度"), year_of("2020年"), year_of("无")) == (2024, 2020, None)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("青石网", "首页 > 政务公开 > 青石县农桑局", "青石县水月局2031年部门预算", "来源：青石县财政局"),
            ("budget", 2031, "青石县水月局"),
        ),
        (
            ("• 发布机构", "• 青石县财政局", "• 发布日期", "• 2032-10-08", "青石县水月局2031年度单位决算", "目录"),
            ("final_account", 2031, "青石县水月局"),
        ),
        (
            ("索引号：123/2032-1 组配分类：部门预决算信息", "2031年青石镇中心小学部门预算", "一、概况"),
            ("budget", 2031, "青石镇中心小学"),
        ),
        (("标题：青石县水月局2031年部门预算", "文号："), ("budget", 2031, "青石县水月局")),
        (("青石县水月局2031年度决算.pdf", "第一部分 概况"), ("final_account", 2031, "青石县水月局")),
        (("一、青石县水月局（汇总）概况", "（一）部门职责"), (None, None, "青石县水月局（汇总）")),
        (
            ("目录", "二、机构设置情况", "第二部分 青石县水月局2031年度部门决算表"),
            ("final_account", 2031, "青石县水月局"),
        ),
        (("青石县青石街道", "办事处（本级）2031年", "单位预算"), ("budget", 2031, "青石县青石街道办事处（本级）")),
        (("国家重点建设单位", "2031年度青石县医院单位决算"), ("final_account", 2031, "青石县医院")),
        (
            ("2031年青石县“三公”经费预算10万元，比2030年减少2010元，" + "下降的原因是厉行节约，" * 6,),
            ("budget", 2031, None),
        ),
        (("的办公费、印刷费、会议费、水费、工会",), (None, None, None)),
    ],
)
def test_what_a_site_prints_around_a_document_tells_nothing(
    lines: tuple[str, ...], expected: tuple[object, ...]
) -> None:
    found = identify([page(*lines)], [])
    assert (found.kind, found.fiscal_year, found.entity) == expected


def test_a_document_that_names_no_publisher_says_so() -> None:
    from budgetkit.document.reading import disclose
    from budgetkit.model import Line, Page, Source

    found = disclose(Source("text", (Page(1, (Line("2024年部门预算公开"),)),)), "a", None, "0").documents.iloc[0]
    assert found["status"] == "partial"
    assert "entity unknown" in found["reason"]
