"""The audit (勾稽核对): which figures of a disclosure contradict each other, where they stand and by how much."""

from __future__ import annotations

from budgetkit.audit.checking import check, check_together
from budgetkit.audit.summary import exception, places, summarise

__all__ = ["check", "check_together", "exception", "places", "summarise"]
