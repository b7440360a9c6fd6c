"""The bounded queue against a simple model, and under threads."""

from __future__ import annotations

import threading
from sys import getsizeof

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_client.entries.entry import Entry, Stream
from ingest_client.sources.buffer import Buffer

STREAM = Stream((("job", "test"),))
LINE_COST = getsizeof("x" * 100) + 200


def append(buffer: Buffer, line: str, important: bool = False) -> None:
    """Add one line of the only stream."""
    buffer.append(STREAM, 1, line, None, important)


def lines(entries: list[Entry]) -> list[str]:
    """The lines of entries."""
    return [entry.line for entry in entries]


def model(lines_in: list[tuple[str, bool]], max_entries: int, drop_newest: bool) -> list[str]:
    """What a full queue must hold, written out naively."""
    held: list[tuple[str, bool]] = []
    for line, important in lines_in:
        if len(held) >= max_entries:
            ordinary = [index for index, (_, heavy) in enumerate(held) if not heavy]
            if drop_newest and (not important or not ordinary):
                continue
            if not drop_newest and not important and not ordinary:
                continue
            held.pop((ordinary[-1] if drop_newest else ordinary[0]) if ordinary else 0)
        held.append((line, important))
    return [line for line, _ in held]


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 8), st.booleans())
def test_a_full_queue_drops_by_policy_and_keeps_the_order(
    importance: list[bool], max_entries: int, drop_newest: bool
) -> None:
    buffer = Buffer(max_entries, 1_000_000, drop_newest)
    lines_in = [(str(number), important) for number, important in enumerate(importance)]
    for line, important in lines_in:
        append(buffer, line, important)
        assert len(buffer) <= max_entries
    held = lines(buffer.take(1_000_000).entries)
    assert held == model(lines_in, max_entries, drop_newest)
    assert buffer.accepted == len(held) + buffer.dropped
    assert buffer.held_bytes == 0


@given(st.lists(st.tuples(st.integers(0, 3000), st.booleans()), max_size=60), st.booleans())
def test_the_byte_bound_is_never_exceeded(sizes: list[tuple[int, bool]], drop_newest: bool) -> None:
    buffer = Buffer(1000, 5_000, drop_newest)
    for size, important in sizes:
        append(buffer, "x" * size, important)
        assert buffer.held_bytes <= 5_000
    taken = buffer.take(1_000_000).entries
    assert len(taken) + buffer.dropped == buffer.accepted == len(sizes)
    assert buffer.held_bytes == 0


@pytest.mark.parametrize("drop_newest", [False, True])
def test_a_line_larger_than_the_queue_is_dropped_and_pushes_nothing_out(drop_newest: bool) -> None:
    buffer = Buffer(10, 2_000, drop_newest)
    append(buffer, "small")
    append(buffer, "x" * 3_000, important=True)
    assert lines(buffer.take(10_000).entries) == ["small"]
    assert buffer.dropped == 1


@pytest.mark.parametrize(("max_bytes", "count"), [(1, 1), (LINE_COST, 1), (LINE_COST + 1, 2), (10 * LINE_COST, 5)])
def test_take_stops_at_the_wanted_size_but_takes_at_least_one(max_bytes: int, count: int) -> None:
    buffer = Buffer(100, 1_000_000)
    for _ in range(5):
        append(buffer, "x" * 100)
    assert len(buffer.take(max_bytes).entries) == count
    assert len(buffer) == 5 - count


def test_threads_cannot_unbalance_the_counters() -> None:
    buffer = Buffer(50, 20_000)
    highest = 0
    taken = 0
    stop = threading.Event()

    def produce() -> None:
        for number in range(20_000):
            append(buffer, "x" * (number % 50), important=number % 7 == 0)

    def consume() -> None:
        nonlocal highest, taken
        while not stop.is_set():
            highest = max(highest, len(buffer))
            taken += len(buffer.take(3_000).entries)

    producers = [threading.Thread(target=produce) for _ in range(4)]
    consumer = threading.Thread(target=consume)
    for thread in [*producers, consumer]:
        thread.start()
    for thread in producers:
        thread.join()
    stop.set()
    consumer.join()
    taken += len(buffer.take(1_000_000).entries)
    assert highest <= 50 + len(producers)
    assert buffer.held_bytes == 0
    assert len(buffer) == 0
    assert taken + buffer.dropped == buffer.accepted == 80_000


def test_an_append_inside_an_append_is_safe() -> None:
    class Logging(str):
        """A line whose size is asked for during append: the moment in which a finaliser may log as well."""

        __slots__ = ()

        def __sizeof__(self) -> int:
            append(buffer, "inner")
            return 50

    buffer = Buffer(10, 100_000)
    append(buffer, Logging("outer"))
    assert lines(buffer.take(100_000).entries) == ["inner", "outer"]
    assert buffer.held_bytes == 0
