"""The words and classes that analysis looks for, from specs/analysis/subjects.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from budgetkit import specs

_PLACE = "analysis/subjects.toml"


@dataclass(frozen=True, slots=True)
class Spending:
    """Subjects of prose that are totals of expenditure."""

    totals: tuple[str, ...]


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

    basic: tuple[str, ...]
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
class Procurement:
    """Subjects of prose on contracts awarded to small firms, and the columns that they are."""

    awarded: Mapping[str, str]


@cache
def spending() -> Spending:
    """Section spending."""
    return specs.build(Spending, specs.read_toml(_PLACE)["spending"], f"{_PLACE}, spending")


@cache
def execution() -> Execution:
    """Section execution."""
    return specs.build(Execution, specs.read_toml(_PLACE)["execution"], f"{_PLACE}, execution")


@cache
def three_public() -> ThreePublic:
    """Section three_public."""
    return specs.build(ThreePublic, specs.read_toml(_PLACE)["three_public"], f"{_PLACE}, three_public")


@cache
def costs() -> Costs:
    """Section costs."""
    return specs.build(Costs, specs.read_toml(_PLACE)["costs"], f"{_PLACE}, costs")


@cache
def procurement() -> Procurement:
    """Section procurement."""
    return specs.build(Procurement, specs.read_toml(_PLACE)["procurement"], f"{_PLACE}, procurement")
