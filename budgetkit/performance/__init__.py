"""Performance forms (绩效自评表, 绩效目标表) as rows of projects, funds and indicators.

Forms are found by the labels in their grids and by their titles, never by their place in the document; the words are
data (specs/performance.toml). A form is a head (names, funds, goals), rows of indicators under a head row, and a total;
it may go on over pages, several may stand on one. Forms that list several projects in one table give one project each.
"""

from __future__ import annotations

from budgetkit.performance.contents import is_performance
from budgetkit.performance.reader import Performance, read_forms
from budgetkit.performance.values import Value, parse_value

__all__ = ["Performance", "Value", "is_performance", "parse_value", "read_forms"]
