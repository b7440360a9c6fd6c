"""``|~ "regex"``: RE2 finds a match somewhere in the line.

RE2 runs at about 1.3 GB/s, a substring search many times faster. So a regex that is a plain text becomes a substring
search, and one that cannot match without a certain text runs only on the lines that contain it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from logql.pieces import in_pieces
from logql.regex import required_in_any_case, required_text
from logql.stages.line_filter.contains import LineMatcher, contains, contains_any_case

__all__ = ["regex_matcher"]

_SPARSE = 0.5  # below this share of candidates, copying them is cheaper than matching all lines


def regex_matcher(regex: str) -> LineMatcher:
    """``regex`` is valid RE2."""
    required, any_case = required_text(regex), required_in_any_case(regex)
    if not required.text and not any_case.text:
        return lambda lines: _search(lines, regex)
    candidates = contains(required.text) if required.text else contains_any_case(any_case.text)
    if required.is_whole or any_case.is_whole:
        return candidates
    return lambda lines: _search_candidates(lines, candidates(lines), regex)


def _search(lines: pa.Array, regex: str) -> NDArray[np.bool_]:
    marks = [pc.match_substring_regex(piece, regex).to_numpy(zero_copy_only=False) for piece in in_pieces(lines)]
    return np.concatenate([np.zeros(0, np.bool_), *marks])


def _search_candidates(lines: pa.Array, marks: NDArray[np.bool_], regex: str) -> NDArray[np.bool_]:
    rows = np.flatnonzero(marks)
    if len(rows) > _SPARSE * len(marks):
        return _search(lines, regex)
    marks[rows] = _search(lines.take(pa.array(rows)), regex)
    return marks
