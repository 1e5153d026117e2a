"""Clean disclosures as HTML: tables and much prose, of one and the same money, as places of several kinds write them.

Amounts are whole yuan and printed rounded; nothing in these documents contradicts anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from budgetkit import codes

UNITS = ("某市水利局本级", "某市水文站", "某市河道管理所", "某市水利学校")
FUNCTIONS = (
    "2010301", "2010350", "2050302", "2080501", "2080505", "2101101", "2101102", "2130301", "2130305", "2210201",
)  # fmt: skip
ECONOMIC = ("30101", "30102", "30103", "30113", "30302", "30201", "30211", "30228", "30299", "31002")
PERSONNEL = ("301", "303")
THREE_PUBLIC = ("因公出国（境）费", "公务用车购置费", "公务用车运行费", "公务接待费")
ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Line:
    """Money of a unit by code, nature and source; `personnel` of it, `carried` brought forward."""

    unit: str
    code: str
    nature: str
    source: str
    yuan: int
    personnel: int
    carried: int


@dataclass(frozen=True, slots=True)
class Page:
    """A department, its money, and how it writes it down."""

    random: Random
    kind: str
    year: int
    lines: tuple[Line, ...]
    kept: int
    unit: str
    places: int
    #: places of the prose, in 万元; zeros at the end are left out
    told: int
    stripped: bool

    def sum(self, *, value: Callable[[Line], int] = lambda line: line.yuan, **wanted: str) -> int:
        """Of all lines with these values; a code is the beginning of one."""
        return sum(
            value(line)
            for line in self.lines
            if line.code.startswith(wanted.get("code", ""))
            and all(getattr(line, name) == wanted[name] for name in wanted if name != "code")
        )

    def cell(self, yuan: int) -> str:
        """An amount in a table."""
        return f"{yuan if self.unit == '元' else yuan / 10_000:,.{self.places}f}" if yuan else ""

    def said(self, yuan: int) -> str:
        """An amount in prose."""
        text = f"{yuan / 10_000:.{self.told}f}"
        return (text.rstrip("0").rstrip(".") if self.stripped and "." in text else text) + "万元"

    def change(self, now: int, before: int, base: str) -> str:
        """A clause of comparison."""
        if now == before:
            return f"，与{base}持平"
        words = ("增加", "增长") if now > before else ("减少", "下降")
        rate = f"，{words[1]}{abs(now - before) / before:.2%}" if before else ""
        return f"，比{base}{words[0]}{self.said(abs(now - before))}{rate}"

    def before(self, yuan: int) -> int:
        """What it may have been the year before."""
        return int(yuan * self.random.uniform(0.55, 1.7))

    @property
    def word(self) -> str:
        """预算 or 决算."""
        return "预算" if self.kind == "budget" else "决算"


def page(seed: int) -> Page:
    """A random department."""
    random = Random(seed)
    units = UNITS[: random.randint(1, 4)]
    lines = []
    for unit in units:
        for code in sorted(random.sample(FUNCTIONS, random.randint(3, 7))):
            for nature, source in (("basic", "general"), ("project", "general"), ("project", "other")):
                if random.random() < (0.7 if source == "general" else 0.2) or not lines:
                    yuan = random.randint(1, 4_000_000)
                    personnel = int(yuan * random.uniform(0.3, 0.9)) if nature == "basic" else 0
                    lines.append(Line(unit, code, nature, source, yuan, personnel, random.choice([0, 0, yuan // 3])))
    if random.random() < 0.4:
        lines.append(Line(units[-1], lines[-1].code, "business", "business", random.randint(1, 900_000), 0, 0))
    kind, unit = random.choice(["budget", "final_account"]), random.choice(["万元", "万元", "元"])
    kept = random.choice([0, random.randint(1, 900_000)]) if kind == "final_account" else 0
    places = random.choice([2, 2, 0, 1, 4, 6]) if unit == "万元" else random.choice([0, 2])
    told = min(places, random.choice([1, 2, 4])) if unit == "万元" else random.choice([1, 2])
    return Page(random, kind, random.randint(2021, 2025), tuple(lines), kept, unit, places, told, random.random() < 0.3)


def html(one: Page) -> bytes:
    """The document of a department."""
    title = f"<h1>某市水利局{one.year}年部门{one.word}公开</h1>"
    tables, prose = list(_tables(one)), [f"<p>{text}</p>" for text in _prose(one)]
    parts = [*tables, *prose] if one.random.random() < 0.5 else [*prose, *tables]
    return f"<html><body>{title}{''.join(parts)}</body></html>".encode()


def _table(one: Page, title: str, *rows: Sequence[str]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    return f"<p>{title}</p><p>编制单位：某市水利局　　单位：{one.unit}</p><table>{body}</table>"


def _name(code: str) -> str:
    return codes.function.name(code, 2023)


def _with_parents(one: Page, **wanted: str) -> list[str]:
    own = {line.code for line in one.lines if all(getattr(line, name) == wanted[name] for name in wanted)}
    return sorted({code[:size] for code in own for size in (3, 5, 7)})


def _natures(one: Page) -> list[tuple[str, str]]:
    names = [("基本支出", "basic"), ("项目支出", "project")]
    return [*names, ("事业单位经营支出", "business")] if one.sum(nature="business") else names


def _incomes(one: Page) -> list[tuple[str, int]]:
    def new(source: str) -> int:
        return one.sum(source=source, value=lambda line: line.yuan - line.carried)

    names = ("一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "事业单位经营收入", "其他收入")
    return list(zip(names, (new("general"), 0, new("business"), new("other") + one.kept), strict=True))


def _basic(one: Page) -> dict[str, int]:
    """Basic expenditure of 一般公共预算 by economic class."""
    found: dict[str, int] = {}
    people = one.sum(source="general", nature="basic", value=lambda line: line.personnel)
    rest = one.sum(source="general", nature="basic") - people
    for whole, own in ((people, PERSONNEL), (rest, ("302", "310"))):
        listed = [code for code in ECONOMIC if code.startswith(own)]
        for code in listed[1:]:
            found[code] = whole // (len(listed) + 1)
        found[listed[0]] = whole - sum(found[code] for code in listed[1:])
    return found


def _tables(one: Page) -> Iterator[str]:
    cell, total, carried = one.cell, one.sum(), one.sum(value=lambda line: line.carried)
    left = [(f"{ORDINALS[k]}、{name}", yuan) for k, (name, yuan) in enumerate(_incomes(one))]
    sections = sorted({line.code[:3] for line in one.lines})
    right = [(f"{ORDINALS[k]}、{_name(code)}", one.sum(code=code)) for k, code in enumerate(sections)]
    size = max(len(left), len(right))
    left += [("", 0)] * (size - len(left)) + [("本年收入合计", total + one.kept - carried), ("上年结转", carried)]
    right += [("", 0)] * (size - len(right)) + [("本年支出合计", total), ("结转下年", one.kept)]
    left, right = [*left, ("收入总计", total + one.kept)], [*right, ("支出总计", total + one.kept)]
    rows = [(a, cell(x), b, cell(y)) for (a, x), (b, y) in zip(left, right, strict=True)]
    yield _table(one, f"部门收支{one.word}总表", ("收入", f"{one.word}数", "支出", f"{one.word}数"), *rows)
    natures, split = _natures(one), one.random.random() < 0.5
    yield _table(one, f"部门支出{one.word}总表", *_spending(one, natures, split, one.random.random() < 0.4))
    general = {"source": "general"}
    rows = [
        (code, _name(code) if code else "合计", *(cell(one.sum(code=code, **general, **nature)) for nature in (
            {}, {"nature": "basic"}, {"nature": "project"})))
        for code in ("", *_with_parents(one, **general))
    ]  # fmt: skip
    heads = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
    yield _table(one, f"一般公共预算支出{one.word}表", heads, *rows)
    basic = _basic(one)
    listed = [("", "合计"), *((code, codes.economic_department.name(code, 2023)) for code in sorted(
        {*basic, *(code[:3] for code in basic)}))]  # fmt: skip
    rows = []
    for code, name in listed:
        parts = [sum(yuan for key, yuan in basic.items() if key.startswith(code) and (key[:3] in PERSONNEL) is people)
                 for people in (True, False)]  # fmt: skip
        rows.append((code, name, cell(sum(parts)), *map(cell, parts)))
    yield _table(
        one, f"一般公共预算基本支出{one.word}表", ("科目编码", "科目名称", "合计", "人员经费", "公用经费"), *rows
    )
    yield _table(one, f"政府性基金预算支出{one.word}表", heads, ("", "合计", "", "", ""))


def _spending(one: Page, natures: Sequence[tuple[str, str]], split: bool, by_unit: bool) -> Iterator[Sequence[str]]:
    """支出表 with 其中 columns, and by unit, where asked for."""
    parts = ["其中：人员经费", "其中：公用经费"] if split else []
    yield ["科目编码", "科目名称", "合计", natures[0][0], *parts, *(name for name, _ in natures[1:])]

    def amounts(**wanted: str) -> list[str]:
        people = one.sum(nature="basic", value=lambda line: line.personnel, **wanted)
        of = [one.sum(nature=nature, **wanted) for _, nature in natures]
        inner = [people, of[0] - people] if split else []
        return list(map(one.cell, [one.sum(**wanted), of[0], *inner, *of[1:]]))

    yield ["", "合计", *amounts()]
    for unit in dict.fromkeys(line.unit for line in one.lines) if by_unit else ("",):
        own = {"unit": unit} if unit else {}
        if unit:
            yield ["", unit, *amounts(**own)]
        for code in _with_parents(one, **own):
            yield [code, _name(code), *amounts(code=code, **own)]


def _prose(one: Page) -> Iterator[str]:
    total, said, year, word = one.sum(), one.said, f"{one.year}年度", one.word
    base = one.random.choice(["上年", f"{one.year - 1}年度"])
    yield f"一、收支{word}总体情况说明"
    yield f"{year}收入总计{said(total + one.kept)}，支出总计{said(total + one.kept)}" + one.change(
        total + one.kept, one.before(total) + 1, base
    ) + "。"  # fmt: skip
    income = [pair for pair in _incomes(one) if pair[1]]
    whole = sum(yuan for _, yuan in income)
    yield f"二、收入{word}情况说明"
    yield f"{year}本年收入合计{said(whole)}，其中：" + "；".join(
        f"{name}{said(yuan)}，占{yuan / whole:.2%}" for name, yuan in income
    ) + "。"  # fmt: skip
    yield f"三、支出{word}情况说明"
    spent = [(name, one.sum(nature=nature)) for name, nature in _natures(one)]
    yield f"{year}本年支出合计{said(total)}，其中：" + "；".join(
        f"{name}{said(yuan)}，占{yuan / total:.2%}" for name, yuan in spent
    ) + "。"  # fmt: skip
    yield from _general(one, year, base)
    yield from _others(one, year, base)


def _general(one: Page, year: str, base: str) -> Iterator[str]:
    general, said, total = one.sum(source="general"), one.said, one.sum()
    yield f"四、一般公共预算支出{one.word}情况说明"
    yield f"{year}一般公共预算支出{said(general)}，占本年支出合计的{general / total:.2%}" + one.change(
        general, one.before(general) + 1, base
    ) + "。"  # fmt: skip
    for k, code in enumerate((code for code in _with_parents(one, source="general") if len(code) == 7), 1):
        yuan = one.sum(code=code, source="general")
        path = f"{_name(code[:3])}（类）{_name(code[:5])}（款）{_name(code)}（项）"
        budget = one.before(yuan) + 1
        if one.kind == "final_account":
            more = "大于" if yuan > budget else "小于" if yuan < budget else "等于"
            rate = f"，完成年初预算的{yuan / budget:.2%}，决算数{more}年初预算数" if budget > 500 else ""
            yield f"{k}．{path}。年初预算为{said(budget)}，支出决算为{said(yuan)}{rate}。"
        else:
            yield f"{k}．{path}{year}预算数为{said(yuan)}" + one.change(yuan, budget, base) + "，主要用于履职支出。"
    basic = _basic(one)
    people = sum(yuan for code, yuan in basic.items() if code[:3] in PERSONNEL)
    yield f"五、一般公共预算基本支出{one.word}情况说明"
    yield (
        f"{year}一般公共预算基本支出{said(sum(basic.values()))}，其中：人员经费{said(people)}，主要包括：基本工资、津贴补贴等；"
        + (f"公用经费{said(sum(basic.values()) - people)}，主要包括：办公费、差旅费等。")
    )


def _others(one: Page, year: str, base: str) -> Iterator[str]:
    said, random = one.said, one.random
    values = [random.choice([0, random.randint(1, 90_000)]) for _ in THREE_PUBLIC]
    yield f"六、“三公”经费{one.word}情况说明"
    cars = values[1] + values[2]
    yield (
        f"{year}“三公”经费支出{said(sum(values))}{one.change(sum(values), one.before(sum(values)), base)}。其中："
        f"{THREE_PUBLIC[0]}{said(values[0])}；公务用车购置及运行费{said(cars)}（其中：{THREE_PUBLIC[1]}{said(values[1])}，"
        f"{THREE_PUBLIC[2]}{said(values[2])}）；{THREE_PUBLIC[3]}{said(values[3])}。"
    )
    yield "七、其他重要事项说明"
    bought = [random.randint(0, 90_000) for _ in range(3)]
    yield f"{year}政府采购支出总额{said(sum(bought))}，其中：政府采购货物支出{said(bought[0])}、政府采购工程支出" + (
        f"{said(bought[1])}、政府采购服务支出{said(bought[2])}。"
    )
    for unit in list(dict.fromkeys(line.unit for line in one.lines))[1:]:
        own = one.sum(unit=unit)
        parts = "，".join(f"{name}{said(one.sum(unit=unit, nature=nature))}" for name, nature in _natures(one))
        yield random.choice([
            f"{unit}{year}支出总计{said(own)}{one.change(own, one.before(own) + 1, base)}。其中：{parts}。",
            f"{unit}：{year}收入总计{said(own)}，支出总计{said(own)}{one.change(own, one.before(own) + 1, base)}。",
        ])  # fmt: skip
    yield "本部门没有政府性基金预算拨款安排的支出，政府性基金预算支出表为空表。"
