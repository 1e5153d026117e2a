"""Numbers as sheets show them: formats that scale, codes, dates, accounting, conditions, and what is not shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetkit.readers.office.number_formats import BUILT_IN, is_date, loses_sign, show_number, show_text
from budgetkit.readers.office.values import show


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        ("1234560", "#,##0.00,", "1,234.56"),
        ("12345600", "0!.0000", "1234.5600"),
        ("12345600", "0!.0,", "1234.6"),
        ("12345600", r"0\.0000", "1234.5600"),
        ("1234567.8", "#,##0.0000,,", "1.2346"),
        ("1234.5649999", "0.00", "1234.56"),
        ("0.125", "0.00", "0.13"),
        ("-3.2", "0.0", "-3.2"),
        ("-0.001", "0.00", "0.00"),
        ("0.985", "0.0%", "98.5%"),
        ("1234.56", BUILT_IN[43], "1,234.56"),
        ("0", BUILT_IN[43], "-"),
        ("-1234.56", BUILT_IN[43], "-1,234.56"),
        ("-5", "0.00;[Red]0.00", "-5.00"),
        ("-5", "0.00;[红色]0.00", "-5.00"),
        ("-5", "0.00_);(0.00)", "(5.00)"),
        ("-5", '0.00;"△"0.00', "△5.00"),
        ("1234.5", "[红色]0.00", "1234.50"),
        ("900", '0.00"万元"', "900.00万元"),
        ("98765.432", "[$¥-804]#,##0.00", "¥98,765.43"),
        ("5", "00", "05"),
        ("2010301", "0000000", "2010301"),
        ("20103", "000-00", "201-03"),
        ("12345", '[>=10000]0.0,"千";0', "12.3千"),
        ("9999", '[>=10000]0.0,"千";0', "9999"),
        ("1234.5", "#,###.##", "1,234.5"),
        ("0", "0;-0;;@", ""),
        ("7", ";;;", ""),
        ("7", "[白色]0", ""),
        ("3.7", "通用格式", "3.7"),
        ("0.5", "# ?/?", "1/2"),
        ("2.25", "# ?/?", "2 1/4"),
        ("45000", "yyyy-mm-dd", "2023-03-15"),
        ("45000", 'yyyy"年"m"月"d"日"', "2023年3月15日"),
        ("45000.75", "yyyy/m/d h:mm", "2023/3/15 18:00"),
        ("1.5", "[h]:mm", "36:00"),
        ("-1", "yyyy", "########"),
    ],
)
def test_shown(value, code, expected):
    assert show_number(Decimal(value), code) == expected


def test_texts_have_the_fourth_section():
    assert show_text("合计", "0.00;-0.00;0;@") == "合计"
    assert show_text("合计", ";;;") == ""
    assert show("合计", None, ";;;") == ("", "value hidden by its number format")


def test_what_is_lost_is_said():
    assert loses_sign(Decimal(-5), show_number(Decimal(-5), "0.00;0.00"))
    assert show("-5", Decimal(-5), "0.00;0.00") == ("5.00", "sign of a negative number")
    assert show("0", Decimal(0), "#") == ("", "")


def test_dates_are_known():
    assert [is_date(code) for code in (BUILT_IN[14], "m/d", "0.00", '"d"0', "[h]:mm", "[Red]0", "General")] == [
        True, True, False, False, True, False, False,
    ]  # fmt: skip


@given(
    st.decimals(-(10**13), 10**13, places=4, allow_nan=False, allow_infinity=False),
    st.integers(0, 4),
    st.sampled_from(["#,##0", "0", "#,###0", "??,??0"]),
    st.integers(0, 2),
)
def test_what_is_shown_is_the_rounded_value(value, decimals, whole, commas):
    code = whole + ("." + "0" * decimals if decimals else "") + "," * commas
    shown = Decimal(show_number(value, code).replace(",", "").replace(" ", ""))
    scaled = value / 1000**commas
    assert abs(shown - scaled) <= Decimal(1).scaleb(-decimals) / 2
    assert -shown.as_tuple().exponent == decimals


@given(st.text(st.sampled_from('0#?.,;%E+-/"\\!_*[]@ydmhsGgeb红元年 '), max_size=20), st.integers(-(10**9), 10**9))
def test_no_format_breaks(code, value):
    assert isinstance(show_number(Decimal(value) / 100, code), str)
    assert isinstance(show_text("合计", code), str)
