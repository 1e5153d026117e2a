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
# # Read one document
#
# What does one published budget (部门预算) or final account (部门决算) hold once every printed number is a row, and
# where on the page does each number stand? What is missing, and what could not be read?

# %%
from IPython.display import Markdown, display

import budgetkit as bk

# %% tags=["parameters"]
path = "../data/raw/korla_service_center_final_2022.pdf"
form = "general_budget_expenditure"

# %%
doc = bk.read(path)
display(doc)

# %% [markdown]
# `doc.facts` has one row for each printed amount, in yuan, whatever unit the table is in. How many are there in each
# table, and on which pages?

# %%
counts = doc.facts.groupby("form", observed=True)["page"].agg(rows="size", first_page="min", last_page="max")
bk.labelled(counts)

# %% [markdown]
# One table: the form of the parameters, or the one with the most amounts where the document has no such table.
# `bk.labelled` writes a frame in Chinese words; the frame itself keeps its English ids and its numbers.

# %%
if form not in counts.index and len(counts):
    form = counts["rows"].idxmax()
table = doc.facts.query("form == @form and aspect == 'amount'")
bk.labelled(table[["code", "name", "level", "fund", "nature", "phase", "amount", "printed", "unit", "page"]])

# %%
wide = table.pivot_table(index=["code", "name"], columns="nature", values="amount", aggfunc="sum", observed=True)
bk.labelled(wide)

# %% [markdown]
# Every row knows its cell. Outlined: the items of the lowest level (项), which should add up to the total. Only a PDF
# has pages to show.

# %% alt="The page of a table, the cells of its lowest level outlined"
lowest = table[table["level"] == table["level"].max()]
if doc.documents["format"].iloc[0] == "pdf" and len(lowest):
    display(bk.show(doc, lowest, scale=1.2))

# %% [markdown]
# Figures in prose, and the self-evaluation of projects, are frames of their own.

# %%
said = doc.statements.query("measure == 'amount' and phase == 'approved'")
bk.labelled(said[["section", "subject", "code", "phase", "measure", "value", "printed", "page"]])

# %%
bk.labelled(doc.projects[["project", "approved", "revised", "executed", "execution_rate", "total_score", "page"]])

# %%
bk.labelled(doc.indicators[["level1", "level3", "target", "actual", "weight", "score"]])

# %% [markdown]
# What no frame took up, and the tables that a document of this kind should have and that were not found.

# %%
bk.labelled(doc.leftovers.groupby(["reason", "page"]).size().rename("rows").reset_index(), "leftovers")

# %% [markdown]
# ## What was found

# %%
column = ["table", "column", "phase"]
items = lowest.groupby(column, observed=True).agg(
    sum=("amount", "sum"), rows=("amount", "size"), step=("quantum", "max"), first=("col", "min")
)
totals = table[table["is_total"]].groupby(column, observed=True)["amount"].max().rename("total")
sums = items.join(totals, how="inner").sort_values(["table", "first"])
sums = sums.assign(difference=sums["sum"] - sums["total"], allowed=(sums["rows"] + 1) * sums["step"] / 2)
held = sums["difference"].abs() <= sums["allowed"]
told = "".join(
    f" In the first, {one.rows} items add up to {one.sum:,.2f} yuan; the printed total is {one.total:,.2f} yuan, a "
    f"difference of {one.difference:,.2f} where rounding of the printed figures allows up to {one.allowed:,.2f}."
    for one in sums.head(1).itertuples()
)
missing = bk.labelled(doc.documents)["缺表"].iloc[0] or "none"
Markdown(
    f"- {doc.entity}, {doc.fiscal_year}: {len(doc.facts)} amounts in {doc.facts['form'].nunique()} forms, "
    f"{len(doc.statements)} figures in prose; projects with a performance form: {len(doc.projects)}, "
    f"with {len(doc.indicators)} indicators.\n"
    f"- In {held.sum()} of {len(sums)} columns of the table above the items of the lowest level add up to the printed "
    f"total.{told}\n"
    f"- Missing forms: {missing}. Numbers left over: {len(doc.leftovers)}. Status: {doc.documents['status'].iloc[0]}."
)
