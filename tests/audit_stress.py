"""Random departments whose tables add up, in forms that tempt a checker: units, 其中, carry-over, phases, prior years.

Amounts are whole yuan and printed rounded, so that sums of printed figures are off by last digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import strategies as kit
from hypothesis import strategies as st

from budgetkit import codes
from tools.typeset import Cell, Document, PageBreak, Paragraph, Table
from tools.typeset.money import header_rows

UNITS = ("某市水利局本级", "某市水文站", "某市河道管理所")
NATURES, SOURCES = ("基本支出", "项目支出", "经营支出"), ("fiscal", "school", "institutional", "other")
Filter = Callable[["Line"], bool]


@dataclass(frozen=True, slots=True)
class Line:
    """Money of one unit, code, kind of spending and source, in yuan."""

    unit: str
    code: str
    nature: str
    source: str
    yuan: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a department spends, what it had and keeps, and how it prints that."""

    kind: str
    year: int
    lines: tuple[Line, ...]
    carried: int
    kept: int
    by_unit: bool
    prior: bool
    unit: str

    def sum(self, *tests: Filter) -> int:
        """Of all lines that pass."""
        return sum(line.yuan for line in self.lines if all(test(line) for test in tests))

    def shown(self, yuan: int) -> str:
        """As printed; nothing is blank."""
        return "" if not yuan else f"{yuan / 10_000:,.2f}" if self.unit == "万元" else f"{yuan:,.2f}"


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A department with one to three units; amounts are multiples of twelve, so that thirds and quarters add up."""
    kind = draw(st.sampled_from(["budget", "final_account"]))
    gone = tuple(change.code_before for change in codes.changes() if change.code_before)
    leaves = [code for code in draw(kit.codes("function", 5)) if not code.startswith(gone)] or ["2010301"]
    units = UNITS[: draw(st.integers(1, 3))]
    lines = [Line(units[0], leaves[0], "基本支出", "fiscal", 12 * draw(st.integers(1, 9_000_000)))]
    for unit in units:
        for code in leaves:
            for nature in NATURES:
                if draw(st.booleans()):
                    source = draw(st.sampled_from(SOURCES[nature == "经营支出" :]))
                    lines.append(Line(unit, code, nature, source, 12 * draw(st.integers(1, 9_000_000))))
    carried = draw(st.sampled_from([0, sum(line.yuan for line in lines if line.source == "other") // 2]))
    kept = draw(st.sampled_from([0, carried // 2]))
    flags = [draw(st.booleans()) for _ in range(2)]
    return Plan(kind, draw(st.integers(2021, 2026)), tuple(lines), carried, kept, flags[0], flags[1],
                draw(st.sampled_from(["万元", "元"])))  # fmt: skip


def document(plan: Plan) -> Document:
    """The tables of a plan and some words."""
    word = "预算" if plan.kind == "budget" else "决算"
    blocks: list[Any] = [Paragraph(f"某市水利局{plan.year}年度部门{word}公开", "title")]
    for table in (_summary(plan, word), _income(plan, word), _spending(plan, word), _general(plan, word),
                  _units(plan, word), _empty(plan, word)):  # fmt: skip
        blocks += [table, PageBreak()]
    blocks += [
        Paragraph(f"一、收支{word}情况说明"),
        Paragraph(f"{plan.year}年度支出总计{plan.shown(plan.sum() + plan.kept)}{plan.unit}。"),
        Paragraph("本部门没有政府性基金预算拨款安排的支出，也没有国有资本经营预算拨款安排的支出。"),
    ]
    return Document(plan.kind, plan.year, "某市水利局", tuple(blocks), tier="department")  # type: ignore[arg-type]


def _table(plan: Plan, form: str, title: str, paths: Sequence[tuple[str, ...]], rows: Sequence[Sequence[str]]) -> Table:
    head = header_rows(list(paths))
    body = tuple(tuple(Cell(text, align="left" if k < 3 else "right") for k, text in enumerate(row)) for row in rows)
    return Table(
        form, title, (*head, *body), len(head), unit=plan.unit,
        caption=("编制单位：某市水利局", "", f"单位：{plan.unit}"),
    )  # fmt: skip


def _source(*names: str) -> Filter:
    return lambda line: line.source in names


def _nature(*names: str) -> Filter:
    return lambda line: line.nature in names


def _under(code: str) -> Filter:
    return lambda line: line.code.startswith(code)


def _of(unit: str) -> Filter:
    return lambda line: line.unit == unit


def _summary(plan: Plan, word: str) -> Table:
    """收支总表 with carry-over on both sides, and a column of the year before."""
    book, sections = kit.code_book("function"), sorted({line.code[:3] for line in plan.lines})
    total, after = plan.sum(), plan.sum() + plan.kept
    # what came in this year, so that both sides are equal
    other = after - plan.carried - plan.sum(_source("fiscal", "school", "institutional"))
    left = [("一、一般公共预算财政拨款收入", plan.sum(_source("fiscal"))), ("二、政府性基金预算财政拨款收入", 0)]
    left += [
        ("三、事业收入", plan.sum(_source("school", "institutional"))),
        ("其中：教育收费", plan.sum(_source("school"))),
    ]
    left += [("四、其他收入", other)]
    right = [(f"{kit.ordinal(k + 1)}、{book[code]}", plan.sum(_under(code))) for k, code in enumerate(sections)]
    size = max(len(left), len(right))
    left += [("", 0)] * (size - len(left)) + [("本年收入合计", after - plan.carried), ("年初结转和结余", plan.carried)]
    right += [("", 0)] * (size - len(right)) + [("本年支出合计", total), ("年末结转和结余", plan.kept)]
    left, right = [*left, ("收入总计", after)], [*right, ("支出总计", after)]
    heads: list[tuple[str, ...]] = [("收入", "项目"), ("收入", f"{word}数"), ("支出", "项目"), ("支出", f"{word}数")]
    rows = [[one, plan.shown(a), two, plan.shown(b)] for (one, a), (two, b) in zip(left, right, strict=True)]
    if plan.prior:
        heads = [*heads[:2], ("收入", f"上年{word}数"), *heads[2:], ("支出", f"上年{word}数")]
        rows = [[*row[:2], plan.shown(a // 3), *row[2:], plan.shown(b // 3)]
                for row, (_, a), (_, b) in zip(rows, left, right, strict=True)]  # fmt: skip
    return _table(
        plan, "income_expenditure_summary", kit.TITLES[plan.kind]["income_expenditure_summary"][0], heads, rows
    )


def _coded(plan: Plan, columns: Sequence[Filter], *own: Filter) -> list[list[str]]:
    """合计 and every code after its parents, the units' rows one after the other where they are told apart."""
    book = kit.code_book("function")
    rows = [["", "合计", *(plan.shown(plan.sum(column, *own)) for column in columns)]]
    for unit in dict.fromkeys(line.unit for line in plan.lines) if plan.by_unit else ("",):
        tests = (*own, _of(unit)) if unit else own
        leaves = sorted({line.code for line in plan.lines if all(test(line) for test in tests)})
        if unit and leaves:
            rows.append(["", unit, *(plan.shown(plan.sum(column, *tests)) for column in columns)])
        for code in kit.with_parents(leaves):
            rows.append([code, book[code], *(plan.shown(plan.sum(column, _under(code), *tests)) for column in columns)])
    return rows


