"""One server as one tenant: sends a batch once, says what became of it, and knows when the next try may be.

The pause after a failure belongs to the destination and not to a batch, or every new batch would hit a server that has
just asked to be left alone.
"""

from __future__ import annotations

import time
from enum import Enum

from ingest_client.complaints import Complaints
from ingest_client.delivery.backoff import Backoff
from ingest_client.delivery.endpoint import PUSH_PATH, Endpoint
from ingest_client.delivery.transport import Answer, Transport, Unreachable
from ingest_client.entries.batch import Batch
from ingest_client.entries.encode import encode_batch
from ingest_client.settings import ClientSettings

__all__ = ["Destination", "Verdict"]

# A non-standard success by number: the server says that it blocked the lines.
_BLOCKED = 260
_TOO_LARGE = 413
_PASSING = frozenset((408, 425, 429))
# The server is right to refuse and a person has to mend it: what waits meanwhile is kept.
_MENDABLE = frozenset((401, 402, 403, 404, 405, 407))
_MENDABLE_PAUSE_S = 5.0


class Verdict(Enum):
    """What became of a batch."""

    TAKEN = "taken"
    REFUSED = "refused"
    TOO_LARGE = "too large"
    BLOCKED = "blocked"
    LATER = "later"


class Destination:
    """Used by one thread. ``reason`` is the text of the last answer that was no success."""

    def __init__(self, settings: ClientSettings, complaints: Complaints) -> None:
        self._settings, self._complaints = settings, complaints
        self.endpoint = Endpoint.parse(settings.url)
        self._transport = Transport(
            self.endpoint, settings.credentials, settings.tls, settings.timeout_s, "skaldlog-client/1", True
        )
        self._backoff = Backoff(settings.backoff_base_s, settings.backoff_cap_s)
        self._next_try_at_s = self._asked_until_s = 0.0
        self.reason = ""
        self.server_ahead_ns = 0
        self.delivered_bytes = self.retries = 0
        self.seconds = 0.0

    @property
    def pause_s(self) -> float:
        """Seconds until a batch may be sent, 0 when it may be now."""
        return max(0.0, self._next_try_at_s - time.monotonic())

    def hurry(self) -> None:
        """Cut the backoff short, but not the pause that the server asked for."""
        self._backoff.reset()
        self._next_try_at_s = self._asked_until_s

    def send(self, batch: Batch) -> Verdict:
        """Offer a batch once."""
        if batch.tries:
            self.retries += 1
        batch.tries += 1
        body, headers = encode_batch(batch, self._settings.wire, self._settings.gzip_level)
        started_s = time.monotonic()
        try:
            answer = self._transport.request("POST", PUSH_PATH + self.endpoint.query, body, headers)
        except Unreachable as error:
            self.reason = str(error)
            return self._later(0.0)
        finally:
            self.seconds += time.monotonic() - started_s
        return self._judge(answer, len(body))

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def forget(self) -> None:
        """After a fork: the connection and the failures are the parent's."""
        self._transport.close()
        self._backoff.reset()
        self._next_try_at_s = self._asked_until_s = 0.0
        self.delivered_bytes = self.retries = 0
        self.seconds = 0.0

    def _judge(self, answer: Answer, body_bytes: int) -> Verdict:
        self.server_ahead_ns = answer.server_ahead_ns
        self.reason = f"{self.endpoint} answers {answer.status}: {answer.text.partition(chr(10))[0][:300]}"
        status = answer.status
        if status in _PASSING or status >= 500:
            return self._later(answer.retry_after_s)
        if status in _MENDABLE or 300 <= status < 400:
            self._transport.renew_credentials()
            return self._later(max(answer.retry_after_s, min(_MENDABLE_PAUSE_S, self._settings.backoff_cap_s)))
        self._backoff.reset()
        self._complaints.settle("trouble")
        if status == _BLOCKED:
            return Verdict.BLOCKED
        if status == _TOO_LARGE:
            return Verdict.TOO_LARGE
        if status >= 400:
            return Verdict.REFUSED
        self.delivered_bytes += body_bytes
        return Verdict.TAKEN

    def _later(self, asked_s: float) -> Verdict:
        now_s = time.monotonic()
        self._asked_until_s = now_s + asked_s
        self._next_try_at_s = now_s + self._backoff.next_delay_s(asked_s)
        return Verdict.LATER
