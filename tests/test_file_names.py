"""Names of files, whatever they hold, become ids that stay in the folder and are each their own."""

from __future__ import annotations

import re
from pathlib import Path

import budgetkit as bk

TEXT = "某某局2023年度部门决算\n本年支出合计1.00万元。\n"
NAMES = (
    "..",
    "CON",
    "nul",
    "a\nb",
    "a\tb",
    "=1+1",
    "-x",
    "@a",
    "甲" * 80,
    "a b",
    ".hidden",
    "a'b\"c",
    "%2e%2e%2f",
    "~",
    "*",
    "a|b",
)


def test_ids_stay_in_the_folder(tmp_path: Path) -> None:
    raw, processed = tmp_path / "raw", tmp_path / "out" / "processed"
    for place in (raw, raw / "CON", raw / "...", raw / "a\nb"):
        place.mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(NAMES):
            (place / f"{name}.txt").write_text(f"{place.name}{number}{TEXT}", encoding="utf-8")
    before = {path for path in tmp_path.rglob("*") if "out" not in path.parts}
    corpus = bk.build(raw, processed, workers=1)
    assert {path for path in tmp_path.rglob("*") if "out" not in path.parts} == before
    assert {path.name for path in (tmp_path / "out").iterdir()} <= {"processed", ".processed.lock", "processed.lock"}
    ids = corpus.documents["document"]
    assert ids.is_unique
    # names and folders that begin with a point are not listed
    assert len(ids) == 3 * (len(NAMES) - 2)
    parts = [part for text in ids for part in text.split("/")]
    assert not [part for part in parts if re.search(r"[\\\x00-\x1f]|^\.*$", part) or len(part.encode()) > 255]
