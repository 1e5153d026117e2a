"""Pictures of pages, cards and frames in Chinese words."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from reportlab.pdfgen.canvas import Canvas

import budgetkit as bk
from budgetkit import frames
from budgetkit.display import words as labelling
from budgetkit.display.cards import card, corpus_card
from budgetkit.display.pictures import OUTLINE, TINT, strip_height

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def pdf(*turns: int, content: int = 0) -> bytes:
    """Pages of 200 x 100 points as seen, each with a black cell at x 20-60, y 10-30 and a line of text.

    `turns` is the rotation entry of each page, 0 or 90; `content` 90 writes upwards on pages without a rotation entry.
    """
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for turn in turns:
        # reportlab takes the size as seen after its own rotation
        canvas.setPageSize((100, 200) if content else (200, 100))
        canvas.setPageRotation(turn)
        if turn or content:
            # what is written upwards is upright after a quarter turn clockwise
            canvas.translate(100, 0)
            canvas.rotate(90)
        canvas.rect(20, 70, 40, 20, stroke=0, fill=1)
        canvas.drawString(20, 40, "Total 185.62 and more words")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def document(data: bytes | None = None, **values: Any) -> SimpleNamespace:
    """What `show` and `card` need of a Disclosure."""
    sha256 = hashlib.sha256(data).hexdigest() if data is not None else None
    row = {"document": "a", "sha256": sha256, "format": "pdf", "status": "ok", **values}
    rest = ("facts", "statements", "projects", "project_funds", "indicators", "leftovers")
    empty = {name: frames.make(name, []) for name in rest}
    return SimpleNamespace(documents=frames.make("documents", [row]), **empty)


def facts(*places: tuple[int, float, float, float, float] | None, **values: Any) -> pd.DataFrame:
    """Facts with these pages and boxes."""
    rows = []
    for number, place in enumerate(places):
        box = dict(zip(("page", "x0", "y0", "x1", "y1"), place, strict=True)) if place is not None else {}
        rows.append({"document": "a", "form": "income", "name": f"n{number}", "row": number, "col": 1, **box, **values})
    return frames.make("facts", rows)


def test_boxes_are_drawn_on_their_pixels() -> None:
    shown = bk.show(pdf(0), facts((1, 100.0, 10.0, 140.0, 30.0)), scale=2)
    top = strip_height(2)
    assert (shown.image.size, shown.pages, shown.boxes) == ((400, 200 + top), (1,), 1)
    pixel = shown.image.getpixel
    assert [pixel((x, top + 20)) for x in (199, 200, 240, 280, 281)] == [WHITE, OUTLINE, OUTLINE, OUTLINE, WHITE]
    assert [pixel((240, top + y)) for y in (19, 20, 60, 61)] == [WHITE, OUTLINE, OUTLINE, WHITE]
    assert pixel((240, top + 40)) == TINT
    # print in a cell stays black
    inked = bk.show(pdf(0), facts((1, 20.0, 10.0, 60.0, 30.0)), scale=2).image
    assert [inked.getpixel(place) for place in ((40, top + 20), (80, top + 40))] == [OUTLINE, BLACK]


@pytest.mark.parametrize(("turn", "content"), [(0, 0), (90, 0), (0, 90)])
def test_pages_are_turned_as_they_are_read(turn: int, content: int) -> None:
    data = pdf(turn, content=content)
    image, top = bk.show(data, scale=1).image, strip_height(1)
    assert image.size == (200, 100 + top)
    places = [(22, 12), (58, 28), (22, 33), (65, 12)]
    assert [image.getpixel((x, top + y)) for x, y in places] == [BLACK, BLACK, WHITE, WHITE]


def test_pages_stand_below_each_other() -> None:
    shown = bk.show(
        pdf(0, 0, 0), facts((3, 1.0, 1.0, 9.0, 9.0), (1, 1.0, 1.0, 9.0, 9.0), (3, 1.0, 1.0, 9.0, 9.0)), scale=1
    )
    top = strip_height(1)
    assert (shown.pages, shown.boxes, shown.image.size) == ((1, 3), 2, (200, 2 * (100 + top)))
    assert shown.image.getpixel((1, top + 1)) == shown.image.getpixel((1, 2 * top + 101)) == OUTLINE
    # each has its number in the line above it
    strips = [shown.image.crop((0, y, 60, y + top - 2)).convert("L").getextrema() for y in (0, 100 + top)]
    assert all(low < 160 for low, _ in strips)
    assert bk.show(pdf(0, 0), pages=[2, 2, 1]).pages == (2, 1)
    assert bk.show(pdf(0, 0)).pages == (1,)


def test_caption_names_what_has_no_place() -> None:
    data = pdf(0, 0)
    rows = pd.concat(
        [facts((1, 1.0, 1.0, 9.0, 9.0)), facts(None, name="行政运行", page=1), facts((2, 1.0, 1.0, 2.0, 2.0))]
    )
    assert bk.show(data, rows).caption == "bytes，第 1、2 页，标出 2 格；没有位置的行：行政运行"
    said = "bytes，第 1 页，标出 1 格；另有所选行在第 2 页，未显示；没有位置的行：行政运行"
    assert bk.show(data, rows, pages=1).caption == said
    indicators = frames.make("indicators", [{"document": "a", "level3": f"指标{k}", "page": 2} for k in range(7)])
    expected = "bytes，第 2 页，标出 0 格；没有位置的行：指标0、指标1、指标2、指标3、指标4 等 7 行"
    assert bk.show(data, indicators).caption == expected
    assert bk.show(data, rows.iloc[0]).boxes == 1


def finding(**values: Any) -> pd.DataFrame:
    row = {"document": "a", "rule": "codes.total", "status": "fail", "severity": "error", "page": 1, **values}
    return frames.make("findings", [row])


def test_a_finding_is_outlined_with_its_numbers() -> None:
    data = pdf(0, 0)
    doc = document(data, path=None)
    doc.facts = pd.concat([facts((2, 10.0, 5.0, 50.0, 20.0)), facts((1, 1.0, 1.0, 2.0, 2.0))])
    said = {"document": "a", "subject": "Total", "printed": "185.62", "page": 1}
    doc.statements = frames.make("statements", [said])
    row = finding(
        message="合计不符", expected=30_000.0, actual=35_000.0, difference=5_000.0,
        places=["facts 0", "statements 0"],
    )  # fmt: skip
    shown = bk.show(doc, row.iloc[0], source=data)
    assert (shown.pages, shown.boxes) == ((1, 2), 2)
    assert shown.caption == "a，第 1、2 页，标出 2 格；合计不符（所载 35,000，应为 30,000，相差 +5,000）"
    share = finding(message="占比不符", expected=0.5, actual=0.25, difference=-0.25, rule="prose.share", evidence=[])
    assert bk.show(doc, share, source=data).caption.endswith("占比不符（所载 25.00%，应为 50.00%，相差 -25.00%）")
    many = pd.concat([finding(message="空表", evidence=[])] * 5)
    assert bk.show(doc, many, source=data).caption.endswith("；空表；空表；空表；另有 2 项")


def test_a_picture_shows_itself_and_is_saved(tmp_path: Path) -> None:
    shown = bk.show(document(pdf(0), path=None, document="<b>"), source=pdf(0))
    assert repr(shown) == "<PagePicture <b>，第 1 页>"
    assert shown._repr_png_().startswith(b"\x89PNG")
    assert "<figcaption>&lt;b&gt;，第 1 页</figcaption>" in shown._repr_html_()
    assert "<b>" not in shown._repr_html_()
    for name, magic in {"a.png": b"\x89PNG", "a.JPG": b"\xff\xd8"}.items():
        shown.save(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(magic)
    with pytest.raises(bk.SpecError, match=r"a\.gif: the ending must be one of \.png"):
        shown.save(tmp_path / "a.gif")
    with pytest.raises(bk.BudgetkitError, match="cannot be written"):
        shown.save(tmp_path / "none" / "a.png")


def test_the_file_is_found_where_it_was_read(tmp_path: Path) -> None:
    data, path = pdf(0), tmp_path / "a.pdf"
    read = document(data, path=str(path))
    with pytest.raises(
        bk.BudgetkitError, match=re.escape(f"{path}: no longer there; pass the file: bk.show(doc, rows, s")
    ):
        bk.show(read)
    path.write_bytes(data)
    assert bk.show(read).caption == "a，第 1 页"
    assert bk.show(document(data), source=path).caption == "a，第 1 页"
    path.write_bytes(data + b"\n")
    with pytest.raises(bk.BudgetkitError, match="not the file that a was read from"):
        bk.show(read)
    with pytest.raises(bk.BudgetkitError, match="a: read from bytes; pass the file"):
        bk.show(document(data))


def test_a_corpus_needs_its_folder(tmp_path: Path) -> None:
    (tmp_path / "2022").mkdir()
    data = pdf(0)
    (tmp_path / "2022" / "a.pdf").write_bytes(data)
    corpus = document(data, path="2022/a.pdf")
    corpus.processed = tmp_path
    rows = facts((1, 1.0, 1.0, 9.0, 9.0))
    assert bk.show(corpus, rows, source=tmp_path).boxes == 1
    with pytest.raises(bk.BudgetkitError, match=r"2022/a\.pdf: pass the folder the corpus was built from"):
        bk.show(corpus, rows)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rows": pd.DataFrame({"page": []})}, "rows has no rows"),
        ({"rows": pd.DataFrame({"amount": [1]})}, "rows must be rows of a frame"),
        ({"rows": 7}, "rows must be rows of a frame"),
        ({"rows": facts((9, 1.0, 1.0, 2.0, 2.0))}, "bytes: no page 9; it has 1"),
        ({"rows": facts(None)}, "no row has a page"),
        ({"rows": pd.DataFrame({"page": [1, 1], "document": ["a", "b"]})}, r"rows are of 2 documents \(a, b\)"),
        ({"pages": 0}, "bytes: no page 0"),
        ({"pages": []}, "must be page numbers"),
        ({"pages": ["1"]}, "must be page numbers"),
        ({"scale": 0}, "must be a number above 0"),
        ({"scale": float("nan")}, "must be a number above 0"),
        ({"scale": 1000}, "too large for scale=1000"),
    ],
)
def test_wrong_arguments_name_themselves(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(bk.SpecError, match=message):
        bk.show(pdf(0), **arguments)


def test_only_a_pdf_has_pictures(tmp_path: Path) -> None:
    with pytest.raises(bk.BudgetkitError, match="a: a document in html; only pages of a PDF have pictures"):
        bk.show(document(path="a.html", format="html"))
    with pytest.raises(bk.BudgetkitError, match="bytes: not a PDF but html"):
        bk.show(b"<html><body>x</body></html>")
    with pytest.raises(bk.UnreadableDocument, match="bytes: not a PDF that can be read"):
        bk.show(b"%PDF-1.7 cut off")
    with pytest.raises(bk.UnreadableDocument, match=r"none\.pdf: cannot be read"):
        bk.show(tmp_path / "none.pdf")
    with pytest.raises(bk.SpecError, match="a document, a path or bytes is wanted, not int"):
        bk.show(7)
    with pytest.raises(bk.SpecError, match="rows are of b, which is not this document"):
        bk.show(document(pdf(0)), facts((1, 1.0, 1.0, 2.0, 2.0), document="b"), source=pdf(0))


def test_card() -> None:
    read = document(
        kind="final_account",
        tier="unit",
        fiscal_year=2022,
        entity="某<局>",
        pages=3,
        forms=["income", "government_fund", "project_self_evaluation"],
        missing=["three_public"],
        status="partial",
        reason="page 3: scan & more",
    )
    read.facts = facts((1, 0.0, 0.0, 1.0, 1.0), (1, 0.0, 1.0, 1.0, 2.0))
    read.indicators = frames.make("indicators", [{"document": "a", "form": "project_self_evaluation"}])
    read.leftovers = frames.make("leftovers", [{"document": "a", "text": "7", "reason": "no <header>"}])
    rows = dict(re.findall("<tr><th>(.*?)</th><td>(.*?)</td></tr>", card(read)))
    assert rows == {
        "类型": "单位决算",
        "年度": "2022",
        "单位": "某&lt;局&gt;",
        "已识别表": "收入表 2 个数；政府性基金预算支出表 空表；项目支出绩效自评表 1 项指标",
        "缺表": "“三公”经费支出表",
        "文字说明中的数": "0 个",
        "绩效": "0 张绩效表，1 项指标",
        "未归入的数": "no &lt;header&gt; 1",
        "读取": "部分读取，3 页：第3页：scan &amp; more",
    }
    assert card(read).startswith('<table class="budgetkit-card"><caption>a</caption>')


def test_card_of_a_document_that_says_nothing() -> None:
    rows = dict(re.findall("<tr><th>(.*?)</th><td>(.*?)</td></tr>", card(document())))
    assert [rows[name] for name in ("类型", "年度", "单位", "已识别表", "缺表", "未归入的数", "读取")] == [
        *["不明"] * 3, *["无"] * 3, "完整读取",
    ]  # fmt: skip


def test_card_of_a_corpus() -> None:
    rows = [
        {"document": "a", "kind": "budget", "fiscal_year": 2024, "status": "ok"},
        {"document": "b", "kind": "budget", "fiscal_year": 2024, "status": "partial"},
        {"document": "c", "path": "<c>.pdf", "status": "failed", "reason": "<c>.pdf: empty"},
    ]
    corpus = SimpleNamespace(
        processed=Path("p&q"), documents=frames.make("documents", rows), count_rows=lambda: {"documents": 3, "facts": 7}
    )
    text = corpus_card(corpus)
    assert "<caption>Corpus p&amp;q</caption>" in text
    assert dict(re.findall("<tr><th>(.*?)</th><td>(.*?)</td></tr>", text)) == {
        "读取": "完整读取 1；部分读取 1；未能读取 1",
        "内容": "2024年度预算 2",
        "未能读取": "&lt;c&gt;.pdf：&lt;c&gt;.pdf: empty",
        "documents": "3",
        "facts": "7",
    }


def test_labelled_facts() -> None:
    df = facts((7, 1.0, 2.0, 3.5, 4.0), fund="all", phase="executed", amount=1856200.0, quantum=100.0, code="201")
    shown = bk.labelled(df[["form", "phase", "code", "nature", "fund", "amount", "quantum", "page", "x1"]])
    assert shown.columns.tolist() == ["表", "阶段", "科目编码", "支出性质", "资金性质", "金额", "末位值", "页", "右"]
    assert shown.iloc[0].tolist() == ["收入表", "决算", "201", "", "全部资金", "1,856,200.00", "100", 7, "3.5"]
    plain = bk.labelled(df[["form", "amount", "nature"]], thousands=False)
    assert (plain["金额"].tolist(), plain["表"].tolist(), plain["支出性质"].isna().tolist()) == (
        [1856200.0],
        ["收入表"],
        [True],
    )
    assert df.columns[0] == "document"


def test_labelled_by_measure() -> None:
    measures = ["amount", "execution_rate", "count", None]
    rows = [{"document": "a", "measure": measure, "value": 1234.5} for measure in measures]
    shown = bk.labelled(frames.make("statements", rows))
    assert shown["数值"].tolist() == ["1,234.50", "123,450%", "1,234.5", "1,234.50"]
    assert shown["指标"].tolist() == ["金额", "执行率", "数量", ""]


def test_labelled_tables_of_other_shapes() -> None:
    df = facts((7, 1.0, 2.0, 3.0, 4.0), (7, 1.0, 4.0, 3.0, 6.0), amount=1000.0)
    df["nature"] = ["project", "personnel"]
    pivot = bk.labelled(df.pivot_table(index=["form", "page"], columns="nature", values="amount", aggfunc="sum"))
    assert (list(pivot.columns), pivot.columns.name) == (["人员经费", "项目支出"], "支出性质")
    assert (list(pivot.index), list(pivot.index.names)) == ([("收入表", 7)], ["表", "页"])
    documents = bk.labelled(document(forms=["income", "other"], tier="unit").documents)
    assert documents.loc[0, ["已识别表", "缺表", "层级"]].tolist() == ["收入表、其他表", "", "单位"]
    assert bk.labelled(facts()).columns[:3].tolist() == ["文件", "表序", "表"]
    assert len(bk.labelled(facts())) == 0
    with pytest.raises(bk.SpecError, match="df must be a DataFrame, not list"):
        bk.labelled([])
    with pytest.raises(bk.SpecError, match="no frame 'fact'"):
        bk.labelled(df, "fact")


@pytest.mark.parametrize("name", frames.names())
def test_every_value_and_column_has_one_word(name: str) -> None:
    wordless = {"format", "target_operator", "line"}
    for column in frames.spec(name).columns:
        if column.categories is not None and column.name not in wordless:
            assert labelling._category(column) is not None, column.name
    shown = bk.labelled(frames.make(name, []), name)
    assert shown.columns.is_unique


def test_show_stays_a_function_after_its_module_is_imported() -> None:
    import budgetkit.display.pictures

    assert (bk.show, bk.labelled) == (budgetkit.display.pictures.show, labelling.labelled)
    assert {"show", "labelled", "read"} <= set(dir(bk))
    with pytest.raises(AttributeError, match="no attribute 'shows'"):
        bk.shows  # noqa: B018


RAW = Path(__file__).parents[1] / "data" / "raw"


@pytest.mark.parametrize("path", sorted(RAW.glob("*.pdf")), ids=lambda path: path.stem)
def test_outlined_cells_of_the_samples_hold_print(path: Path) -> None:
    read = bk.read(path)
    for page, rows in read.facts.groupby("page"):
        shown = bk.show(read, rows, scale=2)
        assert shown.boxes == len(rows)
        for box in rows[["x0", "y0", "x1", "y1"]].to_numpy() * 2:
            # within the frame of the cell, where only the number can be dark
            x0, y0, x1, y1 = (round(float(value)) for value in box)
            cell = shown.image.crop((x0 + 4, y0 + 4 + strip_height(2), x1 - 4, y1 - 4 + strip_height(2)))
            assert cell.convert("L").getextrema()[0] < 100, (page, box)
