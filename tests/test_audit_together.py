"""A family of documents that agree gives no finding; one wrong figure is one finding that names both documents."""

from __future__ import annotations

import io
import random
from functools import cache
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from audit_family import FAMILY, UNITS, Member, document

import budgetkit as bk
from budgetkit import Disclosure
from budgetkit.audit import check_together
from budgetkit.audit.together import _joined
from tools.typeset.render import render

FRAMES = ("documents", "statements", "projects", "project_funds", "indicators", "leftovers", "passages")


class Named(io.BytesIO):
    """Bytes of a file with a name."""

    name = ""


@cache
def family() -> tuple[Disclosure, ...]:
    docs = []
    for one in FAMILY:
        file = Named(render(document(one)))
        file.name = f"{one.name}.pdf"
        docs.append(bk.read(file))
    return tuple(docs)


def found(docs: Any) -> list[tuple[str, str, str]]:
    """Document, rule and message of each fail, with its evidence."""
    names = [doc.documents["document"].iloc[0] for doc in family()]
    return [
        (name, row.rule, "；".join([row.message, *row.evidence]))
        for name, findings in zip(names, check_together(docs), strict=True)
        for row in findings[findings["status"] == "fail"].itertuples()
    ]


def changed(number: int, amounts: pd.Series) -> list[Any]:
    """The family with some amounts of one document printed otherwise."""
    docs: list[Any] = list(family())
    facts = docs[number].facts.copy()
    facts.loc[amounts.index, "amount"] = amounts
    facts.loc[amounts.index, "printed"] = [f"{one / 10_000:,.2f}" for one in amounts]
    docs[number] = SimpleNamespace(facts=facts, **{name: getattr(docs[number], name) for name in FRAMES})
    return docs


def test_a_family_that_agrees_gives_no_fail() -> None:
    assert found(family()) == []
    rules = [rule for one in check_together(family()) for rule in one.loc[one["status"] == "pass", "rule"]]
    assert {"pairs.approved", "pairs.prior", "pairs.listed", "pairs.units"} <= set(rules)


@pytest.mark.parametrize("seed", range(12))
def test_one_wrong_figure_is_one_finding(seed: int) -> None:
    chance = random.Random(seed)
    number = chance.randrange(len(FAMILY))
    facts = family()[number].facts
    facts = facts[(facts["aspect"] == "amount") & (facts["amount"] != 0)]
    cell = facts.iloc[[chance.randrange(len(facts))]]
    told = found(changed(number, cell["amount"] + 10_000 * chance.randint(3, 900)))
    assert len(told) == 1, told


@pytest.mark.parametrize(
    ("which", "column", "rule", "other"),
    [
        (Member("final_account", 2024), "年初预算数", "pairs.approved", Member("budget", 2024)),
        (Member("final_account", 2024), "2023年决算数", "pairs.prior", Member("final_account", 2023)),
        (Member("budget", 2024), "2023年预算数", "pairs.prior", Member("budget", 2023)),
    ],
)
def test_a_column_that_adds_up_but_is_another_than_the_other_document_prints(
    which: Member, column: str, rule: str, other: Member
) -> None:
    number = FAMILY.index(which)
    facts = family()[number].facts
    own = facts["column"] == column
    codes = facts["code"].isin(["213", "21303", "2130304"]) | facts["is_total"]
    [told] = found(changed(number, facts.loc[own & codes, "amount"] + 50_000.0))
    assert told[:2] == (which.name, rule)
    assert other.name in told[2]
    # 合计, 类 and 款 follow from the 项
    assert "水利行业业务管理" in told[2]


def test_a_figure_that_is_wrong_within_its_document_names_the_other_one_too() -> None:
    which, other = Member("final_account", 2024), Member("budget", 2024)
    facts = family()[FAMILY.index(which)].facts
    cell = facts.loc[(facts["column"] == "年初预算数") & (facts["code"] == "2130304"), "amount"]
    [told] = found(changed(FAMILY.index(which), cell + 70_000.0))
    assert told[:2] == (which.name, "codes.hierarchy")
    assert f"与“{other.name}”亦不一致" in told[2]


def test_a_unit_is_what_its_department_lists_and_all_units_make_up_the_department() -> None:
    number = len(FAMILY) - 1
    facts = family()[number].facts
    own = (facts["nature"] != "project") & (facts["year"] == 2024)
    codes = facts["code"].isin(["213", "21303", "2130304"]) | facts["is_total"]
    told = found(changed(number, facts.loc[own & codes, "amount"] + 30_000.0))
    department = Member("budget", 2024).name
    assert [one[:2] for one in told] == [(department, "pairs.units"), (FAMILY[number].name, "pairs.listed")]
    assert all(name in text for (_, _, text), name in zip(told, (FAMILY[number].name, department), strict=True))


def test_units_that_do_not_make_up_the_department_are_not_added_up() -> None:
    """Its own office may spend the rest: then the units' documents say nothing of the whole."""
    number = FAMILY.index(Member("budget", 2024))
    docs: list[Any] = list(family())
    facts = docs[number].facts
    listed = (facts["table"] == facts["table"].max()) & (facts["entity"] == UNITS[0])
    docs[number] = SimpleNamespace(facts=facts[~listed], **{name: getattr(docs[number], name) for name in FRAMES})
    assert "pairs.units" not in {rule for findings in check_together(docs[number:]) for rule in findings["rule"]}
    docs = changed(number, facts.loc[listed, "amount"] - 100_000.0)
    assert "pairs.units" not in {rule for findings in check_together(docs) for rule in findings["rule"]}


def test_a_figure_that_is_wrong_by_another_amount_in_its_document_is_a_fault_of_its_own() -> None:
    figure = SimpleNamespace(root="cell", source=("facts 1", 1))
    finding = SimpleNamespace(status="fail", suspects=(("cell", 500),))
    equation = SimpleNamespace(rule="pairs.approved", tolerance2=200)
    one: Any = SimpleNamespace(figures=((0, figure, 700),), equation=equation)
    assert not _joined(one, [[finding]], {}, [])  # type: ignore[list-item]
