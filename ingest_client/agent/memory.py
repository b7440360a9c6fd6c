"""Memory that a burst needed and nothing needs any more goes back to the machine, which has models to run."""

from __future__ import annotations

import ctypes

__all__ = ["bound_arenas", "give_back"]

# Of glibc's malloc.h. Threads of their own arenas would each keep what a burst left in theirs.
_M_ARENA_MAX, _ARENAS = -8, 1


def bound_arenas() -> None:
    """Have all threads allocate from one place; before they are started. Without glibc nothing happens."""
    call = _function("mallopt")
    if call is not None:
        call(_M_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Return what is free; milliseconds. Without glibc nothing happens."""
    call = _function("malloc_trim")
    if call is not None:
        call(0)


def _function(name: str) -> ctypes._NamedFuncPointer | None:
    try:
        found: ctypes._NamedFuncPointer | None = getattr(ctypes.CDLL(None), name, None)
    except OSError:
        return None
    return found
