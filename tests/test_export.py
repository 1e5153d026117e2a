"""Workbooks, CSV and data packages hold what the frames hold; the commands of analysis say it on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

import budgetkit as bk
from budgetkit import export, frames
from budgetkit.cli.main import app
from budgetkit.errors import BudgetkitError, SpecError

RAW = Path(__file__).parents[1] / "data" / "raw"
CENTER = RAW / "urumqi_service_center_final_2020.pdf"
NAMES = list(export.NAMES)


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_workbook_holds_every_frame(corpus: bk.Corpus, tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    path = export.to_excel(corpus, tmp_path / "corpus.xlsx", labels=False)
    book = calamine.CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["notes", *NAMES]
    for name in NAMES:
        rows = book.get_sheet_by_name(name).to_python()
        frame = getattr(corpus, name)
        assert rows[0] == list(frame.columns)
        assert len(rows) - 1 == len(frame)
    facts = book.get_sheet_by_name("facts").to_python()
    place = {name: facts[0].index(name) for name in ("amount", "code", "fiscal_year")}
    assert [row[place["amount"]] for row in facts[1:]] == corpus.facts["amount"].tolist()
    assert [row[place["code"]] for row in facts[1:]] == corpus.facts["code"].fillna("").tolist()
    assert facts[1][place["fiscal_year"]] == 2022


def test_texts_that_look_like_formulas_stay_texts(corpus: bk.Corpus, tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    path = export.to_excel(corpus, tmp_path / "corpus.xlsx", names=["indicators"], labels=False)
    rows = calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("indicators").to_python()
    targets = [row[rows[0].index("target")] for row in rows[1:]]
    assert targets == corpus.indicators["target"].fillna("").tolist()
    assert "=100%" in targets


def test_headers_in_chinese_are_unique(corpus: bk.Corpus, tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    path = export.to_excel(corpus, tmp_path / "corpus.xlsx")
    for sheet in NAMES:
        head = calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()[0]
        assert len(set(head)) == len(head)
        assert head[0] == "文件"


def test_csv_has_the_mark_of_excel_and_the_values(corpus: bk.Corpus, tmp_path: Path) -> None:
    paths = export.to_csv(corpus, tmp_path / "new" / "csv")
    assert [path.name for path in paths] == [f"{name}.csv" for name in NAMES]
    facts = paths[1]
    assert facts.read_bytes().startswith(b"\xef\xbb\xbfdocument,")
    back = pd.read_csv(facts, dtype={"code": "string"})
    assert back["amount"].tolist() == corpus.facts["amount"].tolist()
    assert back["code"].fillna("").tolist() == corpus.facts["code"].fillna("").tolist()


def test_the_workbook_speaks_chinese_and_takes_more_sheets(corpus: bk.Corpus, tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    rates = bk.execution_rate(corpus)
    path = export.to_excel(corpus, tmp_path / "corpus.xlsx", names=["facts"], more={"执行率": rates})
    book = calamine.CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["说明", "facts", "执行率"]
    facts = book.get_sheet_by_name("facts").to_python()
    assert {row[facts[0].index("表")] for row in facts[1:]} >= {"收入表", "支出表"}
    assert {row[facts[0].index("阶段")] for row in facts[1:]} <= {"", "年初预算", "全年预算", "决算"}
    sums = book.get_sheet_by_name("执行率").to_python()
    assert [row[sums[0].index("决算数")] for row in sums[1:]] == rates["executed"].tolist()
    notes = book.get_sheet_by_name("说明").to_python()
    assert ["facts", "金额", "amount"] in [row[:3] for row in notes]


def test_names_that_a_spreadsheet_would_run_are_texts(corpus: bk.Corpus, tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    doc = bk.read(CENTER)
    names = ["=1+1", "+cmd", "-2", "-1,234.50", "-3%", "-", "@SUM(A1)", "＝1+1", "\t=1+1", "\r=1", "\n=1", "平常"]
    rows = [{"document": "a", "project": name} for name in names]
    made = SimpleNamespace(**{name: getattr(doc, name) for name in NAMES} | {"projects": frames.make("projects", rows)})
    [path] = export.to_csv(made, tmp_path, names=["projects"])
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = [row["project"] for row in csv.DictReader(file)]
    harmless = {"-2", "-1,234.50", "-3%", "-", "平常"}
    assert written == [name if name in harmless else "'" + name for name in names]
    book = export.to_excel(made, tmp_path / "a.xlsx", names=["projects"], labels=False)
    sheet = calamine.CalamineWorkbook.from_path(book).get_sheet_by_name("projects").to_python()
    assert [row[sheet[0].index("project")] for row in sheet[1:]] == names


def test_frictionless_finds_no_fault_in_a_package(corpus: bk.Corpus, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    package = export.to_datapackage(corpus, tmp_path, format="csv")
    with frictionless.system.use_context(trusted=True):
        report = frictionless.Package(str(package)).validate()
    assert report.flatten(["type", "rowNumber", "fieldName", "note"])[:5] == []


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_a_data_package_describes_every_field(format: str, corpus: bk.Corpus, tmp_path: Path) -> None:
    package = json.loads(export.to_datapackage(corpus, tmp_path, format=format).read_text(encoding="utf-8"))
    assert [resource["name"] for resource in package["resources"]] == NAMES
    for resource in package["resources"]:
        columns = frames.spec(resource["name"]).columns
        assert [field["name"] for field in resource["schema"]["fields"]] == [column.name for column in columns]
        path = tmp_path / resource["path"]
        assert resource["bytes"] == path.stat().st_size
        assert resource["rows"] == len(getattr(corpus, resource["name"]))
    facts = package["resources"][1]["schema"]
    types = {field["name"]: field["type"] for field in facts["fields"]}
    wanted = {"amount": "number", "page": "integer", "is_total": "boolean", "code": "string", "form": "string"}
    assert {name: types[name] for name in wanted} == wanted
    assert facts["primaryKey"] == ["document", "table", "page", "row", "col"]


def test_a_data_package_beside_the_parquet_of_a_corpus(tmp_path: Path) -> None:
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    raw.mkdir()
    corpus = bk.build(raw, processed)
    before = {path: path.stat().st_mtime_ns for path in processed.glob("*.parquet")}
    assert export.to_datapackage(corpus) == processed / "datapackage.json"
    assert {path: path.stat().st_mtime_ns for path in processed.glob("*.parquet")} == before
    assert bk.load(processed).fingerprint == corpus.fingerprint


def test_a_single_document_is_exported_too(tmp_path: Path) -> None:
    doc = bk.read(CENTER)
    path = export.to_datapackage(doc, tmp_path)
    assert len(frames.from_parquet("statements", path.with_name("statements.parquet"))) == len(doc.statements)


def test_wrong_exports_say_what_is_wrong(corpus: bk.Corpus, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"a.csv: a workbook ends in .xlsx"):
        export.to_excel(corpus, tmp_path / "a.csv")
    with pytest.raises(SpecError, match="format must be one of 'parquet', 'csv', not 'json'"):
        export.to_datapackage(corpus, tmp_path, format="json")
    with pytest.raises(SpecError, match=r"names must be one of .*; did you mean .facts."):
        export.to_csv(corpus, tmp_path, names=["fact"])
    with pytest.raises(SpecError, match=r"export: expected a Disclosure .*, not str"):
        export.to_csv("corpus", tmp_path)
    with pytest.raises(SpecError, match="folder must be given"):
        export.to_datapackage(bk.read(CENTER))
    with pytest.raises(BudgetkitError, match="cannot be written"):
        export.to_excel(corpus, tmp_path / "none" / "a.xlsx")


def test_execution_on_the_command_line() -> None:
    code, out, _ = run("execution", CENTER, "--source", "self_evaluation")
    assert code == 0
    row = next(line for line in out.splitlines() if "政务服务运行维护费" in line)
    assert {"2,060,000.00", "513,800.00", "24.94%", "执行不足"} <= set(row.split())


def test_execution_as_json() -> None:
    code, out, _ = run("execution", CENTER, "--source", "self_evaluation", "--by", "document", "--json")
    rows = json.loads(out)
    assert code == 0
    assert (rows[0]["authorised"], rows[0]["executed"], rows[0]["rows"]) == (2_860_000.0, 840_400.0, 3)


def test_costs_and_scores_on_the_command_line(corpus: bk.Corpus) -> None:
    code, out, _ = run("costs", corpus.processed)
    assert code == 0
    assert "92.47%" in out
    assert "94.31%" in out
    code, out, _ = run("scores", CENTER)
    assert code == 0
    assert "84.4" in next(line for line in out.splitlines() if "政务服务运行维护费" in line).split()


def test_codes_on_the_command_line() -> None:
    code, out, _ = run("codes", "2010301")
    assert (code, out) == (0, "2010301  一般公共服务支出 > 政府办公厅（室）及相关机构事务 > 行政运行  [function]\n")
    code, out, _ = run("codes", "办公费", "--json")
    assert [entry["code"] for entry in json.loads(out)] == ["30201"]


def test_wrong_usage_is_two() -> None:
    assert run("execution", CENTER, "--by", "year")[0] == 2
    assert run("codes", "201", "--scheme", "cofog")[0] == 2
    assert run("execution")[0] == 2


def test_export_on_the_command_line(corpus: bk.Corpus, tmp_path: Path) -> None:
    code, out, _ = run("export", corpus.processed, tmp_path / "a.xlsx")
    assert (code, out.strip()) == (0, str(tmp_path / "a.xlsx"))
    code, out, _ = run("export", corpus.processed, tmp_path, "--format", "csv")
    assert (code, len(out.split())) == (0, 7)
    assert run("export", corpus.processed, tmp_path, "--format", "ods")[0] == 2


def test_a_long_export_shows_how_far_it_is_where_it_is_asked_to(
    corpus: bk.Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    export.to_excel(corpus, tmp_path / "quiet.xlsx", names=["documents"])
    assert capsys.readouterr().err == ""
    export.to_excel(corpus, tmp_path / "asked.xlsx", names=["documents"], progress=True)
    assert f"{len(corpus.documents)}/{len(corpus.documents)}" in capsys.readouterr().err
    # many rows, and no terminal
    monkeypatch.setattr(export, "_MANY_ROWS", 1)
    export.to_excel(corpus, tmp_path / "long.xlsx", names=["documents"])
    assert capsys.readouterr().err == ""


def test_a_sheet_of_the_user_keeps_what_its_columns_hold(corpus: bk.Corpus, tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    mixed = pd.DataFrame(
        {
            "mixed": [1, "=b", None, True],
            "text": ["", "=1+1", None, "长" * 40_000],
            "day": pd.to_datetime(["2024-01-02", None, "2024-01-03", "2024-01-04"]),
            "truth": pd.array([True, None, False, True], dtype="boolean"),
            "lists": [["a", "b"], [], None, ["c"]],
        }
    )
    path = export.to_excel(corpus, tmp_path / "corpus.xlsx", names=["documents"], more={"自己的": mixed})
    rows = calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("自己的").to_python()[1:]
    assert [row[0] for row in rows] == [1, "=b", "", True]
    assert [row[1][:4] for row in rows] == ["", "=1+1", "", "长长长长"]
    assert [str(row[2]) for row in rows] == ["2024-01-02", "", "2024-01-03", "2024-01-04"]
    assert [row[3] for row in rows] == ["是", "", "否", "是"]
    assert [row[4] for row in rows] == ["a、b", "", "", "c"]
