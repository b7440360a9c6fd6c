"""Output on its way from the program to the client: bytes to lines to records, on a thread of its own.

Reading never waits for parsing: when lines come faster than they can be parsed they go as they are, and when they come
faster than that the oldest are dropped and counted.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from itertools import groupby

from ingest_client.wrapper.records import RecordSink

__all__ = ["Output"]

# Behind by so many bytes: no parsing; dropping.
_UNPARSED_BYTES = 4 << 20
_DROPPED_BYTES = 32 << 20
_MAX_LINE_BYTES = 256 * 1024
_TICK_S = 0.5


class Output:
    """``add`` is called by the reader of the pipes; everything else happens on the thread."""

    def __init__(self, sinks: dict[int, RecordSink]) -> None:
        self._sinks = sinks
        self._chunks: deque[tuple[int, int, bytes]] = deque()
        self._partial: dict[int, bytes] = dict.fromkeys(sinks, b"")
        self._behind_bytes = 0
        self._changed = threading.Condition()
        self._ended = False
        self.dropped_bytes = 0
        self._thread = threading.Thread(target=self._run, name="ingest-client-output", daemon=True)
        self._thread.start()

    def add(self, number: int, data: bytes) -> None:
        """Take what was read from output ``number``."""
        with self._changed:
            self._chunks.append((number, time.time_ns(), data))
            self._behind_bytes += len(data)
            while self._behind_bytes > _DROPPED_BYTES:
                dropped = len(self._chunks.popleft()[2])
                self._behind_bytes -= dropped
                self.dropped_bytes += dropped
            self._changed.notify()

    def finish(self, timeout_s: float) -> None:
        """The program has ended: bring the last lines on."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            chunk = self._next()
            if chunk is not None:
                self._split(*chunk)
            now_ns = time.time_ns()
            for sink in self._sinks.values():
                sink.tick(now_ns)
            if chunk is None and self._ended and not self._chunks:
                break
        for number, sink in self._sinks.items():
            if self._partial[number]:
                sink.add(self._partial[number], time.time_ns(), True)
            sink.finish()

    def _next(self) -> tuple[int, int, bytes] | None:
        with self._changed:
            if not self._chunks and not self._ended:
                self._changed.wait(_TICK_S)
            if not self._chunks:
                return None
            chunk = self._chunks.popleft()
            self._behind_bytes -= len(chunk[2])
            return chunk

    def _split(self, number: int, ts_ns: int, data: bytes) -> None:
        sink, parses = self._sinks[number], self._behind_bytes < _UNPARSED_BYTES
        *lines, rest = (self._partial[number] + data).split(b"\n")
        for line, equal in groupby(lines):
            sink.add(line, ts_ns, parses, len(list(equal)))
        if len(rest) > _MAX_LINE_BYTES:
            sink.add(rest, ts_ns, parses)
            rest = b""
        self._partial[number] = rest
