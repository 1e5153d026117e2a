"""Glyphs to lines, on arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from budgetkit.readers.pdf.glyphs import Glyphs, lines

#: a letter: text, left, top; all are 6 wide and 10 high
Letter = tuple[str, float, float]


def glyphs(letters: Sequence[Letter], spaced: Sequence[int] = ()) -> Glyphs:
    box = np.array([(x, y, x + 6, y + 10) for _, x, y in letters], dtype=float).reshape(-1, 4)
    after_blank = np.isin(np.arange(len(letters)), list(spaced))
    return Glyphs([text for text, _, _ in letters], box, box[:, 3], after_blank)


def set_out(
    letters: Sequence[Letter], group: Sequence[int] | None = None, spaced: Sequence[int] = ()
) -> list[tuple[int, str]]:
    owner = np.array(group if group is not None else [0] * len(letters), dtype=int)
    return [(number, line.text) for number, line in lines(glyphs(letters, spaced), owner)]


def word(text: str, x: float, y: float) -> list[Letter]:
    return [(letter, x + 6 * k, y) for k, letter in enumerate(text)]


def test_nothing_gives_nothing() -> None:
    assert set_out([]) == []
    assert glyphs([]).em == 10.0


def test_order_is_that_of_the_page_not_of_the_content() -> None:
    assert set_out([*word("cd", 12, 0), *word("ef", 0, 20), *word("ab", 0, 0)]) == [(0, "abcd"), (0, "ef")]


def test_groups_keep_apart_and_minus_two_is_left_out() -> None:
    letters = [*word("ab", 0, 0), *word("cd", 12, 0), *word("xy", 24, 0)]
    assert set_out(letters, [1, 1, -1, -1, -2, -2]) == [(-1, "cd"), (1, "ab")]


def test_a_wide_gap_is_a_tab_and_printed_space_a_blank() -> None:
    assert set_out([*word("ab", 0, 0), *word("cd", 15, 0), *word("ef", 60, 0)], spaced=[2]) == [(0, "ab cd\tef")]


def test_baselines_make_lines_not_heights() -> None:
    low = Glyphs(
        ["a", ",", "b"],
        np.array([(0, 0, 6, 10), (6, 8, 8, 11), (8, 0, 14, 10)], dtype=float),
        np.array([10.0, 10.0, 10.0]),
        np.zeros(3, dtype=bool),
    )
    assert [line.text for _, line in lines(low, np.zeros(3, dtype=int))] == ["a,b"]


def test_small_steps_of_the_baseline_stay_one_line() -> None:
    assert set_out([("a", 0, 0), ("b", 6, 2), ("c", 12, 0)]) == [(0, "abc")]


def test_overprinted_letters_are_one() -> None:
    bold = [letter for x in (0.0, 0.4, 0.8) for letter in word("12", x, 0)]
    assert set_out(bold) == [(0, "12")]


def test_double_digits_are_two() -> None:
    assert set_out(word("1122", 0, 0)) == [(0, "1122")]


def test_boxes_and_size_of_lines() -> None:
    ((_, line),) = lines(glyphs(word("abc", 5, 7)), np.zeros(3, dtype=int))
    assert line.box == (5, 7, 23, 17)
    assert line.size == 10


def test_take_keeps_chosen_glyphs() -> None:
    assert glyphs(word("abc", 0, 0)).take(np.array([0, 2])).text == ["a", "c"]
