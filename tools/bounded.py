"""Run work in a process of its own that may take only so much time and memory, and say how it ended."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from budgetkit.errors import BudgetkitError

#: what the child may take beyond what it is born with
MEMORY = 1_536 << 20
#: how much longer than its time of a processor the child may be about it, e.g. waiting
_PATIENCE = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended.

    `read` with what the work told; `refused` with the message of a BudgetkitError; `failed` with the trace of any
    other; `killed` with the signal, as by the clock.
    """

    how: Literal["read", "refused", "failed", "killed"]
    said: str
    #: of a processor, so that other work on the machine does not count
    seconds: float
    #: the most that the process held, with what it was born with
    megabytes: float

    @property
    def good(self) -> bool:
        return self.how in ("read", "refused")


def bounded(work: Callable[[], object], seconds: float = 30, memory: int = MEMORY) -> Outcome:
    """Do the work in a child; for POSIX.

    Memory is limited as address space beyond what the process has at the start, so that a breach is a MemoryError
    in the child or its end, and never the machine's trouble.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        _live(work, theirs, seconds, memory)
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        answer = told.read()
    _, status, usage = os.wait4(child, 0)
    took = usage.ru_utime + usage.ru_stime
    if os.WIFSIGNALED(status) or not answer:
        name = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {status >> 8}"
        return Outcome("killed", name, took, usage.ru_maxrss / 1024)
    how, said = pickle.loads(answer)
    return Outcome(how, said, took, usage.ru_maxrss / 1024)


def _live(work: Callable[[], object], told: int, seconds: float, memory: int) -> None:
    """The life of the child; it ends here, whatever happens, and runs nothing of what its parent left to be done."""
    try:
        most = _size() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for clock, end in ((signal.ITIMER_PROF, signal.SIGPROF), (signal.ITIMER_REAL, signal.SIGALRM)):
            signal.signal(end, signal.SIG_DFL)
            signal.setitimer(clock, seconds if clock == signal.ITIMER_PROF else _PATIENCE * seconds)
        answer = _answer(work)
        with os.fdopen(told, "wb") as pipe:
            pipe.write(pickle.dumps(answer))
    finally:
        os._exit(0)


def _answer(work: Callable[[], object]) -> tuple[str, str]:
    try:
        return "read", str(work())
    except BudgetkitError as error:
        return "refused", str(error)
    # whatever else ends the work is what this is here to find
    except BaseException:
        return "failed", traceback.format_exc()[-4000:]


def _size() -> int:
    """Address space of this process in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
