"""Captions: the lines above a table, taken apart into title, unit of money and entity; and which form a title names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from budgetkit import lexicon, specs, trees
from budgetkit.errors import SpecError
from budgetkit.lexicon import NOTHING, Meaning
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.units import YUAN_PER, unit_in, without_unit
from budgetkit.printed.widths import fold, squeeze
from budgetkit.printed.years import year_in
from budgetkit.tables.columns import is_organisation

#: characters of the first line of a title that wraps within a word
SHORTEST = 4
_PLACES = tuple("省市区县州旗盟镇乡")
#: coordinates by which titles are told apart
_OF_TITLES = ("two_sided", "flow", "fund", "nature", "origin")


@dataclass(frozen=True)
class TitleSpec:
    """How a caption is taken apart; see specs/titles.toml."""

    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    qualifier: re.Pattern[str]
    title_like: str
    entity_line: re.Pattern[str]
    table_number: str
    note: re.Pattern[str]
    page_number: re.Pattern[str]


@dataclass(frozen=True)
class Form:
    """One standard table (form): its id, official name, and the coordinates that its title gives."""

    id: str
    #: official Chinese name
    label: str
    two_sided: bool = False
    flow: str | None = None
    fund: str | None = None
    nature: str | None = None
    origin: str | None = None
    item: str | None = None
    #: coordinates that the title may give besides
    any: tuple[str, ...] = ()
    #: the document kinds that should have it
    kinds: tuple[str, ...] = ()
    #: the first fiscal year that should have it
    since: int = 0

    def fits(self, meaning: Meaning) -> bool:
        """Whether a title of this meaning is one of this form."""
        if self.item is None:
            items = not meaning.items
        else:
            own = any(trees.within("item", item, self.item) for item in meaning.items)
            items = own and ("items" in self.any or len(meaning.items) == 1)
        return items and all(self._allows(name, getattr(meaning, name)) for name in _OF_TITLES)

    def _allows(self, name: str, value: str | bool | None) -> bool:
        wanted = getattr(self, name)
        if not wanted:
            return name in self.any or not value
        # a table of 人员经费 is one of basic expenditure
        return value == wanted or (name == "nature" and isinstance(value, str) and trees.within(name, value, wanted))


@dataclass(frozen=True)
class Forms:
    """All of specs/forms.toml."""

    form: tuple[Form, ...]


@dataclass(frozen=True)
class Caption:
    """What stands above a table."""

    #: as printed, white space removed; None where none is printed
    title: str | None
    #: id of the form that the title names; None when it names none
    form: str | None
    #: 元, 万元 …; None where none is printed
    unit: str | None
    #: the unit (部门/单位) that the caption names
    entity: str | None
    #: all lines, white space removed
    lines: tuple[str, ...] = ()
    #: what the title says of the amounts
    meaning: Meaning = NOTHING


@cache
def title_spec() -> TitleSpec:
    """The caption vocabulary."""
    return specs.load(TitleSpec, "titles.toml")


@cache
def forms() -> tuple[Form, ...]:
    """The standard tables, in the order of the specification."""
    found = specs.load(Forms, "forms.toml").form
    if len({form.id for form in found}) != len(found):
        raise SpecError("forms.toml: an id stands twice")
    return found


def form_spec(form: str | None) -> Form | None:
    """The specification of a form; None for `other`."""
    return next((spec for spec in forms() if spec.id == form), None)


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in title_spec().prefixes))


def bare_title(title: str, entities: Sequence[str] = ()) -> tuple[str, tuple[str, ...]]:
    """A title without year, place, unit and table number, and its bracketed qualifiers.

    `entities`: names that may stand in front of it.

    >>> bare_title("表5 2024年部门一般公共预算支出情况表（按功能分类科目）")
    ('一般公共预算支出情况表', ('按功能分类科目',))
    """
    text = fold(title).replace('"', "").replace("《", "").replace("》", "").replace("'", "").replace("・", "")
    names = [fold(name) for name in entities if name]
    for pattern in title_spec().suffixes:
        text = re.sub(f"(?:{pattern})$", "", text)
    dated = re.match(r"(?P<before>.{2,40}?)20\d\d年", text)
    if dated and (is_organisation(dated["before"]) or dated["before"].endswith(_PLACES)):
        text = text[dated.end("before") :]
    text = _without_prefixes(text, names)
    qualifiers = tuple(re.findall(r"\(([^()]*)\)", text))
    return re.sub(r"\([^()]*\)", "", text), qualifiers


def _without_prefixes(text: str, names: Sequence[str]) -> str:
    previous = ""
    while previous != text:
        previous = text
        match = _prefix().match(text)
        if match and match.end() < len(text):
            text = text[match.end() :]
        for name in names:
            if text.startswith(name) and len(text) > len(name):
                text = text[len(name) :]
    return text


@lru_cache(maxsize=1 << 12)
def title_meaning(title: str, entities: tuple[str, ...] = ()) -> Meaning:
    """What a title says of the amounts of its table: without table number, publisher and ordinals.

    >>> title_meaning("表3：高等学校支出决算表").flow, title_meaning("支出决算表说明").unread
    ('expenditure', ('说明',))
    """
    text, qualifiers = bare_title(title, entities)
    meaning = lexicon.read(text)
    for qualifier in qualifiers:
        if not is_label_of_title(qualifier):
            own = lexicon.read(qualifier)
            # 政府采购（资产配置、购买服务）: what else the table holds
            own = own._replace(items=meaning.items or own.items)
            meaning, _ = lexicon.refine(meaning, own)
    if meaning.unread and is_organisation(meaning.unread[0]) and text.startswith(meaning.unread[0]):
        # a publisher that is not known by this name
        meaning = meaning._replace(unread=meaning.unread[1:])
    year = year_in(title)
    return meaning._replace(year=year) if year is not None and meaning.year is None else meaning


def is_label_of_title(qualifier: str) -> bool:
    """Whether a bracketed part of a title numbers it or says of whom it is (公开01表, 本级)."""
    return title_spec().qualifier.fullmatch(qualifier) is not None


def form_of_title(title: str, entities: Sequence[str] = ()) -> str | None:
    """The id of the form that a whole title names; None when it names none.

    >>> form_of_title("收入支出决算总表"), form_of_title("支出决算表"), form_of_title("支出决算表说明")
    ('income_expenditure_summary', 'expenditure', None)
    """
    meaning = title_meaning(title, tuple(entities))
    if meaning.unread or not _title_like(title):
        return None
    return next((form.id for form in forms() if form.fits(meaning)), None)


def read_caption(lines: Sequence[str], entities: Sequence[str] = ()) -> Caption:
    """Take the lines above a table apart.

    `lines`: from top to bottom; a tab parts texts that stand side by side; `entities`: names that may stand in front of
    a title.
    """
    parts = [part for line in lines for part in map(squeeze, line.split("\t")) if part]
    unit = next((unit for part in reversed(parts) if (unit := unit_in(part))), None)
    entity = _entity(parts)
    names = tuple(filter(None, (*entities, entity)))
    titles = _titles(parts, names)
    for title in titles:
        form = form_of_title(title, names)
        if form:
            return Caption(title, form, unit, entity, tuple(parts), title_meaning(title, names))
    like = next((title for title in titles if _title_like(title)), None)
    return Caption(like, None, unit, entity, tuple(parts), title_meaning(like, names) if like else NOTHING)


def _entity(parts: Sequence[str]) -> str | None:
    named = (match for part in reversed(parts) if (match := _names_entity(part)))
    return next((re.split(r"\d{4}年|日期|填报", match["entity"])[0] or None for match in named), None)


@lru_cache(maxsize=1 << 12)
def _names_entity(part: str) -> re.Match[str] | None:
    # the unit of money often follows on the same line without a gap
    text = re.split(f"(金额|货币|计量)?单位[:：](人民币)?({'|'.join(YUAN_PER)})", part)[0]
    match = title_spec().entity_line.match(text.replace(":", "："))
    # 单位：㎡、万元 states units and no publisher
    fits = match and len(match["entity"]) >= 3 and not match["entity"].endswith((*YUAN_PER, "㎡", "%"))
    return match if fits else None


def _titles(parts: Sequence[str], entities: tuple[str, ...]) -> list[str]:
    """Lines that may be a title, the nearest first; before each the same with the line above where it wraps."""
    plain = [part for part in parts if _may_be_title(part)]
    found = []
    for k in range(len(plain) - 1, -1, -1):
        if k and _wraps(plain[k - 1], plain[k], entities):
            found.append(plain[k - 1] + plain[k])
        found.append(plain[k])
    return found


@lru_cache(maxsize=1 << 12)
def _may_be_title(part: str) -> bool:
    spec = title_spec()
    text = fold(part)
    other = unit_in(part) is not None and not _title_like(without_unit(part))
    other |= any(pattern.match(text) for pattern in (spec.entity_line, spec.note))
    other |= spec.page_number.fullmatch(text) is not None or re.fullmatch(spec.table_number, text) is not None
    return not other and len(part) <= 60 and not part.endswith(("。", "；", "，"))


def _wraps(part: str, rest: str, entities: tuple[str, ...]) -> bool:
    """Whether a line is the first half of a title that wraps: within a word, or behind whose money or what for."""
    if "表" in part or _title_like(part) or title_meaning(part + rest, entities).unread:
        return False
    upper = [word for word, _ in lexicon.words(part)]
    if len(part) >= SHORTEST and [word for word, _ in lexicon.words(part + rest)][: len(upper)] != upper:
        return form_of_title(part + rest, entities) is not None
    if strip_ordinal(part) != part:
        return False
    meaning = title_meaning(part, entities)
    return any((meaning.fund, meaning.nature, meaning.items, meaning.flow, meaning.two_sided))


@lru_cache(maxsize=1 << 12)
def _title_like(title: str) -> bool:
    text = re.sub(r"\([^()]*\)$", "", fold(title))
    text = re.sub(f"(?:{'|'.join(title_spec().suffixes)})$", "", text)
    # 基本支出表-人员经费: a table and which part of it
    text = re.sub(r"(?<=表)[-—－–]+[^-]*$", "", text)
    return re.search(f"({title_spec().title_like})$", text) is not None and "。" not in text and len(text) <= 60


@lru_cache(maxsize=1 << 12)
def is_note(text: str) -> bool:
    """Whether a line is a note under a table (注：…, 备注：…)."""
    return title_spec().note.match(fold(text)) is not None


@lru_cache(maxsize=1 << 12)
def is_page_number(text: str) -> bool:
    """Whether a line is nothing but a page number."""
    return title_spec().page_number.fullmatch(fold(text)) is not None


@lru_cache(maxsize=1 << 12)
def is_caption_text(text: str) -> bool:
    """Whether a text is a line of a caption by itself: 单位：万元, 编制部门：…, 公开01表, 2024年度."""
    spec = title_spec()
    folded = fold(text)
    if spec.entity_line.match(folded) or (unit_in(folded) and not without_unit(folded)):
        return True
    return re.fullmatch(f"{spec.table_number}|20\\d\\d年度?", folded) is not None and not folded.isdigit()
