"""Why something was not read, in Chinese words."""

from __future__ import annotations

import pandas as pd

from budgetkit.display.words import labelled, reason_label
from budgetkit.model import Reason


def test_every_reason_has_chinese_words() -> None:
    for reason in Reason:
        text = reason.value.format("元", "万元")
        assert reason_label(text) != text
    shown = labelled(pd.DataFrame({"page": [3], "text": ["12"], "reason": [Reason.COUNT.value]}), "leftovers")
    assert shown["原因"].tolist() == ["为数量或人数，不是金额"]


def test_reasons_are_told_part_by_part() -> None:
    text = "page 3, table 2: column 7 has no head; page 4, 9: two words; a file not read"
    assert reason_label(text) == "第3页表2：第7列没有表头；第4, 9页：two words；a file not read"
    said = "page 3, table 2: column 7 has no head, 合计 sums the columns after it, read as 项目支出"
    assert reason_label(said) == "第3页表2：第7列没有表头，“合计”为其后各列之和，读作“项目支出”"
    said = "amounts of a performance form are printed under 万元, are 元 by their size and are kept as printed"
    assert reason_label(f"page 1: {said}") == "第1页：绩效表金额印作万元，按大小应为元，仍按原文"


def test_a_printed_reason_stays_as_printed() -> None:
    frame = pd.DataFrame({"project": ["某项目"], "level3": ["数量"], "reason": ["采购延期; 已补"]})
    assert labelled(frame, "indicators").iloc[0, -1] == "采购延期; 已补"
