"""Pictures of what analysis found: each takes its frame, draws on `ax` or a new figure, and returns the Axes.

Chinese shows on a bare machine, for a font travels in the package; colours stay apart for the colour-blind.

>>> from budgetkit import analysis, frames, plots
>>> frames.make("facts", []).pipe(analysis.execution_rate).pipe(plots.execution)  # doctest: +SKIP
"""

from __future__ import annotations

from budgetkit.plots.bars import change, cost_structure, execution, points, three_public
from budgetkit.plots.scatter import scores
from budgetkit.plots.style import use_font
from budgetkit.plots.treemap import hierarchy

__all__ = ["change", "cost_structure", "execution", "hierarchy", "points", "scores", "three_public", "use_font"]
