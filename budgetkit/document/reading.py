"""One document: `read` turns a file into a `Disclosure` with all its frames."""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pandas as pd

from budgetkit import export, frames
from budgetkit.document import identity, units
from budgetkit.document import publisher as publishers
from budgetkit.document.cover import front_lines
from budgetkit.document.leftovers import leftovers
from budgetkit.errors import SpecError, UnreadableDocument
from budgetkit.identities import evidence
from budgetkit.limits import DEFAULT, Limits
from budgetkit.model import Doubt, Page, Reason, Source, written
from budgetkit.page.furniture import without_furniture
from budgetkit.performance import Performance, read_forms
from budgetkit.printed import persons
from budgetkit.prose import read_statements
from budgetkit.readers.opening import open_source
from budgetkit.tables import captions
from budgetkit.tables.coordinates import Context, with_carried
from budgetkit.tables.facts import Place, Reading, plan_of, read_table, units_of
from budgetkit.tables.joining import Table, assemble, heads_table
from budgetkit.tables.senses import listed_units, numbered_units
from budgetkit.version import PARSER_VERSION


@dataclass(frozen=True)
class Disclosure:
    """One document read: a budget 预算公开 or a final account 决算公开 of a department or unit.

    Attributes
    ----------
    documents, facts, statements, projects, project_funds, indicators, leftovers : DataFrame
        The frames of the data contract; `budgetkit.frames.describe(name)` lists their columns.
    kind : str or None
        "budget" or "final_account"; None where the text does not say.
    fiscal_year : int or None
    entity : str or None
        Who publishes, as printed.
    forms : tuple of str
        Ids of the forms found, empty ones too.
    missing : tuple of str
        Ids that a document of its kind should have and that were not found.
    """

    documents: pd.DataFrame
    facts: pd.DataFrame
    statements: pd.DataFrame
    projects: pd.DataFrame
    project_funds: pd.DataFrame
    indicators: pd.DataFrame
    leftovers: pd.DataFrame
    kind: str | None
    fiscal_year: int | None
    entity: str | None
    forms: tuple[str, ...]
    missing: tuple[str, ...]
    #: page and text of the lines outside tables, for the audit; no frame
    passages: tuple[tuple[int, str], ...] = ()

    to_excel = export.to_excel
    to_csv = export.to_csv

    def __repr__(self) -> str:
        row = self.documents.iloc[0]
        return (
            f"<Disclosure {row['document']}: {self.entity} {self.fiscal_year} {self.kind}, {len(self.forms)} forms, "
            f"{len(self.facts)} facts, {len(self.leftovers)} leftovers>"
        )

    def _repr_html_(self) -> str:
        from budgetkit.display.cards import card

        return card(self)


def read(
    path: str | os.PathLike[str] | bytes | IO[bytes], *, engine: str = "auto", limits: Limits = DEFAULT
) -> Disclosure:
    """Read one document.

    Parameters
    ----------
    path : str, PathLike, bytes or binary file object
        PDF, HTML, XLS/XLSX, DOCX or text; the format is told from the content.
    engine : {"auto", "ruling", "camelot"}
        How the tables of a PDF are found; "auto" uses the ruling engine and camelot for pages that fail its check.
    limits : Limits
        What reading may cost; the default lies far above any real document.

    Returns
    -------
    Disclosure

    Raises
    ------
    UnreadableDocument
        When the file is missing, empty, damaged, encrypted, of another type, or too large for `limits`; the message
        names it and says why.
    SpecError
        When `engine` is unknown.

    Examples
    --------
    >>> import budgetkit as bk
    >>> bk.read("data/raw/korla_service_center_final_2022.pdf").fiscal_year  # doctest: +SKIP
    2022
    """
    data, name, where = _load(path)
    source = open_source(data, name, engine, limits)
    stem = Path(name).stem if where is not None else name
    return disclose(source, stem, where, hashlib.sha256(data).hexdigest())


