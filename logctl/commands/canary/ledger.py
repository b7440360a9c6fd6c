"""Which lines were written, and what each way of reading has made of them. Pure: times come from outside.

A line is named by its time. It is owed from the moment its push was acknowledged: a query asked later has to find it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["BOUNDS_S", "QUERY", "TAIL", "Ledger", "Order", "Reader", "Totals"]

QUERY, TAIL = "query", "tail"
BOUNDS_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # of latencies
_REMEMBERED = 100_000


@dataclass(slots=True)
class Reader:
    """Counts of lines. ``late``: owed and not there, but there later, or later than is usual.

    ``latencies``: how many came within each of ``BOUNDS_S``, and beyond.
    """

    seen: int = 0
    missing: int = 0
    late: int = 0
    duplicate: int = 0
    out_of_order: int = 0
    unexpected: int = 0
    latencies: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    latency_sum_s: float = 0.0
    latency_max_s: float = 0.0

    @property
    def faults(self) -> int:
        return self.missing + self.duplicate + self.out_of_order + self.unexpected


@dataclass(slots=True)
class Totals:
    """``written`` lines were acknowledged, ``refused`` ones not."""

    written: int = 0
    refused: int = 0
    readers: dict[str, Reader] = field(default_factory=dict)

    @property
    def faults(self) -> int:
        return self.refused + sum(reader.faults for reader in self.readers.values())


@dataclass(slots=True)
class _Line:
    acknowledged_s: float | None = None
    was_absent: bool = False
    seen_by: set[str] = field(default_factory=set)


class Order:
    """What came in one answer or over one connection: every line once, and in the order of their times."""

    def __init__(self) -> None:
        self._seen: dict[int, None] = {}
        self._newest_ns = -1

    def judge(self, ts_ns: int, reader: Reader) -> None:
        if ts_ns in self._seen:
            reader.duplicate += 1
        elif ts_ns < self._newest_ns:
            reader.out_of_order += 1
        self._newest_ns = max(ts_ns, self._newest_ns)
        self._seen[ts_ns] = None
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]


class Ledger:
    """Thread-safe. A line that a reader has not seen ``wait_s`` after its acknowledgement is missing."""

    def __init__(self, wait_s: float, late_s: float, readers: Sequence[str] = (QUERY, TAIL)) -> None:
        self._wait_s, self._late_s = wait_s, late_s
        self._lock = threading.Lock()
        self._owed: dict[int, _Line] = {}
        self._settled: dict[int, None] = {}  # lines that nobody waits for any more
        self.totals = Totals(readers={name: Reader() for name in readers})

    def writing(self, ts_ns: int) -> None:
        """A push begins: from now on readers may see the line."""
        with self._lock:
            self._owed[ts_ns] = _Line()

    def written(self, ts_ns: int, now_s: float) -> None:
        """Its push was acknowledged."""
        with self._lock:
            self.totals.written += 1
            self._owed[ts_ns].acknowledged_s = now_s
            self._settle(ts_ns)

    def refused(self, ts_ns: int) -> None:
        """It was not; nobody owes the line, though it may be there."""
        with self._lock:
            self.totals.refused += 1
            self._forget(ts_ns)

    def answered(self, found_ns: Sequence[int], window: tuple[int, int], asked_s: float, now_s: float) -> None:
        """A query asked at ``asked_s`` for the lines of ``window`` (start included, end not) has found these."""
        order = Order()
        with self._lock:
            found = set(found_ns)
            for ts_ns, line in self._owed.items():
                is_owed = line.acknowledged_s is not None and line.acknowledged_s < asked_s
                if is_owed and ts_ns not in found and window[0] <= ts_ns < window[1] and QUERY not in line.seen_by:
                    line.was_absent = True
            for ts_ns in found_ns:
                order.judge(ts_ns, self.totals.readers[QUERY])
                self._see(QUERY, ts_ns, now_s)

    def came(self, ts_ns: int, order: Order, now_s: float) -> None:
        """A tail has brought a line."""
        with self._lock:
            order.judge(ts_ns, self.totals.readers[TAIL])
            self._see(TAIL, ts_ns, now_s)

    def expire(self, now_s: float) -> None:
        """Count as missing what nobody waits for any longer."""
        with self._lock:
            for ts_ns, line in list(self._owed.items()):
                if line.acknowledged_s is not None and now_s - line.acknowledged_s >= self._wait_s:
                    for name in self.totals.readers.keys() - line.seen_by:
                        self.totals.readers[name].missing += 1
                    self._forget(ts_ns)

    def owed(self, reader: str | None = None) -> tuple[int, int] | None:
        """The first and the last line that somebody, or ``reader``, has yet to see; None when there is none."""
        with self._lock:
            lines = [ts for ts, line in self._owed.items() if reader is None or reader not in line.seen_by]
        return (min(lines), max(lines)) if lines else None

    def _see(self, name: str, ts_ns: int, now_s: float) -> None:
        line, reader = self._owed.get(ts_ns), self.totals.readers[name]
        if line is None:
            reader.unexpected += ts_ns not in self._settled
            return
        if name in line.seen_by:
            return
        line.seen_by.add(name)
        reader.seen += 1
        waited_s = 0.0 if line.acknowledged_s is None else max(now_s - line.acknowledged_s, 0.0)
        self._measure(reader, max(now_s - ts_ns / 1e9, 0.0))
        reader.late += line.was_absent if name == QUERY else waited_s > self._late_s
        self._settle(ts_ns)

    def _measure(self, reader: Reader, latency_s: float) -> None:
        place = next((place for place, bound in enumerate(BOUNDS_S) if latency_s <= bound), len(BOUNDS_S))
        reader.latencies[place] += 1
        reader.latency_sum_s += latency_s
        reader.latency_max_s = max(reader.latency_max_s, latency_s)

    def _settle(self, ts_ns: int) -> None:
        line = self._owed[ts_ns]
        if line.acknowledged_s is not None and len(line.seen_by) == len(self.totals.readers):
            self._forget(ts_ns)

    def _forget(self, ts_ns: int) -> None:
        del self._owed[ts_ns]
        self._settled[ts_ns] = None
        if len(self._settled) > _REMEMBERED:
            del self._settled[next(iter(self._settled))]
