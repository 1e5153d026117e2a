"""Whose a document is: the place that its text names, and an id of the publisher that stays over the years.

Nothing here knows the file's name. A match that is not certain is not made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from budgetkit import places
from budgetkit.document.units import parent_name
from budgetkit.model import Line, Page
from budgetkit.printed.names import folded_name
from budgetkit.printed.widths import fold
from budgetkit.tables.columns import is_organisation

_SENTENCE = re.compile(r"[，。；;]")
#: characters before a publisher's name in a sentence that may be its place
_BEFORE = 40
#: occurrences of a name in the prose that are looked at
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Texts:
    """What a document says, folded, the surest first."""

    #: cover, first headings and captions
    front: str
    #: everything outside tables
    prose: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """Where a publisher is, and its id; None where that is not certain."""

    place: str | None
    entity_id: str | None


def texts_of(front: Iterable[str], prose: Iterable[str]) -> Texts:
    """The texts in which a publisher's place is looked for.

    `front`, `prose`: lines in the order of reading; a name may be broken over two of them. Sentences are no front: they
    name neighbours.
    """
    titles = (line for line in front if not _SENTENCE.search(line))
    return Texts(*("".join(map(fold, lines)) for lines in (titles, prose)))


def document_texts(pages: Sequence[Page], front: Iterable[str], units: Iterable[str | None]) -> Texts:
    """The texts of a document: its front, then all lines outside tables and the units that its rows name."""
    lines = (block.text for page in pages for block in page.blocks if isinstance(block, Line))
    return texts_of(front, [*lines, *dict.fromkeys(unit for unit in units if unit)])


def ids_of(
    rows: Iterable[Mapping[str, Any]], place: str | None, texts: Texts, units: Iterable[str] = ()
) -> list[str | None]:
    """The id of the unit that each row is of; a name cut short has that of the one of `units` that it begins."""
    named = [row.get("entity") for row in rows]
    whole = {_bare(name): name for name in (*units, *set(named)) if name}
    ids = {name: entity_id(_completed(name, whole) if name else None, place, texts) for name in set(named)}
    return list(map(ids.__getitem__, named))


def _bare(name: str) -> str:
    return re.sub(r"[()]", "", fold(name))


def _completed(name: str, whole: Mapping[str, str]) -> str:
    """The name that a print at the edge of a cell is the beginning of (某局信息中)."""
    if is_organisation(fold(name)):
        return name
    longer = {folded_name(one): one for bare, one in whole.items() if bare.startswith(_bare(name)) and one != name}
    return next(iter(longer.values())) if len(longer) == 1 else name


def related(entity: str | None, whose: Publisher, texts: Texts, listed: Iterable[str]) -> dict[str, Any]:
    """The columns of documents about the units below a publisher, of their names, and about the one above it."""
    below = {
        one: name for name in listed if (one := entity_id(name, whose.place, texts)) not in (None, whose.entity_id)
    }
    above = entity_id(parent_name(entity, texts.prose), whose.place, texts)
    parent = above if above not in below and above != whose.entity_id and not _is_government(above) else None
    return {"units": list(below.values()), "unit_ids": list(below), "parent_id": parent}


def _is_government(one: str | None) -> bool:
    """Whether an id is of a place's government or party, which are no departments."""
    return one is not None and one.partition("-")[2] in places.words().governments


def doubt(entity: str | None) -> str:
    """Why a unit has no id.

    >>> doubt("朝阳区财政局")
    'the name is of several places: 北京/朝阳区, 吉林/长春市/朝阳区'
    """
    if not entity:
        return "no publisher is named"
    name = folded_name(entity)
    if any(blank in name for blank in places.words().blank):
        return "the name is that of a template"
    found = _named(name)
    if found is None:
        return "neither the name nor the text says of which place it is"
    listed = ", ".join(sorted(places.place_name(code) for code in found.codes))
    told = (
        "is of several places" if len(found.codes) > 1 else "lacks the kind of its place, and the text does not say it"
    )
    return f"the name {told}: {listed}"


