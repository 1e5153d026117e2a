"""Each yuan once: amounts of the publisher itself, all words understood, and of repeated disclosures the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from budgetkit import trees
from budgetkit.analysis.inputs import frame_of
from budgetkit.frames import HasFrames
from budgetkit.printed.names import folded_name

_OWN = ["document", "entity", "fiscal_year", "year", "kind", "phase", "aspect", "unread"]
#: what an amount is of, within a document
_PLACES = ("document", "form", "year", "phase", "flow", "fund", "origin", "nature", "item", "scheme", "code")
_SOURCES = ("table", "table_total", "economic_codes", "prose")


@dataclass(frozen=True)
class Money:
    """Facts that can be added, and what is known of who publishes what."""

    facts: pd.DataFrame
    #: what was left out, by document, in Chinese
    notes: Mapping[str, str]
    #: the department that a unit's money is part of, by owner
    parents: Mapping[str, str]
    #: documents that repeat another, by document
    repeats: Mapping[str, str]
    #: ids of the publishers, by document
    ids: Mapping[str, str]


def money(data: HasFrames | pd.DataFrame, needed: Iterable[str] = ()) -> Money:
    """Amounts of the publishers themselves whose words are all understood; what is left out is noted by document."""
    facts = frame_of(data, "facts", [*_OWN, *needed])
    if "entity_id" not in facts:
        facts = facts.assign(entity_id=pd.Series(pd.NA, index=facts.index, dtype="string"))
    documents = getattr(data, "documents", None)
    unread = facts["unread"].fillna("").ne("")
    kept = facts[~unread & facts["aspect"].eq("amount").fillna(False) & facts["amount"].notna()]
    kept = dated(kept)
    units = _of_units(kept, _publishers(kept, documents))
    notes = _notes(facts[unread], kept[units])
    own = kept[~units]
    known = own[own["entity_id"].notna()].drop_duplicates("document")
    ids = dict(zip(known["document"], known["entity_id"], strict=True)) | _listed(documents, "entity_id")
    return Money(own, notes, _parents(data, kept, units), _listed(documents, "duplicate_of"), ids)


#: what a document's own figures are
_PHASES = {"budget": "approved", "final_account": "executed"}


def dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the year that each is of; last year's figure of unknown phase is of that of the kind of document."""
    year = rows["year"].fillna(rows["fiscal_year"])
    own = rows["kind"].astype("string").map(_PHASES).where(year.ne(rows["fiscal_year"]).fillna(False))
    return rows.assign(year=year, phase=rows["phase"].astype("string").fillna(own))


def _publishers(facts: pd.DataFrame, documents: Any) -> pd.Series:
    """Who publishes, by document: as the documents say, else whose amounts are the most."""
    if isinstance(documents, pd.DataFrame) and {"document", "entity"} <= set(documents.columns):
        return documents.drop_duplicates("document").set_index("document")["entity"]
    counts = facts.groupby(["document", "entity"], observed=True).size().reset_index(name="rows")
    counts = counts.sort_values(["rows", "entity"], ascending=[False, True], kind="stable")
    return counts.drop_duplicates("document").set_index("document")["entity"]


def _of_units(facts: pd.DataFrame, publishers: pd.Series) -> pd.Series:
    """Rows of other units in tables of a form that also gives the publisher's own."""
    own = facts["document"].map(publishers).astype("string")
    named = facts["entity"].astype("string")
    keys = [facts[name].astype("string") for name in ("document", "form") if name in facts]
    exact = named.eq(own).fillna(True).astype(bool)
    if exact.all():
        return ~exact
    # （本级） is a unit where the same is printed of the whole department
    same = [facts[name].astype("string") for name in _PLACES if name in facts]
    doubled = exact.groupby(same, dropna=False).transform("any")
    mine = exact | (~doubled & _folded(named).eq(_folded(own)).fillna(True).astype(bool))
    return ~mine & mine.groupby(keys, dropna=False).transform("any")


def _folded(names: pd.Series) -> pd.Series:
    """Names without what marks a publisher's own or joined accounts."""
    known = {name: folded_name(name) for name in names.dropna().unique()}
    return names.astype("object").map(known).astype("string")


def _notes(unread: pd.DataFrame, units: pd.DataFrame) -> dict[str, str]:
    told: dict[str, list[str]] = {}
    for document, count in unread.groupby("document").size().items():
        told.setdefault(str(document), []).append(f"{count}个数的文字未全识别，未计入")
    for document, count in units.groupby("document")["entity"].nunique().items():
        told.setdefault(str(document), []).append(f"另列{count}个所属单位，未重复计入")
    return {document: "；".join(texts) for document, texts in told.items()}


