"""Which of some lines a matcher of lines marks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from logql.stages.line_filter.contains import LineMatcher

__all__ = ["marked"]


def marked(matches: LineMatcher, lines: Sequence[str]) -> list[str]:
    """The lines stand in the middle of a longer array; a matcher that changes them is refused."""
    array = pa.array(["before", *lines, "after"], pa.string()).slice(1, len(lines))
    marks = matches(array)
    assert marks.dtype == np.bool_
    assert array.to_pylist() == list(lines)
    return [line for line, mark in zip(lines, marks.tolist(), strict=True) if mark]
