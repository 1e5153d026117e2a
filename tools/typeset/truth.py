"""What a reader must find in a typeset document, told by its description alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tools.typeset.meaning import coordinates, side_of_balance
from tools.typeset.model import UNITS, Cell, Document, Indicator, Table

_NUMBER = re.compile(r"(\()?([-+]?)(\d[\d,]*)(\.\d+)?(%)?(\))?")
_CONDITION = re.compile(r"(>=|<=|≥|≤|=|>|<)?(-?\d[\d,]*(?:\.\d+)?)(.*)")
_OPERATORS = {"≥": ">=", "≤": "<="}
#: "=0 效果显著": a word of judgement behind a 0 that says nothing
_JUDGEMENT = re.compile(r"=0[^\d.%]{3,}")
_TARGET_FORMS = ("project_targets", "department_targets")
#: lines of funds by the names of the contract
_LINES = {"财政拨款": "当年财政拨款", "其他": "其他资金"}


def amount_of(printed: str, unit: str) -> tuple[float, float] | None:
    """Yuan and quantum of a printed number; None where it is none ("", "—").

    >>> amount_of("1,234.50", "万元"), amount_of("(2)", "元"), amount_of("—", "元")
    ((12345000.0, 100.0), (-2.0, 1.0), None)
    """
    match = _NUMBER.fullmatch(printed)
    if match is None:
        return None
    value = Decimal(match[3].replace(",", "") + (match[4] or ""))
    value = -value if match[1] or match[2] == "-" else value
    quantum = Decimal(1).scaleb(-max(len(match[4] or "") - 1, 0))
    worth = Decimal("0.01") if match[5] else Decimal(UNITS[unit])
    return float(value * worth), float(quantum * worth)


def expected_facts(document: Document) -> list[dict[str, Any]]:
    """The facts of all money tables, in printed order.

    Returns
    -------
    list of dict
        Keys table (position among the tables), form, flow, fund, nature, item, aspect, economic, phase, scheme, code,
        name, project, entity, is_total, amount (yuan), quantum, printed; None where there is none. Cells without a
        number give no fact.
    """
    return [
        fact
        for position, table in enumerate(document.tables)
        for cell, balances in _after_balances(table)
        if (fact := fact_of(table, cell, position, balances)) is not None
    ]


def _after_balances(table: Table) -> Iterator[tuple[Cell, bool]]:
    """Every cell, and whether a balance stands above it on its side."""
    seen: set[str | None] = set()
    for row in table.rows:
        for cell in row:
            yield cell, cell.fact is not None and cell.fact.side in seen
        seen.update(filter(None, (side_of_balance("".join(cell.text.split())) for cell in row)))


def fact_of(table: Table, cell: Cell, position: int, after_balances: bool = False) -> dict[str, Any] | None:
    """The fact of one cell; None where it holds no number of meaning."""
    printed = "".join(cell.text.split())
    number = amount_of(printed, table.unit)
    if cell.fact is None or number is None:
        return None
    fact = cell.fact
    return {
        "table": position,
        "form": table.form,
        **coordinates(table.form, fact.side, fact.measure, fact.name, after_balances)._asdict(),
        "phase": fact.phase,
        "scheme": fact.scheme,
        "code": fact.code,
        "name": fact.name,
        "project": fact.project,
        "entity": fact.entity,
        "is_total": fact.is_total,
        "amount": number[0],
        "quantum": number[1],
        "printed": printed,
    }


def expected_projects(document: Document) -> list[dict[str, Any]]:
    """The projects of all performance forms: columns as in the frame `projects`, None where nothing is printed."""
    found = []
    for table in document.tables:
        form = table.performance
        if form is None:
            continue
        total = next((line for line in form.funds if line.line == "年度资金总额"), None)
        found.append(
            {
                "form": table.form,
                "project": form.project or None,
                "department": form.department or None,
                "entity": form.entity or None,
                "fiscal_year": document.fiscal_year,
                "approved": _yuan(total.approved, table.unit) if total else None,
                "revised": _yuan(total.revised, table.unit) if total else None,
                "executed": _yuan(total.executed, table.unit) if total else None,
                "execution_rate": _plain(total.rate) if total else None,
                "execution_weight": _plain(total.weight) if total else None,
                "execution_score": _plain(total.score) if total else None,
                "total_weight": _plain(form.total_weight),
                "total_score": _plain(form.total_score),
            }
        )
    return found


def expected_project_funds(document: Document) -> list[dict[str, Any]]:
    """The lines of funds of all performance forms: form, project, line, approved, revised, executed, amount (yuan).

    Self-evaluations print the first three, target forms one `amount` a line.
    """
    return [
        {
            "form": table.form,
            "project": table.performance.project or None,
            "line": _LINES.get(line.line, line.line),
            "approved": None if table.form in _TARGET_FORMS else _yuan(line.approved, table.unit),
            "revised": _yuan(line.revised, table.unit),
            "executed": _yuan(line.executed, table.unit),
            "amount": _yuan(line.approved, table.unit) if table.form in _TARGET_FORMS else None,
        }
        for table in document.tables
        if table.performance
        for line in table.performance.funds
    ]


def expected_indicators(document: Document) -> list[dict[str, Any]]:
    """The indicators of all performance forms: columns as in the frame `indicators`, None where nothing is printed.

    Targets such as 有效提高, ≥1月&&≤12月 or =0 效果显著 state no one value: operator, value and unit are None.
    """
    return [
        {"form": table.form, "project": table.performance.project or None, **_indicator(indicator)}
        for table in document.tables
        if table.performance
        for indicator in table.performance.indicators
        if indicator.stated
    ]


def _indicator(indicator: Indicator) -> dict[str, Any]:
    target, actual = "".join(indicator.target.split()), "".join(indicator.actual.split())
    operator, value, unit = _condition(target)
    _, actual_value, actual_unit = _condition(actual)
    return {
        "level1": indicator.level1,
        "level2": indicator.level2,
        "level3": "".join(indicator.level3.split()),
        "target": target,
        "target_operator": operator,
        "target_value": value,
        "target_unit": unit,
        "actual": actual or None,
        "actual_value": actual_value,
        "actual_unit": actual_unit,
        "weight": _plain(indicator.weight),
        "score": _plain(indicator.score),
        "reason": "".join(indicator.reason.split()) or None,
    }


def _condition(text: str) -> tuple[str | None, float | None, str | None]:
    match = _CONDITION.fullmatch(text)
    if match is None or "&&" in text or _JUDGEMENT.fullmatch(text):
        return None, None, None
    operator = _OPERATORS.get(match[1], match[1]) if match[1] else None
    return operator, float(match[2].replace(",", "")), match[3] or None


def _yuan(printed: str, unit: str) -> float | None:
    number = amount_of(printed, unit)
    return None if number is None else number[0]


def _plain(printed: str) -> float | None:
    number = amount_of(printed, "元")
    return None if number is None else number[0]
