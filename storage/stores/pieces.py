"""Pieces of an object: what a store that is paid by the request reads at once.

Two ranges with a small gap are one request: the gap costs less than asking again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Piece", "Span", "coalesced"]

_CHEAP_GAP_BYTES = 256 << 10  # at 100 MB/s as long as a tenth of a request's usual latency


class Span(NamedTuple):
    """Bytes ``start`` to ``stop``, the last one not included."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One or more spans, ascending and apart, that are always read together; ``crc32c`` is that of all their bytes."""

    spans: tuple[Span, ...]
    crc32c: int

    @property
    def start(self) -> int:
        return self.spans[0].start

    @property
    def size_bytes(self) -> int:
        return sum(stop - start for start, stop in self.spans)


def coalesced(spans: Iterable[Span]) -> list[Span]:
    """The ranges to ask for so that each span is inside of one."""
    asked: list[Span] = []
    for span in sorted(spans):
        if asked and span.start - asked[-1].stop <= _CHEAP_GAP_BYTES:
            last = asked.pop()
            asked.append(Span(last.start, max(last.stop, span.stop)))
        else:
            asked.append(span)
    return asked
