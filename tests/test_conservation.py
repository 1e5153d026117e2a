"""No number is lost: every number of every table of a page is a fact, part of a form, a code or a leftover."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from places import RAW, corpus

import budgetkit as bk
from budgetkit.printed.widths import squeeze
from budgetkit.readers.opening import open_source

#: amounts as tables print them: never a code, a row number or a year
AMOUNT = re.compile(r"(?<![\d.,])-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)%?(?![\d.,])")
SPECIMENS = [*sorted(RAW.glob("*.pdf")), *corpus()]


@pytest.mark.parametrize("path", SPECIMENS, ids=lambda path: path.stem)
def test_every_amount_in_a_grid_is_accounted_for(path: Path) -> None:
    document = bk.read(path)
    forms = set(document.projects["page"]) | set(document.indicators["page"])
    # forms become values, and may go on over pages
    texts = " ".join(
        str(value)
        for frame in (document.projects, document.project_funds, document.indicators)
        for row in frame.itertuples(index=False)
        for value in row
    )
    numbers = {float(token) for token in re.findall(r"-?\d+(?:\.\d+)?", texts)}
    for page in open_source(path.read_bytes(), path.name).pages:
        tokens = (token for grid in page.grids for cell in grid.cells for token in AMOUNT.findall(squeeze(cell.text)))
        found: Counter[str] = Counter()
        for frame, column in ((document.facts, "printed"), (document.leftovers, "text")):
            own = frame.loc[frame["page"] == page.number, column]
            found.update(token for text in own for token in AMOUNT.findall(str(text)))
        lost = Counter(tokens) - found - _labels(document, page.number)
        if forms and min(forms) <= page.number <= max(forms) + 2:
            lost = Counter(token for token in lost if not _stands(token, numbers, texts))
        assert lost == Counter(), page.number


def test_what_is_a_fact_is_no_leftover() -> None:
    document = bk.read(RAW / "urumqi_service_bureau_budget_2024.pdf")
    kept = document.facts.loc[document.facts["printed"].str.len() > 4, "printed"]
    assert len(kept) > 100
    assert not set(kept) & set(document.leftovers["text"])


def _stands(token: str, numbers: set[float], texts: str) -> bool:
    value = float(token.replace(",", "").rstrip("%"))
    return token in texts or any(abs(value * scale - number) < 1e-6 for scale in (1, 0.01, 10000) for number in numbers)


def _labels(document: bk.Disclosure, page: int) -> Counter[str]:
    """Amounts inside labels, project names and heads, which are texts."""
    own = document.facts.loc[document.facts["page"] == page, ["label", "project", "column"]]
    return Counter(
        {token: 10**6 for text in own.to_numpy().ravel() if isinstance(text, str) for token in AMOUNT.findall(text)}
    )
