"""Work in processes of their own, so that one that dies or hangs costs one task and nothing else.

The processes are started as plain Python and not by `multiprocessing`: a user's script then needs no
`if __name__ == "__main__"`, and the process that dies names its task, which a pool that breaks does not (loky's breaks
as a whole; pebble's names the task, but starts by `multiprocessing`).
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any, BinaryIO

#: seconds that one task may take before its process is killed
TIME_LIMIT = 1800.0

#: what a process is told to run; `-m` would import this module twice
_SERVE = "from budgetkit.corpus.pool import main; main()"


@dataclass(frozen=True, slots=True)
class Death:
    """What came instead of a result: the process ended."""

    reason: str


def run(
    function: str, tasks: Sequence[Any], *, workers: int, time_limit: float = TIME_LIMIT
) -> Iterator[tuple[Any, Any]]:
    """Call a function on each task in processes, and yield task and result (or `Death`) as they come.

    `function`: "module:name" of a function of one argument that raises nothing.
    """
    workers = min(workers, len(tasks))
    if not workers:
        return
    idle: queue.SimpleQueue[subprocess.Popen[bytes] | None] = queue.SimpleQueue()
    started: set[subprocess.Popen[bytes]] = set()
    for _ in range(workers):
        idle.put(None)

    def one(task: Any) -> tuple[Any, Any]:
        process = idle.get()
        if process is None:
            process = _start(function)
            started.add(process)
        result = _ask(process, task, time_limit)
        if isinstance(result, Death):
            started.discard(process)
        idle.put(None if isinstance(result, Death) else process)
        return task, result

    pool = ThreadPoolExecutor(workers)
    try:
        for future in as_completed([pool.submit(one, task) for task in tasks]):
            yield future.result()
    finally:
        # on an interruption the tasks under way end with their processes
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(started):
            process.kill()
        pool.shutdown()
        for process in list(started):
            _end(process)


def _start(function: str) -> subprocess.Popen[bytes]:
    # one thread each: the processes already take all the cores
    single = {name: os.environ.get(name, "1") for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    return subprocess.Popen(
        [sys.executable, "-c", _SERVE, function],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **single, "PYTHONPATH": path},
    )


def _ask(process: subprocess.Popen[bytes], task: Any, time_limit: float) -> Any:
    """Hand a task to a process and wait for its result."""
    timed_out = threading.Event()

    def stop() -> None:
        timed_out.set()
        process.kill()

    timer = threading.Timer(time_limit, stop)
    timer.daemon = True
    timer.start()
    stdin, stdout = _pipes(process)
    try:
        pickle.dump(task, stdin)
        stdin.flush()
        return pickle.load(stdout)
    except (EOFError, OSError, pickle.UnpicklingError):
        code = _end(process)
        return Death(f"not done within {time_limit:g} seconds" if timed_out.is_set() else _cause(code))
    finally:
        timer.cancel()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[Any, Any]:
    return process.stdin, process.stdout


def _end(process: subprocess.Popen[bytes]) -> int:
    for pipe in _pipes(process):
        with contextlib.suppress(BrokenPipeError):
            pipe.close()
    return process.wait()


def _cause(code: int) -> str:
    """Why a process ended, from its exit code."""
    if code >= 0:
        return f"its process ended with exit code {code}"
    known = {number.value: number.name for number in signal.Signals}
    return f"its process was ended by signal {known.get(-code, -code)}"


def serve(function: Callable[[Any], Any], tasks: BinaryIO, results: BinaryIO) -> None:
    """Answer tasks until there are none."""
    while True:
        try:
            task = pickle.load(tasks)
        except EOFError:
            return
        pickle.dump(function(task), results)
        results.flush()


def main() -> None:
    """What a process runs: answers the tasks of its parent with the function that its argument names."""
    module, _, name = sys.argv[1].partition(":")
    # what libraries print must not get between the results
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # an interruption from the keyboard reaches the whole group; the parent decides
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(getattr(importlib.import_module(module), name), sys.stdin.buffer, results)
