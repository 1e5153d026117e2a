"""Performance forms as tables with merged and vertically printed cells."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from budgetkit.errors import SpecError
from tools.typeset.model import Cell, Indicator, Performance, Style, Table

Rows = list[tuple[Cell, ...]]

_FUNDS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
_RESULTS = ("三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
_TARGETS = ("指标值设置依据", "上年完成值", "指标分值权重", "指标赋分规则", "佐证资料")
#: lines of funds that are no part of the line above
_WHOLE = ("年度资金总额", "上年结转资金", "其他资金")


@dataclass(frozen=True)
class Form:
    """A performance form as described: its contents and the prose around them."""

    contents: Performance
    title: str
    kind: str = "project_self_evaluation"
    year: str = ""
    goal: str = ""
    result: str = ""
    unit: str = "万元"
    #: whether rows of one second level share its cell, or each prints it
    merge_level2: bool = True
    #: fields of each indicator that target forms print beside level, value and weight
    extras: tuple[tuple[str, ...], ...] = ()
    style: Style = field(default=Style())


def build_form(form: Form) -> Table:
    """Make the table of a form, its layout told by kind and by the fields of its indicators.

    Raises
    ------
    SpecError
        When no layout prints such a form.
    """
    width = len(form.extras[0]) if form.extras else 0
    layout = _LAYOUTS.get((form.kind, width))
    if layout is None:
        raise SpecError(f"form {form.title!r}: no layout of {form.kind} with {width} further fields")
    rows, widths = layout
    return Table(
        form=form.kind,
        title=form.title,
        rows=tuple(rows(form)),
        widths=widths,
        unit=form.unit,
        caption=("", form.year, ""),
        performance=form.contents,
        style=form.style,
    )


def _self_evaluation(form: Form) -> Rows:
    """项目支出绩效自评表 as of 2020-2022: funds, goals, indicators with results, scores and total."""
    contents = form.contents
    head = Cell("年度绩效指标完成情况", rowspan=1 + len(contents.indicators), vertical=True)
    titles = [Cell(text, colspan=2 if text == "三级指标" else 1) for text in _RESULTS]
    return [
        *_evaluation_head(form),
        (Cell("年度总体目标", rowspan=2, vertical=True), Cell("预期目标", colspan=4), Cell("实际完成情况", colspan=5)),
        (Cell(form.goal, colspan=4, align="left"), Cell(form.result, colspan=5, align="left")),
        (head, Cell("一级指标"), Cell("二级指标"), *titles),
        *(
            (
                *levels,
                Cell(line.level3, colspan=2, align="left"),
                *(Cell(text) for text in (line.target, line.actual, line.weight, line.score)),
                Cell(line.reason, align="left"),
            )
            for levels, line in zip(_level_cells(form), contents.indicators, strict=True)
        ),
        (Cell("总分", colspan=7), Cell(contents.total_weight), Cell(contents.total_score), Cell("")),
    ]


def _evaluation_head(form: Form) -> Rows:
    contents = form.contents
    names = (
        Cell("主管部门", colspan=2),
        Cell(contents.department, colspan=3),
        Cell("实施单位", colspan=2),
        Cell(contents.entity, colspan=3),
    )
    rows: Rows = [(Cell("项目名称", colspan=2), Cell(contents.project, colspan=8)), names]
    label = Cell(f"项目资金\n（{form.unit}）", colspan=2, rowspan=1 + len(contents.funds))
    rows.append((label, Cell("", colspan=2), *(Cell(text) for text in _FUNDS)))
    for line in contents.funds:
        name = line.line if line.line in _WHOLE else f"其中：{line.line}"
        numbers = (line.approved, line.revised, line.executed, line.weight, line.rate, line.score)
        rows.append((Cell(name, colspan=2, align="left"), *(Cell(text) for text in numbers)))
    return rows


def _plain_targets(form: Form) -> Rows:
    """项目支出绩效目标表 as of 2020: three levels and one column of values."""
    contents = form.contents
    return [
        (Cell("预算单位"), Cell(contents.entity, colspan=3), Cell("项目名称"), Cell(contents.project, colspan=2)),
        (Cell(f"项目资金（{form.unit}）"), *_money_cells(form, Cell("年度资金总额："))),
        (Cell("项目总体目标"), Cell(form.goal, colspan=6, align="left")),
        (
            *(Cell("一级指标"), Cell("二级指标"), Cell("三级指标", colspan=3)),
            Cell("指标值（包含数字及文字描述）", colspan=2),
        ),
        *(
            (*levels, Cell(line.level3, colspan=3, align="left"), Cell(line.target, colspan=2))
            for levels, line in zip(_level_cells(form), contents.indicators, strict=True)
        ),
    ]


def _weighted_targets(form: Form) -> Rows:
    """项目支出绩效目标表 as of 2024: with the standard, last year's value, weight, scoring rule and evidence."""
    contents = form.contents
    rows: Rows = [
        (Cell("预算单位", colspan=2), Cell(contents.entity, colspan=7)),
        (Cell("项目名称", colspan=2), Cell(contents.project, colspan=4), Cell("项目负责人", colspan=2), Cell("")),
        (Cell(f"项目资金({form.unit})", colspan=2), *_money_cells(form, Cell("年度预算总额", colspan=2))),
        (Cell("项目总体目标", colspan=2), Cell(form.goal, colspan=7, align="left")),
        tuple(Cell(text) for text in ("一级指标", "二级指标", "三级指标", "指标值", *_TARGETS)),
    ]
    for levels, line, extra in zip(_level_cells(form), contents.indicators, form.extras, strict=True):
        basis, last, rule, papers = extra
        values = (Cell(text) for text in (line.target, basis, last, line.weight, rule))
        rows.append((*levels, Cell(line.level3, align="left"), *values, Cell(papers, align="left")))
    return rows


