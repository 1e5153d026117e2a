"""The columns of the frames that analysis returns, as specs/analysis/frames.toml lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from budgetkit import frames, specs


@dataclass(frozen=True)
class _Shape:
    columns: tuple[frames.Column, ...]


@dataclass(frozen=True)
class _File:
    """All of specs/analysis/frames.toml."""

    frames: Mapping[str, _Shape]


@cache
def shapes() -> dict[str, tuple[frames.Column, ...]]:
    """The columns of every frame that analysis returns, in order, by the name of the frame."""
    return {name: shape.columns for name, shape in specs.load(_File, "analysis/frames.toml").frames.items()}
