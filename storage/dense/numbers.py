"""Texts such as ``12.250ms`` as whole numbers: all with the same digits behind the point and the same unit.

Only texts that come back exactly are numbers, so that a column never answers another text than its line.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from storage.batch import string_array
from storage.dense.kernels.decimals import MAX_TEXT_BYTES, write_decimals

__all__ = ["Numbers", "numbers_of", "texts_of_numbers"]

_NUMBER = r"^(?P<sign>-?)(?P<whole>[0-9]{1,10})(?:\.(?P<fraction>[0-9]{1,9}))?(?P<suffix>[^0-9.]{0,8})$"
_LIMITS = np.iinfo(np.int32)


class Numbers(NamedTuple):
    """``values`` (texts,) int32, in units of the last digit."""

    values: NDArray[np.int32]
    scale: int
    suffix: str


def numbers_of(texts: pa.Array) -> Numbers | None:
    """None where the texts (at least one) are not all numbers of one form."""
    parts = pc.extract_regex(texts, _NUMBER)
    if parts.null_count:
        return None
    fraction, suffix = parts.field("fraction"), parts.field("suffix")
    scale, unit = len(fraction[0].as_py()), suffix[0].as_py()
    digits = pc.binary_join_element_wise(parts.field("sign"), parts.field("whole"), fraction, "").cast(pa.int64())
    wide = digits.to_numpy()
    if wide.min() <= _LIMITS.min or wide.max() > _LIMITS.max:
        return None
    numbers = Numbers(wide.astype(np.int32), scale, unit)
    return numbers if texts_of_numbers(numbers).equals(texts) else None


def texts_of_numbers(numbers: Numbers) -> pa.Array:
    """pa.string()"""
    unit = numbers.suffix.encode()
    room = np.empty(len(numbers.values) * (MAX_TEXT_BYTES + len(unit)), np.uint8)
    offsets = write_decimals(numbers.values, numbers.scale, np.frombuffer(unit, np.uint8), room)
    return string_array(offsets, room)
