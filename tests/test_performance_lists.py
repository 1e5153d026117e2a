"""Lists of several projects' targets, typeset at random, read back equal: over pages, cut in cells, without heads."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

import pytest

from budgetkit.model import Cell as Printed
from budgetkit.model import Grid, Line, Page
from budgetkit.performance import Performance, is_performance, read_forms
from budgetkit.readers.pdf.pages import read_pdf
from tools.typeset import Cell, Document, Style, Table
from tools.typeset.render import render

LEVELS = (
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("产出指标", "时效指标"),
    ("效益指标", "社会效益指标"),
    ("满意度指标", "服务对象满意度指标"),
)
CHARACTERS = "政务服务大厅窗口办理事项数量培训人员经费支付及时率设备采购验收合格宣传活动次数群众满意程度系统运行稳定"
#: sign, value and unit as printed in three columns, and what they mean
PARTS = {
    ("≥", "15", "种"): (">=", 15.0, "种"),
    ("=", "100.00", "(%)"): ("=", 100.0, "%"),
    ("≤", "26", "万元"): ("<=", 26.0, "万元"),
    ("≤", "对接活动", "26万元"): ("<=", 26.0, "万元"),
    ("定性", "优", ""): (None, None, None),
    ("≥", "99", "%"): (">=", 99.0, "%"),
    ("≤", "12", "个月"): ("<=", 12.0, "个月"),
    ("≤", "1月/2项", ""): (None, None, None),
    ("定性", "良好", ""): (None, None, None),
}
#: number of the column of level 2
LEVEL2 = 4
HEAD = ("项目名称", "项目总额", "绩效目标", "一级指标", "二级指标", "三级指标")


@dataclass(frozen=True)
class Target:
    """One indicator of an entry."""

    levels: tuple[str, str]
    name: str
    parts: tuple[str, str, str]


@dataclass(frozen=True)
class Entry:
    """One project of a list."""

    project: str
    amount: float
    goal: str
    targets: tuple[Target, ...]


def words(chance: random.Random, least: int, most: int) -> str:
    return "".join(chance.choice(CHARACTERS) for _ in range(chance.randint(least, most)))


def entry(chance: random.Random) -> Entry:
    targets = tuple(
        Target(levels, words(chance, 4, chance.choice((8, 14, 30))), chance.choice(list(PARTS)))
        for levels in LEVELS
        for _ in range(chance.randint(1, 3))
    )
    return Entry(
        words(chance, 6, 18),
        chance.randint(1, 99999) * 100.0,
        words(chance, 20, chance.choice((60, 400, 1100))),
        targets,
    )


def list_table(chance: random.Random, entries: tuple[Entry, ...]) -> Table:
    """The table of a list; signs stand before or behind the values, levels merged or on every row."""
    turned, merged = chance.random() < 0.3, chance.random() < 0.5
    tail = (
        ("本年绩效指标值", "绩效度量单位", "绩效指标性质")
        if turned
        else ("绩效指标性质", "本年绩效指标值", "绩效度量单位")
    )
    rows = [tuple(Cell(text) for text in (*HEAD, *tail))]
    for one in entries:
        for at, target in enumerate(one.targets):
            cells = []
            if not at:
                texts = (one.project, f"{one.amount / 10000:.2f}", one.goal)
                cells += [Cell(text, rowspan=len(one.targets), align="left") for text in texts]
            for level in (0, 1):
                keys = [other.levels[: level + 1] for other in one.targets]
                if not merged or not at or keys[at] != keys[at - 1]:
                    span = sum(key == keys[at] for key in keys[at:]) if merged else 1
                    cells.append(Cell(target.levels[level], rowspan=span))
            sign, value, unit = target.parts
            parts = (value, unit, sign) if turned else (sign, value, unit)
            rows.append((*cells, Cell(target.name, align="left"), *(Cell(text) for text in parts)))
    total = sum(one.amount for one in entries) / 10000
    rows.append((Cell("合计"), Cell(f"{total:.2f}"), *(Cell("") for _ in range(7))))
    style = Style(
        ruling=chance.choice(("strokes", "rectangles", "segments")),
        repeat_header=chance.random() < 0.5,
        cut_rows=chance.random() < 0.5,
        size=chance.choice((7.0, 8.0, 9.0)),
    )
    widths = (14, 10, 26, 10, 12, 18, 9, 11, 8)
    caption = ("", "", "单位：万元")
    return Table("project_targets", "项目支出绩效目标表", tuple(rows), 1, widths, "万元", caption, style=style)


def pages_of(table: Table) -> tuple[Page, ...]:
    return read_pdf(render(Document("budget", 2024, "某某局", (table,))), "typeset").pages


def read_back(table: Table) -> Performance:
    return read_forms(pages_of(table), fiscal_year=2024, entity="某某局")


def wanted(one: Entry) -> list[tuple[Any, ...]]:
    return [
        (one.project, *target.levels, target.name, "".join(target.parts), *PARTS[target.parts])
        for target in one.targets
    ]


def pick(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("project", "level1", "level2", "level3", "target", "target_operator", "target_value", "target_unit")
    return tuple(row[name] for name in names)


@pytest.mark.parametrize("seed", range(24))
def test_random_lists_read_back_equal(seed: int) -> None:
    chance = random.Random(seed)
    entries = tuple(entry(chance) for _ in range(chance.randint(2, 6)))
    found = read_back(list_table(chance, entries))
    assert [(row["project"], row["approved"]) for row in found.projects] == [
        (one.project, one.amount) for one in entries
    ]
    assert [pick(row) for row in found.indicators] == [row for one in entries for row in wanted(one)]


def cropped(grid: Grid, left: int) -> Grid:
    """A grid whose left columns stand outside it."""
    kept = [cell for cell in grid.cells if cell.col + cell.colspan > left]
    cells = tuple(
        replace(cell, col=max(cell.col - left, 0), colspan=cell.col + cell.colspan - max(cell.col, left))
        for cell in kept
    )
    return replace(grid, cols=grid.cols - left, cells=cells, xs=grid.xs[left:])


def one_long_entry(chance: random.Random, repeat: bool) -> tuple[Entry, Table]:
    """A project whose indicators take several pages."""
    one = replace(entry(chance), goal=words(chance, 900, 1100))
    one = replace(one, targets=tuple(sorted(one.targets * 8, key=lambda target: LEVELS.index(target.levels))))
    table = list_table(chance, (one,))
    return one, replace(table, style=replace(table.style, repeat_header=repeat))


@pytest.mark.parametrize("seed", range(12))
def test_lists_go_on_where_the_left_columns_fall_outside_the_grid(seed: int) -> None:
    chance = random.Random(seed)
    one, table = one_long_entry(chance, repeat=seed % 2 == 0)
    first, *others = pages_of(table)
    assert others
    # the project's cells fill the page: the grid begins at the first or second level, the goal stands beside it
    beside = Line("（一）做好各项工作。", others[0].grids[0].box)
    left = chance.choice((LEVEL2 - 1, LEVEL2))
    later = [
        replace(
            page,
            blocks=(beside, *(cropped(block, left) if isinstance(block, Grid) else block for block in page.blocks)),
        )
        for page in others
    ]
    found = read_forms([first, *later], fiscal_year=2024)
    told = [(row[2], *row[3:]) for row in map(pick, found.indicators)]
    assert told == [(row[2], *row[3:]) for row in wanted(one)]
    # a first level outside the grid is taken from nowhere but rows that print it
    levels = {(row["level1"], row["level2"]) for row in found.indicators}
    assert levels <= {*LEVELS, *((None, level2) for _, level2 in LEVELS if left == LEVEL2)}
    assert found.grids == {(page.number, 0) for page in (first, *others)}
    assert all(is_performance(page.grids[0].matrix) for page in later)


@pytest.mark.parametrize("seed", range(6))
def test_lists_go_on_after_a_page_that_one_cell_fills(seed: int) -> None:
    chance = random.Random(seed)
    one, table = one_long_entry(chance, repeat=seed % 2 == 0)
    first, *others = pages_of(table)
    cell = Printed(0, 0, "（一）做好各项工作。\n（二）完成2项任务。")
    filled = Page(2, (Line("（三）统筹推进。"), Grid(2, 1, 1, (cell,), "ruling", xs=(40.0, 500.0))))
    later = [
        replace(page, number=number, blocks=tuple(replace(grid, page=number) for grid in page.grids))
        for number, page in enumerate(others, 3)
    ]
    found = read_forms([first, filled, *later], fiscal_year=2024)
    assert [pick(row) for row in found.indicators] == wanted(one)
