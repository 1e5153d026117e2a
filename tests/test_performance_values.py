"""Printed targets, results, amounts and rates of performance forms."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetkit.performance.values import (
    Value,
    is_nature,
    parse_money,
    parse_parts,
    parse_points,
    parse_rate,
    parse_value,
)

NOTHING = Value(None, None, None)


@pytest.mark.parametrize(
    ("printed", "operator", "value", "unit"),
    [
        ("≥15种", ">=", "15", "种"),
        (">=95%", ">=", "95", "%"),
        ("=100%", "=", "100", "%"),
        ("＝100％", "=", "100", "%"),
        ("≤60万元", "<=", "60", "万元"),
        ("=85900元", "=", "85900", "元"),
        ("= 208600.21元", "=", "208600.21", "元"),
        ("53131.73", None, "53131.73", None),
        ("=11250", "=", "11250", None),
        ("3785.71元/月/人", None, "3785.71", "元/月/人"),
        ("1800 元/人/月", None, "1800", "元/人/月"),
        ("<=24小时", "<=", "24", "小时"),
        ("> =6000 张", ">=", "6000", "张"),
        ("≦4小时", "<=", "4", "小时"),
        ("≧95%", ">=", "95", "%"),
        ("＞98%", ">", "98", "%"),
        (">2次", ">", "2", "次"),
        ("小于0.5%", "<", "0.5", "%"),
        ("不低于2种", ">=", "2", "种"),
        ("不超过3次", "<=", "3", "次"),
        ("95%以上", ">=", "95", "%"),
        ("3次以内", "<=", "3", "次"),
        ("全年≥50个", ">=", "50", "个"),
        ("≥330台（套）", ">=", "330", "台（套）"),
        ("9562平方米", None, "9562", "平方米"),
        (">=100万条", ">=", "100", "万条"),
        ("<=7工作日", "<=", "7", "工作日"),
        ("5.5亿元", None, "5.5", "亿元"),
        ("653.99万度", None, "653.99", "万度"),
        ("≥18台/套", ">=", "18", "台/套"),
        ("1,200人", None, "1200", "人"),
        ("2.5‰", None, "2.5", "‰"),
        ("-0.5%", None, "-0.5", "%"),
        ("12个月", None, "12", "个月"),
        ("0", None, "0", None),
    ],
)
def test_numbers(printed: str, operator: str | None, value: str, unit: str | None) -> None:
    assert parse_value(printed) == Value(operator, Decimal(value), unit)


@pytest.mark.parametrize(
    "printed",
    [
        *("", "优", "有效提高", "达成年度指标", "全年", "长期", "按年", "无"),
        *("=0 效果显著", "=0增进民族团结", "=一个月", "不超过预算", "不超标准"),
        *("≥1月&&≤12月", "10-15项", "1-4季度", "≥98%且≤100%"),
        *("约6类", "10余次", "1个；60个", "≧95%；≧95%", "24小时；1-12月"),
        *("次年2月份前", "12月底前", "2026年12月31日前", "≤2026年12月1日", "2026年度", "已于2025年2月完成"),
        *("对实名举报回复率100%", "每天3000人次"),
    ],
)
def test_no_numbers(printed: str) -> None:
    assert parse_value(printed) == NOTHING


def test_targets_in_three_columns() -> None:
    assert parse_parts("≤", "12", "小时") == Value("<=", Decimal(12), "小时")
    assert parse_parts("＝", "1,000.5", "元/块") == Value("=", Decimal("1000.5"), "元/块")
    assert parse_parts("≥", "95%", "") == Value(">=", Decimal(95), "%")
    assert parse_parts("定性", "优", "") == NOTHING
    assert parse_parts("定性", "100", "%") == NOTHING
    assert parse_parts("≥", "优", "级") == NOTHING
    assert [is_nature(text) for text in ("≥", "=", "大于等于", "定性", "定量", "正向指标", "")] == [
        *(True, True, True, True),
        *(False, False, False),
    ]


def test_amounts_are_exact_and_never_guessed() -> None:
    assert parse_money("675.970001", 10000) == 6759700.01
    assert parse_money("1,063,371.776545", 10000) == 10633717765.45
    assert parse_money("85900元", 10000) == 85900.0
    assert parse_money("1.5万元", None) == 15000.0
    assert [parse_money(text, 10000) for text in ("", "—", "--", "24.94%", "三万")] == [None] * 5
    assert parse_money("15.00", None) is None


def test_points_and_rates() -> None:
    assert [parse_points(text) for text in ("12.5", "10分", "10.0", "—", "履职效能")] == [12.5, 10.0, 10.0, None, None]
    assert [parse_rate(text) for text in ("24.94%", "76.3%", "0.0%", "100", "0.25", "1", "--")] == [
        *(0.2494, 0.763, 0.0, 1.0, 0.25, 1.0, None),
    ]
    assert parse_rate("0.8", percent=True) == 0.008
