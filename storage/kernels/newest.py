"""The newest time of each stream, and whether every row moved it forward."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from storage.kernels.kernel import INT32S, INT64S, kernel

__all__ = ["advance_newest"]


def _advance_newest_plain(stream: NDArray[np.int32], ts: NDArray[np.int64], newest: NDArray[np.int64]) -> bool:
    # By columns: a start replays the log before the machine code is there.
    order = np.argsort(stream, kind="stable")
    its_stream, its_ts = stream[order], ts[order]
    is_first = np.append(True, its_stream[1:] != its_stream[:-1])[: len(order)]
    before = np.where(is_first, newest[its_stream], np.roll(its_ts, 1))
    np.maximum.at(newest, stream, ts)
    return bool((its_ts > before).all())


@kernel(types.boolean(INT32S, INT64S, types.int64[::1]), twin=_advance_newest_plain)
def advance_newest(stream: NDArray[np.int32], ts: NDArray[np.int64], newest: NDArray[np.int64]) -> bool:
    """Raise ``newest`` (streams,) to the times of the rows; answers whether each row was newer than all before it.

    Only a row that was not may repeat one that was seen before.
    """
    is_forward = True
    for row in range(stream.size):
        if ts[row] > newest[stream[row]]:
            newest[stream[row]] = ts[row]
        else:
            is_forward = False
    return is_forward
