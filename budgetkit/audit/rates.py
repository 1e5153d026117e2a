"""Rates and shares that prose states: recomputed at the printed step."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from budgetkit.audit.engine import shown
from budgetkit.audit.model import MONEY, RATE, Figure, Finding, Rule, Term
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.stated import INCREASE, Ratio, Stated, ratios

#: a base of 0 that is printed more coarsely than to a hundred yuan need not be nothing
_FINE = 100 * MONEY
#: so many shares of a sentence that are of one whole tell what the others are of
_ALIKE = 2
#: what the parts of a sentence make
_TOGETHER = "各部分之和"
#: an amount as it stands in a sentence
_MONEY_TEXT = re.compile(r"\d[\d,.]*(?:万元|亿元|元)")
#: the whole that a share says it is of
_NAMED = re.compile(r"占(?P<whole>[^，。；：、\d]{2,20}?)的?(?:比[重例])?(?:为|是)?$")


def with_rates(
    found: Sequence[Finding],
    stated: Sequence[Stated],
    totals: Sequence[Figure],
    book: RuleBook,
) -> list[Finding]:
    """The findings of sums with those of every stated rate.

    A rate that holds once a figure already found wrong is set right is no fault of its own, and rates that share one
    amount and all fail are one fault. Shares may be of the tables' `totals`.
    """
    kept = list(found)
    lone: list[tuple[Ratio, Finding]] = []
    for ratio in (*ratios(stated), *shares(stated, totals)):
        if not book.rules[ratio.rule].enabled:
            continue
        judged = _judged(ratio, book.rules[ratio.rule], book)
        cause = _cause(ratio, kept) if judged.status == "fail" and judged.rule == ratio.rule else None
        if cause is None:
            lone.append((ratio, judged))
        else:
            kept[cause] = _joined(kept[cause], judged)
    return kept + _by_amount(lone)


def _cause(ratio: Ratio, found: Sequence[Finding]) -> int | None:
    """The finding whose wrong figure, set right, makes the rate hold, or that its change goes the other way."""
    told, turned = {term.figure.source for term in ratio.terms}, _status(ratio) == "sign"
    for k, finding in enumerate(found):
        if turned and finding.rule == "prose.direction" and told & {one.source for one in finding.evidence}:
            return k
        slack = round(2 * MONEY * (finding.tolerance or 0.0))
        for source, error in finding.suspects:
            if finding.status == "fail" and any(term.figure.root == source for term in ratio.terms):
                mended = replace(
                    ratio,
                    numerator=_mended(ratio.numerator, source, error, slack),
                    denominator=_mended(ratio.denominator, source, error, slack),
                )
                # by how much it has grown is not known
                if finding.rule == INCREASE or _status(mended) in ("pass", "rounding"):
                    return k
    return None


def _mended(terms: Sequence[Term], source: tuple[object, ...], error: int, slack: int = 0) -> tuple[Term, ...]:
    """Terms with one figure set right, by an error that is known to `slack`."""
    return tuple(
        Term(weight, replace(figure, value=figure.value - error, quantum=figure.quantum + slack))
        if figure.root == source
        else Term(weight, figure)
        for weight, figure in terms
    )


def _joined(first: Finding, other: Finding) -> Finding:
    return replace(first, evidence=tuple(dict.fromkeys((*first.evidence, *other.evidence))))


def _by_amount(lone: Sequence[tuple[Ratio, Finding]]) -> list[Finding]:
    """Failing rates of one amount as one finding: two of them are hardly wrong alike."""
    uses: Counter[tuple[str, int]] = Counter(
        term.figure.source for ratio, finding in lone if finding.status == "fail" for term in ratio.numerator
    )
    done: dict[tuple[str, int], int] = {}
    kept: list[Finding] = []
    for ratio, finding in lone:
        shared = next((term.figure.source for term in ratio.numerator if uses[term.figure.source] > 1), None)
        if finding.status != "fail" or shared is None:
            kept.append(finding)
        elif shared in done:
            kept[done[shared]] = _joined(kept[done[shared]], finding)
        else:
            done[shared] = len(kept)
            kept.append(finding)
    return kept


def shares(stated: Sequence[Stated], totals: Sequence[Figure]) -> Iterator[Ratio]:
    """Every stated share with its amount and its whole.

    The whole is an amount that the sentence or its section names before the part, or any other of the prose, a table's
    total or a sum of the parts, that the share fits. Where it fits none, it is held against the whole that the other
    shares of its section, of what it says to be of, have. Where these have none in common, it is held against the one
    that its sentence names, and where that was not read, nothing is known of it.
    """
    parts = {stated[k - 1].index: _of(stated[k]) for k in range(1, len(stated)) if stated[k].measure == "share"}
    fitting: dict[tuple[str, bool, str], list[Figure]] = {}
    unfit: list[tuple[Stated, Stated, list[Figure]]] = []
    beside: dict[tuple[str, bool, str], list[Figure]] = defaultdict(list)
    tried: list[tuple[Stated, Stated, list[Figure], Ratio | None]] = []
    for k, one in enumerate(stated):
        part = stated[k - 1] if k else one
        if one.measure != "share" or part.measure != "amount" or part.subject != one.subject:
            continue
        near, far = _bases(stated, k - 1, parts, totals)
        made = (_share(one, part, base) for base in (*near, *far, *_together(stated, k - 1, parts)))
        holding = next((ratio for ratio in made if _status(ratio) in ("pass", "rounding")), None)
        tried.append((one, part, near, holding))
        if holding is not None and holding.denominator[0].figure in near:
            beside[one.sentence, bool(part.code), _of(one)].append(holding.denominator[0].figure)
    for one, part, near, holding in tried:
        if holding is None or _by_chance(holding, part, beside[one.sentence, bool(part.code), _of(one)]):
            unfit.append((one, part, near))
        else:
            fitting.setdefault((one.section, bool(part.code), _of(one)), []).append(holding.denominator[0].figure)
            yield holding
    for one, part, near in unfit:
        fits = beside[one.sentence, bool(part.code), _of(one)]
        fits = fits if _one_whole(fits) else fitting.get((one.section, bool(part.code), _of(one)), [])
        fits = [figure for figure in fits if _one_side(figure, part)]
        known = {figure.value: figure for figure in fits if figure.value >= part.figure.value}
        calls = [other for other in stated if _is_named(other, one, part)]
        calls = [other for other in calls if other.section == part.section] or calls
        named = {other.figure.value: other.figure for other in calls}
        known = known if known or len(named) != 1 else named
        own = {figure.value: figure for figure in near if figure.value != part.figure.value and _one_side(figure, part)}
        sure = not _unread_whole(stated, one, part)
        if len(known) == 1 or (not known and len(own) == 1 and sure):
            yield _share(one, part, next(iter((known or own).values())))


def _one_side(base: Figure, part: Stated) -> bool:
    """Whether a whole may be that of a part: spending is no part of income alone, nor the other way round."""
    one, other = (("收" in text, "支" in text) for text in (base.what, part.subject))
    return {one, other} != {(True, False), (False, True)}


def _one_whole(figures: Sequence[Figure]) -> bool:
    """Whether several shares of a sentence are all of one whole."""
    return len(figures) >= _ALIKE and len({figure.value for figure in figures}) == 1


def _by_chance(ratio: Ratio, part: Stated, beside: Sequence[Figure]) -> bool:
    """Whether a share fits a far amount only, where the shares beside it all fit one whole."""
    base = ratio.denominator[0].figure
    own = base.value == beside[0].value if beside else False
    return _one_whole(beside) and not own and base.sentence != part.sentence and base.what != _TOGETHER


def _is_named(other: Stated, one: Stated, part: Stated) -> bool:
    """Whether an amount is the whole that a share says it is of."""
    whole = _of(one)
    same = (other.measure, other.prior) == ("amount", part.prior)
    return bool(whole) and same and other.index < part.index and _core(other.subject) == whole


def _share(one: Stated, part: Stated, base: Figure) -> Ratio:
    return Ratio("prose.share", one, (Term(1, part.figure),), (Term(1, base),))


def _unread_whole(stated: Sequence[Stated], one: Stated, part: Stated) -> bool:
    """Whether the whole that a share is of may be a figure that was not read: one before it, or one of another name."""
    before = part.sentence[: max(part.sentence.find(part.figure.printed), 0)]
    read = [other.figure.printed for other in stated if other.sentence == part.sentence]
    figures = [match[0] for match in _MONEY_TEXT.finditer(before)]
    known = {_core(other.subject) for other in stated if other.measure == "amount" and other.index != part.index}
    return any(figure not in read for figure in figures) or _of(one) not in ("", *known)


def _of(share: Stated) -> str:
    """What a share says that it is of; "" where it does not."""
    named = _NAMED.search(share.sentence.split(share.figure.printed)[0])
    return _core(named["whole"]) if named else ""


def _core(subject: str) -> str:
    """A name without the words that only say that it is a total, or of what plan."""
    return re.sub("本年|全年|总|合计|预算|决算|[数额]|的", "", subject)


def _together(stated: Sequence[Stated], k: int, parts: Mapping[int, str]) -> Iterator[Figure]:
    """The part and those that its section gives a share of, of one and the same whole, together."""
    part = stated[k]
    listed = {
        one.subject: one
        for one in stated
        if parts.get(one.index) == parts[part.index]
        and (one.section, one.prior, one.phase) == (part.section, part.prior, part.phase)
    }
    chosen = [one for one in listed.values() if bool(one.code) == bool(part.code)]
    if len(chosen) > 1:
        value, step = (sum(getattr(one.figure, name) for one in chosen) for name in ("value", "quantum"))
        yield replace(part.figure, value=value, quantum=step, what=_TOGETHER, printed=shown(value, MONEY), cause=())


def _bases(
    stated: Sequence[Stated], k: int, parts: Mapping[int, str], totals: Sequence[Figure]
) -> tuple[list[Figure], list[Figure]]:
    """Amounts of the same year that may be the whole of the part at `k`: those that its sentence names, all others."""
    part = stated[k]
    large = [
        one
        for one in stated
        if one.measure == "amount" and one.prior == part.prior and one.figure.value >= abs(part.figure.value)
    ]
    before = [one for one in large if one.index < part.index and one.section == part.section]
    near = [one for one in before if one.sentence == part.sentence and one.index not in parts][:1]
    near += [one for one in reversed(before) if one.index not in parts and one.page >= part.page - 1]
    near += [one for one in reversed(before) if not one.code and part.code and one.page >= part.page - 1]
    far = [one.figure for one in large] + [figure for figure in totals if figure.value >= abs(part.figure.value)]
    return [one.figure for one in near], far


def _status(ratio: Ratio) -> str:
    stated = ratio.one.figure
    bounds = ratio.bounds
    if bounds is None:
        top = sum(term.weight * term.figure.value for term in ratio.numerator)
        exact = all(term.figure.quantum <= _FINE for term in ratio.denominator)
        return "pass" if not (top and stated.value) else "zero" if exact else "rounding"
    low, high = bounds[0] * RATE, bounds[1] * RATE
    if 2 * abs(stated.value - ratio.value * RATE) <= stated.quantum:
        return "pass"
    # rates may be cut off instead of rounded, so a whole last digit is allowed
    if low - stated.quantum <= stated.value <= high + stated.quantum:
        return "rounding"
    if low - stated.quantum <= -stated.value <= high + stated.quantum:
        # "减少24.5万元（43%）" states no direction of its own
        before = ratio.one.sentence[: max(ratio.one.sentence.find(stated.printed), 0)]
        return "sign" if re.search(r"(增长|增加|上升|提高|下降|减少|降低)了?$", before) else "rounding"
    return "fail"


def _flipped(ratio: Ratio) -> bool:
    """Whether a rate holds once its change goes the other way: 增加 where 减少 was meant."""
    if ratio.rule != "prose.change_rate" or len(ratio.numerator) != 1:
        return False
    change, source = ratio.numerator[0].figure, ratio.numerator[0].figure.root
    turned = replace(
        ratio,
        numerator=_mended(ratio.numerator, source, 2 * change.value),
        denominator=_mended(ratio.denominator, source, 2 * change.value),
    )
    return _status(turned) == "pass"


def _with_sign(figure: Figure) -> str:
    """A rate as printed, and as less than nothing where the words before it say 减少."""
    return f"-{figure.printed}" if figure.value < 0 and not figure.printed.startswith("-") else figure.printed


def _made_of(terms: Sequence[Term]) -> str:
    """Amounts as a reader computes with them: (120.50万元-100万元)."""
    told = ""
    for weight, figure in terms:
        printed = figure.printed if figure.table == 0 else shown(figure.value, MONEY)
        told += ("-" if weight * figure.value < 0 else "+") + printed.removeprefix("-")
    return told.removeprefix("+") if len(terms) == 1 else f"（{told.removeprefix('+')}）"


def _judged(ratio: Ratio, rule: Rule, book: RuleBook) -> Finding:
    status = _status(ratio)
    one = ratio.one
    evidence = (one.figure.evidence, *(term.figure.evidence for term in (*ratio.numerator, *ratio.denominator)))
    if status == "zero":
        zero = book.rules["prose.zero_base"]
        text = zero.message.format(what=one.figure.what, actual=shown(one.figure.value, RATE), name=one.subject)
        # 增长100% of nothing is how many say that it is new
        usual = rule.id == "prose.change_rate" and one.figure.value == RATE
        text = f"未核对：{text}" if usual else text
        return Finding(
            zero.id, "not_run" if usual else "fail", text, None, one.code or None, one.subject, None, one.figure.amount,
            page=one.page, evidence=tuple(dict.fromkeys(evidence)),
        )  # fmt: skip
    if ratio.bounds is None:
        expected, tolerance = one.figure.amount, 0.0
    else:
        expected, tolerance = ratio.value, one.figure.amount and one.figure.quantum / RATE
        tolerance += (ratio.bounds[1] - ratio.bounds[0]) / 2
    text = rule.message.format(
        what=one.figure.what,
        actual=_with_sign(one.figure),
        expected=shown(round(expected * RATE), RATE),
        name=one.subject,
        text=f"{_made_of(ratio.numerator)}÷{_made_of(ratio.denominator)}",
    )
    if status in ("fail", "sign") and _flipped(ratio):
        change = ratio.numerator[0].figure
        said = shown(change.value, MONEY, sign=True)
        text = f"{change.what}为{said}，而增减率为{_with_sign(one.figure)}，增减方向相反"
    return Finding(
        rule.id, "fail" if status in ("fail", "sign") else status, text, None, one.code or None, one.subject,
        expected, one.figure.amount, one.figure.amount - expected, tolerance, one.page,
        tuple(dict.fromkeys(evidence)),
    )  # fmt: skip
