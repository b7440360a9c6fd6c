"""Open Arrow files, kept for the next chunk: opening one means reading its schema and all of its dictionaries again.

Each thread has its own, because an Arrow reader promises nothing to two at once, and few, because each holds a file.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple

import pyarrow as pa

__all__ = ["forget_readers", "kept_reader"]

_MOST = 48  # a thread; a query reads two or three sets of columns of the parts it walks through


class _Kept(NamedTuple):
    """``owner`` is held so that its id is not given to another part meanwhile."""

    owner: object
    file: pa.NativeFile
    reader: pa.RecordBatchFileReader


_Shelf = OrderedDict[tuple[int, Hashable], _Kept]


class _Mine(threading.local):
    def __init__(self) -> None:
        self.shelf: _Shelf = OrderedDict()
        with _lock:
            _shelves.append(weakref.ref(self.shelf))


_lock = threading.Lock()
_shelves: list[weakref.ref[_Shelf]] = []
_mine = _Mine()


def kept_reader(
    owner: object, columns: Hashable, open_reader: Callable[[], tuple[pa.NativeFile, pa.RecordBatchFileReader]]
) -> pa.RecordBatchFileReader:
    """This thread's reader of ``columns`` of ``owner``, from ``open_reader`` when there is none yet."""
    shelf, key = _mine.shelf, (id(owner), columns)
    with _lock:
        if key in shelf:
            shelf.move_to_end(key)
            return shelf[key].reader
    file, reader = open_reader()
    with _lock:
        shelf[key] = _Kept(owner, file, reader)
        surplus = shelf.popitem(last=False)[1] if len(shelf) > _MOST else None
    if surplus is not None:
        surplus.file.close()
    return reader


def forget_readers(owner: object) -> None:
    """Close what all threads keep open of an owner that nobody reads any more: open files keep their bytes on disk."""
    with _lock:
        _shelves[:] = [each for each in _shelves if each() is not None]
        shelves = [shelf for each in _shelves if (shelf := each()) is not None]
        found = [(shelf, key) for shelf in shelves for key, kept in shelf.items() if kept.owner is owner]
        files = [shelf.pop(key).file for shelf, key in found]
    for file in files:
        file.close()
