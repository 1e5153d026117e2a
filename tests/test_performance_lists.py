"""Lists of several projects' targets, typeset at random, read back equal: over page breaks, inside cells, without heads."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest

from budgetkit.performance import Performance, read_forms
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
#: sign, value and unit as printed in three columns, and as they are read
PARTS = (
    ("≥", "15", "种"),
    ("=", "100.00", "%"),
    ("≤", "26", "万元"),
    ("定性", "优", ""),
    ("≥", "99", "%"),
    ("≤", "12", "个月"),
    ("定性", "良好", ""),
)
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
        Target(levels, words(chance, 4, chance.choice((8, 14, 30))), chance.choice(PARTS))
        for levels in LEVELS
        for _ in range(chance.randint(1, 3))
    )
    return Entry(words(chance, 6, 18), chance.randint(1, 99999) * 100.0, words(chance, 20, chance.choice((60, 400, 1100))), targets)


def list_table(chance: random.Random, entries: tuple[Entry, ...]) -> Table:
    """The table of a list; signs stand before or behind the values, levels merged or on every row."""
    turned, merged = chance.random() < 0.3, chance.random() < 0.5
    tail = ("本年绩效指标值", "绩效度量单位", "绩效指标性质") if turned else ("绩效指标性质", "本年绩效指标值", "绩效度量单位")
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
    style = Style(
        ruling=chance.choice(("strokes", "rectangles", "segments")),
        repeat_header=chance.random() < 0.5,
        cut_rows=chance.random() < 0.5,
        size=chance.choice((7.0, 8.0, 9.0)),
    )
    widths = (14, 10, 26, 10, 12, 18, 9, 11, 8)
    caption = ("", "", "单位：万元")
    return Table("project_targets", "项目支出绩效目标表", tuple(rows), 1, widths, "万元", caption, style=style)


def read_back(table: Table) -> Performance:
    document = Document("budget", 2024, "某某局", (table,))
    return read_forms(read_pdf(render(document), "typeset").pages, fiscal_year=2024, entity="某某局")


def wanted(one: Entry) -> list[tuple[Any, ...]]:
    return [(one.project, *target.levels, target.name, "".join(target.parts)) for target in one.targets]


def pick(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("project", "level1", "level2", "level3", "target"))


@pytest.mark.parametrize("seed", range(24))
def test_random_lists_read_back_equal(seed: int) -> None:
    chance = random.Random(seed)
    entries = tuple(entry(chance) for _ in range(chance.randint(2, 6)))
    found = read_back(list_table(chance, entries))
    assert [(row["project"], row["approved"]) for row in found.projects] == [(one.project, one.amount) for one in entries]
    assert [pick(row) for row in found.indicators] == [row for one in entries for row in wanted(one)]
