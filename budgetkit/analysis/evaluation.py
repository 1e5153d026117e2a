"""Self-evaluation of projects (项目支出绩效自评): scores, points lost, targets met, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from budgetkit import specs
from budgetkit.analysis.inputs import frame_of, grouped, ratio, shaped, side_frame
from budgetkit.analysis.tree import ordered_by
from budgetkit.frames import HasFrames
from budgetkit.frames.given import choose, positive
from budgetkit.printed.widths import fold

OUTCOMES = ("met", "missed", "overshot", "not_measurable", "not_reported")
FORMS = ("project_self_evaluation", "department_self_evaluation")
GROUPS = ("document", "form", "project", "level1", "level2", "level3", "outcome")
#: name of the execution rate among the types of indicators
EXECUTION = "预算执行率"
_PROJECTS = [
    *("document", "form", "project", "entity", "fiscal_year", "approved", "revised", "executed", "execution_rate"),
    *("execution_weight", "execution_score", "total_score", "page"),
]
_INDICATORS = [
    *("document", "form", "project", "level1", "level2", "level3", "target", "target_operator", "target_value"),
    *("target_unit", "actual", "actual_value", "actual_unit", "weight", "score", "reason", "page"),
]


@dataclass(frozen=True, slots=True)
class Bands:
    """The rating bands of scores (评价等级)."""

    source: str
    #: the year of the rule
    since: int
    full: float
    lowest: tuple[float, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All of specs/analysis/evaluation.toml."""

    bands: Bands
    #: units of one quantity, in worth of the first
    units: Mapping[str, float]


@cache
def evaluation() -> Evaluation:
    """How scores are read."""
    return specs.load(Evaluation, "analysis/evaluation.toml")


def band(scores: pd.Series) -> pd.Series:
    """The rating band of scores of 100 points: 优 from 90, 良 from 80, 中 from 60, 差 below; NA beyond 0-100.

    >>> band(pd.Series([84.4, 90.0, 59.99, None])).tolist()
    ['良', '优', '差', <NA>]
    """
    rule = evaluation().bands
    result = pd.Series(pd.NA, index=scores.index, dtype="string")
    for lowest, name in zip(reversed(rule.lowest), reversed(rule.names), strict=True):
        result = result.mask(scores >= lowest, name)
    return result.mask(scores.isna() | (scores > rule.full))


def indicator_outcomes(data: HasFrames | pd.DataFrame, *, overshoot: float = 0.3) -> pd.DataFrame:
    """Whether each indicator met its target (指标完成情况).

    A number without a sign is a target to be reached exactly. An exact target is overshot by any larger result, a
    lower bound by one that is larger by more than `overshoot` of it; an upper bound is met by any result below.
    Targets and results that are no numbers, or of different units, are not measurable; without a result the indicator
    is not reported.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Indicators.
    overshoot : float
        Fraction of a lower bound beyond which it is overshot.

    Returns
    -------
    DataFrame
        One row an indicator of a self-evaluation form, columns in `describe("outcomes")`.

    Raises
    ------
    SpecError
        When `overshoot` is no number above 0 or columns are missing.
    """
    positive("overshoot", overshoot)
    rows = frame_of(data, "indicators", _INDICATORS)
    rows = rows[rows["form"].isin(FORMS)]
    if rows.empty:
        return shaped("outcomes", [])
    target, actual = _comparable(rows)
    outcome = _outcome(rows, target, actual, overshoot)
    lost = rows["weight"] - rows["score"]
    blamed = (lost > 0) | outcome.eq("missed")
    reason = rows["reason"].fillna("").str.strip()
    return shaped(
        "outcomes",
        rows.assign(
            outcome=outcome,
            ratio=ratio(actual, target),
            # points are printed with two decimals at most
            lost=lost.round(4),
            reason_missing=blamed.astype("boolean") & reason.eq(""),
        ),
    )


