"""What all pictures share: the Chinese font, colours, units in words, wrapped names.

The font is set on every text of a picture, not in matplotlib's settings, so that it holds whatever theme is set before
or after.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from budgetkit.display.pictures import FONT_FILE
from budgetkit.errors import SpecError
from budgetkit.printed.widths import width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Chinese fonts of the usual systems
_SYSTEM_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei",
    "PingFang SC", "Hiragino Sans GB", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "SimHei", "Droid Sans Fallback",
)  # fmt: skip
#: colours that stay apart for the colour-blind (Okabe and Ito)
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, YELLOW, GREY = "#56B4E9", "#CC79A7", "#F0E442", "#8C8C8C"
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW, GREY)
PALE = "#D9D9D9"
INK = "#262626"
#: sizes in points that can be read in a notebook
SIZE, SMALL, TITLE = 10.0, 9.0, 12.0
_UNITS = ((1e8, "亿元"), (1e4, "万元"), (1.0, "元"))
#: what stays on one line: a number, a word, a sign with what opens before it
_RUN = re.compile(r"[（【《“‘(]*(?:[A-Za-z0-9.,%]+|.)", re.DOTALL)
#: signs that do not begin a line
_CLOSING = "）】》”’，。、；：！？)]%"


@cache
def family() -> str:
    """The name of the Chinese font that travels in the package, made known to matplotlib."""
    from matplotlib import font_manager

    with resources.as_file(resources.files("budgetkit").joinpath("fonts", FONT_FILE)) as path:
        font_manager.fontManager.addfont(str(path))
        return str(font_manager.FontProperties(fname=str(path)).get_name())


@cache
def families() -> tuple[str, ...]:
    """The font that travels in the package, then those of the system that have what it lacks (鄠, 滘, 浐 in names)."""
    from matplotlib import font_manager

    own = family()
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    return (own, *(name for name in _SYSTEM_FONTS if name in installed))


def use_font() -> None:
    """Make matplotlib show Chinese in all later pictures of the session, and minus signs with it.

    The pictures of this package need no such call. A theme that is set afterwards (`seaborn.set_theme`) undoes it.
    """
    import matplotlib as mpl

    mpl.rcParams["font.sans-serif"] = [*families(), *mpl.rcParams["font.sans-serif"]]
    mpl.rcParams["font.family"] = ["sans-serif"]
    mpl.rcParams["axes.unicode_minus"] = False


def money_unit(values: pd.Series) -> tuple[float, str]:
    """The unit for amounts of a size: its worth in yuan and its name.

    >>> money_unit(pd.Series([513800.0, 2060000.0])), money_unit(pd.Series([3.6e8])), money_unit(pd.Series([12.0]))
    ((10000.0, '万元'), (100000000.0, '亿元'), (1.0, '元'))
    """
    largest = values.abs().max()
    for worth, name in _UNITS:
        if largest >= worth:
            return worth, name
    return _UNITS[1]


def amount_text(value: float, worth: float) -> str:
    """An amount in a unit, with the digits that it needs; ASCII minus, which every font has.

    >>> amount_text(513800.0, 1e4), amount_text(37066300.0, 1e4), amount_text(0.0, 1e4), amount_text(-1700, 1e4)
    ('51.38', '3,706.6', '0', '-0.17')
    """
    number = value / worth
    digits = 0 if number == 0 or (worth == 1 and number == round(number)) else 1 if abs(number) >= 1000 else 2
    return f"{number:,.{digits}f}"


def money_text(value: float) -> str:
    """An amount in the unit of its own size.

    >>> money_text(13154.0), money_text(8.2e9), money_text(0.0), money_text(-350.0)
    ('1.32 万元', '82.00 亿元', '0 元', '-350 元')
    """
    worth, unit = (1.0, "元") if value == 0 else money_unit(pd.Series([value]))
    return f"{amount_text(value, worth)} {unit}"


def percent_text(value: float, digits: int = 1) -> str:
    """A fraction in percent; "—" for NA.

    >>> percent_text(0.2494), percent_text(float("nan"))
    ('24.9%', '—')
    """
    return "—" if pd.isna(value) else f"{value * 100:,.{digits}f}%"


def wrap(text: str, width: int, lines: int = 3) -> str:
    """A name on several lines of at most `width` half characters, numbers kept whole, cut with … after `lines`.

    >>> wrap("2024年信息化运维项目", 12)
    '2024年信息\\n化运维项目'
    """
    rows = _broken(text, width)
    if len(rows) > lines:
        return "\n".join([*rows[: lines - 1], rows[lines - 1][:-1] + "…"])
    # lines of like length, so that no single character stands on the last
    even = -(-width_of(text) // len(rows)) + 1
    return "\n".join(next((tried for w in range(even, width) if len(tried := _broken(text, w)) == len(rows)), rows))


def _broken(text: str, width: int) -> list[str]:
    rows = [""]
    for run in _RUN.findall(text):
        if width_of(rows[-1]) + width_of(run) > width and rows[-1] and run not in _CLOSING:
            rows.append("")
        rows[-1] += run
    return rows


def checked(frame: Any, columns: Sequence[str], maker: str) -> pd.DataFrame:
    """The frame, when it has the columns; SpecError says which function makes such a frame."""
    if not isinstance(frame, pd.DataFrame):
        raise SpecError(f"expected the frame that {maker} gives, not {type(frame).__name__}")
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise SpecError(f"missing column {', '.join(missing)}; expected the frame that {maker} gives")
    return frame


def axes(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes given, or those of a new figure of a size in inches."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def finish(ax: Axes, title: str | None = None, xlabel: str = "", ylabel: str = "", grid: str | None = "x") -> Axes:
    """Titles, plain frame, and the Chinese font on all texts."""
    if title is not None:
        ax.set_title(title, fontsize=TITLE, loc="left", color=INK)
    ax.set_xlabel(xlabel, fontsize=SIZE, color=INK, linespacing=1.6)
    ax.set_ylabel(ylabel, fontsize=SIZE, color=INK)
    # whatever the theme says
    ax.set_facecolor("white")
    ax.spines["bottom"].set_color(GREY)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.grid(False)
    if grid:
        ax.grid(True, axis=grid, color=PALE, linewidth=0.6)  # type: ignore[arg-type]
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(labelsize=SMALL, labelcolor=INK)
    return set_font(ax)


def set_font(ax: Axes) -> Axes:
    """The Chinese font on every text of the axes, those drawn later included."""
    names = list(families())
    ax.tick_params(labelfontfamily=names)
    legend = ax.get_legend()
    texts = [ax.title, ax._left_title, ax._right_title, ax.xaxis.label, ax.yaxis.label, *ax.texts]  # type: ignore[attr-defined]
    if legend is not None:
        texts += [*legend.get_texts(), legend.get_title()]
    for text in texts:
        text.set_fontfamily(names)
    return ax


def largest(rows: pd.DataFrame, column: str, top: int, ascending: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with the most (or the least) of a column, and the others."""
    ordered = rows.sort_values(column, ascending=ascending, kind="stable")
    return ordered.head(top), ordered.iloc[top:]


