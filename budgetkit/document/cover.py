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
from budgetkit.printed.years import YEAR, title_year, without_year
from budgetkit.specs import load
from budgetkit.tables.columns import is_organisation

#: lines at the front of a document that may carry its title
FRONT = 60
#: a cover has no more lines, and its lines no more characters
_COVER, _LONG = 14, 60
#: no part of a name: sentences, headings, entries of a list of contents, titles
_FOREIGN = re.compile(
    r"[:：。，|]|[预决]算|^(?:第?[一二三四五六七八九十]+(?:部分|[、.．])|[(（][一二三四五六七八九十]+[)）]|\d+[、.．])|[.…]{3}"
)
#: an ordinal in front of a name
_ORDINAL = re.compile(r"^(?:第[一二三四五六七八九十]部分[:：]?|[一二三四五六七八九十]{1,2}、)")
_TITLED = re.compile("[预决]算")
#: where the title ends that stands in one line with what follows
_OPENING = re.compile(r"(?=[(（]?目录[)）]?|目?第一部分|(?<=[明算开表])一、)")
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
class UnitWords:
    """By what lists of units are known, and the unit above one; see specs/identity.toml."""

    of: tuple[str, ...]
    all: tuple[str, ...]
    within: tuple[str, ...]
    begins: tuple[str, ...]
    scope: re.Pattern[str]
    below: tuple[str, ...]
    own: tuple[str, ...]


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
    generic: tuple[str, ...]
    tail: str
    labelled: str
    cells: tuple[str, ...]
    kind: tuple[SpecialKind, ...]
    units: UnitWords


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
    path, site = _any(spec.path), _any((*spec.path, *spec.web))
    affix = re.compile(f"^(?:{spec.before})|(?:{spec.behind})$", re.IGNORECASE)
    where = [at for at, text in enumerate(front) if path.fullmatch(fold(text))]
    # what stands over the path of a page is the site's own name and menu
    under = [text for at, text in enumerate(front) if not where or at > where[0] or _TITLED.search(text)]
    parts = (part for text in under for part in (_OPENING.split(text, 1) if len(text) > _LONG else (text,)))
    bare = (affix.sub("", part) for part in parts)
    return [text for text in bare if text and not site.fullmatch(fold(text))]


def cover_lines(front: Sequence[str]) -> list[str]:
    """The lines before the contents or the first section, without furniture and repetition."""
    spec = front_spec()
    lines: list[str] = []
    for text in front:
        folded = fold(text)
        if len(lines) >= _COVER or len(text) > _LONG or (lines and _any(spec.ends).fullmatch(folded)):
            break
        bare = YEAR.sub("", folded)
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
        match = _title().fullmatch(without_year(folded)) if "算" in folded else None
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
        complete = is_organisation(fold(_TIER.sub("", name))) and folded_name(name) not in front_spec().generic
        if complete and first == at and YEAR.match(fold(lines[at])):
            break
        foreign = any(word in above for word in front_spec().site) or _FOREIGN.search(above)
        if foreign or (complete and is_organisation(fold(above)) and fold(joined) not in known):
            break
        if complete and fold(name) in known and fold(joined) not in known:
            break
        name, first = joined, first - 1
    return name, first
