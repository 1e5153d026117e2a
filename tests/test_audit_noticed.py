"""Faults that the audit long did not notice: rows, lists in prose, changes, years; on both sides of what is enough."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from test_audit_rules import DOCUMENT, coded, fact, stated, total
from test_audit_said import told

import budgetkit as bk
from budgetkit import frames
from budgetkit.audit.sums import crossed_sums
from budgetkit.identities import Amount, Identity, Key, Point, When
from budgetkit.identities.model import Doubt


def economic(row: int, code: str, amount: float, **values: Any) -> dict[str, Any]:
    own = {"code": code, "code_source": "printed", "scheme": "economic_department", "name": code, "label": code}
    return fact(row, amount, nature="basic", **own, **values)


BASIC = [
    fact(1, 60, nature="basic", name="合计", label="合计", is_total=True),
    *(economic(2 + k, code, amount) for k, (code, amount) in enumerate(
        {"301": 30, "30101": 20, "30102": 10, "302": 20, "30201": 12, "30202": 8, "303": 10, "30301": 10}.items()
    )),
]  # fmt: skip


@pytest.mark.parametrize(
    ("left_out", "rule", "status"),
    [
        ({"302"}, "codes.orphan", ["fail"]),
        # of two no table prints parents
        ({"302", "301"}, "codes.orphan", []),
        ({"30301"}, "codes.childless", ["fail"]),
        ({"30301", "30201", "30202"}, "codes.childless", []),
    ],
)
def test_economic_classes_and_their_items(left_out: set[str], rule: str, status: list[str]) -> None:
    assert told(rule, facts=[row for row in BASIC if row.get("code") not in left_out]) == status


def test_a_missing_row_whose_amount_other_rows_have_too() -> None:
    rows = [total(1, 45), coded(2, "201", 45), coded(3, "20103", 45)]
    rows += [coded(4, "2010301", 5), coded(5, "2010302", 20), coded(6, "2010303", 20)]
    rows = [row | {"nature": nature, "col": col} for row in rows for nature, col in (("all", 2), ("basic", 3))]
    other = [row | {"table": 2, "fund": "general_public_budget"} for row in rows]
    assert told("codes.left_out", facts=[*rows, *other]) == []
    # the other 20 is under its own code in the table beside too
    assert told("codes.left_out", facts=[row for row in rows if row["row"] != 5] + other) == ["fail"]
    # here one bears a code that the table beside does not have
    renamed = [row | {"code": "2010399"} if row["row"] == 6 else row for row in rows if row["row"] != 5]
    assert "fail" not in told("codes.left_out", facts=[*renamed, *other])


LIST = "某局预算90.00万元，包括人员支出50.00万元、公用支出30.00万元、其他安排10.00万元。"


def listed(*values: float, sentence: str = LIST) -> list[dict[str, Any]]:
    names = ("预算总额", "人员支出", "公用支出", "其他安排")
    return [stated(name, value, sentence=sentence) for name, value in zip(names, values, strict=True)]


@pytest.mark.parametrize(
    ("part", "again", "status"),
    [
        (30.0, None, ["pass"]),
        # a list may be left open
        (20.0, None, ["not_run"]),
        # but not where the right amount is printed elsewhere
        (20.0, 30.0, ["fail"]),
        (20.0, 31.0, ["not_run"]),
    ],
)
def test_a_list_in_a_sentence(part: float, again: float | None, status: list[str]) -> None:
    said = listed(90.0, 50.0, part, 10.0, sentence=LIST.replace("30.00", f"{part:.2f}"))
    said += [] if again is None else [stated("公用支出", again, section="三", sentence=f"公用支出{again:.2f}万元。")]
    assert told("prose.list", statements=said) == status


@pytest.mark.parametrize(("part", "status"), [(30.0, ["pass"]), (20.0, []), (30.01, ["rounding"]), (31.0, ["fail"])])
def test_a_part_is_no_more_than_its_whole(part: float, status: list[str]) -> None:
    sentence = f"1.综合管理30.00万元，主要包括：日常管理{part:.2f}万元，用于水电。"
    said = [stated("综合管理", 30.0, sentence=sentence), stated("日常管理", part, sentence=sentence)]
    assert told("prose.list", statements=said) == status


@pytest.mark.parametrize(
    ("sentence", "value", "status"),
    [
        ("（二）公用支出30.00万元，主要用于办公。", 30.0, ["pass"]),
        ("（二）公用支出37.00万元，主要用于办公。", 37.0, ["fail"]),
        # no heading: it may be another amount
        ("其中公用支出37.00万元，主要用于办公。", 37.0, []),
    ],
)
def test_a_heading_that_repeats_a_part_of_a_list(sentence: str, value: float, status: list[str]) -> None:
    said = [*listed(90.0, 50.0, 30.0, 10.0), stated("公用支出", value, sentence=sentence)]
    assert told("prose.twice", statements=said) == status


@pytest.mark.parametrize(("change", "status"), [(0.4, []), (0.44, []), (0.45, []), (5.05, ["fail"]), (-5.05, [])])
def test_what_has_grown_by_more_than_it_is(change: float, status: list[str]) -> None:
    sentence = "会议费0.44万元，比上年增加5.05万元。"
    said = [stated("会议费", 0.44, sentence=sentence), stated("会议费", change, "change", sentence=sentence)]
    assert told("prose.increase", statements=said) == status
    # the amount is not the one right before it
    between = stated("培训费", 1.0, sentence=sentence)
    assert told("prose.increase", statements=[said[0], between, said[1]]) == []


ITEMS = {"flow": "expenditure", "fund": "fiscal_appropriation", "origin": "all", "nature": "all"}


@pytest.mark.parametrize(("abroad", "status"), [(-27.07, ["pass"]), (-22.07, ["fail"])])
def test_changes_of_parts_of_parts(abroad: float, status: list[str]) -> None:
    changes = {"three_public": -27.07, "abroad": abroad, "reception": 0.0, "vehicle_purchase": 0.0}
    said = [stated(item, value, "change", item=item, sentence=f"{item}。", **ITEMS) for item, value in changes.items()]
    running = stated("运行", 0.0, "change", item="vehicle_operation", sentence="运行。", **ITEMS)
    assert told("prose.parts", statements=[*said, running]) == status
    assert told("prose.parts", statements=said) == []


@pytest.mark.parametrize(
    ("last", "status"),
    [
        # 49万元 beside figures like 3.37 and 4.5, none of which ends in a zero, is exact
        ([], "fail"),
        # where zeros are printed, it is rounded
        (["3.50万元"], "rounding"),
    ],
)
def test_figures_that_leave_zeros_out_are_exact(last: list[str], status: str) -> None:
    def said(text: str, sentence: str, **values: Any) -> dict[str, Any]:
        number = text.removesuffix("万元")
        step = 10_000.0 / 10 ** len(number.partition(".")[2])
        return stated(sentence, float(number), printed=text, sentence=sentence, quantum=step, **values)

    parts = {"procurement": "49.33万元", "goods": "0.13万元", "works": "0万元", "services": "49万元"}
    rows = [said(text, f"{item}。", item=item, **ITEMS) for item, text in parts.items()]
    others = [f"{k}.{k}7万元" for k in range(1, 10)] + [f"{k}.5万元" for k in range(1, 5)] + last
    rows += [said(text, f"项目{text}。", section="二") for text in others]
    assert told("prose.parts", statements=rows) == [status]


@pytest.mark.parametrize(("value", "status"), [(902.68, ["pass"]), (202.68, ["fail"])])
def test_running_costs_of_an_office_are_of_any_fund(value: float, status: list[str]) -> None:
    cell = fact(1, 902.68, item="agency_operation", form="three_public", title="机关运行经费表")
    said = stated("机关运行经费", value, item="agency_operation", **ITEMS)
    assert told("prose.cell", facts=[cell], statements=[said]) == status


def test_a_single_row_of_a_list_that_repeats_its_total() -> None:
    unit = {"label": "某局", "name": "某局", "is_total": False}
    funds = ("all", "general_public_budget", "government_fund")

    def row(number: int, *amounts: float, **values: Any) -> list[dict[str, Any]]:
        return [total(number, one, col=2 + k, fund=fund, flow="income", **values)
                for k, (one, fund) in enumerate(zip(amounts, funds, strict=True))]  # fmt: skip

    sound = [*row(1, 12, 9, 3), *row(2, 12, 9, 3, **unit)]
    assert "fail" not in told("across.equal", facts=sound)
    assert "fail" in told("across.equal", facts=[*row(1, 12, 9, 3), *row(2, 12, 8, 3, **unit)])
    # two amounts that differ: the row is a part
    assert "fail" not in told("across.equal", facts=[*row(1, 12, 9, 3), *row(2, 11, 8, 3, **unit)])


@pytest.mark.parametrize(
    ("down", "doubt", "crossed"),
    [
        (-300, Doubt.REPEATED, True),
        # by another error, and where something beside is not understood
        (-200, Doubt.REPEATED, False),
        (-300, Doubt.UNREAD, False),
    ],
)
def test_a_cell_at_which_two_doubtful_sums_cross(down: int, doubt: Doubt, crossed: bool) -> None:
    """Each alone proves nothing; a row and a column that call the amount 0 too large by 3 yuan do."""
    places = [(3, 2), (3, 3), (3, 4), (1, 2), (2, 2), (5, 2), (6, 2)]
    point = Point("expenditure", "all", "all", "all", "")
    amounts = {
        k: Amount(k, 1, 1, row, col, When(2024, "approved"), Key(), point, "amount", 0, 1, False)
        for k, (row, col) in enumerate(places)
    }
    across = Identity("sum", "fund", 0, (1, 2), (), 300, 3, Doubt.REPEATED)
    column = Identity("sum", "item", 3, (0, 4), (), down, 3, doubt)
    assert crossed_sums([across, column], amounts) == ({id(across), id(column)} if crossed else set())
    # sums that share more than the one cell may fail by another
    assert crossed_sums([across, column._replace(children=(0, 1))], amounts) == set()
    # two sums down one column may fail by what both of them leave out
    assert crossed_sums([column, column._replace(parent=5, children=(0, 6))], amounts) == set()


@pytest.mark.parametrize(("other", "status"), [(None, ["fail"]), (4.0, [])])
def test_a_part_that_is_printed_alone_and_said_to_be_the_whole(other: float | None, status: list[str]) -> None:
    income = {"form": "income_expenditure_summary", "flow": "income", "origin": "current"}
    cells = [
        fact(1, 30, fund="fiscal_appropriation", label="一、本年收入", **income),
        fact(2, 26, fund="general_public_budget", label="1.一般公共预算", **income),
    ]
    cells += [] if other is None else [fact(3, other, fund="government_fund", label="2.政府性基金预算", **income)]
    said = stated("一般公共预算收入", 30.0, flow="income", fund="general_public_budget", origin="current", nature="all")
    found = [*told("columns.sum", facts=cells, statements=[said]), *told("prose.cell", facts=cells, statements=[said])]
    assert [one for one in found if one == "fail"] == status


FORMS = ("收入", "支出", "收支", "三公", "采购", "项目")
TITLES = "某局2024年部门预算公开。" + "".join(f"2024年度{what}预算表。" for what in FORMS)


@pytest.mark.parametrize(
    ("text", "year", "wrong"),
    [
        (TITLES, 2024, []),
        # the cover alone is wrong, and by it the year that was read
        (TITLES.replace("某局2024年", "某局2023年"), 2023, [2023.0]),
        (TITLES + "本单位2025年没有政府性基金预算安排的支出。", 2024, [2025.0]),
        (TITLES + "接待费2024年预算数4.20万元，较2023年年初预算增加0.10万元。", 2024, []),
        (TITLES + "接待费2023年预算数4.20万元，较2023年年初预算增加0.10万元。", 2024, [2023.0]),
    ],
)
def test_years(text: str, year: int, wrong: list[float]) -> None:
    assert _years(text, year) == wrong


def _years(text: str, year: int) -> list[float]:
    names = ("facts", "statements", "projects", "project_funds", "indicators", "leftovers")
    documents = frames.make("documents", [DOCUMENT | {"fiscal_year": year}])
    doc = SimpleNamespace(documents=documents, passages=((1, text),), **{name: frames.make(name, []) for name in names})
    found = bk.check(doc)
    return [*found.loc[(found["rule"] == "text.year") & (found["status"] == "fail"), "actual"]]


@pytest.mark.parametrize(("count", "status"), [(2, "fail"), (3, "not_run")])
def test_a_section_most_of_which_disagrees_speaks_of_something_else(count: int, status: str) -> None:
    leaves = {f"20103{k:02d}": 10.0 * k for k in range(1, count + 1)}
    whole = sum(leaves.values())
    rows = [total(1, whole), coded(2, "201", whole), coded(3, "20103", whole)]
    rows += [coded(4 + k, code, amount) for k, (code, amount) in enumerate(leaves.items())]
    said = [
        stated(
            code,
            amount + k,
            section="二",
            code=code,
            scheme="function",
            sentence=f"{code}为{amount + k:.2f}万元。",
            **(ITEMS | {"fund": "all"}),
        )
        for k, (code, amount) in enumerate(leaves.items(), 1)
    ]
    assert set(told("prose.cell", facts=rows, statements=said)) == {status}


@pytest.mark.parametrize(("missing", "status"), [(2, ["fail", "fail"]), (3, [])])
def test_rows_that_another_table_has_are_left_out_where_they_are_few(missing: int, status: list[str]) -> None:
    leaves = {f"20103{k:02d}": 2.0**k for k in range(1, 11)}
    whole = sum(leaves.values())
    rows = [total(1, whole), coded(2, "201", whole), coded(3, "20103", whole)]
    rows += [coded(4 + k, code, amount) for k, (code, amount) in enumerate(leaves.items())]
    rows = [row | {"nature": nature, "col": col} for row in rows for nature, col in (("all", 2), ("basic", 3))]
    other = [row | {"table": 2, "fund": "general_public_budget"} for row in rows]
    lacking = [row for row in rows if row.get("code") not in [*leaves][:missing]]
    assert [one for one in told("codes.left_out", facts=[*lacking, *other]) if one == "fail"] == status
