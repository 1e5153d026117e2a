"""What the rows of a block are about: a class, a unit, a project, a total, or a term of the field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from budgetkit import codes, lexicon, trees
from budgetkit.lexicon import NOTHING, Meaning
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.widths import fold
from budgetkit.tables import columns, labels
from budgetkit.tables.coordinates import BALANCES
from budgetkit.tables.labels import RowLabel
from budgetkit.tables.layout import Block
from budgetkit.tables.scopes import Grouped, Listed, Scope, ordinal

#: part of the names of a block that must stand in a code book for the others to be looked up in it
CLASSES = 0.6
#: characters of a name that tell a class by its beginning
SHORTEST = 4
_SCHEMES = ("function", "economic_department", "economic_government")
_GOODS = frozenset({"goods", "works", "services"})
_LETTERED = re.compile("[ABC]")
_BRACKETED = re.compile(r"[(（\[［]?\d+[)）\]］]?[-_－—]?(?=\D)|\((?:本级|汇总|机关)\)$")


class Sense(NamedTuple):
    """What one row is about."""

    #: whose money it is; None for the table's own entity
    entity: str | None = None
    code: str | None = None
    #: "printed" or "resolved"; None without code
    code_source: str | None = None
    project: str | None = None
    #: what its label says of its amounts
    told: Meaning = NOTHING
    #: whether a balance (年初结转, 结余分配) stands above it in its block
    after_balances: bool = False
    #: whether it counts things and holds no money
    counted: bool = False


@dataclass(frozen=True)
class Table:
    """What the rows of all blocks of a table share."""

    form: str
    title: Meaning
    title_text: str
    two_sided: bool
    year: int | None
    #: whose table it is
    entity: str | None
    #: names of the units that the document lists, folded, and their names by their numbers
    units: frozenset[str]
    numbers: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1 << 12)
def unit_key(name: str) -> str:
    """A unit's name for comparing: without its number and （本级）.

    >>> unit_key("[242001]某局（本级）") == unit_key("某局")
    True
    """
    return _BRACKETED.sub("", fold(name))


def senses(named: Sequence[RowLabel], block: Block, table: Table) -> list[Sense]:
    """The sense of every row of a block, in order."""
    heads = [cell for column in block.labels if column.role == "name" for cell in column.path]
    organised = any(column.role == "code" for column in block.labels) or any(map(columns.heads_units, heads))
    units = _parted(named, [_unit_of(label, organised, table) for label in named], table)
    resolved = _resolved(named, units, block, table)
    found: list[Sense] = []
    entity: str | None = None
    scope, listed, grouped = Scope(), Listed(), Grouped()
    projects = any(_heads_projects(cell) for cell in heads)
    bought = _bought(named, units, table)
    parted = _by_class(named, units)
    for label, unit, code, item in zip(named, units, resolved, bought, strict=True):
        total = columns.is_total(label.item.label) and unit is None
        entity = unit or (None if total else entity)
        # the number of a unit is no class; where a row is not the unit, or each has a row a class, the code is one
        whole = unit and unit_key(unit) in (unit_key(label.item.label), unit_key(label.project or ""))
        whole = whole and not label.entity and label.project not in parted
        printed = None if whole else label.item.code
        key = printed or code
        project = None if total else _project(label, key, unit, table, projects)
        grouped = grouped.over(label, project, total or unit is not None)
        project = project or grouped.project
        told = NOTHING if key or project or unit else _told(label, table)
        told = _below(label, told, total, listed, table)
        told = scope.within(label.item.label, told._replace(items=(item,)) if item else told, total)
        source = "printed" if printed else "resolved" if code else None
        # 行政运行（项） is a class and counts nothing
        counted = not key and listed.counts(label.item.label)
        found.append(Sense(entity, key, source, project, told, scope.any_balance, counted))
        scope = scope.after(label.item.label, told, total)
        listed = listed.after(label.item.label, told.items)
    return found


def _below(label: RowLabel, told: Meaning, total: bool, listed: Listed, table: Table) -> Meaning:
    """What a row of a table of items says below an item: its total is the item's, another name is a part unknown."""
    over = listed.over(label.item.label)
    if table.form not in ("three_public", "agency_operation") or not over or told.items or label.item.code:
        return told
    if columns.is_total(strip_ordinal(label.item.label)):
        return told._replace(items=(over,))
    return told if told.unread or told.fund else told._replace(unread=(label.item.label,))


