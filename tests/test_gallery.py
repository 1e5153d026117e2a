"""The twelve questions of docs/gallery.md: at most three lines each, run over the samples and over real documents."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from places import SHARED

import budgetkit as bk

ROOT = Path(__file__).parents[1]
_SECTION = re.compile(r"^## (\d+)\. (.+?)\n\n```python\n(.+?)```", re.DOTALL | re.MULTILINE)
QUESTIONS = {
    int(number): code
    for number, _, code in _SECTION.findall((ROOT / "docs" / "gallery.md").read_text(encoding="utf-8"))
}
#: real documents whose numbers were looked at on the page
REAL = (
    "pairs/university_budget_2023.pdf", "pairs/university_final_2023.pdf", "corpus/putuo_final_2024_finance.pdf",
    "corpus/central_5607b82.pdf", "corpus/xian_f3e1c25.pdf", "corpus/jiangsu_procuratorate.pdf",
    "corpus/putuo_wanli_budget_2025_preview.pdf", "corpus/putuo_wanli_budget_2025_tabs.txt",
)  # fmt: skip


def answer(number: int, corpus: bk.Corpus) -> Any:
    known: dict[str, Any] = {"bk": bk, "corpus": corpus}
    exec(QUESTIONS[number], known)
    return known["answer"]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> bk.Corpus:
    raw = tmp_path_factory.mktemp("raw")
    for name in REAL:
        if not (SHARED / name).exists():
            pytest.skip(f"{name} is not there")
        shutil.copy(SHARED / name, raw)
    return bk.build(raw, tmp_path_factory.mktemp("processed"), workers=1)


def test_there_are_twelve_of_at_most_three_lines() -> None:
    assert list(QUESTIONS) == list(range(1, 13))
    assert max(len(code.strip().splitlines()) for code in QUESTIONS.values()) <= 3


@pytest.mark.parametrize("number", QUESTIONS)
def test_a_question_has_an_answer_on_the_samples(number: int, corpus: bk.Corpus) -> None:
    found = answer(number, corpus)
    # no sample is a budget beside its final account, and procurement is not stated in all
    assert number in (8, 10, 11) or len(found) > 0


def test_the_answers_are_those_of_the_pages(real: bk.Corpus) -> None:
    rates = answer(1, real).set_index("entity")["ratio"].round(4)
    assert rates[rates.index.str.endswith("财政局")].tolist() == [0.982]
    three = answer(2, real).set_index("document")
    assert three.loc["xian_f3e1c25", ["approved", "staff"]].tolist() == [293_000, 380]
    low = answer(4, real)
    assert (low["project"].iloc[0], low["total_score"].iloc[0]) == ("信息化运行维护", 90.5)
    assert answer(6, real)["amount"].iloc[0] == 687_000_000
    bought = answer(8, real).reset_index().set_index("entity")
    street = bought.loc["上海市普陀区人民政府万里街道办事处", ["goods", "works", "services", "reserved_share"]]
    assert [round(value, 4) for value in street] == [574_300, 37_807_200, 9_830_500, 0.4]
    cars = answer(9, real).set_index("document")["spent"]
    assert (cars.index[0], cars.iloc[0]) == ("jiangsu_procuratorate", 2_370_000)
    gaps = answer(10, real).set_index("code")
    assert gaps.loc["205", ["approved", "executed"]].tolist() == [4_343_349_900, 4_252_872_700]


def test_a_disclosure_in_two_files_counts_once(real: bk.Corpus) -> None:
    costs = bk.cost_structure(real)
    own = costs[costs["entity"].str.contains("万里街道", na=False)]
    assert len(own) == 1
    assert "未重复计入" in own["note"].iloc[0]
