"""``|= ip("10.0.0.0/8")``: the line holds an address in the range."""

from __future__ import annotations

from ipaddress import ip_address

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.kernels import find_addresses
from logql.stages.line_filter.contains import LineMatcher
from logql.syntax.ip_pattern import IpPattern
from storage.batch import string_buffers

__all__ = ["ip_matcher"]


def ip_matcher(text: str) -> LineMatcher:
    """``text`` is an address, a CIDR or a range; raises ValueError otherwise."""
    wanted = IpPattern.parse(text)
    return lambda lines: _mark(lines, wanted)


def _mark(lines: pa.Array, wanted: IpPattern) -> NDArray[np.bool_]:
    offsets, data = string_buffers(lines)
    candidates = find_addresses(offsets, data)
    marks = np.zeros(len(lines), np.bool_)
    decided: dict[bytes, bool] = {}  # addresses repeat from line to line
    for row, start, stop in candidates.tolist():
        if marks[row]:
            continue
        address = data[start:stop].tobytes()
        if address not in decided:
            decided[address] = _holds(wanted, address.decode())
        marks[row] = decided[address]
    return marks


def _holds(wanted: IpPattern, candidate: str) -> bool:
    """Whether ``candidate`` is an address, and one of the range."""
    try:
        return wanted.contains(ip_address(candidate))
    except ValueError:
        return False
