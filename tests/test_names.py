"""Names of units are compared without what a print adds to them."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetkit.printed import names
from budgetkit.printed.names import folded_name


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
