"""The front of a document: its cover without furniture, and the titles on it, however they are broken into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from budgetkit.model import Line, Page
from budgetkit.printed.names import folded_name
from budgetkit.printed.widths import fold, squeeze
from budgetkit.specs import load
from budgetkit.tables.columns import is_organisation

_CHINESE = str.maketrans("○〇零一二三四五六七八九", "000123456789")
_ONE_YEAR = r"(?:20\d\d|二[○〇零0][○〇零一二三四五六七八九]{2})"
#: 2010元 is no year
_YEAR = re.compile(rf"(?<![\d.,])({_ONE_YEAR})(?!\d|[.,]\d|[元万亿人个件名辆次批套台户%])(年度|年)?")
#: a year as part of a title: with 年, or right before what it is the year of
_TITLE_YEAR = re.compile(
    rf"(?<!\d)\(?{_ONE_YEAR}(?:年度?\)?(?!\d{{1,2}}月)|\)|(?=(?:部门|单位)?(?:综合|汇总)?[预决]算))"
)
#: lines at the front of a document that may carry its title
FRONT = 60
#: a cover has no more lines, and its lines no more characters
_COVER, _LONG = 14, 60
#: no part of a name: sentences, headings, entries of a list of contents, titles
_FOREIGN = re.compile(
    r"[:：。，|]|[预决]算|^(?:第?[一二三四五六七八九十]+(?:部分|[、.．])|[(（][一二三四五六七八九十]+[)）]|\d+[、.．])|[.…]{3}"
)
#: kinds of organs, which are no names without whose they are
_GENERIC = ("办事处", "委员会", "人民法院", "人民检察院", "人民政府", "办公室")
#: an ordinal in front of a name
_ORDINAL = re.compile(r"^(?:第[一二三四五六七八九十]部分[:：]?|[一二三四五六七八九十]{1,2}、)")
_TITLED = re.compile("[预决]算")
#: where the title ends that stands in one line with what follows
_OPENING = re.compile(r"(?=[(（]?目录[)）]?|目?第一部分|(?<=[明算开表])一、)")
#: a year that is compared with
_COMPARED = re.compile(r"(?:较|比|与|同|和)20\d\d年?")
_TIER = re.compile(r"(?:关于)?(?:部门|单位|预算单位)?$")


@dataclass(frozen=True)
class SpecialKind:
    """A kind of document that is no department's budget or final account."""

    id: str
    title: str
    unless: str
    #: the kind when the title says 决算 and not 预算
    final: str | None = None


@dataclass(frozen=True)
class FrontSpec:
    """How the front of a document is taken apart; see specs/identity.toml."""

    furniture: tuple[str, ...]
    ends: tuple[str, ...]
    site: tuple[str, ...]
    path: tuple[str, ...]
    web: tuple[str, ...]
    before: str
    behind: str
    tail: str
    labelled: str
    cells: tuple[str, ...]
    kind: tuple[SpecialKind, ...]


@dataclass(frozen=True)
class Title:
    """A title of a budget or a final account: of whom, of which year, what."""

    name: str
    year: int | None
    #: "部门", "单位" or ""
    tier: str
    #: "预算" or "决算"
    word: str


@cache
def front_spec() -> FrontSpec:
    """The vocabulary of fronts."""
    return load(FrontSpec, "identity.toml")


@cache
def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)


@cache
def _title() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<before>.{{0,60}}?)(?P<tier>部门|单位)?(?:综合|汇总)?(?P<word>[预决]算)(?:{front_spec().tail})"
    )


def year_of(text: str) -> int | None:
    """The first year in a text, in digits or Chinese numerals.

    >>> year_of("二〇二四年度部门决算"), year_of("2020 年度")
    (2024, 2020)
    """
    match = _YEAR.search(fold(text))
    return int(match[1].translate(_CHINESE)) if match else None


def title_year(text: str) -> int | None:
    """The last year in a text that is part of a title, and not of a date.

    >>> title_year("某局2026部门预算"), title_year("2023年预算执行情况和2024年预算草案"), title_year("2024年2月")
    (2026, 2024, None)
    """
    found = _TITLE_YEAR.findall(fold(text))
    return year_of(found[-1]) if found else None


def spoken_year(text: str) -> int | None:
    """The year of which a line speaks: the last one of a title, the first one of a sentence.

    >>> spoken_year("2031年公务接待费10万元，比2030年减少2万元，" + "主要是厉行节约，" * 6)
    2031
    """
    folded = _COMPARED.sub("", fold(text))
    found = _TITLE_YEAR.findall(folded)
    return year_of(found[0 if len(folded) > _LONG else -1]) if found else year_of(folded)