def _load(path: str | os.PathLike[str] | bytes | IO[bytes]) -> tuple[bytes, str, str | None]:
    """The bytes, what to call the document, and where it is."""
    if isinstance(path, (bytes, bytearray, memoryview)):
        return bytes(path), "bytes", None
    if isinstance(path, io.IOBase) or hasattr(path, "read"):
        data = path.read()
        if not isinstance(data, bytes):
            raise UnreadableDocument("file object: opened as text; open it in binary mode")
        name = getattr(path, "name", None)
        return data, Path(name).stem if isinstance(name, str) else "stream", None
    if not isinstance(path, (str, os.PathLike)):
        raise SpecError(f"read: expected a path, bytes or a file opened in binary mode, not {type(path).__name__}")
    where = os.fspath(path)
    try:
        return Path(where).read_bytes(), str(where), str(where)
    except FileNotFoundError as error:
        raise UnreadableDocument(f"{where}: no such file") from error
    except IsADirectoryError as error:
        raise UnreadableDocument(f"{where}: a folder, not a document; use build() for folders") from error
    except PermissionError as error:
        raise UnreadableDocument(f"{where}: not permitted to read it") from error
    except (OSError, ValueError) as error:
        raise UnreadableDocument(f"{where}: cannot be opened ({error})") from error


@dataclass(frozen=True)
class _Parts:
    """What the parts of the pipeline found in one document."""

    source: Source
    told: identity.Identity
    forms: Performance
    tables: tuple[Table, ...]
    readings: tuple[Reading, ...]
    prose: tuple[dict[str, Any], ...]


def disclose(source: Source, stem: str, where: str | None, sha256: str) -> Disclosure:
    """Turn what a reader saw into a Disclosure."""
    parts = _parts(source)
    told, readings = parts.told, parts.readings
    of_tables = [reading.form for reading in readings if reading.form != "other"]
    found = tuple(dict.fromkeys([*of_tables, *parts.forms.forms]))
    year = told.fiscal_year or 9999
    due = (form.id for form in captions.forms() if told.kind in form.kinds and year >= form.since)
    missing = tuple(form for form in due if form not in found)

    def frame(name: str, rows: Sequence[Mapping[str, Any]], **columns: Sequence[Any]) -> pd.DataFrame:
        free = persons.cleaned(rows, (column.name for column in frames.spec(name).columns))
        return frames.make(name, rows, {"document": [stem] * len(rows), **free, **columns})

    facts = with_carried([fact for reading in readings for fact in reading.facts])
    proof = evidence(facts, parts.prose, told.entity)
    front = [*front_lines(parts.source.pages), *(line for table in parts.tables for line in table.caption.lines)]
    texts = publishers.document_texts(parts.source.pages, front, [fact["entity"] for fact in facts])
    whose = publishers.publisher_of(told.entity, texts)
    listed = units.listed_names(parts.source.pages)
    ids = {"place": whose.place, "entity_id": whose.entity_id, **publishers.related(told.entity, whose, texts, listed)}
    own = {**ids, "path": where, "sha256": sha256, "forms": list(found), "missing": list(missing), **_summary(parts)}
    return Disclosure(
        frame("documents", [own]),
        frame(
            "facts",
            facts,
            content_hash=[sha256[:16]] * len(facts),
            entity_id=publishers.ids_of(facts, whose.place, texts, listed),
            confirmed=proof.confirmed,
            contradicted=proof.contradicted,
        ),
        frame(
            "statements",
            parts.prose,
            confirmed=proof.confirmed_statements,
            contradicted=proof.contradicted_statements,
        ),
        frame("projects", parts.forms.projects, entity_id=publishers.ids_of(parts.forms.projects, whose.place, texts)),
        frame("project_funds", parts.forms.project_funds),
        frame("indicators", parts.forms.indicators),
        frame("leftovers", _leftovers(parts)),
        told.kind,
        told.fiscal_year,
        persons.without(told.entity) if told.entity else None,
        found,
        missing,
        tuple(
            (page.number, persons.without("\n".join(line.text for line in page.lines))) for page in parts.source.pages
        ),
    )


def _parts(source: Source) -> _Parts:
    pages = without_furniture(source.pages, heads_table)
    # titles and forms are read better once it is known whose document it is
    told = identity.identify(source.pages, assemble(pages))
    forms = read_forms(pages, kind=told.kind, fiscal_year=told.fiscal_year, entity=told.entity)
    tables = assemble(pages, forms.grids, (told.entity,) if told.entity else ())
    readings = tuple(_readings(tables, told))
    names = _names(readings)
    prose = read_statements(pages, kind=told.kind, fiscal_year=told.fiscal_year, entity=told.entity, names=names)
    return _Parts(source, told, forms, tables, readings, prose)


