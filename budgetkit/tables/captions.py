"""Captions: the lines above a table, taken apart into title, unit of money and entity; and which form a title names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from budgetkit import specs
from budgetkit.errors import SpecError
from budgetkit.printed.widths import fold, squeeze
from budgetkit.tables import columns


@dataclass(frozen=True)
class TitleSpec:
    """How a caption is taken apart; see specs/titles.toml."""

    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    qualifier: str
    qualifier_tail: str
    title_like: str
    unit_line: str
    loose_unit: str
    entity_line: str
    table_number: str
    note: str
    page_number: str
    units: dict[str, int]


@dataclass(frozen=True)
class Form:
    """One standard table (form): its id, official name and the titles it goes by."""

    id: str
    #: official Chinese name
    label: str
    titles: tuple[str, ...]
    qualifiers: tuple[str, ...] = ()
    two_sided: bool = False
    #: measure that the whole table is about, whose column is its total
    subject: str | None = None
    #: the document kinds that should have it
    kinds: tuple[str, ...] = ()
    #: the first fiscal year that should have it
    since: int = 0


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


@cache
def title_spec() -> TitleSpec:
    """The caption vocabulary."""
    return specs.build(TitleSpec, specs.read_toml("titles.toml"), "titles.toml")


@cache
def forms() -> tuple[Form, ...]:
    """The standard tables, in the order of the specification."""
    tables = specs.read_toml("forms.toml")["form"]
    found = tuple(specs.build(Form, table, f"forms.toml form {k + 1}") for k, table in enumerate(tables))
    if len({form.id for form in found}) != len(found):
        raise SpecError("forms.toml: an id stands twice")
    return found


def form_spec(form: str | None) -> Form | None:
    """The specification of a form; None for `other`."""
    return next((spec for spec in forms() if spec.id == form), None)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in title_spec().prefixes))


def bare_title(title: str, entities: Sequence[str] = ()) -> tuple[str, tuple[str, ...]]:
    """A title without year, place, unit and table number, and its bracketed qualifiers.

    Parameters
    ----------
    title : str
        As printed.
    entities : sequence of str
        Names that may stand in front of it.

    Examples
    --------
    >>> bare_title("表5 2024年部门一般公共预算支出情况表（按功能分类科目）")
    ('一般公共预算支出情况表', ('按功能分类科目',))
    """
    text = fold(title).replace('"', "").replace("《", "").replace("》", "").replace("'", "").replace("・", "")
    names = [fold(name) for name in entities if name]
    for pattern in title_spec().suffixes:
        text = re.sub(f"(?:{pattern})$", "", text)
    dated = re.match(r"(?P<before>.{2,40}?)20\d\d年", text)
    if dated and columns.is_organisation(dated["before"]):
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


def form_of_title(title: str, entities: Sequence[str] = ()) -> str | None:
    """The id of the form that a whole title names; None when it names none.

    >>> form_of_title("收入支出决算总表"), form_of_title("支出决算表"), form_of_title("支出决算表说明")
    ('income_expenditure_summary', 'expenditure', None)
    """
    text, qualifiers = bare_title(title, entities)
    for form in forms():
        if any(_compiled(pattern).fullmatch(text) for pattern in form.titles):
            return form.id if all(_known(qualifier, form) for qualifier in qualifiers) else None
    return None


def _known(qualifier: str, form: Form) -> bool:
    bare = re.sub(title_spec().qualifier_tail, "", qualifier)
    return not bare or any(_compiled(pattern).fullmatch(bare) for pattern in (*form.qualifiers, title_spec().qualifier))


def read_caption(lines: Sequence[str], entities: Sequence[str] = ()) -> Caption:
    """Take the lines above a table apart.

    Parameters
    ----------
    lines : sequence of str
        From top to bottom; a tab parts texts that stand side by side.
    entities : sequence of str
        Names that may stand in front of a title.
    """
    parts = [part for line in lines for part in map(squeeze, line.split("\t")) if part]
    unit = _first(parts, title_spec().unit_line, "unit") or _first(parts, title_spec().loose_unit, "unit")
    entity = _entity(parts)
    titles = _titles(parts)
    for title in reversed(titles):
        form = form_of_title(title, [*entities, entity or ""])
        if form:
            return Caption(title, form, unit, entity, tuple(parts))
    like = [title for title in titles if _title_like(title)]
    return Caption(like[-1] if like else None, None, unit, entity, tuple(parts))


def _first(parts: Sequence[str], pattern: str, group: str) -> str | None:
    for part in reversed(parts):
        match = _compiled(pattern).search(fold(part))
        if match:
            return match[group]
    return None


def _entity(parts: Sequence[str]) -> str | None:
    spec = title_spec()
    for part in reversed(parts):
        # the unit of money often follows on the same line without a gap
        text = re.split(f"(金额|货币|计量)?单位[:：](人民币)?({'|'.join(spec.units)})", part)[0]
        match = _compiled(spec.entity_line).match(text.replace(":", "："))
        if match and len(match["entity"]) >= 3 and match["entity"] not in spec.units:
            return re.split(r"\d{4}年|日期|填报", match["entity"])[0] or None
    return None


def _titles(parts: Sequence[str]) -> list[str]:
    """Lines that may be a title, and neighbours joined (a title that wraps)."""
    spec = title_spec()
    plain = []
    for part in parts:
        text = fold(part)
        other = any(
            _compiled(pattern).match(text)
            for pattern in (spec.unit_line, spec.entity_line, spec.note, f"({spec.table_number}|{spec.page_number})$")
        )
        if not other and len(part) <= 60 and not part.endswith(("。", "；", "，")):
            plain.append(part)
    return [*(first + second for first, second in pairwise(plain)), *plain]


def _title_like(title: str) -> bool:
    text = re.sub(r"\([^()]*\)$", "", fold(title))
    return re.search(f"({title_spec().title_like})$", text) is not None and "。" not in text and len(text) <= 45


def is_note(text: str) -> bool:
    """Whether a line is a note under a table (注：…, 备注：…)."""
    return _compiled(title_spec().note).match(fold(text)) is not None


def is_page_number(text: str) -> bool:
    """Whether a line is nothing but a page number."""
    return _compiled(title_spec().page_number).fullmatch(fold(text)) is not None


def is_caption_text(text: str) -> bool:
    """Whether a text is a line of a caption by itself: 单位：万元, 编制部门：…, 公开01表, 2024年度."""
    spec = title_spec()
    folded = fold(text)
    if any(_compiled(pattern).match(folded) for pattern in (spec.unit_line, spec.entity_line)):
        return True
    return re.fullmatch(f"{spec.table_number}|20\\d\\d年度?", folded) is not None and not folded.isdigit()


def yuan_per(unit: str) -> int:
    """How many yuan one unit of money is.

    >>> yuan_per("万元")
    10000
    """
    return title_spec().units[unit]
