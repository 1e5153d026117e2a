"""Random documents, typeset in all layouts, read back equal to what was typeset."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from strategies import documents

import budgetkit as bk
from tools.typeset import Document, expected_facts
from tools.typeset.render import render

KEY = (
    *("form", "flow", "fund", "nature", "item", "aspect", "economic", "code", "name", "phase", "quantum", "printed"),
)


def key(row: Any, amount: float) -> tuple[Any, ...]:
    values = (row[name] for name in KEY)
    return (*(None if value is None or value != value else value for value in values), round(amount, 2))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(documents())
def test_what_was_typeset_is_read(document: Document) -> None:
    found = bk.read(render(document))
    expected = Counter(key(fact, fact["amount"]) for fact in expected_facts(document))
    # codes resolved from names come on top of what was typeset
    code = found.facts["code"].where(found.facts["code_source"] != "resolved")
    facts = found.facts.assign(code=code, economic=found.facts["code_economic_department"])
    assert (facts["unread"] == "").all()
    rows = facts.astype("object").where(facts.notna(), None).to_dict("records")
    assert Counter(key({**row, "quantum": round(row["quantum"], 6)}, row["amount"]) for row in rows) == expected
    assert (found.kind, found.fiscal_year, found.entity) == (document.kind, document.fiscal_year, document.entity)
