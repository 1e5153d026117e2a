"""Running heads, feet and page numbers: what repeats at the edges of pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetkit.model import Box, Line, Page
from budgetkit.page.furniture import without_furniture
from budgetkit.tables.joining import heads_table

WIDTH, HEIGHT = 595.0, 842.0


def page(number: int, *lines: tuple[float, str], height: float = HEIGHT) -> Page:
    blocks = tuple(Line(text, Box(80, y, 300, y + 10), 10.0) for y, text in lines)
    return Page(number, blocks, WIDTH, height)


def left(pages: list[Page]) -> list[list[str]]:
    return [[line.text for line in each.lines] for each in without_furniture(pages, heads_table)]


@pytest.mark.parametrize(
    "foot", ["第{0}页，共40页", "-{0}-", "{0}/40", "{0}", "某出版社\t{0}", "某市某局 2031 第{0}页", "Page {0} of 9"]
)
def test_what_counts_the_pages_is_furniture(foot: str) -> None:
    pages = [page(k, (40, "某局2031年度部门决算"), (300, f"正文{k}"), (800, foot.format(k))) for k in range(1, 8)]
    assert left(pages) == [[f"正文{k}"] for k in range(1, 8)]


def test_feet_are_measured_from_the_foot_of_the_page() -> None:
    heights = (842.0, 595.0, 842.0, 595.0, 842.0, 595.0)
    pages = [page(k, (200, f"正文{k}"), (h - 40, "某出版社"), height=h) for k, h in enumerate(heights, 1)]
    assert left(pages) == [[f"正文{k}"] for k in range(1, 7)]


def test_captions_repeat_and_stay() -> None:
    pages = [page(k, (60, "支出决算表"), (80, "部门：某市某局\t单位：万元"), (300, f"正文{k}")) for k in range(1, 8)]
    assert [len(texts) for texts in left(pages)] == [3] * 7


def test_a_line_behind_a_title_stays() -> None:
    pages = [page(k, (60, f"第{'一二三四五六七'[k - 1]}张图"), (80, "某市某局")) for k in range(1, 8)]
    assert [len(texts) for texts in left(pages)] == [2] * 7


def test_amounts_are_no_page_numbers() -> None:
    pages = [page(k, (780, f"1,234.{k:02}")) for k in range(1, 8)]
    assert [len(texts) for texts in left(pages)] == [1] * 7


@given(st.integers(3, 30), st.sampled_from(["-{0}-", "第{0}页 共99页", "{0}"]), st.integers(0, 40))
def test_all_pages_lose_their_numbers_and_nothing_else(count: int, foot: str, first: int) -> None:
    pages = [page(k, (300, f"正文{k * 7}"), (800, foot.format(first + k))) for k in range(1, count + 1)]
    assert left(pages) == [[f"正文{k * 7}"] for k in range(1, count + 1)]


def test_a_running_head_may_stand_some_points_higher_on_a_page() -> None:
    pages = [page(k, (40 + k % 3, "某局2031年度部门决算"), (300, f"正文{k}")) for k in range(1, 8)]
    assert left(pages) == [[f"正文{k}"] for k in range(1, 8)]
