"""Tables that tools wrote with separators or drawn lines; figures of tables that nothing puts in columns any more."""

from __future__ import annotations

import codecs
import time

import pytest

from budgetkit.document.reading import disclose
from budgetkit.errors import UnreadableDocument
from budgetkit.readers.opening import open_source
from budgetkit.readers.text.tabs import read_tab_table

HEAD = ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"]
ROWS = [
    ["", "合计", "1,300.50", "1,000.50", "300.00"],
    ["201", "一般公共服务支出", "1,000.50", "1,000.50", ""],
    ["208", "社会保障和就业支出", "300.00", "", "300.00"],
]
TOP = "青石县水月局2031年度部门决算\n支出决算表\n部门：青石县水月局　　　　单位：万元\n"


def facts(text: str | bytes) -> list[tuple[str, str, float]]:
    data = text if isinstance(text, bytes) else text.encode()
    frame = disclose(open_source(data, "a.txt"), "a", None, "").facts
    return [(row.name, row.printed, row.amount) for row in frame[["name", "printed", "amount"]].itertuples(index=False)]


def read(text: str):
    return disclose(open_source(text.encode(), "a.txt"), "a", None, "")


TABBED = TOP + "\n".join("\t".join(row) for row in [HEAD, *ROWS])


def quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell


DRESSES = {
    "csv": "\n".join(",".join(map(quoted, row)) for row in [HEAD, *ROWS]),
    "semicolons": "\n".join(";".join(row) for row in [HEAD, *ROWS]),
    "carets": "\n".join("^".join(row) for row in [HEAD, *ROWS]),
    "markdown": "\n".join("| " + " | ".join(row) + " |" for row in [HEAD, ["---"] * 5, *ROWS]),
    "open pipes": "\n".join(" | ".join(row) for row in [HEAD, ["---"] * 5, *ROWS]),
    "drawn": "\n".join(f"│{'│'.join(row)}│" if row else "├──┼──┼──┼──┼──┤" for row in [HEAD, [], *ROWS]),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_every_dress_reads_as_tabs_do(dress: str) -> None:
    expected = facts(TABBED)
    assert len(expected) == 7
    assert facts(TOP + DRESSES[dress]) == expected


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_every_encoding(encoding: str) -> None:
    assert facts((TOP + DRESSES["csv"]).encode(encoding)) == facts(TABBED)
    assert facts(codecs.BOM_UTF16_LE + TABBED.encode("utf-16-le")) == facts(TABBED)


@pytest.mark.parametrize(
    "text",
    [
        TOP + "\n".join(",".join(row) for row in [HEAD, *ROWS]),
        TOP + "\n".join("\n".join(row) for row in [HEAD, *ROWS]),
        "\n".join("  ".join(row) for row in [HEAD, *ROWS]),
        " ".join(" ".join(row) for row in [[TOP.replace("\n", " ")], HEAD, *ROWS]),
        "".join("".join(row) for row in [[TOP.replace("\n", "")], HEAD, *ROWS]),
    ],
    ids=["unquoted thousands", "a cell a line", "no title", "one line", "glued"],
)
def test_figures_without_columns_are_leftovers(text: str) -> None:
    found = read(text)
    assert found.facts.empty
    assert found.documents["status"].item() == "partial"
    left = "".join(found.leftovers["text"]).replace(",", "")
    assert all(figure in left for figure in ("1300.50", "300.00"))


def test_prose_is_no_table() -> None:
    text = "2031年度部门决算\n本年收入390.64万元，增加25.67万元，增长7.03%，其中：财政拨款390.61万元，占99.99%。\n"
    assert read(text).leftovers.empty


@pytest.mark.parametrize("text", ["本单位2031年无此项支出。", "某局概况。\n主要职责是管理。"])
def test_nothing_read_is_never_ok(text: str) -> None:
    row = read(text).documents.iloc[0]
    assert row["status"] == "partial"
    assert "nothing was read" in row["reason"]


@pytest.mark.parametrize(
    "unit", ["1", "1.1", "111,", "\t", "一、", "（一）", "|", "--- ", "**", "$\\", "2031年", "(", '"']
)
def test_long_texts_end(unit: str) -> None:
    started = time.process_time()
    with pytest.raises(UnreadableDocument, match="characters of a line"):
        read("正文\n" + unit * (100_000 // len(unit)) + "\n完")
    assert read("正文\n" + unit * (40_000 // len(unit)) + "\n完").facts.empty
    assert time.process_time() - started < 15


def test_short_rows_are_filled_up_behind_their_codes_and_heads_that_wrap_go_on() -> None:
    raw = [
        ["项目", "收入预算"],
        ["功能分类科目编码"],
        ["功能分类科目名称", "合计", "财政拨款收入", "事业收入 事业单位"],
        ["经营收入 其他收入"],
        ["类", "款", "项"],
        ["201", "一般公共服务支出", "9.01", "9.02", "0", "0", "0"],
        ["201", "05", "统计信息事务", "8.01", "8.02", "0", "0", "0"],
        ["201", "05", "07", "专项普查活动", "7.01", "7.02", "0", "0", "0"],
    ]
    rows = [["" if cell is None else cell.text for cell in row] for row in read_tab_table(raw).matrix]
    assert rows[-3:-1] == [
        ["201", "", "", "一般公共服务支出", "9.01", "9.02", "0", "0", "0"],
        ["201", "05", "", "统计信息事务", "8.01", "8.02", "0", "0", "0"],
    ]
    assert any(row[4:] == ["合计", "财政拨款收入", "事业收入", "事业单位经营收入", "其他收入"] for row in rows)


def test_short_rows_of_two_sides_stand_where_they_fit() -> None:
    raw = [
        ["财政拨款收入", "财政拨款支出"],
        ["项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算"],
        ["一、一般公共预算资金", "9.01", "一、一般公共服务支出", "3.01", "3.02"],
        ["二、政府性基金", "二、公共安全支出", "2.01", "2.02"],
        ["三、教育支出", "1.01", "1.02"],
        ["收入总计", "9.02", "支出总计", "9.03", "9.04"],
    ]
    rows = [["" if cell is None else cell.text for cell in row] for row in read_tab_table(raw).matrix]
    assert rows[3] == ["二、政府性基金", "", "二、公共安全支出", "2.01", "2.02", ""]
    assert rows[4] == ["", "", "三、教育支出", "1.01", "1.02", ""]
