"""How this process gets and keeps memory. Measured, not guessed: docs/performance.md has the figures.

Every push needs some megabytes for milliseconds. Given back to the kernel each time, they come back as pages to be
zeroed: a third of a push's CPU time. So freed memory is kept up to a bound, all libraries share one allocator, and
few arenas hold what is free.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import mmap
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["give_back_code", "give_back_now_and_then", "settle_garbage_collector", "tune_memory"]

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8

_KEPT_FREE_BYTES = 32 << 20
_MAPPED_FROM_BYTES = 6 << 20  # a whole head goes back at once; a chunk, which every read needs, is kept
_ARENAS = 2
_GIVE_BACK_EVERY_S = 5.0
# Batches are many objects that live long and form no cycles: collecting at the default 700 finds nothing, often.
_GC_THRESHOLD = 50_000


def tune_memory() -> None:
    """Once, before Arrow is imported and threads start. Where the C library is not glibc, its own ways stay."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(_M_ARENA_MAX, _ARENAS)
    mallopt(_M_TRIM_THRESHOLD, _KEPT_FREE_BYTES)
    mallopt(_M_MMAP_THRESHOLD, _MAPPED_FROM_BYTES)


async def give_back_now_and_then() -> None:
    """Return what lies free to the kernel every few seconds, for as long as the task lives.

    Between two times it is reused; a store that has become quiet holds no more than it needs.
    """
    try:
        malloc_trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return
    while True:
        await asyncio.sleep(_GIVE_BACK_EVERY_S)
        await asyncio.to_thread(malloc_trim, 0)


def settle_garbage_collector() -> None:
    """After all imports: what is there now stays, so it is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD, 20, 20)


def give_back_code(library: str) -> int:
    """Drop the code and constants of a library whose work is done from memory; answers how many bytes.

    The kernel reads them again from the file should they be needed after all. Only what was never written is dropped.
    """
    try:
        mappings = list(_unwritten(Path("/proc/self/smaps").read_text(), library))
        madvise = ctypes.CDLL(None).madvise
    except (AttributeError, OSError):
        return 0
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return sum(size for start, size in mappings if madvise(start, size, mmap.MADV_DONTNEED) == 0)


def _unwritten(smaps: str, library: str) -> Iterator[tuple[int, int]]:
    """(address, bytes) of the mappings of a library that are read-only and have no page of their own."""
    start, end, is_wanted = 0, 0, False
    for line in smaps.splitlines():
        name, *rest = line.split()
        if not name.endswith(":"):
            start, end = (int(number, 16) for number in name.split("-"))
            is_wanted = library in rest[-1] and "w" not in rest[0]
        elif name == "Anonymous:" and is_wanted and rest[0] == "0":
            yield start, end - start
