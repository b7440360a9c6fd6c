"""Merging stands back while much is logged, but only until too many parts have come."""

from __future__ import annotations

import threading

import pytest

from storage.merge.pace import MergeStopped, Pace
from storage.merge.traffic import MOST_PARTS, Traffic

MB = 1 << 20


class Log:
    """What a merger sees of a server: seconds, bytes logged, parts."""

    def __init__(self) -> None:
        self.now_s, self.logged, self.parts = 100.0, 5 * MB, 7
        self.traffic = Traffic(lambda: self.logged, lambda: self.parts, lambda: self.now_s)

    def after(self, seconds: float, logged: int = 0, parts: int = 0) -> bool:
        self.now_s, self.logged, self.parts = self.now_s + seconds, self.logged + logged, self.parts + parts
        return self.traffic.is_heavy()


@pytest.mark.parametrize(
    ("seconds", "logged", "is_heavy"),
    [(1, 0, False), (1, 3 * MB, False), (1, 5 * MB, True), (5, 5 * MB, False), (0.1, 50 * MB, False)],
)
def test_heavy_is_what_comes_faster_than_some_megabytes_a_second(seconds: float, logged: int, is_heavy: bool) -> None:
    assert Log().after(seconds, logged) == is_heavy


def test_it_is_light_again_as_soon_as_little_comes() -> None:
    log = Log()
    assert [log.after(1, 90 * MB), log.after(1, 90 * MB), log.after(1), log.after(1)] == [True, True, False, False]


def test_the_verdict_stands_until_enough_time_has_passed_for_another() -> None:
    log = Log()
    assert [log.after(1, 90 * MB), log.after(0.125), log.after(0.125)] == [True, True, False]


def test_a_load_that_never_ends_lets_no_more_parts_pile_up() -> None:
    log = Log()
    verdicts = [log.after(1, 90 * MB, parts=1) for _ in range(MOST_PARTS + 2)]
    assert verdicts == [True] * (MOST_PARTS - 1) + [False] * 3
    assert log.after(1, 90 * MB, parts=-3), "merged parts make room for new ones"
    assert not log.after(1)
    assert log.after(1, 90 * MB, parts=MOST_PARTS - 1), "from rest on parts are counted anew"


def test_a_pace_goes_on_when_it_need_not_wait_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.merge.pace._LOOK_AGAIN_S", 0.001)
    answers = iter([True, True, False])
    Pace(1.0, threading.Event(), lambda: next(answers))()
    assert next(answers, None) is None


def test_a_stop_ends_the_waiting() -> None:
    stopping = threading.Event()

    def must_wait() -> bool:
        stopping.set()
        return True

    with pytest.raises(MergeStopped):
        Pace(1.0, stopping, must_wait)()
