"""Cheap readers that stand in for `budgetkit.read` in tests of the corpus; workers import them by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from budgetkit import frames
from budgetkit.corpus.parts import STORED
from budgetkit.errors import UnreadableDocument
from budgetkit.version import PARSER_VERSION

#: amounts of each document
ROWS = 1


def read(file: Any) -> SimpleNamespace:
    """One fact of the number that the file holds; words in place of it let the reader fail in several ways."""
    path = getattr(file, "name", None) if hasattr(file, "read") else file
    text = (file.read() if hasattr(file, "read") else Path(file).read_bytes()).decode().strip()
    if os.environ.get("STUB_LOG"):
        with open(os.environ["STUB_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{Path(path).name}\n")
    print("what libraries print does no harm")
    if text == "unreadable":
        raise UnreadableDocument(f"{Path(path).stem if hasattr(file, 'read') else file}: no document")
    if text == "bug":
        raise KeyError("column")
    if text == "dies":
        os.kill(os.getpid(), signal.SIGSEGV)
    if text == "hangs":
        time.sleep(60)
    time.sleep(float(os.environ.get("STUB_DELAY", "0")))
    return SimpleNamespace(**_frames(Path(path).stem, float(text)))


def _frames(stem: str, amount: float) -> dict[str, pd.DataFrame]:
    """Of an entity whose name is the stem before "_", with the year behind it: "甲局_2024"."""
    name, _, year = stem.partition("_")
    whose = {"entity": name, "entity_id": f"650105-{name}", "fiscal_year": int(year) if year.isdigit() else None}
    whose |= {"kind": "budget"}
    document = {**whose, "document": stem, "path": "elsewhere", "status": "ok", "forms": ["income"]}
    document |= {"place": "650105", "tier": "department", "parser_version": PARSER_VERSION}
    fact = {**whose, "document": stem, "table": 1, "form": "income", "page": 1, "col": 2, "aspect": "amount"}
    facts = [{**fact, "row": row, "amount": amount * row, "quantum": 0.01} for row in range(1, ROWS + 1)]
    rows = {"documents": [document], "facts": facts}
    return {name: frames.make(name, rows.get(name, [])) for name in STORED}
