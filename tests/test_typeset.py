"""Typesetting: tables refuse what cannot be printed, descriptions know their figures, samples come out bit by bit."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from strategies import documents

from budgetkit.errors import SpecError
from tools.typeset import (
    Cell,
    Document,
    Fact,
    PageBreak,
    Paragraph,
    Style,
    Table,
    expected_facts,
    expected_indicators,
    expected_project_funds,
    expected_projects,
)
from tools.typeset.__main__ import golden, write_golden
from tools.typeset.describe import describe, read_sample, sample_names
from tools.typeset.layout import lay_out
from tools.typeset.money import Block, Column, Money, Row, build, header_rows
from tools.typeset.render import placed_facts, render
from tools.typeset.text import wrap

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
GOLDEN = Path(__file__).parent / "golden"
COLUMNS = (Column(("支出", "合计")), Column(("支出", "基本支出"), "basic"), Column(("支出", "项目支出"), "project"))


def coded(codes: str = "levels", rows: int = 1, **style: object) -> Table:
    """合计 and some rows of 2010301."""
    body = [Row("合计", ("3.00", "2.00", "1.00"))] + [Row("行政运行", ("1,234.50", "", "0"), "2010301")] * rows
    block = Block(COLUMNS, tuple(body), ("项目", "科目名称"), ("项目", "编码"), codes=codes)  # type: ignore[arg-type]
    return build(Money("expenditure", "支出表", (block,), index="栏次", style=Style(**style)))  # type: ignore[arg-type]


def document(*blocks: Paragraph | PageBreak | Table) -> Document:
    """A budget of these blocks."""
    return Document("budget", 2024, "某局", blocks)


def pages_of(pdf: bytes) -> list[str]:
    """Text of each page without white space."""
    file = pypdfium2.PdfDocument(pdf)
    try:
        return [re.sub(r"\s+", "", page.get_textpage().get_text_bounded()) for page in file]
    finally:
        file.close()


# the model


def test_overlapping_spans_are_refused() -> None:
    with pytest.raises(SpecError, match="'b' in row 1, column 0 leaves the table or overlaps"):
        Table("other", "t", ((Cell("a"), Cell("c", rowspan=2)), (Cell("b", colspan=2),)))


def test_spans_beyond_the_table_are_refused() -> None:
    with pytest.raises(SpecError, match="leaves the table"):
        Table("other", "t", ((Cell("a", rowspan=2),),))


def test_holes_are_refused() -> None:
    with pytest.raises(SpecError, match="no cell covers row 1, column 1"):
        Table("other", "t", ((Cell("a"), Cell("b")), (Cell("c"),)))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"form": "summary"}, "unknown form 'summary'"),
        ({"unit": "亿元"}, "'亿元' is neither"),
        ({"header_rows": 2}, "2 header rows of 1 rows"),
        ({"widths": (1.0,)}, "1 widths for 2 columns"),
    ],
)
def test_tables_refuse_what_they_do_not_know(values: dict[str, object], message: str) -> None:
    given = {"form": "other", "title": "t", "rows": ((Cell("a"), Cell("b")),)} | values
    with pytest.raises(SpecError, match=message):
        Table(**given)  # type: ignore[arg-type]


def test_documents_refuse_unknown_kinds() -> None:
    with pytest.raises(SpecError, match="unknown kind 'final'"):
        Document("final", 2024, "某局", ())  # type: ignore[arg-type]


# building


def test_header_merges_equal_neighbours_and_reaches_down() -> None:
    rows = header_rows([("项目", "类"), ("项目", "款"), ("合计",)])
    assert rows == [(Cell("项目", colspan=2), Cell("合计", rowspan=2)), (Cell("类"), Cell("款"))]


@pytest.mark.parametrize(
    ("codes", "printed"),
    [
        ("one", ["2010301"]),
        ("levels", ["201", "03", "01"]),
        ("own", ["", "", "01"]),
        ("merged", ["2010301"]),
        ("joined", []),
        ("none", []),
    ],
)
def test_codes_print_in_every_style(codes: str, printed: list[str]) -> None:
    row = coded(codes).rows[-1]
    label = "2010301 行政运行" if codes == "joined" else "行政运行"
    assert [cell.text for cell in row] == [*printed, label, "1,234.50", "", "0"]
    assert row[-1].fact == Fact("行政运行", "2010301", "project", scheme="function")


def test_official_form_prints_level_names_into_the_total_row() -> None:
    table = coded("merged")
    assert [(cell.text, cell.rowspan) for cell in table.rows[table.header_rows - 1]][:4] == [
        ("类", 2),
        ("款", 2),
        ("项", 2),
        ("栏次", 1),
    ]
    assert [cell.text for cell in table.rows[table.header_rows]] == ["合计", "3.00", "2.00", "1.00"]


def test_too_many_values_are_refused() -> None:
    block = Block((Column(("金额",)),), (Row("办公费", ("1", "2")),))
    with pytest.raises(SpecError, match="row '办公费': 2 values, 1 columns"):
        build(Money("other", "t", (block,)))


def test_facts_of_a_tiny_table() -> None:
    facts = expected_facts(document(coded()))
    keys = ("form", "code", "scheme", "name", "nature", "phase", "is_total", "amount", "quantum", "printed")
    assert [tuple(fact[key] for key in keys) for fact in facts] == [
        ("expenditure", None, None, "合计", "all", "approved", True, 30_000.0, 100.0, "3.00"),
        ("expenditure", None, None, "合计", "basic", "approved", True, 20_000.0, 100.0, "2.00"),
        ("expenditure", None, None, "合计", "project", "approved", True, 10_000.0, 100.0, "1.00"),
        ("expenditure", "2010301", "function", "行政运行", "all", "approved", False, 12_345_000.0, 100.0, "1,234.50"),
        ("expenditure", "2010301", "function", "行政运行", "project", "approved", False, 0.0, 10_000.0, "0"),
    ]


def test_side_ordinals_and_canonical_names() -> None:
    left = Block((Column(("收入",)),), (Row("一、财政拨款收入", ("1.00",)),), ("项目",), side="income")
    right = Block(
        (Column(("支出",)),), (Row("其中：公务用车运行维护费", ("—",)), Row("1.公务用车运行维护费", ("2",))), ("项目",)
    )
    facts = expected_facts(document(build(Money("three_public", "t", (left, right), unit="元"))))
    assert [(fact["flow"], fact["name"], fact["amount"], fact["quantum"]) for fact in facts] == [
        ("income", "财政拨款收入", 1.0, 0.01),
        ("expenditure", "公务用车运行费", 2.0, 1.0),
    ]


# layout and PDF


def test_wrapping_keeps_numbers_whole_where_it_can() -> None:
    assert wrap("金额1,234.50元", 50, 10) == ("金额", "1,234.50元")
    assert "".join(wrap("1,234.50", 20, 10)) == "1,234.50"
    assert len(wrap("1,234.50", 20, 10)) > 1


def test_unknown_characters_are_refused() -> None:
    with pytest.raises(SpecError, match="no glyph for '😀'"):
        render(document(Paragraph("😀")))


def test_rows_higher_than_a_page_are_refused() -> None:
    with pytest.raises(SpecError, match="higher than the page"):
        render(document(Table("other", "t", ((Cell("字", vertical=True), Cell("\n" * 200)),))))


@pytest.mark.parametrize("repeat", [True, False])
def test_long_tables_run_over_pages(repeat: bool) -> None:
    file = document(coded("one", 100, repeat_header=repeat))
    pages = pages_of(render(file))
    assert len(pages) > 2
    assert ["科目名称" in page for page in pages] == [True] + [repeat] * (len(pages) - 1)
    assert "".join(pages).count("1,234.50") == 100
    assert [fact["page"] for fact in placed_facts(file)] == sorted(fact["page"] for fact in placed_facts(file))


def test_cells_parted_by_a_page_break_print_their_text_once() -> None:
    rows = [(Cell("产出指标", rowspan=80), Cell("甲")), *[(Cell("乙"),)] * 79]
    pages = pages_of(render(document(Table("other", "t", tuple(rows)))))
    assert ["产出指标" in page for page in pages] == [True, False]


def test_a_page_break_may_cut_a_row() -> None:
    rows = tuple((Cell("甲\n乙\n丙"), Cell("1.00", fact=Fact(f"第{i}行"))) for i in range(40))
    style = Style(cut_rows=True)
    file = document(Table("other", "t", rows, style=style))
    last, first = (
        [cell.cell.text for cell in lay_out(file).cells if cell.page == page][at] for page, at in ((1, -2), (2, 0))
    )
    assert (last, first) == ("甲", "乙\n丙")
    assert len(placed_facts(file)) == 40
    assert "".join(pages_of(render(file))).count("1.00") == 40


def test_text_may_stand_in_the_file_in_another_order() -> None:
    file = document(Paragraph("甲"), Paragraph("乙"))
    assert [text.text.strip() for text in lay_out(replace(file, order="reversed")).texts] == ["- 1 -", "乙", "甲"]


def text_in(pdf: pypdfium2.PdfDocument, fact: dict[str, Any]) -> str:
    """What a PDF prints in the box of a placed fact, without white space."""
    page = pdf[fact["page"] - 1]
    x0, y0, x1, y1 = (fact[key] for key in ("x0", "y0", "x1", "y1"))
    height = page.get_mediabox()[3]
    # on rotated pages seen (x, y from the top) is stored (y from the top, x)
    box = (y0, x0, y1, x1) if page.get_rotation() else (x0, height - y1, x1, height - y0)
    return re.sub(r"\s+", "", page.get_textpage().get_text_bounded(*box))


@pytest.mark.parametrize("lie", [PageBreak(), PageBreak(landscape=True), PageBreak(rotated=True)])
@pytest.mark.parametrize("ruling", ["strokes", "rectangles", "segments"])
def test_facts_are_printed_in_their_boxes(lie: PageBreak, ruling: str) -> None:
    file = document(lie, coded("levels", 60, ruling=ruling, title_inside=True, white_fills=True, number_width=0.6))
    pdf = pypdfium2.PdfDocument(render(file))
    assert [page.get_rotation() for page in pdf] == [90 * lie.rotated] * len(pdf)
    placed = placed_facts(file)
    assert [text_in(pdf, fact) for fact in placed] == [fact["printed"] for fact in placed]
    pdf.close()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_random_documents_print_every_fact_in_its_box(file: Document) -> None:
    facts, placed = expected_facts(file), placed_facts(file)
    keys = list(facts[0]) if facts else []
    assert [{key: fact[key] for key in keys} for fact in placed] == facts
    layout = lay_out(file)
    for item in layout.cells:
        sheet = layout.sheets[item.page - 1]
        assert 0 <= item.x0 < item.x1 <= sheet.width
        assert 0 <= item.y0 < item.y1 <= sheet.height
    made = render(file)
    assert made == render(file)
    pdf = pypdfium2.PdfDocument(made)
    assert len(pdf) == len(layout.sheets)
    # wrapped numbers come out in the order of the file, which may be reversed
    same = sorted if file.order == "reversed" else str
    assert [same(text_in(pdf, fact)) for fact in placed] == [same(fact["printed"]) for fact in placed]
    pdf.close()


# descriptions and samples


def test_descriptions_refuse_unknown_keys() -> None:
    with pytest.raises(SpecError, match="here, block 1: unknown key"):
        describe('kind = "budget"\nfiscal_year = 2024\nentity = "某局"\n[[block]]\nprose = "x"', "here")


def test_descriptions_refuse_lines_with_too_many_fields() -> None:
    text = """
    kind = "budget"
    fiscal_year = 2024
    entity = "某局"
    [[block]]
    [block.table]
    form = "other"
    title = "t"
    sides = [{ columns = ["金额"] }]
    rows = "办公费|1|2"
    """
    with pytest.raises(SpecError, match="has 1 fields too many"):
        describe(text, "here")


def test_five_samples() -> None:
    assert sample_names() == (
        "korla_service_center_final_2022",
        "shuimogou_government_office_final_2020",
        "urumqi_hightech_bureau_budget_2020",
        "urumqi_service_bureau_budget_2024",
        "urumqi_service_center_final_2020",
    )


def test_samples_come_out_as_the_manifest_says() -> None:
    with (RAW / "manifest.csv").open(encoding="utf-8", newline="") as file:
        manifest = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
    made = {f"{name}.pdf": hashlib.sha256(render(read_sample(name))).hexdigest() for name in sample_names()}
    assert made == manifest
    assert {name: hashlib.sha256((RAW / name).read_bytes()).hexdigest() for name in manifest} == manifest


def test_golden_files_say_what_the_descriptions_say(tmp_path: Path) -> None:
    write_golden(tmp_path)
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.iterdir() if path.name in made}


def texts_of(sample: Document) -> list[str]:
    """All that a description prints, cell by cell and paragraph by paragraph, without white space."""
    cells = [cell.text for table in sample.tables for cell in table.cells]
    prose = [block.text for block in sample.blocks if isinstance(block, Paragraph)]
    return [re.sub(r"\s+", "", text) for text in cells + prose]


@pytest.mark.parametrize("name", sample_names())
def test_every_printed_number_stands_in_the_text(name: str) -> None:
    sample = read_sample(name)
    text = "".join(pages_of(render(sample)))
    wanted = {number for part in texts_of(sample) for number in re.findall(r"\d[\d,.]*\d|\d", part)}
    assert {number for number in wanted if number not in text} == set()


@pytest.mark.parametrize("name", sample_names())
def test_no_persons_and_telephones(name: str) -> None:
    sample = read_sample(name)
    numbers = {number for text in texts_of(sample) for number in re.findall(r"(?<![\d.,])\d{7,}(?![\d.,U])", text)}
    assert {number for number in numbers if not re.fullmatch(r"2[0-3]\d{5}", number)} == set()
    for table in sample.tables:
        for row in table.rows:
            for label, value in itertools.pairwise(row):
                if label.text in ("部门联系人", "联系电话", "项目负责人"):
                    assert value.text == ""


def test_projects_of_a_sample() -> None:
    first, *_ = expected_projects(read_sample("urumqi_service_center_final_2020"))
    assert first == {
        "form": "project_self_evaluation",
        "project": "政务服务运行维护费",
        "department": "乌鲁木齐市政务服务中心",
        "entity": "乌鲁木齐市政务服务中心",
        "fiscal_year": 2020,
        "approved": 2_060_000.0,
        "revised": 2_060_000.0,
        "executed": 513_800.0,
        "execution_rate": 0.2494,
        "execution_weight": 10.0,
        "execution_score": 2.4,
        "total_weight": 100.0,
        "total_score": 84.4,
    }
    funds = expected_project_funds(read_sample("urumqi_service_center_final_2020"))
    assert [line["approved"] for line in funds[:4]] == [2_060_000.0, 2_060_000.0, None, 0.0]


def test_indicators_of_a_sample() -> None:
    found = expected_indicators(read_sample("shuimogou_government_office_final_2020"))
    by_target = {row["target"]: row for row in found}
    assert len(found) == 42
    row = by_target["≥1月&&≤12月"]
    assert (row["target_operator"], row["target_value"], row["weight"]) == (None, None, 12.5)
    row = by_target["=85900元"]
    assert (row["target_operator"], row["target_value"], row["target_unit"], row["actual_value"]) == (
        "=",
        85_900.0,
        "元",
        53_131.73,
    )


@pytest.mark.parametrize(
    ("name", "facts", "projects", "indicators"),
    [
        ("korla_service_center_final_2022", 610, 1, 12),
        ("shuimogou_government_office_final_2020", 0, 6, 42),
        ("urumqi_hightech_bureau_budget_2020", 156, 3, 31),
        ("urumqi_service_bureau_budget_2024", 283, 9, 61),
        ("urumqi_service_center_final_2020", 0, 3, 25),
    ],
)
def test_sample_sizes(name: str, facts: int, projects: int, indicators: int) -> None:
    found = {suffix: len(rows) for suffix, _, rows in golden(read_sample(name))}
    assert found == {"": facts, "_projects": projects, "_indicators": indicators}


def test_known_contradictions_of_the_originals_are_kept() -> None:
    budget = "".join(pages_of(render(read_sample("urumqi_hightech_bureau_budget_2020"))))
    assert "奖金14.58万元" in budget
    assert {"14.85", "维修（户）费"} <= {
        c.text for t in read_sample("urumqi_hightech_bureau_budget_2020").tables for c in t.cells
    }
    with io.StringIO((GOLDEN / "urumqi_hightech_bureau_budget_2020.csv").read_text(encoding="utf-8")) as file:
        codes = [row["code"] for row in csv.DictReader(file) if row["printed"] == "99.00" and row["form"] == "income"]
    assert codes == ["2010309", "2010309"]
    final = expected_facts(read_sample("korla_service_center_final_2022"))
    assert {f["name"] for f in final if f["form"] == "expenditure" and f["code"] == "201"} == {"一般公共预算支出"}
    assert expected_projects(read_sample("korla_service_center_final_2022"))[0]["execution_score"] == 87.02
