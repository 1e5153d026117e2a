"""Reasons and doubts are values; their text in the frames is written and read back in one place."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from budgetkit.model import Doubt, Reason, Refusal, placed, written

#: sentences as readers and tables say them: without the mark between doubts
_TEXTS = st.text("ab 表，:.2", min_size=1).filter(lambda text: text == text.strip())
_DOUBTS = st.builds(Doubt, _TEXTS, st.integers(1, 999), st.none() | st.integers(1, 99))


@given(st.lists(_DOUBTS))
def test_doubts_survive_the_frame(doubts: list[Doubt]) -> None:
    assert placed(written(doubts)) == tuple(doubts)


def test_a_doubt_about_the_document_is_of_no_page() -> None:
    reason = written([Doubt("attached files not read"), Doubt("scan", 2), Doubt("two heads", 3, 1)])
    assert reason == "attached files not read; page 2: scan; page 3, table 1: two heads"
    assert placed(reason) == (Doubt("scan", 2), Doubt("two heads", 3, 1))


def test_doubts_of_several_pages_are_of_no_table() -> None:
    assert placed("page 1, 2: rows of indicators that belong to no form") == ()


def test_a_refusal_names_the_words_of_the_document() -> None:
    assert Refusal(Reason.TWO_UNITS, ("元", "万元")).text == "in 元 by its cell and in 万元 by what stands over it"
    named = {reason: len(re.findall(r"\{\}", reason.value)) for reason in Reason}
    assert {reason for reason, count in named.items() if count} == {Reason.TWO_UNITS}
