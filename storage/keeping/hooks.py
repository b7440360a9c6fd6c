"""What is added to a part whenever it is written anew: dense columns, and sections that permit to skip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from storage.batch import Batch
from storage.dense import LineReader, planned_columns
from storage.merge import ColumnMaker, MergeHooks
from storage.part import Part
from storage.part.sections import Builders

__all__ = ["merge_hooks"]

_SAMPLED_CHUNKS = 16


def merge_hooks(readers: Sequence[LineReader], dense_share: float, builders: Builders) -> MergeHooks:
    """``readers`` define the dense columns, which may take ``dense_share`` of the stored lines; 0 makes none.

    ``builders`` make all sections that a part may have.
    """

    def plan_columns(inputs: Sequence[Part]) -> ColumnMaker:
        chunks = [chunk for part in inputs for chunk in part.chunks]
        sample = chunks[:: -(-len(chunks) // _SAMPLED_CHUNKS)]
        make = planned_columns(sample, readers, dense_share)

        def columns(chunk: Batch) -> Mapping[str, pa.Array]:
            return make(chunk.line)

        return columns

    if not readers or not dense_share:
        return MergeHooks(builders=builders)
    return MergeHooks(plan_columns=plan_columns, builders=builders)
