"""What is decided beyond reading: which documents are one disclosure, and entities joined or parted by hand.

`processed/entities.toml` is written by the user:

    [[join]]                                  # these are one entity
    into = "650105-政府办公室"
    ids = ["650105-区政府办"]

    [[part]]                                  # these documents are of another entity than their text seems to say
    documents = ["report_2021", "report_2022"]
    id = "110105-财政局"
    place = "110105"                          # may be left out
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from budgetkit import places, specs
from budgetkit.corpus.folders import Folder
from budgetkit.errors import SpecError, UnknownCode

#: name of the user's file
FILE = "entities.toml"


@dataclass(frozen=True, slots=True)
class Join:
    """Ids that are of one entity."""

    into: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Documents that are of another entity than was read."""

    documents: tuple[str, ...]
    id: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class _File:
    """All of entities.toml."""

    join: tuple[Join, ...] = ()
    part: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a document when duplicates are looked for."""

    document: str
    sha256: str | None
    #: entity_id, year, kind and the hash of its amounts; None where one of them is unknown
    disclosure: tuple[str, int, str, str] | None = None


@dataclass(frozen=True)
class Decisions:
    """The decisions of a user by what they are about."""

    joined: Mapping[str, str] = field(default_factory=dict)
    parted: Mapping[str, Part] = field(default_factory=dict)


def read(processed: Folder) -> Decisions:
    """The decisions in `entities.toml`; none when there is no such file.

    Raises
    ------
    SpecError
        When the file cannot be read, has an unknown key or place, or decides one thing twice.
    """
    if not processed.exists(FILE):
        return Decisions()
    where = f"{processed.url}/{FILE}"
    try:
        file = specs.parse(_File, processed.read(FILE).decode(), where)
    except UnicodeDecodeError as error:
        raise SpecError(f"{where}: {error}") from error
    for part in file.part:
        try:
            places.place(part.place or "110000")
        except UnknownCode as error:
            raise SpecError(f"{where}, part {part.id}: {error}") from error
    joined = _once(((one, join.into) for join in file.join for one in join.ids), where)
    chained = sorted(set(joined) & set(joined.values()))
    if chained:
        raise SpecError(f"{where}: {', '.join(chained)} is joined into another id and has others joined into it")
    return Decisions(joined, _once(((document, part) for part in file.part for document in part.documents), where))


def _once(pairs: Iterable[tuple[str, Any]], where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise SpecError(f"{where}: {key} is decided twice")
        found[key] = value
    return found


def check_used(decisions: Decisions, documents: Iterable[str], where: str) -> None:
    """Refuse a decision about a document that is not there: it would be lost without a word.

    Raises SpecError which names the documents.
    """
    missing = sorted(set(decisions.parted) - set(documents))
    if missing:
        raise SpecError(f"{where}/{FILE}: no document {', '.join(missing)}")


def duplicates(told: Iterable[Told]) -> dict[str, str]:
    """The documents that are another one again, with that one, the first in order.

    Two files of one content are; so are two of the same entity, year and kind whose amounts are all the same.

    >>> duplicates([Told("a", "1"), Told("b", "1"), Told("c", "2")])
    {'b': 'a'}
    """
    first: dict[Any, str] = {}
    found: dict[str, str] = {}
    for one in told:
        keys = [key for key in (one.sha256, one.disclosure) if key is not None]
        original = next((first[key] for key in keys if key in first), None)
        if original is not None:
            found[one.document] = original
        for key in keys:
            first.setdefault(key, original or one.document)
    return found
