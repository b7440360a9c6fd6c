"""Index statistics and volumes through the whole application."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.server.application import Api

T0 = 1_795_168_800_000_000_000
MINUTE = 60 * 10**9
WINDOW = {"start": str(T0), "end": str(T0 + 2 * MINUTE)}
STATS, VOLUME, RANGE = "/loki/api/v1/index/stats", "/loki/api/v1/index/volume", "/loki/api/v1/index/volume_range"
ONLY_MATCHERS = "only label matchers are supported"
EMPTY_COMPATIBLE = "parse error : queries require at least one regexp or equality matcher"


@pytest.fixture(params=["in memory", "flushed"])
def filled(api: Api, request: pytest.FixtureRequest) -> Api:
    """Of ``web`` 10 bytes in the first minute and 5000 in the second; of ``db`` 3000 in the first."""
    web = [[str(T0), "x" * 10], [str(T0 + MINUTE), "x" * 5000], [str(T0 + 2 * MINUTE), "beyond the end"]]
    assert api.push({"app": "web", "env": "prod"}, *web).status_code == 204
    assert api.push({"app": "db"}, [str(T0 + 1), "y" * 3000]).status_code == 204
    if request.param == "flushed":
        assert api.post("/flush").status_code == 204
    return api


def data(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.json()["status"] == "success"
    found: dict[str, Any] = answer.json()["data"]
    assert "summary" in found.pop("stats")
    return found


@pytest.mark.parametrize(
    ("query", "streams", "chunks", "size_bytes", "entries"),
    [('{app="web"}', 1, 1, 5010, 2), ('{app=~".+"}', 2, 1, 8010, 3), ('{app="nope"}', 0, 0, 0, 0)],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_statistics_count_everything_once(
    filled: Api, query: str, streams: int, chunks: int, size_bytes: int, entries: int, method: str
) -> None:
    answer = filled.request(method, STATS, params={"query": query, **WINDOW})
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    found = answer.json()
    assert found.pop("chunks") >= chunks
    assert found == {"streams": streams, "bytes": size_bytes, "entries": entries}


@pytest.mark.parametrize(
    ("parameters", "result"),
    [
        ({"query": '{app="web"}'}, [({"app": "web"}, "5010")]),
        (
            {"query": "{}"},
            [
                ({"app": "web", "env": "prod", "service_name": "web"}, "5010"),
                ({"app": "db", "service_name": "db"}, "3000"),
            ],
        ),
        ({"query": "{app=~`.+`}", "limit": "1"}, [({"app": "web"}, "5010")]),
        ({"query": "{app=~`.+`}", "limit": "0"}, [({"app": "web"}, "5010"), ({"app": "db"}, "3000")]),
        ({"query": "{}", "targetLabels": "env"}, [({"env": "prod"}, "5010")]),
        (
            {"query": "{}", "aggregateBy": "labels"},
            [({"app": ""}, "8010"), ({"service_name": ""}, "8010"), ({"env": ""}, "5010")],
        ),
        (
            {"query": "{}", "aggregateBy": "labels", "targetLabels": "env,app"},
            [({"app": ""}, "8010"), ({"env": ""}, "5010")],
        ),
        ({"query": '{app="nope"}'}, []),
    ],
)
def test_volumes(filled: Api, parameters: dict[str, str], result: list[tuple[dict[str, str], str]]) -> None:
    end_s = T0 // 10**9 + 120
    assert data(filled.get(VOLUME, params={**WINDOW, **parameters})) == {
        "resultType": "vector",
        "result": [{"metric": metric, "value": [end_s, size]} for metric, size in result],
    }


def test_volumes_over_time_are_named_by_the_last_millisecond_of_a_bucket(filled: Api) -> None:
    start_s = T0 // 10**9
    parameters = {**WINDOW, "query": "{app=~`.+`}", "step": "60"}
    assert data(filled.get(RANGE, params=parameters)) == {
        "resultType": "matrix",
        "result": [
            {"metric": {"app": "db"}, "values": [[start_s + 59.999, "3000"]]},
            {"metric": {"app": "web"}, "values": [[start_s + 59.999, "10"], [start_s + 120, "5000"]]},
        ],
    }


@pytest.mark.parametrize(("query", "result"), [('{app="db"}', 1), ('{app="nope"}', 0)])
def test_a_single_bucket_is_a_vector(filled: Api, query: str, result: int) -> None:
    found = data(filled.get(RANGE, params={**WINDOW, "query": query, "step": "1h"}))
    assert (found["resultType"], len(found["result"])) == ("vector", result)


@pytest.mark.parametrize(
    ("path", "parameters", "text"),
    [
        (STATS, {}, "parse error : syntax error: unexpected $end"),
        (STATS, {"query": "{}"}, EMPTY_COMPATIBLE),
        (STATS, {"query": '{app="web"} |= "x"'}, ONLY_MATCHERS),
        (STATS, {"query": 'rate({app="web"}[5m])'}, ONLY_MATCHERS),
        (STATS, {"query": '{app="a"}', "start": "2", "end": "1"}, "end timestamp must not be before or equal to"),
        (STATS, {"query": '{app="a"}', "start": "0", "end": "1795168800"}, "the query time range exceeds the limit"),
        (VOLUME, {}, "parse error : syntax error: unexpected $end"),
        (VOLUME, {"query": '{app="web"} | json'}, ONLY_MATCHERS),
        (VOLUME, {"query": "{}", "limit": "-1"}, "limit must be a positive value"),
        (VOLUME, {"query": "{}", "limit": "x"}, 'strconv.Atoi: parsing "x": invalid syntax'),
        (VOLUME, {"query": "{}", "aggregateBy": "app"}, "invalid aggregation option"),
        (RANGE, {"query": "{}", "step": "0"}, "zero or negative query resolution step widths are not accepted"),
        (RANGE, {"query": "{}", "step": "1ms"}, "exceeded maximum resolution of 11,000 points per time series"),
    ],
)
def test_bad_requests(api: Api, path: str, parameters: dict[str, str], text: str) -> None:
    answer = api.get(path, params=parameters)
    assert (answer.status_code, answer.text[: len(text)]) == (400, text)


@pytest.mark.parametrize("path", [STATS, VOLUME, RANGE])
def test_too_many_matchers_are_refused(tmp_path: Path, path: str) -> None:
    with Api(tmp_path, "limits_config.max_streams_matchers_per_query=2") as api:
        answer = api.get(path, params={"query": '{a="1", b="2", c="3"}'})
    text = "max streams matchers per query exceeded, matchers-count > limit (3 > 2)"
    assert (answer.status_code, answer.text) == (400, text)


@pytest.mark.parametrize("path", [VOLUME, RANGE])
def test_volumes_can_be_switched_off(tmp_path: Path, path: str) -> None:
    with Api(tmp_path, "limits_config.volume_enabled=false") as api:
        answer = api.get(path, params={"query": "{}"})
    assert (answer.status_code, answer.text) == (404, "not found")


@pytest.mark.parametrize("path", [STATS, VOLUME, RANGE])
def test_no_tenant_counts_the_lines_of_another(guarded_api: Api, path: str) -> None:
    line = [str(time.time_ns()), "x"]
    assert guarded_api.push({"app": "web"}, line, headers={"X-Scope-OrgID": "one"}).status_code == 204
    bodies = [
        guarded_api.get(path, params={"query": '{app="web"}'}, headers={"X-Scope-OrgID": tenant}).json()
        for tenant in ("one", "two")
    ]
    counts = [body["entries"] if path == STATS else len(body["data"]["result"]) for body in bodies]
    assert counts == [1, 0]
    answer = guarded_api.get(path, params={"query": '{app="web"}'})
    assert (answer.status_code, answer.text) == (401, "no org id\n")


@pytest.mark.parametrize(("age_s", "entries"), [(2 * 3600, 0), (60, 1)])
def test_the_lookback_limit_hides_what_is_older(tmp_path: Path, age_s: int, entries: int) -> None:
    with Api(tmp_path, "limits_config.max_query_lookback=1h") as api:
        now = time.time_ns()
        assert api.push({"app": "web"}, [str(now - age_s * 10**9), "x"]).status_code == 204
        asked = {"query": '{app="web"}', "start": str(now - 24 * 3600 * 10**9), "end": str(now + 10**9)}
        assert api.get(STATS, params=asked).json()["entries"] == entries
        assert len(data(api.get(VOLUME, params=asked))["result"]) == entries


@pytest.mark.parametrize("size", ["1", "1000", "1KB", "1.5MB", "600MiB", "1b", "2GB"])
def test_shards_are_one_with_the_statistics_of_all(filled: Api, size: str) -> None:
    window = {"query": '{app="web"}', "start": str(T0), "end": str(T0 + 2 * MINUTE)}
    answer = filled.get("/loki/api/v1/index/shards", params={**window, "targetBytesPerShard": size}).json()
    (shard,) = answer["shards"]
    assert shard["bounds"] == {"min": 0, "max": 2**64 - 1}
    assert shard["stats"] == filled.get(STATS, params=window).json()


@pytest.mark.parametrize("size", ["KB", "1XB", "1 KB", "-1KB", "1e3", "\u0663KB", "9" * 30 + "KB", "abc"])
def test_what_is_no_size_is_refused(api: Api, size: str) -> None:
    answer = api.get("/loki/api/v1/index/shards", params={"query": '{app="web"}', "targetBytesPerShard": size})
    assert (answer.status_code, answer.text) == (400, f'strconv.ParseInt: parsing "{size}": invalid syntax')


@pytest.mark.parametrize("size", ["", "0", "-5", "0KB"])
def test_shards_have_a_size(api: Api, size: str) -> None:
    answer = api.get("/loki/api/v1/index/shards", params={"query": '{app="web"}', "targetBytesPerShard": size})
    assert (answer.status_code, answer.text) == (400, "targetBytesPerShard must be a positive value")
