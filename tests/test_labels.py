"""Codes in all the ways they are printed."""

from __future__ import annotations

import pytest
from grids import grid, page

from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.tables.columns import is_count, is_organisation
from budgetkit.tables.coordinates import Context
from budgetkit.tables.facts import plan_of, read_table
from budgetkit.tables.joining import assemble
from budgetkit.tables.labels import complete, scheme_of


def run(rows: list[tuple[str, ...]]) -> list[str | None]:
    state: tuple[str, ...] = ()
    found = []
    for parts in rows:
        code, state = complete(parts, state)
        found.append(code)
    return found


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([("208",), ("20805",), ("2080501",)], ["208", "20805", "2080501"]),
        ([("208", "", ""), ("208", "05", ""), ("208", "05", "01")], ["208", "20805", "2080501"]),
        # only the row's own level, going on after a blank row
        (
            [("208", "", ""), ("", "05", ""), ("", "", "01"), ("", "", ""), ("", "", "02"), ("", "99", "")],
            ["208", "20805", "2080501", None, "2080502", "20899"],
        ),
        # leaves only
        ([("2080501",), ("2101101",)], ["2080501", "2101101"]),
        # relative parents before full leaves
        ([("201",), ("10",), ("2011007",)], ["201", "20110", "2011007"]),
        # whole codes in their own columns
        ([("208", "", ""), ("", "20805", ""), ("", "", "2080501")], ["208", "20805", "2080501"]),
        # economic, two columns; a missing digit stays missing
        ([("301", ""), ("301", "01"), ("301", "2")], ["301", "30101", "3012"]),
        ([("", "")], [None]),
    ],
)
def test_codes_are_completed(rows: list[tuple[str, ...]], codes: list[str | None]) -> None:
    assert run(rows) == codes


def test_schemes() -> None:
    assert [scheme_of(code) for code in ("2010301", "30101", "50101", "10301", None)] == [
        "function",
        "economic_department",
        "economic_government",
        "revenue",
        None,
    ]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("一、一般公共服务支出", "一般公共服务支出"),
        ("（二）商品和服务支出", "商品和服务支出"),
        ("1.办公费", "办公费"),
        ("其中：教育收费", "教育收费"),
        ("二十三、其他支出", "其他支出"),
        ("12345热线经费", "12345热线经费"),
        ("2024年信息化项目", "2024年信息化项目"),
        ("合计", "合计"),
    ],
)
def test_names(label: str, name: str) -> None:
    assert strip_ordinal(label) == name


def test_organisations() -> None:
    assert is_organisation("某市政务服务中心")
    assert not is_organisation("一般公共服务支出")
    assert not is_organisation("本年支出合计")


def test_counts() -> None:
    assert is_count("1.因公出国（境）团组数（个）")
    assert is_count("（一）车辆数合计（辆）")
    assert is_count("单价50万元以上的通用设备（台，套）")
    assert not is_count("公务用车购置费（万元）")
    assert not is_count("公务接待费")


def test_unit_codes_come_off_the_unit() -> None:
    (table,) = assemble(
        [page("单位：万元", grid("单位名称 | 合计\n[242001]某市某局 | 1.00\n338_某市某中心 | 2.00\n合计 | 3.00"))]
    )
    facts = read_table(table, plan_of(table), Context("budget", 2031, "某市某局（汇总）", None), 1).facts
    assert [(fact["entity"], fact["amount"]) for fact in facts] == [
        ("某市某局", 10000.0),
        ("某市某中心", 20000.0),
        ("某市某局（汇总）", 30000.0),
    ]


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (("办公费", "印刷费", "水费", "手工甲", "手工乙"), ["30201", "30202", "30205", None, None]),
        (("办公费", "印刷费", "手工甲", "手工乙", "手工丙"), [None] * 5),
    ],
)
def test_a_list_of_names_is_one_of_classes_where_most_are(names: tuple[str, ...], codes: list[str | None]) -> None:
    drawn = "\n".join(("经济分类科目 | 合计", *(f"{name} | 1.00" for name in names)))
    (table,) = assemble([page("某局支出表", "单位：万元", grid(drawn))])
    facts = read_table(table, plan_of(table), Context("budget", 2031, "某市某局", None), 1).facts
    assert [fact["code"] for fact in facts] == codes


def test_a_class_stands_beside_a_project_where_a_head_says_so() -> None:
    rows = ("河道整治 | 办公费", "河道整治 | 印刷费", "水库加固 | 差旅费", "水库加固 | 租赁费")
    drawn = "\n".join(("项目名称 | 经济科目 | 合计", *(f"{row} | 1.00" for row in rows)))
    (table,) = assemble([page("项目支出预算表", "单位：万元", grid(drawn))])
    facts = read_table(table, plan_of(table), Context("budget", 2031, "某市某局", None), 1).facts
    assert [(fact["project"], fact["code"]) for fact in facts] == [
        ("河道整治", "30201"),
        ("河道整治", "30202"),
        ("水库加固", "30211"),
        ("水库加固", "30214"),
    ]
