"""One tail: a log query over the rows that are stored and over all that come after them, each row once.

The rows of ``history`` and the batches of ``take`` are divided under the lock that makes rows readable, so that there
is no gap between them and no row in both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from logql.ast import LogQuery
from logql.cancel import Cancel
from logql.entries.order import ordered_entries
from logql.entries.query import find_entries
from logql.limits import QueryLimits
from logql.requests import EVERYTHING_NS, Direction, RangeQuery
from logql.results import Entry
from logql.scan.selection import Selection
from logql.scan.tally import Tally
from logql.scan.workers import Workers
from logql.stages.pipeline import Pipeline
from logql.streams import stream_matcher
from logql.tail.inbox import DroppedEntry, Inbox
from storage.batch import Batch
from storage.concat import concat
from storage.database import Database

__all__ = ["Tail", "TailQuery"]

_BEGINNING_NS, _END_NS = -(1 << 63), 1 << 63


@dataclass(frozen=True, slots=True)
class TailQuery:
    """``limit``: how many of the stored entries since ``start_ns`` are shown, the newest of them.

    Entries held back for ``delay_ns`` come in the order of their times.
    """

    text: str
    start_ns: int
    now_ns: int
    limit: int = 100
    delay_ns: int = 0
    limits: QueryLimits = field(default_factory=QueryLimits)
    oldest_ns: int = EVERYTHING_NS

    def history(self) -> RangeQuery:
        return RangeQuery(
            self.text,
            self.start_ns,
            _END_NS,
            step_ms=1,
            limit=self.limit,
            direction=Direction.BACKWARD,
            limits=self.limits,
            oldest_ns=self.oldest_ns,
        )


class Tail:
    """``history`` once, then ``take`` again and again, ``close`` at the end, which frees all that is held.

    ``wake`` is called from other threads when there is something to take.
    """

    def __init__(
        self,
        database: Database,
        workers: Workers,
        tenant: str,
        query: LogQuery,
        asked: TailQuery,
        wake: Callable[[], None],
    ) -> None:
        self._database, self._workers, self._tenant = database, workers, tenant
        self._query, self._asked = query, asked
        self._matches = stream_matcher(query.selector)
        self._deciding, self._showing = Pipeline.deciding(query.stages), Pipeline(query.stages)
        self._inbox = Inbox(self._matches, wake)
        self._follower = self._inbox.offer
        self._is_closed = False

    def history(self, cancel: Cancel) -> list[Entry]:
        """The stored entries to begin with, oldest first. Raises QueryError."""
        cancel.expire_after(self._asked.limits.query_timeout_s)
        with self._database.following(self._tenant, self._follower) as sources:
            if self._is_closed:  # it left before anything was followed
                self._database.unfollow(self._tenant, self._follower)
            newest = find_entries(self._query, self._asked.history(), sources, self._workers, cancel, Tally())
        return newest[::-1]

    def take(self, cancel: Cancel) -> tuple[list[Entry], list[DroppedEntry]]:
        """The entries of some of the batches that came in, in the order of time, and what was dropped of others.

        Raises QueryError.
        """
        batches, dropped = self._inbox.take()
        if not batches:
            return [], dropped
        cancel.expire_after(self._asked.limits.query_timeout_s)
        with cancel.watching():
            cancel.check()
            return self._entries_of(batches), dropped

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to take."""
        return self._inbox.is_empty

    @property
    def dropped_rows(self) -> int:
        return self._inbox.dropped_rows

    @property
    def stream_count(self) -> int:
        """Streams of the query that were written to meanwhile."""
        return self._inbox.stream_count

    def close(self) -> None:
        self._is_closed = True
        self._database.unfollow(self._tenant, self._follower)

    def _entries_of(self, batches: Sequence[Batch]) -> list[Entry]:
        source = self._database.visible(self._tenant, concat(batches))
        # A selection remembers tables of streams, and here each lot has its own: so a new one each time.
        frame = Selection(self._matches, _BEGINNING_NS, _END_NS).frame(source)
        frame = self._deciding(frame)
        if not self._showing.only_filters_lines:
            frame = self._showing(frame.as_stored())
        return ordered_entries([(0, frame)], Direction.FORWARD)
