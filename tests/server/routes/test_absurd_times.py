"""Times, steps and limits that nobody means: every reading route answers or refuses them, and soon."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from server.openapi.catalogue import OPERATIONS
from server.openapi.parameters import SPELLED
from tests.server.application import Api

LONG = "1" * 5000
TIMES = (
    *(
        "0",
        "-1",
        "+1",
        "nan",
        "NaN",
        "inf",
        "-Inf",
        "1e300",
        "-1e300",
        "1e-300",
        "1e309",
        "0x10",
        "1_000",
        "٣",
        " ",
        "\0",
    ),
    *(str(2**63 - 1), str(2**63), str(-(2**63)), str(-(2**63) - 1), "9" * 30, LONG, f"1e{LONG}", "1795366524." + LONG),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2026-11-22T17:19:13+99:99", "2026-02-30T00:00:00Z"),
)
STEPS = (
    *(
        "0",
        "0s",
        "-1",
        "-5s",
        "nan",
        "inf",
        "1e300",
        "1e-300",
        "1e309",
        "1ns",
        "1ms",
        "0.0001",
        "106751d",
        "300y",
        "9e18",
    ),
    *(str(2**63 - 1), LONG, f"{LONG}h", "1y1y", "5", "5s5", "s", "\0"),
)
COUNTS = ("0", "-1", "1", str(2**63 - 1), str(2**63), "1e9", "nan", LONG, "", "\0", "٣")
VALUES = {
    **dict.fromkeys(("start", "end", "time"), TIMES),
    **dict.fromkeys(("step", "since", "interval", "targetBytesPerShard"), STEPS),
    **dict.fromkeys(("limit", "line_limit", "delay_for"), COUNTS),
}
QUERIES = ('{app="web"}', 'sum(count_over_time({app="web"}[5m]))')
WINDOWS = (
    'count_over_time({app="web"}[1ns])',
    'count_over_time({app="web"}[290y])',
    'count_over_time({app="web"}[9223372036854775807ns])',
    'count_over_time({app="web"}[5m] offset 290y)',
    'count_over_time({app="web"}[5m] offset -290y)',
    'count_over_time({app="web"}[5m] offset 9223372036854775807ns)',
    'rate({app="web"}[0s])',
    'rate({app="web"}[99999999999999999999h])',
)
CPU_SECONDS_MAX = 5.0  # of one question; they take milliseconds
ROUTES_READ = {
    path: {SPELLED.get(name, name) for name in methods["GET"].parameters} & set(VALUES)
    for path, methods in OPERATIONS.items()
    if "GET" in methods and "tail" not in path
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(Path(tmp_path_factory.mktemp("data"))) as made:
        rows = [[str(time.time_ns() - row), f"level=info n={row}"] for row in range(10)]
        assert made.push({"app": "web"}, *rows).status_code == 204
        yield made


def check(api: Api, path: str, parameters: dict[str, str]) -> None:
    began_s = time.process_time()
    answer = api.get(path, params=parameters)
    assert answer.status_code in (200, 400), (parameters, answer.text)
    assert answer.text
    assert len(answer.content) < 1 << 20
    assert time.process_time() - began_s < CPU_SECONDS_MAX, parameters


@pytest.mark.parametrize("path", [path for path, names in ROUTES_READ.items() if names])
def test_times_steps_and_limits_that_nobody_means(api: Api, path: str) -> None:
    query = QUERIES[path.endswith(("query_range", "v1/query", "explain"))]
    needed = {"targetBytesPerShard": "1"} if path.endswith("shards") else {}
    for name in ROUTES_READ[path]:
        for value in VALUES[name]:
            check(api, path.replace("{name}", "app"), {"query": query, **needed, name: value})


@pytest.mark.parametrize("path", ["/loki/api/v1/query_range", "/loki/api/v1/index/volume_range"])
def test_both_ends_of_a_window(api: Api, path: str) -> None:
    for start, end in product(TIMES[:24:4], TIMES[1:24:4]):
        for query, step in zip(QUERIES, ("1", "106751d"), strict=True):
            check(api, path, {"query": query, "start": start, "end": end, "step": step})


@pytest.mark.parametrize("query", WINDOWS)
def test_windows_of_queries(api: Api, query: str) -> None:
    for path in ("/loki/api/v1/query_range", "/loki/api/v1/query", "/skaldlog/api/v1/explain"):
        for moment in ("", "0", str(2**63 - 1), "-1e9"):
            times = {"time": moment} if path.endswith("query") else {"start": moment, "end": moment, "step": "1"}
            check(api, path, {"query": query, **times})
