"""Years in prose and titles: of the document, of the year before that it compares with, and of dates."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from budgetkit.audit import vocabulary
from budgetkit.audit.model import Evidence, Finding, Place
from budgetkit.audit.rules import RuleBook
from budgetkit.audit.texts import Prose

#: how far around a year the same year tells that it is meant
_AROUND = 60
#: signs of its clause that are quoted with it, to each side
_QUOTED = 24
#: kinds of documents that are of one year
_KINDS = ("budget", "final_account")
#: the name of rules on the year before
_COMPARED = "上年比较"
#: from more mentions than this on, all of which name another year, the fault is not theirs
_SEVERAL = 2
#: so many titles and amounts tell the year against so few
_MANY, _FEW = 6, 2


def year_findings(prose: Prose, kind: str | None, year: int | None, book: RuleBook) -> Iterator[Finding]:
    """Years that are not the document's, each once; nothing where its kind compares years anyhow or is not known."""
    if kind not in _KINDS or not year:
        return
    own = _said_own(prose, kind)
    year, covers = _cover(own, year)
    seen: set[tuple[int | None, float | None]] = set()
    for told in (
        _years(prose, kind, year, book),
        (_wrong(prose, hit, name, year, book) for hit, name in covers),
        _own_years(prose, own, kind, year, book),
        _year_slips(prose, kind, year, book),
    ):
        for one in told:
            if one.status != "fail":
                yield one
            elif (one.page, one.actual) not in seen:
                seen.add((one.page, one.actual))
                yield one


def contested(prose: Prose, kind: str | None, year: int | None) -> bool:
    """Whether the year that a document was taken to be of is that of a slip on its cover, by most of its titles."""
    return kind in _KINDS and bool(year and _cover(_said_own(prose, kind or ""), year)[1])


def _said_own(prose: Prose, kind: str) -> _Own:
    """What is said of the document itself, by how it is said."""
    return [
        (word, [hit for hit in word.pattern.finditer(prose.text) if _is_own(hit, word, prose.text, kind)])
        for word in vocabulary.texts().own_year
    ]


#: what is said of the document itself, by how it is said
_Own = Sequence[tuple[vocabulary.OwnYear, Sequence[re.Match[str]]]]


def _cover(own: _Own, year: int) -> tuple[int, list[tuple[re.Match[str], str]]]:
    """The year of a document, or that of its titles and amounts where these stand against a wrong cover; and where."""
    counts = Counter(int(hit["year"]) for _, hits in own for hit in hits)
    usual, most = counts.most_common(1)[0] if counts else (year, 0)
    if most < _MANY or counts[year] > _FEW or not 0 < abs(usual - year) <= _FEW:
        return year, []
    return usual, [(hit, word.name) for word, hits in own for hit in hits if int(hit["year"]) == year]


def _years(prose: Prose, kind: str, year: int, book: RuleBook) -> Iterator[Finding]:
    for word in vocabulary.texts().year:
        if kind not in word.kinds:
            continue
        hits = list(word.pattern.finditer(prose.text))
        right = any(int(match["year"]) - year in word.allowed for match in hits)
        # where no mention of several agrees, the document's own year may not be what it was taken for
        strange = not right and len(hits) > _SEVERAL
        for match in hits:
            wrong = int(match["year"]) - year not in word.allowed
            said = prose.text[prose.text.rfind("。", 0, match.start()) + 1 : match.start()]
            if wrong and word.name == _COMPARED and f"{int(match['year']) + 1}年" in said:
                # 2022年度三公经费预算较2021年度增加: it is of another year than the document
                continue
            if wrong and word.unless and int(match["year"]) == year and word.unless.search(match[0]):
                wrong = False
            # a budget may be compared with the last account that is known
            unsure = wrong and (strange or (word.alone and int(match["year"]) < year and not right))
            due = year + max(word.allowed)
            status = "not_run" if unsure else "fail" if wrong else "pass"
            yield _told(prose, match, match[0], word.name, due, book, status)


