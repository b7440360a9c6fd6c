"""The one seam between the event loop and threads: everything that blocks crosses here.

Pushes and queries have pools of their own, so that slow queries never keep a push waiting.
"""

from __future__ import annotations

import asyncio
import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

__all__ = ["Threads"]

P = ParamSpec("P")
R = TypeVar("R")

# A query thread mostly waits for the engine's workers; as many queries make progress at once.
_QUERY_THREADS = 16


class Threads:
    """Two pools; ``close`` waits for what runs."""

    def __init__(self) -> None:
        self._push = ThreadPoolExecutor((os.cpu_count() or 1) + 1, "push")
        self._query = ThreadPoolExecutor(_QUERY_THREADS, "query")

    def push(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[R]:
        """Run ``function`` in a push thread."""
        return _run(self._push, functools.partial(function, *args, **kwargs))

    def query(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[R]:
        """Run ``function`` in a query thread."""
        return _run(self._query, functools.partial(function, *args, **kwargs))

    def close(self) -> None:
        self._push.shutdown(cancel_futures=True)
        self._query.shutdown(cancel_futures=True)


def _run(pool: ThreadPoolExecutor, call: Callable[[], R]) -> asyncio.Future[R]:
    return asyncio.get_running_loop().run_in_executor(pool, call)
