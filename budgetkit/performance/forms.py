"""Finished forms as rows of projects, project_funds and indicators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from budgetkit.performance.bodies import Indicator, indicators
from budgetkit.performance.lists import says_all
from budgetkit.performance.model import Field, Form, FundLine, Place
from budgetkit.performance.values import (
    is_nature,
    parse_money,
    parse_parts,
    parse_points,
    parse_rate,
    parse_value,
    printed_target,
)
from budgetkit.performance.vocabulary import plain, role, vocabulary
from budgetkit.printed.names import ending
from budgetkit.printed.widths import fold, squeeze

Row = dict[str, Any]
_TOTAL = "年度资金总额"
_PHASES = ("approved", "revised", "executed")
_MONEY = (*_PHASES, "amount")
_WAN = 10000
_POINTS = ("weight", "score")
#: yuan; no project of a department costs ten billion
_TOO_LARGE = 1e10


@dataclass(frozen=True, slots=True)
class FormRows:
    """The rows of one form, the cells whose values they hold, and what is in doubt."""

    project: Row
    funds: list[Row]
    indicators: list[Row]
    used: set[Place]
    problems: list[str]


def form_id(form: Form) -> str:
    """The id of a form: of a project or a whole department, with results or targets only."""
    titles = vocabulary().titles
    named = "project" in form.fronts or _titled_project(form) is not None
    whole = any(word in form.title for word in titles.whole) or (
        not named and (any(word in form.title for word in titles.department) or "department_name" in form.fronts)
    )
    results = form.head is not None and form.head.has("actual", "score")
    return f"{'department' if whole else 'project'}_{'self_evaluation' if results else 'targets'}"


def form_rows(form: Form, fiscal_year: int | None, entity: str | None, usual: int | None = None) -> FormRows | None:
    """The project, its funds and its indicators, and the cells they come from; None for a blank form.

    `fiscal_year`: year of the document, for forms that print none; `entity`: entity of the document: the department of
    whole-department forms that print no name; `usual`: yuan that one of the document's amounts is worth, for forms that
    print no unit.
    """
    kind = form_id(form)
    lines = indicators(form.rows)
    if not lines and not _has_amount(form):
        return None
    whole = kind.startswith("department")
    project = None if whole else _text(form.fronts.get("project")) or _titled_project(form)
    name = re.sub(f"^{vocabulary().lists.project_code}", "", project) if project else None
    base = {"form": kind, "project": name}
    department = form.fronts.get("department_name") if whole else form.fronts.get("department")
    caption = captioned(form.lines)
    publisher = caption.get("entity") or entity if whole else None
    unit = form.fronts.get("entity")
    problems = [] if form.scale else _without_unit(form, usual)
    form.scale = form.scale or usual
    row = {
        **base,
        "department": _text(department) or caption.get("department") or publisher,
        "entity": _text(unit) or (None if whole else caption.get("entity")),
        "entity_id": None,
        "fiscal_year": _year(form) or fiscal_year,
        **_execution(form),
        "total_weight": _points(form.total.get("weight")),
        "total_score": _points(form.total.get("score")),
        "page": form.page,
    }
    funds = [{**base, **_fund(line, form)} for line in form.funds]
    rows = [{**base, **_indicator(line)} for line in lines]
    problems += [] if whole else _too_large(form, funds, rows)
    return FormRows(row, funds, rows, _used(form, lines, whole), problems)


def _titled_project(form: Form) -> str | None:
    """The project that only the title names: what stands before 绩效 and is no word of every title."""
    if "project" in form.fronts or "department_name" in form.fronts or form.listed is not None:
        return None
    titles = vocabulary().titles
    match = re.fullmatch(titles.named, form.title)
    said = match["project"] if match else ""
    rest = said
    for word in titles.common:
        rest = rest.replace(word, "")
    return said if len(rest) > 1 and not re.fullmatch(rf".*{ending('titles')}([(].*[)])?", said) else None


def _without_unit(form: Form, usual: int | None) -> list[str]:
    """What to say of a form that prints amounts and no unit."""
    amounts = [field.text for line in form.funds for name, field in line.fields.items() if name in _MONEY]
    if not any(parse_money(text, 1) is not None and parse_money(text, None) is None for text in amounts):
        return []
    unit = {1: "元", _WAN: "万元"}.get(usual or 0)
    return [
        "a performance form prints no unit of money, " + (f"{unit} is inferred" if unit else "its amounts are not read")
    ]


def _too_large(form: Form, funds: Sequence[Row], rows: Sequence[Row]) -> list[str]:
    """What to say of a project's amounts that stand under 万元 and are yuan by their size; they are kept as printed."""
    amounts = {fund[name] for fund in funds for name in _MONEY if fund[name]}
    spoken = {row["target_value"] * _WAN * _WAN for row in rows if row["target_unit"] == "万元"}
    if form.scale == _WAN and (amounts & spoken or max(amounts, default=0) >= _TOO_LARGE):
        return ["amounts of a performance form are printed under 万元, are 元 by their size and are kept as printed"]
    return []


