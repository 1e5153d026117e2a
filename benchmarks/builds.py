"""Building many small documents: `python -m benchmarks.builds [documents]`, by processes and by a Dask cluster.

Typesets them first; 1,000 by default, because what a build costs besides reading weighs more in a smaller one.
`python -m benchmarks.builds 20000 cluster FOLDER` builds by a cluster alone, and keeps documents and tables in the
folder, so that a run that is ended goes on with the next.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import budgetkit as bk
from tools.typeset.describe import describe
from tools.typeset.render import render

COUNT = 1_000
TEXT = """
what = "a small budget"
kind = "budget"
fiscal_year = {year}
entity = "乌鲁木齐市第{number}测试局"
tier = "department"

[defaults]
phase = "approved"
unit = "万元"

[[block]]
text = \"\"\"
# 乌鲁木齐市第{number}测试局
# {year}年部门预算公开
\"\"\"
[block.table]
form = "income_expenditure_summary"
title = "部门收支总体情况表"
caption = ["编制部门：乌鲁木齐市第{number}测试局", "", "单位：万元"]
sides = [
    {{ side = "income", label_path = "收入/项目", columns = ["收入/预算数"] }},
    {{ side = "expenditure", codes = "joined", label_path = "支出/功能分类", columns = ["支出/预算数"] }},
]
rows = \"\"\"
财政拨款（补助）|{amount}.32|201|一般公共服务支出|{amount}.32
教育收费（财政专户）||204|公共安全支出|
事业收入||205|教育支出|
收入总计|{amount}.32||支出总计|{amount}.32
\"\"\"
"""


def typeset(raw: Path, count: int) -> None:
    """Small documents with different figures."""
    for number in range(count):
        if (raw / f"{number:05}.pdf").exists():
            continue
        told = {"year": 2018 + number % 8, "number": number // 8, "amount": 100 + number}
        (raw / f"{number:05}.pdf").write_bytes(render(describe(TEXT.format(**told), "benchmark")))


def timed(what: str, count: int, function: Callable[[], Any]) -> float:
    """Seconds of a build, told."""
    start = time.perf_counter()
    corpus = function()
    spent = time.perf_counter() - start
    states = dict(corpus.documents["status"].value_counts())
    print(f"{what:<36} {spent:7.1f} s {count / spent:7.1f} documents/s  {states}", flush=True)
    return spent


def resident(pid: int) -> float:
    """Memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1e3


@contextmanager
def watched(pids: dict[str, int], every: float = 2.0) -> Iterator[dict[str, list[float]]]:
    """The memory of processes while something is done."""
    seen: dict[str, list[float]] = {name: [] for name in pids}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(every):
            for name, pid in pids.items():
                if Path(f"/proc/{pid}").exists():
                    seen[name].append(resident(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def by_cluster(raw: Path, processed: Path, count: int) -> None:
    """A cluster of two workers on this machine, with the memory of each part at a quarter and at the end."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        pids = {f"worker {n}": pid for n, pid in enumerate(client.run(os.getpid).values())}
        # the scheduler of a local cluster is a thread of this process
        with watched({"scheduler and build": os.getpid(), **pids}) as seen:
            timed("LocalCluster, 2 workers", count, lambda: bk.build(raw, processed, client=client))
        for name, sizes in seen.items():
            if sizes:
                at = [sizes[len(sizes) * share // 4] for share in (1, 2, 3)]
                told = ", ".join(f"{size:.0f}" for size in (*at, sizes[-1], max(sizes)))
                print(f"  {name}: {told} MB after each quarter and at most", flush=True)
        timed("again, nothing changed", count, lambda: bk.build(raw, processed, client=client))


def main(count: int) -> int:
    """All of it; 1 when two workers are not 1.8 times as fast as one."""
    with tempfile.TemporaryDirectory() as temporary:
        top = Path(temporary)
        raw = top / "raw"
        raw.mkdir()
        start = time.perf_counter()
        typeset(raw, count)
        print(f"{count} documents typeset in {time.perf_counter() - start:.0f} s; load {os.getloadavg()[0]:.1f}")
        one = timed("1 process", count, lambda: bk.build(raw, top / "one", workers=1))
        two = timed("2 processes", count, lambda: bk.build(raw, top / "two", workers=2))
        timed("again, nothing changed", count, lambda: bk.build(raw, top / "two", workers=2))
        (raw / "new.pdf").write_bytes(render(describe(TEXT.format(year=2030, number=1, amount=7), "benchmark")))
        timed("one new document", 1, lambda: bk.build(raw, top / "two", workers=2))
        size = sum(path.stat().st_size for path in (top / "two").rglob("*") if path.is_file())
        print(f"tables: {size / (count + 1) / 1e3:.1f} kB a document")
        by_cluster(raw, top / "cluster", count + 1)
    print(f"two processes are {one / two:.2f} times as fast as one (at least 1.8)")
    return int(one / two < 1.8)


def cluster_alone(count: int, folder: Path) -> int:
    """Typeset what is missing and build it by a cluster."""
    raw = folder / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    typeset(raw, count)
    by_cluster(raw, folder / "processed", count)
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 3:
        raise SystemExit(cluster_alone(int(sys.argv[1]), Path(sys.argv[3])))
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