def _bought(named: Sequence[RowLabel], units: Sequence[str | None], table: Table) -> list[str | None]:
    """What the rows of a table of procurement buy, by their own words and by the group that they stand in."""
    if table.form != "procurement":
        return [None] * len(named)
    own = [_item_bought(label) for label in named]
    first = next((k for k, item in enumerate(own) if item), len(own))
    by_unit = any(units[:first])
    found: list[str | None] = []
    group: str | None = None
    for label, unit, item in zip(named, units, own, strict=True):
        heads = item and not label.project and not label.told
        ends = columns.is_total(strip_ordinal(label.item.label)) or (unit and by_unit)
        group = item if heads else None if ends or _is_apart(label.item.label) else group
        found.append(item or group)
    return found


def _is_apart(label: str) -> bool:
    """Whether a label names a part of the money that no coordinate names (其中：中央资金, 授予中小企业合同金额)."""
    return any(term and term.opaque for _, term in lexicon.words(label))


def _item_bought(label: RowLabel) -> str | None:
    allowed = _GOODS
    for text in (label.item.label, *label.told):
        items = [item for item in lexicon.read(text).items if item in allowed]
        if len(items) == 1 and (text in label.told or not lexicon.read(text).unread or _LETTERED.search(text)):
            return items[0]
    return None


def _unit_of(label: RowLabel, coded: bool, table: Table) -> str | None:
    """The unit that a row names: in a column of units, with its number, or one that the document lists."""
    if label.entity:
        # a name that its cell cuts is known by its number
        known = table.numbers.get(label.unit_code or "", "")
        cut = min(known, label.entity, key=len)
        return known if cut and max(known, label.entity, key=len).startswith(cut) else label.entity
    name = labels.UNIT_CODE.sub("", label.item.label)
    if not name or columns.is_total(name) or table.two_sided:
        return None
    if label.project and unit_key(label.project) in table.units:
        return label.project
    listed = unit_key(name) in table.units
    if label.item.code:
        organised = listed or columns.is_organisation(name)
        unit = organised and not _is_class(label.item.code, name)
    else:
        unit = listed or (coded and columns.is_organisation(name) and not codes.function.find(name))
    return name if unit else table.numbers.get(label.unit_code or "")


def _parted(named: Sequence[RowLabel], units: Sequence[str | None], table: Table) -> list[str | None]:
    """The units of rows, where one among several has the name of the table's own: that is the department itself (本级).

    Where two rows with that name follow each other, the first is the department with its units; and so is a row whose
    number begins those of others.
    """
    own = fold(table.entity or "")
    mine = [k for k, unit in enumerate(units) if unit and fold(unit) == own and "本级" not in unit]
    others = {unit_key(unit) for unit in units if unit} - {unit_key(own)}
    found = list(units)
    if mine and others:
        numbers = [label.unit_code or label.item.code or "" for label in named]
        twice = len(mine) > 1 and mine[1] == mine[0] + 1 and (not (own := numbers[mine[0]]) or own != numbers[mine[1]])
        whole = mine[:1] if twice else []
        whole += [k for k in mine if numbers[k] and _begins(numbers[k], numbers, units)]
        for k in mine:
            found[k] = units[k] if k in whole else f"{units[k]}（本级）"
    return found


def _by_class(named: Sequence[RowLabel], units: Sequence[str | None]) -> frozenset[str]:
    """The units that stand where projects do, each with a row for every class: the others' rows are their totals."""
    rows = {
        (label.project, label.item.code) for label, unit in zip(named, units, strict=True) if unit and label.project
    }
    times = Counter(project for project, code in rows if project and code)
    return frozenset(project for project, number in times.items() if number > 1)


def _begins(number: str, numbers: Sequence[str], units: Sequence[str | None]) -> bool:
    others = (other for other, unit in zip(numbers, units, strict=True) if unit and other != number)
    return any(other.startswith(number) for other in others)


