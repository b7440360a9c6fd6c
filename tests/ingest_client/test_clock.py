"""Clocks that are years off: lines wait, and are stamped anew once."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from ingest_client import clock as clocks
from ingest_client.clock import FIRST_SANE_NS, BootClock, Clock, corrected_after_death
from ingest_client.delivery.delivery import Delivery
from tests.ingest_client.clients import quick_client, quick_settings
from tests.ingest_client.receiver import OK, Reply, receiving, refusal

YEAR_NS = 365 * 86_400 * 10**9
SECOND_NS = 10**9


class Hands:
    """A wall clock and a boot clock to set."""

    def __init__(self, wall_ns: int) -> None:
        self.wall_ns, self.boot_ns = wall_ns, 1000 * SECOND_NS

    def pass_s(self, seconds: int) -> None:
        self.wall_ns += seconds * SECOND_NS
        self.boot_ns += seconds * SECOND_NS

    def clock(self) -> Clock:
        return Clock(lambda: self.wall_ns, lambda: self.boot_ns)


@pytest.mark.parametrize("wrong_ns", [0, 20 * YEAR_NS, FIRST_SANE_NS - 100 * SECOND_NS])
def test_lines_of_a_wrong_clock_get_the_time_that_boot_time_says(wrong_ns: int) -> None:
    hands = Hands(wrong_ns)
    clock = hands.clock()
    assert not clock.is_right()
    captured_ns = hands.wall_ns
    hands.pass_s(50)
    assert not clock.is_right()
    hands.pass_s(10)
    right_ns = FIRST_SANE_NS + 3 * YEAR_NS
    hands.wall_ns = right_ns
    assert clock.is_right()
    assert clock.corrected(captured_ns) == right_ns - 60 * SECOND_NS


def test_old_lines_of_a_right_clock_keep_their_times() -> None:
    clock = Hands(FIRST_SANE_NS + YEAR_NS).clock()
    assert clock.is_right()
    assert clock.corrected(5) == 5


def test_a_ring_of_the_same_boot_is_mended_by_boot_time_and_of_another_boot_ends_now() -> None:
    now = BootClock()
    wrong_offset_ns = now.offset_ns - 30 * YEAR_NS
    captured_ns = time.time_ns() - 30 * YEAR_NS - 60 * SECOND_NS
    same = corrected_after_death(wrong_offset_ns, now.boot_id, captured_ns)(captured_ns)
    other = corrected_after_death(wrong_offset_ns, b"another", captured_ns)(captured_ns)
    assert abs(time.time_ns() - 60 * SECOND_NS - same) < SECOND_NS
    assert abs(time.time_ns() - other) < SECOND_NS
    assert corrected_after_death(0, b"another", 7)(FIRST_SANE_NS) == FIRST_SANE_NS


def test_nothing_is_sent_until_the_clock_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "FIRST_SANE_NS", time.time_ns() + YEAR_NS)
    with receiving() as receiver, quick_client(receiver.url) as client:
        client.push("early", urgent=True)
        assert not client.flush(0.2)
        assert receiver.lines == []
        monkeypatch.setattr(clocks, "FIRST_SANE_NS", FIRST_SANE_NS)
        assert client.flush(5)
        assert receiver.lines == ["early"]


@pytest.mark.parametrize("ahead_ns", [2 * YEAR_NS, 3600 * SECOND_NS])
def test_lines_from_the_servers_future_are_set_to_its_time_once_and_keep_their_order(ahead_ns: int) -> None:
    def judge(lines: list[str]) -> Reply:
        # The receiver's clock is right, the client's is not: its lines are refused until they are moved.
        behind = formatdate((time.time_ns() - ahead_ns) / 1e9, usegmt=True)
        newest_ns = max(int(value[0]) for _, values in receiver.asked for value in values)
        early = newest_ns <= time.time_ns() - ahead_ns + 600 * SECOND_NS
        reply = OK if early else refusal(400, "entry too far in the future")
        return Reply(reply.status, reply.keep, reply.body, {"Date": behind})

    with receiving(judge=judge) as receiver:
        with Delivery(quick_settings(receiver.url), {"job": "own"}) as delivery:
            stream = delivery.stream({"job": "test"})
            for number in range(30):
                assert delivery.put([(stream, time.time_ns(), f"line {number:02d}", None)])
                if number % 10 == 9:
                    assert delivery.flush(5)
            assert delivery.counters.restamped == 30
        stamped = sorted((int(value[0]), value[1]) for value in receiver.values)
        assert [line for _, line in stamped] == [f"line {number:02d}" for number in range(30)]
        assert abs(time.time_ns() - ahead_ns - stamped[-1][0]) < 60 * SECOND_NS
