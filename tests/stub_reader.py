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


def read(file: Any) -> SimpleNamespace:
    """One fact of the number that the file holds; words in place of it let the reader fail in several ways."""
    path = file.name
    text = file.read().decode().strip()
    if os.environ.get("STUB_LOG"):
        with open(os.environ["STUB_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{Path(path).name}\n")
    print("what libraries print does no harm")
    if text == "unreadable":
        raise UnreadableDocument(f"{Path(path).stem}: no document")
    if text == "bug":
        raise KeyError("column")
    if text == "dies":
        os.kill(os.getpid(), signal.SIGSEGV)
    if text == "hangs":
        time.sleep(60)
    time.sleep(float(os.environ.get("STUB_DELAY", "0")))
    return SimpleNamespace(**_frames(Path(path).stem, float(text)))


def _frames(stem: str, amount: float) -> dict[str, pd.DataFrame]:
    document = {"document": stem, "path": "elsewhere", "status": "ok", "forms": ["income"]}
    fact = {"document": stem, "form": "income", "page": 1, "row": 1, "col": 2, "amount": amount}
    rows = {"documents": [document], "facts": [{**fact, "measure": f"econ_{int(amount) % 3 + 301}"}]}
    return {name: frames.make(name, rows.get(name, [])) for name in STORED}
