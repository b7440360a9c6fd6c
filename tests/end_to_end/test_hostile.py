"""Requests that are small to send and would be large to answer: each gets a clear refusal, in bounded time and memory,
while probes are answered.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.end_to_end.conftest import ServerMaker
from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.server_process import ServerProcess
from tests.server.push.wire import Row, block, entry, snappy, stream, timestamp

PUSH, RANGE = "/loki/api/v1/push", "/loki/api/v1/query_range"
JSON, PROTOBUF = {"Content-Type": "application/json"}, {"Content-Type": "application/x-protobuf"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NOW_NS = time.time_ns()
SECONDS_MAX = 3.0  # a second of work, on a machine that others use as well
MEMORY_MAX_MIB = 300
PROBE_SECONDS_MAX = 1.0
KERNELS_WITHIN_S = 180


@dataclass(frozen=True)
class Bomb:
    """``body`` None asks by GET."""

    name: str
    path: str
    body: Callable[[], bytes] | None
    told: str
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 400

    def __str__(self) -> str:
        return self.name


def by_protobuf(name: str, body: Callable[[], bytes], told: str, status: int = 400) -> Bomb:
    return Bomb(name, PUSH, lambda: snappy(body()), told, tuple(PROTOBUF.items()), status)


def by_json(name: str, body: Callable[[], bytes], told: str) -> Bomb:
    return Bomb(name, PUSH, body, told, tuple(JSON.items()))


def by_query(name: str, text: str, told: str, status: int = 400, **parameters: str) -> Bomb:
    asked = {"query": text, "start": str(NOW_NS - 10**12), "end": str(NOW_NS + 10**10), **parameters}
    return Bomb(name, f"{RANGE}?{urlencode(asked)}", None, told, (), status)


def by_otlp(name: str, body: Callable[[], bytes], told: str) -> Bomb:
    return Bomb(name, "/otlp/v1/logs", body, told, tuple(PROTOBUF.items()))


def otlp(resource: bytes, *scopes: bytes) -> bytes:
    return block(1, block(1, resource) + b"".join(block(2, each) for each in scopes))


def attributes(count: int) -> bytes:
    return block(1, block(1, b"a") + block(2, block(1, b"x"))) * count


def rows_of_names() -> Iterator[Row]:
    for row in range(5000):
        yield Row(ts=NOW_NS + row, metadata={f"n{row * 20 + pair}": "v" for pair in range(20)})


def json_of_streams(streams: int) -> bytes:
    values = [[str(NOW_NS), "x"]]
    return json.dumps(
        {"streams": [{"stream": {"a": str(number)}, "values": values} for number in range(streams)]}
    ).encode()


def streams(count: int) -> bytes:
    row = entry(Row(b"", NOW_NS))
    return b"".join(stream(f'{{a="{number}"}}', [row]) for number in range(count))


def one_stream(content: bytes) -> bytes:
    return block(1, block(1, b'{a="b"}') + content)


NAMES, ENTRIES, STREAMS = (
    "too many different names of structured metadata",
    "too many entries in one push",
    "too many streams",
)
PARTS, WORDS = "the query has too many parts", "the query is too long (more than 16384 words"

BOMBS = [
    by_protobuf("100k names", lambda: stream('{a="b"}', map(entry, rows_of_names())), NAMES),
    by_protobuf("1M streams", lambda: streams(1_000_000), ENTRIES),
    by_protobuf("100k streams", lambda: streams(100_000), STREAMS),
    by_protobuf("100k streams without labels", lambda: stream("{}", [entry(Row(b"", NOW_NS))]) * 100_000, "", 204),
    by_protobuf("3M empty entries", lambda: one_stream(b"\x12\0" * 3_000_000), ENTRIES),
    by_protobuf("15M empty entries", lambda: one_stream(b"\x12\0" * 15_000_000), ENTRIES),
    by_protobuf(
        "400k timeless entries", lambda: one_stream(b"\x12\0" * 400_000), "400000 errors like: entry for stream"
    ),
    by_protobuf(
        "20M pairs",
        lambda: one_stream(block(2, block(1, timestamp(NOW_NS)) + b"\x1a\0" * 20_000_000)),
        "too many pairs",
    ),
    by_protobuf("long labels", lambda: stream("{" + 'a="b",' * 2_000_000 + "}", [entry(Row())]), "too long labels"),
    by_protobuf("many labels", lambda: stream("{" + "a='b'," * 600_000 + "}", [entry(Row())]), "too many labels"),
    by_otlp("2M empty records", lambda: otlp(b"", b"\x12\0" * 2_000_000), ENTRIES),
    by_otlp(
        "100k resources",
        lambda: b"".join(otlp(block(1, block(1, b"%d" % n)), b"\x12\0") for n in range(100_000)),
        STREAMS,
    ),
    by_otlp(
        "1000 scopes of a resource with 50k attributes",
        lambda: otlp(attributes(50_000), *(block(1, block(1, b"%d" % n)) + b"\x12\0" for n in range(1000))),
        "too many pairs of structured metadata",
    ),
    by_otlp(
        "2M values of an array",
        lambda: otlp(b"", block(2, block(5, block(5, b"\x0a\0" * 2_000_000)))),
        "too many values in maps and arrays",
    ),
    by_json("100k streams in JSON", lambda: json_of_streams(100_000), STREAMS),
    by_json("5M streams of nothing", lambda: b'{"streams":[' + b"{}," * 5_000_000 + b"{}]}", "too many values"),
    by_json("20M numbers", lambda: b'{"x":[' + b"1," * 20_000_000 + b"1]}", "too many values"),
    by_json("1M open arrays", lambda: b'{"streams":' + b"[" * 1_000_000, "depth limit exceeded"),
    by_query(
        "groups", '{a="b"} | regexp `' + "".join(f"(?P<g{n}>.)?" for n in range(5000)) + "`", "named captures: 5000"
    ),
    by_query("captures", '{a="b"} | pattern `' + " ".join(f"<c{n}>" for n in range(9000)) + "`", "too many captures"),
    by_query("JSON path", '{a="b"} | json c="' + ".".join(["d"] * 10_000) + '"', "a path has 128 parts at most"),
    by_query("filters", '{a="b"}' + ' |= "x"' * 5000, PARTS),
    by_query("more filters", '{a="b"}' + ' != "x"' * 16_000, WORDS),
    by_query("parsers", '{a="b"}' + " | json" * 7000, PARTS),
    by_query("formats", '{a="b"}' + ' | line_format "{{.c}}"' * 4000, PARTS),
    by_query("alternatives", '{a="b"} | ' + " or ".join(['c="d"'] * 4000), PARTS),
    by_query("200 KB", '{a="' + "x" * 200_000 + '"}', "input size too long (200006 > 131072)"),
    by_query("900 KB", "x" * 900_000, "input size too long (900000 > 131072)"),
    by_query("parentheses", "(" * 10_000 + "1" + ")" * 10_000, "nests too deeply"),
    by_query("ten years", 'count_over_time({a="b"}[10y])', "the query time range exceeds the limit"),
    by_query("1 ns", 'count_over_time({a="b"}[5m])', "exceeded maximum resolution", step="1e-9", start="1764000000"),
    by_query("regex", '{a="b"} |~ "((a{1,100}){1,100}){1,100}"', "error parsing regexp"),
    by_query("repeat", '{a="hostile"} | line_format "{{ repeat 1000000000 `x` }}"', "TemplateFormatErr", 200),
    by_query(
        "nested repeat",
        '{a="hostile"} | line_format "{{ repeat 999 (repeat 999 (repeat 999 `x`)) }}"',
        "TemplateFormatErr",
        200,
    ),
    Bomb(
        "a form of 1 MB",
        RANGE,
        lambda: b"query=" + b"(" * 1_000_000,
        "input size too long (1000000",
        tuple(FORM.items()),
    ),
    Bomb("a form of escapes", RANGE, lambda: b"query=" + b"%41" * 3_000_000, "too long", tuple(FORM.items())),
    Bomb("10M parameters", RANGE, lambda: b"&" * 10_000_000, "too many parameters", tuple(FORM.items())),
    Bomb("a path of 200 KB", "/" + "a" * 200_000, None, "the path is too long: 200001 bytes"),
    Bomb("a label of 200 KB", f"/loki/api/v1/label/{'a' * 200_000}/values", None, "the path is too long"),
]


@pytest.fixture(scope="module")
def warm_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose kernels are loaded, and that takes pushes of any rate."""
    server = ServerProcess(
        tmp_path_factory.mktemp("hostile"),
        {"limits_config": {"ingestion_rate_mb": 1000, "ingestion_burst_size_mb": 1000}},
    )
    server.start()
    deadline = time.monotonic() + KERNELS_WITHIN_S
    while "kernels are loaded" not in server.log_tail():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    answer = server.client().push_json([{"stream": {"a": "hostile"}, "values": [[str(NOW_NS), "x"]]}])
    assert answer.status == 204
    yield server
    server.kill()


