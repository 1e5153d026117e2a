"""What a document prints runs nowhere: not in cards, pictures, the report or tables of notebooks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import budgetkit as bk
from budgetkit.audit.report import html_report

SCRIPTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "javascript:alert(1)",
)
#: what would run or load, outside what is escaped
LIVE = re.compile(r"<script|<svg|<img(?! src=\"data:)|<[^>]*\son\w+\s*=|(?:href|src)=[\"']?javascript:", re.IGNORECASE)


def text(script: str) -> bytes:
    """A document with a script in its entity, title, head, label, project, sentence and form."""
    return (
        f"某局{script}2023年度部门决算\n"
        f"一、{script}支出决算为1.00万元，比上年增加5.00万元，完成年初预算的{script}100.00%。\n"
        f"支出决算表{script}\n单位：万元\n"
        f"科目编码\t科目名称\t合计\t{script}\n"
        f"2010301\t行政运行{script}\t1.00\t3.00\n201\t{script}\t2.00\t1.00\n合计\t合计\t9.00\t1.00\n"
        f"项目支出绩效自评表\n项目名称\t{script}\n主管部门\t{script}\n"
    ).encode()


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_inert(script: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text(script))
    doc = bk.read(path)
    findings = bk.check(doc)
    assert len(doc.facts)
    frames = (doc.documents, doc.facts, doc.statements, doc.projects, doc.leftovers, findings)
    shown = [doc._repr_html_(), html_report([(doc, findings)]), *(frame.to_html() for frame in frames)]
    shown += [bk.labelled(frame).to_html() for frame in frames]
    for told in shown:
        assert not LIVE.search(told)


def test_names_of_files_are_inert_in_the_report(tmp_path: Path) -> None:
    path = tmp_path / "<img src=x onerror=alert(1)>.txt"
    path.write_bytes(text("甲"))
    doc = bk.read(path)
    assert not LIVE.search(html_report([(doc, bk.check(doc))]) + doc._repr_html_())


def test_the_report_loads_nothing() -> None:
    doc = bk.read(text("甲"))
    told = html_report([(doc, bk.check(doc))])
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', told)
    assert policy is not None
    assert policy[1] == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert not re.search(r'(?:src|href)="(?!data:|#)', told)
