"""Random disclosures that add up in every table and in prose, for tests of the audit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import strategies as kit
from hypothesis import strategies as st

from budgetkit import codes
from tools.typeset import Document, PageBreak, Paragraph, Table
from tools.typeset.money import Block, Column, Money, Row, build

PARTS = (("基本支出", "basic"), ("项目支出", "project"))


def wan(cents: int) -> str:
    """Hundredths of 万元 as printed."""
    return f"{cents / 100:,.2f}"


@st.composite
def clean_documents(draw: st.DrawFn) -> Document:
    """A final account or budget whose seven tables and prose agree to the last digit."""
    kind = draw(st.sampled_from(["budget", "final_account"]))
    year = draw(st.integers(2019, 2026))
    entity = draw(st.sampled_from(kit.ENTITIES))
    # codes and names that were given up in some year are findings in themselves
    gone = tuple(change.code_before for change in codes.changes() if change.code_before)
    leaves = [code for code in draw(kit.codes("function", 6)) if not code.startswith(gone)] or ["2010301"]
    amounts = {code: tuple(draw(st.integers(1, 99_999)) for _ in PARTS) for code in leaves}
    economic = draw(kit.codes("economic_department", 8))
    economic = [code for code in economic if code[:3] in ("301", "302", "303", "310")] or ["30101"]
    basic = sum(values[0] for values in amounts.values())
    shares = _split(draw, basic, len(economic))
    style: Any = draw(st.sampled_from(["one", "levels", "merged"]))
    tables = _tables(kind, leaves, amounts, dict(zip(economic, shares, strict=True)), style)
    word = "预算" if kind == "budget" else "决算"
    blocks: list[Any] = [Paragraph(f"{entity}{year}年{'度' if kind == 'final_account' else ''}部门{word}公开", "title")]
    for money in tables:
        titled = replace(
            money, title=kit.TITLES[kind][money.form][0], caption=(f"编制单位：{entity}", "", "单位：万元"),
            style=draw(kit.styles()),
        )  # fmt: skip
        blocks += [_table(titled), PageBreak()]
    blocks += [Paragraph(text) for text in _prose(kind, year, entity, amounts)]
    return Document(kind=kind, fiscal_year=year, entity=entity, blocks=tuple(blocks), tier="department")


def _table(money: Money) -> Table:
    return build(money)


def _split(draw: st.DrawFn, whole: int, parts: int) -> list[int]:
    """A whole number cut into parts, none negative."""
    cuts = sorted(draw(st.lists(st.integers(0, whole), min_size=parts - 1, max_size=parts - 1)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, whole], strict=True)]


def _tables(
    kind: str, leaves: list[str], amounts: dict[str, tuple[int, ...]], economic: dict[str, int], style: Any
) -> list[Money]:
    phase = "approved" if kind == "budget" else "executed"
    spending = _coded("expenditure", leaves, amounts, style, phase, True)
    general = _coded("general_budget_expenditure", leaves, amounts, style, phase, True)
    income = _coded("income", leaves, amounts, style, phase, False)
    basic = _coded(
        "general_budget_basic_expenditure", list(economic), {k: (v,) for k, v in economic.items()}, style, phase, None
    )
    total = sum(map(sum, amounts.values()))
    return [
        _summary("income_expenditure_summary", kind, amounts, total, phase), income, spending,
        _summary("fiscal_appropriation_summary", kind, amounts, total, phase), general, basic, _three_public(phase),
    ]  # fmt: skip


def _coded(
    form: str, leaves: list[str], amounts: dict[str, tuple[int, ...]], style: Any, phase: str, spending: bool | None
) -> Money:
    book = "economic_department" if spending is None else "function"
    if spending is None:
        columns = [Column(("合计",), "total", phase)]
    elif spending:
        columns = [Column((title,), measure, phase) for title, measure in (("合计", "total"), *PARTS)]
    else:
        columns = [
            Column(("合计",), "total", phase),
            Column(("财政拨款收入",), "fiscal_appropriation", phase),
            Column(("其他收入",), "other_income", phase),
        ]

    def row(code: str, label: str) -> Row:
        below = [amounts[leaf] for leaf in leaves if leaf.startswith(code)]
        parts = [sum(values) for values in zip(*below, strict=True)]
        whole = sum(parts)
        values = [whole] if spending is None else [whole, *parts] if spending else [whole, whole, 0]
        return Row(label, tuple(map(wan, values)), code)

    names = kit.code_book(book)
    rows = [row(code, names[code]) for code in kit.with_parents(leaves) if code in names]
    block = Block(
        tuple(columns), (*rows, row("", "合计")), ("科目名称",), ("科目编码",), codes=style, scheme=book,
    )  # fmt: skip
    return Money(form, "", (block,))


def _summary(form: str, kind: str, amounts: dict[str, tuple[int, ...]], total: int, phase: str) -> Money:
    names = kit.code_book("function")
    sections = sorted({code[:3] for code in amounts})
    spent = {code: sum(sum(v) for leaf, v in amounts.items() if leaf.startswith(code)) for code in sections}
    title = "预算数" if kind == "budget" else "决算数"
    right = [Row(f"{kit.ordinal(k + 1)}、{names[code]}", (wan(spent[code]),)) for k, code in enumerate(sections)]
    left = [Row("一、一般公共预算财政拨款收入", (wan(total),)), Row("二、政府性基金预算财政拨款收入", (wan(0),))]
    size = max(len(left), len(right))
    left += [Row()] * (size - len(left)) + [Row("本年收入合计", (wan(total),)), Row("收入总计", (wan(total),))]
    right += [Row()] * (size - len(right)) + [Row("本年支出合计", (wan(total),)), Row("支出总计", (wan(total),))]
    return Money(
        form, "",
        (
            Block((Column(("收入", title), "total", phase),), tuple(left), ("收入", "项目"), side="income"),
            Block((Column(("支出", title), "total", phase),), tuple(right), ("支出", "项目"), side="expenditure"),
        ),
    )  # fmt: skip


def _three_public(phase: str) -> Money:
    values = (6_50, 1_00, 4_50, 3_00, 1_50, 1_00)
    columns = tuple(
        Column(tuple(path.split("/")), "total", phase, name) for path, name in kit.THREE_PUBLIC
    )  # fmt: skip
    return Money("three_public", "", (Block(columns, (Row("", tuple(map(wan, values))),), ()),))


def _prose(kind: str, year: int, entity: str, amounts: dict[str, tuple[int, ...]]) -> list[str]:
    total = sum(map(sum, amounts.values()))
    basic, project = (sum(values[k] for values in amounts.values()) for k in (0, 1))
    before = total * 2 // 3 + 1
    none = "本单位没有使用政府性基金预算拨款、国有资本经营预算拨款安排的支出。"
    if kind == "budget":
        return ["一、收支预算情况说明", f"{entity}{year}年收入预算{wan(total)}万元，支出预算{wan(total)}万元。", none]
    return [
        "一、收入支出决算总体情况说明",
        f"{year}年度收入总计{wan(total)}万元，支出总计{wan(total)}万元。",
        f"支出总计与上年相比，增加{wan(total - before)}万元，增长{(total - before) / before:.2%}。",
        "二、支出决算情况说明",
        f"{year}年度本年支出{wan(total)}万元，其中：基本支出{wan(basic)}万元，占{basic / total:.2%}；"
        f"项目支出{wan(project)}万元，占{project / total:.2%}。",
        none,
    ]
