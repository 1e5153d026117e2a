"""Places and publishers: from the text, by GB/T 2260, and only what is certain."""

from __future__ import annotations

import pytest

from budgetkit import places
from budgetkit.document.publisher import doubt, entity_id, publisher_of, texts_of
from budgetkit.errors import UnknownCode

NOTHING = texts_of([], [])


def told(entity: str | None, front: str = "", prose: str = "") -> tuple[str | None, str | None]:
    found = publisher_of(entity, texts_of([front], [prose]))
    return found.place, found.entity_id


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("650105", "新疆/乌鲁木齐市/水磨沟区"),
        ("310107", "上海/普陀区"),
        ("433101", "湖南/湘西土家族苗族自治州/吉首市"),
        ("469001", "海南/五指山市"),
        ("150100", "内蒙古/呼和浩特市"),
    ],
)
def test_names_of_places(code: str, name: str) -> None:
    assert places.place_name(code) == name


def test_unknown_code() -> None:
    with pytest.raises(UnknownCode, match="999999: no code of GB/T 2260"):
        places.place("999999")


def test_every_place_lies_in_its_province_and_is_found_by_its_name() -> None:
    for place in places._places():
        assert places.path(place.code)[0] == f"{place.code[:2]}0000"
        found = places.leading(place.name)
        assert found is not None
        # a former code may have a successor of the same name
        assert {code[:2] for code in found.codes} >= {place.code[:2]} or place.last


@pytest.mark.parametrize(
    ("entity", "place", "id_"),
    [
        ("乌鲁木齐市水磨沟区政府办公室", "650105", "650105-政府办公室"),
        ("新疆巴州库尔勒市行政服务中心", "652801", "652801-行政服务中心"),
        ("乌鲁木齐高新技术产业开发区（乌鲁木齐市新市区）某局", "650104", "650104-高新技术产业开发区某局"),
        ("中共重庆市委宣传部", "500000", "500000-委宣传部"),
        ("中国共产党重庆市委员会宣传部", "500000", "500000-委宣传部"),
        ("上海市普陀区人民政府万里街道办事处", "310107", "310107-万里街道办事处"),
        ("中国人民政治协商会议江苏省委员会办公厅", "320000", "320000-政协办公厅"),
        ("江苏省政协办公厅", "320000", "320000-政协办公厅"),
        ("深圳市市场监督管理局", "440300", "440300-市场监督管理局"),
        ("恩施州财政局", "422800", "422800-财政局"),
        ("福州市仓山生态环境局", "350104", "350104-生态环境局"),
        ("西南大学本级", None, "000000-西南大学"),
        ("西南大学", None, "000000-西南大学"),
        ("国家信访局", None, "000000-国家信访局"),
        # behind the province in short a short name is sure
        ("重庆荣昌高新技术产业开发区管委会", "500153", "500153-高新技术产业开发区管理委"),
        # divisions of the corps run cities
        ("新疆生产建设兵团第八师石河子市教育局", "659001", "659001-教育局"),
        # another name of the place in brackets
        ("武汉市青山区（武汉化工区）教育局", "420107", "420107-教育局"),
        ("广东省人民代表大会常务委员会办公厅", "440000", "440000-人大常委会办公厅"),
        ("中共临沧市纪律检查委员会", "530900", "530900-纪委"),
        ("临沧市老年大学", "530900", "530900-老年大学"),
        # which of the places, or which place at all, is not told
        ("朝阳区财政局", None, None),
        ("鼓楼区财政局", None, None),
        ("财政局", None, None),
        ("市财政局", None, None),
        ("上海市XX局", "310000", None),
        (None, None, None),
    ],
)
def test_publisher_by_its_name(entity: str | None, place: str | None, id_: str | None) -> None:
    found = publisher_of(entity, texts_of([entity or ""], []))
    assert (found.place, found.entity_id) == (place, id_)


def test_prints_of_one_name_have_one_id() -> None:
    prints = [
        "上海市普陀区财政局", "上海市普陀区财政局（本级）",
        "上海市 普陀区 财政局(汇总)", "普陀区财政局", "区财政局",
        "105001-上海市普陀区财政局机关",
    ]  # fmt: skip
    assert {entity_id(name, "310107") for name in prints} == {"310107-财政局"}


def test_units_above_have_their_own_place() -> None:
    assert entity_id("上海市财政局", "310107") == "310000-财政局"
    assert entity_id("市财政局", "650105") == "650100-财政局"
    assert entity_id("市场监督管理局", "650105") == "650105-市场监督管理局"


def test_a_name_of_several_places_needs_its_city_or_province() -> None:
    assert told("朝阳区财政局", "北京市2024年部门预算") == ("110105", "110105-财政局")
    assert told("朝阳区财政局", "", "长春市朝阳区财政局负责全区财政工作") == ("220104", "220104-财政局")
    # both are named: nothing is certain
    assert told("朝阳区财政局", "", "赴北京市学习，长春市委") == (None, None)
    assert told("鼓楼区财政局", "", "赴重庆市学习") == (None, None)


def test_a_name_without_place_has_that_of_cover_or_sentence() -> None:
    assert told("区政府办公室", "乌鲁木齐市水磨沟区2020年度部门决算") == ("650105", "650105-政府办公室")
    assert told("信访局", "", "无锡市信访局贯彻落实国家关于信访的方针，赴南京市、上海市学习") == (
        "320200",
        "320200-信访局",
    )
    assert told("信访局", "", "完成克拉玛依市人民政府交办的事项") == ("650200", "650200-信访局")
    # places that are spoken of are not the publisher's
    assert told("信访局", "", "赴南京市、上海市学习") == (None, None)
    assert told("信访局", "", "完成上海市人民政府和江苏省人民政府交办的事项") == (None, None)


def test_a_short_name_needs_the_whole_one_in_the_text() -> None:
    assert told("长沙职业教育基地", "", "长沙市教育局下属") == ("430100", "430100-职业教育基地")
    assert told("长沙职业教育基地")[1] is None


def test_doubts_are_said() -> None:
    assert doubt("鼓楼区财政局").startswith("the name is of several places: ")
    assert doubt("财政局") == "neither the name nor the text says of which place it is"
    assert doubt("上海市XX局") == "the name is that of a template"
    assert doubt(None) == "no publisher is named"


@pytest.mark.parametrize(
    ("before", "now"), [("北京市密云县", "110118"), ("章丘市", "370114"), ("杭州市钱塘区", "330114")]
)
def test_a_place_that_became_a_city_or_district_is_the_same(before: str, now: str) -> None:
    assert told(f"{before}教育局") == (now, f"{now}-教育局")
    assert places.place("110228").name == "密云县"


def test_sentences_at_the_front_name_neighbours() -> None:
    front = texts_of(["金凤镇人民政府2031年部门预算", "金凤镇北与大学城接壤，西与璧山区交界"], [])
    assert publisher_of("金凤镇人民政府", front).place is None
