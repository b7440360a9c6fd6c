"""Promises P1 and P2: what was answered with 204 survives SIGKILL, and is there once, also when sent again.

TESTS_CRASH_ROUNDS says how often each test kills the server (default 3), TESTS_CRASH_SEED when.
"""

from __future__ import annotations

import http.client
import os
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.end_to_end.conftest import ServerMaker
from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.ledger import Ledger
from tests.end_to_end.pusher import Pushers, push, read_all
from tests.end_to_end.server_process import ServerProcess

ROUNDS = int(os.environ.get("TESTS_CRASH_ROUNDS", "3"))
SEED = int(os.environ.get("TESTS_CRASH_SEED", "1"))

NO_LIMITS = {
    "ingestion_rate_mb": 1000,
    "ingestion_burst_size_mb": 1000,
    "max_entries_limit_per_query": 0,
    "max_query_series": 0,
}
CALM: dict[str, Any] = {"limits_config": NO_LIMITS}
# Heads of a few requests and segments of some more: the server flushes and drops segments all the time.
RESTLESS: dict[str, Any] = {
    "limits_config": NO_LIMITS,
    "storage": {"head_size": "64KB", "wal_segment_size": "128KB", "wal_size": "512KB"},
}

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("settings", [CALM, RESTLESS], ids=["calm", "restless"])]


@pytest.fixture
def delays_s() -> Iterator[float]:
    """When to kill, counted from the first push."""
    chosen = random.Random(SEED)
    return (chosen.uniform(0.05, 0.8) for _ in range(ROUNDS))


def load_and_kill(server: ServerProcess, ledger: Ledger, run: str, delay_s: float) -> None:
    with Pushers(server.client(), ledger, run) as pushers:
        time.sleep(delay_s)
        server.kill()
    assert pushers.refusals == []
    server.start()


def check(server: ServerProcess, ledger: Ledger, perhaps: set[str], story: str) -> None:
    breaches = ledger.breaches(read_all(server.client()), perhaps)
    assert breaches == [], f"{story} (seed {SEED})\n{server.log_tail()}"


def test_every_acknowledged_line_is_there_once(
    make_server: ServerMaker, settings: dict[str, Any], delays_s: Iterator[float]
) -> None:
    server, ledger = make_server(settings), Ledger()
    perhaps: set[str] = set()
    for number, delay_s in enumerate(delays_s):
        load_and_kill(server, ledger, f"round {number}", delay_s)
        perhaps |= ledger.forgive_unanswered()
        assert ledger.breaches(read_all(server.client()), perhaps) == [], (
            f"round {number}, killed after {delay_s:.3f} s"
        )
    assert ledger.acknowledged_count > 0


def test_a_request_sent_again_after_the_crash_is_there_once(
    make_server: ServerMaker, settings: dict[str, Any], delays_s: Iterator[float]
) -> None:
    server, ledger = make_server(settings), Ledger()
    for number, delay_s in enumerate(delays_s):
        load_and_kill(server, ledger, f"round {number}", delay_s)
        for request in ledger.take_unanswered():
            assert push(server.client(), request).status == 204
            ledger.acknowledge(request)
        check(server, ledger, set(), f"round {number}, killed after {delay_s:.3f} s")


def flush_until(client: HttpClient, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            client.post("/flush")
        except (OSError, http.client.HTTPException):
            return


def test_a_kill_in_the_middle_of_a_flush_loses_and_doubles_nothing(
    make_server: ServerMaker, settings: dict[str, Any], delays_s: Iterator[float]
) -> None:
    server, ledger = make_server(settings), Ledger()
    perhaps: set[str] = set()
    for number, delay_s in enumerate(delays_s):
        stop = threading.Event()
        flusher = threading.Thread(target=flush_until, args=(server.client(), stop))
        flusher.start()
        load_and_kill(server, ledger, f"round {number}", delay_s)
        stop.set()
        flusher.join()
        perhaps |= ledger.forgive_unanswered()
        assert ledger.breaches(read_all(server.client()), perhaps) == [], (
            f"round {number}, killed after {delay_s:.3f} s"
        )


def test_an_orderly_stop_keeps_everything(make_server: ServerMaker, settings: dict[str, Any]) -> None:
    server, ledger = make_server(settings), Ledger()
    for number in range(2):
        with Pushers(server.client(), ledger, f"round {number}") as pushers:
            time.sleep(0.3)
        assert pushers.refusals == []
        assert server.stop() == 0
        server.start()
        check(server, ledger, set(), f"round {number}")
