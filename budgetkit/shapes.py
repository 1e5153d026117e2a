"""The columns of the frames that analysis returns, as specs/analysis/frames.toml lists them."""

from __future__ import annotations

from functools import cache

from budgetkit import frames, specs

_PLACE = "analysis/frames.toml"


@cache
def shapes() -> dict[str, tuple[frames.Column, ...]]:
    """The columns of every frame that analysis returns, in order, by the name of the frame."""
    data = specs.read_toml(_PLACE)["frames"]
    return {
        name: tuple(specs.build(frames.Column, column, f"{_PLACE}, {name}") for column in table["columns"])
        for name, table in data.items()
    }
