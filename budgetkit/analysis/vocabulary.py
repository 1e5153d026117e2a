"""The words and classes that analysis looks for, from specs/analysis/subjects.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from budgetkit import specs, trees


@dataclass(frozen=True, slots=True)
class Execution:
    """Words in subjects of prose that are left out."""

    words_left_out: tuple[str, ...]
    #: words of sentences that are left out
    sentences_left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThreePublic:
    """The items of “三公”经费."""

    total: str
    parts: tuple[str, ...]
    details: tuple[str, ...]
    items: tuple[str, ...]
    #: what the items of specs/trees.toml are called
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Costs:
    """What is personnel and what is public use, in prose, tables and economic classes."""

    personnel: tuple[str, ...]
    public_use: tuple[str, ...]
    total: tuple[str, ...]
    staff: tuple[str, ...]
    personnel_rows: tuple[str, ...]
    public_use_rows: tuple[str, ...]
    personnel_classes: tuple[str, ...]
    public_use_classes: tuple[str, ...]
    capital_classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subjects:
    """All of specs/analysis/subjects.toml."""

    #: subjects of prose that are totals of expenditure, the best first
    totals: tuple[str, ...]
    execution: Execution
    three_public: ThreePublic
    costs: Costs
    #: subjects of prose on contracts awarded to small firms, and the columns that they are
    awarded: Mapping[str, str]


@cache
def subjects() -> Subjects:
    """The words and classes, by what they are looked for in."""
    found = specs.load(Subjects, "analysis/subjects.toml")
    specs.check_ids(found.three_public.names, trees.values("item"), "analysis/subjects.toml, names")
    return found
