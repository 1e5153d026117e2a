"""Execution rate against score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from budgetkit.analysis.evaluation import bands
from budgetkit.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAND_COLORS = (style.GREEN, style.BLUE, style.ORANGE, style.VERMILION)
#: how near two points are that would have their numbers on each other, in rate and points
_NEAR = (0.04, 3.0)
_MARKERS = ("o", "s", "^", "D")


def scores(evaluations: pd.DataFrame, *, title: str | None = "执行率与自评得分", ax: Axes | None = None) -> Axes:
    """Execution rate against self-evaluation score, a numbered point a project, with the rating bands (执行率与得分).

    The numbers are by rate, lowest first; the names stand beside the picture.

    Parameters
    ----------
    evaluations : DataFrame
        From `self_evaluation`; forms without rate or score are left out.
    title : str, optional
    ax : Axes, optional

    Returns
    -------
    Axes
        x: execution rate as a fraction; y: points.
    """
    columns = ["project", "execution_rate", "total_score", "band"]
    rows = style.checked(evaluations, columns, "self_evaluation")
    rows = rows[rows["execution_rate"].notna() & rows["total_score"].notna()]
    rows = rows.sort_values(["execution_rate", "total_score", "project"], kind="stable").reset_index(drop=True)
    ax = style.axes(ax, 9.0, 5.6)
    if rows.empty:
        return style.nothing(ax, title)
    rule = bands()
    for lowest in rule.lowest[:-1]:
        ax.axhline(lowest, color=style.PALE, linewidth=1.0, zorder=1)
    tops = (rule.full, *rule.lowest)
    for name, high, low, color, marker in zip(rule.names, tops, rule.lowest, _BAND_COLORS, _MARKERS, strict=False):
        own = rows[rows["band"].eq(name).fillna(False)]
        ax.scatter(
            own["execution_rate"], own["total_score"], s=64, color=color, marker=marker, zorder=3, edgecolor="white"
        )
        middle = (high + max(low, 40.0)) / 2 if low == 0 else (high + low) / 2
        ax.text(
            0.99, middle, name, transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=style.TITLE,
            color=color,
        )  # fmt: skip
    ax.set_xlim(-0.04, max(1.04, float(rows["execution_rate"].max()) + 0.08))
    ax.set_ylim(min(-4.0, float(rows["total_score"].min()) - 4), 106)
    ax.set_yticks(range(0, 101, 20))
    _label(ax, rows)
    style.percent_axis(ax, "x")
    return style.finish(ax, title, xlabel="预算执行率", ylabel="自评得分", grid=None)


def _label(ax: Axes, rows: pd.DataFrame, most: int = 20) -> None:
    """Numbers at the points, and beside the picture the names, of the first `most`."""
    shown = rows.head(most)
    numbers: dict[tuple[int, int], list[str]] = {}
    places: dict[tuple[int, int], tuple[float, float]] = {}
    for number, row in enumerate(shown.itertuples(), 1):
        # points that lie together share a label
        cell = (round(row.execution_rate / _NEAR[0]), round(row.total_score / _NEAR[1]))
        numbers.setdefault(cell, []).append(str(number))
        places.setdefault(cell, (row.execution_rate, row.total_score))
    for cell, listed in numbers.items():
        ax.annotate(
            "、".join(listed),
            places[cell],
            xytext=(6, 5),
            textcoords="offset points",
            fontsize=style.SMALL,
            color=style.INK,
        )
    names = [
        f"{number}  " + style.wrap(style.short(name), 30, 2).replace("\n", "\n     ")
        for number, name in enumerate(shown["project"], 1)
    ]
    if len(rows) > most:
        names.append(f"另有 {len(rows) - most} 个项目")
    ax.text(
        1.02, 1.0, "\n".join(names), transform=ax.transAxes, va="top", fontsize=8.5, color=style.INK, linespacing=1.25
    )
