"""The text reader: small texts for each rule, and every table of the seeds, column by column."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from budgetkit.errors import UnreadableDocument
from budgetkit.model import Grid, Line, Page, Source
from budgetkit.readers.text.bare_forms import indicators
from budgetkit.readers.text.bare_header import cut_words, lay_out
from budgetkit.readers.text.reading import clean, read_text
from budgetkit.readers.text.settle import settle

SHARED = Path(__file__).resolve().parents[2] / "shared"
SEEDS = SHARED / "seeds"
needs_seeds = pytest.mark.skipif(not SEEDS.exists(), reason="the seed documents are not at hand")


def read(text: str) -> Page:
    return read_text(text.encode(), "sample.txt").pages[0]


def table(*rows: str) -> Grid:
    """The one grid of rows whose cells are written with "|" for the tab."""
    return read("\n".join(row.replace("|", "\t") for row in rows)).grids[0]


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text if cell else "?" for cell in row] for row in grid.matrix]


def heads(grid: Grid, rows: int) -> list[str]:
    """The header path of each column: the texts of its first rows, each cell once."""
    paths = []
    for col in range(grid.cols):
        cells = [grid.matrix[row][col] for row in range(rows)]
        once = [cell for at, cell in enumerate(cells) if cell is not None and cell not in cells[:at]]
        paths.append("/".join(re.sub(r"\s", "", cell.text) for cell in once if cell.text))
    return paths


def body(grid: Grid, start: int) -> list[list[str]]:
    return texts(grid)[start:]


def tiles(grid: Grid) -> bool:
    places = Counter(
        (row, col)
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.rowspan)
        for col in range(cell.col, cell.col + cell.colspan)
    )
    return set(places.values()) <= {1} and len(places) == grid.rows * grid.cols


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    source = read_text("部门预算公开\n".encode(encoding), "a.txt")
    assert source == Source(format="text", pages=(Page(number=1, blocks=(Line("部门预算公开"),)),))


@pytest.mark.parametrize(
    "data", [b"", b" \n\r\n", b"\xef\xbb\xbf", b"\x00\x01\x02", b"PK\x03\x04\x14", b"\xff\xff\xff\xff"]
)
def test_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"bad\.txt"):
        read_text(data, "bad.txt")


def test_pages_part_at_form_feeds_only() -> None:
    source = read_text("第一页\n- 6 -\n续\f\n\f第三页\na\t1.00\n\f".encode(), "a.txt")
    assert [[line.text for line in page.lines] for page in source.pages] == [["第一页", "- 6 -", "续"], [], ["第三页"]]
    assert [(grid.page, grid.first_row, grid.read_by) for page in source.pages for grid in page.grids] == [
        (3, 0, "text")
    ]


def test_tabs_that_make_no_table() -> None:
    page = read("\t正文一段\n\t\n\n编制部门：某局\t\t单位：万元\n项目\t合计\n甲\t1.00\n")
    assert [line.text for line in page.lines] == ["正文一段", "编制部门：某局\t单位：万元"]
    assert [texts(grid) for grid in page.grids] == [[["项目", "合计"], ["甲", "1.00"]]]


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("- 一、主要职能", "一、主要职能"),
        ("- 6 -", "- 6 -"),
        ("- 5.20", "- 5.20"),
        ("## 第一部分", "第一部分"),
        ("一、**财政拨款**:指", "一、财政拨款:指"),
        ("**", "**"),
        ("指标值为 $\\leq 3\\%$ ，完成", "指标值为 ≤3% ，完成"),
        ("收费 $5 和 $6", "收费 $5 和 $6"),
        ("<p>目标<br/>一</p>", "目标\n一"),
        ("a<b", "a<b"),
        ("\u3000\u3000正文", "正文"),
    ],
)
def test_clean_removes_markup_only(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


# --- tables with tabs ------------------------------------------------------------------------------------------------


def test_head_over_labels_goes_right_to_the_first_number_column() -> None:
    grid = table(
        "科目|||支出预算|||",
        "功能分类科目编码|||功能分类科目名称|合计|基本支出|项目支出",
        "类|款|项||||",
        "※|※|※|※|1|2|3",
        "|||总计|9.00|7.00|2.00",
        "201|||一般公共服务支出|9.00|7.00|2.00",
    )
    assert heads(grid, 3) == [
        "科目/功能分类科目编码/类",
        "科目/功能分类科目编码/款",
        "科目/功能分类科目编码/项",
        "科目/功能分类科目名称",
        "支出预算/合计",
        "支出预算/基本支出",
        "支出预算/项目支出",
    ]
    assert body(grid, 4) == [
        ["", "", "", "总计", "9.00", "7.00", "2.00"],
        ["201", "", "", "一般公共服务支出", "9.00", "7.00", "2.00"],
    ]
    assert grid.doubts == ()


def test_label_left_of_its_column_and_index_row_with_code_parts() -> None:
    grid = table(
        "项目|||本年支出 合计|基本支出|",
        "支出功能分类科目编码|科目名称|||||",
        "类|款|项|栏次|1|2",
        "|||合计|5.00|5.00",
        "20103|||行政运行|5.00|5.00",
    )
    assert heads(grid, 3)[3:] == ["项目/科目名称", "本年支出合计", "基本支出"]
    assert texts(grid)[2:4] == [
        ["类", "款", "项", "科目名称", "本年支出 合计", "基本支出"],
        ["", "", "", "栏次", "1", "2"],
    ]


def test_row_gone_right_comes_back_and_the_sum_names_the_last_column() -> None:
    rows = [
        "支出功能分类科目编码|||项目|本年支出||",
        "||||科目名称|合计|基本支出",
        "类|款|项|栏次|7|8|11",
        "|||合计|9.00|7.00|2.00",
        "201|||一般公共服务支出|9.00|7.00|2.00",
    ]
    grid = table(*rows)
    assert heads(grid, 3)[3:] == ["项目/科目名称", "本年支出/合计", "本年支出/基本支出", "本年支出/项目支出"]
    assert grid.doubts == ("column 7 has no head, 合计 sums the columns after it, read as 项目支出",)
    wrong = table(*rows[:-1], "201|||一般公共服务支出|9.00|7.00|3.00")
    assert heads(wrong, 3)[6] == "本年支出"
    assert wrong.doubts == ("column 7 has no head",)


def test_code_parts_share_the_code_columns_and_item_is_parted() -> None:
    grid = table(
        "支出功能分类科目编码||项目 科目名称|本年收入合计|财政拨款收入|事业收入|",
        "|||||小计|其中：教育收费",
        "类|款|项|1|2|3|4",
        "||栏次||||",
        "||合计|3.00|2.00|1.00|0.00",
        "201||一般公共服务支出|3.00|2.00|1.00|0.00",
    )
    assert heads(grid, 4) == [
        "项目/支出功能分类科目编码/类",
        "项目/支出功能分类科目编码/款项",
        "项目/科目名称",
        "本年收入合计",
        "财政拨款收入",
        "事业收入/小计",
        "事业收入/其中：教育收费",
    ]
    assert body(grid, 4)[0] == ["", "", "栏次", "1", "2", "3", "4"]


def test_lost_child_returns_to_its_head() -> None:
    grid = table(
        "科目名称|总计|财政拨款||单位资金|上年结转|",
        "||小计|一般公共预算|||政府性基金预算",
        "※|1|2|3|4|5|6",
        "总计|9.00|5.00|5.00||3.00|1.00",
    )
    assert heads(grid, 2)[1:] == [
        "总计",
        "财政拨款/小计",
        "财政拨款/一般公共预算",
        "财政拨款/政府性基金预算",
        "单位资金",
        "上年结转",
    ]
    assert body(grid, 3) == [["总计", "9.00", "5.00", "5.00", "", "3.00", "1.00"]]
    assert len(grid.doubts) == 1


def test_phantom_last_column_goes_left() -> None:
    grid = table(
        "人员经费|||公用经费||||",
        "科目编码|科目名称|金额|科目编码|科目名称|金额||",
        "301|工资福利支出|5.00|302|商品和服务支出|2.00||",
        "30101|基本工资|3.00|30201|办公费|2.00||",
        "30102|津贴补贴|2.00||||",
        "人员经费合计||5.00|公用经费合计||||2.00",
    )
    assert body(grid, 5) == [["人员经费合计", "", "5.00", "公用经费合计", "", "", "2.00"]]
    narrow = table(
        "人员经费|||公用经费||||",
        "科目编码|科目名称|金额|科目编码|科目名称|金额|",
        *["30101|基本工资|1.00|30201|办公费|2.00|"] * 4,
        "人员经费合计||4.00|公用经费合计|||8.00",
    )
    assert narrow.cols == 6
    assert body(narrow, 6) == [["人员经费合计", "", "4.00", "公用经费合计", "", "8.00"]]


def test_two_sided_summary_keeps_its_columns() -> None:
    grid = table(
        "收入||支出|",
        "项目|预算数|支出功能分类|预算数",
        "一、本年收入|4.50|201 一般公共服务支出|",
        "收入总计|4.50|支出总计|4.50",
    )
    assert heads(grid, 2) == ["收入/项目", "收入/预算数", "支出/支出功能分类", "支出/预算数"]
    assert body(grid, 2)[0] == ["一、本年收入", "4.50", "201 一般公共服务支出", ""]


def test_short_rows_are_padded_where_they_fit() -> None:
    grid = table("项目|预算数|备注", "甲|1.00|无", "乙|2.00", "丙|3.00|无")
    assert body(grid, 1) == [["甲", "1.00", "无"], ["乙", "2.00", ""], ["丙", "3.00", "无"]]
    left = table("单位|项目|预算数", "某局|甲|1.00", "乙|2.00", "某局|丙|3.00")
    assert body(left, 1)[1] == ["乙", "2.00", ""]
    assert left.doubts == ("行“乙 2.00”缺 1 格，无法确定缺在何处",)


def test_blank_line_breaks_no_table_but_a_repeated_header_starts_one() -> None:
    head = "项目名称\t合计\n※\t1\n"
    page = read(f"{head}甲\t1.00\n\n乙\t2.00\n\n编制部门：某局\n\n{head}丙\t3.00\n")
    assert [body(grid, 2) for grid in page.grids] == [[["甲", "1.00"], ["乙", "2.00"]], [["丙", "3.00"]]]
    assert [grid.first_row for grid in page.grids] == [0, 4]
    assert [line.text for line in page.lines] == ["编制部门：某局"]
    assert len(read(f"{head}甲\t1.00\n\n{head}丙\t3.00\n").grids) == 2


def test_pipes_are_tabs() -> None:
    page = read("| 项目 | 预算数 |\n| --- | --- |\n| 甲 | **1.00** |\n")
    assert texts(page.grids[0]) == [["项目", "预算数"], ["甲", "1.00"]]


# --- forms with tabs -------------------------------------------------------------------------------------------------

FORM = (
    "项目名称||某项目||||||",
    "主管部门||||实施单位|某中心|||",
    "项目资金||年初预算数|全年预算数|全年执行数|分值|执行率|得分|",
    "（万元）||年度资金总额|8.00|8.00|4.00|10|50.00%|5.0",
    "||上年结转资金||0.00|0.00|—|—|—",
    "|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因",
    "年度绩效指标完成情况|产出指标|数量指标|培训次数|≥2次|2次|10|10.0|",
    "|||参训人数|≥9人|8人|10|9.0|疫情",
    "",
    "|成本指标|项目成本|≤8万元|4万元|10|5.0|",
    "情况||及时率|=100%|100%|10|10.0||",
    "效益指标|社会效益指标|||||||",
    "|满意度指标|服务对象满意度指标 满意程度|≥95%|96%|10|10.0|",
    "总分|||||100|49.0|",
)


def test_form_rows_stand_under_their_heads() -> None:
    grid = table(*FORM)
    assert tiles(grid)
    assert grid.doubts == ()
    rows = texts(grid)
    assert [(cell.col, cell.colspan, cell.text) for cell in grid.cells if cell.row == 1] == [
        (0, 1, "主管部门"),
        (1, 3, ""),
        (4, 1, "实施单位"),
        (5, 4, "某中心"),
    ]
    assert rows[3] == ["（万元）", "年度资金总额", "8.00", "8.00", "4.00", "10", "50.00%", "5.0", ""]
    assert rows[4] == ["", "上年结转资金", "", "0.00", "0.00", "—", "—", "—", ""]
    assert rows[7] == ["", "产出指标", "数量指标", "参训人数", "≥9人", "8人", "10", "9.0", "疫情"]
    assert rows[8] == ["", "产出指标", "成本指标", "项目成本", "≤8万元", "4万元", "10", "5.0", ""]
    assert rows[9] == ["情况", "产出指标", "成本指标", "及时率", "=100%", "100%", "10", "10.0", ""]
    assert rows[10] == ["", "效益指标", "社会效益指标", "", "", "", "", "", ""]
    assert rows[11] == ["", "满意度指标", "服务对象满意度指标", "满意程度", "≥95%", "96%", "10", "10.0", ""]
    assert rows[12] == ["总分", "", "", "", "", "", "100", "49.0", ""]


def test_row_cut_by_the_page_goes_on() -> None:
    grid = table(
        "预算单位||某局|||",
        "一级指标|二级指标|三级指标|指标值|依据|分值",
        "产出指标|数量指标|会议费|<=2.5|新增指标,|4",
        "",
        "|||万元|无上年值|",
        "|时效指标|及时性|=100%|计划|6",
    )
    assert texts(grid)[2:] == [
        ["产出指标", "数量指标", "会议费", "<=2.5\n万元", "新增指标,\n无上年值", "4"],
        ["产出指标", "时效指标", "及时性", "=100%", "计划", "6"],
    ]


def test_form_row_that_fits_nowhere_is_kept_and_doubted() -> None:
    grid = table("|一级指标|二级指标|三级指标|指标值|分值", "|产出指标|某栏|数量指标|≥1|很多")
    assert texts(grid)[1] == ["", "产出指标", "某栏", "数量指标", "≥1", "很多"]
    assert len(grid.doubts) == 1


# --- bare lines ------------------------------------------------------------------------------------------------------


def test_header_words_are_cut_over_lines() -> None:
    lines = [
        "科 目 编 码",
        "科目 项目名称",
        "项目",
        "支出",
        "合计",
        "资本",
        "性支",
        "出（",
        "基本建设）",
        "其",
        "他",
        "支",
        "出类 款 项",
    ]
    cut = cut_words(lines)
    assert cut == ("科目编码", "科目", "项目名称", "项目支出合计", "资本性支出(基本建设)", "其他支出", "类", "款", "项")
    layout = lay_out(cut)
    assert layout is not None
    assert layout.sides[0].labels == ("code", "code", "code", "name", "project")
    assert layout.sides[0].leaves == ("项目支出合计", "资本性支出(基本建设)", "其他支出")
    assert cut_words(["收 入 支 出", "项 目 预算数 功能分类 预算数"]) == (
        "收入",
        "支出",
        "项目",
        "预算数",
        "功能分类",
        "预算数",
    )
    assert cut_words(["不认识的表头"]) is None


BARE = """表一：
支出总体情况表
编制部门：某局 单位：万元
项目 支出预算
功能分类科目编

