"""Random long documents read back equal: whose every amount is, for which project, and every indicator."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from long_documents import FEET, TABLES, Draft, Look, draft_of

import budgetkit as bk
from tools.typeset.render import render

INDICATOR = ["project", "level1", "level2", "level3", "target"]

looks = st.builds(
    Look,
    seed=st.integers(0, 1 << 16),
    head=st.booleans(),
    foot=st.sampled_from(FEET),
    foot_align=st.sampled_from(["center", "right", "left"]),
    title_wraps=st.booleans(),
    overflow=st.sampled_from([0.0, 0.0, 0.12]),
    repeat_header=st.booleans(),
    cut_rows=st.booleans(),
    ruling=st.sampled_from(["strokes", "rectangles", "segments"]),
    size=st.sampled_from([7.5, 9.0, 10.5]),
    goal=st.sampled_from([60, 300, 1200]),
)


def shown(value: object) -> object:
    return None if value is None or value is pd.NA or value != value else value


def differences(found: bk.Disclosure, draft: Draft) -> Iterator[str]:
    """What was read otherwise than it was set."""
    for printed, facts in found.facts.groupby("printed"):
        if printed not in draft.truth:
            yield f"{printed} is no amount of the document: {facts.iloc[0]['title']}, {facts.iloc[0]['column']}"
        elif len(facts) > 1:
            yield f"{printed} is {len(facts)} facts"
    rows = {row["printed"]: row for row in found.facts.to_dict("records")}
    for printed, wanted in draft.truth.items():
        row = rows.get(printed)
        if row is None:
            yield f"{printed} {wanted} was lost"
            continue
        if row["unread"]:
            yield f"{printed} [{row['column']}] {row['label']}: unread {row['unread']}"
        for key, value in wanted.items():
            if shown(row[key]) != value:
                yield f"{printed} [{row['title']}/{row['column']}] {row['label']}: {key} {row[key]}, expected {value}"
    indicators = list(found.indicators[INDICATOR].itertuples(index=False, name=None))
    for row in draft.indicators:
        if row not in indicators:
            yield f"indicator {row} was lost"
    if len(indicators) > len(draft.indicators):
        yield f"{len(indicators)} indicators of {len(draft.indicators)}"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(looks, st.lists(st.sampled_from(TABLES), min_size=1, max_size=2))
def test_long_documents_read_back_equal(look: Look, tables: list[object]) -> None:
    document, draft = draft_of(look, tables)
    assert list(differences(bk.read(render(document)), draft)) == []
