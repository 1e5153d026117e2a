"""Expenditure by code as nested rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from budgetkit import codes
from budgetkit.errors import SpecError, UnknownCode
from budgetkit.plots import style
from budgetkit.printed.widths import width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Rect(NamedTuple):
    """A rectangle: left, bottom, width and height."""

    x: float
    y: float
    width: float
    height: float


def _within(sizes: Sequence[float], place: Rect) -> list[Rect]:
    """Rectangles whose areas are as the sizes (largest first), filling a place and as square as can be."""
    import squarify

    areas = squarify.normalize_sizes(list(sizes), place.width, place.height)
    return [Rect(one["x"], one["y"], one["dx"], one["dy"]) for one in squarify.squarify(areas, *place)]


def hierarchy(rows: pd.DataFrame, *, title: str | None = "支出构成", ax: Axes | None = None) -> Axes:
    """Expenditure by code as nested rectangles: area is money, colour the 类, with names where there is room.

    Parameters
    ----------
    rows : DataFrame
        From `spending` or `rollup`, of one document, year and phase; amounts of 0 and below have no area and are
        left out.
    title : str, optional
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    SpecError
        When the rows are of several documents or phases, whose money must not be added.
    """
    rows = style.checked(rows, ["document", "phase", "code", "name", "amount"], "spending")
    for column in ("document", "year", "phase", "form", "fund", "nature", "table"):
        if column in rows and rows[column].nunique() > 1:
            values = ", ".join(map(str, rows[column].unique()[:4]))
            raise SpecError(f"rows are of several {column}s ({values}); choose one")
    rows = rows[rows["amount"] > 0].sort_values(["amount", "code"], ascending=[False, True], kind="stable")
    ax = style.axes(ax, 9.0, 5.4)
    if rows.empty:
        return style.nothing(ax, title)
    wide, high = _inches(ax)
    tops = rows.groupby(rows["code"].str[:3])["amount"].sum().sort_values(ascending=False, kind="stable")
    worth, unit = style.money_unit(tops)
    whole = float(tops.sum())
    for number, (top, place) in enumerate(zip(tops.index, _within(list(tops), Rect(0, 0, wide, high)), strict=True)):
        own = rows[rows["code"].str[:3] == top]
        color = style.PALETTE[number % len(style.PALETTE)]
        for row, rect in zip(own.itertuples(), _within(list(own["amount"]), place), strict=True):
            amount, share = f"{style.amount_text(row.amount, worth)} {unit}", style.percent_text(row.amount / whole)
            _draw(ax, rect, style.short(row.name), (f"{amount} {share}", f"{amount}\n{share}", share), color)
        _frame(ax, place)
        if number < len(style.PALETTE):
            ax.bar(0, 0, color=color, label=f"{_top_name(rows, top)} {style.percent_text(tops[top] / whole)}")
    style.legend(ax, 3)
    ax.set_xlim(0, wide)
    ax.set_ylim(high, 0)
    ax.set_xticks([])
    ax.set_yticks([])
    lines = "\n" * (1 + (min(len(tops), len(style.PALETTE)) - 1) // 3)
    style.finish(ax, None if title is None else title + lines, grid=None)
    ax.spines["bottom"].set_visible(False)
    return ax


def _top_name(rows: pd.DataFrame, top: str) -> str:
    """The name of a 类: as printed, else by the code book, else the code."""
    printed = rows.loc[rows["code"] == top, "name"].dropna()
    scheme = rows["scheme"].iloc[0] if "scheme" in rows and rows["scheme"].notna().any() else "function"
    if len(printed):
        return str(printed.iloc[0])
    try:
        return str(getattr(codes, scheme).name(top)) if scheme in codes.SCHEMES else top
    except UnknownCode:
        return top


def _inches(ax: Axes) -> tuple[float, float]:
    """The size of the axes, so that squares look square and text fits."""
    box = ax.get_position()
    root = ax.get_figure(root=True)
    width, height = root.get_size_inches() if root is not None else (9.0, 5.4)
    return float(width * box.width), float(height * box.height)


def _draw(ax: Axes, rect: Rect, name: str, figures: Sequence[str], color: str) -> None:
    """A rectangle with its name and the first of the figures that fits; without text where none does."""
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((rect.x, rect.y), rect.width, rect.height, facecolor=color, edgecolor="white", linewidth=1))
    # half characters that fit on a line, and lines, in inches
    fit = int((rect.width - 0.12) * 72 / (style.SMALL * 0.56))
    lines = int((rect.height - 0.06) * 72 / (style.SMALL * 1.5))
    for figure in figures:
        below = figure.count("\n") + 1
        if lines <= below or fit < max(6, *(width_of(line) for line in figure.split("\n"))):
            continue
        dark = color in (style.ORANGE, style.SKY, style.YELLOW)
        ax.text(
            rect.x + 0.06, rect.y + 0.05, f"{style.wrap(name, fit, lines - below)}\n{figure}", va="top",
            fontsize=style.SMALL, color=style.INK if dark else "white", linespacing=1.15,
        )  # fmt: skip
        return


def _frame(ax: Axes, rect: Rect) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((rect.x, rect.y), rect.width, rect.height, fill=False, edgecolor="white", linewidth=3))
