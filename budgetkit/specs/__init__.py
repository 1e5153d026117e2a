"""Knowledge as data: TOML and CSV files beside this module, read once into frozen dataclasses."""

from __future__ import annotations

import csv
import dataclasses
import io
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any, TypeVar

from budgetkit.errors import SpecError

T = TypeVar("T")


def read_toml(name: str) -> dict[str, Any]:
    """Read one TOML file of this folder."""
    with resources.files(__package__).joinpath(name).open("rb") as file:
        try:
            return tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise SpecError(f"{name}: {error}") from error


def read_csv(name: str) -> list[dict[str, str]]:
    """Read one CSV file of this folder, a dict a row."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def build(cls: type[T], values: Mapping[str, Any], place: str) -> T:
    """Make a frozen dataclass of a TOML table; lists become tuples, unknown and missing keys are errors.

    Parameters
    ----------
    cls : type
        A dataclass.
    values : mapping
        One table of a specification.
    place : str
        Where it stands, for the message.

    Raises
    ------
    SpecError
        When a key is unknown or a required one is missing.
    """
    fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise SpecError(f"{place}: unknown key {', '.join(unknown)}; known are {', '.join(fields)}")
    missing = [
        name
        for name, field in fields.items()
        if name not in values and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise SpecError(f"{place}: missing key {', '.join(missing)}")
    return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
