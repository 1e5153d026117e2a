"""Names of units are compared without what a print adds to them."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetkit.printed import names
from budgetkit.printed.names import folded_name
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.years import year_in


def test_words_before_a_label() -> None:
    printed = ("其中：教育收费", "其中教育收费", "（二）其中：1.教育收费", "其中")
    assert [strip_ordinal(text) for text in printed] == ["教育收费"] * 3 + ["其中"]


def test_years_in_chinese_numerals() -> None:
    printed = ("二〇二四年", "二零二四年度", "二○一九年", "二0二五年")
    assert [year_in(text) for text in printed] == [2024, 2024, 2019, 2025]


def test_examples():
    assert doctest.testmod(names).failed == 0


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("青石县水月局", "青石县水月局"),
        ("青石县水月局（本级）", "青石县水月局"),
        ("青石县水月局本级", "青石县水月局"),
        ("青石县水月局（汇总）", "青石县水月局"),
        ("青石县 水月局 （机关）", "青石县水月局"),
        ("[101001]青石县水月局（本级）（汇总）", "青石县水月局"),
        ("101001-青石县水月局", "青石县水月局"),
        ("青石县水月局〔本级〕", "青石县水月局"),
        ("中共青石县委员会机关", "中共青石县委员会"),
        ("青石县机关事务中心", "青石县机关事务中心"),
        ("青石县直属机关", "青石县直属机关"),
        ("青石县第十中学（东校区）", "青石县第十中学(东校区)"),
        ("国家“九九”台", "国家九九台"),
        ("本级", "本级"),
    ],
)
def test_folded(printed, folded):
    assert folded_name(printed) == folded


@given(st.text(alphabet="青石水月局委机关本级汇总（）()[]1 ·", max_size=20))
def test_folding_twice_changes_nothing(name):
    assert folded_name(folded_name(name)) == folded_name(name)
