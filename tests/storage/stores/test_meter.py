"""A meter counts the work of its own context, in whichever threads it is done, and nobody else's."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest

from storage.stores.meter import OPERATION_SECONDS, Meter, Operation, count_usage, metering


def test_work_counts_for_everybody_and_for_the_meter_it_is_done_under() -> None:
    total, own, other = Meter(), Meter(), Meter()
    count_usage(total, requests=1)
    with metering(own):
        count_usage(total, requests=2, bytes_read=10)
        with metering(other):
            count_usage(total, requests=4)
        count_usage(total, retries=1)
    count_usage(total, requests=8)
    assert (total.usage.requests, total.usage.bytes_read, total.usage.retries) == (15, 10, 1)
    assert (own.usage.requests, own.usage.bytes_read, own.usage.retries) == (2, 10, 1)
    assert other.usage.requests == 4


def test_calls_are_counted_by_operation_and_what_is_not_there_is_no_failure() -> None:
    meter = Meter()
    for error in (FileNotFoundError("gone"), OSError("away"), OSError("away")):
        with pytest.raises(OSError, match=str(error)), meter.operation("get_object"):
            raise error
    with meter.operation("get_object"):
        pass
    with meter.operation("put_object"):
        pass
    found = meter.operations["get_object"]
    assert (found.calls, found.failures, sum(found.within)) == (4, 2, 4)
    assert meter.operations["put_object"].calls == 1


@pytest.mark.parametrize(("seconds", "place"), [(0.0, 0), (0.001, 0), (0.2, 3), (500.0, len(OPERATION_SECONDS))])
def test_calls_are_sorted_by_their_time(seconds: float, place: int) -> None:
    operation = Operation()
    operation.add(seconds, has_failed=False)
    assert operation.within.index(1) == place


def test_threads_count_for_the_work_that_started_them() -> None:
    total, meters = Meter(), [Meter() for _ in range(4)]
    together = threading.Barrier(4, timeout=30)

    def work(amount: int) -> None:
        together.wait()
        for _ in range(amount):
            count_usage(total, requests=1)

    with ThreadPoolExecutor(4) as pool:
        futures = []
        for amount, meter in enumerate(meters):
            with metering(meter):
                futures.append(pool.submit(copy_context().run, work, amount * 100))
        for future in futures:
            future.result()
    assert [meter.usage.requests for meter in meters] == [0, 100, 200, 300]
    assert total.usage.requests == 600
