"""Texts to samples: whatever the kernels read, the exact readers read the same; and they read what is common."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.samples.kernels import parse_decimals, parse_durations, parse_sizes, to_seconds
from logql.values import parse_byte_size, parse_float, parse_go_duration
from storage.batch import string_buffers

EXACT = {
    parse_decimals.name: parse_float,
    parse_durations.name: lambda text: to_seconds(parse_go_duration(text)),
    parse_sizes.name: parse_byte_size,
}
KERNELS = [parse_decimals, parse_durations, parse_sizes]
DIGITS = st.text("0123456789", min_size=1, max_size=18)
NUMBERS = st.builds("{}{}{}".format, DIGITS, st.sampled_from(["", ".", ".5", ".000", ".."]), DIGITS | st.just(""))
UNITS = st.sampled_from(
    ["", "ns", "us", "\u00b5s", "\u03bcs", "ms", "s", "m", "h", "d", "B", "kB", "KiB", "Mi", "g", " TB"]
)
WORDS = st.lists(st.builds("{}{}".format, NUMBERS, UNITS), max_size=3).map("".join)
TEXTS = st.builds("{}{}".format, st.sampled_from(["", "-", "+", "--", " "]), WORDS) | st.text(max_size=6)


def run(kernel: Any, texts: list[str]) -> tuple[list[bool], list[float]]:
    offsets, data = string_buffers(pa.array(texts, pa.string()))
    values = np.zeros(len(texts))
    return kernel(offsets, data, values).tolist(), values.tolist()


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
@given(texts=st.lists(TEXTS, max_size=6))
def test_machine_code_twin_and_exact_reader_agree_to_the_last_bit(kernel: Any, texts: list[str]) -> None:
    kernel.load()
    is_read, values = run(kernel, texts)
    assert (is_read, list(map(repr, values))) == _plain(kernel, texts)
    for text, was_read, value in zip(texts, is_read, values, strict=True):
        if was_read:
            assert repr(value) == repr(EXACT[kernel.name](text))


def _plain(kernel: Any, texts: list[str]) -> tuple[list[bool], list[str]]:
    is_read, values = run(kernel.twin, texts)
    return is_read, list(map(repr, values))


@pytest.mark.parametrize(
    ("kernel", "text"),
    [
        *[(parse_decimals, text) for text in ("0", "-0", "+7", "17", "0.5", "3.14159", "-12.75", "123456789012345")],
        *[
            (parse_durations, text)
            for text in ("1s", "0s", "1.5ms", "17.283ms", "-2m", "1h2m3.5s", "12\u00b5s", "0.3ns")
        ],
        *[(parse_sizes, text) for text in ("1", "5B", "5KB", "5.1kB", "1.5 MiB", "3g", "7 tib", "2PB")],
    ],
)
def test_common_texts_are_read_at_once(kernel: Any, text: str) -> None:
    kernel.load()
    assert run(kernel, [text]) == ([True], [EXACT[kernel.name](text)])


@pytest.mark.parametrize(
    ("kernel", "text"),
    [
        *[
            (parse_decimals, text)
            for text in ("", "-", ".", ".5", "1e3", "0x10", "NaN", "Inf", "1_0", "1 ", "1234567890123456")
        ],
        *[(parse_durations, text) for text in ("", "0", "1", "s", "1d", "1s.5s", "1.5", "9e9s", "9999999999h", "1m s")],
        *[(parse_sizes, text) for text in ("", "-5B", "5X", "1,000", "5 k B", "5iB", "1EB", "20000PB", "5 KiB ")],
    ],
)
def test_what_is_not_plain_is_left_to_the_exact_reader(kernel: Any, text: str) -> None:
    kernel.load()
    assert run(kernel, [text]) == ([False], [0.0])
