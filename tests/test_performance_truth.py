"""Performance forms of real documents against their checked contents (skipped where the documents are not at hand)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from budgetkit.performance import Performance, read_forms

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
pytestmark = [
    pytest.mark.skipif(not SHARED.exists(), reason="the real documents are not at hand"),
    pytest.mark.slow,
]

#: canonical names of fund lines in the truth, which prints them as on the page
LINES = {
    "年度资金总额": "年度资金总额",
    "年度预算资金总额": "年度资金总额",
    "项目总额": "年度资金总额",
    "预算支出总额": "年度资金总额",
    "财政拨款": "当年财政拨款",
    "财政资金": "当年财政拨款",
    "财政拨款/合计": "当年财政拨款",
    "上年结转": "上年结转资金",
    "其他资金/合计": "其他资金",
}
PHASES = ("approved", "revised", "executed", "amount")
PRINTED = ("level1", "level2", "level3", "target", "actual", "reason")


def read(name: str) -> tuple[Performance, list[dict[str, Any]]]:
    from budgetkit.readers.pdf.pages import read_pdf

    truth = json.loads((SHARED / "truth" / f"{name}.json").read_text(encoding="utf-8"))
    source = read_pdf((SHARED / "corpus" / f"{name}.pdf").read_bytes(), name)
    kind = {"budget": "budget", "final": "final_account"}[truth["kind"]]
    found = read_forms(source.pages, kind=kind, fiscal_year=truth["fiscal_year"], entity=truth["unit_name"])
    return found, truth["performance"]


def number(printed: str | None) -> float | None:
    if printed is None or printed in ("--", "—", "-", ""):
        return None
    return float(printed.replace(",", "").removesuffix("%"))


def differences(name: str) -> Iterator[str]:
    """Every field that differs from the truth, as text."""
    found, forms = read(name)
    if len(found.projects) != len(forms):
        yield f"{len(found.projects)} forms, {len(forms)} expected"
    funds, indicators = list(found.project_funds), list(found.indicators)
    for form, row in zip(forms, found.projects, strict=False):
        place = f"{form['project']} p{form['pages'][0]}"
        yield from compare(place, project_of(form), {key: row[key] for key in project_of(form)})
        for line in form["funds"]:
            yield from compare(f"{place} {line['line']}", *fund_of(line, funds.pop(0)))
        for wanted in form["indicators"]:
            yield from compare(f"{place} {wanted['level3']}", *indicator_of(wanted, indicators.pop(0)))
    if funds or indicators:
        yield f"{len(funds)} fund lines and {len(indicators)} indicators too many"


def compare(place: str, wanted: dict[str, Any], got: dict[str, Any]) -> Iterator[str]:
    for key, value in wanted.items():
        if got[key] != value:
            yield f"{place}: {key} is {got[key]!r}, expected {value!r}"


def project_of(form: dict[str, Any]) -> dict[str, Any]:
    return {
        "form": form["form"],
        "project": form["project"],
        "department": form["department"],
        "entity": form["unit"],
        "fiscal_year": form["year"],
        "total_weight": number(form["total_weight"]),
        "total_score": number(form["total_score"]),
        "page": form["pages"][0],
    }


def fund_of(line: dict[str, Any], row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    label = line["line"].rstrip("：").removeprefix("其中：")
    wanted: dict[str, Any] = {"line": LINES.get(label, label)}
    got: dict[str, Any] = {"line": row["line"]}
    for phase in PHASES:
        if phase in line:
            value = number(line[phase])
            wanted[phase] = None if value is None else round(value * 1_000_000) / 100
            got[phase] = row[phase]
    for key in ("weight", "score"):
        if key in line:
            wanted[key], got[key] = number(line[key]), row[key]
    if "rate" in line:
        rate = number(line["rate"])
        wanted["execution_rate"] = None if rate is None else round(rate / 100, 6)
        got["execution_rate"] = row["execution_rate"]
    return wanted, got


def indicator_of(line: dict[str, Any], row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    wanted = {key: line[key] for key in PRINTED}
    wanted |= {"weight": number(line["weight"]), "score": number(line["score"])}
    return wanted, {key: row[key] for key in wanted}


@pytest.mark.parametrize(
    ("name", "forms", "indicators"),
    [("central_5607b82", 4, 37), ("yantai_ad0bea5", 3, 32), ("beijing_0ca30e0", 21, 159)],
)
def test_forms_equal_the_truth(name: str, forms: int, indicators: int) -> None:
    assert list(differences(name)) == []
    found, _ = read(name)
    assert (len(found.projects), len(found.indicators)) == (forms, indicators)


@pytest.mark.parametrize("name", ["guangzhou_6d531c4", "shenzhen_597deef"])
def test_goal_texts_in_money_tables_are_no_forms(name: str) -> None:
    from budgetkit.readers.pdf.pages import read_pdf

    source = read_pdf((SHARED / "corpus" / f"{name}.pdf").read_bytes(), name)
    assert read_forms(source.pages) == Performance()


@pytest.mark.parametrize(
    ("name", "form", "totals", "indicators"),
    [
        ("000", "project_self_evaluation", [84.4, 73.5, 0.0], [8, 9, 8]),
        ("001", "project_self_evaluation", [92.29, 71.45, 0.83, 77.62, 89.76, 90.7], [7, 7, 7, 7, 7, 7]),
        ("002", "project_self_evaluation", [87.02], [12]),
        ("003", "project_targets", [None] * 9, [3, 7, 7, 7, 9, 7, 7, 7, 7]),
        ("004", "project_targets", [None] * 3, [9, 11, 11]),
    ],
)
def test_forms_of_the_seeds(name: str, form: str, totals: list[float | None], indicators: list[int]) -> None:
    from budgetkit.readers.text.reading import read_text

    path = next((SHARED / "seeds").glob(f"{name}_*.txt"))
    found = read_forms(read_text(path.read_bytes(), path.stem).pages)
    forms = [row["form"] for row in found.projects]
    assert forms == ["department_targets" if name == "003" and not i else form for i in range(len(totals))]
    assert [row["total_score"] for row in found.projects] == totals
    lines, counts = list(found.indicators), []
    for row, total, count in zip(found.projects, totals, indicators, strict=True):
        own, lines = lines[:count], lines[count:]
        counts.append({(line["form"], line["project"]) for line in own})
        if total is not None:
            assert sum(line["weight"] for line in own) + row["execution_weight"] == row["total_weight"] == 100
    assert lines == []
    assert counts == [{(row["form"], row["project"])} for row in found.projects]


@pytest.mark.parametrize(
    ("name", "indicators"), [("shenzhen_songgang_targets_1", 184), ("shenzhen_songgang_targets_2", 200)]
)
def test_sheets_of_targets(name: str, indicators: int) -> None:
    from openpyxl import load_workbook

    from budgetkit.readers.opening import open_source

    path = SHARED / "corpus" / f"{name}.xlsx"
    labels = {"项目名称": "project", "申请单位": "entity", "一级预算单位": "department", "本年度项目金额": "approved"}
    wanted = []
    for sheet in load_workbook(path, read_only=True):
        said = {}
        for row in sheet.iter_rows(values_only=True):
            texts = [str(value).strip() for value in row if value is not None]
            for label, value in pairwise(texts):
                means = labels.get(label.rstrip("：").partition("（")[0])
                said |= {means: float(value) * 10000 if means == "approved" else value} if means else {}
        wanted.append(said)
    found = read_forms(open_source(path.read_bytes(), name).pages)
    assert [{key: row[key] for key in labels.values()} for row in found.projects] == wanted
    assert len(found.indicators) == indicators
    # 万元 is printed over figures that are yuan by their size: they are kept, and it is said
    assert any("元 by their size" in problem.text for problem in found.problems)
