"""Kernels: the twin answers until the machine code is there, then the machine code does."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

import numpy as np
import pytest
from numba import types
from numpy.typing import NDArray

from storage.kernels import BYTES, INT32S, INT64S, Kernel, kernel, load_kernels


def total(numbers: NDArray[np.int64]) -> int:
    found = 0
    for number in numbers:
        found += number
    return found


def ratio(above: float, below: float) -> float:
    return above / below


def spin(rounds: int) -> int:
    """Steps that depend on each other, so that they take their time."""
    state = 1
    for _ in range(rounds):
        state = (state * 6364136223846793005 + 1442695040888963407) % 4294967291
    return state


def twin_of_total(numbers: NDArray[np.int64]) -> int:
    return -int(numbers.sum())  # another answer, so that it shows who answers


def made() -> Kernel[[NDArray[np.int64]], int]:
    return Kernel(total, twin_of_total, types.int64(INT64S))


def test_the_twin_answers_before_load_and_the_machine_code_after_it() -> None:
    numbers = np.array([1, 2, 3], np.int64)
    summed = made()
    assert (summed.is_loaded, summed(numbers)) == (False, -6)
    summed.load()
    assert (summed.is_loaded, summed(numbers), summed.twin(numbers)) == (True, 6, -6)
    summed.load()
    assert summed(numbers) == 6


def test_columns_of_arrow_are_taken_although_they_are_read_only() -> None:
    summed = made()
    summed.load()
    assert summed(np.frombuffer(np.array([4, 5], np.int64).tobytes(), np.int64)) == 9


@pytest.mark.parametrize("column", [np.zeros(3, np.float64), np.zeros(3, np.int32), np.zeros((2, 2), np.int64), [1], 7])
def test_another_type_of_column_is_refused_and_not_compiled_for(column: Any) -> None:
    summed = made()
    summed.load()
    with pytest.raises(TypeError, match="No matching definition"):
        summed(column)


def test_division_by_zero_is_numpys() -> None:
    divided = Kernel(ratio, ratio, types.float64(types.float64, types.float64))
    divided.load()
    assert divided(1.0, 0.0) == np.inf
    assert np.isnan(divided(0.0, 0.0))


def test_other_threads_run_while_a_kernel_does() -> None:
    spinning = Kernel(spin, spin, types.int64(types.int64))
    spinning.load()
    runner = threading.Thread(target=spinning, args=(20_000_000,))
    runner.start()
    steps = 0
    while runner.is_alive():
        steps += 1
        time.sleep(0.001)
    assert steps > 10


def test_declared_kernels_are_named_by_where_they_are_and_loaded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    registry: list[Kernel[Any, Any]] = []
    monkeypatch.setattr(sys.modules["storage.kernels.kernel"], "_registry", registry)
    assert load_kernels() == 0
    declared = kernel(types.int64(INT64S), twin=twin_of_total)(total)
    assert declared.name == f"{__name__}.total"
    assert not declared.is_loaded
    assert load_kernels() == 1
    assert declared.is_loaded
    assert registry == [declared]


@pytest.mark.parametrize(("column", "dtype"), [(BYTES, "uint8"), (INT32S, "int32"), (INT64S, "int64")])
def test_types_of_columns_are_flat_and_read_only(column: Any, dtype: str) -> None:
    assert (str(column.dtype), column.ndim, column.layout, column.mutable) == (dtype, 1, "C", False)
