"""Names against codes: a name that belongs to another code, or to none (科目名称与编码)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from budgetkit import codes
from budgetkit.audit.engine import quoted
from budgetkit.audit.model import Figure, Finding
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.sheets import Row, Sheet
from budgetkit.codes import CodeBook, normalise

#: names that share more than this are two ways to write one
_SIMILAR = 0.7


def name_findings(sheets: Sequence[Sheet], year: int | None, book: RuleBook) -> Iterator[Finding]:
    """Every pair of code and name of the tables against the code book of the year."""
    seen: dict[tuple[str, str, str], tuple[Sheet, Row]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            if row.code and row.scheme in codes.SCHEMES and row.name and row.label != row.project:
                seen.setdefault((row.scheme, row.code, row.name), (sheet, row))
    for (scheme, code, name), (sheet, row) in seen.items():
        yield _judged(getattr(codes, scheme), code, name, year, sheet, row, book)


def _judged(
    listed: CodeBook, code: str, name: str, year: int | None, sheet: Sheet, row: Row, book: RuleBook
) -> Finding:
    figure = next(iter(row.cells.values()))
    if code not in listed:
        return _finding("not_run", f"科目{code}“{name}”未收录，无法核对名称", code, name, figure, sheet, "note")
    if _fits(listed, code, name):
        return _finding("pass", f"科目{code}“{name}”", code, name, figure, sheet)
    official = listed.name(code, year)
    elsewhere = [other for other in listed.find(name, year, level=listed.level(code)) if other != code]
    sibling = [other for other in elsewhere if other[:-2] == code[:-2]]
    if sibling or (len(elsewhere) == 1 and len(code) < 7):
        other = (sibling or elsewhere)[0]
        text = f"该名称的编码是{other}，{code}应为“{official}”"
        severity = "error"
    elif _is_part(name, official) or len(code) > 3 or _alike(name, official) > _SIMILAR:
        return _finding("not_run", f"科目{code}“{name}”与“{official}”写法不同", code, name, figure, sheet, "note")
    else:
        text, severity = f"{code}应为“{official}”", "error"
    told = book.rules["names.code"].message.format(code=code, name=name, text=text)
    return _finding("fail", told, code, name, figure, sheet, severity)


def _fits(listed: CodeBook, code: str, name: str) -> bool:
    own = normalise(name)
    known = {normalise(other) for other in listed.names(code)}
    return own in known or code in listed.find(name)


def _alike(name: str, official: str) -> float:
    """How much two names share, from 0 to 1: renamed classes keep most of their signs (资源勘探工业信息等支出)."""
    return SequenceMatcher(None, normalise(name), normalise(official), autojunk=False).ratio()


def _is_part(name: str, official: str) -> bool:
    """Whether one name is the other with signs left out (a short or cut form)."""
    short, long = sorted((normalise(name), normalise(official)), key=len)
    rest = iter(long)
    return bool(short) and all(sign in rest for sign in short)


def _finding(
    status: str, text: str, code: str, name: str, figure: Figure, sheet: Sheet, severity: str | None = None
) -> Finding:
    return Finding(
        "names.code", status, text, sheet.form, code, name, page=figure.place.page, evidence=(quoted(figure),),
        severity=severity, tables=frozenset((sheet.number,)),
    )  # fmt: skip
