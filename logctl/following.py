"""A tail that survives its connections: what came meanwhile is fetched, nothing is shown twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from ingest_client.delivery.backoff import Backoff
from logctl.entries import LogEntry, Page, flatten, walk
from logctl.errors import CommandError
from logctl.live import Lost, Message
from logctl.seen import SeenEntries
from logctl.times import Window, as_parameter

__all__ = ["Following", "OpenTail"]

Parameters = Sequence[tuple[str, str]]
OpenTail = Callable[[Parameters], AbstractContextManager[Callable[[], Message]]]

_BACKOFF_BASE_S = 0.5
_BACKOFF_CAP_S = 10.0
_PAGE_LINES = 1000
_JUDGED_WITHIN_S = 5.0  # servers judge queries after they have accepted the connection


class Following:
    """``tell`` hears of lost connections and lines. ``fetch`` finds the lines of a page, oldest first.

    The first connection has to work and its query to be accepted, or CommandError is raised; from then on it tries for
    ever.
    """

    def __init__(
        self,
        open_tail: OpenTail,
        fetch: Callable[[Page], list[LogEntry]],
        tell: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._open_tail, self._fetch, self._tell, self._sleep = open_tail, fetch, tell, sleep
        self._seen = SeenEntries()
        self._backoff = Backoff(_BACKOFF_BASE_S, _BACKOFF_CAP_S)
        self._connected_s: float | None = None  # since when, at first

    def entries(self, parameters: Parameters, start_ns: int, limit: int) -> Iterator[list[LogEntry]]:
        """New entries, as they come."""
        while True:
            try:
                yield from self._connected(parameters, start_ns, limit)
            except Lost as lost:
                if self._is_refused(lost):
                    raise CommandError(str(lost)) from lost
                self._tell(f"{lost}; trying again")
                self._sleep(self._backoff.next_delay_s())

    def _is_refused(self, lost: Lost) -> bool:
        """Whether trying again is in vain: it never worked, or the server knew at once why it does not."""
        if self._connected_s is None:
            return True
        return lost.is_refusal and time.monotonic() - self._connected_s < _JUDGED_WITHIN_S

    def _connected(self, parameters: Parameters, start_ns: int, limit: int) -> Iterator[list[LogEntry]]:
        again = self._connected_s is not None
        begin_ns = self._seen.resume_ns(start_ns)
        wanted = max(limit, _PAGE_LINES) if again else limit
        where = [("start", as_parameter(begin_ns)), ("limit", str(wanted))]
        with self._open_tail([*parameters, *where]) as receive:
            if self._connected_s is None:
                self._connected_s = time.monotonic()
            if again:
                # The tail's history is bounded, so what it may leave out is asked for, while it collects new lines.
                yield from self._missed(begin_ns)
            while True:
                message = receive()
                self._backoff.reset()
                self._tell_dropped(message)
                if fresh := self._seen.fresh(flatten(message.get("streams") or [], forward=True)):
                    yield fresh

    def _missed(self, begin_ns: int) -> Iterator[list[LogEntry]]:
        window = Window(begin_ns, time.time_ns())
        try:
            for entries in walk(self._fetch, window, 0, _PAGE_LINES, forward=True):
                if fresh := self._seen.fresh(entries):
                    yield fresh
        except CommandError as error:
            raise Lost(str(error)) from error

    def _tell_dropped(self, message: Message) -> None:
        if dropped := message.get("dropped_entries"):
            self._tell(f"the server left out {len(dropped)} lines or more: this reader is too slow for them")