def _comparable(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Target and result as numbers in one unit; NA where there is none."""
    target_unit = rows["target_unit"].fillna("").map(fold)
    # a result without unit is in that of its target
    actual_unit = rows["actual_unit"].fillna(rows["target_unit"]).fillna("").map(fold)
    worths = evaluation().units
    target = rows["target_value"] * target_unit.map(worths).fillna(1.0)
    actual = rows["actual_value"] * actual_unit.map(worths).fillna(1.0)
    money = target_unit.isin(worths) & actual_unit.isin(worths)
    alike = money | target_unit.eq(actual_unit)
    return target.where(alike), actual.where(alike)


def _outcome(rows: pd.DataFrame, target: pd.Series, actual: pd.Series, overshoot: float) -> pd.Series:
    operator = rows["target_operator"].astype("string").fillna("=")
    near = 1e-9 * target.abs()
    higher, lower = actual > target + near, actual < target - near
    equal = ~higher & ~lower
    missed = (
        (operator.eq(">=") & lower)
        | (operator.eq(">") & ~higher)
        | (operator.eq("<=") & higher)
        | (operator.eq("<") & ~lower)
        | (operator.eq("=") & lower)
    )
    bounded = operator.isin([">=", ">"]) & (actual > target + overshoot * target.abs() + near)
    overshot = (operator.eq("=") & higher & ~equal) | bounded
    result = pd.Series("met", index=rows.index, dtype="string")
    result = result.mask(missed, "missed").mask(overshot & ~missed, "overshot")
    result = result.mask(target.isna() | actual.isna(), "not_measurable")
    return result.mask(rows["actual"].isna() & rows["actual_value"].isna(), "not_reported")


def self_evaluation(
    data: HasFrames | pd.DataFrame, *, indicators: pd.DataFrame | None = None, overshoot: float = 0.3
) -> pd.DataFrame:
    """Stated and recomputed scores of every self-evaluation form, and what its indicators say.

    The recomputed execution score is weight times rate, at most the weight. The recomputed total is the sum of the
    indicators' scores and the printed execution score, or the recomputed one where the printed is missing or beyond its
    weight. The band is that of 财预〔2020〕10号: 优 90-100, 良 80-90, 中 60-80, 差 below 60.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Projects; of a Disclosure or Corpus the indicators too.
    indicators : DataFrame, optional
        To go with a frame of projects.
    overshoot : float
        As in `indicator_outcomes`.

    Returns
    -------
    DataFrame
        One row a form, columns in `describe("self_evaluation")`.

    Raises
    ------
    SpecError
        When columns are missing or `overshoot` is no number above 0.

    Examples
    --------
    >>> from budgetkit import frames
    >>> self_evaluation(frames.make("projects", [])).empty
    True
    """
    positive("overshoot", overshoot)
    projects = frame_of(data, "projects", _PROJECTS)
    projects = projects[projects["form"].isin(FORMS)]
    if projects.empty:
        return shaped("self_evaluation", [])
    projects = _keyed(projects).sort_values(["document", "page", "key"], kind="stable").reset_index(drop=True)
    outcomes = indicator_outcomes(side_frame(data, "indicators", indicators, _INDICATORS), overshoot=overshoot)
    counted = _counts(outcomes, projects)
    return shaped("self_evaluation", ordered_by(_reckoned(projects.join(counted)), ["document", "page", "project"]))


def _keyed(frame: pd.DataFrame) -> pd.DataFrame:
    parts = [frame[column].astype("string").fillna("") for column in ("document", "form", "project")]
    return frame.assign(key=parts[0] + "|" + parts[1] + "|" + parts[2])


def _counts(outcomes: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """What the indicators of each project add up to, by the project's index."""
    owned = _owned(_keyed(outcomes), projects)
    grouped = owned.groupby("owner")
    lacking = owned["weight"].notna() & owned["score"].isna()
    counts = pd.DataFrame(
        {
            "indicator_weight": grouped["weight"].sum(min_count=1),
            "indicator_score": grouped["score"].sum(min_count=1).mask(lacking.groupby(owned["owner"]).any()),
            "reasons_missing": grouped["reason_missing"].sum(),
            **{name: owned["outcome"].eq(name).groupby(owned["owner"]).sum() for name in OUTCOMES},
        }
    )
    counts = counts.reindex(projects.index)
    numbers = ["reasons_missing", *OUTCOMES]
    counts[numbers] = counts[numbers].astype("Int64").fillna(0)
    return counts


def _owned(indicators: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Indicators with the index of their project: of forms of one name the last that began on or before their page."""
    starts = projects.assign(owner=projects.index)[["key", "page", "owner"]]
    joined = indicators.assign(place=range(len(indicators))).merge(starts, on="key", suffixes=("", "_start"))
    joined = joined[(joined["page_start"] <= joined["page"]).fillna(True)]
    return joined.sort_values(["place", "page_start"], kind="stable").drop_duplicates("place", keep="last")


def _reckoned(rows: pd.DataFrame) -> pd.DataFrame:
    authorised = rows["revised"].fillna(rows["approved"])
    rate = ratio(rows["executed"], authorised)
    weight, printed = rows["execution_weight"], rows["execution_score"]
    recomputed = (weight * rate.clip(upper=1.0)).round(4)
    within = printed.where((printed <= weight) & (printed >= 0))
    score = within.fillna(recomputed)
    total = (rows["indicator_score"] + score).round(4)
    return rows.assign(
        authorised=authorised,
        stated_rate=rows["execution_rate"],
        execution_rate=rate,
        recomputed_execution_score=recomputed,
        indicator_score=rows["indicator_score"].round(4),
        recomputed_score=total,
        difference=(rows["total_score"] - total).round(4),
        points_lost=(rows["indicator_weight"] + weight - total).round(4),
        band=band(rows["total_score"]),
    )


def points_lost(
    data: HasFrames | pd.DataFrame, *, by: str | Sequence[str] = "level1", projects: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Points won and lost by type of indicator (一级指标 ...), the execution rate among them.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Indicators; of a Disclosure or Corpus the projects too, whose execution rate is a type of its own.
    by : str or sequence of str
        Columns of `describe("outcomes")` to sum by.
    projects : DataFrame, optional
        To go with a frame of indicators.

    Returns
    -------
    DataFrame
        The columns of `by` and those in `describe("points")`; most points lost first.

    Raises
    ------
    SpecError
        When `by` names an unknown column.
    """
    keys = [by] if isinstance(by, str) else list(by)
    for key in keys:
        choose("by", key, GROUPS)
    outcomes = indicator_outcomes(data)
    forms = side_frame(data, "projects", projects, _PROJECTS)
    wanted = outcomes[[*keys, "weight", "score"]]
    rows = pd.concat([wanted, _execution(forms)[[*wanted]].astype(wanted.dtypes)])
    scored = rows[rows["weight"].notna() & rows["score"].notna()]
    if scored.empty:
        return grouped("points", outcomes.loc[[], keys], keys)
    sums = scored.groupby(keys, dropna=False, sort=True).agg(
        indicators=("weight", "size"), weight=("weight", "sum"), score=("score", "sum")
    )
    sums = sums.reset_index()
    sums["lost"] = (sums["weight"] - sums["score"]).round(4)
    sums[["weight", "score"]] = sums[["weight", "score"]].round(4)
    sums["share"] = ratio(sums["lost"], pd.Series(sums["lost"].sum(), index=sums.index))
    sums = sums.sort_values(["lost", *keys], ascending=[False] + [True] * len(keys), kind="stable")
    return grouped("points", sums.reset_index(drop=True), keys)


def _execution(projects: pd.DataFrame) -> pd.DataFrame:
    """The execution rate of each form as if it were an indicator, where its score lies within its weight."""
    rows = projects[projects["form"].isin(FORMS)]
    rows = rows[rows["execution_weight"].notna() & (rows["execution_score"] <= rows["execution_weight"])]
    return rows[["document", "form", "project"]].astype("string").assign(
        level1=EXECUTION, level2=EXECUTION, level3=EXECUTION, outcome=pd.NA,
        weight=rows["execution_weight"], score=rows["execution_score"],
    )  # fmt: skip
