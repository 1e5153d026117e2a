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
# # Does it add up?
#
# Which numbers of a budget or final account contradict each other, where do they stand, and by how much? What was
# found right, and what could not be checked?

# %%
from pathlib import Path

import pandas as pd
from IPython.display import Markdown, display

import budgetkit as bk

pd.set_option("display.max_colwidth", None)

# %% tags=["parameters"]
raw = "../data/raw"
processed = "../data/processed"

# %%
corpus = bk.load(processed)
findings = bk.check(corpus)
bk.labelled(findings.pivot_table(index="document", columns="status", values="rule", aggfunc="size", observed=False))

# %% [markdown]
# Every sum, share, rate and name that a rule holds for is one finding: it passes, differs by no more than rounding
# allows, fails, or was not run. What fails, the gravest first; a wrong figure that several rules see is one row.

# %%
fails = findings[findings["status"] == "fail"].sort_values("severity", kind="stable", ignore_index=True)
bk.labelled(fails[["severity", "document", "page", "message"]], "findings")

# %% [markdown]
# Two faults of different documents whose numbers stand on two pages, with both places outlined. `bk.show` takes a
# finding as it takes rows of a table.

# %% alt="The page with the places of the first finding outlined"
pages = fails["evidence"].explode().str.extract(r"^第(\d+)页")[0].groupby(level=0).nunique()
largest = fails[pages > 1].sort_values("difference", key=abs, ascending=False, kind="stable")
pdfs = corpus.documents[corpus.documents["format"] == "pdf"]
paths = {row.document: Path(raw) / row.path for row in pdfs.itertuples() if (Path(raw) / row.path).is_file()}
far = largest[largest["document"].isin(paths)].drop_duplicates("document", ignore_index=True)
if len(far):
    display(bk.show(bk.read(paths[far["document"][0]]), far.iloc[0], margin=50, scale=1.2))

# %% alt="The page with the places of the second finding outlined"
if len(far) > 1:
    display(bk.show(bk.read(paths[far["document"][1]]), far.iloc[1], margin=50, scale=1.2))

# %% [markdown]
# What passed, by rule: those with the most places first.

# %%
counts = bk.summarise(findings).groupby("rule")[["pass", "rounding", "fail", "not_run"]].sum()
counts.sort_values("pass", ascending=False)

# %% [markdown]
# What was not run, and why. Nothing of it counts as right.

# %%
skipped = findings[findings["status"] == "not_run"]
bk.labelled(skipped.groupby(["rule", "message"]).size().rename("rows").reset_index(), "findings")

# %% [markdown]
# ## What was found

# %%
status = findings["status"].value_counts()
held = status["pass"] + status["rounding"]
by_severity = ", ".join(f"{count} {name}" for name, count in fails["severity"].value_counts().items() if count)
documents = corpus.documents[corpus.documents["status"] != "failed"]["document"]
looked_at = set(findings[findings["status"] != "not_run"]["document"])
clean = sorted(looked_at - set(fails["document"]))
unchecked = sorted(set(documents) - looked_at)
Markdown(
    f"- {len(findings)} places were looked at in {len(looked_at)} documents: {held} hold ({status['rounding']} of them "
    f"within rounding), {status['fail']} fail ({by_severity or 'none'}), {status['not_run']} were not run.\n"
    f"- In {fails['document'].nunique()} of {len(looked_at)} documents something fails; nothing fails in {len(clean)}: "
    f"{', '.join(clean[:5]) or 'none'}{', …' if len(clean) > 5 else ''}. Read, and without anything to check: "
    f"{', '.join(unchecked[:5]) or 'none'}{', …' if len(unchecked) > 5 else ''}.\n"
    f"- {len(far)} documents have a fail whose numbers stand on different pages, which a reader of one page cannot see."
)
