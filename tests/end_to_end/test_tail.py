"""Tails of a real server, read by a real WebSocket client."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.end_to_end.conftest import ServerMaker
from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.server_process import ServerProcess

TIMEOUT_S = 20.0
TAIL = "/loki/api/v1/tail"


@contextmanager
def _tail(
    server: ServerProcess, query: str, path: str = TAIL, headers: dict[str, str] | None = None, **parameters: object
) -> Iterator[ClientConnection]:
    url = f"ws://{server.address}{path}?{urlencode({'query': query, **parameters})}"
    with connect(url, additional_headers=headers, open_timeout=TIMEOUT_S) as socket_:
        yield socket_


def _push(client: HttpClient, labels: dict[str, str], *values: list[Any]) -> None:
    answer = client.push_json([{"stream": labels, "values": list(values)}])
    assert answer.status == 204, answer.text


def _lines(socket_: ClientConnection, count: int) -> list[str]:
    """The lines of the next messages, at least so many."""
    lines: list[str] = []
    while len(lines) < count:
        message = json.loads(socket_.recv(TIMEOUT_S))
        lines += [value[1] for stream in message["streams"] for value in stream["values"]]
    return lines


def _close_of(socket_: ClientConnection) -> tuple[int, str]:
    for _ in range(100):
        try:
            socket_.recv(TIMEOUT_S)
        except ConnectionClosed as closed:
            return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (0, "")
    raise AssertionError("it goes on sending")


def _eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _metric(client: HttpClient, name: str) -> float:
    return float(
        next(line for line in client.get("/metrics").text.splitlines() if line.startswith(name + " ")).split()[1]
    )


def test_history_comes_first_and_then_each_push(server: ServerProcess, client: HttpClient, mark: str) -> None:
    now = time.time_ns()
    _push(client, {"app": mark}, [str(now), "one"], [str(now + 1), "two"], [str(now + 2), "three"])
    with _tail(server, f'{{app="{mark}"}}', limit=2) as tail:
        assert _lines(tail, 2) == ["two", "three"]
        for number in range(3):
            _push(client, {"app": mark}, [str(time.time_ns()), f"live {number}"])
            _push(client, {"app": "other" + mark}, [str(time.time_ns()), "nothing to you"])
        assert _lines(tail, 3) == ["live 0", "live 1", "live 2"]


def test_live_lines_have_their_metadata_with_and_without_categories(
    server: ServerProcess, client: HttpClient, mark: str
) -> None:
    flags = {"X-Loki-Response-Encoding-Flags": "categorize-labels"}
    query = f'{{app="{mark}"}}'
    with (
        _tail(server, query) as plain,
        _tail(server, query, headers=flags) as rich,
        _tail(server, query, "/api/prom/tail") as old,
    ):
        _eventually(lambda: _metric(client, "loki_querier_tail_active") >= 3)
        now = str(time.time_ns())
        _push(client, {"app": mark}, [now, "level=info x", {"trace": "t1"}])
        labels = {"app": mark, "service_name": mark}
        metadata = {"detected_level": "info", "trace": "t1"}
        assert json.loads(plain.recv(TIMEOUT_S)) == {
            "streams": [{"stream": labels | metadata, "values": [[now, "level=info x"]]}]
        }
        assert json.loads(rich.recv(TIMEOUT_S)) == {
            "streams": [{"stream": labels, "values": [[now, "level=info x", {"structuredMetadata": metadata}]]}],
            "encodingFlags": ["categorize-labels"],
        }
        message = json.loads(old.recv(TIMEOUT_S))
        assert message["streams"][0]["entries"][0]["line"] == "level=info x"
        assert message["dropped_entries"] is None


def test_every_line_of_many_pushers_is_seen_once_and_in_order(
    server: ServerProcess, client: HttpClient, mark: str
) -> None:
    pushers, pushes, rows = 3, 15, 40
    begin = threading.Barrier(pushers + 1)

    def push(name: int) -> None:
        begin.wait()
        for number in range(pushes):
            now = time.time_ns()
            values = [[str(now + row), f"{name} {number * rows + row}"] for row in range(rows)]
            _push(client, {"app": mark, "pusher": str(name)}, *values)

    threads = [threading.Thread(target=push, args=(name,)) for name in range(pushers)]
    for thread in threads:
        thread.start()
    begin.wait()
    with _tail(server, f'{{app="{mark}"}} != "nothing"', limit=5000) as tail:
        lines = _lines(tail, pushers * pushes * rows)
    for thread in threads:
        thread.join()
    for name in range(pushers):
        own = [int(line.split()[1]) for line in lines if line.startswith(f"{name} ")]
        assert own == list(range(pushes * rows))


def test_delayed_lines_come_in_the_order_of_their_times(server: ServerProcess, client: HttpClient, mark: str) -> None:
    with _tail(server, f'{{app="{mark}"}}', delay_for=1) as tail:
        _eventually(lambda: _metric(client, "loki_querier_tail_active") >= 1)
        now = time.time_ns()
        for ts in (now, now - 1000, now - 2000):
            _push(client, {"app": mark}, [str(ts), str(ts)])
        lines = _lines(tail, 3)
        assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"query": ""}, "parse error : syntax error: unexpected $end"),
        ({"query": '{a="b"'}, "parse error at line 1, col 7: syntax error: unexpected $end, expecting } or ,"),
        ({"query": '{a="b"}', "delay_for": 6}, "delay_for can't be greater than 5"),
        ({"query": '{a="b"}', "limit": 0}, "limit must be a positive value"),
    ],
)
def test_bad_questions_are_refused_before_the_upgrade_and_without_it(
    server: ServerProcess, client: HttpClient, parameters: dict[str, object], text: str
) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://{server.address}{TAIL}?{urlencode(parameters)}"):
        pass
    assert (refused.value.response.status_code, bytes(refused.value.response.body or b"")) == (400, text.encode())
    plain = client.get(f"{TAIL}?{urlencode(parameters)}")
    assert (plain.status, plain.text) == (400, text)


def test_a_good_question_without_the_upgrade_is_a_bad_request(client: HttpClient) -> None:
    answer = client.get(TAIL, {"query": '{a="b"}'})
    assert (answer.status, answer.text) == (400, "Bad Request\n")


@pytest.mark.parametrize(
    ("query", "parameters", "reason"),
    [
        ('rate({a="b"}[1m])', {}, "only log selector is supported"),
        ('{a="b"}', {"limit": 9999}, "max entries limit per query exceeded, limit > max_entries_limit_per_query (9999"),
        ('{a="b"}', {"start": 0}, "the query time range exceeds the limit (query length: "),
    ],
)
def test_errors_after_the_upgrade_are_reasons(
    server: ServerProcess, query: str, parameters: dict[str, Any], reason: str
) -> None:
    with _tail(server, query, **parameters) as tail:
        code, told = _close_of(tail)
    assert code == 1011
    assert told.startswith(reason)
    assert len(told.encode()) <= 123


def test_the_number_of_tails_is_limited_and_places_come_back(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True, "limits_config": {"max_concurrent_tail_requests": 1}})
    client = server.client("a")
    mine = {"X-Scope-OrgID": "a"}
    with _tail(server, '{a="b"}', headers=mine) as first:
        _push(client, {"a": "b"}, [str(time.time_ns()), "x"])
        assert _lines(first, 1) == ["x"]
        with _tail(server, '{a="b"}', headers=mine) as second:
            assert _close_of(second) == (1011, "max concurrent tail requests limit exceeded, count > limit (2 > 1)")
        with _tail(server, '{a="b"}', headers={"X-Scope-OrgID": "b"}) as stranger:
            _push(client, {"a": "b"}, [str(time.time_ns()), "y"])
            assert _lines(first, 1) == ["y"]
            with pytest.raises(TimeoutError):
                stranger.recv(0.3)
    _eventually(lambda: _metric(client, "loki_querier_tail_active") == 0)
    with _tail(server, '{a="b"}', headers=mine) as third:
        assert _lines(third, 2) == ["x", "y"]
    for headers, status, text in (
        ({}, 401, b"no org id\n"),
        ({"X-Scope-OrgID": "a|b"}, 400, b"multiple org IDs present"),
    ):
        with pytest.raises(InvalidStatus) as refused, _tail(server, '{a="b"}', headers=headers):
            pass
        assert (refused.value.response.status_code, bytes(refused.value.response.body or b"")) == (status, text)


def test_old_tails_are_closed(make_server: ServerMaker) -> None:
    server = make_server({"querier": {"tail_max_duration": "300ms"}})
    with _tail(server, '{a="b"}') as tail:
        assert _close_of(tail) == (1011, "reached tail max duration limit")


def test_a_stopping_server_closes_its_tails_and_does_not_wait(make_server: ServerMaker) -> None:
    server = make_server({"server": {"graceful_shutdown_timeout": "25s"}})
    with _tail(server, '{a="b"}') as tail:
        _eventually(lambda: _metric(server.client(), "loki_querier_tail_active") == 1)
        began = time.monotonic()
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        assert _close_of(tail)[0] == 1012
        stopping.join()
        assert time.monotonic() - began < 20
    assert "error" not in server.log.read_text()


def test_logctl_follows_over_a_restart(make_server: ServerMaker, mark: str) -> None:
    server = make_server()
    _push(server.client(), {"app": mark}, [str(time.time_ns()), "before"])
    command = [sys.executable, "-m", "logctl", "query", f"<app='{mark}'>".replace("'", '"'), "--tail", "-o", "raw"]
    with subprocess.Popen([*command, "--addr", server.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        try:
            assert tail.stdout.readline() == b"before\n"
            server.stop()
            assert b"trying again" in tail.stderr.readline()
            server.start()
            _push(server.client(), {"app": mark}, [str(time.time_ns()), "after"])
            assert tail.stdout.readline() == b"after\n"
        finally:
            tail.send_signal(signal.SIGINT)
            assert tail.wait(TIMEOUT_S) == 130
