"""Lines as columns: cut to size where that is wanted, and made valid UTF-8. Only odd lines are touched one by one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from server.limits import PushLimits
from storage.batch import string_buffers, string_text
from storage.text import decode_utf8

__all__ = ["truncated", "valid_utf8"]


def valid_utf8(lines: pa.Array) -> pa.Array:
    """The lines, every byte that is not UTF-8 replaced by U+FFFD."""
    if int(string_text(lines).max(initial=0)) < 128 or _is_valid(lines):
        return lines
    odd = _invalid_rows(lines, 0, len(lines))
    as_bytes = lines.view(pa.binary())
    return _replaced(lines, odd, [decode_utf8(as_bytes[row].as_py()) for row in odd])


def truncated(lines: pa.Array, limits: PushLimits) -> pa.Array:
    """Lines above ``max_line_size`` cut so that with the identifier at their end they have just that size."""
    sizes = np.diff(string_buffers(lines)[0])
    if limits.max_line_size == 0 or not (long := np.flatnonzero(sizes > limits.max_line_size).tolist()):
        return lines
    mark = limits.max_line_size_truncate_identifier.encode()[: limits.max_line_size]
    room = limits.max_line_size - len(mark)
    as_bytes = lines.view(pa.binary())
    return _replaced(lines, long, [decode_utf8(_cut(as_bytes[row].as_py(), room) + mark) for row in long])


def _cut(line: bytes, size: int) -> bytes:
    """At most ``size`` bytes, no character cut in two."""
    while size > 0 and line[size] & 0xC0 == 0x80:
        size -= 1
    return line[:size]


def _invalid_rows(lines: pa.Array, start: int, end: int) -> list[int]:
    """By halves, because Arrow tells only whether all of a slice is valid."""
    if start == end or _is_valid(lines.slice(start, end - start)):
        return []
    if end - start == 1:
        return [start]
    middle = (start + end) // 2
    return _invalid_rows(lines, start, middle) + _invalid_rows(lines, middle, end)


def _is_valid(lines: pa.Array) -> bool:
    try:
        lines.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _replaced(lines: pa.Array, rows: list[int], texts: list[str]) -> pa.Array:
    mask = np.zeros(len(lines), np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(lines, pa.array(mask), pa.array(texts, pa.string()))
