"""Names against codes: a name that belongs to another code, or to none (科目名称与编码)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from budgetkit import codes
from budgetkit.audit.cells import Cell, finding_at
from budgetkit.audit.model import Finding
from budgetkit.audit.rules import RuleBook
from budgetkit.codes import CodeBook, normalise

#: names that share more than this are two ways to write one
_SIMILAR = 0.7


def name_findings(cells: Sequence[Cell], year: int | None, book: RuleBook) -> Iterator[Finding]:
    """Every pair of code and name of the tables against the code book of the year."""
    seen: dict[tuple[str, str, str], Cell] = {}
    for cell in cells:
        if cell.code and cell.scheme in codes.SCHEMES and cell.name and cell.label != cell.project:
            seen.setdefault((cell.scheme, cell.code, cell.name), cell)
    for (scheme, code, name), cell in seen.items():
        yield _judged(getattr(codes, scheme), code, name, year, cell, book)


def _judged(listed: CodeBook, code: str, name: str, year: int | None, cell: Cell, book: RuleBook) -> Finding:
    if code not in listed:
        return _finding("not_run", f"科目{code}“{name}”未收录，无法核对名称", cell, "note")
    if _fits(listed, code, name):
        return _finding("pass", f"科目{code}“{name}”", cell)
    official = listed.name(code, year)
    elsewhere = [other for other in listed.find(name, year, level=listed.level(code)) if other != code]
    sibling = [other for other in elsewhere if other[:-2] == code[:-2]]
    if sibling or (len(elsewhere) == 1 and len(code) < 7):
        other = (sibling or elsewhere)[0]
        text = f"该名称的编码是{other}，{code}应为“{official}”"
    elif _is_part(name, official) or len(code) > 3 or _alike(name, official) > _SIMILAR:
        return _finding("not_run", f"科目{code}“{name}”与“{official}”写法不同", cell, "note")
    else:
        text = f"{code}应为“{official}”"
    return _finding("fail", book.rules["names.code"].message.format(code=code, name=name, text=text), cell, "error")


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


def _finding(status: str, text: str, cell: Cell, severity: str | None = None) -> Finding:
    return finding_at("names.code", status, text, cell, code=cell.code, name=cell.name, severity=severity)
