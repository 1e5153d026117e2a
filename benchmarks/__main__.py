"""Print the ratios and exit with 1 when one misses its bound."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import budgetkit as bk
from benchmarks import baselines
from budgetkit.readers.pdf.pages import read_pdf

ROOT = Path(__file__).parent.parent
FOLDERS = (ROOT / "data" / "raw", ROOT.parent / "shared" / "corpus")
#: every so many-th document is read by camelot too, which takes long
CAMELOT_STEP = 8
IMPORT_RUNS = 7


@dataclass(frozen=True)
class Result:
    """One figure, and the bound that it must keep; None for what is only told."""

    what: str
    value: float
    bound: float | None
    at_most: bool = True

    @property
    def missed(self) -> bool:
        """Whether the figure is on the wrong side of its bound."""
        if self.bound is None:
            return False
        return self.value > self.bound if self.at_most else self.value < self.bound

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        bound = "" if self.bound is None else f"{sign} {self.bound:g}"
        return f"{self.what:<62} {self.value:>8.2f}   {bound:<8} {'MISSED' if self.missed else ''}"


def seconds(function: Callable[[bytes], object], data: bytes) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    function(data)
    return time.process_time() - start


def reading(documents: Sequence[bytes]) -> list[Result]:
    """The reading of PDFs against the least that it can cost; document by document, so that load hits all alike."""
    ways: dict[str, Callable[[bytes], object]] = {
        "public": baselines.public,
        "once": lambda data: baselines.public(data, text_at_once=True),
        "lean": baselines.lean,
        "grids": lambda data: read_pdf(data, "document"),
        "read": bk.read,
    }
    for way in ways.values():
        way(documents[0])
    spent = dict.fromkeys(ways, 0.0)
    for data in documents:
        for name, way in ways.items():
            spent[name] += seconds(way, data)
    return [
        Result("grids / pypdfium2 (load, characters, paths)", spent["grids"] / spent["public"], 1.5),
        Result("bk.read / pypdfium2 (load, characters, paths)", spent["read"] / spent["public"], 3.0),
        Result("grids / the same with the text of a page in one call", spent["grids"] / spent["once"], None),
        Result("bk.read / the same with the text of a page in one call", spent["read"] / spent["once"], None),
        Result("grids / lean loop over pypdfium2.raw", spent["grids"] / spent["lean"], None),
        Result("bk.read, CPU seconds in all", spent["read"], None),
    ]


def against_camelot(documents: Sequence[bytes]) -> Result:
    """camelot's vector lattice, grids alone, against the whole of bk.read."""
    chosen = documents[::CAMELOT_STEP]
    baselines.camelot(chosen[0])
    ours = sum(seconds(bk.read, data) for data in chosen)
    theirs = sum(seconds(baselines.camelot, data) for data in chosen)
    return Result(f"camelot vector lattice / bk.read ({len(chosen)} documents)", theirs / ours, 3.5, at_most=False)


def memory(paths: Sequence[Path]) -> Result:
    """Peak memory of a document of 260 pages over what the imports take."""
    done = run("-m", "benchmarks.memory", *map(str, paths))
    return Result("peak memory of 260 pages over the imports, MB", float(done), 300)


def imports() -> Result:
    """`import budgetkit` against `import pandas`, the best of several runs."""

    def best(module: str) -> float:
        code = f"import time; start = time.process_time(); import {module}; print(time.process_time() - start)"
        return min(float(run("-c", code)) for _ in range(IMPORT_RUNS))

    return Result("import budgetkit / import pandas", best("budgetkit") / best("pandas"), 1.5)


def run(*arguments: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def main() -> int:
    """Measure all of it."""
    paths = [path for folder in FOLDERS for path in sorted(folder.glob("*.pdf"))]
    if not paths:
        print("no PDF in", *FOLDERS)
        return 1
    documents = [path.read_bytes() for path in paths]
    print(f"{len(paths)} documents of {', '.join(str(folder) for folder in FOLDERS if folder.exists())}")
    results = [*reading(documents), against_camelot(documents), memory(paths), imports()]
    print(*results, sep="\n")
    return int(any(result.missed for result in results))


if __name__ == "__main__":
    raise SystemExit(main())
