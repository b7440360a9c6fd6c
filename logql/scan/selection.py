"""Which rows of a source a query is about: streams by its matchers, times by its window, texts by skip filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from logql.scan.frame import Frame
from logql.scan.needles import Needles
from storage.labels import Labels
from storage.source import Source

__all__ = ["Refusal", "Selection"]


class Refusal(StrEnum):
    """Why a source is skipped."""

    TIME = "time"
    STREAMS = "streams"
    FILTERS = "filters"


class _Accepted(NamedTuple):
    """``mask``: which of ``streams`` are selected. They are kept so that their id is not given to others meanwhile."""

    streams: Sequence[Labels]
    mask: NDArray[np.bool_]
    is_all: bool


class Selection:
    """Rows of the streams that ``matches`` accepts with ``start_ns <= ts < end_ns``; sources without any of
    ``needles`` are skipped.

    Streams and filters of a part are tested once for all of its chunks. Shared by the threads of a query: in a race one
    of them tests in vain.
    """

    def __init__(
        self, matches: Callable[[Labels], bool], start_ns: int, end_ns: int, needles: Needles | None = None
    ) -> None:
        self._matches, self.start_ns, self.end_ns = matches, start_ns, end_ns
        self._needles = needles
        self._accepted: dict[int, _Accepted] = {}
        self._possible: dict[int, tuple[Sequence[Labels], NDArray[np.bool_] | None]] = {}

    def may_hold(self, source: Source) -> bool:
        """False when no row of ``source`` can be in the answer; costs no read but that of the part's filters, once."""
        return self.refusal(source) is None

    def refusal(self, source: Source) -> Refusal | None:
        """Why no row of ``source`` can be in the answer; None when some may be."""
        if source.max_ts < self.start_ns or source.min_ts >= self.end_ns:
            return Refusal.TIME
        accepted = self._streams_of(source)
        if not accepted.is_all and not accepted.mask[source.present].any():
            return Refusal.STREAMS
        possible = self._possible_chunks(source)
        return None if possible is None or possible[source.number] else Refusal.FILTERS

    def frame(self, source: Source) -> Frame:
        """The selected rows. Columns that the index already decides are not read."""
        accepted = self._streams_of(source)
        frame = Frame(source, np.arange(len(source)))
        if not accepted.is_all and not accepted.mask[source.present].all():
            frame = frame.keep(accepted.mask[frame.stream()])
        if self.covers(source):
            return frame
        ts = frame.ts()
        return frame.keep((ts >= self.start_ns) & (ts < self.end_ns))

    def covers(self, source: Source) -> bool:
        """Whether the window holds every row of ``source``."""
        return self.start_ns <= source.min_ts and source.max_ts < self.end_ns

    def accepted(self, source: Source) -> NDArray[np.bool_]:
        """(streams,) which streams of the source's table are selected."""
        return self._streams_of(source).mask

    def _streams_of(self, source: Source) -> _Accepted:
        known = self._accepted.get(id(source.streams))
        if known is None:
            mask = np.array([self._matches(labels) for labels in source.streams], np.bool_)
            known = self._accepted[id(source.streams)] = _Accepted(source.streams, mask, bool(mask.all()))
        return known

    def _possible_chunks(self, source: Source) -> NDArray[np.bool_] | None:
        """What the filters leave of the chunks of the source's part; None where there is nothing to ask, or nobody."""
        if not self._needles or not source.is_stored:
            return None
        known = self._possible.get(id(source.streams))
        if known is None:
            filters = source.filters
            possible = None if filters is None else self._needles.possible(filters, source.streams)
            known = self._possible[id(source.streams)] = (source.streams, possible)
        return known[1]
