"""Where a batch goes: to the server; else to the spool; else it stays in hand until the server is back.

New batches go first and the backlog has every fourth turn: after an outage people want to see what happens now. Since
timestamps are final, the order of sending is of no consequence.
"""

from __future__ import annotations

import time

from ingest_client.complaints import Complaints
from ingest_client.delivery.destination import Destination, Verdict
from ingest_client.delivery.tallies import Tallies
from ingest_client.entries.batch import Batch
from ingest_client.state.backlog import Backlog
from ingest_client.state.deadletters import DeadLetters

__all__ = ["Outbox"]

_LIVE_TURNS = 3
# How many further requests one refused batch may cost until the rest of it is given up.
_MAX_SPLITS = 64
# Servers take lines from the near future only. Loki's limit is ten minutes.
_CLOCK_TOLERANCE_NS = 600 * 10**9
_DATE_STEP_NS = 3 * 10**9


class Outbox:
    """Used by the delivery's thread. Without a ``backlog`` nothing is kept on disk."""

    def __init__(
        self,
        destination: Destination,
        backlog: Backlog | None,
        dead_letters: DeadLetters,
        tallies: Tallies,
        complaints: Complaints,
        max_tries: int | None,
    ) -> None:
        self.destination, self.backlog, self._dead_letters = destination, backlog, dead_letters
        self._tallies, self._complaints, self._max_tries = tallies, complaints, max_tries
        self._turns = 0
        self._clock_error_ns = 0
        self.held: Batch | None = None

    @property
    def waits(self) -> bool:
        """Whether something has to be brought on as soon as the destination permits."""
        return self.held is not None or self.backlog_waits

    @property
    def backlog_waits(self) -> bool:
        """Whether lines wait on disk."""
        return self.backlog is not None and self.backlog.pending_lines > 0

    @property
    def dropped(self) -> int:
        """Lines for which the disk had no room."""
        return self.backlog.dropped if self.backlog is not None else 0

    def tend(self) -> None:
        """What has to be done now and then: make durable, adopt what dead processes left."""
        if self.backlog is not None:
            self.backlog.tend()

    def look_for_the_dead(self) -> None:
        """Adopt what dead processes left at the next ``tend``, whenever it would be due."""
        if self.backlog is not None:
            self.backlog.sweep_soon()

    def place(self, batch: Batch) -> bool:
        """Bring a batch to its end or to the disk. False: it is held, and ``retry`` will bring it on."""
        if not self._offer(batch) and not self._spool(batch):
            self.held = batch
            return False
        self.held = None
        self._turns += 1
        if self._turns % _LIVE_TURNS == 0:
            self.drain_one()
        return True

    def retry(self) -> bool:
        """Bring on what is held, if anything. False: it is still held."""
        return self.held is None or self.place(self.held)

    def drain_one(self) -> bool:
        """Send the oldest batch of the backlog; False when there is none or the server does not take any now."""
        if self.backlog is None or self.destination.pause_s:
            return False
        batch = self.backlog.oldest()
        if batch is None or not self._settle(batch, self.destination.send(batch)):
            return False
        self.backlog.done()
        return True

    def keep_the_rest(self, batches: list[Batch]) -> None:
        """At the end: to the disk with what is left, or count it as undelivered."""
        lost = 0
        for batch in [*([self.held] if self.held else []), *batches]:
            if not self._spool(batch):
                lost += batch.lines
        self.held = None
        self._tallies.undelivered += lost
        if self._tallies.undelivered:
            text = f"{self._tallies.undelivered} lines were not delivered to {self.destination.endpoint}"
            self._complaints.complain("end", text)
        if self.backlog is not None:
            self.backlog.close(lost)

    def _offer(self, batch: Batch) -> bool:
        return not self.destination.pause_s and self._settle(batch, self.destination.send(batch))

    def _spool(self, batch: Batch) -> bool:
        if self.backlog is None or not self.backlog.add(batch):
            return False
        self._tallies.spooled += batch.lines
        return True

    def _settle(self, batch: Batch, verdict: Verdict) -> bool:
        """Do what the answer asks for; False when the batch has to be offered again."""
        if verdict is Verdict.LATER:
            return self._wait_or_give_up(batch)
        if verdict is Verdict.TAKEN:
            self._tallies.delivered += batch.lines
        elif verdict is Verdict.BLOCKED:
            self._reject([batch], self.destination.reason)
        elif not self._split(batch, self.destination.reason):
            return False
        batch.acknowledge()
        return True

    def _wait_or_give_up(self, batch: Batch) -> bool:
        if batch.tries == self._max_tries:
            self._complaints.complain("lost", f"{self.destination.reason}; gave a batch up")
            self._tallies.undelivered += batch.lines
            batch.acknowledge()
            return True
        kept = "on disk" if self.backlog is not None else "in memory"
        self._complaints.complain("trouble", f"{self.destination.reason}; lines are kept {kept} meanwhile")
        return False

    def _split(self, batch: Batch, reason: str) -> bool:
        """Find the lines that the server does not take: the others are not to suffer.

        False when the server went away meanwhile: then nothing is counted, and the whole batch will be offered again.
        """
        moved = self._on_the_servers_clock(batch)
        waiting = [moved] if moved is not None else _halves(batch)
        refused = [] if waiting else [batch]
        taken_lines = requests = 0
        while waiting and requests < _MAX_SPLITS:
            part = waiting.pop(0)
            requests += 1
            verdict = self.destination.send(part)
            if verdict is Verdict.LATER:
                return self._wait_or_give_up(batch)
            if verdict is Verdict.TAKEN:
                taken_lines += part.lines
            elif verdict is Verdict.BLOCKED or part.size == 1:
                reason = self.destination.reason
                refused.append(part)
            else:
                waiting[:0] = _halves(part)
        self._tallies.delivered += taken_lines
        self._reject(refused + waiting, reason)
        return True

    def _on_the_servers_clock(self, batch: Batch) -> Batch | None:
        """The batch with lines from the server's future set to its time; None when none of them is."""
        ahead_ns = self.destination.server_ahead_ns
        if ahead_ns > -_CLOCK_TOLERANCE_NS:
            return None
        if abs(ahead_ns - self._clock_error_ns) > _DATE_STEP_NS:
            # Servers tell whole seconds: one measurement serves all batches, or their lines would change places.
            self._clock_error_ns = ahead_ns
        limit_ns = time.time_ns() + ahead_ns + _CLOCK_TOLERANCE_NS
        if batch.newest_ns <= limit_ns:
            return None
        text = f"the clock of this machine is {-ahead_ns // 10**9} s ahead of {self.destination.endpoint}"
        self._complaints.complain("clock", f"{text}: lines are stamped with the server's time")
        self._tallies.restamped += batch.lines
        return batch.moved(limit_ns, self._clock_error_ns)

    def _reject(self, parts: list[Batch], reason: str) -> None:
        if not parts:
            return
        lines = sum(part.lines for part in parts)
        self._tallies.rejected += lines
        kept = self._dead_letters.keep(parts, reason)
        self._complaints.complain(f"refused {reason[:80]}", f"{lines} lines refused: {reason}{kept}")


def _halves(batch: Batch) -> list[Batch]:
    return list(batch.halves()) if batch.size > 1 else []
