"""Reading the dense columns of a chunk: nothing is read before somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import MetadataColumn
from storage.dense.document import DenseFacts
from storage.dense.packed import unpack
from storage.dense.reader import FOUND

__all__ = ["DenseLines", "column_name"]


def column_name(format_name: str, label: str) -> str:
    """The Arrow column of a label."""
    return f"{format_name}.{label}"


class DenseLines:
    """One format in one chunk, or in some ``rows`` of it. ``read`` gives columns of the chunk by name; it raises what
    ``Part.read`` raises.
    """

    def __init__(
        self,
        name: str,
        facts: DenseFacts,
        read: Callable[[Sequence[str]], pa.RecordBatch],
        rows: NDArray[np.int64] | None = None,
    ) -> None:
        self._name, self._facts, self._read, self._rows = name, facts, read, rows

    def take(self, rows: NDArray[np.int64]) -> DenseLines:
        """The columns of some rows of the chunk, which was whole so far."""
        return DenseLines(self._name, self._facts, self._read, rows)

    def knows(self, labels: Collection[str]) -> bool:
        """Whether of the rows that are FOUND columns tell all of these labels."""
        columns, listed = self._facts.columns, self._facts.labels
        return all(label in columns or (listed is not None and label not in listed) for label in labels)

    def state(self) -> NDArray[np.uint8]:
        """(rows,) NOTHING, FOUND or UNREAD."""
        return self._picked(self._whole_state)

    def column(self, label: str) -> MetadataColumn | None:
        """A label that it ``knows``, for all rows; None where no row has it that is FOUND."""
        facts = self._facts.columns.get(label)
        if facts is None:
            return None
        name = column_name(self._name, label)
        packed = unpack(self._read([name]).column(name), facts.scale, facts.suffix)
        state = self._whole_state
        codes = np.full(len(state), -1, np.int32)
        codes[state == FOUND] = packed.codes
        return MetadataColumn(self._picked(codes), packed.values)

    def containing(self, text: str) -> NDArray[np.bool_] | None:
        """(rows,) the lines, of whatever state, that contain ``text``; None where columns do not tell."""
        if any(texts.decide(text) for texts in self._facts.always):
            return np.equal(self.state(), FOUND)
        for label, facts in self._facts.columns.items():
            if facts.texts is not None and facts.texts.decide(text):
                column = self.column(label)
                return None if column is None else np.greater_equal(column.codes, 0)
        return None

    @cached_property
    def _whole_state(self) -> NDArray[np.uint8]:
        state: NDArray[np.uint8] = self._read([self._name]).column(self._name).to_numpy()
        return state

    def _picked(self, column: NDArray[Any]) -> NDArray[Any]:
        return column if self._rows is None else column[self._rows]
