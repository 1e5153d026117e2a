"""The documents of a corpus against each other: who is held against whom, and one finding for one cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from budgetkit.audit import engine, pairs
from budgetkit.audit.model import Equation, Figure, Finding
from budgetkit.audit.pairs import Read
from budgetkit.audit.rules import RuleBook


@dataclass(frozen=True)
class Between:
    """A sum over documents, given by their places in the corpus: the one that is checked, and one for each term."""

    own: int
    others: tuple[int, ...]
    equation: Equation

    @property
    def figures(self) -> tuple[tuple[int, Figure, int], ...]:
        """Each figure with its document and the error by which it would explain the difference."""
        one = self.equation
        terms = zip(self.others, one.terms, strict=True)
        return (self.own, one.actual, one.difference), *((n, term.figure, -one.difference) for n, term in terms)


def with_others(
    reads: Sequence[Read], found: Sequence[Sequence[Finding]], accepts: Callable[[Read, Equation], bool], book: RuleBook
) -> list[list[Finding]]:
    """The findings of each document with those against the others.

    What a figure that is found wrong within its document says against another one is evidence of that finding; what
    several documents say against one figure is one finding.
    """
    made = [list(own) for own in found]
    told: dict[tuple[int, tuple[str, int], int], tuple[int, int]] = {}
    for k, sums in enumerate(_between(reads)):
        kept = []
        places = {id(one.equation): one for one in sums}
        for one in pairs.causes([one.equation for one in sums if accepts(reads[k], one.equation)]):
            between = places[id(one)]
            if one.status != "fail" or not _joined(between, made, told, reads):
                kept.append((between, one))
        for finding in engine.findings_of([one for _, one in kept], {}, book.rules):
            made[k].append(finding)
            for between, one in kept if finding.status == "fail" else ():
                if one.actual.evidence in finding.evidence:
                    told.update({_name(*name): (k, len(made[k]) - 1) for name in between.figures})
    return made


def _name(document: int, figure: Figure, error: int) -> tuple[int, tuple[str, int], int]:
    """By what a fault is known in the corpus."""
    return document, (figure.source[0].partition(" ")[0], figure.source[1]), abs(error)


def _joined(
    one: Between,
    made: Sequence[list[Finding]],
    told: Mapping[tuple[int, tuple[str, int], int], tuple[int, int]],
    reads: Sequence[Read],
) -> bool:
    """Whether a figure is wrong by as much already, in its document or against a third; then that finding says so."""
    places = [told[name] for figure in one.figures if (name := _name(*figure)) in told]
    for document, figure, error in one.figures:
        for n, finding in enumerate(made[document]):
            if finding.status == "fail" and any(
                root == figure.root
                and (one.equation.rule == "pairs.unit" or 2 * abs(wrong - error) <= one.equation.tolerance2)
                for root, wrong in finding.suspects
            ):
                places.append((document, n))
    for document, n in places[:1]:
        finding = made[document][n]
        figures = one.equation.terms[0].figure, pairs.named(reads[one.own], one.equation.actual)
        evidence = [figures[document != one.own].evidence]
        name = reads[one.others[0] if document == one.own else one.own].document["document"]
        text = finding.message if f"“{name}”" in finding.message else f"{finding.message}；与“{name}”亦不一致"
        made[document][n] = replace(finding, message=text, evidence=(*finding.evidence, *evidence))
    return bool(places)


def _between(reads: Sequence[Read]) -> Iterator[list[Between]]:
    """For each document its sums with the others; copies of another document are held against none."""
    publishers: dict[object, list[int]] = defaultdict(list)
    above: dict[object, list[int]] = defaultdict(list)
    units: dict[object, list[int]] = defaultdict(list)
    for k, read in enumerate(reads):
        if read.document.get("duplicate_of") is None:
            publishers[pairs.publisher(read)].append(k)
            units[pairs.unit(read)].append(k)
            for name in pairs.below(read):
                above[name].append(k)
    for k, read in enumerate(reads):
        lone = read.document.get("duplicate_of") is not None
        near = [] if lone else [*publishers[pairs.publisher(read)], *above[pairs.unit(read)]]
        near += [n for name in pairs.below(read) for n in units[name]]
        others = {id(reads[n]): n for n in dict.fromkeys(near) if n != k}
        sums = pairs.pair_sums(read, [reads[n] for n in others.values()])
        yield [Between(k, tuple(others[id(other)] for other in theirs), one) for theirs, one in sums]
