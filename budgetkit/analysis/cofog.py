"""Chinese functional codes in other classifications, where the target is certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from budgetkit import specs
from budgetkit.analysis.inputs import frame_of, shaped
from budgetkit.frames import HasFrames
from budgetkit.frames.given import choose

RELATIONS = ("exact", "broad", "partial")
#: what lies below a code lies in the target too
_WHOLE = ("exact", "broad")


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """One crosswalk: its file, the scheme it starts from, and where it comes from."""

    file: str
    scheme: str
    source: str
    #: the year of the Chinese classification
    as_of: int


@dataclass(frozen=True, slots=True)
class Crosswalks:
    """All of specs/analysis/crosswalk.toml."""

    cofog: Crosswalk


@dataclass(frozen=True, slots=True)
class Pair:
    """One code and its target."""

    code: str
    name: str
    target_code: str
    target_name: str
    #: exact; broad: the code lies wholly inside the target; partial: only most of it does
    relation: str
    note: str


@cache
def crosswalks() -> dict[str, Crosswalk]:
    """The crosswalks by name, with their sources."""
    return {"cofog": specs.load(Crosswalks, "analysis/crosswalk.toml").cofog}


@cache
def pairs(target: str) -> dict[str, Pair]:
    """The pairs of a crosswalk by code."""
    place = crosswalks()[target].file
    return {pair.code: pair for pair in specs.load_csv(Pair, place)}


def crosswalk(
    data: HasFrames | pd.DataFrame, target: str = "cofog", *, relations: Sequence[str] = _WHOLE
) -> pd.DataFrame:
    """Facts with the code of another classification beside theirs (支出功能分类 to COFOG).

    A code without a pair of its own takes that of the nearest code above that lies wholly in its target. Most codes
    have none: the Chinese functions mix purposes, and what is not certain stays NA.

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts, or any frame with columns `scheme` and `code`.
    target : str
        "cofog".
    relations : sequence of str
        Which relations count: "exact", "broad" (the code lies wholly inside the target), "partial" (most of it does).

    Returns
    -------
    DataFrame
        The rows given, with the columns in `describe("crosswalk")`.

    Raises
    ------
    SpecError
        When `target` or a relation is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"scheme": ["function"] * 3, "code": ["2050202", "2040201", "2010301"]})
    >>> crosswalk(rows)["target_code"].tolist()
    ['09.1.2', '03.1', nan]
    """
    choose("target", target, list(crosswalks()))
    wanted = [relations] if isinstance(relations, str) else list(relations)
    for relation in wanted:
        choose("relations", relation, RELATIONS)
    rows = frame_of(data, "facts", ["scheme", "code"])
    coded = rows["code"].where(rows["scheme"].eq(crosswalks()[target].scheme))
    found = {code: _find(pairs(target), code, wanted) for code in coded.dropna().unique()}
    hits = [found.get(code) if isinstance(code, str) else None for code in coded]
    added = pd.DataFrame(
        {
            "target_code": [hit.target_code if hit else None for hit in hits],
            "target_name": [hit.target_name if hit else None for hit in hits],
            "relation": [hit.relation if hit else None for hit in hits],
        },
    )
    return rows.assign(**{name: column.set_axis(rows.index) for name, column in shaped("crosswalk", added).items()})


def _find(listed: dict[str, Pair], code: str, relations: Sequence[str]) -> Pair | None:
    for end in range(len(code), 2, -1):
        pair = listed.get(code[:end])
        if pair is None:
            continue
        if pair.relation not in relations or (end < len(code) and pair.relation not in _WHOLE):
            return None
        # what lies below an exact pair is a part of its target
        return replace(pair, relation="broad") if end < len(code) and pair.relation == "exact" else pair
    return None
