"""Counters, gauges and histograms, and the page that shows them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["Family", "Registry"]

LabelPairs = tuple[tuple[str, str], ...]
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


@dataclass(slots=True)
class _Child:
    value: float = 0.0
    counts: list[int] = field(default_factory=list)
    touched_s: float = 0.0


class Family:
    """A metric with its label sets. Histograms have ``buckets``, upper bounds in order."""

    def __init__(
        self, name: str, help_text: str, kind: str, buckets: tuple[float, ...] = (), max_idle_s: float = 0.0
    ) -> None:
        self.name, self.help_text, self.kind, self.buckets = name, help_text, kind, buckets
        self._max_idle_s = max_idle_s
        self._children: dict[LabelPairs, _Child] = {}
        self._lock = threading.Lock()

    def add(self, amount: float, labels: Mapping[str, str] | None = None) -> None:
        """Move a counter or a gauge."""
        with self._lock:
            self._child(labels).value += amount

    def set(self, value: float, labels: Mapping[str, str] | None = None) -> None:
        """Put a gauge somewhere."""
        with self._lock:
            self._child(labels).value = value

    def observe(self, value: float, labels: Mapping[str, str] | None = None) -> None:
        """Count a value of a histogram."""
        with self._lock:
            child = self._child(labels)
            child.counts = child.counts or [0] * (len(self.buckets) + 1)
            place = next((number for number, bound in enumerate(self.buckets) if value <= bound), len(self.buckets))
            child.counts[place] += 1
            child.value += value

    def lines(self) -> Iterator[str]:
        """The family as Prometheus reads it; label sets that were idle for too long are forgotten."""
        with self._lock:
            self._forget_idle()
            children = list(self._children.items())
        if not children:
            return
        yield f"# HELP {self.name} {self.help_text.translate(_ESCAPES)}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, child in children:
            yield from self._histogram(labels, child) if self.buckets else (_sample(self.name, labels, child.value),)

    def _histogram(self, labels: LabelPairs, child: _Child) -> Iterator[str]:
        total = 0
        for bound, count in zip((*map(_number, self.buckets), "+Inf"), child.counts, strict=True):
            total += count
            yield _sample(f"{self.name}_bucket", (*labels, ("le", bound)), total)
        yield _sample(f"{self.name}_sum", labels, child.value)
        yield _sample(f"{self.name}_count", labels, total)

    def _child(self, labels: Mapping[str, str] | None) -> _Child:
        key = tuple(sorted(labels.items())) if labels else ()
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = _Child()
        child.touched_s = time.monotonic()
        return child

    def _forget_idle(self) -> None:
        if not self._max_idle_s:
            return
        since_s = time.monotonic() - self._max_idle_s
        for labels in [labels for labels, child in self._children.items() if child.touched_s < since_s]:
            del self._children[labels]


class Registry:
    """All families of a process; ``collect`` is called before each page, for gauges that are read and not kept."""

    def __init__(self) -> None:
        self._families: dict[str, Family] = {}
        self._collectors: list[Callable[[], None]] = []

    def family(
        self, name: str, help_text: str, kind: str, buckets: tuple[float, ...] = (), max_idle_s: float = 0.0
    ) -> Family:
        """The family of this name, made at the first call."""
        return self._families.setdefault(name, Family(name, help_text, kind, buckets, max_idle_s))

    def before_page(self, collect: Callable[[], None]) -> None:
        """Have a function called before each page."""
        self._collectors.append(collect)

    def page(self) -> str:
        """The page in Prometheus' text format."""
        for collect in self._collectors:
            collect()
        lines = [line for family in list(self._families.values()) for line in family.lines()]
        return "\n".join(lines) + "\n"


def _sample(name: str, labels: LabelPairs, value: float) -> str:
    pairs = ",".join(f'{label}="{text.translate(_ESCAPES)}"' for label, text in labels)
    return f"{name}{{{pairs}}} {_number(value)}" if pairs else f"{name} {_number(value)}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
