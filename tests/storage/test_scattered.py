"""Texts of many arrays, taken as from one: by the kernel and by its twin."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from storage.batch import string_array
from storage.kernels import copy_texts
from storage.scattered import ScatteredTexts

copy_texts.load()

texts = st.text(st.characters(codec="utf-8"), max_size=9)


@st.composite
def arrays(draw: st.DrawFn) -> pa.Array:
    """An array of its own, or a slice of one, which begins beyond its first byte."""
    whole = draw(st.lists(texts, max_size=6))
    return pa.array(whole, pa.string()).slice(draw(st.integers(0, len(whole))))


@given(st.lists(arrays(), min_size=1, max_size=4), st.data())
def test_any_texts_in_any_order_are_those_of_the_joined_arrays(parts: list[pa.Array], data: st.DataObject) -> None:
    joined = [text for part in parts for text in part.to_pylist()]
    scattered = ScatteredTexts(parts)
    rows = data.draw(st.lists(st.integers(0, len(joined) - 1), max_size=12)) if joined else []
    taken = scattered.take(np.array(rows, np.intp))
    taken.validate(full=True)
    assert len(scattered) == len(joined)
    assert scattered.sizes.tolist() == [len(text.encode()) for text in joined]
    assert taken.to_pylist() == [joined[row] for row in rows]


@given(st.lists(texts, min_size=1, max_size=6))
def test_the_twin_copies_what_the_kernel_copies(some: list[str]) -> None:
    encoded = [text.encode() for text in some]
    data = np.frombuffer(b"".join(encoded) or b" ", np.uint8)
    offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    places = offsets[:-1] + np.int64(data.ctypes.data)
    out = np.empty(offsets[-1], np.uint8)
    copy_texts.twin(places, offsets, out)
    assert string_array(offsets, out).to_pylist() == some
