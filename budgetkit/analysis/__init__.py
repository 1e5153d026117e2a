"""What the frames say: execution rates, costs, scores, outturn, comparisons; plain functions that compose with pipe.

Every function takes a `Disclosure`, a `Corpus` or the frame itself, and returns a frame whose columns, units and NA are
listed by `describe(name)`.
"""

from __future__ import annotations

from budgetkit.analysis.cofog import crosswalk
from budgetkit.analysis.comparison import compare
from budgetkit.analysis.costs import cost_structure, economic_items
from budgetkit.analysis.credibility import outturn
from budgetkit.analysis.evaluation import indicator_outcomes, points_lost, self_evaluation
from budgetkit.analysis.execution import execution_rate
from budgetkit.analysis.inputs import describe
from budgetkit.analysis.procurement_items import procurement
from budgetkit.analysis.spent import spending
from budgetkit.analysis.three_public_items import three_public
from budgetkit.analysis.tree import rollup
from budgetkit.display.words import labelled

__all__ = [
    "compare",
    "cost_structure",
    "crosswalk",
    "describe",
    "economic_items",
    "execution_rate",
    "indicator_outcomes",
    "labelled",
    "outturn",
    "points_lost",
    "procurement",
    "rollup",
    "self_evaluation",
    "spending",
    "three_public",
]
