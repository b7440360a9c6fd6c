"""Delivery: acknowledgements, waiting for room, the spool over outages and restarts, refusals, adoption."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest_client.delivery.delivery import Delivery
from tests.ingest_client.clients import quick_settings
from tests.ingest_client.receiver import OK, RESET, RESET_AFTER_KEEPING, Receiver, Reply, receiving, refusal, script

NOWHERE = "http://127.0.0.1:9"


def delivery_to(url: str, directory: Path | None = None, **changes: Any) -> Delivery:
    """A delivery with short waits."""
    return Delivery(quick_settings(url, directory=str(directory) if directory else None, **changes), {"job": "own"})


def put(delivery: Delivery, lines: list[str], acknowledged: list[str] | None = None, **options: Any) -> bool:
    """Put lines of one stream; what is acknowledged is noted."""
    stream = delivery.stream({"job": "test"})
    stamp = time.time_ns()
    on_acknowledged = None if acknowledged is None else lambda: acknowledged.extend(lines)
    return delivery.put([(stream, stamp, line, None) for line in lines], on_acknowledged, **options)


def distinct(receiver: Receiver) -> list[str]:
    """The lines that a server keeps: equal lines of one nanosecond once, in order of their times."""
    return [line for _, line in sorted({(int(value[0]), value[1]) for value in receiver.values})]


def numbered(first: int, count: int) -> list[str]:
    return [f"line {number:05d}" for number in range(first, first + count)]


def test_a_put_is_acknowledged_when_the_server_has_it() -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def reply() -> Reply:
        asked.set()
        may_answer.wait(5)
        return OK

    acknowledged: list[str] = []
    with receiving(reply) as receiver, delivery_to(receiver.url) as delivery:
        assert put(delivery, ["a", "b"], acknowledged)
        assert asked.wait(5)
        assert acknowledged == []
        may_answer.set()
        assert delivery.flush(5)
        assert acknowledged == ["a", "b"]
        assert receiver.lines == ["a", "b"]


@pytest.mark.parametrize("status", [400, 422, 260])
def test_a_refused_put_is_acknowledged_too_or_its_reader_would_never_go_on(status: int) -> None:
    acknowledged: list[str] = []
    with receiving(lambda: refusal(status)) as receiver, delivery_to(receiver.url) as delivery:
        assert put(delivery, ["a"], acknowledged)
        assert delivery.flush(5)
        assert acknowledged == ["a"]
        assert delivery.counters.dropped_rejected == 1


def test_without_a_spool_nothing_is_acknowledged_while_the_server_is_away() -> None:
    acknowledged: list[str] = []
    delivery = delivery_to(NOWHERE)
    put(delivery, ["a"], acknowledged)
    assert not delivery.flush(0.1)
    delivery.close(0.1)
    assert acknowledged == []
    assert delivery.counters.dropped_undelivered == 1


def test_with_a_spool_a_put_is_acknowledged_when_it_is_durable(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    delivery = delivery_to(NOWHERE, tmp_path, spool_sync="always")
    put(delivery, ["a"], acknowledged)
    assert delivery.flush(5)
    assert acknowledged == ["a"]
    assert delivery.counters.spooled == 1
    delivery.close()
    assert delivery.counters.dropped == 0


def test_a_full_queue_makes_the_caller_wait_and_takes_all_or_nothing() -> None:
    delivery = delivery_to(NOWHERE, max_entries=10)
    assert put(delivery, numbered(0, 10))
    taken = 10
    while put(delivery, numbered(0, 6), timeout_s=0.2):
        taken += 6
    counters = delivery.counters
    assert counters.accepted == taken
    assert counters.queued <= 10
    delivery.close(0.0)


def test_a_put_larger_than_the_queue_is_taken_when_it_is_alone() -> None:
    with receiving() as receiver, delivery_to(receiver.url, max_entries=10) as delivery:
        assert put(delivery, numbered(0, 100), timeout_s=5)
        assert delivery.flush(5)
        assert receiver.lines == numbered(0, 100)


def test_closing_wakes_a_caller_that_waits() -> None:
    delivery = delivery_to(NOWHERE, max_entries=1)
    put(delivery, ["a"])
    answers: list[bool] = []
    caller = threading.Thread(target=lambda: answers.extend(put(delivery, ["b", "c"]) for _ in range(3)))
    caller.start()
    time.sleep(0.05)
    delivery.close(0.0)
    caller.join(5)
    assert answers[-1:] == [False]


def test_lines_of_an_outage_arrive_after_restarts_of_the_client_once_each(tmp_path: Path) -> None:
    for number in range(3):
        delivery = delivery_to(NOWHERE, tmp_path)
        put(delivery, numbered(number * 100, 100))
        delivery.close()
        assert delivery.counters.dropped == 0
    (tmp_path / "elsewhere").mkdir()
    with receiving() as receiver:
        for owner in tmp_path.glob("*/lock"):
            owner.write_text(owner.read_text().replace(NOWHERE, receiver.url))
        with delivery_to(receiver.url, tmp_path) as delivery:
            put(delivery, numbered(300, 100))
            assert receiver.await_lines(400)
        assert sorted(receiver.lines) == numbered(0, 400)
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]


def test_lines_for_another_server_or_tenant_are_left_alone(tmp_path: Path) -> None:
    delivery = delivery_to(NOWHERE, tmp_path)
    put(delivery, ["elsewhere"])
    delivery.close()
    with receiving() as receiver:
        with delivery_to(receiver.url, tmp_path) as delivery:
            put(delivery, ["here"])
        assert receiver.lines == ["here"]
    assert len(list(tmp_path.glob("*/spool/*.seg"))) == 1


def test_new_lines_go_before_the_backlog(tmp_path: Path) -> None:
    up, said = threading.Event(), threading.Event()

    def reply() -> Reply:
        if up.is_set() and len(receiver.lines) >= 50:
            said.wait(10)
        return OK if up.is_set() else refusal(503)

    with receiving(reply) as receiver:
        delivery = delivery_to(receiver.url, tmp_path, batch_bytes=1)
        for number in range(50):
            put(delivery, numbered(number * 10, 10))
        assert delivery.flush(5)
        assert delivery.counters.spooled == 500
        up.set()
        receiver.await_lines(50)
        put(delivery, ["now"])
        said.set()
        assert len(receiver.await_lines(501)) == 501
        assert receiver.lines.index("now") <= 100
        assert distinct(receiver) == [*numbered(0, 500), "now"]
        delivery.close()


def poisonous(poison: set[str], requests: list[int]) -> Any:
    """Refuses pushes with a poisonous line in them, stores the others."""

    def judge(lines: list[str]) -> Reply:
        requests.append(len(lines))
        return refusal(400, "entry is poison") if poison & set(lines) else OK

    return judge


def test_one_poisonous_line_costs_itself_and_few_requests(tmp_path: Path) -> None:
    requests: list[int] = []
    lines = numbered(0, 5000)
    with receiving(judge=poisonous({lines[3333]}, requests)) as receiver:
        with delivery_to(receiver.url, tmp_path) as delivery:
            put(delivery, lines)
            assert delivery.flush(20)
            assert delivery.counters.delivered == 4999
            assert delivery.counters.dropped_rejected == 1
        assert sorted(set(receiver.lines)) == [line for line in lines if line != lines[3333]]
    assert len(requests) <= 30
    (letter,) = map(json.loads, (tmp_path / "deadletters.jsonl").read_text().splitlines())
    assert letter["line"] == lines[3333]
    assert letter["stream"] == {"job": "test"}
    assert "entry is poison" in letter["reason"]


def test_a_batch_that_is_poison_throughout_costs_a_bounded_number_of_requests(tmp_path: Path) -> None:
    requests: list[int] = []
    lines = numbered(0, 2000)
    judge = poisonous(set(lines), requests)
    with receiving(judge=judge) as receiver, delivery_to(receiver.url, tmp_path) as delivery:
        put(delivery, lines)
        assert delivery.flush(20)
        assert delivery.counters.dropped_rejected == 2000
    assert len(requests) <= 70
    assert len((tmp_path / "deadletters.jsonl").read_text().splitlines()) == 2000


def test_a_push_that_is_too_large_is_halved_until_it_fits() -> None:
    with receiving(judge=lambda lines: refusal(413) if len(lines) > 30 else OK) as receiver:
        with delivery_to(receiver.url) as delivery:
            put(delivery, numbered(0, 500))
            assert delivery.flush(5)
            assert delivery.counters.delivered == 500
        assert receiver.lines == numbered(0, 500)


MISHAPS = st.sampled_from([OK, RESET, RESET_AFTER_KEEPING, refusal(500), refusal(429), refusal(401), refusal(503)])


@settings(max_examples=20, deadline=None)
@given(
    mishaps=st.lists(MISHAPS, max_size=15),
    bursts=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    restarts=st.booleans(),
)
def test_whatever_the_server_does_every_line_arrives_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, mishaps: list[Reply], bursts: list[int], restarts: bool
) -> None:
    directory = tmp_path_factory.mktemp("state")
    with receiving(script(*mishaps)) as receiver:
        delivery = delivery_to(receiver.url, directory, batch_bytes=2_000)
        acknowledged: list[str] = []
        sent = 0
        for burst in bursts:
            assert put(delivery, numbered(sent, burst), acknowledged)
            sent += burst
            if restarts:
                delivery.close(0.05)
                delivery = delivery_to(receiver.url, directory, batch_bytes=2_000)
        deadline_s = time.monotonic() + 10
        while len(distinct(receiver)) < sent and time.monotonic() < deadline_s:
            time.sleep(0.01)
        delivery.close()
        # The answer to the last push may have been lost: then the next process sends it again, and tidies up.
        while list(directory.iterdir()) and time.monotonic() < deadline_s:
            delivery_to(receiver.url, directory).close()
        assert list(directory.iterdir()) == []
        assert distinct(receiver) == numbered(0, sent)
        assert acknowledged == numbered(0, sent)


def test_counters_are_metrics() -> None:
    with receiving() as receiver, delivery_to(receiver.url) as delivery:
        put(delivery, ["a"])
        assert delivery.flush(5)
        text = delivery.counters.metrics_text()
    assert "ingest_client_sent_entries_total 1\n" in text
    assert 'ingest_client_dropped_entries_total{reason="spool_full"} 0\n' in text
    assert text.count("# TYPE ingest_client_dropped_entries_total counter\n") == 1
