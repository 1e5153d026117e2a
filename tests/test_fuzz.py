"""Damaged documents, and texts of nobody's making, end in a result or an error of our own; `make fuzz` tries more."""

from __future__ import annotations

import contextlib
import math
import random
import time
from collections.abc import Callable

import pytest
from grids import page
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import SEEDS

from budgetkit import codes, lexicon
from budgetkit.errors import BudgetkitError
from budgetkit.performance.values import parse_points, parse_rate, parse_value
from budgetkit.printed import names, ordinals, persons, units, widths, years
from budgetkit.printed.numbers import attached_unit, parse_number
from budgetkit.prose import read_statements
from budgetkit.readers.office.number_formats import parse_format, show_text
from tools.fuzz import MEGABYTES, outcomes
from tools.mutants import WORDS, mutate


@pytest.mark.parametrize("name", SEEDS)
def test_mutants_end_in_a_result_or_an_error(name: str) -> None:
    ended = dict(outcomes(SEEDS[name](), range(1000, 1006)))
    assert {seed: outcome.said for seed, outcome in ended.items() if not outcome.good} == {}
    assert max(outcome.megabytes for outcome in ended.values()) < MEGABYTES


@pytest.mark.parametrize("name", SEEDS)
def test_mutants_are_the_same_at_every_run(name: str) -> None:
    whole = SEEDS[name]()
    assert [mutate(whole, seed) for seed in range(5)] == [mutate(whole, seed) for seed in range(5)]
    assert any(mutate(whole, seed) != whole for seed in range(5))


#: pieces of what is printed, so that random texts come near to it
SIGNS = "0123456789,.，．-–—+%％‰()（）[]【】:：;；、。 \t\n年月日元万亿千百十〇零一二三九壹"
PHRASES = (
    *(
        "2080505",
        "（类）",
        "（款）",
        "（项）",
        "一般公共预算",
        "支出决算为",
        "完成年初预算的",
        "比上年增加",
        "增长",
        "占",
        "其中：",
    ),
    *("合计", "“三公”经费", "人", "≥", "≤"),
)
PIECES = st.lists(
    st.one_of(st.sampled_from([*WORDS, *SIGNS]), st.sampled_from(PHRASES), st.text(max_size=3)), max_size=12
).map("".join)


@given(PIECES)
@settings(max_examples=200, deadline=None)
def test_numbers_are_finite(text: str) -> None:
    number = parse_number(text)
    if number is not None:
        assert math.isfinite(float(number.value))
        assert math.isfinite(float(number.quantum))


#: what takes text as it is printed
READERS: tuple[Callable[[str], object], ...] = (
    *(attached_unit, units.unit_in, units.states_unit, units.without_unit, ordinals.strip_ordinal, years.year_in),
    *(names.folded_name, widths.squeeze, widths.ideographs, widths.fold, persons.is_label, persons.is_personal),
    *(persons.without, codes.normalise, lexicon.read, lambda text: list(lexicon.words(text)), parse_value),
    *(parse_points, parse_rate, parse_format, lambda code: show_text("1", code)),
)


@pytest.mark.parametrize("call", READERS)
@given(text=PIECES)
@settings(max_examples=60, deadline=None)
def test_readers_of_words_take_any_text(call: Callable[[str], object], text: str) -> None:
    with contextlib.suppress(BudgetkitError):
        call(text)


@given(st.lists(PIECES, max_size=6))
@settings(max_examples=50, deadline=None)
def test_prose_takes_any_text(lines: list[str]) -> None:
    said = read_statements([page(*lines)], kind="final_account", fiscal_year=2023, entity="某局", names=[])
    assert all(math.isfinite(row["value"]) for row in said)


@pytest.mark.parametrize("seed", range(6))
def test_long_texts_take_no_more_than_their_length(seed: int) -> None:
    """Twice the text in about twice the time, whatever it repeats."""
    part = "".join(random.Random(seed).choices([*WORDS, "1.00万元", "支出决算为", "（一）"], k=4))
    took = []
    for times in (300, 1200):
        started = time.process_time()
        read_statements([page(part * times)], kind="budget", fiscal_year=2023, entity="某局", names=[])
        took.append(time.process_time() - started)
    assert took[1] < 12 * max(took[0], 0.05)
