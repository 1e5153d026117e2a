"""The store with many facts: `python -m benchmarks.store [facts]` makes them and sums them by entity and code.

Each figure is of a fresh process.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from budgetkit import frames
from budgetkit.corpus import store
from budgetkit.corpus.folders import folder
from budgetkit.corpus.parts import STORED, schema

FACTS = 10_000_000
#: of each document
A_DOCUMENT = 400
GROUPS = 16
#: codes that each entity uses, of all
ENTITIES, CODES, USED = 5_000, 400, 300
SQL = "select entity_id, code, sum(amount) as amount from facts group by entity_id, code"


def facts(rows: int, first: int) -> pa.Table:
    """Facts of documents, 400 of each, with as many different texts as real ones have."""
    random = np.random.default_rng(first)
    document = first + np.arange(rows) // A_DOCUMENT
    entity = document % ENTITIES
    columns = {
        "document": pc.binary_join_element_wise("d", pa.array(document).cast(pa.string()), "_"),
        "entity": pc.binary_join_element_wise("某市某局", pa.array(entity).cast(pa.string()), ""),
        "entity_id": pc.binary_join_element_wise(
            "650100", pc.binary_join_element_wise("水磨沟区测试", pa.array(entity).cast(pa.string()), "局", ""), "-"
        ),
        "code": pa.array(2_010_000 + (entity * 7 + random.integers(0, USED, rows)) % CODES).cast(pa.string()),
        "amount": pa.array(np.round(random.lognormal(12, 2, rows), 2)),
        "year": pa.array(2018 + document % 8),
        "page": pa.array(random.integers(1, 40, rows), pa.int32()),
        "row": pa.array(np.arange(rows) % A_DOCUMENT, pa.int32()),
        "phase": pa.array(["executed"] * rows),
        "label": pc.binary_join_element_wise("项目", pa.array(random.integers(0, 2_000, rows)).cast(pa.string()), ""),
        "printed": pa.array(random.integers(1, 10**7, rows)).cast(pa.string()),
    }
    whole = schema("facts")
    return pa.table(
        [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in whole], whole
    )


def make(target: Path, rows: int) -> None:
    """A corpus of so many facts."""
    processed = folder(target)
    each = rows // GROUPS
    files: dict[str, dict[str, store.Stored]] = {name: {} for name in STORED}
    for group in range(GROUPS):
        digits = f"{group:x}"
        for name in STORED:
            table = facts(each, group * each // A_DOCUMENT) if name == "facts" else schema(name).empty_table()
            files[name][digits] = store.write_table(processed, f"{name}/{digits}-made.parquet", table)
    empty = frames.to_arrow("entities", frames.make("entities", []))
    entities = store.write_table(processed, "entities-made.parquet", empty)
    marks = {f"{group:x}": "made" for group in range(GROUPS)}
    store.write_list(processed, store.Listing(marks, files, entities))


def asked(target: Path) -> tuple[float, float]:
    """Seconds and peak memory in MB of the sums, in a process that has imported everything."""
    code = (
        "import sys, time, resource, duckdb, pandas, budgetkit as bk\n"
        "corpus = bk.load(sys.argv[1])\n"
        "start = time.perf_counter()\n"
        f"result = bk.query(corpus, {SQL!r})\n"
        "spent = time.perf_counter() - start\n"
        "status = open('/proc/self/status').read()\n"
        "peak = next(int(l.split()[1]) for l in status.splitlines() if l.startswith('VmHWM')) / 1e3\n"
        "print(len(result), spent, peak)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], capture_output=True, text=True, check=True)
    rows, spent, peak = done.stdout.split()
    print(f"{rows} sums")
    return float(spent), float(peak)


def main(rows: int) -> int:
    """Make, ask, and say what it took; 1 when a bound is missed."""
    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary)
        start = time.perf_counter()
        make(target, rows)
        size = sum(path.stat().st_size for path in target.rglob("*.parquet")) / 1e6
        print(f"{rows:,} facts written in {time.perf_counter() - start:.1f} s, {size:.0f} MB")
        spent, peak = min(asked(target) for _ in range(3))
    print(f"sums by entity and code: {spent:.2f} s (at most 2), peak memory {peak:.0f} MB (at most 1000)")
    return int(spent > 2 or peak > 1000)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else FACTS))
