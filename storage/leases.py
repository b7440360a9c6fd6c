"""Parts that are in no new snapshot any more, kept until the last reader of an old one is done.

A part opens its files when it is read, so files that a snapshot may still need must not go.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from storage.part import Remains
from storage.stores import Store

__all__ = ["Leases"]


class Leases:
    """Thread-safe. Who takes a snapshot does it within ``reading``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._readers: set[int] = set()
        self._retired: list[tuple[Remains, int]] = []

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What is in a snapshot taken within the block is not free before the block ends."""
        with self._lock:
            number = next(self._numbers)
            self._readers.add(number)
        try:
            yield
        finally:
            with self._lock:
                self._readers.discard(number)

    def retire(self, remains: Remains) -> None:
        """No snapshot taken from now on has these objects."""
        with self._lock:
            self._retired.append((remains, next(self._numbers)))

    def retired(self) -> tuple[Remains, ...]:
        """All that were retired and not yet forgotten."""
        with self._lock:
            return tuple(remains for remains, _ in self._retired)

    def free(self) -> tuple[Remains, ...]:
        """Those of the retired that no reader can have, any more."""
        with self._lock:
            oldest = min(self._readers, default=next(self._numbers))
            return tuple(remains for remains, number in self._retired if number < oldest)

    def revive(self, store: Store, key: str) -> None:
        """These objects were written anew: they are a part again."""
        with self._lock:
            self._retired = [each for each in self._retired if (each[0].store, each[0].key) != (store, key)]

    def forget(self, remains: Remains) -> None:
        """They are deleted."""
        with self._lock:
            self._retired = [(each, number) for each, number in self._retired if each is not remains]
