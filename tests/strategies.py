"""Random disclosures for round trips: tables of real codes in all layouts, whose truth `expected_facts` knows."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from budgetkit.specs import read_csv
from tools.typeset import Document, PageBreak, Paragraph, Style, Table
from tools.typeset.money import Block, CodeStyle, Column, Money, Row, build

ENTITIES = ("某市政务服务中心", "某区政府办公室", "某县财政局", "某市水利局（本级）")
TITLES = {
    "budget": {
        "income_expenditure_summary": ("部门收支总体情况表", "收支预算总表"),
        "income": ("部门收入总体情况表", "收入预算总表"),
        "expenditure": ("部门支出总体情况表", "支出预算总表"),
        "fiscal_appropriation_summary": ("财政拨款收支预算总体情况表", "财政拨款收支预算总表"),
        "general_budget_expenditure": ("一般公共预算支出情况表", "一般公共预算支出表"),
        "general_budget_basic_expenditure": ("一般公共预算基本支出情况表", "一般公共预算基本支出表"),
        "government_fund": ("政府性基金预算支出情况表", "政府性基金预算支出表"),
        "state_capital": ("国有资本经营预算支出情况表", "国有资本经营预算支出表"),
        "three_public": ("财政拨款“三公”经费支出情况表", "一般公共预算“三公”经费支出情况表"),
    },
    "final_account": {
        "income_expenditure_summary": ("收入支出决算总表",),
        "income": ("收入决算表",),
        "expenditure": ("支出决算表",),
        "fiscal_appropriation_summary": ("财政拨款收入支出决算总表",),
        "general_budget_expenditure": ("一般公共预算财政拨款支出决算表",),
        "general_budget_basic_expenditure": ("一般公共预算财政拨款基本支出决算表",),
        "government_fund": ("政府性基金预算财政拨款收入支出决算表",),
        "state_capital": ("国有资本经营预算财政拨款支出决算表",),
        "three_public": ("财政拨款“三公”经费支出决算表", "一般公共预算财政拨款“三公”经费支出决算表"),
    },
}
INCOME = (
    ("本年收入合计", "total"),
    ("财政拨款收入", "fiscal_appropriation"),
    ("上级补助收入", "superior_subsidy"),
    ("事业收入", "institutional_income"),
    ("经营收入", "business_income"),
    ("附属单位上缴收入", "affiliate_remittance"),
    ("其他收入", "other_income"),
)
THREE_PUBLIC = (
    ("合计", "合计"),
    ("因公出国（境）费", "因公出国（境）费"),
    ("公务用车购置及运行维护费/小计", "公务用车购置及运行费"),
    ("公务用车购置及运行维护费/公务用车购置费", "公务用车购置费"),
    ("公务用车购置及运行维护费/公务用车运行维护费", "公务用车运行费"),
    ("公务接待费", "公务接待费"),
)
CHINESE = "一二三四五六七八九十"
#: more columns than this stand on landscape pages only
PORTRAIT_COLUMNS = 7


@cache
def code_book(name: str) -> dict[str, str]:
    """Codes and names of one code book, the first name of each code."""
    book: dict[str, str] = {}
    for row in read_csv(f"codes/{name}.csv"):
        book.setdefault(row["code"], row["name"])
    return book


@st.composite
def codes(draw: st.DrawFn, book: str, most: int = 14) -> list[str]:
    """Sorted leaf codes whose parents the book knows."""
    known = code_book(book)
    size = max(map(len, known))
    leaves = sorted(code for code in known if len(code) == size and code[:3] in known and code[: size - 2] in known)
    few = draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=most, unique=True))
    return sorted(few)


def with_parents(leaves: list[str]) -> list[str]:
    """Every leaf after its parents, each parent once."""
    every = {code[:end] for code in leaves for end in (3, 5, 7)}
    return sorted(every)


@st.composite
def styles(draw: st.DrawFn) -> Style:
    """Any way to draw a table."""
    repeat = draw(st.booleans())
    return Style(
        ruling=draw(st.sampled_from(["strokes", "rectangles", "segments"])),
        repeat_header=repeat,
        repeat_caption=repeat and draw(st.booleans()),
        size=draw(st.sampled_from([6.5, 7.5, 8.0, 9.0, 10.5])),
        cut_rows=draw(st.booleans()),
        white_fills=draw(st.booleans()),
        title_inside=draw(st.booleans()),
        number_width=draw(st.sampled_from([1.0, 1.0, 1.0, 0.7])),
        name_width=draw(st.sampled_from([5.0, 15.0, 30.0])),
        line_width=draw(st.sampled_from([0.36, 0.48, 0.75, 1.0])),
        padding=draw(st.sampled_from([1.5, 2.5, 4.0])),
    )


@st.composite
def amounts(draw: st.DrawFn, leaves: int, columns: int) -> list[list[int]]:
    """Cents for each leaf and each column but the total."""
    cents = st.one_of(st.just(0), st.integers(1, 99_999), st.integers(100_000, 999_999_999))
    return draw(st.lists(st.lists(cents, min_size=columns, max_size=columns), min_size=leaves, max_size=leaves))


@st.composite
def formats(draw: st.DrawFn) -> tuple[str, bool]:
    """How numbers are printed: pattern, and whether zeros are blank."""
    return draw(st.sampled_from(["{:,.2f}", "{:.2f}"])), draw(st.booleans())


def printed(cents: int, form: tuple[str, bool]) -> str:
    """One number as printed; "" for a blank zero."""
    pattern, blank = form
    return "" if blank and cents == 0 else pattern.format(cents / 100)


@st.composite
def coded_rows(draw: st.DrawFn, book: str, columns: int, style: CodeStyle) -> tuple[Row, ...]:
    """Rows of a coded table: leaves with or without their parents, 合计 first or last, adding up or not."""
    leaves = draw(codes(book, draw(st.sampled_from([3, 8, 40]))))
    shown = with_parents(leaves) if style == "own" or draw(st.booleans()) else leaves
    parts = dict(zip(leaves, draw(amounts(len(leaves), max(columns - 1, 1))), strict=True))
    form = draw(formats())

    def row(code: str, label: str) -> Row:
        below = [parts[leaf] for leaf in leaves if leaf.startswith(code)]
        sums = [sum(values) for values in zip(*below, strict=True)]
        values = [sum(sums), *sums] if columns > 1 else sums
        return Row(label, tuple(printed(value, form) for value in values), code)

    body = [row(code, code_book(book)[code]) for code in shown]
    total = row("", draw(st.sampled_from(["合计", "合　计", "总计"])))
    if draw(st.booleans()):
        wrong = draw(st.integers(0, len(body) - 1))
        values = (draw(st.integers(1, 9_999_999)), *[0] * (columns - 1))
        body[wrong] = Row(body[wrong].label, tuple(printed(value, form) for value in values), body[wrong].code)
    return (total, *body) if draw(st.booleans()) else (*body, total)


@st.composite
def coded_tables(draw: st.DrawFn, form: str, kind: str) -> Money:
    """支出表, 收入表, 基本支出表 and their kin: one block."""
    basic = form == "general_budget_basic_expenditure"
    book = "economic_department" if basic else "function"
    phase = "approved" if kind == "budget" else "executed"
    style: CodeStyle = draw(st.sampled_from(["one", "levels", "own", "merged"]))
    if form == "income":
        columns = [Column((title,), measure, phase) for title, measure in INCOME]
    else:
        parts = (
            (("人员经费", "personnel"), ("公用经费", "public_use"))
            if basic
            else (("基本支出", "basic"), ("项目支出", "project"))
        )
        over = draw(st.sampled_from([(), ("本年支出",)]))
        columns = [Column((*over, title), measure, phase) for title, measure in (("合计", "total"), *parts)]
    over = draw(st.sampled_from([(), ("项目",)]))
    what = "经济分类" if basic else "功能分类"
    block = Block(
        columns=tuple(columns),
        rows=draw(coded_rows(book, len(columns), style)),
        label_path=(*over, "科目名称"),
        code_path=(*over, f"{what}科目编码"),
        codes=style,
        scheme=book,
        merge_totals=draw(st.booleans()),
    )
    return Money(
        form, "", (block,), index=draw(st.sampled_from(["", "栏次", "※"])), vertical_header=draw(st.booleans())
    )


@st.composite
def basic_side_by_side(draw: st.DrawFn, kind: str) -> Money:
    """基本支出 as two blocks of code, name and amount."""
    phase = "approved" if kind == "budget" else "executed"
    form = draw(formats())
    blocks = []
    for title, classes in (("人员经费", ("301", "303")), ("公用经费", ("302", "310"))):
        shown = [code for code in sorted(code_book("economic_department")) if code[:3] in classes]
        shown = shown[: draw(st.integers(1, len(shown)))]
        values = draw(amounts(len(shown), 1))
        rows = tuple(
            Row(code_book("economic_department")[code], (printed(value[0], form),), code)
            for code, value in zip(shown, values, strict=True)
        )
        blocks.append(
            Block(
                columns=(Column((title, "金额"), "total", phase),),
                rows=rows,
                label_path=(title, "科目名称"),
                code_path=(title, "科目编码"),
                codes="one",
                scheme="economic_department",
            )
        )
    total = printed(draw(st.integers(1, 9_999_999)), form)
    footer = (("人员经费合计", 2), (total, 1), ("公用经费合计", 2), (total, 1))
    return Money("general_budget_basic_expenditure", "", tuple(blocks), footer=footer)


@st.composite
def summaries(draw: st.DrawFn, form: str, kind: str) -> Money:
    """Two-sided summaries: income without codes, expenditure with ordinals or joined codes."""
    phase = "approved" if kind == "budget" else "executed"
    number = "预算数" if kind == "budget" else "决算数"
    joined = draw(st.booleans())
    look = draw(formats())
    sections = [code for code in sorted(code_book("function")) if len(code) == 3][: draw(st.integers(4, 25))]
    spent = draw(amounts(len(sections), 1))
    total = printed(sum(value[0] for value in spent), look)
    right = []
    for i, (code, (value,)) in enumerate(zip(sections, spent, strict=True)):
        name = code_book("function")[code]
        label = name if joined else f"{ordinal(i + 1)}、{name}"
        right.append(Row(label, (printed(value, look),), code if joined else ""))
    incomes = ["一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入"]
    incomes += ["事业收入"] * (form == "income_expenditure_summary")
    left = [
        Row(f"{ordinal(i + 1)}、{name}", (total if i == 0 else printed(0, look),)) for i, name in enumerate(incomes)
    ]
    left += [Row()] * (len(right) - len(left))
    left.append(Row("收入总计", (total,)))
    right.append(Row("支出总计", (total,)))
    lines = draw(st.booleans())
    blocks = (
        Block(
            (Column(("收入", number), "total", phase),),
            tuple(left),
            ("收入", "项目"),
            side="income",
            first_line=int(lines),
        ),
        Block(
            (Column(("支出", number), "total", phase),),
            tuple(right),
            ("支出", "项目"),
            codes="joined" if joined else "none",
            joint=draw(st.sampled_from(["{code} {label}", "[{code}]{label}", "{code}-{label}"])),
            side="expenditure",
            first_line=(len(right) + 1) * lines,
        ),
    )
    return Money(form, "", blocks, index=draw(st.sampled_from(["", "栏次"])))


def ordinal(number: int) -> str:
    """Chinese numeral below 100: 二十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else CHINESE[tens - 1]) + ("十" if tens else "") + (CHINESE[ones - 1] if ones else "")


