"""Pieces of remote objects: from memory, from the local disk, or fetched, once however many threads want them.

What is answered has the checksum that the piece says; what was fetched without it is fetched again, then it is damage.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import google_crc32c

from storage.errors import CorruptData
from storage.stores.cache import DiskCache
from storage.stores.cache_order import CacheOrder
from storage.stores.meter import Meter, count_usage
from storage.stores.pieces import Piece, Span, coalesced

__all__ = ["PieceReader"]

_MEMORY_BYTES = 32 << 20  # columns of a chunk are read one after the other, by a thread a core
_FETCHES = 2

Fetch = Callable[[str, Span], bytes]


class _Held(threading.local):
    """What this thread reads just now, so that it cannot be thrown away meanwhile."""

    pieces: tuple[tuple[str, Piece, bytes], ...] = ()


class PieceReader:
    """Thread-safe. ``fetch`` gets one span of an object."""

    def __init__(self, fetch: Fetch, cache: DiskCache | None, meter: Meter, memory_bytes: int = _MEMORY_BYTES) -> None:
        self._fetch, self._cache, self._meter = fetch, cache, meter
        self._lock = threading.Lock()
        self._loading: dict[str, threading.Lock] = {}
        self._memory: dict[str, bytes] = {}
        self._order = CacheOrder(memory_bytes)
        self._held = _Held()

    @contextmanager
    def holding(self, key: str, piece: Piece) -> Iterator[None]:
        """Within the block this thread's ``load`` of ``piece`` answers at once and cannot fail."""
        before = self._held.pieces
        self._held.pieces = (*before, (key, piece, self.load(key, piece)))
        try:
            yield
        finally:
            self._held.pieces = before

    def load(self, key: str, piece: Piece, neighbours: Sequence[Piece] = ()) -> bytes:
        """All bytes of ``piece``. Of ``neighbours``, those that are fetched with it by the way are kept.

        Raises CorruptData, and what ``fetch`` raises.
        """
        for held_key, held, data in self._held.pieces:
            if held == piece and held_key == key:
                return data
        name = f"{key}:{piece.start}"
        with self._lock:
            loading = self._loading.setdefault(name, threading.Lock())
        with loading:  # the second one to come finds it in memory
            data = self._remembered(name) or self._load(key, piece, neighbours)
        with self._lock:
            self._loading.pop(name, None)
        return data

    def forget(self, key: str) -> None:
        """Drop all pieces of an object."""
        with self._lock:
            for name in [name for name in self._memory if name.rpartition(":")[0] == key]:
                self._order.remove(name)
                del self._memory[name]
        if self._cache is not None:
            self._cache.forget(key)

    def _remembered(self, name: str) -> bytes | None:
        with self._lock:
            data = self._memory.get(name)
            if data is not None:
                self._order.use(name)
            return data

    def _remember(self, name: str, data: bytes) -> None:
        with self._lock:
            self._memory[name] = data
            for removed in self._order.add(name, len(data)):
                del self._memory[removed]

    def _load(self, key: str, piece: Piece, neighbours: Sequence[Piece]) -> bytes:
        data = self._cache.get(key, piece) if self._cache is not None else None
        if data is not None:
            count_usage(self._meter, cache_hits=1, cache_bytes=len(data))
        else:
            count_usage(self._meter, cache_misses=1)
            data = self._fetch_piece(key, piece, neighbours)
        self._remember(f"{key}:{piece.start}", data)
        return data

    def _fetch_piece(self, key: str, piece: Piece, neighbours: Sequence[Piece]) -> bytes:
        for _ in range(_FETCHES):
            fetched = [(span, self._fetch(key, span)) for span in coalesced(piece.spans)]
            data = _cut(piece, fetched)
            if data is not None:
                self._keep(key, piece, data)
                self._keep_neighbours(key, piece, neighbours, fetched)
                return data
        raise CorruptData(key, piece.start, "checksum mismatch in what the bucket answered")

    def _keep(self, key: str, piece: Piece, data: bytes) -> None:
        if self._cache is not None:
            self._cache.put(key, piece, data)

    def _keep_neighbours(
        self, key: str, piece: Piece, neighbours: Sequence[Piece], fetched: list[tuple[Span, bytes]]
    ) -> None:
        for other in neighbours:
            data = _cut(other, fetched) if other != piece else None
            if data is not None:
                self._keep(key, other, data)
                self._remember(f"{key}:{other.start}", data)


def _cut(piece: Piece, fetched: list[tuple[Span, bytes]]) -> bytes | None:
    """The bytes of ``piece`` out of what was fetched; None if they are not there or are wrong."""
    found = []
    for start, stop in piece.spans:
        for (first, last), data in fetched:
            if first <= start and stop <= last:
                found.append(data[start - first : stop - first])
                break
        else:
            return None
    data = found[0] if len(found) == 1 else b"".join(found)
    return data if google_crc32c.value(data) == piece.crc32c else None
