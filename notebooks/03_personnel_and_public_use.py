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
# # Personnel and public use
#
# What share of basic expenditure (基本支出) is personnel cost (人员经费), and what is public use (公用经费)? What does
# each come to per head of staff, and what goes into travel abroad, vehicles and receptions (“三公”经费)?

# %%
from IPython.display import Markdown

import budgetkit as bk
from budgetkit import analysis, plots

# %% tags=["parameters"]
processed = "../data/processed"

# %% [markdown]
# Budgets show what was approved, final accounts what was executed. The last column says where the two parts come from:
# the printed totals of the table, its economic codes, or the prose. Below, first the two parts of basic expenditure;
# then, with project expenditure beside them, the share of the staff in all that is spent.

# %%
corpus = bk.load(processed)
costs = analysis.cost_structure(corpus)
columns = ["entity", "fiscal_year", "phase", "basic", "personnel", "public_use", "personnel_share", "source"]
analysis.labelled(costs[columns], "costs")

# %% alt="Bars of the shares of personnel and public use in basic expenditure"
ax = plots.cost_structure(costs)

# %% alt="Bars of the shares of personnel, public use and projects"
ax = plots.cost_structure(costs, of="total", title="人员经费、公用经费与项目支出")

# %% [markdown]
# Per head of staff in post (在职人员), as the prose counts them. Pensioners are paid from the same money and are not in
# the count, so these are no salaries.

# %%
heads = costs[costs["staff"].notna()].sort_values("personnel_per_head", ascending=False, ignore_index=True)
columns = ["entity", "fiscal_year", "phase", "staff", "personnel_per_head", "public_use_per_head", "capital"]
analysis.labelled(heads[columns], "costs")

# %% [markdown]
# The largest items by economic classification, where a table lists them.

# %%
items = analysis.economic_items(corpus, top=4)
analysis.labelled(items[["entity", "rank", "code", "name", "category", "amount", "share"]], "economic_items")

# %% [markdown]
# “三公”经费, from the table of the document or its prose.

# %% alt="Bars of travel abroad, vehicles and receptions by unit and year"
three = analysis.three_public(corpus)
ax = plots.three_public(three)

# %% [markdown]
# ## What was found

# %%
total = three[(three["item"] == "“三公”经费") & three["counted"]]
final = total["kind"] == "final_account"
spent = total["executed"].where(final, total["approved"])
years = spent.groupby([total["fiscal_year"], final]).agg(["size", "sum"]).reset_index()
sums = "; ".join(
    f"{row.fiscal_year} {'executed' if row.kind else 'approved'}, {row.size} documents: {row.sum:,.0f} yuan"
    for row in years.itertuples(index=False)
)
most = "".join(
    f"The highest share of personnel is {row.personnel_share:.1%} ({row.entity}, {row.fiscal_year}), "
    for row in costs.nlargest(1, "personnel_share").itertuples()
)
least = "".join(
    f"the lowest {row.personnel_share:.1%} ({row.entity}, {row.fiscal_year}). "
    for row in costs.nsmallest(1, "personnel_share").itertuples()
)
per_head = heads["personnel_per_head"]
range_of_heads = f"{len(heads)} documents state their staff in post" + (
    f"; personnel cost per head lies between {per_head.min():,.0f} and {per_head.max():,.0f} yuan."
    if len(heads) > 1
    else "."
)
shares = costs["personnel_share"]
Markdown(
    f"- In {len(costs)} documents personnel takes between {shares.min():.1%} and {shares.max():.1%} of basic "
    f"expenditure; the median is {shares.median():.1%}. "
    f"{most}{least}\n"
    f"- {range_of_heads}\n"
    f"- {(spent > 0).sum()} of {len(total)} documents have “三公”经费 above 0. {sums or 'None is stated'}."
)
