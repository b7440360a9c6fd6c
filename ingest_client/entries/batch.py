"""Lines with their final timestamps, by stream: what is sent, sent again, spooled and split."""

from __future__ import annotations

import json
import zlib
from typing import Callable, Iterable, Mapping, Optional, Sequence, Tuple

from ingest_client.entries.entry import Entry
from ingest_client.entries.labels import LabelPairs

__all__ = ["Batch", "DamagedBatch", "Value"]

# (nanoseconds, line, structured metadata).
Value = Tuple[int, str, Optional[Mapping[str, str]]]

_GZIP_WINDOW_BITS = 31


class DamagedBatch(ValueError):
    """Bytes that are no batch."""


def _nothing() -> None:
    """The callback of a batch that nobody waits for."""


class Batch:
    """``streams`` are label sets with their values. Nothing in it changes, so whatever is sent twice is a duplicate.

    ``lines`` counts what the application logged: notices of the client itself are left out.
    """

    __slots__ = ("acknowledge", "lines", "streams", "tries")

    def __init__(
        self,
        streams: Mapping[LabelPairs, Sequence[Value]],
        lines: int,
        acknowledge: Callable[[], None] = _nothing,
    ) -> None:
        self.streams, self.lines, self.acknowledge = streams, lines, acknowledge
        self.tries = 0

    @classmethod
    def of(cls, entries: Iterable[Entry], max_line_bytes: int, acknowledge: Callable[[], None] = _nothing) -> Batch:
        """Give every entry its final timestamp and cut lines that the server would not take."""
        streams: dict[LabelPairs, list[Value]] = {}
        lines = 0
        for entry in entries:
            stream, metadata = entry.stream, entry.metadata
            if stream.metadata:
                metadata = {**stream.metadata, **(metadata or {})}
            value = (stream.stamp(entry.ts_ns), _cut(entry.line, max_line_bytes), metadata or None)
            streams.setdefault(stream.labels, []).append(value)
            lines += entry.sequence >= 0
        return cls(streams, lines, acknowledge)

    @property
    def size(self) -> int:
        """How many values there are, notices included."""
        return sum(map(len, self.streams.values()))

    @property
    def newest_ns(self) -> int:
        """The last timestamp."""
        return max(ts for values in self.streams.values() for ts, _, _ in values)

    def halves(self) -> tuple[Batch, Batch]:
        """The first and the second half of the values."""
        flat = [(labels, value) for labels, values in self.streams.items() for value in values]
        middle = len(flat) // 2
        first, second = _grouped(flat[:middle]), _grouped(flat[middle:])
        return Batch(first, min(self.lines, middle)), Batch(second, max(0, self.lines - middle))

    def moved(self, newer_than_ns: int, by_ns: int) -> Batch:
        """The same with values newer than ``newer_than_ns`` moved by ``by_ns``: for a clock that was wrong."""
        streams = {
            labels: [(ts + by_ns if ts > newer_than_ns else ts, line, metadata) for ts, line, metadata in values]
            for labels, values in self.streams.items()
        }
        return Batch(streams, self.lines, self.acknowledge)

    def to_bytes(self) -> bytes:
        """For the spool: gzipped JSON."""
        streams = [[dict(labels), values] for labels, values in self.streams.items()]
        text = json.dumps([self.lines, streams], ensure_ascii=False, separators=(",", ":"))
        compressor = zlib.compressobj(1, zlib.DEFLATED, _GZIP_WINDOW_BITS)
        return compressor.compress(text.encode("utf-8", "replace")) + compressor.flush()

    @classmethod
    def from_bytes(cls, data: bytes) -> Batch:
        """The inverse. Raises DamagedBatch."""
        try:
            lines, streams = json.loads(zlib.decompress(data, _GZIP_WINDOW_BITS))
            return cls(
                {
                    tuple(sorted(labels.items())): [(int(ts), line, metadata) for ts, line, metadata in values]
                    for labels, values in streams
                },
                lines,
            )
        except (zlib.error, ValueError, TypeError, AttributeError) as error:
            raise DamagedBatch(f"a spooled batch cannot be read: {error}") from error


def _grouped(flat: Iterable[tuple[LabelPairs, Value]]) -> dict[LabelPairs, list[Value]]:
    streams: dict[LabelPairs, list[Value]] = {}
    for labels, value in flat:
        streams.setdefault(labels, []).append(value)
    return streams


def _cut(line: str, max_line_bytes: int) -> str:
    line = line if isinstance(line, str) else str(line)
    if len(line) * 4 <= max_line_bytes:  # fast path: no code point takes more than four bytes
        return line
    data = line.encode("utf-8", "replace")
    if len(data) <= max_line_bytes:
        return line
    # The marker's own length depends on the number in it: reserve room for the longest.
    kept = max(0, max_line_bytes - len(f"…[cut {len(data)} bytes]".encode()))
    head = data[:kept].decode("utf-8", "ignore")
    return f"{head}…[cut {len(data) - len(head.encode())} bytes]"
