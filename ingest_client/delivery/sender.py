"""The thread that carries lines from a source to the outbox: by bytes and age, live ones before the backlog."""

from __future__ import annotations

import queue
import threading
import time
from typing import Callable

from ingest_client.clock import FIRST_SANE_NS, Clock
from ingest_client.complaints import Complaints
from ingest_client.delivery.outbox import Outbox
from ingest_client.entries.batch import Batch
from ingest_client.entries.entry import Entry, Stream
from ingest_client.settings import ClientSettings
from ingest_client.sources.source import Source, nothing

__all__ = ["Sender"]

# Between two looks at what waits: a disk that errs must not keep the thread busy.
_LEAST_WAIT_S = 0.02


class Sender:
    """Owns the thread and the order of things; the outbox owns the fate of every batch.

    ``wake`` may be called from anywhere: putting into a SimpleQueue neither waits nor takes a lock that could be held.
    """

    def __init__(
        self,
        settings: ClientSettings,
        source: Source,
        outbox: Outbox,
        notices: Stream,
        complaints: Complaints,
        clock: Clock,
    ) -> None:
        self._settings, self._source, self._outbox = settings, source, outbox
        self._notices, self._complaints, self._clock = notices, complaints, clock
        self._wakes: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._settled = threading.Condition()
        self._closing = threading.Event()
        self._give_up_at_s = float("inf")
        self._urgent = False
        self._busy = False
        self._reported_drops = 0
        self._settled_removals = 0
        self._thread = threading.Thread(target=self._run, name="ingest-client-sender", daemon=True)

    @property
    def thread_id(self) -> int | None:
        """The sender's thread, whose own records must not be shipped."""
        return self._thread.ident

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Have what is queued sent now instead of at the next tick."""
        if not self._urgent:
            self._urgent = True
            self._wakes.put(None)

    def call_soon(self, task: Callable[[], None]) -> None:
        """Run ``task`` on the sender's thread."""
        self._wakes.put(task)

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything queued before this call is delivered, dropped or on disk; False after ``timeout_s``."""
        deadline_s = time.monotonic() + timeout_s
        target = len(self._source) + self._source.removed
        self.wake()
        with self._settled:
            while not self._done(target) and self._thread.is_alive():
                remaining_s = deadline_s - time.monotonic()
                if remaining_s <= 0:
                    break
                self._settled.wait(min(remaining_s, 0.1))
        return self._done(target)

    def stop(self, timeout_s: float) -> None:
        """Send what is left for at most ``timeout_s``, then end the thread; what remains is spooled or undelivered."""
        self._give_up_at_s = time.monotonic() + timeout_s
        self._closing.set()
        self._wakes.put(None)
        self._thread.join(timeout_s + 0.5)
        if self._thread.is_alive():
            endpoint = self._outbox.destination.endpoint
            self._complaints.complain("lost", f"{endpoint} was too slow: {len(self._source)} lines lost")

    def _done(self, target: int) -> bool:
        # The order matters: busy is set before anything leaves the source.
        return self._settled_removals >= target or (not len(self._source) and not self._busy)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._await_work()
            self._guarded(self._round)
        self._guarded(self._last_rounds)
        self._guarded(self._finish)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # the thread must outlive any fault, or the application logs into a void
            self._complaints.complain("fault", f"a batch was lost to a fault: {error!r}")

    def _await_work(self) -> None:
        wait_s = self._settings.batch_wait_s
        if self._outbox.waits:
            wait_s = min(wait_s, max(self._outbox.destination.pause_s, _LEAST_WAIT_S))
        try:
            task = self._wakes.get(timeout=wait_s)
        except queue.Empty:
            return
        if task is not None:
            task()

    def _round(self) -> None:
        """Bring on what can be brought on now; returns when all is done or has to wait."""
        self._urgent = False
        self._outbox.tend()
        if not self._outbox.retry():
            return
        self._settle()
        while self._clock.is_right() and len(self._source) and time.monotonic() < self._give_up_at_s:
            self._busy = True
            batch = self._next_batch()
            if batch is None:
                break
            if not self._outbox.place(batch):
                return
            self._settle()
        while not len(self._source) and time.monotonic() < self._give_up_at_s and self._outbox.drain_one():
            pass
        self._outbox.tend()

    def _last_rounds(self) -> None:
        """Everything to the server while there is time; with a spool it need not wait for one that is away."""
        self._outbox.destination.hurry()
        self._outbox.look_for_the_dead()
        self._round()
        while self._outbox.waits:
            pause_s = self._outbox.destination.pause_s
            if time.monotonic() + pause_s >= self._give_up_at_s or (pause_s and self._outbox.held is None):
                return
            time.sleep(pause_s)
            self._round()

    def _next_batch(self) -> Batch | None:
        taken = self._source.take(self._settings.batch_bytes)
        if not taken.entries:
            return None
        entries = [self._corrected(entry) for entry in self._with_notice(taken.entries)]
        return Batch.of(entries, self._settings.max_line_bytes, self._told(taken.acknowledge))

    def _corrected(self, entry: Entry) -> Entry:
        if entry.ts_ns >= FIRST_SANE_NS:  # fast path: all of them, nearly always
            return entry
        return entry._replace(ts_ns=self._clock.corrected(entry.ts_ns))

    def _told(self, acknowledge: Callable[[], None]) -> Callable[[], None]:
        return acknowledge if acknowledge is nothing else lambda: self._guarded(acknowledge)

    def _settle(self) -> None:
        with self._settled:
            self._settled_removals = self._source.removed
            self._busy = False
            self._settled.notify_all()

    def _with_notice(self, entries: list[Entry]) -> list[Entry]:
        """Put one line about newly dropped lines in front: the reader of the stream has to see the gap."""
        dropped = self._source.dropped + self._outbox.dropped
        if dropped == self._reported_drops or not entries:
            return entries
        text = f"ingest_client dropped {dropped - self._reported_drops} lines: its queue was full"
        metadata = {"level": "warn", "dropped_lines": str(dropped - self._reported_drops)}
        self._reported_drops = dropped
        return [Entry(-1, self._notices, entries[0].ts_ns, text, metadata, 0), *entries]

    def _finish(self) -> None:
        batches = []
        while len(self._source):
            batch = self._next_batch()
            if batch is None:
                break
            batches.append(batch)
        self._outbox.keep_the_rest(batches)
        self._settle()
        self._outbox.destination.close()