def publisher_of(entity: str | None, texts: Texts) -> Publisher:
    """Whose a document is.

    `texts`: what the document says. The place is told by the publisher's name, else by what cover and captions name,
    else by a sentence that puts a place before the name or speaks of the organs of one place only. A name that several
    places have (朝阳区) needs its city or province in the text.

    >>> publisher_of("区政府办公室", texts_of(["乌鲁木齐市水磨沟区2020年度部门决算"], []))
    Publisher(place='650105', entity_id='650105-政府办公室')
    >>> publisher_of("朝阳区财政局", texts_of(["朝阳区财政局2024年部门预算"], []))
    Publisher(place=None, entity_id=None)
    """
    name = folded_name(entity) if entity else ""
    if any(blank in name for blank in places.words().blank):
        name = ""
    place = _place(name, texts)
    return Publisher(place, entity_id(entity, place, texts) if name else None)


def entity_id(entity: str | None, place: str | None, texts: Texts | None = None) -> str | None:
    """The id of a unit: its place's code and what its name says beside the place.

    `place`: where the document's publisher is; a unit whose own name tells another place has that; `texts`: what the
    document says, for names that several places have. None without a name, and without a place unless there is
    one of the name in the country.

    >>> entity_id("普陀区财政局（本级）", "310107"), entity_id("上海市财政局", "310107")
    ('310107-财政局', '310000-财政局')
    >>> entity_id("西南大学本级", None), entity_id("财政局", None)
    ('000000-西南大学', None)
    """
    name = folded_name(entity) if entity else ""
    if not name or any(blank in name for blank in places.words().blank):
        return None
    if is_national(name):
        return f"000000-{name}"
    own, rest = _own(name, place, texts)
    return f"{own}-{rest}" if own and rest else None


def is_national(name: str) -> bool:
    """Whether there is one unit of a folded name in the country.

    >>> is_national("国家信访局"), is_national("教育部"), is_national("宣传部")
    (True, True, False)
    """
    known = places.words()
    if name in known.national_whole:
        return True
    if name.endswith(known.national_end) and not name.endswith(known.local_ends):
        return name not in known.national_end
    return name.startswith(known.national) and _named(name) is None


def _own(name: str, place: str | None, texts: Texts | None) -> tuple[str | None, str]:
    """The place that a unit's name tells, else its document's; and the rest of the name."""
    found = _named(name)
    if found is None:
        return _by_word(name, place)
    code = _among(found, place, texts)
    if code is None or (found.short and not _is_of(code, place)):
        return place, _rest(name, _start(name))
    inner = _bracketed(name, found.end)
    if inner and (deeper := _among(inner, code, texts)) and places.is_within(deeper, code):
        return deeper, _rest(name, found.end)
    return code, _rest(name, found.end)


def _is_of(code: str, place: str | None) -> bool:
    return place is not None and (places.is_within(place, code) or places.is_within(code, place))


def _among(found: places.Named, place: str | None, texts: Texts | None) -> str | None:
    """The one place that is meant: the document's own or around it, else as the text tells."""
    near = [code for code in found.codes if _is_of(code, place)]
    if len(near) == 1:
        return near[0]
    return places.certain(found.codes, _asked(texts))


def _asked(texts: Texts | None) -> tuple[str, ...]:
    return (texts.front, texts.prose) if texts else ()


@lru_cache(maxsize=1 << 12)
def _named(name: str) -> places.Named | None:
    """The places at the beginning of a unit's name."""
    full = places.leading(name, _start(name))
    longer = places.leading(name, _start(name), short=True)
    # behind a place, in full or itself short, a short one is sure: 某市东城, 湖南湘潭
    sure = longer and (full or all(longer.end - _start(name) > len(places.place(c).name) for c in longer.codes))
    return replace(longer, short=False) if longer and sure else longer


@lru_cache(maxsize=1 << 12)
def _start(name: str) -> int:
    """Where a unit's place would begin: behind 中共, 政协 and the like, and behind a division of the corps."""
    known = places.words()
    if (match := re.match(rf"(?:{'|'.join(known.corps)})?第[一二三四五六七八九十]+师", name)) and places.leading(
        name, match.end()
    ):
        return match.end()
    return next((len(word) for word in (*known.party, *known.bodies) if name.startswith(word)), 0)


def _bracketed(name: str, after: int) -> places.Named | None:
    """The places that a bracket within the name begins with: 某市高新区（某市某区）某局."""
    opening = name.find("(", after)
    return places.leading(name, opening + 1) if opening >= 0 else None