码 功能分类科目名称 合计 基本支出 项目支出
类 款 项
201 一般公共服务支出 9.00 7.00 2.00
201 03
政府办公厅（室）及相关机构

事务
9.00 7.00 2.00
201 03 01 行政运行 7.00 7.00
201 03 99 其他支出 2.00
{extra}208 社会保障和就业支出 1.00 1.00
合计 10.00 8.00 2.00
备注：无。
"""


def test_bare_rows_are_joined_and_their_columns_settled() -> None:
    page = read(BARE.format(extra="").replace("其他支出 2.00", "其他支出 2.00 2.00"))
    assert [line.text for line in page.lines] == ["表一：", "支出总体情况表", "编制部门：某局 单位：万元", "备注：无。"]
    (grid,) = page.grids
    assert heads(grid, 3)[3:] == ["项目/功能分类科目名称", "支出预算/合计", "支出预算/基本支出", "支出预算/项目支出"]
    assert body(grid, 3) == [
        ["201", "", "", "一般公共服务支出", "9.00", "7.00", "2.00"],
        ["201", "03", "", "政府办公厅（室）及相关机构事务", "9.00", "7.00", "2.00"],
        ["201", "03", "01", "行政运行", "7.00", "7.00", ""],
        ["201", "03", "99", "其他支出", "2.00", "", "2.00"],
        ["208", "", "", "社会保障和就业支出", "1.00", "1.00", ""],
        ["", "", "", "合计", "10.00", "8.00", "2.00"],
    ]
    assert (grid.doubts, page.strays) == ((), ())


def test_number_that_adds_up_nowhere_is_a_stray() -> None:
    page = read(BARE.format(extra=""))
    assert page.strays == (Line("7.00"), Line("2.00"))
    assert any("其他支出" in doubt for doubt in page.grids[0].doubts)
    assert body(page.grids[0], 3)[2:4] == [
        ["201", "03", "01", "行政运行", "7.00", "", ""],
        ["201", "03", "99", "其他支出", "", "", ""],
    ]


def test_settle_leaves_open_what_two_readings_allow() -> None:
    rows = [["10", "6", "4"], ["6", "6"], ["4", "4"]]
    found = settle(rows, [None, 0, 0], 4, [(0, (1, 2, 3))], {})
    assert found.columns == ((0, None, None), (0, None), (0, None))
    stated = {1: frozenset({Decimal(6)}), 2: frozenset({Decimal(0)}), 3: frozenset({Decimal(4)})}
    assert settle(rows, [None, 0, 0], 4, [(0, (1, 2, 3))], stated).columns == ((0, 1, 3), (0, 1), (0, 3))


def test_settle_allows_rounding_but_nothing_under_a_blank() -> None:
    found = settle([["0.67", "0.33", "0.33"], ["0.33", "0.33"], ["0.33", "0.33"]], [None, 0, 0], 3, [(0, (1, 2))], {})
    assert found.columns[0] == (0, 1, 2)
    assert found.columns[1] == (0, None)
    assert settle([["5.00", "5.00"], ["0.03", "0.03"], ["4.97", "4.97"]], [None, 0, 0], 2, [(0, (1,))], {}).columns[
        1
    ] == (
        0,
        1,
    )


def test_income_columns_are_settled_by_the_summary() -> None:
    page = read(
        "部门收支总体情况表\n单位：万元\n收 入 支 出\n项 目 预算数 功能分类 预算数\n"
        "一般公共预算 5.00 201 一般公共服务支出 5.00\n政府性基金预算 202 外交支出\n事业收入 203 国防支出\n"
        "单位上年结余（不包括国\n库集中支付额度结余）\n收 入 总 计 5.00 支 出 总 计 5.00\n备注：无\n"
        "部门收入总体情况表\n单位：万元\n功能分类科目编码\n功能分类科目名称 总 计\n一般\n公共\n预算\n拨款\n"
        "政\n府\n性\n基\n金\n预\n算\n拨\n款\n事\n业\n收\n入\n"
        "类 款 项\n201 一般公共服务支出 5.00 5.00\n合计 5.00 5.00\n备注：无\n"
    )
    summary, income = page.grids
    assert body(summary, 2) == [
        ["一般公共预算", "5.00", "201 一般公共服务支出", "5.00"],
        ["政府性基金预算", "", "202 外交支出", ""],
        ["事业收入", "", "203 国防支出", ""],
        ["单位上年结余（不包括国库集中支付额度结余）", "", "", ""],
        ["收 入 总 计", "5.00", "支 出 总 计", "5.00"],
    ]
    assert heads(income, 2)[3:] == ["功能分类科目名称", "总计", "一般公共预算拨款", "政府性基金预算拨款", "事业收入"]
    assert body(income, 2) == [
        ["201", "", "", "一般公共服务支出", "5.00", "5.00", "", ""],
        ["", "", "", "合计", "5.00", "5.00", "", ""],
    ]


def test_unknown_header_gives_strays_and_a_note() -> None:
    source = read_text("单位：万元\n奇怪的表头\n甲 1.00\n乙 2.00\n丙 3.00\n备注：无\n".encode(), "a.txt")
    page = source.pages[0]
    assert [line.text for line in page.lines] == ["单位：万元", "奇怪的表头", "备注：无"]
    assert [line.text for line in page.strays] == ["1.00", "2.00", "3.00"]
    assert source.unread == ("table not read, its header is not made of known words: 奇怪的表头 甲 1.00 乙 2.00",)


def test_prose_lines_stay_apart() -> None:
    page = read("收支总预算 9.00 万元，比上年\n\n增加 1.00 万元。\n - 12 -\n")
    assert [line.text for line in page.lines] == ["收支总预算 9.00 万元，比上年", "增加 1.00 万元。", "- 12 -"]
    assert page.grids == ()


def test_bare_target_form() -> None:
    page = read(
        "项 目 支 出 绩 效 目 标 表\n预算单位 某局 项目名称 某项目\n"
        "项目资金（万元） 年度资金总额： 7 其中：财政拨款 6 其他资金 1\n"
        "项目总体目标 提高效率\n和品质\n一级指标 二级指标 三级指标 指标值（包含数字及文字描述）\n"
        "项目完成指标\n\n成本指标\n总成本 7 万元\n"
        "时效指标\n及时率 ≥95%\n项目效益指标\n经济效益指标\n社会效益指标\n办事更方便，\n更快 有效\n"
        "满意度指标 满意度指标 群众满意度 ≥90%\n"
        "（五）其他事项\n"
    )
    (grid,) = page.grids
    assert tiles(grid)
    assert [cell.text for cell in grid.cells if cell.row < 4] == [
        *("预算单位", "某局", "项目名称", "某项目"),
        *("项目资金（万元）", "年度资金总额：", "7", "其中：财政拨款", "6", "其他资金", "1"),
        *("项目总体目标", "提高效率和品质"),
        *("一级指标", "二级指标", "三级指标", "指标值（包含数字及文字描述）"),
    ]
    assert [[row[0], row[1], row[2], row[5]] for row in texts(grid)[4:]] == [
        ["项目完成指标", "成本指标", "总成本", "7 万元"],
        ["项目完成指标", "时效指标", "及时率", "≥95%"],
        ["项目效益指标", "经济效益指标", "", ""],
        ["项目效益指标", "社会效益指标", "办事更方便，更快", "有效"],
        ["满意度指标", "满意度指标", "群众满意度", "≥90%"],
    ]
    assert [line.text for line in page.lines] == ["项 目 支 出 绩 效 目 标 表", "（五）其他事项"]


def test_indicator_without_target_is_doubted() -> None:
    assert indicators(["产出指标", "数量指标", "未完"]) == (
        [("产出指标", "数量指标", "", ""), ("产出指标", "数量指标", "未完", "")],
        ["指标“未完”未见指标值"],
    )


# --- the seeds -------------------------------------------------------------------------------------------------------


def seed(number: str) -> Page:
    path = next(SEEDS.glob(f"{number}_*.txt"))
    return read_text(path.read_bytes(), path.name).pages[0]


@needs_seeds
@pytest.mark.parametrize(
    ("number", "grids", "strays"), [("000", 3, 0), ("001", 6, 0), ("002", 10, 0), ("003", 22, 0), ("004", 12, 5)]
)
def test_seeds_hold_their_tables(number: str, grids: int, strays: int) -> None:
    page = seed(number)
    assert (len(page.grids), len(page.strays)) == (grids, strays)
    assert all(tiles(grid) for grid in page.grids)


@needs_seeds
@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_seeds_lose_no_number_of_a_table(number: str) -> None:
    page = seed(number)
    raw = next(SEEDS.glob(f"{number}_*.txt")).read_text(encoding="utf-8-sig")
    lines = [line for line in raw.splitlines() if "\t" in line]
    if number == "004":
        end = next(at for at, line in enumerate(raw.splitlines()) if "第三部分" in line)
        lines = [line for line in raw.splitlines()[:end] if re.search(r"\d\.\d\d\s*$", line)]
    token = re.compile(r"\d[\d,.]*")
    printed = Counter(found for line in lines for found in token.findall(line))
    held = Counter(found for grid in page.grids for cell in grid.cells for found in token.findall(cell.text))
    held += Counter(found for line in page.strays for found in token.findall(line.text))
    assert printed - held == Counter()


def by_title(page: Page) -> dict[str, list[Grid]]:
    """The grids of a page under the last line above them that names a table."""
    found: dict[str, list[Grid]] = {}
    title = ""
    for block in page.blocks:
        if isinstance(block, Grid):
            found.setdefault(title, []).append(block)
        elif re.fullmatch(r"[^：，。]*表", block.text) and "公开" not in block.text:
            title = block.text.replace(" ", "")
    return found


def row_of(grid: Grid, *labels: str) -> list[str]:
    """The one row whose filled label cells start with these texts."""
    rows = [row for row in texts(grid) if [text for text in row if text][: len(labels)] == list(labels)]
    (row,) = rows
    return row


@needs_seeds
@pytest.mark.parametrize(
    ("number", "title", "rows", "paths"),
    [
        ("002", "收入支出决算总表", 2, "收入/项目|收入/行次|收入/决算数|支出/项目(按功能分类)|支出/行次|支出/决算数"),
        (
            "002",
            "收入决算表",
            4,
            "项目/支出功能分类科目编码/类|项目/支出功能分类科目编码/款项|项目/科目名称|本年收入合计|财政拨款收入|上级补助收入|事业收入/小计"
            "|事业收入/其中：教育收费|经营收入|附属单位上缴收入|其他收入",
        ),
        (
            "002",
            "支出决算表",
            3,
            "项目/支出功能分类科目编码/类|项目/支出功能分类科目编码/款|项目/支出功能分类科目编码/项|项目/科目名称|本年支出合计|基本支出|项目支出"
            "|上缴上级支出|经营支出|对附属单位补助支出",
        ),
        (
            "002",
            "财政拨款收入支出决算总表",
            3,
            "收入/项目|收入/行次|收入/决算数|支出/项目（按功能分类）|支出/行次|支出/决算数/小计|支出/决算数/一般公共预算财政拨款"
            "|支出/决算数/政府性基金预算财政拨款|支出/决算数/国有资本经营预算财政",
        ),
        (
            "002",
            "一般公共预算财政拨款支出决算表",
            3,
            "支出功能分类科目编码/类|支出功能分类科目编码/款|支出功能分类科目编码/项|项目/科目名称|本年支出/合计|本年支出/基本支出|本年支出/项目支出",
        ),
        (
            "002",
            "一般公共预算财政拨款基本支出决算表",
            2,
            "人员经费/经济分类科目编码|人员经费/科目名称|人员经费/金额|公用经费/经济分类科目编码|公用经费/科目名称|公用经费/金额"
            "|公用经费/经济分类科目编码|公用经费/科目名称|公用经费/金额",
        ),
        (
            "003",
            "部门收入总体情况表",
            2,
            "功能分类科目编码/类|功能分类科目编码/款|功能分类科目编码/项|功能分类科目名称|总计|财政拨款（补助）/财政拨款（补助）小计"
            "|财政拨款（补助）/一般公共预算|财政拨款（补助）/上级一般公共预算安排的转移支付|财政拨款（补助）/政府性基金预算"
            "|财政拨款（补助）/上级政府性基金安排的转移支付|财政拨款（补助）/国有资本经营预算|财政拨款（补助）/上级国有资本经营预算安排的转移支付"
            "|财政专户（教育收费）|单位资金|财政拨款结转|非财政拨款结转结余",
        ),
        (
            "003",
            "一般公共预算基本支出情况表",
            3,
            "科目/经济分类科目编码/类|科目/经济分类科目编码/款|科目/经济分类科目名称|一般公共预算基本支出/合计"
            "|一般公共预算基本支出/人员经费|一般公共预算基本支出/公用经费",
        ),
        (
            "003",
            "上年结转结余情况明细表",
            3,
            "项目名称|总计|财政拨款/合计|财政拨款/基本支出/人员经费|财政拨款/基本支出/公用经费|财政拨款/项目支出|非财政拨款/合计"
            "|非财政拨款/基本支出/人员经费|非财政拨款/基本支出/公用经费|非财政拨款/项目支出",
        ),
        (
            "004",
            "部门收入总体情况表",
            2,
            "功能分类科目编码/类|功能分类科目编码/款|功能分类科目编码/项|功能分类科目名称|总计|一般公共预算拨款|政府性基金预算拨款|财政专户管理资金"
            "|事业收入|事业单位经营收入|其他收入|用事业基金弥补收支差额|单位上年结余（不包括国库集中支付额度结余）",
        ),
        (
            "004",
            "财政拨款收支预算总体情况表",
            2,
            "财政拨款收入/项目|财政拨款收入/合计|财政拨款支出/功能分类|财政拨款支出/合计|财政拨款支出/一般公共预算|财政拨款支出/政府性基金预算",
        ),
        (
            "004",
            "一般公共预算“三公”经费支出情况表",
            2,
            "合计|因公出国（境）费|公务用车购置及运行费/小计|公务用车购置及运行费/公务用车购置费|公务用车购置及运行费/公务用车运行费|公务接待费",
        ),
    ],
)
def test_seed_headers(number: str, title: str, rows: int, paths: str) -> None:
    grid = by_title(seed(number))[title][0]
    assert heads(grid, rows) == paths.split("|")


@needs_seeds
@pytest.mark.parametrize(
    ("number", "title", "at", "labels", "cells"),
    [
        ("002", "收入决算表", 0, ("2080501",), "2080501||行政单位离退休|1.98|1.98|0.00|0.00|0.00|0.00|0.00|0.00"),
        (
            "002",
            "支出决算表",
            0,
            ("2010399",),
            "2010399|||其他政府办公厅（室）及相关机构事务支出|45.80|0.00|45.80|0.00|0.00|0.00",
        ),
        ("002", "一般公共预算财政拨款支出决算表", 0, ("合计",), "|||合计|185.62|139.81|45.80"),
        (
            "002",
            "一般公共预算财政拨款基本支出决算表",
            0,
            ("人员经费合计",),
            "人员经费合计||136.47|公用经费合计|||||3.34",
        ),
        ("003", "部门收入总体情况表", 0, ("总计",), "|||总计|4,151.88|3,706.63|3,706.63|||||||355.25|90.00|"),
        ("003", "部门收入总体情况表", 1, ("212", "99", "99"), "212|99|99|其他城乡社区支出|13.70||||||||||13.70|"),
        (
            "003",
            "一般公共预算支出情况表",
            0,
            ("201", "03", "99"),
            "201|03|99|其他政府办公厅（室）及相关机构事务支出|1,254.32||1,254.32",
        ),
        ("003", "一般公共预算项目支出情况表", 1, ("206",), None),
        ("003", "上年结转结余情况明细表", 0, ("2023 年替代工作经费",), "2023 年替代工作经费|76.30|76.30|||76.30||||"),
        ("004", "部门收入总体情况表", 0, ("201", "03", "01"), "201|03|01|行政运行|138.95|138.95|||||||"),
        (
            "004",
            "部门支出总体情况表",
            0,
            ("201", "03", "99"),
            "201|03|99|其他政府办公厅（室）及相关机构事务支出|99.00||99.00",
        ),
        ("004", "部门支出总体情况表", 0, ("204", "99", "01"), "204|99|01|其他公共安全支出|19.60|19.60|"),
        ("004", "财政拨款收支预算总体情况表", 0, ("收 入 总 计",), "收 入 总 计|266.32|支 出 总 计|266.32|266.32|"),
        ("004", "一般公共预算基本支出情况表", 0, ("302", "13"), "302|13|维修（户）费|0.03||0.03"),
        ("004", "一般公共预算基本支出情况表", 0, ("303", "对个人和家庭的补助"), "303||对个人和家庭的补助|19.60|19.60|"),
        ("004", "项目支出情况表", 0, ("201", "03", "01"), "201|03|01|行政运行|访惠聚人员补助|6.48||||||||||"),
    ],
)
def test_seed_rows(number: str, title: str, at: int, labels: tuple[str, ...], cells: str | None) -> None:
    grid = by_title(seed(number))[title][at]
    if cells is None:
        assert not [row for row in texts(grid) if row[0] == labels[0]]
    else:
        assert row_of(grid, *labels) == cells.split("|")


@needs_seeds
def test_seed_004_doubts_only_what_no_sum_settles() -> None:
    page = seed("004")
    assert sorted(line.text for line in page.strays) == ["29.00", "6.48", "6.48", "70.00", "99.00"]
    assert [title for title, grids in by_title(page).items() for grid in grids if grid.doubts] == ["项目支出情况表"]


@needs_seeds
@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_seed_forms_weigh_a_hundred(number: str) -> None:
    """The weights that stand under 分值 add up to 100 with the 10 of the funds, in every form."""
    for grid in [
        grid for grid in seed(number).grids if "一级指标" in "".join(cell.text.replace(" ", "") for cell in grid.cells)
    ]:
        rows = [[re.sub(r"\s", "", text) for text in row] for row in texts(grid)]
        start = next(r for r, row in enumerate(rows) if "一级指标" in row)
        column = rows[start].index("分值")
        weights = [Decimal(row[column]) for row in rows[start + 1 :] if row[column]]
        assert weights[-1] == 100
        assert sum(weights[:-1]) == 90


def amounts(page: Page) -> set[tuple[str, str, str, str]]:
    """(title, labels of the row, leaf header, number) of every amount with decimals in the tables of a page."""
    found = set()
    for title, grids in by_title(page).items():
        for grid in grids:
            rows = [[re.sub(r"\s", "", text) for text in row] for row in texts(grid)]
            start = next((r for r, row in enumerate(rows) if any(re.search(r"\d\.\d\d$", text) for text in row)), None)
            if start is None or any("指标" in text for row in rows for text in row):
                continue
            paths = [[part for part in path.split("/") if re.search(r"[^\d※]", part)] for path in heads(grid, start)]
            for row in rows[start:]:
                label = "".join(text for text in row if not re.fullmatch(r"[\d,]+\.\d+", text))
                found |= {
                    (title, label, path[-1], text)
                    for path, text in zip(paths, row, strict=True)
                    if re.fullmatch(r"[\d,]+\.\d+", text)
                }
    return found


@needs_seeds
def test_tables_without_their_tabs_never_show_a_number_in_a_wrong_column() -> None:
    """The tables of 003 as bare lines: what is settled stands where the tabs put it, the rest is stray."""
    raw = next(SEEDS.glob("003_*.txt")).read_text(encoding="utf-8-sig")
    bare = read_text(re.sub(r"\t+", " ", raw).encode(), "bare.txt").pages[0]
    true, got = amounts(seed("003")), amounts(bare)
    assert got - true == set()
    assert len(got) > 140
    assert len(bare.strays) == 97


def test_row_sums_follow_the_nesting_of_the_header() -> None:
    cut = ("合计", "因公出国(境)费", "公务用车购置及运行费", "公务接待费", "小计", "公务用车购置费", "公务用车运行费")
    layout = lay_out(cut)
    assert layout is not None
    assert layout.sides[0].leaves == (
        "合计",
        "因公出国(境)费",
        "小计",
        "公务用车购置费",
        "公务用车运行费",
        "公务接待费",
    )
    assert layout.sides[0].sums == ((2, (3, 4)), (0, (1, 2, 5)))
    split = lay_out(("合计", "基本支出", "项目支出", "人员经费", "公用经费"))
    assert split is not None
    assert split.sides[0].sums == ((0, (1, 2, 3)),)