@st.composite
def three_public(draw: st.DrawFn, kind: str) -> Money:
    """“三公”经费: one wide row, budget beside final account in final accounts, or a list."""
    look = draw(formats())
    halves = [("", "approved")] if kind == "budget" else [("全年预算数", "revised"), ("决算数", "executed")]
    values = draw(amounts(len(halves), len(THREE_PUBLIC)))
    if kind == "budget" and draw(st.booleans()):
        rows = tuple(Row(name, (printed(v, look),)) for (_, name), v in zip(THREE_PUBLIC, values[0], strict=True))
        return Money("three_public", "", (Block((Column(("预算数",)),), rows, ("项目",)),))
    columns = tuple(
        Column(tuple(filter(None, (over, *path.split("/")))), "total", phase, name)
        for over, phase in halves
        for path, name in THREE_PUBLIC
    )
    row = Row("", tuple(printed(value, look) for half in values for value in half))
    return Money("three_public", "", (Block(columns, (row,), ()),))


@st.composite
def empty_tables(draw: st.DrawFn, form: str, kind: str) -> Money:
    """A table without numbers, with its note."""
    phase = "approved" if kind == "budget" else "executed"
    columns = tuple(
        Column(("本年支出", title), measure, phase)
        for title, measure in (("合计", "total"), ("基本支出", "basic"), ("项目支出", "project"))
    )
    rows = draw(st.sampled_from([(), (Row(),), (Row("合计"),)]))
    block = Block(columns, rows, ("科目名称",), ("功能分类科目编码",), codes=draw(st.sampled_from(["one", "levels"])))
    note = draw(st.sampled_from(["注：本单位无此项支出，故本表为空表。", "备注：此表为空表。"]))
    return Money(form, "", (block,), notes=(note,))


