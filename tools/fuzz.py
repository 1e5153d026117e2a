"""`make fuzz`: damaged and hostile documents of every format through `read` and `check`, each in a bounded process."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tools.bounded import Outcome, bounded
from tools.mutants import mutate

#: what one document may take
SECONDS, MEGABYTES = 20.0, 1536
HOSTILE_SECONDS = 30.0


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


def try_mutants(formats: Sequence[str], seeds: Sequence[int], keep: Path | None) -> int:
    """Tell for each format how its mutants ended; how many ended as none may."""
    from seeds import SEEDS

    bad = 0
    for name in formats or list(SEEDS):
        whole = SEEDS[name]()
        ended = list(outcomes(whole, seeds))
        how = Counter(outcome.how for _, outcome in ended)
        slowest = max(outcome.seconds for _, outcome in ended)
        largest = max(outcome.megabytes for _, outcome in ended)
        print(f"{name:6} {dict(how)} slowest {slowest:.1f} s, most {largest:.0f} MB", flush=True)
        for seed, outcome in ended:
            if _is_fine(outcome):
                continue
            bad += 1
            print(f"  {name} seed {seed}: {outcome.how} after {outcome.seconds:.1f} s: {outcome.said}", flush=True)
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{name}_{seed}").write_bytes(mutate(whole, seed))
    return bad


def try_hostile(words: Sequence[str]) -> int:
    """Tell how each hostile file ended, of those whose names hold one of the words; how many ended as none may."""
    from hostile import FILES

    bad = 0
    for name, make in FILES.items():
        if words and not any(word in name for word in words):
            continue
        data = make()
        outcome = bounded(partial(read_and_check, data), HOSTILE_SECONDS)
        cost = f"{len(data) / 1e6:6.2f} MB: {outcome.how:7} {outcome.seconds:5.1f} s {outcome.megabytes:5.0f} MB"
        print(f"{name:45} {cost} {outcome.said[:100] if outcome.good else outcome.said}", flush=True)
        bad += not _is_fine(outcome)
    return bad


def _is_fine(outcome: Outcome) -> bool:
    return outcome.good and outcome.megabytes <= MEGABYTES


def main(arguments: Sequence[str] | None = None) -> int:
    """1 when something ended as nothing may."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=300, help="mutants of each format; 0 for none")
    options.add_argument("--first", type=int, default=0, help="the first seed")
    options.add_argument("--keep", type=Path, help="folder for the mutants that ended badly")
    options.add_argument(
        "--hostile", nargs="*", help="also hostile files whose names hold a word, or all", metavar="WORD"
    )
    options.add_argument("formats", nargs="*")
    given = options.parse_args(arguments)
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    bad = 0
    if given.count:
        bad += try_mutants(given.formats, range(given.first, given.first + given.count), given.keep)
    if given.hostile is not None:
        bad += try_hostile(given.hostile)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