def _summary(parts: _Parts) -> dict[str, Any]:
    """The columns of `documents` that the content tells."""
    told, pages = parts.told, parts.source.pages
    status, reason = _status(parts)
    return {
        "format": parts.source.format,
        "pages": len(pages),
        "kind": told.kind,
        "fiscal_year": told.fiscal_year,
        "entity": told.entity,
        "tier": told.tier,
        "read_by": list(dict.fromkeys(grid.read_by for page in pages for grid in page.grids)),
        "status": status,
        "reason": reason,
        "parser_version": PARSER_VERSION,
    }


def _readings(tables: Sequence[Table], told: identity.Identity) -> list[Reading]:
    usual = Counter(table.caption.unit for table in tables if table.caption.unit).most_common(1)
    plans = [plan_of(table) for table in tables]
    listed = [row for table, plan in zip(tables, plans, strict=True) for row in units_of(table, plan)]
    units = listed_units([*((label, unit) for label, unit, _ in listed), (told.entity or "", None)])
    numbers = numbered_units(listed)
    context = Context(told.kind, told.fiscal_year, told.entity, usual[0][0] if usual else None, units, numbers)
    together = zip(tables, plans, strict=True)
    return [read_table(table, plan, context, number) for number, (table, plan) in enumerate(together, 1)]


def _names(readings: Sequence[Reading]) -> list[tuple[str, str, str]]:
    """The classifications that the document's own tables print: scheme, code, name."""
    found = {
        (fact["scheme"], fact["code"], fact["name"]): None
        for reading in readings
        for fact in reading.facts
        if fact["code"] and fact["scheme"]
    }
    return list(found)


def _leftovers(parts: _Parts) -> list[dict[str, Any]]:
    pages, forms, readings = parts.source.pages, parts.forms, parts.readings
    used: frozenset[Place] = frozenset().union(*(reading.used for reading in readings), _form_places(pages, forms))
    reasons = {place: reason for reading in readings for place, reason in reading.refused.items()}
    whole = {
        grid: Reason.NO_MONEY
        for table, reading in zip(parts.tables, readings, strict=True)
        if not reading.facts
        for grid in table.grids
    }
    whole.update(dict.fromkeys(forms.grids, Reason.PERFORMANCE))
    numbers = {grid: number for number, table in enumerate(parts.tables, 1) for grid in table.grids}
    return list(leftovers(pages, used, reasons, whole, numbers))


def _form_places(pages: Sequence[Page], forms: Performance) -> set[Place]:
    """The cells that performance forms used, as page, row and column of the page."""
    offset = {(page.number, index): grid.first_row for page in pages for index, grid in enumerate(page.grids)}
    return {(page, offset[page, index] + row + 1, col + 1) for page, index, row, col in forms.used}


def _status(parts: _Parts) -> tuple[str, str | None]:
    """Whether everything was read without doubt, and what was not."""
    doubts = [Doubt(text) for text in parts.source.unread]
    doubts += [Doubt(page.problem, (page.number,)) for page in parts.source.pages if page.problem]
    doubts += parts.forms.problems
    for number, (table, reading) in enumerate(zip(parts.tables, parts.readings, strict=True), 1):
        doubts += [Doubt(problem, (table.page,), number) for problem in (*reading.problems, *table.doubts)]
    if parts.told.entity is None:
        doubts.append(Doubt("entity unknown: no text names the publisher"))
    if _is_bare(parts):
        doubts.append(Doubt("nothing was read: no amount, figure or indicator, and no empty table of a known form"))
    return ("partial", written(doubts)) if doubts else ("ok", None)


def _is_bare(parts: _Parts) -> bool:
    """Whether no frame has rows of a document, and it has no empty tables (故本表为空表) that would explain it."""
    if parts.prose or parts.forms.projects or parts.forms.indicators or parts.forms.forms:
        return False
    if any(reading.facts for reading in parts.readings):
        return False
    empty = any(reading.form != "other" for reading in parts.readings)
    return not empty or bool(_leftovers(parts))