def memory_mib(server: ServerProcess, key: str) -> int:
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith(key))


class Probe:
    """Asks ``/ready`` all the time; ``worst_s`` is the longest that it waited."""

    def __init__(self, client: HttpClient) -> None:
        self.worst_s = 0.0
        self._client, self._ended = client, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Probe:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(0.01):
            started_s = time.monotonic()
            assert self._client.get("/ready").status == 200
            self.worst_s = max(self.worst_s, time.monotonic() - started_s)


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
def test_what_is_too_much_is_refused_soon_and_cheaply(warm_server: ServerProcess, bomb: Bomb) -> None:
    client, body = warm_server.client(), bomb.body() if bomb.body else None
    Path(f"/proc/{warm_server.pid}/clear_refs").write_text("5")  # the peak counts from here
    before_mib = memory_mib(warm_server, "VmRSS")
    with Probe(client) as probe:
        started_s = time.monotonic()
        answer = client.send("POST" if body else "GET", bomb.path, body, dict(bomb.headers))
        taken_s = time.monotonic() - started_s
    assert answer.status == bomb.status, answer.body[:500]
    assert bomb.told.encode() in answer.body
    assert taken_s < SECONDS_MAX
    assert probe.worst_s < PROBE_SECONDS_MAX
    assert memory_mib(warm_server, "VmHWM") - before_mib < MEMORY_MAX_MIB


