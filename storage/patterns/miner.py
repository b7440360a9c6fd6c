"""What finds patterns of lines when a part is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["LineMiner"]


class LineMiner(Protocol):
    """Of one part: it learns while lines are added, in bounded memory, and from equal lines always the same."""

    def add(self, lines: pa.Array) -> NDArray[np.int32]:
        """(rows,) the number of the pattern that each line (pa.string() without nulls) is of; -1 for none.

        A number means one pattern for ever, which later lines may widen.
        """

    def patterns(self) -> Mapping[int, str]:
        """The patterns that are worth keeping, by number, in words that whoever asks for them understands."""
