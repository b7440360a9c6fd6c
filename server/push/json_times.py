"""The timestamps of a JSON push: strings of nanoseconds since 1970 in decimal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.push.json_text import malformed

__all__ = ["TimeOverflow", "times_of"]

_DECIMAL = re.compile(r"-?[0-9]+\Z", re.ASCII)
_RANGE = range(-(1 << 63), 1 << 63)
_DIGITS_MAX = 40  # more are beyond the range, and slow to read
# Nanoseconds of the years 2001 to 2286 have this many digits.
_USUAL_DIGITS = 19
_POWERS = 10 ** np.arange(_USUAL_DIGITS - 1, -1, -1, dtype=np.int64)


class TimeOverflow(ValueError):
    """The timestamp of ``row`` has more than 64 bits."""

    def __init__(self, row: int) -> None:
        super().__init__(f"the timestamp of row {row} is out of range")
        self.row = row


def times_of(rows: Sequence[list[Any]]) -> NDArray[np.int64]:
    """The first member of each row. Raises PushError 400 for what is no timestamp, else TimeOverflow."""
    texts = [row[0] for row in rows]
    if set(map(type, texts)) - {str}:
        raise malformed("values: the timestamp must be a string of nanoseconds since 1970")
    digits = "".join(texts)
    if digits.isascii() and digits.isdigit() and set(map(len, texts)) == {_USUAL_DIGITS}:
        times = _usual_times(digits)
        if times.min() >= 0:
            return times
    return np.array([_time(row, text) for row, text in enumerate(texts)], np.int64)


def _usual_times(digits: str) -> NDArray[np.int64]:
    """Numbers of 19 digits each, all at once; those beyond 64 bits come out negative."""
    table = np.frombuffer(digits.encode(), np.uint8).reshape(-1, _USUAL_DIGITS) - ord("0")
    return table @ _POWERS


def _time(row: int, text: str) -> int:
    if not _DECIMAL.match(text):
        raise malformed(f"values: the timestamp must be nanoseconds since 1970 in decimal, found {text[:40]!r}")
    if len(text) > _DIGITS_MAX or int(text) not in _RANGE:
        raise TimeOverflow(row)
    return int(text)
