"""The audit: known faults of the samples, doubts, exceptions, own rules, report and command line."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

import budgetkit as bk
from budgetkit import Disclosure, SpecError, frames
from budgetkit.audit import exception, places
from budgetkit.audit.engine import findings_of, merge
from budgetkit.audit.model import Equation, Figure, Place, Term
from budgetkit.audit.report import html_report
from budgetkit.audit.rules import rule_book, standard
from budgetkit.audit.texts import prose_of, text_findings, text_sums
from budgetkit.audit.years import year_findings
from budgetkit.cli.audit import audit

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
SHARED = ROOT.parent / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not SHARED.exists(), reason="the corpus is not at hand")


@cache
def read(name: str) -> Disclosure:
    return bk.read(RAW / f"{name}.pdf")


@cache
def checked(name: str) -> pd.DataFrame:
    return bk.check(read(name))


def fails(findings: pd.DataFrame) -> set[tuple[str, str | None, float | None, float | None, int]]:
    own = findings[findings["status"] == "fail"]
    columns = zip(own["rule"], own["name"], own["expected"], own["actual"], own["page"], strict=True)
    return {
        (
            rule,
            None if pd.isna(name) else name,
            *(None if pd.isna(value) else round(value, 4) for value in (expected, actual)),
            int(page),
        )
        for rule, name, expected, actual, page in columns
    }


# faults of the samples, confirmed on the page


def test_final_account_of_korla() -> None:
    found = fails(checked("korla_service_center_final_2022"))
    project = "12345政务热线人员经费及中心运行业务费"
    assert {
        ("perf.execution_score", project, 7.63, 87.02, 18),
        ("names.code", "一般公共预算支出", None, None, 8),
        ("text.change", "固定资产净值总额", -207_000.0, 0.0, 16),
        ("prose.parts", "实有人数", 11.0, 7.0, 1),
        ("prose.parts", "实有人数", 11.0, 21.0, 15),
        ("prose.share", "教育支出", 0.0023, 0.0025, 2),
    } <= found
    assert {rule for rule, *_ in found} == {
        "names.code", "perf.execution_score", "prose.execution_rate", "prose.parts", "prose.share", "text.change",
    }  # fmt: skip


def test_budget_of_the_hightech_zone() -> None:
    assert fails(checked("urumqi_hightech_bureau_budget_2020")) == {
        ("prose.cell", "奖金", 148_500.0, 145_800.0, 12),
        ("names.code", "其他政府办公厅（室）及相关机构事务支出", None, None, 3),
    }


def test_final_account_of_shuimogou() -> None:
    found = fails(checked("shuimogou_government_office_final_2020"))
    assert found == {("perf.missed", "包联工作培训", None, 10.0, 5)}


def test_nothing_is_wrong_in_the_service_center() -> None:
    assert fails(checked("urumqi_service_center_final_2020")) == set()


@needs_corpus
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "putuo_final_2024_finance",
            {
                ("prose.cell", "财政拨款收入支出总计", 29_616_800.0, 3_000.0, 21),
                ("prose.share", "一般公共服务支出", 0.7165, 0.7173, 21),
                ("prose.items", "人员经费", None, None, 23),
            },
        ),
        (
            "putuo_budget_2024_street",
            {
                ("prose.cell", "住房公积金", 3_503_499.0, 3_526_700.0, 9),
                ("empty.note", None, None, None, 31),
                ("text.sum", "地上建筑面积", 8103.0, 8013.0, 33),
            },
        ),
        (
            "central_5607b82",
            {
                ("prose.change_rate", "收支总计", 0.3594, 0.3574, 17),
                ("perf.said", "信息化运行维护", 90.5, 88.5, 28),
            },
        ),
        ("guangzhou_6d531c4", set()),
        ("putuo_budget_2025_office_unit", set()),
        ("shenzhen_597deef", set()),
        # rows that the documents leave out of all tables: one says so
        ("yantai_ad0bea5", set()),
        ("beijing_0ca30e0", {("codes.lacking", "合计", None, None, 4)}),
    ],
)
def test_documents_of_the_corpus(name: str, expected: set[Any]) -> None:
    assert fails(bk.check(bk.read(SHARED / f"{name}.pdf"))) == expected


# the frame


def test_findings_keep_the_contract() -> None:
    findings = checked("korla_service_center_final_2022")
    frames.validate("findings", findings)
    run = findings[findings["status"].isin(["pass", "rounding"])].dropna(subset=["difference"])
    assert (run["difference"].abs() <= run["tolerance"] + 1e-6).all()
    assert (findings["message"].str.len() > 0).all()


@pytest.mark.parametrize("wrong", ["x.pdf", None, Path("x.pdf"), pd.DataFrame({"amount": [1.0]})])
def test_what_cannot_be_checked_is_refused(wrong: Any) -> None:
    with pytest.raises(SpecError, match=r"check: expected a Disclosure \(bk.read\(path\)\) or a Corpus"):
        bk.check(wrong)
    with pytest.raises(SpecError, match=r"summarise: expected findings \(bk.check\(doc\)\)"):
        bk.summarise(wrong)


def test_summary_counts_each_rule() -> None:
    summary = bk.summarise(checked("urumqi_hightech_bureau_budget_2020")).set_index("rule")
    assert summary.loc["prose.cell", "fail"] == 1
    assert summary.loc["prose.cell", "largest"] == 2_700.0
    assert summary["fail"].sum() == 2


def test_a_document_without_rows_has_no_findings_but_missing_forms() -> None:
    empty = {name: frames.make(name, []) for name in frames.names()}
    empty["documents"] = frames.make("documents", [{"document": "a", "status": "ok", "missing": ["income"]}])
    findings = bk.check(SimpleNamespace(**empty))
    assert set(findings["status"]) == {"not_run"}
    assert {rule for rule in findings["rule"] if not rule.startswith("text.")} == {"forms.missing", "empty.note"}


# doubts


def test_a_table_in_doubt_is_not_run() -> None:
    doc = read("korla_service_center_final_2022")
    facts = doc.facts.copy()
    index = facts.index[(facts["form"] == "expenditure") & (facts["code"] == "2010301")][0]
    facts.loc[index, "amount"] += 90_000.0
    page = int(facts.loc[index, "page"])
    table = int(facts.loc[index, "table"])
    documents = doc.documents.assign(reason=f"page {page}, table {table}: 2 numbers cross a ruling", status="partial")
    others = ("statements", "projects", "project_funds", "indicators", "leftovers")
    doubted = SimpleNamespace(facts=facts, documents=documents, **{name: getattr(doc, name) for name in others})
    before, findings = checked("korla_service_center_final_2022"), bk.check(doubted)
    assert set(findings.loc[findings["status"] == "fail", "message"]) <= set(
        before.loc[before["status"] == "fail", "message"]
    )
    own = findings[(findings["form"] == "expenditure") & findings["rule"].isin(["codes.hierarchy", "columns.sum"])]
    assert set(own["status"]) == {"not_run"}
    assert own["message"].str.contains("2 numbers cross a ruling").all()


# one root cause


def figure(index: int, yuan: float) -> Figure:
    return Figure(("facts", index), round(yuan * 100), 1, f"{yuan:.2f}", Place(1, index, 1), f"cell {index}")


def test_equations_that_one_cell_breaks_are_one_group() -> None:
    wrong, total, other, part = figure(1, 110), figure(2, 150), figure(3, 50), figure(4, 100)
    equations = [
        Equation("codes.total", total, (Term(1, wrong), Term(1, other))),
        Equation("codes.hierarchy", wrong, (Term(1, part),)),
        Equation("codes.hierarchy", other, (Term(1, figure(5, 50)),)),
    ]
    [(suspect, group)] = merge(equations)
    assert suspect is wrong
    assert group == equations[:2]


def test_a_figure_that_stands_in_sums_that_hold_is_not_the_suspect() -> None:
    sound, wrong = figure(1, 4), figure(2, 4)
    equations = [
        Equation("codes.total", figure(3, 12), (Term(1, sound), Term(1, wrong))),
        Equation("codes.total", figure(4, 22), (Term(1, sound), Term(1, wrong), Term(1, figure(5, 10)))),
        Equation("codes.hierarchy", figure(6, 4), (Term(1, sound),)),
    ]
    [(suspect, group)] = merge(equations)
    assert suspect is wrong
    assert group == equations[:2]


@pytest.mark.parametrize(("parts", "severity"), [((4.0, 5.5), "note"), ((4.0, 5.0), None)])
def test_less_than_a_yuan_is_a_note(parts: tuple[float, float], severity: str | None) -> None:
    terms = tuple(Term(1, figure(k, part)) for k, part in enumerate(parts, 2))
    (found,) = findings_of([Equation("codes.total", figure(1, 10), terms)], {}, standard().rules)
    assert (found.status, found.severity) == ("fail", severity)


def test_different_errors_are_different_groups() -> None:
    equations = [
        Equation("codes.total", figure(1, 10), (Term(1, figure(2, 4)), Term(1, figure(3, 4)))),
        Equation("codes.total", figure(4, 10), (Term(1, figure(5, 4)), Term(1, figure(6, 5)))),
    ]
    assert [len(group) for _, group in merge(equations)] == [1, 1]


@pytest.mark.parametrize(("difference", "status"), [(0.0, "pass"), (0.02, "rounding"), (0.03, "fail")])
def test_tolerance_is_half_a_digit_for_each_figure(difference: float, status: str) -> None:
    terms = tuple(Term(1, figure(k, 1.0)) for k in (1, 2, 3))
    assert Equation("codes.total", figure(4, 3.0 + difference), terms).status == status


# prose as such


def test_areas_that_do_not_add_up() -> None:
    prose = prose_of([(3, "规划建筑面积约为100平方米，其中地上建筑面积为60平方\n米，地下建筑面积为30平方米。")])
    [equation] = text_sums(prose)
    assert (equation.difference / 10_000, equation.actual.place.page) == (10.0, 3)


@pytest.mark.parametrize(
    ("text", "rule", "status"),
    [
        ("截至2023年12月31日，共有车辆1辆。", "text.year", "fail"),
        ("截至2024年12月31日，共有车辆1辆。", "text.year", "pass"),
        ("与2022年度相比，支出增加1.00万元。", "text.year", "fail"),
        ("本年支出XX万元。", "text.template", "fail"),
        ("比上年增加（减少）3万元。", "text.template", "fail"),
        ("本年支出XX万元。" * 10, "text.template", "fail"),
        ("本年支出XX万元。" * 11, "text.template", "not_run"),
        ("较2022年度决算数增加1万元。较2022年度决算数增加2万元。较2022年度决算数增加3万元。", "text.year", "not_run"),
    ],
)
def test_rules_over_text(text: str, rule: str, status: str) -> None:
    prose, book = prose_of([(1, text)]), rule_book()
    found = [*text_findings(prose, [], 1, book), *year_findings(prose, "final_account", 2024, book)]
    assert {(one.rule, one.status) for one in found} == {(rule, status)}


@pytest.mark.parametrize(("change", "told"), [("0", []), ("0.00", []), ("0.5", ["text.template"])])
def test_a_word_need_not_be_chosen_for_nothing(change: str, told: list[str]) -> None:
    prose = prose_of([(1, f"较上年增加（减少）{change}万元。")])
    assert [one.rule for one in text_findings(prose, [], 9, rule_book())] == told


def test_the_year_that_should_be_compared_with_is_named() -> None:
    text = "较2022年决算数增加1万元。较2023年决算数减少2万元。"
    found = [*year_findings(prose_of([(1, text)]), "final_account", 2024, rule_book())]
    assert [one.message[-5:] for one in found if one.status == "fail"] == ["2023年"]


# own rules and exceptions


def test_a_rule_is_switched_off(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[rule]]\nid = "prose.cell"\nenabled = false\n', encoding="utf-8")
    findings = bk.check(read("urumqi_hightech_bureau_budget_2020"), rules=own)
    assert "prose.cell" not in set(findings["rule"])
    # the wrong amount is in a list that does not add up either
    assert {rule for rule, *_ in fails(findings)} == {"names.code", "prose.list"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[rules]]\nid = "a"\n', "unknown key rules"),
        ('[[rule]]\nid = "new"\nseverity = "error"\n', "missing key message, reason"),
        ('[[rule]]\nid = "prose.cell"\nseverity = "bad"\n', "severity 'bad' is none of error, warning, note"),
        ('[[rule]]\nid = "prose.cell"\nmessage = "{where}"\n', "the message has no field where"),
        ('[[exception]]\nrule = "none"\nsha256 = "0"\nreason = "r"\n', "unknown rule 'none'"),
        ("[[rule", "own.toml"),
    ],
)
def test_wrong_rules_are_refused(tmp_path: Path, text: str, message: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=message):
        rule_book([own])


def test_an_exception_holds_for_these_bytes_and_numbers(tmp_path: Path) -> None:
    doc, findings = read("urumqi_hightech_bureau_budget_2020"), checked("urumqi_hightech_bureau_budget_2020")
    failed = findings[findings["rule"].eq("prose.cell") & findings["status"].eq("fail")].iloc[0]
    text = exception(doc, failed, "typing error, confirmed")
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    accepted = bk.check(doc, rules=own)
    assert {rule for rule, *_ in fails(accepted)} == {"names.code"}
    kept = accepted[accepted["message"].str.startswith("已核实的例外（typing error, confirmed）")]
    assert kept[["rule", "status"]].values.tolist() == [["prose.cell", "not_run"]]
    own.write_text(text.replace("148500.0", "148600.0"), encoding="utf-8")
    assert {rule for rule, *_ in fails(bk.check(doc, rules=own))} == {"names.code", "prose.cell"}
    own.write_text(text.replace('sha256 = "', 'sha256 = "0'), encoding="utf-8")
    assert {rule for rule, *_ in fails(bk.check(doc, rules=own))} == {"names.code", "prose.cell"}


def test_only_a_fail_is_an_exception() -> None:
    findings = checked("urumqi_hightech_bureau_budget_2020")
    passed = findings[findings["status"] == "pass"].iloc[0]
    with pytest.raises(SpecError, match="not pass"):
        exception(read("urumqi_hightech_bureau_budget_2020"), passed, "r")


# report and command line


def test_places_are_the_cells_of_the_evidence() -> None:
    doc, findings = read("urumqi_hightech_bureau_budget_2020"), checked("urumqi_hightech_bureau_budget_2020")
    failed = findings[findings["rule"].eq("prose.cell") & findings["status"].eq("fail")].iloc[0]
    assert places(doc, failed)["printed"].tolist() == ["14.85"]


def test_the_report_is_one_file_with_pictures() -> None:
    doc = read("urumqi_hightech_bureau_budget_2020")
    page = html_report([(doc, checked("urumqi_hightech_bureau_budget_2020"))])
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("data:image/png;base64,") == 4
    assert "145,800.00元" in page
    assert "http" not in page.replace("http-equiv", "")


def run(*arguments: str) -> Any:
    app = typer.Typer()
    app.command()(audit)
    return CliRunner().invoke(app, list(arguments))


def test_the_command_exits_with_1_on_a_fail(tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    done = run(str(RAW / "urumqi_hightech_bureau_budget_2020.pdf"), "--report", str(out))
    assert done.exit_code == 1
    assert "urumqi_hightech_bureau_budget_2020: 2 fail" in done.stdout
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_command_exits_with_0_without_a_fail() -> None:
    done = run(str(RAW / "urumqi_service_center_final_2020.pdf"), "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["failed"] == []
    assert [document["document"] for document in told["documents"]] == ["urumqi_service_center_final_2020"]
