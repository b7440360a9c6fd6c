"""Filters that were read, kept in memory for the next query up to a bound; the longest unused ones go first."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from storage.filters.reader import PartFilters

__all__ = ["FilterShelf", "kept_filters"]

logger = logging.getLogger(__name__)

_BUDGET_BYTES = 96 << 20  # the filters of 60 to 80 million lines; more are read again when asked


class _Kept(NamedTuple):
    """``owner`` is held so that its id is not given to another part meanwhile."""

    owner: object
    filters: PartFilters | None

    @property
    def size_bytes(self) -> int:
        return self.filters.size_bytes if self.filters else 0


class FilterShelf:
    """Thread-safe; ``budget_bytes`` bounds what it holds, but for a single part that is larger."""

    def __init__(self, budget_bytes: int) -> None:
        self._budget_bytes = budget_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._bytes = 0

    def get(self, owner: object, read: Callable[[], bytes | None]) -> PartFilters | None:
        with self._lock:
            kept = self._kept.get(id(owner))
            if kept is not None:
                self._kept.move_to_end(id(owner))
                return kept.filters
        filters = _decoded(read())
        with self._lock:
            self._put(_Kept(owner, filters))
        return filters

    def _put(self, kept: _Kept) -> None:
        if id(kept.owner) in self._kept:  # another thread read it, too
            return
        self._kept[id(kept.owner)] = kept
        self._bytes += kept.size_bytes
        while self._bytes > self._budget_bytes and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].size_bytes


def _decoded(data: bytes | None) -> PartFilters | None:
    if data is None:
        return None
    try:
        return PartFilters(data)
    except ValueError as error:
        logger.error("queries go without the filters of a part: %s", error)
        return None


_shelf = FilterShelf(_BUDGET_BYTES)


def kept_filters(owner: object, read: Callable[[], bytes | None]) -> PartFilters | None:
    """The filters of ``owner``; ``read`` fetches their bytes when they are not in memory. None where it has none."""
    return _shelf.get(owner, read)
