"""``|> "text <_> text"``: the literals in this order with one byte or more in each gap."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from logql.kernels import mark_pattern
from logql.stages.line_filter.contains import LineMatcher
from storage.batch import string_buffers

__all__ = ["pattern_matcher"]

_GAP = "<_>"


def pattern_matcher(pattern: str) -> LineMatcher:
    """``pattern`` is valid: no two gaps side by side. The empty pattern matches the empty line."""
    if not pattern:
        return lambda lines: np.diff(string_buffers(lines)[0]) == 0
    words = [word.encode() for word in pattern.split(_GAP) if word]
    literals = np.frombuffer(b"".join(words), np.uint8)
    bounds = np.cumsum([0, *map(len, words)]).astype(np.int32)
    starts_with_gap, ends_with_gap = pattern.startswith(_GAP), pattern.endswith(_GAP)

    def matches(lines: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return mark_pattern(*string_buffers(lines), literals, bounds, starts_with_gap, ends_with_gap)

    return matches
