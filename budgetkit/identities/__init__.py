"""Identities: which amounts of a document must agree or add up, from their coordinates and the trees alone."""

from __future__ import annotations

from budgetkit.identities.amounts import LINE, Amount, Amounts, Key, Point, When, agree, amounts_of
from budgetkit.identities.evidence import Evidence, evidence, identities
from budgetkit.identities.model import Doubt, Identity

__all__ = [
    "LINE", "Amount", "Amounts", "Doubt", "Evidence", "Identity", "Key", "Point", "When", "agree", "amounts_of",
    "evidence", "identities",
]  # fmt: skip
