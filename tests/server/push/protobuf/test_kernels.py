"""The walk over a push message: kernel and twin agree on whatever bytes come."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from server.push.protobuf.kernels import walk
from server.push.protobuf.wire import COUNTS, POSITION
from tests.server.push.wire import block, number, varint

walk.load()

numbers = st.one_of(st.integers(0, 300), st.integers(-(2**63), 2**63 - 1))
texts = st.binary(max_size=200)


def fields(*known: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    unknown = st.one_of(
        st.builds(block, st.integers(5, 4000), texts),
        st.builds(number, st.integers(5, 4000), numbers),
        st.builds(lambda each: varint(each << 3 | 1) + bytes(8), st.integers(5, 40)),
        st.builds(lambda each: varint(each << 3 | 5) + bytes(4), st.integers(5, 40)),
    )
    return st.lists(st.one_of(*known, unknown), max_size=6).map(b"".join)


times = fields(
    st.builds(number, st.just(1), numbers),
    st.builds(number, st.just(2), st.one_of(st.integers(0, 10**9 - 1), numbers)),
)
pairs = fields(st.builds(block, st.just(1), texts), st.builds(block, st.just(2), texts))
entries = fields(
    st.builds(block, st.just(1), st.one_of(times, st.just(number(1, 5)))),
    st.builds(block, st.just(2), texts),
    st.builds(block, st.just(3), pairs),
    st.builds(block, st.just(4), texts),
)
streams = fields(
    st.builds(block, st.just(1), texts), st.builds(block, st.just(2), entries), st.builds(number, st.just(3), numbers)
)
messages = fields(st.builds(block, st.just(1), streams), st.builds(block, st.just(2), texts))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A message with some bytes changed, cut out or put in."""
    data = bytearray(draw(messages))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(data)


def outcome(run: Any, data: bytes, room: int) -> list[list[int]]:
    """What a walk notes in arrays of this room; only the fault and its place when there is one."""
    body = np.frombuffer(data, np.uint8)
    counts = np.zeros(COUNTS, np.int64)
    arrays: list[NDArray[Any]] = [
        np.full((2, room), -7, np.int32),
        np.full(room, -7, np.int32),
        np.full(room, -7, np.int64),
    ]
    arrays += [np.full((2, room), -7, np.int32), np.full(room, -7, np.int32), np.full((4, room), -7, np.int32)]
    fault = run(body, counts, *arrays)
    if fault:
        return [[fault, int(counts[POSITION])]]
    return [counts.tolist(), *(array.tolist() for array in arrays)]


@given(data=st.one_of(messages, damaged(), st.binary(max_size=60)), room=st.integers(0, 20))
def test_kernel_and_twin_agree(data: bytes, room: int) -> None:
    assert outcome(walk, data, room) == outcome(walk.twin, data, room)


@given(data=messages)
def test_a_message_cut_short_is_never_read_beyond_its_end(data: bytes) -> None:
    for size in range(0, len(data), 1 + len(data) // 40):
        assert outcome(walk, data[:size], 4) == outcome(walk.twin, data[:size], 4)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\x0a", 1),
        (b"\x0a\x05abc", 1),
        (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 1),
        (b"\x80" * 10 + b"\x01", 2),
        (b"\xff" * 9 + b"\x02", 2),
        (b"\x02\x00", 3),
        (varint(2**32 << 3 | 2) + b"\x00", 3),
        (b"\x0b\x0c", 4),
        (b"\x0e", 4),
        (b"\x08\x01", 5),
        (block(1, number(1, 1)), 5),
        (block(1, block(2, number(2, 1))), 5),
        (block(1, block(2, block(1, block(1, b"")))), 5),
        (block(1, block(2, block(3, number(1, 1)))), 5),
        (block(1, block(2, block(1, number(2, 10**9)))), 6),
        (block(1, block(2, block(1, number(2, -1)))), 6),
        (block(1, block(2, block(1, number(1, -62_135_596_801)))), 6),
        (block(1, block(2, block(1, number(1, 253_402_300_800)))), 6),
    ],
)
@pytest.mark.parametrize("run", [walk, walk.twin])
def test_malformed_messages_are_refused_by_their_cause(run: Any, data: bytes, fault: int) -> None:
    assert outcome(run, data, 4)[0][0] == fault
