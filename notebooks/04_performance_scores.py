# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -kernelspec,-jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
# ---

# %% [markdown]
# # Performance scores
#
# How do projects score in their self-evaluation (绩效自评), and where do they lose points? Does a project that hardly
# spends its budget score lower?

# %%
import pandas as pd
from IPython.display import Markdown

import budgetkit as bk
from budgetkit import analysis, plots

# %% tags=["parameters"]
processed = "../data/processed"

# %% [markdown]
# Stated and recomputed totals, with the rating band of the Ministry of Finance (财预〔2020〕10号: 优 from 90, 良 from
# 80, 中 from 60, 差 below). The recomputed total is the sum of the indicators' scores and of the execution rate's.

# %%
corpus = bk.load(processed)
scores = analysis.self_evaluation(corpus)
columns = ["entity", "project", "execution_rate", "total_score", "recomputed_score", "difference", "band"]
analysis.labelled(scores[columns], "self_evaluation")

# %% [markdown]
# Execution rate against score. The rate itself is worth 10 of 100 points. The correlation of ranks, with the interval
# that 95 % of resamplings of the projects give; fewer than 8 projects say nothing of it.

# %% alt="Projects as dots: execution rate across, self-evaluation score upwards"
ax = plots.scores(scores)
both = scores[["execution_rate", "total_score"]].dropna()
drawn = [both.sample(frac=1, replace=True, random_state=n).corr("spearman").iloc[0, 1] for n in range(500)]
rank, (low, high) = both.corr("spearman").iloc[0, 1], pd.Series(drawn).quantile([0.025, 0.975])
correlation = (
    f"correlation of ranks {rank:.2f} (95 %: {low:.2f} to {high:.2f})" if len(both) >= 8 else "too few to tell"
)

# %% [markdown]
# Points won and lost by type of indicator, the execution rate among them.

# %% alt="Bars of points won and lost by type of indicator"
points = analysis.points_lost(corpus)
ax = plots.points(points)
analysis.labelled(analysis.points_lost(corpus, by=["level1", "level2"]), "points")

# %% [markdown]
# Which indicators met their targets? A target in words (有效提高) cannot be measured and mostly gets its full score.

# %%
outcomes = analysis.indicator_outcomes(corpus)
table = outcomes.groupby("outcome").agg(rows=("weight", "size"), weight=("weight", "sum"), score=("score", "sum"))
analysis.labelled(table.reset_index(), "outcomes")

# %% [markdown]
# Points lost or targets missed without a reason in the form.

# %%
silent = outcomes[outcomes["reason_missing"].fillna(False)]
columns = ["project", "level3", "target", "actual", "weight", "score"]
analysis.labelled(silent.sort_values("lost", ascending=False, ignore_index=True)[columns], "outcomes")

# %% [markdown]
# ## What was found

# %%
bands = ", ".join(f"{count} {band}" for band, count in scores["band"].value_counts().sort_index().items())
idle = scores[(scores["execution_rate"] < 0.1) & (scores["total_score"] >= 60)]
generous = "; ".join(f"{r.project} {r.execution_rate:.1%}, {r.total_score:g} points" for r in idle[:5].itertuples())
apart = scores[scores["difference"].abs() > 0.05]
apart = apart.sort_values("difference", key=abs, ascending=False)
away = "; ".join(f"{r.project}: {r.total_score:g}, recomputed {r.recomputed_score:g}" for r in apart[:5].itertuples())
first = "".join(
    f"Most points are lost in {row.level1}: {row.lost:g} of {row.weight:g}, {row.share:.0%} of all that are lost. "
    for row in points.head(1).itertuples()
)
words = outcomes[outcomes["outcome"] == "not_measurable"]
Markdown(
    f"- Score and execution rate of {len(both)} projects: {correlation}.\n"
    f"- {len(scores)} projects: {bands}. {len(idle)} spent less than 10 % of their budget and still score 60 or more "
    f"({generous or 'none'}{', …' if len(idle) > 5 else ''}).\n"
    f"- {first}Indicators that cannot be measured win {words['score'].sum():g} of {words['weight'].sum():g} points.\n"
    f"- Stated totals that differ from their parts: {len(apart)} ({away or 'none'}{', …' if len(apart) > 5 else ''}).\n"
    f"- {len(silent)} of {(outcomes['lost'].gt(0) | outcomes['outcome'].eq('missed')).sum()} indicators that lost "
    f"points or missed their target give no reason."
)
