"""From equations to findings: statuses, one finding for each root cause, and the frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from budgetkit.audit.model import MONEY, POINTS, RATE, Equation, Evidence, Figure, Finding, Rule, Term

#: families of rules in the order in which they name a fault: first the row, then the table, the tables, the prose
_FAMILIES = ("columns", "items", "codes", "list", "units", "summary", "across", "prose")


def merge(equations: Sequence[Equation]) -> list[tuple[Figure | None, list[Equation]]]:
    """Failing equations by the figure that is wrong.

    A figure that is off by d makes every equation that holds it fail by d, and no other. So of all figures of failing
    equations the one is taken that explains the most of them with one and the same d, then the next of what remains;
    a figure that also stands in equations that hold is charged with those. Ties go to the figure that is checked.

    Returns the suspect and what it explains; the suspect is None where an equation stands alone and names none.
    """
    failing = [one for one in equations if one.status == "fail"]
    holding: dict[tuple[object, ...], int] = defaultdict(int)
    for one in equations:
        if one.status != "fail":
            for figure in one.figures:
                holding[figure.root] += 1
    groups: list[tuple[Figure | None, list[Equation]]] = []
    rest = failing
    while rest:
        suspect, explained = _best(rest, holding)
        groups.append((suspect, explained))
        taken = {id(one) for one in explained}
        rest = [one for one in rest if id(one) not in taken]
    return _with_consequences(groups)


def _with_consequences(
    groups: Sequence[tuple[Figure | None, list[Equation]]],
) -> list[tuple[Figure | None, list[Equation]]]:
    """A sum that is off by what the faults of its terms make together is no fault of its own."""
    errors: dict[tuple[object, ...], tuple[int, int]] = {}
    for k, (suspect, group) in enumerate(groups):
        figure = suspect or group[0].actual
        error = next((error for other, error in _suspects(group[0]) if other.root == figure.root), 0)
        errors.setdefault(figure.root, (k, error))
    kept: list[tuple[Figure | None, list[Equation]]] = [(suspect, list(group)) for suspect, group in groups]
    gone: set[int] = set()
    for k, (_, group) in enumerate(groups):
        held = [Term(-1, group[0].actual), *group[0].terms]
        wrong = [(term.weight, errors[term.figure.root]) for term in held if term.figure.root in errors]
        causes = [(weight, cause, error) for weight, (cause, error) in wrong if cause != k and cause not in gone]
        made = -sum(weight * error for weight, _, error in causes)
        if len(group) == 1 and causes and 2 * abs(made - group[0].difference) <= group[0].tolerance2:
            kept[causes[0][1]][1].extend(group)
            gone.add(k)
    return [group for k, group in enumerate(kept) if k not in gone]


def _best(rest: Sequence[Equation], holding: Mapping[tuple[object, ...], int]) -> tuple[Figure | None, list[Equation]]:
    """The figure that explains most, and what it explains."""
    errors: dict[tuple[object, ...], list[tuple[int, Equation]]] = defaultdict(list)
    figures: dict[tuple[object, ...], Figure] = {}
    for one in rest:
        for figure, error in _suspects(one):
            errors[figure.root].append((error, one))
            figures.setdefault(figure.root, figure)
    best: tuple[tuple[int, int, int], Figure | None, list[Equation]] = ((0, 0, 0), None, [rest[0]])
    for source, listed in errors.items():
        for error, _ in listed:
            alike = [one for other, one in listed if 2 * abs(other - error) <= one.tolerance2]
            checked = sum(one.actual.root == source for one in alike)
            score = (len(alike), -holding[source], checked)
            if len(alike) > 1 and score > best[0]:
                best = (score, figures[source], alike)
    return best[1], best[2]


def _suspects(one: Equation) -> Iterable[tuple[Figure, int]]:
    """Each figure of an equation with the error it would have to explain the difference."""
    yield one.actual, one.difference
    for weight, figure in one.terms:
        if abs(weight) == 1:
            yield figure, -one.difference * weight


def findings_of(equations: Sequence[Equation], doubts: Mapping[int, str], rules: Mapping[str, Rule]) -> list[Finding]:
    """What came of every equation, those that fail for one reason as one."""
    sound: list[Equation] = []
    found: list[Finding] = []
    for one in equations:
        doubt = next((doubts[figure.table] for figure in one.figures if figure.table in doubts), "")
        if doubt:
            found.append(_not_run(one, doubt))
        elif one.doubt and one.status == "fail":
            found.append(_not_run(one, one.doubt))
        else:
            sound.append(one)
    found += [_told(one, one.status, rules[one.rule]) for one in sound if one.status != "fail"]
    failed = [_failed(figure, group, rules) for figure, group in merge(sound)]
    return found + list(_without_copies(failed))


def _without_copies(failed: Sequence[Finding]) -> Iterable[Finding]:
    """Tables that print the same wrong row twice (收入表, 支出表) have one fault, with both places as evidence."""
    kept: dict[tuple[object, ...], Finding] = {}
    for one in failed:
        key = (one.rule, one.code, one.name, one.expected, one.actual)
        first = kept.setdefault(key, one)
        if first is not one:
            kept[key] = replace(first, evidence=tuple(dict.fromkeys((*first.evidence, *one.evidence))))
    return kept.values()


def _not_run(one: Equation, doubt: str) -> Finding:
    return Finding(
        one.rule, "not_run", f"未核对：{doubt}", one.form, one.code, one.name,
        page=one.actual.place.page, evidence=(one.actual.evidence,),
    )  # fmt: skip


def _told(one: Equation, status: str, rule: Rule) -> Finding:
    scale = one.actual.scale
    return Finding(
        one.rule, status, message(one, rule), one.form, one.code, one.name,
        one.expected / scale, one.actual.amount, one.difference / scale, one.tolerance2 / 2 / scale,
        one.actual.place.page,
        tuple(figure.evidence for figure in one.figures) if status != "pass" else (one.actual.evidence,),
        tables=frozenset(figure.table for figure in one.figures),
    )  # fmt: skip


def _failed(figure: Figure | None, group: Sequence[Equation], rules: Mapping[str, Rule]) -> Finding:
    """One finding for all equations that one wrong figure makes fail; the equation that checks it leads."""
    ranks = {"error": 0, "warning": 1, "note": 2}
    ordered = sorted(
        group,
        key=lambda one: (
            ranks[rules[one.rule].severity],
            _FAMILIES.index(one.rule.partition(".")[0]) if one.rule.partition(".")[0] in _FAMILIES else 0,
            figure is not None and one.actual.root != figure.root,
            len(one.terms),
        ),
    )
    # without a suspect the first is the cause and the others follow from it
    ordered = ordered if figure is not None else list(group)
    first = ordered[0]
    finding = _told(first, "fail", rules[first.rule])
    if all(one.actual.scale == MONEY and abs(one.difference) < MONEY for one in group):
        finding = replace(finding, severity="note")
    wrong = [pair for pair in _suspects(first) if figure is None or pair[0].root == figure.root]
    finding = replace(finding, suspects=tuple((one.root, error) for one, error in wrong))
    if len(ordered) == 1:
        return finding
    others = [message(one, rules[one.rule]) for one in ordered[1:]]
    suspect = f"疑为{figure.evidence.text}有误；" if figure is not None else ""
    text = f"{finding.message}（{suspect}另有{len(others)}处勾稽因此不平）"
    told = [*((figure.evidence,) if figure else ()), *finding.evidence]
    told += [Evidence(one.actual.place, message(one, rules[one.rule]), source=one.actual.source) for one in ordered[1:]]
    return replace(finding, message=text, evidence=tuple(dict.fromkeys(told)), tables=frozenset())


def message(one: Equation, rule: Rule) -> str:
    """The rule's message with the numbers of an equation, in the unit they are counted in."""
    return rule.message.format(
        what=one.actual.what,
        actual=shown(one.actual.value, one.actual.scale),
        expected=shown(one.expected, one.actual.scale),
        difference=shown(one.difference, one.actual.scale, sign=True),
        terms=len(one.terms),
        first=one.terms[0].figure.what if one.terms else "",
        name=one.name or "",
        code=one.code or "",
        page=one.actual.place.page,
        **dict.fromkeys(("text", "count", "title", "year", "target", "result"), ""),
        other=one.terms[0].figure.place.page if one.terms else "",
        reason=rule.reason,
    )


def shown(value: int, scale: int, sign: bool = False) -> str:
    """A value with its unit: 12,345.67元, 87.02分, 12.34%."""
    mark = "+" if sign else ""
    if scale == RATE:
        return f"{value * 100 / scale:{mark}.2f}%"
    if scale == POINTS:
        return f"{value / scale:{mark}g}"
    return f"{value / MONEY:{mark},.2f}元"
