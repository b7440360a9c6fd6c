"""What a stage is: a function over lists of rows, and what it may keep between them.

``uses`` and ``produces`` are names of the extracted map, for ``logctl check``.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ingest_client.agent.metrics import Registry
from ingest_client.agent.row import Row, as_text

__all__ = ["Context", "Stage", "names", "text_of"]


@dataclass(slots=True)
class Context:
    """What stages share: metrics, the count of dropped lines by reason, and the clock."""

    metrics: Registry = field(default_factory=Registry)
    dropped: Counter[str] = field(default_factory=Counter)
    now_ns: Callable[[], int] = time.time_ns


class Stage:
    """Rows in, rows out, in order. A stage that holds rows back gives them in ``tick`` or ``finish``."""

    uses: frozenset[str] = frozenset()
    produces: frozenset[str] = frozenset()

    def process(self, rows: list[Row]) -> list[Row]:
        """The rows that go on."""
        raise NotImplementedError

    def tick(self, now_ns: int) -> list[Row]:
        """Rows that were held back and go on by the clock."""
        return []

    def finish(self) -> list[Row]:
        """All rows that are held back: there will be no more."""
        return []

    def state(self) -> Any:
        """What is held back, as JSON has it; None for nothing."""
        return None

    def restore(self, state: Any) -> None:
        """Take over what ``state`` gave in an earlier process."""

    def waiting(self) -> int:
        """How many rows a reader should wait for before it brings more."""
        return 0


def text_of(row: Row, source: str) -> str | None:
    """The extracted value called ``source``, the line for an empty one; None where there is none."""
    return as_text(row.extracted.get(source)) if source else row.line


def names(values: Iterable[str]) -> frozenset[str]:
    """The names that are none of the line itself."""
    return frozenset(value for value in values if value)
