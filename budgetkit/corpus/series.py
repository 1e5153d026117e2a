"""One amount a year: a series that refuses what is ambiguous."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from budgetkit import frames, places
from budgetkit.errors import AmbiguousSeries, SpecError
from budgetkit.frames import HasFrames
from budgetkit.printed.names import folded_name

#: what an amount means when nothing is said: not split along any tree
_ROOTS: Mapping[str, Any] = {"fund": "all", "origin": "all", "nature": "all", "item": None, "project": None}
#: columns that may be asked for; what tells two amounts apart, in the order in which it is named
COORDINATES = (
    "year", "phase", "flow", "fund", "origin", "nature", "item", "scheme", "code", "code_economic_department",
    "code_economic_government", "project", "aspect",
)  # fmt: skip
#: further columns by which a choice can be made
_PLACES = ("document", "kind", "fiscal_year", "form", "table", "page", "row", "col")
#: columns that are named as different when no coordinate is
_ELSE = ("entity", "fiscal_year", "document", "form", "page", "row", "col")
_COLUMNS = (
    "year", "phase", "amount", "quantum", "confirmed", "contradicted", "entity", "entity_id", "document", "sha256",
    "form", "table", "page", "row", "col", "printed", "unit", "facts", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for: what is said, and what is taken for the rest."""

    said: Mapping[str, Any]
    assumed: Mapping[str, Any]


def series(
    corpus: HasFrames,
    *,
    entity: str | None = None,
    code: str | None = None,
    comparatives: bool = True,
    **coordinates: Any,
) -> pd.DataFrame:
    """One amount a year and phase, never a guess.

    Parameters
    ----------
    corpus : Corpus or Disclosure
    entity : str, optional
        An `entity_id`, a printed name, or parts of one (separated by white space) that no other entity has; may be left
        out when there is one. Which it was is told by `entity` and `entity_id` of the result.
    code : str, optional
        Digits of the classification; without it the total.
    comparatives : bool
        Whether last year's amounts count that documents print beside their own.
    **coordinates
        Values of columns of `facts`: the coordinates of an amount (`phase`, `flow`, `fund`, `origin`, `nature`, `item`,
        `scheme`, `project`, `aspect`, further codes) and where it stands (`kind`, `form`, `document`, `fiscal_year`).
        None asks for NA. Unsaid are: aspect "amount"; fund, origin and nature not split; no item and no project; flow
        "expenditure" ("income" for codes of revenue); no further code. Asking for an item or project leaves fund,
        origin and nature open.

    Returns
    -------
    DataFrame
        A row for each year and phase for which the entity has documents: `year` (Int64), `phase`, `amount` (float64,
        yuan; NA where documents of the year do not have the item), `quantum` (yuan), `confirmed` and `contradicted`
        (Int16), `entity` (as printed), `entity_id`, `document`, `sha256`, `form`, `table`, `page`, `row`, `col`,
        `printed`, `unit` (of the most exact print), `facts` (Int64: how many prints agree), `note` (why an amount is
        NA).

    Raises
    ------
    AmbiguousSeries
        When several facts fit and differ by more than their printed digits allow: the message lists the coordinates in
        which they differ with the values of each, and `candidates` has the facts. Also when nothing fits the
        coordinates that were not said but something fits those that were.
    SpecError
        When the entity or a coordinate is unknown; what is near to it is named.

    Examples
    --------
    >>> import budgetkit as bk
    >>> corpus = bk.build("data/raw", "data/processed")  # doctest: +SKIP
    >>> bk.series(corpus, entity="水磨沟区政府办公室", code="2010301", phase="executed")  # doctest: +SKIP
    """
    frames.held("series", corpus)
    asked = _asked(corpus, code, coordinates)
    facts = _of_entity(corpus.facts, entity)
    facts = facts[facts["amount"].notna() & (facts["unread"] == "")]
    if not comparatives:
        facts = facts[facts["year"] == facts["fiscal_year"]]
    fitting = _fit(facts, asked.said)
    rooted = _fit(fitting, asked.assumed)
    if rooted.empty and not fitting.empty:
        raise _unsplit(fitting, asked)
    every = facts[facts["year"] == facts["fiscal_year"]]
    for key in ("year", "phase", "document", "kind", "fiscal_year"):
        every = _fit(every, {key: asked.said[key]}) if key in asked.said else every
    groups = dict(list(rooted.groupby(["year", "phase"], observed=True, dropna=False)))
    keys = {(year, phase) for year, phase in every[["year", "phase"]].drop_duplicates().itertuples(index=False)}
    rows = [
        _one(key, groups[key], entity) if key in groups else _absent(key, fitting) for key in _ordered([*groups, *keys])
    ]
    hashes = corpus.documents.set_index("document")["sha256"]
    return _typed([{**row, "sha256": hashes.get(row.get("document"))} for row in rows])


