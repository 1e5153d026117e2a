"""Plain sense: amounts that cannot be in the unit they are printed in (元 taken for 万元)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from budgetkit.audit import vocabulary
from budgetkit.audit.model import POINTS, Finding
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.stated import Stated


def sense_findings(stated: Sequence[Stated], book: RuleBook) -> Iterator[Finding]:
    """Amounts a head that exceed what is thinkable; not run where no head count is stated."""
    for word in vocabulary.stated().per_head:
        heads = [
            one for one in stated if one.measure == "count" and word.heads.fullmatch(one.subject) and one.figure.value
        ]
        for one in stated:
            if one.measure != "amount" or not word.subject.fullmatch(one.subject) or not one.figure.value:
                continue
            if not heads:
                text = "未核对：文字中没有人数"
                yield Finding("sense.unit", "not_run", text, name=one.subject, page=one.page)
                continue
            most = max(heads, key=lambda other: other.figure.value)
            count = most.figure.value / POINTS
            each = one.figure.amount / count
            wrong = each > word.most
            # what is printed beside it in the same wrong unit is the same slip
            beside = [
                other.figure
                for other in stated
                if wrong and abs(other.index - one.index) == 1 and word.beside.fullmatch(other.subject)
                and other.measure == "amount" and other.figure.amount / count > word.most
            ]  # fmt: skip
            also = "、".join(f"{figure.what}{figure.printed}" for figure in beside)
            text = book.rules["sense.unit"].message.format(
                what=one.figure.what,
                actual=one.figure.printed,
                count=f"{count:g}",
                expected=f"{each / 10_000:,.2f}",
            ) + (also and f"；{also}亦然")
            sound = f"{one.figure.what}{one.figure.printed}，人均{each / 10_000:,.2f}万元"
            yield Finding(
                "sense.unit", "fail" if wrong else "pass", text if wrong else sound, name=one.subject, page=one.page,
                actual=one.figure.amount,
                evidence=tuple(figure.evidence for figure in (one.figure, *beside, most.figure)),
            )  # fmt: skip
