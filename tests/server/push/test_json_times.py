"""Timestamps of a JSON push that do not fit into 64 bits: what is said of them, and where they are shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.push.errors import PushError
from server.push.json_times import TimeOverflow, times_of
from tests.server.push.wire import push_body

CAUSE = (
    "loghttp.PushRequest.Streams: []loghttp.LogProtoStream: unmarshalerDecoder: "
    "Value is number, but overflowed while parsing"
)
BIG = "9223372036854775808"
GOOD = '{"values":[["1","x"]]}'


def bad(line: str = "x", ts: str = BIG) -> str:
    return f'{{"values":[["{ts}","{line}"]]}}'


def sent(*streams: str, before: str = "", name: str = "streams") -> str:
    return "{" + before + f'"{name}":[' + ",".join(streams) + "]}"


def refusal(body: str) -> str:
    with pytest.raises(PushError) as caught:
        push_body(body.encode())
    assert caught.value.status == 400
    assert caught.value.text.startswith(CAUSE)
    return caught.value.text.removeprefix(CAUSE)


@pytest.mark.parametrize(
    ("body", "near", "wide"),
    [
        (sent(bad()), '08","x"]]}]}', 'streams":[{"values":[["9223372036854775808","x"]]}]}'),
        (
            sent("{} ", GOOD, f" {bad('a longer line')} "),
            'r line"]]} ]}',
            'values":[["9223372036854775808","a longer line"]]} ]}',
        ),
        (
            sent(GOOD, bad("é"), GOOD, before='"before" : {"streams":[1]} , ', name="Streams"),
            '8","é"]]},{"values"',
            '","x"]]},{"values":[["9223372036854775808","é"]]},{"values":[["1","x"]]}]}',
        ),
    ],
)
def test_the_end_of_its_stream_is_shown(body: str, near: str, wide: str) -> None:
    assert refusal(body) == f", error found in #10 byte of ...|{near}|..., bigger context ...|{wide}|..."


@pytest.mark.parametrize(
    "body",
    [
        sent(bad(), before='"streams":[],'),
        sent(bad(), before='"a":' + "[" * 1000 + "]" * 1000 + ","),
        sent(bad("x" * (1 << 20))),
    ],
    ids=["named twice", "nested deeply", "long"],
)
def test_where_it_cannot_be_told_the_cause_alone_is(body: str) -> None:
    assert refusal(body) == ""


@pytest.mark.parametrize("ts", [BIG, "-9223372036854775809", "9999999999999999999", "9" * 5000])
def test_numbers_beyond_64_bits_overflow(ts: str) -> None:
    with pytest.raises(TimeOverflow) as caught:
        times_of([["1", "x"], [ts, "y"]])
    assert caught.value.row == 1


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(10**18, (1 << 63) - 1), min_size=1))
def test_all_others_are_read(times: list[int]) -> None:
    assert times_of([[str(time)] for time in times]).tolist() == times
    assert times_of([[str(time)] for time in times]).dtype == np.int64
