"""The streams of a client, and the guard that keeps them few: a label whose values explode becomes metadata."""

from __future__ import annotations

import re
import time
from typing import Callable, Mapping

from ingest_client.complaints import Complaints
from ingest_client.entries.entry import Stream
from ingest_client.entries.labels import LabelPairs, checked_labels

__all__ = ["Streams"]

_WINDOW_S = 3600.0
_MAX_LABEL_SETS = 100_000
# New with every request: one such label makes as many streams as there are requests.
_NEVER_A_LABEL = re.compile(r"(request|trace|span|session|user)_?id|uuid|ip", re.IGNORECASE)


class Streams:
    """Gives one Stream for each label set. ``demoted`` counts, by label, the values that went into metadata."""

    def __init__(
        self, max_values: int, complaints: Complaints, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_values, self._complaints, self._monotonic_s = max_values, complaints, monotonic_s
        self._streams: dict[tuple[LabelPairs, LabelPairs], Stream] = {}
        self._last_stamps: dict[LabelPairs, Stream] = {}
        self._values: dict[str, set[str]] = {}
        self._window_ends_s = monotonic_s() + _WINDOW_S
        self._exploded: set[str] = set()
        self.demoted: dict[str, int] = {}

    def stream(self, labels: Mapping[str, object]) -> Stream:
        """The stream of these labels. Raises InvalidLabels."""
        pairs = checked_labels(labels)
        kept = tuple(pair for pair in pairs if not self._explodes(*pair))
        extra = tuple(pair for pair in pairs if pair not in kept)
        found = self._streams.get((kept, extra))
        if found is not None:
            return found
        for name, _ in extra:
            self.demoted[name] = self.demoted.get(name, 0) + 1
        # Streams that differ in metadata only are one stream to the server: they share their timestamps.
        base = self._last_stamps.setdefault(kept, Stream(kept))
        stream = base.with_metadata(dict(extra)) if extra else base
        if len(self._streams) < _MAX_LABEL_SETS:
            self._streams[(kept, extra)] = stream
        return stream

    def _explodes(self, name: str, value: str) -> bool:
        if _NEVER_A_LABEL.fullmatch(name):
            self._warn(name, "its values are new with every request")
            return True
        if self._monotonic_s() >= self._window_ends_s:
            self._values.clear()
            self._window_ends_s = self._monotonic_s() + _WINDOW_S
        values = self._values.setdefault(name, set())
        if name in self._exploded:
            return True
        values.add(value)
        if len(values) <= self._max_values:
            return False
        self._exploded.add(name)
        self._warn(name, f"it had more than {self._max_values} values in an hour")
        return True

    def _warn(self, name: str, why: str) -> None:
        text = f"label {name!r} is sent as structured metadata: {why}, and each value of a label makes a stream"
        self._complaints.complain(f"label {name}", f'{text}; filter it with | {name}="..."')
