"""The bucket of each stream: of what does not fit the first rows do, and a refusal names the rest."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from server.admission import StreamRates
from server.limits import PushLimits
from tests.server.admission.batches import batch_of

LIMITS = PushLimits(per_stream_rate_limit=500, per_stream_rate_limit_burst=1000)
PUSHES = st.lists(
    st.tuples(st.floats(0, 3), st.lists(st.tuples(st.integers(0, 2), st.integers(0, 700)), max_size=6)), max_size=8
)


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@given(PUSHES)
def test_each_stream_gets_the_first_rows_that_its_bucket_holds(
    pushes: list[tuple[float, list[tuple[int, int]]]],
) -> None:
    clock, left = Clock(), dict.fromkeys(range(3), 1000.0)
    rates = StreamRates(clock)
    for passed_s, rows in pushes:
        clock.now_s += passed_s
        left = {number: min(1000.0, each + 500 * passed_s) for number, each in left.items()}
        batch = batch_of([{"n": str(number)} for number in range(3)], [number for number, _ in rows])
        ruling = rates.check("t", batch, np.array([size for _, size in rows], np.int64), LIMITS)
        expected, full = list[bool](), set[int]()
        for number, size in rows:
            if size > left[number]:
                full.add(number)
            expected.append(number not in full)
            left[number] -= size if expected[-1] else 0
        assert (ruling is None) == all(expected)
        assert ruling is None or (ruling.kept is not None and ruling.kept.tolist() == expected)


def test_the_refusal_names_rows_stream_and_limit() -> None:
    batch = batch_of([{"a": "b"}], [0, 0, 0])
    ruling = StreamRates(Clock()).check("t5", batch, np.array([900, 153, 200]), LIMITS)
    assert ruling is not None
    assert ruling.refusal is not None
    assert (ruling.refusal.status, str(ruling.reason)) == (429, "per_stream_rate_limit")
    first, second, closing = ruling.refusal.text.splitlines()
    assert first == (
        "entry with timestamp 1970-01-01 00:00:01 +0000 UTC ignored, reason: 'Per stream rate limit exceeded (limit: "
        "500B/sec) while attempting to ingest for stream '{a=\"b\"}' totaling 153B, consider splitting a stream via "
        "additional labels or contact your Loki administrator to see if the limit can be increased',"
    )
    assert second.startswith("entry with timestamp 1970-01-01 00:00:02 +0000 UTC ignored, reason: '")
    assert closing == "user 't5', total ignored: 2 out of 3 for stream: {a=\"b\"}"


def test_texts_of_many_rows_and_streams_have_an_end() -> None:
    batch = batch_of([{"n": str(number)} for number in range(50)], [row % 50 for row in range(5000)])
    ruling = StreamRates(Clock()).check("t", batch, np.full(5000, 2000), LIMITS)
    assert ruling is not None
    assert ruling.refusal is not None
    assert len(ruling.refusal.text.splitlines()) == 10 * 11


def test_tenants_do_not_share_and_the_limit_can_be_off() -> None:
    rates, batch, sizes = StreamRates(Clock()), batch_of([{"a": "b"}], [0]), np.array([1000])
    assert rates.check("a", batch, sizes, LIMITS) is None
    assert rates.check("b", batch, sizes, LIMITS) is None
    assert rates.check("a", batch, sizes, LIMITS) is not None
    assert rates.check("a", batch, sizes, PushLimits(per_stream_rate_limit=0)) is None
