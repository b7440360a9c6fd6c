"""``limit``: so many lines a second; more of them wait, or go with ``drop``."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Any

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["LimitStage", "build"]

_REASON = "limit_stage"


class _Bucket:
    """Tokens that come at ``rate`` a second, at most ``burst`` of them."""

    __slots__ = ("_at_ns", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: int, now_ns: int) -> None:
        self._rate, self._burst, self._tokens, self._at_ns = rate, burst, float(burst), now_ns

    def take(self, now_ns: int) -> bool:
        self._tokens = min(self._burst, self._tokens + max(0, now_ns - self._at_ns) / 1e9 * self._rate)
        self._at_ns = now_ns
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class LimitStage(Stage):
    """Lines that wait are kept in order, and their reader is told to wait with them."""

    def __init__(self, rate: float, burst: int, drops: bool, by_label: str, max_labels: int, context: Context) -> None:
        self._rate, self._burst, self._drops = rate, burst, drops
        self._by_label, self._max_labels, self._context = by_label, max_labels, context
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._queue: deque[Row] = deque()

    def process(self, rows: list[Row]) -> list[Row]:
        now_ns = self._context.now_ns()
        if not self._drops:
            self._queue.extend(rows)
            return self.tick(now_ns)
        kept = [row for row in rows if self._passes(row, now_ns)]
        self._context.dropped[_REASON] += len(rows) - len(kept)
        return kept

    def tick(self, now_ns: int) -> list[Row]:
        out = []
        while self._queue and self._bucket("", now_ns).take(now_ns):
            out.append(self._queue.popleft())
        return out

    def finish(self) -> list[Row]:
        out = list(self._queue)
        self._queue.clear()
        return out

    def waiting(self) -> int:
        return len(self._queue)

    def state(self) -> Any:
        return [row.to_json() for row in self._queue] or None

    def restore(self, state: Any) -> None:
        self._queue.extend(Row.from_json(fields) for fields in state)

    def _passes(self, row: Row, now_ns: int) -> bool:
        value = row.labels.get(self._by_label) if self._by_label else ""
        # Lines without the label are not limited.
        return value is None or self._bucket(value, now_ns).take(now_ns)

    def _bucket(self, value: str, now_ns: int) -> _Bucket:
        bucket = self._buckets.get(value)
        if bucket is None:
            bucket = self._buckets[value] = _Bucket(self._rate, self._burst, now_ns)
            if len(self._buckets) > self._max_labels:
                self._buckets.popitem(last=False)
        return bucket


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``limit``."""
    section = parent.section("limit")
    rate, burst = section.number("rate", 0.0), section.integer("burst", 0)
    drops, by_label = section.boolean("drop"), section.text("by_label_name")
    max_labels = max(10_000, section.integer("max_distinct_labels", 10_000))
    section.finish()
    if rate <= 0:
        section.mistake("lines a second are needed, more than 0", "rate")
    if burst < 1:
        section.mistake("at least 1 is needed", "burst")
    if by_label and not drops:
        section.mistake("works only with drop: true", "by_label_name")
    return LimitStage(rate, burst, drops, by_label, max_labels, context)
