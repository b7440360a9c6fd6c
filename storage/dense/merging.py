"""Dense columns where parts are merged: a look at the inputs, then columns chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from storage.dense.columns import dense_columns
from storage.dense.plan import DensePlanner
from storage.dense.reader import LineReader

__all__ = ["planned_columns"]


class _Chunk(Protocol):
    def line(self) -> pa.Array: ...


def planned_columns(
    chunks: Iterable[_Chunk], readers: Sequence[LineReader], share: float
) -> Callable[[pa.Array], Mapping[str, pa.Array]]:
    """What makes the dense columns of each chunk out of its lines; ``chunks`` are those of the inputs.

    ``share``: what the columns may take, of the stored bytes of the lines. Raises what reading the chunks raises.
    """
    planner = DensePlanner(readers, share)
    for chunk in chunks:
        planner.add(chunk.line())
    plan = planner.plan()
    return lambda lines: dense_columns(lines, plan)
