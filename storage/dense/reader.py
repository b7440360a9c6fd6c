"""What finds the labels of lines when a part is written; its format's queries must find the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import MetadataColumn

__all__ = ["FOUND", "NOTHING", "UNREAD", "LineReader", "ReadLines"]

# States of rows: the line holds no label, whichever are asked for; its labels are in the columns; only it tells.
NOTHING, FOUND, UNREAD = 0, 1, 2


@dataclass(frozen=True, slots=True)
class ReadLines:
    """``columns``: all labels of the rows that are FOUND; what they say of other rows means nothing.

    state  (rows,) uint8
    """

    columns: Mapping[str, MetadataColumn]
    state: NDArray[np.uint8]


class LineReader(Protocol):
    """A format of lines, called ``name`` in the part."""

    @property
    def name(self) -> str: ...

    def read(self, lines: pa.Array) -> ReadLines | None:
        """What the lines (pa.string() without nulls) hold; None where it is too much to be columns."""

    def key_texts(self, label: str) -> tuple[str, str]:
        """The label's key, and the longest text around it that is in every plain line that has the key."""

    def containing(self, lines: pa.Array, text: str) -> NDArray[np.bool_]:
        """(rows,) the lines that contain ``text`` (not empty)."""
