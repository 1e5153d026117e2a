"""The field's terms (specs/lexicon.toml): what a title, a head, a label or a phrase says of an amount."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter
from typing import NamedTuple

from budgetkit import specs, trees
from budgetkit.errors import SpecError
from budgetkit.printed.ordinals import strip_ordinal
from budgetkit.printed.units import without_unit
from budgetkit.printed.years import year_in

_YEAR = re.compile(r"(20\d\d)(?:年度|年)?")
_CHINESE_YEAR = re.compile(r"二[○〇零0][○〇零一二三四五六七八九]{2}(?=年)")
#: what parts words and says nothing
_MARKS = re.compile(r"[^\w%]|_")
#: 不含…, 含…: what a text sets apart; the whole is no term of the amount but the origin may be (terms of their own)
_ASIDE = re.compile(r"\((?:其中)?不?(?:含|包括)[^()]*\)")
#: aspects whose amount is a fraction and not money
RATES = frozenset({"change_rate", "share"})
_BALANCES = frozenset({"opening_balance", "closing_balance", "use_of_reserves", "surplus_distribution"})


@dataclass(frozen=True)
class Term:
    """Words of the field that mean one thing; see specs/lexicon.toml."""

    words: tuple[str, ...]
    example: str
    flow: str | None = None
    fund: str | None = None
    origin: str | None = None
    nature: str | None = None
    item: str | None = None
    phase: str | None = None
    aspect: str | None = None
    #: code of the economic class (department) that a column is headed by
    economic: str | None = None
    #: 收支: both directions
    two_sided: bool = False
    #: 上年: the year before
    prior: bool = False
    #: 经费拨款, 省级资金: a part of the money that no coordinate names, which stays unread
    opaque: bool = False
    #: the coordinate that its parts have each of their own: a text within its reach that tells it makes it understood
    parted: str | None = None


@dataclass(frozen=True)
class Lexicon:
    """All of specs/lexicon.toml."""

    term: tuple[Term, ...]


class Meaning(NamedTuple):
    """What a text says of an amount, coordinate by coordinate; None where it says nothing."""

    flow: str | None = None
    fund: str | None = None
    origin: str | None = None
    nature: str | None = None
    #: what is bought; several where a title lists them
    items: tuple[str, ...] = ()
    phase: str | None = None
    aspect: str | None = None
    economic: str | None = None
    year: int | None = None
    two_sided: bool = False
    prior: bool = False
    #: 收入 after a fund (一般公共预算拨款收入): in a table of expenditure it names the money and no direction
    soft_flow: bool = False
    #: words that no term accounts for
    unread: tuple[str, ...] = ()

    @property
    def item(self) -> str | None:
        """The one item; None where there is none or several."""
        return trees.common("item", self.items) if self.items else None


#: what a text says that holds no term
NOTHING = Meaning()


@cache
def terms() -> tuple[Term, ...]:
    """All terms.

    Raises SpecError when a word belongs to two terms.
    """
    found = specs.load(Lexicon, "lexicon.toml").term
    words = [word for term in found for word in term.words]
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        raise SpecError(f"lexicon.toml: {', '.join(twice)} stand twice")
    for term in found:
        for dimension in trees.DIMENSIONS:
            value = getattr(term, dimension)
            if value is not None and value not in trees.values(dimension):
                raise SpecError(f"lexicon.toml, {term.words[0]}: unknown {dimension} {value!r}")
    return found


@cache
def _by_word() -> dict[str, Term]:
    return {word: term for term in terms() for word in term.words}


@cache
def _words() -> re.Pattern[str]:
    """All words and years, the longest first; by their first signs, so that few are tried at each place."""
    begun: dict[str, list[str]] = {}
    for word in sorted(_by_word(), key=len, reverse=True):
        begun.setdefault(word[0], []).append(re.escape(word[1:]))
    ways = (f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in begun.items())
    return re.compile("|".join([_YEAR.pattern, *ways]))


@lru_cache(maxsize=1 << 14)
def read(text: str) -> Meaning:
    """What a text says of an amount.

    Parameters
    ----------
    text : str
        A title, head, label or phrase as printed.

    Returns
    -------
    Meaning
        Of several values of one coordinate the deepest where one is part of the other, else what holds both.

    Examples
    --------
    >>> meaning = read("2026年一般公共预算基本支出/人员经费")
    >>> meaning.year, meaning.fund, meaning.nature, meaning.unread
    (2026, 'general_public_budget', 'personnel', ())
    >>> read("扣除基建项目后预算数").unread
    ('扣除基建', '后')
    """
    found = list(words(text))
    years = [int(match[1]) for word, _ in found if (match := _YEAR.fullmatch(word))]
    # the mark of a rate is understood after its word
    said = ("%",) if any(term.aspect in RATES for _, term in found if term) else ()
    unread = tuple(w for w, term in found if (term.opaque if term else w not in said and not _YEAR.fullmatch(w)))
    compares = re.search("(?<!对)比|较|与.*差", text) is not None
    return _meaning([term for _, term in found if term], years, unread, compares)


def words(text: str) -> Iterator[tuple[str, Term | None]]:
    """The words that a text is read as, in order, each with its term; None for years and what no term accounts for.

    >>> [(word, term.nature if term else None) for word, term in words("2026年基本支出（含离退休）小计")]
    [('2026年', None), ('基本支出', 'basic'), ('小计', None)]
    """
    plain = _CHINESE_YEAR.sub(lambda match: str(year_in(match[0] + "年")), without_unit(text))
    plain = strip_ordinal(plain.replace('"', ""))
    aside = (_MARKS.sub("", part) for part in _ASIDE.findall(plain))
    kept = _MARKS.sub("", _ASIDE.sub("", plain))
    for part in (kept, *(part for part in aside if part in _by_word())):
        at = 0
        for match in _words().finditer(part):
            if match.start() > at:
                yield part[at : match.start()], None
            at = match.end()
            yield match[0], _by_word().get(match[0])
        if len(part) > at:
            yield part[at:], None


def _meaning(found: Sequence[Term], years: Sequence[int], unread: tuple[str, ...], compares: bool) -> Meaning:
    def values(name: str) -> list[str]:
        return list(dict.fromkeys(filter(None, map(attrgetter(name), found))))

    flows = values("flow")
    # 支出 beside 年末结转 and the like only says whose balance it is
    balances = [flow for flow in flows if flow in _BALANCES]
    flow = (balances[0] if len(balances) == 1 else None) if balances else flows[0] if len(flows) == 1 else None
    fund = trees.common("fund", values("fund"))
    phases = values("phase")
    aspects = values("aspect")
    compares = compares and (len(set(years)) > 1 or len(phases) > 1 or any(term.prior for term in found))
    return Meaning(
        flow=flow,
        fund=fund,
        origin=trees.common("origin", values("origin")),
        nature=trees.common("nature", values("nature")),
        items=tuple(values("item")),
        phase=phases[-1] if len(phases) == 1 or (phases and not compares) else None,
        aspect=aspects[-1] if aspects else "change" if compares else None,
        economic=next(iter(values("economic")), None),
        year=None if compares or not years else years[-1],
        two_sided=any(term.two_sided for term in found) or {"income", "expenditure"} <= set(flows),
        prior=any(term.prior for term in found) and not compares,
        soft_flow=flow == "income" and fund is not None,
        unread=unread,
    )


@lru_cache(maxsize=1 << 12)
def refine(outer: Meaning, inner: Meaning) -> tuple[Meaning, tuple[str, ...]]:
    """What an amount means where one text stands within the reach of another: title, heads downwards, label.

    Returns the meaning of both together, and the coordinates in which they contradict each other; there the inner
    holds.

    >>> both, against = refine(read("一般公共预算支出表"), read("基本支出"))
    >>> both.fund, both.nature, against
    ('general_public_budget', 'basic', ())
    >>> refine(read("一般公共预算支出表"), read("政府性基金预算"))[1]
    ('fund',)
    """
    values: dict[str, str | None] = {}
    against = []
    for dimension in ("fund", "origin", "nature"):
        mine, theirs = getattr(inner, dimension), getattr(outer, dimension)
        values[dimension] = mine if mine and (not theirs or not trees.within(dimension, theirs, mine)) else theirs
        if mine and theirs and not _fits(dimension, mine, theirs):
            against.append(dimension)
    flow = _flow(outer, inner)
    if inner.flow == "use_of_reserves" and flow == "expenditure":
        # it pays for the expenditure, and no fund is called so
        against.append("flow")
    prior = inner.prior or (outer.prior and inner.year is None)
    together = Meaning(
        **values,
        flow=flow,
        items=_items(outer, inner),
        phase=inner.phase or outer.phase,
        aspect=inner.aspect or outer.aspect,
        economic=inner.economic or outer.economic,
        year=inner.year if inner.year is not None else None if inner.prior else outer.year,
        two_sided=outer.two_sided or inner.two_sided,
        prior=prior,
        soft_flow=inner.soft_flow if inner.flow else outer.soft_flow,
        unread=(*(word for word in outer.unread if not _told_by_part(word, inner)), *inner.unread),
    )
    return together, tuple(against)


def _told_by_part(word: str, inner: Meaning) -> bool:
    term = _by_word().get(word)
    return bool(term and term.parted and getattr(inner, term.parted))


def _fits(dimension: str, one: str, other: str) -> bool:
    # 上年结转 under 本年 is a table's way to set it apart, no contradiction
    return dimension == "origin" or trees.within(dimension, one, other) or trees.within(dimension, other, one)


def _flow(outer: Meaning, inner: Meaning) -> str | None:
    """The direction: the inner text's, but the money that pays for an expenditure stays an expenditure.

    And 基本支出 below an income (本年收入/基本支出) says what the income is for; 本年收入 is none of a balance.
    """
    own = inner.flow in ("income", "expenditure") and inner.origin == "current" and not inner.nature
    if not inner.flow or (outer.flow in _BALANCES and inner.flow not in _BALANCES and not own):
        return outer.flow
    pays = (inner.soft_flow or inner.flow == "use_of_reserves") and outer.flow == "expenditure"
    spends = outer.flow == "income" and inner.flow == "expenditure" and inner.nature
    return outer.flow if pays or spends else inner.flow


def _items(outer: Meaning, inner: Meaning) -> tuple[str, ...]:
    """The inner item where it is one of the outer's parts or the outer lists several, else the deeper of both."""
    if not inner.items or not outer.items:
        return inner.items or outer.items
    both = trees.common("item", (outer.items[0], *inner.items)) if len(outer.items) == 1 else None
    return (both,) if both and trees.within("item", both, outer.items[0]) else inner.items
