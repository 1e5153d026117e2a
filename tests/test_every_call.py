"""Every public call on every document ends in a result or an error of our own; tools.every_call tries folders."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from places import RAW, corpus
from seeds import SEEDS

from tools.every_call import faults
from tools.typeset import Cell, Document, Paragraph, Table
from tools.typeset.render import render


def _page(*blocks: Paragraph | Table) -> bytes:
    return render(Document("budget", 2024, "", blocks))


def _rows(*rows: tuple[str, ...]) -> Table:
    return Table("other", "", tuple(tuple(map(Cell, row)) for row in rows), 1)


#: documents that lack what others have: facts, an entity, a year, a kind, tables
BARE: dict[str, Callable[[], bytes]] = {
    "words": lambda: _page(Paragraph("本页无表。")),
    "a statement": lambda: _page(Paragraph("支出决算为1.00万元，完成年初预算的100.00%。")),
    "a table without unit": lambda: _page(_rows(("项目", "金额"), ("甲", "1.00"), ("合计", "1.00"))),
    "a table without figures": lambda: _page(_rows(("项目", "金额"), ("甲", ""), ("合计", ""))),
    "a list": lambda: _page(_rows(("序号", "名称"), ("1", "甲"))),
    "a text": lambda: "部门预算\n".encode(),
    "a page of the web": lambda: "<html><body><p>预算公开</p></body></html>".encode(),
    "a workbook": SEEDS["xls"],
    "separated values": SEEDS["csv"],
}


def _told(source: bytes | Path) -> list[str]:
    return [f"{name}: {''.join(traceback.format_exception(error)[-3:])}" for name, error in faults(source)]


@pytest.mark.parametrize("name", BARE)
def test_documents_that_lack_something(name: str) -> None:
    assert _told(BARE[name]()) == []


@pytest.mark.parametrize(
    "path", [RAW / "urumqi_service_center_final_2020.pdf", *corpus()[3:4]], ids=lambda path: path.stem
)
def test_whole_documents(path: Path) -> None:
    assert _told(path) == []