def _is_class(code: str, name: str) -> bool:
    """Whether a code is one of the classifications: itself or under this name, or a new one below a 款 (优抚医院)."""
    book = getattr(codes, labels.scheme_of(code) or "", None)
    if book is None or len(code) not in (3, 5, 7):
        return False
    return code in book or (len(code) == 7 and code[:5] in book) or bool(book.find(name))


def _resolved(named: Sequence[RowLabel], units: Sequence[str | None], block: Block, table: Table) -> list[str | None]:
    """Codes of the rows that print a class by its name alone; None where a name is none or not one for sure."""
    none: list[str | None] = [None] * len(named)
    said = any("科目" in cell for column in block.labels if column.role == "name" for cell in column.path)
    open_ = [k for k, label in enumerate(named) if _may_be_class(label, units[k], said)]
    if not open_ or any(label.item.code for label in named) or (table.two_sided and block.side == "income"):
        return none
    if _items_of(table) and table.form != "agency_operation" and not said:
        return none
    best = none
    for scheme in _schemes_of(block, table):
        found = _looked_up([named[k] for k in open_], scheme, table)
        hits = sum(code is not None for code in found)
        if scheme == "function" and table.two_sided and hits > 1:
            found = [code or _shortened(named[k]) for k, code in zip(open_, found, strict=True)]
            found = _at_the_top([named[k] for k in open_], found)
        enough = table.two_sided or hits >= max(2, CLASSES * len(open_))
        if enough and hits > sum(code is not None for code in best):
            told = dict(zip(open_, found, strict=True))
            best = [told.get(k) for k in range(len(named))]
    return best


def _may_be_class(label: RowLabel, unit: str | None, said: bool) -> bool:
    """Whether a row may print a class by its name; beside a project only where a head says so (经济科目)."""
    name = strip_ordinal(label.item.label)
    other = unit or (label.project and (not said or name == label.project))
    return not (label.item.code or other or not name or columns.is_total(name))


def _schemes_of(block: Block, table: Table) -> Sequence[str]:
    """The classifications that a block may list, by its heads and the table's title."""
    heads = "".join(cell for column in block.labels for cell in column.path)
    if table.title.nature == "project" and not re.search("科目|经济|功能", heads):
        return ()
    for text in (heads, table.title_text):
        if "经济" in text:
            return ("economic_government",) if "政府预算" in text else ("economic_department", "economic_government")
        if "功能" in text:
            return ("function",)
    if "用途" in heads:
        return ()
    return ("function", "economic_department", "economic_government")


def _looked_up(named: Sequence[RowLabel], scheme: str, table: Table) -> list[str | None]:
    """The codes of names in one classification; of several the one below the class in force."""
    book: codes.CodeBook = getattr(codes, scheme)
    found: list[str | None] = []
    above: str | None = None
    for label in named:
        for name in (*label.item.above, label.item.label):
            code = _one(book.find(strip_ordinal(name), table.year), above)
            above = code or above
        found.append(code)
    return found


def _shortened(label: RowLabel) -> str | None:
    """The class whose name begins as a label does (文化旅游: 文化旅游体育与传媒支出), where there is one."""
    name = codes.normalise(strip_ordinal(label.item.label))
    if len(name) < SHORTEST:
        return None
    hits = {
        entry.code
        for entry in codes.function.entries
        if entry.level == 1 and codes.normalise(entry.name).startswith(name)
    }
    return hits.pop() if len(hits) == 1 else None


def _at_the_top(named: Sequence[RowLabel], found: Sequence[str | None]) -> list[str | None]:
    """Where most labels with one kind of ordinal are 类, the others of that kind are too (20、住房保障)."""
    levels = [ordinal(label.item.label)[0] for label in named]
    kept = list(found)
    for level in set(levels) - {0}:
        own = [k for k, each in enumerate(levels) if each == level]
        sections = sum(len(found[k] or "") == 3 for k in own)
        if 2 * sections > len(own):
            for k in own:
                kept[k] = found[k] if len(found[k] or "") == 3 else _shortened(named[k])
    return kept


