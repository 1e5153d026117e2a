"""Execution rate against score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from budgetkit.analysis.evaluation import evaluation
from budgetkit.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAND_COLORS = (style.GREEN, style.BLUE, style.ORANGE, style.VERMILION)
#: how near two points are that would have their numbers on each other, in parts of the width and of the height
_NEAR = (0.04, 0.045)
#: lines of names that have room beside the picture
_LINES = 24
_MARKERS = ("o", "s", "^", "D")


def scores(evaluations: pd.DataFrame, *, title: str | None = "执行率与自评得分", ax: Axes | None = None) -> Axes:
    """Execution rate against self-evaluation score, a numbered point a project, with the rating bands (执行率与得分).

    The numbers are by rate, lowest first; the names stand beside the picture. Points that lie together share a number;
    where not all names have room, a line below them says how many are left.

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
    rule = evaluation().bands
    for lowest in rule.lowest[:-1]:
        ax.axhline(lowest, color=style.PALE, linewidth=1.0, zorder=1)
    tops = (rule.full, *rule.lowest)
    strange = rows[~rows["band"].isin(rule.names)]
    ax.scatter(strange["execution_rate"], strange["total_score"], s=64, color=style.GREY, zorder=3, edgecolor="white")
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
    ax.set_ylim(min(-4.0, float(rows["total_score"].min()) - 4), max(106.0, float(rows["total_score"].max()) * 1.06))
    ax.set_yticks(range(0, 101, 20))
    _label(ax, rows)
    style.percent_axis(ax, "x")
    return style.finish(ax, title, xlabel="预算执行率", ylabel="自评得分", grid=None)


def _label(ax: Axes, rows: pd.DataFrame) -> None:
    """Numbers at the points, and beside the picture the names, as many as have room."""
    names: list[str] = []
    told = 0
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    near = _NEAR[0] * (right - left), _NEAR[1] * (high - low)
    for number, (_, group) in enumerate(rows.groupby(_together(rows, near), sort=False), 1):
        title = "、".join(style.short(name) for name in group["project"].drop_duplicates()[:2])
        title += f" 等 {len(group)} 个" if len(group) > 2 else ""
        lines = [f"{number}  {style.wrap(title, 30, 2)}".replace("\n", "\n     ")]
        if "\n".join(names + lines).count("\n") >= _LINES:
            break
        names += lines
        told += len(group)
        ax.annotate(
            str(number), (group["execution_rate"].iloc[0], group["total_score"].iloc[0]), xytext=(6, 5),
            textcoords="offset points", fontsize=style.SMALL, color=style.INK,
        )  # fmt: skip
    if told < len(rows):
        names.append(f"其余 {len(rows) - told} 个未标名")
    ax.text(
        1.02, 1.0, "\n".join(names), transform=ax.transAxes, va="top", fontsize=8.5, color=style.INK, linespacing=1.25
    )


def _together(rows: pd.DataFrame, near: tuple[float, float]) -> pd.Series:
    """For each point the first one that it lies beside, so that two numbers never stand on each other."""
    first: list[tuple[float, float]] = []
    owner = []
    for rate, score in zip(rows["execution_rate"], rows["total_score"], strict=True):
        beside = (k for k, (x, y) in enumerate(first) if abs(x - rate) < near[0] and abs(y - score) < near[1])
        owner.append(next(beside, len(first)))
        if owner[-1] == len(first):
            first.append((rate, score))
    return pd.Series(owner, index=rows.index)
