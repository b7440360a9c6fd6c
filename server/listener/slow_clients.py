"""What slow clients get: bounded time to send a request, bounded time to take an answer, a place only if there is one.

A client that sends a byte now and then, or that asks and never reads, costs others nothing but its place; when all are
taken, who has waited longest without asking anything makes room.
"""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

__all__ = ["Deadlines", "WriteWatch", "longest_idle", "open_file_limit"]

_MIN_TAKEN_BYTES_PER_S = 1024
_LOOKED_AT = 64  # places that are looked at for the one to give away
_KEPT_FILES = 256  # of the store, of threads, of what Python needs


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds; and how many connections there may be at once, 0 for any number.

    idle_s   before the first byte of a request
    head_s   from there to the end of its headers
    read_s   from there to the end of its body
    write_s  in each such time a reader takes a KiB a second, or is cut off
    """

    idle_s: float = 120.0
    head_s: float = 15.0
    read_s: float = 30.0
    write_s: float = 30.0
    connections_max: int = 0


class WriteWatch:
    """Cuts a connection off whose other side does not take what was written. One a connection."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, period_s: float) -> None:
        self._transport, self._loop, self._period_s = transport, loop, period_s
        self._timer: asyncio.TimerHandle | None = None
        self._left_bytes = 0

    def look(self) -> None:
        """Begin to watch, if anything is left to be taken."""
        if self._timer is None and self._unsent():
            self._begin()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self) -> None:
        self._left_bytes = self._unsent()
        self._timer = self._loop.call_later(self._period_s, self._judge)

    def _judge(self) -> None:
        self._timer = None
        left_bytes = self._unsent()
        if not left_bytes:
            return
        if self._left_bytes - left_bytes < _MIN_TAKEN_BYTES_PER_S * self._period_s:
            _reset(self._transport)
            return
        self._begin()

    def _unsent(self) -> int:
        return self._transport.get_write_buffer_size()


def _reset(transport: asyncio.Transport) -> None:
    """Without waiting for the system's own buffer either, which the other side does not take."""
    with suppress(OSError), socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class _Waiting(Protocol):
    """A connection: ``waits_since_s`` is None while its request is being answered."""

    @property
    def waits_since_s(self) -> float | None: ...


W = TypeVar("W", bound=_Waiting)


def longest_idle(connections: Iterable[object], kind: type[W]) -> W | None:
    """Of a bounded number of connections the one that has waited longest for its client."""
    waiting = (each for each in connections if isinstance(each, kind) and each.waits_since_s is not None)
    return min(islice(waiting, _LOOKED_AT), key=lambda each: each.waits_since_s or 0.0, default=None)


def open_file_limit() -> int:
    """Connections that the process may have, after asking for as many files as it is allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return max(soft - _KEPT_FILES, 16) if soft != resource.RLIM_INFINITY else 1 << 20
