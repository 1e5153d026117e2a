"""Whose a change is where two amounts stand before it: the one with which its rate agrees."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from budgetkit.prose.scopes import Found

#: how far a rate may lie from the one that follows, for rounding
_NEAR = Decimal("0.0006")


def settled(found: Sequence[Found]) -> list[Found]:
    """The figures of a paragraph, with changes given to the amount that their rates fit.

    收入总计100万元，其中年初结转30万元，较上年增加10万元，增长11.11% speaks of the total: 10 of 90. What fits no
    amount, or its own, stays where the words put it.
    """
    rows = list(found)
    for at in range(1, len(rows)):
        change, rate = rows[at - 1], rows[at]
        if _is_budget(change, rate):
            rows[at - 1] = change._replace(when=change.when._replace(phase="approved"))
        if (change.measure, rate.measure) != ("change", "change_rate") or change.subject is not rate.subject:
            continue
        amounts = [one for one in reversed(rows[: at - 1]) if _may_be(one, change)]
        own = next((one for one in amounts if one.subject.name == change.subject.name), None)
        if own is None or not change.figure.value or _fits(own, change, rate):
            continue
        other = next((one for one in amounts if _fits(one, change, rate)), None)
        if other is not None:
            rows[at - 1] = change._replace(subject=other.subject)
            rows[at] = rate._replace(subject=other.subject)
    return rows


def _is_budget(first: Found, second: Found) -> bool:
    """Whether the first of two amounts is the budget of the item: 政府性基金预算80.00万元，决算数75.00万元."""
    same = first.when == second.when and first.subject.words == second.subject.words
    both = same and first.measure == second.measure == "amount" and first.when.phase == "executed"
    return both and first.subject.words.endswith("预算")


def _may_be(amount: Found, change: Found) -> bool:
    return amount.measure == "amount" and amount.figure.kind == "money" and amount.when == change.when


def _fits(amount: Found, change: Found, rate: Found) -> bool:
    moved = change.figure.value * change.sign
    before = amount.figure.value - moved
    if before <= 0:
        return False
    return abs(moved / before - rate.figure.value * rate.sign) <= _NEAR
