"""Pictures show exactly the data given, in Chinese, whatever theme is set."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import budgetkit as bk
from budgetkit import analysis, plots
from budgetkit.errors import SpecError
from budgetkit.plots import style, treemap

mpl = pytest.importorskip("matplotlib")
mpl.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

BUREAU = "urumqi_service_bureau_budget_2024"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")
    mpl.rcdefaults()


def rates(corpus: bk.Corpus) -> pd.DataFrame:
    return analysis.execution_rate(corpus, sources="self_evaluation")


def codes(corpus: bk.Corpus) -> pd.DataFrame:
    return analysis.spending(corpus, level=3, form="expenditure").query("document == @BUREAU")


FRAMES: dict[str, tuple[Callable[..., Any], Callable[[bk.Corpus], pd.DataFrame]]] = {
    "execution": (plots.execution, rates),
    "cost_structure": (plots.cost_structure, analysis.cost_structure),
    "points": (plots.points, analysis.points_lost),
    "scores": (plots.scores, analysis.self_evaluation),
    "three_public": (plots.three_public, analysis.three_public),
    "hierarchy": (plots.hierarchy, codes),
    "change": (plots.change, lambda corpus: analysis.compare(corpus, level=3)),
}


def drawn(ax: Any) -> list[str]:
    """All texts of the axes that are shown."""
    legend = ax.get_legend()
    texts = [*ax.texts, ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels()]
    texts += [*legend.get_texts()] if legend else []
    return [text.get_text() for text in texts] + [ax.get_title(loc="left").strip()]


@pytest.mark.parametrize("theme", ["none", "before", "after"])
@pytest.mark.parametrize("name", FRAMES)
def test_every_sign_has_a_glyph_whatever_the_theme(name: str, theme: str, corpus: bk.Corpus, tmp_path: Path) -> None:
    seaborn = pytest.importorskip("seaborn")
    plot, make = FRAMES[name]
    frame = make(corpus)
    with warnings.catch_warnings():
        # matplotlib warns of every glyph that it does not find
        warnings.simplefilter("error")
        if theme == "before":
            seaborn.set_theme()
        ax = plot(frame)
        if theme == "after":
            seaborn.set_theme(font="DejaVu Sans")
        ax.figure.savefig(tmp_path / "picture.png", dpi=50)
    assert (tmp_path / "picture.png").stat().st_size > 3_000
    assert "−" not in "".join(drawn(ax))
    families = {text.get_fontfamily()[0] for text in [*ax.texts, *ax.get_yticklabels(), *ax.get_xticklabels()]}
    assert families <= {style.family()}


@pytest.mark.parametrize("name", FRAMES)
def test_axes_given_are_drawn_on(name: str, corpus: bk.Corpus) -> None:
    plot, make = FRAMES[name]
    _, (left, right) = plt.subplots(1, 2, figsize=(16, 5))
    assert plot(make(corpus), ax=right) is right
    assert not left.has_data()
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize("name", FRAMES)
def test_no_rows_give_a_picture_that_says_so(name: str, corpus: bk.Corpus) -> None:
    plot, make = FRAMES[name]
    assert "无数据" in drawn(plot(make(corpus).iloc[:0]))


@pytest.mark.parametrize("name", FRAMES)
def test_another_frame_is_refused_by_name(name: str) -> None:
    with pytest.raises(SpecError, match="expected the frame that"):
        FRAMES[name][0](pd.DataFrame({"a": [1]}))


def test_execution_shows_the_amounts_lowest_rate_on_top(corpus: bk.Corpus) -> None:
    ax = plots.execution(rates(corpus))
    authorised, executed = (collection.get_offsets().tolist() for collection in ax.collections[1:3])
    assert authorised[0] == [300_000.0, 0.0]
    assert executed[0] == [0.0, 0.0]
    assert [2_060_000.0, 4.0] in authorised
    assert [513_800.0, 4.0] in executed
    assert [text.get_text() for text in ax.texts][:5] == ["0.0%", "0.8%", "2.5%", "4.3%", "24.9%"]
    assert ax.get_yticklabels()[4].get_text() == "政务服务运行维护费"
    assert ax.get_xlabel() == "万元"
    assert ax.get_ylim() == (9.5, -0.5)


def test_execution_takes_the_largest_rows_only(corpus: bk.Corpus) -> None:
    ax = plots.execution(rates(corpus), top=2)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "政务服务运行维护费",
        style.wrap("12345政务热线人员经费及中心运行业务费", 36),
    ]


def test_costs_are_stacked_to_one_with_totals(corpus: bk.Corpus) -> None:
    ax = plots.cost_structure(analysis.cost_structure(corpus))
    personnel, public_use = (list(container) for container in ax.containers)
    assert [round(bar.get_width(), 3) for bar in personnel] == [0.976, 0.944, 0.943, 0.925, 0.771]
    ends = [bar.get_x() + bar.get_width() for bar in public_use]
    assert ends == pytest.approx([1.0] * 5)
    assert {"139.81", "160.84", "131.55", "1,943.8", "380.29", "万元"} <= set(drawn(ax))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["人员经费", "公用经费"]


def test_costs_of_total_hold_projects(corpus: bk.Corpus) -> None:
    ax = plots.cost_structure(analysis.cost_structure(corpus), of="total")
    assert len(ax.containers) == 3
    with pytest.raises(SpecError, match="of must be one of 'basic', 'total', not 'all'"):
        plots.cost_structure(analysis.cost_structure(corpus), of="all")


def test_points_won_and_lost(corpus: bk.Corpus) -> None:
    ax = plots.points(analysis.points_lost(corpus))
    won, lost = (list(container) for container in ax.containers)
    assert [round(bar.get_width(), 2) for bar in won] == [323.67, 236.0, 27.9, 80.0]
    assert [round(bar.get_width(), 2) for bar in lost] == [176.33, 64.0, 62.1, 20.0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["产出指标", "效益指标", "预算执行率", "满意度指标"]


def test_scores_show_every_project(corpus: bk.Corpus) -> None:
    ax = plots.scores(analysis.self_evaluation(corpus))
    places = {tuple(place) for collection in ax.collections for place in collection.get_offsets().round(4).tolist()}
    assert len(places) == 10
    assert {(0.025, 71.45), (0.2494, 84.4), (0.0, 0.0)} <= places
    assert {"优", "良", "中", "差"} <= set(drawn(ax))


def test_three_public_bars_are_the_items(corpus: bk.Corpus) -> None:
    ax = plots.three_public(analysis.three_public(corpus))
    abroad, vehicles, receptions = (list(container) for container in ax.containers)
    assert [bar.get_width() for bar in vehicles] == [279_800.0, 122_400.0, 12_600.0, 0.0, 0.0]
    assert [bar.get_width() for bar in receptions] == [0.0, 2_500.0, 0.0, 0.0, 0.0]
    assert sum(bar.get_width() for bar in abroad) == 0.0
    assert [text.get_text() for text in ax.texts] == ["27.98", "12.49", "1.26", "0", "0"]


def test_areas_of_the_hierarchy_are_the_money(corpus: bk.Corpus) -> None:
    frame = codes(corpus)
    ax = plots.hierarchy(frame)
    filled = [patch for patch in ax.patches if patch.get_fill() and patch.get_width() * patch.get_height() > 0]
    areas = sorted(patch.get_width() * patch.get_height() for patch in filled)
    whole = sum(areas)
    shares = sorted(frame["amount"] / frame["amount"].sum())
    assert [area / whole for area in areas] == pytest.approx(shares)
    assert "一般公共服务支出 82.2%" in drawn(ax)


def test_hierarchy_refuses_money_that_must_not_be_added(corpus: bk.Corpus) -> None:
    with pytest.raises(SpecError, match="rows are of several documents"):
        plots.hierarchy(analysis.spending(corpus))


def test_change_shows_both_amounts_and_the_rate(corpus: bk.Corpus) -> None:
    ax = plots.change(analysis.compare(corpus, level=3))
    base, amount = (collection.get_offsets().tolist() for collection in ax.collections[1:3])
    assert (base[0], amount[0]) == ([985_200.0, 0.0], [458_000.0, 0.0])
    assert [text.get_text() for text in ax.texts][:2] == ["-52.72（-53.5%）", "+51.57（+93.0%）"]


def test_rectangles_fill_their_place_without_overlap() -> None:
    sizes = [6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0]
    place = treemap.Rect(0.0, 0.0, 6.0, 4.0)
    rects = treemap._within(sizes, place)
    assert [rect.width * rect.height for rect in rects] == pytest.approx(sizes)
    assert max(max(rect.width / rect.height, rect.height / rect.width) for rect in rects) < 3
    for rect in rects:
        assert rect.x >= -1e-9
        assert rect.x + rect.width <= 6 + 1e-9
        assert rect.y + rect.height <= 4 + 1e-9


@pytest.mark.parametrize(
    ("text", "width", "wrapped"),
    [
        ("政务服务运行维护费", 36, "政务服务运行维护费"),
        ("12345政务热线人员经费及中心运行业务费", 36, "12345政务热线人员经\n费及中心运行业务费"),
        ("一二三四五六七八九十", 8, "一二三四\n五六七八\n九十"),
        ("一二三四五六七八九十甲乙丙丁", 8, "一二三四\n五六七八\n九十甲…"),
        ("政务服务运行维护费（某某县政务服务中心）", 36, "政务服务运行维护费\n（某某县政务服务中心）"),
    ],
)
def test_names_are_wrapped_evenly(text: str, width: int, wrapped: str) -> None:
    assert style.wrap(text, width) == wrapped


def test_use_font_serves_own_pictures() -> None:
    plots.use_font()
    _, ax = plt.subplots()
    ax.set_title("预算 −1")
    ax.plot([-1, 0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax.figure.canvas.draw()
    assert ax.get_yticklabels()[0].get_text().startswith("-")


def of_units(frame: pd.DataFrame, units: int) -> pd.DataFrame:
    """A frame of analysis as many units would give it: its rows again, with other names and amounts."""
    money = [
        name
        for name in frame
        if str(frame[name].dtype).lower() == "float64" and not name.endswith(("rate", "share", "score"))
    ]
    parts = []
    for number in range(units):
        part = frame.assign(
            entity=f"第{number}区社会组织管理和流动人口综合服务局", document=frame["document"] + f"_{number}"
        )
        part[money] = part[money] * (1 + number / 7)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def boxes(ax: Any) -> list[tuple[str, Any]]:
    """The texts that are shown, and where."""
    ax.figure.canvas.draw()
    legend = ax.get_legend()
    low, high = sorted(ax.get_ylim())
    names = [label for place, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True) if low <= place <= high]
    # the title leaves a line for the legend
    shown = [*ax.texts, *names, ax.xaxis.label, *(legend.get_texts() if legend else [])]
    return [(text.get_text(), text.get_window_extent()) for text in shown if text.get_text().strip()]


@pytest.mark.parametrize("units", [1, 8, 120])
@pytest.mark.parametrize("name", [name for name in FRAMES if name not in ("hierarchy", "points")])
def test_names_do_not_stand_on_each_other_and_lie_within(name: str, units: int, corpus: bk.Corpus) -> None:
    plot, make = FRAMES[name]
    ax = plot(of_units(make(corpus), units))
    placed = boxes(ax)
    page = ax.figure.bbox
    for number, (text, box) in enumerate(placed):
        assert box.x0 >= page.x0 - 1, text
        assert box.x1 <= page.x1 + 1, text
        assert box.y0 >= page.y0 - 1, text
        assert box.y1 <= page.y1 + 1, text
        for other, beside in placed[number + 1 :]:
            wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert min(wide, high) < 4, (text, other)


def test_types_of_points_that_have_no_room_are_summed(corpus: bk.Corpus) -> None:
    lost = analysis.points_lost(corpus, by="level3")
    rest = lost.sort_values("lost", ascending=False, kind="stable").iloc[5:]
    told = plots.points(lost, by="level3", top=5).xaxis.label.get_text()
    assert told == f"分\n其余 {len(rest)} 类未画出，合计：失 {rest['lost'].sum():,.10g} 分"


def test_amounts_beside_shares_have_one_unit(corpus: bk.Corpus) -> None:
    costs = analysis.cost_structure(corpus)
    ax = plots.cost_structure(pd.concat([costs, costs.assign(personnel=costs["personnel"] * 3)]))
    beside = [text.get_text() for text in ax.texts if text.get_position()[0] > 1.1]
    assert beside[-1] == "万元"
    assert all(text.replace(",", "").replace(".", "").isdigit() for text in beside[:-1])


@pytest.mark.parametrize("name", ["execution", "cost_structure", "three_public", "change"])
def test_what_has_no_room_is_counted(name: str, corpus: bk.Corpus) -> None:
    plot, make = FRAMES[name]
    told = [text for text in drawn(plot(of_units(make(corpus), 120))) if "其余" in text]
    assert len(told) == 1


def test_rows_of_one_name_have_their_years(corpus: bk.Corpus) -> None:
    years = analysis.compare(corpus, level=3)
    other = years.assign(fiscal_year=years["fiscal_year"] + 1)
    names = [label.get_text() for label in plots.change(pd.concat([years, other], ignore_index=True)).get_yticklabels()]
    assert len(set(names)) == len(names)
    assert any("2023" in name.replace("\n", "") for name in names)


def test_scores_without_a_band_are_drawn(corpus: bk.Corpus) -> None:
    scores = analysis.self_evaluation(corpus)
    above = scores.assign(total_score=scores["total_score"].mask(scores.index == 0, 130.0))
    above["band"] = above["band"].mask(above.index == 0)
    ax = plots.scores(above)
    points = [tuple(offset) for dots in ax.collections for offset in dots.get_offsets()]
    assert 130.0 in [y for _, y in points]
    assert ax.get_ylim()[1] > 130
