"""One captured line and the stream it belongs to."""

from __future__ import annotations

from typing import Mapping, NamedTuple

from ingest_client.entries.labels import LabelPairs

__all__ = ["Entry", "FixedStream", "Stream"]

# A capture time behind the newest of its stream by less than this is a race of two threads and is lifted;
# by more it means that the clock was set back, and then the new clock is believed.
_CLOCK_RACE_NS = 1_000_000_000


class Stream:
    """A label set and the newest timestamp given out for it. Only the sender calls ``stamp``.

    ``metadata`` is added to that of each line.
    """

    __slots__ = ("_newest_ns", "labels", "metadata")

    def __init__(self, labels: LabelPairs) -> None:
        self.labels = labels
        self.metadata: Mapping[str, str] = {}
        self._newest_ns: list[int] = [-(2**63)]

    def with_metadata(self, metadata: Mapping[str, str]) -> Stream:
        """The same stream to the server: the timestamps are shared."""
        other = Stream(self.labels)
        other.metadata, other._newest_ns = metadata, self._newest_ns
        return other

    def stamp(self, captured_ns: int) -> int:
        """Return a timestamp after all earlier ones: the server drops equal lines of one nanosecond as duplicates."""
        newest = self._newest_ns
        behind_ns = newest[0] - captured_ns
        if 0 <= behind_ns < _CLOCK_RACE_NS:
            captured_ns = newest[0] + 1
        newest[0] = captured_ns
        return captured_ns


class FixedStream(Stream):
    """A stream whose lines have their final timestamps already."""

    __slots__ = ()

    def __init__(self, labels: LabelPairs, metadata: Mapping[str, str]) -> None:
        super().__init__(labels)
        self.metadata = metadata

    def stamp(self, captured_ns: int) -> int:
        """The same."""
        return captured_ns


class Entry(NamedTuple):
    """A line in the queue; ``sequence`` is the order of capture, ``cost_bytes`` what it counts against the bound."""

    sequence: int
    stream: Stream
    ts_ns: int
    line: str
    metadata: Mapping[str, str] | None
    cost_bytes: int
