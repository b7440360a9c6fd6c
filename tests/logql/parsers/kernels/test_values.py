"""Decoding: kernel and twin agree."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logql.parsers.kernels.values import JSON, LOGFMT, LOGFMT_WHOLE, copy_values

copy_values.load()

ESCAPES = [*'"\\/bfnrt', "'", "u00e9", "u0041", "ud83d", "ude00", "uFFFD", "u12", "x"]
TEXTS = st.lists(
    st.sampled_from([f"\\{escape}" for escape in ESCAPES]) | st.sampled_from(["a", "é", "�", "😀", "\uf000"]),
    max_size=6,
).map("".join)


@given(st.lists(st.tuples(TEXTS, st.booleans()), max_size=5), st.sampled_from([JSON, LOGFMT, LOGFMT_WHOLE]))
def test_kernel_and_twin_agree(texts: list[tuple[str, bool]], rules: int) -> None:
    data = np.frombuffer(b"".join(text.encode() for text, _ in texts), np.uint8)
    spans, start = np.zeros((len(texts), 4), np.int32), 0
    for place, (text, is_raw) in enumerate(texts):
        size = len(text.encode())
        spans[place] = 0, 0, start, size if is_raw else ~size
        start += size
    out, twin_out = np.zeros(start, np.uint8), np.zeros(start, np.uint8)
    offsets, twin_offsets = copy_values(data, spans, rules, out), copy_values.twin(data, spans, rules, twin_out)
    assert offsets.tolist() == twin_offsets.tolist()
    assert out[: offsets[-1]].tobytes() == twin_out[: offsets[-1]].tobytes()