def _ordered(keys: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    phases = list(_categories("phase") or ())
    known = {(_plain(year), _plain(phase)): (year, phase) for year, phase in keys}
    order = sorted(
        known, key=lambda k: (k[0] is None, k[0] or 0, phases.index(k[1]) if k[1] in phases else len(phases))
    )
    return [known[key] for key in order]


def _asked(corpus: HasFrames, code: str | None, coordinates: Mapping[str, Any]) -> _Asked:
    """What is asked for, checked against what there can be."""
    unknown = sorted(set(coordinates) - {*COORDINATES, *_PLACES})
    if unknown:
        raise SpecError(
            f"series: unknown coordinate {', '.join(unknown)}; known are {', '.join((*COORDINATES, *_PLACES))}"
        )
    for column, value in coordinates.items():
        listed = _categories(column)
        if listed and not pd.isna(value) and value not in listed:
            raise SpecError(f"series: {column} has no value {value!r}; there are {', '.join(listed)}")
    said = {"code": code, **coordinates}
    assumed: dict[str, Any] = {
        "aspect": "amount",
        "flow": "income" if said.get("scheme") == "revenue" else "expenditure",
    }
    assumed |= dict.fromkeys(("code_economic_department", "code_economic_government"))
    # in tables of an item or project funds are split as the form has it
    named = any(said.get(column) is not None for column in ("item", "project"))
    assumed |= {column: value for column, value in _ROOTS.items() if not named or column in ("item", "project")}
    if said.get("flow", assumed["flow"]) not in ("uses", "expenditure"):
        assumed["nature"] = None
        assumed |= {} if said.get("flow") in (None, "sources") else {"origin": _origin(said.get("flow"))}
    return _Asked(said, {column: value for column, value in assumed.items() if column not in said})


def _origin(flow: str | None) -> str:
    """The origin that all money of a flow has."""
    return {"income": "current", "opening_balance": "carried_forward"}.get(flow or "", "all")


def _categories(column: str) -> tuple[str, ...] | None:
    return next((one.categories for one in frames.spec("facts").columns if one.name == column), None)


def _fit(facts: pd.DataFrame, coordinates: Mapping[str, Any]) -> pd.DataFrame:
    """The facts that have all values; None stands for NA."""
    for column, value in coordinates.items():
        cells = facts[column]
        fits = cells.isna() if pd.isna(value) else (cells == value).fillna(False)
        facts = facts[fits.astype(bool)]
    return facts


def _of_entity(facts: pd.DataFrame, entity: str | None) -> pd.DataFrame:
    """The facts of one entity, by id, printed name or part of a name."""
    names = facts[["entity_id", "entity"]].drop_duplicates()
    names = names.assign(folded=[folded_name(name) if isinstance(name, str) else "" for name in names["entity"]])
    names = names.assign(key=names["entity_id"].fillna(names["folded"]))
    chosen = names if entity is None else names[_named(names, entity)]
    ids = sorted(set(chosen["key"]))
    if not ids:
        raise SpecError(_unknown_entity(names, entity))
    if len(ids) > 1:
        asked = "several entities" if entity is None else f"several entities fit {entity!r}"
        raise AmbiguousSeries(f"{asked}: {_listed(_with_names(chosen))}", {"entity_id": ids}, None)
    pairs = names.loc[names["key"] == ids[0], ["entity_id", "entity"]]
    return facts.merge(pairs, how="inner", on=["entity_id", "entity"]) if not facts.empty else facts


def _with_names(names: pd.DataFrame) -> list[str]:
    """Each entity by id and printed name, in order of ids."""
    first = names.sort_values(["key", "entity"]).drop_duplicates("key")
    return [
        f"{row.key} ({row.entity})" if isinstance(row.entity_id, str) else str(row.entity) for row in first.itertuples()
    ]


def _unknown_entity(names: pd.DataFrame, entity: str | None) -> str:
    if names.empty:
        return f"series: no entity {entity!r}: there are no facts"
    near = get_close_matches(folded_name(entity or ""), sorted(set(names["folded"])), n=5, cutoff=0.5)
    told = f"did you mean {_listed(_with_names(names[names['folded'].isin(near)]))}" if near else ""
    return f"series: no entity {entity!r}; {told or f'there are {_listed(_with_names(names))}'}"


def _named(names: pd.DataFrame, entity: str) -> pd.Series:
    """Which names are meant, the narrowest way that gives any: id, name, end of a name, all parts of one, by place."""
    folded, parts = folded_name(entity), [folded_name(part) for part in entity.split()]
    own = names["folded"].astype(frames.TEXT)
    # 区财政局 in a document of a district is that district's
    placed = names["entity_id"].map(_in_full).astype(frames.TEXT)
    ways = [
        names["key"] == entity,
        (own == folded) | (placed == folded),
        own.str.endswith(folded) | placed.str.endswith(folded),
        (own + " " + placed).map(lambda name: all(part in name for part in parts)),
    ]
    return next((way.astype(bool) for way in ways if folded and way.any()), ways[0].astype(bool))


def _in_full(entity_id: Any) -> str:
    """The name that an id tells: its places and what the name says beside them."""
    code, _, rest = entity_id.partition("-") if isinstance(entity_id, str) else ("", "", "")
    return "".join([*(places.place(one).name for one in places.path(code)), rest])


def _one(key: tuple[Any, Any], facts: pd.DataFrame, entity: str | None) -> dict[str, Any]:
    """The amount of a year and phase: all prints agree within their digits; the most exact one stands for them."""
    if not _agree(facts) and entity is not None:
        # a department and its own office share an id; the name in full tells which is meant
        exact = facts[facts["entity"] == entity]
        facts = exact if len(exact) else facts
    if not _agree(facts):
        raise _ambiguous(key, facts)
    confirmed = facts["confirmed"].fillna(0)
    order = facts.assign(_confirmed=-confirmed).sort_values(
        ["quantum", "_confirmed", "fiscal_year", "document", "page", "table", "row", "col"], kind="stable"
    )
    row = order.iloc[0]
    kept = {column: row[column] for column in _COLUMNS if column in facts.columns}
    return {**kept, "year": key[0], "phase": key[1], "facts": len(facts), "note": ""}


def _agree(facts: pd.DataFrame) -> bool:
    """Whether one amount can have been printed in all of these ways, each rounded to its last digit."""
    # in whole fen, so that sums of binary fractions do not tell amounts apart
    amount = np.rint(facts["amount"].to_numpy(float) * 100)
    half = np.rint(facts["quantum"].fillna(0.0).to_numpy(float) * 100) / 2
    # what is printed to the fen is exact
    half = np.where(half <= 0.5, 0.0, half)
    return bool((amount - half).max() <= (amount + half).min())


def _absent(key: tuple[Any, Any], fitting: pd.DataFrame) -> dict[str, Any]:
    """A year whose documents do not have what is asked for; what they have in its place is named."""
    there = _fit(fitting, {"year": _plain(key[0]), "phase": _plain(key[1])})
    note = "no such amount in the documents of the year"
    if len(there):
        note = f"only split: {_differences(there, COORDINATES[2:])[0]}"
    return {"year": key[0], "phase": key[1], "facts": 0, "note": note}


def _typed(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    types = {column.name: column for column in frames.spec("facts").columns}
    filled = [{column: None if pd.isna(row.get(column)) else row[column] for column in _COLUMNS} for row in rows]
    found: dict[str, Any] = {}
    for name in _COLUMNS:
        values = [row[name] for row in filled]
        if name in types and types[name].dtype == "category":
            found[name] = pd.Categorical(values, categories=list(types[name].categories or ()))
        else:
            found[name] = pd.array(
                values, dtype=types[name].dtype if name in types else "Int64" if name == "facts" else "string"
            )
    return pd.DataFrame(found, columns=list(_COLUMNS))


def _ambiguous(key: tuple[Any, Any], facts: pd.DataFrame) -> AmbiguousSeries:
    year, phase = (_plain(part) for part in key)
    text, values = _differences(facts, (*COORDINATES[2:], *_ELSE))
    return AmbiguousSeries(f"{year} {phase}: {len(facts)} facts fit and differ; {text}", values, facts)


def _unsplit(facts: pd.DataFrame, asked: _Asked) -> AmbiguousSeries:
    """What fits what was said, and nothing what was taken for the rest."""
    other = [c for c, value in asked.assumed.items() if any(_plain(cell) != value for cell in facts[c].unique())]
    text, values = _differences(facts, other, single=True)
    assumed = ", ".join(f"{column}={value}" for column, value in asked.assumed.items() if value is not None)
    return AmbiguousSeries(f"no amount with {assumed}; say which of these is meant: {text}", values, facts)


def _differences(facts: pd.DataFrame, columns: Sequence[str], single: bool = False) -> tuple[str, dict[str, list[Any]]]:
    """The first columns that tell facts apart, and the amounts under each value: as text, and the values."""
    values: dict[str, list[Any]] = {}
    told = []
    for column in columns:
        listed = list(dict.fromkeys(_plain(value) for value in facts[column]))
        if len(listed) > 1 or single:
            values[column] = listed
            told.append(f"{column}: {_listed([_amounts(facts, column, value) for value in listed])}")
    return "; ".join(told), values


def _amounts(facts: pd.DataFrame, column: str, value: Any) -> str:
    amounts = sorted(set(_fit(facts, {column: value})["amount"]))
    return f"{value} ({_listed([f'{amount:,.2f}' for amount in amounts], 3)})"


def _listed(values: Sequence[Any], most: int = 8) -> str:
    more = f", and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(str(value) for value in values[:most]) + more


def _plain(value: Any) -> Any:
    """A cell as Python has it; None for NA."""
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
