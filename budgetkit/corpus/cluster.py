"""Work on a cluster: one document a task, no more tasks at once than the cluster can take up."""

from __future__ import annotations

import concurrent.futures
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from budgetkit.corpus.pool import TIME_LIMIT, Death
from budgetkit.errors import BudgetkitError

#: tasks that are handed out for each thread of a cluster, so that none waits for work
_A_THREAD = 4
#: the fewest and the most tasks that are handed out at once
_FEWEST, _MOST = 16, 4_000
#: how often a task is done again whose worker was lost
_RETRIES = 3


def run(client: Any, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Call a function on each task by a client, and yield task and result (or `Death`) as they come.

    `client`: a `distributed.Client`, or another object with `submit(function, argument)` that gives a future;
    `function`: of one argument, which raises nothing. Raises BudgetkitError when the cluster itself is lost.
    """
    done = _distributed if hasattr(client, "scheduler_info") else _plain
    yield from done(client, function, tasks)


def _distributed(client: Any, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    from distributed import as_completed

    waiting = iter(tasks)
    under_way: dict[str, Any] = {}
    suspects = []

    def submit(task: Any) -> Any:
        # the same content must be read again when a build asks for it again
        future = client.submit(_limited, function, task, TIME_LIMIT, pure=False, retries=_RETRIES)
        under_way[future.key] = task
        return future

    arriving = as_completed([submit(task) for task in islice(waiting, _window(client))])
    for future in arriving:
        task = under_way.pop(future.key)
        suspect = _is_lost(future)
        result = None if suspect else _result(future, client)
        # a future that is let go of frees its result on the cluster
        del future
        for following in islice(waiting, max(_window(client) - len(under_way), 0)):
            arriving.add(submit(following))
        if suspect:
            suspects.append(task)
        else:
            yield task, result
    # a worker that is lost takes along what waits for it; alone, each task answers for itself
    for task in suspects:
        yield task, _result(submit(task), client)


def _is_lost(future: Any) -> bool:
    from distributed import KilledWorker

    return future.status == "error" and isinstance(future.exception(), KilledWorker)


def _limited(function: Callable[[Any], Any], task: Any, time_limit: float) -> Any:
    """Call a function in a worker; one that hangs ends its worker, where a nanny starts another."""
    from distributed import get_worker

    if not get_worker().nanny:
        return function(task)
    timer = threading.Timer(time_limit, os._exit, [1])
    timer.daemon = True
    timer.start()
    try:
        return function(task)
    finally:
        timer.cancel()


def _window(client: Any) -> int:
    try:
        threads = sum(client.nthreads().values())
    except Exception as error:
        raise _lost(error) from error
    return int(min(max(_A_THREAD * threads, _FEWEST), _MOST))


def _result(future: Any, client: Any) -> Any:
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as error:
        return Death(f"its worker was lost {_RETRIES + 1} times, or ended after {TIME_LIMIT:g} seconds each ({error})")
    except concurrent.futures.CancelledError as error:
        raise _lost(error) from error
    except Exception as error:
        if client.status != "running":
            raise _lost(error) from error
        return Death(f"{type(error).__name__}: {error}")


def _lost(error: Exception) -> BudgetkitError:
    return BudgetkitError(
        f"the cluster was lost ({type(error).__name__}: {error}); what it has read is kept, build again"
    )


def _plain(client: Any, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """By a client that is no cluster of Dask: what it knows of waiting is `result()`."""
    waiting = iter(tasks)
    under_way = [(task, client.submit(function, task)) for task in islice(waiting, _FEWEST)]
    while under_way:
        task, future = under_way.pop(0)
        try:
            result = future.result()
        except Exception as error:
            # what a lost worker raises depends on the client
            result = Death(f"{type(error).__name__}: {error}")
        under_way += [(following, client.submit(function, following)) for following in islice(waiting, 1)]
        yield task, result
