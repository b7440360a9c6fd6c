"""Requests as OTLP's JSON, and the same as protobuf by OpenTelemetry's own encoder."""

from __future__ import annotations

import base64
import copy
import math
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from server.limits import PushLimits
from server.push.otlp import receive_otlp
from server.push.receive import Received
from tests.server.push.wire import NOW_NS

JSON, PROTOBUF = "application/json", "application/x-protobuf"
TRACE, SPAN = "5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"

Message = dict[str, Any]


def value_of(given: Any) -> Message:
    """A value of OTLP from one of Python's."""
    if given is None:
        return {}
    if isinstance(given, bool):
        return {"boolValue": given}
    if isinstance(given, int):
        return {"intValue": str(given)}
    if isinstance(given, float):
        return {
            "doubleValue": given
            if math.isfinite(given)
            else str(given).replace("inf", "Infinity").replace("nan", "NaN")
        }
    if isinstance(given, bytes):
        return {"bytesValue": base64.b64encode(given).decode()}
    if isinstance(given, str):
        return {"stringValue": given}
    if isinstance(given, Mapping):
        return {"kvlistValue": {"values": attributes_of(given)}}
    return {"arrayValue": {"values": [value_of(item) for item in given]}}


def attributes_of(given: Mapping[str, Any]) -> list[Message]:
    return [{"key": key, "value": value_of(value)} for key, value in given.items()]


def record(
    body: Any = "hello", ts: int = NOW_NS, attributes: Mapping[str, Any] | None = None, **fields: Any
) -> Message:
    return {"timeUnixNano": str(ts), "body": value_of(body), "attributes": attributes_of(attributes or {}), **fields}


def logs(
    *records: Message,
    resource: Mapping[str, Any] | None = None,
    scope: Message | None = None,
) -> Message:
    """One element of ``resourceLogs``."""
    attributes = attributes_of({"service.name": "shop"} if resource is None else resource)
    return {"resource": {"attributes": attributes}, "scopeLogs": [{"scope": scope or {}, "logRecords": list(records)}]}


def request(*resource_logs: Message) -> Message:
    return {"resourceLogs": list(resource_logs)}


def as_protobuf(message: Message) -> bytes:
    """Its encoder wants ids in base64."""
    message = copy.deepcopy(message)
    for each in message["resourceLogs"]:
        for scope in each["scopeLogs"]:
            for log in scope["logRecords"]:
                ids = {
                    name: base64.b64encode(bytes.fromhex(log[name])) for name in ("traceId", "spanId") if name in log
                }
                log.update({name: text.decode() for name, text in ids.items()})
    encoded: bytes = ParseDict(message, ExportLogsServiceRequest()).SerializeToString()
    return encoded


def receive_json(message: Message, limits: PushLimits | None = None) -> Received:
    return receive_otlp(orjson.dumps(message), JSON, "", limits or PushLimits(), NOW_NS)


def receive_protobuf(message: Message, limits: PushLimits | None = None) -> Received:
    return receive_otlp(as_protobuf(message), PROTOBUF, "", limits or PushLimits(), NOW_NS)


RECEIVERS = (receive_json, receive_protobuf)
"""Both forms: whatever holds must hold for each."""


def metadata_of(received: Received, row: int = 0) -> dict[str, str]:
    assert received.batch is not None, received.error
    return received.batch.metadata_of(row)


def lines_of(received: Received) -> Sequence[str]:
    assert received.batch is not None, received.error
    lines: list[str] = received.batch.line.to_pylist()
    return lines


def labels_of(received: Received, row: int = 0) -> str:
    assert received.batch is not None, received.error
    text: str = received.batch.streams[received.batch.stream[row]].text
    return text
