"""Knowledge as data: TOML and CSV files beside this module, read once into frozen dataclasses, and nothing let pass.

A key that no field has, a key that is missing, a value of another type than its field: each is a `SpecError` that names
the file and the key.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping
from functools import cache
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


def load_csv(cls: type[T], name: str) -> tuple[T, ...]:
    """The rows of a CSV file, each a dataclass: the head names the fields, a whole number is one of digits.

    Raises SpecError when the head has a name that the dataclass has not or lacks one, or a cell holds a value of
    another type.
    """
    whole = {key for key, hint in typing.get_type_hints(cls).items() if hint is int}
    return tuple(
        build(
            cls,
            {key: int(text) if key in whole and str(text).isdecimal() else text for key, text in row.items()},
            f"{name}, row {number}",
        )
        for number, row in enumerate(read_csv(name), 2)
    )


def check_ids(given: Iterable[str], known: Iterable[str], place: str) -> None:
    """Refuse ids that no other specification has.

    Raises SpecError when one of the given ids is not among the known ones.
    """
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise SpecError(f"{place}: unknown id {', '.join(unknown)}")


def load(cls: type[T], name: str) -> T:
    """One whole TOML file as a dataclass: its tables are the fields.

    Raises
    ------
    SpecError
        When the file has a table or key that the dataclass has not, lacks one, or holds a value of another type.
    """
    return build(cls, read_toml(name), name)


def parse(cls: type[T], text: str, place: str) -> T:
    """As `load`, of the text of a file that a user wrote."""
    try:
        return build(cls, tomllib.loads(text), place)
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{place}: {error}") from error


def build(cls: type[T], values: Mapping[str, Any], place: str) -> T:
    """Make a frozen dataclass of a TOML table, and of the tables within it those that its fields name.

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
        When a key is unknown or a required one is missing, or a value is of another type than its field.
    """
    hints, required = _declared(cls)  # type: ignore[arg-type]
    unknown = sorted(values.keys() - hints.keys(), key=str)
    if unknown:
        raise SpecError(f"{place}: unknown key {', '.join(map(str, unknown))}; known are {', '.join(hints)}")
    missing = [name for name in required if name not in values]
    if missing:
        raise SpecError(f"{place}: missing key {', '.join(missing)}")
    return cls(**{key: _typed(value, hints[key], f"{place}, {key}") for key, value in values.items()})


@cache
def _declared(cls: type) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The fields of a dataclass with their types, and those that have no default."""
    hints, absent = typing.get_type_hints(cls), dataclasses.MISSING
    fields = dataclasses.fields(cls)
    required = (field.name for field in fields if field.default is absent and field.default_factory is absent)
    return {field.name: hints[field.name] for field in fields}, tuple(required)


def _typed(value: Any, hint: Any, place: str) -> Any:
    """A value of TOML as its field declares it."""
    if type(value) is hint:
        return value
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint is re.Pattern or origin is re.Pattern:
        return _pattern(value, place)
    if hint is Any or (dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, hint)):
        return value
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Mapping):
        return build(hint, value, place)
    if origin in (types.UnionType, typing.Union):
        fits = [part for part in parts if _fits(value, part)]
        return _typed(value, fits[0], place) if fits else _refuse(value, hint, place)
    if origin is typing.Literal:
        return value if value in parts else _refuse(value, hint, place)
    if origin is tuple and isinstance(value, (list, tuple)):
        many = parts[-1:] == (Ellipsis,)
        if not many and len(parts) != len(value):
            _refuse(value, hint, place)
        each = [parts[0]] * len(value) if many else parts
        return tuple(
            _typed(one, part, f"{place} {k}") for k, (one, part) in enumerate(zip(value, each, strict=True), 1)
        )
    if origin is frozenset and isinstance(value, (list, set, frozenset)):
        return frozenset(_typed(one, parts[0], place) for one in value)
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {_typed(key, parts[0], place): _typed(one, parts[1], f"{place}, {key}") for key, one in value.items()}
    return value if _fits(value, hint) else _refuse(value, hint, place)


def _pattern(value: Any, place: str) -> re.Pattern[str]:
    if isinstance(value, re.Pattern):
        return value
    try:
        return re.compile(value)
    except (TypeError, re.error) as error:
        raise SpecError(f"{place}: {value!r} is no regular expression ({error})") from error


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value may stand for a type, without looking into it."""
    kind = typing.get_origin(hint) or hint
    if kind in (tuple, frozenset):
        return isinstance(value, (list, tuple, set, frozenset))
    if kind is typing.Literal:
        return value in typing.get_args(hint)
    if kind is re.Pattern:
        return isinstance(value, (str, re.Pattern))
    if dataclasses.is_dataclass(kind):
        return isinstance(value, Mapping) or (isinstance(kind, type) and isinstance(value, kind))
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind) if isinstance(kind, type) else True


def _refuse(value: Any, hint: Any, place: str) -> Any:
    if isinstance(value, Mapping) and typing.get_origin(hint) is tuple:
        raise SpecError(f"{place} is written [[{place.rpartition(', ')[2]}]]: it is a list of tables")
    raise SpecError(f"{place}: {value!r} is no {getattr(hint, '__name__', hint)}")
