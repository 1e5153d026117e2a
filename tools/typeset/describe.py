"""Descriptions of documents as TOML: prose, tables as lines of fields, performance forms."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

from budgetkit.errors import SpecError
from budgetkit.specs import build as build_spec
from tools.typeset.forms import Form, build_form
from tools.typeset.model import (
    Block,
    Document,
    FundLine,
    Indicator,
    PageBreak,
    Paragraph,
    ParagraphStyle,
    Performance,
    Style,
    Table,
)
from tools.typeset.money import Block as Columns
from tools.typeset.money import Column, Money, Row, build

_MARKS: dict[str, ParagraphStyle] = {"# ": "title", "## ": "heading", "| ": "line", "> ": "note"}
_PAGES = {
    "portrait": PageBreak(),
    "landscape": PageBreak(landscape=True),
    "rotated": PageBreak(rotated=True),
}
#: which field of an indicator's line is its weight, by the number of fields (target forms of departments, of projects)
_WEIGHT_AT = {6: 5, 9: 6}
_TARGET_FORMS = ("project_targets", "department_targets")
_FUND_FIELDS = ("line", "approved", "revised", "executed", "weight", "rate", "score")


def sample_names() -> tuple[str, ...]:
    """Names of the sample descriptions."""
    folder = resources.files("tools.typeset") / "samples"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def read_sample(name: str) -> Document:
    """Read one sample description.

    >>> read_sample("urumqi_service_center_final_2020").fiscal_year
    2020
    """
    return describe(_sample_text(name), name)


def sample_subject(name: str) -> str:
    """What a sample shows, in one line.

    >>> sample_subject("urumqi_service_center_final_2020")
    'final account 2020, prose and three self-evaluation forms, no tables'
    """
    return str(tomllib.loads(_sample_text(name))["what"])


def _sample_text(name: str) -> str:
    return (resources.files("tools.typeset") / "samples" / f"{name}.toml").read_text(encoding="utf-8")


def describe(text: str, place: str) -> Document:
    """Make a document of its description.

    Parameters
    ----------
    text : str
        TOML: head fields of the document; `[defaults]` for all tables; `[[block]]` with one of `page`, `text`, `table`
        or `form`.
    place : str
        For messages.

    Raises
    ------
    SpecError
        When the description contradicts itself.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{place}: {error}") from error
    defaults = values.pop("defaults", {})
    values.pop("what", None)
    blocks: list[Block] = []
    for number, block in enumerate(values.pop("block", []), 1):
        blocks += _blocks(block, defaults, f"{place}, block {number}")
    return build_spec(Document, {**values, "blocks": blocks}, place)


def _blocks(block: Mapping[str, Any], defaults: Mapping[str, Any], place: str) -> list[Block]:
    if set(block) - {"page", "text", "table", "form"}:
        raise SpecError(f"{place}: unknown key in {sorted(block)}; known are page, text, table, form")
    made: list[Block] = []
    if "page" in block:
        made.append(_PAGES[block["page"]])
    if "text" in block:
        made += [_paragraph(line) for line in block["text"].strip().splitlines() if line.strip()]
    if "table" in block:
        made.append(_money(block["table"], defaults, place))
    if "form" in block:
        made.append(_form(block["form"], defaults, place))
    return made


def _paragraph(line: str) -> Paragraph:
    for mark, style in _MARKS.items():
        if line.startswith(mark):
            return Paragraph(line.removeprefix(mark), style)
    return Paragraph(line)


def _style(values: dict[str, Any], defaults: Mapping[str, Any], place: str) -> Style:
    return build_spec(Style, {**defaults.get("style", {}), **values.pop("style", {})}, place)


# money tables


def _money(given: Mapping[str, Any], defaults: Mapping[str, Any], place: str) -> Table:
    values = {**{key: value for key, value in defaults.items() if key not in ("style", "phase")}, **given}
    style = _style(values, defaults, place)
    phase = values.pop("phase", defaults.get("phase", "approved"))
    entities = values.pop("entities", [])
    blocks = [_columns(block, phase, place) for block in values.pop("sides")]
    lines = [line for line in values.pop("rows", "").strip("\n").splitlines() if line.strip()]
    rows = [_split_line(blocks, line, place) for line in lines]
    filled = []
    for i, block in enumerate(blocks):
        own = _with_entities([row[i] for row in rows], entities)
        filled.append(replace(block, rows=tuple(own)))
    footer = tuple((text.split("@")[0], int(text.split("@")[1])) for text in values.pop("footer", []))
    return build(build_spec(Money, {**values, "blocks": filled, "footer": footer, "style": style}, place))