def raw(server: ServerProcess, request: bytes) -> bytes:
    host, _, port = server.address.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65_536)


@pytest.mark.parametrize(
    ("request_bytes", "line"),
    [
        (b"GET /ready HTTP/1.1\r\n\r\n", b"HTTP/1.1 400"),
        (b"GET /ready HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"HTTP/1.1 400"),
        (b"POST /loki/api/v1/push HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", b"HTTP/1.1 400"),
        (b"GET /ready HTTP/1.1\r\nHost: a\r\n\r\n", b"HTTP/1.1 200"),
        (b"GET /ready HTTP/1.0\r\n\r\n", b"HTTP/1.1 200"),
    ],
)
def test_http_demands_a_host(warm_server: ServerProcess, request_bytes: bytes, line: bytes) -> None:
    answer = raw(warm_server, request_bytes)
    assert answer.startswith(line)
    assert answer.count(b"content-length:") == 1


def test_many_queries_wait_their_turn_while_pushes_and_probes_go_on(make_server: ServerMaker) -> None:
    server = make_server({"frontend": {"max_outstanding_per_tenant": 60}})
    client = server.client()
    line = " ".join(["word"] * 20)
    values = [[str(NOW_NS + row), f"{line} {row}"] for row in range(30_000)]
    assert client.push_json([{"stream": {"a": "b"}, "values": values}]).status == 204
    answers: list[tuple[int, str]] = []
    asked = {"query": 'sum(count_over_time({a="b"} |~ "w(o|x)+rd [0-9]*7" [5m]))', "step": "1"}

    def ask() -> None:
        answer = client.get(RANGE, asked)
        answers.append((answer.status, answer.headers.get("retry-after", "")))

    threads = [threading.Thread(target=ask) for _ in range(150)]
    with Probe(client) as probe:
        for thread in threads:
            thread.start()
        started_s = time.monotonic()
        pushed = client.push_json([{"stream": {"a": "c"}, "values": [[str(time.time_ns()), "x"]]}])
        push_s = time.monotonic() - started_s
        for thread in threads:
            thread.join()
    assert pushed.status == 204
    assert max(push_s, probe.worst_s) < SECONDS_MAX
    assert {(200, ""), (429, "1")} >= set(answers)
    assert answers.count((200, "")) >= 60


def test_stopping_ends_half_sent_pushes_without_a_trace(make_server: ServerMaker) -> None:
    server = make_server({"server": {"graceful_shutdown_timeout": "1s"}})
    host, _, port = server.address.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = f"POST {PUSH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
        connection.sendall(head.encode() + b'{"streams":')
        time.sleep(0.2)
        assert server.stop() == 0
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 503")
    assert "Traceback" not in server.log_tail(200)
