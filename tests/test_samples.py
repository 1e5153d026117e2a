"""The five samples, as PDF and as the text that they were typeset after, give exactly their golden facts."""

from __future__ import annotations

import csv
from collections import Counter
from typing import Any

import pandas as pd
import pytest
from places import GOLDEN, RAW, SAMPLES, SHARED, needs_shared

import budgetkit as bk

#: facts of the bare-line text of 004 whose column nothing in it settles: they are leftovers there, never guesses
UNSETTLED = {"urumqi_hightech_bureau_budget_2020": 5}
IDENTITY = {
    "urumqi_service_center_final_2020": ("final_account", 2020, "乌鲁木齐市政务服务中心"),
    "shuimogou_government_office_final_2020": ("final_account", 2020, "乌鲁木齐市水磨沟区政府办公室"),
    "korla_service_center_final_2022": ("final_account", 2022, "新疆巴州库尔勒市行政服务中心"),
    "urumqi_service_bureau_budget_2024": ("budget", 2024, "乌鲁木齐市政务服务管理局"),
    "urumqi_hightech_bureau_budget_2020": (
        "budget",
        2020,
        "乌鲁木齐高新技术产业开发区（乌鲁木齐市新市区）政务服务管理局",
    ),
}
KEY = ("form", "flow", "fund", "nature", "item", "aspect", "economic", "code", "name", "phase")


def golden(name: str) -> Counter[tuple[Any, ...]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return Counter(
            (*(row[key] for key in KEY), round(float(row["amount"]), 2), row["printed"]) for row in csv.DictReader(file)
        )


def read(facts: Any) -> Counter[tuple[Any, ...]]:
    # the golden files hold what is printed; codes resolved from names come on top
    printed = facts.assign(
        code=facts["code"].where(facts["code_source"] != "resolved"), economic=facts["code_economic_department"]
    )
    keys = printed[list(KEY)].astype("object").fillna("")
    # a column with unread words has no coordinates that count
    keys.loc[facts["unread"] != "", ["flow", "fund", "nature", "item", "economic"]] = ""
    rows = zip(keys.itertuples(index=False), facts["amount"].round(2), facts["printed"], strict=True)
    return Counter((*map(str, key), float(amount), str(printed)) for key, amount, printed in rows)


@pytest.mark.parametrize("name", SAMPLES)
def test_pdf_equals_golden(name: str) -> None:
    document = bk.read(RAW / f"{name}.pdf")
    assert read(document.facts) == golden(name)
    assert (document.kind, document.fiscal_year, document.entity) == IDENTITY[name]
    assert document.documents.loc[0, "tier"] == "department"


@needs_shared
@pytest.mark.parametrize("name", SAMPLES)
def test_text_equals_golden(name: str) -> None:
    document = bk.read(SHARED / "seeds" / f"{SAMPLES[name]}.txt")
    expected, found = golden(name), read(document.facts)
    assert found - expected == Counter()
    missing = expected - found
    assert missing.total() == UNSETTLED.get(name, 0)
    texts = Counter(document.leftovers["text"])
    assert all(texts[key[-1]] >= count for key, count in missing.items())
    assert (document.kind, document.fiscal_year, document.entity) == IDENTITY[name]


def test_classes_of_a_summary_are_resolved_from_their_official_names() -> None:
    facts = bk.read(RAW / "korla_service_center_final_2022.pdf").facts
    own = facts[(facts["form"] == "income_expenditure_summary") & (facts["flow"] == "expenditure")]
    resolved = own[own["code_source"] == "resolved"].set_index("code")["name"]
    assert len(resolved) == 26
    assert resolved["208"] == "社会保障和就业支出"
    assert resolved["229"] == "其他支出"
    assert own.loc[own["name"] == "本年支出合计", "code"].isna().all()


@pytest.mark.parametrize("name", SAMPLES)
def test_forms_equal_golden(name: str) -> None:
    document = bk.read(RAW / f"{name}.pdf")
    for frame in ("projects", "indicators"):
        with (GOLDEN / f"{name}_{frame}.csv").open(encoding="utf-8", newline="") as file:
            expected = list(csv.DictReader(file))
        found = getattr(document, frame)
        columns = [column for column in (expected[0] if expected else {}) if column not in ("document", "page")]
        assert [[plain(row[column]) for column in columns] for row in expected] == [
            [plain(row[column]) for column in columns] for row in found.astype("object").to_dict("records")
        ]


def plain(value: object) -> str:
    text = "" if pd.isna(value) else str(value)
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return text
