"""What a document says it is: budget or final account, of which year, of whom. Always from the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budgetkit.model import Line, Page
from budgetkit.tables import Table
from budgetkit.text import fold, squeeze

_CHINESE = str.maketrans("○〇零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})(年度|年)?")
_NAMED = re.compile(
    r"(?P<before>.*?)(?P<year>20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})(年度|年)(?P<between>.{0,40}?)"
    r"(?P<tier>部门|单位)?(?P<kind>预算|决算)(?P<rest>.*)"
)
_PLACE_END = re.compile(r"[^。，；：]{2,40}$")
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
    named = [match for line in front if (match := _NAMED.match(fold(line)))]
    kind = _kind(named, tables, front)
    return Identity(kind, _year(named, kind, tables, front), _entity(front, tables), _tier(named, tables))


def _front(pages: Sequence[Page]) -> Iterator[str]:
    """Lines of the first pages, and each with the line that it may wrap into."""
    count = 0
    previous = ""
    for page in pages:
        for block in page.blocks:
            if not isinstance(block, Line):
                continue
            text = squeeze(block.text)
            yield text
            if previous and len(previous) <= 30 and len(text) <= 30:
                yield previous + text
            previous = text
            count += 1
            if count >= FRONT:
                return


def _kind(named: Sequence[re.Match[str]], tables: Sequence[Table], front: Sequence[str]) -> str | None:
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


def _year(named: Sequence[re.Match[str]], kind: str | None, tables: Sequence[Table], front: Sequence[str]) -> int | None:
    word = {"budget": "预算", "final_account": "决算"}.get(kind or "")
    years = Counter(int(match["year"].translate(_CHINESE)) for match in named if match["kind"] == word)
    if years:
        return years.most_common(1)[0][0]
    captions = Counter(year for table in tables for line in table.caption.lines if (year := year_of(line)))
    if captions:
        return captions.most_common(1)[0][0]
    loose = Counter(year for line in front if (year := year_of(line)))
    return loose.most_common(1)[0][0] if loose else None


_TITLE_TAIL = r"(?:部门|单位|预算单位|本级)?(?:汇总)?(?:预算|决算)(?:公开)?(?:情况)?(?:说明|报告|信息公开|公开|文本)?(?:\(.*\))?$"


def _entity(front: Sequence[str], tables: Sequence[Table]) -> str | None:
    """The publisher: from the tables' captions when they name one, else from the title and the first heading."""
    named = Counter(table.caption.entity for table in tables if table.caption.entity)
    if named:
        return named.most_common(1)[0][0]
    candidates: Counter[str] = Counter()
    for text in front:
        for pattern in (
            r"^(?P<name>[^\d一、。，：]{3,40}?)(?:20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})年度?" + _TITLE_TAIL,
            r"^(?:20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})年度?(?P<name>[^\d一、。，：]{3,40}?)" + _TITLE_TAIL,
            r"^(?:第[一二三四]部分)?(?P<name>[^\d一、。，：]{3,40}?)(?:部门|单位)?概况$",
        ):
            match = re.match(pattern, fold(text))
            if match and not re.search("第.部分|目录", match["name"]):
                candidates[_restored(match["name"], text)] += 1
    return candidates.most_common(1)[0][0] if candidates else None


def _restored(name: str, text: str) -> str:
    """The name as printed (folding may have changed its brackets)."""
    place = fold(text).find(name)
    return text[place : place + len(name)] if place >= 0 and len(fold(text)) == len(text) else name


def _tier(named: Sequence[re.Match[str]], tables: Sequence[Table]) -> str | None:
    votes: Counter[str] = Counter()
    for match in named:
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
