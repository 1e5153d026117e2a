"""Contact persons and telephone numbers enter no frame, wherever a document prints them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from budgetkit import Disclosure, check, read, to_csv
from budgetkit.audit.report import html_report
from budgetkit.cli.main import app
from budgetkit.printed import persons
from tools.typeset import Cell, Document, Paragraph, Style, Table
from tools.typeset.render import render

#: surnames and given names of nobody
NAMES = ("欧阳试", "测小样", "范例生", "虚构平", "甄不存")
PHONES = (
    "13800138000",
    "0991-4184000",
    "(029)86780000",
    "010-12345678",
    "4184000",
    "139 0013 9000",
    "0755-83330000转8012",
)


def form(chance: random.Random) -> Table:
    """A form with a person in every place where forms have one."""
    said = iter(lambda: chance.choice(NAMES), None)
    called = iter(lambda: chance.choice(PHONES), None)

    def row(*texts: str, span: int = 1) -> tuple[Cell, ...]:
        cells = [Cell(text) for text in texts[:-1]]
        return (*cells, Cell(texts[-1], colspan=6 - len(cells)))

    return Table(
        "project_targets",
        "项目支出绩效目标表",
        (
            row("项目名称", "水质监测", "项目负责人", next(said)),
            row("主管部门", "某局", "联系人及电话", f"{next(said)} {next(called)}"),
            row("实施单位", "某中心", "联系电话", next(called)),
            row("经办人", next(said), "手机", next(called)),
            row("年度资金总额（万元）", "12.50"),
            row("一级指标", "二级指标", "三级指标", "指标值", "负责人", "联系方式"),
            row("产出指标", "数量指标", "监测次数", "≥12次", next(said), next(called)),
            row("产出指标", "质量指标", "数据合格率", "=100%", next(said), next(called)),
            row("效益指标", "社会效益指标", "水质改善", f"≥90%（联系人：{next(said)}，{next(called)}）", "", ""),
            row(f"填报人：{next(said)}　联系电话：{next(called)}　填报日期：2024年3月1日"),
            row("单位负责人", next(said), "填表人", next(said), "电话", next(called)),
        ),
        widths=(16, 18, 20, 26, 14, 20),
        style=Style(ruling=chance.choice(("strokes", "rectangles", "segments"))),
    )


def document(seed: int) -> Document:
    chance = random.Random(seed)
    name, phone = chance.choice(NAMES), chance.choice(PHONES)
    money = Table(
        "other",
        "联系方式一览表",
        (
            tuple(map(Cell, ("单位", "联系人", "联系电话", "金额"))),
            *(tuple(map(Cell, ("某中心", chance.choice(NAMES), chance.choice(PHONES), "3.50"))) for _ in range(3)),
        ),
        1,
    )
    said, called = (lambda: chance.choice(NAMES)), (lambda: chance.choice(PHONES))
    spent = Table(
        "project_expenditure",
        "项目支出表",
        (
            tuple(map(Cell, ("单位：万元", "", "", "", ""))),
            tuple(map(Cell, ("项目名称", "项目负责人", "联系方式", "合计", "一般公共预算"))),
            tuple(map(Cell, ("监测", said(), called(), "12.50", "12.50"))),
            tuple(map(Cell, (f"巡查（负责人：{said()}）", said(), called(), "3.50", "3.50"))),
            tuple(map(Cell, (f"维护负责人{chance.choice((NAMES[0], NAMES[4]))}", said(), called(), "4.00", "4.00"))),
            tuple(map(Cell, ("合计", "", "", "20.00", "20.00"))),
            tuple(map(Cell, ("单位负责人", said(), f"填表人：{said()}", "电话", called()))),
        ),
        2,
    )
    return Document(
        "budget",
        2024,
        "某某局",
        (
            spent,
            Paragraph(f"某某局2024年部门预算由{'本级编制'}。联系人：{name}，联系电话：{phone}。"),
            Paragraph(f"2024年收入预算12.50万元，比上年增加1.00万元，咨询电话：{phone}，经办人：{name}。"),
            form(chance),
            money,
            Paragraph(f"项目支出预算12.50万元（负责人：{name}，手机：{phone}），用于监测。"),
        ),
    )


def texts(found: Disclosure) -> Iterator[str]:
    """Every text of every frame, and what is kept for the audit."""
    for one in fields(found):
        value = getattr(found, one.name)
        if isinstance(value, pd.DataFrame):
            for column in value.columns:
                yield from (str(text) for text in value[column])
        else:
            yield str(value)


@pytest.mark.parametrize("seed", range(12))
def test_no_frame_holds_a_person(seed: int) -> None:
    found = read(render(document(seed)))
    whole = "\n".join(texts(found))
    squeezed = "".join(whole.split())
    for private in (*NAMES, *PHONES):
        assert "".join(private.split()) not in squeezed, private
    assert list(found.projects["project"]) == ["水质监测"]
    assert list(found.projects["approved"]) == [125000.0]
    assert list(found.indicators["level3"]) == ["监测次数", "数据合格率", "水质改善"]
    # that something is withheld is said
    assert found.leftovers["reason"].str.startswith("withheld").any()


def test_a_column_of_persons_names_no_row() -> None:
    rows = (
        ("", "单位：万元", "", ""),
        ("序号", "负责人", "合计", "基本支出"),
        ("1", NAMES[0], "12.50", "2.50"),
        ("2", NAMES[1], "3.50", "3.50"),
        ("合计", "合计", "16.00", "6.00"),
    )
    made = Table("project_expenditure", "项目支出表", tuple(tuple(map(Cell, row)) for row in rows), 2)
    for table in (made, replace(made, rows=tuple(row[1:] for row in made.rows))):
        facts = read(render(Document("budget", 2024, "某某局", (Paragraph("某某局2024年部门预算"), table)))).facts
        assert list(facts["label"]) == ["", "", "", "", "合计", "合计"]
        assert list(facts["is_total"]) == [False] * 4 + [True] * 2
        assert facts["project"].isna().all()


@pytest.mark.parametrize(
    "text",
    [
        "2024年收入预算1,380.01万元，支出预算1380.01万元",
        "负责人培训3期，联系人大代表12人次",
        "12345政务服务热线受理13800件",
        "项目编码440306221390373400064",
        "办公电话费1200000元，手机补贴1200000元",
        "2080505",
        "13,800,138,000.00",
        "负责人高度重视",
        "负责人管理，负责人方案",
        "电话费3.20万元",
    ],
)
def test_what_is_no_person_stays(text: str) -> None:
    assert persons.without(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("项目负责人李试，监测12次", "项目负责人，监测12次"),
        ("项目负责人李试 主管部门某局", "项目负责人 主管部门某局"),
        ("负责人欧阳试同志", "负责人"),
        ("负责人张某13800138000", "负责人"),
        ("联系人范例4184000", "联系人"),
        ("负责人：阿依古试·买某某 电话：4184000", "负责人： 电话："),
        ("联系人：综合办公室范例 4184000", "联系人："),
        ("单位负责人：张某 财务负责人：李某 填表人：王某", "单位负责人： 财务负责人： 填表人："),
        ("联 系 人：张 某 电 话：0991-4184000", "联 系 人： 电 话："),
        ("项目负责人：张某\n实施单位：某局", "项目负责人：\n实施单位：某局"),
        # a name ends where the words of the next label begin
        ("联系人：张某项目主要负责人：李某", "联系人：项目主要负责人："),
        ("联系人张试项目主要负责人李试", "联系人项目主要负责人"),
    ],
)
def test_names_behind_their_labels_go(text: str, left: str) -> None:
    assert persons.without(text) == left


@pytest.mark.parametrize(
    "part", ["负责人", "电话", "7", "\t", "联系人：张", "项目单位部门", "负责人及", "电话（", "a@", "负责人 "]
)
def test_long_lines_cost_no_more_than_their_length(part: str) -> None:
    text = (part * 50_000)[:50_000]
    started = time.process_time()
    persons.without(text)
    persons.is_label(text)
    persons.is_personal(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("seed", [0, 5])
def test_nothing_that_leaves_holds_a_person(seed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Cards, findings, the report, exports, what the command line prints and what is logged."""
    path = tmp_path / "a.pdf"
    path.write_bytes(render(document(seed)))
    found = read(path)
    findings = check(found)
    to_csv(found, tmp_path)
    files = [path.read_text("utf-8-sig") for path in tmp_path.rglob("*.csv")]
    assert len(files) > 5
    told = (found._repr_html_(), repr(found), findings.to_csv(), html_report([(found, findings)], pictures=False))
    commands = (["explain"], ["show", "--facts"], ["audit"], ["audit", "--json", "--all"])
    printed = [CliRunner().invoke(app, [*command, str(path)]).output for command in commands]
    assert all(map(len, printed))
    squeezed = "".join("".join((*told, *files, *printed, caplog.text)).split())
    for private in (*NAMES, *PHONES):
        assert "".join(private.split()) not in squeezed, private


def test_a_mobile_number_without_any_label_goes() -> None:
    assert persons.without("如有疑问请拨打13900000000 咨询，电话畅通") == "如有疑问请拨打 咨询，电话畅通"
