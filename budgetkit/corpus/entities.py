"""The table of entities: who publishes, over all documents and years of a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from budgetkit import frames, places
from budgetkit.corpus import store as storage
from budgetkit.corpus.folders import Folder
from budgetkit.errors import UnknownCode


@dataclass(frozen=True, slots=True)
class Mention:
    """What one document says of one entity."""

    entity_id: str
    #: printed names
    names: tuple[str, ...]
    document: str
    year: int | None
    #: whether the document is its own, and no other's that lists it
    own: bool
    place: str | None = None
    tier: str | None = None
    #: the department whose document lists it among its units
    parent_id: str | None = None
    #: whether the document is another one again
    again: bool = False


@dataclass
class _Largest:
    """The largest amount of each entity in a document but those of items, and the names that it is printed under."""

    amounts: dict[str, float] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)


def keep(processed: Folder, old: storage.Listing, made: storage.Listing, joined: Mapping[str, str]) -> storage.Listing:
    """Write the table of entities of a corpus's tables, when they have changed, and name it in their list.

    `joined` are the ids that a user joins into others; those of facts and publishers are so already.
    """
    name = f"entities-{made.fingerprint[:16]}.parquet"
    if old.entities is not None and old.entities.name == name and processed.exists(name):
        return replace(made, entities=old.entities)
    rows = entity_rows(_mentions(processed, made, joined))
    table = frames.to_arrow("entities", frames.make("entities", rows))
    return replace(made, entities=storage.write_table(processed, name, table))


def entity_rows(mentions: Iterable[Mention]) -> list[dict[str, Any]]:
    """The rows of the frame `entities`, in order of their ids."""
    by_id: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_id.setdefault(mention.entity_id, []).append(mention)
    return [_row(one, by_id[one]) for one in sorted(by_id)]


def _row(entity_id: str, mentions: Sequence[Mention]) -> dict[str, Any]:
    ordered = sorted(mentions, key=lambda m: (m.own, m.year or 0, m.document))
    latest = ordered[-1]
    place = next((m.place for m in reversed(ordered) if m.own and m.place), None) or _place_of(entity_id)
    parents = Counter(m.parent_id for m in ordered if m.parent_id)
    parent = next(iter(parents)) if len(parents) == 1 else None
    tier = next((m.tier for m in reversed(ordered) if m.own and m.tier), "unit" if parent else None)
    years = [m.year for m in mentions if m.year is not None]
    return {
        "entity_id": entity_id,
        "name": latest.names[0] if latest.names else entity_id.partition("-")[2],
        "aliases": sorted({name for m in mentions for name in m.names}),
        "place": place,
        "place_name": places.place_name(place) if place else None,
        "tier": tier,
        "parent_id": parent,
        "first_year": min(years, default=None),
        "last_year": max(years, default=None),
        "documents": sum(m.own and not m.again for m in mentions),
    }


def _place_of(entity_id: str) -> str | None:
    code = entity_id.partition("-")[0]
    try:
        return places.place(code).code
    except UnknownCode:
        return None


def _mentions(processed: Folder, listing: storage.Listing, joined: Mapping[str, str]) -> Iterator[Mention]:
    """Group by group, so that memory does not grow with the corpus."""
    for group, stored in listing.files["documents"].items():
        columns = ["document", "entity", "entity_id", "place", "tier", "fiscal_year", "duplicate_of", *_RELATED]
        documents = storage.read_table(processed, stored, columns).to_pylist()
        listed = _largest(storage.read_table(processed, listing.files["facts"][group], _FACTS))
        for row in documents:
            row |= {"unit_ids": [joined.get(one, one) for one in row["unit_ids"]]}
            row |= {"parent_id": joined.get(row["parent_id"], row["parent_id"])}
            yield from _of_document(row, listed.get(row["document"], _Largest()))


_RELATED = ["units", "unit_ids", "parent_id"]
_FACTS = ["document", "entity", "entity_id", "amount", "aspect", "item"]


def _largest(facts: Any) -> dict[str, _Largest]:
    """By document the largest amount of each entity."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pc.and_(pc.equal(facts["aspect"].cast(pa.string()), "amount"), pc.is_null(facts["item"]))
    # tables of 三公 and procurement name organs that are no units of the publisher
    facts = facts.append_column("whole", pc.if_else(whole, facts["amount"], None)).drop_columns(["aspect", "item"])
    grouped = facts.group_by(["document", "entity_id", "entity"]).aggregate([("whole", "max")])
    found: dict[str, _Largest] = {}
    for row in grouped.to_pylist():
        if row["entity_id"]:
            of_document = found.setdefault(row["document"], _Largest())
            amounts, one = of_document.amounts, row["entity_id"]
            amounts[one] = max(amounts.get(one, 0.0), row["whole_max"] or 0.0)
            of_document.names.setdefault(one, set()).add(row["entity"])
    return found


def _of_document(row: Mapping[str, Any], listed: _Largest) -> Iterator[Mention]:
    own, year, again = row["entity_id"], row["fiscal_year"], row["duplicate_of"] is not None
    if own:
        printed = tuple(dict.fromkeys([row["entity"], *sorted(listed.names.get(own, ()))]))
        yield Mention(own, printed, row["document"], year, True, row["place"], row["tier"], row["parent_id"], again)
    for name, one in zip(row["units"], row["unit_ids"], strict=True):
        if one != own:
            yield Mention(one, (name,), row["document"], year, False, parent_id=own)
    for one, names in listed.names.items():
        if one != own:
            # a unit has less than the department that lists it; what has as much may be the department above
            is_part = own and row["tier"] == "department" and 0.0 < listed.amounts[one] < listed.amounts.get(own, 0.0)
            parent = own if is_part else None
            # a name that another goes on from was cut at the edge of its cell
            whole = [
                name
                for name in sorted(names)
                if not any(o[len(name) :].isalpha() and o.startswith(name) for o in names)
            ]
            yield Mention(one, tuple(whole), row["document"], year, False, None, None, parent, again)
