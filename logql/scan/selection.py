"""Which rows of a source a query is about: streams by its matchers, times by its window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from logql.scan.frame import Frame
from storage.labels import Labels
from storage.source import Source

__all__ = ["Refusal", "Selection"]


class Refusal(StrEnum):
    """Why a source is skipped."""

    TIME = "time"
    STREAMS = "streams"


class Selection:
    """Rows of the streams that ``matches`` accepts with ``start_ns <= ts < end_ns``.

    The streams of a part are tested once for all of its chunks. Shared by the threads of a query: in a race one of them
    tests in vain.
    """

    def __init__(self, matches: Callable[[Labels], bool], start_ns: int, end_ns: int) -> None:
        self._matches, self.start_ns, self.end_ns = matches, start_ns, end_ns
        self._accepted: dict[int, tuple[Sequence[Labels], NDArray[np.bool_]]] = {}

    def may_hold(self, source: Source) -> bool:
        """False when no row of ``source`` can be selected; costs no read."""
        return self.refusal(source) is None

    def refusal(self, source: Source) -> Refusal | None:
        """Why no row of ``source`` can be selected; None when some may be."""
        if source.max_ts < self.start_ns or source.min_ts >= self.end_ns:
            return Refusal.TIME
        return None if self._accepted_streams(source)[source.present].any() else Refusal.STREAMS

    def frame(self, source: Source) -> Frame:
        """The selected rows. Columns that the index already decides are not read."""
        accepted = self._accepted_streams(source)
        frame = Frame(source, np.arange(len(source)))
        if not accepted[source.present].all():
            frame = frame.keep(accepted[frame.stream()])
        if self.start_ns <= source.min_ts and source.max_ts < self.end_ns:
            return frame
        ts = frame.ts()
        return frame.keep((ts >= self.start_ns) & (ts < self.end_ns))

    def _accepted_streams(self, source: Source) -> NDArray[np.bool_]:
        # The table is kept beside its id, so that the id is not given to another table meanwhile.
        known = self._accepted.get(id(source.streams))
        if known is None:
            accepted = np.array([self._matches(labels) for labels in source.streams], np.bool_)
            known = self._accepted[id(source.streams)] = (source.streams, accepted)
        return known[1]
