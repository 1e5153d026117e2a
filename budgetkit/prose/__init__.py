"""Figures stated in prose (情况说明): read from standard phrases into rows of the `statements` frame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from budgetkit.model import Page
from budgetkit.prose.grammar import load
from budgetkit.prose.items import make_names
from budgetkit.prose.meaning import NONE
from budgetkit.prose.paragraphs import Paragraph, read_paragraphs
from budgetkit.prose.phrases import Context, When
from budgetkit.prose.reading import read_paragraph
from budgetkit.prose.scopes import Found, State

__all__ = ["read_statements"]

#: no sentence reaches further before and behind its figure
_REACH = 1000
#: names and numbers of contact persons, with the words that announce them
_CONTACT = re.compile(
    r"(?:联系人|联系方式|(?:联系|咨询|监督|举报)?(?:电话|热线|邮箱)|手机)(?:号码)?[：:][^，。；、）]{0,30}"
    r"|(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)"
)
_DEFAULT = {"budget": "approved", "final_account": "executed"}


def read_statements(
    pages: Sequence[Page],
    *,
    kind: str | None,
    fiscal_year: int | None,
    entity: str | None,
    names: Sequence[tuple[str, str, str]],
) -> tuple[dict[str, Any], ...]:
    """Figures that the standard phrases of a document's prose state.

    A figure whose item, measure or phase the phrases do not tell for certain gives no row; neither do figures in
    free reasons, dates and document numbers.

    Returns: columns of `statements` without `document`: entity, fiscal_year, kind, section, subject, code, code_source,
    measure, phase, value, quantum, unit, printed, sentence, page. value is in yuan for money, a fraction for rates,
    else the number; phase is None for states (staff, assets); quantum and unit are None for words that state a change
    of nothing (持平).

    Parameters
    ----------
    pages : sequence of Page
        The document; only lines outside tables are read.
    kind : str, optional
        "budget" or "final_account": decides the phase of plain amounts (approved, executed). None: they have none.
    fiscal_year : int, optional
        Tells years in phrases apart: the year before is `prior_year`, amounts of other years give no row. None: a
        phrase that prints a year gives a row without phase, and one that compares with a printed year gives none.
    entity : str, optional
        The unit, as printed.
    names : sequence of (scheme, code, name)
        Names of the document's own tables, through which codes are resolved before the code books are asked.

    >>> from budgetkit.model import Line, Page
    >>> page = Page(1, (Line("一、收入决算情况说明"), Line("2031年度本年收入80.50万元，比上年减少2.00万元。")))
    >>> rows = read_statements([page], kind="final_account", fiscal_year=2031, entity=None, names=[])
    >>> [(row["section"], row["subject"], row["measure"], row["value"]) for row in rows]
    [('一', '本年收入', 'amount', 805000.0), ('一', '本年收入', 'change', -20000.0)]
    """
    grammar = load()
    context = Context(
        grammar, make_names(names, fiscal_year), fiscal_year, When(_DEFAULT.get(kind or ""), fiscal_year), entity
    )
    head = {"entity": entity, "fiscal_year": fiscal_year, "kind": kind}
    state = State()
    rows: list[dict[str, Any]] = []
    for paragraph in read_paragraphs(pages, grammar.layout):
        found, state = read_paragraph(paragraph, state, context)
        rows += [{**head, **_row(paragraph, one)} for one in found]
    return tuple(rows)


def _row(paragraph: Paragraph, found: Found) -> dict[str, Any]:
    figure, subject = found.figure, found.subject
    unit = {"entity": subject.unit} if subject.unit else {}
    return {
        **unit,
        "section": paragraph.section,
        "subject": subject.name,
        "code": subject.code,
        "code_source": subject.code_source,
        **(subject.coordinates or NONE)._asdict(),
        "measure": found.measure,
        "year": found.when.year,
        "phase": found.when.phase,
        "value": float(figure.value * found.sign) + 0.0,
        "quantum": None if figure.quantum is None else float(figure.quantum),
        "unit": figure.unit or None,
        "printed": figure.printed,
        "sentence": _sentence(paragraph.text, figure.start),
        "page": paragraph.page_at(figure.start),
    }


def _sentence(text: str, offset: int) -> str:
    """The sentence around an offset."""
    start = text.rfind("。", max(offset - _REACH, 0), offset) + 1 or max(offset - _REACH, 0)
    end = text.find("。", offset, offset + _REACH)
    return _without_contacts(text[start : offset + _REACH] if end < 0 else text[start : end + 1])


@lru_cache(maxsize=1 << 4)
def _without_contacts(sentence: str) -> str:
    """A sentence without contact persons; its figures ask one after the other."""
    return _CONTACT.sub("", sentence)
