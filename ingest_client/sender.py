"""The thread that carries batches from the buffer to the server, one at a time and in order."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from ingest_client.backoff import Backoff
from ingest_client.buffer import Buffer
from ingest_client.complaints import Complaints
from ingest_client.encode import encode_batch
from ingest_client.endpoint import PUSH_PATH, Endpoint
from ingest_client.entry import Entry, Stream
from ingest_client.settings import ClientSettings
from ingest_client.transport import Answer, Transport, Unreachable

__all__ = ["Sender"]

# A non-standard success by number: the server says that it blocked the lines.
_BLOCKED = 260


class Sender:
    """Owns the connection, the backoff and the fate of every line that left the buffer.

    A batch is offered until the server takes or refuses it; refused means any status but 2xx, 429 and 5xx. ``wake`` may
    be called from anywhere: putting into a SimpleQueue neither waits nor takes a lock that could be held.
    """

    def __init__(self, settings: ClientSettings, buffer: Buffer, notices: Stream, complaints: Complaints) -> None:
        self._settings, self._buffer, self._notices = settings, buffer, notices
        endpoint = Endpoint.parse(settings.url)
        self._transport = Transport(
            endpoint, settings.credentials, settings.tls, settings.timeout_s, "skaldlog-client/1"
        )
        self._backoff = Backoff(settings.backoff_base_s, settings.backoff_cap_s)
        self._complaints = complaints
        self._reset()

    def _reset(self) -> None:
        self._wakes: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._settled = threading.Condition()
        self._closing = threading.Event()
        self._give_up_at_s = float("inf")
        self._urgent = False
        self._busy = False
        self._reported_drops = 0
        self._settled_removals = 0
        self.delivered = self.delivered_bytes = self.rejected = self.undelivered = self.retries = 0
        self._thread = threading.Thread(target=self._run, name="ingest-client-sender", daemon=True)

    @property
    def thread_id(self) -> int | None:
        """The sender's thread, whose own records must not be shipped."""
        return self._thread.ident

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def restart_in_child(self) -> None:
        """After a fork only the calling thread exists: take new locks, a new connection and a new thread."""
        self._transport.close()
        self._backoff.reset()
        self._reset()
        self.start()

    def wake(self) -> None:
        """Have what is queued sent now instead of at the next tick."""
        if not self._urgent:
            self._urgent = True
            self._wakes.put(None)

    def call_soon(self, task: Callable[[], None]) -> None:
        """Run ``task`` on the sender's thread."""
        self._wakes.put(task)

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything queued before this call was delivered or dropped; False when the time was too short."""
        deadline_s = time.monotonic() + timeout_s
        target = len(self._buffer) + self._buffer.removed
        self.wake()
        with self._settled:
            while not self._done(target) and self._thread.is_alive():
                remaining_s = deadline_s - time.monotonic()
                if remaining_s <= 0:
                    break
                self._settled.wait(min(remaining_s, 0.1))
        return self._done(target)

    def stop(self, timeout_s: float) -> None:
        """Send what is left for at most ``timeout_s``, then end the thread; what remains counts as undelivered."""
        self._give_up_at_s = time.monotonic() + timeout_s
        self._closing.set()
        self._wakes.put(None)
        self._thread.join(timeout_s + 0.5)
        if self._thread.is_alive():
            self._complaints.complain(
                "lost", f"{self._transport.endpoint} was too slow: {len(self._buffer)} lines lost"
            )

    def _done(self, target: int) -> bool:
        # The order matters: busy is set before anything leaves the buffer.
        return self._settled_removals >= target or (not len(self._buffer) and not self._busy)

    def _run(self) -> None:
        while True:
            self._await_work()
            try:
                self._drain()
            except Exception as error:  # the thread must outlive any fault, or the application logs into a void
                self._complaints.complain("fault", f"a batch was lost to a fault: {error!r}")
            if self._closing.is_set():
                self._finish()
                return

    def _await_work(self) -> None:
        if self._closing.is_set():
            return
        try:
            task = self._wakes.get(timeout=self._settings.batch_wait_s)
        except queue.Empty:
            return
        if task is not None:
            task()

    def _drain(self) -> None:
        self._urgent = False
        while len(self._buffer) and time.monotonic() < self._give_up_at_s:
            self._busy = True
            entries = self._buffer.take(self._settings.batch_bytes)
            try:
                self._deliver(self._with_notice(entries))
            finally:
                self._settle()

    def _settle(self) -> None:
        with self._settled:
            self._settled_removals = self._buffer.removed
            self._busy = False
            self._settled.notify_all()

    def _with_notice(self, entries: list[Entry]) -> list[Entry]:
        """Put one line about newly dropped lines in front: the reader of the stream has to see the gap."""
        dropped = self._buffer.dropped
        if dropped == self._reported_drops or not entries:
            return entries
        text = f"ingest_client dropped {dropped - self._reported_drops} lines: its queue was full"
        metadata = {"level": "warn", "dropped_lines": str(dropped - self._reported_drops)}
        self._reported_drops = dropped
        return [Entry(-1, self._notices, entries[0].ts_ns, text, metadata, 0), *entries]

    def _deliver(self, entries: list[Entry]) -> None:
        lines = sum(entry.sequence >= 0 for entry in entries)
        try:
            body = encode_batch(entries, self._settings.max_line_bytes, self._settings.gzip_level)
        except Exception:
            self.rejected += lines
            raise
        answer = self._offer(body)
        if answer is None:
            self.undelivered += lines
        elif _taken(answer):
            self.delivered += lines
            self.delivered_bytes += len(body)
        else:
            self.rejected += lines
            first_line = answer.text.partition("\n")[0][:300]
            self._complaints.complain(
                f"status {answer.status}",
                f"{self._transport.endpoint} refused a batch of {lines} lines with {answer.status}: {first_line}",
            )

    def _offer(self, body: bytes) -> Answer | None:
        """Offer a batch until it is taken or refused; None when giving up."""
        tries = 0
        while True:
            answer, cause = self._try(body)
            if answer is not None and not _passing(answer):
                self._backoff.reset()
                self._complaints.settle("trouble")
                return answer
            tries += 1
            if tries == self._settings.max_tries:
                self._complaints.complain("lost", f"{cause}; gave a batch up")
                return None
            self._complaints.complain("trouble", f"{cause}; lines are kept in memory meanwhile")
            if not self._pause(answer):
                return None
            self.retries += 1

    def _try(self, body: bytes) -> tuple[Answer | None, str]:
        headers = {"Content-Type": "application/json"}
        if self._settings.gzip_level:
            headers["Content-Encoding"] = "gzip"
        try:
            answer = self._transport.request("POST", PUSH_PATH, body, headers)
        except Unreachable as error:
            return None, str(error)
        return answer, f"{self._transport.endpoint} answers {answer.status}: {answer.text[:200]}"

    def _pause(self, answer: Answer | None) -> bool:
        """Wait before the next try; False when there will be none."""
        asked_s = answer.retry_after_s if answer is not None else 0.0
        started_s = time.monotonic()
        delay_s = self._backoff.next_delay_s(asked_s)
        if not self._closing.is_set() and self._closing.wait(delay_s):
            # Closing cuts the backoff short, but not the pause that the server asked for.
            self._backoff.reset()
            delay_s = asked_s
        resume_at_s = started_s + delay_s
        if resume_at_s >= self._give_up_at_s:
            self._give_up_at_s = 0.0
            return False
        time.sleep(max(0.0, resume_at_s - time.monotonic()))
        return True

    def _finish(self) -> None:
        while entries := self._buffer.take(self._settings.max_bytes):
            self.undelivered += len(entries)
        if self.undelivered:
            text = f"{self.undelivered} lines were not delivered to {self._transport.endpoint}"
            self._complaints.complain("end", text)
        self._settle()
        self._transport.close()


def _taken(answer: Answer) -> bool:
    return 200 <= answer.status < 300 and answer.status != _BLOCKED


def _passing(answer: Answer) -> bool:
    return answer.status == 429 or answer.status >= 500
