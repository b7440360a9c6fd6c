"""What was read of parts, kept in memory for the next query up to a bound; the longest unused goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

__all__ = ["Shelf"]

Value = TypeVar("Value")


class _Kept(NamedTuple, Generic[Value]):
    """``owner`` is held so that its id is not given to another part meanwhile."""

    owner: object
    value: Value
    size: int


class Shelf(Generic[Value]):
    """Thread-safe; in a race two threads read for one owner.

    ``most`` bounds the sum of ``size_of`` over what is kept, but for a single value that is larger.
    """

    def __init__(self, most: int, size_of: Callable[[Value], int]) -> None:
        self._most, self._size_of = most, size_of
        self._size = 0
        self._kept: OrderedDict[int, _Kept[Value]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, owner: object, read: Callable[[], Value]) -> Value:
        """The value of ``owner``, from ``read`` when it is not here."""
        with self._lock:
            kept = self._kept.get(id(owner))
            if kept is not None:
                self._kept.move_to_end(id(owner))
                return kept.value
        value = read()
        with self._lock:
            self._put(_Kept(owner, value, self._size_of(value)))
        return value

    def _put(self, kept: _Kept[Value]) -> None:
        if id(kept.owner) in self._kept:  # another thread read it, too
            return
        self._kept[id(kept.owner)] = kept
        self._size += kept.size
        while self._size > self._most and len(self._kept) > 1:
            self._size -= self._kept.popitem(last=False)[1].size
