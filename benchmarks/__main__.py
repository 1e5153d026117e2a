"""Print what `bk.read` costs as a ratio, and exit with 1 when a bound is missed.

Ratios of CPU seconds within one run hold on any machine, and on a busy one. Every repetition is a new process that has
read other documents before, so that each document is read once, as in a build; of the repetitions the least counts,
document by document.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = [ROOT.parent / "shared" / name for name in ("corpus", "seeds")]
NAMES = ("putuo_budget_2024_street", "putuo_final_2024_finance", "shanghai_0291d4c", "central_5607b82")
REPETITIONS = 5
#: the most that reading may take of the floor, and the least that camelot takes of reading
FLOOR, CAMELOT = 2.2, 3.8


def documents() -> list[Path]:
    """The documents that are measured; the samples where the others are not to be had."""
    found = [path for name in NAMES for folder in SHARED if (path := folder / f"{name}.pdf").exists()]
    return found if len(found) == len(NAMES) else sorted((ROOT / "data" / "raw").glob("*.pdf"))


def once(paths: Sequence[Path]) -> dict[str, list[float]]:
    """CPU seconds of every way for every document, in this process."""
    import budgetkit as bk
    from benchmarks import baselines

    ways: Mapping[str, Callable[[bytes], object]] = {
        "floor": baselines.floor,
        "read": bk.read,
        "camelot": baselines.camelot,
    }
    # the documents that stand behind them in their folder have had the specifications and libraries loaded
    listed = sorted(paths[0].parent.glob("*.pdf"))
    others = [listed[(listed.index(path) + 1) % len(listed)] for path in paths]
    for path in others:
        for way in ways.values():
            way(path.read_bytes())
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for path in paths:
        data = path.read_bytes()
        for name, way in ways.items():
            start = time.process_time()
            way(data)
            spent[name].append(time.process_time() - start)
    return spent


def main() -> int:
    """Measure all of it."""
    paths = documents()
    if paths[0].parent not in SHARED:
        print("not all of", *NAMES, "are in", *SHARED, "- the samples are measured instead")
    command = [sys.executable, "-m", "benchmarks", "once"]
    runs = [
        json.loads(
            subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()[-1]
        )
        for _ in range(REPETITIONS)
    ]
    least = {name: [min(run[name][k] for run in runs) for k in range(len(paths))] for name in runs[0]}
    for k, path in enumerate(paths):
        print(f"{path.stem:<44}", *(f"{name} {seconds[k]:.3f} s" for name, seconds in least.items()), sep="  ")
    floor, read, camelot = (sum(least[name]) for name in ("floor", "read", "camelot"))
    print(f"bk.read is {read / floor:.2f} times the pdfium floor (at most {FLOOR})")
    print(f"camelot is {camelot / read:.2f} times bk.read (at least {CAMELOT})")
    return int(read / floor > FLOOR or camelot / read < CAMELOT)


if __name__ == "__main__":
    if sys.argv[1:] == ["once"]:
        print(json.dumps(once(documents())))
    else:
        raise SystemExit(main())