@st.composite
def tables(draw: st.DrawFn, form: str, kind: str, entity: str, year: int) -> Table:
    """A table of one form in any layout."""
    if form.endswith("_summary"):
        money = draw(summaries(form, kind))
    elif form == "three_public":
        money = draw(three_public(kind))
    elif form in ("government_fund", "state_capital"):
        money = draw(empty_tables(form, kind))
    elif form == "general_budget_basic_expenditure" and draw(st.booleans()):
        money = draw(basic_side_by_side(kind))
    else:
        money = draw(coded_tables(form, kind))
    unit = draw(st.sampled_from(["万元", "元"]))
    title = draw(st.sampled_from(TITLES[kind][form]))
    prefix = draw(st.sampled_from(["", f"{year}年度", f"{year}年"])) if kind == "budget" else ""
    said = draw(st.sampled_from(["单位：", "金额单位："]))
    values = {field: getattr(money, field) for field in money.__dataclass_fields__}
    values |= {
        "title": prefix + title,
        "unit": unit,
        "caption": (f"编制单位：{entity}", draw(st.sampled_from(["", f"{year}年度"])), f"{said}{unit}"),
        "corner": draw(st.sampled_from(["", "公开01表"])),
        "style": draw(styles()),
    }
    return build(Money(**values))


