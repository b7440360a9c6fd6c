"""What pushers know: which lines were acknowledged, which may or may not have arrived."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Ledger", "Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """A push body and the lines in it, all different."""

    body: bytes
    lines: tuple[str, ...]


class Ledger:
    """Filled by many threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._acknowledged: set[str] = set()
        self._unanswered: list[Request] = []

    def acknowledge(self, request: Request) -> None:
        with self._lock:
            self._acknowledged.update(request.lines)

    def leave_unanswered(self, request: Request) -> None:
        with self._lock:
            self._unanswered.append(request)

    @property
    def acknowledged_count(self) -> int:
        return len(self._acknowledged)

    def take_unanswered(self) -> list[Request]:
        """The unanswered requests, for whoever sends them again and reports what came of it."""
        with self._lock:
            taken, self._unanswered = self._unanswered, []
        return taken

    def forgive_unanswered(self) -> set[str]:
        """The lines of unanswered requests, which nobody will send again."""
        return {line for request in self.take_unanswered() for line in request.lines}

    def breaches(self, found: Iterable[str], perhaps: set[str]) -> list[str]:
        """What is wrong with the lines found, at most a few of each kind: lost, doubled, from nowhere.

        ``perhaps`` are lines of which no acknowledgement is known: there once or not at all.
        """
        counts = Counter(found)
        lost = sorted(self._acknowledged - counts.keys())
        doubled = sorted(line for line, count in counts.items() if count > 1)
        strange = sorted(counts.keys() - self._acknowledged - perhaps)
        return [
            f"{len(lines)} {kind}, e.g. {lines[:3]}"
            for kind, lines in (("lost", lost), ("doubled", doubled), ("from nowhere", strange))
            if lines
        ]
