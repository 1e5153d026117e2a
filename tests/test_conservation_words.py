"""Conservation by an independent tool: what pdfplumber finds in the boxes of tables is in a frame or a leftover."""

from __future__ import annotations

from pathlib import Path

import pytest
from places import corpus

from tools.conservation import amounts, lost

#: few and short, because pdfplumber takes a second for some pages; `python -m tools.conservation` does any
CHOSEN = sorted(corpus(), key=lambda path: path.stat().st_size)[:6]


@pytest.mark.parametrize("path", CHOSEN, ids=lambda path: path.stem)
def test_no_amount_in_a_table_is_lost(path: Path) -> None:
    count, missing = lost(path)
    assert missing == []
    assert count >= 0


def test_amounts_of_a_text() -> None:
    assert amounts("合计1,234.50（2.00%）") == ["1234.5", "2"]
