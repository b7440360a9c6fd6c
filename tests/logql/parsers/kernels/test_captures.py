"""Captures: kernel and twin agree."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logql.parsers.kernels.captures import find_captures

find_captures.load()

LITERALS = st.text(st.sampled_from("ab"), min_size=1, max_size=2)


@given(
    st.lists(st.text(st.sampled_from("ab "), max_size=8), max_size=5),
    st.lists(LITERALS, max_size=3),
    LITERALS | st.just(""),
    LITERALS | st.just(""),
    st.data(),
)
def test_kernel_and_twin_agree(
    lines: list[str], between: list[str], first: str, last: str, data: st.DataObject
) -> None:
    literals = [first, *between, last]
    slots = np.array(data.draw(st.lists(st.integers(-1, 2), max_size=len(literals) - 1)), np.int32)
    offsets = np.cumsum([0, *map(len, lines)], dtype=np.int32)
    bounds = np.cumsum([0, *map(len, literals)], dtype=np.int32)
    text, words = (np.frombuffer("".join(parts).encode(), np.uint8) for parts in (lines, literals))
    spans, twin_spans = (np.zeros((len(lines) * 4, 4), np.int32) for _ in range(2))
    count = find_captures(offsets, text, words, bounds, slots, spans)
    assert count == find_captures.twin(offsets, text, words, bounds, slots, twin_spans)
    assert spans[:count].tolist() == twin_spans[:count].tolist()
