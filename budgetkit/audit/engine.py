"""From equations to findings: statuses, one finding for each root cause, and the frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from budgetkit.audit.model import MONEY, POINTS, RATE, Equation, Evidence, Figure, Finding, Rule, Term

#: digits of a difference from which on another figure that is as large is no chance
_TELLING = 3
#: rules that add up what stands below a row
_DOWN = ("codes.hierarchy", "codes.total", "units.total", "list.total")
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
    joined = _of_parts(_of_one_sentence(_with_consequences(groups)))
    return [(figure if figure and _alone(figure, group, holding) else None, group) for figure, group in joined]


def _alone(figure: Figure, group: Sequence[Equation], holding: Mapping[tuple[object, ...], int]) -> bool:
    """Whether no equation that holds confirms a figure, and no other such one explains all of a group by one error."""
    listed = [{other.root: error for other, error in _suspects(one)} for one in group]
    shared = set.intersection(*map(set, listed)) - {figure.root}
    rivals = [root for root in shared if not holding[root]]
    allowed = max(one.tolerance2 for one in group)
    spread = (max(own[root] for own in listed) - min(own[root] for own in listed) for root in rivals)
    return not holding[figure.root] and not any(one <= allowed for one in spread)


def _of_one_sentence(
    groups: Sequence[tuple[Figure | None, list[Equation]]],
) -> list[tuple[Figure | None, list[Equation]]]:
    """An amount and its change that one sentence states, both off by as much, are one fault."""
    kept: list[tuple[Figure | None, list[Equation]]] = []
    told: list[dict[str, int]] = []
    for suspect, group in groups:
        own = {figure.sentence: abs(error) for one in group for figure, error in _suspects(one) if figure.sentence}
        allowed = max(one.tolerance2 for one in group)
        alike = (
            k
            for k, other in enumerate(told)
            if any(abs(other[sentence] - own[sentence]) <= allowed for sentence in own.keys() & other)
        )
        k = next(alike, None)
        if k is None:
            kept.append((suspect, group))
            told.append(own)
        else:
            kept[k][1].extend(group)
    return kept


def _of_parts(
    groups: Sequence[tuple[Figure | None, list[Equation]]],
) -> list[tuple[Figure | None, list[Equation]]]:
    """What has one cause: a part and its whole that another table prints otherwise alike, and the sums of one row."""
    kept: list[tuple[Figure | None, list[Equation]]] = []
    first: dict[tuple[object, ...], list[Equation]] = {}
    for suspect, group in groups:
        one = group[0]
        tables = frozenset(figure.table for figure in one.figures)
        alone = len(group) == 1 and 0 not in tables
        row = one.actual.place[:2] if len(tables) == 1 else ()
        # a row too many or too few below another shows in each of its columns, by other amounts
        by = 0 if row and one.rule in _DOWN else one.difference
        key = (one.rule, tables, by, row) if alone else (id(group),)
        if key in first:
            first[key].append(one)
        else:
            first[key] = group
            kept.append((suspect, group))
    return kept


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


def findings_of(
    equations: Sequence[Equation],
    doubts: Mapping[int, str],
    rules: Mapping[str, Rule],
    beside: Mapping[int | str, Sequence[Figure]] = MappingProxyType({}),
) -> list[Finding]:
    """What came of every equation, those that fail for one reason as one.

    `beside` has the figures that stand together, by table and by sentence.
    """
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
    failed = [_failed(figure, group, rules, beside) for figure, group in merge(sound)]
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


def _failed(
    figure: Figure | None,
    group: Sequence[Equation],
    rules: Mapping[str, Rule],
    beside: Mapping[int | str, Sequence[Figure]],
) -> Finding:
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
    equal = _as_large(first, beside)
    hints = [f"差额与{equal.evidence.text}相等"] if equal else [f"疑为{figure.evidence.text}有误"] if figure else []
    others = [message(one, rules[one.rule]) for one in ordered[1:]]
    hints += [f"另有{len(others)}处勾稽因此不平"] if others else []
    text = f"{finding.message}（{'；'.join(hints)}）" if hints else finding.message
    if len(ordered) == 1:
        return replace(finding, message=text, evidence=(*finding.evidence, *((equal.evidence,) if equal else ())))
    told = [*(one.evidence for one in (equal, figure) if one), *finding.evidence]
    told += [Evidence(one.actual.place, message(one, rules[one.rule]), source=one.actual.source) for one in ordered[1:]]
    return replace(finding, message=text, evidence=tuple(dict.fromkeys(told)), tables=frozenset())


def _as_large(one: Equation, beside: Mapping[int | str, Sequence[Figure]]) -> Figure | None:
    """A figure of the same table or sentence that is as large as a difference, by more digits than chance makes."""
    size = abs(one.difference)
    if len(str(size).rstrip("0")) < _TELLING:
        return None
    near = (figure for place in (one.actual.table, one.actual.sentence) if place for figure in beside.get(place, ()))
    return next((figure for figure in near if abs(figure.value) == size and figure.source != one.actual.source), None)


def message(one: Equation, rule: Rule) -> str:
    """The rule's message with the numbers of an equation, in the unit they are counted in, and pages that differ."""
    first = one.terms[0].figure if one.terms else one.actual
    far = "{page}" not in rule.message and first.place.page != one.actual.place.page
    what, against = (f"第{told.place.page}页{told.what}" if far and told.place.page else told.what
                     for told in (one.actual, first))  # fmt: skip
    return rule.message.format(
        what=what,
        actual=shown(one.actual.value, one.actual.scale),
        expected=shown(one.expected, one.actual.scale),
        difference=shown(one.difference, one.actual.scale, sign=True),
        terms=len(one.terms),
        first=against if one.terms else "",
        parts="、".join(f"{_bare(term.figure.what)}{term.figure.printed}" for term in one.terms),
        name=one.name or "",
        code=one.code or "",
        page=one.actual.place.page,
        **dict.fromkeys(("text", "count", "title", "year", "target", "result"), ""),
        other=first.place.page if one.terms else "",
        reason=rule.reason,
    )


def _bare(what: str) -> str:
    """What a figure of the prose is of, without the words that it is of the prose."""
    return what.removeprefix("文字说明").strip("“”")


def shown(value: int, scale: int, sign: bool = False) -> str:
    """A value with its unit: 12,345.67元, 87.02分, 12.34%."""
    mark = "+" if sign else ""
    if scale == RATE:
        return f"{value * 100 / scale:{mark}.2f}%"
    if scale == POINTS:
        return f"{value / scale:{mark}g}"
    return f"{value / MONEY:{mark},.2f}元"
