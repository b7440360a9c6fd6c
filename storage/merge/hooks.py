"""What others have a say in when parts are merged: which rows stay, and which columns and sections are added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import Batch
from storage.part import Part
from storage.part.sections import Builders
from storage.source import Source

__all__ = ["ColumnMaker", "MergeHooks"]

ColumnMaker = Callable[[Batch], Mapping[str, pa.Array]]


def _keep_all(source: Source) -> NDArray[np.bool_] | None:
    return None


def _no_columns(inputs: Sequence[Part]) -> ColumnMaker:
    return lambda chunk: {}


@dataclass(frozen=True, slots=True)
class MergeHooks:
    """Called in the thread that merges.

    keep          the rows of a chunk that stay, as a mask; None for all of them. Asked once for each chunk
    plan_columns  looks at the inputs before anything is written (it may sample their chunks) and answers what makes
                  the additional Arrow columns of each output chunk, by name: the same names and types for each
    builders      make the sections of the output's index, see ``storage.part.sections``
    """

    keep: Callable[[Source], NDArray[np.bool_] | None] = _keep_all
    plan_columns: Callable[[Sequence[Part]], ColumnMaker] = _no_columns
    builders: Builders = field(default_factory=dict)