@st.composite
def documents(draw: st.DrawFn, most: int = 4) -> Document:
    """A disclosure of one to `most` tables of different forms, with 0-2 page breaks more than it needs."""
    kind = draw(st.sampled_from(["budget", "final_account"]))
    year = draw(st.integers(2018, 2026))
    entity = draw(st.sampled_from(ENTITIES))
    forms = draw(st.lists(st.sampled_from(sorted(TITLES[kind])), min_size=1, max_size=most, unique=True))
    word = "预算" if kind == "budget" else "决算"
    blocks: list[Paragraph | PageBreak | Table] = [
        Paragraph(f"{entity}{year}年{'度' if kind == 'final_account' else ''}部门{word}公开", "title")
    ]
    lie, breaks = PageBreak(), 2
    for form in forms:
        table = draw(tables(form, kind, entity, year))
        if table.columns > PORTRAIT_COLUMNS and not (lie.landscape or lie.rotated):
            lie = draw(st.sampled_from([PageBreak(landscape=True), PageBreak(rotated=True)]))
            blocks.append(lie)
        elif breaks and draw(st.booleans()):
            breaks -= 1
            upright = [PageBreak()] if table.columns <= PORTRAIT_COLUMNS else []
            lie = draw(st.sampled_from([*upright, PageBreak(landscape=True), PageBreak(rotated=True)]))
            blocks.append(lie)
        if draw(st.booleans()):
            blocks.append(Paragraph("以下为本单位的报表。"))
        blocks.append(table)
    return Document(
        kind=kind,
        fiscal_year=year,
        entity=entity,
        blocks=tuple(blocks),
        tier="department",
        head=draw(st.sampled_from(["", f"{entity}{year}年部门{word}"])),
        foot=draw(st.sampled_from(["", "- {} -", "第{}页"])),
        order=draw(st.sampled_from(["reading", "reading", "reversed"])),
    )
