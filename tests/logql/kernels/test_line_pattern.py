"""Line patterns: section 5.2 of the language page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from logql.kernels import mark_pattern
from storage.batch import string_buffers
from tests.logql.kernels.lines import buffers_of, line_arrays

mark_pattern.load()

LINES = ["GET /a 200", "GET", "  GET /x  200 ", "foo bar baz", ""]
# Literals with a gap between any two, then whether one stands before the first and after the last.
PATTERNS = st.tuples(st.lists(st.text("ab ", min_size=1, max_size=3), max_size=3), st.booleans(), st.booleans())


def literals_of(words: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    encoded = [word.encode() for word in words]
    return np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([0, *map(len, encoded)]).astype(np.int32)


@given(lines=line_arrays(st.text("ab é", max_size=9)), pattern=PATTERNS)
@example(lines=pa.array(["ab", "ba"]), pattern=(["bb"], False, False))
@example(lines=pa.array(["a", "b"]), pattern=(["a"], False, True))  # the gap is not what follows the line
@example(lines=pa.array(["b", "a"]), pattern=(["a"], True, False))  # nor what comes before it
@example(lines=pa.array(["", "a"]), pattern=([], True, True))
def test_kernel_and_twin_agree(lines: pa.Array, pattern: tuple[list[str], bool, bool]) -> None:
    words, starts_with_gap, ends_with_gap = pattern
    arguments = (*string_buffers(lines), *literals_of(words), starts_with_gap, ends_with_gap)
    assert mark_pattern(*arguments).tolist() == mark_pattern.twin(*arguments).tolist()


@pytest.mark.parametrize("run", [mark_pattern, mark_pattern.twin])
@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("GET", ["GET"]),
        ("GET <_>", ["GET /a 200", "  GET /x  200 "]),
        ("<_>GET<_>", ["  GET /x  200 "]),
        ("foo <_> baz", ["foo bar baz"]),
        ("foo <_>", ["foo bar baz"]),
        ("<_> bar", []),
        ("foo <_> bar <_>", []),
        ("<_>", ["GET /a 200", "GET", "  GET /x  200 ", "foo bar baz"]),
        ("bar", []),
        ("ba<_>z", ["foo bar baz"]),  # r and the blank are a gap
        ("ba<_>", ["foo bar baz"]),
        ("baz", ["foo bar baz"]),  # a leading literal is searched, not anchored
        ("200<_>", ["  GET /x  200 "]),
        ("get", []),
    ],
)
def test_the_table_of_the_language_page(run: Any, pattern: str, matched: list[str]) -> None:
    words = [word for word in pattern.split("<_>") if word]
    marks = run(*buffers_of(LINES), *literals_of(words), pattern.startswith("<_>"), pattern.endswith("<_>"))
    assert [line for line, mark in zip(LINES, marks.tolist(), strict=True) if mark] == matched
