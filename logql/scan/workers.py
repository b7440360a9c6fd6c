"""All cores on the chunks of one query, in an order, until there is reason to stop."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TypeVar

from logql.cancel import Cancel

__all__ = ["Workers"]

T = TypeVar("T")


class Workers:
    """Threads shared by all queries. Kernels, Arrow and RE2 release the GIL, so threads are enough."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or len(os.sched_getaffinity(0))
        self._pool = ThreadPoolExecutor(self.count, thread_name_prefix="scan")

    def run(self, tasks: Iterable[T], work: Callable[[T], None], cancel: Cancel) -> None:
        """Call ``work`` for each task, begun in order. The first exception ends the run and is raised."""
        pending, lock, failed = iter(tasks), threading.Lock(), threading.Event()

        def take_turns() -> None:
            while not failed.is_set():
                with lock:
                    task = next(pending, None)
                if task is None:
                    return
                try:
                    cancel.check()
                    with cancel.watching():
                        work(task)
                except BaseException:
                    failed.set()
                    raise

        # What is metered for the caller is metered for it in the threads, too.
        turns = [self._pool.submit(copy_context().run, take_turns) for _ in range(self.count)]
        done, _ = wait(turns, return_when=FIRST_EXCEPTION)
        if failed.is_set():
            wait(turns)
        for turn in sorted(done, key=lambda each: each.exception() is None):
            turn.result()

    def close(self) -> None:
        self._pool.shutdown()
