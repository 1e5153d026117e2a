"""Rules as data: named templates in a TOML file; what must add up follows from the trees of coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
     "count", "title", "year", "target", "result", "parts")
)  # fmt: skip


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
class _File:
    """All of specs/audit/rules.toml."""

    rule: tuple[Rule, ...]


@dataclass(frozen=True)
class _Own:
    """All of a file of a user's: rules of which only what changes is said, and exceptions."""

    rule: tuple[Mapping[str, Any], ...] = ()
    exception: tuple[Exemption, ...] = ()


@dataclass(frozen=True)
class RuleBook:
    """All rules of one audit."""

    rules: Mapping[str, Rule]
    exceptions: tuple[Exemption, ...] = ()


@cache
def standard() -> RuleBook:
    """The rules that come with budgetkit."""
    return RuleBook(_listed(specs.load(_File, "audit/rules.toml").rule, "audit/rules.toml"))


def rule_book(files: Sequence[str | Path] = ()) -> RuleBook:
    """The standard rules with those of own files added, narrowed or switched off.

    `files`: TOML with `[[rule]]` (a known id changes that rule: `enabled = false`, `forms`, `kinds`, `severity`; a new
    id needs severity, message and reason) and `[[exception]]`. Raises SpecError when a file is missing, contradicts
    itself or names what is unknown.
    """
    book = standard()
    for path in map(Path, files):
        book = _with_toml(book, path)
    return book


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read as UTF-8 text ({error})") from error


def _with_toml(book: RuleBook, path: Path) -> RuleBook:
    own = specs.parse(_Own, _text(path), str(path))
    rules = dict(book.rules)
    for values in own.rule:
        known = rules.get(values.get("id", ""))
        rules.update(_rules([values], str(path)) if known is None else {known.id: _changed(known, values, str(path))})
    for exception in own.exception:
        if exception.rule not in rules:
            raise SpecError(f"{path}: unknown rule {exception.rule!r}")
    return replace(book, rules=rules, exceptions=(*book.exceptions, *own.exception))


def _rules(tables: Sequence[Mapping[str, Any]], place: str) -> dict[str, Rule]:
    return _listed([specs.build(Rule, values, f"{place}, rule {values.get('id')}") for values in tables], place)


def _listed(listed: Sequence[Rule], place: str) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for rule in listed:
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
