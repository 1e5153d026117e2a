"""Performance forms as tables with merged and vertically printed cells."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from budgetkit.typeset.model import Cell, Indicator, Performance, Style, Table

_FUNDS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
_RESULTS = ("三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")


@dataclass(frozen=True)
class Form:
    """A performance form as described: its contents and the prose around them."""

    contents: Performance
    title: str
    year: str = ""
    goal: str = ""
    result: str = ""
    unit: str = "万元"
    #: whether rows of one second level share its cell, or each prints it
    merge_level2: bool = True
    #: further head lines or columns of target forms, by printed label
    extras: tuple[tuple[str, str], ...] = ()
    style: Style = field(default=Style())


def self_evaluation(form: Form, kind: str = "project_self_evaluation") -> Table:
    """项目支出绩效自评表 as of 2020-2022: funds, goals, indicators with results, scores and total."""
    contents = form.contents
    rows: list[tuple[Cell, ...]] = [
        (Cell("项目名称", colspan=2), Cell(contents.project, colspan=8)),
        (
            Cell("主管部门", colspan=2),
            Cell(contents.department, colspan=3),
            Cell("实施单位", colspan=2),
            Cell(contents.entity, colspan=3),
        ),
        (
            Cell(f"项目资金\n（{form.unit}）", colspan=2, rowspan=1 + len(contents.funds)),
            Cell("", colspan=2),
            *(Cell(text) for text in _FUNDS),
        ),
    ]
    for line in contents.funds:
        label = line.line if line.line in ("年度资金总额", "其他资金", "上年结转资金") else f"其中：{line.line}"
        numbers = (line.approved, line.revised, line.executed, line.weight, line.rate, line.score)
        rows.append((Cell(label, colspan=2, align="left"), *(Cell(text) for text in numbers)))
    rows += [
        (Cell("年度总体目标", rowspan=2, vertical=True), Cell("预期目标", colspan=4), Cell("实际完成情况", colspan=5)),
        (Cell(form.goal, colspan=4, align="left"), Cell(form.result, colspan=5, align="left")),
    ]
    head = Cell("年度绩效指标完成情况", rowspan=1 + len(contents.indicators), vertical=True)
    titles = [Cell(text, colspan=2 if text == "三级指标" else 1) for text in _RESULTS]
    rows.append((head, Cell("一级指标", vertical=False), Cell("二级指标"), *titles))
    rows += [
        (
            *levels,
            Cell(line.level3, colspan=2, align="left"),
            *(Cell(text) for text in (line.target, line.actual, line.weight, line.score)),
            Cell(line.reason, align="left"),
        )
        for levels, line in zip(_level_cells(form), contents.indicators, strict=True)
    ]
    rows.append((Cell("总分", colspan=7), Cell(contents.total_weight), Cell(contents.total_score), Cell("")))
    return Table(
        form=kind,
        title=form.title,
        rows=tuple(rows),
        widths=(4.2, 5.2, 8, 7, 10, 11.5, 11.5, 7.5, 8.5, 16),
        unit=form.unit,
        caption=("", form.year, ""),
        performance=contents,
        style=form.style,
    )


def plain_targets(form: Form) -> Table:
    """项目支出绩效目标表 as of 2020: three levels and one column of values."""
    contents = form.contents
    total, *parts = contents.funds
    money: list[Cell] = [Cell("年度资金总额："), Cell(total.approved)]
    for line, prefix in itertools.zip_longest(parts, ("其中：",), fillvalue=""):
        if not isinstance(line, str):
            money += [Cell(f"{prefix}{line.line}"), Cell(line.approved)]
    rows: list[tuple[Cell, ...]] = [
        (Cell("预算单位"), Cell(contents.entity, colspan=3), Cell("项目名称"), Cell(contents.project, colspan=2)),
        (Cell(f"项目资金（{form.unit}）"), *money),
        (Cell("项目总体目标"), Cell(form.goal, colspan=6, align="left")),
        (
            Cell("一级指标"),
            Cell("二级指标"),
            Cell("三级指标", colspan=3),
            Cell("指标值（包含数字及文字描述）", colspan=2),
        ),
    ]
    rows += [
        (*levels, Cell(line.level3, colspan=3, align="left"), Cell(line.target, colspan=2))
        for levels, line in zip(_level_cells(form), contents.indicators, strict=True)
    ]
    return Table(
        form="project_targets",
        title=form.title,
        rows=tuple(rows),
        widths=(16, 16, 14, 16, 16, 12, 14),
        unit=form.unit,
        performance=contents,
        style=form.style,
    )


def weighted_targets(form: Form) -> Table:
    """项目支出绩效目标表 as of 2024: with the standard, last year's value, weight, scoring rule and evidence.

    The columns beside level, value and weight come from `extras` of the form, one list a row, keyed by row number.
    """
    contents = form.contents
    total, *parts = contents.funds
    money = [Cell("年度预算总额", colspan=2), Cell(total.approved)]
    for line, prefix in itertools.zip_longest(parts, ("其中：",), fillvalue=""):
        if not isinstance(line, str):
            money += [Cell(f"{prefix}{line.line}", colspan=1), Cell(line.approved)]
    rows: list[tuple[Cell, ...]] = [
        (Cell("预算单位", colspan=2), Cell(contents.entity, colspan=7)),
        (
            Cell("项目名称", colspan=2),
            Cell(contents.project, colspan=4),
            Cell("项目负责人", colspan=2),
            Cell(""),
        ),
        (Cell(f"项目资金({form.unit})", colspan=2), *money),
        (Cell("项目总体目标", colspan=2), Cell(form.goal, colspan=7, align="left")),
        tuple(
            Cell(text)
            for text in (
                *("一级指标", "二级指标", "三级指标", "指标值", "指标值设置依据"),
                *("上年完成值", "指标分值权重", "指标赋分规则", "佐证资料"),
            )
        ),
    ]
    extras = [tuple(text.split("|")) for _, text in form.extras]
    for levels, line, (basis, last, rule, papers) in zip(_level_cells(form), contents.indicators, extras, strict=True):
        values = (line.target, basis, last, line.weight, rule)
        rows.append(
            (
                *levels,
                Cell(line.level3, align="left"),
                *(Cell(text) for text in values),
                Cell(papers, align="left"),
            )
        )
    return Table(
        form="project_targets",
        title=form.title,
        rows=tuple(rows),
        widths=(8, 9, 20, 11, 10, 11, 9, 11, 14),
        unit=form.unit,
        caption=("", form.year, ""),
        performance=contents,
        style=form.style,
    )


def department_targets(form: Form) -> Table:
    """部门整体绩效目标表: sources of money, goals, indicators with basis and kind of weight; contacts stay blank."""
    contents = form.contents
    extras = [tuple(text.split("|")) for _, text in form.extras]
    rows: list[tuple[Cell, ...]] = [
        (Cell("部门名称（盖章）", colspan=2), Cell(contents.entity, colspan=4)),
        (Cell("部门联系人", colspan=2), Cell("", colspan=2), Cell("联系电话"), Cell("")),
        (Cell("年度绩效目标", colspan=2), Cell(form.goal, colspan=4, align="left")),
        (
            Cell(f"年度预算（{form.unit}）", colspan=2, rowspan=1 + len(contents.funds)),
            Cell("资金来源", colspan=2),
            Cell(f"资金总额（{form.unit}）", colspan=2),
        ),
    ]
    for i, line in enumerate(contents.funds):
        group = "财政资金" if i == 0 else "其他资金"
        left = (
            [Cell(f"{group}（{form.unit}）", rowspan=len(contents.funds) - 1 if i == 0 else 1)] if i in (0, 2) else []
        )
        rows.append((*left, Cell(line.line), Cell(line.approved, colspan=2)))
    titles = ("一级指标", "二级指标", "三级指标", "指标值", "指标设定依据", "分值权重")
    rows.append(tuple(Cell(text) for text in titles))
    for levels, line, (basis, weight) in zip(_level_cells(form), contents.indicators, extras, strict=True):
        rows.append(
            (*levels, Cell(line.level3, align="left"), Cell(line.target), Cell(basis, align="left"), Cell(weight))
        )
    return Table(
        form="department_targets",
        title=form.title,
        rows=tuple(rows),
        widths=(12, 14, 24, 14, 24, 12),
        unit=form.unit,
        caption=("", form.year, ""),
        performance=contents,
        style=form.style,
    )


def _level_cells(form: Form) -> list[tuple[Cell, ...]]:
    """First and second level, merged over the rows that share them and printed once."""
    indicators, merge2 = form.contents.indicators, form.merge_level2
    rows: list[tuple[Cell, ...]] = []
    for i, line in enumerate(indicators):
        cells: list[Cell] = []
        before = indicators[i - 1] if i else None
        same1 = before is not None and before.level1 == line.level1
        if not same1:
            cells.append(Cell(line.level1, rowspan=_run(indicators, i, 1)))
        if not merge2 or not same1 or before is None or before.level2 != line.level2:
            cells.append(Cell(line.level2, rowspan=_run(indicators, i, 2) if merge2 else 1))
        rows.append(tuple(cells))
    return rows


def _run(indicators: tuple[Indicator, ...], start: int, level: int) -> int:
    def key(line: Indicator) -> tuple[str, ...]:
        return (line.level1, line.level2)[:level]

    return len(list(itertools.takewhile(lambda line: key(line) == key(indicators[start]), indicators[start:])))
