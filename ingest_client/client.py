"""The push client: a bounded buffer and a sender thread behind ``push``, ``flush`` and ``close``."""

from __future__ import annotations

import threading
import time
from typing import Callable, Mapping

from ingest_client.clock import Clock
from ingest_client.complaints import Complaints
from ingest_client.counters import Counters
from ingest_client.delivery.engine import Engine, open_folder
from ingest_client.entries.entry import Stream
from ingest_client.entries.metadata import clean_metadata
from ingest_client.entries.streams import Streams
from ingest_client.exits import unwatch, watch
from ingest_client.ring import Ring
from ingest_client.settings import ClientSettings
from ingest_client.sources.buffer import Buffer
from ingest_client.state.folder import RING, StateFolder

__all__ = ["PushClient"]


class PushClient:
    """Takes lines from any thread without ever blocking and delivers them in the background.

    ``labels`` is the stream of lines that name none and of the client's own notices; ``complaints`` is told of trouble,
    by default on stderr. With a ``directory`` in the settings, lines are in a ring on disk from the moment they are
    pushed. Raises InvalidSettings or InvalidLabels at construction, nothing afterwards.
    """

    def __init__(
        self,
        settings: ClientSettings,
        labels: Mapping[str, object],
        complaints: Complaints | None = None,
        with_ring: bool = False,
    ) -> None:
        self.settings = settings
        self._with_ring = with_ring
        self._on_restart: list[Callable[[], None]] = []
        self._complaints = complaints or Complaints()
        self._streams = Streams(settings.max_label_values, self._complaints)
        self._default = self.stream(labels)
        self._wake_bytes = min(settings.batch_bytes, settings.max_bytes // 4)
        self._wake_entries = settings.max_entries // 4
        self._closed = False
        self._start()
        watch(self)

    def _start(self) -> None:
        settings = self.settings
        self._refused = 0
        self._close_lock = threading.Lock()
        folder = open_folder(settings, self._complaints)
        clock = Clock()
        self._buffer = self._make_buffer(folder, clock)
        self._engine = Engine(settings, self._buffer, folder, self._default, self._complaints, clock)
        self._sender = self._engine.sender

    def _make_buffer(self, folder: StateFolder | None, clock: Clock) -> Buffer | Ring:
        settings = self.settings
        if self._with_ring or folder is not None:
            try:
                path = folder.path / RING if folder is not None else None
                return Ring(path, settings.ring_bytes, settings.max_line_bytes, clock.corrected)
            except OSError as error:
                self._complaints.complain("ring", f"no ring in {folder and folder.path}: {error}; a crash loses lines")
        if self._with_ring:
            return Ring(None, settings.ring_bytes, settings.max_line_bytes, clock.corrected)
        return Buffer(settings.max_entries, settings.max_bytes, settings.overflow == "newest")

    @property
    def ring(self) -> Ring | None:
        """The ring, for the logger, which writes into it itself; None without one."""
        return self._buffer if isinstance(self._buffer, Ring) else None

    @property
    def default_stream(self) -> Stream:
        """The stream of lines that name none."""
        return self._default

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the default stream."""
        return dict(self._default.labels)

    @property
    def sender_thread_id(self) -> int | None:
        """Identifies records made by the client itself."""
        return self._sender.thread_id

    @property
    def counters(self) -> Counters:
        """A snapshot of the counters; exact once the client is idle."""
        buffer = self._buffer
        return self._engine.counters(buffer.accepted, buffer.held_bytes, self._refused)

    def stream(self, labels: Mapping[str, object]) -> Stream:
        """Return the stream of these labels, to be kept and passed to ``push``. Raises InvalidLabels."""
        return self._streams.stream(labels)

    def push(
        self,
        line: str,
        metadata: Mapping[str, object] | None = None,
        *,
        stream: Stream | None = None,
        ts_ns: int | None = None,
        important: bool = False,
        urgent: bool = False,
    ) -> None:
        """Queue one line; ``important`` ones are dropped last, ``urgent`` ones are sent without waiting for a batch."""
        clean = clean_metadata(metadata) if metadata else None
        self.offer(
            time.time_ns() if ts_ns is None else ts_ns, line, clean, stream=stream, important=important, urgent=urgent
        )

    def offer(
        self,
        ts_ns: int,
        line: str,
        metadata: Mapping[str, str] | None,
        *,
        stream: Stream | None = None,
        important: bool = False,
        urgent: bool = False,
    ) -> None:
        """``push`` for callers that must not wait: no lock, no I/O; ``metadata`` is clean already and never changed."""
        if self._closed:
            self._refused += 1
            return
        buffer = self._buffer
        buffer.append(stream or self._default, ts_ns, line, metadata, important)
        if urgent or buffer.held_bytes >= self._wake_bytes or len(buffer) >= self._wake_entries:
            self._sender.wake()

    def wake(self) -> None:
        """Have what is queued sent soon; neither waits nor locks."""
        self._sender.wake()

    def on_restart(self, callback: Callable[[], None]) -> None:
        """Call this in forked children, once they have a buffer of their own."""
        self._on_restart.append(callback)

    def call_soon(self, task: Callable[[], None]) -> None:
        """Run ``task`` on the sender's thread; neither waits nor locks."""
        self._sender.call_soon(task)

    def flush(self, timeout_s: float | None = None) -> bool:
        """Wait until all lines queued so far are delivered or dropped; False when the time was too short."""
        if self._closed:
            return not len(self._buffer)
        return self._sender.flush(self.settings.exit_deadline_s if timeout_s is None else timeout_s)

    def close(self, timeout_s: float | None = None) -> None:
        """Deliver what is queued for at most ``timeout_s`` and end the sender; later lines count as undelivered."""
        with self._close_lock:
            if self._closed:
                return
            self._closed = True
            unwatch(self)
            self._sender.stop(self.settings.exit_deadline_s if timeout_s is None else timeout_s)

    def restart_in_child(self) -> None:
        """Called after a fork: the queued lines belong to the parent, a new sender to the child."""
        self._engine.forget()
        if not self._closed:
            self._start()
            for callback in self._on_restart:
                callback()

    def __enter__(self) -> PushClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
