"""Delivery for callers that can wait and that keep positions: files, pipes, readings of devices.

One for each server and tenant: it has its own thread, queue, spool and pauses, so that none waits for another.
"""

from __future__ import annotations

from typing import Callable, Iterable, Mapping, Optional, Tuple

from ingest_client.clock import Clock
from ingest_client.complaints import Complaints
from ingest_client.counters import Counters
from ingest_client.delivery.engine import Engine, open_folder
from ingest_client.entries.entry import Entry, Stream
from ingest_client.entries.streams import Streams
from ingest_client.settings import ClientSettings
from ingest_client.sources.put_queue import PutQueue, entry_cost_bytes

__all__ = ["Delivery", "Line"]

# (stream, nanoseconds, line, structured metadata): metadata that is clean already, see ``clean_metadata``.
Line = Tuple[Stream, int, str, Optional[Mapping[str, str]]]


class Delivery:
    """Takes lines with a callback for when they need not be kept any more.

    ``labels`` are the stream of the delivery's own notices. Raises InvalidSettings or InvalidLabels at construction.
    """

    def __init__(
        self, settings: ClientSettings, labels: Mapping[str, object], complaints: Complaints | None = None
    ) -> None:
        self.settings = settings
        complaints = complaints or Complaints()
        self._streams = Streams(settings.max_label_values, complaints)
        self._queue = PutQueue(settings.max_entries, settings.max_bytes)
        self._wake_bytes = min(settings.batch_bytes, settings.max_bytes // 4)
        self._closed = False
        self._engine = Engine(
            settings, self._queue, open_folder(settings, complaints), self._streams.stream(labels), complaints, Clock()
        )

    @property
    def counters(self) -> Counters:
        """A snapshot; exact once the delivery is idle."""
        return self._engine.counters(self._queue.accepted, self._queue.held_bytes, 0)

    @property
    def demoted_labels(self) -> Mapping[str, int]:
        """Labels that are sent as metadata because they had too many values, with how many."""
        return dict(self._streams.demoted)

    def stream(self, labels: Mapping[str, object]) -> Stream:
        """The stream of these labels, to be kept and used for many lines. Raises InvalidLabels."""
        return self._streams.stream(labels)

    def put(
        self,
        lines: Iterable[Line],
        on_acknowledged: Callable[[], None] | None = None,
        timeout_s: float | None = None,
    ) -> bool:
        """Queue lines, waiting for room; False, with none of them taken, after ``timeout_s`` or once it is closed.

        ``on_acknowledged`` is called once, on the delivery's thread, when all of them are delivered, durable in the
        spool, or refused for good.
        """
        entries = [
            Entry(0, stream, ts_ns, line, metadata, entry_cost_bytes(line)) for stream, ts_ns, line, metadata in lines
        ]
        if not self._queue.put(entries, on_acknowledged, timeout_s):
            return False
        if self._queue.held_bytes >= self._wake_bytes:
            self._engine.sender.wake()
        return True

    def flush(self, timeout_s: float) -> bool:
        """Wait until all lines put so far are delivered, dropped or on disk; False when the time was too short."""
        return self._engine.sender.flush(timeout_s)

    def close(self, timeout_s: float | None = None) -> None:
        """Deliver what is queued for at most ``timeout_s``; what remains is on disk, or counts as undelivered."""
        if self._closed:
            return
        self._closed = True
        self._queue.close()
        self._engine.sender.stop(self.settings.exit_deadline_s if timeout_s is None else timeout_s)

    def __enter__(self) -> Delivery:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
