"""``| pattern`` over batches."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.parsers.columns import label_columns
from logql.parsers.extracted import Extracted
from logql.parsers.kernels.captures import find_captures
from logql.parsers.kernels.values import JSON
from logql.parsers.walk import Walked
from logql.syntax.pattern_expression import Capture, PatternExpression
from storage.batch import string_buffers

__all__ = ["PatternExtractor"]


class PatternExtractor:
    """Each named capture becomes a label. There are no errors."""

    def __init__(self, pattern: str) -> None:
        captures, literals = _parts(PatternExpression.for_parser(pattern))
        self._captures = captures
        self._literals = np.frombuffer(b"".join(literals), np.uint8)
        self._bounds = np.cumsum([0, *map(len, literals)], dtype=np.int32)

    def extract(self, lines: pa.Array, needed: frozenset[str] | None) -> Extracted:
        names = [each.name for each in self._captures if each.is_named and (needed is None or each.name in needed)]
        offsets, data = string_buffers(lines)
        spans = np.empty((len(lines) * len(names), 4), np.int32)
        count = find_captures(offsets, data, self._literals, self._bounds, self._slots(names), spans)
        codes = np.zeros(len(lines), np.uint8)
        walked = Walked(codes, np.zeros(0, np.int32), spans[:count], names)
        return Extracted(label_columns(lines, walked, JSON, {}), "", np.zeros(len(lines), np.bool_))

    def _slots(self, names: list[str]) -> NDArray[np.int32]:
        """The slot of each capture up to the last one that is wanted."""
        slots = [names.index(each.name) if each.name in names else -1 for each in self._captures]
        wanted = max((place for place, slot in enumerate(slots) if slot >= 0), default=-1)
        return np.array(slots[: wanted + 1], np.int32)


def _parts(pattern: PatternExpression) -> tuple[list[Capture], list[bytes]]:
    """Captures, and the literals around them: one more, those at the ends may be empty."""
    captures = [item for item in pattern.items if isinstance(item, Capture)]
    literals = [item.encode() for item in pattern.items if isinstance(item, str)]
    before = [] if isinstance(pattern.items[0], str) else [b""]
    after = [] if isinstance(pattern.items[-1], str) else [b""]
    return captures, [*before, *literals, *after]