def _one(hits: Sequence[str], above: str | None) -> str | None:
    """The one code of several that continues the list: below the code in force, or beside it."""
    if len(hits) == 1:
        return hits[0]
    for length in (5, 3):
        below = [code for code in hits if above and len(above) >= length and code.startswith(above[:length])]
        if len(below) == 1:
            return below[0]
    classes = [code for code in hits if len(code) == 3]
    return classes[0] if len(classes) == 1 else None


def _project(label: RowLabel, code: str | None, unit: str | None, table: Table, named: bool) -> str | None:
    """The project of a row: of its own column, or the name of a row of a table of projects that is nothing else."""
    if label.project and label.project == unit:
        return None
    if label.project:
        other = columns.is_total(label.project) or unit_key(label.project) in table.units
        return None if other or _is_kind(label.project) else label.project
    name = label.item.label
    projects = (named or table.title.nature == "project") and not table.two_sided and not _is_kind(name)
    if not projects or (code and not _named_apart(label, named)) or unit or not name:
        return None
    return name if lexicon.read(name).unread and not columns.is_total(strip_ordinal(name)) else None


def _heads_projects(cell: str) -> bool:
    """Whether a head over names says that projects stand there (单位名称（项目）); 项目 alone may be anything."""
    text = columns.plain(cell)
    return "项目" in text and text != "项目" and ("科目" not in text or "(项目)" in text)


def _is_kind(name: str) -> bool:
    """Whether a text where projects stand names a kind of money, unit or project: 日常公用经费, 全额, 专用项目."""
    told = lexicon.read(name)
    return columns.is_kind(name) or (not told.unread and trees.within("nature", told.nature or "all", "basic"))


def _named_apart(label: RowLabel, named: bool) -> bool:
    """Whether the name beside a printed class is a project's, below a head that says so."""
    book = getattr(codes, label.item.scheme or "", None)
    return named and book is not None and not book.find(strip_ordinal(label.item.label))


def _told(label: RowLabel, table: Table) -> Meaning:
    """What the label of a row says of its amounts, where it names no class, unit or project."""
    name = label.item.label
    told = lexicon.read(name)
    allowed = _items_of(table)
    told = told._replace(items=tuple(item for item in told.items if item in allowed))
    total = columns.is_total(strip_ordinal(name))
    if label.group and not (over := lexicon.read(label.group)).unread and not told.unread:
        told = lexicon.refine(over, told)[0]
    vague = not (told.fund or told.nature or told.items or told.origin or told.aspect or told.flow in BALANCES)
    if total and table.title.nature == "basic":
        # 人员经费合计: the sum of a list of classes, whose rows keep the nature of the title
        told = told._replace(nature=None)
    if told.unread or (vague and told.flow and not total):
        # a summary and the table of the “三公”经费 list nothing but terms and classes
        terms_only = table.form == "three_public" or table.title.flow == "income"
        lists = table.two_sided or (terms_only and not columns.is_organisation(name)) or _is_apart(name)
        return NOTHING._replace(unread=(name,) if lists and name else (), items=told.items)
    return told


def _items_of(table: Table) -> frozenset[str]:
    """The items that the rows of a table may be."""
    if table.form == "procurement":
        return _GOODS
    if table.form in ("agency_operation", "three_public") or "three_public" in table.title.items:
        rows = frozenset(columns.vocabulary().item_names) | {"three_public", "three_public_meetings_training"}
        return rows | _GOODS | {"procurement"}
    return frozenset()


def numbered_units(rows: Iterable[tuple[str, str | None, str | None]]) -> Mapping[str, str]:
    """The names of the units that a document lists, by their numbers; of several the longest, as cells cut names."""
    found: dict[str, str] = {}
    for label, unit, number in rows:
        name = unit or label
        if number and columns.is_organisation(unit_key(name)) and len(name) > len(found.get(number, "")):
            found[number] = labels.UNIT_CODE.sub("", name)
    return found


def listed_units(rows: Iterable[tuple[str, str | None]]) -> frozenset[str]:
    """Keys of the units that a document lists, of the label of a row and its unit.

    `rows`: of its tables; `unit` is what a column of units prints.
    """
    return frozenset(
        unit_key(name)
        for label, unit in rows
        for name in (unit or "", label)
        if name and columns.is_organisation(unit_key(name)) and not codes.function.find(name)
    )
