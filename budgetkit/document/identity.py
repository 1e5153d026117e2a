"""What a document says it is: its kind, of which year, of whom. Always from the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from budgetkit.document.cover import Title, content_lines, cover_lines, front_lines, front_spec, titles
from budgetkit.model import Line, Page
from budgetkit.printed.names import folded_name
from budgetkit.printed.widths import fold, squeeze
from budgetkit.printed.years import COMPARES, spoken_year, title_year, without_year
from budgetkit.tables.columns import is_organisation
from budgetkit.tables.joining import Table
from budgetkit.tables.rows import distinct

_KINDS = {"预算": "budget", "决算": "final_account"}
_TIERS = {"部门": "department", "单位": "unit"}
#: lines that are looked at for other prints of a name
_KNOWN = 1500
#: a document with more different forms than this is a department's disclosure, whatever its title
_MOST_FORMS = 3
_NAME = r"[^\d、。，：:;；*|()]{2,40}?(?:\([^()]*\)[^\d、。，：:;；*|()]{0,30}?)*"
_OVERVIEW = re.compile(rf"(?:第[一二三四]部分[、.:]?|[一二]、)?(?P<name>{_NAME})(?:部门|单位)*(?:概况|基本情况)")
#: what stands before the words of a title that is no budget's
_BEFORE = re.compile(r"(?P<name>[^\d、。，：:;；*|]{4,40}?)(?:部门|单位)?(?:整体|项目)?(?:支出)?(?:绩效|[\"“(]?三公)")
_GOVERNMENT = re.compile(r"(?:关于)?(?P<name>[^\d年、。，：:;；*|于]{2,20}?人民政府)")
#: funds whose name holds 预算, in titles of final accounts too
_FUNDS = re.compile(r"(?:一般公共|政府性基金|国有资本经营|社会保险基金)预算")
#: signs of sentences, and words of titles
_NO_NAME = re.compile(r"[。；，！？>|]|[预决]算|、.*、|^的")
#: the budget in sentences on what was spent
_COMPARED = re.compile("(?:年初|全年|调整后?的?|完成|[比较与同占])(?:年初|本年|全年)?预算")
_PLACED = re.compile(r"[省市县区旗州盟镇乡村]|国家|中国|中央|全国|街道|兵团|团")


@dataclass(frozen=True)
class Identity:
    """Kind, fiscal year, entity and tier; None where the text does not say."""

    #: "budget", "final_account", or a kind that is no department's disclosure (categories in specs/frames.toml)
    kind: str | None
    fiscal_year: int | None
    entity: str | None
    #: "department" 部门 or "unit" 单位
    tier: str | None


@dataclass(frozen=True)
class _Front:
    """What the first pages print."""

    lines: tuple[str, ...]
    cover: tuple[str, ...]
    #: folded text of the lines behind the cover, and of the captions
    known: str
    #: titles on the cover, and in the lines behind it
    on_cover: tuple[Title, ...]
    behind: tuple[Title, ...]


def identify(pages: Sequence[Page], tables: Sequence[Table]) -> Identity:
    """Tell what a document is from its first lines, its headings and its tables' captions.

    >>> page = Page(1, (Line("青石县水月局（本级）"), Line("2031部门预算"), Line("-1-")))
    >>> identify([page], [])
    Identity(kind='budget', fiscal_year=2031, entity='青石县水月局（本级）', tier='department')
    """
    front = _read_front(pages, tables)
    special = _special_kind(front, tables)
    kind = special or _kind(front, tables)
    whole = special in ("government_budget", "government_final_account")
    entity = _government(front) if whole else _entity(front, tables)
    return Identity(kind, _year(front, kind, tables), entity, None if whole else _tier(front, tables))


def _read_front(pages: Sequence[Page], tables: Sequence[Table]) -> _Front:
    lines = content_lines(front_lines(pages))
    cover = cover_lines(lines)
    rest = (fold(block.text) for page in pages for block in page.blocks if isinstance(block, Line))
    captions = "\n".join(fold(table.caption.entity) for table in tables if table.caption.entity)
    own = set(map(fold, cover))
    known = "\n".join(text for text in islice(rest, _KNOWN) if text not in own) + "\n" + captions
    return _Front(tuple(lines), tuple(cover), known, tuple(titles(cover, known)), tuple(titles(lines, known)))


def _special_kind(front: _Front, tables: Sequence[Table]) -> str | None:
    """A kind that is no department's disclosure, by the cover's title; None when it is one."""
    cover = re.sub(r"20\d\d年?度?", "", fold("".join(front.cover)))
    forms = {table.caption.form for table in tables if table.caption.form}
    for special in front_spec().kind:
        if re.search(special.title, cover) and not re.search(special.unless, cover) and len(forms) <= _MOST_FORMS:
            words = _FUNDS.sub("", cover)
            final = special.final and "决算" in words and "预算" not in words
            return special.final if final else special.id
    return None


def _kind(front: _Front, tables: Sequence[Table]) -> str | None:
    """The kind that the cover names alone, else what titles and headings name most."""
    on_cover = {title.word for title in front.on_cover}
    if not on_cover:
        words = _FUNDS.sub("", fold("".join(front.cover)))
        on_cover = {word for word in _KINDS if word in words}
    if len(on_cover) == 1:
        return _KINDS[on_cover.pop()]
    votes: Counter[str] = Counter()
    for title in front.behind[:6]:
        votes[title.word] += 2
    for table in tables:
        if table.caption.form:
            name = fold(table.caption.title or "")
            votes["决算" if "决算" in name else "预算"] += 1
    if not votes:
        votes.update(word for line in front.lines for word in _KINDS if word in _COMPARED.sub("", _FUNDS.sub("", line)))
    if not votes:
        return None
    # 政府性基金预算…决算表 and the like name both; a document whose tables say 决算 is a final account
    return "final_account" if votes["决算"] >= votes["预算"] else "budget"


def _year(front: _Front, kind: str | None, tables: Sequence[Table]) -> int | None:
    """The year of the title, else of headings, captions, or any line at the front."""
    if kind not in _KINDS.values():
        told = title_year("".join(front.cover))
        if told:
            return told
    word = next((word for word, own in _KINDS.items() if own == kind), None)
    for found in (front.on_cover, front.behind):
        years = Counter(title.year for title in found if title.year and word in (None, title.word))
        if years:
            return years.most_common(1)[0][0]
    covers = title_year("".join(front.cover)) if kind else None
    if covers:
        return covers
    captions = Counter(year for table in tables for line in table.caption.lines if (year := spoken_year(line)))
    if captions:
        return captions.most_common(1)[0][0]
    # 比 at the end of a line compares with the year that begins the next
    after = (above[-1:] if above.endswith(COMPARES) else "" for above in ("", *front.lines))
    loose = Counter(year for over, line in zip(after, front.lines, strict=False) if (year := spoken_year(over + line)))
    return loose.most_common(1)[0][0] if loose else None


def _government(front: _Front) -> str | None:
    """The government whose budget it is, where the cover names it."""
    return next((match["name"] for line in front.cover if (match := _GOVERNMENT.search(line))), None)


def _entity(front: _Front, tables: Sequence[Table]) -> str | None:
    """The publisher: from the cover where the rest agrees, else the captions, the headings, a form's label."""
    named = Counter(table.caption.entity for table in tables if table.caption.entity)
    caption = named.most_common(1)[0][0] if named else None
    cover = next((name for name in _on_cover(front) if _is_name(name)), None)
    if cover and caption:
        return _better(cover, caption, front.known)
    if cover or caption:
        return cover or caption
    headed = next((name for name in _headed(front) if _is_name(name)), None)
    if headed:
        return headed
    labelled = Counter(value for table in tables for value in _beside_labels(table) if is_organisation(fold(value)))
    return labelled.most_common(1)[0][0] if labelled else None


