"""Threads that push to a server until it is gone, and write down what it answered."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time

from benchmarks.protobuf import encode_entry, encode_push, encode_stream, label_text
from tests.end_to_end.http_client import Answer, HttpClient
from tests.end_to_end.ledger import Ledger, Request

__all__ = ["Pushers", "push", "read_all"]

JSON = {"Content-Type": "application/json"}
PROTOBUF = {"Content-Type": "application/x-protobuf"}
LINES_PER_REQUEST = 40


def make_request(writer: int, name: str, is_json: bool) -> Request:
    """Lines that say who wrote them, in two streams of the writer's own, every second line with metadata."""
    now_ns = time.time_ns()
    lines = tuple(f"{name} line {number} of a batch" for number in range(LINES_PER_REQUEST))
    rows = [(now_ns + at, line, {"parity": "odd"} if at % 2 else {}) for at, line in enumerate(lines)]
    streams = [
        ({"job": "crash", "writer": str(writer), "half": half}, rows[start::2]) for start, half in ((0, "a"), (1, "b"))
    ]
    if is_json:
        values = [{"stream": labels, "values": [[str(ts), *rest] for ts, *rest in part]} for labels, part in streams]
        return Request(json.dumps({"streams": values}).encode(), lines)
    encoded = (
        encode_stream(label_text(labels), [encode_entry(ts, line.encode(), pairs) for ts, line, pairs in part])
        for labels, part in streams
    )
    return Request(encode_push(encoded), lines)


def push(client: HttpClient, request: Request) -> Answer:
    return client.post("/loki/api/v1/push", request.body, JSON if request.body.startswith(b"{") else PROTOBUF)


class Pushers:
    """``count`` writers, JSON and protobuf in turn; inside ``with`` they push without a pause."""

    def __init__(self, client: HttpClient, ledger: Ledger, run: str, count: int = 4) -> None:
        self._client, self._ledger, self._run = client, ledger, run
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(writer,)) for writer in range(count)]
        self.refusals: list[str] = []

    def __enter__(self) -> Pushers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self, writer: int) -> None:
        for number in itertools.count():
            if self._stop.is_set():
                return
            request = make_request(writer, f"{self._run} writer {writer} request {number}", number % 2 == 0)
            try:
                answer = push(self._client, request)
            except (OSError, http.client.HTTPException):
                self._ledger.leave_unanswered(request)
                return
            if answer.status == 204:
                self._ledger.acknowledge(request)
            else:
                self.refusals.append(f"{answer.status} {answer.text}")


def read_all(client: HttpClient, writers: int = 4) -> list[str]:
    """Every line of every writer."""
    window: dict[str, str | int] = {"since": "2h", "limit": 10_000_000}
    lines: list[str] = []
    for writer in range(writers):
        answer = client.get("/loki/api/v1/query_range", {"query": f'{{job="crash", writer="{writer}"}}', **window})
        assert answer.status == 200, answer.text
        lines += [row[1] for stream in answer.json["data"]["result"] for row in stream["values"]]
    return lines
