"""Lines a CPU second of decoding and judging pushes, OTLP beside Loki's: ``python -m tests.server.push.otlp``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from server.limits import PushLimits
from server.machine.warm import import_kernels
from server.push.otlp import receive_otlp
from server.push.receive import Received, receive
from storage.kernels import load_kernels
from tests.server.push.otlp.requests import JSON, PROTOBUF, Message, as_protobuf, logs, record, request
from tests.server.push.wire import NOW_NS, Row, message, snappy

STREAMS, ROWS, REPEATS = 5, 200, 100
LIMITS = PushLimits()


def resource_logs(stream: int, is_rich: bool) -> Message:
    labels: dict[str, Any] = {"service.name": "inference", "k8s.pod.name": f"gpu-node-{stream}"}
    if not is_rich:
        return logs(*(record(line(row), NOW_NS + row) for row in range(ROWS)), resource=labels)
    records = [
        record(
            line(row),
            NOW_NS + row,
            {"log.file.name": "inference.log", "batch.size": row % 3, "gpu.uuid": f"GPU-{row % 8:04d}"},
            observedTimeUnixNano=str(NOW_NS + row + 1000),
            severityNumber=9,
            severityText="INFO",
        )
        for row in range(ROWS)
    ]
    others = {"host.arch": "amd64", "telemetry.sdk.language": "python", "process.pid": 4711, "gpu": str(stream)}
    return logs(*records, resource=labels | others, scope={"name": "worker", "version": "1.0"})


def line(row: int) -> str:
    return f"[TRT] [I] enqueue of request {row:08x} took {row % 97}.{row % 10} ms, 16 images, shape 3x640x640, stream 0"


def loki(stream: int, is_rich: bool) -> tuple[str, list[Row]]:
    """The same as ``resource_logs``, its metadata as Loki would have it."""
    received = receive_otlp(as_protobuf(request(resource_logs(stream, is_rich))), PROTOBUF, "", LIMITS, NOW_NS)
    batch = received.batch
    assert batch is not None
    rows = []
    for row in range(len(batch)):
        metadata = {name: text for name, text in batch.metadata_of(row).items() if name != "detected_level"}
        rows.append(Row(line(row).encode(), int(batch.ts[row]), metadata))
    return batch.streams[0].text, rows


def cases() -> Iterator[tuple[str, Callable[[], Received]]]:
    for kind, is_rich in (("bare", False), ("6 pairs a line, 6 shared", True)):
        sent = request(*(resource_logs(stream, is_rich) for stream in range(STREAMS)))
        protobuf, json = as_protobuf(sent), orjson.dumps(sent)
        push = snappy(message(*(loki(stream, is_rich) for stream in range(STREAMS))))
        yield f"Loki protobuf, {kind}", lambda push=push: receive(push, PROTOBUF, "", LIMITS, NOW_NS)  # type: ignore[misc]
        yield f"OTLP protobuf, {kind}", lambda body=protobuf: receive_otlp(body, PROTOBUF, "", LIMITS, NOW_NS)  # type: ignore[misc]
        yield f"OTLP JSON, {kind}", lambda body=json: receive_otlp(body, JSON, "", LIMITS, NOW_NS)  # type: ignore[misc]


def main() -> None:
    import_kernels()
    load_kernels()
    for name, work in cases():
        work()
        started = time.process_time()
        for _ in range(REPEATS):
            assert work().lines == STREAMS * ROWS
        seconds = time.process_time() - started
        print(f"{name:40s} {REPEATS * STREAMS * ROWS / seconds:12,.0f} lines a CPU second")


main()
