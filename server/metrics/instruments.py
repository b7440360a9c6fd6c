"""Counters, gauges and histograms with labels, and their text form (version 0.0.4).

Only the event loop's thread changes them, so that they need no lock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

__all__ = ["SECONDS", "Counter", "Gauge", "Histogram", "Instrument", "sample_line"]

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100)  # bounds of how long answers take

LabelValues = tuple[str, ...]


def sample_line(name: str, labels: Sequence[tuple[str, str]], value: float) -> str:
    """``name{a="b"} 1``."""
    inside = ",".join(f'{label}="{_escape(text)}"' for label, text in labels)
    return f"{name}{{{inside}}} {_number(value)}" if inside else f"{name} {_number(value)}"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


class Instrument:
    """A family of samples: ``label_names`` name what tells them apart."""

    kind = "untyped"

    def __init__(self, name: str, text: str, label_names: Sequence[str] = ()) -> None:
        self.name, self.text, self.label_names = name, text, tuple(label_names)

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.text}"
        yield f"# TYPE {self.name} {self.kind}"
        yield from self.samples()

    def samples(self) -> Iterator[str]:
        raise NotImplementedError

    def _labels(self, values: LabelValues) -> list[tuple[str, str]]:
        return list(zip(self.label_names, values, strict=True))


class Counter(Instrument):
    """Only grows."""

    kind = "counter"

    def __init__(self, name: str, text: str, label_names: Sequence[str] = ()) -> None:
        super().__init__(name, text, label_names)
        self._values: dict[LabelValues, float] = {} if label_names else {(): 0}

    def add(self, amount: float, *labels: str) -> None:
        assert amount >= 0
        self._values[labels] = self._values.get(labels, 0) + amount

    def follow(self, total: float, *labels: str) -> None:
        """Show what is counted elsewhere."""
        self._values[labels] = total

    def samples(self) -> Iterator[str]:
        for labels, value in self._values.items():
            yield sample_line(self.name, self._labels(labels), value)


class Gauge(Instrument):
    """Goes up and down."""

    kind = "gauge"

    def __init__(self, name: str, text: str, label_names: Sequence[str] = ()) -> None:
        super().__init__(name, text, label_names)
        self._values: dict[LabelValues, float] = {} if label_names else {(): 0}

    def add(self, amount: float, *labels: str) -> None:
        self._values[labels] = self._values.get(labels, 0) + amount

    def set(self, value: float, *labels: str) -> None:
        self._values[labels] = value

    @contextmanager
    def held(self, *labels: str) -> Iterator[None]:
        """One more inside."""
        self.add(1, *labels)
        try:
            yield
        finally:
            self.add(-1, *labels)

    def samples(self) -> Iterator[str]:
        for labels, value in self._values.items():
            yield sample_line(self.name, self._labels(labels), value)


class Histogram(Instrument):
    """How often observations fell below each bound."""

    kind = "histogram"

    def __init__(self, name: str, text: str, label_names: Sequence[str], bounds: Sequence[float]) -> None:
        super().__init__(name, text, label_names)
        self.bounds = tuple(bounds)
        self._counts: dict[LabelValues, list[int]] = {}
        self._sums: dict[LabelValues, float] = {}

    def observe(self, value: float, *labels: str) -> None:
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(self.bounds) + 1)
        counts[bisect_left(self.bounds, value)] += 1
        self._sums[labels] = self._sums.get(labels, 0.0) + value

    def follow(self, counts: Sequence[int], total: float, *labels: str) -> None:
        """Show what is counted elsewhere: so many between the bounds, and their sum."""
        self._counts[labels], self._sums[labels] = list(counts), total

    def observe_all(self, counts: Sequence[int], total: float, *labels: str) -> None:
        """So many between the bounds, as if each had been observed; ``total`` is their sum."""
        known = self._counts.setdefault(labels, [0] * (len(self.bounds) + 1))
        self._counts[labels] = [own + more for own, more in zip(known, counts, strict=True)]
        self._sums[labels] = self._sums.get(labels, 0.0) + total

    def samples(self) -> Iterator[str]:
        for labels, counts in self._counts.items():
            yield from self._series(self._labels(labels), counts, self._sums[labels])

    def _series(self, labels: list[tuple[str, str]], counts: Sequence[int], total: float) -> Iterator[str]:
        seen = 0
        for bound, count in zip((*map(_number, self.bounds), "+Inf"), counts, strict=True):
            seen += count
            yield sample_line(f"{self.name}_bucket", [*labels, ("le", bound)], seen)
        yield sample_line(f"{self.name}_sum", labels, total)
        yield sample_line(f"{self.name}_count", labels, seen)
