"""A bar on stderr that shows how far something long is."""

from __future__ import annotations

import sys
import warnings
from typing import Any


def progress(total: int, what: str, unit: str, shown: bool | None = True) -> Any:
    """A bar of tqdm.

    `shown`: None: only where stderr is a terminal.
    """
    with warnings.catch_warnings():
        # without ipywidgets tqdm.auto warns and shows the bar of the terminal, which does
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm
    hidden = None if shown is None and total else not (shown and total)
    return tqdm(total=total, desc=what, unit=f" {unit}", file=sys.stderr, disable=hidden)
