"""Rulings to lattices, on arrays."""

from __future__ import annotations

import numpy as np
import pytest

from budgetkit.readers.pdf.rulings import Lattice, Rulings, lattices, rulings, spans

EM = 10.0


def merged(*segments: tuple[float, float, float]) -> list[tuple[float, float, float]]:
    """Rulings of (position, from, to) segments."""
    at, lo, hi = np.array(segments, dtype=float).T
    found, _ = rulings(np.stack((lo, at, hi, at), axis=1), EM)
    return list(zip(found.at.tolist(), found.lo.tolist(), found.hi.tolist(), strict=True))


def lines(*segments: tuple[float, float, float]) -> Rulings:
    return Rulings(*np.array(segments, dtype=float).T)


def boxes(lattice: Lattice) -> list[tuple[int, int, int, int]]:
    return sorted(map(tuple, lattice.span.tolist()))


def test_touching_and_doubled_segments_are_one_ruling() -> None:
    assert merged((5, 0, 50), (5.5, 50, 100), (5, 20, 60)) == [(pytest.approx(5 + 0.5 / 3), 0, 100)]


def test_segments_apart_stay_two_rulings() -> None:
    assert merged((5, 0, 50), (5, 60, 100)) == [(5, 0, 50), (5, 60, 100)]


def test_parallel_rulings_beyond_the_snap_stay_two() -> None:
    assert merged((5, 0, 50), (8, 0, 50)) == [(5, 0, 50), (8, 0, 50)]


def test_ticks_and_dots_are_dropped() -> None:
    assert merged((5, 0, 4), (5, 30, 30.5), (9, 0, 50)) == [(9, 0, 50)]


def test_no_segments_give_no_rulings() -> None:
    across, down = rulings(np.empty((0, 4)), EM)
    assert len(across.at) == len(down.at) == 0


def test_strokes_of_both_directions_are_told_apart() -> None:
    across, down = rulings(np.array([[0, 5, 90, 5], [5, 0, 5, 90], [90, 5, 120, 5.4], [5, 80, 5, 140]], float), EM)
    assert (across.at.tolist(), across.lo.tolist(), across.hi.tolist()) == ([pytest.approx(5.1)], [0], [120])
    assert (down.at.tolist(), down.lo.tolist(), down.hi.tolist()) == ([5], [0], [140])


def test_dashes_of_one_length_at_even_distances_are_one_ruling() -> None:
    assert merged(*[(5, x, x + 4) for x in range(0, 60, 8)]) == [(5, 0, 60)]


def test_dots_at_even_distances_are_one_ruling() -> None:
    assert merged(*[(5, x, x + 0.5) for x in np.arange(0, 60, 3.0)]) == [(5, 0, 57.5)]


def test_uneven_short_pieces_are_no_dashes() -> None:
    assert merged((5, 0, 4), (5, 7, 9), (5, 14, 15), (5, 20, 24)) == []


def test_raster_of_two_by_two() -> None:
    (lattice,) = lattices(
        lines((0, 0, 100), (20, 0, 100), (40, 0, 100)), lines((0, 0, 40), (50, 0, 40), (100, 0, 40)), EM
    )
    assert lattice.xs.tolist() == [0, 50, 100]
    assert lattice.ys.tolist() == [0, 20, 40]
    assert boxes(lattice) == [(0, 0, 0, 0), (0, 0, 1, 1), (1, 1, 0, 0), (1, 1, 1, 1)]
    assert lattice.whole.all()


def test_missing_pieces_merge_cells() -> None:
    # a header over two columns, and a label over two rows
    across = lines((0, 0, 150), (20, 50, 150), (40, 0, 150), (60, 50, 150), (80, 0, 150))
    down = lines((0, 0, 80), (50, 0, 80), (100, 20, 80), (150, 0, 80))
    (lattice,) = lattices(across, down, EM)
    assert boxes(lattice) == [
        (0, 0, 1, 2), (0, 1, 0, 0), (1, 1, 1, 1), (1, 1, 2, 2), (2, 2, 1, 1), (2, 2, 2, 2), (2, 3, 0, 0),
        (3, 3, 1, 1), (3, 3, 2, 2),
    ]  # fmt: skip
    assert lattice.whole.all()


def test_cells_that_are_no_rectangles_are_told() -> None:
    # the short ruling stands in a corner: what is left of the table is an L
    (lattice,) = lattices(
        lines((0, 0, 100), (20, 50, 100), (40, 0, 100)), lines((0, 0, 40), (50, 0, 20), (100, 0, 40)), EM
    )
    assert sorted(lattice.whole.tolist()) == [False, True]


def test_table_open_at_the_bottom_is_closed_by_its_verticals() -> None:
    (lattice,) = lattices(lines((0, 0, 100), (20, 0, 100)), lines((0, 0, 40), (50, 0, 40), (100, 0, 40)), EM)
    assert lattice.ys.tolist() == [0, 20, 40]


def test_table_open_at_the_top_is_closed_by_its_verticals() -> None:
    (lattice,) = lattices(lines((20, 0, 100), (40, 0, 100)), lines((0, 0, 40), (50, 0, 40), (100, 0, 40)), EM)
    assert lattice.ys.tolist() == [0, 20, 40]


def test_table_open_at_both_sides_is_closed_by_its_horizontals() -> None:
    (lattice,) = lattices(lines((0, 0, 150), (20, 0, 150), (40, 0, 150)), lines((50, 0, 40), (100, 0, 40)), EM)
    assert lattice.xs.tolist() == [0, 50, 100, 150]
    assert len(lattice.span) == 6


def test_two_tables_of_a_page_from_top_to_bottom() -> None:
    across = lines((100, 0, 50), (120, 0, 50), (0, 0, 100), (20, 0, 100))
    down = lines((0, 100, 120), (25, 100, 120), (50, 100, 120), (0, 0, 20), (50, 0, 20), (100, 0, 20))
    assert [lattice.ys.tolist() for lattice in lattices(across, down, EM)] == [[0, 20], [100, 120]]


def test_frames_and_underlines_are_no_tables() -> None:
    frame = lattices(lines((0, 0, 100), (40, 0, 100)), lines((0, 0, 40), (100, 0, 40)), EM)
    underline = lattices(lines((0, 0, 100)), lines((50, 50, 80), (60, 50, 80)), EM)
    assert frame == underline == []


@pytest.mark.parametrize("scale", [0.2, 1.0, 7.0])
def test_thresholds_follow_the_size_of_the_letters(scale: float) -> None:
    across = lines((0, 0, 100 * scale), (20 * scale, 0, 100 * scale), (40 * scale, 0, 100 * scale))
    down = lines((0, 0, 40 * scale), (50 * scale, 0, 40 * scale), (100 * scale, 0, 40 * scale))
    (lattice,) = lattices(across, down, EM * scale)
    assert len(lattice.span) == 4


def test_spans_of_labels() -> None:
    span, whole = spans(np.array([[0, 0, 1], [2, 0, 1]]))
    assert span.tolist() == [[0, 1, 0, 1], [0, 1, 2, 2], [1, 1, 0, 0]]
    assert whole.tolist() == [False, True, True]
