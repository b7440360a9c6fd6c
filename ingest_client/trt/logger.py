"""The logger class, made from the TensorRT package in use, which accepts no other's.

``log`` runs on inference threads: it filters, writes one slot of the ring and returns. It takes no lock, waits for
nothing, touches no file, and may be entered again on the same thread.
"""

from __future__ import annotations

import signal
import threading
import time
import zlib
from types import ModuleType
from typing import Any

from ingest_client.client import PushClient
from ingest_client.entries.context import current, ever_used
from ingest_client.entries.severities import Severity
from ingest_client.ring.format import DATA_BYTES, SLOT

__all__ = ["logger_class"]

# The ring is read once a second, and whenever 1024 lines have come: long before it is full.
_WAKE_MASK = 1023


def logger_class(trt: ModuleType, client: PushClient, min_severity: Severity) -> Any:
    """The class of the one logger. What ``log`` needs are variables of this function: the cheapest to reach."""
    weakest, mask = int(min_severity), _WAKE_MASK
    encode, checksum, now_ns, pack_into = str.encode, zlib.adler32, time.time_ns, SLOT.pack_into
    room, wake, stream, contexts = DATA_BYTES, client.wake, client.default_stream, ever_used

    def parts_of_the_ring() -> tuple[Any, ...]:
        ring = client.ring
        assert ring is not None
        number = ring.number_of(stream) or 0
        important, ordinary = ring.important.place, ring.ordinary.place
        places = (important, important, important, ordinary, ordinary)
        return ring.view, tuple((place, number << 8 | rank) for rank, place in enumerate(places))

    view, ways = parts_of_the_ring()

    def renew() -> None:
        nonlocal view, ways
        view, ways = parts_of_the_ring()

    client.on_restart(renew)

    class TrtLogger(trt.ILogger):  # type: ignore[name-defined, misc]
        """Keeps every message of at least the wanted severity. ``swallowed`` counts calls that could not be served."""

        def __init__(self) -> None:
            trt.ILogger.__init__(self)
            self.client = client
            self.swallowed = 0

        def log(self, severity: Any, msg: str) -> None:
            """Filter, write, return. Called by TensorRT from any thread, with or without an exception handler."""
            try:
                rank = severity.value
                if rank > weakest:
                    return
                data = encode(msg)
                size = len(data)
                if size > room or contexts:
                    self._log_slowly(rank, msg)
                    return
                place, kind = ways[rank]
                sequence, at = place()
                pack_into(view, at, checksum(data), kind, sequence, now_ns(), size, size, data)
                if rank < 2 or not sequence & mask:
                    wake()
            except KeyboardInterrupt:
                # The binding would swallow it. Its time comes when TensorRT has returned to Python.
                client.call_soon(_interrupt_again)
            except BaseException:
                self._log_oddly(severity, msg)

        def _log_oddly(self, severity: Any, msg: object) -> None:
            """Numbers for severities, lone surrogates, objects for texts: other callers than TensorRT."""
            try:
                rank = int(severity)
                if rank <= weakest:
                    self._log_slowly(int(Severity(rank)), str(msg))
            except BaseException:
                self.swallowed += 1

        def _log_slowly(self, rank: int, msg: str) -> None:
            ring = client.ring
            if ring is not None:
                ring.append(stream, now_ns(), msg, current.get(), rank <= Severity.WARNING, rank)
                if rank <= Severity.ERROR:
                    wake()

    return TrtLogger


def _interrupt_again() -> None:
    time.sleep(0.01)
    main_thread_id = threading.main_thread().ident
    if main_thread_id is not None:
        signal.pthread_kill(main_thread_id, signal.SIGINT)
