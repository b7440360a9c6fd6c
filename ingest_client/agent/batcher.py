"""Rows to lines of tenants with their final timestamps, until there are enough for a commit.

Labels that begin with two underscores end here. Timestamps of a stream go up by at least a nanosecond, so that equal
lines of one second are not taken for one, and are final before the first send.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ingest_client.agent.commits import Lines
from ingest_client.agent.row import Row
from ingest_client.agent.stages.tenant import TENANT_LABEL
from ingest_client.entries.entry import Stream
from ingest_client.entries.metadata import clean_metadata
from ingest_client.entries.streams import Streams
from ingest_client.errors import InvalidLabels

__all__ = ["Batcher"]

_URGENT = ("error", "critical")
_MAX_KNOWN = 50_000
_LINE_BYTES = 40
# Names come from the configuration and are few: values so short together are within every limit.
_HARMLESS_CHARS = 4000

LabelKey = tuple[str, ...]


class _Known:
    """A label set that was seen: its tenant, its stream, and its place in the batch that grows."""

    __slots__ = ("batch", "index", "labels", "name", "stream", "tenant")

    def __init__(self, tenant: str, stream: Stream) -> None:
        self.tenant, self.stream = tenant, stream
        self.labels = dict(stream.labels)
        self.name = f"{tenant}\0" + "\0".join(text for pair in stream.labels for text in pair)
        self.batch, self.index = -1, -1


class Batcher:
    """``newest`` are the last timestamps of an earlier run, by stream; ``refused`` counts impossible labels."""

    def __init__(self, streams: Streams, newest: Mapping[str, int]) -> None:
        self._streams, self._newest = streams, dict(newest)
        self._known: dict[tuple[LabelKey, LabelKey], _Known | None] = {}
        self._stamped: dict[str, int] = {}
        self._batch = 0
        self.lines: Lines = {}
        self.size_bytes = 0
        self.count = 0
        self.is_urgent = False
        self.refused: dict[str, int] = {}

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows in order."""
        for row in rows:
            labels = row.labels
            key = (tuple(labels), tuple(labels.values()))
            known = self._known[key] if key in self._known else self._learn(key, labels)
            if known is not None:
                self._append(row, known)

    def take(self) -> tuple[Lines, dict[str, int]]:
        """The lines so far and the newest timestamps of their streams; begins anew."""
        lines, stamped = self.lines, self._stamped
        self.lines, self._stamped = {}, {}
        self.size_bytes = self.count = 0
        self.is_urgent = False
        self._batch += 1
        return lines, stamped

    def _append(self, row: Row, known: _Known) -> None:
        label_sets, lines = self.lines.get(known.tenant) or self.lines.setdefault(known.tenant, ([], []))
        if known.batch != self._batch:
            known.batch, known.index = self._batch, len(label_sets)
            label_sets.append(known.labels)
        metadata = row.metadata
        if known.stream.metadata:
            metadata = {**metadata, **known.stream.metadata}
        ts_ns = known.stream.stamp(row.ts_ns)
        if metadata and sum(map(len, metadata.values())) > _HARMLESS_CHARS:
            metadata = clean_metadata(metadata)
        lines.append((known.index, ts_ns, row.line, metadata))
        self._stamped[known.name] = ts_ns
        self.size_bytes += len(row.line) + _LINE_BYTES
        self.count += 1
        if metadata and metadata.get("level") in _URGENT:
            self.is_urgent = True

    def _learn(self, key: tuple[LabelKey, LabelKey], labels: dict[str, str]) -> _Known | None:
        tenant = labels.get(TENANT_LABEL, "")
        public = {name: value for name, value in labels.items() if not name.startswith("__")}
        try:
            known = _Known(tenant, self._streams.stream(public or {"job": "agent"}))
        except InvalidLabels as error:
            self.refused[str(error)] = self.refused.get(str(error), 0) + 1
            return None
        newest_ns = self._newest.get(known.name)
        if newest_ns is not None:
            known.stream.stamp(newest_ns)
            del self._newest[known.name]
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[key] = known
        return known