def without_year(text: str) -> str:
    """A line of a title without the year and the 关于 before it.

    >>> without_year("关于青石县水月局2031年度部门预算的说明")
    '青石县水月局部门预算的说明'
    """
    return _TITLE_YEAR.sub("", text).removeprefix("关于")


def front_lines(pages: Sequence[Page]) -> list[str]:
    """Lines of the first pages without white space; what a tab parts is two lines, but for a label and its value."""
    return list(islice(_parts(pages), FRONT))


def _parts(pages: Sequence[Page]) -> Iterator[str]:
    for page in pages:
        for block in page.blocks:
            if not isinstance(block, Line):
                continue
            label = ""
            for part in block.text.split("\t"):
                text = label + squeeze(part).strip("*#")
                label = text if text.endswith(("：", ":")) else ""
                if text and not label:
                    yield text


def content_lines(front: Sequence[str]) -> list[str]:
    """Lines of a front without what a site prints around the document, and titles without what stands around them.

    >>> content_lines(["首页>政务公开>某局", "发布日期：2032-01-02", "标题：某局2031年部门决算", "某局.pdf"])
    ['某局2031年部门决算', '某局']
    """
    spec = front_spec()
    where = [at for at, text in enumerate(front) if _any(spec.path).fullmatch(fold(text))]
    # what stands over the path of a page is the site's own name and menu
    under = [text for at, text in enumerate(front) if not where or at > where[0] or _TITLED.search(text)]
    parts = (part for text in under for part in (_OPENING.split(text, 1) if len(text) > _LONG else (text,)))
    bare = (_affix(f"^(?:{spec.before})|(?:{spec.behind})$").sub("", part) for part in parts)
    return [text for text in bare if text and not _any((*spec.path, *spec.web)).fullmatch(fold(text))]


@cache
def _affix(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


def cover_lines(front: Sequence[str]) -> list[str]:
    """The lines before the contents or the first section, without furniture and repetition."""
    spec = front_spec()
    lines: list[str] = []
    for text in front:
        folded = fold(text)
        if len(lines) >= _COVER or len(text) > _LONG or (lines and _any(spec.ends).fullmatch(folded)):
            break
        bare = _YEAR.sub("", folded)
        if _any(spec.ends).fullmatch(folded) or (_any(spec.furniture).fullmatch(bare) and not title_year(folded)):
            continue
        half = text[: len(text) // 2]
        once = half if half * 2 == text else text
        if once not in lines:
            lines.append(once)
    return _unbroken(lines)


def _unbroken(lines: Sequence[str]) -> list[str]:
    """The lines with words that are broken over two of them (部门预/算) put together."""
    joined: list[str] = []
    for text in lines:
        if joined and joined[-1].endswith(("预", "决")) and text.startswith("算"):
            joined[-1] += text
        else:
            joined.append(text)
    return joined


def titles(lines: Sequence[str], known: str) -> Iterator[Title]:
    """The titles that lines hold, each with the name before it, which may begin on lines above.

    `lines`: lines of the cover, or of the front; `known`: the rest of the document's text: a name that goes over lines
    is one where it says so.
    """
    for at, text in enumerate(lines):
        folded = fold(text)
        match = _title().fullmatch(without_year(folded))
        if match is None:
            continue
        name, first = _name(lines, at, _printed_before(text, match["before"]), known)
        near = "".join(lines[first : at + 1])
        year = title_year(near) or (title_year(lines[at + 1]) if at + 1 < len(lines) else None)
        tier = match["tier"] or ("单位" if name.endswith("单位") else "部门" if name.endswith("部门") else "")
        yield Title(_ORDINAL.sub("", _TIER.sub("", name)), year, tier, match["word"])


def _printed_before(text: str, before: str) -> str:
    """The part of a line that is the name, as printed: with the brackets it has."""
    printed = without_year(text)
    return printed[: len(before)] if fold(printed[: len(before)]) == before else before


def _name(lines: Sequence[str], at: int, name: str, known: str) -> tuple[str, int]:
    """The name that ends in a line, with the lines above that belong to it, and the first of these."""
    first = at
    while first and len(name) < _LONG:
        above = without_year(lines[first - 1])
        if not above:
            first -= 1
            continue
        joined = above + name
        complete = is_organisation(fold(_TIER.sub("", name))) and folded_name(name) not in _GENERIC
        if complete and first == at and _YEAR.match(fold(lines[at])):
            break
        foreign = any(word in above for word in front_spec().site) or _FOREIGN.search(above)
        if foreign or (complete and is_organisation(fold(above)) and fold(joined) not in known):
            break
        if complete and fold(name) in known and fold(joined) not in known:
            break
        name, first = joined, first - 1
    return name, first