def _any(_: Line) -> bool:
    return True


def _income(plan: Plan, word: str) -> Table:
    """收入表 with 教育收费 as a part of 事业收入; nothing where carry-over has no code to stand under."""
    columns = (_any, _source("fiscal"), _source("school", "institutional"), _source("school"), _source("other"))
    heads = [("科目编码",), ("科目名称",), ("合计",), ("一般公共预算拨款",), ("事业收入", "金额"),
             ("事业收入", "其中：教育收费"), ("其他收入",)]  # fmt: skip
    rows = _coded(plan, columns) if not plan.carried and not plan.kept else []
    rows = rows or [["", "", "", "", "", "", ""]]
    return _table(plan, "income", kit.TITLES[plan.kind]["income"][0], heads, rows)


def _spending(plan: Plan, word: str) -> Table:
    columns = (_any, *(_nature(name) for name in NATURES))
    heads = [("科目编码",), ("科目名称",), ("合计",), *((name,) for name in NATURES)]
    return _table(plan, "expenditure", kit.TITLES[plan.kind]["expenditure"][0], heads, _coded(plan, columns))


def _general(plan: Plan, word: str) -> Table:
    """一般公共预算: in accounts 年初预算, 调整 and 决算 side by side; in budgets the year before and the change."""
    own = _source("fiscal")
    rows = _coded(plan, (_any, _nature("基本支出"), _nature("项目支出", "经营支出")), own)
    made, amounts = [], _coded(Plan(**{**{f: getattr(plan, f) for f in plan.__slots__}, "unit": "元"}), (_any,), own)
    for row, (_, _, whole) in zip(rows, amounts, strict=True):
        yuan = round(float(whole.replace(",", "") or 0))
        before, change = yuan // 4, yuan - yuan // 4
        made.append([*row[:2], *([plan.shown(before), *row[2:], plan.shown(change)] if plan.kind == "budget" else
                                 [plan.shown(before), plan.shown(change), *row[2:]])])  # fmt: skip
    names = [("科目编码",), ("科目名称",)]
    now = [(f"{plan.year}年{word}数", name) for name in ("小计", "基本支出", "项目支出")]
    heads = ([*names, (f"{plan.year - 1}年执行数",), *now, ("比上年增减额",)] if plan.kind == "budget" else
             [*names, ("年初预算数",), ("调整预算数",), *(("决算数", name) for _, name in now)])  # fmt: skip
    form = "general_budget_expenditure"
    return _table(plan, form, kit.TITLES[plan.kind][form][0], heads, made)


def _units(plan: Plan, word: str) -> Table:
    """Units as columns: a table that is turned."""
    units = list(dict.fromkeys(line.unit for line in plan.lines))
    heads = [("项目",), ("合计",), *((unit,) for unit in units)]
    rows = [[name, *(plan.shown(plan.sum(test, *own)) for own in ((), *((_of(unit),) for unit in units)))]
            for name, test in (("合计", _any), *((name, _nature(name)) for name in NATURES))]  # fmt: skip
    return _table(plan, "other", f"所属单位支出{word}情况表", heads, rows)


def _empty(plan: Plan, word: str) -> Table:
    heads = [("科目编码",), ("科目名称",), ("合计",), ("基本支出",), ("项目支出",)]
    form = "government_fund"
    return _table(plan, form, kit.TITLES[plan.kind][form][0], heads, [["", "", "", "", ""], ["", "合计", "", "", ""]])