def _money_cells(form: Form, label: Cell) -> list[Cell]:
    total, *parts = form.contents.funds
    cells = [label, Cell(total.approved)]
    for i, line in enumerate(parts):
        cells += [Cell(line.line if i else f"其中：{line.line}"), Cell(line.approved)]
    return cells


def _department_targets(form: Form) -> Rows:
    """部门整体绩效目标表: sources of money, goals, indicators with basis and weight; contacts stay blank."""
    contents = form.contents
    label = Cell(f"年度预算（{form.unit}）", colspan=2, rowspan=1 + len(contents.funds))
    rows: Rows = [
        (Cell("部门名称（盖章）", colspan=2), Cell(contents.department, colspan=4)),
        (Cell("部门联系人", colspan=2), Cell("", colspan=2), Cell("联系电话"), Cell("")),
        (Cell("年度绩效目标", colspan=2), Cell(form.goal, colspan=4, align="left")),
        (label, Cell("资金来源", colspan=2), Cell(f"资金总额（{form.unit}）", colspan=2)),
    ]
    *fiscal, other = contents.funds
    for i, fund in enumerate(fiscal):
        group = [] if i else [Cell(f"财政资金（{form.unit}）", rowspan=len(fiscal))]
        rows.append((*group, Cell(fund.line), Cell(fund.approved, colspan=2)))
    rows.append((Cell(f"其他资金（{form.unit}）"), Cell(other.line), Cell(other.approved, colspan=2)))
    titles = ("一级指标", "二级指标", "三级指标", "指标值", "指标设定依据", "分值权重")
    rows.append(tuple(Cell(text) for text in titles))
    for levels, line, extra in zip(_level_cells(form), contents.indicators, form.extras, strict=True):
        more = (Cell(line.target), Cell(extra[0], align="left"), Cell(line.weight))
        rows.append((*levels, Cell(line.level3, align="left"), *more))
    return rows


#: rows and relative column widths, by kind and number of further fields an indicator has
_LAYOUTS: dict[tuple[str, int], tuple[Callable[[Form], Rows], tuple[float, ...]]] = {
    ("project_self_evaluation", 0): (_self_evaluation, (4.2, 5.2, 8, 7, 10, 11.5, 11.5, 7.5, 8.5, 16)),
    ("project_targets", 0): (_plain_targets, (16, 16, 14, 16, 16, 12, 14)),
    ("project_targets", 4): (_weighted_targets, (8, 9, 20, 11, 10, 11, 9, 11, 14)),
    ("department_targets", 1): (_department_targets, (12, 14, 24, 14, 24, 12)),
}


def _level_cells(form: Form) -> Rows:
    """First and second level, merged over the rows that share them and printed once."""
    indicators = form.contents.indicators
    rows: Rows = []
    for i, line in enumerate(indicators):
        cells = []
        new1 = i == 0 or indicators[i - 1].level1 != line.level1
        if new1:
            cells.append(Cell(line.level1, rowspan=_run(indicators[i:], 1)))
        if new1 or not form.merge_level2 or indicators[i - 1].level2 != line.level2:
            cells.append(Cell(line.level2, rowspan=_run(indicators[i:], 2) if form.merge_level2 else 1))
        rows.append(tuple(cells))
    return rows


def _run(indicators: tuple[Indicator, ...], level: int) -> int:
    """How many indicators from the first on share its levels."""
    keys = [(line.level1, line.level2)[:level] for line in indicators]
    return sum(1 for _ in itertools.takewhile(keys[0].__eq__, keys))