def _own_years(prose: Prose, own: _Own, kind: str, year: int, book: RuleBook) -> Iterator[Finding]:
    """Titles and amounts that bear another year than most of their kind; in a budget, any of a year to come."""
    right: dict[str, set[int]] = defaultdict(set)
    for word, hits in own:
        right[word.name].update(hit.start("year") for hit in hits if hit["year"] == str(year))
    for word, hits in own:
        others = [hit for hit in hits if hit["year"] != str(year)]
        few = len(right[word.name]) >= word.least and len(others) <= word.most
        for hit in others:
            near = prose.text[max(hit.start("year") - _AROUND, 0) : hit.end("year") + _AROUND]
            later = kind == "budget" and int(hit["year"]) > year
            if (few or later) and near.count(hit["year"]) == 1 and abs(int(hit["year"]) - year) <= word.most:
                yield _wrong(prose, hit, word.name, year, book)


def _is_own(hit: re.Match[str], word: vocabulary.OwnYear, text: str, kind: str) -> bool:
    """Whether a year is said of the document itself: its clause compares nothing and speaks of no other year."""
    start = max(text.rfind(sign, 0, hit.start("year")) for sign in "。；：")
    clause = text[max(start + 1, hit.start("year") - 30) : hit.end()]
    return not word.unless.of(kind).search(clause)


def _wrong(prose: Prose, hit: re.Match[str], name: str, year: int, book: RuleBook) -> Finding:
    """A wrong year with its clause."""
    before = re.split("[，。；：、！？]", prose.text[max(hit.start("year") - _QUOTED, 0) : hit.start("year")])[-1]
    text = before + re.split("[，。；：]", prose.text[hit.start("year") : hit.end("year") + _QUOTED])[0]
    return _told(prose, hit, text, name, year, book, "fail")


def _told(prose: Prose, hit: re.Match[str], text: str, name: str, due: int, book: RuleBook, status: str) -> Finding:
    rule, page = book.rules["text.year"], prose.page_at(hit.start("year"))
    wrong = rule.message.format(name=name, text=text, year=due)
    return Finding(
        rule.id, status, f"{name}“{text}”与年度相符" if status == "pass" else wrong, name=name, expected=float(due),
        actual=float(hit["year"]), page=page, evidence=(Evidence(Place(page), text),),
    )  # fmt: skip


def _year_slips(prose: Prose, kind: str, year: int, book: RuleBook) -> Iterator[Finding]:
    """A year that stands once where the same words stand with another year elsewhere, each time."""
    word = vocabulary.texts().year_slip
    groups: dict[tuple[bool, str], list[re.Match[str]]] = {}
    for hit in word.pattern.finditer(prose.text):
        alike = word.compared.fullmatch(hit["before"])
        # 2023年本级，包括…，决算为…: the words of another year may stand further on
        said = re.split("[。；]", prose.text[hit.end() : hit.end() + _AROUND])[0]
        told = not alike and int(hit["year"]) < year and word.unless.of(kind).search(said)
        close = abs(int(hit["year"]) - year) <= word.most
        if close and not told and not word.other.fullmatch(hit["before"]):
            key = (bool(alike), hit["after"].removeprefix("度"))
            groups.setdefault(key, []).append(hit)
    slips = []
    for (compared, _), hits in groups.items():
        usual = year - compared
        others = [hit for hit in hits if int(hit["year"]) != usual]
        if len(others) == 1 and len(hits) > word.least:
            slips += [(hit, usual) for hit in others]
    for hit, usual in slips if len(slips) <= word.most else ():
        near = prose.text[max(hit.start("year") - _AROUND, 0) : hit.end("year") + _AROUND]
        if near.count(hit["year"]) == 1:
            yield _wrong(prose, hit, word.name, usual, book)
