"""What calls are given, refused with the argument's name and what it may be."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import Any

import pandas as pd

from budgetkit.errors import SpecError
from budgetkit.frames.columns import HasFrames


def held(call: str, data: HasFrames, needed: Iterable[str] = ("documents", "facts")) -> None:
    """Raise SpecError when what was given to a call has no frames: a path, or one frame alone."""
    if any(not isinstance(getattr(data, name, None), pd.DataFrame) for name in needed):
        wanted = "a Disclosure (bk.read(path)) or a Corpus (bk.load(folder))"
        raise SpecError(f"{call}: expected {wanted}, the whole of it, not {type(data).__name__}")


def choose(argument: str, value: Any, options: Collection[Any]) -> None:
    """Raise SpecError that names the argument, its options and the value when it is none of them."""
    # a frame is equal to nothing that could be asked
    if isinstance(value, pd.DataFrame | pd.Series) or value not in options:
        near = difflib.get_close_matches(str(value), [str(option) for option in options], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise SpecError(f"{argument} must be one of {', '.join(map(repr, options))}, not {value!r:.80}{hint}")


def positive(argument: str, value: Any) -> None:
    """Raise SpecError when an argument is no number above 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise SpecError(f"{argument} must be a number above 0, not {value!r}")