def _parents(data: HasFrames | pd.DataFrame, facts: pd.DataFrame, units: pd.Series) -> dict[str, str]:
    """The department of each unit, where the entities or a table of the department say so."""
    found: dict[str, str] = {}
    listed = facts[units]
    own = facts[~units].drop_duplicates("document").set_index("document")
    if len(listed):
        pairs = listed.assign(owner=owner(listed))[["document", "owner"]].drop_duplicates()
        heads = owner(own)
        found |= {row.owner: heads[row.document] for row in pairs.itertuples() if row.document in heads.index}
    entities = getattr(data, "entities", None)
    if isinstance(entities, pd.DataFrame) and "parent_id" in entities:
        known = entities[entities["parent_id"].notna()]
        found |= dict(zip(known["entity_id"], known["parent_id"], strict=True))
    return {unit: parent for unit, parent in found.items() if isinstance(parent, str) and unit != parent}


def _listed(documents: Any, column: str) -> dict[str, str]:
    """What a column of the documents says, by document."""
    if not isinstance(documents, pd.DataFrame) or column not in documents:
        return {}
    known = documents[documents[column].notna()]
    return dict(zip(known["document"], known[column], strict=True))


def owner(rows: pd.DataFrame) -> pd.Series:
    """Who the rows are of: the id where there is one, else the name without 本级 and 汇总; NA for no name."""
    name = _folded(rows["entity"])
    return rows["entity_id"].astype("string").fillna(name) if "entity_id" in rows else name


def once(rows: pd.DataFrame, known: Money, keys: Sequence[str] = ("year", "phase")) -> pd.DataFrame:
    """Of several documents that tell one owner's figures of one year and phase the first; with `counted` and `note`.

    First is the document of that very year, then what repeats none, then a table before prose, then the one with more
    rows. `counted` is false for units whose department is among the rows. Owners without a name are not joined.
    """
    if rows.empty:
        return rows.assign(counted=pd.Series(dtype="boolean"), note=pd.Series(dtype="string"))
    ids = rows["document"].map(known.ids).astype("string")
    rows = rows.assign(entity_id=rows["entity_id"].astype("string").fillna(ids) if "entity_id" in rows else ids)
    names = rows["document"].map(lambda document: known.repeats.get(document, document)).astype("string")
    who = owner(rows).fillna("\0" + names)
    rows = rows.assign(
        owner=who, size=rows.groupby([who, "document", *keys], dropna=False)["document"].transform("size")
    )
    first = _first_documents(rows, known, ["owner", *keys])
    kept = rows.merge(first, on=["owner", *keys, "document"], how="inner")
    note = kept["document"].map(known.notes).astype("string").fillna("")
    others = kept["others"].where(kept["others"].eq(""), "同单位同年另见" + kept["others"] + "，未重复计入")
    parts = kept["owner"].map(known.parents).astype("string")
    places = [kept[key].astype("string").fillna("") for key in keys]
    have = set(zip(kept["owner"], *places, strict=True))
    within = [one in have for one in zip(parts.fillna(""), *places, strict=True)]
    joined = (note + "；" + others.astype("string")).str.strip("；")
    return kept.assign(counted=[not inside for inside in within], note=joined).drop(columns=["owner", "size", "others"])


def _first_documents(rows: pd.DataFrame, known: Money, keys: list[str]) -> pd.DataFrame:
    """The document that counts of each owner, year and phase, and the names of the others."""
    listed = rows.drop_duplicates([*keys, "document"])
    source = listed["source"] if "source" in listed else pd.Series("table", index=listed.index)
    listed = listed.assign(
        late=listed["year"].ne(listed["fiscal_year"]).fillna(True) if "year" in listed else False,
        repeat=listed["document"].isin(known.repeats),
        source_rank=source.map({name: rank for rank, name in enumerate(_SOURCES)}).fillna(0),
        fewer=-listed["size"],
    ).sort_values(["late", "repeat", "source_rank", "fewer", "document"], kind="stable")
    first = listed.drop_duplicates(keys)[[*keys, "document"]]
    # a later document that prints last year's figure is no repetition of it
    same = listed[~listed["late"].astype(bool)]
    names = same.groupby(keys, dropna=False, observed=True)["document"].agg(list).rename("named").reset_index()
    both = first.merge(names, on=keys, how="left")
    both["others"] = [
        "、".join(str(other) for other in named if other != document) if isinstance(named, list) else ""
        for document, named in zip(both["document"], both["named"], strict=True)
    ]
    return both.drop(columns="named")


def broadest(rows: pd.DataFrame, keys: Sequence[str], dimensions: Sequence[str]) -> pd.DataFrame:
    """Of the rows of a key those whose coordinates are nearest the roots of their trees; siblings stay together."""
    for dimension in dimensions:
        if rows.empty:
            return rows
        depths = rows[dimension].astype("object").map(lambda value, d=dimension: depth(d, value))
        least = depths.groupby([rows[key].astype("string") for key in keys], dropna=False).transform("min")
        rows = rows[depths == least]
    return rows


def depth(dimension: str, value: Any) -> int:
    """How far below the root of its tree a value is; 0 for NA.

    >>> depth("fund", "all"), depth("fund", "general_public_budget"), depth("origin", "current")
    (0, 2, 1)
    """
    return len(set(trees.ancestors(dimension, value))) if isinstance(value, str) else 0
