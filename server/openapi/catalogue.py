"""Every operation of the API, in the order of the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from server.openapi.operation import Operation

__all__ = ["OPERATIONS", "RINGS"]

_WINDOW = ("start", "end", "since")
_CATEGORIZE = ("X-Loki-Response-Encoding-Flags",)

_QUERY_RANGE = Operation(
    "Queries",
    "Lines, or a metric over time",
    ("query", *_WINDOW, "limit", "step", "interval", "direction"),
    (200, "query"),
    headers=_CATEGORIZE,
)
_LABELS = Operation("Labels", "Names of labels", (*_WINDOW, "selector"))
_VALUES = Operation("Labels", "Values of a label", (*_WINDOW, "selector"))
_SERIES = Operation("Labels", "Streams, as their labels", (*_WINDOW, "match[]"))
_VOLUME = Operation(
    "Explore",
    "Bytes by label values or by labels",
    ("query", *_WINDOW, "entries", "targetLabels", "aggregateBy"),
    (200, "query"),
)
_FIELDS = Operation(
    "Explore",
    "Fields of the newest lines of a query",
    ("query", *_WINDOW, "step", "line_limit", "entries"),
    (200, "json"),
)
_PUSH = Operation(
    "Push",
    "Store lines",
    success=(204, "nothing"),
    takes="push",
    headers=("Content-Encoding",),
    details="204 comes after they are on disk. Of a push with bad lines the good ones are kept, and the error is told.",
)
_OTLP = replace(
    _PUSH,
    summary="Store log records of OpenTelemetry",
    takes="otlp",
    refusals=("status", "text"),
    details=f"{_PUSH.details} Errors are a google.rpc.Status in protobuf, but for those about who asks. Encodings are "
    "gzip, zstd and lz4.",
)
_DELETE = Operation("Deletes", "Ask for lines to be deleted", success=(204, "nothing"), in_url=True)
_ASK_DELETE = replace(_DELETE, parameters=("delete_query", "delete_start", "delete_end", "max_interval"))
_OPERATE = Operation("Operations", "", is_public=True)


def _read(operation: Operation) -> Mapping[str, Operation]:
    return {"GET": operation, "POST": operation}


_TAIL = Operation(
    "Queries",
    "Lines as they come",
    ("query", "limit", "start", "since", "delay_for"),
    details="As a WebSocket; without one, a good request is answered with 400.",
)

RINGS = tuple(f"{room}/ring" for room in ("", "/distributor", "/compactor", "/scheduler", "/indexgateway", "/pattern"))

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "/loki/api/v1/push": {"POST": _PUSH},
    "/otlp/v1/logs": {"POST": _OTLP},
    "/loki/api/v1/query_range": _read(_QUERY_RANGE),
    "/loki/api/v1/query": _read(
        replace(_QUERY_RANGE, summary="A metric at one instant", parameters=("query", "time", "limit", "direction"))
    ),
    "/loki/api/v1/labels": _read(_LABELS),
    "/loki/api/v1/label": _read(_LABELS),
    "/loki/api/v1/label/{name}/values": _read(_VALUES),
    "/loki/api/v1/series": _read(_SERIES),
    "/loki/api/v1/index/stats": _read(
        Operation("Explore", "How much a selector selects", ("query", *_WINDOW), (200, "json"))
    ),
    "/loki/api/v1/index/shards": _read(
        Operation(
            "Explore",
            "A query in shards: it is one",
            ("query", *_WINDOW, "targetBytesPerShard"),
            (200, "json"),
        )
    ),
    "/loki/api/v1/index/volume": _read(_VOLUME),
    "/loki/api/v1/index/volume_range": _read(
        replace(_VOLUME, summary="The same over time", parameters=(*_VOLUME.parameters, "step"))
    ),
    "/loki/api/v1/detected_labels": _read(
        Operation("Explore", "Labels worth browsing", (*_WINDOW, "selector"), (200, "json"))
    ),
    "/loki/api/v1/detected_fields": _read(_FIELDS),
    "/loki/api/v1/detected_field/{name}/values": _read(replace(_FIELDS, summary="Values of a field")),
    "/loki/api/v1/patterns": _read(
        Operation("Explore", "What lines look like", ("query", *_WINDOW, "step"), details="404 where they are off.")
    ),
    "/loki/api/v1/format_query": _read(
        Operation("Queries", "A query, formatted", ("query",), refusals=("json", "text"), is_public=True)
    ),
    "/loki/api/v1/tail": _read(_TAIL),
    "/loki/api/v1/delete": {
        "POST": _ASK_DELETE,
        "PUT": _ASK_DELETE,
        "GET": replace(_DELETE, summary="Requests to delete, and how far they are", success=(200, "json")),
        "DELETE": replace(_DELETE, summary="Take a request back", parameters=("request_id", "force")),
    },
    "/loki/api/v1/cache/generation_numbers": {
        "GET": Operation("Deletes", "Asked by caches of answers", success=(200, "json"))
    },
    "/loki/api/v1/drilldown-limits": {"GET": Operation("Explore", "Limits, for Logs Drilldown", success=(200, "json"))},
    "/config/tenant/v1/limits": {"GET": Operation("Operations", "The tenant's limits as YAML", success=(200, "text"))},
    "/skaldlog/api/v1/explain": _read(
        replace(_QUERY_RANGE, summary="What `query_range` would read and do", success=(200, "data"), headers=())
    ),
    "/skaldlog/api/v1/parts": {"GET": Operation("Storage", "The tenant's parts")},
    "/skaldlog/api/v1/merge": {"POST": Operation("Storage", "Merge parts now", success=(204, "nothing"))},
    "/skaldlog/api/v1/retention": {
        "GET": Operation("Storage", "What retention would take now"),
        "POST": Operation("Storage", "Do what is due now", success=(204, "nothing")),
    },
    "/api/prom/push": {"POST": replace(_PUSH, tag="Old paths", takes="legacy")},
    "/api/prom/query": _read(
        replace(
            _QUERY_RANGE,
            tag="Old paths",
            parameters=(*_QUERY_RANGE.parameters, "regexp"),
            success=(200, "json"),
            headers=(),
        )
    ),
    "/api/prom/label": _read(replace(_LABELS, tag="Old paths", success=(200, "json"))),
    "/api/prom/label/{name}/values": _read(replace(_VALUES, tag="Old paths", success=(200, "json"))),
    "/api/prom/series": _read(replace(_SERIES, tag="Old paths")),
    "/api/prom/tail": _read(replace(_TAIL, tag="Old paths")),
    "/ready": {"GET": replace(_OPERATE, summary="Whether it answers; 503 while it does not", success=(200, "text"))},
    "/metrics": {"GET": replace(_OPERATE, summary="Metrics for Prometheus", success=(200, "text"))},
    "/services": {"GET": replace(_OPERATE, summary="What runs", success=(200, "text"))},
    "/config": {
        "GET": replace(
            _OPERATE, summary="The settings, secrets hidden", success=(200, "text"), parameters=("mode",), in_url=True
        )
    },
    "/loki/api/v1/status/buildinfo": {"GET": replace(_OPERATE, summary="The version", success=(200, "json"))},
    "/ingester/shutdown": {
        "POST": replace(
            _OPERATE,
            summary="Flush and stop",
            parameters=("flush", "terminate"),
            success=(204, "nothing"),
            in_url=True,
        )
    },
    "/ingester/prepare_shutdown": {
        "GET": replace(_OPERATE, summary="Whether the next stop flushes", success=(200, "text")),
        "POST": replace(_OPERATE, summary="Let the next stop flush", success=(204, "nothing")),
        "DELETE": replace(_OPERATE, summary="Or not", success=(204, "nothing")),
    },
    **{
        path: {"GET": replace(_OPERATE, summary="The members of a cluster: this server", success=(200, "page"))}
        for path in RINGS
    },
    "/memberlist": {"GET": replace(_OPERATE, summary="That there is none", success=(200, "text"))},
    "/log_level": {
        "GET": replace(_OPERATE, summary="The level of the server's log", success=(200, "json")),
        "POST": replace(
            _OPERATE,
            summary="Change it",
            success=(200, "json"),
            parameters=("log_level",),
            refusals=("json", "text"),
            in_url=True,
        ),
    },
    "/flush": _read(replace(_OPERATE, summary="Write what is in memory to parts", success=(204, "nothing"))),
    "/openapi.json": {"GET": replace(_OPERATE, summary="This document", success=(200, "json"))},
    "/docs": {"GET": replace(_OPERATE, summary="This document as a page", success=(200, "page"))},
}
