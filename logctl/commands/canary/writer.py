"""Writing a line every so often, each pushed until the server takes it or patience ends."""

from __future__ import annotations

import json
import threading
import time

from ingest_client.delivery.backoff import Backoff
from ingest_client.delivery.endpoint import PUSH_PATH, Endpoint
from ingest_client.delivery.transport import Transport, Unreachable
from logctl.commands.canary.ledger import Ledger
from logctl.options import Connection

__all__ = ["Writer"]

_BACKOFF_BASE_S = 0.2
_BACKOFF_CAP_S = 2.0


class Writer:
    """``run`` until ``stopping``. A push that is repeated has the same time, so that the line is stored once."""

    def __init__(
        self, connection: Connection, labels: dict[str, str], size: int, interval_s: float, patience_s: float
    ) -> None:
        endpoint = Endpoint.parse(connection.url)
        self._transport = Transport(
            endpoint, connection.credentials, connection.tls, connection.timeout_s, "logctl-canary/1"
        )
        self._labels, self._size = labels, size
        self._interval_s, self._patience_s = interval_s, patience_s
        self.trouble = ""  # the last one

    def run(self, ledger: Ledger, stopping: threading.Event, end_s: float | None) -> None:
        """Write until ``end_s``, for ever when it is None."""
        last_ns, next_s = 0, time.monotonic()
        while not stopping.wait(max(next_s - time.monotonic(), 0)) and (end_s is None or time.monotonic() < end_s):
            last_ns = max(time.time_ns(), last_ns + 1)
            ledger.writing(last_ns)
            if self._push(last_ns, stopping):
                ledger.written(last_ns, time.time())
            else:
                ledger.refused(last_ns)
            next_s = max(next_s + self._interval_s, time.monotonic() - self._interval_s)
        self._transport.close()

    def _push(self, ts_ns: int, stopping: threading.Event) -> bool:
        line = f"{ts_ns} ".ljust(self._size, "p")
        body = json.dumps({"streams": [{"stream": self._labels, "values": [[str(ts_ns), line]]}]}).encode()
        backoff, give_up_s = Backoff(_BACKOFF_BASE_S, _BACKOFF_CAP_S), time.monotonic() + self._patience_s
        while True:
            try:
                answer = self._transport.request("POST", PUSH_PATH, body, {"Content-Type": "application/json"})
                if answer.status in (200, 204):
                    return True
                self.trouble = f"push: {answer.status} {answer.text}"
                if answer.status < 500 and answer.status != 429:
                    return False
            except Unreachable as error:
                self.trouble = str(error)
            if time.monotonic() >= give_up_s or stopping.wait(backoff.next_delay_s()):
                return False
