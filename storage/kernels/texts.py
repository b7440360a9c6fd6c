"""Copying texts that lie anywhere in memory."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from storage.kernels.kernel import INT32S, INT64S, kernel

__all__ = ["copy_texts"]

_memcpy: Any = types.ExternalFunction("memcpy", types.intp(types.intp, types.intp, types.uintp))


def _copy_texts_plain(places: NDArray[np.int64], offsets: NDArray[np.int32], out: NDArray[np.uint8]) -> None:
    sizes = np.diff(offsets).tolist()
    texts = (ctypes.string_at(place, size) for place, size in zip(places.tolist(), sizes, strict=True))
    out[:] = np.frombuffer(b"".join(texts), np.uint8)


@kernel(types.void(INT64S, INT32S, types.uint8[::1]), twin=_copy_texts_plain)
def copy_texts(places: Any, offsets: Any, out: Any) -> None:
    """Copy the texts at these addresses one after the other to the places that ``offsets`` gives them in ``out``."""
    target = out.ctypes.data
    for row in range(places.size):
        _memcpy(target + offsets[row], places[row], offsets[row + 1] - offsets[row])
