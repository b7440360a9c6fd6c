"""Open Arrow files, kept for the next chunk: opening one means reading its schema and all of its dictionaries again.

Each thread has its own, because an Arrow reader promises nothing to two at once, and few, because each holds a file.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple

import pyarrow as pa

__all__ = ["kept_reader"]

_MOST = 48  # a thread; a query reads two or three sets of columns of the parts it walks through


class _Kept(NamedTuple):
    """``owner`` is held so that its id is not given to another part meanwhile."""

    owner: object
    file: pa.NativeFile
    reader: pa.RecordBatchFileReader


class _Shelf(threading.local):
    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[int, Hashable], _Kept] = OrderedDict()


_shelf = _Shelf()


def kept_reader(
    owner: object, columns: Hashable, open_reader: Callable[[], tuple[pa.NativeFile, pa.RecordBatchFileReader]]
) -> pa.RecordBatchFileReader:
    """This thread's reader of ``columns`` of ``owner``, from ``open_reader`` when there is none yet."""
    kept, key = _shelf.kept, (id(owner), columns)
    if key in kept:
        kept.move_to_end(key)
        return kept[key].reader
    file, reader = open_reader()
    kept[key] = _Kept(owner, file, reader)
    if len(kept) > _MOST:
        kept.popitem(last=False)[1].file.close()
    return reader
