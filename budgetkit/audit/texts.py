"""Rules over the prose itself: sums and changes in free text, years, template text left in, notes on empty tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budgetkit.audit import vocabulary
from budgetkit.audit.cells import Table
from budgetkit.audit.engine import shown
from budgetkit.audit.model import MONEY, POINTS, Equation, Evidence, Figure, Finding, Place, Term
from budgetkit.audit.rules import RuleBook
from budgetkit.printed.numbers import parse_number
from budgetkit.printed.widths import squeeze

#: signs of a clause that are quoted, and signs before what is found in it
_SHOWN, _QUOTED = 48, 16
#: more placeholders than this, and than amounts, are those of a form that nobody has filled in
_BLANK = 10

_WIDTHS = str.maketrans("０１２３４５６７８９％．（）(),:;", "0123456789%.（）（），：；")


@dataclass(frozen=True, slots=True)
class Prose:
    """All text outside tables without white space, and where its pages begin."""

    text: str
    offsets: tuple[int, ...]
    pages: tuple[int, ...]

    def page_at(self, offset: int) -> int:
        """The page on which the character at an offset stands; 0 where there is no text."""
        return self.pages[bisect_right(self.offsets, offset) - 1] if self.pages else 0

    def of_page(self, page: int) -> str:
        """The text of one page."""
        for k, number in enumerate(self.pages):
            if number == page:
                end = self.offsets[k + 1] if k + 1 < len(self.offsets) else len(self.text)
                return self.text[self.offsets[k] : end]
        return ""


def prose_of(passages: Sequence[tuple[int, str]]) -> Prose:
    """Join the text of pages, given as (page, text)."""
    texts = [re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", squeeze(text).translate(_WIDTHS)) for _, text in passages]
    offsets, total = [], 0
    for text in texts:
        offsets.append(total)
        total += len(text)
    return Prose("".join(texts), tuple(offsets), tuple(page for page, _ in passages))


def text_sums(prose: Prose) -> Iterator[Equation]:
    """Wholes and parts, and changes, that free text states."""
    for word in vocabulary.texts().sum:
        for match in word.pattern.finditer(prose.text):
            parts = [name for name in match.groupdict() if name.startswith("part")]
            whole = _figure(match, "whole", word, prose)
            terms = tuple(Term(1, figure) for part in parts if (figure := _figure(match, part, word, prose)))
            if whole and len(terms) == len(parts):
                yield Equation(word.rule, whole, terms, None, None, word.name)
    for word in vocabulary.texts().change:
        for match in word.pattern.finditer(prose.text):
            before, after, change = (_figure(match, name, word, prose) for name in ("before", "after", "change"))
            if before and after and change:
                sign = -1 if match["direction"] == "减少" else 1
                terms = (Term(sign, after), Term(-sign, before))
                yield Equation(word.rule, change, terms, None, None, match["what"] or word.name)


def _figure(match: re.Match[str], group: str, word: vocabulary.Sum, prose: Prose) -> Figure | None:
    number = parse_number(match[group])
    if number is None:
        return None
    what, scale = f"“{match[0][:60]}”", MONEY if word.worth else POINTS
    worth = scale * (word.worth or 1)
    return Figure(
        ("text", match.start(group)), round(number.value * worth), round(number.quantum * worth),
        f"{match[group]}{word.unit}", Place(prose.page_at(match.start(group))), what, scale,
    )  # fmt: skip


def text_findings(prose: Prose, tables: Sequence[Table], amounts: int, book: RuleBook) -> Iterator[Finding]:
    """Directions, template text and notes on empty tables, in a document of so many amounts."""
    yield from _templates(prose, amounts, book)
    yield from _directions(prose, book)
    yield from _opposed(prose, book)
    yield from _empty_notes(prose, tables, book)


def without_text() -> Iterator[Finding]:
    """What could not be evaluated where the text outside tables is not to be had (in a corpus, read from bytes)."""
    words = vocabulary.texts()
    rules = [word.rule for word in words.sum + words.change] + ["text.year"]
    rules += [word.rule for word in words.direction] + [word.rule for word in words.template]
    for rule in dict.fromkeys([*rules, "empty.note"]):
        yield Finding(rule, "not_run", "未核对：没有可读的正文")


def _directions(prose: Prose, book: RuleBook) -> Iterator[Finding]:
    """大于, 小于, 持平 against the two amounts before the word, or the rate of completion."""
    judged: set[int] = set()
    for word in vocabulary.texts().direction:
        for match in word.pattern.finditer(prose.text):
            base = f"{word.base:g}" if word.base else match["right"]
            left, right = parse_number(match["left"]), parse_number(base)
            if left is None or right is None or match.start("word") in judged:
                continue
            judged.add(match.start("word"))
            said = next((sign for sign, words in word.words.items() if words.search(match["word"])), None)
            real = "more" if left.value > right.value else "less" if left.value < right.value else "same"
            if said is None:
                continue
            page = prose.page_at(match.start("word"))
            text = book.rules[word.rule].message.format(
                name=word.name, text=match["word"], actual=match["left"], expected=base,
                title=_clause(prose.text, match)[-_SHOWN:],
            )  # fmt: skip
            wrong = said != real
            # of amounts that are printed alike one may be the larger
            status = "pass" if not wrong else "rounding" if real == "same" else "fail"
            yield Finding(
                word.rule, status, text if wrong else f"“{match['word']}”与数字相符",
                name=word.name, page=page, evidence=(Evidence(Place(page), match[0][:120]),),
            )  # fmt: skip


def _opposed(prose: Prose, book: RuleBook) -> Iterator[Finding]:
    """减少3万元，增长5%: words that contradict each other, whatever the amounts."""
    for match in vocabulary.texts().opposed.finditer(prose.text):
        nothing = not any(sign in match["change"] + match["rate"] for sign in "123456789")
        if nothing or (match["one"] in "增升高") == (match["two"] in "增升高"):
            continue
        page, text = prose.page_at(match.start()), _clause(prose.text, match)[-_SHOWN:]
        yield Finding(
            "text.opposed", "fail", book.rules["text.opposed"].message.format(text=text), page=page,
            evidence=(Evidence(Place(page), text),),
        )  # fmt: skip


def _templates(prose: Prose, amounts: int, book: RuleBook) -> Iterator[Finding]:
    """Text of the form left in; a form that nobody has filled in is no disclosure yet."""
    found = [(word, list(word.pattern.finditer(prose.text))) for word in vocabulary.texts().template]
    left = [hit for word, hits in found if word.rule == "text.template" for hit in hits]
    if len(left) > max(_BLANK, amounts):
        page = prose.page_at(left[0].start())
        evidence = (Evidence(Place(page), left[0][0]),)
        yield Finding(
            "text.template", "not_run", "未核对：空白范本，尚未填写", page=page, evidence=evidence, severity="note"
        )
        return
    for word, hits in found:
        if not hits:
            continue
        count = f"等{len(hits)}处" if len(hits) > 1 else ""
        text = book.rules[word.rule].message.format(name=word.name, text=quoted(prose.text, hits[0]), count=count)
        places = tuple(Evidence(Place(prose.page_at(hit.start())), quoted(prose.text, hit)) for hit in hits[:10])
        yield Finding(word.rule, "fail", text, name=word.name, page=prose.page_at(hits[0].start()), evidence=places)


def quoted(text: str, hit: re.Match[str]) -> str:
    """A match with a few signs of its clause before it."""
    return re.split("[，。；：、]", text[max(hit.start() - _QUOTED, 0) : hit.start()])[-1] + hit[0]


def _clause(text: str, hit: re.Match[str]) -> str:
    """A match with what stands before it in its clause."""
    return text[max(text.rfind(sign, 0, hit.start()) for sign in "。；：") + 1 : hit.end()]


def _empty_notes(prose: Prose, tables: Sequence[Table], book: RuleBook) -> Iterator[Finding]:
    """A note 空表 on the page of one table only, with amounts in it."""
    words = vocabulary.texts().empty
    for page in prose.pages:
        text = prose.of_page(page)
        hits = [_clause(text, hit) for hit in words.note.finditer(text)]
        notes = [hit for hit in hits if not words.unless.search(hit)]
        here = [table for table in tables if page in table.pages]
        if not notes or len(here) != 1 or len(prose.pages) == 1:
            continue
        filled = [cell.figure for cell in here[0].cells if cell.figure.value]
        if not filled:
            continue
        rule = book.rules["empty.note"]
        told = rule.message.format(
            text=notes[0], title=here[0].title, first=f"{filled[0].what}为{shown(filled[0].value, filled[0].scale)}"
        )
        # an empty table has no amounts and cannot be seen here; the note must name what the filled one is of
        subject = words.subjects.get(here[0].form)
        doubt = len(notes) > 1 or subject is None or not subject.search(notes[0])
        yield Finding(
            rule.id, "not_run" if doubt else "fail", told, here[0].form, page=page,
            evidence=(Evidence(Place(page), notes[0]), filled[0].evidence),
            tables=frozenset((here[0].number,)),
        )  # fmt: skip
