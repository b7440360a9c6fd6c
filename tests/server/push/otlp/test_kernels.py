"""The walk over a request: kernel and twin agree on whatever bytes come."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from server.push.otlp.kernels import walk
from server.push.otlp.wire import COUNTS, POSITION
from tests.server.push.wire import block, number, varint

walk.load()

numbers = st.one_of(st.integers(0, 300), st.integers(-(2**63), 2**63 - 1))
texts = st.binary(max_size=40)


def wide(field: int, value: int) -> bytes:
    return varint(field << 3 | 1) + struct.pack("<Q", value)


def narrow(field: int, value: int) -> bytes:
    return varint(field << 3 | 5) + struct.pack("<I", value)


def fields(*known: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    unknown = st.one_of(
        st.builds(block, st.integers(12, 4000), texts),
        st.builds(number, st.integers(12, 4000), numbers),
        st.builds(wide, st.integers(12, 40), st.just(0)),
        st.builds(narrow, st.integers(12, 40), st.just(0)),
    )
    return st.lists(st.one_of(*known, unknown), max_size=6).map(b"".join)


words = st.one_of(st.just(0), st.integers(0, 2**64 - 1))
values = fields(
    st.builds(block, st.sampled_from([1, 5, 6, 7]), texts),
    st.builds(number, st.sampled_from([2, 3]), numbers),
    st.builds(wide, st.just(4), words),
)
attributes = fields(st.builds(block, st.just(1), texts), st.builds(block, st.just(2), values))
ids = st.one_of(st.binary(min_size=16, max_size=16), st.binary(min_size=8, max_size=8), st.just(bytes(8)), st.just(b""))
records = fields(
    st.builds(wide, st.sampled_from([1, 11]), words),
    st.builds(number, st.sampled_from([2, 7]), numbers),
    st.builds(block, st.just(3), texts),
    st.builds(block, st.just(5), values),
    st.builds(block, st.just(6), attributes),
    st.builds(narrow, st.just(8), st.integers(0, 2**32 - 1)),
    st.builds(block, st.just(9), st.one_of(st.just(bytes(range(16))), ids)),
    st.builds(block, st.just(10), st.one_of(st.just(bytes(range(8))), ids)),
)
scopes = fields(st.builds(block, st.just(1), texts), st.builds(block, st.just(2), records))
resources = fields(st.builds(block, st.just(1), texts), st.builds(block, st.just(2), scopes))
messages = fields(st.builds(block, st.just(1), resources))


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
    counts = np.zeros(COUNTS, np.int64)
    shapes: list[tuple[tuple[int, ...], type]] = [
        ((2, room), np.int32),
        ((3, room), np.int32),
        ((room,), np.int32),
        ((room,), np.int64),
        ((2, room), np.int32),
        ((room,), np.int32),
        ((4, room), np.int32),
        ((2, room), np.int32),
        ((room * 8,), np.uint8),
    ]
    arrays: list[NDArray[Any]] = [np.full(shape, 7, kind) for shape, kind in shapes]
    fault = run(np.frombuffer(data, np.uint8), counts, *arrays)
    if fault:
        return [[fault, int(counts[POSITION])]]
    return [counts.tolist(), *(array.tolist() for array in arrays)]


@given(data=st.one_of(messages, damaged(), st.binary(max_size=60)), room=st.integers(0, 20))
def test_kernel_and_twin_agree(data: bytes, room: int) -> None:
    assert outcome(walk, data, room) == outcome(walk.twin, data, room)


@given(record=records, room=st.integers(0, 20))
def test_they_agree_on_one_record(record: bytes, room: int) -> None:
    data = block(1, block(2, block(2, record)))
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
        (b"\x80" * 10 + b"\x01", 2),
        (b"\x02\x00", 3),
        (b"\x0b\x0c", 4),
        (b"\x08\x01", 5),
        (block(1, number(1, 1)), 5),
        (block(1, number(3, 1)), 5),
        (block(1, block(2, number(2, 1))), 5),
        *(
            (block(1, block(2, block(2, record))), fault)
            for record, fault in [
                (number(1, 1), 5),
                (wide(2, 1), 5),
                (number(3, 1), 5),
                (number(5, 1), 5),
                (block(5, number(1, 1)), 5),
                (block(5, block(4, b"")), 5),
                (block(5, b"\x21abc"), 1),
                (number(6, 1), 5),
                (block(6, number(1, 1)), 5),
                (block(6, block(2, number(6, 1))), 5),
                (number(8, 1), 5),
                (block(9, b"x"), 7),
                (block(9, bytes(8)), 7),
                (block(10, bytes(16)), 7),
                (number(11, 1), 5),
            ]
        ),
    ],
)
@pytest.mark.parametrize("run", [walk, walk.twin])
def test_malformed_messages_are_refused_by_their_cause(run: Any, data: bytes, fault: int) -> None:
    assert outcome(run, data, 4)[0][0] == fault
