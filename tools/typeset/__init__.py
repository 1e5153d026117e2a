"""Typeset disclosures as PDF from descriptions that know every figure they print: samples and round-trip tests."""

from __future__ import annotations

from tools.typeset.model import (
    Cell,
    Document,
    Fact,
    FundLine,
    Indicator,
    PageBreak,
    Paragraph,
    Performance,
    Style,
    Table,
)
from tools.typeset.truth import expected_facts, expected_indicators, expected_project_funds, expected_projects

__all__ = [
    "Cell",
    "Document",
    "Fact",
    "FundLine",
    "Indicator",
    "PageBreak",
    "Paragraph",
    "Performance",
    "Style",
    "Table",
    "expected_facts",
    "expected_indicators",
    "expected_project_funds",
    "expected_projects",
]
