"""Builds that are killed: `python -m benchmarks.faults [documents]`; 300 by default.

Main process, own worker, worker of a cluster and its scheduler are killed with signal 9 in the middle of a build; the
frames of the build after that must be those of one that nothing disturbed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

import budgetkit as bk
from benchmarks.builds import typeset
from budgetkit.corpus.parts import STORED

COUNT = 300
#: at which share of the documents something is killed
_AT = (0.1, 0.5, 0.9)
_BUILD = """
import sys, budgetkit as bk
client = None
if len(sys.argv) > 3:
    from distributed import Client
    client = Client(sys.argv[3], timeout=30)
try:
    bk.build(sys.argv[1], sys.argv[2], workers=2, client=client)
except bk.BudgetkitError as error:
    print(f"    said: {str(error)[:160]}", flush=True)
"""


def started(raw: Path, processed: Path, *address: str) -> subprocess.Popen[bytes]:
    """A build in a process of its own."""
    command = [sys.executable, "-c", _BUILD, str(raw), str(processed), *address]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def when_read(processed: Path, count: float, build: subprocess.Popen[bytes]) -> int:
    """Wait until so many documents are read, and give how many there are."""
    while build.poll() is None:
        done = sum(1 for _ in processed.glob(".documents/*/*.arrow"))
        if done >= count:
            return done
        time.sleep(0.05)
    return -1


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in listed for child in path.read_text().split()]


@contextlib.contextmanager
def cluster(top: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers in processes of their own: its address, and the processes."""
    told = top / f"scheduler-{time.monotonic_ns()}.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": str(top)}
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen([*dask, "--scheduler-file", str(told)], **quiet)
    while not told.exists():
        time.sleep(0.1)
    one = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    workers = [subprocess.Popen([*one, "--scheduler-file", str(told)], **quiet) for _ in range(2)]
    address = str(pd.read_json(told, typ="series")["address"])
    try:
        yield address, scheduler, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def equal(built: bk.Corpus, expected: bk.Corpus) -> None:
    """Raise when a frame is another."""
    for name in (*STORED, "entities"):
        pd.testing.assert_frame_equal(getattr(built, name), getattr(expected, name))


def own(raw: Path, processed: Path, count: float, victim: Callable[[int], int]) -> str:
    """Kill a process of a build by own processes."""
    build = started(raw, processed)
    done = when_read(processed, count, build)
    os.kill(victim(build.pid), signal.SIGKILL)
    return f"killed after {done}, the build ended with {build.wait()}"


def spread(raw: Path, processed: Path, count: float, kill_scheduler: bool) -> str:
    """Kill the scheduler or a worker of a cluster while it builds."""
    with cluster(processed.parent) as (address, scheduler, workers):
        build = started(raw, processed, address)
        done = when_read(processed, count, build)
        (scheduler if kill_scheduler else workers[0]).kill()
        return f"killed after {done}, the build ended with {build.wait()}"


def main(count: int) -> int:
    """All of it; raises when frames differ."""
    ways: dict[str, Callable[[Path, Path, float], str]] = {
        "main process": lambda raw, target, at: own(raw, target, at, lambda pid: pid),
        "own worker": lambda raw, target, at: own(raw, target, at, lambda pid: children(pid)[0]),
        "worker of a cluster": lambda raw, target, at: spread(raw, target, at, False),
        "scheduler": lambda raw, target, at: spread(raw, target, at, True),
    }
    with tempfile.TemporaryDirectory() as temporary:
        top = Path(temporary)
        raw = top / "raw"
        raw.mkdir()
        typeset(raw, count)
        expected = bk.build(raw, top / "undisturbed", workers=2)
        for name, way in ways.items():
            for share in _AT:
                target = top / f"{name}-{share}".replace(" ", "_")
                told = way(raw, target, share * count)
                equal(bk.build(raw, target, workers=2), expected)
                print(f"{name}, at {share:.0%} of {count}: {told}; frames equal", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
