"""Numbers are written as Python writes them, by the kernel as by its twin."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.batch import string_array
from storage.dense.kernels.decimals import MAX_TEXT_BYTES, write_decimals

INT32 = st.integers(-(2**31), 2**31 - 1)


@given(st.lists(INT32), st.integers(0, 9), st.sampled_from([b"", b"ms", "µs".encode()]), st.booleans())
def test_numbers_are_written_with_their_point_and_unit(
    numbers: list[int], scale: int, unit: bytes, is_kernel: bool
) -> None:
    write_decimals.load()
    write = write_decimals if is_kernel else write_decimals.twin
    room = np.zeros(len(numbers) * (MAX_TEXT_BYTES + len(unit)), np.uint8)
    offsets = write(np.array(numbers, np.int32), scale, np.frombuffer(unit, np.uint8), room)
    expected = [f"{Decimal(number).scaleb(-scale):.{scale}f}{unit.decode()}" for number in numbers]
    assert string_array(offsets, room).to_pylist() == expected


@pytest.mark.parametrize(("number", "scale", "text"), [(0, 3, "0.000"), (-5, 1, "-0.5"), (-(2**31), 0, "-2147483648")])
def test_edges(number: int, scale: int, text: str) -> None:
    room = np.zeros(MAX_TEXT_BYTES, np.uint8)
    offsets = write_decimals.twin(np.array([number], np.int32), scale, np.zeros(0, np.uint8), room)
    assert room[: offsets[1]].tobytes().decode() == text
