"""Pictures in rows: authorised and executed, costs, points, “三公”经费, change between years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from budgetkit.analysis import vocabulary
from budgetkit.frames.given import choose, positive
from budgetkit.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STATUS = {"under": style.VERMILION, "within": style.BLUE, "over": style.PURPLE}
_PHASES = {"approved": "预算", "executed": "决算"}
_STATUS_WORDS = {"under": "执行不足", "within": "执行正常", "over": "超预算"}


def execution(
    rates: pd.DataFrame,
    *,
    top: int = 20,
    order: str = "authorised",
    title: str | None = "预算与执行",
    ax: Axes | None = None,
) -> Axes:
    """Authorised and executed amounts as dumbbells, lowest rate on top, the rate beside each (预算执行).

    Parameters
    ----------
    rates : DataFrame
        From `execution_rate`; rows of one source, else money shows twice.
    top : int
        At most so many rows; a line below the picture sums and names the rest.
    order : str
        Which rows: "authorised", those with the most money, or "execution_rate", those with the lowest rate.
    title : str, optional
    ax : Axes, optional

    Returns
    -------
    Axes
        The x axis is in yuan, its ticks in 元, 万元 or 亿元 by size.
    """
    columns = ["item", "authorised", "executed", "execution_rate", "status"]
    rows = style.checked(rates, columns, "execution_rate")
    positive("top", top)
    rows = rows[rows["authorised"].notna() & rows["executed"].notna()]
    choose("order", order, ("authorised", "execution_rate"))
    rows, rest = style.largest(rows, order, top, ascending=order == "execution_rate")
    rows = rows.sort_values(["execution_rate", "authorised"], ascending=[True, False], kind="stable")
    note = style.rest_text(rest, "项", {"预算": rest["authorised"], "执行": rest["executed"]})
    low = int(rest["status"].eq("under").sum())
    note += f"，其中执行不足 {low} 项" if low else ""
    ax = style.axes(ax, 9.0, 1.4 + 0.5 * max(len(rows), 2))
    if rows.empty:
        return style.nothing(ax, title)
    colors = [_STATUS.get(status, style.GREY) if isinstance(status, str) else style.GREY for status in rows["status"]]
    _dumbbells(ax, rows["authorised"], rows["executed"], colors, "预算", 58)
    for status in [status for status in _STATUS if status in set(rows["status"].dropna())]:
        ax.scatter([], [], s=58, color=_STATUS[status], label=f"执行（{_STATUS_WORDS[status]}）")
    worth, unit = style.money_unit(pd.concat([rows["authorised"], rows["executed"]]))
    _beside(ax, rows)
    style.names_on(ax, _names(rows))
    ax.margins(x=0.1)
    style.money_axis(ax, "x", worth)
    style.legend(ax)
    return style.finish(ax, None if title is None else title + "\n", xlabel=unit + note)


def _dumbbells(ax: Axes, left: pd.Series, right: pd.Series, colors: Sequence[str], label: str, size: float) -> None:
    """Two points a row and the line between them; the left ones are hollow and named."""
    places = range(len(left))
    ax.hlines(places, left, right, color=colors, linewidth=2.5, alpha=0.5, zorder=2)
    ax.scatter(left, places, s=size, facecolor="white", edgecolor=style.INK, linewidth=1.3, zorder=3, label=label)
    ax.scatter(right, places, s=58, color=colors, zorder=4, label="_right")


def _beside(ax: Axes, rows: pd.DataFrame) -> None:
    """The execution rate beside each dumbbell."""
    for place, row in enumerate(rows.itertuples()):
        right = max(row.authorised, row.executed)
        ax.annotate(
            style.percent_text(row.execution_rate), (right, place), xytext=(9, 0), textcoords="offset points",
            va="center", fontsize=style.SIZE, color=style.INK,
        )  # fmt: skip


def _names(rows: pd.DataFrame, column: str = "item") -> list[str]:
    """Names of items, with the entity where there are several; what is still alike, with its year and phase."""
    names = rows[column].map(style.short)
    if "entity" in rows and rows["entity"].nunique() > 1 and names.duplicated().any():
        names = names + "（" + rows["entity"].map(style.short) + "）"
    alike = names.duplicated(keep=False)
    if alike.any() and "fiscal_year" in rows:
        names = names.where(~alike, names + " " + _year(rows))
    return list(names)


def _year(rows: pd.DataFrame) -> pd.Series:
    """Year and phase in words, as 2024决算; empty where they are not told."""
    phase = rows["phase"].map(_PHASES).fillna("") if "phase" in rows else ""
    return rows["fiscal_year"].astype("Int64").astype("string").fillna("") + phase


def cost_structure(
    costs: pd.DataFrame,
    *,
    of: str = "basic",
    top: int = 25,
    title: str | None = "人员经费与公用经费",
    ax: Axes | None = None,
) -> Axes:
    """Shares of personnel and public use as stacked bars, the total beside each (支出结构).

    Parameters
    ----------
    costs : DataFrame
        From `cost_structure`.
    of : str
        "basic": shares of basic expenditure; "total": project expenditure beside the two.
    top : int
        At most so many rows, those that spend most; a line below the picture sums and names the rest.
    title : str, optional
    ax : Axes, optional

    Returns
    -------
    Axes
        Bars from 0 to 1.
    """
    rows = style.checked(
        costs, ["entity", "fiscal_year", "phase", "basic", "personnel", "public_use", "project"], "cost_structure"
    )
    choose("of", of, ("basic", "total"))
    positive("top", top)
    parts = {"人员经费": "personnel", "公用经费": "public_use"} | ({"项目支出": "project"} if of == "total" else {})
    sums = rows[list(parts.values())].sum(axis=1, skipna=False)
    rows, rest = style.largest(rows.assign(whole=sums)[sums > 0], "whole", top)
    note = style.rest_text(rest, "份", {label: rest[column] for label, column in parts.items()})
    rows = rows.assign(first=rows["personnel"] / rows["whole"]).sort_values("first", ascending=False, kind="stable")
    ax = style.axes(ax, 9.0, 1.4 + 0.55 * max(len(rows), 2))
    if rows.empty:
        return style.nothing(ax, title)
    _stack(ax, rows, parts, style.PALETTE)
    worth, unit = style.money_unit(pd.Series([rows["whole"].median()]))
    for place, value in enumerate(rows["whole"]):
        text = style.amount_text(value, worth)
        ax.text(1.12, place, text, ha="right", va="center", fontsize=style.SMALL)
    ax.text(1.12, -0.55, unit, ha="right", va="bottom", fontsize=style.SMALL, color=style.GREY)
    style.names_on(ax, list(rows["entity"].map(style.short) + " " + _year(rows)), 34)
    ax.set_xlim(0, 1.17)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    style.percent_axis(ax, "x")
    style.legend(ax)
    what = "占基本支出" if of == "basic" else "占一般公共预算支出"
    return style.finish(ax, None if title is None else title + "\n", xlabel=what + note)


def _stack(ax: Axes, rows: pd.DataFrame, parts: dict[str, str], colors: Sequence[str]) -> None:
    """Stacked shares of `whole`, each with its percentage where there is room."""
    left = pd.Series(0.0, index=rows.index)
    for (label, column), color in zip(parts.items(), colors, strict=False):
        share = rows[column] / rows["whole"]
        ax.barh(range(len(rows)), share, left=left, height=0.62, color=color, label=label, edgecolor="white")
        for place, (begin, value) in enumerate(zip(left, share, strict=True)):
            if value >= 0.07:
                light = color in (style.ORANGE, style.SKY, style.YELLOW)
                ax.text(
                    begin + value / 2, place, style.percent_text(value), ha="center", va="center",
                    fontsize=style.SMALL, color=style.INK if light else "white",
                )  # fmt: skip
        left = left + share


def points(
    won_and_lost: pd.DataFrame,
    *,
    by: str = "level1",
    top: int = 25,
    title: str | None = "各类指标得分与失分",
    ax: Axes | None = None,
) -> Axes:
    """Points won and lost by type of indicator, most lost on top (得分与失分).

    Parameters
    ----------
    won_and_lost : DataFrame
        From `points_lost`.
    by : str
        The column that names the types.
    top : int
        At most so many types, those that lost most; a line below the picture sums and names the rest.
    title : str, optional
    ax : Axes, optional

    Returns
    -------
    Axes
        The x axis is in points.
    """
    rows = style.checked(won_and_lost, [by, "weight", "score", "lost"], "points_lost")
    positive("top", top)
    rows, rest = style.largest(rows, "lost", top)
    note = f"\n其余 {len(rest)} 类未画出，合计：失 {rest['lost'].sum():,.10g} 分" if len(rest) else ""
    ax = style.axes(ax, 9.0, 1.4 + 0.5 * max(len(rows), 2))
    if rows.empty:
        return style.nothing(ax, title)
    places = range(len(rows))
    ax.barh(places, rows["score"], height=0.62, color=style.BLUE, label="得分", edgecolor="white")
    ax.barh(
        places, rows["lost"], left=rows["score"], height=0.62, color=style.ORANGE, label="失分", edgecolor="white",
        hatch="///",
    )  # fmt: skip
    for place, row in zip(places, rows.itertuples(), strict=True):
        lost, weight = (f"{round(value, 1):,.10g}" for value in (row.lost, row.weight))
        text = f"失 {lost} / 共 {weight} 分（{style.percent_text(row.lost / row.weight, 0)}）"
        ax.annotate(text, (row.weight, place), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9)
    style.names_on(ax, [style.short(name) for name in rows[by]])
    ax.set_xlim(0, rows["weight"].max() * 1.42)
    style.legend(ax)
    return style.finish(ax, None if title is None else title + "\n", xlabel="分" + note)


def three_public(
    rows: pd.DataFrame, *, top: int = 25, title: str | None = "“三公”经费", ax: Axes | None = None
) -> Axes:
    """“三公”经费 of every entity and year as stacked bars of its items, the total beside each.

    Budgets show what is approved, final accounts what was executed.

    Parameters
    ----------
    rows : DataFrame
        From `three_public`.
    top : int
        At most so many documents, those that spend most; a line below the picture sums and names the rest.
    title : str, optional
    ax : Axes, optional

    Returns
    -------
    Axes
        The x axis is in yuan, its ticks in 元, 万元 or 亿元 by size.
    """
    positive("top", top)
    words = vocabulary.subjects().three_public
    listed = style.checked(
        rows, ["document", "entity", "fiscal_year", "kind", "item", "approved", "executed"], "three_public"
    )
    # a unit within a department that is here is no bar of its own
    listed = listed[listed["counted"]] if "counted" in listed else listed
    own = listed["executed"].where(listed["kind"].eq("final_account"), listed["approved"])
    keys = ["document", "entity", "fiscal_year", "kind"]
    table = listed.assign(own=own).pivot_table(index=keys, columns="item", values="own", aggfunc="first", dropna=False)
    table = table.reindex(columns=[words.total, *words.parts]).dropna(how="all").reset_index()
    table, rest = style.largest(table, words.total, top)
    note = style.rest_text(rest, "份", {words.total: rest[words.total]})
    ax = style.axes(ax, 9.0, 1.4 + 0.55 * max(len(table), 2))
    if table.empty:
        return style.nothing(ax, title)
    left = pd.Series(0.0, index=table.index)
    for part, color in zip(words.parts, style.PALETTE, strict=False):
        value = table[part].fillna(0.0)
        ax.barh(range(len(table)), value, left=left, height=0.62, color=color, label=part, edgecolor="white")
        left = left + value
    whole = table[words.total].fillna(left)
    worth, unit = style.money_unit(whole)
    for place, (end, value) in enumerate(zip(left, whole, strict=True)):
        ax.annotate(
            style.amount_text(value, worth), (end, place), xytext=(6, 0), textcoords="offset points", va="center",
            fontsize=style.SMALL,
        )  # fmt: skip
    kind = table["kind"].map({"budget": "预算", "final_account": "决算"}).fillna("")
    names = table["entity"].map(style.short) + " " + table["fiscal_year"].astype("Int64").astype("string") + kind
    style.names_on(ax, [style.short(name) for name in names], 34)
    ax.set_xlim(0, max(left.max(), whole.max(), worth) * 1.15)
    style.money_axis(ax, "x", worth)
    style.legend(ax)
    return style.finish(ax, None if title is None else title + "\n", xlabel=unit + note)


def change(compared: pd.DataFrame, *, top: int = 15, title: str | None = "增减变化", ax: Axes | None = None) -> Axes:
    """Each code's amount and that of its base, largest change on top, the rate beside each (增减).

    Parameters
    ----------
    compared : DataFrame
        From `compare`, of one entity or with its years told apart; rows without base are left out.
    top : int
        At most so many rows, those that changed most; a line below the picture sums and names the rest.
    title : str, optional
    ax : Axes, optional

    Returns
    -------
    Axes
        The x axis is in yuan, its ticks in 元, 万元 or 亿元 by size.
    """
    columns = ["entity", "fiscal_year", "code", "name", "amount", "base", "base_amount", "difference", "change_rate"]
    rows = style.checked(compared, columns, "compare")
    positive("top", top)
    rows = rows[rows["base"].notna() & rows["amount"].notna()]
    rows, rest = style.largest(rows.assign(size=rows["difference"].abs()), "size", top)
    note = style.rest_text(rest, "项", {"增减": rest["difference"]})
    ax = style.axes(ax, 9.0, 1.4 + 0.5 * max(len(rows), 2))
    if rows.empty:
        return style.nothing(ax, title)
    places = range(len(rows))
    colors = [style.BLUE if value >= 0 else style.VERMILION for value in rows["difference"]]
    base = f"比较对象（{'、'.join(sorted(set(rows['base'])))}）".replace("median", "中位数")
    _dumbbells(ax, rows["base_amount"], rows["amount"], colors, base, 52)
    for color, word, marked in (
        (style.BLUE, "增加", rows["difference"] >= 0),
        (style.VERMILION, "减少", rows["difference"] < 0),
    ):
        if marked.any():
            ax.scatter([], [], s=58, color=color, label=f"本期（{word}）")
    worth, unit = style.money_unit(pd.concat([rows["amount"], rows["base_amount"]]))
    for place, row in zip(places, rows.itertuples(), strict=True):
        sign = "+" if row.difference > 0 else ""
        rate = "" if pd.isna(row.change_rate) else f"（{sign}{style.percent_text(row.change_rate)}）"
        ax.annotate(
            f"{sign}{style.amount_text(row.difference, worth)}{rate}", (max(row.amount, row.base_amount), place),
            xytext=(9, 0), textcoords="offset points", va="center", fontsize=style.SMALL, color=style.INK,
        )  # fmt: skip
    style.names_on(ax, _names(rows, "name"), 30)
    low, high = ax.get_xlim()
    ax.set_xlim(low, high + 0.28 * (high - low))
    style.money_axis(ax, "x", worth)
    style.legend(ax, 3)
    return style.finish(ax, None if title is None else title + "\n", xlabel=unit + note)
