"""``multiline``: lines up to the next first line become one, for each stream by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.regex import read_regex
from ingest_client.agent.stages.stage import Context, Stage
from ingest_client.parsing.records import MAX_LINES, Record, RecordJoiner

__all__ = ["Joining", "MultilineStage", "build"]

StreamKey = tuple[str, ...]


class Joining:
    """Open records by stream. Rows keep the labels, the time and the values of their first line."""

    def __init__(self, make: Callable[[], RecordJoiner[Row]], max_wait_ns: int) -> None:
        self._make, self._max_wait_ns = make, max_wait_ns
        self._joiners: dict[StreamKey, RecordJoiner[Row]] = {}
        self._touched_ns: dict[StreamKey, int] = {}

    def add(self, row: Row, now_ns: int) -> list[Row]:
        """The rows that are complete with this one."""
        key = _key_of(row)
        done = self._joiner(key).add(row.line, row)
        self._touched_ns[key] = now_ns
        return [_joined(record) for record in done] if done else []

    def quiet(self, now_ns: int) -> list[Row]:
        """The records that no line came for since ``max_wait``."""
        due = [key for key, touched_ns in self._touched_ns.items() if now_ns - touched_ns >= self._max_wait_ns]
        out = []
        for key in due:
            del self._touched_ns[key]
            record = self._joiners[key].finish()
            if record is not None:
                out.append(_joined(record))
        return out

    def finish(self) -> list[Row]:
        """All open records."""
        records = [joiner.finish() for joiner in self._joiners.values()]
        self._touched_ns.clear()
        return [_joined(record) for record in records if record is not None]

    def state(self) -> Any:
        """The open records as JSON has them."""
        open_records = [joiner.open_record for joiner in self._joiners.values()]
        return [[record.lines, record.first.to_json()] for record in open_records if record is not None] or None

    def restore(self, state: Any, now_ns: int) -> None:
        """The inverse."""
        for lines, fields in state:
            first = Row.from_json(fields)
            self._joiner(_key_of(first)).resume(lines, first)
            self._touched_ns[_key_of(first)] = now_ns

    def _joiner(self, key: StreamKey) -> RecordJoiner[Row]:
        joiner = self._joiners.get(key)
        if joiner is None:
            joiner = self._joiners[key] = self._make()
        return joiner


class MultilineStage(Stage):
    """Lines before the first that begins a record go on by themselves."""

    def __init__(self, joining: Joining, context: Context) -> None:
        self._joining, self._context = joining, context

    def process(self, rows: list[Row]) -> list[Row]:
        now_ns, add = self._context.now_ns(), self._joining.add
        return [done for row in rows for done in add(row, now_ns)]

    def tick(self, now_ns: int) -> list[Row]:
        return self._joining.quiet(now_ns)

    def finish(self) -> list[Row]:
        return self._joining.finish()

    def state(self) -> Any:
        return self._joining.state()

    def restore(self, state: Any) -> None:
        self._joining.restore(state, self._context.now_ns())


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``multiline``."""
    section = parent.section("multiline")
    first_line = read_regex(section, "firstline", required=True)
    max_lines = section.integer("max_lines", MAX_LINES, least=1)
    max_wait_ns = round(section.duration_s("max_wait_time", 3.0) * 1e9)
    section.finish()
    if first_line is None:
        return None
    begins = first_line.is_in
    return MultilineStage(Joining(lambda: RecordJoiner(begins, max_lines), max_wait_ns), context)


def _key_of(row: Row) -> StreamKey:
    return (row.source, *row.labels.values())


def _joined(record: Record[Row]) -> Row:
    row = record.first
    if len(record.lines) > 1:
        row.line = record.text
    return row
