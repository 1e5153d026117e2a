"""What a document says it is: budget or final account, of which year, of whom. Always from the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from budgetkit.model import Line, Page
from budgetkit.printed.widths import fold, squeeze
from budgetkit.tables.columns import is_organisation
from budgetkit.tables.joining import Table, distinct

_CHINESE = str.maketrans("○〇零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})(年度|年)?")
_NAMED = re.compile(
    r"(?P<before>.*?)(?P<year>20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})(年度|年)(?P<between>.{0,40}?)"
    r"(?P<tier>部门|单位)?(?P<kind>预算|决算)(?P<rest>.*)"
)
#: lines at the front of a document that may carry its title
FRONT = 60


@dataclass(frozen=True)
class Identity:
    """Kind, fiscal year, entity and tier; None where the text does not say."""

    kind: str | None
    fiscal_year: int | None
    entity: str | None
    #: "department" 部门 or "unit" 单位
    tier: str | None


def year_of(text: str) -> int | None:
    """The first year in a text, in digits or Chinese numerals.

    >>> year_of("二〇二四年度部门决算"), year_of("2020 年度")
    (2024, 2020)
    """
    match = _YEAR.search(fold(text))
    return int(match[1].translate(_CHINESE)) if match else None


def identify(pages: Sequence[Page], tables: Sequence[Table]) -> Identity:
    """Tell what a document is from its first lines, its headings and its tables' captions."""
    front = list(_front(pages))
    wrapped = [first + second for first, second in pairwise(front) if len(first) <= 30 and len(second) <= 30]
    named = [match for line in (*front, *wrapped) if (match := _NAMED.match(fold(line)))]
    plain = [_ANY_YEAR.sub("", text).strip("*#") for text in front]
    cover = _cover(plain)
    kind = _kind(cover, named, tables, front)
    tier = _tier(cover, named, tables)
    return Identity(kind, _year(named, kind, tables, front), _entity(plain, tables), tier)


def front_lines(pages: Sequence[Page], tables: Sequence[Table]) -> list[str]:
    """The lines that say what a document is: the first ones, and the captions of its tables."""
    return [*_front(pages), *(line for table in tables for line in table.caption.lines)]


def _front(pages: Sequence[Page]) -> Iterator[str]:
    """Lines of the first pages without white space."""
    lines = (squeeze(block.text) for page in pages for block in page.blocks if isinstance(block, Line))
    return islice(lines, FRONT)


def _kind(cover: str, named: Sequence[re.Match[str]], tables: Sequence[Table], front: Sequence[str]) -> str | None:
    """The kind that the cover names alone, else what titles and headings name most."""
    kinds = {"预算": "budget", "决算": "final_account"}
    on_cover = [word for word in kinds if word in cover]
    if len(on_cover) == 1:
        return kinds[on_cover[0]]
    votes: Counter[str] = Counter()
    for match in named[:6]:
        votes[match["kind"]] += 2
    for table in tables:
        title = fold(table.caption.title or "")
        if table.caption.form:
            votes["决算"] += "决算" in title
            votes["预算"] += "决算" not in title
    if not votes:
        votes.update(word for line in front for word in ("预算", "决算") if word in line)
    if not votes:
        return None
    # 政府性基金预算…决算表 and the like name both; a document whose tables say 决算 is a final account
    return "final_account" if votes["决算"] >= votes["预算"] else "budget"


def _year(
    named: Sequence[re.Match[str]], kind: str | None, tables: Sequence[Table], front: Sequence[str]
) -> int | None:
    word = {"budget": "预算", "final_account": "决算"}.get(kind or "")
    years = Counter(int(match["year"].translate(_CHINESE)) for match in named if match["kind"] == word)
    if years:
        return years.most_common(1)[0][0]
    captions = Counter(year for table in tables for line in table.caption.lines if (year := year_of(line)))
    if captions:
        return captions.most_common(1)[0][0]
    loose = Counter(year for line in front if (year := year_of(line)))
    return loose.most_common(1)[0][0] if loose else None


_NAME = r"[^\d、。，：:;；*|()]{2,40}?(?:\([^()]*\)[^\d、。，：:;；*|()]{0,30}?)*"
_HEADING = re.compile(
    rf"(?P<name>{_NAME})(?:部门|预算单位|单位|本级)*(?:综合|汇总)?(?:预算|决算)(?:及.{{0,12}})?(?:公开|信息|情况|说明|报告|草案|编制|文本|表)*"
)
_OVERVIEW = re.compile(rf"(?:第[一二三四]部分[、.]?)?(?P<name>{_NAME})(?:部门|单位)*概况")
_ANY_YEAR = re.compile(r"(?:20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})年(?:度)?")
#: labels of forms beside which the publisher stands
_LABELLED = ("部门名称", "部门(单位)名称", "预算部门", "单位名称", "预算单位", "主管部门", "实施单位")


def _entity(front: Sequence[str], tables: Sequence[Table]) -> str | None:
    """The publisher: from the captions of the tables, else the cover, the first heading, a form's label."""
    named = Counter(table.caption.entity for table in tables if table.caption.entity)
    if named:
        return named.most_common(1)[0][0]
    for text in (_cover(front), *front):
        for pattern in (_HEADING, _OVERVIEW):
            match = pattern.fullmatch(text)
            if match and is_organisation(match["name"]):
                return match["name"]
    labelled = Counter(value for table in tables for value in _beside_labels(table) if is_organisation(value))
    return labelled.most_common(1)[0][0] if labelled else None


def _cover(front: Sequence[str]) -> str:
    """The lines before the table of contents as one text, without the year."""
    lines: list[str] = []
    for text in front[:8]:
        if fold(text) == "目录" or len(text) > 50:
            break
        lines.append(text)
    return "".join(lines)


def _beside_labels(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = [squeeze(cell.text) for cell in distinct(row.cells)]
        for label, value in pairwise(cells):
            if fold(label) in _LABELLED and value:
                yield value


def _tier(cover: str, named: Sequence[re.Match[str]], tables: Sequence[Table]) -> str | None:
    """部门 or 单位, from the cover, the headings, or who the tables' captions say compiled them."""
    votes = Counter(re.findall(r"(部门|单位)(?:综合|汇总)?(?:预算|决算)", cover))
    for match in () if votes else named:
        if match["tier"]:
            votes[match["tier"]] += 1
    if not votes:
        for table in tables:
            text = fold("".join(table.caption.lines))
            found = re.search(r"(?:编制|填报|公开)?(部门|单位)(?:名称)?[:：][^元万]", text)
            if found:
                votes[found[1]] += 1
    best = votes.most_common(1)[0][0] if votes else None
    return {"部门": "department", "单位": "unit"}.get(best or "")