def rest_text(rest: pd.DataFrame, word: str, sums: Mapping[str, pd.Series]) -> str:
    """A line that names and sums what a picture leaves out; "" where it leaves out nothing.

    >>> rest_text(pd.DataFrame({"a": [1.0, 2e4]}), "份", {"预算": pd.Series([1.0, 2e4])})
    '\\n其余 2 份未画出，合计：预算 2.00 万元'
    """
    if rest.empty:
        return ""
    told = "，".join(f"{name} {money_text(float(values.sum()))}" for name, values in sums.items())
    return f"\n其余 {len(rest)} {word}未画出，合计：{told}"


def money_axis(ax: Axes, which: str, worth: float) -> None:
    """Ticks of an axis of yuan in a unit."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = ax.xaxis if which == "x" else ax.yaxis
    axis.set_major_locator(MaxNLocator(6))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / worth:,.10g}"))


def percent_axis(ax: Axes, which: str) -> None:
    """Ticks of an axis of fractions in percent."""
    from matplotlib.ticker import FuncFormatter

    axis = ax.xaxis if which == "x" else ax.yaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.0f}%"))


def names_on(ax: Axes, names: Sequence[str], width: int = 36) -> None:
    """Names of rows, the first on top."""
    ax.set_yticks(range(len(names)), [wrap(name, width) for name in names])
    ax.set_ylim(len(names) - 0.5, -0.5)


def legend(ax: Axes, columns: int = 4) -> None:
    """A legend above the picture, which covers nothing."""
    ax.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, frameon=False, fontsize=SMALL, borderaxespad=0.2,
        handlelength=1.4, columnspacing=1.4,
    )  # fmt: skip


def nothing(ax: Axes, title: str | None) -> Axes:
    """A picture that says that there is nothing to show."""
    ax.text(0.5, 0.5, "无数据", ha="center", va="center", transform=ax.transAxes, fontsize=TITLE, color=GREY)
    ax.set_xticks([])
    ax.set_yticks([])
    return finish(ax, title, grid=None)


def short(name: Any) -> str:
    """A name as text; "（未名）" for NA."""
    return "（未名）" if pd.isna(name) else str(name)