def _columns(given: Mapping[str, Any], phase: str, place: str) -> Columns:
    values = dict(given)
    for key in ("label_path", "code_path", "project_path"):
        if key in values:
            values[key] = tuple(filter(None, values[key].split("/")))
    values["columns"] = [_column(text, phase) for text in values["columns"]]
    return build_spec(Columns, {**values, "rows": ()}, place)


def _column(text: str, phase: str) -> Column:
    """Read "本年支出/合计: total executed @合计": header path, measure ("-" for none), phase and item if unusual."""
    path, _, rest = text.partition(": ")
    words = rest.split()
    name = next((word[1:] for word in words if word.startswith("@")), "")
    plain = [word for word in words if not word.startswith("@")]
    measure = plain[0] if plain else "total"
    return Column(
        path=tuple(path.split("/")),
        measure=None if measure == "-" else measure,
        phase=plain[1] if len(plain) > 1 else phase,
        name=name,
    )


def _split_line(blocks: list[Columns], line: str, place: str) -> list[Row]:
    fields = line.split("|")
    rows = []
    for block in blocks:
        code = _take(fields, block.codes != "none")
        label = _take(fields, bool(block.label_path))
        project = _take(fields, bool(block.project_path))
        values, fields = fields[: len(block.columns)], fields[len(block.columns) :]
        rows.append(Row(label, tuple(values), code, project))
    if fields:
        raise SpecError(f"{place}: the line {line!r} has {len(fields)} fields too many")
    return rows


def _take(fields: list[str], wanted: bool) -> str:
    return fields.pop(0) if wanted and fields else ""


def _with_entities(rows: list[Row], entities: list[str]) -> list[Row]:
    entity = ""
    found = []
    for row in rows:
        entity = row.label if row.label in entities else entity
        found.append(replace(row, entity=entity))
    return found


# performance forms


def _form(given: Mapping[str, Any], defaults: Mapping[str, Any], place: str) -> Table:
    values = dict(given)
    style = _style(values, defaults, place)
    lines = [line.split("|") for line in values.pop("indicators").strip("\n").splitlines()]
    targets = values.get("kind") in _TARGET_FORMS
    weight, _, score = values.pop("total", "").partition("|")
    contents = Performance(
        project=values.pop("project", ""),
        entity=values.pop("entity", ""),
        department=values.pop("department", ""),
        funds=tuple(_fund(line) for line in values.pop("funds").strip("\n").splitlines()),
        indicators=tuple(_indicators(lines, targets)),
        total_weight=weight,
        total_score=score,
    )
    extras = tuple(_extra(line) for line in lines) if targets and len(lines[0]) > 4 else ()
    return build_form(build_spec(Form, {**values, "contents": contents, "extras": extras, "style": style}, place))


def _fund(line: str) -> FundLine:
    return FundLine(**dict(zip(_FUND_FIELDS, line.split("|"), strict=False)))


def _indicators(lines: list[list[str]], targets: bool) -> list[Indicator]:
    """Levels that are left out repeat those of the line above."""
    level1 = level2 = ""
    found = []
    for line in lines:
        if line[0]:
            level1, level2 = line[0], ""
        level2 = line[1] or level2
        if targets:
            weight = line[_WEIGHT_AT[len(line)]] if len(line) in _WEIGHT_AT else ""
            found.append(Indicator(level1, level2, line[2], line[3], weight=weight))
        else:
            found.append(Indicator(level1, level2, *line[2:]))
    return found


def _extra(line: list[str]) -> tuple[str, ...]:
    """The fields behind the target but for the weight."""
    return tuple(text for i, text in enumerate(line) if i > 3 and i != _WEIGHT_AT[len(line)])
