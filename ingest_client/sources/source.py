"""Where a sender takes lines from: what ``Buffer``, ``PutQueue`` and the ring have in common."""

from __future__ import annotations

from typing import Callable, NamedTuple, Protocol

from ingest_client.entries.entry import Entry

__all__ = ["Source", "Taken", "nothing"]


def nothing() -> None:
    """The callback where nobody waits for an acknowledgement."""


class Taken(NamedTuple):
    """Entries with what to call when they are delivered, durable on disk, or refused for good."""

    entries: list[Entry]
    acknowledge: Callable[[], None]


class Source(Protocol):
    """A bounded queue; ``removed`` counts what left it, ``dropped`` what it had no room for."""

    @property
    def removed(self) -> int: ...

    @property
    def dropped(self) -> int: ...

    def __len__(self) -> int: ...

    def take(self, max_bytes: int) -> Taken:
        """Remove and return the next entries, at least one if there is one."""
