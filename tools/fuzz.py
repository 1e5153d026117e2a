"""`make fuzz`: damaged documents of every format through `read` and `check`, each in a bounded process."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools.bounded import Outcome, bounded
from tools.mutants import mutate

#: what one document may take
SECONDS, MEGABYTES = 20.0, 1536


@dataclass(frozen=True, slots=True)
class Fault:
    """A mutant that ended as none may."""

    format: str
    seed: int
    outcome: Outcome


def read_and_check(data: bytes) -> str:
    import budgetkit as bk

    read = bk.read(data)
    bk.check(read)
    return str(read.documents["status"].iloc[0])


def outcomes(whole: bytes, seeds: Sequence[int]) -> Iterator[tuple[int, Outcome]]:
    """How each mutant of a document ends."""
    read_and_check(whole)  # what is read once is there before the children are made
    for seed in seeds:
        yield seed, bounded(partial(read_and_check, mutate(whole, seed)), SECONDS)


def faults(format_: str, whole: bytes, seeds: Sequence[int]) -> Iterator[Fault]:
    for seed, outcome in outcomes(whole, seeds):
        if not outcome.good or outcome.megabytes > MEGABYTES:
            yield Fault(format_, seed, outcome)


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell for each format how its mutants ended; 1 when one ended as none may."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=300, help="mutants of each format")
    options.add_argument("--first", type=int, default=0, help="the first seed")
    options.add_argument("--keep", type=Path, help="folder for the mutants that ended badly")
    options.add_argument("formats", nargs="*")
    given = options.parse_args(arguments)
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from seeds import SEEDS

    bad = 0
    for name in given.formats or SEEDS:
        whole = SEEDS[name]()
        ended = list(outcomes(whole, range(given.first, given.first + given.count)))
        how = Counter(outcome.how for _, outcome in ended)
        slowest = max(outcome.seconds for _, outcome in ended)
        largest = max(outcome.megabytes for _, outcome in ended)
        print(f"{name:6} {dict(how)} slowest {slowest:.1f} s, most {largest:.0f} MB", flush=True)
        for seed, outcome in ended:
            if outcome.good and outcome.megabytes <= MEGABYTES:
                continue
            bad += 1
            print(f"  {name} seed {seed}: {outcome.how} after {outcome.seconds:.1f} s: {outcome.said}", flush=True)
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{name}_{seed}").write_bytes(mutate(whole, seed))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
