"""Random long budgets as several provinces print them, with what every amount and indicator of theirs means.

No two amounts of a document are alike, so that a printed number tells the cell: `truth` has its coordinates by it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.typeset import Cell, Document, PageBreak, Paragraph, Style, Table
from tools.typeset.model import Align, Fact, Ruling

OWN = "云州市民政局"
UNITS = (
    "云州市民政局机关",
    "云州市救助管理站",
    "云州市社会福利院",
    "云州市殡葬管理所",
    "云州市老年大学",
    "云州市婚姻登记中心",
)
#: projects may be named after a unit or a place, and may look like one
PROJECTS = (
    "云州市救助管理站维修改造",
    "养老服务体系建设",
    "社会福利院设备购置",
    "全市婚姻登记档案数字化",
    "困难群众救助补助资金",
    "殡葬管理所火化炉更新",
    "云州市老年大学教学楼修缮项目",
    "公益性公墓建设补助",
    "基层政权和社区建设经费",
    "社会组织孵化基地运行",
    "流浪乞讨人员救助（含未成年人）",
    "2025年春节慰问",
    "第七次地名普查及成果转化",
    "居家适老化改造工程",
    "儿童福利机构运转",
)
CLASSES = (
    ("208", "社会保障和就业支出"),
    ("20802", "民政管理事务"),
    ("2080201", "行政运行"),
    ("2080202", "一般行政管理事务"),
    ("2080299", "其他民政管理事务支出"),
    ("20805", "行政事业单位养老支出"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("20810", "社会福利"),
    ("2081004", "殡葬"),
    ("210", "卫生健康支出"),
    ("21011", "行政事业单位医疗"),
    ("2101101", "行政单位医疗"),
    ("221", "住房保障支出"),
    ("22102", "住房改革支出"),
    ("2210201", "住房公积金"),
)
LEVELS = (
    ("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("成本指标", "经济成本指标"),
    ("效益指标", "社会效益指标"), ("满意度指标", "服务对象满意度指标"),
)  # fmt: skip
TARGETS = ("≥95%", "≤60万元", "=100%", "12个月", "≥1200人次", "优", "≤26万元/年", "＝3批", "有效提高", "≥4.5分")
SIGNS = "政务服务大厅窗口办理事项数量培训人员经费支付及时率设备采购验收合格宣传活动次数群众满意程度系统运行稳定"
FEET = (
    "", "- {} -", "第{}页", "第{}页，共{pages}页", "{}/{pages}", "{}", "—{}—", "Page {} of {pages}", "·{}·",
    "P{}", "[{}]", "页码：{}", "共{pages}页 第{}页", "* {} *", "云州民政 {}", "2025-{}", "{}#", "〔{}〕 预算公开",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """How a document is set; every field is free, and none changes what is meant."""

    seed: int
    head: bool
    foot: str
    foot_align: Align
    title_wraps: bool
    overflow: float
    repeat_header: bool
    cut_rows: bool
    ruling: Ruling
    size: float
    goal: int


@dataclass
class Draft:
    """A document under way."""

    look: Look
    chance: random.Random
    blocks: list[Any] = field(default_factory=list)
    #: what is true of an amount, by the printed number
    truth: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: project, levels, name and target of every indicator in order
    indicators: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def number(self, **meaning: Any) -> Cell:
        """A cell with an amount that no other has."""
        while True:
            printed = f"{self.chance.randint(100, 99_999_999) / 100:,.2f}"
            if printed not in self.truth:
                break
        self.truth[printed] = meaning
        return Cell(printed, align="right", fact=Fact(""))

    def words(self, least: int, most: int) -> str:
        return "".join(self.chance.choice(SIGNS) for _ in range(self.chance.randint(least, most)))

    def add(
        self,
        title: str,
        rows: Sequence[Sequence[Cell]],
        heads: int,
        widths: tuple[float, ...] = (),
        form: str = "other",
    ) -> None:
        """A table with its title, which may wrap where it is one of money, and its unit."""
        look = self.look
        style = Style(
            ruling=look.ruling,
            repeat_header=look.repeat_header,
            cut_rows=look.cut_rows,
            size=look.size,
            name_width=18.0,
            overflow=look.overflow,
        )
        if look.title_wraps and form == "other":
            at = self.chance.randint(len(title) // 3, len(title) - 2)
            title = f"{title[:at]}\n{title[at:]}"
        caption = (f"部门：{OWN}" if self.chance.random() < 0.5 else "", "", "单位：万元")
        done = tuple(tuple(row) for row in rows)
        self.blocks.append(Table(form, title, done, heads, widths, "万元", caption, style=style))


def left(text: str) -> Cell:
    return Cell(text, align="left")


def heads(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text) for text in texts)


def units_listed(draft: Draft) -> None:
    """收入总表: the units of the department, by name only."""
    rows = [heads("单位名称", "合计", "一般公共预算", "政府性基金预算", "事业收入")]
    funds = ("all", "general_public_budget", "government_fund", "institutional_income")
    for name in ("合计", *UNITS):
        whose = OWN if name == "合计" else name
        rows.append(
            (
                left(name),
                *(draft.number(entity=whose, fund=fund, flow="income", code=None, project=None) for fund in funds),
            )
        )
    draft.add("2025年部门收入预算总表", rows, 1)


def expenditure_by_unit(draft: Draft) -> None:
    """支出总表: units as heads of rows, below each its classes, with the prior year beside."""
    rows = [
        (
            *(Cell(text, rowspan=2) for text in ("科目编码", "科目名称", "2024年预算数")),
            Cell("2025年预算数", colspan=3),
        ),
        heads("小计", "基本支出", "项目支出"),
    ]

    def row(code: str, name: str, entity: str) -> None:
        shared = {"entity": entity, "code": code or None, "flow": "expenditure", "project": None}
        cells = [draft.number(**shared, nature="all", year=2024)]
        cells += [draft.number(**shared, nature=nature, year=2025) for nature in ("all", "basic", "project")]
        rows.append((Cell(code, align="left"), left(name), *cells))

    row("", "合计", OWN)
    for unit in UNITS:
        row("", unit, unit)
        for code, name in CLASSES:
            if len(code) < 7 or draft.chance.random() < 0.8:
                row(code, name, unit)
    draft.add("2025年部门支出预算总表", rows, 2)


def projects_by_unit(draft: Draft) -> None:
    """项目支出表: units as heads of rows, projects below, no codes."""
    head = draft.chance.choice(("支出项目类别（资金使用单位）", "单位（项目）名称", "项目名称"))
    rows = [heads(head, "合计", "一般公共预算", "政府性基金预算", "单位资金")]
    funds = ("all", "general_public_budget", "government_fund", "unit_funds")

    def row(name: str, entity: str, project: str | None) -> None:
        own = {"entity": entity, "project": project, "code": None, "nature": "project"}
        rows.append((left(name), *(draft.number(**own, fund=fund) for fund in funds)))

    row("合计", OWN, None)
    for unit in UNITS:
        row(unit, unit, None)
        for project in draft.chance.sample(PROJECTS, draft.chance.randint(2, len(PROJECTS))):
            row(project, unit, project)
    draft.add("2025年部门项目支出预算表", rows, 1)


def projects_in_columns(draft: Draft) -> None:
    """项目支出表: unit, two columns of projects, and classes in columns."""
    rows = [heads("单位名称", "一级项目", "二级项目", "功能科目编码", "功能科目名称", "合计", "财政拨款", "单位资金")]
    funds = ("all", "fiscal_appropriation", "unit_funds")
    for unit in draft.chance.sample(UNITS, 4):
        for project in draft.chance.sample(PROJECTS, 6):
            for number in range(draft.chance.randint(1, 3)):
                code, name = draft.chance.choice([each for each in CLASSES if len(each[0]) == 7])
                second = f"{project[:6]}（{'甲乙丙'[number]}）"
                own = {"entity": unit, "project": f"{project}/{second}", "code": code, "nature": "project"}
                numbers = [draft.number(**own, fund=fund) for fund in funds]
                rows.append((left(unit), left(project), left(second), Cell(code), left(name), *numbers))
    draft.add("2025年部门项目支出明细表", rows, 1)


def summary(draft: Draft) -> None:
    """财政收支总表 with several levels of 其中 on the left."""
    lines: list[tuple[str, str, str]] = [
        ("一、一般公共预算拨款收入", "income", "general_public_budget"),
        ("二、政府性基金预算拨款收入", "income", "government_fund"),
        ("三、国有资本经营预算拨款收入", "income", "state_capital"),
        ("四、财政专户管理资金收入", "income", "special_account"),
        ("其中：教育收费", "income", "education_fees"),
        ("五、单位资金收入", "income", "unit_funds"),
        ("（一）事业收入", "income", "institutional_income"),
        ("其中：上年结转", "opening_balance", "institutional_income"),
        ("（二）上级补助收入", "income", "superior_subsidy"),
        ("本年收入合计", "income", "all"),
        ("上年结转", "opening_balance", "all"),
        ("收入总计", "sources", "all"),
    ]
    sides = ["一、一般公共服务支出", "二、社会保障和就业支出", "三、卫生健康支出", "四、住房保障支出"]
    spent = ["201", "208", "210", "221"]
    rows = [(Cell("收入", colspan=2), Cell("支出", colspan=2)), heads("项目", "预算数", "项目", "预算数")]
    for at, (label, flow, fund) in enumerate(lines):
        own = draft.number(flow=flow, fund=fund, entity=OWN)
        if label == "其中：上年结转":
            # printed below 事业收入 it is a part of it
            draft.truth[own.text] = {"entity": OWN}
        if at < len(sides):
            right = (left(sides[at]), draft.number(flow="expenditure", code=spent[at], entity=OWN))
        elif label == "本年收入合计":
            right = (left("本年支出合计"), draft.number(flow="expenditure", code=None))
        elif label == "上年结转":
            right = (left("结转下年"), draft.number(flow="closing_balance", code=None))
        elif label == "收入总计":
            right = (left("支出总计"), draft.number(flow="uses", code=None))
        else:
            right = (Cell(""), Cell(""))
        rows.append((left(label), own, *right))
    draft.add("2025年部门收支预算总表", rows, 2)


def procurement(draft: Draft) -> None:
    """政府采购表: items below the project that they are for, with levels of 其中."""
    rows = [heads("单位名称", "项目名称", "采购品目", "合计", "一般公共预算", "其他资金")]
    funds = ("all", "general_public_budget", "unit_funds")
    goods = (("A02010105台式计算机", "goods"), ("B0801修缮工程", "works"), ("C16070100系统运维", "services"))
    for unit in draft.chance.sample(UNITS, 3):
        for project in draft.chance.sample(PROJECTS, 4):
            name, item = draft.chance.choice(goods)
            own = {"entity": unit, "project": project, "item": item}
            rows.append((left(unit), left(project), left(name), *(draft.number(**own, fund=fund) for fund in funds)))
    draft.add("2025年部门政府采购预算表", rows, 1)


def units_of_two_levels(draft: Draft) -> None:
    """支出表: departments over their units over classes, all in one column of names with a column of codes."""
    rows = [heads("科目编码", "单位名称（科目名称）", "合计", "基本支出", "项目支出")]
    natures = ("all", "basic", "project")

    def row(code: str, name: str, entity: str, kept: str | None = None) -> None:
        own = {"entity": entity, "code": kept, "flow": "expenditure", "project": None}
        rows.append((Cell(code, align="left"), left(name), *(draft.number(**own, nature=nature) for nature in natures)))

    row("", "合计", OWN)
    for number, parent in enumerate(("云州市民政局", "云州市残疾人联合会", "云州市红十字会"), 1):
        row(f"10{number}", parent, parent)
        for under, unit in enumerate(draft.chance.sample(UNITS, 2), 1):
            own = unit if number == 1 else unit.replace("云州市", parent.removesuffix("会") + "所属")
            row(f"10{number}{under:03}", own, own)
            for code, name in CLASSES:
                if len(code) < 7 or draft.chance.random() < 0.7:
                    row(code, name, own, code)
    draft.add("2025年部门支出预算分单位情况表", rows, 1)


def long_names(draft: Draft) -> None:
    """项目支出表: names and contents of projects that fill many lines and may be cut by the end of a page."""
    rows = [heads("单位名称", "项目名称", "项目内容", "合计", "一般公共预算", "单位资金")]
    funds = ("all", "general_public_budget", "unit_funds")
    for unit in draft.chance.sample(UNITS, 3):
        for project in draft.chance.sample(PROJECTS, 6):
            name = f"{project}（{draft.words(20, 70)}）"
            own = {"entity": unit, "project": name, "nature": "project", "code": None}
            numbers = [draft.number(**own, fund=fund) for fund in funds]
            rows.append((left(unit), left(name), left(draft.words(10, 160)), *numbers))
    draft.add("2025年部门项目支出情况表", rows, 1)


def evaluation_list(draft: Draft) -> None:
    """项目绩效自评表 of several projects: reasons that fill a page, levels merged over the rows that share them."""
    rows = [
        heads(
            "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析"
        )
    ]
    for project in draft.chance.sample(PROJECTS, 5):
        lines = indicators_of(draft, project)
        for at, (*_, name, target) in enumerate(lines):
            over = [Cell(project, rowspan=len(lines))] if not at else []
            score = Cell(str(draft.chance.randint(1, 30)))
            most = min(draft.look.goal, 400) if draft.look.cut_rows else 60
            reason = left(draft.words(5, most)) if draft.chance.random() < 0.3 else Cell("")
            rows.append((*over, *spanned(lines, at), left(name), Cell(target), Cell(target), score, score, reason))
        draft.indicators += lines
    draft.add("2024年度项目支出绩效自评表", rows, 1, (12, 9, 10, 18, 10, 10, 6, 6, 24), "project_self_evaluation")


def target_list(draft: Draft) -> None:
    """项目绩效目标表: one row an indicator, goals that may fill more than a page."""
    look = draft.look
    rows = [heads("单位名称", "项目名称", "年度绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "权重")]
    for unit in draft.chance.sample(UNITS, 2):
        for project in draft.chance.sample(PROJECTS, 4):
            lines = indicators_of(draft, project)
            for at, (*_, name, target) in enumerate(lines):
                goal = draft.words(30, look.goal) + "。"
                over = [Cell(text, rowspan=len(lines)) for text in (unit, project, goal)] if not at else []
                levels = spanned(lines, at)
                rows.append((*over, *levels, left(name), Cell(target), Cell(str(draft.chance.randint(1, 30)))))
            draft.indicators += lines
    draft.add("2025年部门项目支出绩效目标表", rows, 1, (12, 12, 26, 9, 10, 18, 10, 7), "project_targets")


def spanned(lines: Sequence[tuple[str, ...]], at: int) -> Iterator[Cell]:
    """The cells of both levels, merged over the rows that share them."""
    for depth in (1, 2):
        keys = [line[1 : depth + 1] for line in lines]
        if not at or keys[at] != keys[at - 1]:
            yield Cell(keys[at][-1], rowspan=sum(key == keys[at] for key in keys[at:]))


def indicators_of(draft: Draft, project: str) -> list[tuple[str, str, str, str, str]]:
    names = [(first, second) for first, second in LEVELS for _ in range(draft.chance.randint(1, 3))]
    return [(project, *levels, draft.words(4, 24), draft.chance.choice(TARGETS)) for levels in names]


def target_forms(draft: Draft) -> None:
    """Forms one after another, each with its project, funds, goal and indicators."""
    for project in draft.chance.sample(PROJECTS, 4):
        lines = indicators_of(draft, project)
        unit = draft.chance.choice(UNITS)
        rows: list[tuple[Cell, ...]] = [
            (Cell("项目名称", colspan=2), Cell(project, colspan=3)),
            (Cell("主管部门", colspan=2), Cell(OWN), Cell("实施单位"), Cell(unit)),
            (Cell("项目资金\n（万元）", colspan=2, rowspan=3), Cell("年度资金总额："), Cell("100.00", colspan=2)),
            (Cell("其中：财政拨款"), Cell("80.00", colspan=2)),
            (Cell("其他资金"), Cell("20.00", colspan=2)),
            (Cell("总体目标", colspan=2), Cell(draft.words(20, draft.look.goal) + "。", colspan=3, align="left")),
            heads("一级指标", "二级指标", "三级指标", "指标值", "权重"),
        ]
        for at, (_, _, _, name, target) in enumerate(lines):
            weight = Cell(str(draft.chance.randint(1, 30)))
            rows.append((*spanned(lines, at), left(name), Cell(target), weight))
        draft.indicators += lines
        title = draft.chance.choice(("项目支出绩效目标表", f"{project}绩效目标表"))
        draft.add(title, rows, 0, (10, 12, 24, 14, 10), "project_targets")


TABLES = (
    expenditure_by_unit, projects_by_unit, projects_in_columns, summary, procurement, units_of_two_levels, long_names,
    target_list, evaluation_list, target_forms,
)  # fmt: skip


def draft_of(look: Look, tables: Sequence[Any]) -> tuple[Document, Draft]:
    """A document with the list of its units and some of the tables, and what is true of it."""
    draft = Draft(look, random.Random(look.seed))
    draft.blocks.append(Paragraph(f"{OWN}2025年部门预算公开", "title"))
    draft.blocks.append(PageBreak(landscape=True))
    units_listed(draft)
    for table in tables:
        if draft.chance.random() < 0.5:
            draft.blocks.append(PageBreak(landscape=True))
        table(draft)
    document = Document(
        kind="budget",
        fiscal_year=2025,
        entity=OWN,
        blocks=tuple(draft.blocks),
        tier="department",
        head=f"{OWN}2025年部门预算" if look.head else "",
        foot=look.foot,
        foot_align=look.foot_align,
    )
    return document, draft
