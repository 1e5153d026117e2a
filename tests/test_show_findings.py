"""A finding shows both of its places; frames of analysis are labelled as frames of documents are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import budgetkit as bk
from budgetkit import analysis
from budgetkit.display.boxes import quoted
from budgetkit.errors import SpecError
from budgetkit.model import Box, Line, Page

SAMPLE = Path(__file__).parents[1] / "data" / "raw" / "urumqi_hightech_bureau_budget_2020.pdf"


@pytest.fixture(scope="module")
def budget() -> bk.Disclosure:
    return bk.read(SAMPLE)


@pytest.fixture(scope="module")
def bonus(budget: bk.Disclosure) -> pd.Series:
    """The bonus that is 14.85 in a table and 14.58 in the prose."""
    findings = bk.check(budget)
    return findings[(findings["rule"] == "prose.cell") & (findings["status"] == "fail")].iloc[0]


def page(*texts: str) -> Page:
    """Lines of 10 points a full-width character, each 20 below the one before."""
    lines = [Line(text, Box(0.0, 20.0 * k, _width(text), 20.0 * k + 10.0)) for k, text in enumerate(texts)]
    return Page(1, tuple(lines))


def _width(text: str) -> float:
    return sum(10.0 if ord(letter) > 0x2E80 else 5.0 for letter in text)


def test_both_places_of_a_finding_are_outlined(budget: bk.Disclosure, bonus: pd.Series) -> None:
    shown = bk.show(budget, bonus)
    # the cell, and the figure of the prose, which is parted by the end of a line
    assert (shown.pages, shown.boxes) == ((7, 12), 3)


def test_a_margin_leaves_out_the_rest_of_the_pages(budget: bk.Disclosure, bonus: pd.Series) -> None:
    whole, part = (bk.show(budget, bonus, scale=1.0, margin=margin) for margin in (None, 20))
    assert part.image.width == whole.image.width
    assert part.image.height < whole.image.height / 5
    assert bk.show(budget, pages=1, margin=20).image.size == bk.show(budget, pages=1).image.size


def test_a_quoted_figure_is_found_after_its_subject() -> None:
    found = list(quoted(page("津贴14.58万元、奖金14.58万元"), "奖金", "14.58万元"))
    assert found == [Box(75.0, -1.0, 140.0, 11.0)]


def test_a_figure_over_two_lines_has_a_box_in_each() -> None:
    found = list(quoted(page("其中：奖金", "14.58万元。"), "奖金", "14.58万元"))
    assert found == [Box(30.0, -1.0, 50.0, 11.0), Box(0.0, 19.0, 45.0, 31.0)]


@pytest.mark.parametrize("text", ["奖金114.58万元", "奖金为14.85万元", ""])
def test_another_figure_is_not_taken_for_it(text: str) -> None:
    assert list(quoted(page(text), "奖金", "14.58万元")) == []


def test_a_subject_far_away_is_left_out() -> None:
    found = list(quoted(page("奖金比上年增加，主要原因是人员增加，为14.58万元"), "奖金", "14.58万元"))
    assert found == [Box(190.0, -1.0, 235.0, 11.0)]


def test_labelled_knows_the_frames_of_analysis() -> None:
    df = pd.DataFrame({"entity": ["甲局"], "item": ["维修费"], "authorised": [2.0e6], "executed": [513800.0],
                       "execution_rate": [0.249417], "status": ["under"], "agrees": [True]})  # fmt: skip
    row = {"单位": "甲局", "项目": "维修费", "核定数": "2,000,000.00", "决算数": "513,800.00", "执行率": "24.94%",
           "状态": "执行不足", "与公布一致": "是"}  # fmt: skip
    assert bk.labelled(df).to_dict("records") == [row]
    assert analysis.labelled(df, "execution").to_dict("records") == [row]
    plain = bk.labelled(df, "execution", thousands=False)
    assert plain["执行率"].tolist() == [0.249417]
    with pytest.raises(SpecError, match="no frame 'fact'"):
        analysis.labelled(df, "fact")


def test_difference_is_points_in_scores_and_money_elsewhere() -> None:
    df = pd.DataFrame({"difference": [1.5]})
    assert analysis.labelled(df, "self_evaluation").iloc[0, 0] == "1.5"
    assert analysis.labelled(df, "compare").iloc[0, 0] == "1.50"
