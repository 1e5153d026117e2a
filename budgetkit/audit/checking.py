"""`check`: all rules over the frames of one document or of a corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budgetkit import frames
from budgetkit.audit import (
    engine,
    items,
    lacking,
    naming,
    pairs,
    performance,
    projects,
    rates,
    sense,
    stated,
    sums,
    texts,
    together,
    vocabulary,
    wholes,
    wording,
    years,
)
from budgetkit.audit.cells import alike, cells_of, tables_of
from budgetkit.audit.doubts import DOUBTFUL, doubts
from budgetkit.audit.model import Equation, Figure, Finding
from budgetkit.audit.rules import SEVERITIES, RuleBook, rule_book
from budgetkit.frames import HasFrames
from budgetkit.identities import amounts_of, identities
from budgetkit.identities.amounts import plain
from budgetkit.printed.widths import fold
from budgetkit.tables import captions

if TYPE_CHECKING:
    import pandas as pd

#: how findings are ordered
_STATUSES = ("fail", "not_run", "rounding", "pass")
#: the frames that rules read
_FRAMES = ("facts", "statements", "projects", "project_funds", "indicators", "leftovers")
#: rules that go by the year of amounts
_BY_YEAR = ("across.", "prose.", "columns.change")
#: two values that differ by less are the same number
_ALIKE = 1e-6


def check(doc: HasFrames, *, rules: str | Path | Sequence[str | Path] = ()) -> pd.DataFrame:
    """Say which numbers of a document contradict each other, where they stand and by how much (勾稽核对).

    Parameters
    ----------
    doc : Disclosure or Corpus
        What `read`, `build` or `load` returned.
    rules : path or sequence of path
        Own rules beside the standard ones: TOML with `[[rule]]` (adds a rule, or changes a known one: `enabled`,
        `severity`, `kinds`, `forms`) and `[[exception]]` (differences confirmed before).

    Returns
    -------
    DataFrame
        The frame `findings`, a row for every place that a rule holds for: document, rule, status (`fail`; `rounding`:
        within half a last digit of each figure; `pass`; `not_run`: could not be evaluated, the message says why),
        severity (`error`, `warning`, `note`), form, code, name, expected, actual, difference (actual less
        expected), tolerance (yuan, points or a fraction; NA where the rule has no numbers), page, message (Chinese,
        with the numbers), evidence (the printed texts and their places) and places (where each is found again:
        "facts 12" and "statements 3" are rows of the document's frames, else "page 5"). Figures that one wrong
        figure makes fail are one `fail`, whose evidence lists them. Tables whose reading is in doubt give `not_run`.

    Raises
    ------
    SpecError
        When `doc` is neither; when a file of rules is missing or contradicts itself (names the file and the rule).

    Examples
    --------
    >>> import budgetkit as bk
    >>> doc = bk.read("data/raw/korla_service_center_final_2022.pdf")  # doctest: +SKIP
    >>> bk.check(doc).query("status == 'fail'")[["rule", "page", "message"]]  # doctest: +SKIP
    """
    return check_together([doc], rules=rules)[0]


def check_together(docs: Iterable[HasFrames], *, rules: str | Path | Sequence[str | Path] = ()) -> list[pd.DataFrame]:
    """As `check`, for several documents, which are held against each other too: the findings of each."""
    book = rule_book([rules] if isinstance(rules, (str, Path)) else list(rules))
    owners: list[int] = []
    reads: list[pairs.Read] = []
    found: list[list[Finding]] = []
    count = 0
    for k, doc in enumerate(docs):
        count += 1
        passages = getattr(doc, "passages", None)
        for document, own in _documents(doc):
            told = passages.get(document["document"]) if isinstance(passages, Mapping) else passages
            reads.append(_read(document, own))
            owners.append(k)
            found.append(list(findings(reads[-1], own, told, book)))
    if len(reads) > 1:
        found = together.with_others(
            reads, found, lambda read, one: _holds(one.rule, one.form, read.document, book), book
        )
    rows: list[list[dict[str, Any]]] = [[] for _ in range(count)]
    for k, read, listed in zip(owners, reads, found, strict=True):
        own_rows = [_row(read.document, _accepted(one, read.document, book), book) for one in listed]
        rows[k] += sorted(own_rows, key=_weight)
    return [frames.make("findings", listed) for listed in rows]


def _read(document: Mapping[str, Any], own: Mapping[str, pd.DataFrame]) -> pairs.Read:
    amounts = amounts_of(own["facts"], own["statements"], document["entity"])
    causes = {one.number: alike(one) for one in amounts.listed}
    told = stated.read_stated(_records(own["statements"]), causes, amounts.facts, fold(document["entity"] or ""))
    cells = cells_of(own["facts"], causes)
    return pairs.Read(document, cells, stated.as_exact(told, [cell.figure for cell in cells]), amounts)


def _weight(row: Mapping[str, Any]) -> tuple[int, int, int]:
    """Fails first, the gravest before the others, then in order of the pages."""
    return _STATUSES.index(row["status"]), SEVERITIES.index(row["severity"]), row["page"] or 0


def _documents(doc: HasFrames) -> Iterator[tuple[dict[str, Any], dict[str, pd.DataFrame]]]:
    frames.held("check", doc, ("documents", *_FRAMES))
    whole = {name: getattr(doc, name) for name in _FRAMES}
    documents = _records(doc.documents)
    if len(documents) == 1:
        yield documents[0], whole
        return
    groups = {name: dict(iter(frame.groupby("document", sort=False))) for name, frame in whole.items()}
    for row in documents:
        yield row, {name: groups[name].get(row["document"], whole[name].iloc[:0]) for name in whole}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {name: plain(frame[name]) for name in frame.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def findings(
    read: pairs.Read,
    own: Mapping[str, pd.DataFrame],
    passages: Sequence[tuple[int, str]] | None,
    book: RuleBook,
) -> list[Finding]:
    """All findings within one document."""
    document, told, tables = read.document, read.stated, tables_of(read.cells)
    own_leftovers = _records(own["leftovers"])
    doubtful = doubts(tables, document, own_leftovers)
    forms = performance.forms_of(*(_records(own[name]) for name in ("projects", "project_funds", "indicators")))
    prose = texts.prose_of(passages or ())
    listed = identities(read.amounts)
    cells = {cell.figure.source[1]: cell for cell in read.cells}
    by_index = {read.amounts.facts + one.index: one for one in told}
    equations = [
        *sums.equations(listed, read.amounts, cells, by_index),
        *sums.said_changes(read.amounts, cells, by_index),
        *wholes.whole_sums(told, read.cells),
        *stated.derived_sums(told),
        *performance.performance_sums(forms, tables),
        *performance.stated_sums(forms, told),
        *projects.project_sums(told, tables),
        *texts.text_sums(prose),
    ]
    equations = _once(equations)
    kept = _apart([one for one in equations if _holds(one.rule, one.form, document, book)])
    totals = [cell.figure for cell in read.cells if not cell.code and not cell.project and cell.aspect == "amount"]
    beside: dict[int | str, list[Figure]] = defaultdict(list)
    for figure in _figures(read):
        beside[figure.table or figure.sentence].append(figure)
    sums_found = engine.findings_of(kept, doubtful, book.rules, beside)
    wrong = {root for one in sums_found for root, _ in one.suspects}
    errors = {abs(error) for one in sums_found for _, error in one.suspects}
    said = vocabulary.texts().withheld.search(prose.text)
    unplaced = bool({row["reason"] for row in own_leftovers} & DOUBTFUL)
    outside = lacking.Outside(texts.quoted(prose.text, said) if said else "", unplaced)
    found = [
        *rates.with_rates(sums_found, told, totals, book),
        *lacking.lacking_rows(listed, read.amounts, cells, wrong, errors, outside, book),
        *items.item_findings(told, tables, book),
        *sense.sense_findings(told, book),
        *_of_words(read, own, passages, prose, book),
        *performance.performance_findings(forms, book),
        *projects.project_findings(forms, tables, prose, book),
        *wording.blanks(told, read.amounts, cells, book),
        *wording.unlisted(told, tables, unplaced or bool(said) or document["status"] != "ok", book),
    ]
    held = [
        _doubted(one, doubtful) for one in wording.without_repeats(found) if _holds(one.rule, one.form, document, book)
    ]
    if years.contested(prose, document["kind"], document["fiscal_year"]):
        held = [_of_wrong_year(one) for one in held]
    return [_accepted(one, document, book) for one in held]


def _of_wrong_year(finding: Finding) -> Finding:
    """A fail that may follow from the wrong year on the cover, by which amounts were taken to be of that year."""
    follows = finding.status == "fail" and finding.rule.startswith(_BY_YEAR)
    return replace(finding, status="not_run", message="未核对：封面年度与正文不符") if follows else finding


def _figures(read: pairs.Read) -> list[Figure]:
    return [*(cell.figure for cell in read.cells), *(one.figure for one in read.stated)]


def _apart(equations: Sequence[Equation]) -> list[Equation]:
    """Without what lists and growth say of figures that other sums find wrong anyhow: it is no fault of its own."""
    failing = [one for one in equations if one.status == "fail" and one.rule not in (stated.INCREASE, wholes.LIST)]
    wrong = {figure.source for one in failing for figure in one.figures}
    errors = {(figure.source, abs(one.difference)) for one in failing for figure in one.figures}

    def follows(one: Equation) -> bool:
        if one.rule == wholes.LIST:
            return one.status == "fail" and any((it.source, abs(one.difference)) in errors for it in one.figures)
        return one.rule == stated.INCREASE and one.actual.source in wrong

    return [one for one in equations if not follows(one)]


def _once(equations: Sequence[Equation]) -> list[Equation]:
    """Each sum once, though several rules know it: the one that proves something."""
    found: dict[object, Equation] = {}
    for one in equations:
        key = one.actual.source, frozenset((weight, figure.source) for weight, figure in one.terms)
        other = found.setdefault(key, one)
        if (bool(other.doubt), other.status != "fail") > (bool(one.doubt), one.status != "fail"):
            found[key] = one
    return list(found.values())


def _of_words(
    read: pairs.Read,
    own: Mapping[str, pd.DataFrame],
    passages: Sequence[tuple[int, str]] | None,
    prose: texts.Prose,
    book: RuleBook,
) -> Iterator[Finding]:
    """What names, headings and free text tell."""
    document, tables, year = read.document, tables_of(read.cells), read.document["fiscal_year"]
    yield from naming.name_findings(read.cells, year, book)
    amounts = sum(bool(figure.value) for figure in _figures(read))
    yield from texts.text_findings(prose, tables, amounts, book)
    yield from years.year_findings(prose, document["kind"], year, book)
    yield from texts.without_text() if passages is None else ()
    yield from missing_forms(document, bool(tables), prose, book)
    yield from wording.word_findings(document, tables, prose, len(own["leftovers"]), book)
    yield from wording.obsolete(read.cells, year, book)
    yield from wording.double_codes(tables, year, book)


def _accepted(finding: Finding, document: Mapping[str, Any], book: RuleBook) -> Finding:
    """A fail that a reader has confirmed as an exception, for these bytes and these numbers."""
    if finding.status != "fail":
        return finding
    for known in book.exceptions:
        if (
            known.rule == finding.rule
            and known.sha256 == document["sha256"]
            and known.code in ("", finding.code)
            and known.name in ("", finding.name)
            and _same(known.expected, finding.expected)
            and _same(known.actual, finding.actual)
        ):
            text = f"已核实的例外（{known.reason}）：{finding.message}"
            return replace(finding, status="not_run", severity="note", message=text)
    return finding


def _same(recorded: float | None, found: float | None) -> bool:
    return recorded is None or (found is not None and abs(recorded - found) < _ALIKE)


def _doubted(finding: Finding, doubtful: Mapping[int, str]) -> Finding:
    """A fail over a table whose reading is in doubt is none."""
    doubt = next((doubtful[table] for table in sorted(finding.tables) if table in doubtful), "")
    if doubt and finding.status == "fail":
        return replace(finding, status="not_run", message=f"未核对：{doubt}")
    return finding


def missing_forms(
    document: Mapping[str, Any], has_tables: bool, prose: texts.Prose, book: RuleBook
) -> Iterator[Finding]:
    """Required tables that were not found; not run where the document speaks of one: it may not be recognised."""
    rule = book.rules["forms.missing"]
    for form in document["missing"] or ():
        spec = captions.form_spec(form)
        label = spec.label if spec else form
        word = vocabulary.missing().get(form)
        due = word is not None and (document["fiscal_year"] or 0) >= word.since
        # a publisher of another kind has fewer tables
        certain = (
            due
            and len(document["missing"]) == 1
            and has_tables
            and bool(prose.text)
            and not (word and word.words.search(prose.text))
        )
        text = rule.message.format(name=label)
        reason = f"未核对：未识别到“{label}”，文件可能以其他形式公开"
        yield Finding(rule.id, "fail" if certain else "not_run", text if certain else reason, form, name=label)


def _holds(rule: str, form: str | None, document: Mapping[str, Any], book: RuleBook) -> bool:
    spec = book.rules[rule]
    return (
        spec.enabled
        and (not spec.kinds or document["kind"] in spec.kinds)
        and (not spec.forms or form is None or form in spec.forms)
    )


def _row(document: Mapping[str, Any], finding: Finding, book: RuleBook) -> dict[str, Any]:
    return {
        "document": document["document"],
        "rule": finding.rule,
        "status": finding.status,
        "severity": finding.severity or book.rules[finding.rule].severity,
        "form": finding.form,
        "code": finding.code,
        "name": finding.name,
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "page": finding.page,
        "message": finding.message,
        "evidence": [one.text for one in finding.evidence],
        "places": [one.reference for one in finding.evidence],
    }
