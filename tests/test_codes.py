"""The code books: exact names, codes, hierarchy, and what happens to unknown codes."""

from __future__ import annotations

import pytest

from budgetkit import codes
from budgetkit.errors import UnknownCode


def test_name_by_year_and_without():
    assert codes.function.name("2010301") == "行政运行"
    assert codes.function.name("20805") == "行政事业单位养老支出"
    assert codes.function.name("20805", 2019) == "行政事业单位离退休"
    assert codes.function.name("20805", 2015) == "行政事业单位离退休"
    assert codes.function.name("20805", 2030) == "行政事业单位养老支出"
    assert codes.economic_department.name("30217") == "公务接待费"
    assert codes.economic_government.name("50601", 2021) == "资本性支出（一）"


def test_names_latest_first():
    assert codes.function.names("20805") == ("行政事业单位养老支出", "行政事业单位离退休")
    assert codes.economic_government.names("50602") == ("资本性支出（基本建设）", "资本性支出（二）")


def test_books_are_cached_and_sized():
    assert codes.function is codes.function
    sizes = [len(getattr(codes, scheme)) for scheme in codes.SCHEMES]
    assert sizes == [841, 113, 54]


@pytest.mark.parametrize(
    ("name", "parent", "expected"),
    [
        ("行政运行", "20103", ("2010301",)),
        ("行政 运行", "201", None),
        ("机关事业单位基本养老保险缴费支出", None, ("2080505",)),
        ("机关事业单位基本养老保险缴费", None, ("2080505",)),
        ("基本养老保险缴费", None, ("2080505",)),
        ("职业年金缴费", None, ("2080506",)),
        ("政府办公厅(室)及相关机构事务", None, ("20103",)),
        ("政府办公厅室及相关机构事务（款）", None, ("20103",)),
        ("住房改革", None, ("22102",)),
        ("没有这个科目", None, ()),
    ],
)
def test_find_in_function(name, parent, expected):
    found = codes.function.find(name, parent=parent)
    if expected is None:
        assert "2010301" in found
        assert set(found) <= {code for code in found if code.startswith("201")}
    else:
        assert found == expected


def test_find_prefers_the_code_of_the_year():
    assert codes.function.find("其他公共安全支出", parent="20499") == ("2049901", "2049999")
    assert codes.function.find("其他公共安全支出", 2019, parent="20499") == ("2049901",)
    assert codes.function.find("其他公共安全支出", 2024, parent="20499") == ("2049999",)
    assert codes.function.find("其他公共安全支出", 2024) == ("20499", "2049999")
    assert codes.function.find("其他公共安全支出", 2024, level=2) == ("20499",)


def test_find_in_economic():
    book = codes.economic_department
    assert book.find("基本养老保险缴费") == ("30108",)
    assert book.find("因公出国（境）费") == ("30212",)
    assert book.find("公务用车运行费") == ("30231",)
    assert book.find("基本医疗保险缴费") == ("30110",)
    assert book.find("其他社会保障缴费", 2024) == ("30112",)
    assert book.find("其他社会保障缴费", 2017) == ("30104",)
    assert book.find("办公设备购置", parent="310") == ("31002",)


def test_every_listed_name_finds_its_code():
    for scheme in codes.SCHEMES:
        book = getattr(codes, scheme)
        assert [entry.code for entry in book.entries if entry.code not in book.find(entry.name)] == []


def test_hierarchy():
    book = codes.function
    assert book.parent("2080505") == "20805"
    assert book.parent("208") is None
    assert book.ancestors("2080505") == ("208", "20805")
    assert [book.level(code) for code in ("208", "20805", "2080505")] == [1, 2, 3]
    assert codes.economic_department.children("307") == ("30701", "30702", "30703", "30704")
    assert book.children("2080505") == ()
    assert codes.economic_government.parent("50402") == "504"
    assert "2080505" in book
    assert "2080998" not in book


def test_unknown_is_told_with_the_nearest_parent():
    with pytest.raises(UnknownCode) as caught:
        codes.function.name("2010366")
    assert str(caught.value) == (
        "2010366 is not listed in 支出功能分类 (it may exist all the same); "
        "nearest listed parent: 20103 政府办公厅（室）及相关机构事务"
    )
    with pytest.raises(UnknownCode, match="no parent of it is listed either"):
        codes.function.names("29901")
    with pytest.raises(UnknownCode, match="'301' is no code of 支出功能分类"):
        codes.function.level("301")
    with pytest.raises(AttributeError):
        codes.nothing  # noqa: B018


def test_frame():
    frame = codes.function.frame()
    assert frame.columns.tolist() == ["code", "name", "level", "parent", "first_seen", "last_seen", "documents"]
    assert len(frame) == 846
    row = frame[frame.code == "2080505"].iloc[0]
    assert row.tolist() == ["2080505", "机关事业单位基本养老保险缴费支出", 3, "20805", 2018, 2026, 179]
    assert frame.parent.isna().sum() == (frame.level == 1).sum() == 30


def test_changes_and_pairs():
    (renamed,) = codes.function.changes("20805")
    assert (renamed.kind, renamed.name_before, renamed.year) == ("renamed", "行政事业单位离退休", 2020)
    assert {change.code_before for change in codes.function.changes("2040410")} == {"2040404", "2040405", "2040406"}
    pair = next(pair for pair in codes.economic_pairs() if pair.department_code == "30217")
    assert (pair.government_code, len(codes.economic_pairs())) == ("50206", 116)
