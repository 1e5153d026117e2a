"""Units that the prose lists, and the department above a unit."""

from __future__ import annotations

import pytest
from grids import grid, page

from budgetkit.document.publisher import ids_of, publisher_of, related, texts_of
from budgetkit.document.units import listed_names, parent_name

#: what is printed, and the names in it
LISTS = [
    (
        ("下属预算单位包括：", "1、青石县农桑站", "2、青石县 12345 热线中心", "青石县水月局编制数 9"),
        ("青石县农桑站", "青石县12345热线中心"),
    ),
    (
        ("青石县水月局有2个下属单位，分别是：青石县农桑", "站、青石县水务站（青石县水文站）。"),
        ("青石县农桑站", "青石县水务站(青石县水文站)"),
    ),
    (
        ("编制范围的二级预算单位主要包括：", "青石县水月局（本级）、青石县农桑站。", "二、收支"),
        ("青石县水月局(本级)", "青石县农桑站"),
    ),
    (("本部门下属单位包括青石学院、青石杂志社2个事业单位。另", "下辖1个派出机构。"), ("青石学院", "青石杂志社")),
    # those of the scope alone, where they are told
    (
        ("下属单位包括青石学院。", "纳入预算编", "制范围的预算单位共2家，具体包括：青石县水月局本级、青石县农桑站。"),
        ("青石县水月局本级", "青石县农桑站"),
    ),
    (
        ("行政单位2个，分别是：", "1.青石县农桑站", "事业单位1个，分别是：", "1.青石县水务站"),
        ("青石县农桑站", "青石县水务站"),
    ),
    (
        (
            "纳入部门决算编制范围的单位包括：",
            grid("序号 | 单位名称 | 备注\n1 | 青石县水月局（本级） | \n2 | 青石县农桑站 | 由青石县水务站划入"),
        ),
        ("青石县水月局(本级)", "青石县农桑站"),
    ),
    # offices within are no units
    (("青石县水月局无下属预算单位，下设2个处室，分别是：综合办公室和督察办公室。",), ()),
    (("所属各预算单位开支包括：办公费、印刷费。",), ()),
    # three signs may be a word for any (水务站), and end the list
    (("下属预算单位包括：水务站、青石县农桑站。",), ()),
]


@pytest.mark.parametrize(("blocks", "names"), LISTS)
def test_lists(blocks: tuple[object, ...], names: tuple[str, ...]) -> None:
    assert listed_names([page(*blocks)]) == names


@pytest.mark.parametrize(
    ("entity", "prose", "parent"),
    [
        ("青石县第一中学", "青石县第一中学是青石县教育局下属的二级预算单位。", "青石县教育局"),
        ("青石县农桑站", "本单位为县水月局所属事业单位", "县水月局"),
        ("青石县农桑站", "我单位隶属于青石县水月局,", "青石县水月局"),
        ("青石县农桑站", "水务站是青石县水月局下属的事业单位。", None),
        ("青石县农桑站", "青石县农桑站是公益一类事业单位。", None),
        (None, "", None),
    ],
)
def test_parents(entity: str | None, prose: str, parent: str | None) -> None:
    assert parent_name(entity, prose) == parent


def test_the_columns_of_documents() -> None:
    texts = texts_of(["上海市青浦区农桑站2031年单位预算"], ["上海市青浦区农桑站是区水月局所属事业单位。"])
    whose = publisher_of("上海市青浦区农桑站", texts)
    assert related("上海市青浦区农桑站", whose, texts, ["上海市青浦区农桑站（本级）", "上海市青浦区第一农桑所"]) == {
        "units": ["上海市青浦区第一农桑所"],
        "unit_ids": ["310118-第一农桑所"],
        "parent_id": "310118-水月局",
    }
    # the government of a place is no department
    above = texts_of([], ["上海市青浦区水月局是青浦区人民政府直属机构。"])
    assert parent_name("上海市青浦区水月局", above.prose) == "青浦区人民政府"
    assert related("上海市青浦区水月局", publisher_of("上海市青浦区水月局", above), above, [])["parent_id"] is None


def test_a_name_cut_at_the_edge_of_its_cell() -> None:
    rows = [{"entity": "上海市水月局信息中"}, {"entity": "上海市水月局机"}, {"entity": "上海市水月局（本级）"}]
    found = ids_of(rows, "310000", texts_of([], []), ["上海市水月局（机关）", "上海市水月局信息中心"])
    assert found == ["310000-水月局信息中心", "310000-水月局", "310000-水月局"]
