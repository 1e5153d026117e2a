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
# # Execution rates
#
# How much of the money that was authorised was spent, project by project and for each unit as a whole? Do the rates
# that the documents state agree with their own amounts?

# %%
from IPython.display import Markdown

import budgetkit as bk
from budgetkit import analysis, plots

# %% tags=["parameters"]
processed = "../data/processed"
under = 0.9
over = 1.1

# %%
corpus = bk.load(processed)
rates = analysis.execution_rate(corpus, under=under, over=over)

# %% [markdown]
# Four places give both sides: sentences of the prose, tables, the self-evaluation forms of projects, and the budget
# joined to the final account of the same year. One yuan may stand in several, so each source is summed by itself.

# %%
sums = analysis.execution_rate(corpus, by="entity", under=under, over=over)
analysis.labelled(sums, "execution")

# %% [markdown]
# The projects that were evaluated, lowest rate first. A hollow dot is what was authorised (全年预算数), a filled one
# what was spent. Where there are more than 20, a line below says how many are left out and what they add up to.

# %% alt="For each project a hollow dot for its budget and a filled one for what was spent"
projects = rates[(rates["source"] == "self_evaluation") & rates["execution_rate"].notna()]
ax = plots.execution(projects, order="execution_rate", title="项目支出：预算与执行")

# %%
columns = ["entity", "item", "authorised", "executed", "unspent", "execution_rate"]
analysis.labelled(projects.sort_values("execution_rate", ignore_index=True)[columns], "execution")

# %% [markdown]
# Units as a whole: how far the final account lies from the budget (预决算偏离度). The band is the one of PEFA's
# indicator of aggregate outturn that this single year falls in; a PEFA score needs three years.

# %%
outturn = analysis.outturn(corpus)
columns = ["entity", "fiscal_year", "indicator", "approved", "executed", "difference_rate", "band", "source"]
analysis.labelled(outturn[columns], "outturn")

# %% [markdown]
# Stated against recomputed rates: those that differ by more than the printed digits allow.

# %%
stated = rates[rates["agrees"].notna()]
apart = stated[~stated["agrees"].astype(bool)]
analysis.labelled(apart[["entity", "item", "stated_rate", "execution_rate", "source"]], "execution")

# %% [markdown]
# ## What was found

# %%
low = projects[projects["status"] == "under"]
whole = projects["executed"].sum() / max(projects["authorised"].sum(), 1)
least = "".join(
    f" The lowest rate with money spent is {row.execution_rate:.1%} ({row.item}); "
    for row in projects[projects["executed"] > 0].nsmallest(1, "execution_rate").itertuples()
)
largest = "".join(
    f"the most money left is {row.unspent:,.0f} yuan of {row.item}, of which {row.execution_rate:.2%} was spent."
    for row in projects.nlargest(1, "unspent").itertuples()
)
outside = outturn[(outturn["indicator"] == "PI-1") & (outturn["difference_rate"].abs() > 0.15)]
outside = outside.sort_values("difference_rate", key=abs, ascending=False)
Markdown(
    f"- {len(projects)} evaluated projects were authorised {projects['authorised'].sum():,.0f} yuan and spent "
    f"{projects['executed'].sum():,.0f}, {whole:.1%}; {len(low)} of them stayed under {under:.0%}.{least}{largest}\n"
    f"- Of {(outturn['indicator'] == 'PI-1').sum()} units with a stated or joined budget, {len(outside)} ended more "
    f"than 15 % away from it{': ' if len(outside) else ''}"
    f"{'; '.join(f'{r.entity} {r.difference_rate:+.1%}' for r in outside.head(5).itertuples())}"
    f"{f'; and {len(outside) - 5} more' if len(outside) > 5 else ''}.\n"
    f"- {len(stated)} rates are stated; {len(apart)} of them: further from their own amounts than rounding allows."
)
