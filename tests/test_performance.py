"""Performance forms in small grids made by hand, one for each rule of their layouts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from budgetkit import frames
from budgetkit.model import Cell, Doubt, Grid, Line, Page
from budgetkit.performance import Performance, is_performance, read_forms
from budgetkit.performance.bodies import _is_tail
from budgetkit.performance.vocabulary import vocabulary

#: a cell: text, or text with rowspan and colspan
Printed = str | tuple[str, int, int]
HEAD = ["", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
FRONT: list[list[Printed]] = [
    [("项目名称", 1, 2), ("大厅运行费", 1, 7)],
    [("主管部门", 1, 2), ("某市政务局", 1, 2), "实施单位", ("某市政务中心", 1, 4)],
    [("项目资金\n（万元）", 5, 1), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", ("得分", 1, 2)],
    ["年度资金总额", "206.00", "206.00", "51.38", "10", "24.94%", ("2.4", 1, 2)],
    ["其中：当年财政拨款", "206.00", "206.00", "51.38", "—", "—", ("—", 1, 2)],
    ["上年结转资金", "", "0.00", "0.00", "—", "—", ("—", 1, 2)],
    ["其他资金", "0.00", "0.00", "0.00", "—", "—", ("—", 1, 2)],
    [("年度总体目标", 2, 1), ("预期目标", 1, 4), ("实际完成情况", 1, 4)],
    [("目标1：受理15件", 1, 4), ("受理16件", 1, 4)],
]


def grid(rows: Sequence[Sequence[Printed]], page: int = 1, xs: Sequence[float] = (), first_row: int = 0) -> Grid:
    """A grid of rows as in HTML: a place that a cell above covers is left out."""
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        col = 0
        for printed in row:
            text, down, right = (printed, 1, 1) if isinstance(printed, str) else printed
            while (r, col) in taken:
                col += 1
            cells.append(Cell(r, col, text, down, right))
            taken |= {(r + i, col + j) for i in range(down) for j in range(right)}
            col += right
    cols = 1 + max(col for _, col in taken)
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.col)))
    return Grid(page, len(rows), cols, ordered, "ruling", first_row, xs=tuple(xs or range(0, 50 * cols + 1, 50)))


def pages(*blocks: Sequence[Line | Grid | str]) -> list[Page]:
    """One page for each sequence; texts are lines."""
    return [
        Page(number, tuple(Line(block) if isinstance(block, str) else block for block in page))
        for number, page in enumerate(blocks, 1)
    ]


def levels(found: Performance) -> list[tuple[Any, ...]]:
    """Names and targets of all indicators."""
    return [tuple(row[key] for key in ("level1", "level2", "level3", "target")) for row in found.indicators]


def evaluation() -> list[list[Printed]]:
    return [
        *FRONT,
        [("年度绩效指标", 6, 1), *HEAD[1:]],
        [("产出指标", 3, 1), ("数量指标", 2, 1), "报刊种类", "≥15种", "15种", "10", "10.0", ""],
        ["聘用\n人员", "≤30 人", "28人", "10", "6.5", "推迟\n招录"],
        ["质量指标", "投诉率", "≤1.5%", "", "10", "0", ""],
        [("效益指标", 2, 1), "经济效益指标", "", "", "", "", "", ""],
        ["社会效益指标", "影响力", "有效提高", "达成年度指标", "15", "15.0", ""],
        [("总分", 1, 6), "100", "84.4", ""],
    ]


def test_self_evaluation() -> None:
    found = read_forms(pages(["项目支出绩效自评表", "（2020 年度）", grid(evaluation())]), fiscal_year=2021)
    assert found.projects == (
        {
            "form": "project_self_evaluation",
            "project": "大厅运行费",
            "department": "某市政务局",
            "entity": "某市政务中心",
            "entity_id": None,
            "fiscal_year": 2020,
            "approved": 2060000.0,
            "revised": 2060000.0,
            "executed": 513800.0,
            "execution_rate": 0.2494,
            "execution_weight": 10.0,
            "execution_score": 2.4,
            "total_weight": 100.0,
            "total_score": 84.4,
            "page": 1,
        },
    )
    assert [(row["line"], row["approved"], row["executed"]) for row in found.project_funds] == [
        ("年度资金总额", 2060000.0, 513800.0),
        ("当年财政拨款", 2060000.0, 513800.0),
        ("上年结转资金", None, 0.0),
        ("其他资金", 0.0, 0.0),
    ]
    assert levels(found) == [
        ("产出指标", "数量指标", "报刊种类", "≥15种"),
        ("产出指标", "数量指标", "聘用人员", "≤30人"),
        ("产出指标", "质量指标", "投诉率", "≤1.5%"),
        ("效益指标", "社会效益指标", "影响力", "有效提高"),
    ]
    second = found.indicators[1]
    assert (second["target_operator"], second["target_value"], second["target_unit"]) == ("<=", 30.0, "人")
    assert (second["actual"], second["actual_value"], second["actual_unit"]) == ("28人", 28.0, "人")
    assert (second["weight"], second["score"], second["reason"]) == (10.0, 6.5, "推迟招录")
    assert found.indicators[2]["actual"] is None
    assert found.grids == {(1, 0)}


def test_rows_have_exactly_the_columns_of_the_frames() -> None:
    found = read_forms(pages([grid(evaluation())]))
    for name, rows in (
        ("projects", found.projects),
        ("project_funds", found.project_funds),
        ("indicators", found.indicators),
    ):
        columns = {column.name for column in frames.spec(name).columns} - {"document"}
        assert all(set(row) == columns for row in rows)
        made = frames.make(name, [{"document": "a", **row} for row in rows])
        assert frames.validate(name, made) is made


def test_used_cells_are_those_of_the_rows() -> None:
    found = read_forms(pages([grid(evaluation())]))
    assert {(1, 0, 3, 2), (1, 0, 3, 6), (1, 0, 10, 3), (1, 0, 11, 5), (1, 0, 15, 6)} <= found.used
    # goals and their results are prose of no row
    assert not {place for place in found.used if place.row == 8}


def test_page_break_in_the_middle_of_merged_levels() -> None:
    first, second = evaluation()[:11], evaluation()[11:]
    first[9] = [("", 2, 1), *HEAD[1:]]
    first[10] = ["产出指标", "数量指标", *first[10][2:]]
    second[0] = [("年度绩效指标", 4, 1), ("", 2, 1), "", *second[0]]
    found = read_forms(pages(["项目支出绩效自评表", grid(first), "- 1 -"], [grid(second, 2), "- 2 -"]))
    assert levels(found) == levels(read_forms(pages([grid(evaluation())])))
    assert [row["page"] for row in found.indicators] == [1, 2, 2, 2]
    assert found.projects[0]["total_score"] == 84.4
    assert found.grids == {(1, 0), (2, 0)}


def test_borders_that_differ_on_the_next_page() -> None:
    xs = [70, 91, 137, 198, 235, 281, 328, 400, 429, 453]
    rows = evaluation()
    end: list[list[Printed]] = [
        ["", "", "", "满意度", "≥90%", "90%", "10", "9.5", "无"],
        [("总分", 1, 6), "100", "84.4", ""],
    ]
    other = [70, 110, 150, 210, 260, 300, 340, 380, 420, 453]
    for moved, expected in (([x + 3 for x in xs], 5), ([x + 40 for x in xs], 5), (other, 4)):
        found = read_forms(pages([grid(rows[:15], xs=xs)], [grid(end, 2, moved)]))
        assert len(found.indicators) == expected


def test_level_text_that_stands_on_the_next_page_only() -> None:
    first: list[list[Printed]] = [
        ["项目名称", ("运维", 1, 3)],
        ["一级指标", "二级指标", "指标内容", "指标值"],
        [("", 3, 1), ("数量指标", 2, 1), "线路", "5条"],
        ["系统", "2个"],
        ["", "电费", "60万元"],
    ]
    second: list[list[Printed]] = [
        [("产出指标", 2, 1), "成本指标", "维保", "380万元"],
        ["时效指标", "完成时间", "按年"],
    ]
    third: list[list[Printed]] = [["满意度", "服务对象", "群众", "≧95%"], ["指标", "满意度指标", "", ""]]
    found = read_forms(
        pages(["绩效目标表", grid(first)], [grid(second, 2)], [grid(third[:1], 3)], [grid(third[1:], 4)])
    )
    assert levels(found) == [
        ("产出指标", "数量指标", "线路", "5条"),
        ("产出指标", "数量指标", "系统", "2个"),
        ("产出指标", "成本指标", "电费", "60万元"),
        ("产出指标", "成本指标", "维保", "380万元"),
        ("产出指标", "时效指标", "完成时间", "按年"),
        ("满意度指标", "服务对象满意度指标", "群众", "≧95%"),
    ]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        (["", "", "", "政务服务", ">=2.2", "", "4", "4", "新增"], ["", "", "", "", "万元", "", "", "", "指标"], 1),
        (["", "", "", "政务服务", "", "", "", "", ""], ["", "", "", "满意度", "≥9%", "9%", "4", "4", ""], 1),
        (["", "", "", "政务服务", "≥9%", "9%", "4", "4", ""], ["", "", "", "满意度", "", "", "", "", ""], 1),
        (["", "", "", "政务服务", "≥9%", "9%", "4", "4", ""], ["", "", "", "满意度", "≥8%", "8%", "5", "5", ""], 2),
        (["", "", "", "政务服务", "≥9%", "9%", "4", "4", ""], ["", "", "质量指标", "满意度", "", "", "", "", ""], 2),
    ],
)
def test_rows_cut_by_a_page_break(above: list[Printed], below: list[Printed], joined: int) -> None:
    rows = [*FRONT, HEAD, ["", "产出指标", "数量指标", "件数", "≥1件", "1件", "1", "1", ""], above]
    found = read_forms(pages([grid(rows)], [grid([below], 2)]))
    assert len(found.indicators) == 1 + joined
    if joined == 1:
        last = found.indicators[-1]
        texts = [above[i] + below[i] for i in (3, 4, 8)]
        assert [last["level3"], last["target"], last["reason"] or ""] == texts


def test_end_of_one_form_and_start_of_the_next_in_one_grid() -> None:
    start: list[list[Printed]] = [["项目名称", ("甲", 1, 3)], ["一级指标", "二级指标", "三级指标", "指标值"]]
    other: list[list[Printed]] = [["项目名称", ("乙", 1, 3)], ["一级指标", "二级指标", "三级指标", "指标值"]]
    row: list[Printed] = ["产出指标", "数量指标", "次数", "≥1次"]
    rest: list[Printed] = ["", "质量指标", "合格率", "=100%"]
    found = read_forms(pages(["绩效目标表", grid([*start, row])], [grid([rest, *other, row], 2)]))
    assert [row["project"] for row in found.projects] == ["甲", "乙"]
    assert [(row["project"], row["level2"], row["page"]) for row in found.indicators] == [
        ("甲", "数量指标", 1),
        ("甲", "质量指标", 2),
        ("乙", "数量指标", 2),
    ]


def test_head_and_funds_on_different_pages() -> None:
    rows = evaluation()
    # the cell 项目资金 goes on, blank, on the next page
    funds = [[("", 3, 1), *rows[4]], *rows[5:9]]
    found = read_forms(pages(["项目支出绩效自评表", grid(rows[:4])], [grid(funds, 2)], [grid(rows[9:], 3)]))
    whole = read_forms(pages([grid(rows)]))
    assert found.projects == whole.projects
    assert [row["executed"] for row in found.project_funds] == [513800.0, 513800.0, 0.0, 0.0]
    assert levels(found) == levels(whole)


def test_other_tables_after_a_form_are_left_alone() -> None:
    money = grid([["科目编码", "科目名称", "合计"], ["201", "一般公共服务支出", "3.00"]], 2, [0, 150, 300, 450])
    found = read_forms(pages([grid(evaluation())], ["收入支出决算总表", money]))
    assert found.grids == {(1, 0)}
    assert read_forms(pages(["收支总表", money])) == Performance()


def test_goals_in_money_tables_are_no_forms() -> None:
    rows: list[list[Printed]] = [
        ["项目名称", "预算数（万元）", "绩效目标"],
        ["普查经费", "534.72", "完成普查2次，满意度≥95%"],
    ]
    assert read_forms(pages(["重点项目预算绩效目标情况表", grid(rows)])) == Performance()
    packed: list[list[Printed]] = [["项目名称", "总计", "绩效指标"], ["普查经费", "534.72", "见附件"]]
    assert read_forms(pages(["项目支出表", "单位：万元", grid(packed)])) == Performance()


def test_names_and_telephones_of_persons_enter_nothing() -> None:
    rows: list[list[Printed]] = [
        [("部门名称（盖章）", 1, 2), ("某市政务局", 1, 4)],
        [("部门联系人", 1, 2), "张三", "联系电话", ("4184000", 1, 2)],
        [("年度绩效目标", 1, 2), ("负责政务", 1, 4)],
        [("年度预算(万元)", 4, 2), ("资金来源", 1, 2), ("资金总额 (万元)", 1, 2)],
        [("财政资金 (万元)", 2, 1), "上级安排", ("0.00", 1, 2)],
        ["本级安排", ("4,151.88", 1, 2)],
        ["其他资金 (万元)", "其他", ("0.00", 1, 2)],
        ["一级指标", "二级指标", "三级指标", "指标值", "指标设定依据", "分值权重"],
        ["履职效能", "数量指标", "套餐（件）", "≥15 个", "意见", "履职效能"],
        [("填报人：李四", 1, 3), ("联系电话：13900000000", 1, 3)],
    ]
    found = read_forms(pages(["部门整体绩效目标表", "（2024年）", grid(rows)]))
    assert [(row["form"], row["project"], row["department"], row["entity"]) for row in found.projects] == [
        ("department_targets", None, "某市政务局", None)
    ]
    assert [(row["line"], row["amount"], row["approved"]) for row in found.project_funds] == [
        ("上级安排", 0.0, None),
        ("本级安排", 41518800.0, None),
        ("其他资金", 0.0, None),
    ]
    assert levels(found) == [("履职效能", "数量指标", "套餐（件）", "≥15个")]
    assert found.indicators[0]["weight"] is None
    texts = " ".join(
        str(value) for rows in (found.projects, found.indicators) for row in rows for value in row.values()
    )
    assert not any(text in texts for text in ("张三", "李四", "4184000", "13900000000"))
    assert not {(1, 0, 1, 2), (1, 0, 1, 4), (1, 0, 9, 0), (1, 0, 9, 3)} & found.used


def test_person_beside_the_project_is_not_its_value() -> None:
    rows: list[list[Printed]] = [
        [("预算单位", 1, 2), ("某中心", 1, 4)],
        [("项目名称", 1, 2), "", ("项目负责人", 1, 2), "王五"],
        [("项目资金(万元)", 1, 1), "年度预算总额", "272.50", "其中：财政拨款", "0.00", "其他资金"],
        ["一级指标", "二级指标", "三级指标", "指标值", "上年完成值", "指标分值权重"],
        ["产出指标", "数量指标", "人数", ">=22 人", "23 人", "10"],
    ]
    found = read_forms(pages(["项目支出绩效目标表", grid(rows)]))
    assert (found.projects[0]["project"], found.projects[0]["entity"]) == (None, "某中心")
    assert found.projects[0]["approved"] == 2725000.0
    assert found.indicators[0]["actual"] is None
    assert found.indicators[0]["weight"] == 10.0


def test_no_unit_no_amount_unless_the_document_prints_one() -> None:
    rows: list[list[Printed]] = [
        ["项目名称", ("运维", 1, 3)],
        ["项目资金", "年度资金申请总额", ("70", 1, 2)],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "次数", "≥1次"],
    ]
    found = read_forms(pages([grid(rows)]))
    assert found.project_funds[0]["amount"] is None
    assert [one.told for one in found.problems] == [
        "page 1: a performance form prints no unit of money, its amounts are not read"
    ]
    # what is no value of a row is left over
    assert (1, 0, 1, 2) not in found.used
    money = grid([["科目名称", "合计"], ["办公费", "3.00"]])
    other = read_forms(pages(["收支总表", "单位：万元", money], [grid(rows)]))
    assert other.project_funds[0]["amount"] == 700000.0
    assert [one.told for one in other.problems] == [
        "page 2: a performance form prints no unit of money, 万元 is inferred"
    ]
    rows[1][1] = "年度资金总额（元）"
    assert read_forms(pages([grid(rows)])).project_funds[0]["amount"] == 70.0


def test_lines_of_the_whole_project_are_not_the_years() -> None:
    rows: list[list[Printed]] = [
        [("项目名称", 1, 3), "法律服务", ""],
        [("资金金额\n（万元）", 3, 3), "实施期资金总额：", "5.00"],
        ["其中：财政拨款", "5.00"],
        ["其他资金", ""],
        ["", "一级指标", "二级指标", "指标内容", "指标值"],
        ["", "产出指标", "数量指标", "人数（人）", "3"],
    ]
    found = read_forms(pages(["2022年部门预算专项业务经费绩效目标表", grid(rows)]))
    assert found.projects[0]["approved"] is None
    assert found.projects[0]["fiscal_year"] == 2022
    assert [(row["line"], row["amount"]) for row in found.project_funds] == [
        ("实施期资金总额", 50000.0),
        ("实施期资金总额/财政拨款", 50000.0),
        ("实施期资金总额/其他资金", None),
    ]


def test_funds_under_heads_and_joined_levels() -> None:
    rows: list[list[Printed]] = [
        [("部门名称", 1, 2), ("某局", 1, 5)],
        [("总体资金情况（万元）", 3, 2), ("预算支出总额", 2, 1), ("财政拨款", 1, 2), ("其他资金", 1, 2)],
        ["合计", "基本支出", "合计", "项目支出"],
        ["9,626.777589", "9,626.777589", "7,485.22", "", ""],
        [("整体绩效目标", 3, 1), "活动", ("绩效指标", 1, 2), "指标性质", "指标值", "度量单位"],
        ["宣传", ("产出指标数量指标举办仪式", 1, 2), "＝", "1", "场"],
        ["宣传", ("效益指标社会效益指标蔚然成风。", 1, 2), "定性", "好", ""],
    ]
    found = read_forms(pages(["预算13表 部门整体支出绩效目标表", "（2026年度）", grid(rows)]))
    assert [(row["line"], row["amount"]) for row in found.project_funds] == [
        ("年度资金总额", 96267775.89),
        ("当年财政拨款", 96267775.89),
        ("财政拨款/基本支出", 74852200.0),
    ]
    assert levels(found) == [
        ("产出指标", "数量指标", "举办仪式", "＝1场"),
        ("效益指标", "社会效益指标", "蔚然成风。", "定性好"),
    ]
    values = [(row["target_operator"], row["target_value"], row["target_unit"]) for row in found.indicators]
    assert values == [("=", 1.0, "场"), (None, None, None)]


def lists(*blocks: Sequence[Printed]) -> list[list[Printed]]:
    return [
        [("项目名称", 2, 1), ("项目总额", 2, 1), ("其中：", 1, 2), ("绩效目标", 2, 1), ("一级指标", 2, 1)]
        + [(text, 2, 1) for text in ("二级指标", "三级指标", "绩效指标性质", "本年绩效指标值", "绩效度量单位")],
        ["财政资金", "其他资金"],
        *[list(block) for block in blocks],
    ]


def test_several_projects_in_one_table_over_two_pages() -> None:
    line = ["产出指标", "数量指标", "次数", "≥", "2", "次"]
    first = lists(
        [
            ("11000021Y000000390843-培训类项目", 3, 1),
            ("9.574090", 2, 1),
            ("9.574090", 2, 1),
            ("", 2, 1),
            ("一", 2, 1),
            *line,
        ],
        line,
        ["34.1", "34.1", "", "二", *line],
        [("11000021Y000000390849-办公", 1, 1), "29.3595", "29.3595", "", "采购，", *line],
        [("", 2, 1), ("", 2, 1), ("", 2, 1), ("", 2, 1), ("安保", 2, 1), *line],
        line,
    )
    cut = [*first[:5], first[5]]
    second: list[list[Printed]] = [[("设备", 2, 1), ("", 2, 1), ("", 2, 1), ("", 2, 1), ("提效。", 2, 1), *line], line]
    found = read_forms(pages(["项目支出绩效目标表", "金额单位：万元", grid(cut)], [grid(second, 2)]))
    assert [(row["project"], row["approved"], row["page"]) for row in found.projects] == [
        ("培训类项目", 95740.9, 1),
        ("培训类项目", 341000.0, 1),
        ("办公设备", 293595.0, 1),
    ]
    assert [row["project"] for row in found.indicators] == ["培训类项目"] * 3 + ["办公设备"] * 3

    # the name of an entry can stand on the next page, in the middle of its merged cell
    named: list[list[Printed]] = [[("11000022T000000424449-接访", 1, 1), "658", "658", "", "服务", *line]]
    found = read_forms(pages(["项目支出绩效目标表", "金额单位：万元", grid(first)], [grid(named, 2)]))
    assert [row["project"] for row in found.projects] == ["培训类项目", "培训类项目", "办公", "接访"]
    assert [row["project"] for row in found.indicators][-3:] == ["接访"] * 3
    assert found.projects[-1]["approved"] == 6580000.0


def test_lists_with_units_and_a_head_on_each_page() -> None:
    def page(number: int, *rows: Sequence[Printed]) -> Grid:
        head: list[list[Printed]] = [
            [(text, 2, 1) for text in ("单位编码", "单位（项目）名称", "资金总额", "绩效目标")] + [("绩效指标", 1, 5)],
            ["一级指标", "二级指标", "三级指标", "指标值", "度量单位"],
        ]
        return grid([*head, *rows], number)

    one = page(
        1,
        ["合计", "", "270.00", "", "", "", "", "", ""],
        ["201056", "某办公室", "270.00", "", "", "", "", "", ""],
        ["201056", "水电", "270.00", "运转", "成本指标", "经济成本指标", "水费", "120", "万元"],
    )
    two = page(
        2,
        ["201056", "水电", "270.00", "运转", "成本指标", "社会成本指标", "", "", ""],
        ["", "", "", "", "", "", "电费", "140", "万元"],
    )
    found = read_forms(
        pages(["2026年项目支出绩效目标表", "单位：万元", one], ["2026年项目支出绩效目标表", "单位：万元", two])
    )
    assert [(row["project"], row["entity"], row["fiscal_year"]) for row in found.projects] == [
        ("水电", "某办公室", 2026)
    ]
    assert levels(found) == [
        ("成本指标", "经济成本指标", "水费", "120万元"),
        ("成本指标", "社会成本指标", "电费", "140万元"),
    ]
    assert found.indicators[0]["target_value"] == 120.0
    assert found.indicators[0]["target_unit"] == "万元"


def test_all_indicators_in_one_cell() -> None:
    text = (
        "1、1-产出指标；11-数量指标；会议次数；实施周期指标值:每年≥20场；年度指标值:每年≥20场。"
        "2、2-效益指标；22-社会效益；满意度.；实施周期指标值:一级≤1次；二级≤2次；年度指标值:一级≤1次；二级≤2次。"
    )
    rows: list[list[Printed]] = [
        ["项目名称（资金使用单位）", "总计", "财政拨款", "其他资金", "绩效目标", "绩效指标"],
        ["合计", "86.64", "86.64", "", "", ""],
        ["某局", "86.64", "86.64", "", "", ""],
        ["平台项目", "86.64", "86.64", "", "运营", text],
    ]
    caption = "部门名称：某市某局\t单位：万元"
    found = read_forms(pages(["项目支出绩效目标表（含转移支付项目）", caption, grid(rows)]), fiscal_year=2026)
    assert [(row["project"], row["department"], row["entity"], row["approved"]) for row in found.projects] == [
        ("平台项目", "某市某局", "某局", 866400.0)
    ]
    assert levels(found) == [
        ("产出指标", "数量指标", "会议次数", "每年≥20场"),
        ("效益指标", "社会效益", "满意度.", "一级≤1次；二级≤2次"),
    ]
    assert [row["target_value"] for row in found.indicators] == [20.0, None]


def test_form_without_title_head_or_levels() -> None:
    nameless: list[list[Printed]] = [
        ["项目名称\t伯乐奖", "", "", ""],
        ["产出指标", "数量指标", "人数", "10人"],
        ["", "质量指标", "发放率", "100%"],
    ]
    found = read_forms(pages(["2020年专项资金整体绩效目标表", grid(nameless)]))
    assert [(row["form"], row["project"]) for row in found.projects] == [("project_targets", "伯乐奖")]
    assert levels(found) == [("产出指标", "数量指标", "人数", "10人"), ("产出指标", "质量指标", "发放率", "100%")]

    flat: list[list[Printed]] = [
        [("当年整体绩效目标", 1, 6)],
        [("提质建设。", 1, 6)],
        [("绩效指标", 2, 1), "指标名称", "指标性质", "指标值", "计量单位", "指标权重(%)"],
        ["技术合同成交额", "≥", "950", "亿元", "15"],
    ]
    found = read_forms(pages(["2026年部门整体绩效目标表", "单位名称:某局", grid(flat)]), entity="别局")
    assert [(row["form"], row["department"]) for row in found.projects] == [("department_targets", "某局")]
    assert levels(found) == [(None, None, "技术合同成交额", "≥950亿元")]
    assert found.indicators[0]["weight"] == 15.0


def test_tables_of_indicators_in_reports_are_no_forms() -> None:
    rows: list[list[Printed]] = [
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["成本指标", "经济成本指标", "总成本", "≤1元"],
    ]
    found = read_forms(pages(["表1：项目年度绩效指标表", grid(rows)]))
    assert (found.projects, found.indicators, found.forms) == ((), (), ())
    # and no tables of money either
    assert found.grids == {(1, 0)}


def test_blank_template_gives_no_rows_but_keeps_its_grid() -> None:
    rows: list[list[Printed]] = [
        [("项目名称", 1, 2), ("", 1, 3)],
        [("资金金额（万元）", 1, 2), "年度资金总额：", "", ""],
        ["一级指标", "二级指标", "指标内容", "指标值", "备注"],
        ["产出指标", "数量指标", "指标1：", "", ""],
        ["", "", "……", "", ""],
        ["效益指标", "经济效益指标", "/", "/", ""],
    ]
    found = read_forms(pages(["专项资金总体绩效目标表", grid(rows)]))
    assert (found.projects, found.project_funds, found.indicators) == ((), (), ())
    assert found.grids == {(1, 0)}
    assert found.forms == ("project_targets",)


def test_title_and_unit_inside_a_sheet() -> None:
    rows: list[list[Printed]] = [
        [("2023年度项目支出绩效自评表", 1, 6)],
        ["单位：元", "", "", "", "", ""],
        ["项目名称", ("运维", 1, 5)],
        ["项目资金", "年初预算数", "全年预算数", "全年执行数", "执行率", "得分"],
        ["年度资金总额", "100.50", "100.50", "50.25", "50", "5"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "得分"],
        ["产出指标", "数量指标", "次数", "≥1次", "1次", "10"],
    ]
    found = read_forms(pages([grid(rows)]))
    project = found.projects[0]
    assert (project["fiscal_year"], project["approved"], project["executed"]) == (2023, 100.5, 50.25)
    assert (project["execution_rate"], project["execution_score"]) == (0.5, 5.0)


def test_hidden_lines_between_pages_do_not_matter() -> None:
    rows = evaluation()
    found = read_forms(pages([grid(rows[:11])], ["为办公正常运转", "39.580000\t39.580000", grid(rows[13:], 2)]))
    assert len(found.indicators) == 2
    assert found.projects[0]["total_score"] == 84.4


def test_vocabulary_is_loaded_once_and_folded() -> None:
    words = vocabulary()
    assert words is vocabulary()
    assert words.front_roles["专项(项目)名称"] == "project"
    assert words.column_roles["三级指标"] == "level3"
    assert words.fund_lines["年度预算总额"] == "年度资金总额"


def test_rows_that_print_the_project_again_are_one_project() -> None:
    rows: list[list[Printed]] = [
        [
            "单位名称、项目名称",
            "项目年度绩效目标",
            "一级指标",
            "二级指标",
            "三级指标",
            "指标性质",
            "指标值",
            "度量单位",
        ],
        ["某局", "", "", "", "", "", "", ""],
        ["走访经费", "走访2次", "产出指标", "数量指标", "次数", ">=", "2", "次"],
        ["走访经费", "走访2次", "", "质量指标", "合格率", "=", "100", "%"],
        ["培训经费", "培训1次", "产出指标", "数量指标", "班次", "正向指标", "1", "期"],
    ]
    found = read_forms(pages(["项目支出绩效目标表", grid(rows)]), fiscal_year=2025)
    assert [(row["project"], row["entity"], row["approved"]) for row in found.projects] == [
        ("走访经费", "某局", None),
        ("培训经费", "某局", None),
    ]
    assert [(row["project"], row["target"]) for row in found.indicators] == [
        ("走访经费", ">=2次"),
        ("走访经费", "=100%"),
        ("培训经费", "1期"),
    ]


def test_the_years_indicators_count_where_the_whole_projects_stand_beside_them() -> None:
    rows: list[list[Printed]] = [
        ["项目名称", ("大桥", 1, 6)],
        ["项目资金（万元）", "中期资金总额：", "900", "", "年度资金总额：", ("300", 1, 2)],
        ["", "其中：财政拨款", "900", "", "其中：财政拨款", ("300", 1, 2)],
        ["一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "里程", "≥9公里", "数量指标", "里程", "≥3公里"],
    ]
    found = read_forms(pages(["项目支出绩效目标表", grid(rows)]))
    assert [(row["line"], row["amount"]) for row in found.project_funds] == [
        ("中期资金总额", 9000000.0),
        ("年度资金总额", 3000000.0),
        ("中期资金总额/财政拨款", 9000000.0),
        ("当年财政拨款", 3000000.0),
    ]
    assert found.projects[0]["approved"] == 3000000.0
    assert levels(found) == [("产出指标", "数量指标", "里程", "≥3公里")]


def test_whole_department_evaluation() -> None:
    rows: list[list[Printed]] = [
        [("部门（单位）名称", 1, 2), ("某局", 1, 6)],
        [
            ("部门资金\n（万元）", 4, 1),
            "资金来源",
            "预算数（A）",
            "执行数（B）",
            "分值",
            "执行率（B/A）",
            ("得分", 1, 2),
        ],
        ["年度资金总额", "100", "80.5", "10", "80.50%", ("8.05", 1, 2)],
        ["其中：基本支出", "60", "50", "", "", ("", 1, 2)],
        ["专户结余款", "40", "30.5", "", "", ("", 1, 2)],
        ["", "一级指标", "二级指标", "三级指标", "年度指标值(A)", "全年完成值(B)", "分值", "自评得分"],
        ["", "运行成本", "成本指标", "人均经费", "≤2万元", "1.9万元", "90", "85.5"],
        [("总得分", 1, 6), ("93.55", 1, 2)],
    ]
    found = read_forms(pages(["2023年度部门整体支出绩效自评表", grid(rows)]))
    project = found.projects[0]
    assert (project["form"], project["department"], project["fiscal_year"]) == (
        "department_self_evaluation",
        "某局",
        2023,
    )
    assert (project["revised"], project["executed"], project["execution_rate"]) == (1000000.0, 805000.0, 0.805)
    assert (project["total_weight"], project["total_score"]) == (None, 93.55)
    assert [(row["line"], row["revised"]) for row in found.project_funds] == [
        ("年度资金总额", 1000000.0),
        ("基本支出", 600000.0),
        ("专户结余款", 400000.0),
    ]
    assert levels(found) == [("运行成本", "成本指标", "人均经费", "≤2万元")]
    assert (found.indicators[0]["actual_value"], found.indicators[0]["score"]) == (1.9, 85.5)


PLAIN: list[list[Printed]] = [
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", "次数", "≥1次"],
    ["", "质量指标", "合格率", "=100%"],
]


def test_project_named_in_the_title_only() -> None:
    funds: list[Printed] = ["年度资金总额（万元）", ("3.5", 1, 3)]
    titles = ["2024年水质监测项目绩效目标表", "2024年“窗口服务”项目支出绩效目标表", "2024年部门预算项目支出绩效目标表"]
    found = read_forms(pages(*([title, grid([funds, *PLAIN])] for title in titles)))
    assert [(row["form"], row["project"], row["approved"]) for row in found.projects] == [
        ("project_targets", "水质监测", 35000.0),
        ("project_targets", "窗口服务", 35000.0),
        ("project_targets", None, 35000.0),
    ]
    assert len(found.indicators) == 6
    publisher = read_forms(pages(["2024年度某某局项目支出绩效目标表", grid([funds, *PLAIN])]))
    assert publisher.projects[0]["project"] is None


def test_forms_of_one_title_without_names_are_not_merged() -> None:
    rows = [["年度资金总额（万元）", ("3.5", 1, 3)], *PLAIN]
    found = read_forms(pages(["项目支出绩效目标表", grid(rows)], ["项目支出绩效目标表", grid(rows)]))
    assert [row["page"] for row in found.projects] == [1, 2]


def test_name_on_the_next_page() -> None:
    def read(above: str, below: str) -> str | None:
        first = grid([["主管部门", ("某局", 1, 3)], ["项目名称", (above, 1, 3)]])
        second = grid([["", (below, 1, 3)], ["年度资金总额（万元）", ("3.5", 1, 3)], *PLAIN], 2)
        return read_forms(pages(["项目支出绩效目标表", first], [second])).projects[0]["project"]

    assert read("", "水质监测") == "水质监测"
    assert read("水质", "监测") == "水质监测"


def test_departments_are_told_from_projects() -> None:
    rows: list[list[Printed]] = [
        ["部门名称", ("某局", 1, 3)],
        ["年度主要任务", "项目名称", "水质监测", "12.00"],
        *PLAIN,
    ]
    found = read_forms(pages(["2024年部门整体支出绩效目标表", grid(rows)]))
    assert [(row["form"], row["project"], row["department"]) for row in found.projects] == [
        ("department_targets", None, "某局")
    ]
    assert not {place for place in found.used if place.row == 1}


def test_sheets_of_targets_print_yuan_under_ten_thousands() -> None:
    rows: list[list[Printed]] = [
        ["项目编码：", ("440306221390373400064", 1, 2), "项目名称：", "工作室运行"],
        ["申请单位：", ("某街道办事处", 1, 2), "一级预算单位：", "某区政府"],
        ["项目总金额（中期规划，万元）：", ("1080000", 1, 2), "本年度项目金额（万元）：", "260000"],
        ["一级指标", "二级指标", "三级指标", "目标值", "指标解释"],
        ["产出", "成本", "总成本", "≤26万元", "不超过26万元"],
        ["效益", "社会效益", "不适用", "不适用", "不适用"],
    ]
    found = read_forms(pages(["二级项目支出绩效目标申报表", grid(rows)]))
    (project,) = found.projects
    assert (project["project"], project["entity"], project["department"]) == ("工作室运行", "某街道办事处", "某区政府")
    assert project["approved"] == 2_600_000_000.0
    assert [(row["line"], row["amount"]) for row in found.project_funds] == [
        ("项目总金额", 10_800_000_000.0),
        ("年度资金总额", 2_600_000_000.0),
    ]
    assert len(found.problems) == 1
    assert "元 by their size" in found.problems[0].text


@pytest.mark.parametrize(("printed", "told"), [("999999.99", False), ("1000000.00", True)])
def test_ten_thousands_of_millions_are_no_money_of_a_project(printed: str, told: bool) -> None:
    rows: list[list[Printed]] = [
        ["项目名称：", "工作室运行", "本年度项目金额（万元）：", printed],
        ["一级指标", "二级指标", "三级指标", "目标值", "指标解释"],
        ["产出", "数量", "工作室数", "≥1个", "不少于1个"],
    ]
    found = read_forms(pages(["二级项目支出绩效目标申报表", grid(rows)]))
    assert found.projects[0]["approved"] == float(printed) * 10_000
    assert any("元 by their size" in one.text for one in found.problems) is told


@pytest.mark.parametrize(
    ("targets", "is_list"),
    [
        (("≥99.5%", "≤120次"), True),
        # sentences that compare are no targets
        (tuple(f"{'本年度工作任务按照既定计划推进并取得预期成效，' * 2}达标率{sign}95%" for sign in "≥≤"), False),
    ],
)
def test_comparisons_in_short_cells_make_a_list_of_indicators(targets: tuple[str, str], is_list: bool) -> None:
    rows = [[Cell(row, 0, "供水"), Cell(row, 1, text)] for row, text in enumerate(targets)]
    assert is_performance(rows) is is_list


@pytest.mark.parametrize(
    ("above", "text", "is_tail"),
    [
        ("长期有效执", "行", True),
        ("长期有效", "执行", True),
        # three signs may be a result of their own
        ("长期有效", "已完成", False),
        ("≥1月&&≤", "12个月", True),
        ("1800元/", "月/人", True),
        ("优", "3次", False),
    ],
)
def test_what_can_only_be_the_end_of_a_result(above: str, text: str, is_tail: bool) -> None:
    assert _is_tail(above, text) is is_tail


def test_last_years_results_have_a_column() -> None:
    rows: list[list[Printed]] = [
        ["项目名称", ("运维", 1, 4)],
        ["一级指标", "二级指标", "三级指标", "指标值", "上年完成值"],
        ["产出指标", "数量指标", "人数", ">=22 人", "23 人"],
    ]
    found = read_forms(pages(["项目支出绩效目标表", grid(rows)]))
    assert found.indicators[0]["prior_actual"] == "23人"


def test_indicators_without_form_are_no_money() -> None:
    rows: list[list[Printed]] = [
        ["供水水质合格", "≥ 99 %", "20"],
        ["投诉", "≤1月/2项", "30"],
        ["服务评价", "优", "50"],
    ]
    found = read_forms(pages(["单位：万元"], [grid(rows)]))
    assert (found.projects, found.indicators) == ((), ())
    assert found.grids == {(2, 0)}
    assert found.problems == (Doubt("rows of indicators that belong to no form", (2,)),)
    words: list[list[Printed]] = [["服务", "优", "20"], ["及时", "良好", "30"], ["时间", "12个月", "50"]]
    assert is_performance(grid(words).matrix)


@pytest.mark.parametrize(
    "rows",
    [
        [["科目名称", "合计"], ["办公费", "3.00"], ["水费", "99.00"]],
        [["项目", "数量", "金额"], ["打印机", "3台", "3,200.00"], ["空调", "2台", "8,000.00"]],
        [["项目名称", "预算数", "绩效目标"], ["普查", "534.72", "完成普查2次，满意度≥95%"]],
        [["项目", "执行率"], ["办公费", "95%"], ["水费", "88%"]],
        [["表号", "表名", "是否空表"], ["表15", "部门整体支出绩效目标表", "是"], ["表16", "收支总表", "是"]],
    ],
)
def test_tables_of_money_are_no_indicators(rows: list[list[Printed]]) -> None:
    assert not is_performance(grid(rows).matrix)


def test_indicators_without_head_under_a_title() -> None:
    rows: list[list[Printed]] = [
        ["项目名称", ("运维", 1, 6)],
        ["产出指标", "数量指标", "次数", "≥", "1", "次", "60"],
        ["", "质量指标", "合格率", "=", "100", "%", "40"],
    ]
    found = read_forms(pages(["项目支出绩效目标表", grid(rows)]))
    assert levels(found) == [
        ("产出指标", "数量指标", "次数", "≥1次"),
        ("产出指标", "质量指标", "合格率", "=100%"),
    ]
    assert [row["weight"] for row in found.indicators] == [60.0, 40.0]


def test_a_head_of_one_cell_is_no_row() -> None:
    rows = evaluation()
    head: list[Printed] = ["", "", "", "三级指标", "", "", "", "", ""]
    rest: list[Printed] = ["", "", "", "满意度", "≥90%", "90%", "10", "9.5", "无"]
    found = read_forms(pages([grid(rows[:15])], [grid([head, rest], 2)]))
    assert [row["level3"] for row in found.indicators][-1] == "满意度"
    assert len(found.indicators) == 5


def test_forms_below_each_other_whose_first_label_is_a_code() -> None:
    def one(name: str) -> list[list[Printed]]:
        return [["项目编码", name * 3, "项目名称", name], ["申请单位", ("某街道", 1, 3)], *PLAIN]

    found = read_forms(pages(["项目支出绩效目标申报表", grid([*one("甲"), *one("乙"), *one("丙")])]))
    assert [row["project"] for row in found.projects] == ["甲", "乙", "丙"]
    assert [row["project"] for row in found.indicators] == ["甲", "甲", "乙", "乙", "丙", "丙"]


@pytest.mark.parametrize(
    "line", ["续表", "（续表）", "项目支出绩效目标表（续）", "续：项目支出绩效目标表", "项目支出绩效目标表"]
)
def test_titles_that_say_that_the_table_goes_on(line: str) -> None:
    first = [["项目名称", ("运维", 1, 3)], *PLAIN]
    rest: list[list[Printed]] = [["效益指标", "社会效益指标", "影响", "提升"]]
    found = read_forms(pages(["项目支出绩效目标表", grid(first)], [line, grid(rest, 2)]))
    assert [row["project"] for row in found.projects] == ["运维"]
    assert levels(found)[-1] == ("效益指标", "社会效益指标", "影响", "提升")