def captioned(lines: Sequence[str]) -> dict[str, str]:
    """Department and entity from captions like `单位名称：某局`.

    >>> captioned(["部门名称：某局\\t单位：万元"])
    {'department': '某局'}
    """
    found: dict[str, str] = {}
    for line in lines:
        for part in re.split(r"[\t\u3000]|\s{2,}", line):
            label, colon, value = squeeze(part).replace("：", ":", 1).partition(":")
            means = role(vocabulary().caption_roles, label) if colon else None
            if means and value:
                found.setdefault(means, value)
    return found


def _has_amount(form: Form) -> bool:
    filled = any(parse_points(field.text) is not None for line in form.funds for field in line.fields.values())
    return filled and ("project" in form.fronts or "department_name" in form.fronts)


def _year(form: Form) -> int | None:
    """The year in the title, or in a line of its own; prose over a form may speak of other years."""
    titles = vocabulary().titles
    own = [text for text in map(fold, reversed(form.lines)) if re.fullmatch(titles.year_line, text)]
    for text in (form.title, *own):
        match = re.search(titles.year, text)
        if match:
            return int(match[1])
    return None


def _execution(form: Form) -> Row:
    """Amounts of 年度资金总额 and its execution; the one amount of target forms is the approved budget."""
    line = next((line for line in form.funds if line.line == _TOTAL), None)
    fund = _fund(line, form) if line else {}
    stated = form.execution_weight
    weight = fund.get("weight")
    return {
        **{phase: fund.get(phase) for phase in _PHASES},
        "approved": fund.get("approved") if fund.get("amount") is None else fund["amount"],
        "execution_rate": fund.get("execution_rate"),
        "execution_weight": _points(stated) if weight is None else weight,
        "execution_score": fund.get("score"),
    }


def _fund(line: FundLine, form: Form) -> Row:
    fields = line.fields
    amounts = {name: fields[name].text for name in _MONEY if name in fields}
    return {
        "line": line.line,
        **{name: parse_money(amounts[name], form.scale) if name in amounts else None for name in _MONEY},
        "weight": _points(fields.get("weight")),
        "execution_rate": parse_rate(rate.text, line.percent) if (rate := fields.get("execution_rate")) else None,
        "score": _points(fields.get("score")),
        "page": line.label.places[0].page if line.label.places else form.page,
    }


def _indicator(line: Indicator) -> Row:
    fields = line.fields
    nature, value, unit = (_text(fields.get(name)) or "" for name in ("nature", "target", "unit"))
    nature = nature if is_nature(nature) else ""
    target = parse_parts(nature, value, unit) if nature or unit else parse_value(value)
    actual_text = _text(fields.get("actual"))
    actual = parse_value(actual_text or "")
    return {
        "level1": _text(line.levels[0]),
        "level2": _text(line.levels[1]),
        "level3": _text(fields.get("level3")),
        "target": printed_target(nature, value, unit) or None,
        "target_operator": target.operator,
        "target_value": None if target.value is None else float(target.value),
        "target_unit": target.unit,
        "actual": actual_text,
        "actual_value": None if actual.value is None else float(actual.value),
        "actual_unit": actual.unit,
        "prior_actual": _text(fields.get("prior_actual")),
        "weight": _points(fields.get("weight")),
        "score": _points(fields.get("score")),
        "reason": _text(fields.get("reason")),
        "page": line.page,
    }


def _used(form: Form, lines: list[Indicator], whole: bool) -> set[Place]:
    """The cells whose text or value stands in a row; what could not be read as a number is left over."""
    shown = ("department_name", "entity") if whole else ("project", "department", "entity")
    fields = [form.fronts[name] for name in shown if name in form.fronts]
    points = [*form.total.values(), form.execution_weight]
    for fund in form.funds:
        fields += [fund.label] if fund.line == plain(fund.label.text) else []
        fields += [
            field
            for name, field in fund.fields.items()
            if name in _MONEY and parse_money(field.text, form.scale) is not None
        ]
        points += [field for name, field in fund.fields.items() if name not in _MONEY]
    for line in lines:
        fields += [level for level in line.levels if level is not None]
        fields += [field for name, field in line.fields.items() if name not in _POINTS]
        points += [line.fields.get(name) for name in _POINTS]
    fields += [field for field in points if field is not None and parse_points(field.text) is not None]
    partly = form.packed.places if form.packed is not None and not says_all(form.packed.text) else ()
    return {place for field in fields for place in field.places}.difference(partly)


def _text(field: Field | None) -> str | None:
    return field.text or None if field is not None else None


def _points(field: Field | None) -> float | None:
    return None if field is None else parse_points(field.text)
