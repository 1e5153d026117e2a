"""Rules as data: identities as rows of a CSV file, the others as named templates in a TOML file."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from budgetkit import specs
from budgetkit.audit.model import Rule
from budgetkit.errors import SpecError

SEVERITIES = ("error", "warning", "note")
#: what messages may name
FIELDS = frozenset(
    ("what", "actual", "expected", "difference", "terms", "first", "name", "code", "page", "other", "reason", "text",
     "count", "title", "year", "target", "result")
)  # fmt: skip
#: what a child column of the CSV may be, by the axis it lies on
AXES = ("measure", "item", "class", "role")


@dataclass(frozen=True, slots=True)
class Identity:
    """One sum (恒等式): a parent and its weighted children on one axis."""

    rule: str
    axis: str
    parent: str
    #: forms it holds in; empty: all
    forms: tuple[str, ...]
    children: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Exemption:
    """A difference that a reader has confirmed or accepts (已核实的例外)."""

    rule: str
    #: SHA-256 of the document's bytes; when the source changes, the finding comes back
    sha256: str
    reason: str
    code: str = ""
    name: str = ""
    #: the values that were confirmed, in yuan, points or as a fraction
    expected: float | None = None
    actual: float | None = None


@dataclass(frozen=True)
class RuleBook:
    """All rules of one audit."""

    rules: Mapping[str, Rule]
    identities: tuple[Identity, ...]
    exceptions: tuple[Exemption, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)

    def on(self, axis: str) -> tuple[Identity, ...]:
        """The sums on one axis whose rule is switched on."""
        return tuple(
            identity for identity in self.identities if identity.axis == axis and self.rules[identity.rule].enabled
        )


@cache
def standard() -> RuleBook:
    """The rules that come with budgetkit."""
    table = specs.read_toml("audit/rules.toml")
    rules = _rules(table["rule"], "audit/rules.toml")
    identities = _identities(specs.read_csv("audit/identities.csv"), "audit/identities.csv", rules)
    return RuleBook(rules, identities, (), specs.read_toml("audit/words.toml"))


def rule_book(files: Sequence[str | Path] = ()) -> RuleBook:
    """The standard rules with those of own files added, narrowed or switched off.

    Parameters
    ----------
    files : sequence of path
        TOML with `[[rule]]` (a known id changes that rule: `enabled = false`, `forms`, `kinds`, `severity`; a new id
        needs severity, message and reason) and `[[exception]]`; CSV with the columns of identities.csv.

    Raises
    ------
    SpecError
        When a file is missing, contradicts itself or names what is unknown.
    """
    book = standard()
    for path in sorted(map(Path, files), key=lambda path: path.suffix.lower() == ".csv"):
        book = _with_csv(book, path) if path.suffix.lower() == ".csv" else _with_toml(book, path)
    return book


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read as UTF-8 text ({error})") from error


def _with_toml(book: RuleBook, path: Path) -> RuleBook:
    try:
        table = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{path}: {error}") from error
    unknown = sorted(set(table) - {"rule", "exception"})
    if unknown:
        raise SpecError(f"{path}: unknown table {', '.join(unknown)}; known are rule, exception")
    rules = dict(book.rules)
    for values in table.get("rule", []):
        known = rules.get(values.get("id", ""))
        rules.update(_rules([values], str(path)) if known is None else {known.id: _changed(known, values, str(path))})
    exceptions = [specs.build(Exemption, values, str(path)) for values in table.get("exception", [])]
    for exception in exceptions:
        _known(exception.rule, rules, str(path))
    return replace(book, rules=rules, exceptions=(*book.exceptions, *exceptions))


def _with_csv(book: RuleBook, path: Path) -> RuleBook:
    rows = list(csv.DictReader(io.StringIO(_text(path), newline="")))
    added = _identities(rows, str(path), book.rules)
    replaced = {identity.rule for identity in added}
    kept = tuple(identity for identity in book.identities if identity.rule not in replaced)
    return replace(book, identities=(*kept, *added))


def _rules(tables: Sequence[Mapping[str, Any]], place: str) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for values in tables:
        rule = specs.build(Rule, values, f"{place}, rule {values.get('id')}")
        if rule.severity not in SEVERITIES:
            raise SpecError(f"{place}, rule {rule.id}: severity {rule.severity!r} is none of {', '.join(SEVERITIES)}")
        unknown = {field for _, field, _, _ in Formatter().parse(rule.message) if field} - FIELDS
        if unknown:
            raise SpecError(f"{place}, rule {rule.id}: the message has no field {', '.join(sorted(unknown))}")
        if rule.id in rules:
            raise SpecError(f"{place}: rule {rule.id} stands twice")
        rules[rule.id] = rule
    return rules


def _changed(rule: Rule, values: Mapping[str, Any], place: str) -> Rule:
    """A known rule with some of its values changed."""
    kept = {name: getattr(rule, name) for name in Rule.__dataclass_fields__}
    return next(iter(_rules([{**kept, **values}], place).values()))


def _known(rule: str, rules: Mapping[str, Rule], place: str) -> None:
    if rule not in rules:
        raise SpecError(f"{place}: unknown rule {rule!r}")


def _identities(rows: Sequence[Mapping[str, str]], place: str, rules: Mapping[str, Rule]) -> tuple[Identity, ...]:
    found: dict[tuple[str, str, str], Identity] = {}
    wanted = {"rule", "forms", "axis", "parent", "child", "weight"}
    for number, row in enumerate(rows, 2):
        where = f"{place}, line {number}"
        if set(row) != wanted:
            raise SpecError(f"{where}: columns must be {', '.join(sorted(wanted))}")
        _known(row["rule"], rules, where)
        if row["axis"] not in AXES or row["weight"] not in ("1", "-1"):
            raise SpecError(f"{where}: axis must be one of {', '.join(AXES)} and weight 1 or -1")
        key = (row["rule"], row["axis"], row["parent"])
        forms = tuple(form for form in row["forms"].split("|") if form)
        old = found.get(key) or Identity(row["rule"], row["axis"], row["parent"], forms, ())
        found[key] = replace(old, children=(*old.children, (row["child"], int(row["weight"]))))
    return tuple(found.values())
