"""A department and its units, budgets and final accounts of two years, that agree with each other to the last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.typeset import Cell, Document, PageBreak, Paragraph, Table
from tools.typeset.money import header_rows

WHOLE = "某市水利局"
UNITS = ("某市水文站", "某市河道管理所")
NAMES = {
    "208": "社会保障和就业支出", "20805": "行政事业单位养老支出", "2080502": "事业单位离退休",
    "213": "农林水支出", "21303": "水利", "2130304": "水利行业业务管理", "2130306": "水利工程运行与维护",
}  # fmt: skip
Kind = Literal["budget", "final_account"]
#: hundredths of 万元 by code of 项, 基本支出 and 项目支出
Money = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Member:
    """One document of the family."""

    kind: Kind
    year: int
    #: whose document; "" is the department's
    unit: str = ""

    @property
    def name(self) -> str:
        """Its file's stem."""
        return f"{self.unit or WHOLE}_{self.year}_{self.kind}"


def planned(year: int, unit: int) -> dict[str, tuple[int, int]]:
    """What a unit may spend in a year."""
    step = 100 * unit + 7 * (year - 2020)
    return {"2080502": (41_234 + 3 * step, 0), "2130304": (73_519 + 11 * step, 5_210 + step),
            "2130306": (0, 88_307 + 17 * step)}  # fmt: skip


def spent(year: int, unit: int) -> dict[str, tuple[int, int]]:
    """What it spends."""
    return {
        code: (basic - basic // 37, project - project // 23) for code, (basic, project) in planned(year, unit).items()
    }


def _sum(listed: Sequence[Money]) -> dict[str, tuple[int, int]]:
    return {code: (sum(one[code][0] for one in listed), sum(one[code][1] for one in listed)) for code in listed[0]}


def _of(which: Member, year: int, kind: Kind) -> dict[str, tuple[int, int]]:
    way = planned if kind == "budget" else spent
    units = [UNITS.index(which.unit)] if which.unit else range(len(UNITS))
    return _sum([way(year, unit) for unit in units])


def _coded(columns: Sequence[tuple[Money, tuple[int, ...]]]) -> list[list[str]]:
    """合计 and every code after its parents."""

    def shown(prefix: str) -> list[str]:
        sums = (
            sum(money[code][part] for code in money if code.startswith(prefix) for part in parts)
            for money, parts in columns
        )
        return [f"{one / 100:,.2f}" if one else "" for one in sums]

    return [["", "合计", *shown("")], *([code, name, *shown(code)] for code, name in NAMES.items())]


def document(which: Member) -> Document:
    """支出表 by code and nature; 一般公共预算 with the budget or the year before beside; the units of a department."""
    who, word = which.unit or WHOLE, "预算" if which.kind == "budget" else "决算"
    own = _of(which, which.year, which.kind)
    parts = [(own, (0, 1)), (own, (0,)), (own, (1,))]
    names: list[tuple[str, ...]] = [("科目编码",), ("科目名称",)]
    spending = ("expenditure", f"支出{word}表", [*names, ("合计",), ("基本支出",), ("项目支出",)], _coded(parts))
    beside, head = (_of(which, which.year - 1, which.kind), f"{which.year - 1}年{word}数")
    columns = [(beside, (0, 1)), *parts]
    heads = [*names, (head,), *((f"{which.year}年{word}数", name) for name in ("小计", "基本支出", "项目支出"))]
    if which.kind == "final_account":
        columns.insert(1, (_of(which, which.year, "budget"), (0, 1)))
        heads.insert(3, ("年初预算数",))
    title = "一般公共预算支出表" if which.kind == "budget" else "一般公共预算财政拨款支出决算表"
    general = ("general_budget_expenditure", title, heads, _coded(columns))
    tables = [spending, general, *([] if which.unit else [_units(which, word)])]
    blocks: list[Paragraph | Table | PageBreak] = [
        Paragraph(f"{who}{which.year}年度{'单位' if which.unit else '部门'}{word}公开", "title")
    ]
    for form, title, heads, rows in tables:
        blocks += [_table(form, title, who, heads, rows), PageBreak()]
    return Document(which.kind, which.year, who, tuple(blocks), tier="unit" if which.unit else "department")


def _units(which: Member, word: str) -> tuple[str, str, list[tuple[str, ...]], list[list[str]]]:
    """What each unit spends."""
    rows = []
    for unit in ("合计", *UNITS):
        own = _of(Member(which.kind, which.year, "" if unit == "合计" else unit), which.year, which.kind)
        basic, project = (sum(pair[k] for pair in own.values()) for k in (0, 1))
        rows.append([unit, *(f"{one / 100:,.2f}" for one in (basic + project, basic, project))])
    return "other", f"所属单位支出{word}情况表", [("单位名称",), ("合计",), ("基本支出",), ("项目支出",)], rows


def _table(form: str, title: str, who: str, paths: Sequence[tuple[str, ...]], rows: Sequence[Sequence[str]]) -> Table:
    head = header_rows(list(paths))
    body = tuple(tuple(Cell(text, align="left" if k < 2 else "right") for k, text in enumerate(row)) for row in rows)
    return Table(form, title, (*head, *body), len(head), unit="万元", caption=(f"编制单位：{who}", "", "单位：万元"))


FAMILY = (
    *(Member(kind, year) for year in (2023, 2024) for kind in ("budget", "final_account")),  # type: ignore[arg-type]
    *(Member("budget", 2024, unit) for unit in UNITS),
)
