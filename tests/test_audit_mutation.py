"""The audit on documents that add up: no fail; a wrong digit fails exactly the sums that hold it, as one fault."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import audit_pages
import audit_stress
import pandas as pd
import pytest
from audit_documents import clean_documents
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

import budgetkit as bk
from budgetkit import Disclosure
from budgetkit.identities import amounts_of, identities
from tools.typeset import Document
from tools.typeset.render import render

#: a counterexample is shown as drawn: making it smaller takes minutes
SLOW = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


def fails(doc: Any) -> pd.DataFrame:
    findings = bk.check(doc)
    return findings[findings["status"] == "fail"]


def changed(doc: Disclosure, index: int, yuan: float) -> Any:
    """The document with one amount raised, as if it had been printed so."""
    facts = doc.facts.copy()
    amount = round(float(facts.loc[index, "amount"]) + yuan, 2)
    facts.loc[index, "amount"] = amount
    facts.loc[index, "printed"] = f"{amount / 10_000:,.2f}"
    frames = {
        name: getattr(doc, name) for name in ("documents", "statements", "projects", "project_funds", "indicators")
    }
    return SimpleNamespace(facts=facts, leftovers=doc.leftovers, **frames)


@settings(max_examples=5, **SLOW)
@given(clean_documents())
def test_a_clean_document_gives_no_fail(document: Document) -> None:
    findings = bk.check(bk.read(render(document)))
    told = findings.loc[findings["status"] == "fail", "message"]
    assert list(told) == []
    assert (findings["status"] == "pass").sum() > 40
    # what is not run are the forms that the document leaves out, and the rules over text, which bytes do not keep
    skipped = findings.loc[findings["status"] == "not_run", "rule"]
    assert {rule for rule in skipped if not rule.startswith("text.")} <= {"forms.missing", "empty.note"}


@settings(max_examples=6, **SLOW)
@given(audit_stress.plans())
def test_a_clean_department_gives_no_fail(plan: audit_stress.Plan) -> None:
    findings = bk.check(bk.read(render(audit_stress.document(plan))))
    assert list(findings.loc[findings["status"] == "fail", "message"]) == []
    assert (findings["status"] == "pass").sum() > 10


@settings(max_examples=25, **SLOW)
@given(st.integers(0, 100_000))
def test_a_clean_page_of_tables_and_prose_gives_no_fail(seed: int) -> None:
    findings = bk.check(bk.read(audit_pages.html(audit_pages.page(seed))))
    assert list(findings.loc[findings["status"] == "fail", "message"]) == []
    assert (findings["status"] == "pass").sum() > 40


@settings(max_examples=10, **SLOW)
@given(st.integers(0, 100_000))
def test_a_wrong_amount_of_a_clean_page_is_one_fault_at_its_place(seed: int) -> None:
    page = audit_pages.page(seed)
    text = audit_pages.html(page).decode()
    amounts = list(re.finditer(r"本年支出合计(?P<said>[1-9]\d*(?:\.\d+)?)万元", text))
    wrong = f"9{amounts[0]['said']}"
    doc = bk.read((text[: amounts[0].start("said")] + wrong + text[amounts[0].end("said") :]).encode())
    found = fails(doc)
    assert len(found) == 1, [*found["message"]]
    assert any(wrong in line for line in found["evidence"].iloc[0])


@settings(max_examples=2, **SLOW)
@given(clean_documents())
def test_one_wrong_cell_fails_exactly_the_sums_that_hold_it(document: Document) -> None:
    doc = bk.read(render(document))
    for index in doc.facts.index[doc.facts["amount"] != 0][::17]:
        wrong = changed(doc, index, 1_234_500.0)
        listed = identities(amounts_of(wrong.facts, wrong.statements, doc.entity))
        assert all(index in one.members for one in listed if not one.holds)
        found = fails(wrong)
        assert len(found) == 1, (doc.facts.loc[index, ["form", "code", "name", "nature"]].tolist(), [*found["message"]])


@settings(max_examples=2, **SLOW)
@given(clean_documents())
def test_what_rounding_explains_is_no_fail(document: Document) -> None:
    doc = bk.read(render(document))
    for index in doc.facts.index[::9]:
        assert [*fails(changed(doc, index, 100.0))["message"]] == []


def restated(doc: Disclosure, index: int, value: float) -> Any:
    """The document with one figure of the prose changed, as if it had been printed so."""
    statements = doc.statements.copy()
    statements.loc[index, "value"] = value
    names = ("documents", "facts", "projects", "project_funds", "indicators", "leftovers", "passages")
    return SimpleNamespace(statements=statements, **{name: getattr(doc, name) for name in names})


@settings(max_examples=1, **SLOW)
@given(clean_documents())
def test_a_wrong_figure_of_the_prose_is_one_fault(document: Document) -> None:
    doc = bk.read(render(document))
    assert len(doc.statements) >= 2
    # of a few hundred yuan no rate with two decimals can be told
    assume(doc.facts["amount"].max() > 1_000_000)
    for index, row in doc.statements.iterrows():
        # a share fits any whole of the document, and a rate or amount may be small against what it is made of
        step = max(row["value"] * 0.37, 50 * row["quantum"])
        wrong = fails(restated(doc, index, row["value"] + step))
        assert len(wrong) == 1 or row["measure"] == "share", (row["subject"], row["printed"], [*wrong["message"]])
        assert len(fails(restated(doc, index, row["value"]))) == 0


@settings(max_examples=3, **SLOW)
@given(clean_documents())
def test_a_figure_of_the_prose_rounded_otherwise_is_no_fault(document: Document) -> None:
    doc = bk.read(render(document))
    for index, row in doc.statements.iterrows():
        assert len(fails(restated(doc, index, row["value"] + row["quantum"] / 2))) == 0


@cache
def sample() -> Disclosure:
    return bk.read("data/raw/korla_service_center_final_2022.pdf")


@pytest.mark.parametrize(
    ("form", "code", "column", "rule"),
    [
        ("expenditure", "2010301", "nature all", "columns.sum"),
        ("expenditure", "2010301", "nature basic", "columns.sum"),
        ("income", "20103", "fund fiscal_appropriation", "columns.sum"),
        ("general_budget_expenditure", "201", "nature project", "columns.sum"),
    ],
)
def test_a_wrong_digit_in_a_sample_is_one_fault_more(form: str, code: str, column: str, rule: str) -> None:
    doc = sample()
    facts = doc.facts
    name, value = column.split()
    index = facts.index[(facts["form"] == form) & (facts["code"] == code) & (facts[name] == value)][0]
    before, after = fails(doc), fails(changed(doc, index, 90_000.0))
    new = after[~after["message"].isin(before["message"])]
    assert [*new["rule"]] == [rule]
    assert new["difference"].abs().tolist() == pytest.approx([90_000.0], abs=200)


def _wrong(row: Any, cell: Any) -> Any:
    """The first 107.02 of the row 行政运行 as 117.02."""
    own = any(other.text == "行政运行" for other in row)
    first = next((other for other in row if own and other.text == "107.02"), None)
    return replace(cell, text="117.02") if cell is first else cell


def test_a_wrong_cell_on_the_page_is_found_end_to_end() -> None:
    from tools.typeset.describe import read_sample

    document = read_sample("korla_service_center_final_2022")
    blocks = list(document.blocks)
    for k, block in enumerate(blocks):
        if getattr(block, "form", None) == "expenditure":
            rows = tuple(tuple(_wrong(row, cell) for cell in row) for row in block.rows)
            blocks[k] = replace(block, rows=rows)
    before = fails(sample())
    after = fails(bk.read(render(replace(document, blocks=tuple(blocks)))))
    new = after[~after["name"].isin(before["name"]) | ~after["rule"].isin(before["rule"])]
    assert {*new["code"]} == {"2010301"}
