"""What fuzzing begins from: small good inputs of every kind, and some that are nearly good."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import zstandard

from server.auth import Grant
from server.auth.records import TokenRecord, print_records
from tests.server.push.otlp.requests import as_protobuf, logs, record, request
from tests.server.push.wire import NOW_NS, Row, message

__all__ = [
    "CREDENTIALS",
    "ENCODED",
    "HEADERS",
    "LABELS",
    "LINES",
    "OTLP_JSON",
    "OTLP_PROTOBUF",
    "PARAMETERS",
    "PUSH_JSON",
    "PUSH_PROTOBUF",
    "QUERIES",
    "STAGES",
]

_NOW = str(NOW_NS)
_PUSHES: tuple[dict[str, Any], ...] = (
    {"streams": [{"stream": {"app": "web"}, "values": [[_NOW, "x"], [_NOW, "y", {"trace": "1"}]]}]},
    {"streams": [{"labels": '{app="web"}', "entries": [{"ts": "2026-11-22T17:19:13Z", "line": "x"}]}]},
    {"streams": [{"stream": {}, "values": []}, {}]},
    {},
)
PUSH_JSON = tuple(json.dumps(document).encode() for document in _PUSHES)
PUSH_PROTOBUF = (
    message(('{app="web"}', [Row(), Row(b"\xff\xfe", metadata={"trace": "1"})])),
    message(('{app="web", env="dev"}', [Row(b"")]), ("{}", [Row(ts=0)])),
    b"",
)
ENCODED = tuple(
    bytes([number]) + body
    for number, body in enumerate(
        (
            gzip.compress(PUSH_JSON[0]),
            zlib.compress(PUSH_JSON[0]),
            zstandard.compress(PUSH_JSON[0]),
            PUSH_PROTOBUF[0],
        )
    )
)
_OTLP = (
    request(logs(record("hello", attributes={"user": 7, "nested": {"a": [1, 2.5, True, None]}}))),
    request(logs(record({"a": "b"}, severityNumber=17), resource={"service.name": "x", "host.name": "y"})),
    request(),
)
OTLP_JSON = tuple(json.dumps(each).encode() for each in _OTLP)
OTLP_PROTOBUF = tuple(map(as_protobuf, _OTLP))
LABELS = (b'{app="web"}', b'{a="\\"\\u00e4\\n", b=`x`}', b"{}", b'{a="1",a="2",}')
QUERIES = tuple(
    text.encode()
    for text in (
        '{app="web"}',
        '{app=~"w.b", env!="dev", x!~"y"} |= "error" or "warn" != "x" |~ "a.*b" !~ `c` |> "<_> at <_>"',
        '{app="web"} | json | status >= 500 and took > 10ms or size < 5KB | line_format "{{.a | upper}}"',
        '{app="web"} | logfmt a="b.c", d | label_format x=y, z="{{ .y }}" | drop a, b="c" | keep d',
        '{app="web"} | regexp "(?P<a>[0-9]+)" | pattern `<b> - <c>` | unpack | decolorize | addr = ip("10.0.0.0/8")',
        'sum by (app) (rate({app="web"} | json | unwrap duration(took) | __error__="" [5m] offset 1h))',
        'topk(5, count_over_time({app="web"}[1m])) / on (app) group_left (x) vector(3) > bool 2 ^ -1',
        'quantile_over_time(0.99, {app="web"} | unwrap x [1m]) by (app) or absent_over_time({a="b"}[1m])',
        'label_replace(sum_over_time({app="web"} | unwrap bytes(x) [1m]), "a", "$1", "b", "(.*)")',
        'variants(count_over_time({app="web"}[1m]), rate({app="web"}[1m])) of ({app="web"}[1m])',
        '{app="web"} | line_format `{{ range $i, $e := (fromJson .a) }}{{ printf "%05.2f|%-10s" $i $e }}{{ end }}`',
    )
)
STAGES = (
    "| json",
    '| json a="b.c[0]", d',
    "| logfmt",
    '| logfmt --strict a="b"',
    "| unpack",
    "| decolorize",
    '| regexp "(?P<a>[a-z]+)=(?P<b>.*)"',
    "| pattern `<a> <_> <b>`",
    '| line_format "{{ .a }}{{ __line__ | trunc 10 | upper }}"',
)
LINES = (
    '{"status":500,"took":"12ms","nested":{"a":[1,{"b":null}]},"s":"\\u00e4\\ud83d\\ude00"}',
    'level=error took=1.5s size=12KB msg="a \\"quoted\\" text" =x a= b',
    '{"_entry":"line","app":"x"}',
    "\x1b[31mred\x1b[0m 10.0.0.1 - - [22/Nov/2026] GET /x 200",
    "plain text, ünïcödé, \x00 and \u2028",
    "{",
)
PARAMETERS = (
    b"query=%7Ba%3D%22b%22%7D&start=1795366524&end=1795366530000000000&step=5s&limit=10&direction=forward",
    b"query=x&start=2026-11-22T17:19:13.5Z&end=1e9&since=1h30m&interval=0.5&time=1795366524.25",
    b"start=-1&end=99999999999999999999&step=1e300&limit=-1",
)
HEADERS = (b"Bearer skald_00000000_" + b"0" * 64, b"Basic YWRhOnB3", b"team-a|team-b:sub", b"..")
_TOKEN = TokenRecord("0" * 8, "x", "0" * 64, Grant.of(["a"], ["read"], '{a="b"}'), 1, 2)
CREDENTIALS = (print_records([_TOKEN], TokenRecord),)
