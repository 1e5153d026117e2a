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
# # Compare years and peers
#
# What did a unit spend more on, or less, than the year before? How does what it spends its money on differ from its
# peers?

# %%
from IPython.display import Markdown

import budgetkit as bk
from budgetkit import analysis, plots

# %% tags=["parameters"]
processed = "../data/processed"
level = 3

# %% [markdown]
# Only like is compared: the same code, level, fund and phase. Where no document of the year before is at hand, the
# 上年数 that a document prints stands for it.

# %%
corpus = bk.load(processed)
years = analysis.compare(corpus, level=level)
changed = years[years["base"].notna()]
columns = ["entity", "fiscal_year", "base", "code", "name", "base_amount", "amount", "difference", "change_rate"]
largest = changed.sort_values("difference", key=abs, ascending=False, ignore_index=True)
analysis.labelled(largest[columns], "compare")

# %% alt="For each code the amount of the year before and of this year"
ax = plots.change(changed, top=12)

# %% [markdown]
# Peers, by function (类): shares rather than amounts, for units differ in size. The base is the median of all units
# with the same phase.

# %%
peers = analysis.compare(corpus, across="entity", level=1, among=())
wide = peers.pivot_table(index=["phase", "fiscal_year", "entity"], columns="name", values="share", observed=True)
wide[wide.sum().sort_values(ascending=False).index].map("{:.1%}".format, na_action="ignore").fillna("")

# %%
unusual = peers[peers["base"].notna()].sort_values("share_difference", key=abs, ascending=False, ignore_index=True)
columns = ["entity", "phase", "name", "share", "base_share", "share_difference"]
analysis.labelled(unusual[columns], "compare")

# %% [markdown]
# The largest document whose codes add up to its total, as nested rectangles: the area is money, the colour the
# function (类).

# %% alt="Nested rectangles of expenditure by function"
spending = analysis.spending(corpus, level=3)
own = spending[spending["phase"].isin(["approved", "executed"]) & spending["complete"].fillna(False)]
biggest = own.groupby("document")["amount"].sum().nlargest(1).index
shown = own[own["document"].isin(biggest)]
ax = plots.hierarchy(shown, title="、".join(shown["entity"].dropna().unique()) + "：支出构成")

# %% [markdown]
# The same money at each level: codes are a tree, and no yuan counts twice. What differs is the rounding of the table.

# %%
facts = corpus.facts.query("form == 'expenditure' and fund == 'all' and nature == 'all'")
sums = [facts.pipe(analysis.rollup, depth).groupby("document")["amount"].sum().rename(depth) for depth in (1, 2, 3)]
sums[0].to_frame().join(sums[1:]).map("{:,.2f}".format, na_action="ignore").fillna("")

# %% [markdown]
# ## What was found

# %%
up, down = changed.nlargest(1, "difference"), changed.nsmallest(1, "difference")
most = "; ".join(
    f"{r.entity}, {r.name}: {r.base_amount:,.0f} to {r.amount:,.0f} yuan ({r.difference:+,.0f})"
    for part in (up, down)
    for r in part.itertuples(index=False)
)
odd = "".join(
    f"{r.entity} spends {r.share:.1%} on {r.name}, the median of units of the same phase is {r.base_share:.1%}."
    for r in unusual.head(1).itertuples(index=False)
)
Markdown(
    f"- {changed['entity'].nunique()} of {years['entity'].nunique()} units can be compared with a year before, by "
    f"{len(changed)} codes. The largest rise and fall: {most or 'none'}.\n"
    f"- {odd or 'There are no peers.'}\n"
    f"- {len(shown)} codes of the largest document add up to {shown['amount'].sum():,.0f} yuan; its printed or stated "
    f"total is {shown['total'].max():,.0f}."
)
