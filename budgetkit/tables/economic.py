"""Economic classes (经济分类) as heads of columns: 工资福利支出/基本工资, 机关商品和服务支出, 办公费."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from budgetkit import codes, lexicon
from budgetkit.tables import columns
from budgetkit.tables.joining import Table

#: so many heads that can be nothing but classes make a table of classes
ENOUGH = 3
#: the books as of now, where a title tells no year
_LATEST = 2026
_SCHEMES = ("economic_department", "economic_government")

#: header cells from the top down to one of them
Path = tuple[str, ...]


def classes_of_heads(table: Table, paths: Sequence[Path]) -> Mapping[Path, str]:
    """The codes of heads that are economic classes, by the path down to them.

    `table`: its title may name the book (按政府预算经济分类); `paths`: heads of its columns of amounts. Returns: empty
    unless several heads can be nothing but classes; names that both books have are those of the book with more hits.
    """
    heads = dict.fromkeys(path[:depth] for path in paths for depth in range(1, len(path) + 1))
    year = table.caption.meaning.year or _LATEST
    sure = [head for head in heads if _may_be_class(head[-1]) and not lexicon.read(head[-1]).items]
    if len(sure) < ENOUGH:
        return {}
    found = [_in_book(getattr(codes, scheme), heads, year) for scheme in _SCHEMES]
    hits = [sum(head in read for head in sure) for read in found]
    best = found[1] if hits[1] > hits[0] else found[0]
    return best if max(hits) >= ENOUGH else {}


def _may_be_class(head: str) -> bool:
    """Whether a head may name a class: the lexicon does not know it, or knows it as one, or as 其他支出."""
    told = lexicon.read(head)
    if told.fund or told.nature or told.origin or told.aspect or told.phase or columns.role_of(head):
        return False
    return bool(told.unread or told.economic or told.items or columns.plain(head) == "其他支出")


def _in_book(book: codes.CodeBook, heads: Iterable[Path], year: int) -> dict[Path, str]:
    found: dict[Path, str] = {}
    for head in heads:
        if not _may_be_class(head[-1]):
            continue
        above = next((found[head[:depth]] for depth in range(len(head) - 1, 0, -1) if head[:depth] in found), None)
        code = _one(book, columns.plain(head[-1]), year, above)
        if code is not None:
            found[head] = code
    return found


def _one(book: codes.CodeBook, name: str, year: int, above: str | None) -> str | None:
    """The one code of a name: below the class in force, else a class, else the only one."""
    tries = [{"parent": above}] if above else [{"level": 1}, {}]
    for where in tries:
        hits = book.find(name, year, **where)
        if len(hits) == 1:
            return hits[0]
    return None