def _is_name(text: str) -> bool:
    return is_organisation(fold(text)) and not _NO_NAME.search(text)


def _better(cover: str, caption: str, known: str) -> str:
    """Of the names on the cover and over the tables the one that is the publisher's."""
    short, long = folded_name(cover), folded_name(caption)
    if short == long or short.endswith(long):
        return cover
    if long.endswith(short) or not _PLACED.search(short):
        return caption
    # a name that nothing else in the document prints was put together wrongly
    return cover if fold(cover) in known.replace(fold(caption), "") or short in known else caption


def _on_cover(front: _Front) -> Iterator[str]:
    """Names on the cover: beside a label, before a title, before the year."""
    labelled = re.compile(front_spec().labelled)
    for line in front.cover:
        match = labelled.fullmatch(line)
        if match:
            yield match["name"]
    yield from (title.name for title in front.on_cover)
    plain = [without_year(line) for line in front.cover]
    yield from (match["name"] for line in plain if (match := _BEFORE.match(line)))
    yield from plain


def _headed(front: _Front) -> Iterator[str]:
    """Names in titles and headings behind the cover (第一部分：某局概况), also broken over two lines."""
    yield from (title.name for title in front.behind)
    pairs = [first + second for first, second in pairwise(front.lines) if len(first) <= 30 and len(second) <= 30]
    opened = [pair for pair in pairs if pair.startswith("第") and "部分" in pair[:4]]
    for text in (*opened, *front.lines, *pairs):
        match = _OVERVIEW.fullmatch(re.sub(r"20\d\d年?度?", "", fold(text)))
        if match:
            start = fold(text).find(match["name"])
            printed = text[start : start + len(match["name"])]
            yield printed if fold(printed) == match["name"] else match["name"]


def _beside_labels(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = [squeeze(cell.text) for cell in distinct(row.cells)]
        for label, value in pairwise(cells):
            if fold(label).rstrip(":") in front_spec().cells and value:
                yield value


def _tier(front: _Front, tables: Sequence[Table]) -> str | None:
    """部门 or 单位, from the cover, the headings, or who the tables' captions say compiled them."""
    votes = Counter(title.tier for title in front.on_cover if title.tier)
    if not votes:
        votes.update(re.findall(r"(部门|单位)(?:综合|汇总)?(?:预算|决算)", fold("".join(front.cover))))
    if not votes:
        votes.update(title.tier for title in front.behind if title.tier)
    if not votes:
        for table in tables:
            found = re.search(
                r"(?:编制|填报|公开)?(部门|单位)(?:名称)?[:：][^元万]", fold("".join(table.caption.lines))
            )
            if found:
                votes[found[1]] += 1
    return _TIERS.get(votes.most_common(1)[0][0]) if votes else None
