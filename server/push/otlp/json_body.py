"""From the JSON of an OTLP request to records. The whole body is checked before anything of it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import numpy as np
import orjson
import pyarrow as pa

from server.limits import PushLimits
from server.otlp_rules import Action, action_of
from server.push.bounds import check_counts, check_streams
from server.push.entries import Pairs, Slices
from server.push.errors import PushError
from server.push.json_text import parse_json
from server.push.otlp.json_fields import (
    Fields,
    attributes_in,
    fields_in,
    hex_in,
    list_in,
    number_in,
    severity_in,
    text_in,
    value_in,
)
from server.push.otlp.records import Records
from server.push.otlp.source import Resource, Scope, flattened
from server.push.otlp.value import ValueBudget, text_of
from server.push.otlp.wire import SPAN_ID_BYTES, TRACE_ID_BYTES

__all__ = ["decode_otlp_json"]

T = TypeVar("T")

_UINT32, _UINT64 = 2**32 - 1, 2**64 - 1
_EMPTY_REQUEST = b"{}"


def decode_otlp_json(body: bytes, limits: PushLimits) -> Records:
    """PushError 400 when the request is malformed or holds too much, 422 without a record."""
    reader = _Reader(limits)
    for logs in list_in(fields_in(parse_json(body.strip() or _EMPTY_REQUEST), "request"), "resourceLogs"):
        reader.resource_logs(fields_in(logs, "resourceLogs"))
    return reader.records()


class _Distinct(Generic[T]):
    """Different objects, each read once."""

    def __init__(self, read: Callable[[Fields], T], limits: PushLimits) -> None:
        self.all: list[T] = []
        self._read, self._limits = read, limits
        self._numbers: dict[bytes, int] = {}
        self._size_bytes = 0

    def number_of(self, fields: Fields) -> int:
        key = orjson.dumps(fields)
        if key not in self._numbers:
            self._size_bytes += len(key)
            check_streams(len(self.all) + 1, self._size_bytes, self._limits)
            self._numbers[key] = len(self.all)
            self.all.append(self._read(fields))
        return self._numbers[key]


class _PairList:
    """Pairs of rows, one after the other."""

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._names: list[str] = []
        self._values: list[str] = []

    def add(self, row: int, name: str, value: str) -> None:
        self._rows.append(row)
        self._names.append(name)
        self._values.append(value)

    def __len__(self) -> int:
        return len(self._rows)

    def pairs(self) -> Pairs:
        names, values = (Slices.of(pa.array(texts, pa.string())) for texts in (self._names, self._values))
        return Pairs(np.array(self._rows, np.int32), names, values)


class _Reader:
    """One request on its way to records."""

    def __init__(self, limits: PushLimits) -> None:
        self._limits = limits
        self._budget = ValueBudget()
        self._resources = _Distinct(self._resource, limits)
        self._scopes = _Distinct(self._scope, limits)
        self._resource_of_row: list[int] = []
        self._scope_of_row: list[int] = []
        self._ts: list[int] = []
        self._lines: list[str] = []
        self._pairs, self._labels = _PairList(), _PairList()

    def resource_logs(self, logs: Fields) -> None:
        resource = fields_in(logs.get("resource"), "resource")
        for raw in list_in(logs, "scopeLogs"):
            scope_logs = fields_in(raw, "scopeLogs")
            records = list_in(scope_logs, "logRecords")
            if not records:
                continue
            self._resource_of_row += [self._resources.number_of(resource)] * len(records)
            scope = self._scopes.number_of(fields_in(scope_logs.get("scope"), "scope"))
            self._scope_of_row += [scope] * len(records)
            for record in records:
                self._record(fields_in(record, "logRecords"))

    def records(self) -> Records:
        if not self._ts:
            raise PushError(422, "error at least one valid stream is required for ingestion")
        check_counts(len(self._ts), len(self._pairs), self._limits)
        return Records(
            self._resources.all,
            self._scopes.all,
            np.array(self._resource_of_row, np.int32),
            np.array(self._scope_of_row, np.int32),
            np.array(self._ts, np.uint64).view(np.int64),
            pa.array(self._lines, pa.string()),
            self._pairs.pairs(),
            self._labels.pairs(),
        )

    def _resource(self, fields: Fields) -> Resource:
        return Resource.of(attributes_in(fields, self._budget), self._limits)

    def _scope(self, fields: Fields) -> Scope:
        name, version = text_in(fields, "name"), text_in(fields, "version")
        dropped = number_in(fields, "droppedAttributesCount", 0, _UINT32)
        return Scope.of(name, version, attributes_in(fields, self._budget), dropped, self._limits)

    def _record(self, record: Fields) -> None:
        row = len(self._ts)
        time_ns = number_in(record, "timeUnixNano", 0, _UINT64)
        observed_ns = number_in(record, "observedTimeUnixNano", 0, _UINT64)
        self._attributes(row, record)
        for name, value in self._fixed(record, time_ns and observed_ns):
            if value:
                self._pairs.add(row, name, value)
        if self._limits.otlp_rules.severity_text_as_label and (text := text_in(record, "severityText")):
            self._labels.add(row, "severity_text", text)
        self._ts.append(time_ns or observed_ns)
        self._lines.append(text_of(value_in(record.get("body"), self._budget)))

    def _attributes(self, row: int, record: Fields) -> None:
        rules = self._limits.otlp_rules.log
        for name, value in attributes_in(record, self._budget):
            action = action_of(name, rules)
            if action is Action.DROP:
                continue
            into = self._labels if action is Action.INDEX_LABEL else self._pairs
            for key, text in flattened([(name, value)]) if isinstance(value, dict) else [(name, text_of(value))]:
                into.add(row, key, text)

    def _fixed(self, record: Fields, observed_ns: int) -> Iterator[tuple[str, Any]]:
        """What has a field of its own; empty where it is absent."""
        yield "observed_timestamp", observed_ns and str(observed_ns)
        severity = severity_in(record)
        yield "severity_number", severity and str(severity)
        yield "severity_text", text_in(record, "severityText")
        for name, field in (("dropped_attributes_count", "droppedAttributesCount"), ("flags", "flags")):
            number = number_in(record, field, 0, _UINT32)
            yield name, number and str(number)
        yield "trace_id", hex_in(record, "traceId", TRACE_ID_BYTES)
        yield "span_id", hex_in(record, "spanId", SPAN_ID_BYTES)
