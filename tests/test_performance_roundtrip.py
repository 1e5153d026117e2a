"""Performance forms typeset from random contents read back equal, over page breaks and several to a page."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from budgetkit.performance import read_forms
from budgetkit.readers.pdf.pages import read_pdf
from tools.typeset import (
    Document,
    FundLine,
    Indicator,
    Paragraph,
    Performance,
    Style,
    Table,
    expected_indicators,
    expected_project_funds,
    expected_projects,
)
from tools.typeset.describe import read_sample, sample_names
from tools.typeset.forms import Form, build_form
from tools.typeset.render import render

LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标"),
    "满意度指标": ("满意度指标",),
}
CHARACTERS = "政务服务大厅窗口办理事项数量培训人员经费支付及时率设备采购验收合格宣传活动次数群众满意程度系统运行稳定"
TARGETS = (
    "≥15种",
    ">=95%",
    "=100%",
    "≤60万元",
    "=85900元",
    "≥1月&&≤12月",
    "3785.71元/月/人",
    "优",
    "=0效果显著",
    "12个月",
)
RESULTS = ("15种", "100%", "53131.73", "", "优", "达成年度指标", "3785.71元/月/人", "0")
EVALUATED = (
    ("年度资金总额", "10", "24.94%", "2.4"),
    *((line, "—", "—", "—") for line in ("当年财政拨款", "上年结转资金", "其他资金")),
)


def text(chance: random.Random, least: int, most: int) -> str:
    return "".join(chance.choice(CHARACTERS) for _ in range(chance.randint(least, most)))


def amount(chance: random.Random) -> str:
    return f"{chance.randint(0, 999999) / 100:,.2f}"


def indicators(chance: random.Random, evaluated: bool) -> tuple[Indicator, ...]:
    """Up to three of each category, some categories blank."""
    found = []
    for level1, seconds in LEVELS.items():
        for level2 in seconds:
            number = chance.choice((0, 1, 1, 2, 3))
            found += [] if number else [Indicator(level1, level2)]
            for _ in range(number):
                line = Indicator(level1, level2, text(chance, 3, chance.choice((8, 20, 45))), chance.choice(TARGETS))
                if evaluated:
                    points = str(chance.randint(1, 20)), f"{chance.uniform(0, 10):.1f}"
                    reason = chance.choice(("", "", text(chance, 5, 60)))
                    line = replace(
                        line, actual=chance.choice(RESULTS), weight=points[0], score=points[1], reason=reason
                    )
                found.append(line)
    return tuple(found)


def form(chance: random.Random, evaluated: bool) -> Table:
    if evaluated:
        funds = [FundLine(line, *(amount(chance) for _ in range(3)), *rest) for line, *rest in EVALUATED]
    else:
        funds = [FundLine(line, amount(chance)) for line in ("年度资金总额", "财政拨款", "其他资金")]
    contents = Performance(
        project=text(chance, 5, 25),
        entity=text(chance, 5, 12),
        department=text(chance, 5, 12) if evaluated else "",
        funds=tuple(funds),
        indicators=indicators(chance, evaluated),
        total_weight="100" if evaluated else "",
        total_score="84.4" if evaluated else "",
    )
    style = Style(
        ruling=chance.choice(("strokes", "rectangles", "segments")),
        repeat_header=chance.random() < 0.5,
        size=chance.choice((8.0, 9.0, 10.0)),
        white_fills=chance.random() < 0.3,
        title_inside=chance.random() < 0.3,
        # the rest of a last row alone on its page is no table: forms with a total have more than that
        cut_rows=evaluated and chance.random() < 0.5,
    )
    return build_form(
        Form(
            contents,
            "项目支出绩效自评表" if evaluated else "项目支出绩效目标表",
            "project_self_evaluation" if evaluated else "project_targets",
            year="（2024年度）",
            goal=text(chance, 10, 200),
            result=text(chance, 10, 200),
            style=style,
        )
    )


def assert_equal(document: Document) -> None:
    source = read_pdf(render(document), "typeset")
    found = read_forms(source.pages, fiscal_year=document.fiscal_year, entity=document.entity)
    for expected, rows in (
        (expected_projects(document), found.projects),
        (expected_project_funds(document), found.project_funds),
        (expected_indicators(document), found.indicators),
    ):
        assert [cut(row, wanted) for row, wanted in zip(rows, expected, strict=True)] == expected


def cut(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The columns of a row that are expected."""
    return {key: row[key] for key in wanted}


@pytest.mark.parametrize("seed", range(16))
def test_random_forms_read_back_equal(seed: int) -> None:
    chance = random.Random(seed)
    evaluated = seed % 2 == 0
    blocks: list[Paragraph | Table] = []
    for _ in range(chance.randint(1, 3)):
        blocks += [Paragraph(text(chance, 20, 120) + "。") for _ in range(chance.randint(0, 12))]
        blocks.append(form(chance, evaluated))
    assert_equal(Document("final_account" if evaluated else "budget", 2024, "某某局", tuple(blocks)))


@pytest.mark.parametrize(
    "name", [name for name in sample_names() if any(t.performance for t in read_sample(name).tables)]
)
def test_samples_read_back_equal(name: str) -> None:
    assert_equal(read_sample(name))
