"""Kind, year, entity and tier from the text."""

from __future__ import annotations

import pytest
from grids import grid, page

from budgetkit.document.identity import identify, year_of
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


def test_from_captions() -> None:
    pages = [
        page("2031年部门收支总体情况表", "编制部门：某市统计局\t单位：万元", grid("项目 | 预算数\n一、本年收入 | 1.00"))
    ]
    found = identify(pages, assemble(pages))
    assert (found.kind, found.fiscal_year, found.entity, found.tier) == ("budget", 2031, "某市统计局", "department")


def test_from_labels_of_forms() -> None:
    pages = [page("部门整体支出绩效目标表", grid("部门名称 | 某市退役军人事务局\n活动 | 内容"))]
    assert identify(pages, assemble(pages)).entity == "某市退役军人事务局"


def test_years() -> None:
    assert (year_of("二○二四年度"), year_of("2020年"), year_of("无")) == (2024, 2020, None)
