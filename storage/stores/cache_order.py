"""What a bounded cache throws away first.

Two queues: what was asked for once, and what was asked for again. A scan over everything asks once, and so pushes out
only what others asked for once. The second queue may take four fifths; its oldest go back to the first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

__all__ = ["CacheOrder"]


class CacheOrder:
    """Names with sizes, at most ``limit_bytes`` together. For one thread at a time."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self._kept_limit_bytes = limit_bytes * 4 // 5
        self._new: OrderedDict[str, int] = OrderedDict()
        self._kept: OrderedDict[str, int] = OrderedDict()
        self.total_bytes = self._kept_bytes = 0

    def __contains__(self, name: str) -> bool:
        return name in self._new or name in self._kept

    def __iter__(self) -> Iterator[str]:
        """Those that go first come first."""
        yield from self._new
        yield from self._kept

    def add(self, name: str, size_bytes: int) -> list[str]:
        """Answers what has to go: ``name`` itself if it is larger than everything may be together."""
        self.remove(name)
        self._new[name] = size_bytes
        self.total_bytes += size_bytes
        removed = []
        while self.total_bytes > self.limit_bytes:
            removed.append(next(iter(self)))
            self.remove(removed[-1])
        return removed

    def use(self, name: str) -> None:
        """``name``, which is here, was asked for again."""
        if name in self._kept:
            self._kept.move_to_end(name)
            return
        size_bytes = self._new.pop(name)
        self._kept[name] = size_bytes
        self._kept_bytes += size_bytes
        while self._kept_bytes > self._kept_limit_bytes:
            oldest, oldest_bytes = self._kept.popitem(last=False)
            self._kept_bytes -= oldest_bytes
            self._new[oldest] = oldest_bytes

    def remove(self, name: str) -> None:
        """Forget ``name``; one that is not here is no error."""
        if name in self._kept:
            size_bytes = self._kept.pop(name)
            self._kept_bytes -= size_bytes
        else:
            size_bytes = self._new.pop(name, 0)
        self.total_bytes -= size_bytes
