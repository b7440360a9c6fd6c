"""Between the event loop and the log's own thread: both are woken once for several pushes.

A thread that wakes takes the interpreter from the other one, which costs more than what it then does.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from weakref import WeakKeyDictionary

__all__ = ["Gathering", "wait_until_durable"]

_TURNS = 2  # of the event loop, in which the pushes that have arrived meanwhile are decoded
_MOST = 8  # pushes that wait for one write: the first of them should not wait for ever


class Gathering:
    """Decides when the log is written: when the loop, in which this is made, has decoded the pushes that are there."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._gathered = 0

    def __call__(self, write: Callable[[], None]) -> None:
        if threading.get_ident() != self._thread:
            write()
            return
        self._gathered += 1
        if self._gathered == 1:
            self._loop.call_soon(self._after, _TURNS, write)

    def _after(self, turns: int, write: Callable[[], None]) -> None:
        if turns > 1 and self._gathered < _MOST:
            self._loop.call_soon(self._after, turns - 1, write)
            return
        self._gathered = 0
        write()


class _Waiters:
    """Of one event loop: those whose rows are durable, until the loop wakes them."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._durable: deque[asyncio.Future[None]] = deque()
        self._is_waking = False

    def wake(self, waiter: asyncio.Future[None]) -> None:
        """From any thread."""
        self._durable.append(waiter)
        if not self._is_waking:
            self._is_waking = True
            self._loop.call_soon_threadsafe(self._wake_all)

    def _wake_all(self) -> None:
        self._is_waking = False  # before the first is taken: who comes later calls again
        while self._durable:
            waiter = self._durable.popleft()
            if not waiter.done():
                waiter.set_result(None)


_waiters: WeakKeyDictionary[asyncio.AbstractEventLoop, _Waiters] = WeakKeyDictionary()


async def wait_until_durable(stored: Future[None]) -> None:
    """Raises what the future fails with. Cancelling the wait leaves the future alone: others share its fsync.

    Half the price of ``asyncio.wrap_future``, which also carries cancellation the other way.
    """
    loop = asyncio.get_running_loop()
    if loop not in _waiters:
        _waiters[loop] = _Waiters(loop)
    waiters, waiter = _waiters[loop], loop.create_future()
    stored.add_done_callback(lambda _: waiters.wake(waiter))
    await waiter
    stored.result()