def _by_word(name: str, place: str | None) -> tuple[str | None, str]:
    """A name that says 市 or 区 for its own place, as 市财政局 does in a document of one of the city's districts."""
    known = places.words()
    start = _start(name)
    if name.startswith(known.kept, start):
        return place, _rest(name, start)
    word = next((w for w in sorted(known.own, key=len, reverse=True) if name.startswith(w, start)), None)
    if word is None or place is None or len(name) <= start + len(word) + 1:
        return place, _rest(name, start)
    around = [code for code in places.path(place) if places.place(code).level <= known.own[word]]
    return around[-1] if around else place, _rest(name, start + len(word))


def _rest(name: str, end: int) -> str:
    """What a name says beside its place, in one form."""
    known, rest = places.words(), name[end:]
    if "(" in rest and places.leading(rest, rest.find("(") + 1, short=rest.startswith("(")):
        opening, closing = rest.find("("), rest.find(")")
        rest = rest[:opening] + rest[closing + 1 :] if closing > opening else rest
    body = name[: _start(name)]
    rest = body + rest if body in known.bodies else rest
    for printed, same in known.same.items():
        rest = rest.replace(printed, same)
    for word, last in known.optional.items():
        rest = rest.removeprefix(word) if rest.endswith(last) else rest
    return rest


def _place(name: str, texts: Texts) -> str | None:
    if name and not is_national(name):
        found = _named(name)
        if found is not None and not found.short:
            return _deepest_of_name(name, found, texts)
        if found is not None and (code := _by_short(found, texts)):
            inner = _bracketed(name, found.end)
            deeper = places.certain(inner.codes, _asked(texts)) if inner else None
            return places.deepest([code, deeper]) or code if deeper else code
        attached = places.deepest(_attached(name, texts))
        if attached is not None:
            # 某省 before a name that begins with one of its counties in short
            within = [code for code in found.codes if places.is_within(code, attached)] if found is not None else []
            return within[0] if len(within) == 1 else attached
    elif name:
        return None
    front = {code for _, found in places.mentions(texts.front) if (code := places.certain(found.codes, _asked(texts)))}
    if front:
        return places.deepest(front)
    return places.deepest(_governed(texts)) if name else None


def _deepest_of_name(name: str, found: places.Named, texts: Texts) -> str | None:
    """The place of a name that begins with one in full; a district in short behind it counts when the text has it."""
    code = places.certain(found.codes, _asked(texts))
    if code is None:
        return None
    inner = _bracketed(name, found.end)
    within = places.certain(inner.codes, _asked(texts)) if inner else None
    return within if within and places.is_within(within, code) else code


def _by_short(found: places.Named, texts: Texts) -> str | None:
    """The place of a short name (长沙), when the text has it in full too."""
    told = [code for code in found.codes if places.place(code).name in texts.front + texts.prose]
    return told[0] if len(told) == 1 else None


def _attached(name: str, texts: Texts) -> Iterator[str]:
    """The places that stand right before a publisher's name somewhere in the text."""
    text = f"{texts.front}\n{texts.prose}"
    core = name[len(word) :] if (word := _word_of(name)) else name
    at = text.find(core)
    for _ in range(_LOOKED_AT):
        if at < 0:
            return
        code = _ending(text[max(at - _BEFORE, 0) : at], texts)
        if code:
            yield code
        at = text.find(core, at + 1)


def _word_of(name: str) -> str:
    known = places.words()
    if name.startswith(known.kept):
        return ""
    return next((word for word in sorted(known.own, key=len, reverse=True) if name.startswith(word)), "")


def _ending(text: str, texts: Texts) -> str | None:
    """The place whose name ends a text."""
    for start in range(len(text) - 1):
        found = places.leading(text, start)
        if found and found.end == len(text):
            return places.certain(found.codes, _asked(texts))
    return None


def _governed(texts: Texts) -> Iterator[str]:
    """The places of whose organs the prose speaks."""
    for _, found in places.mentions(texts.prose):
        if texts.prose.startswith(places.words().organs, found.end) and (
            code := places.certain(found.codes, _asked(texts))
        ):
            yield code
