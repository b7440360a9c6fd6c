"""The keys that a query has met, resolved to labels once, so that kernels compare bytes only.

A snapshot stays valid while others add keys: entries are appended, and the index that leads to them is replaced.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.parsers.kernels.keys import Keys
from logql.parsers.names import join_parts

__all__ = ["BROKEN", "KeyTable", "Meaning", "TablesByNeed"]

MAX_ENTRIES = 1 << 12
BROKEN = -2  # the slot of a key that is a defect
_NO_SLOT = -1
_MAX_LEARNT = 256
_BUCKETS = MAX_ENTRIES * 4
_KEY_BYTES = 1 << 20
_MAX_NEEDED = 64  # bits in ``Keys.fits``


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a key at its place in a line stands for.

    prefix  what the keys below it are resolved with
    label   the label that a value sets; None if none
    opens   1: objects at the key are read; 2: arrays are, too; 0: neither
    """

    prefix: str
    label: str | None
    opens: int = 0
    is_broken: bool = False


class KeyTable:
    """``resolve(prefix, key)`` gives the meaning of a key below a prefix. For several threads.

    ``needed``: labels that are asked for, all with the same prefixes; keys that certainly lead to none of them are
    passed over by the kernels. None means that every key is of interest.
    """

    def __init__(self, resolve: Callable[[str, str], Meaning], needed: frozenset[str] | None = None) -> None:
        names = sorted(needed or ()) if len(needed or ()) <= _MAX_NEEDED else []
        self._resolve = resolve
        self._lock = threading.Lock()
        self._needed = names
        self._prefixes: list[str] = []
        self._entries: dict[tuple[int, bytes], int] = {}
        self._slots: dict[str, int] = {}
        self._keys = _empty_keys(names)
        self._append(0, b"", Meaning("", None, 1))

    def snapshot(self) -> Keys:
        return self._keys

    @property
    def learns(self) -> bool:
        """Whether keys that lead to no needed label are welcome: lines are walked faster where all keys are known."""
        return len(self._prefixes) < _MAX_LEARNT

    @property
    def names(self) -> Sequence[str]:
        """Label names by slot."""
        return list(self._slots)

    def entry(self, parent: int, key: bytes) -> int | None:
        """The entry of a key, a new one if need be; None where there is no room for it."""
        with self._lock:
            known = self._entries.get((parent, key))
            if known is not None:
                return known
            size = len(self._prefixes)
            if size == MAX_ENTRIES or self._keys.bounds[size] + len(key) > _KEY_BYTES:
                return None
            entry = self._append(parent, key, self._resolve(self._prefixes[parent], key.decode()))
            self._entries[parent, key] = entry
            buckets = self._keys.buckets.copy()
            _enter(buckets, _hash(parent, key), entry)
            self._keys = self._keys._replace(buckets=buckets)
            return entry

    def _append(self, parent: int, key: bytes, meaning: Meaning) -> int:
        keys, entry = self._keys, len(self._prefixes)
        self._prefixes.append(meaning.prefix)
        start, stop = int(keys.bounds[entry]), int(keys.bounds[entry]) + len(key)
        keys.data[start:stop] = np.frombuffer(key, np.uint8)
        keys.bounds[entry + 1] = stop
        keys.parents[entry] = parent
        keys.slots[entry] = self._slot(meaning)
        keys.opens[entry] = meaning.opens
        name = join_parts(meaning.prefix)
        fits = [not name or needed == name or needed.startswith(f"{name}_") for needed in self._needed]
        keys.fits[entry] = sum(1 << place for place, fit in enumerate(fits) if fit)
        keys.prefixes[entry] = len(name) + 1 if name else 0
        return entry

    def _slot(self, meaning: Meaning) -> int:
        if meaning.is_broken:
            return BROKEN
        return _NO_SLOT if meaning.label is None else self._slots.setdefault(meaning.label, len(self._slots))


class TablesByNeed:
    """One table for each set of needed labels that a query's parts ask for."""

    def __init__(self, make: Callable[[frozenset[str] | None], KeyTable]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._tables: dict[frozenset[str] | None, KeyTable] = {}

    def of(self, needed: frozenset[str] | None) -> KeyTable:
        with self._lock:
            if needed not in self._tables:
                self._tables[needed] = self._make(needed)
            return self._tables[needed]


def _empty_keys(needed: Sequence[str]) -> Keys:
    """Room for all entries at once: pages of it that are never written cost nothing."""
    texts = [name.encode() for name in needed]
    return Keys(
        buckets=np.zeros(_BUCKETS, np.int32),
        data=np.zeros(_KEY_BYTES, np.uint8),
        bounds=np.zeros(MAX_ENTRIES + 1, np.int32),
        parents=np.zeros(MAX_ENTRIES, np.int32),
        slots=np.zeros(MAX_ENTRIES, np.int32),
        opens=np.zeros(MAX_ENTRIES, np.uint8),
        needed=np.frombuffer(b"".join(texts), np.uint8).copy(),
        needed_bounds=np.cumsum([0, *map(len, texts)], dtype=np.int32),
        fits=np.zeros(MAX_ENTRIES, np.uint64),
        prefixes=np.zeros(MAX_ENTRIES, np.int32),
    )


def _hash(parent: int, key: bytes) -> int:
    """As the kernel computes it."""
    code = parent
    for byte in key:
        code = ((code ^ byte) * 16777619) & 0xFFFFFFFF
    return code ^ (code >> 15)


def _enter(buckets: NDArray[np.int32], code: int, entry: int) -> None:
    while buckets[code % _BUCKETS]:
        code += 1
    buckets[code % _BUCKETS] = entry
